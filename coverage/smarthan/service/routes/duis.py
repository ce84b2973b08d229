"""Service request 12.1 of DUIS: a Request WAN Matrix document in, the response document out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from smarthan.coverage import CoverageAnswer, DuisRequest
from smarthan.coverage.lookup.statuses import DENIED, OK
from smarthan.coverage.postcodes.rules import parse_postcode
from smarthan.records import replace
from smarthan.service.access import allow
from smarthan.service.forms import reduce_answer
from smarthan.service.refusals import Refusal
from smarthan.service.schemas import WITH_BODY, answers
from smarthan.service.visits import Visit
from smarthan.service.workplace import workplace_of

router = APIRouter(prefix="/v1", tags=["DUIS 12.1"])

FLAT_VERSIONS = ("5.0", "5.1")  # schemas whose responses hold one region, and no list
XML = "application/xml"
_TYPES = (XML, "text/xml")
_EXAMPLE = (
    '<sr:Request xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4"><sr:Header>'
    "<sr:RequestID>00-11-22-33-44-55-66-77:88-99-AA-BB-CC-DD-EE-FF:42</sr:RequestID>"
    "<sr:CommandVariant>8</sr:CommandVariant><sr:ServiceReference>12.1</sr:ServiceReference>"
    "<sr:ServiceReferenceVariant>12.1</sr:ServiceReferenceVariant></sr:Header><sr:Body><sr:RequestWANMatrix>"
    "<sr:PartialAddress><sr:PostCode>SW1A 1AA</sr:PostCode><sr:AddressIdentifier></sr:AddressIdentifier>"
    "</sr:PartialAddress></sr:RequestWANMatrix></sr:Body></sr:Request>"
)


class ShapeQuery(BaseModel):
    """The shape of the response."""

    model_config = ConfigDict(extra="forbid")
    shape: Literal["list", "flat"] | None = Field(
        None, description="list (V5.3a, V5.4) or flat (V5.0, V5.1: one region); default: as the request's schemaVersion"
    )


@router.post(
    "/duis",
    summary="Request WAN Matrix (12.1)",
    responses=answers(None, 422, *WITH_BODY, cached=False, content={XML: {"schema": {"type": "string"}}}),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {XML: {"schema": {"type": "string"}, "example": _EXAMPLE}},
        }
    },
)
async def request_wan_matrix(
    request: Request,
    visit: Annotated[Visit, Depends(allow("duis", "POSTCODE"))],
    query: Annotated[ShapeQuery, Query()],
) -> Response:
    """Answer a valid request with a response document and 200, its ResponseCode inside; I0 is success.

    A signature is passed over unread and none is made. The header Coverage-Status holds the status of the look-up.
    """
    if request.headers.get("content-type", "").split(";")[0].strip().lower() not in _TYPES:
        raise Refusal("BODY_TYPE", f"a body of type {XML} is needed")
    asked = read_request(await request.body())
    visit.charge(1)
    served, day = await workplace_of(request).pick(visit, None)
    answer = _look_up(visit, served, asked, day)
    answer = reduce_answer(answer, visit.role) if visit.role else answer
    visit.outward = parse_postcode(answer.postcode).outward
    visit.note(answer.status)
    shape = query.shape or ("flat" if asked.schema_version in FLAT_VERSIONS else "list")
    document = compose(answer, asked, shape, workplace_of(request).roles.code_for(answer.status))
    headers = {"cache-control": "no-store", "coverage-status": answer.status}
    return Response(document, media_type=XML, headers=headers)


def read_request(body: bytes) -> DuisRequest:
    """Return the request that a document makes.

    Raises
    ------
    Refusal
        BAD_DUIS: no XML, a DOCTYPE, not 12.1, a response, a value that the schemas do not allow.
    """
    from smarthan.coverage import from_duis
    from smarthan.tables import FileRefused

    try:
        found = from_duis(body)
    except FileRefused as error:
        raise Refusal("BAD_DUIS", str(error)) from None
    if not isinstance(found, DuisRequest):
        raise Refusal("BAD_DUIS", "the document is a response; a request is needed")
    return found


def _look_up(visit: Visit, served: Any, asked: DuisRequest, day: dt.date) -> CoverageAnswer:
    """Look up as finely as the role may: a UPRN without the right is denied, an address is answered by its postcode."""
    assert visit.role is not None
    fine = visit.role.may("duis", "UPRN")
    if asked.uprn is not None:
        answer: CoverageAnswer = served.answer(None, asked.uprn, day)
        return answer if fine else replace(answer, status=DENIED, rows=(), postcode=None, state=None)
    answer = served.answer(asked.postcode, None, day, address=asked.address_identifier if fine else None)
    return answer if fine or not asked.address_identifier else replace(answer, degraded=True)


def compose(answer: CoverageAnswer, asked: DuisRequest, shape: Literal["list", "flat"], code: str) -> bytes:
    """Return the response document.

    Parameters
    ----------
    answer : CoverageAnswer
    asked : DuisRequest
        Echoed.
    shape : {"list", "flat"}
    code : str
        Of the response as a whole where the answer has no row to send.

    Raises
    ------
    Refusal
        DUIS_CANNOT_CARRY, when the schemas have no place for the answer in this shape.
    """
    from smarthan.coverage import to_duis

    rows = [row for row in answer.rows if answer.resolution != "POSTCODE" or row["location_kind"] == "POSTCODE"]
    answered = answer.status == OK and bool(rows)
    plain = answer if answered else replace(answer, rows=())
    try:
        return to_duis(
            plain,
            request=asked,
            response_code=None if answered else code,
            responded_at=dt.datetime.now(dt.UTC),
            shape=shape,
            schema_version=asked.schema_version if shape == _shape_of(asked) else None,
        )
    except ValueError as error:
        raise Refusal("DUIS_CANNOT_CARRY", f"{error}; ask the other shape, or the JSON interface") from None


def _shape_of(asked: DuisRequest) -> str:
    return "flat" if asked.schema_version in FLAT_VERSIONS else "list"
