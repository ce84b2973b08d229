"""The facts of a release that stand beside a file or in its metadata."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from smarthan.settings import Key, load_toml
from smarthan.tables import FileRefused

from .release import SOURCES, Release

YEARS_BACK, YEARS_AHEAD = 5, 15  # ours: a plan outside them is a slip of the pen
METADATA_KEY = b"smarthan.release"
ESCAPED_KEY = "escaped_formulas"  # says of a CSV file that its writer kept formulas from running
_MODEL = {
    "release_id": Key("text"),
    "source": Key("text", allowed=SOURCES),
    "as_of": Key(("date", "text")),
    "published": Key(("date", "text")),
    "received_at": Key("text"),
    "schema_version": Key("text"),
    "row_count": Key("integer", low=0),
    "sha256": Key("text"),
    "licence": Key("text"),
    "note": Key("text"),
    "complete": Key("boolean"),
    "synthetic": Key("boolean"),
    ESCAPED_KEY: Key("boolean"),
}


def read_sidecar(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the facts in `<file>.release.toml` beside a file, {} when there is none.

    Raises
    ------
    SettingsError
        When that file is there and cannot be used.
    """
    beside = Path(f"{os.fspath(path)}.release.toml")
    there = os.path.isfile(beside)  # noqa: PTH113 (a Path raises on a name too long)
    return load_toml(beside, _MODEL) if there else {}


def read_metadata(path: object, metadata: Mapping[bytes, bytes] | None) -> dict[str, Any]:
    """Return the facts in Parquet metadata, {} when there are none.

    Raises
    ------
    FileRefused
        When the metadata is not the JSON object it should be.
    """
    text = (metadata or {}).get(METADATA_KEY)
    if text is None:
        return {}
    try:
        facts = json.loads(text)
    except ValueError:
        facts = None
    if not isinstance(facts, dict):
        raise FileRefused(path, "file_unreadable", "its metadata smarthan.release is not a JSON object")
    return facts


def settle_release(
    path: str | os.PathLike[str],
    facts: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    sha256: str,
    row_count: int,
) -> Release:
    """Return the release of a file: what its facts say, overridden by what the caller gave.

    Parameters
    ----------
    path : path
        Names the release where nothing else does: `<stem>-<first 8 of sha256>`.
    facts, given : mapping
        Facts of the file, and the caller's.
    sha256, row_count : str, int
        Of this reading; they replace whatever the facts say.

    Raises
    ------
    FileRefused
        When a fact is not known or of the wrong form.
    """
    merged = {**facts, **{name: value for name, value in given.items() if value is not None}}
    stem = re.sub(r"[^0-9A-Za-z._-]", "-", Path(path).name.split(".")[0]).lstrip("._-")[:48] or "release"
    merged.setdefault("release_id", f"{stem}-{sha256[:8]}")
    merged |= {"sha256": sha256, "row_count": row_count}
    try:
        return Release.from_dict(merged)
    except (ValueError, TypeError) as error:
        raise FileRefused(path, "release_facts", f"the facts of its release cannot be used: {error}") from None


def planning_range(release_day: dt.date) -> tuple[dt.date, dt.date]:
    """Return the earliest and latest anticipated date that a release of that day may hold.

    Examples
    --------
    >>> planning_range(dt.date(2024, 2, 29))
    (datetime.date(2019, 2, 28), datetime.date(2039, 2, 28))
    """
    day = 28 if (release_day.month, release_day.day) == (2, 29) else release_day.day
    early = release_day.replace(year=release_day.year - YEARS_BACK, day=day)
    return early, release_day.replace(year=release_day.year + YEARS_AHEAD, day=day)
