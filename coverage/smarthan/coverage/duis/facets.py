"""What each value of a DUIS 12.1 document may be.

Facts of the DUIS XML schemas V5.0, V5.1, V5.3a and V5.4. Each function returns the normal form of a text or raises
`FacetBreach`. Standard library only.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

from smarthan.coverage.releases.columns import CSP_REGIONS, LIKELIHOODS
from smarthan.tables.problems import clip

XML_BLANKS = " \t\r\n"
SERVICE = "12.1"
NON_DEVICE = "8"  # command variant of a request that goes to no device
FLAT_REGIONS = ("North", "Central", "South", "Unknown", "SMETS1")  # schemas V5.0 and V5.1
POSTCODE_LENGTHS = (6, 8)
UPRN_DIGITS = 12
LONGEST = {"address_identifier": 30, "region_code": 30, "wan_technology": 30, "auxiliary": 50, "info": 250}
LARGEST_COUNTER = 18_446_744_073_709_551_615

# The element of each column, as the schemas name it.
ELEMENTS = {
    "uprn": "UPRN",
    "postcode": "PostCode",
    "address_identifier": "AddressIdentifier",
    "csp_region": "CSPRegion",
    "region_code": "CSPRegionResponseCode",
    "available": "CoverageAvailability",
    "anticipated": "AnticipatedCoverageDate",
    "wan_technology": "WANTechnology",
    "likelihood": "ConnectivityLikelihood",
    "auxiliary": "AuxiliaryEquipmentRequired",
    "info": "AdditionalInformation",
}
# These may stand with nothing in them; every other element must hold a value where it stands.
MAY_BE_EMPTY = ("address_identifier", "auxiliary", "info")

_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_DATE = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}){_ZONE}")
_CLOCK = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_TIME = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})T{_CLOCK}{_ZONE}")
_EUI = re.compile(r"[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){7}")
_COUNTER = re.compile(r"0|[1-9][0-9]{0,19}")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class FacetBreach(ValueError):
    """A value is outside what its element may hold; `{value}` in the message stands for it."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def read_uprn(text: str) -> str:
    """Return a UPRN (xs:positiveInteger, at most 12 digits) without sign, blanks and leading zeros.

    Raises
    ------
    FacetBreach
        `uprn_format`.

    Examples
    --------
    >>> read_uprn(" 0042 ")
    '42'
    """
    word = text.strip(XML_BLANKS).removeprefix("+")
    digits = word.lstrip("0") if word.isascii() and word.isdigit() else ""
    if not 1 <= len(digits) <= UPRN_DIGITS:
        raise FacetBreach("uprn_format", "'{value}' is not 1 to 12 digits, or is zero")
    return digits


def read_postcode(text: str) -> str:
    """Return the text of a PostCode, unchanged: 6 to 8 characters of any kind.

    Raises
    ------
    FacetBreach
        `postcode_length`.
    """
    low, high = POSTCODE_LENGTHS
    if not low <= len(text) <= high:
        raise FacetBreach(
            "postcode_length", f"'{{value}}' does not have {low} to {high} characters, as a DUIS PostCode has"
        )
    return text


def read_boolean(text: str) -> str:
    """Return xs:boolean as "true" or "false".

    Raises
    ------
    FacetBreach
        `boolean_format`: TRUE and yes are none.

    Examples
    --------
    >>> read_boolean(" 1 "), read_boolean("false")
    ('true', 'false')
    """
    word = {"true": "true", "1": "true", "false": "false", "0": "false"}.get(text.strip(XML_BLANKS))
    if word is None:
        raise FacetBreach("boolean_format", "'{value}' is not true, false, 1 or 0")
    return word


def read_date(text: str) -> str:
    """Return xs:date as YYYY-MM-DD; its zone is valid and dropped, the date stays as written.

    Raises
    ------
    FacetBreach
        `date_format`.

    Examples
    --------
    >>> read_date("2027-03-31Z"), read_date("2027-03-31+01:00")
    ('2027-03-31', '2027-03-31')
    """
    return _read_day(_DATE, text, "a date such as 2027-03-31")


def read_time(text: str) -> str:
    """Return the date of xs:dateTime as YYYY-MM-DD, as written.

    Raises
    ------
    FacetBreach
        `date_format`.

    Examples
    --------
    >>> read_time("2026-11-02T09:30:00Z")
    '2026-11-02'
    """
    return _read_day(_TIME, text, "a time such as 2026-11-02T09:30:00Z")


def _read_day(pattern: re.Pattern[str], text: str, wanted: str) -> str:
    found = pattern.fullmatch(text.strip(XML_BLANKS))
    if found and _is_day(found[1]):
        return found[1]
    raise FacetBreach("date_format", f"'{{value}}' is not {wanted}")


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_word(text: str, allowed: tuple[str, ...]) -> str:
    """Return a word of a list, exactly as listed: case and blanks count.

    Raises
    ------
    FacetBreach
        `category_unknown`.
    """
    if text not in allowed:
        raise FacetBreach("category_unknown", f"'{{value}}' is not exactly one of {', '.join(allowed)}")
    return text


def read_text(text: str, column: str) -> str:
    """Return free text, unchanged, when it is no longer than its element may hold.

    Raises
    ------
    FacetBreach
        `cell_too_long`.
    """
    if len(text) > LONGEST[column]:
        raise FacetBreach("cell_too_long", f"is longer than {LONGEST[column]} characters")
    return text


FACETS: Mapping[str, Callable[[str], str]] = {
    "uprn": read_uprn,
    "postcode": read_postcode,
    "csp_region": lambda text: read_word(text, CSP_REGIONS),
    "available": read_boolean,
    "anticipated": read_date,
    "likelihood": lambda text: read_word(text, LIKELIHOODS),
    **{column: lambda text, column=column: read_text(text, column) for column in LONGEST},  # type: ignore[misc]
}


def check_value(column: str, text: str) -> str:
    """Return the normal form of a column's value.

    Raises
    ------
    FacetBreach
        With the element's name and the value in its message.

    Examples
    --------
    >>> check_value("likelihood", "Hi")
    Traceback (most recent call last):
    smarthan.coverage.duis.facets.FacetBreach: ConnectivityLikelihood: 'Hi' is not exactly one of Low, Medium, High
    """
    element = ELEMENTS[column]
    if text == "" and column not in MAY_BE_EMPTY:
        raise FacetBreach("required_missing", f"{element} is empty; it must hold a value")
    unfit = _NOT_XML.search(text)
    if unfit:
        raise FacetBreach("text_unfit", f"{element} holds U+{ord(unfit[0]):04X}, a character XML cannot carry")
    try:
        return FACETS[column](text)
    except FacetBreach as breach:
        shown = str(breach).replace("{value}", clip(text))
        raise FacetBreach(breach.code, f"{element}: {shown}") from None


def check_message_id(text: str) -> tuple[str, str, int]:
    """Return the originator, target and counter of a RequestID or ResponseID.

    Raises
    ------
    ValueError
        When it is not two EUI-64 and a counter.

    Examples
    --------
    >>> check_message_id("00-11-22-33-44-55-66-77:88-99-AA-BB-CC-DD-EE-FF:42")[2]
    42
    """
    parts = text.split(":")
    if len(parts) != 3:
        raise ValueError(f"'{text[:64]}' is not originator:target:counter")
    return check_eui(parts[0], "originator"), check_eui(parts[1], "target"), check_counter(parts[2])


def check_eui(text: object, name: str) -> str:
    """Return an EUI-64: eight pairs of hexadecimal digits joined by hyphens.

    Raises
    ------
    ValueError
        When it is anything else.
    """
    if not isinstance(text, str) or not _EUI.fullmatch(text):
        raise ValueError(f"{name} {str(text)[:64]!r} is not an EUI-64; write eight hex pairs: 00-11-22-33-44-55-66-77")
    return text


def check_counter(value: object) -> int:
    """Return the counter of a request: 0 to 18446744073709551615, without leading zeros where it is text.

    Raises
    ------
    ValueError
        When it is anything else.

    Examples
    --------
    >>> check_counter("18446744073709551615")
    18446744073709551615
    """
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not _COUNTER.fullmatch(text) or int(text) > LARGEST_COUNTER:
        raise ValueError(f"counter {str(value)[:64]!r} is not a whole number from 0 to {LARGEST_COUNTER}, no leading 0")
    return int(text)
