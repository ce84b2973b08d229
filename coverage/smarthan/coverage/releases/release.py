"""The facts of one release of the coverage matrix: where it comes from, of which day it is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

SOURCES = ("DCC_FILE", "DUIS_12_1", "SSI_EXPORT", "SYNTHETIC", "UNKNOWN")
RELEASE_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
_DATES = ("as_of", "published")


@dataclass(frozen=True)
class Release:
    """One release of the matrix.

    Attributes
    ----------
    release_id : str
        Letters, digits, `.`, `_` and `-`, at most 64.
    source : str
        One of `SOURCES`.
    as_of, published : date or None
        The day the release describes, and the day it came out. Without `as_of` it can be read, never published.
    received_at : str or None
        When the file came in, as given.
    schema_version : str or None
        Version of the source's own format.
    row_count : int
        Rows accepted.
    sha256 : str
        Hash of the file read.
    licence, note : str
        Free text.
    complete : bool
        A full release, or only what changed.
    synthetic : bool
        Made up for demonstration.
    """

    release_id: str
    source: str = "UNKNOWN"
    as_of: dt.date | None = None
    published: dt.date | None = None
    received_at: str | None = None
    schema_version: str | None = None
    row_count: int = 0
    sha256: str = ""
    licence: str = ""
    note: str = ""
    complete: bool = True
    synthetic: bool = False

    def __post_init__(self) -> None:
        if not RELEASE_ID.fullmatch(self.release_id):
            raise ValueError(
                f"release_id {self.release_id[:64]!r}: use letters, digits, '.', '_' and '-', at most 64, no blank"
            )
        if self.source not in SOURCES:
            raise ValueError(f"source {self.source[:64]!r} is not one of {', '.join(SOURCES)}")

    def to_dict(self) -> dict[str, Any]:
        """Return the release as JSON values, dates as YYYY-MM-DD."""
        values = asdict(self)
        return {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in values.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Release:
        """Return a release from JSON or TOML values.

        Raises
        ------
        ValueError
            When a key is not known, a date is not YYYY-MM-DD, or a value is of another type.

        Examples
        --------
        >>> Release.from_dict({"release_id": "2026-11", "as_of": "2026-11-02"}).as_of
        datetime.date(2026, 11, 2)
        """
        known = [field.name for field in fields(cls)]
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise ValueError(f"release: key {', '.join(unknown)} is not known; known are {', '.join(known)}")
        return cls(**{name: _typed(name, value) for name, value in values.items()})

    def with_facts(self, **facts: Any) -> Release:
        """Return the release with some facts replaced."""
        return replace(self, **{name: _typed(name, value) for name, value in facts.items()})


def _typed(name: str, value: Any) -> Any:
    if name in _DATES:
        return parse_day(value, name)
    wanted: type = {"complete": bool, "synthetic": bool, "row_count": int}.get(name, str)
    if name in ("received_at", "schema_version") and value is None:
        return None
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise ValueError(f"release: {name} is {value!r}; it must be {wanted.__name__}")
    return value


def parse_day(value: object, name: str = "as_of") -> dt.date | None:
    """Return a day given as a date, a time or YYYY-MM-DD text; None stays None.

    Raises
    ------
    ValueError
        When the text is not a day written YYYY-MM-DD.
    TypeError
        When it is neither a date nor text.

    Examples
    --------
    >>> parse_day("2026-11-02")
    datetime.date(2026, 11, 2)
    """
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{name}: {type(value).__name__} given; a date or text such as 2026-11-02 is needed")
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f"{name}: '{value[:64]}' is not a day; write it as YYYY-MM-DD, such as 2026-11-02")
