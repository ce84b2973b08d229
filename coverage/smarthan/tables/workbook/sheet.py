"""A sheet read cell by cell as its XML comes: columns of text, and what a CSV file could not have had.

Expat gives all of it in one pass: value, formula, type, style, hidden rows, merged ranges. openpyxl's read-only mode
gives a cell's value or its formula, never both, and neither merged ranges nor hidden rows; it fills the gaps between
rows and cells, so that one stray cell costs a million rows; and it takes a repeated row without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa

from smarthan.tables.problems import clip
from smarthan.tables.workbook.archive import Archive
from smarthan.tables.workbook.cells import CellReader, Fault, number_text
from smarthan.tables.workbook.limits import WorkbookLimits
from smarthan.tables.workbook.parts import PartReader, names
from smarthan.tables.workbook.places import Area, column_letters, column_number
from smarthan.tables.workbook.strings import TextRun, unescape

_ROW, _CELL, _VALUE, _FORMULA, _INLINE, _TEXT, _PHONETIC, _OTHER = range(8)
_TAGS = {name: tag for tag, local in enumerate(("row", "c", "v", "f", "is", "t", "rPh")) for name in names(local)}
_ROOT, _DATA, _MERGE, _LINK, _COL = (names(n) for n in ("worksheet", "sheetData", "mergeCell", "hyperlink", "col"))
_ROW_DEPTH, _CELL_DEPTH, _CONTENT_DEPTH = 3, 4, 5
_TRUE = ("1", "true", "on")
_CHUNK = 1 << 16  # rows whose texts are kept as Python's before they are packed


@dataclass
class Column:
    """A column that is kept: its name, how its cells are read, and its texts so far, packed and not."""

    name: str
    reader: CellReader
    cells: list[str] = field(default_factory=list)
    packed: list[pa.Array] = field(default_factory=list)

    def fill(self, count: int) -> None:
        """Add empty cells until there are so many since the last packing."""
        if len(self.cells) < count:
            self.cells.extend([""] * (count - len(self.cells)))

    def pack(self) -> None:
        """Pack the texts so far."""
        self.packed.append(pa.array(self.cells, pa.large_string()))
        self.cells.clear()

    def whole(self) -> pa.ChunkedArray:
        """Return all texts."""
        return pa.chunked_array(self.packed, pa.large_string())


@dataclass(slots=True)
class HeaderCell:
    """A cell of a row that may be the header."""

    column: int
    text: str


# Is given a row's number and cells; returns the columns to keep by number, or None where it is not the header yet.
Choose = Callable[[int, list[HeaderCell]], dict[int, Column] | None]


class SheetReader(PartReader):
    """Reads the part of one sheet.

    Attributes
    ----------
    header_row : int
        Number of the row with the names; 0 where none was found.
    width : int
        Number of the last column with a name.
    rows : list of int
        Number of each row below it that holds anything.
    columns : dict of int to Column
        The kept columns.
    faults : dict of (Fault, str) to list of int
        What cells break by what they are, with the column's name: positions in `rows`.
    long : list of (int, str)
        Rows with a cell right of the last name: position, and the cell.
    computed : dict of str to int
        Numbers that formulas gave, by column.
    merged, links, arrays : list of Area
        Merged ranges, cells with a hyperlink, ranges of one array formula.
    hidden_rows, hidden_columns : int
        Rows that were read though they are hidden; columns that are hidden.
    """

    def __init__(self, archive: Archive, part: str, limits: WorkbookLimits, strings: list[str], choose: Choose) -> None:
        super().__init__(archive, part, limits)
        self._strings, self._choose = strings, choose
        self.header_row = self.hidden_rows = self.hidden_columns = 0
        self.rows: list[int] = []
        self.columns: dict[int, Column] = {}
        self.faults: dict[tuple[Fault, str], list[int]] = {}
        self.long: list[tuple[int, str]] = []
        self.computed: dict[str, int] = {}
        self.merged: list[Area] = []
        self.links: list[Area] = []
        self.arrays: list[Area] = []
        self._last = self._packed = self._row = self._column = self.width = 0
        self._row_text, self._letters = "", dict[str, int]()
        self._hidden = self._filled = self._holds = self._silent = False
        self._type = self._style = self._value = self._formula = ""
        self._candidates: list[HeaderCell] = []
        self._is_formula = False
        self._run = TextRun(limits.cell_characters)
        self.parser.CharacterDataHandler = self._run.append

    def read(self) -> None:
        """Read the sheet to its end."""
        super().read()
        for column in self.columns.values():
            column.fill(len(self.rows) - self._packed)
            column.pack()

    def feed(self, block: bytes) -> None:
        """Parse one block."""
        super().feed(block)
        self._run.trim()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        tag = _TAGS.get(name, _OTHER)
        if tag == _CELL:
            self._begin_cell(attributes)
        elif _VALUE <= tag <= _INLINE:
            self._begin_content(tag, attributes)
        elif tag == _TEXT:
            self._run.clear()
        elif tag == _ROW:
            self._begin_row(attributes)
        elif tag == _PHONETIC:
            self._silent = True
        else:
            self._begin_other(name, attributes)
        if self.elements > self._most or len(attributes) > 16 or self.depth > _CONTENT_DEPTH:
            self.check_limits(attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        tag = _TAGS.get(name, _OTHER)
        if tag == _CELL:
            if self._holds:
                self._end_cell()
        elif tag == _VALUE:
            self._value = self._run.take()
        elif tag == _TEXT:
            if not self._silent:
                self._value = (self._value + self._run.take())[: self.limits.cell_characters + 1]
        elif tag == _FORMULA:
            self._formula = self._run.take()[:1000]
        elif tag == _ROW:
            self._end_row()
        elif tag == _PHONETIC:
            self._silent = False

    def _begin_other(self, name: str, attributes: dict[str, str]) -> None:
        if self.depth == 1 and name not in _ROOT:
            self.refuse("zip_invalid", "is no sheet of cells; put the table on a plain sheet")
        if name in _DATA and (self.depth != 2 or self._last):
            self.refuse("zip_invalid", "its rows stand where none belong; save the workbook again")
        if name in _MERGE:
            self._keep_area(self.merged, attributes.get("ref", ""))
        elif name in _LINK:
            self._keep_area(self.links, attributes.get("ref", ""))
        elif name in _COL and attributes.get("hidden") in _TRUE:
            first, last = attributes.get("min", ""), attributes.get("max", "")
            self.hidden_columns += int(last) - int(first) + 1 if (first + last).isdigit() and len(last) < 6 else 1

    def _keep_area(self, areas: list[Area], reference: str) -> None:
        if len(areas) >= self.limits.ranges:
            self.refuse("zip_size", f"has more than {self.limits.ranges:,} ranges of one kind; save the sheet as CSV")
        for part in reference.split(" ", 16)[:16]:
            try:
                areas.append(Area(part))
            except ValueError as error:
                self.refuse("zip_invalid", f"{error}; save the workbook again")

    def _begin_row(self, attributes: dict[str, str]) -> None:
        if self.depth != _ROW_DEPTH:
            self.refuse("zip_invalid", "a row stands where none belongs; save the workbook again")
        text = attributes.get("r")
        if text is None:
            self._row = self._last + 1
        elif text.isdigit() and text.isascii() and len(text) < 10:
            self._row = int(text)
        else:
            self._row = 0
        if self._row <= self._last:
            self.refuse("zip_invalid", f"row {text!r:.20} comes after row {self._last}; save the workbook again")
        self._row_text, self._last, self._column = str(self._row), self._row, 0
        self._hidden = attributes.get("hidden") in _TRUE
        self._filled = False

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if self.depth != _CELL_DEPTH:
            self.refuse("zip_invalid", "a cell stands outside a row; save the workbook again")
        reference = attributes.get("r")
        if reference is None:
            column = self._column + 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._letters.get(letters) or self._number(letters)
            if reference[len(letters) :] != self._row_text:
                self.refuse("zip_invalid", f"cell {reference[:20]} stands in row {self._row}; save the workbook again")
        if column <= self._column:
            self.refuse("zip_invalid", f"cell {reference!r:.20} stands twice or out of order; save the workbook again")
        self._column = column
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._value = self._formula = ""
        self._holds = self._is_formula = False

    def _number(self, letters: str) -> int:
        if not (1 <= len(letters) <= 3 and letters.isalpha() and letters.isascii() and letters.isupper()):
            self.refuse(
                "zip_invalid", f"a cell of row {self._row} is named '{letters[:20]}...'; save the workbook again"
            )
        self._letters[letters] = column_number(letters)
        return self._letters[letters]

    def _begin_content(self, tag: int, attributes: dict[str, str]) -> None:
        if self.depth != _CONTENT_DEPTH:
            self.refuse("zip_invalid", "a value stands outside a cell; save the workbook again")
        self._holds = self._filled = True
        self._run.clear()
        if tag == _FORMULA:
            self._is_formula = True
            if attributes.get("t") == "array" and "ref" in attributes:
                self._keep_area(self.arrays, attributes["ref"])

    def _end_cell(self) -> None:
        kind, value = self._type, self._value
        if kind == "s":
            value = self._shared(value)
        elif kind in ("inlineStr", "str"):
            value = unescape(value)
        if not self.header_row:
            self._candidates.append(HeaderCell(self._column, value.strip()))
            return
        column = self.columns.get(self._column)
        if column is None:
            if value and self._column > self.width:
                self.long.append((len(self.rows), f"{column_letters(self._column)}{self._row}"))
            return
        if self._is_formula or kind != "s" or "\0" in value:
            value = self._judge(column, kind, value)
        if value:
            column.fill(len(self.rows) - self._packed)
            column.cells.append(value)

    def _judge(self, column: Column, kind: str, value: str) -> str:
        """Return the text of a cell that is more than a shared text, and keep what is wrong with it."""
        reader = column.reader
        if kind == "n" and not self._is_formula and not self._style and reader.is_number:
            return number_text(value.strip())
        if self._is_formula:
            read = reader.read_formula(kind, value, self._style, self._formula)
        else:
            read = reader.read(kind, value, self._style)
        if read.fault is not None:
            self.faults.setdefault((read.fault, column.name), []).append(len(self.rows))
        if read.computed:
            self.computed[column.name] = self.computed.get(column.name, 0) + 1
        return read.text

    def _shared(self, value: str) -> str:
        try:
            number = int(value)
            if number >= 0:
                return self._strings[number]
        except (ValueError, IndexError):
            pass
        place = f"cell {column_letters(self._column)}{self._row}"
        message = f"{place} refers to text {clip(value, 20)!r} of {len(self._strings):,}; save the workbook again"
        return self.refuse("zip_invalid", message)

    def _end_row(self) -> None:
        if not self._filled:
            return
        if self.header_row:
            self.rows.append(self._row)
            self.hidden_rows += self._hidden
            if len(self.rows) - self._packed >= _CHUNK:
                for column in self.columns.values():
                    column.fill(_CHUNK)
                    column.pack()
                self._packed = len(self.rows)
            return
        chosen = self._choose(self._row, self._candidates)
        if chosen is not None:
            self.header_row, self.columns = self._row, chosen
            self.width = max((cell.column for cell in self._candidates if cell.text), default=0)
        self._candidates = []


class _RowCounter(PartReader):
    """Counts the rows that hold anything by start tags alone, independently of what their cells say."""

    def __init__(self, archive: Archive, part: str, limits: WorkbookLimits) -> None:
        super().__init__(archive, part, limits)
        self.count = 0
        self._open = False
        self.parser.CharacterDataHandler = None
        self.parser.EndElementHandler = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _TAGS.get(name, _OTHER)
        if tag == _ROW:
            self._open = True
        elif self._open and _VALUE <= tag <= _INLINE:
            self.count += 1
            self._open = False


def count_rows(archive: Archive, part: str, limits: WorkbookLimits) -> int:
    """Return how many rows of a sheet hold a value, a formula or a text, the header among them.

    Raises
    ------
    FileRefused
        When the part is damaged.
    """
    counter = _RowCounter(archive, part, limits)
    counter.read()
    return counter.count
