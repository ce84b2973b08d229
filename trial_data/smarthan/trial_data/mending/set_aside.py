"""The quarantined rows of a table as they stood in the file, so that a person can mend them."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from smarthan.tables import RULES, Rows
from smarthan.tables.findings import Problem, Problems
from smarthan.trial_data.rules.privacy import PERSONAL, holds_personal

WITHHELD = "(withheld)"
_HEADER_BYTES = 1 << 20  # a header is at most 100,000 characters long (smarthan.tables.reading)


@dataclass(frozen=True)
class SetAside:
    """Rows in quarantine.

    Attributes
    ----------
    file : str
        The file as the account names it.
    cells : DataFrame of str
        Index: the line of each row (in a workbook the sheet's row) as text, in the order of the file. Columns: those
        declared, then those of a flat upload. Cells as they stood; a record that could not be read is laid out under
        the file's header.
    damaged : frozenset of str
        Places of the records that could not be read.
    left_over : dict of str to str
        What stood after the last column of such a record.
    taken : frozenset of str
        Places of rows that a person decided to take as they stand.
    """

    file: str
    cells: pd.DataFrame
    damaged: frozenset[str] = frozenset()
    left_over: dict[str, str] | None = None
    taken: frozenset[str] = frozenset()

    def shown(self) -> SetAside:
        """Return the rows without personal text: such a cell says that it was withheld."""
        cells = self.cells.copy()
        for name in cells:
            words = cells[name]
            personal = holds_personal(words)
            if personal.any():
                cells[name] = words.mask(personal, WITHHELD)
        left = {place: WITHHELD if PERSONAL.search(text) else text for place, text in (self.left_over or {}).items()}
        return replace(self, cells=cells, left_over=left)


def gather_rows(rows: Rows, early: Problems, path: Path) -> SetAside:
    """Return the rows of a table that are in quarantine.

    Parameters
    ----------
    rows : Rows
        After the rules ran.
    early : Problems
        What the reader had found before them: whole records that could not be read are listed only there.
    path : Path
        The file, opened for its header when there are such records.

    Returns
    -------
    SetAside
    """
    cells = cells_out(rows)
    records = damaged_records(early)
    if not records:
        return SetAside(rows.source.file, cells)
    laid, left_over = _lay_out(rows, early, records, path)
    whole = pd.concat([cells, laid])
    return SetAside(rows.source.file, whole.iloc[order_of(list(whole.index))], frozenset(laid.index), left_over)


def cells_out(rows: Rows) -> pd.DataFrame:
    """Return the cells of the rows in quarantine, by place; records that could not be read are not among them."""
    out = np.flatnonzero(~rows.alive)
    cells = pd.DataFrame({name: _text_at(rows, name, out) for name in columns_of(rows)}, dtype="str")
    return cells.set_axis(pd.Index([str(place) for place in rows.line[out].tolist()], dtype="str"))


def columns_of(rows: Rows) -> list[str]:
    """Return the columns a person is shown: those declared, then those of a flat upload."""
    return [*rows.table.names, *map(str, rows.also.columns)]


def _text_at(rows: Rows, name: str, at: npt.NDArray[np.int64]) -> pd.Series:
    """Return some cells of a column as they stood in the file."""
    if name not in rows.table.by_name:
        return rows.also[name].iloc[at].reset_index(drop=True)
    coded = rows.text.coded(name)
    chosen = coded.words.iloc[at if coded.codes is None else coded.codes[at]]
    return chosen.reset_index(drop=True)


def damaged_records(early: Problems) -> list[Problem]:
    """Return the records that could not be read, one problem each."""
    return [p for batch in early.batches if RULES[batch.code].severity == "row" for p in Problems([batch])]


def order_of(places: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the order of places in their file."""
    return np.argsort(np.array([int(place) for place in places], dtype=np.int64), kind="stable")


def _lay_out(rows: Rows, early: Problems, records: list[Problem], path: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return records that could not be read as rows of cells, and what stood after their last column."""
    columns = columns_of(rows)
    private = any(batch.code == "personal_column" for batch in early.batches)
    header = [] if private or not rows.source.format.startswith("csv") else _read_header(path, rows.source.encoding)
    laid, left_over = {}, {}
    for record in records:
        found = next(csv.reader([record.original.replace("\0", "")], strict=False), []) if header else []
        cells = dict(zip(header, found, strict=False))
        laid[str(record.line)] = [cells.get(name, "") for name in columns]
        if len(found) > len(header):
            left_over[str(record.line)] = ",".join(found[len(header) :])
    frame = pd.DataFrame.from_dict(laid, orient="index", columns=columns, dtype="str")
    return frame.set_axis(pd.Index(list(laid), dtype="str")), left_over


def _read_header(path: Path, encoding: str) -> list[str]:
    """Return the header of a CSV file as it is read: trimmed, case-folded."""
    with open(path, "rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    with gzip.open(path) if packed else open(path, "rb") as stream:
        text = stream.read(_HEADER_BYTES).decode("utf-16" if "16" in encoding else "utf-8-sig", errors="replace")
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
    if len(lines) > 1 and re.fullmatch(r'"?sep=."?', lines[0].strip()):
        lines = lines[1:]
    return [name.strip().casefold() for name in next(csv.reader(lines[:1]), [])]


def as_arrow(column: pd.Series) -> pa.ChunkedArray:
    """Return text as Arrow text."""
    return pa.chunked_array([pa.array(column, pa.large_string())])
