"""A DUIS 12.1 document written: a request from keys, a response from the answer of a look-up."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from smarthan.coverage.lookup.answers import CoverageAnswer
from smarthan.coverage.postcodes.rules import parse_postcode
from smarthan.coverage.releases.columns import SUCCESS_CODE

from .composing import canonical_postcode, compose_request, compose_response
from .documents import SYNTHETIC_WORD, DuisRegion, DuisRequest, DuisResponse, Shape, read_time_named
from .facets import check_counter, check_value

LIST_VERSION, FLAT_VERSION = "5.4", "5.1"
SYNTHETIC_NOTE = f"{SYNTHETIC_WORD}: made up for demonstration; it says nothing of any real place"
_DECIMAL = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")
_TEXTS = ("wan_technology", "likelihood", "auxiliary", "info")


def to_duis(
    what: str | DuisRequest | CoverageAnswer | DuisResponse | None = None,
    *,
    uprn: str | None = None,
    address_identifier: str = "",
    originator: str | None = None,
    target: str | None = None,
    counter: int | str | None = None,
    request: DuisRequest | None = None,
    response_code: str | None = None,
    responded_at: dt.datetime | dt.date | str | None = None,
    shape: Shape = "list",
    schema_version: str | None = None,
) -> bytes:
    """Write a Request WAN Matrix document, or the response to one.

    Parameters
    ----------
    what : str, DuisRequest, CoverageAnswer or DuisResponse, optional
        What to write. A postcode (or None with `uprn`) or a `DuisRequest`: a request. An answer of a look-up or a
        `DuisResponse`: a response.
    uprn : str, optional
        For a request: the UPRN asked. A document carries one key: with a postcode too, the UPRN is sent, as the finer.
    address_identifier : str
        For a request by postcode: the address within it, at most 30 characters.
    originator, target : str
        For a request by keys: EUI-64 of sender and receiver.
    counter : int or str
        For a request by keys: 0 to 18446744073709551615.
    request : DuisRequest, optional
        For an answer: the request it answers, which is echoed. Without it the echo is the key that answered.
    response_code : str, optional
        For an answer: the code of the response as a whole; by default I0. It must be given where the answer has no row
        (an unknown postcode, say): the response then holds no matrix.
    responded_at : datetime, date or str, optional
        For an answer: ResponseDateTime; by default the first second of the release's day, never the clock.
    shape : {"list", "flat"}
        For an answer: list (V5.3a, V5.4) or flat (V5.0, V5.1: one region of North, Central, South, Unknown, SMETS1).
    schema_version : str, optional
        By default 5.4 for a request and the list shape, 5.1 for the flat shape.

    Returns
    -------
    bytes
        The document, UTF-8, unsigned.

    Raises
    ------
    ValueError
        When the schemas cannot carry a value, when what is needed is not given, or when the answer is to another
        question than the request.
    TypeError
        When `what` is none of these, or an option is given that does not go with it.

    Notes
    -----
    A postcode is always sent in its canonical spaced form; a question for a postcode alone has an empty
    AddressIdentifier. An answer of a postcode gives the rows of the postcode, not those of premises within it. An
    answer from a synthetic release, or from a coarser key than was asked, says so in a comment above the document.

    References
    ----------
    DUIS XML schemas V5.0, V5.1, V5.3a and V5.4 (facts only).

    Examples
    --------
    >>> ours, theirs = "00-11-22-33-44-55-66-77", "88-99-AA-BB-CC-DD-EE-FF"
    >>> document = to_duis("ll572dg", originator=ours, target=theirs, counter=42)
    >>> from smarthan.coverage import from_duis, sample_matrix
    >>> from_duis(document).postcode
    'LL57 2DG'
    >>> response = from_duis(to_duis(sample_matrix().lookup("SW1A 1AA")))
    >>> response.postcode, response.synthetic
    ('SW1A 1AA', True)
    """
    asked: dict[str, object] = {"uprn": uprn, "address_identifier": address_identifier or None, "counter": counter}
    asked |= {"originator": originator, "target": target}
    answered: dict[str, object] = {"request": request, "response_code": response_code, "responded_at": responded_at}
    answered["shape"] = None if shape == "list" else shape
    if isinstance(what, CoverageAnswer):
        _refuse_options(asked, "a request by keys")
        return _version(_answer(what, request, response_code, responded_at, shape), schema_version)
    _refuse_options(answered, "an answer")
    if what is None or isinstance(what, str):
        return _version(_ask(what, uprn, address_identifier, originator, target, counter), schema_version)
    _refuse_options(asked, "a request by keys")
    if not isinstance(what, DuisRequest | DuisResponse):
        kinds = "a postcode, a DuisRequest, a CoverageAnswer or a DuisResponse"
        raise TypeError(f"what: {type(what).__name__} given; give {kinds}")
    return _version(what, schema_version)


def _refuse_options(given: Mapping[str, object], belongs: str) -> None:
    wrong = [name for name, value in given.items() if value is not None]
    if wrong:
        raise TypeError(f"{', '.join(wrong)}: goes with {belongs}; leave it out, or change the object itself")


def _version(document: DuisRequest | DuisResponse, version: str | None) -> bytes:
    if version is not None:
        document = replace(document, schema_version=version)
    if not _DECIMAL.fullmatch(document.schema_version):
        raise ValueError(f"schema_version {document.schema_version[:16]!r} is not a decimal; write 5.4 or 5.1, as text")
    return compose_request(document) if isinstance(document, DuisRequest) else compose_response(document)


def _ask(
    postcode: str | None,
    uprn: str | None,
    address: str,
    originator: str | None,
    target: str | None,
    counter: int | str | None,
) -> DuisRequest:
    if postcode is None and uprn is None:
        raise ValueError("nothing is asked: give a postcode, a UPRN, or the address within a postcode")
    needed = {"originator": originator, "target": target, "counter": counter}
    absent = [name for name, value in needed.items() if value is None]
    if absent:
        raise ValueError(f"{', '.join(absent)} not given; a request needs all of {', '.join(needed)}")
    canonical = canonical_postcode(postcode) if postcode is not None else None
    return DuisRequest(
        postcode=canonical if uprn is None else None,
        address_identifier=address if uprn is None else "",
        uprn=None if uprn is None else check_value("uprn", str(uprn)),
        originator=originator or "",
        target=target or "",
        counter=check_counter(counter),
        schema_version=LIST_VERSION,
    )


def _answer(
    answer: CoverageAnswer,
    request: DuisRequest | None,
    code: str | None,
    at: dt.datetime | dt.date | str | None,
    shape: Shape,
) -> DuisResponse:
    rows = [row for row in answer.rows if answer.resolution != "POSTCODE" or row["location_kind"] == "POSTCODE"]
    if not rows and code is None:
        why = f"{answer.status}: {answer.words}" if not answer.rows else "the postcode has rows of its premises only"
        raise ValueError(f"the answer gives no row to send ({why}); give the response_code that says so")
    _check_echo(answer, request)
    postcode, address, uprn = _echo(answer, request) if rows else (None, "", None)
    return DuisResponse(
        regions=tuple(map(region_of, rows)),
        postcode=postcode,
        address_identifier=address,
        uprn=uprn,
        response_code=code or SUCCESS_CODE,
        responded_at=write_time(at if at is not None else answer.as_of),
        request_id=request.request_id if request else None,
        response_id=f"{request.target}:{request.originator}:{request.counter}" if request else None,
        shape=shape,
        schema_version=LIST_VERSION if shape == "list" else FLAT_VERSION,
        notes=_notes(answer),
    )


def _check_echo(answer: CoverageAnswer, request: DuisRequest | None) -> None:
    if request is None:
        return
    asked = request.uprn or (parse_postcode(request.postcode).postcode or "").strip()
    found = answer.uprn if request.uprn else answer.postcode
    if found is not None and asked and found != asked:
        raise ValueError(f"the answer is for {found}, the request asks for {asked}; give the request it answers")


def _echo(answer: CoverageAnswer, request: DuisRequest | None) -> tuple[str | None, str, str | None]:
    """Return postcode, address identifier and UPRN as the response repeats them."""
    if request is not None:
        return request.postcode, request.address_identifier, request.uprn
    if answer.resolution == "UPRN":
        return None, "", answer.uprn
    address = answer.rows[0]["address_identifier"] if answer.resolution == "ADDRESS" else None
    return answer.postcode, address or "", None


def _notes(answer: CoverageAnswer) -> tuple[str, ...]:
    notes = (SYNTHETIC_NOTE,) if answer.synthetic else ()
    return (*notes, f"answered at {answer.resolution} resolution, coarser than asked") if answer.degraded else notes


def region_of(row: Mapping[str, Any]) -> DuisRegion:
    """Return what one row of an answer, or of a matrix, says of its region.

    Raises
    ------
    ValueError
        When the schemas cannot carry it: no likelihood, say.
    """
    values = {name: row[name] for name in ("csp_region", "region_code", "available", "anticipated", *_TEXTS)}
    return DuisRegion(**values)


def write_time(at: dt.datetime | dt.date | str | None) -> str:
    """Return a ResponseDateTime; a day alone stands for its first second.

    Raises
    ------
    ValueError
        When there is none, when a time states no zone, or when a text is not xs:dateTime.

    Examples
    --------
    >>> write_time(dt.date(2026, 11, 2))
    '2026-11-02T00:00:00Z'
    """
    if at is None:
        raise ValueError("responded_at: the release has no date, so give the time of the response")
    if isinstance(at, dt.datetime):
        if at.tzinfo is None:
            raise ValueError("responded_at: the time states no zone; give one, such as datetime.UTC")
        return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(at, dt.date):
        return f"{at.isoformat()}T00:00:00Z"
    read_time_named(at)
    return at
