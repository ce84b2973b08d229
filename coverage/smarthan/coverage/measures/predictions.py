"""The prediction in force on the day of each install: from one release, or from the store that held several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import pandas as pd

from smarthan.coverage.lookup.states import OVERDUE, PLANNED
from smarthan.coverage.matrix import CoverageMatrix

_WORDS = ("postcode", "status", "csp_region", "wan_group", "likelihood", "auxiliary", "release_id")
_KEPT = (*_WORDS, "as_of", "synthetic")


class Store(Protocol):
    """What is needed of a release store: its releases as a table, and one opened as of a day."""

    def releases(self) -> pd.DataFrame:
        """Return release_id and as_of of every release."""
        ...

    def open(self, as_of: dt.date | None = None) -> CoverageMatrix:
        """Return the newest release whose day is not after the day asked."""
        ...


def find_in_force(source: CoverageMatrix | Store, installs: pd.DataFrame) -> Iterator[tuple[CoverageMatrix, pd.Index]]:
    """Yield each release and the installs on whose day it was in force; installs before every release in none.

    Parameters
    ----------
    source : CoverageMatrix or ReleaseStore
        A release without a day is taken to be in force always.
    installs : DataFrame
        With installed_at, no cell missing.
    """
    days = installs["installed_at"]
    if isinstance(source, CoverageMatrix):
        begins = pd.Timestamp(source.release.as_of) if source.release.as_of else days.min()
        yield source, installs.index[days >= begins]
        return
    starts = _days_of(source)
    place = np.searchsorted(starts, days.to_numpy("datetime64[D]"), side="right") - 1
    for number, start in enumerate(starts):
        held = installs.index[place == number]
        if len(held):
            yield source.open(start.astype(dt.date)), held


def _days_of(store: Store) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    told = pd.to_datetime(store.releases()["as_of"]).dropna()
    if told.empty:
        raise ValueError("the store holds no release with a day; publish one, or give a release")
    return np.unique(told.to_numpy("datetime64[D]"))


def predict(source: CoverageMatrix | Store, installs: pd.DataFrame) -> pd.DataFrame:
    """Return what was predicted for each install: an answer as `lookup_many` gives it, and its release.

    Parameters
    ----------
    source : CoverageMatrix or ReleaseStore
    installs : DataFrame
        With installed_at and postcode, and uprn where known.

    Returns
    -------
    DataFrame
        One row an install that a release was in force for, under its own label, in the order of labels. A plan whose
        day is before the install is OVERDUE.
    """
    parts = []
    for matrix, held in find_in_force(source, installs):
        asked = installs.loc[held]
        found = matrix.lookup_many(asked["postcode"], asked.get("uprn"))
        state = found["state"].astype("str")
        late = state.eq(PLANNED) & found["anticipated"].lt(asked["installed_at"])
        kept = found[[*_KEPT]].astype(dict.fromkeys(_WORDS, "str"))
        parts.append(kept.assign(state=state.mask(late, OVERDUE)))
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in (*_KEPT, "state")})
    return pd.concat(parts).sort_index()
