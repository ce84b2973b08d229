"""The account of every row: read = accepted + quarantined, each quarantined row with its place and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.tables.converting import convert
from smarthan.tables.fields import Table
from smarthan.tables.problems import ECHO_IN_FILE, RULES, clip

PROBLEM_COLUMNS = ["table", "file", "line", "key", "column", "code", "severity", "original", "message", "suggestion"]
LEDGER_COLUMNS = [
    *("table", "file", "sha256", "bytes", "format", "encoding", "read", "independent_count", "accepted"),
    *("quarantined", "nulled_cells", "flagged_rows", "repaired_cells", "dropped_columns", "codes"),
]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Problem:
    """One breach of one rule at one place; `line` is a physical line, or `Sheet!A3` in a workbook."""

    code: str
    line: int | str
    column: str
    original: str
    message: str
    suggestion: str = ""


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
        suggestion. A row that breaks five rules has five lines and counts once.
    notes : DataFrame
        The same columns for severities `null`, `flag` and `repair`.
    ledger : DataFrame
        One line: what was read, accepted, quarantined, nulled, flagged, repaired, with counts per code.
    """

    frame: pd.DataFrame
    quarantine: pd.DataFrame
    notes: pd.DataFrame
    ledger: pd.DataFrame


def empty_problems() -> pd.DataFrame:
    """Return a quarantine (or notes) table with no line.

    Returns
    -------
    DataFrame
        table, file, line, key, column, code, severity, original, message, suggestion.
    """
    return pd.DataFrame({name: pd.Series([], dtype="str") for name in PROBLEM_COLUMNS})


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
    text : DataFrame
        The cells as they stood in the file, '' where empty.
    line : array
        Physical line (or sheet cell) of each row.
    also : DataFrame
        Undeclared columns that the reader was asked to keep as text; they are no part of the table.
    alive : bool array
        False for rows already in quarantine.
    """

    table: Table
    source: Source
    frame: pd.DataFrame
    text: pd.DataFrame
    line: npt.NDArray[np.generic]
    problems: list[Problem] = field(default_factory=list)
    also: pd.DataFrame = field(default_factory=pd.DataFrame)
    alive: Mask = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    _rejected_lines: int = 0
    _batches: list[pd.DataFrame] = field(default_factory=list)

    @classmethod
    def from_text(
        cls,
        table: Table,
        source: Source,
        text: pd.DataFrame,
        line: npt.NDArray[np.generic],
        problems: Sequence[Problem] = (),
    ) -> Rows:
        """Type the cells of a text table, applying each field's own rules.

        Parameters
        ----------
        table : Table
            The declaration; a declared column absent from `text` becomes all missing.
        source : Source
            The file.
        text : DataFrame
            Text cells, '' where empty, columns by declared name.
        line : array
            Place of each row.
        problems : sequence of Problem
            What the reader already found (whole records it set aside, header notes).

        Returns
        -------
        Rows
        """
        text = text.reset_index(drop=True)
        for name in table.names:
            if name not in text:
                text[name] = pd.Series("", index=text.index, dtype="str")
        also = text.drop(columns=table.names)
        text = text[table.names]
        rows = cls(table, source, pd.DataFrame(index=text.index), text, line, list(problems), also)
        rows.alive = np.ones(len(text), dtype=np.bool_)
        rows._rejected_lines = sum(RULES[p.code].severity == "row" for p in problems)
        columns = {}
        for declared in table.fields:
            columns[declared.name], found = convert(declared, text[declared.name])
            for breach in found:
                rows._record(breach.mask, breach.code, declared.name, breach.message, breach.severity, breach.suggest)
        rows.frame = pd.DataFrame(columns, index=text.index)
        return rows

    def reject(self, mask: Mask | pd.Series, code: str, column: str, message: str, suggestion: str = "") -> None:
        """Quarantine the masked rows under a rule; `{value}` in the message stands for the original cell."""
        self._record(mask, code, column, message, "row", suggestion)

    def empty(self, mask: Mask | pd.Series, code: str, column: str, message: str) -> None:
        """Empty the masked cells, keep their rows, and note the original text."""
        self._record(mask, code, column, message, "null")
        self.frame[column] = self.frame[column].mask(np.asarray(mask, dtype=np.bool_))

    def flag(self, mask: Mask | pd.Series, code: str, column: str, message: str) -> None:
        """Note the masked rows and keep them as they are."""
        self._record(mask, code, column, message, "flag")

    def repair(self, mask: Mask | pd.Series, code: str, column: str, message: str) -> None:
        """Note cells whose spelling was put right."""
        self._record(mask, code, column, message, "repair")

    def reject_duplicates(self, key: Sequence[str] | None = None) -> None:
        """Quarantine repeated keys: all but the first of equal rows, and every row of a key whose rows disagree."""
        names = list(key or self.table.key)
        usable = self.frame.loc[self.alive, names].notna().all(axis=1)
        live = self.frame.loc[usable.index[usable]]
        repeated = live[live.duplicated(names, keep=False)]
        if repeated.empty:
            return
        same = repeated.duplicated(keep=False)
        distinct = repeated.drop_duplicates().duplicated(names, keep=False)
        conflicting = pd.MultiIndex.from_frame(repeated[names]).isin(
            pd.MultiIndex.from_frame(repeated.loc[distinct.index[distinct], names])
        )
        equal = same & ~conflicting & repeated.duplicated(keep="first")
        shown = " + ".join(names)
        self._record_at(repeated.index[conflicting], "duplicate_conflict", names[0], f"rows with one {shown} disagree")
        self._record_at(repeated.index[equal], "duplicate", names[0], "the row repeats an earlier row exactly")

    def finish(self) -> TableRead:
        """Close the account and return the accepted rows with it.

        Raises
        ------
        AssertionError
            When the counts do not add up: a fault of this program, never of the data.
        """
        accepted = int(self.alive.sum())
        quarantined = self._rejected_lines + int((~self.alive).sum())
        if self.source.parsed != accepted + quarantined or self.source.records != self.source.parsed:
            raise AssertionError(f"{self.source.file}: {self.source.records} records, {accepted} + {quarantined}")
        everything = self._all_problems()
        rows = everything["severity"] == "row"
        frame = self.frame[self.alive].reset_index(drop=True)
        ledger = self._ledger(everything, accepted, quarantined)
        return TableRead(frame, everything[rows].reset_index(drop=True), _reset(everything[~rows]), ledger)

    def _record(
        self, mask: Mask | pd.Series, code: str, column: str, message: str, severity: str, suggestion: str = ""
    ) -> None:
        chosen = np.flatnonzero(np.asarray(mask, dtype=np.bool_))
        if len(chosen):
            self._record_at(pd.Index(chosen), code, column, message, severity, suggestion)

    def _record_at(
        self, places: pd.Index, code: str, column: str, message: str, severity: str = "row", suggestion: str = ""
    ) -> None:
        if code not in RULES:
            raise KeyError(f"rule code '{code}' is not in the table of rules; register it first")
        if not len(places):
            return
        at = places.to_numpy()
        original = self.text[column].iloc[at].tolist() if column in self.text else [""] * len(at)
        personal = column in self.table.by_name and self.table.by_name[column].personal
        withheld = personal or code == "personal_text"
        shown = ["(withheld)" if withheld else clip(text) for text in original]
        self._batches.append(
            pd.DataFrame(
                {
                    "line": self.line[at],
                    "key": self._keys(at),
                    "column": column,
                    "code": code,
                    "severity": severity,
                    "original": ["" if withheld else clip(text, ECHO_IN_FILE) for text in original],
                    "message": [message.replace("{value}", text) for text in shown],
                    "suggestion": suggestion,
                }
            )
        )
        if severity == "row":
            self.alive[at] = False

    def _originals(self) -> list[str]:
        """Return what the reader's problems show; a whole record that may hold personal cells shows nothing."""
        personal = any(f.personal for f in self.table.fields) or any(p.code == "personal_column" for p in self.problems)
        return [
            "" if personal and not p.column and RULES[p.code].severity == "row" else clip(p.original, ECHO_IN_FILE)
            for p in self.problems
        ]

    def _keys(self, at: npt.NDArray[np.int64]) -> list[str]:
        if not self.table.key or any(self.table.by_name[name].personal for name in self.table.key):
            return [""] * len(at)
        cells = [self.text[name].iloc[at].tolist() for name in self.table.key]
        return [clip("|".join(parts)) for parts in zip(*cells, strict=True)]

    def _all_problems(self) -> pd.DataFrame:
        early = pd.DataFrame(
            {
                "line": [p.line for p in self.problems],
                "key": "",
                "column": [p.column for p in self.problems],
                "code": [p.code for p in self.problems],
                "severity": [RULES[p.code].severity for p in self.problems],
                "original": self._originals(),
                "message": [p.message for p in self.problems],
                "suggestion": [p.suggestion for p in self.problems],
            }
        )
        batches = [batch for batch in [early, *self._batches] if len(batch)]
        if not batches:
            return empty_problems()
        found = pd.concat(batches, ignore_index=True)
        found.insert(0, "table", self.table.name)
        found.insert(1, "file", self.source.file)
        found = found.sort_values(["line", "column", "code"], kind="stable")
        return found[PROBLEM_COLUMNS].reset_index(drop=True)

    def _count_flagged_rows(self, everything: pd.DataFrame) -> int:
        """Count rows, not remarks on the header."""
        flagged = everything.loc[everything["severity"] == "flag", "line"].unique()
        return int(np.isin(self.line, flagged).sum()) if len(flagged) else 0

    def _ledger(self, everything: pd.DataFrame, accepted: int, quarantined: int) -> pd.DataFrame:
        severity, source = everything["severity"], self.source
        codes = everything["code"].value_counts().sort_index()
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
            "nulled_cells": int((severity == "null").sum()),
            "flagged_rows": self._count_flagged_rows(everything),
            "repaired_cells": int((severity == "repair").sum()),
            "dropped_columns": len(source.dropped_columns),
            "codes": "; ".join(f"{code} {count}" for code, count in codes.items()),
        }
        return pd.DataFrame([line])[LEDGER_COLUMNS]


def _reset(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reset_index(drop=True)
