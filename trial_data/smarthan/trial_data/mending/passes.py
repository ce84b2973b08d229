"""The rules run over a delivery once; and again when rows of it were mended by hand."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from smarthan.tables import RULES, Rows, TableRead
from smarthan.tables.cells import Cells
from smarthan.tables.findings import Problem, Problems
from smarthan.trial_data.trial import TrialRefused

from .handed_back import HandedBack, read_handed_back
from .odd_cells import find_odd_cells, reject_odd_cells
from .set_aside import SetAside, as_arrow, cells_out, columns_of, damaged_records, gather_rows, order_of

Apply = Callable[[dict[str, Rows]], None]


@dataclass(frozen=True)
class Judged:
    """A delivery after the rules.

    Attributes
    ----------
    finished : dict of str to TableRead
        Each table, as the last pass left it.
    ledger : DataFrame
        One line a table and pass.
    set_aside : dict of str to SetAside
        What a person may mend; personal text withheld.
    """

    finished: dict[str, TableRead]
    ledger: pd.DataFrame
    set_aside: dict[str, SetAside]


def judge(
    rows: dict[str, Rows], apply: Apply, name_of: Callable[[str], str], mended: str | os.PathLike[str] | None
) -> Judged:
    """Run the rules, and once more with the mended rows in the place of the faulty ones.

    Parameters
    ----------
    rows : dict of str to Rows
        The working rows of the delivery.
    apply : function
        Runs every rule over the rows of all tables.
    name_of : function
        Returns the path of a file that the account names.
    mended : path or None
        The folder that a person hands back.

    Returns
    -------
    Judged

    Raises
    ------
    TrialRefused
        When something that was handed back cannot be used; all reasons are told at once.
    """
    early = {name: table.problems for name, table in rows.items()}
    odd = {name: find_odd_cells(table) for name, table in rows.items()} if mended is not None else {}
    apply(rows)
    first = {name: table.finish() for name, table in rows.items()}
    asides = {name: gather_rows(table, early[name], Path(name_of(table.source.file))) for name, table in rows.items()}
    told = _first_lines(first)
    if mended is None:
        return Judged(first, told, {name: aside.shown() for name, aside in asides.items()})
    handed = _read_mended(Path(mended), rows, asides, told)
    again = {n: _reopen(table, early[n], asides[n], handed.get(n, HandedBack())) for n, table in rows.items()}
    for name, table in again.items():
        reject_odd_cells(table, odd[name], set(handed[name].mended) | handed[name].dropped if name in handed else set())
    found = {name: table.problems for name, table in again.items()}
    apply(again)
    second = {name: table.finish() for name, table in again.items()}
    left = {n: _gather_again(table, found[n], asides[n], handed.get(n, HandedBack())) for n, table in again.items()}
    lines = [
        _second_line(second[n], handed.get(n, HandedBack()), set(asides[n].cells.index), _still_out(again[n], found[n]))
        for n in again
    ]
    ledger = pd.concat([told, pd.DataFrame(lines)[told.columns]], ignore_index=True)
    return Judged(second, ledger, {name: aside.shown() for name, aside in left.items()})


def _first_lines(finished: Mapping[str, TableRead]) -> pd.DataFrame:
    ledger = pd.concat([read.ledger for read in finished.values()], ignore_index=True)
    ledger.insert(1, "pass", 1)
    return ledger.assign(returned=0, lost=0)


def _read_mended(
    folder: Path, rows: dict[str, Rows], asides: dict[str, SetAside], told: pd.DataFrame
) -> dict[str, HandedBack]:
    accepted = {name: set(map(str, table.line[table.alive].tolist())) for name, table in rows.items()}
    hashes = dict(zip(told["table"], told["sha256"], strict=True))
    handed, problems = read_handed_back(folder, asides, accepted, hashes)
    if problems:
        raise TrialRefused(folder, problems)
    return handed


def _reopen(rows: Rows, early: Problems, aside: SetAside, handed: HandedBack) -> Rows:
    """Return fresh working rows with the mended rows in their places and the dropped ones out."""
    mended, gone = handed.mended, handed.dropped
    if not mended and not gone:
        also = {str(name): rows.also[name] for name in rows.also}
        return _as_before(rows, rows.text.having(also), rows.line, early)
    cells, line = _put_in_place(rows, aside, mended, gone)
    unread = [p for p in damaged_records(early) if str(p.line) not in mended and str(p.line) not in gone]
    others = Problems(batch for batch in early.batches if RULES[batch.code].severity != "row")
    told = [*_say_mended(aside, mended), *_say_dropped(aside, gone)]
    return _as_before(rows, cells, line, others + unread + told)


def _as_before(rows: Rows, cells: Cells, line: np.ndarray, problems: Sequence[Problem]) -> Rows:
    again = Rows.from_text(rows.table, rows.source, cells, line, problems)
    again.places = rows.places
    return again


def _put_in_place(
    rows: Rows, aside: SetAside, mended: Mapping[str, Mapping[str, str]], gone: frozenset[str]
) -> tuple[Cells, np.ndarray]:
    out = np.flatnonzero(~rows.alive)
    at = {str(place): int(n) for place, n in zip(rows.line[out].tolist(), out.tolist(), strict=True)}
    changed = [place for place in mended if place in at]
    new = [place for place in mended if place not in at]
    keep = np.ones(len(rows.alive), dtype=np.bool_)
    keep[[at[place] for place in gone if place in at]] = False
    line = np.concatenate([rows.line[keep], np.array(list(map(int, new)), dtype=np.int64)])
    order = np.argsort(line, kind="stable") if new else None
    columns = {}
    for name in columns_of(rows):
        column = (rows.text[name] if name in rows.table.by_name else rows.also[name]).reset_index(drop=True)
        column.iloc[[at[place] for place in changed]] = [mended[place][name] for place in changed]
        column = pd.concat([column[keep], pd.Series([mended[place][name] for place in new], dtype="str")])
        columns[name] = as_arrow(column if order is None else column.iloc[order])
    return Cells.from_arrow(columns, len(line)), line if order is None else line[order]


def _say_mended(aside: SetAside, mended: Mapping[str, Mapping[str, str]]) -> list[Problem]:
    """Return a note for each cell that a person changed, with what stood there."""
    notes = []
    for place, cells in mended.items():
        before = aside.cells.loc[place]
        line = int(place) if place.isdigit() else place
        if place in aside.damaged:
            notes.append(
                Problem("cell_mended", line, "", "", "the record could not be read; its row was mended by hand")
            )
            continue
        for name, cell in cells.items():
            if cell != before[name]:
                notes.append(Problem("cell_mended", line, name, before[name], "was mended by hand"))
    return notes


def _say_dropped(aside: SetAside, gone: frozenset[str]) -> list[Problem]:
    """Return each row that a person left out as a record set aside; rules on its children look into the original."""
    told = []
    for place in aside.cells.index[aside.cells.index.isin(gone)]:
        record = io.StringIO()
        csv.writer(record, lineterminator="").writerow(aside.cells.loc[place])
        told.append(Problem("row_dropped", int(place), "", record.getvalue(), "was left out by hand"))
    return told


def _still_out(rows: Rows, early: Problems) -> set[str]:
    """Return the places of a table's rows that are in quarantine."""
    whole = set(map(str, rows.line[~rows.alive].tolist()))
    return whole | {str(problem.line) for problem in damaged_records(early)}


def _gather_again(rows: Rows, early: Problems, before: SetAside, handed: HandedBack) -> SetAside:
    """Return what a further mending would start from: rows still out, rows dropped, and rows as they were mended."""
    cells = cells_out(rows)
    mended = {place: row for place, row in handed.mended.items() if place not in cells.index}
    records = {str(p.line) for p in damaged_records(early)}
    parts = [
        cells,
        before.cells[before.cells.index.isin(records | handed.dropped)],
        pd.DataFrame.from_dict(mended, orient="index", columns=list(cells.columns), dtype="str"),
    ]
    whole = pd.concat([part for part in parts if len(part)]) if any(map(len, parts)) else cells
    whole = whole.iloc[order_of(list(map(str, whole.index)))]
    return replace(before, cells=whole, damaged=before.damaged - frozenset(handed.mended), taken=handed.taken)


def _second_line(read: TableRead, handed: HandedBack, before: set[str], after: set[str]) -> dict[str, object]:
    """Return the ledger's line of the second pass."""
    line = read.ledger.iloc[0].to_dict()
    line |= {
        "pass": 2,
        "file": handed.file,
        "sha256": handed.sha256,
        "bytes": handed.size,
        "read": len(handed.places),
        "independent_count": handed.records,
        "accepted": len(handed.places - after),
        "quarantined": len(handed.places & after),
        "dropped_columns": 0,
        "returned": len(before - after - handed.places),
        "lost": len(after - before),
    }
    return line
