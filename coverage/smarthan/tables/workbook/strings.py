"""The texts that a workbook's cells share, and the spelling of odd characters in them."""

from __future__ import annotations

import re

from smarthan.tables.workbook.archive import Archive
from smarthan.tables.workbook.limits import WorkbookLimits
from smarthan.tables.workbook.parts import PartReader, names

_ITEM, _TEXT, _PHONETIC = names("si"), names("t"), names("rPh")
# ECMA-376 part 1, 22.9.2.19 (ST_Xstring): a character that XML cannot hold is written _xHHHH_.
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """Return a text with `_xHHHH_` turned into its character; half of a surrogate pair is no character and stays.

    Examples
    --------
    >>> unescape("a_x000D_b"), unescape("_x005F_x000D_"), unescape("_xD800_")
    ('a\\rb', '_x000D_', '_xD800_')
    """
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda m: m[0] if 0xD800 <= int(m[1], 16) <= 0xDFFF else chr(int(m[1], 16)), text)


class TextRun(list[str]):
    """The characters of one cell as they come in pieces: `append` takes one, so that a piece costs no call of ours."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def take(self) -> str:
        """Return what has come, at most one character more than a cell may hold, and begin anew."""
        text = self[0] if len(self) == 1 else "".join(self)
        self.clear()
        return text if len(text) <= self._limit else text[: self._limit + 1]

    def trim(self) -> None:
        """Forget what no cell may hold; called after each block, so that a cell without end costs one block."""
        if len(self) > 1:
            self.append(self.take())


class StringReader(PartReader):
    """Reads `xl/sharedStrings.xml`; phonetic hints are no part of a text.

    Attributes
    ----------
    strings : list of str
        By the number that cells carry as their value.
    """

    def __init__(self, archive: Archive, part: str, limits: WorkbookLimits) -> None:
        super().__init__(archive, part, limits)
        self.strings: list[str] = []
        self._parts: list[str] = []
        self._run = TextRun(limits.cell_characters)
        self._silent = False
        self.parser.CharacterDataHandler = self._run.append

    def feed(self, block: bytes) -> None:
        """Parse one block."""
        super().feed(block)
        self._run.trim()

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an item, a piece of its text, or a hint."""
        self._run.clear()
        if name in _ITEM:
            self._parts.clear()
        elif name in _PHONETIC:
            self._silent = True

    def end(self, name: str) -> None:
        """Keep a piece of text, or the item that it completes."""
        if name in _TEXT and not self._silent:
            self._parts.append(self._run.take())
        elif name in _PHONETIC:
            self._silent = False
        elif name in _ITEM:
            whole = self._parts[0] if len(self._parts) == 1 else "".join(self._parts)
            self.strings.append(unescape(whole[: self.limits.cell_characters + 1]))
        self._run.clear()
