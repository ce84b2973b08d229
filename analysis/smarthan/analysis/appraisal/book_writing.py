"""Workbooks that people fill in: a guide first, a sheet a table, drop-downs for words, a note beside every cell."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from smarthan.files import write_whole
from smarthan.personal import refuse_personal
from smarthan.tables import Field, Table

from .draft import parse_date, parse_number

# Without the first two a cell that says =1+1 becomes a live formula.
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
# What Excel allows in a list typed into a rule, in an input's title and text, and in a cell.
_LIST_CHARACTERS, _TITLE_CHARACTERS, _INPUT_CHARACTERS, _CELL_CHARACTERS = 255, 32, 255, 32_767
READY_ROWS = 500  # rows below the last one that are made ready for typing (ours)
_CREATED = dt.datetime(2000, 1, 1)  # one day for all: equal content gives equal bytes
_FIRST_DAY = dt.date(1900, 3, 1)  # earlier days have no number in the 1900 system that all programs agree on
_FORMS = {"number": "number", "date": "date"}
Check = dict[str, Any]


@dataclass(frozen=True)
class SheetPlan:
    """What one sheet holds.

    Attributes
    ----------
    table : Table
        Its columns, each with what is said of it.
    rows : sequence of mapping
        Texts by column, '' or absent where empty; a column that the table does not declare comes last.
    checks : mapping of str to dict
        What Excel checks in a column, where the declaration says less.
    cell_checks : mapping of (int, str) to dict
        The same for one cell: the place in `rows`, from 0, and the column.
    fixed : set of str
        Columns that are given, and not to be filled in.
    spare : int
        Empty rows made ready below.
    """

    table: Table
    rows: Sequence[Mapping[str, object]]
    checks: Mapping[str, Check] = field(default_factory=dict)
    cell_checks: Mapping[tuple[int, str], Check] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    spare: int = READY_ROWS


def write_book(
    path: Path, title: str, guide: Iterable[tuple[str, str]], plans: Sequence[SheetPlan], *, replace: bool
) -> Path:
    """Write a workbook: the sheet `guide`, then one sheet a plan.

    Parameters
    ----------
    path : Path
        An `.xlsx` file; its folder must exist.
    title : str
        What the file's properties say.
    guide : iterable of (str, str)
        Lines of the guide: the name of a format (title, heading, words) and the words.
    plans : sequence of SheetPlan
    replace : bool
        Whether a file of that name may be written over.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        When the name does not end in .xlsx, or a text is longer than a cell holds.
    FileExistsError
        When the file is there and `replace` is False: somebody's work may stand in it.
    PersonalRefused
        When a row holds personal data; nothing is written.
    OSError
        When it cannot be written.
    """
    if path.suffix.casefold() != ".xlsx":
        raise ValueError(f"{path}: is no name of a workbook; let it end in .xlsx")
    if path.exists() and not replace:
        raise FileExistsError(f"{path}: is there already, and somebody's work may stand in it; choose another name")
    made = _make_book(title, guide, plans)
    with write_whole(path) as stream:
        stream.write(made)
    return path


def _make_book(title: str, guide: Iterable[tuple[str, str]], plans: Sequence[SheetPlan]) -> bytes:
    import xlsxwriter

    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, dict(_OPTIONS)) as book:
        book.set_properties({"title": title, "created": _CREATED})
        formats = {name: book.add_format(look) for name, look in _LOOKS.items()}
        sheet = book.add_worksheet("guide")
        sheet.set_column(0, 0, 110)
        for row, (kind, words) in enumerate(guide):
            sheet.write_string(row, 0, words, formats[kind])
        for plan in plans:
            refuse_personal(pd.DataFrame([dict(row) for row in plan.rows]), to=f"sheet {plan.table.name}")
            _add_sheet(book.add_worksheet(plan.table.name), formats, plan)
    return memory.getvalue()


_WRAP = {"text_wrap": True, "valign": "top"}
_LOOKS: dict[str, dict[str, Any]] = {
    "required": {"bold": True, "bg_color": "#D9E8F5", "bottom": 1, **_WRAP},
    "optional": {"italic": True, "bottom": 1, **_WRAP},
    "given": {"bottom": 1, "bg_color": "#EEEEEE", **_WRAP},
    "text": {"num_format": "@", **_WRAP},
    "date": {"num_format": "yyyy-mm-dd", **_WRAP},
    "number": {"num_format": "General", **_WRAP},
    "title": {"bold": True, "font_size": 14, **_WRAP},
    "heading": {"bold": True, **_WRAP},
    "words": _WRAP,
}


def _add_sheet(sheet: Any, formats: Mapping[str, Any], plan: SheetPlan) -> None:
    sheet.freeze_panes(1, 0)
    extra = [name for row in plan.rows for name in row if name not in plan.table.by_name]
    fields = [*plan.table.fields, *(Field(name, "category", name) for name in dict.fromkeys(extra))]
    for column, each in enumerate(fields):
        sheet.set_column(column, column, _width(each, plan.rows), formats[_FORMS.get(each.kind, "text")])
        look = "given" if each.name in plan.fixed else "required" if each.required else "optional"
        sheet.write_string(0, column, each.name, formats[look])
        _add_checks(sheet, column, each, plan)
    for number, row in enumerate(plan.rows):
        for column, each in enumerate(fields):
            _write_cell(sheet, (number + 1, column), each, row.get(each.name, ""), formats)


def _add_checks(sheet: Any, column: int, each: Field, plan: SheetPlan) -> None:
    last = len(plan.rows) + plan.spare
    said = _say_input(each)
    own = sorted(number for number, name in plan.cell_checks if name == each.name)
    start = 0
    for number in [*own, last]:
        if start < number or (not plan.rows and number == last):
            sheet.data_validation(
                start + 1, column, max(number, 1), column, said | plan.checks.get(each.name, _check(each))
            )
        if number < last:
            check = plan.cell_checks[number, each.name]
            sheet.data_validation(number + 1, column, number + 1, column, said | check)
        start = number + 1


def list_check(words: Sequence[str] | str, *, stop: bool = True) -> Check:
    """Return a drop-down of words, or of the cells of a range such as `=options!$A$2:$A$40`."""
    source = words if isinstance(words, str) else list(words)
    if not isinstance(source, str) and len(",".join(source)) > _LIST_CHARACTERS:
        return {"validate": "any"}
    return {"validate": "list", "source": source, "error_type": "stop" if stop else "warning"}


def number_check(low: float, high: float, *, stop: bool = True) -> Check:
    """Return a check that a number lies between two others."""
    ends = {"minimum": low, "maximum": high, "error_type": "stop" if stop else "warning"}
    return {"validate": "decimal", "criteria": "between", **ends}


def _check(each: Field) -> Check:
    if each.allowed:
        return list_check(each.allowed)
    if each.kind == "number":
        return number_check(-1e12, 1e12) if each.name != "value" else {"validate": "any"}
    return {"validate": "any"}


def _say_input(each: Field) -> Check:
    form = f" One of {', '.join(each.allowed)}." if each.allowed else ""
    return {
        "input_title": (f"{each.name} (required)" if each.required else each.name)[:_TITLE_CHARACTERS],
        "input_message": _cut(each.about + form),
        "error_title": "Not accepted",
        "error_message": _cut(f"{each.name}: {each.about}{form}"),
        "ignore_blank": True,
    }


def _cut(text: str) -> str:
    return text if len(text) <= _INPUT_CHARACTERS else text[: _INPUT_CHARACTERS - 3] + "..."


def _width(each: Field, rows: Sequence[Mapping[str, object]]) -> float:
    longest = max((len(str(row.get(each.name, ""))) for row in rows), default=0)
    return min(max(longest, len(each.name) + 3, 10), 60)


def _write_cell(sheet: Any, at: tuple[int, int], each: Field, value: object, formats: Mapping[str, Any]) -> None:
    """Write a value so that it reads back as the same text: a number or a day as such, where a sheet can hold it."""
    if value == "" or value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(*at, value)
        return
    text = str(value)
    number = parse_number(text) if each.kind == "number" and not isinstance(value, dt.date) else None
    day = value if isinstance(value, dt.date) else parse_date(text) if each.kind == "date" else None
    # A sheet keeps 16 digits of a number: one with more is written as text, which keeps all.
    if (
        number is not None
        and float(f"{number:.16G}") == number
        and not (each.name == "value" and isinstance(value, str))
    ):
        sheet.write_number(*at, number, formats["number"])
    elif day is not None and day >= _FIRST_DAY:
        sheet.write_datetime(*at, dt.datetime(day.year, day.month, day.day), formats["date"])
    elif len(text) > _CELL_CHARACTERS:
        raise ValueError(
            f"{each.name}: a text of {len(text):,} characters; a cell holds {_CELL_CHARACTERS:,}. Shorten it"
        )
    else:
        sheet.write_string(*at, text, formats["text"])
