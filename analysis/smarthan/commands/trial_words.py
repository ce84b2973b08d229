"""The account of a trial in words: what came, what is wrong with it, what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from smarthan.trial_data import Trial

SHOWN = 20  # rule codes of one kind on a terminal; all stand in the --rejects file
_COLUMNS = ("read", "accepted", "quarantined", "emptied", "flagged", "repaired")
_HEADINGS = (
    ("row", "Quarantined rows, by what is wrong (a row may break several rules)"),
    ("null", "Cells emptied: the value cannot be, the row stays"),
    ("flag", "Flags: kept as they are, to be looked at"),
    ("repair", "Repairs and mended cells"),
)


def describe_trial(
    path: Path, trial: Trial, *, rejects: Path | None, mended: Path | None, files: Sequence[Path]
) -> str:
    """Return the account of a trial for a person.

    Parameters
    ----------
    path : Path
        The delivery as it was named.
    trial : Trial
        As read.
    rejects, mended : Path, optional
        Files and folders of this run.
    files : sequence of Path
        The files written for mending.

    Returns
    -------
    str
    """
    total = trial.summary().iloc[-1]
    lines = [
        f"{path}: {total['read']:,} rows read = {total['accepted']:,} accepted + {total['quarantined']:,} quarantined",
        *(
            ["The trial says that it is SYNTHETIC: no building, dwelling or person in it exists."]
            if trial.synthetic
            else []
        ),
        "",
        *_table_lines(trial.summary()),
        *(_mended_lines(trial) if mended else []),
        *_finding_lines(trial),
        "",
        *_next_lines(path, trial, int(total["quarantined"]), rejects=rejects, mended=mended, files=files),
    ]
    return "\n".join(lines)


def _table_lines(summary: pd.DataFrame) -> Iterator[str]:
    yield "table         " + "".join(f"{name:>12}" for name in _COLUMNS)
    for row in summary.itertuples(index=False):
        counts = (row.read, row.accepted, row.quarantined, row.nulled_cells, row.flagged_rows, row.repaired_cells)
        yield f"{row.table:<14}" + "".join(f"{count:>12,}" for count in counts)


def _mended_lines(trial: Trial) -> Iterator[str]:
    """Yield what the second pass did; read = accepted + quarantined in it too."""
    second = trial.ledger[trial.ledger["pass"].eq(2)]
    read, accepted, aside, returned, lost = (
        int(second[name].sum()) for name in ("read", "accepted", "quarantined", "returned", "lost")
    )
    yield ""
    yield f"Handed back: {read:,} rows read = {accepted:,} now accepted + {aside:,} still quarantined"
    yield f"  {returned:,} further rows came back with them, because what they refer to was mended"
    if lost:
        yield f"  {lost:,} rows accepted before are in quarantine now: a mended row contradicts them"


def _finding_lines(trial: Trial) -> Iterator[str]:
    found = trial.findings()
    for severity, heading in _HEADINGS:
        of_kind = found[found["severity"].eq(severity)]
        if of_kind.empty:
            continue
        yield from ("", heading)
        problems = trial.quarantine if severity == "row" else trial.notes
        for code, group in list(of_kind.groupby("code", sort=False, observed=True))[:SHOWN]:
            yield f"  {code}: {int(group['lines'].sum()):,} x {group['about'].iloc[0]}"
            yield f"      {_example(problems, str(code))}"
        if of_kind["code"].nunique() > SHOWN:
            yield f"  ... and {of_kind['code'].nunique() - SHOWN} further codes"


def _example(problems: pd.DataFrame, code: str) -> str:
    row: Any = next(problems[problems["code"].eq(code)].head(1).itertuples())
    if not row.line:
        place = row.file
    elif isinstance(row.line, str):
        place = f"{row.file.split('!')[0]}: {row.line}"
    else:
        place = f"{row.file}: line {row.line}"
    column = f", column {row.column}" if row.column else ""
    hint = f"; nearest: {row.suggestion}" if row.suggestion else ""
    return f"such as {place}{column}: {row.message}{hint}"


def _next_lines(
    path: Path, trial: Trial, aside: int, *, rejects: Path | None, mended: Path | None, files: Sequence[Path]
) -> Iterator[str]:
    yield "What to do next"
    if rejects:
        yield f"  The whole quarantine, a line a breach, stands in {rejects}."
    if not aside:
        yield "  Nothing is in quarantine. The trial can be used" + (
            "; look at its flags first." if trial.notes["severity"].eq("flag").any() else "."
        )
        return
    check = f"smarthan check trial {shlex.quote(str(path))}"
    if files:
        folder = shlex.quote(str(files[0].parent))
        yield f"  In {folder} edit the cells of {', '.join(file.name for file in files)};"
        yield "  leave the columns file and line as they are; write drop under decision to leave a row out;"
        yield f"  then: {check} --mended {folder}"
        return
    if mended:
        yield f"  Go on mending in {mended}, or write out what is left: add --quarantine NEW_FOLDER"
    else:
        yield f"  Mend by hand: {check} --quarantine to_mend, edit the files in to_mend,"
        yield f"  then: {check} --mended to_mend"
    if not rejects:
        yield "  See all of it: add --rejects FILE.csv (a line a breach), or --format json"
    yield "  What each column may hold and each code means: docs/trial-dictionary.md"
