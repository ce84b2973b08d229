"""Why a text is no postcode: the first fault and where it stands.

Standard library only. The text given here is trimmed, folded to upper case, and has plain blanks.
"""

from __future__ import annotations

import re

from . import letters

OUTWARD = f"[{letters.FIRST}][0-9][0-9{letters.THIRD}]?|[{letters.FIRST}][{letters.SECOND}][0-9][0-9{letters.FOURTH}]?"
INWARD = f"[0-9][{letters.INWARD}]{{2}}"
WHOLE = re.compile(f"({OUTWARD}) *({INWARD})")
PART = re.compile(f"({OUTWARD})(?: +([0-9]))?")

OUTWARD_SHAPES = ("A9", "A99", "AA9", "AA99", "A9A", "AA9A")
_FIRST_OUT, _SECOND_OUT = frozenset("QVX"), frozenset("IJZ")
_NOT_INWARD = "CIKMOV"

_NUMBER = r"[+-]?(?:[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)(?:E[+-]?[0-9]+)?"
_MONTH = "(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*"
_DATE = (
    r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[ T].*)?"
    rf"|[0-9]{{1,2}}[-/ ]?{_MONTH}(?:[-/ ]?[0-9]{{2,4}})?"
    rf"|{_MONTH}[-/ ][0-9]{{2,4}}"
)
_MARKS = frozenset(",;/|&")
_BETWEEN = re.compile(r" *[,;/|&] *")
_PAIR = re.compile(f"(?:{WHOLE.pattern}) *({WHOLE.pattern})")
_SOMETHING_ELSE = ((re.compile(_NUMBER), "looks_like_number"), (re.compile(_DATE), "looks_like_date"))
_ODD_CHARACTER = re.compile("[^A-Z0-9 ]")
_RUN = re.compile(" +")

Fault = tuple[str, int]


def find_fault(text: str) -> Fault:
    """Return the first fault of a text that is no postcode, and its index in the text (its length: cut short)."""
    return _odd_content(text) or _misplaced_blank(text) or _odd_part(text) or _odd_whole(text)


def _odd_content(text: str) -> Fault | None:
    """Text that is something else altogether, or holds a character that no postcode has."""
    for pattern, fault in _SOMETHING_ELSE:
        if pattern.fullmatch(text):
            return fault, 0
    if text[0] in "=+-@":
        return "formula", 0
    second = _second_value(text)
    if second:
        return "two_values", second
    odd = _ODD_CHARACTER.search(text)
    return ("character", odd.start()) if odd else None


def _second_value(text: str) -> int:
    """Return where a second postcode starts, or 0."""
    if not _MARKS.isdisjoint(text):
        pieces = _BETWEEN.split(text)
        if all(WHOLE.fullmatch(piece) or PART.fullmatch(piece) for piece in pieces):
            between = _BETWEEN.search(text)
            return between.end() if between else 0
    pair = _PAIR.fullmatch(text) if len(text) >= 10 else None
    return pair.start(3) if pair else 0


def _misplaced_blank(text: str) -> Fault | None:
    """A blank elsewhere than before the last three characters, in text that is otherwise shaped like a postcode."""
    if " " not in text:
        return None
    packed = text.replace(" ", "")
    runs = [found.start() for found in _RUN.finditer(text)]
    astray = [start for start in runs if start - text.count(" ", 0, start) != len(packed) - 3]
    if astray and (len(runs) > 1 or _shape(packed) in _WHOLE_SHAPES):
        return "blank_inside", astray[0]
    return None


def _odd_part(text: str) -> Fault | None:
    """Text shaped like an outward code or a sector, with a letter that cannot stand there."""
    outward, _, digit = text.partition(" ")
    if _shape(outward) in OUTWARD_SHAPES and _shape(digit.strip()) in ("", "9"):
        return _odd_letter(outward)
    return None


def _odd_whole(text: str) -> Fault:
    """Length, shape, then letters of what should be a whole postcode."""
    places = [index for index, character in enumerate(text) if character != " "]
    packed = text.replace(" ", "")
    if len(packed) < 5:
        return "length", len(text)
    if len(packed) > 7:
        return "length", places[7]
    outward, inward = packed[:-3], packed[-3:]
    if _shape(outward) not in OUTWARD_SHAPES or " " in text[-3:]:
        fits = _fitting_length(text)
        return _odd_letter(text[:fits]) or ("shape", fits)
    problem, index = _odd_letter(outward) or _odd_inward(inward, len(outward))
    return problem, places[index]


def _odd_letter(start: str) -> Fault | None:
    """The first letter that cannot stand where it does, in text that begins as an outward code is shaped."""
    if start[:1] in _FIRST_OUT:
        return "first_letter", 0
    if start[1:2] in _SECOND_OUT:
        return "second_letter", 1
    shape = _shape(start)
    if shape[:3] == "A9A" and start[2] not in letters.THIRD:
        return "third_letter", 2
    if shape[:4] == "AA9A" and start[3] not in letters.FOURTH:
        return "fourth_letter", 3
    return None


def _odd_inward(inward: str, start: int) -> Fault:
    """The first character of the last three that cannot stand where it does."""
    if not inward[0].isdigit():
        return "inward_digit", start
    first_good = inward[1].isalpha() and inward[1] not in _NOT_INWARD
    return "inward_letter", start + (2 if first_good else 1)


def _fitting_length(text: str) -> int:
    """How many characters at most fit the beginning of a postcode's shape, with the text's own run of blanks."""
    run, shape = " " * text.count(" "), _shape(text)
    return max([_common_start(shape, f"{outward}{run}9AA") for outward in OUTWARD_SHAPES])


def _common_start(one: str, other: str) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length


def _shape(text: str) -> str:
    """Letters as A, digits as 9, anything else as itself."""
    return text.translate(_SHAPES)


_SHAPES = str.maketrans(dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A") | dict.fromkeys("0123456789", "9"))
_WHOLE_SHAPES = tuple(f"{outward}9AA" for outward in OUTWARD_SHAPES)
