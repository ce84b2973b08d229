"""What stops a release from being published, and what is only worth a warning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .comparing import Comparison, Summary

if TYPE_CHECKING:
    from .release import Release

QUARTER_DAYS = 365.25 / 4


@dataclass(frozen=True)
class Gates:
    """How much a release may differ from the one before it. The thresholds are ours.

    Attributes
    ----------
    fewer_locations : float
        Share of the locations before that may be lost [0 to 1].
    covered_moved : float
        How far the share covered may move [0 to 1].
    churn_a_quarter : float
        Share of postcodes added, or removed, in a quarter of a year from which a warning is given [0 to 1]. Normal is
        0.2 % added and 0.13 % removed (Code-Point Open, August 2026; osm-search/Nominatim issue 4160).
    """

    fewer_locations: float = 0.10
    covered_moved: float = 0.05
    churn_a_quarter: float = 0.02

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise ValueError(f"gates: {name} is {value!r}; a share from 0 to 1 is needed")


class PublishRefused(ValueError):
    """A release was not published; nothing was written."""


def find_faults(release: Release) -> list[str]:
    """Return what no reason can excuse: a release nobody could date, or that is no whole release."""
    faults = []
    if release.row_count == 0:
        faults.append("it has no row")
    if release.as_of is None:
        faults.append("it has no as_of, the day it describes: give one with as_of")
    if not release.complete:
        faults.append("it holds only what changed (complete is false): a store serves full releases")
    return faults


def find_drift(after: Summary, before: Summary | None, gates: Gates) -> list[str]:
    """Return how a release differs more than it should from the one before it; a person may accept that."""
    if before is None:
        return []
    drift = []
    lost = 1 - after.locations / max(before.locations, 1)
    if lost > gates.fewer_locations:
        drift.append(
            f"{lost:.1%} fewer locations ({after.locations:,} after {before.locations:,}; "
            f"{gates.fewer_locations:.0%} is allowed)"
        )
    if after.share_covered is not None and before.share_covered is not None:
        moved = after.share_covered - before.share_covered
        if abs(moved) > gates.covered_moved:
            drift.append(
                f"the share covered moved by {moved * 100:+.1f} points to {after.share_covered:.1%} "
                f"({gates.covered_moved * 100:g} points are allowed)"
            )
    if len(after.rows_by_state) == 1 < len(before.rows_by_state):
        drift.append(f"every row is {next(iter(after.rows_by_state))}, where the release before had several states")
    return drift


def find_churn(compared: Comparison, days: int, gates: Gates) -> list[str]:
    """Return a warning for each of added and removed that is more than a quarter, or the days between, explain."""
    allowed = gates.churn_a_quarter * max(days / QUARTER_DAYS, 1.0)
    parts: Mapping[str, Any] = {"added": compared.added, "removed": compared.removed}
    return [
        f"{number:,} postcodes {word}, {number / compared.before:.1%} in {days} days ({allowed:.1%} is usual at most)"
        for word, number in parts.items()
        if compared.before and number / compared.before > allowed
    ]
