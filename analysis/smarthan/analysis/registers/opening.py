"""One of the lists opened from a CSV file, a workbook's sheet or a folder, its cells typed."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from smarthan.tables import FileRefused, Rows, Table, open_rows
from smarthan.tables.workbook import open_sheet, open_workbook
from smarthan.trial_data.rules.privacy import holds_personal

# What names a respondent or a document cannot be emptied: the row would count for nobody.
_NAMES = ("respondent", "document")


def open_list(path: str | os.PathLike[str], table: Table) -> Rows:
    """Open a list as working rows, personal data in its free text withheld.

    Parameters
    ----------
    path : path
        A CSV file (or .csv.gz), an `.xlsx` workbook with a sheet of the table's name, or a folder that holds
        `<table>.csv`.
    table : Table
        The declaration.

    Returns
    -------
    Rows

    Raises
    ------
    FileRefused
        When there is nothing to read, or what is there cannot be used as a whole.
    """
    rows = _open(Path(path), table)
    for field in table.fields:
        if field.kind == "text" and field.name != "links":
            _withhold(rows, field.name)
    return rows


def _withhold(rows: Rows, column: str) -> None:
    coded = rows.text.coded(column)
    held = coded.spread(holds_personal(coded.words))
    if column in _NAMES:
        rows.reject(held, "personal_text", column, f"{column} holds personal data; name the organisation or document")
    else:
        rows.empty(held, "personal_text", column, "the text held personal data and was withheld")


def _open(path: Path, table: Table) -> Rows:
    if path.is_dir():
        inside = [
            path / f"{table.name}{ending}"
            for ending in (".csv", ".csv.gz")
            if (path / f"{table.name}{ending}").exists()
        ]
        if not inside:
            raise FileRefused(path, "file_missing", f"holds no {table.name}.csv")
        path = inside[0]
    if path.suffix.casefold() in (".xlsx", ".xlsm"):
        return _open_sheet(path, table)
    rows = open_rows(path, table)
    rows.source = replace(rows.source, file=path.name)
    return rows


def _open_sheet(path: Path, table: Table) -> Rows:
    book = open_workbook(path)
    sheet = book.find(table.name)
    if sheet is None:
        message = f"has no sheet {table.name}; found {book.describe_sheets()}"
        raise FileRefused(path, "sheet_missing", message)
    rows = open_sheet(book, sheet, table)
    rows.source = replace(rows.source, file=f"{path.name}!{sheet.name}")
    return rows
