"""A request and a response of DUIS 12.1 as plain objects that cannot hold what the schemas forbid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from smarthan.coverage.releases.columns import SUCCESS_CODE
from smarthan.tables.problems import clip

from .facets import ELEMENTS, FLAT_REGIONS, FacetBreach, check_counter, check_eui, check_message_id, check_value
from .facets import read_time as read_time_facet

Shape = Literal["list", "flat"]
SYNTHETIC_WORD = "SYNTHETIC"
GROUP = ("available", "wan_technology", "likelihood")  # all of them, or nothing but region and code


@dataclass(frozen=True)
class DuisRequest:
    """A Request WAN Matrix document: whose coverage is asked, by whom.

    Attributes
    ----------
    postcode : str or None
        PostCode, verbatim, 6 to 8 characters; None where a UPRN is asked.
    address_identifier : str
        Address within the postcode, at most 30 characters; '' for the postcode as a whole.
    uprn : str or None
        1 to 12 digits without leading zeros; None where a postcode is asked.
    originator, target : str
        EUI-64 of sender and receiver: eight hex pairs joined by hyphens.
    counter : int
        0 to 18446744073709551615.
    schema_version : str
        The document's schemaVersion attribute.

    Raises
    ------
    ValueError
        When a value is not what the schemas allow, or not exactly one of postcode and UPRN is given.

    Examples
    --------
    >>> eui = "00-11-22-33-44-55-66-77"
    >>> DuisRequest(postcode="LL57 2DG", originator=eui, target=eui, counter=42).request_id
    '00-11-22-33-44-55-66-77:00-11-22-33-44-55-66-77:42'
    """

    postcode: str | None = None
    address_identifier: str = ""
    uprn: str | None = None
    originator: str = ""
    target: str = ""
    counter: int = 0
    schema_version: str = "5.4"

    def __post_init__(self) -> None:
        _check_key(self.postcode, self.address_identifier, self.uprn)
        check_eui(self.originator, "originator")
        check_eui(self.target, "target")
        check_counter(self.counter)

    @property
    def request_id(self) -> str:
        """Originator, target and counter, joined by colons."""
        return f"{self.originator}:{self.target}:{self.counter}"


@dataclass(frozen=True)
class DuisRegion:
    """What a response says for one CSP region.

    Attributes
    ----------
    csp_region : str
        North, Central, South, 4G North, 4G Central, 4G South, Unknown or SMETS1.
    region_code : str
        Response code of the region, verbatim; I0 is success.
    available : bool or None
        Whether a hub is expected to connect; None, like all that follows, where the region gives its code alone.
    anticipated : date or None
        Day from which coverage is expected.
    wan_technology : str or None
        1 to 30 characters, stated even where there is no coverage.
    likelihood : str or None
        Low, Medium or High, stated even where there is no coverage.
    auxiliary, info : str or None
        At most 50 and 250 characters.

    Raises
    ------
    ValueError
        When a value is not what the schemas allow, or the group after the code is neither whole nor absent.

    Examples
    --------
    >>> DuisRegion("Central", available=True, wan_technology="Cellular", likelihood="Medium").region_code
    'I0'
    """

    csp_region: str
    region_code: str = SUCCESS_CODE
    available: bool | None = None
    anticipated: dt.date | None = None
    wan_technology: str | None = None
    likelihood: str | None = None
    auxiliary: str | None = None
    info: str | None = None

    def __post_init__(self) -> None:
        for column in ("csp_region", "region_code", "wan_technology", "likelihood", "auxiliary", "info"):
            value = getattr(self, column)
            if value is not None:
                check_value(column, value)
        absent = [ELEMENTS[name] for name in GROUP if getattr(self, name) is None]
        rest = [self.anticipated, self.auxiliary, self.info]
        if absent and (len(absent) < len(GROUP) or any(value is not None for value in rest)):
            raise FacetBreach(
                "group_broken",
                f"{self.csp_region}: {', '.join(absent)} is absent; after the code stands all or nothing",
            )

    @property
    def answers(self) -> bool:
        """Whether the region says more than its code."""
        return self.available is not None


@dataclass(frozen=True)
class DuisResponse:
    """A response to Request WAN Matrix: what was asked, and what each CSP region says of it.

    Attributes
    ----------
    regions : tuple of DuisRegion
        One an answering region; empty where the response holds no matrix.
    postcode, address_identifier, uprn : str or None, str, str or None
        The echo of the question, verbatim; all empty where the response holds no matrix.
    response_code : str
        Code of the response as a whole, verbatim.
    responded_at : str
        ResponseDateTime, verbatim (xs:dateTime).
    request_id, response_id : str or None
        Verbatim, where given.
    shape : {"list", "flat"}
        list: any number of regions, each with its code (V5.3a, V5.4). flat: one region without code (V5.0, V5.1).
    schema_version : str
        The document's schemaVersion attribute; it never decides the shape.
    notes : tuple of str
        Comments that stand above the document, such as "SYNTHETIC: ...".

    Raises
    ------
    ValueError
        When a value is not what the schemas allow, a region stands twice, or the flat shape cannot hold the regions.
    """

    regions: tuple[DuisRegion, ...] = ()
    postcode: str | None = None
    address_identifier: str = ""
    uprn: str | None = None
    response_code: str = SUCCESS_CODE
    responded_at: str = ""
    request_id: str | None = None
    response_id: str | None = None
    shape: Shape = "list"
    schema_version: str = "5.4"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        read_time_named(self.responded_at)
        check_value("region_code", self.response_code)
        for text in (self.request_id, self.response_id):
            if text is not None:
                check_message_id(text)
        if self.regions:
            _check_key(self.postcode, self.address_identifier, self.uprn)
        elif self.postcode or self.uprn or self.address_identifier:
            raise FacetBreach("group_broken", "a response without regions echoes no question; leave the keys out")
        _check_regions(self.regions, self.shape)
        for note in self.notes:
            _check_note(note)

    @property
    def responded_on(self) -> dt.date:
        """The date of ResponseDateTime, as written."""
        return dt.date.fromisoformat(read_time_facet(self.responded_at))

    @property
    def synthetic(self) -> bool:
        """Whether the document says that it is made up."""
        return any(note.startswith(SYNTHETIC_WORD) for note in self.notes)


def read_time_named(text: str) -> str:
    """Return the date of a ResponseDateTime.

    Raises
    ------
    FacetBreach
        `date_format`, naming the element.
    """
    try:
        return read_time_facet(text)
    except FacetBreach as breach:
        raise FacetBreach(breach.code, f"ResponseDateTime: {str(breach).replace('{value}', clip(text))}") from None


def _check_key(postcode: str | None, address: str, uprn: str | None) -> None:
    if (postcode is None) == (uprn is None):
        raise FacetBreach("group_broken", "a question names a postcode or a UPRN, one of the two")
    if uprn is not None:
        if address:
            raise FacetBreach("group_broken", "an address identifier goes with a postcode, never with a UPRN")
        if check_value("uprn", uprn) != uprn:
            raise FacetBreach("uprn_format", f"UPRN: write '{uprn[:64]}' without sign, blanks and leading zeros")
    else:
        check_value("postcode", postcode or "")
        check_value("address_identifier", address)


def _check_regions(regions: tuple[DuisRegion, ...], shape: str) -> None:
    names = [region.csp_region for region in regions]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FacetBreach("duplicate_conflict", f"{', '.join(twice)} answers more than once")
    if shape not in ("list", "flat"):
        raise ValueError(f"shape {shape!r} is not list or flat")
    if shape == "flat" and regions:
        _check_flat(regions)


def _check_flat(regions: tuple[DuisRegion, ...]) -> None:
    only = regions[0]
    if len(regions) > 1:
        raise FacetBreach("group_broken", f"the flat shape holds one region, here are {len(regions)}; use shape='list'")
    if only.csp_region not in FLAT_REGIONS:
        listed = ", ".join(FLAT_REGIONS)
        raise FacetBreach("category_unknown", f"the flat shape knows {listed}, not {only.csp_region}; use shape='list'")
    if only.region_code != SUCCESS_CODE or not only.answers:
        raise FacetBreach("group_broken", f"the flat shape has no place for code {only.region_code}; use shape='list'")


def _check_note(note: str) -> None:
    if "--" in note or note.endswith("-") or not note.isprintable():
        raise ValueError(f"note {note[:64]!r}: a comment holds printable characters, no '--', and no '-' at its end")
