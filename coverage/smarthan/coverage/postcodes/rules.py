"""Reading one postcode: the rules, on the standard library alone.

`parse_postcode` is the reference; `smarthan.coverage.postcodes.parsing.parse_postcodes` answers the same for a column.
"""

from __future__ import annotations

from smarthan.records import NamedTuple

from .letters import DIGITS, is_inward, is_outward
from .special import SPECIAL_AREAS, SPECIAL_CODES, Special

KINDS = ("GEOGRAPHIC", "PARTIAL", "NON_GEOGRAPHIC", "OUTSIDE_GB", "BAD_FORMAT", "EMPTY")
LONGEST = 16  # characters of a cell, blanks included, before any parsing (our limit)
BLANKS = " \t\r\n\u00a0\u2007\u202f"
NULL_WORDS = frozenset({"NAN", "NONE", "NULL"})

_TO_BLANK = str.maketrans(dict.fromkeys(BLANKS, " "))
_LOOK_ALIKE = {"0": "O", "O": "0", "1": "I", "I": "1"}


class Postcode(NamedTuple):
    """What one text says, read as a postcode.

    Attributes
    ----------
    postcode : str or None
        Canonical form: outward code, one blank, inward code. None for a part of a postcode and for none.
    kind : str
        One of `KINDS`.
    area, outward, sector : str or None
        Such as "SW", "SW1A" and "SW1A 1".
    problem : str or None
        None for GEOGRAPHIC; "outward" or "sector" for PARTIAL; the word of the special table; for BAD_FORMAT the first
        fault; for EMPTY "null_word" when the text was such a word.
    position : int or None
        For BAD_FORMAT: the character of the text as given at which the fault stands, counted from 1; one more than
        the length of the text when it ends too early.
    suggestions : tuple of str
        Postcodes that differ by 0/O and 1/I only and whose outward code exists. Never applied.
    """

    postcode: str | None
    kind: str
    area: str | None = None
    outward: str | None = None
    sector: str | None = None
    problem: str | None = None
    position: int | None = None
    suggestions: tuple[str, ...] = ()


def parse_postcode(text: object, *, suggest: bool = False) -> Postcode:
    """Read one value as a postcode; never raise on data, never correct it.

    Parameters
    ----------
    text : object
        The text of one cell. A missing value is EMPTY; anything else that is not text is BAD_FORMAT, `not_text`.
    suggest : bool, default False
        Also list postcodes that differ by 0/O and 1/I only, for a BAD_FORMAT text and for a well-formed code whose
        outward code does not exist.

    Returns
    -------
    Postcode
        A named tuple: postcode, kind, area, outward, sector, problem, position (from 1), suggestions.

    Notes
    -----
    In order: text; at most 16 characters; outer blanks (space, tab, CR, LF, U+00A0, U+2007, U+202F) dropped; ASCII;
    folded to upper case; the special table; the six shapes with any run of blanks, or none, before the last three
    characters. Nothing else is forgiven: 11 % of single slips read as another live postcode, so a guess would lie.
    An area that does not exist is still GEOGRAPHIC: the reference answers that, not the format.

    References
    ----------
    Royal Mail letter rules, studylib.net/doc/18359331; BS 7666 schema; ILR Appendix C.

    Examples
    --------
    >>> parse_postcode(" sw1a1aa ").postcode
    'SW1A 1AA'
    >>> parse_postcode("M1 1").problem, parse_postcode("BT1 1AA").problem
    ('sector', 'northern_ireland')
    >>> bad = parse_postcode("SW1A OAA", suggest=True)
    >>> bad.kind, bad.problem, bad.position, bad.suggestions
    ('BAD_FORMAT', 'inward_digit', 6, ('SW1A 0AA',))
    """
    if not isinstance(text, str):
        return _EMPTY if _is_missing(text) else Postcode(None, "BAD_FORMAT", problem="not_text")
    if len(text) > LONGEST:
        return Postcode(None, "BAD_FORMAT", problem="too_long", position=LONGEST + 1)
    trimmed = text.strip(BLANKS).translate(_TO_BLANK)
    found = _read_trimmed(trimmed, len(text) - len(text.lstrip(BLANKS)))
    return found._replace(suggestions=suggest_postcodes(trimmed)) if suggest and may_suggest(found) else found


def suggest_postcodes(text: str) -> tuple[str, ...]:
    """Return the postcodes that differ from a text by 0/O and 1/I only and whose outward code exists.

    Fewest swaps first, then in alphabetical order. Empty when the text cannot be a postcode for another reason.

    Examples
    --------
    >>> suggest_postcodes("LL57 2OG"), suggest_postcodes("EC1A IBB")
    ((), ('EC1A 1BB',))
    """
    from itertools import product

    folded = text.strip(BLANKS).translate(_TO_BLANK).upper() if text.isascii() else ""
    if not 5 <= len(folded.replace(" ", "")) <= 7:
        return ()
    ways = product(*((c, _LOOK_ALIKE[c]) if c in _LOOK_ALIKE else (c,) for c in folded))
    near = sorted((sum(a != b for a, b in zip(way, folded, strict=True)), "".join(way)) for way in ways)
    whole = (_read_whole(candidate) for swaps, candidate in near if swaps)
    return tuple(found.postcode for found in whole if found and found.postcode and found.outward in outward_codes())


def outward_codes() -> frozenset[str]:
    """Return the outward codes of Great Britain that hold a live postcode (2,871 in the shipped reference).

    Raises
    ------
    FileNotFoundError, ValueError
        When the list, or the sheet that vouches for it, is absent or changed.

    Examples
    --------
    >>> "SW1A" in outward_codes(), "SW99A" in outward_codes()
    (True, False)
    """
    from smarthan.coverage.reference.sheet import read_outward_codes

    return read_outward_codes()


def _read_trimmed(text: str, offset: int) -> Postcode:
    """Read text without outer blanks; `offset` is how many stood before it."""
    if not text:
        return _EMPTY
    if not text.isascii():
        first = next(index for index, character in enumerate(text) if not character.isascii())
        return _reject("non_ascii", offset + first)
    folded = text.upper()
    if folded in NULL_WORDS:
        return Postcode(None, "EMPTY", problem="null_word")
    found = _read_listed(folded) or _read_whole(folded) or _read_part(folded) or _read_odd(folded)
    return found or _reject_fault(folded, offset)


def _read_listed(text: str) -> Postcode | None:
    """Codes that the special table lists whole."""
    outward, inward = text[:-3].rstrip(" "), text[-3:]
    special = SPECIAL_CODES.get(f"{outward} {inward}")
    return _name_special(special, f"{outward} {inward}") if special else None


def _read_odd(text: str) -> Postcode | None:
    """Special codes by pattern, and parts of them."""
    from .special_patterns import PARTS, PATTERNS

    for pattern, special in PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            return _name_special(special, " ".join(match.groups()))
    for pattern, special in PARTS:
        match = pattern.fullmatch(text)
        if match:
            outward, digit = match.groups()
            return _place(None, outward, f"{outward} {digit}" if digit else None, special.kind, special.problem)
    return None


def _name_special(special: Special, code: str) -> Postcode:
    return Postcode(code, special.kind, problem=special.problem)


def _read_whole(text: str) -> Postcode | None:
    outward, inward = text[:-3].rstrip(" "), text[-3:]
    if not (is_outward(outward) and is_inward(inward)):
        return None
    return _place(f"{outward} {inward}", outward, f"{outward} {inward[0]}", "GEOGRAPHIC", None)


def _read_part(text: str) -> Postcode | None:
    """An outward code, or one with a digit after a blank."""
    outward, _, digit = text.partition(" ")
    digit = digit.lstrip(" ")
    if not is_outward(outward) or digit not in ("", *DIGITS):
        return None
    sector = f"{outward} {digit}" if digit else None
    return _place(None, outward, sector, "PARTIAL", "sector" if digit else "outward")


def _place(postcode: str | None, outward: str, sector: str | None, kind: str, problem: str | None) -> Postcode:
    """A well-formed code or part of one; its area may be a special one."""
    area = outward[:2] if outward[1].isalpha() else outward[0]
    special = SPECIAL_AREAS.get(area)
    if special:
        kind, problem = special.kind, special.problem
    return Postcode(postcode, kind, area, outward, sector, problem)


def _reject_fault(text: str, offset: int) -> Postcode:
    from .faults import find_fault

    problem, index = find_fault(text)
    return _reject(problem, offset + index)


def _reject(problem: str, index: int) -> Postcode:
    return Postcode(None, "BAD_FORMAT", problem=problem, position=index + 1)


def may_suggest(found: Postcode) -> bool:
    """Return whether a slip of 0/O or 1/I may explain what was found."""
    return found.kind == "BAD_FORMAT" or (found.kind == "GEOGRAPHIC" and found.outward not in outward_codes())


def _is_missing(value: object) -> bool:
    """None, NaN, NaT or pandas.NA, told without importing pandas."""
    if value is None or type(value).__name__ == "NAType":
        return True
    if hasattr(value, "__len__"):
        return False
    try:
        return bool(value != value)
    except (TypeError, ValueError, ArithmeticError):
        return False


_EMPTY = Postcode(None, "EMPTY")
