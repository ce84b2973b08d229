"""What is frozen once an appraisal is agreed: its weights, ranges and scales, hashed, and every later change reported.

The page that `Appraisal.audit` writes holds the very text that is hashed, so that anybody can hash it again, and the
next page written over it says what has changed since. The history is carried from page to page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .words import plain

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal

FROZEN_STATUSES = ("agreed", "published")
PLACE, HASH_PLACE, HISTORY_PLACE = "frozen-text", "frozen-sha256", "frozen-history"  # ids on the page
_LARGEST_BYTES = 64 * 1024 * 1024  # a page of ours has some 0.5 MB; what is larger is not one


@dataclass(frozen=True)
class Frozen:
    """The frozen part of an appraisal, and what is known of earlier states of it.

    Attributes
    ----------
    text : str
        Canonical JSON of criteria (range, value, scale), weights as typed, and the shortlist rule.
    is_agreed : bool
        Whether it was agreed, now or on an earlier page: from then on every change is kept.
    history : tuple of (str, tuple of str)
        Each earlier change: the hash before it, and what changed, in words; oldest first.
    """

    text: str
    is_agreed: bool = False
    history: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def history_text(self) -> str:
        """What a page keeps for the next one."""
        return json.dumps({"agreed": self.is_agreed, "changes": self.history}, ensure_ascii=False)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text's UTF-8 bytes."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def freeze(appraisal: Appraisal, earlier: Frozen | None = None) -> Frozen:
    """Return the frozen part of an appraisal, with every change since an earlier state of it.

    Parameters
    ----------
    appraisal : Appraisal
    earlier : Frozen, optional
        As read from an earlier page.
    """
    text = _write_canonical(appraisal)
    is_agreed = appraisal.status in FROZEN_STATUSES or (earlier is not None and earlier.is_agreed)
    if earlier is None or not earlier.is_agreed:
        return Frozen(text, is_agreed)
    changes = tuple(_tell_changes(json.loads(earlier.text), json.loads(text)))
    return Frozen(text, is_agreed, (*earlier.history, *([(earlier.sha256, changes)] if changes else ())))


def _write_canonical(appraisal: Appraisal) -> str:
    criteria = {
        one.id: {"better": one.better, "unit": one.unit, "group": one.group}
        | ({"scale": {level.id: level.value for level in one.levels}} if one.levels else {})
        | ({"range": list(one.xs), "value": list(one.ys)} if one.xs else {})
        for one in appraisal.criteria
    }
    weights = {
        each.assessor: {"kind": each.kind, "stated": {row.node: list(row.stated) for row in each.rows}}
        for each in appraisal.weight_sets
    }
    rule = {"max_regret": appraisal.max_regret, "max_shortlist": appraisal.max_shortlist}
    content = {"appraisal": appraisal.id, "criteria": criteria, "gates": [g.id for g in appraisal.gates], "rule": rule}
    return json.dumps({**content, "weights": weights}, indent=1, sort_keys=True, ensure_ascii=False)


def _tell_changes(before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for key in sorted({*before, *after}):
        here = f"{path}{' / ' if path else ''}{key}"
        if key not in before:
            yield f"{here}: added, {_say(after[key])}"
        elif key not in after:
            yield f"{here}: taken out, was {_say(before[key])}"
        elif isinstance(before[key], dict) and isinstance(after[key], dict):
            yield from _tell_changes(before[key], after[key], here)
        elif before[key] != after[key]:
            yield f"{here}: {_say(before[key])} became {_say(after[key])}"


def _say(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_say(each)}" for key, each in value.items())
    if isinstance(value, list):
        return " to ".join(map(_say, value)) or "none"
    if isinstance(value, int | float):
        return plain(value)
    return str(value) if value not in (None, "") else "not stated"


def read_frozen(path: Path) -> Frozen:
    """Return what an earlier page of `Appraisal.audit` says was frozen.

    Raises
    ------
    OSError
        When the file cannot be read.
    ValueError
        When it is no such page, or its text and the hash printed beside it do not agree.
    """
    if path.stat().st_size > _LARGEST_BYTES:
        raise ValueError(f"{path}: {path.stat().st_size:,} bytes are too many for an audit page")
    reader = _PageReader()
    reader.feed(path.read_text(encoding="utf-8", errors="replace"))
    text, stated = reader.found.get(PLACE), reader.found.get(HASH_PLACE)
    if text is None or stated is None:
        raise ValueError(f"{path}: is no audit page (it holds no frozen text); give another path")
    try:
        kept = json.loads(reader.found.get(HISTORY_PLACE, ""))
        history = tuple((str(digest), tuple(map(str, changes))) for digest, changes in kept["changes"])
        frozen = Frozen(text, bool(kept["agreed"]), history)
        is_whole = isinstance(json.loads(text), dict) and frozen.sha256 == stated.strip()
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: what was frozen cannot be read from this page ({error}); give another") from error
    if not is_whole:
        raise ValueError(
            f"{path}: the frozen text was edited: its hash is {frozen.sha256}, the page says {stated[:64]}"
        )
    return frozen


class _PageReader(HTMLParser):
    """Gathers the text of the elements whose ids this module knows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = dict(attrs).get("id") or ""
        if name in (PLACE, HISTORY_PLACE, HASH_PLACE):
            self._inside = name
            self.found[name] = ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[self._inside] += data
