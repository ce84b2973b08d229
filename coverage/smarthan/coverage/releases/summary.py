"""A release in figures, as its manifest keeps them and the list of a store shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from smarthan.coverage.differences.sides import locations_of
from smarthan.coverage.index.locations import ALL_STATES

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix


def summarise(matrix: CoverageMatrix) -> dict[str, Any]:
    """Return a release in figures, on its own day and weighed as `diff` and `roll_up` weigh it.

    Parameters
    ----------
    matrix : CoverageMatrix

    Returns
    -------
    dict
        JSON values: locations (postcodes, and UPRNs without one), locations_by_state (they add to the locations), basis
        (premises, or postcodes where the release states no premises) and share_covered [0 to 1], of six decimals and
        None where there is no weight.
    """
    side = locations_of(matrix, weighed=matrix.mapped.has_premises)
    share = side.share_covered
    counts = np.bincount(side.state, minlength=len(ALL_STATES)).tolist()
    return {
        "locations": len(side),
        "locations_by_state": {state: count for state, count in zip(ALL_STATES, counts, strict=True) if count},
        "basis": side.located.basis,
        "share_covered": None if share is None else round(share, 6),
    }
