"""An appraisal while it is being read: its text, where each piece of it stands, and what is wrong so far."""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .keys import TABLES
from .parts import InputFile
from .problems import AppraisalProblem, Place

STRUCTURE = "appraisal"  # what options, criteria and the rest of the structure stand in, beside the three tables
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
Row = tuple[int, dict[str, str]]


class AppraisalSource(ABC):
    """Where an appraisal was read from: how its parts are called, and where their pieces stand."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @abstractmethod
    def file_of(self, part: str) -> str:
        """Return the name of the file that holds the structure (`appraisal`) or a table."""

    @abstractmethod
    def call(self, part: str) -> str:
        """Return how a message calls a part."""

    @abstractmethod
    def place_of(self, part: str, line: Place, column: str) -> Place:
        """Return where a row of a table, or one of its cells, stands."""

    @abstractmethod
    def find(self, key: str, near: str | None, last: bool) -> Place:
        """Return where a key of the structure stands, or the entry whose id is `near`: the last of several, or none."""


@dataclass
class AppraisalDraft:
    """An appraisal while it is being read.

    Attributes
    ----------
    source : AppraisalSource
        What it is read from.
    values : dict
        What can be used of the structure, by key; empty where it could not be read.
    written : dict
        The structure as it was written, faults and all.
    tables : dict of str to list
        The rows of `scores`, `weights` and `evidence`, each with its physical line or row; a table that could not be
        used is absent.
    broken : set of str
        Criteria, and as `scale:NAME` scales, with a key that cannot be used: a fault told already.
    unsound : set
        (table, line) of rows with a cell that cannot be known, such as a formula; they are not judged further.
    problems : list of AppraisalProblem
        What is wrong so far.
    files : list of InputFile
        What was read.
    """

    source: AppraisalSource
    values: dict[str, Any] = field(default_factory=dict)
    written: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    unsound: set[tuple[str, int]] = field(default_factory=set)
    problems: list[AppraisalProblem] = field(default_factory=list)
    files: list[InputFile] = field(default_factory=list)

    def error(
        self,
        code: str,
        part: str,
        message: str,
        *,
        line: Place = None,
        column: str = "",
        option: str = "",
        criterion: str = "",
    ) -> None:
        """Note something that makes the appraisal unusable."""
        place = self.source.place_of(part, line, column)
        self.problems.append(
            AppraisalProblem("error", code, self.source.file_of(part), message, place, option, criterion)
        )

    def warn(
        self,
        code: str,
        part: str,
        message: str,
        *,
        line: Place = None,
        column: str = "",
        option: str = "",
        criterion: str = "",
    ) -> None:
        """Note something that makes its answer weaker."""
        place = self.source.place_of(part, line, column)
        self.problems.append(
            AppraisalProblem("warning", code, self.source.file_of(part), message, place, option, criterion)
        )

    @property
    def has_errors(self) -> bool:
        """Whether an error was noted so far."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def status(self) -> str:
        """The stated status; draft where none can be read."""
        return str(self.values.get("status", "draft"))

    def line_of(self, key: str, near: str | None = None, *, last: bool = False) -> Place:
        """Return where a key of the structure stands, or the entry with an id; None where that is not one place."""
        return self.source.find(key, near, last)

    def rows(self, table: str) -> Iterator[Row]:
        """Yield each row of a table with its line, its cells trimmed; a column that is not there reads as ''."""
        blank = dict.fromkeys(TABLES[table], "")
        for line, cells in self.tables.get(table, []):
            yield line, {**blank, **cells}

    def sound_rows(self, table: str) -> Iterator[Row]:
        """Yield the rows whose every cell is known."""
        return (row for row in self.rows(table) if (table, row[0]) not in self.unsound)


def parse_number(text: str) -> float | None:
    """Return the number a cell states, or None when it is not a plain finite number.

    Units, thousands separators, decimal commas, `nan`, `inf` and `1e999` are not plain numbers.

    Examples
    --------
    >>> parse_number("0.93"), parse_number("1,5"), parse_number("1e999"), parse_number("30 GBP")
    (0.93, None, None, None)
    """
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if abs(number) < float("inf") else None


def parse_date(text: str) -> dt.date | None:
    """Return the date a cell states as YYYY-MM-DD, or None when it does not.

    Examples
    --------
    >>> parse_date("2013-02-10"), parse_date("10/02/2013"), parse_date("2013-02-30")
    (datetime.date(2013, 2, 10), None, None)
    """
    if not _DATE.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
