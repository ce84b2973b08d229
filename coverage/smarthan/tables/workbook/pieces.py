"""A sheet's part fed piece by piece: rows in the usual form are taken apart at once, all else goes to expat.

Expat is given a row again only where it stands between two rows, seen by its own account: what it then never saw would
have changed nothing but the rows.
"""

from __future__ import annotations

from abc import abstractmethod

from smarthan.tables.workbook.archive import Archive
from smarthan.tables.workbook.limits import WorkbookLimits
from smarthan.tables.workbook.parts import PartReader
from smarthan.tables.workbook.usual import Token, count_starts, take_apart

_AT_ONCE = 1 << 20  # bytes of rows that are taken apart at once
_BEGIN, _END, _END_ROW = b"<sheetData>", b"</sheetData>", b"</row>"
ROW_DEPTH = 3


class PieceReader(PartReader):
    """Decides who reads which piece of a sheet.

    Attributes
    ----------
    header_row : int
        Number of the row with the names; 0 while none was found, and till then all rows are expat's.
    is_usual : bool
        Whether all rows below the header are in the form of `take_apart`, so that they can be counted on the bytes.
    begins_at : int
        The byte after the tag that begins the rows, where `is_usual`.
    data_at, row_ended_at : int
        Where expat last saw the rows begin, and a row end [bytes of what it was fed].
    """

    def __init__(self, archive: Archive, part: str, limits: WorkbookLimits) -> None:
        super().__init__(archive, part, limits)
        self.header_row = self.begins_at = 0
        self.is_usual, self.data_at, self.row_ended_at = True, -1, -1
        self._stage, self._held, self._is_utf8 = "before", b"", True
        self.parser.XmlDeclHandler = self._note_encoding

    @abstractmethod
    def take(self, tokens: list[Token]) -> None:
        """Take whole rows in the usual form."""

    @abstractmethod
    def after_block(self) -> None:
        """Do what is due after each block that expat was fed."""

    def feed(self, block: bytes) -> None:
        """Take a block: rows in the usual form are taken apart at once, all else goes to expat."""
        self._held += block
        if self._stage == "before":
            self._feed_beginning()
        if self._stage == "rows":
            self._feed_rows()
        if self._stage == "expat":
            self._parse(len(self._held))

    def close(self) -> None:
        """Parse what is left, and the end."""
        self.is_usual &= self._stage == "expat"
        self._parse(len(self._held))
        super().close()

    def _parse(self, count: int) -> None:
        block, self._held = self._held[:count], self._held[count:]
        super().feed(block)
        self.after_block()

    def _feed_beginning(self) -> None:
        at = self._held.find(_BEGIN)
        if at < 0:
            self._parse(max(0, len(self._held) - len(_BEGIN)))
            return
        self.begins_at = self.fed + at + len(_BEGIN)
        self._parse(at + len(_BEGIN))
        # Expat saw this very tag begin the rows: it stands in no comment, and its name has no prefix.
        self.is_usual = self._is_utf8 and self.data_at == self.fed - len(_BEGIN)
        self._stage = "rows" if self.is_usual else "expat"

    def _feed_rows(self) -> None:
        """Take whole rows: the header to expat, those below it in large pieces."""
        while self._stage == "rows":
            end = self._held.find(_END)
            if self.header_row:
                cut = self._held.rfind(_END_ROW, 0, end if end >= 0 else len(self._held))
            else:
                cut = self._held.find(_END_ROW)
            if end >= 0 and (cut < 0 or cut > end):
                self.is_usual &= take_apart(self._held[:end]) is not None
                self._stage = "expat"
            elif cut < 0 or (self.header_row and end < 0 and len(self._held) < _AT_ONCE):
                self._stage = "rows" if len(self._held) < 2 * _AT_ONCE else self._give_up()
                return
            else:
                self._take_rows(cut + len(_END_ROW))

    def _give_up(self) -> str:
        self.is_usual = False
        return "expat"

    def _take_rows(self, count: int) -> None:
        tokens = take_apart(self._held[:count])
        if tokens is None:
            self.is_usual = False
        if self.header_row and tokens is not None:
            self.elements += count_starts(self._held[:count])
            self.check_limits({})
            self._held = self._held[count:]
            self.take(tokens)
            return
        self._parse(count)
        if self.depth != ROW_DEPTH - 1 or self.row_ended_at != self.fed - len(_END_ROW):
            self._stage = self._give_up()  # the row's end stood in a comment, or expat has not come to it yet

    def _note_encoding(self, version: str, encoding: str | None, standalone: int) -> None:
        self._is_utf8 = encoding is None or encoding.casefold() == "utf-8"
