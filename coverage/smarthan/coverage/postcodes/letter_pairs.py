"""The letter rules as tables: two characters at a time lead to the cell of an outward code or the place of a unit.

Built once a process, in a few milliseconds. `smarthan.coverage.postcodes.faults` holds the same rules as expressions.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .addressing import INWARD_LETTERS, OUTWARD_CELLS, outward_cell
from .faults import OUTWARD
from .special import SPECIAL_AREAS, SPECIAL_CODES, SPECIAL_PATTERNS

NOWHERE = -(10**6)  # far enough below zero that no second half brings the sum back
INVALID, SPECIAL = 0xFFFF, 0xFFFE  # outward numbers: letters that cannot stand so; an area or code with its own table

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"


class LetterTables(NamedTuple):
    """Lookup tables by two characters, the first in the low byte; a missing character is 0.

    Attributes
    ----------
    first : int32 array of 65,536
        Part of the outward cell that the first two characters give, `NOWHERE` where they cannot begin a postcode.
    two_letters : uint8 array of 65,536
        1 where both are letters.
    rest : int32 array of 131,072
        Part of the outward cell that the third and fourth give; from 65,536 on, after two letters.
    unit : int32 array of 65,536
        Place within the sector that the last two letters give, -1 where they cannot end a postcode.
    outward : uint16 array
        By outward cell: 0, `INVALID` or `SPECIAL`.
    suspicious : uint8 array of 65,536
        1 for two first characters of a special code.
    """

    first: npt.NDArray[np.int32]
    two_letters: npt.NDArray[np.uint8]
    rest: npt.NDArray[np.int32]
    unit: npt.NDArray[np.int32]
    outward: npt.NDArray[np.uint16]
    suspicious: npt.NDArray[np.uint8]


@cache
def letter_tables() -> LetterTables:
    """Return the tables of the letter rules."""
    first, two_letters = _first_tables()
    return LetterTables(first, two_letters, _rest_table(), _unit_table(), _outward_table(), _suspicious_table())


def outward_numbers(outward_id: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    """Return the outward numbers of a release by cell, with `INVALID` and `SPECIAL` where no release has any."""
    rules = letter_tables().outward
    return np.where(rules > 0, rules, outward_id)


def _pair(two: str) -> int:
    return ord(two[0]) + (ord(two[1]) << 8 if len(two) > 1 else 0)


def _first_tables() -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    first = np.full(1 << 16, NOWHERE, dtype=np.int32)
    two_letters = np.zeros(1 << 16, dtype=np.uint8)
    for letter in _LETTERS:
        for digit in _DIGITS:
            first[_pair(letter + digit)] = outward_cell(letter + digit)
        for second in _LETTERS:
            first[_pair(letter + second)] = outward_cell(letter + second + "0")
            two_letters[_pair(letter + second)] = 1
    return first, two_letters


def _rest_table() -> npt.NDArray[np.int32]:
    rest = np.full((2, 1 << 16), NOWHERE, dtype=np.int32)
    rest[0, 0] = 0
    one, two = outward_cell("A0"), outward_cell("AA0")
    for last in _DIGITS + _LETTERS:
        rest[0, _pair(last)] = outward_cell(f"A0{last}") - one
    for digit in _DIGITS:
        rest[1, _pair(digit)] = outward_cell(f"AA{digit}") - two
        for last in _DIGITS + _LETTERS:
            rest[1, _pair(digit + last)] = outward_cell(f"AA{digit}{last}") - two
    return rest.reshape(-1)


def _unit_table() -> npt.NDArray[np.int32]:
    unit = np.full(1 << 16, -1, dtype=np.int32)
    for place, letter in enumerate(INWARD_LETTERS):
        for other, second in enumerate(INWARD_LETTERS):
            unit[_pair(letter + second)] = place * len(INWARD_LETTERS) + other
    return unit


def _outward_table() -> npt.NDArray[np.uint16]:
    """The letter rules by outward cell; the digit decides nothing, and the area and the tail decide apart."""
    allowed = re.compile(OUTWARD)
    tails = ["", *_DIGITS, *_LETTERS]
    table = np.full((26, 27, 10, 37), INVALID, dtype=np.uint16)
    two = np.array([bool(allowed.fullmatch(f"AB0{tail}")) for tail in tails])
    for one, letter in enumerate(_LETTERS):
        valid = np.array([bool(allowed.fullmatch(f"{letter}0{tail}")) for tail in tails])
        table[one, 0, :, valid] = SPECIAL if letter in SPECIAL_AREAS else 0
        for other, second in enumerate(_LETTERS, 1):
            if allowed.fullmatch(f"{letter}{second}0"):
                table[one, other, :, two] = SPECIAL if letter + second in SPECIAL_AREAS else 0
    flat = table.reshape(-1)
    for code in SPECIAL_CODES:
        outward = code.split(" ")[0]
        if allowed.fullmatch(outward):
            flat[outward_cell(outward)] = SPECIAL
    assert len(flat) == OUTWARD_CELLS
    return flat


def _suspicious_table() -> npt.NDArray[np.uint8]:
    """Two first characters of what the special tables list; a pattern that begins with a class of letters has none."""
    table = np.zeros(1 << 16, dtype=np.uint8)
    literal = [re.sub(r"[^A-Z0-9].*", "", pattern.lstrip("(")) for pattern, _ in SPECIAL_PATTERNS]
    for text in (*SPECIAL_CODES, *SPECIAL_AREAS, *literal):
        if len(text) > 1:
            table[_pair(text[:2])] = 1
    return table
