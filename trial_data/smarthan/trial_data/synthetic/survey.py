"""The survey of a population: truth summed over all of it, and the sample that was drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .constants import RadioBand
from .population import Stratum, draw_dwellings
from .sampling import Nonresponse, choose_buildings, choose_dwellings, draw_outcomes
from .world import describe_world


@dataclass(frozen=True)
class Survey:
    """What the survey knows, and the truth it does not know.

    Attributes
    ----------
    strata : DataFrame
        One row a stratum: stratum_id, archetype, meter_class, n_buildings, n_premises, n_sampled.
    buildings : DataFrame
        One row a sampled building: stratum_id, archetype, meter_class, storeys, dwellings_n, basements, region.
    dwellings : DataFrame
        One row a sampled dwelling: the columns of `describe_world`, `building` (row of `buildings`), p_incl_1,
        p_incl_2, outcome.
    coverage : DataFrame
        The truth: technology, stratum_id, archetype, meter_class, buildings, premises, reached, share; the rows of
        all strata together have ALL in their place.
    """

    strata: pd.DataFrame
    buildings: pd.DataFrame
    dwellings: pd.DataFrame
    coverage: pd.DataFrame


@dataclass(frozen=True)
class Plan:
    """How the survey is to be made."""

    buildings_per_stratum: int
    dwellings_per_building: int
    nonresponse: Nonresponse
    bands: Mapping[str, RadioBand]
    repeats: int = 1


def survey_population(strata: tuple[Stratum, ...], plan: Plan, seeds: np.random.SeedSequence) -> Survey:
    """Draw each stratum's population, sum its truth, and keep the sampled part.

    Parameters
    ----------
    strata : tuple of Stratum
        From `plan_strata`.
    plan : Plan
        Sample sizes, non-response, radio constants.
    seeds : SeedSequence
        Each stratum gets streams of its own.

    Returns
    -------
    Survey
    """
    parts = [
        _survey_stratum(stratum, plan, seed) for stratum, seed in zip(strata, seeds.spawn(len(strata)), strict=True)
    ]
    offsets = np.cumsum([0, *(len(part.buildings) for part in parts)])
    dwellings = [
        part.dwellings.assign(building=part.dwellings["building"] + at)
        for part, at in zip(parts, offsets[:-1], strict=True)
    ]
    coverage = pd.concat([part.coverage for part in parts], ignore_index=True)
    return Survey(
        pd.concat([part.strata for part in parts], ignore_index=True),
        pd.concat([part.buildings for part in parts], ignore_index=True),
        pd.concat(dwellings, ignore_index=True),
        pd.concat([coverage, _sum_all(coverage)], ignore_index=True),
    )


def _survey_stratum(stratum: Stratum, plan: Plan, seed: np.random.SeedSequence) -> Survey:
    world_rng, sample_rng, outcome_rng, region_rng = (np.random.default_rng(s) for s in seed.spawn(4))
    chosen = choose_buildings(stratum.n_buildings, plan.buildings_per_stratum, sample_rng)
    kept: list[pd.DataFrame] = []
    reached: dict[str, int] = {}
    premises = first = 0
    for run in draw_dwellings(stratum, world_rng):
        world = describe_world(stratum, run, plan.bands, world_rng)
        premises += len(world)
        for name in (c for c in world.columns if c.startswith("reached.")):
            reached[name] = reached.get(name, 0) + int(world[name].sum())
        here = chosen - first
        kept.append(_keep_chosen(world, here[(here >= 0) & (here < len(run.dwellings_n))], len(run.dwellings_n)))
        kept[-1]["building"] += sum(frame["building"].nunique() for frame in kept[:-1])
        first += len(run.dwellings_n)
    drawn = choose_dwellings(pd.concat(kept, ignore_index=True), plan.dwellings_per_building, sample_rng)
    drawn = drawn.assign(p_incl_1=plan.buildings_per_stratum / stratum.n_buildings)
    drawn = drawn.assign(outcome=draw_outcomes(drawn, stratum.profile, plan.nonresponse, outcome_rng))
    return Survey(
        _describe_stratum(stratum, premises, plan.buildings_per_stratum),
        _describe_buildings(stratum, drawn, region_rng),
        drawn,
        _count_truth(stratum, premises, reached),
    )


def _keep_chosen(world: pd.DataFrame, chosen: np.ndarray, buildings: int) -> pd.DataFrame:
    """Return the dwellings of the chosen buildings, which are numbered anew from 0."""
    number = np.full(buildings, -1)
    number[chosen] = np.arange(len(chosen))
    mine = number[world["building"].to_numpy()]
    return world[mine >= 0].assign(building=mine[mine >= 0])


def _describe_stratum(stratum: Stratum, premises: int, sampled: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "stratum_id": [stratum.stratum_id],
            "archetype": [stratum.profile.archetype],
            "meter_class": [stratum.profile.meter_class],
            "n_buildings": [stratum.n_buildings],
            "n_premises": [premises],
            "n_sampled": [sampled],
        }
    )


def _describe_buildings(stratum: Stratum, drawn: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    first = drawn.drop_duplicates("building")
    regions = rng.choice(list(stratum.regions), len(first), p=list(stratum.regions.values()))
    return pd.DataFrame(
        {
            "stratum_id": stratum.stratum_id,
            "archetype": stratum.profile.archetype,
            "meter_class": stratum.profile.meter_class,
            "storeys": first["storeys"].to_numpy(),
            "dwellings_n": first["dwellings_n"].to_numpy(),
            "basements": int(stratum.profile.meter_level == "basement"),
            "region": regions,
        }
    )


def _count_truth(stratum: Stratum, premises: int, reached: Mapping[str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "technology": [name.removeprefix("reached.") for name in reached],
            "stratum_id": stratum.stratum_id,
            "archetype": stratum.profile.archetype,
            "meter_class": stratum.profile.meter_class,
            "buildings": stratum.n_buildings,
            "premises": premises,
            "reached": list(reached.values()),
            "share": [count / premises for count in reached.values()],
        }
    )


def _sum_all(coverage: pd.DataFrame) -> pd.DataFrame:
    sums = coverage.groupby("technology", observed=True, dropna=False, sort=False)[
        ["buildings", "premises", "reached"]
    ].sum()
    everything = sums.reset_index().assign(stratum_id="ALL", archetype="ALL", meter_class="ALL")
    return everything.assign(share=everything["reached"] / everything["premises"])[list(coverage.columns)]
