"""What one request, and one caller, may cost the service."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ServiceLimits:
    """The limits of the service. They are ours: no outside rule sets them.

    Attributes
    ----------
    path_bytes, query_bytes : int
        Longest path and longest query of an address.
    header_bytes : int
        Longest head of a request: its first line and all header lines.
    body_bytes : int
        Largest body.
    json_depth : int
        Deepest nesting of a JSON body.
    batch : int
        Most postcodes in one request; a role may allow fewer.
    parts : int
        Most parts of postcodes among them that were not asked lately: each adds up thousands of postcodes.
    header_s, body_s : float
        Seconds in which the head, and then the body, must have come.
    idle_s : int
        Seconds after which a connection without a request is closed.
    refresh_s : float
        Seconds between two looks whether a new release was published.
    callers : int
        Callers whose allowance is remembered; of more, the one that was away longest starts afresh.

    Examples
    --------
    >>> ServiceLimits().batch, ServiceLimits(body_bytes=1024).body_bytes
    (1000, 1024)
    """

    path_bytes: int = 256
    query_bytes: int = 512
    header_bytes: int = 16 << 10
    body_bytes: int = 64 << 10
    json_depth: int = 8
    batch: int = 1000
    parts: int = 20
    header_s: float = 5.0
    body_s: float = 10.0
    idle_s: int = 5
    refresh_s: float = 0.5
    callers: int = 10_000
