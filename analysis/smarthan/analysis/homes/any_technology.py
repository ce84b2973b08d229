"""Homes that are reached by any of several technologies: the joint pattern of the homes, never a product of shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.survey.estimates import Estimate

from .home_weights import OUTSIDE, HomeSample, weigh_homes

if TYPE_CHECKING:
    from .home_reach import Reach

ANY = "(any)"


def choose_technologies(reach: Reach, technologies: Sequence[str] | None) -> tuple[str, ...]:
    """Return the technologies asked for, or all that a reach holds.

    Raises
    ------
    ValueError
        One that the reach does not hold, or none at all.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> choose_technologies(SimpleNamespace(technologies=("wifi", "mbus")), ["mbus"])
    ('mbus',)
    """
    chosen = reach.technologies if technologies is None else tuple(dict.fromkeys(technologies))
    unknown = [name for name in chosen if name not in reach.technologies]
    if unknown or not chosen:
        found = f"'{unknown[0]}' is not one of them" if unknown else "none was given"
        raise ValueError(f"technologies: {found}; the reach holds {', '.join(reach.technologies)}")
    return chosen


def reached_by_any(homes: pd.DataFrame, technologies: Sequence[str]) -> pd.Series:
    """Return whether each home is reached by at least one technology; missing unless all of them are known there.

    Parameters
    ----------
    homes : DataFrame
        One row a home, one column a technology (boolean, missing "unknown").
    technologies : sequence of str
        Columns of it.

    Returns
    -------
    Series of boolean

    Notes
    -----
    A home with one technology that works and another not measured is reached, and yet left out: a home that is not
    reached would be known only with everything measured, so that counting the first kind alone would show too much.

    Examples
    --------
    >>> homes = pd.DataFrame({"a": [True, False, True], "b": [False, False, None]}, dtype="boolean")
    >>> reached_by_any(homes, ["a", "b"]).tolist()
    [True, False, <NA>]
    """
    outcomes = homes[list(technologies)].astype("boolean")
    known = outcomes.notna().all(axis=1).to_numpy()
    reached = outcomes.fillna(False).to_numpy(dtype=np.bool_).any(axis=1)
    return pd.Series(pd.arrays.BooleanArray(reached, ~known), index=homes.index, name=ANY)


def count_undetermined(homes: pd.DataFrame, reached: pd.Series) -> int:
    """Return how many homes answered and were not measured with all the technologies.

    Examples
    --------
    >>> homes = pd.DataFrame({"responded": [True, True, False]})
    >>> count_undetermined(homes, pd.Series([True, None, None], dtype="boolean"))
    1
    """
    return int((homes["responded"].to_numpy(dtype=np.bool_) & reached.isna().to_numpy()).sum())


def estimate_any(reach: Reach, technologies: Sequence[str], archetypes: Sequence[str] | None = None) -> Estimate:
    """Return the share of homes that any of the technologies reaches, in some building types or in all of the stock.

    Parameters
    ----------
    reach : Reach
        From `reach`.
    technologies : sequence of str
        Of those it holds.
    archetypes : sequence of str, optional
        Building types, taken together; the whole stock when not given.

    Returns
    -------
    Estimate
        Over the homes that were measured with all of the technologies, weighted to the stock; without value, and with
        a note, where there is none.

    Raises
    ------
    ValueError
        A technology that the reach does not hold, or a building type that nobody sampled.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> from smarthan.analysis import housing_stock, reach
    >>> found = reach(sample_trial(), housing_stock(), ["zigbee_2g4", "zigbee_sub"])
    >>> alone, either = (estimate_any(found, names) for names in (["zigbee_2g4"], ["zigbee_2g4", "zigbee_sub"]))
    >>> alone.value < either.value
    True
    """
    chosen = choose_technologies(reach, technologies)
    homes = reach.sample.homes
    homes = homes.assign(**{ANY: reached_by_any(homes, chosen)})
    sampled = sorted(set(homes["archetype"]))
    strange = [name for name in archetypes or () if name not in sampled]
    if strange or (archetypes is not None and not len(archetypes)):
        found = f"no home of type '{strange[0]}' was sampled" if strange else "none was given"
        raise ValueError(f"building types: {found}; there are {', '.join(sampled)}")
    known = homes[ANY].notna().to_numpy()
    if not known.any():
        return Estimate(
            np.nan, np.nan, 0, np.nan, "none", 0, 0, np.nan, "proportion", note="measured with all: no home"
        )
    stock = reach.sample
    sample = HomeSample(homes, stock.strata_premises, stock.stock_premises, stock.missing_premises)
    design = weigh_homes(sample, known, adjust=reach.adjust == "poststratify")
    answer: Estimate = design.domain(_choose_homes(homes[known], archetypes)).proportion(ANY)
    return answer


def _choose_homes(homes: pd.DataFrame, archetypes: Sequence[str] | None) -> np.ndarray:
    """Return which homes are of the types; those that the stock does not have count only where it has none of them."""
    inside = (homes["stock_cell"] != OUTSIDE).to_numpy()
    if archetypes is None:
        return np.asarray(inside)
    chosen = homes["archetype"].isin(list(archetypes)).to_numpy()
    return np.asarray(chosen & inside if (chosen & inside).any() else chosen)
