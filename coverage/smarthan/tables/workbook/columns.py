"""The columns of a sheet that are kept, filled cell by cell and packed now and then."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa

from smarthan.tables.workbook.cells import CellReader


@dataclass(frozen=True, slots=True)
class Alike:
    """Cells of one column that have the same type and style.

    Attributes
    ----------
    text : function
        Returns a cell's text from its content; '' where the cell needs a look of its own.
    faulty : array of int, optional
        Positions of rows with such a cell, where each of them is a fault.
    """

    text: Callable[[str], str]
    faulty: array[int] | None


@dataclass
class Column:
    """A column that is kept: its name, how its cells are read, and its texts so far, packed and not."""

    name: str
    reader: CellReader
    cells: list[str] = field(default_factory=list)
    packed: list[pa.Array] = field(default_factory=list)
    alike: dict[str, Alike] = field(default_factory=dict)

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
