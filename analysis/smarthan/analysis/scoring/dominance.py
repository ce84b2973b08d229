"""Dominance: an option at least as good on every criterion and better on one, whatever the weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .values import round_points


def find_dominance(values: npt.ArrayLike) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return which options dominate which, and which are equal on every criterion.

    Parameters
    ----------
    values : array_like of float, shape (options, criteria) [points]
        More is better.

    Returns
    -------
    tuple of two lists of (int, int)
        (dominating, dominated) places; then equal pairs, the earlier first.

    Examples
    --------
    >>> find_dominance([[60, 70, 80], [50, 70, 60], [60, 70, 80]])
    ([(0, 1), (2, 1)], [(0, 2)])
    """
    table = round_points(np.array(values, dtype=np.float64))
    no_worse = (table[:, None, :] >= table[None, :, :]).all(axis=2)
    above = [(int(a), int(b)) for a, b in np.argwhere(no_worse & ~no_worse.T)]
    equal = [(int(a), int(b)) for a, b in np.argwhere(no_worse & no_worse.T) if a < b]
    return above, equal
