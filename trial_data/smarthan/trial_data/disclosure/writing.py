"""A published table as a file: numbers stay numbers, words stay words, nothing is hidden in it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from smarthan.files import escape_formulas, write_csv, write_whole
from smarthan.personal import refuse_personal

# A cell that says =1+1 stays text, and so does one that looks like a link or a number.
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def write_words(printed: pd.DataFrame, path: Path) -> None:
    """Write a table that may hold words among its numbers to a CSV file or a workbook, whole or not at all.

    Parameters
    ----------
    printed : DataFrame
    path : Path
        `.csv`, `.csv.gz` or `.xlsx`.

    Raises
    ------
    ValueError
        When the kind of file is not one of those.
    PersonalRefused
        When the table holds personal data; nothing is written.
    """
    name = path.name.casefold()
    if name.endswith((".csv", ".csv.gz")):
        write_csv(printed.rename(columns=str), path)
    elif name.endswith(".xlsx"):
        _write_workbook(printed, path)
    else:
        raise ValueError(f"to: {path.name} is neither .csv, .csv.gz nor .xlsx")


def _write_workbook(printed: pd.DataFrame, path: Path) -> None:
    import datetime as dt

    import xlsxwriter

    refuse_personal(printed, to=path)
    safe = escape_formulas(printed)
    with write_whole(path) as stream:
        book = xlsxwriter.Workbook(stream, dict(_OPTIONS))
        book.set_properties({"created": dt.datetime(2000, 1, 1)})  # equal tables give equal bytes
        sheet = book.add_worksheet("table")
        for place, name in enumerate(safe.columns):
            sheet.write_string(0, place, str(name))
            for row, value in enumerate(safe[name].astype("object"), 1):
                _write_cell(sheet, row, place, value)
        book.close()


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if pd.isna(value):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float) or hasattr(value, "dtype"):
        number = float(value)
        if math.isfinite(number):
            sheet.write_number(row, column, number)
        else:
            sheet.write_string(row, column, "no limit")
    else:
        sheet.write_string(row, column, str(value))
