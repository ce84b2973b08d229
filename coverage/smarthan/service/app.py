"""The service as an ASGI application: a gate, the routes behind it, and what both share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from .gate import VISIT, Gate
from .holder import ReleaseHolder
from .limits import ServiceLimits
from .openapi import describe
from .refusals import Refusal, shorten
from .replies import refusal_reply, wants_page, write_json
from .roles import Roles, local_roles
from .workplace import Workplace

if TYPE_CHECKING:
    import os

    from smarthan.coverage import CoverageMatrix

    from .audit import AuditLog

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Service(Gate):
    """The application that `create_app` makes; any ASGI server runs it."""


def create_app(
    place: str | os.PathLike[str] | CoverageMatrix | ReleaseHolder | None = None,
    *,
    roles: Roles | None = None,
    audit: AuditLog | None = None,
    limits: ServiceLimits | None = None,
    hosts: Collection[str] = LOOPBACK,
) -> Service:
    """Return the look-up service as an ASGI application.

    Parameters
    ----------
    place : path, CoverageMatrix or ReleaseHolder, optional
        What is served: a store of releases (followed as it changes), a release folder, a release file, a matrix; by
        default what a bare look-up asks.
    roles : Roles, optional
        Who may do what; by default `local_roles()`, which is for this machine alone.
    audit : AuditLog, optional
        Where each request is written down; without it none is.
    limits : ServiceLimits, optional
    hosts : collection of str
        Host names that requests may name, without port.

    Returns
    -------
    Service

    Raises
    ------
    FileNotFoundError, ValueError
        When there is no release to begin with.

    Notes
    -----
    `smarthan serve` runs it under uvicorn, which also keeps slow heads of requests out (`smarthan.service.server`).

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> service = create_app(sample_matrix())
    >>> service.holder.served.release.synthetic
    True
    """
    holder = place if isinstance(place, ReleaseHolder) else ReleaseHolder(place)
    limits, roles = limits or ServiceLimits(), roles or local_roles()
    inner = build_routes(Workplace(holder, roles, limits))
    return Service(inner, holder, roles, audit, limits, hosts)


def build_routes(workplace: Workplace) -> FastAPI:
    """Return the routes behind the gate."""
    from .routes import duis, lookups, pages, plain, releases

    app = FastAPI(
        title="smarthan look-up service",
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        lifespan=_live,
        exception_handlers=_HANDLERS,
    )
    app.state.workplace = workplace
    for routes in (lookups, releases, duis, pages, plain):
        app.include_router(routes.router)
    app.state.document = write_json(describe(app))
    return app


@contextlib.asynccontextmanager
async def _live(app: FastAPI) -> AsyncIterator[None]:
    """Follow the store for as long as the service runs."""
    workplace: Workplace = app.state.workplace
    following = asyncio.create_task(workplace.follow())
    try:
        yield
    finally:
        following.cancel()
        workplace.close()


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return _as_response(request, error)


async def _refuse_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return _as_response(request, Refusal("BAD_PARAMETER", describe_parameter(error.errors()[0])))


async def _refuse_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path, method = shorten(request.scope["path"]), shorten(request.method)
    if error.status_code != 405:
        return _as_response(request, Refusal("NO_ROUTE", f"there is nothing at {path}; /docs lists the addresses"))
    allow = next((value for name, value in (error.headers or {}).items() if name.lower() == "allow"), "GET")
    allow = "GET, HEAD" if allow == "GET" else allow
    words = f"{path} does not take {method}, but {allow}"
    return _as_response(request, Refusal("METHOD", words, headers=((b"allow", allow.encode()),)))


async def _tell_fault(request: Request, error: Exception) -> Response:
    return _as_response(request, Refusal("FAULT", "a fault of the service; it was logged"))


def _as_response(request: Request, refusal: Refusal) -> Response:
    visit = request.scope[VISIT]
    visit.status = visit.status or refusal.code
    accept = request.headers.get("accept", "").encode("latin-1")
    reply = refusal_reply(refusal, as_page=wants_page(request.scope["path"], accept))
    return Response(reply.body, reply.http, {name.decode(): value.decode() for name, value in reply.headers})


def describe_parameter(fault: dict[str, Any]) -> str:
    """Return in words what is wrong with a parameter, from what pydantic says of it."""
    name = shorten(fault["loc"][-1])
    if fault["type"] == "extra_forbidden":
        return f"{name} is not a parameter of this address"
    if fault["type"] == "missing":
        return f"{name} is missing"
    return f"{name}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"


_HANDLERS: Any = {
    Refusal: _refuse,
    RequestValidationError: _refuse_parameters,
    HTTPException: _refuse_route,
    Exception: _tell_fault,
}
