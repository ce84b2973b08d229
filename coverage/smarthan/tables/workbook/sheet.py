"""A sheet read cell by cell as its XML comes: columns of text, and what a CSV file could not have had.

Expat gives all of it in one pass: value, formula, type, style, hidden rows, merged ranges. openpyxl's read-only mode
gives a cell's value or its formula, never both, and neither merged ranges nor hidden rows; it fills the gaps between
rows and cells, so that one stray cell costs a million rows; and it takes a repeated row without a word.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from typing import NoReturn

from smarthan.tables.problems import clip
from smarthan.tables.workbook.archive import Archive
from smarthan.tables.workbook.cells import Fault, number_text
from smarthan.tables.workbook.columns import Alike, Column, HeaderCell
from smarthan.tables.workbook.limits import WorkbookLimits
from smarthan.tables.workbook.parts import COST, ROW_COST, names
from smarthan.tables.workbook.pieces import ROW_DEPTH, PieceReader
from smarthan.tables.workbook.places import Area, column_letters, column_number
from smarthan.tables.workbook.strings import TextRun, unescape
from smarthan.tables.workbook.usual import Token, attributes_of

_ROW, _CELL, _VALUE, _FORMULA, _INLINE, _TEXT, _PHONETIC, _OTHER = range(8)
_TAGS = {name: tag for tag, local in enumerate(("row", "c", "v", "f", "is", "t", "rPh")) for name in names(local)}
_ROOT, _DATA, _MERGE, _LINK, _COL = (names(n) for n in ("worksheet", "sheetData", "mergeCell", "hyperlink", "col"))
_CELL_DEPTH, _CONTENT_DEPTH = 4, 5
_TRUE = ("1", "true", "on")
_CHUNK = 1 << 16  # rows whose texts are kept as Python's before they are packed
_KINDS = 1000  # pairs of type and style that a column's cells are read by without a look at each
_NAMED_LONG = 1000  # cells right of the table that are named one by one


# Is given a row's number and cells; returns the columns to keep by number, or None where it is not the header yet.
Choose = Callable[[int, list[HeaderCell]], dict[int, Column] | None]


def _no_text(value: str) -> str:
    """Return that each such cell needs a look of its own."""
    return ""


_ODD = Alike(_no_text, None)


class SheetReader(PieceReader):
    """Reads the part of one sheet.

    Attributes
    ----------
    header_row : int
        Number of the row with the names; 0 where none was found.
    width : int
        Number of the last column with a name.
    rows : array of int
        Number of each row below it that holds anything.
    columns : dict of int to Column
        The kept columns.
    faults : dict of (Fault, str) to array of int
        What cells break by what they are, with the column's name: positions in `rows`.
    long, long_cells : array of int, list of str
        Rows with a cell right of the last name: position of each, and the cells of the first thousand.
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
        self.hidden_rows = self.hidden_columns = 0
        self.rows = array("q")
        self.columns: dict[int, Column] = {}
        self.faults: dict[tuple[Fault, str], array[int]] = {}
        self.long, self.long_cells = array("q"), list[str]()
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

    def after_block(self) -> None:
        """Forget what no cell may hold."""
        self._run.trim()

    def take(self, tokens: list[Token]) -> None:
        """Take rows and cells in the usual form: what `_begin_row`, `_begin_cell` and `_end_cell` do, in one loop."""
        places, columns = self._letters, self.columns
        self._filled = self._is_formula = False
        at = 0
        for row, others, letters, number, attributes, value in tokens:
            if row:
                self._end_row()
                self._open_row({"r": row, **attributes_of(others)} if others else {"r": row})
                at = len(self.rows) - self._packed
                continue
            place = places.get(letters) or self._number(letters)
            if number != self._row_text or place <= self._column:
                self._misplaced(letters + number, "in another row, twice or out of order")
            self._column = place
            if not value:
                continue
            self._filled = True
            column = columns.get(place)
            alike = None if column is None else column.alike.get(attributes) or self._begin_alike(column, attributes)
            if column is None or alike is None or not (text := alike.text(value)):
                self._take_odd(attributes, value)
                continue
            cells = column.cells
            if len(cells) < at:
                column.fill(at)
            cells.append(text)
            if alike.faulty is not None:
                alike.faulty.append(len(self.rows))
        self._end_row()

    def _take_odd(self, attributes: str, value: str) -> None:
        self.elements += 2 * (COST - 1)  # the cell and its value, as costly as if expat had told us of them
        found = attributes_of(attributes)
        self._type, self._style = found.get("t", "n"), found.get("s", "")
        self._value = value[: self.limits.cell_characters + 1]
        self._end_cell()

    def _begin_alike(self, column: Column, attributes: str) -> Alike:
        """Return how cells of a column with these attributes become text, kept for the next of them."""
        if len(column.alike) >= _KINDS:
            return _ODD
        found = attributes_of(attributes)
        kind = found.get("t", "n")
        text, fault = column.reader.read_alike(kind, found.get("s", "")) or (_no_text, None)
        if kind == "s":
            text = self._shared_text
        faulty = None if fault is None else self.faults.setdefault((fault, column.name), array("q"))
        return column.alike.setdefault(attributes, Alike(text, faulty))

    def _shared_text(self, value: str) -> str:
        """Return a text that cells share; '' where it, or what it is asked by, needs another look."""
        if not (value.isdigit() and value.isascii() and len(value) < 10):
            return ""
        number = int(value)
        text = self._strings[number] if number < len(self._strings) else ""
        return "" if "\0" in text else text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += COST
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
            self.row_ended_at = self.parser.CurrentByteIndex
            self._end_row()
        elif tag == _PHONETIC:
            self._silent = False

    def _begin_other(self, name: str, attributes: dict[str, str]) -> None:
        if self.depth == 1 and name not in _ROOT:
            self.refuse("zip_invalid", "is no sheet of cells; put the table on a plain sheet")
        if name in _DATA and (self.depth != 2 or self._last):
            self.refuse("zip_invalid", "its rows stand where none belong; save the workbook again")
        if name in _DATA:
            self.data_at = self.parser.CurrentByteIndex
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
        if self.depth != ROW_DEPTH:
            self.refuse("zip_invalid", "a row stands where none belongs; save the workbook again")
        self._open_row(attributes)

    def _open_row(self, attributes: Mapping[str, str]) -> None:
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
                self._misplaced(reference, "in another row")
        if column <= self._column:
            self._misplaced(reference or "", "twice or out of order")
        self._column = column
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._value = self._formula = ""
        self._holds = self._is_formula = False

    def _misplaced(self, reference: str, how: str) -> NoReturn:
        message = f"in row {self._row}, cell {reference!r:.20} stands {how}; save the workbook again"
        self.refuse("zip_invalid", message)

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
                self._keep_long()
            return
        if self._is_formula or kind != "s" or "\0" in value:
            value = self._judge(column, kind, value)
        if value:
            column.fill(len(self.rows) - self._packed)
            column.cells.append(value)

    def _keep_long(self) -> None:
        if self.long and self.long[-1] == len(self.rows):
            return
        if len(self.long) < _NAMED_LONG:
            self.long_cells.append(f"{column_letters(self._column)}{self._row}")
        self.long.append(len(self.rows))

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
            self.faults.setdefault((read.fault, column.name), array("q")).append(len(self.rows))
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
            self.elements += ROW_COST
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
