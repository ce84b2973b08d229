"""One location, or many: a postcode, a UPRN, an outward code, a sector, a batch."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from smarthan.coverage import CoverageAnswer
from smarthan.coverage.lookup.statuses import OK
from smarthan.coverage.postcodes.rules import Postcode, parse_postcode
from smarthan.service.access import allow
from smarthan.service.bodies import read_json
from smarthan.service.forms import Forms, describe_lookup, forms_for, refuse_part, show_answer
from smarthan.service.holder import Served
from smarthan.service.hot import check_key
from smarthan.service.parts import answer_key, describe_release, refuse_parts
from smarthan.service.refusals import HTTP_OF, Refusal, shorten
from smarthan.service.replies import write_json
from smarthan.service.schemas import WITH_BODY, Answer, Batch, BatchAnswer, answers
from smarthan.service.visits import Visit
from smarthan.service.workplace import Workplace, answer_json, answer_unkept, workplace_of

router = APIRouter(prefix="/v1", tags=["look-ups"])

# What keys look like in OpenAPI. The service forgives case and blanks, and no more.
POSTCODE = r"^[A-PR-UWYZ]([0-9][0-9A-HJKPSTUW]?|[A-HK-Y][0-9][0-9ABEHMNPRVWXY]?) [0-9][ABD-HJLNP-UW-Z]{2}$"
OUTWARD = r"^[A-PR-UWYZ]([0-9][0-9A-HJKPSTUW]?|[A-HK-Y][0-9][0-9ABEHMNPRVWXY]?)$"
SECTOR = r"^[A-PR-UWYZ]([0-9][0-9A-HJKPSTUW]?|[A-HK-Y][0-9][0-9ABEHMNPRVWXY]?) [0-9]$"
UPRN = r"^[1-9][0-9]{0,11}$"
DAY = r"^\d{4}-\d{2}-\d{2}$"


class DayQuery(BaseModel):
    """The day asked."""

    model_config = ConfigDict(extra="forbid")
    as_of: str | None = Field(
        None,
        description="the day asked, YYYY-MM-DD: picks the release in force then, and tells planned from overdue",
        json_schema_extra={"format": "date"},
    )


class KeyQuery(DayQuery):
    """A finer key, and the day asked."""

    uprn: str | None = Field(
        None, description="unique property reference number", json_schema_extra={"pattern": UPRN}, max_length=64
    )


def key_in_path(pattern: str, example: str) -> Any:
    """Return the declaration of a key in the path: its pattern is told, not held against it."""
    return Path(json_schema_extra={"pattern": pattern}, examples=[example])


@router.get("/coverage/{postcode}", summary="Look one postcode up", responses=answers(Answer, 404, 422))
async def lookup_postcode(
    request: Request,
    visit: Annotated[Visit, Depends(allow("lookup_postcode", "POSTCODE"))],
    postcode: Annotated[str, key_in_path(POSTCODE, "SW1A 1AA")],
    query: Annotated[KeyQuery, Query()],
) -> Response:
    """Say what the release holds of one postcode: covered or not is a 200, unknown a 404, malformed a 422."""
    text = check_key(postcode, request.scope["raw_path"])
    if query.uprn is not None:
        visit.enter("lookup_uprn", "UPRN")
        if not query.uprn.strip():
            raise Refusal("BAD_PARAMETER", "uprn is empty; leave it out, or give 1 to 12 digits")
    place = parse_postcode(text)
    refuse_part(place)
    visit.charge(1)
    served, day = await workplace_of(request).pick(visit, query.as_of)
    return _finish(request, visit, served.answer(text, query.uprn, day), place, (served, day))


@router.get("/uprn/{uprn}", summary="Look one premises up by its UPRN", responses=answers(Answer, 404, 422))
async def lookup_uprn(
    request: Request,
    visit: Annotated[Visit, Depends(allow("lookup_uprn", "UPRN"))],
    uprn: Annotated[str, key_in_path(UPRN, "100023336956")],
    query: Annotated[DayQuery, Query()],
) -> Response:
    """Say what the release holds of one premises."""
    text = check_key(uprn, request.scope["raw_path"])
    visit.charge(1)
    served, day = await workplace_of(request).pick(visit, query.as_of)
    answer = served.answer(None, text, day)
    return _finish(request, visit, answer, parse_postcode(answer.postcode), (served, day))


@router.get(
    "/outward/{outward}", summary="Shares of each state in an outward code", responses=answers(Answer, 404, 422)
)
async def lookup_outward(
    request: Request,
    visit: Annotated[Visit, Depends(allow("lookup_outward", "OUTWARD"))],
    outward: Annotated[str, key_in_path(OUTWARD, "LL57")],
    query: Annotated[DayQuery, Query()],
) -> Response:
    """Say in which states the premises of an outward code are."""
    return await _answer_part(request, visit, outward, query.as_of, "outward")


@router.get("/sector/{sector}", summary="Shares of each state in a sector", responses=answers(Answer, 404, 422))
async def lookup_sector(
    request: Request,
    visit: Annotated[Visit, Depends(allow("lookup_outward", "POSTCODE"))],
    sector: Annotated[str, key_in_path(SECTOR, "LL57 2")],
    query: Annotated[DayQuery, Query()],
) -> Response:
    """Say in which states the premises of a sector are."""
    return await _answer_part(request, visit, sector, query.as_of, "sector")


async def _answer_part(request: Request, visit: Visit, key: str, as_of: str | None, kind: str) -> Response:
    text = check_key(key, request.scope["raw_path"])
    place = parse_postcode(text)
    if place.kind == "GEOGRAPHIC" or (place.kind == "PARTIAL" and bool(place.sector) != (kind == "sector")):
        wanted = {"outward": "an outward code such as LL57", "sector": "a sector such as LL57 2"}[kind]
        raise Refusal("PART_OF_POSTCODE", f"{shorten(text)} is not {wanted}")
    visit.charge(1)
    work = workplace_of(request)
    served, day = await work.pick(visit, as_of)
    answer = await answer_key(work, served, text, None, day)
    return _finish(request, visit, answer, place, (served, day))


def _finish(
    request: Request, visit: Visit, answer: CoverageAnswer, place: Postcode, when: tuple[Any, dt.date]
) -> Response:
    """Send an answer, or the reason why there is none."""
    assert visit.role is not None
    visit.outward = place.outward
    visit.note(answer.status)
    document = describe_lookup(answer, visit.role)
    http = HTTP_OF[answer.status]
    return answer_json(request, visit, *when, document) if http == 200 else answer_unkept(document, http)


@router.post(
    "/coverage:batch",
    summary="Look many postcodes up",
    responses=answers(BatchAnswer, 404, 422, *WITH_BODY, cached=False),
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": Batch.model_json_schema()}}}
    },
)
async def lookup_batch(request: Request, visit: Annotated[Visit, Depends(allow("batch", "POSTCODE"))]) -> Response:
    """Answer each question with its own status, in the order given; the batch itself is always a 200."""
    work = workplace_of(request)
    asked = read_batch(await _read_json_body(request), visit, work.limits.batch)
    visit.charge(len(asked.postcodes))
    served, day = await work.pick(visit, asked.as_of)
    refuse_parts(served, asked.postcodes, day, work.limits.parts)
    statuses, answers = await _answer_batch(work, served, asked, visit, day)
    visit.note(OK, len(answers))
    about = write_json({**describe_release(served, day), "counts": dict(Counter(statuses))})
    body = about[:-1] + b',"answers":[' + b",".join(answers) + b"]}"
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


async def _answer_batch(
    work: Workplace, served: Served, asked: Batch, visit: Visit, day: dt.date
) -> tuple[list[str], list[bytes]]:
    """Return the status and the JSON of each answer: from a kept form where there is one."""
    assert visit.role is not None
    forms = forms_for(served, visit.role, day) if asked.as_of is None else Forms(served, visit.role, day)
    statuses, answers = [], []
    for text, uprn in zip(asked.postcodes, asked.uprns or [None] * len(asked.postcodes), strict=True):
        filled = forms.fill(text) if text is not None and uprn is None else None
        if filled is None:
            answer = await answer_key(work, served, text, uprn, day)
            filled = ("", write_json(show_answer(answer, visit.role)))
            statuses.append(answer.status)
        else:
            statuses.append(OK)
        answers.append(filled[1])
    return statuses, answers


async def _read_json_body(request: Request) -> Any:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Refusal("BODY_TYPE", "a body of type application/json is needed")
    return read_json(await request.body(), workplace_of(request).limits.json_depth)


def read_batch(document: Any, visit: Visit, most: int) -> Batch:
    """Return a batch, checked against its form, the role and the limits.

    Raises
    ------
    Refusal
        BAD_BODY, TOO_LARGE, DENIED.
    """
    from pydantic import ValidationError

    assert visit.role is not None
    most = min(most, visit.role.batch_max)
    size = (
        len(document["postcodes"]) if isinstance(document, dict) and isinstance(document.get("postcodes"), list) else 0
    )
    if size > most:
        raise Refusal("TOO_LARGE", f"{size:,} postcodes in one request; role {visit.role.name} may ask {most:,}")
    try:
        asked = Batch.model_validate(document, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the body"
        raise Refusal("BAD_BODY", f"{shorten(where)}: {first['msg']}") from None
    if asked.uprns is not None:
        if len(asked.uprns) != len(asked.postcodes):
            raise Refusal(
                "BAD_BODY", f"{len(asked.uprns):,} uprns for {len(asked.postcodes):,} postcodes; give as many"
            )
        visit.enter("lookup_uprn", "UPRN")
        visit.action = "batch"
    return asked
