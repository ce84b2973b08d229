"""How a trial comes in: what was delivered, which table stands where, and what else lay beside it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from smarthan.tables import FileRefused, Limits, Rows, Table, clip, empty_problems, open_rows
from smarthan.tables.workbook import Workbook, open_sheet, open_workbook

from .declared import IDENTITY, REQUIRED_TABLES, TRIAL_TABLES
from .trial import TrialRefused

SYNTHETIC_FILE, SYNTHETIC_SHEET = "synthetic.json", "synthetic"
# An old .xls or an .ods is refused with what to do, as is whatever else stands under these names.
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")
TEMPLATE_SHEETS = ("notes", "lists")  # of the blank workbook: they hold no row of a table


class Delivery(ABC):
    """A trial as it was handed over.

    Attributes
    ----------
    path : Path
        As the caller named it.
    tables : dict of str to str
        Table name to what holds it (a file, a sheet), for each table that is there, in declared order.
    """

    def __init__(self, path: Path, tables: dict[str, str]) -> None:
        self.path, self.tables = path, tables

    def open(self, table: Table, also: Sequence[str], limits: Limits) -> Rows:
        """Return the working rows of one table that is there.

        Raises
        ------
        FileRefused
            When what holds it cannot be used.
        """
        return self._open(self.tables[table.name], table, also, limits)

    @abstractmethod
    def _open(self, holder: str, table: Table, also: Sequence[str], limits: Limits) -> Rows: ...

    @abstractmethod
    def name(self, file: str) -> str:
        """Return how a refusal names a file of the ledger."""

    @abstractmethod
    def notes(self) -> pd.DataFrame:
        """Return what is to be said of the delivery as a whole, in the form of the trial's notes."""

    @abstractmethod
    def says_synthetic(self) -> bool:
        """Return whether the delivery itself is marked as synthetic, whatever its rows say."""


class FolderDelivery(Delivery):
    """A folder with one CSV file a table."""

    def _open(self, holder: str, table: Table, also: Sequence[str], limits: Limits) -> Rows:
        rows = open_rows(self.path / holder, table, also=also, limits=limits)
        # The name alone: the same trial in another folder gives the same account.
        rows.source = replace(rows.source, file=holder)
        return rows

    def name(self, file: str) -> str:
        """Return the path of a file."""
        return str(self.path / file)

    def notes(self) -> pd.DataFrame:
        """Return a note for each CSV file that is no table; an identity file is passed over in silence."""
        known = set(self.tables.values())
        others = [
            name
            for name in _files_of(self.path)
            if name.casefold().endswith((".csv", ".csv.gz"))
            and name not in known
            and not name.casefold().startswith("identity.")
        ]
        message = f"is no table of a trial and was not read; tables: {', '.join(TRIAL_TABLES)}"
        return pd.DataFrame([note("", clip(name), "file_unknown", f"{clip(name)} {message}") for name in others])

    def says_synthetic(self) -> bool:
        """Return whether the folder holds the mark that the generator leaves."""
        return (self.path / SYNTHETIC_FILE).exists()


class WorkbookDelivery(Delivery):
    """A workbook with one sheet a table."""

    def __init__(self, path: Path, tables: dict[str, str], book: Workbook) -> None:
        super().__init__(path, tables)
        self._book = book

    def _open(self, holder: str, table: Table, also: Sequence[str], limits: Limits) -> Rows:
        sheet = self._book.find(holder)
        assert sheet is not None
        rows = open_sheet(self._book, sheet, table, also=also)
        rows.source = replace(rows.source, file=f"{self.path.name}!{sheet.name}")
        return rows

    def name(self, file: str) -> str:
        """Return the path of the workbook with the sheet."""
        return str(self.path.parent / file)

    def notes(self) -> pd.DataFrame:
        """Return what is suspect in the archive, and the sheets that were not read; nothing of what they hold."""
        name = self.path.name
        told = [note("", name, problem.code, problem.message, place="") for problem in self._book.notes]
        for sheet in self._book.sheets:
            if sheet.folded == IDENTITY.name:
                message = "the workbook holds who lives where in a sheet of its own; it was not read: keep it apart"
                told.append(note("", name, "sheet_identity", message, place=sheet.name))
            elif sheet.folded in TEMPLATE_SHEETS and not sheet.hidden:
                continue
            elif sheet.folded not in self.tables and sheet.folded != SYNTHETIC_SHEET:
                hidden = "is hidden, " if sheet.hidden else ""
                message = f"the sheet {hidden}is no table of a trial and was not read"
                told.append(note("", name, "sheet_unknown", message, place=clip(sheet.name)))
        return pd.DataFrame(told)

    def says_synthetic(self) -> bool:
        """Return whether the workbook holds the sheet that marks it."""
        return any(sheet.folded == SYNTHETIC_SHEET for sheet in self._book.sheets)


def find_delivery(path: Path) -> Delivery:
    """Return what was delivered at a path, its tables found and none of them opened.

    Parameters
    ----------
    path : Path
        A folder of CSV files, or a workbook.

    Returns
    -------
    Delivery

    Raises
    ------
    TrialRefused
        When nothing is there, it is of another kind, or a required table is missing or there twice.
    """
    if path.is_dir():
        return FolderDelivery(path, _find_files(path))
    if not path.exists() or path.suffix.casefold() not in WORKBOOKS:
        raise TrialRefused(path, [_not_a_trial(path)])
    try:
        book = open_workbook(path)
    except FileRefused as refused:
        raise TrialRefused(path, [refused]) from None
    return WorkbookDelivery(path, _find_sheets(path, book), book)


def note(table: str, file: str, code: str, message: str, *, place: int | str = 0) -> dict[str, object]:
    """Return a flag about a file or a table as a whole, as a line of the trial's notes."""
    blank = dict.fromkeys(empty_problems().columns, "")
    return {**blank, "table": table, "file": file, "line": place, "code": code, "severity": "flag", "message": message}


def _files_of(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.is_file())


def _find_files(folder: Path) -> dict[str, str]:
    """Return the file of each table that is there, and refuse a folder that lacks a required one."""
    names = _files_of(folder)
    found: dict[str, str] = {}
    problems = []
    for table in TRIAL_TABLES:
        fits = [name for name in names if name.strip().casefold() in (f"{table}.csv", f"{table}.csv.gz")]
        if len(fits) > 1:
            problems.append(FileRefused(folder, "file_ambiguous", f"{' and '.join(fits)} hold one table; keep one"))
        elif fits:
            found[table] = fits[0]
    if missing := [f"{table}.csv" for table in REQUIRED_TABLES if table not in found]:
        present = ", ".join(clip(name) for name in names[:20]) or "no file"
        message = f"has no file {', '.join(missing)}; found {present}. A trial needs one CSV file a table"
        problems.append(FileRefused(folder, "file_missing", message))
    if problems:
        raise TrialRefused(folder, problems)
    return found


def _find_sheets(path: Path, book: Workbook) -> dict[str, str]:
    """Return the sheet of each table that is there, and refuse a workbook that lacks a required one."""
    found: dict[str, str] = {}
    missing, problems = [], []
    for table in TRIAL_TABLES:
        try:
            sheet = book.find(table)
        except FileRefused as refused:
            problems.append(refused)
            continue
        if sheet is not None:
            found[table] = sheet.name
        elif table in REQUIRED_TABLES:
            missing.append(table)
    if missing:
        message = f"has no sheet {', '.join(missing)}; found {book.describe_sheets()}. A trial needs one sheet a table"
        problems.append(FileRefused(path, "sheet_missing", message))
    if problems:
        raise TrialRefused(path, problems)
    return found


def _not_a_trial(path: Path) -> FileRefused:
    if not path.exists():
        return FileRefused(path, "file_missing", "does not exist; check the path")
    message = "is no workbook by its name; give the folder that holds the trial's CSV files, or one .xlsx workbook"
    return FileRefused(path, "file_unreadable", message)
