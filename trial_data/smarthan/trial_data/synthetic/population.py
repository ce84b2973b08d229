"""The population: strata from a stock, and in each stratum buildings with their dwellings."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from .constants import PROFILES, REGION_HOUSEHOLDS, StratumProfile

BLOCK_DWELLINGS = 200_000  # dwellings held at a time: bounds the memory of a large population


@dataclass(frozen=True)
class Stratum:
    """One stratum of the population: its profile, its size, where its buildings lie."""

    stratum_id: str
    profile: StratumProfile
    n_buildings: int
    regions: dict[str, float]


@dataclass(frozen=True)
class Dwellings:
    """A run of buildings of one stratum with all their dwellings.

    Arrays are a building long (`dwellings_n`, `storeys`) or a dwelling long (`building`: position of its building in
    this run; `floor_no`, `meter_floor`; `floors`: crossed between meter and dwelling).
    """

    dwellings_n: np.ndarray
    storeys: np.ndarray
    building: np.ndarray
    floor_no: np.ndarray
    meter_floor: np.ndarray
    floors: np.ndarray


def plan_strata(stock: pd.DataFrame | None, *, size_premises: int, buildings_per_stratum: int) -> tuple[Stratum, ...]:
    """Return the strata of the population.

    Parameters
    ----------
    stock : DataFrame or None
        Columns archetype and premises, optionally meter_class and region; None for the default mix.
    size_premises : int
        Premises in the population [count]. It grows until the smallest stratum holds `buildings_per_stratum`.
    buildings_per_stratum : int
        Buildings to be sampled in each stratum [count].

    Returns
    -------
    tuple of Stratum
        In the order of the profiles.

    Raises
    ------
    ValueError
        When the stock names a type for which no profile exists, or no premises.
    """
    shares = _default_shares() if stock is None else _stock_shares(stock)
    size = float(size_premises)
    for profile in shares:
        size = max(size, buildings_per_stratum * profile.dwellings_mean / profile.share)
    return tuple(
        Stratum(
            f"SYN-S{number:02d}",
            profile,
            max(buildings_per_stratum, round(profile.share * size / profile.dwellings_mean)),
            regions,
        )
        for number, (profile, regions) in enumerate(shares.items(), start=1)
    )


def draw_dwellings(stratum: Stratum, rng: np.random.Generator) -> Iterator[Dwellings]:
    """Yield the stratum's buildings and dwellings, a bounded run of buildings at a time.

    Parameters
    ----------
    stratum : Stratum
        Which buildings to draw.
    rng : Generator
        Source of randomness.

    Yields
    ------
    Dwellings
        Together they hold `stratum.n_buildings` buildings.
    """
    run = max(1, math.floor(BLOCK_DWELLINGS / stratum.profile.dwellings_mean))
    for start in range(0, stratum.n_buildings, run):
        yield _draw_run(stratum.profile, min(run, stratum.n_buildings - start), rng)


def _draw_run(profile: StratumProfile, buildings: int, rng: np.random.Generator) -> Dwellings:
    extra = profile.dwellings_mean - profile.dwellings_least
    dwellings_n = profile.dwellings_least + rng.poisson(extra, buildings)
    storeys = rng.integers(profile.storeys[0], profile.storeys[1] + 1, buildings)
    building = np.repeat(np.arange(buildings), dwellings_n)
    floors = rng.poisson(profile.floors_mean, len(building))
    anywhere = rng.random(len(building))
    if profile.meter_level == "own":
        floors = np.minimum(floors, storeys[building] - 1)
        floor_no, meter_floor = _place_on_own_floor(profile, storeys[building], floors, anywhere)
        floors = np.abs(floor_no - meter_floor)
    else:
        # A building is as high as its highest dwelling needs; the archetype's range still bounds it.
        meter_floor = np.full(len(building), 0 if profile.meter_level == "ground" else -1)
        floors = np.minimum(floors, profile.storeys[1] - 1 - meter_floor)
        floor_no = meter_floor + floors
        starts = np.cumsum(dwellings_n) - dwellings_n
        storeys = np.maximum(storeys, np.maximum.reduceat(floor_no, starts) + 1)
    return Dwellings(dwellings_n, storeys, building, floor_no, meter_floor, floors)


def _place_on_own_floor(
    profile: StratumProfile, storeys: np.ndarray, floors: np.ndarray, anywhere: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return dwelling and meter floors, the meter `floors` below the dwelling where there is room, else above."""
    if profile.dwellings_mean == 1:
        ground = np.zeros(len(storeys), dtype=np.int64)
        return ground, ground
    floor_no = np.floor(anywhere * storeys).astype(np.int64)
    below = floor_no - floors
    above = np.minimum(floor_no + floors, storeys - 1)
    meter_floor = np.where(below >= 0, below, above)
    return floor_no, meter_floor


def _default_shares() -> dict[StratumProfile, dict[str, float]]:
    total = sum(REGION_HOUSEHOLDS.values())
    regions = {name: count / total for name, count in REGION_HOUSEHOLDS.items()}
    return {profile: regions for profile in PROFILES if profile.share > 0}


def _stock_shares(stock: pd.DataFrame) -> dict[StratumProfile, dict[str, float]]:
    """Return the profiles a stock calls for, with its own shares of premises and of regions."""
    lacking = [name for name in ("archetype", "premises") if name not in stock.columns]
    if lacking:
        raise ValueError(f"stock: column {lacking[0]} is missing; give archetype and premises, at best meter_class too")
    premises = pd.to_numeric(stock["premises"])
    if not (premises >= 0).all() or not premises.sum() > 0:
        raise ValueError("stock: premises must be counts of 0 or more, and not all 0")
    keys = ["archetype", "meter_class"] if "meter_class" in stock.columns else ["archetype"]
    known = {tuple(getattr(p, key) for key in keys) for p in PROFILES}
    found = {tuple(map(str, row)) for row in stock[keys].itertuples(index=False)}
    if unknown := sorted(found - known):
        raise ValueError(
            f"stock: no synthetic buildings are known for {' / '.join(unknown[0])};"
            f" known are {', '.join(' / '.join(k) for k in sorted(known))}"
        )
    shares: dict[StratumProfile, dict[str, float]] = {}
    for profile in _fill_shares():
        mine = np.logical_and.reduce([stock[key].astype("str") == getattr(profile, key) for key in keys])
        share = _split(profile, keys) * float(premises[mine].sum() / premises.sum())
        if share > 0:
            shares[replace(profile, share=share)] = _stock_regions(stock[mine], premises[mine])
    return shares


def _fill_shares() -> Iterator[StratumProfile]:
    """Yield every profile with a share above 0, so that a stock without meter classes can be split in proportion."""
    for profile in PROFILES:
        yield profile if profile.share > 0 else replace(profile, share=0.01)


def _split(profile: StratumProfile, keys: list[str]) -> float:
    """Return which part of its archetype a profile stands for where the stock does not name the meter's place."""
    if "meter_class" in keys:
        return 1.0
    return profile.share / sum(p.share for p in _fill_shares() if p.archetype == profile.archetype)


def _stock_regions(stock: pd.DataFrame, premises: pd.Series) -> dict[str, float]:
    if "region" not in stock.columns:
        total = sum(REGION_HOUSEHOLDS.values())
        return {name: count / total for name, count in REGION_HOUSEHOLDS.items()}
    sums = premises.groupby(stock["region"].astype("str"), observed=True, dropna=False, sort=True).sum()
    return {str(name): float(count / sums.sum()) for name, count in sums.items() if count > 0}
