"""Homes that are reached by any of several technologies: the joint pattern of the homes, never a product of shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

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
