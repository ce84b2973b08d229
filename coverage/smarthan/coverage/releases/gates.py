"""What stops a release from being published, and what is only worth a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smarthan.coverage.differences.release_diff import ReleaseDiff

    from .release import Release

# More postcodes come and go than usual: worth a look, and no sign of a broken file by itself.
_WARNED = ("postcodes added", "postcodes removed")


class PublishRefused(ValueError):
    """A release was not published; nothing was written."""


def find_faults(release: Release) -> list[str]:
    """Return what no reason can excuse: a release nobody could date, or that is no whole release."""
    faults = []
    if release.row_count == 0:
        faults.append("it has no row")
    if release.as_of is None:
        faults.append("it has no as_of, the day it describes: give one with as_of (--as-of)")
    if not release.complete:
        faults.append(
            "it holds only what changed (complete is false): a store serves full releases; "
            "if it does hold every row, say so: --complete, or facts={'complete': True}"
        )
    return faults


def find_drift(found: ReleaseDiff) -> list[str]:
    """Return how a release differs more than it should from the one before it; a person may accept that."""
    beyond = found.sanity[found.sanity["alarm"]]
    return beyond.loc[~beyond["check"].isin(_WARNED), "words"].tolist()


def find_churn(found: ReleaseDiff) -> list[str]:
    """Return a warning for each of added and removed that is more than the time between the releases explains."""
    beyond = found.sanity[found.sanity["alarm"]]
    return beyond.loc[beyond["check"].isin(_WARNED), "words"].tolist()
