"""Single look-ups: the keys that are asked, and answers in words that all contenders share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# What a row says by itself; `state` depends on the day asked, which only ours knows of.
COLUMNS = ("csp_region", "wan_technology", "wan_group", "likelihood", "auxiliary", "anticipated")
COMPARED = 200  # answers


def read_keys(path: str, count: int) -> list[str]:
    """Return the first keys of a file; a slow contender is asked fewer."""
    return Path(path).read_text().split("\n")[:count]


def words_of(row: Mapping[str, Any] | tuple[Any, ...] | None) -> list[str]:
    """Return the `COLUMNS` of one answer as text, empty where there is nothing."""
    if row is None:
        return []
    values = row if isinstance(row, tuple) else [row[name] for name in COLUMNS]
    return [_word(value) for value in values]


def _word(value: Any) -> str:
    if value is None or value != value or type(value).__name__ == "NaTType":
        return ""
    return str(value.date() if isinstance(value, dt.datetime) else value)
