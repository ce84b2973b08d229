"""The text of a DUIS 12.1 document: unsigned, in the order the schemas demand, byte for byte the same each time."""

from __future__ import annotations

from smarthan.coverage.lookup.statuses import describe_format
from smarthan.coverage.postcodes.rules import parse_postcode

from .documents import DuisRegion, DuisRequest, DuisResponse
from .facets import ELEMENTS, NON_DEVICE, SERVICE
from .grammar import SERVICE_NAMESPACE

_SERVICE_LINES = (
    f"<sr:ServiceReference>{SERVICE}</sr:ServiceReference>"
    f"<sr:ServiceReferenceVariant>{SERVICE}</sr:ServiceReferenceVariant>"
)
_GROUP = ("available", "anticipated", "wan_technology", "likelihood", "auxiliary", "info")
# A carriage return written plainly would be read as a line feed.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})


def canonical_postcode(text: str) -> str:
    """Return the canonical spaced form, the only one that is sent.

    Raises
    ------
    ValueError
        When the text is not a whole postcode.

    Examples
    --------
    >>> canonical_postcode("m11ae")
    'M1 1AE'
    """
    place = parse_postcode(text)
    if place.postcode is None:
        raise ValueError(f"postcode {text[:64]!r}: {describe_format(place)}; a request needs a whole one")
    return place.postcode


def compose_request(request: DuisRequest) -> bytes:
    """Return the document of a request; its postcode is sent in canonical form.

    Raises
    ------
    ValueError
        When its postcode is not a whole one.
    """
    postcode = None if request.postcode is None else canonical_postcode(request.postcode)
    header = f"{_element('RequestID', request.request_id)}{_element('CommandVariant', NON_DEVICE)}\n{_SERVICE_LINES}"
    key = _key(postcode, request.address_identifier, request.uprn)
    body = f"<sr:Body><sr:RequestWANMatrix>{key}</sr:RequestWANMatrix></sr:Body>"
    root = _root("Request", request.schema_version)
    return f"{root}<sr:Header>\n{header}</sr:Header>\n{body}</sr:Request>".encode()


def compose_response(response: DuisResponse) -> bytes:
    """Return the document of a response, in its shape, with its notes as comments above it."""
    heads = {
        "RequestID": response.request_id,
        "ResponseID": response.response_id,
        "ResponseCode": response.response_code,
        "ResponseDateTime": response.responded_at,
    }
    header = "".join(_element(name, text) for name, text in heads.items() if text is not None)
    notes = "".join(f"<!-- {note} -->\n" for note in response.notes)
    root = _root("Response", response.schema_version)
    head = f"{notes}{root}<sr:Header>\n{header}</sr:Header><sr:Body><sr:ResponseMessage>\n{_SERVICE_LINES}"
    return f"{head}{_matrix(response)}</sr:ResponseMessage></sr:Body></sr:Response>".encode()


def _root(name: str, version: str) -> str:
    return f'<sr:{name} xmlns:sr="{SERVICE_NAMESPACE}" schemaVersion="{version}">'


def _matrix(response: DuisResponse) -> str:
    if not response.regions:
        return ""
    key = _key(response.postcode, response.address_identifier, response.uprn)
    if response.shape == "flat":
        answers = _region(response.regions[0], flat=True)
    else:
        answers = "\n".join(
            f"<sr:DSPWANMatrixResponse>{_region(region)}</sr:DSPWANMatrixResponse>" for region in response.regions
        )
    return f"<sr:DSPWANMatrix>\n<sr:Request>{key}</sr:Request>\n{answers}</sr:DSPWANMatrix>"


def _key(postcode: str | None, address: str, uprn: str | None) -> str:
    if uprn is not None:
        return _element("UPRN", uprn)
    place = _element("PostCode", postcode or "") + _element("AddressIdentifier", address)
    return f"<sr:PartialAddress>{place}</sr:PartialAddress>"


def _region(region: DuisRegion, *, flat: bool = False) -> str:
    named = ("csp_region",) if flat else ("csp_region", "region_code")
    values = {name: getattr(region, name) for name in (*named, *(_GROUP if region.answers else ()))}
    return "".join(_element(ELEMENTS[name], _text(value)) for name, value in values.items() if value is not None)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _element(name: str, text: str) -> str:
    return f"<sr:{name}>{text.translate(_ESCAPES)}</sr:{name}>"
