"""The quarantine as files that a person can mend: one CSV a table, its rows as they stood in the delivery."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.files import escape_formulas, write_whole
from smarthan.personal import refuse_personal

if TYPE_CHECKING:
    from smarthan.trial_data.trial import Trial

    from .set_aside import SetAside

PLACE = ("file", "line")
ABOUT = ("decision", "codes", "what_is_wrong", "suggestion")
LEADING = (*PLACE, *ABOUT)
STAMP = "delivery.json"
# Text that a spreadsheet would run, and text that reads as if it had been escaped already (CWE-1236).
_RUNS = re.compile(r"^'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_ESCAPED = re.compile(r"^'('*[=+\-@\t\r])")


def write_quarantine(trial: Trial, folder: str | os.PathLike[str]) -> list[Path]:
    """Write the rows in quarantine as CSV files that can be mended by hand and read again.

    Parameters
    ----------
    trial : Trial
        As read.
    folder : path
        A new or empty folder; its parent must exist.

    Returns
    -------
    list of Path
        One `<table>.csv` for each table with a row in quarantine, in the order of the tables; empty when there is
        none (and then no folder is made).

    Raises
    ------
    ValueError
        When the folder holds something already: somebody's mending may stand there.
    OSError
        When the folder cannot be written to.

    Notes
    -----
    Before the row's own columns stand `file` and `line` (its place, in a workbook the sheet and its row; never to be
    changed), `decision`, `codes`, `what_is_wrong` and `suggestion`. A row whose cells were changed is taken as mended.
    The decision `drop` leaves a row out for good; `take` says that a row is right as it stands: a record that could
    not be read as it is laid out here, a workbook's cell whatever kind it was of.

    Cells are the text of the file, but: a cell that a spreadsheet would run gets an apostrophe in front, taken off
    when the file is read again; a cell with personal text says `(withheld)` and, left so, stands for what it
    withholds. `delivery.json` holds the hashes of the files the rows came from. From a trial that was read with
    mended rows, those rows are written too, as they were handed back: the new folder takes the place of the old one.

    Examples
    --------
    >>> import tempfile
    >>> from smarthan.trial_data import sample_trial
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     files = write_quarantine(sample_trial(), Path(parent) / "mend")
    ...     files[0].name, files[0].read_text().split(",")[:6]
    ('dwellings.csv', ['file', 'line', 'decision', 'codes', 'what_is_wrong', 'suggestion'])
    """
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ValueError(f"{target}: holds something already; give a new folder, so that no mending is written over")
    filled = {table: aside for table, aside in trial.set_aside.items() if len(aside.cells)}
    if not filled:
        return []
    target.mkdir(exist_ok=True)
    said = _say_by_place(trial.quarantine)
    written = []
    for table, aside in filled.items():
        path = target / f"{table}.csv"
        _write(path, _lay_table(table, aside, said))
        written.append(path)
    first = trial.ledger[trial.ledger["pass"].eq(1)].set_index("table")
    stamp = {table: {"file": aside.file, "sha256": first.loc[table, "sha256"]} for table, aside in filled.items()}
    with write_whole(target / STAMP, "w") as stream:
        stream.write(json.dumps(stamp, indent=2, ensure_ascii=False) + "\n")
    return written


def _say_by_place(quarantine: pd.DataFrame) -> dict[tuple[str, str], dict[str, str]]:
    """Return codes, messages and suggestions of each row, by table and place."""
    shown = {"codes": "code", "what_is_wrong": "message", "suggestion": "suggestion"}
    texts = {name: quarantine[column].astype("str") for name, column in shown.items()}
    table, line = quarantine["table"].astype("str"), quarantine["line"].astype("str").str.extract("([0-9]+)$")[0]
    frame = pd.DataFrame({"table": table, "line": line, **texts})
    groups = frame.groupby(["table", "line"], sort=False, observed=True, dropna=False)
    joined = groups.agg(lambda words: "; ".join(word for word in dict.fromkeys(words) if word))
    return {(str(k[0]), str(k[1])): v for k, v in zip(joined.index, joined.to_dict("records"), strict=True)}


def _lay_table(table: str, aside: SetAside, said: dict[tuple[str, str], dict[str, str]]) -> pd.DataFrame:
    places = list(aside.cells.index)
    mended = {"codes": "", "what_is_wrong": "accepted as mended", "suggestion": ""}
    about = [said.get((table, place), mended) for place in places]
    leading = {
        "file": [aside.file] * len(places),
        "line": places,
        "decision": [_decide(aside, place, row["codes"]) for row, place in zip(about, places, strict=True)],
        "codes": [row["codes"] for row in about],
        "what_is_wrong": [
            row["what_is_wrong"] + _say_left_over(aside, place) for row, place in zip(about, places, strict=True)
        ],
        "suggestion": [row["suggestion"] for row in about],
    }
    cells = aside.cells.reset_index(drop=True).map(escape)
    return pd.concat([escape_formulas(pd.DataFrame(leading, dtype="str")), cells], axis=1)


def _decide(aside: SetAside, place: str, codes: str) -> str:
    if "row_dropped" in codes.split("; "):
        return "drop"
    return "take" if place in aside.taken else ""


def _say_left_over(aside: SetAside, place: str) -> str:
    text = (aside.left_over or {}).get(place)
    return f"; left over after the last column: '{text}'" if text else ""


def _write(path: Path, frame: pd.DataFrame) -> None:
    refuse_personal(frame, to=path)
    with write_whole(path, "wb") as stream:
        stream.write(frame.to_csv(index=False, lineterminator="\n").encode("utf-8", errors="replace"))


def escape(cell: str) -> str:
    """Return a cell that no spreadsheet runs; numbers stay as they are.

    Examples
    --------
    >>> [escape(cell) for cell in ("=1+1", "-91.5", "'=1", "plain")]
    ["'=1+1", '-91.5', "''=1", 'plain']
    """
    return "'" + cell if _RUNS.match(cell) and not _NUMBER.fullmatch(cell) else cell


def unescape(cell: str) -> str:
    """Return the cell that `escape` was given.

    Examples
    --------
    >>> [unescape(escape(cell)) for cell in ("=1+1", "-91.5", "'=1", "plain")]
    ['=1+1', '-91.5', "'=1", 'plain']
    """
    return _ESCAPED.sub(r"\1", cell)
