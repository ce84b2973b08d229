"""The gate that every request passes: checked cheaply, known by its key, counted, answered, written down.

The gate is plain ASGI. One question, a whole postcode by GET without a query, is answered here from the mapped index
(`hot`); every other goes on to the routes. The audit line is written before the first byte of an answer leaves.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .hot import HOT_PREFIX, answer_hot
from .quotas import Quotas
from .refusals import Refusal, shorten
from .replies import SAFE, Reply, refusal_reply, wants_page
from .visits import Visit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, MutableMapping

    from .audit import AuditLog
    from .holder import ReleaseHolder
    from .limits import ServiceLimits
    from .replies import Send
    from .roles import Roles

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

VISIT = "smarthan.visit"  # where the routes find the visit in the scope
READING = ("GET", "HEAD")
# Open to everybody, whatever their key: what is needed to learn how to ask, and whether anybody is there.
OPEN_PATHS = ("/healthz", "/openapi.json", "/docs", "/favicon.ico")
OPEN_PREFIX = "/static/"
CHALLENGE = (b"www-authenticate", b'Basic realm="smarthan: the key as password, any name", charset="UTF-8"')
_LOG = logging.getLogger("smarthan.service")


class Gate:
    """The outermost application.

    Parameters
    ----------
    inner : ASGI application
        The routes.
    holder, roles, audit, limits
        As in `create_app`.
    hosts : collection of str
        Host names, without port, that the service answers for.
    """

    def __init__(
        self,
        inner: App,
        holder: ReleaseHolder,
        roles: Roles,
        audit: AuditLog | None,
        limits: ServiceLimits,
        hosts: Collection[str],
    ) -> None:
        self.inner, self.holder, self.roles, self.audit, self.limits = inner, holder, roles, audit, limits
        self.hosts = frozenset(hosts)
        self.quotas = Quotas(limits.callers)
        self._good_hosts: set[bytes] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        visit = Visit(quotas=self.quotas, served=self.holder.served)
        sender = _Sender(self, visit, send, head=scope["method"] == "HEAD")
        try:
            headers = self._read_head(scope)
            self._admit(scope, headers, visit)
            path: str = scope["path"]
            if path.startswith(HOT_PREFIX) and scope["method"] in READING and not scope["query_string"]:
                await sender.reply(answer_hot(path, scope["raw_path"], headers.get(b"if-none-match"), visit))
                return
            if scope["method"] == "POST":
                receive = _replay(await self._read_body(headers, receive))
            # HEAD is GET without a body: the routes need not know of it.
            method = "GET" if scope["method"] == "HEAD" else scope["method"]
            await self.inner({**scope, "method": method, VISIT: visit}, receive, sender)
        except Refusal as refusal:
            visit.status = visit.status or refusal.code
            await sender.reply(refusal_reply(refusal, as_page=wants_page(scope["path"], _accept_of(scope))))
        except Exception as error:
            _LOG.error("a fault of the service, action %s: %s", visit.action, describe_fault(error))
            await sender.fault(as_page=wants_page(scope["path"], _accept_of(scope)))

    def _read_head(self, scope: Scope) -> dict[bytes, bytes]:
        """Check what costs nothing to check."""
        headers = dict(scope["headers"])
        if len(headers) < len(scope["headers"]) and sum(name == b"host" for name, _ in scope["headers"]) > 1:
            raise Refusal("BAD_HOST", "the request names two hosts")
        self._check_host(headers.get(b"host", b""))
        longest = (("raw_path", self.limits.path_bytes), ("query_string", self.limits.query_bytes))
        for part, most in longest:
            if len(scope[part]) > most:
                raise Refusal("ADDRESS_TOO_LONG", f"the {part[:5].strip('_')} is longer than {most} bytes")
        return headers

    def _check_host(self, host: bytes) -> None:
        """Refuse a host we do not answer for: a page elsewhere may have had its name resolve to this machine."""
        if host in self._good_hosts:
            return
        name = host.decode("latin-1").lower()
        name = name.rpartition(":")[0] if name.rpartition(":")[2].isdigit() else name
        if name not in self.hosts:
            raise Refusal("BAD_HOST", f"this service does not answer for host {shorten(name) or '(none)'}")
        if len(self._good_hosts) < 64:
            self._good_hosts.add(host)

    def _admit(self, scope: Scope, headers: dict[bytes, bytes], visit: Visit) -> None:
        """Find out who asks and whether they may ask now."""
        given = headers.get(b"authorization")
        caller = self.roles.find_caller(given)
        if caller is None:
            if given is None and is_open(scope["path"]):
                visit.action = "open"
                return
            visit.status = "NO_KEY"
            words = "a key is needed" if given is None else "the key is not known"
            raise Refusal("NO_KEY", f"{words}; send it as Authorization: Bearer KEY", headers=(CHALLENGE,))
        visit.role, visit.key = caller.role, caller.key
        visit.who = caller.key or (scope["client"] or ("",))[0]
        self.quotas.take_request(visit.who, caller.role)

    async def _read_body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        """Take the whole body, as far as it is small, plain and quick."""
        encoding = headers.get(b"content-encoding", b"identity")
        if encoding.strip().lower() != b"identity":
            raise Refusal("BODY_TYPE", "a compressed body is not read; send it plain")
        most = self.limits.body_bytes
        announced = headers.get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > most:
            raise Refusal("TOO_LARGE", f"the body is larger than {most:,} bytes")
        try:
            async with asyncio.timeout(self.limits.body_s):
                return await _gather(receive, most)
        except TimeoutError:
            words = f"the body did not come within {self.limits.body_s:g} s"
            raise Refusal("TOO_SLOW", words, headers=((b"connection", b"close"),)) from None


async def _gather(receive: Receive, most: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal("TOO_SLOW", "the connection ended before the body did")
        body += message.get("body", b"")
        if len(body) > most:
            close = ((b"connection", b"close"),)
            raise Refusal("TOO_LARGE", f"the body is larger than {most:,} bytes", headers=close)
        if not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes) -> Receive:
    """Return a `receive` that gives a body that was read already."""
    parts: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        return parts.pop() if parts else {"type": "http.disconnect"}

    return receive


def is_open(path: str) -> bool:
    """Return whether a path is open to a caller without a key, even where everybody needs one."""
    return path in OPEN_PATHS or path.startswith(OPEN_PREFIX)


def describe_fault(error: Exception) -> str:
    """Return what went wrong and where, without the words of the error: they may hold a postcode."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} in {' > '.join(f'{Path(f.filename).name}:{f.lineno}' for f in frames)}"


def _accept_of(scope: Scope) -> bytes | None:
    return next((value for name, value in scope["headers"] if name == b"accept"), None)


class _Sender:
    """Writes the audit line before the head of an answer leaves; where that fails, a 503 leaves instead."""

    def __init__(self, gate: Gate, visit: Visit, send: Send, *, head: bool) -> None:
        self.gate, self.visit, self.send, self.head = gate, visit, send, head
        self.begun = self.refused = False

    async def reply(self, reply: Reply) -> None:
        if self.begun:  # part of an answer is out: it cannot be taken back
            return
        if not self._audit(reply.http):
            reply = _NO_AUDIT
        self.begun = True
        await reply.send(self.send, head=self.head)

    async def fault(self, *, as_page: bool) -> None:
        await self.reply(refusal_reply(Refusal("FAULT", "a fault of the service; it was logged"), as_page=as_page))

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        """Stand between a route and the connection."""
        if self.refused:
            return
        if message["type"] == "http.response.start":
            if not self._audit(message["status"]):
                self.refused = self.begun = True
                await _NO_AUDIT.send(self.send, head=self.head)
                return
            self.begun = True
            message = {**message, "headers": [*message["headers"], *SAFE]}
        elif self.head:
            message = {**message, "body": b""}
        await self.send(message)

    def _audit(self, http: int) -> bool:
        visit = self.visit
        if visit.release_id is None and visit.rows and visit.served is not None:
            visit.release_id = visit.served.release.release_id
        if self.gate.audit is None:
            return True
        try:
            self.gate.audit.write(visit, http)
        except OSError as error:
            _LOG.error("the audit cannot be written: %s", error)
            return False
        return True


_NO_AUDIT = refusal_reply(Refusal("NO_AUDIT", "the audit line cannot be written, so nothing is answered"))
