"""What leaves the service: status, headers that no page can do without, body, and the tag that caches by release."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from .refusals import Refusal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    from .holder import Served
    from .roles import Role

    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    Headers = tuple[tuple[bytes, bytes], ...]

JSON = (b"content-type", b"application/json")
HTML = (b"content-type", b"text/html; charset=utf-8")
# Nothing but our own files runs or is shown, nobody frames the page, and the address with its postcode goes nowhere.
SAFE: Headers = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        b"form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
# Data shows nothing and runs nothing, so its policy is short: every header costs a look-up half a microsecond.
SAFE_DATA: Headers = ((b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"), *SAFE[1:])
PRIVATE = (b"cache-control", b"private, no-cache")
UNKEPT = (b"cache-control", b"no-store")


def write_json(document: object) -> bytes:
    """Return a document as compact JSON."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


class Reply:
    """An answer that is all there: status, headers, body."""

    __slots__ = ("body", "headers", "http")

    def __init__(self, http: int, body: bytes, headers: Headers = (JSON,)) -> None:
        self.http, self.body, self.headers = http, body, headers

    async def send(self, send: Send, *, head: bool = False) -> None:
        """Send it; a question by HEAD gets the headers alone."""
        headers = [*self.headers, *(SAFE if HTML in self.headers else SAFE_DATA)]
        if self.http != 304:
            headers.append((b"content-length", b"%d" % len(self.body)))
        await send({"type": "http.response.start", "status": self.http, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if head else self.body})


def refusal_reply(refusal: Refusal, *, as_page: bool = False) -> Reply:
    """Return the reply of a refusal; it is never kept by a cache."""
    if not as_page:
        return Reply(refusal.http, write_json(refusal.document), (JSON, UNKEPT, *refusal.headers))
    from .rendering import render_refusal

    return Reply(refusal.http, render_refusal(refusal), (HTML, UNKEPT, *refusal.headers))


def wants_page(path: str, accept: bytes | None) -> bool:
    """Return whether a person at a browser is answered, who reads no JSON.

    Examples
    --------
    >>> wants_page("/", b"text/html,*/*"), wants_page("/v1/releases", b"text/html,*/*"), wants_page("/", b"*/*")
    (True, False, False)
    """
    return accept is not None and b"text/html" in accept and not path.startswith("/v1/")


def etag_of(served: Served, role: Role, day: dt.date) -> bytes:
    """Return the tag of what one release says to one role on one day; the address says the rest."""
    facts = (served.tag, role.name, role.grain, sorted(role.columns), sorted(role.allow), str(day))
    return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:24]}"'.encode()


def matches(given: bytes | None, tag: bytes) -> bool:
    """Return whether an If-None-Match header names a tag.

    Examples
    --------
    >>> matches(b'"a", W/"b"', b'"b"'), matches(b"*", b'"b"'), matches(None, b'"b"')
    (True, True, False)
    """
    if given is None:
        return False
    return (
        given == tag or given.strip() == b"*" or tag in {one.strip().removeprefix(b"W/") for one in given.split(b",")}
    )
