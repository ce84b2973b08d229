"""The words of a roles file: what may be done, how fine an answer may be, which columns it may hold."""

from __future__ import annotations

ACTIONS = {
    "lookup_outward": "ask an outward code or a sector",
    "lookup_postcode": "ask one postcode",
    "lookup_uprn": "ask one UPRN",
    "batch": "ask many in one request",
    "rollup": "shares of each state by area",
    "releases": "which releases there are",
    "diff": "what changed between two releases",
    "download": "take a whole release away",
    "duis": "Request WAN Matrix documents (DUIS 12.1)",
    "page": "the page for people",
}

# Coarsest first: a role may ask at its grain and at every coarser one.
GRAINS = ("AREA", "OUTWARD", "POSTCODE", "UPRN")

# What a row of the matrix says that a role may be kept from; its state and its region are always shown.
COLUMNS = (
    *("region_code", "available", "anticipated", "wan_technology", "wan_group", "likelihood"),
    *("auxiliary", "info", "premises", "premises_available"),
)


def reaches(grain: str, needed: str) -> bool:
    """Return whether a grain is as fine as the one needed.

    Examples
    --------
    >>> reaches("POSTCODE", "OUTWARD"), reaches("POSTCODE", "UPRN")
    (True, False)
    """
    return GRAINS.index(grain) >= GRAINS.index(needed)
