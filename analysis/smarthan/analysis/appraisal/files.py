"""Reading the folder of an appraisal: the four files as text, every fault noted, nothing judged yet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from smarthan.settings import SettingsError, TomlFile, find_problems, read_toml
from smarthan.tables import FileRefused, TextTable, clip, read_text_table

from .keys import MODEL, NEEDED, TABLES
from .problems import AppraisalProblem

TOML_NAME = "appraisal.toml"
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass
class AppraisalDraft:
    """An appraisal while it is being read: its text, and the problems found so far."""

    folder: Path
    toml: TomlFile | None = None
    tables: dict[str, TextTable] = field(default_factory=dict)
    problems: list[AppraisalProblem] = field(default_factory=list)

    def error(
        self, code: str, file: str, message: str, *, line: int | None = None, option: str = "", criterion: str = ""
    ) -> None:
        """Note something that makes the appraisal unusable."""
        self.problems.append(AppraisalProblem("error", code, file, message, line, option, criterion))

    def warn(
        self, code: str, file: str, message: str, *, line: int | None = None, option: str = "", criterion: str = ""
    ) -> None:
        """Note something that makes its answer weaker."""
        self.problems.append(AppraisalProblem("warning", code, file, message, line, option, criterion))

    @property
    def has_errors(self) -> bool:
        """Whether an error was noted so far."""
        return any(problem.severity == "error" for problem in self.problems)

    def line_of(self, key: str, near: str | None = None) -> int | None:
        """Return the line of a key of the TOML file, or of the entry with an id, where there is one only."""
        return self.toml.line_of(key, near) if self.toml else None

    def rows(self, table: str) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each whole row of a table with its physical line; a column that is not there reads as ''."""
        text = self.tables[table]
        blank = dict.fromkeys(TABLES[table], "")
        for line, cells in zip(text.line.tolist(), text.frame.to_dict("records"), strict=True):
            yield line, {**blank, **{str(name): str(cell).strip() for name, cell in cells.items()}}


def read_folder(path: str | PathLike[str]) -> AppraisalDraft:
    """Read the files of an appraisal as text.

    Parameters
    ----------
    path : path
        A folder with `appraisal.toml`, `scores.csv`, `weights.csv` and `evidence.csv`, or its `appraisal.toml`.

    Returns
    -------
    AppraisalDraft
        With `toml` None, or a table absent, where a file could not be used; the problems say why.
    """
    given = Path(path)
    draft = AppraisalDraft(given.parent if given.name == TOML_NAME else given)
    _read_structure(draft)
    for name in TABLES:
        _read_table(draft, name)
    return draft


def _read_structure(draft: AppraisalDraft) -> None:
    try:
        draft.toml = read_toml(draft.folder / TOML_NAME)
    except SettingsError as error:
        for problem in error.problems:
            draft.error(problem.code, TOML_NAME, problem.message, line=problem.line)
        return
    for problem in find_problems(draft.toml, MODEL):
        draft.error(problem.code, TOML_NAME, problem.message, line=problem.line)


def _read_table(draft: AppraisalDraft, name: str) -> None:
    file = f"{name}.csv"
    path = draft.folder / file
    try:
        text = read_text_table(path, wanted={column: column for column in TABLES[name]})
    except FileRefused as refused:
        draft.error(refused.code, file, str(refused).removeprefix(f"{path}: ").removesuffix(f" ({refused.code})"))
        return
    absent = [column for column in NEEDED[name] if column not in text.frame]
    if absent:
        draft.error("header_missing", file, f"has no column {', '.join(absent)}. Add it to the header", line=1)
        return
    draft.tables[name] = text
    for problem in text.problems:
        note = draft.warn if problem.code in ("header_unknown", "header_spelling") else draft.error
        line = problem.line if isinstance(problem.line, int) else None
        note(problem.code, file, f"{clip(problem.column or 'the row')}: {problem.message}", line=line)


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
