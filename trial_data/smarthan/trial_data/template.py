"""The blank workbook that a survey team fills in, made from the declared tables."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.files import write_whole
from smarthan.tables import Field, Table

from .declared import OPTIONAL_TABLES, TRIAL_TABLES
from .template_notes import say_notes

if TYPE_CHECKING:
    import xlsxwriter

# Without the first two a cell that says =1+1 becomes a live formula.
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
# Rows of a sheet that are made ready for typing; a survey with more is better handed over as CSV files (ours).
READY_ROWS = 5_000
# What Excel allows in a list typed into a rule, in an input's title and in its text, and its largest row.
_LIST_CHARACTERS, _TITLE_CHARACTERS, _INPUT_CHARACTERS = 255, 32, 255
LISTS, NOTES = "lists", "notes"
_MARK = "required"
# One day for all: equal declarations give equal bytes.
_CREATED = dt.datetime(2000, 1, 1)
_EARLIEST, _LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
_FORMS = {"integer": "number", "number": "number", "date": "date"}  # all else is text, whatever is typed


def write_template(path: str | os.PathLike[str], *, replace: bool = False) -> Path:
    """Write the blank workbook of a building characterisation trial.

    Parameters
    ----------
    path : path
        An `.xlsx` file; its folder must exist.
    replace : bool
        Whether a file of that name may be written over.

    Returns
    -------
    Path
        The path written.

    Raises
    ------
    ValueError
        When the name does not end in .xlsx.
    FileExistsError
        When the file is there and `replace` is False: somebody's survey may stand in it.
    OSError
        When the file cannot be written.

    Notes
    -----
    A sheet `notes`, then one sheet a table, its header in row 1: required columns in bold on a shade, the others in
    italics, and the message that a cell shows when it is chosen says which it is. Listed words come as drop-downs
    (lists too long for one stand on a sheet `lists`), numbers with their range, days as dates shown YYYY-MM-DD, times
    as text with Z (a spreadsheet's own times know no zone), ids as text. The first 5,000 rows are made so. No sheet,
    row or column is hidden; there is no name, comment, macro or merged cell, and no sheet for identity: personal data
    stays in a file of its own. The same declaration gives the same bytes.

    A filled workbook is read by `read_trial`; only sheets with the names of tables are.

    References
    ----------
    Analysis Function, "Making spreadsheets accessible: a brief checklist of the basics".

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_template(Path(folder) / "blank.xlsx").name
    'blank.xlsx'
    """
    target = Path(path)
    if target.suffix.casefold() != ".xlsx":
        raise ValueError(f"{target}: is no name of a workbook; let it end in .xlsx")
    if target.exists() and not replace:
        raise FileExistsError(f"{target}: is there already, and a survey may stand in it; choose another name")
    with write_whole(target) as stream:
        stream.write(_make_workbook())
    return target


def _make_workbook() -> bytes:
    import xlsxwriter

    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, dict(_OPTIONS)) as book:
        book.set_properties({"title": "Building characterisation trial: blank workbook", "created": _CREATED})
        formats = _make_formats(book)
        _add_notes(book, formats)
        long = {field.allowed: field for table in TRIAL_TABLES.values() for field in table.fields if _is_long(field)}
        places = {words: _list_range(number, words) for number, words in enumerate(long)}
        for table in TRIAL_TABLES.values():
            _add_table(book, formats, table, places)
        if long:
            _add_lists(book, formats, list(long.values()))
    return memory.getvalue()


def _make_formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    return {
        "required": book.add_format({"bold": True, "bg_color": "#D9E8F5", "bottom": 1, "text_wrap": True}),
        "optional": book.add_format({"italic": True, "bottom": 1, "text_wrap": True}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "number": book.add_format({"num_format": "General"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "heading": book.add_format({"bold": True}),
        "words": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _add_notes(book: xlsxwriter.Workbook, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(NOTES)
    sheet.set_column(0, 0, 110)
    for row, (kind, words) in enumerate(say_notes()):
        sheet.write_string(row, 0, words, formats[kind])


def _add_table(book: xlsxwriter.Workbook, formats: dict[str, Any], table: Table, places: dict[Any, str]) -> None:
    from xlsxwriter.utility import xl_rowcol_to_cell

    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    for column, field in enumerate(table.fields):
        sheet.set_column(column, column, _width(field), formats[_FORMS.get(field.kind, "text")])
        sheet.write_string(0, column, field.name, formats["required" if field.required else "optional"])
        sheet.data_validation(1, column, READY_ROWS, column, _rule(field, xl_rowcol_to_cell(1, column), places))
    if table.name not in OPTIONAL_TABLES:
        sheet.set_tab_color("#206095")


def _width(field: Field) -> float:
    longest = max([len(field.name) + 3, *map(len, field.allowed)])
    return min(max(longest, 22 if field.kind == "datetime" else 10), 34)


def _rule(field: Field, cell: str, places: dict[Any, str]) -> dict[str, Any]:
    """Return what Excel checks when a cell is typed, and what it says beside the cell."""
    said = {
        "input_title": (f"{field.name} ({_MARK})" if field.required else field.name)[:_TITLE_CHARACTERS],
        "input_message": _cut(_say_input(field)),
        "error_title": "Not accepted",
        "error_message": _cut(f"{field.name}: {field.expectation}. Leave the cell empty when the value is missing."),
        "ignore_blank": True,
    }
    return said | _check(field, cell, places)


def _check(field: Field, cell: str, places: dict[Any, str]) -> dict[str, Any]:
    if field.kind == "category":
        words = places.get(field.allowed) or list(field.allowed)
        return {"validate": "list", "source": words, "error_type": "stop"}
    if field.kind in ("integer", "number"):
        low = -1e15 if field.low is None else field.low
        high = 1e15 if field.high is None else field.high
        kind = "integer" if field.kind == "integer" else "decimal"
        # A sentinel or an instrument's word may be typed on purpose: warned of here, judged by the reader.
        stop = "stop" if field.breach == "row" else "warning"
        return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high, "error_type": stop}
    if field.kind == "date":
        days = {"minimum": _EARLIEST, "maximum": _LATEST}
        return {"validate": "date", "criteria": "between", **days, "error_type": "stop"}
    if field.kind == "datetime":
        # 2026-11-02T09:30Z at the shortest: a spreadsheet's own times know no zone.
        shape = f'=AND(LEN({cell})>16,MID({cell},5,1)="-",MID({cell},11,1)="T",RIGHT({cell},1)="Z")'
        return {"validate": "custom", "value": shape, "error_type": "stop"}
    longest = min(field.max_length, 32_767)
    return {"validate": "length", "criteria": "<=", "value": longest, "error_type": "stop"}


def _say_input(field: Field) -> str:
    unit = f" [{field.unit}]" if field.unit else ""
    form = "" if field.kind in ("identifier", "text") else f" Write {field.expectation}."
    if field.kind == "category":
        form = " Choose from the list."
    if field.kind == "words":
        form = f" Join words by ';': {', '.join(field.allowed)}."
    return f"{field.about[:-1]}{unit}.{form}"


def _cut(text: str) -> str:
    return text if len(text) <= _INPUT_CHARACTERS else text[: _INPUT_CHARACTERS - 3] + "..."


def _is_long(field: Field) -> bool:
    return field.kind == "category" and len(",".join(field.allowed)) > _LIST_CHARACTERS


def _list_range(column: int, words: tuple[str, ...]) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    first = xl_rowcol_to_cell(1, column, row_abs=True, col_abs=True)
    return f"={LISTS}!{first}:{xl_rowcol_to_cell(len(words), column, row_abs=True, col_abs=True)}"


def _add_lists(book: xlsxwriter.Workbook, formats: dict[str, Any], fields: list[Field]) -> None:
    sheet = book.add_worksheet(LISTS)
    for column, field in enumerate(fields):
        sheet.set_column(column, column, _width(field))
        for row, (words, form) in enumerate(_list_cells(field)):
            sheet.write_string(row, column, words, formats[form])


def _list_cells(field: Field) -> Iterator[tuple[str, str]]:
    yield field.name, "heading"
    yield from ((word, "text") for word in field.allowed)
