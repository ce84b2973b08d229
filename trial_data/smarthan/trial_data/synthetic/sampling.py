"""The two-stage sample: buildings within strata, dwellings within buildings, and who takes part."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from .constants import BLOCK_ACCESS, NMAR_LOGIT, NONRESPONSE_SPLIT, PARTIAL_SHARE, StratumProfile

Nonresponse = Literal["mar", "nmar", "none"]
NONRESPONSE: tuple[Nonresponse, ...] = ("mar", "nmar", "none")


def choose_buildings(population: int, sample: int, rng: np.random.Generator) -> np.ndarray:
    """Return which buildings of a stratum are drawn, by simple random sampling without replacement, in order.

    Parameters
    ----------
    population, sample : int
        Buildings there are and buildings to draw [count].
    rng : Generator
        Source of randomness.

    Returns
    -------
    ndarray of int
        Positions, rising.

    Raises
    ------
    ValueError
        When the stratum does not hold that many.
    """
    if sample > population:
        raise ValueError(f"buildings_per_stratum: {sample} asked for, but a stratum holds {population}; ask for fewer")
    return np.sort(rng.choice(population, sample, replace=False))


def choose_dwellings(world: pd.DataFrame, most: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the dwellings drawn within each building, with their inclusion probability.

    Parameters
    ----------
    world : DataFrame
        All dwellings of the drawn buildings, sorted by column building.
    most : int
        Dwellings drawn in a building; all where it has fewer [count].
    rng : Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        The drawn rows, in the order given, with column p_incl_2.
    """
    building = world["building"].to_numpy()
    order = np.lexsort((rng.random(len(world)), building))
    starts = np.flatnonzero(np.r_[True, building[1:] != building[:-1]])
    rank = np.arange(len(world)) - np.repeat(starts, np.diff(np.r_[starts, len(world)]))
    drawn = world.iloc[np.sort(order[rank < most])]
    return drawn.assign(p_incl_2=np.minimum(most / drawn["dwellings_n"], 1.0))


def draw_outcomes(
    drawn: pd.DataFrame, profile: StratumProfile, nonresponse: Nonresponse, rng: np.random.Generator
) -> np.ndarray:
    """Return how the approach to each drawn dwelling ended.

    Parameters
    ----------
    drawn : DataFrame
        Drawn dwellings of one stratum, sorted by column building.
    profile : StratumProfile
        Its response probability; blocks are first let into or not, as a whole.
    nonresponse : {"mar", "nmar", "none"}
        "mar": depends on the stratum alone. "nmar": dwellings reached at 2.4 GHz take part more readily. "none":
        all take part, completely.
    rng : Generator
        Source of randomness.

    Returns
    -------
    ndarray of str
        Words of `outcome`.
    """
    n = len(drawn)
    building = drawn["building"].to_numpy()
    # Drawn for every setting, so that switching non-response off leaves all else of a seed as it was.
    access_draw, part_draw, partial_draw = (
        rng.random(building.max(initial=-1) + 1)[building],
        rng.random(n),
        rng.random(n),
    )
    reasons = rng.choice(list(NONRESPONSE_SPLIT), n, p=list(NONRESPONSE_SPLIT.values()))
    if nonresponse == "none":
        return np.full(n, "complete", dtype=object)
    access = BLOCK_ACCESS if profile.dwellings_mean > 1 else 1.0
    share = np.full(n, profile.response / access)
    if nonresponse == "nmar":
        odds = share / (1.0 - share) * np.exp(NMAR_LOGIT * (drawn["reached.zigbee_2g4"].to_numpy() - 0.5))
        share = odds / (1.0 + odds)
    responded = np.where(partial_draw < PARTIAL_SHARE, "partial", "complete")
    outcome = np.where(part_draw < share, responded, reasons)
    return np.where(access_draw < access, outcome, "no_access").astype(object)
