"""The net change of covered premises per area, and the two streams it is the difference of."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.index.location_keys import BY_CODE, BY_REFERENCE
from smarthan.coverage.measures.grouping import NOT_KNOWN, Key, location_key

from .comparison import Comparison, Ints
from .sides import Side

Floats = npt.NDArray[Any]


def net_by(found: Comparison, by: str, *, whole: bool) -> pd.DataFrame:
    """Return the net change per area; see `ReleaseDiff.net`."""
    if by not in (*BY_CODE, *BY_REFERENCE):
        raise ValueError(f"by: {by!r} is not one of {', '.join((*BY_CODE, *BY_REFERENCE))}")
    sides = {"before": found.before, "after": found.after}
    keys = {name: location_key(side.located, by) for name, side in sides.items()}
    labels = sorted(set().union(*(key.labels for key in keys.values())), key=lambda word: (word == NOT_KNOWN, word))
    codes = {name: _codes(keys[name], labels, side) for name, side in sides.items()}
    columns: dict[str, Any] = {by: pd.array(np.array(labels, dtype=object), dtype="str")}
    for what in ("locations", "weight", "covered"):
        for name, side in sides.items():
            columns[f"{what}_{name}"] = _sum_side(side, codes[name], what, len(labels))
    more, less = _streams(found, codes, len(labels))
    columns |= {"net": columns["covered_after"] - columns["covered_before"], "more": more, "less": less}
    table = pd.DataFrame(columns)
    kept = table.loc[(table[["locations_before", "locations_after"]] > 0).any(axis=1)].reset_index(drop=True)
    numbers = kept.columns.drop(by)
    counts = ["locations_before", "locations_after"]
    kept = kept.astype(dict.fromkeys(numbers if whole else counts, "int64"))
    for name in sides:
        kept[f"share_{name}"] = kept[f"covered_{name}"] / kept[f"weight_{name}"].where(kept[f"weight_{name}"] > 0)
    return kept.assign(points=(kept["share_after"] - kept["share_before"]) * 100)


def _codes(key: Key, labels: list[str], side: Side) -> Ints:
    place = {word: number for number, word in enumerate(labels)}
    number = np.array([place[word] for word in key.labels], dtype=np.int64)
    return number[key.codes[side.place]]


def _sum_side(side: Side, codes: Ints, what: str, size: int) -> Floats:
    if what == "locations":
        return np.bincount(codes[side.counted], minlength=size).astype(np.float64)
    values = side.premises if what == "weight" else side.covered
    return np.bincount(codes, weights=np.where(side.counted, values, 0.0), minlength=size)


def _streams(found: Comparison, codes: dict[str, Ints], size: int) -> tuple[Floats, Floats]:
    """Covered premises at the locations that have more of them now, and at those that have fewer."""
    old, new = found.at_before, found.at_after
    was, now = _covered(found.before, old), _covered(found.after, new)
    from_key, to_key = _spread(codes["before"], old), _spread(codes["after"], new)
    from_key, to_key = np.where(old >= 0, from_key, to_key), np.where(new >= 0, to_key, from_key)
    moved = from_key != to_key  # a premises that is under a postcode elsewhere now
    less, more = np.where(moved, was, np.maximum(was - now, 0.0)), np.where(moved, now, np.maximum(now - was, 0.0))
    return np.bincount(to_key, weights=more, minlength=size), np.bincount(from_key, weights=less, minlength=size)


def _spread(codes: Ints, at: Ints) -> Ints:
    """Codes by place, 0 where the place is -1."""
    spread = np.zeros(len(at), dtype=np.int64)
    spread[at >= 0] = codes[at[at >= 0]]
    return spread


def _covered(side: Side, at: Ints) -> Floats:
    here = at >= 0
    covered = np.zeros(len(at))
    covered[here] = np.where(side.counted, side.covered, 0)[at[here]]
    return covered
