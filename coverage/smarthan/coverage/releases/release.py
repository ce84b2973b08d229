"""The facts of one release of the coverage matrix: where it comes from, of which day it is.

Written by hand, without dataclasses, re or typing: a cold look-up reads it, and each of those costs milliseconds.
"""

from __future__ import annotations

import datetime as dt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SOURCES = ("DCC_FILE", "DUIS_12_1", "SSI_EXPORT", "SYNTHETIC", "UNKNOWN")
LONGEST_ID = 64
_DATES = ("as_of", "published")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_WITHIN = _LETTERS | frozenset("._-")


class Release:
    """One release of the matrix; its facts do not change.

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
    source: str
    as_of: dt.date | None
    published: dt.date | None
    received_at: str | None
    schema_version: str | None
    row_count: int
    sha256: str
    licence: str
    note: str
    complete: bool
    synthetic: bool

    def __init__(
        self,
        release_id: str,
        source: str = "UNKNOWN",
        as_of: dt.date | None = None,
        published: dt.date | None = None,
        received_at: str | None = None,
        schema_version: str | None = None,
        row_count: int = 0,
        sha256: str = "",
        licence: str = "",
        note: str = "",
        complete: bool = True,
        synthetic: bool = False,
    ) -> None:
        given = locals()
        self.__dict__.update({name: given[name] for name in FACTS})
        if not is_release_id(release_id):
            raise ValueError(
                f"release_id {release_id[:64]!r}: use letters, digits, '.', '_' and '-', at most 64, no blank"
            )
        if source not in SOURCES:
            raise ValueError(f"source {source[:64]!r} is not one of {', '.join(SOURCES)}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"release: {name} does not change; with_facts gives a release with other facts")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Release) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.values()))

    def __repr__(self) -> str:
        return f"Release({', '.join(f'{name}={value!r}' for name, value in self.__dict__.items())})"

    def to_dict(self) -> dict[str, Any]:
        """Return the release as JSON values, dates as YYYY-MM-DD."""
        return {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in self.__dict__.items()}

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
        unknown = sorted(set(values).difference(FACTS))
        if unknown:
            raise ValueError(f"release: key {', '.join(unknown)} is not known; known are {', '.join(FACTS)}")
        return cls(**{name: _typed(name, value) for name, value in values.items()})

    def with_facts(self, **facts: Any) -> Release:
        """Return the release with some facts replaced."""
        return Release.from_dict({**self.__dict__, **facts})


FACTS = (
    *("release_id", "source", "as_of", "published", "received_at", "schema_version"),
    *("row_count", "sha256", "licence", "note", "complete", "synthetic"),
)


def is_release_id(text: str) -> bool:
    """Return whether a text can name a release, and so a folder: it never leaves the folder it is looked for in.

    Examples
    --------
    >>> is_release_id("2026-11"), is_release_id("../2026-11"), is_release_id("")
    (True, False, False)
    """
    return 0 < len(text) <= LONGEST_ID and text[0] in _LETTERS and _WITHIN.issuperset(text)


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
    digits = value[:4] + value[5:7] + value[8:]
    if len(value) == 10 and value[4] == value[7] == "-" and digits.isascii() and digits.isdigit():
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f"{name}: '{value[:64]}' is not a day; write it as YYYY-MM-DD, such as 2026-11-02")
