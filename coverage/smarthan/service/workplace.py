"""What all routes share: the release in force, the roles, the limits, and where heavy work is done."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from starlette.responses import Response

from smarthan.coverage.releases.release import parse_day

from .downloads import Downloads
from .refusals import Refusal
from .replies import PRIVATE, UNKEPT, etag_of, matches, write_json
from .surroundings import warm

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from .holder import ReleaseHolder, Served
    from .limits import ServiceLimits
    from .roles import Roles
    from .visits import Visit

    T = TypeVar("T")

_LOG = logging.getLogger("smarthan.service")


class Workplace:
    """The means of the routes.

    Attributes
    ----------
    holder : ReleaseHolder
    roles : Roles
    limits : ServiceLimits
    downloads : Downloads
    """

    def __init__(self, holder: ReleaseHolder, roles: Roles, limits: ServiceLimits) -> None:
        self.holder, self.roles, self.limits = holder, roles, limits
        self.downloads = Downloads()
        # One thread each: releases are opened one after another, and heavy work never takes more than one core.
        self._opening = ThreadPoolExecutor(1, thread_name_prefix="smarthan-opening")
        self._heavy = ThreadPoolExecutor(1, thread_name_prefix="smarthan-heavy")

    async def open(self, work: Callable[[], T]) -> T:
        """Run what opens a release beside the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._opening, work)

    async def work(self, work: Callable[[], T]) -> T:
        """Run what takes long beside the loop, one after another."""
        return await asyncio.get_running_loop().run_in_executor(self._heavy, work)

    async def pick(self, visit: Visit, as_of: str | None) -> tuple[Served, dt.date]:
        """Return the release that answers, and the day asked: today's, or those of the day that the request names."""
        if as_of is None:
            served, day = visit.served, dt.date.today()
        else:
            day = read_day(as_of)
            visit.as_of = day.isoformat()
            served = await self.open(lambda: self.holder.at(day))
        assert served is not None
        visit.release_id = served.release.release_id
        return served, day

    async def follow(self) -> None:
        """Take new releases up, for as long as the service runs, and work out what the first visitor will ask for."""
        changed = True
        while True:
            try:
                if changed:
                    await warm(self, self.holder.served, dt.date.today())
                await asyncio.sleep(self.limits.refresh_s)
                changed = await self.open(self.holder.refresh)
            except Exception:  # whatever befalls one look at the store, the next one is taken
                _LOG.exception("the store could not be looked at")
                await asyncio.sleep(self.limits.refresh_s)

    def close(self) -> None:
        """End the threads."""
        for pool in (self._opening, self._heavy):
            pool.shutdown(wait=False, cancel_futures=True)
        self.downloads.close()


def read_day(text: str, name: str = "as_of") -> dt.date:
    """Return a day that a request names.

    Raises
    ------
    Refusal
        BAD_PARAMETER.
    """
    try:
        day = parse_day(text, name)
    except ValueError as error:
        raise Refusal("BAD_PARAMETER", str(error)) from None
    assert day is not None
    return day


def answer_json(request: Request, visit: Visit, served: Served, day: dt.date, document: object) -> Response:
    """Return a document that is cached by release, role and day; a 304 where the caller has it already."""
    assert visit.role is not None
    headers = {"etag": etag_of(served, visit.role, day).decode(), "cache-control": PRIVATE[1].decode()}
    given = request.headers.get("if-none-match")
    if matches(given.encode("latin-1") if given else None, headers["etag"].encode()):
        return Response(status_code=304, headers=headers)
    body = document if isinstance(document, bytes) else write_json(document)
    return Response(body, media_type="application/json", headers=headers)


def answer_unkept(document: object, http: int = 200) -> Response:
    """Return a document that no cache may keep."""
    headers = {"cache-control": UNKEPT[1].decode()}
    return Response(write_json(document), http, media_type="application/json", headers=headers)


def workplace_of(request: Request) -> Workplace:
    """Return the means of the application that a request came to."""
    found: Workplace = request.app.state.workplace
    return found
