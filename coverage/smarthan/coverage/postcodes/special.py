"""Postcodes that are no place in Great Britain: the data table that is tested before any other rule.

Standard library only: the cold look-up imports this module. A TOML file named by the environment variable
`SMARTHAN_SPECIAL_POSTCODES` adds to the table; without the variable nothing is read.
"""

from __future__ import annotations

import os

from smarthan.records import NamedTuple

VARIABLE = "SMARTHAN_SPECIAL_POSTCODES"

OUTSIDE_GB, NON_GEOGRAPHIC = "OUTSIDE_GB", "NON_GEOGRAPHIC"


class Special(NamedTuple):
    """What a special postcode is: its kind, the word for it, and a note for people."""

    kind: str
    problem: str
    note: str


_NORTHERN_IRELAND = Special(OUTSIDE_GB, "northern_ireland", "Northern Ireland is not in the GB programme")
_CROWN_DEPENDENCY = Special(OUTSIDE_GB, "crown_dependency", "Jersey, Guernsey, Isle of Man: not in Great Britain")
_GIROBANK = Special(NON_GEOGRAPHIC, "girobank", "former Girobank")
_BANK_OR_TAX = Special(NON_GEOGRAPHIC, "bank_or_tax", "banks and HM Revenue and Customs")
_FORCES = Special(NON_GEOGRAPHIC, "forces", "British Forces mail")
_SPECIAL = Special(NON_GEOGRAPHIC, "special", "returned mail, or letters to Father Christmas")
_PSEUDO = Special(NON_GEOGRAPHIC, "pseudo", "pseudo-postcode of the Office for National Statistics")
_OVERSEAS = Special(NON_GEOGRAPHIC, "overseas", "British overseas territory")

# Royal Mail areas with no premises of Great Britain in them.
SPECIAL_AREAS: dict[str, Special] = {
    "BT": _NORTHERN_IRELAND,
    "GY": _CROWN_DEPENDENCY,
    "IM": _CROWN_DEPENDENCY,
    "JE": _CROWN_DEPENDENCY,
    "BX": _BANK_OR_TAX,
    "BF": _FORCES,
    "XX": _SPECIAL,
}

# Whole codes, spaced. GIR 0AA stood in ONSPD Nov 2022 and was gone in Nov 2024; the overseas list is unverified.
SPECIAL_CODES: dict[str, Special] = {
    "GIR 0AA": _GIROBANK,
    "XM4 5HQ": _SPECIAL,
    "SAN TA1": _SPECIAL,
    "GX11 1AA": _OVERSEAS,
    **{
        f"{territory} 1ZZ": _OVERSEAS
        for territory in ("ASCN", "BBND", "BIQQ", "FIQQ", "PCRN", "SIQQ", "STHL", "TDCU", "TKCA")
    },
}

# Whole match on folded text that is of no ordinary shape; the groups, joined by one blank, are the canonical form.
SPECIAL_PATTERNS: tuple[tuple[str, Special], ...] = (
    (r"(BFPO) *([0-9]{1,4})", _FORCES),
    (r"(ZZ99) *([0-9][A-Z]{2})", _PSEUDO),
    (r"(XX[0-9]{1,2}) *([0-9][ABD-HJLNP-UW-Z]{2})", _SPECIAL),
    (r"([A-Z]{2}-[0-9]{4})", _OVERSEAS),
)

# X never begins an ordinary postcode, so a part of an XX code has no ordinary shape either: outward code, digit.
SPECIAL_PARTS: tuple[tuple[str, Special], ...] = ((r"(XX[0-9]{1,2})(?: +([0-9]))?", _SPECIAL),)

if os.environ.get(VARIABLE):
    from .special_file import read_special

    _more = read_special(os.environ[VARIABLE])
    SPECIAL_AREAS |= {area: Special(**facts) for area, facts in _more["areas"].items()}
    SPECIAL_CODES |= {code: Special(**facts) for code, facts in _more["codes"].items()}
