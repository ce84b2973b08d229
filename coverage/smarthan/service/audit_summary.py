"""What an audit file says in sum: how much was asked, by whom, for what, and how it ended."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .refusals import shorten

LONGEST_LINE = 4096  # bytes; the service writes a few hundred
_WHAT = {"role": "By role", "action": "By action", "status": "By status", "http": "By HTTP status"}
_WHAT |= {"release_id": "By release", "outward": "Most asked outward codes"}
MOST_SHOWN = 10


@dataclass(frozen=True)
class AuditSummary:
    """The sums of an audit file.

    Attributes
    ----------
    requests, answers : int
        Lines that could be read, and the rows they speak of.
    unreadable : int
        Lines that are no audit line, such as one that was cut short.
    keys : int
        Different keys.
    first, last : str or None
        Times of the first and the last request.
    counts : dict of str to Counter
        Requests by role, action, status, http, release_id and outward.
    """

    requests: int = 0
    answers: int = 0
    unreadable: int = 0
    keys: int = 0
    first: str | None = None
    last: str | None = None
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the sums as JSON values, the most frequent first."""
        numbers = {name: getattr(self, name) for name in ("requests", "answers", "unreadable", "keys", "first", "last")}
        return {**numbers, "counts": {name: dict(count.most_common()) for name, count in self.counts.items()}}

    def __str__(self) -> str:
        lines = [
            f"{self.requests:,} requests, {self.answers:,} answers, {self.keys:,} keys",
            f"from {self.first or '-'} to {self.last or '-'}",
        ]
        lines += [f"{self.unreadable:,} lines could not be read"] if self.unreadable else []
        for name, words in _WHAT.items():
            count = self.counts.get(name) or Counter()
            lines += [words, *(f"  {value:<28}{number:>12,}" for value, number in count.most_common(MOST_SHOWN))]
            lines += [f"  ... and {len(count) - MOST_SHOWN:,} more"] if len(count) > MOST_SHOWN else []
        return "\n".join(lines)


def summarise_audit(path: str | os.PathLike[str]) -> AuditSummary:
    """Count what an audit file holds.

    Parameters
    ----------
    path : path
        Written by `AuditLog`.

    Returns
    -------
    AuditSummary

    Raises
    ------
    OSError
        When the file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "audit.jsonl")
    ...     with open(path, "w") as stream:
    ...         _ = stream.write('{"ts": "2026-11-25T09:00:00.000Z", "role": "guest", "rows": 1, "http": 200}\\nhalf a')
    ...     found = summarise_audit(path)
    >>> found.requests, found.answers, found.unreadable, dict(found.counts["role"])
    (1, 1, 1, {'guest': 1})
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in _WHAT}
    keys: set[str] = set()
    requests = answers = unreadable = 0
    first: str | None = None
    last: str | None = None
    for line in _read_lines(path):
        if line is None:
            unreadable += 1
            continue
        requests += 1
        answers += line["rows"] if isinstance(line.get("rows"), int) else 0
        first = first or str(line["ts"])
        last = str(line["ts"])
        keys.update([str(line["key"])] if line.get("key") else [])
        for name, count in counts.items():
            if line.get(name) is not None:
                count[shorten(line[name])] += 1
    return AuditSummary(requests, answers, unreadable, len(keys), first, last, counts)


def _read_lines(path: str | os.PathLike[str]) -> Iterator[dict[str, Any] | None]:
    """Give each line as it was written, None for one that is no audit line."""
    with open(path, "rb") as stream:
        for line in stream:
            try:
                found = json.loads(line) if len(line) <= LONGEST_LINE else None
            except (ValueError, RecursionError):
                found = None
            yield found if isinstance(found, dict) and "ts" in found and "http" in found else None
