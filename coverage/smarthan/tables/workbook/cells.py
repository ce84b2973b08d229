"""From a cell of a sheet to the text that a CSV file would hold, and the rule it breaks where that cannot be known.

Only what is shown is data: 007 shown of a 7, or a day shown of 45,667, stands in the cell as neither. So the text is
given where it is certain, and a fault is told where it is not. What a text means is judged later, as in a CSV file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from smarthan.tables.fields import Field
from smarthan.tables.workbook.styles import Look

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_ISO_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T00:00:00(\.0+)?Z?")
# A number that is in its shortest form already: up to 15 digits, which a double holds, and no exponent.
_SHORTEST = re.compile(r"0|-?([1-9][0-9]{0,14}|([1-9][0-9]{0,6}\.|0\.(?!000))[0-9]{0,7}[1-9])")
_LONG = 400  # characters; no number that a spreadsheet writes has as many
_EXACT = 2**53  # integers up to here are exact in a double
# Day 60 of the 1900 system is 29 February 1900, which never was: days before it are off by one (Excel's own note).
_FIRST_DAY, _LAST_DAY = 61, 2_958_465
_EPOCH, _EPOCH_1904, _1904_SHIFT = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1), 1462
_NUMBERS = frozenset(["integer", "number"])
_WORDS = frozenset(["text", "category", "words"])
_TIMES = frozenset(["date", "datetime"])


class Fault(NamedTuple):
    """The rule that a cell breaks by what it is, whatever its text says."""

    code: str
    message: str


class Read(NamedTuple):
    """A cell's text, and its fault where there is one; `computed` tells a number that a formula gave."""

    text: str
    fault: Fault | None = None
    computed: bool = False


_ID_NUMBER = Fault(
    "id_mangled", "'{value}' is a number in the sheet: leading zeros may be lost; write the identifier as text"
)
_TRUTH = Fault("cell_type", "'{value}' is true or false in the sheet where text is declared; write the word as text")
_DAY = Fault("cell_type", "'{value}' is a date in the sheet where text is declared; write as text what was meant")
_DRESSED = Fault(
    "cell_type", "'{value}' is a number shown in another form; what is shown cannot be known: write it as text"
)
_SERIAL = Fault("cell_type", "'{value}' is a bare number where a date is declared; write the date as YYYY-MM-DD")
_UNKNOWN = Fault("cell_type", "'{value}' is of a kind that no sheet has; write it anew")
_FORMULA = Fault("cell_formula", "the cell is a formula; write its value instead")
_NO_VALUE = Fault(
    "cell_formula", "the cell is a formula without a value; let the spreadsheet work it out, or write the value"
)
_NUL = Fault("file_nul", "the cell holds a NUL character")


def number_text(raw: str) -> str:
    """Return a number in the shortest form that reads back as the same; what is no number stays as it is.

    Examples
    --------
    >>> [number_text(raw) for raw in ("5", "5.0", "0.10000000000000001", "8.68E8", "1E-7", "NaN")]
    ['5', '5', '0.1', '868000000', '1e-07', 'NaN']
    """
    if _SHORTEST.fullmatch(raw):
        return raw
    if not _NUMBER.fullmatch(raw):
        return raw
    value = float(raw)
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return raw if value in (float("inf"), float("-inf")) else repr(value)


def _short_number(raw: str) -> str:
    return number_text(raw.strip()) if len(raw) < _LONG else ""


def _short_text(raw: str) -> str:
    return raw if len(raw) < _LONG and "_x" not in raw else ""


@lru_cache(1 << 12)  # a sheet has many cells of few days
def date_text(raw: str, *, from_1904: bool) -> str | None:
    """Return a day number as an ISO date, or time where it has a fraction, to a thousandth of a second.

    Returns
    -------
    str or None
        None where the number is no day after February 1900.

    Examples
    --------
    >>> date_text("45719", from_1904=False), date_text("45719.38541666666", from_1904=False)
    ('2025-03-03', '2025-03-03T09:15:00')
    >>> date_text("44257", from_1904=True), date_text("0.5", from_1904=False)
    ('2025-03-03', None)
    """
    if not _NUMBER.fullmatch(raw):
        return None
    days = float(raw)
    first = 0 if from_1904 else _FIRST_DAY
    if not first <= days < _LAST_DAY + 1 - (_1904_SHIFT if from_1904 else 0):
        return None
    if days.is_integer():
        return dt.date.fromordinal((_EPOCH_1904 if from_1904 else _EPOCH).toordinal() + int(days)).isoformat()
    moment = (_EPOCH_1904 if from_1904 else _EPOCH) + dt.timedelta(milliseconds=round(days * 86_400_000))
    if moment.time() == dt.time():
        return moment.date().isoformat()
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


class CellReader:
    """Turns the cells of one column to text.

    Parameters
    ----------
    field : Field or None
        The declaration; None for a column that is kept as text only.
    looks : list of Look
        How each style shows a number.
    from_1904 : bool
        Whether days are counted from 1904.

    Attributes
    ----------
    is_number : bool
        Whether the column is one of measurements or counts.
    """

    def __init__(self, field: Field | None, looks: list[Look], *, from_1904: bool) -> None:
        self.kind = "also" if field is None else field.kind
        self.is_number = self.kind in _NUMBERS
        self._looks, self._from_1904 = looks, from_1904
        self._by_type: dict[str, Callable[[str, str], Read]] = {
            "n": self._number,
            "b": self._truth,
            "d": self._iso_date,
        }

    def read(self, kind: str, raw: str, style: str) -> Read:
        """Return the text of a cell that is no formula: its type, its content, the number of its style."""
        if kind in ("s", "str", "inlineStr", "e"):
            return Read(raw, _NUL) if "\0" in raw else Read(raw)
        return self._by_type[kind](raw.strip(), style) if kind in self._by_type else Read(raw, _UNKNOWN)

    def read_formula(self, kind: str, raw: str, style: str, formula: str) -> Read:
        """Return the text of a formula's cell: its last value in a column of numbers, elsewhere the formula itself."""
        if self.kind == "also":
            return self.read(kind, raw, style)
        if self.kind not in _NUMBERS:
            return Read(f"={formula}", None if self.kind in ("text", "identifier") else _FORMULA)
        if not raw.strip():
            return Read(f"={formula}", _NO_VALUE)
        found = self.read(kind, raw, style)
        return found._replace(computed=True)

    def read_alike(self, kind: str, style: str) -> tuple[Callable[[str], str], Fault | None] | None:
        """Return how all cells of a type and style become text, '' where one needs `read`, and the fault each is."""
        if kind in ("str", "inlineStr", "e"):
            return _short_text, None
        if kind == "b":
            return self._short_truth, self._truth("1", style).fault
        if kind != "n":
            return None
        if (self.is_number and not style) or self._look(style) != "date":
            return _short_number, self._number("0", style).fault
        return self._short_day, _DAY if self.kind in _WORDS else None

    def _short_truth(self, raw: str) -> str:
        return self._truth(raw.strip(), "").text if len(raw) < _LONG else ""

    def _short_day(self, raw: str) -> str:
        # A part of a day takes longer, and is charged for it.
        return date_text(raw, from_1904=self._from_1904) or "" if raw.isdigit() else ""

    def _look(self, style: str) -> Look:
        if not style:
            return "plain" if not self._looks else self._looks[0]
        return self._looks[int(style)] if style.isdigit() and int(style) < len(self._looks) else "plain"

    def _number(self, raw: str, style: str) -> Read:
        text = number_text(raw)
        if self.kind in _NUMBERS and not style:
            return Read(text)
        look = self._look(style)
        if look == "date":
            return self._day(raw, text)
        if self.kind == "identifier":
            return Read(text, _ID_NUMBER)
        if self.kind in _TIMES:
            return Read(text, _SERIAL)
        if self.kind in _WORDS and look == "dressed":
            return Read(text, _DRESSED)
        return Read(text)

    def _day(self, raw: str, text: str) -> Read:
        shown = date_text(raw, from_1904=self._from_1904)
        if self.kind in _WORDS:
            return Read(shown or text, _DAY)
        if self.kind == "identifier":
            return Read(shown or text, None if shown else _ID_NUMBER)
        return Read(text, _SERIAL) if shown is None and self.kind in _TIMES else Read(shown or text)

    def _truth(self, raw: str, style: str) -> Read:
        word = {"1": "true", "0": "false"}.get(raw, raw)
        return Read(word, _TRUTH if self.kind in _WORDS or self.kind == "identifier" else None)

    def _iso_date(self, raw: str, style: str) -> Read:
        midnight = _ISO_MIDNIGHT.fullmatch(raw)
        text = midnight[1] if midnight else raw
        return Read(text, _DAY if self.kind in _WORDS else None)
