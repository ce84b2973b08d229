"""Whether the change between two releases is of a size that ought to be looked at before it is believed."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .comparison import ABSENT, SIDE_STATES, Comparison

_DAYS_A_QUARTER = 365.25 / 4
_ABSENT = SIDE_STATES.index(ABSENT)
_MOST = {"postcodes_a_quarter": 1, "covered_points": 100, "fewer_locations": 1}

Check = tuple[str, float, float, str, str]


@dataclass(frozen=True)
class ChurnLimits:
    """How much may change before it is an alarm. All are ours (assumed), to be set by the person who answers for it.

    Attributes
    ----------
    postcodes_a_quarter : float
        Share of the earlier release's postcodes added, or removed, in a quarter (0 to 1). Ordinary quarters of
        Code-Point Open see about 0.2 % and 0.13 % (August 2026; osm-search/Nominatim issue 4160). A longer time allows
        as many times more; a shorter one as much.
    covered_points : float
        By how many percentage points the covered share of premises may move (0 to 100).
    fewer_locations : float
        Share of the earlier release's locations that may be missing from the later one (0 to 1).

    Raises
    ------
    ValueError
        When one is no number in its range.

    Examples
    --------
    >>> ChurnLimits(covered_points=1).postcodes_a_quarter
    0.02
    """

    postcodes_a_quarter: float = 0.02
    covered_points: float = 5.0
    fewer_locations: float = 0.10

    def __post_init__(self) -> None:
        for name, most in _MOST.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
                raise ValueError(f"limits: {name} is {value!r}; a number from 0 to {most} is needed")


def check_churn(found: Comparison, limits: ChurnLimits, days: int | None) -> pd.DataFrame:
    """Return what was measured beside its limit; see `ReleaseDiff.sanity`.

    Parameters
    ----------
    found : Comparison
    limits : ChurnLimits
    days : int or None
        Between the two releases; None when it is not known, which is taken as a quarter.
    """
    checks = [
        *_check_postcodes(found, limits.postcodes_a_quarter, days),
        _check_share(found, limits.covered_points),
        _check_locations(found, limits.fewer_locations),
        _check_states(found),
    ]
    table = pd.DataFrame(checks, columns=["check", "value", "limit", "unit", "words"])
    table.insert(4, "alarm", table["value"] > table["limit"])
    return table


def days_between(before: dt.date | None, after: dt.date | None) -> int | None:
    """Return the days from one release to the other, None when either is not known."""
    return None if before is None or after is None else (after - before).days


def _check_postcodes(found: Comparison, a_quarter: float, days: int | None) -> list[Check]:
    allowed = a_quarter * max(1.0, abs(days or 0) / _DAYS_A_QUARTER)
    before, *numbers = _count_postcodes(found)
    time = "" if days is None else f" in {abs(days)} days"
    checks = []
    for word, number in zip(("added", "removed"), numbers, strict=True):
        share = number / before if before else math.nan
        told = f", {share:.1%}{time} ({allowed:.1%} is usual at most)" if before else "; there was none before"
        unit = "share of the earlier release's postcodes"
        checks.append((f"postcodes {word}", share, allowed, unit, f"{number:,} postcodes {word}{told}"))
    return checks


def _check_share(found: Comparison, allowed: float) -> Check:
    old, new = found.before.share_covered, found.after.share_covered
    moved, words = math.nan, "the share covered is not compared: nothing is weighed in one of the releases"
    if old is not None and new is not None:
        moved = round((new - old) * 100, 9)  # five points are five points, whatever the last bit says
        words = f"the share covered moved by {moved:+.2f} points to {new:.2%} ({allowed:g} points are allowed)"
    return "share covered moved", abs(moved), allowed, "percentage points", words


def _check_locations(found: Comparison, allowed: float) -> Check:
    old, new = len(found.before), len(found.after)
    lost = max(0, old - new) / max(old, 1)
    words = f"{lost:.1%} fewer locations ({new:,} where there were {old:,}; {allowed * 100:g}% is allowed)"
    return "fewer locations", lost, allowed, "share of the earlier ones", words


def _check_states(found: Comparison) -> Check:
    counts = found.revisions[0]
    old, new = ([SIDE_STATES[k] for k in np.flatnonzero(counts.sum(axis=axis)[:_ABSENT])] for axis in (1, 0))
    same = len(new) == 1 < len(old)
    words = f"{len(new)} of the states occur, {len(old)} did before"
    if same:
        words = f"every location is {new[0]}, where the release before had several states ({', '.join(old)})"
    return "one state for all", float(same), 0.0, "1 where there were several before", words


def _count_postcodes(found: Comparison) -> tuple[int, int, int]:
    sides = (found.before, found.after)
    whole = [side.place < side.located.n_postcodes for side in sides]
    added = whole[1][found.at_after[found.found["added"]]]
    removed = whole[0][found.at_before[found.found["removed"]]]
    return int(whole[0].sum()), int(added.sum()), int(removed.sum())
