"""From a sheet to the working rows of a declared table, under the rules that a CSV file meets."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import numpy.typing as npt

from smarthan.tables.accounting import Rows, Source
from smarthan.tables.cells import Cells
from smarthan.tables.fields import Table
from smarthan.tables.findings import Places, Problem
from smarthan.tables.workbook.areas import Cover, covered
from smarthan.tables.workbook.book import SheetEntry, Workbook
from smarthan.tables.workbook.counting import count_rows
from smarthan.tables.workbook.header import Header
from smarthan.tables.workbook.limits import LAST_ROW
from smarthan.tables.workbook.sheet import SheetReader


def open_sheet(
    book: Workbook, sheet: SheetEntry, table: Table, *, also: Collection[str] = (), typed: bool = True
) -> Rows:
    """Read a sheet of a workbook into the working rows of a declared table, each cell's own rules applied.

    Parameters
    ----------
    book : Workbook
        Opened by `open_workbook`.
    sheet : SheetEntry
        One of its sheets, as `book.find` gives it.
    table : Table
        The declaration; columns may stand in any order and by any of their aliases.
    also : collection of str
        Undeclared columns to keep as text in `Rows.also`.
    typed : bool
        False leaves the cells as text in `Rows.text`: what a cell is is judged, what it says is not.

    Returns
    -------
    Rows
        Ready for rules across columns and rows. The quarantine names cells as `Sheet!B7`.

    Raises
    ------
    FileRefused
        When the sheet has no header, no row, a required column too few, one twice, or is damaged.

    Notes
    -----
    A cell becomes the text that a CSV file would hold where that is certain; otherwise its row is quarantined
    (`cell_type`, `id_mangled`, `cell_formula`). A formula's last value counts in a column of numbers only. Rows and
    columns that are hidden are read, and that is said. Rows are counted a second time on the sheet's start tags.

    Examples
    --------
    >>> import tempfile, xlsxwriter
    >>> from pathlib import Path
    >>> from smarthan.tables import Field, Table
    >>> from smarthan.tables.workbook import open_workbook
    >>> fields = Field("id", "identifier", "Name."), Field("n", "integer", "Count.")
    >>> table = Table("t", "A table.", fields, key=("id",))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with xlsxwriter.Workbook(Path(folder) / "t.xlsx") as workbook:
    ...         cells = workbook.add_worksheet("t")
    ...         for number, row in enumerate([("id", "n"), ("007", 5), (7, 5)]):
    ...             _ = cells.write_row(number, 0, row)
    ...     book = open_workbook(Path(folder) / "t.xlsx")
    ...     read = open_sheet(book, book.find("T"), table).finish()
    >>> read.frame.values.tolist(), read.quarantine[["line", "code"]].values.tolist()
    ([['007', 5]], [['t!A3', 'id_mangled']])
    """
    name = f"{book.path}!{sheet.name}"
    header = Header(name, table, also, book)
    reader = SheetReader(book.archive, sheet.part, book.limits, book.strings, header.choose)
    reader.read()
    header.check(reader)
    rows = _as_rows(book, sheet, table, header, reader, typed)
    _reject_odd_cells(rows, reader)
    _reject_covered(rows, reader, header)
    return rows


def _as_rows(book: Workbook, sheet: SheetEntry, table: Table, header: Header, reader: SheetReader, typed: bool) -> Rows:
    source = Source(
        file=f"{book.path}!{sheet.name}",
        sha256=book.sha256,
        size=book.size,
        format="xlsx",
        encoding="utf-8",
        records=count_rows(book.archive, sheet.part, book.limits, reader.begins_at if reader.is_usual else None) - 1,
        parsed=len(reader.rows),
        dropped_columns=header.dropped,
    )
    texts = {column.name: column.whole() for column in reader.columns.values()}
    line = np.array(reader.rows, dtype=np.int64)
    problems = [*header.notes, *_notes(sheet, reader)]
    cells = Cells.from_arrow(texts, len(line))
    rows = Rows.from_text(table, source, cells, line, problems, room=book.archive.budget.room, typed=typed)
    rows.places = Places(sheet.name, header.letters)
    return rows


def _notes(sheet: SheetEntry, reader: SheetReader) -> Iterator[Problem]:
    hidden = [
        *(["the sheet itself"] if sheet.hidden else []),
        *([f"{reader.hidden_rows:,} rows"] if reader.hidden_rows else []),
        *([f"{reader.hidden_columns:,} columns"] if reader.hidden_columns else []),
    ]
    if hidden:
        yield Problem("sheet_hidden", 0, "", "", f"hidden, and read like the rest: {', '.join(hidden)}")
    for column, count in reader.computed.items():
        message = f"{count:,} numbers are the last values of formulas; nothing was worked out anew"
        yield Problem("formula_value", 0, column, "", message)


def _reject_odd_cells(rows: Rows, reader: SheetReader) -> None:
    """Quarantine rows for what their cells are, whatever these say, and rows that go beyond the table."""
    for (fault, column), at in reader.faults.items():
        if column in rows.text:
            rows.reject(_mask(rows, at), fault.code, column, fault.message)
    named = len(reader.long_cells)
    for position, cell in zip(reader.long, reader.long_cells, strict=False):
        rows.reject(_mask(rows, [position]), "row_long", "", f"cell {cell} stands right of the last named column")
    rows.reject(_mask(rows, reader.long[named:]), "row_long", "", "a cell stands right of the last named column")
    far = np.asarray(rows.line, dtype=np.int64) > LAST_ROW
    rows.reject(far, "row_far", "", f"the row lies below row {LAST_ROW:,}, where a sheet ends")


def _reject_covered(rows: Rows, reader: SheetReader, header: Header) -> None:
    """Quarantine rows for what lies over their cells: a merged range, a link, the formula of a whole range."""
    merged = Cover("cell_merged", "lies under the merged cells", skip_first=True)
    linked = Cover("cell_formula", "has a hyperlink", kinds=("identifier", "text"))
    spread = Cover("cell_formula", "is given by the formula of the cells", but=("integer", "number"))
    for cover, areas in ((merged, reader.merged), (linked, reader.links), (spread, reader.arrays)):
        for column, positions, message in covered(rows, header.numbers, areas, cover):
            rows.reject(_mask(rows, positions), cover.code, column, message)


def _mask(rows: Rows, at: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    mask = np.zeros(len(rows.line), dtype=np.bool_)
    mask[np.asarray(at, dtype=np.int64)] = True
    return mask
