"""A DUIS 12.1 document read strictly: one document, one answer, any fault refuses it."""

from __future__ import annotations

import datetime as dt

from smarthan.coverage.releases.columns import SUCCESS_CODE
from smarthan.tables.problems import FileRefused

from .documents import GROUP, DuisRegion, DuisRequest, DuisResponse
from .facets import FLAT_REGIONS, FacetBreach, check_message_id, check_value
from .grammar import REQUEST
from .parsing import Document, RowText, parse_document, split_blocks

NAME = "DUIS document"  # what messages call a document that came as bytes
_TEXTS = ("wan_technology", "likelihood", "auxiliary", "info")


def from_duis(document: bytes | str) -> DuisRequest | DuisResponse:
    """Read a Request WAN Matrix document, or a response to one, strictly.

    Parameters
    ----------
    document : bytes or str
        The whole document, at most 64 MiB. Nothing outside it is ever read; a signature is passed over unread.

    Returns
    -------
    DuisRequest or DuisResponse
        Which one, the root element says. A response's shape is decided by its elements, never by schemaVersion.

    Raises
    ------
    FileRefused
        When it is not one well-formed, schema-valid document of service reference 12.1: the message says where and why.
    TypeError
        When it is neither bytes nor text.

    Notes
    -----
    One document is one answer: any fault refuses it. To read many and keep what is good, use `read_matrix`.

    Examples
    --------
    >>> from_duis(b"<!DOCTYPE bomb><bomb/>")
    Traceback (most recent call last):
    smarthan.tables.problems.FileRefused: DUIS document: line 1: a document type definition (DOCTYPE) is never read;
    take it out (xml_doctype)
    """
    if isinstance(document, str):
        # The text is decoded already, whatever its declaration says.
        found = parse_document(split_blocks(document.encode("utf-8", errors="surrogatepass")), NAME, encoding="utf-8")
    elif isinstance(document, bytes | bytearray | memoryview):
        found = parse_document(split_blocks(bytes(document)), NAME)
    else:
        raise TypeError(f"document: {type(document).__name__} given; bytes or text are needed")
    _refuse_faults(found)
    try:
        return _read_request(found) if found.root is REQUEST else _read_response(found)
    except FacetBreach as breach:
        raise FileRefused(NAME, breach.code, str(breach)) from None
    except ValueError as error:
        raise FileRefused(NAME, "xml_structure", str(error)) from None


def _refuse_faults(found: Document) -> None:
    faults = [fault for part in (found.key, *found.rows) for fault in part.faults]
    if faults:
        more = f"; and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise FileRefused(NAME, faults[0].code, f"{faults[0].message}{more}")


def _read_request(found: Document) -> DuisRequest:
    originator, target, counter = check_message_id(found.header["RequestID"])
    key = _read_values(found.key)
    return DuisRequest(
        postcode=key.get("postcode"),
        address_identifier=key.get("address_identifier") or "",
        uprn=key.get("uprn"),
        originator=originator,
        target=target,
        counter=counter,
        schema_version=found.schema_version,
    )


def _read_response(found: Document) -> DuisResponse:
    key = _read_values(found.key)
    return DuisResponse(
        regions=tuple(_read_region(row, flat=found.flat) for row in found.rows),
        postcode=key.get("postcode"),
        address_identifier=key.get("address_identifier") or "",
        uprn=key.get("uprn"),
        response_code=found.header["ResponseCode"],
        responded_at=found.header["ResponseDateTime"],
        request_id=found.header.get("RequestID"),
        response_id=found.header.get("ResponseID"),
        shape="flat" if found.flat else "list",
        schema_version=found.schema_version,
        notes=tuple(note.replace("--", "- -").rstrip("-") for note in found.notes),
    )


def _read_values(part: RowText) -> dict[str, str]:
    return {column: check_value(column, text) for column, text in part.values.items()}


def _read_region(row: RowText, *, flat: bool) -> DuisRegion:
    normal = _read_values(row)
    if flat and normal["csp_region"] not in FLAT_REGIONS:
        raise FacetBreach("category_unknown", f"CSPRegion: {normal['csp_region']} is no region of the flat shape")
    day = normal.get("anticipated")
    return DuisRegion(
        csp_region=normal["csp_region"],
        region_code=normal.get("region_code", SUCCESS_CODE),
        available=normal["available"] == "true" if all(name in normal for name in GROUP) else None,
        anticipated=dt.date.fromisoformat(day) if day else None,
        **{name: normal[name] for name in _TEXTS if name in normal},
    )
