"""Whether the change between two releases is of a size that ought to be looked at before it is believed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .comparison import ABSENT, SIDE_STATES, Comparison, Ints

_DAYS_A_QUARTER = 365.25 / 4
_ABSENT = SIDE_STATES.index(ABSENT)


@dataclass(frozen=True)
class ChurnLimits:
    """How much may change before it is an alarm. All are ours (assumed), to be set by the person who answers for it.

    Attributes
    ----------
    postcodes_a_quarter : float
        Share of the earlier release's postcodes added, or removed, in a quarter (0 to 1). Ordinary quarters of
        Code-Point Open see about 0.2 % and 0.13 %. A longer time allows as many times more; a shorter one as much.
    covered_points : float
        By how many percentage points the covered share of premises may move.
    fewer_locations : float
        Share of the earlier release's locations that may be missing from the later one (0 to 1).

    Examples
    --------
    >>> ChurnLimits(covered_points=1).postcodes_a_quarter
    0.02
    """

    postcodes_a_quarter: float = 0.02
    covered_points: float = 5.0
    fewer_locations: float = 0.10

    def __post_init__(self) -> None:
        for name in ("postcodes_a_quarter", "covered_points", "fewer_locations"):
            value = getattr(self, name)
            if not (isinstance(value, int | float) and 0 <= value < float("inf")):
                raise ValueError(f"{name}: {value!r}; a number of 0 or more is needed")


def check_churn(found: Comparison, limits: ChurnLimits, days: int | None) -> pd.DataFrame:
    """Return what was measured beside its limit; see `ReleaseDiff.sanity`.

    Parameters
    ----------
    found : Comparison
    limits : ChurnLimits
    days : int or None
        Between the two releases; None when it is not known, which is taken as a quarter.
    """
    quarters = max(1.0, abs(days or 0) / _DAYS_A_QUARTER)
    before, added, removed = _count_postcodes(found)
    states = found.revisions[0]
    old, new = int(states[:_ABSENT].sum()), int(states[:, :_ABSENT].sum())
    shares = [_share_covered(side.covered, side.premises, side.counted) for side in (found.before, found.after)]
    moved = abs(shares[1] - shares[0]) * 100
    kinds = [int((states.sum(axis=1)[:_ABSENT] > 0).sum()), int((states.sum(axis=0)[:_ABSENT] > 0).sum())]
    allowed = limits.postcodes_a_quarter * quarters
    return pd.DataFrame(
        [
            ("postcodes added", added / max(before, 1), allowed, "share of the earlier release's postcodes"),
            ("postcodes removed", removed / max(before, 1), allowed, "share of the earlier release's postcodes"),
            ("share covered moved", moved, limits.covered_points, "percentage points"),
            ("fewer locations", max(0, old - new) / max(old, 1), limits.fewer_locations, "share of the earlier ones"),
            ("one state for all", float(kinds[1] == 1 and kinds[0] > 1), 0.0, "1 where there were several before"),
        ],
        columns=["check", "value", "limit", "unit"],
    ).assign(alarm=lambda table: table["value"] > table["limit"])


def days_between(before: dt.date | None, after: dt.date | None) -> int | None:
    """Return the days from one release to the other, None when either is not known."""
    return None if before is None or after is None else (after - before).days


def _count_postcodes(found: Comparison) -> tuple[int, int, int]:
    sides = (found.before, found.after)
    whole = [side.place < side.located.n_postcodes for side in sides]
    added = whole[1][found.at_after[found.found["added"]]]
    removed = whole[0][found.at_before[found.found["removed"]]]
    return int(whole[0].sum()), int(added.sum()), int(removed.sum())


def _share_covered(covered: Ints, premises: Ints, counted: np.ndarray) -> float:
    total = premises[counted].sum()
    return float(covered[counted].sum() / total) if total else 0.0
