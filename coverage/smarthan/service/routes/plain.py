"""What is open to everybody: health, the OpenAPI document, its page, the files of the pages."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from smarthan.service.gate import VISIT
from smarthan.service.refusals import Refusal, shorten
from smarthan.service.replies import matches
from smarthan.service.schemas import Health, answers
from smarthan.service.statics import find_static
from smarthan.service.workplace import answer_unkept

router = APIRouter()


@router.get("/healthz", summary="Is anybody there", tags=["service"], responses=answers(Health, cached=False))
async def health(request: Request) -> Response:
    """Say that the service answers, and from which release; its notes tell of any doubt about it."""
    visit = request.scope[VISIT]
    visit.action = "health"
    release = visit.served.release
    as_of = release.as_of.isoformat() if release.as_of else None
    notes = list(visit.served.notes)
    return answer_unkept({"status": "ok", "release_id": release.release_id, "as_of": as_of, "notes": notes})


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    """Return the OpenAPI document."""
    request.scope[VISIT].action = "open"
    return Response(request.app.state.document, media_type="application/json", headers={"cache-control": "no-cache"})


@router.get("/static/{name}", include_in_schema=False)
async def static(request: Request, name: str) -> Response:
    """Return a file of the pages."""
    request.scope[VISIT].action = "open"
    found = find_static(name)
    if found is None:
        raise Refusal("NO_ROUTE", f"there is no file {shorten(name)}")
    given = request.headers.get("if-none-match")
    headers = {"etag": found.etag, "cache-control": "no-cache"}
    if matches(given.encode("latin-1") if given else None, found.etag.encode()):
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type=found.media, headers=headers)
