"""Changed locations as a table: what each release says of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.index.mapped import NO_DATE
from smarthan.coverage.releases.columns import LOCATION_KINDS

from .comparison import ABSENT, SIDE_STATES, Comparison, Ints, days_moved
from .sides import COMPARED, Side, as_dates, region_words

_ABSENT = SIDE_STATES.index(ABSENT)


def describe_changed(found: Comparison, at: Ints) -> pd.DataFrame:
    """Return one row a changed location.

    Parameters
    ----------
    found : Comparison
    at : array of int
        Which of its changed locations.

    Returns
    -------
    DataFrame
        location_kind, postcode, uprn, then for each release, with the endings _before and _after: state (ABSENT where
        it lacks the location), premises, covered, anticipated, technology, likelihood, auxiliary, regions (missing
        where it lacks it); days, by how many the anticipated day moved.
    """
    old, new = found.at_before[at], found.at_after[at]
    columns: dict[str, Any] = _name_locations(found, old, new)
    parts = {"before": _describe_side(found.before, old), "after": _describe_side(found.after, new)}
    for name in parts["before"]:
        for side, described in parts.items():
            columns[f"{name}_{side}"] = described[name]
    columns["days"] = _days(found, old, new)
    return pd.DataFrame(columns)


def _name_locations(found: Comparison, old: Ints, new: Ints) -> dict[str, Any]:
    """Kind, postcode and UPRN: as the later release has them, else as the earlier had."""
    columns = {name: np.full(len(old), None, dtype=object) for name in ("location_kind", "postcode", "uprn")}
    for side, at in ((found.before, old), (found.after, new)):
        here = np.flatnonzero(at >= 0)
        own = at[here]
        kind = side.located.kind[side.first_row[own]]
        if side.is_whole:  # a postcode with all its rows, whatever their kind
            kind = np.where(side.place[own] < side.located.n_postcodes, 0, 1)
        columns["location_kind"][here] = np.array(LOCATION_KINDS, dtype=object)[kind]
        columns["postcode"][here] = side.postcodes(own)
        columns["uprn"][here[kind == 1]] = side.uprns(own[kind == 1])
    return {name: pd.array(values, dtype="str") for name, values in columns.items()}


def _describe_side(side: Side, at: Ints) -> dict[str, Any]:
    here = at >= 0
    own = at[here]
    state = np.full(len(at), _ABSENT, dtype=np.int8)
    state[here] = side.state[own]
    days = np.full(len(at), NO_DATE, dtype=np.int64)
    days[here] = side.days(own)
    described: dict[str, Any] = {
        "state": pd.Categorical.from_codes(state, categories=list(SIDE_STATES)),
        "premises": _spread(side.premises[own], here),
        "covered": _spread(side.covered[own], here),
        "anticipated": as_dates(days).astype("datetime64[us]"),
    }
    for name in COMPARED:
        described[name.removeprefix("wan_")] = _words(side.labels(name, own), here)
    described["regions"] = _words(_regions(side.regions[own]), here)
    return described


def _spread(values: npt.NDArray[Any], here: npt.NDArray[np.bool_]) -> Any:
    """Numbers where a side has the location, missing elsewhere."""
    kind = "Int64" if values.dtype.kind == "i" else "Float64"
    whole = pd.array(np.zeros(len(here), dtype=values.dtype), dtype=kind)
    whole[here] = values
    whole[~here] = pd.NA
    return whole


def _words(values: npt.NDArray[np.object_], here: npt.NDArray[np.bool_]) -> Any:
    whole = np.full(len(here), None, dtype=object)
    whole[here] = values
    return pd.array(whole, dtype="str")


def _regions(bits: npt.NDArray[np.uint8]) -> npt.NDArray[np.object_]:
    return np.array([region_words(number) for number in range(256)], dtype=object)[bits]


def _days(found: Comparison, old: Ints, new: Ints) -> Any:
    both = np.flatnonzero((old >= 0) & (new >= 0))
    moved = np.zeros(len(old), dtype=np.int64)
    moved[both] = days_moved(found.before, found.after, old[both], new[both])
    return pd.arrays.IntegerArray(moved, moved == 0)
