"""The page for people, and the list of answers to take away as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from smarthan.coverage import CoverageAnswer
from smarthan.coverage.lookup.statuses import MALFORMED, OK
from smarthan.coverage.postcodes.rules import parse_postcode
from smarthan.files import FORMULA_STARTS
from smarthan.service.access import allow
from smarthan.service.bodies import read_form, read_list
from smarthan.service.forms import reduce_answer
from smarthan.service.gate import CHALLENGE, VISIT
from smarthan.service.parts import answer_key, refuse_parts
from smarthan.service.refusals import HTTP_OF, Refusal
from smarthan.service.rendering import render_docs, render_page
from smarthan.service.replies import etag_of, matches
from smarthan.service.surroundings import see_around
from smarthan.service.visits import Visit
from smarthan.service.workplace import Workplace, workplace_of

router = APIRouter(include_in_schema=False)

FIELDS = ("q", "uprn", "as_of")
_UPRN_DENIED = "This role may not ask by UPRN, so the answer is for the postcode."
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
LIST_COLUMNS = (
    *("query", "postcode", "uprn", "status", "state", "words", "resolution", "degraded", "share"),
    *("csp_region", "wan_technology", "likelihood", "auxiliary", "anticipated", "regions"),
    *("release_id", "as_of", "asked_on", "caveat", "notes", "synthetic"),
)


@router.get("/")
async def show_page(request: Request, visit: Annotated[Visit, Depends(allow("page"))]) -> Response:
    """Show the form, and the answer to what it asks."""
    work = workplace_of(request)
    asked = {name: request.query_params.get(name, "").strip() for name in FIELDS}
    view: dict[str, Any] = {"asked": asked, "served": visit.served, "role": visit.role, "error": None, "answer": None}
    http = 200
    if asked["q"] or asked["uprn"]:
        http = await _answer(work, visit, asked, view)
    etag = etag_of(view["served"], _role(visit), dt.date.today()).decode()
    headers = {"etag": etag, "cache-control": "private, no-cache"} if http == 200 else {"cache-control": "no-store"}
    if http == 200 and matches(_header(request, "if-none-match"), etag.encode()):
        return Response(status_code=304, headers=headers)
    return Response(render_page(work, view), http, media_type="text/html", headers=headers)


async def _answer(work: Workplace, visit: Visit, asked: dict[str, str], view: dict[str, Any]) -> int:
    """Put the answer, or what is wrong with the question, into the view; return the HTTP status."""
    try:
        await _look_up(work, visit, asked, view)
    except Refusal as refusal:
        if refusal.http in (429, 503):
            raise
        field = "as_of" if refusal.code in ("BAD_PARAMETER", "NO_RELEASE") else "q"
        view["error"] = describe_error(field, refusal.words)
        return refusal.http
    answer: CoverageAnswer = view["answer"]
    if answer.status in MALFORMED:
        field = "uprn" if answer.status == "BAD_UPRN" else "q"
        view["error"] = describe_error(field, answer.words, answer.suggestions)
    return HTTP_OF[answer.status]


def describe_error(field: str, words: str, suggestions: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what is wrong with a field of the form, as the page shows it."""
    return {"field": field, "words": words[:1].upper() + words[1:], "suggestions": suggestions}


async def _look_up(work: Workplace, visit: Visit, asked: dict[str, str], view: dict[str, Any]) -> None:
    role = _role(visit)
    fine = role.may("lookup_uprn", "UPRN")
    place = parse_postcode(asked["q"])
    visit.enter(*_action_for(place.kind == "PARTIAL", bool(asked["uprn"]) and fine))
    visit.charge(1)
    served, day = await work.pick(visit, asked["as_of"] or None)
    uprn = (asked["uprn"] or None) if fine else None
    if place.kind == "EMPTY" and uprn is None:
        visit.enter("lookup_uprn", "UPRN")
    answer = await answer_key(work, served, asked["q"] or None, uprn, day)
    visit.note(answer.status)
    found = parse_postcode(answer.postcode)
    visit.outward = found.outward
    view |= {"answer": reduce_answer(answer, role), "served": served, "day": day}
    view["told"] = [_UPRN_DENIED] if asked["uprn"] and not fine else []
    view["link"] = f"/?{urlencode({name: value for name, value in asked.items() if value})}"
    if role.may("lookup_outward", "OUTWARD"):
        view["around"] = await see_around(work, served, found, day)


def _action_for(is_part: bool, by_uprn: bool) -> tuple[str, str]:
    if by_uprn:
        return "lookup_uprn", "UPRN"
    return ("lookup_outward", "OUTWARD") if is_part else ("lookup_postcode", "POSTCODE")


@router.post("/list")
async def answer_list(request: Request, visit: Annotated[Visit, Depends(allow("batch", "POSTCODE"))]) -> Response:
    """Answer a pasted or uploaded list as a CSV file, line by line."""
    work, role = workplace_of(request), _role(visit)
    try:
        postcodes, uprns = await _read_list(request, min(role.batch_max, work.limits.batch))
    except Refusal as refusal:
        if refusal.code == "BODY_TYPE":
            raise
        view = {"asked": dict.fromkeys(FIELDS, ""), "served": visit.served, "role": role, "answer": None}
        view["error"] = describe_error("list", refusal.words)
        visit.status = refusal.code
        return Response(
            render_page(work, view), refusal.http, media_type="text/html", headers={"cache-control": "no-store"}
        )
    visit.charge(len(postcodes))
    served, day = await work.pick(visit, None)
    refuse_parts(served, postcodes, day, work.limits.parts)
    fine = role.may("lookup_uprn", "UPRN")
    keys = zip(postcodes, uprns if uprns and fine else [None] * len(postcodes), strict=True)
    answers = [reduce_answer(await answer_key(work, served, *key, day), role) for key in keys]
    told = [] if fine or not uprns else [_UPRN_DENIED]
    visit.note(OK, len(answers))
    headers = {"cache-control": "no-store", "content-disposition": 'attachment; filename="coverage-answers.csv"'}
    return Response(write_list(answers, told), media_type="text/csv; charset=utf-8", headers=headers)


async def _read_list(request: Request, most: int) -> tuple[list[str], list[str] | None]:
    content_type = request.headers.get("content-type", "")
    if content_type.split(";")[0].strip().lower() not in _FORMS:
        raise Refusal("BODY_TYPE", "a form is needed, as a browser sends it")
    fields = read_form(await request.body(), content_type)
    unknown = sorted(set(fields) - {"list", "file"})
    if unknown:
        raise Refusal("BAD_BODY", "the form has a field that is not known here")
    postcodes, uprns = read_list(fields.get("file", b"").strip() or fields.get("list", b""))
    if not postcodes:
        raise Refusal("BAD_BODY", "the list is empty: paste postcodes, one a line, or choose a file")
    if len(postcodes) > most:
        raise Refusal("TOO_LARGE", f"the list has {len(postcodes):,} lines; this role may ask {most:,} at once")
    return postcodes, uprns


def write_list(answers: list[CoverageAnswer], told: list[str]) -> bytes:
    """Return answers as CSV, one line each, in their order; text that a spreadsheet would run gets an apostrophe."""
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(LIST_COLUMNS)
    for answer in answers:
        lines.writerow([_cell(_value(answer, name, told)) for name in LIST_COLUMNS])
    return out.getvalue().encode("utf-8")


def _value(answer: CoverageAnswer, name: str, told: list[str]) -> object:
    if name == "notes":
        return " | ".join([*told, *answer.notes])
    if name == "regions":
        return " | ".join(answer.regions)
    return getattr(answer, name) if hasattr(answer, name) else (answer.best or {}).get(name)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_STARTS) else text


@router.get("/sign-in")
async def sign_in(request: Request) -> Response:
    """Have the browser ask for the key, then go back to the page: no cookie, no session."""
    visit: Visit = request.scope[VISIT]
    visit.action = "open"
    if visit.key is None:
        raise Refusal("NO_KEY", "a key is needed to sign in", headers=(CHALLENGE,))
    return Response(status_code=303, headers={"location": "/", "cache-control": "no-store"})


@router.get("/docs")
async def show_docs(request: Request) -> Response:
    """Show the machine interface, made from its OpenAPI document."""
    request.scope[VISIT].action = "open"
    return Response(render_docs(request.app.openapi()), media_type="text/html", headers={"cache-control": "no-cache"})


def _role(visit: Visit) -> Any:
    assert visit.role is not None
    return visit.role


def _header(request: Request, name: str) -> bytes | None:
    given = request.headers.get(name)
    return given.encode("latin-1") if given else None
