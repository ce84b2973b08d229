"""The header of a sheet: found, held against the declared columns, and refused where it cannot be one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import NoReturn

from smarthan.tables.fields import Table
from smarthan.tables.findings import Problem
from smarthan.tables.problems import FileRefused, clip
from smarthan.tables.reading import choose_columns, refuse_alias_clash
from smarthan.tables.workbook.book import Workbook
from smarthan.tables.workbook.cells import CellReader
from smarthan.tables.workbook.columns import Column, HeaderCell
from smarthan.tables.workbook.places import column_letters
from smarthan.tables.workbook.sheet import SheetReader

_SEARCHED = 20  # rows below the first one in which a header is looked for, so that a message can say where it stands


class Header:
    """Chooses the columns of a sheet.

    Attributes
    ----------
    numbers : dict of str to int
        Column number of each declared column that is there.
    letters : dict of str to str
        Column letters by name, undeclared columns among them.
    dropped : tuple of str
        Names of columns that were not read.
    notes : list of Problem
        Columns renamed or dropped.
    """

    def __init__(self, name: str, table: Table, also: Collection[str], book: Workbook) -> None:
        self._name, self._table, self._also, self._book = name, table, also, book
        self._wanted = {alias.casefold(): f.name for f in table.fields for alias in (f.name, *f.aliases)}
        self._first: list[HeaderCell] = []
        self._first_row = self._tried = 0
        self.numbers: dict[str, int] = {}
        self.letters: dict[str, str] = {}
        self.dropped: tuple[str, ...] = ()
        self.notes: list[Problem] = []

    def choose(self, row: int, cells: list[HeaderCell]) -> dict[int, Column] | None:
        """Return the columns to keep, or None where the row is not the header; then the sheet is refused later."""
        names = [cell.text.casefold() for cell in cells]
        known = sum(name in self._wanted for name in names)
        if self._tried:
            if known > 1:
                message = f"the header stands in row {row}; delete the rows above it"
                raise FileRefused(self._name, "header_not_found", message)
        elif known:
            return self._choose_columns(row, [cell for cell in cells if cell.text])
        else:
            self._first, self._first_row = cells, row
        self._tried += 1
        if self._tried > _SEARCHED:
            self._refuse_header()
        return None

    def check(self, reader: SheetReader) -> None:
        """Refuse a sheet that was read to its end and has no header, no row, or a header of merged cells."""
        if not reader.header_row:
            if not self._tried:
                raise FileRefused(
                    self._name, "file_empty", "the sheet is empty; a header and at least one row are needed"
                )
            self._refuse_header()
        for area in reader.merged:
            if area.top <= reader.header_row <= area.bottom and area.left <= reader.width:
                message = f"the cells {area.reference} of the header are merged; give each column a name of its own"
                raise FileRefused(self._name, "header_not_found", message)
        if not reader.rows:
            raise FileRefused(self._name, "file_empty", "has a header and no data row")

    def _refuse_header(self) -> NoReturn:
        shown = ", ".join(cell.text for cell in self._first if cell.text)
        expected = ", ".join(dict.fromkeys(self._wanted.values()))
        message = f"row {self._first_row} ('{clip(shown)}') is not a header; expected columns: {expected}"
        raise FileRefused(self._name, "header_not_found", message)

    def _choose_columns(self, row: int, cells: list[HeaderCell]) -> dict[int, Column]:
        if len(cells) > self._book.limits.columns:
            message = f"has {len(cells):,} columns; at most {self._book.limits.columns} are read"
            raise FileRefused(self._name, "file_too_large", message)
        written = [cell.text for cell in cells]
        folded = [text.casefold() for text in written]
        self._refuse_repeated(row, folded)
        kept, self.notes = choose_columns(written, folded, row, self._wanted)
        refuse_alias_clash(self._name, kept)
        self._refuse_absent(list(kept.values()))
        self.dropped = tuple(name for name in folded if name not in kept)
        by_name = dict(zip(folded, (cell.column for cell in cells), strict=True))
        self.numbers = {meant: by_name[name] for name, meant in kept.items()}
        self.letters = {kept.get(name, name): column_letters(number) for name, number in by_name.items()}
        also = {name for name in folded if name in self._also and name not in kept.values()}
        return {
            number: self._column(kept.get(name, name))
            for name, number in by_name.items()
            if name in kept or name in also
        }

    def _column(self, name: str) -> Column:
        field = self._table.by_name.get(name)
        return Column(name, CellReader(field, self._book.looks, from_1904=self._book.from_1904))

    def _refuse_repeated(self, row: int, folded: list[str]) -> None:
        if repeated := [name for name, count in Counter(folded).items() if count > 1]:
            shown = ", ".join(map(clip, sorted(repeated)))
            message = f"row {row}: the column {shown} stands twice; rename one"
            raise FileRefused(self._name, "header_duplicate", message)

    def _refuse_absent(self, found: list[str]) -> None:
        absent = [f.name for f in self._table.fields if f.name not in found and not f.optional_column]
        if absent:
            shown = ", ".join(map(clip, found)) or "none of the declared names"
            message = f"has no column {', '.join(absent)}; found {shown}. Add the column to the header"
            raise FileRefused(self._name, "header_missing", message)
