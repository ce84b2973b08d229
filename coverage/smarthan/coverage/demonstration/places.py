"""The places of the demonstration release: every postcode with its region family, premises and plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarthan.coverage.releases.columns import REGION_FAMILIES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# For the sample only: real CSP regions follow no list of authorities (domain rule; regions come from the file).
_NORTH = frozenset({"Scotland", "North East", "North West", "Yorkshire and The Humber"})
_CENTRAL = frozenset({"Wales", "West Midlands", "East Midlands", "East of England"})

_BORDER_CELL_M = 2_000.0  # a cell that holds two families is border land; assumed
_MEAN_PREMISES = 17.3  # 30 million premises over 1.74 million postcodes
_SPREAD = 1.4  # shape of the gamma that spreads premises over postcodes; assumed
_ROLLED_OUT = 0.12  # share of outward codes with 4G rows; assumed
_PLANNED, _OVERDUE = 0.40, 0.12  # share of outward codes whose gaps have a date to come, a date past; assumed


@dataclass(frozen=True)
class Places:
    """One entry a postcode in every array.

    Attributes
    ----------
    easting, northing : array of float
        [m]; a postcode without a location takes that of the postcode before it.
    located : array of bool
    family, other_family : array of int
        Index into `REGION_FAMILIES`; other_family is -1 away from a border.
    sector : array of int
        Number of the sector.
    premises : array of int
    has_4g : array of bool
    plan : array of int
        0 no date, 1 date to come, 2 date past.
    plan_quarter : array of int
        Quarters from the day of the release; negative for a date past.
    site : array of float
        0 to 1, one draw an outward code: decides what equipment is named there.
    """

    easting: Floats
    northing: Floats
    located: NDArray[np.bool_]
    family: Ints
    other_family: Ints
    sector: Ints
    premises: Ints
    has_4g: NDArray[np.bool_]
    plan: Ints
    plan_quarter: Ints
    site: Floats


def describe_places(live: pd.DataFrame, *, rng: np.random.Generator) -> Places:
    """Draw what a release needs to know of each postcode; plans are drawn an outward code at a time."""
    sector, outward = _number(live["sector"]), _number(live["outward"])
    located = live["easting"].notna().to_numpy()
    easting, northing = _fill_by_neighbour(live["easting"]), _fill_by_neighbour(live["northing"])
    family = _assign_family(live["region"])
    draws = rng.random((3, outward.max() + 1))[:, outward]
    quarters = rng.integers(1, 13, outward.max() + 1)[outward]
    plan = np.select([draws[1] < _PLANNED, draws[1] < _PLANNED + _OVERDUE], [1, 2], 0)
    return Places(
        easting=easting,
        northing=northing,
        located=located,
        family=family,
        other_family=_find_borders(easting, northing, family),
        sector=sector,
        premises=_draw_premises(live["pq"].to_numpy(), rng),
        has_4g=draws[0] < _ROLLED_OUT,
        plan=plan,
        plan_quarter=np.where(plan == 2, -((quarters + 2) // 3), quarters),
        site=draws[2],
    )


def _number(names: pd.Series) -> Ints:
    numbers, _ = pd.factorize(names)
    return np.asarray(numbers, dtype=np.int64)


def _fill_by_neighbour(metres: pd.Series) -> Floats:
    filled = metres.astype("Float64").ffill().bfill()
    if filled.isna().any():
        raise ValueError("postcodes: none of them has a location, so no terrain can be laid under them")
    return np.asarray(filled, dtype=np.float64)


def _assign_family(region: pd.Series) -> Ints:
    """Region family by statistical region; a postcode without one takes that of the postcode before it."""
    known = region.astype("category").ffill().bfill().cat
    names = known.categories
    families = np.select([names.isin(_NORTH), names.isin(_CENTRAL)], ["North", "Central"], "South")
    numbers = pd.Index(REGION_FAMILIES).get_indexer(pd.Index(families))
    return np.append(numbers, REGION_FAMILIES.index("South"))[known.codes.to_numpy()]


def _find_borders(easting: Floats, northing: Floats, family: Ints) -> Ints:
    """Return the other family of postcodes whose cell holds two, else -1."""
    cell = np.floor(northing / _BORDER_CELL_M).astype(np.int64) * 1_000 + np.floor(easting / _BORDER_CELL_M).astype(
        np.int64
    )
    present = np.stack([np.isin(cell, cell[family == number]) for number in range(len(REGION_FAMILIES))])
    present[family, np.arange(len(family))] = False
    return np.where(present.any(axis=0), present.argmax(axis=0), -1)


def _draw_premises(quality: NDArray[np.int8], rng: np.random.Generator) -> Ints:
    """Premises a postcode: at least 1, 17 in the mean, long tail; 1 for a large user without a location."""
    rates = rng.gamma(_SPREAD, (_MEAN_PREMISES - 1) / _SPREAD, len(quality))
    drawn = 1 + np.minimum(rng.poisson(rates), 99)
    return np.where(quality == 90, 1, drawn)
