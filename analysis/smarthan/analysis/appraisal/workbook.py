"""Reading an appraisal from one workbook: the sheets as text, every fault noted at its cell, nothing judged yet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from smarthan.settings import TomlFile
from smarthan.tables import FileRefused, Rows
from smarthan.tables.workbook import SheetEntry, Workbook, open_sheet, open_workbook, row_of

from .draft import STRUCTURE, AppraisalDraft, AppraisalSource
from .keys import NEEDED, TABLES
from .noting import find_valueless, note_structure
from .parts import InputFile
from .problems import Place, suggest
from .sheet_values import Cell, gather_values
from .sheets import GUIDE, OPTIONAL_SHEETS, PAIRS, SHEETS

_ERROR_CELL = re.compile(r"#(REF|VALUE|NAME|DIV/0|NUM|NULL|N/A|SPILL|CALC|FIELD)[!?]?")


class BookSource(AppraisalSource):
    """One workbook.

    Attributes
    ----------
    places : dict of str to place
        The cell of each key's path; of a sheet as a whole its name.
    letters : dict of str to dict
        Column letters by sheet and column.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.places: dict[str, Place] = {}
        self.ids: dict[str, list[str]] = {}
        self.names: dict[str, str] = {}
        self.letters: dict[str, dict[str, str]] = {}

    def file_of(self, part: str) -> str:
        """Return the name of the workbook."""
        return self.path.name

    def call(self, part: str) -> str:
        """Return the name of the sheet."""
        return f"the sheet {part}"

    def place_of(self, part: str, line: Place, column: str) -> Place:
        """Return the cell of a row and column; the sheet where no row is named."""
        if isinstance(line, str):
            return line
        sheet = self.names.get(part, part)
        if line is None:
            return sheet
        letters = self.letters.get(part, {})
        return f"{sheet}!{letters.get(column) or next(iter(letters.values()), 'A')}{line}"

    def find(self, key: str, near: str | None, last: bool) -> Place:
        """Return the cell of a key, or of the id of an entry."""
        if near is not None and near in self.ids:
            return self.ids[near][-1 if last else 0]
        return self.places.get(key)


def read_workbook(path: Path) -> AppraisalDraft:
    """Read the sheets of an appraisal as text.

    Parameters
    ----------
    path : Path
        An .xlsx or .xlsm workbook with the sheets `appraisal`, `options`, `criteria`, `scores`, `weights` and
        `evidence`, and where needed `gates`, `scales` and `trials`.

    Returns
    -------
    AppraisalDraft
        With no values, or a table absent, where a sheet could not be used; the problems say why.
    """
    source = BookSource(path)
    draft = AppraisalDraft(source)
    try:
        book = open_workbook(path)
        sheets = {name: book.find(name) for name in SHEETS}
    except FileRefused as refused:
        draft.error(refused.code, STRUCTURE, _say(refused), line="")
        return draft
    _note_book(draft, book)
    cells = {name: _read_sheet(draft, book, name, sheet) for name, sheet in sheets.items()}
    whole = all(found is not None for name, found in cells.items() if name not in TABLES)
    if whole:
        _take_structure(draft, source, {name: found or [] for name, found in cells.items() if name not in TABLES})
    for name in TABLES:
        found = cells[name]
        if found is not None:
            draft.tables[name] = [(row, {column: cell.text for column, cell in each.items()}) for row, each in found]
    rows = sum(len(table) for table in draft.tables.values())
    draft.files.append(InputFile(path.name, book.sha256, book.size, rows))
    return draft


SheetRows = list[tuple[int, dict[str, Cell]]]


def _say(refused: FileRefused) -> str:
    return str(refused).removeprefix(f"{refused.path}: ").removesuffix(f" ({refused.code})")


def _note_book(draft: AppraisalDraft, book: Workbook) -> None:
    for note in book.notes:
        draft.warn(note.code, STRUCTURE, note.message, line="")
    for sheet in book.sheets:
        if sheet.folded not in SHEETS and (sheet.hidden or sheet.folded != GUIDE):
            hidden = "is hidden, " if sheet.hidden else ""
            text = f"the sheet {hidden}is no part of an appraisal and was not read; parts: {', '.join(SHEETS)}"
            draft.warn("sheet_unknown", STRUCTURE, text, line=sheet.name[:64])


def _read_sheet(draft: AppraisalDraft, book: Workbook, name: str, sheet: SheetEntry | None) -> SheetRows | None:
    """Return the rows of a sheet with the place of each cell; None where it could not be used."""
    source = draft.source
    assert isinstance(source, BookSource)
    if sheet is None:
        if name in OPTIONAL_SHEETS:
            return []
        text = f"the workbook has no sheet {name}; found {book.describe_sheets()}. Add it"
        draft.error("sheet_missing", name, text)
        return None
    source.names[name] = sheet.name
    try:
        rows = open_sheet(book, sheet, SHEETS[name], typed=False)
    except FileRefused as refused:
        if refused.code == "file_empty" and name in OPTIONAL_SHEETS:
            return []
        draft.error(refused.code, name, _say(refused).replace(f"{book.path}!{sheet.name}: ", ""))
        return None
    if rows.places is not None:
        source.letters[name] = dict(rows.places.letters)
    return _take_rows(draft, name, rows) if _has_columns(draft, name, source.letters.get(name, {})) else None


def _has_columns(draft: AppraisalDraft, name: str, found: Mapping[str, str]) -> bool:
    needed = NEEDED.get(name) or [field.name for field in SHEETS[name].fields if field.required]
    absent = [column for column in needed if column not in found]
    if absent:
        draft.error("header_missing", name, f"has no column {', '.join(absent)}. Add it to the header", line=1)
    return not absent


def _take_rows(draft: AppraisalDraft, name: str, rows: Rows) -> SheetRows:
    """Return the rows as text, once what is wrong with their cells is noted."""
    texts = {column: rows.text[column].tolist() for column in rows.text}
    lines = [int(line) for line in rows.line]
    taken = [
        (line, {column: Cell(str(texts[column][at]).strip(), column) for column in texts})
        for at, line in enumerate(lines)
    ]
    _reject_texts(rows, texts)
    read = rows.finish()
    said = dict(taken)
    for fault in read.quarantine.itertuples():
        row = row_of(str(fault.line))
        about = {part: said[row][part].text[:64] for part in ("option", "criterion") if part in said.get(row, {})}
        draft.error(str(fault.code), name, str(fault.message), line=str(fault.line), **about)
        draft.unsound.add((name, row))
    _note_columns(draft, name, read.notes.itertuples())
    return taken


def _reject_texts(rows: Rows, texts: Mapping[str, list[str]]) -> None:
    """Quarantine the rows with a spreadsheet's error, or with a formula where an id belongs."""
    for column, cells in texts.items():
        errors = [text.startswith("#") and _ERROR_CELL.fullmatch(text) is not None for text in cells]
        rows.reject(np.array(errors), "cell_error", column, "'{value}' is a spreadsheet's error; restore the value")
        if rows.table.by_name[column].kind == "identifier":
            formulas = np.array([text.startswith("=") for text in cells])
            rows.reject(formulas, "cell_formula", column, "the cell is a formula; write the id itself")


def _note_columns(draft: AppraisalDraft, name: str, notes: Any) -> None:
    """Note columns that nobody declared, formulas and what is hidden."""
    structure = name not in TABLES
    known = [field.name for field in SHEETS[name].fields]
    for note in notes:
        if note.code == "header_unknown" and structure:
            text = f'the column "{str(note.original)[:64]}" is not known. {suggest(str(note.original), known)}'
            draft.error("key_unknown", name, text, line=str(note.line))
        elif note.code == "formula_value" and structure:
            text = f"{note.column}: a cell is a formula; write its value instead"
            draft.error("cell_formula", name, text, line=str(note.line))
        elif note.code in ("header_unknown", "header_spelling", "personal_column", "formula_value", "sheet_hidden"):
            draft.warn(str(note.code), name, f"{note.column or name}: {note.message}", line=str(note.line))


def _take_structure(draft: AppraisalDraft, source: BookSource, cells: dict[str, SheetRows]) -> None:
    """Put the structure's sheets together into the values that `appraisal.toml` would hold."""
    found = gather_values(cells, lambda sheet, row, column: source.place_of(sheet, row, column))
    for code, sheet, row, column, message in found.faults:
        draft.error(code, sheet, message, line=row, column=column)
    source.places = {**{name: source.names.get(name, name) for name in cells}, **found.places}
    source.ids = found.ids
    repeated = [name for name, count in Counter(found.keys).items() if count > 1]
    for name in repeated:
        line = source.places.get(name)
        draft.error("key_twice", STRUCTURE, f'the key "{name[:64]}" stands twice; keep one of the rows', line=line)
    for name, place in found.unknown.items():
        draft.error(
            "key_unknown", STRUCTURE, f'key "{name[:80]}" is not known. {suggest(name, list(PAIRS))}', line=place
        )
    draft.written = found.values
    note_structure(draft, TomlFile(source.path, "", found.values), source.places)
    sheet = f"{source.names['criteria']}!"
    if any(problem.code == "key_unknown" and str(problem.line).startswith(sheet) for problem in draft.problems):
        draft.broken |= find_valueless(draft.values.get("criteria", []))
