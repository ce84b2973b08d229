"""The second count of a sheet's rows, apart from any reading of its cells, and the last word on its well-formedness."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from smarthan.tables.workbook.archive import Archive
from smarthan.tables.workbook.limits import WorkbookLimits
from smarthan.tables.workbook.parts import PartReader, names

_ROW, _HELD = names("row"), names("v") | names("f") | names("is")
_END = b"</sheetData>"


def count_rows(archive: Archive, part: str, limits: WorkbookLimits, begins_at: int | None = None) -> int:
    """Return how many rows of a sheet hold a value, a formula or a text, the header among them.

    Parameters
    ----------
    archive : Archive
        The workbook.
    part : str
        The sheet.
    limits : WorkbookLimits
        What it may cost.
    begins_at : int, optional
        Where its rows begin [bytes], if all of them are in the usual form (`usual`): then they are counted on the
        bytes, and expat only judges the XML. Otherwise they are counted on expat's start tags.

    Raises
    ------
    FileRefused
        When the part is damaged.
    """
    counter = (
        _TagCounter(archive, part, limits) if begins_at is None else _ByteCounter(archive, part, limits, begins_at)
    )
    counter.read()
    return counter.count


class _TagCounter(PartReader):
    """Counts by start tags alone. The limit on elements was held when the sheet was read."""

    def __init__(self, archive: Archive, part: str, limits: WorkbookLimits) -> None:
        super().__init__(archive, part, limits)
        self.count = 0
        self._open = False
        self.parser.EndElementHandler = None

    def charge(self) -> None:
        """Charge nothing: the elements of this sheet were charged when it was read."""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _ROW:
            self._open = True
        elif self._open and name in _HELD:
            self.count += 1
            self._open = False


class _ByteCounter(PartReader):
    """Counts on the bytes of the rows, block by block; expat reads the part without telling us of it."""

    def __init__(self, archive: Archive, part: str, limits: WorkbookLimits, begins_at: int) -> None:
        super().__init__(archive, part, limits)
        self.count = 0
        self._rest, self._skip, self._open, self._ended = b"", begins_at, False, False
        self.parser.StartElementHandler = self.parser.EndElementHandler = None

    def feed(self, block: bytes) -> None:
        """Count a block; the last tag in it may go on in the next."""
        super().feed(block)
        skipped = min(self._skip, len(block))
        self._skip -= skipped
        if self._ended or skipped == len(block):
            return
        block = self._rest + block[skipped:]
        end = block.find(_END)
        self._ended = end >= 0
        cut = end if self._ended else max(0, block.rfind(b"<"))
        self._rest = block[cut:]
        self._count(np.frombuffer(block[:cut] + b"    ", np.uint8))

    def _count(self, data: npt.NDArray[np.uint8]) -> None:
        at = np.flatnonzero(data == ord("<"))
        first, second, third, fourth = (data[at + n] for n in (1, 2, 3, 4))
        row = (first == ord("r")) & (second == ord("o")) & (third == ord("w")) & _ends(fourth)
        held = ((first == ord("v")) | (first == ord("f"))) & _ends(second)
        held |= (first == ord("i")) & (second == ord("s")) & _ends(third)
        # In which row each value stands; row 0 was open, and held nothing yet, at the end of the block before.
        filled = np.zeros(int(row.sum()) + 1, dtype=np.bool_)
        filled[np.cumsum(row)[held]] = True
        filled[0] &= self._open
        self.count += int(filled.sum())
        self._open = not filled[-1] and (len(filled) > 1 or self._open)


def _ends(byte: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Return whether a tag's name ends here."""
    return (byte == ord(">")) | (byte == ord(" ")) | (byte == ord("/"))
