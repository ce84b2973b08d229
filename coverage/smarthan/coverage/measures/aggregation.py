"""Roll-ups: premises-weighted shares of each state by area, each location counted once."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.lookup.states import COVERED, ERROR, STATES

from .entries import Entries, count_by_region, count_locations
from .grouping import BY_ROW, ROLLUPS, Key, frame_key, read_by, row_words

if TYPE_CHECKING:
    from smarthan.coverage.index.locations import Locations
    from smarthan.coverage.matrix import CoverageMatrix

__all__ = ["BY_ROW", "ROLLUPS", "STATE_COLUMNS", "roll_up", "sum_by_key"]

STATE_COLUMNS = tuple(state.lower() for state in STATES)
_COVERED, _ERROR = STATES.index(COVERED), STATES.index(ERROR)

Floats = npt.NDArray[np.float64]


def roll_up(
    matrix: CoverageMatrix, by: str | list[str] | pd.DataFrame = "area", *, as_of: dt.date | None = None
) -> pd.DataFrame:
    """Return premises-weighted shares of each state per area.

    Parameters
    ----------
    matrix : CoverageMatrix
    by : str, list of str, or DataFrame
        area, outward, sector, lad, region, country, csp_region, region_family, generation or likelihood (of the best
        row); several of them together; or a table of two columns, postcode (as anybody writes it) and a key of yours.
    as_of : date, optional
        The day asked; the release's own by default.

    Returns
    -------
    DataFrame
        One row a key that occurs, sorted: the key as text, locations, basis (premises, or postcodes where the release
        states none), weight, then the weight per state (covered, planned, overdue, not_confirmed, error: they add to
        weight), share_covered, share_lower and share_upper (0 to 1: locations that did not answer or have no known
        premises counted as not covered, or as covered; missing where nothing is weighed), excluded (locations whose
        only rows are of no region) and weight_missing (locations whose premises are not known). A location without
        the key stands under "not known". `attrs` holds the release and `counted`, what a location counts as; for a
        table of yours also `unusable`, its rows without a whole postcode.

    Raises
    ------
    ValueError
        When `by` is not one of these, or a table of yours gives a postcode two keys.
    TypeError
        When `by` is neither text, a list nor a table.

    Notes
    -----
    A location is a postcode with all its rows, or a UPRN without a postcode. It is counted once, in its best state
    over its regions; a premises with a row of its own is taken out of its postcode's count. By csp_region,
    region_family and generation a location is counted once *per key*, in its state there, so that those tables add to
    more than the country. A location with unknown premises enters share_lower and share_upper with the mean of its
    group.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> table = roll_up(sample_matrix(), "country")
    >>> table["country"].tolist(), bool((table["share_covered"] > 0.9).all())
    (['E', 'S', 'W'], True)
    """
    asked = read_by(by)
    located = matrix.locations(as_of)
    attrs = {**matrix.release_attrs, "counted": "each location once"}
    if isinstance(asked, pd.DataFrame):
        key, attrs["unusable"] = frame_key(located, asked)
        table = _finish([key.name], *_sum_entries(count_locations(located), [key]), located.basis)
    elif any(name in BY_ROW for name in asked):
        attrs["counted"] = f"each location once per {' and '.join(name for name in asked if name in BY_ROW)}"
        table = _by_region(located, asked)
    else:
        entries = count_locations(located)
        table = _finish(asked, *_sum_entries(entries, [entries.key(name) for name in asked]), located.basis)
    table.attrs = attrs
    return table


def _by_region(located: Locations, asked: list[str]) -> pd.DataFrame:
    of_rows = [name for name in asked if name in BY_ROW]
    words = row_words(located.mapped.arrays.header["labels"]["csp_region"], of_rows)
    parts = []
    rank: dict[str, dict[str, int]] = {name: {} for name in asked}
    for group, entries in count_by_region(located, words):
        own = dict(zip(of_rows, group, strict=True))
        keys = [
            _constant(name, own[name], len(entries.covered)) if name in own else entries.key(name) for name in asked
        ]
        parts.append(_sum_entries(entries, keys))
        for name, key in zip(asked, keys, strict=True):
            for label in key.labels:
                rank[name].setdefault(label, len(rank[name]))
    labels = [np.concatenate(column) for column in zip(*(names for names, _ in parts), strict=True)]
    sums = {name: np.concatenate([part[name] for _, part in parts]) for name in parts[0][1]}
    places = [[rank[name][label] for label in column] for name, column in zip(asked, labels, strict=True)]
    order = np.lexsort(places[::-1])
    return _finish(asked, labels, sums, located.basis).take(order).reset_index(drop=True)


def _constant(name: str, word: str, count: int) -> Key:
    return Key(name, np.zeros(count, dtype=np.int32), (word,), np.zeros(1, dtype=np.int64))


def _sum_entries(entries: Entries, keys: Sequence[Key]) -> tuple[list[npt.NDArray[Any]], dict[str, npt.NDArray[Any]]]:
    """Return the labels of each group that occurs, one array a key, and the sums over its entries."""
    key = keys[0] if len(keys) == 1 else _combine(keys)
    size = math.prod(len(one.labels) for one in keys)
    held = _count(key, size)
    excluded = np.bincount(key.codes[entries.excluded], minlength=size)
    at = key.codes[entries.others_at]
    sums = {
        "locations": held - excluded,
        STATE_COLUMNS[0]: sum_by_key(key, entries.covered, size),
        **{
            name: np.bincount(at, weights=column, minlength=size)
            for name, column in zip(STATE_COLUMNS[1:], entries.others.T, strict=True)
        },
        "excluded": excluded,
        "weight_missing": np.bincount(key.codes[entries.missing], minlength=size),
    }
    used = np.flatnonzero(held)
    places = np.unravel_index(used, [len(one.labels) for one in keys])
    labels = [np.array(one.labels, dtype=object)[place] for one, place in zip(keys, places, strict=True)]
    return labels, {name: values[used] for name, values in sums.items()}


def sum_by_key(key: Key, weights: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    """Return the sum of weights over the locations of each label.

    Examples
    --------
    >>> key = Key("area", np.array([0, 0, 1]), ("A", "B"))
    >>> sum_by_key(key, np.array([1, 2, 4]), 2).tolist()
    [3.0, 4.0]
    """
    if key.starts is not None and len(weights):
        return np.add.reduceat(weights, key.starts)
    return np.bincount(key.codes, weights=weights, minlength=size)


def _count(key: Key, size: int) -> npt.NDArray[np.int64]:
    if key.starts is not None:
        return np.diff(np.append(key.starts, len(key.codes)))
    return np.bincount(key.codes, minlength=size)


def _combine(keys: Sequence[Key]) -> Key:
    codes = keys[0].codes.astype(np.int64)
    for key in keys[1:]:
        codes = codes * len(key.labels) + key.codes
    return Key("", codes, ())


def _finish(
    names: list[str], labels: list[npt.NDArray[Any]], sums: dict[str, npt.NDArray[Any]], basis: str
) -> pd.DataFrame:
    kind = np.int64 if basis == "premises" else np.float64
    states = {name: sums[name].astype(kind) for name in STATE_COLUMNS}
    weight = np.sum(list(states.values()), axis=0, dtype=kind)
    with np.errstate(invalid="ignore", divide="ignore"):
        unknown = sums["weight_missing"] * weight / np.maximum(sums["locations"] - sums["weight_missing"], 1)
        whole = np.where(weight > 0, weight + unknown, np.nan)
        shares = {
            "share_covered": states["covered"] / np.where(weight > 0, weight, np.nan),
            "share_lower": states["covered"] / whole,
            "share_upper": (states["covered"] + states["error"] + unknown) / whole,
        }
    return pd.DataFrame(
        {
            **{name: pd.array(column, dtype="str") for name, column in zip(names, labels, strict=True)},
            "locations": sums["locations"],
            "basis": basis,
            "weight": weight,
            **states,
            **shares,
            "excluded": sums["excluded"],
            "weight_missing": sums["weight_missing"],
        }
    )
