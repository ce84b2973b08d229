"""How a look-up ended: one status for every question, and the words that go with it.

Unknown, terminated, malformed and outside are different answers; none of them is "no coverage".
"""

from __future__ import annotations

from smarthan.coverage.postcodes.special import SPECIAL_AREAS, SPECIAL_CODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smarthan.coverage.postcodes.rules import Postcode

OK = "OK"
KEY_CONFLICT = "KEY_CONFLICT"
BAD_UPRN = "BAD_UPRN"
NOT_IN_MATRIX = "NOT_IN_MATRIX"
UNKNOWN_POSTCODE = "UNKNOWN_POSTCODE"
TERMINATED = "TERMINATED"
OUTSIDE_GB = "OUTSIDE_GB"
NON_GEOGRAPHIC = "NON_GEOGRAPHIC"
BAD_FORMAT = "BAD_FORMAT"
EMPTY = "EMPTY"
NO_RELEASE = "NO_RELEASE"
DENIED = "DENIED"

STATUSES = (
    *(OK, KEY_CONFLICT, BAD_UPRN, NOT_IN_MATRIX, UNKNOWN_POSTCODE, TERMINATED),
    *(OUTSIDE_GB, NON_GEOGRAPHIC, BAD_FORMAT, EMPTY, NO_RELEASE, DENIED),
)
# A malformed question, as against a question that was answered: exit code 1 of the command line.
MALFORMED = (BAD_FORMAT, BAD_UPRN, EMPTY)

CAVEAT = "a prediction of the network operator, not a guarantee"
SYNTHETIC_CAVEAT = "synthetic data for demonstration, not a real prediction"
UNDATED_CAVEAT = "date of release unknown"

# The words of an answer by a coarser key than the one asked.
DEGRADED = "; the UPRN or address asked is not in this release, its postcode answers"

POSTCODE_FORM = "a postcode looks like SW1A 1AA"

_FAULTS = {
    "not_text": "is not text",
    "too_long": "has more than 16 characters",
    "non_ascii": "has a character that no postcode has",
    "character": "has a character that no postcode has",
    "blank_inside": "has a blank in the wrong place",
    "length": "has the wrong length",
    "shape": "does not have the shape of a postcode",
    "first_letter": "has a first letter that no postcode has",
    "second_letter": "has a second letter that no postcode has",
    "third_letter": "has a letter in third place that no postcode has there",
    "fourth_letter": "has a letter in fourth place that no postcode has there",
    "inward_digit": "needs a digit after the outward code",
    "inward_letter": "ends in a letter that no postcode has there",
    "looks_like_number": "looks like a number",
    "looks_like_date": "looks like a date",
    "formula": "looks like a formula",
    "two_values": "holds more than one value",
}
_SPECIAL_NOTES = {s.problem: s.note for s in (*SPECIAL_AREAS.values(), *SPECIAL_CODES.values())}
_SPECIAL_NOTES["pseudo"] = "pseudo-postcode of the Office for National Statistics"


def describe_format(found: Postcode) -> str:
    """Return in words why a text is not a postcode of Great Britain.

    Examples
    --------
    >>> from smarthan.coverage.postcodes.rules import Postcode
    >>> describe_format(Postcode(None, "BAD_FORMAT", problem="inward_digit", position=6))
    'not a postcode: the text needs a digit after the outward code (character 6); a postcode looks like SW1A 1AA'
    """
    if found.kind == EMPTY:
        return "no postcode given"
    if found.kind in (OUTSIDE_GB, NON_GEOGRAPHIC):
        note = _SPECIAL_NOTES.get(found.problem or "", found.problem or "")
        return f"outside Great Britain: {note}" if found.kind == OUTSIDE_GB else f"not a place: {note}"
    where = f" (character {found.position})" if found.position else ""
    what = "the cell" if found.problem == "not_text" else "the text"
    return f"not a postcode: {what} {_FAULTS.get(found.problem or '', found.problem)}{where}; {POSTCODE_FORM}"


def describe_termination(year: int | None, month: int | None) -> str:
    """Return in words when a postcode was withdrawn.

    Examples
    --------
    >>> describe_termination(2019, 6), describe_termination(None, None)
    ('withdrawn by Royal Mail in 2019-06', 'withdrawn by Royal Mail')
    """
    when = "" if year is None else f" in {year}" if month is None else f" in {year}-{month:02d}"
    return f"withdrawn by Royal Mail{when}"


WORDS = {
    KEY_CONFLICT: "the UPRN belongs to another postcode; neither was picked",
    NOT_IN_MATRIX: "unknown: not in this release",
    UNKNOWN_POSTCODE: "unknown: not a postcode of the reference; it may be newer",
    NO_RELEASE: "no release covers the day asked",
    DENIED: "this role may not ask this",
    BAD_UPRN: "not a UPRN: 1 to 12 digits as text, not zero",
    EMPTY: "no postcode given",
}
