"""The demonstration matrix, ready to try things on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .matrix import CoverageMatrix


def sample_matrix() -> CoverageMatrix:
    """Return the demonstration matrix: real postcodes, SYNTHETIC coverage, and it says so.

    Returns
    -------
    CoverageMatrix
        About 1.97 million rows as of 2026-11-02, from a seed: three regions, legacy and 4G, plans, premises, and the
        odd cases that a real release may hold. It says nothing about any real place. The current one of a pair of
        releases with known churn, made in the user's cache folder on first use (about 25 s).

    Raises
    ------
    OSError
        When the cache folder cannot be written to; set SMARTHAN_CACHE to one that can.

    Examples
    --------
    >>> sample_matrix().release.synthetic
    True
    """
    from .matrix import CoverageMatrix
    from .releases.current import open_store
    from .releases.store import demonstration_store

    return CoverageMatrix.of(open_store(demonstration_store()))
