"""Where a cell stands in a workbook: `Sheet!B7` from a row and a column, and ranges back into numbers."""

from __future__ import annotations

import re

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


def column_number(letters: str) -> int:
    """Return a column's number, from 1.

    Examples
    --------
    >>> column_number("A"), column_number("AA"), column_number("XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return a column's letters.

    Examples
    --------
    >>> column_letters(1), column_letters(52), column_letters(16384)
    ('A', 'AZ', 'XFD')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def row_of(place: str) -> int:
    """Return the row of a place in a quarantine; 0 for a sheet as a whole.

    Examples
    --------
    >>> row_of("buildings!F12"), row_of("buildings")
    (12, 0)
    """
    found = re.search(r"![A-Z]+([0-9]+)$", place)
    return int(found[1]) if found else 0


class Area:
    """A range of cells: rows `top` to `bottom`, columns `left` to `right`, and its reference as written."""

    __slots__ = ("bottom", "left", "reference", "right", "top")

    def __init__(self, reference: str) -> None:
        found = _RANGE.fullmatch(reference)
        if found is None:
            raise ValueError(f"'{reference[:64]}' is no range of cells")
        columns = [column_number(found[1]), column_number(found[3] or found[1])]
        rows = [int(found[2]), int(found[4] or found[2])]
        self.reference = reference
        self.left, self.right, self.top, self.bottom = min(columns), max(columns), min(rows), max(rows)
