"""Which of a workbook's cell styles show a number as a date, and which show it as it stands."""

from __future__ import annotations

import re
from typing import Literal

from smarthan.tables.workbook.archive import Archive
from smarthan.tables.workbook.limits import WorkbookLimits
from smarthan.tables.workbook.parts import PartReader, names

Look = Literal["plain", "date", "dressed"]

# ECMA-376 part 1, 18.8.30: number formats that need no definition. Dates and times, in all languages:
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_PLAIN = frozenset([0, 1, 49])  # General, 0 and @: what stands in the cell is what is shown
# What a format shows literally: quoted, after a backslash, as filler, in brackets (a colour, a language, a condition).
_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_XF, _FORMATS, _FORMAT = names("xf"), names("cellXfs"), names("numFmt")


def look_of(code: str) -> Look:
    """Return how a number format shows a number.

    Examples
    --------
    >>> look_of("yyyy-mm-dd"), look_of("[h]:mm"), look_of('0.0 "days"'), look_of("[Red]0"), look_of("General")
    ('date', 'date', 'dressed', 'dressed', 'plain')
    """
    if code.strip().casefold() in ("general", "@", "0", ""):
        return "plain"
    first = _LITERAL.sub("", code).split(";")[0].casefold().replace("general", "")
    return "date" if re.search(r"[dmyhs]", first) else "dressed"


class StyleReader(PartReader):
    """Reads `xl/styles.xml`.

    Attributes
    ----------
    looks : list of Look
        By the number that cells carry as their style.
    """

    def __init__(self, archive: Archive, part: str, limits: WorkbookLimits) -> None:
        super().__init__(archive, part, limits)
        self.looks: list[Look] = []
        self._own: dict[str, Look] = {}
        self._inside = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take a number format or a cell's style."""
        if name in _FORMAT and self.depth == 3:
            self._own[attributes.get("numFmtId", "")] = look_of(attributes.get("formatCode", "")[:1000])
        elif name in _FORMATS:
            self._inside = True
        elif name in _XF and self._inside and self.depth == 3:
            self.looks.append(self._look(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        """Leave the list of styles."""
        if name in _FORMATS:
            self._inside = False

    def _look(self, number: str) -> Look:
        if number in self._own:
            return self._own[number]
        known = int(number) if re.fullmatch("[0-9]{1,4}", number) else 0
        return "date" if known in _DATES else "plain" if known in _PLAIN else "dressed"
