"""The account of every row: read = accepted + quarantined, each quarantined row with its place and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.tables.cells import Cells, Coded, own
from smarthan.tables.converting import convert_coded
from smarthan.tables.fields import Table
from smarthan.tables.findings import Batch, Places, Problem, Problems, Room, clip_all, fill_message, tabulate, withhold
from smarthan.tables.problems import ECHO_IN_FILE, ECHO_IN_MESSAGE, RULES

LEDGER_COLUMNS = [
    *("table", "file", "sha256", "bytes", "format", "encoding", "read", "independent_count", "accepted"),
    *("quarantined", "nulled_cells", "flagged_rows", "repaired_cells", "dropped_columns", "codes"),
]

LISTED = 2_000_000  # breaches in a quarantine; beyond them each row is listed under its first one only (ours)

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Source:
    """The file that rows came from.

    `records` was counted on the bytes (or the footer, or the sheet's XML), `parsed` by the parser: the two counts of
    the account are independent.
    """

    file: str
    sha256: str
    size: int
    format: str
    encoding: str
    records: int
    parsed: int
    dropped_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableRead:
    """A table that was read, with its account.

    Attributes
    ----------
    frame : DataFrame
        The accepted rows, typed as declared.
    quarantine : DataFrame
        One line a breach of severity `row`: table, file, line, key, column, code, severity, original, message,
        suggestion. A row that breaks five rules has five lines and counts once. All but `line` are categories, for
        a faulty file may break a rule in millions of rows. Once two million breaches are listed, a row that stands in
        the list already is not listed again: the note `file_many_faults` says how many breaches only the ledger
        counts.
    notes : DataFrame
        The same columns for severities `null`, `flag` and `repair`.
    ledger : DataFrame
        One line: what was read, accepted, quarantined, nulled, flagged, repaired, with counts per code.
    """

    frame: pd.DataFrame
    quarantine: pd.DataFrame
    notes: pd.DataFrame
    ledger: pd.DataFrame


def empty_ledger() -> pd.DataFrame:
    """Return a ledger with no line.

    Returns
    -------
    DataFrame
        The columns of `TableRead.ledger`.
    """
    return pd.DataFrame({name: pd.Series([], dtype="str") for name in LEDGER_COLUMNS})


@dataclass
class Rows:
    """The rows of one file while rules are applied to them.

    A room's rules call `reject`, `empty`, `flag` and `repair` with a mask over all rows; `finish` closes the account.

    Attributes
    ----------
    table : Table
        The declaration.
    frame : DataFrame
        Typed columns, all rows, index 0..n-1. A cell that could not be typed is missing.
    text : Cells
        The cells as they stood in the file, '' where empty; reads like a mapping of column names to text columns.
    line : array
        Physical line (or row of the sheet) of each row.
    also : DataFrame
        Undeclared columns that the reader was asked to keep as text; they are no part of the table.
    alive : bool array
        False for rows already in quarantine.
    places : Places, optional
        Of a sheet: what names its cells in the account, `line` being its row numbers.
    room : Room
        How many breaches may be listed, beyond each row's first.
    """

    table: Table
    source: Source
    frame: pd.DataFrame
    text: Cells
    line: npt.NDArray[np.generic]
    problems: Problems = field(default_factory=Problems)
    also: pd.DataFrame = field(default_factory=pd.DataFrame)
    alive: Mask = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    places: Places | None = None
    room: Room = field(default_factory=lambda: Room(LISTED))
    _batches: list[Batch] = field(default_factory=list)
    _flagged: list[npt.NDArray[np.int64]] = field(default_factory=list)
    _untold: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def from_text(
        cls,
        table: Table,
        source: Source,
        text: pd.DataFrame | Cells,
        line: npt.NDArray[np.generic],
        problems: Sequence[Problem] = (),
        *,
        room: Room | None = None,
        typed: bool = True,
    ) -> Rows:
        """Type the cells of a text table, applying each field's own rules.

        Parameters
        ----------
        table : Table
            The declaration; a declared column absent from `text` becomes all missing.
        source : Source
            The file.
        text : DataFrame or Cells
            Text cells, '' where empty, columns by declared name.
        line : array
            Place of each row.
        problems : sequence of Problem
            What the reader already found (whole records it set aside, header notes).
        room : Room, optional
            How many breaches may be listed; two million when not given.
        typed : bool
            False leaves the cells as text: no field's rule is applied, and `frame` has no column.

        Returns
        -------
        Rows
        """
        cells = text if isinstance(text, Cells) else Cells.from_frame(text)
        index = pd.RangeIndex(cells.count)
        also = pd.DataFrame({name: cells[name] for name in cells if name not in table.by_name}, index=index)
        rows = cls(
            table, source, pd.DataFrame(index=index), cells.choose(table.names), line, Problems.of(problems), also
        )
        rows.room = room or rows.room
        rows.room.take(sum(len(batch) for batch in rows.problems.batches if batch.severity == "row"))
        rows.alive = np.ones(cells.count, dtype=np.bool_)
        columns = {}
        for declared in table.fields if typed else ():
            columns[declared.name], found = convert_coded(declared, rows.text.coded(declared.name))
            for breach in found:
                rows._record(breach.mask, breach.code, declared.name, breach.message, breach.severity, breach.suggest)
        rows.frame = pd.DataFrame(columns, index=index, copy=False)
        return rows

    def reject(self, mask: Mask | pd.Series, code: str, column: str, message: str, suggestion: str = "") -> None:
        """Quarantine the masked rows under a rule; `{value}` in the message stands for the original cell."""
        self._record(mask, code, column, message, "row", suggestion)

    def empty(self, mask: Mask | pd.Series, code: str, column: str, message: str) -> None:
        """Empty the masked cells, keep their rows, and note the original text."""
        emptied = np.asarray(mask, dtype=np.bool_)
        if emptied.any():
            self._record(emptied, code, column, message, "null")
            self.frame[column] = self.frame[column].mask(emptied)

    def flag(self, mask: Mask | pd.Series, code: str, column: str, message: str) -> None:
        """Note the masked rows and keep them as they are."""
        self._record(mask, code, column, message, "flag")

    def repair(self, mask: Mask | pd.Series, code: str, column: str, message: str) -> None:
        """Note cells whose spelling was put right."""
        self._record(mask, code, column, message, "repair")

    def note(self, code: str, message: str) -> None:
        """Note something about the file as a whole."""
        self.problems += [Problem(code, 0, "", "", message)]

    def broken_rows(self) -> dict[tuple[str, str], int]:
        """Return how many rows break each rule in each column so far, by (code, column)."""
        count = self._untold.copy()
        for batch in (*self.problems.batches, *self._batches):
            if batch.severity == "row":
                count[batch.code, batch.column] += len(batch)
        return dict(count)

    def reject_duplicates(self, key: Sequence[str] | None = None, shown: str = "") -> None:
        """Quarantine repeated keys: all but the first of equal rows, and every row of a key whose rows disagree."""
        names = list(key or self.table.key)
        usable = self.alive & self.frame[names].notna().all(axis=1).to_numpy()
        live = np.flatnonzero(usable)
        number = number_groups(self.frame if len(live) == len(usable) else self.frame[names].iloc[live], names)
        twice = pd.Series(number).duplicated(keep=False).to_numpy()
        if not twice.any():
            return
        repeated, number = live[twice], number[twice]
        first = ~self.frame.iloc[repeated].duplicated().to_numpy()
        several = pd.Series(number[first]).duplicated(keep=False).to_numpy()
        conflicting = np.isin(number, number[first][several])
        equal = ~first & ~conflicting
        shown = shown or " + ".join(names)
        column = self.table.key[0] if shown and names[0] not in self.text else names[0]
        self._record_at(repeated[conflicting], "duplicate_conflict", column, f"rows with one {shown} disagree")
        self._record_at(repeated[equal], "duplicate", column, "the row repeats an earlier row exactly")

    def finish(self) -> TableRead:
        """Close the account and return the accepted rows with it.

        Raises
        ------
        AssertionError
            When the counts do not add up: a fault of this program, never of the data.
        """
        accepted = int(self.alive.sum())
        if untold := self._untold.total():
            self.note("file_many_faults", f"{untold:,} further faults of rows in quarantine are counted, not listed")
        early = self._early()
        quarantined = sum(len(b) for b in early if b.severity == "row") + len(self.alive) - accepted
        if self.source.parsed != accepted + quarantined or self.source.records != self.source.parsed:
            raise AssertionError(f"{self.source.file}: {self.source.records} records, {accepted} + {quarantined}")
        everything = [*early, *self._batches]
        of_rows = [batch for batch in everything if batch.severity == "row"]
        others = [batch for batch in everything if batch.severity != "row"]
        name, file = self.table.name, self.source.file
        return TableRead(
            frame=own(self.frame if accepted == len(self.frame) else self.frame[self.alive].reset_index(drop=True)),
            quarantine=tabulate(of_rows, name, file, self.places),
            notes=tabulate(others, name, file, self.places),
            ledger=self._ledger(everything, accepted, quarantined),
        )

    def _record(
        self, mask: Mask | pd.Series, code: str, column: str, message: str, severity: str, suggestion: str = ""
    ) -> None:
        self._record_at(np.flatnonzero(np.asarray(mask, dtype=np.bool_)), code, column, message, severity, suggestion)

    def _record_at(
        self,
        at: npt.NDArray[np.int64],
        code: str,
        column: str,
        message: str,
        severity: str = "row",
        suggestion: str = "",
    ) -> None:
        if code not in RULES:
            raise KeyError(f"rule code '{code}' is not in the table of rules; register it first")
        if severity == "row":
            at = self._choose_listed(at, code, column)
        if not len(at):
            return
        cells = self.text.coded(column) if column in self.text else None
        if code == "personal_text" or (column in self.table.by_name and self.table.by_name[column].personal):
            cells, message = None, message.replace("{value}", "(withheld)")
        if cells is None:
            message = message.replace("{value}", "")
        original = "" if cells is None else cells.shown(at, ECHO_IN_FILE)
        shown = original if cells is None or "{value}" not in message else cells.shown(at, ECHO_IN_MESSAGE)
        filled, key = fill_message(message, shown), self._keys(at)
        self._batches.append(Batch(code, column, severity, self.line[at], original, filled, suggestion, key))
        if severity == "row":
            self.alive[at] = False
        if severity == "flag":
            self._flagged.append(at)

    def _choose_listed(self, at: npt.NDArray[np.int64], code: str, column: str) -> npt.NDArray[np.int64]:
        """Return which of the rows to list: all, or those not listed yet where there is no more room."""
        if self.room.take(len(at)):
            return at
        first = at[self.alive[at]]
        if len(first) < len(at):
            self._untold[code, column] += len(at) - len(first)
        return first

    def _early(self) -> list[Batch]:
        """Return the reader's problems; a whole record that may hold personal cells shows nothing."""
        found = self.problems.batches
        personal = any(f.personal for f in self.table.fields) or any(b.code == "personal_column" for b in found)
        return [
            withhold(b)
            if personal and not b.column and b.severity == "row"
            else replace(b, original=clip_all(b.original, ECHO_IN_FILE))
            for b in found
        ]

    def _keys(self, at: npt.NDArray[np.int64]) -> pa.Array | str:
        """Return the key cells of rows as they stand in the file, joined by a bar; rows of one key share one text."""
        if not self.table.key or any(self.table.by_name[name].personal for name in self.table.key):
            return ""
        cells = [self.text.coded(name) for name in self.table.key]
        if len(cells) == 1:
            return cells[0].shown(at, ECHO_IN_MESSAGE)
        if all(column.codes is not None for column in cells):
            number = _number_codes(cells, at)
            which = pd.factorize(number)[0].astype(np.int32)
            at = at[~pd.Series(number, copy=False).duplicated().to_numpy()]
        else:
            which = np.arange(len(at), dtype=np.int32)
        parts = [column.plain(at, ECHO_IN_MESSAGE) for column in cells]
        joined = clip_all(pc.binary_join_element_wise(*parts, pa.scalar("|", pa.large_string())), ECHO_IN_MESSAGE)
        return pa.DictionaryArray.from_arrays(pa.array(which), joined)

    def _ledger(self, everything: Sequence[Batch], accepted: int, quarantined: int) -> pd.DataFrame:
        source, of_code, of_severity = self.source, Counter[str](), Counter[str]()
        for (code, _), count in self._untold.items():
            of_code[code] += count
        for batch in everything:
            of_code[batch.code] += len(batch)
            of_severity[batch.severity] += len(batch)
        line = {
            "table": self.table.name,
            "file": source.file,
            "sha256": source.sha256,
            "bytes": source.size,
            "format": source.format,
            "encoding": source.encoding,
            "read": source.parsed,
            "independent_count": source.records,
            "accepted": accepted,
            "quarantined": quarantined,
            "nulled_cells": of_severity["null"],
            "flagged_rows": len(np.unique(np.concatenate(self._flagged))) if self._flagged else 0,
            "repaired_cells": of_severity["repair"],
            "dropped_columns": len(source.dropped_columns),
            "codes": "; ".join(f"{code} {count}" for code, count in sorted(of_code.items())),
        }
        return pd.DataFrame([line])[LEDGER_COLUMNS]


def number_groups(frame: pd.DataFrame, names: Sequence[Hashable]) -> npt.NDArray[np.int64]:
    """Return one number a row, equal where the named cells are equal (missing cells equal each other)."""
    number = np.zeros(len(frame), dtype=np.int64)
    size = 1
    for name in names:
        codes, count = _number(frame[name])
        if size * count > np.iinfo(np.int64).max:
            number, groups = pd.factorize(number)
            size = len(groups)
        number = number * count + codes
        size *= count
    return number


def _number_codes(columns: Sequence[Coded], at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return one number for each of some rows, equal where all the columns hold equal words."""
    number = np.zeros(len(at), dtype=np.int64)
    size = 1
    for column in columns:
        if column.codes is None:
            raise AssertionError("only coded columns are numbered")
        count = len(column.words)
        if size * count > np.iinfo(np.int64).max:
            number, groups = pd.factorize(number)
            size = len(groups)
        number *= count
        number += column.codes[at]
        size *= count
    return number


def _number(column: pd.Series) -> tuple[npt.NDArray[np.int64], int]:
    """Return a code of 0 or more for each cell, and how many codes there may be."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(np.int64) + 1, len(column.cat.categories) + 1
    if column.dtype == np.int64:
        values = column.to_numpy()
        low = int(values.min(initial=0))
        return values - low, int(values.max(initial=0)) - low + 1
    codes, words = pd.factorize(column)
    return codes.astype(np.int64) + 1, len(words) + 1
