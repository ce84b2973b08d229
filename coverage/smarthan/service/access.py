"""Which route needs which action at which grain. A route without an entry is never reached: it has no visit to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from .gate import VISIT
from .visits import Visit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def allow(action: str, grain: str = "AREA") -> Callable[[Request], Awaitable[Visit]]:
    """Return the dependency that lets a visit into a route, or refuses it.

    Parameters
    ----------
    action : str
        Of `smarthan.service.vocabulary.ACTIONS`.
    grain : str
        The coarsest grain at which the route answers.
    """

    async def enter(request: Request) -> Visit:
        visit: Visit = request.scope[VISIT]
        visit.enter(action, grain)
        return visit

    enter.entry = (action, grain)  # type: ignore[attr-defined]
    return enter
