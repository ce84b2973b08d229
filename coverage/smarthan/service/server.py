"""The service on a port: uvicorn with one worker, and a guard against heads that come slowly or never end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from .limits import ServiceLimits
from .roles import LOCAL

if TYPE_CHECKING:
    import asyncio
    import os

    import uvicorn

    from .audit import AuditLog
    from .roles import Roles

LOOPBACK_ADDRESSES = ("127.0.0.1", "::1", "localhost")
EXTRA = "smarthan serve needs the extra [serve]: pip install 'smarthan[serve]' (FastAPI, uvicorn, Jinja2)"


def serve(
    place: str | os.PathLike[str] | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    roles: Roles | None = None,
    audit: AuditLog | None = None,
    limits: ServiceLimits | None = None,
    hosts: Collection[str] = (),
    say: Callable[[str], object] = str,
) -> None:
    """Serve until told to stop (SIGINT or SIGTERM), then answer what has begun and return.

    Parameters
    ----------
    place : path, optional
        As in `create_app`.
    host, port : str and int
        Where to listen; port 0 takes a free one.
    roles : Roles, optional
        Without roles it listens on this machine alone.
    audit, limits
        As in `create_app`.
    hosts : collection of str
        Further host names that requests may name, such as that of a proxy before it.
    say : callable
        Is told where it listens.

    Returns
    -------
    None

    Raises
    ------
    ImportError
        When the extra [serve] is not installed; the message names it.
    ValueError
        When it should listen elsewhere than on this machine without roles.
    OSError
        When the address cannot be listened on.
    """
    if host not in LOOPBACK_ADDRESSES and (roles is None or LOCAL in roles.roles):
        raise ValueError(f"host {host}: without a roles file the service is for this machine alone; give --roles FILE")
    try:
        from .app import LOOPBACK, create_app
    except ImportError as error:
        raise ImportError(f"{EXTRA} ({error.name} is absent)") from None
    limits = limits or ServiceLimits()
    named = {*LOOPBACK, *hosts, *(() if host in ("0.0.0.0", "::") else (host,))}  # noqa: S104
    app = create_app(place, roles=roles, audit=audit, limits=limits, hosts=named)
    server = make_server(configure(app, limits, host=host, port=port), lambda at: _greet(app, at, say))
    try:
        server.run()
    except SystemExit:
        raise OSError(f"{host}:{port}: cannot be listened on; is another program there?") from None
    except KeyboardInterrupt:  # uvicorn raises the signal again after it has stopped
        pass


def _greet(app: Any, address: str, say: Callable[[str], object]) -> None:
    served = app.holder.served
    say(f"Serving release {served.release.release_id} on http://{address} (stop with Ctrl+C)")
    for note in served.notes:
        say(note)


def configure(app: Any, limits: ServiceLimits, *, host: str = "127.0.0.1", port: int = 0) -> uvicorn.Config:
    """Return the settings of uvicorn for a service."""
    import uvicorn

    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=guard_protocol(limits),
        ws="none",
        lifespan="on",
        access_log=False,  # a line of it would hold whole postcodes; the audit has what is needed
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=limits.idle_s,
        timeout_graceful_shutdown=max(int(limits.body_s), 1),
    )


def make_server(config: uvicorn.Config, say: Callable[[str], object]) -> uvicorn.Server:
    """Return a server that tells its address, host and port, when it listens."""
    import uvicorn

    class Server(uvicorn.Server):
        """A server that tells where it listens: with port 0 nobody knows before."""

        async def startup(self, *given: Any, **named: Any) -> None:
            quiet = logging.getLogger("uvicorn.error")
            level = quiet.level
            quiet.setLevel(logging.CRITICAL)  # a port that is taken is told in our words
            try:
                await super().startup(*given, **named)
            finally:
                quiet.setLevel(level)
            if not self.should_exit:
                host, port = self.servers[0].sockets[0].getsockname()[:2]
                say(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")

    return Server(config)


def guard_protocol(limits: ServiceLimits) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol, the quickest installed, that hangs up on a head that is slow or too large.

    uvicorn itself waits for the first byte of a connection, and for the end of a head, as long as it takes.
    """
    try:
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as Base
    except ImportError:
        from uvicorn.protocols.http.h11_impl import H11Protocol as Base  # type: ignore[assignment]

    class Guarded(Base):
        """The protocol with a clock that runs while a head is on its way."""

        _clock: asyncio.TimerHandle | None = None
        _head_bytes = 0

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._clock = self.loop.call_later(limits.header_s, self._hang_up)

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_clock()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            cycle = self.cycle
            super().data_received(data)
            if self.cycle is not cycle:  # a head is complete
                self._head_bytes = 0
                self._stop_clock()
            elif cycle is None or cycle.response_complete:  # a head is on its way
                self._head_bytes += len(data)
                if self._head_bytes > limits.header_bytes:
                    self._hang_up()
                elif self._clock is None:
                    self._clock = self.loop.call_later(limits.header_s, self._hang_up)

        def _stop_clock(self) -> None:
            if self._clock is not None:
                self._clock.cancel()
                self._clock = None

        def _hang_up(self) -> None:
            self._clock = None
            if not self.transport.is_closing():
                self.transport.close()

    return Guarded
