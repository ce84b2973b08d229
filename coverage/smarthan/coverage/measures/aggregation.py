"""Roll-ups: premises-weighted shares of each state by area, each location counted once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.index.location_keys import BY_CODE, BY_REFERENCE, key_by_code, key_by_frame, key_by_reference
from smarthan.coverage.index.locations import Locations
from smarthan.coverage.lookup.states import COVERED, ERROR, NOT_CONFIRMED, STATES
from smarthan.coverage.releases.columns import NO_REGION, REGION_FAMILIES

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix

BY_ROW = ("csp_region", "region_family", "generation")
ROLLUPS = (*BY_CODE, *BY_REFERENCE, *BY_ROW, "likelihood")
STATE_COLUMNS = tuple(state.lower() for state in STATES)
_COVERED, _ERROR, _NOT_CONFIRMED = STATES.index(COVERED), STATES.index(ERROR), STATES.index(NOT_CONFIRMED)

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
        row); several of the first six and likelihood together; or a table of two columns, postcode and a key of yours.
    as_of : date, optional
        The day asked; the release's own by default.

    Returns
    -------
    DataFrame
        One row a key, sorted: the key, locations, basis (premises, or postcodes where the release states none), weight,
        then the weight per state (covered, planned, overdue, not_confirmed, error: they add to weight), share_covered,
        share_lower and share_upper (0 to 1: locations that did not answer or have no known premises counted as not
        covered, or as covered), excluded (locations whose only rows are of no region) and weight_missing (locations
        whose premises are not known). A location without the key stands under "not known".

    Raises
    ------
    ValueError
        When `by` is not one of these.

    Notes
    -----
    A location is counted once, in its best state over its regions; by csp_region, region_family and generation it is
    counted once *per key*, in its state there. A location with unknown premises enters share_lower and share_upper with
    the mean of its group.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> table = roll_up(sample_matrix(), "country")
    >>> table["country"].tolist(), bool((table["share_covered"] > 0.9).all())
    (['E', 'S', 'W'], True)
    """
    located = matrix.locations(as_of)
    if isinstance(by, str) and by in BY_ROW:
        keys, weights, counted, missing = _by_row(located, by)
    else:
        keys, weights, counted, missing = _by_location(located, by)
    table = _sum_groups(keys, weights, counted, missing, located.basis)
    table.attrs = matrix.release_attrs
    return table


def _by_location(
    located: Locations, by: str | list[str] | pd.DataFrame
) -> tuple[pd.DataFrame, Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    if isinstance(by, pd.DataFrame):
        name, words = key_by_frame(located.mapped, by)
        named = {name: words}
    else:
        named = {name: _location_key(located, name) for name in ([by] if isinstance(by, str) else by)}
    bare = len(located.groups) - 1 - located.n_postcodes  # premises without a postcode belong to no area
    keys = pd.DataFrame({name: _with_unknown(words, bare) for name, words in named.items()})
    regions = located.region_bits
    counted = (regions & ~np.uint8(located.no_region_bits)) != 0
    missing = ~located.knows_total if located.mapped.has_premises else np.zeros(len(counted), dtype=np.bool_)
    return keys, located.weight_by_state.astype(np.float64), counted, missing


def _location_key(located: Locations, name: str) -> pd.Categorical:
    if name in BY_CODE:
        return key_by_code(located.mapped, name)
    if name in BY_REFERENCE:
        return key_by_reference(located.mapped, name)
    if name == "likelihood":
        labels = located.mapped.arrays.header["labels"]["likelihood"]
        best = located.best_row[: located.n_postcodes]
        codes = located.column("class_likelihood")[located.row_class[best]].astype(np.int64)
        words = [word for word in labels if word is not None]
        return pd.Categorical.from_codes(np.where(codes < len(words), codes, -1), categories=words)
    together = [word for word in ROLLUPS if word not in BY_ROW]
    raise ValueError(f"by: {name!r} is not one of {', '.join(ROLLUPS)} (together: {', '.join(together)})")


def _with_unknown(words: pd.Categorical, bare: int) -> pd.Categorical:
    codes = np.concatenate([words.codes.astype(np.int64), np.full(bare, -1)])
    categories = [str(word) for word in words.categories]
    if (codes < 0).any():
        codes, categories = np.where(codes < 0, len(categories), codes), [*categories, "not known"]
    return pd.Categorical.from_codes(codes, categories=categories)


def _by_row(located: Locations, by: str) -> tuple[pd.DataFrame, Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """One entry a location and key: its best state among the key's rows, its premises split where reached in part."""
    location = np.repeat(np.arange(len(located.groups) - 1), np.diff(located.groups))
    labels = [str(label) for label in located.mapped.arrays.header["labels"]["csp_region"]]
    words, of_label = np.unique([_row_key(label, by) for label in labels], return_inverse=True)
    key = of_label[located.region.astype(np.int64)]
    weight = located.weight_by_state.sum(axis=1).astype(np.float64)
    pair, entry = np.unique(location * len(words) + key, return_inverse=True)
    state = np.full(len(pair), len(STATES), dtype=np.int64)
    np.minimum.at(state, entry, located.row_state.astype(np.int64))
    reached = np.full(len(pair), -1.0)
    stated = located.column("premises_available").astype(np.float64)
    np.maximum.at(reached, entry, np.where(located.row_state == _COVERED, stated, -1.0))
    own = weight[pair // len(words)]
    weights = np.zeros((len(pair), len(STATES)))
    weights[np.arange(len(pair)), state] = own
    partial = (state == _COVERED) & (reached >= 0) & (reached < own) & located.mapped.has_premises
    weights[partial, _COVERED] = reached[partial]
    weights[partial, _NOT_CONFIRMED] = (own - reached)[partial]
    keys = pd.DataFrame({by: pd.Categorical.from_codes(pair % len(words), categories=list(words))})
    counted = ~np.isin(pair % len(words), np.flatnonzero(np.isin(words, (*NO_REGION, "no region"))))
    return keys, weights, counted, np.zeros(len(pair), dtype=np.bool_)


def _row_key(region: str, by: str) -> str:
    if by == "csp_region":
        return region
    if region in NO_REGION:
        return "no region"
    if by == "generation":
        return "4G" if region.startswith("4G") else "LEGACY"
    return next(family for family in REGION_FAMILIES if region.endswith(family))


def _sum_groups(
    keys: pd.DataFrame,
    weights: Floats,
    counted: npt.NDArray[np.bool_],
    missing: npt.NDArray[np.bool_],
    basis: str,
) -> pd.DataFrame:
    names = list(keys)
    frame = keys.assign(
        locations=counted.astype(np.int64),
        **{column: np.where(counted, weights[:, k], 0.0) for k, column in enumerate(STATE_COLUMNS)},
        excluded=(~counted).astype(np.int64),
        weight_missing=(missing & counted).astype(np.int64),
    )
    table = frame.groupby(names, observed=True, dropna=False, sort=False).sum().reset_index()
    table[names] = table[names].astype("str")
    table = table.sort_values(names, ignore_index=True)
    if basis == "premises":
        table[list(STATE_COLUMNS)] = table[list(STATE_COLUMNS)].round().astype("int64")
    weight = table[list(STATE_COLUMNS)].sum(axis=1)
    table.insert(len(names) + 1, "basis", basis)
    table.insert(len(names) + 2, "weight", weight)
    known = (table["locations"] - table["weight_missing"]).clip(lower=1)
    unknown = table["weight_missing"] * weight / known
    whole = (weight + unknown).where(weight > 0)
    table.insert(len(table.columns) - 2, "share_covered", table["covered"] / weight.where(weight > 0))
    table.insert(len(table.columns) - 2, "share_lower", table["covered"] / whole)
    table.insert(len(table.columns) - 2, "share_upper", (table["covered"] + table["error"] + unknown) / whole)
    return table
