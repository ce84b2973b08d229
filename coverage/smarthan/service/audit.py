"""The audit: one line a request, written before the answer leaves; where it cannot be written nothing is answered."""

from __future__ import annotations

import os
import time
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .visits import Visit

_OURS_ALONE = 0o600


class AuditLog:
    """A file of JSON lines, appended to.

    Parameters
    ----------
    path : path
        Made when it is not there, readable by its owner alone. Several processes may append to one file.

    Raises
    ------
    OSError
        When it cannot be opened for writing.

    Notes
    -----
    A line holds ts (UTC), key (hashed id), role, action, outward (never more of a postcode, never a UPRN), as_of (the
    day asked for, where one was named), release_id, status, rows and http. Control characters are escaped, so that a
    line is always one line.

    Examples
    --------
    >>> import json, tempfile
    >>> from smarthan.service.visits import Visit
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = AuditLog(os.path.join(folder, "audit.jsonl"))
    ...     log.write(Visit(action="lookup_postcode", outward="LL57", status="OK", rows=1), 200)
    ...     log.close()
    ...     with open(log.path) as stream:
    ...         json.loads(stream.read())["outward"]
    'LL57'
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)
        self._handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, _OURS_ALONE)
        self._torn = self._ends_torn()

    def write(self, visit: Visit, http: int) -> None:
        """Append the line of one request.

        Raises
        ------
        OSError
            When it is not on its way to the disk, whole.
        """
        line = (b"\n" if self._torn else b"") + compose_line(visit, http)
        self._torn = True  # until all of it is written
        if os.write(self._handle, line) != len(line):
            raise OSError(f"{self.path}: the audit line was cut short; is the disk full?")
        self._torn = False

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)

    def _ends_torn(self) -> bool:
        """Whether the last line has no end: a process was killed, or the disk was full, while it was written."""
        try:
            size = os.fstat(self._handle).st_size
            return size > 0 and os.pread(self._handle, 1, size - 1) != b"\n"
        except OSError:  # a pipe or a device has no end to look at
            return False


def compose_line(visit: Visit, http: int) -> bytes:
    """Return one request as a line of JSON, its end included."""
    # Put together by hand: a fifth of the time of a look-up would go into json.dumps.
    role = visit.role.name if visit.role else None
    return (
        f'{{"ts": "{_now()}", "key": {_quote(visit.key)}, "role": {_quote(role)}, "action": {_quote(visit.action)}, '
        f'"outward": {_quote(visit.outward)}, "as_of": {_quote(visit.as_of)}, '
        f'"release_id": {_quote(visit.release_id)}, "status": {_quote(visit.status)}, '
        f'"rows": {visit.rows}, "http": {http}}}\n'
    ).encode("ascii")


def _quote(text: str | None) -> str:
    """Return a text as JSON: control characters, and all beyond ASCII, escaped."""
    return "null" if text is None else encode_basestring_ascii(text)


def _now() -> str:
    """Return the time as text, to the millisecond."""
    second, fraction = divmod(time.time_ns() // 1_000_000, 1000)
    return f"{_second(second)}.{fraction:03d}Z"


@lru_cache(maxsize=1)
def _second(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
