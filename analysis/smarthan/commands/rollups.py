"""`smarthan coverage rollup`: premises-weighted shares of each state, by area or another key."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from smarthan.commands.checks import records
from smarthan.commands.opened import check_target, open_release
from smarthan.commands.outcome import Outcome
from smarthan.coverage.index.location_keys import BY_REFERENCE
from smarthan.files import escape_formulas, write_csv
from smarthan.personal import refuse_personal

if TYPE_CHECKING:
    import pandas as pd

_UNPLACED = "locations that today's postcode reference does not place, such as withdrawn postcodes; counted above"
SHOWN = 40  # rows on a terminal; --out, csv and json have all


def roll_release_up(
    by: str,
    *,
    matrix: str | os.PathLike[str] | None = None,
    as_of: dt.date | None = None,
    out: Path | None = None,
    form: str = "text",
    say: Callable[[str], None] = lambda words: None,
) -> Outcome:
    """Roll a release up.

    Parameters
    ----------
    by : str
        One of the keys of `roll_up`, or several with commas between.
    matrix : path, optional
        A release folder, file or store; None asks the matrix that a bare look-up asks.
    as_of : date, optional
        The day asked, which also picks the release of a store; None asks the current release about today.
    out : Path, optional
        A CSV file for the table.
    form : str
        csv gives the table itself as text.
    say : callable
        Is told beforehand what takes long.

    Returns
    -------
    Outcome
        Code 1 when rows of a file stand in quarantine.

    Raises
    ------
    Refused
        When the file cannot be written.
    ValueError
        When `by` is not known or the release cannot be opened.
    """
    check_target(out, inputs=[matrix] if matrix else [])
    opened = open_release(matrix, as_of=as_of, say=say)
    day = as_of or dt.date.today()
    names = [name.strip() for name in by.split(",")]
    table = opened.matrix.rollup(names, as_of=day)
    release = opened.matrix.release
    document = {
        "release_id": release.release_id,
        "as_of": release.as_of.isoformat() if release.as_of else None,
        "asked_on": day.isoformat(),
        "synthetic": release.synthetic,
        "by": names,
        "counted": table.attrs["counted"],
        "rows": records(table),
    }
    labelled = table.assign(
        release_id=release.release_id, as_of=document["as_of"], asked_on=day.isoformat(), synthetic=release.synthetic
    )
    refuse_personal(labelled)
    text = escape_formulas(labelled).to_csv(index=False, lineterminator="\n").rstrip("\n")
    if form != "csv":
        lines = _describe(table, names, document)
        if table["excluded"].any():
            lines.append(_say_left_out(table, opened.matrix.rollup("csp_region", as_of=day)))
        text = "\n".join(lines)
    if out is not None:
        write_csv(labelled, out)
        document["out"] = str(out)
        text = text if form == "csv" else f"{text}\n{len(table):,} rows -> {out}"
    return Outcome(text, document, opened.notes, opened.code)


def _describe(table: pd.DataFrame, names: list[str], document: dict[str, object]) -> list[str]:
    made_up = ", SYNTHETIC" if document["synthetic"] else ""
    basis = table["basis"].iloc[0] if len(table) else "premises"
    head = f"release {document['release_id']} as of {document['as_of'] or 'an unknown day'}{made_up}; "
    lines = [f"{head}asked on {document['asked_on']}; {document['counted']}; weight: {basis}"]
    keys = table[names].agg(" · ".join, axis=1) if len(table) else table.get(names[0])
    wide = max(map(len, [*(keys if keys is not None else ()), ", ".join(names)]), default=8)
    heads = ("locations", basis, "covered", "planned", "overdue", "not conf.", "error")
    lines.append(f"{', '.join(names):<{wide}}{''.join(f'{word:>13}' for word in heads)}{'share':>9}  bounds")
    for key, row in zip(keys.head(SHOWN) if keys is not None else (), table.itertuples(), strict=False):
        counts = (row.locations, row.weight, row.covered, row.planned, row.overdue, row.not_confirmed, row.error)
        bounds = f"  {row.share_lower:.2%} to {row.share_upper:.2%}"
        share = f"{row.share_covered:>9.2%}{bounds}" if row.weight else f"{'-':>9}"
        lines.append(f"{key:<{wide}}{''.join(f'{number:>13,.0f}' for number in counts)}{share}")
    rest = len(table) - SHOWN
    unplaced = table[[name for name in names if name in BY_REFERENCE]].eq("not known").any(axis=None)
    return [
        *lines,
        *([f"... and {rest:,} more; --out FILE.csv or --format csv gives all"] if rest > 0 else []),
        *([f"not known: {_UNPLACED}"] if unplaced else []),
    ]


def _say_left_out(table: pd.DataFrame, by_csp_region: pd.DataFrame) -> str:
    """Say which locations stand in no number, in words that no row of the table bears."""
    held = by_csp_region[by_csp_region["excluded"].gt(0)]
    named = " and ".join(f"{row.csp_region} ({row.excluded:,})" for row in held.itertuples())
    return f"{table['excluded'].sum():,} locations are in no number above: all their rows are of CSP region {named}"
