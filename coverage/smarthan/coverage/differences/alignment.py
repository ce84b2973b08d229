"""Two sorted lists of keys laid beside each other: what both hold, and what only one does."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class Alignment(NamedTuple):
    """Places of keys in two lists: pairs of those in both, and those in one alone."""

    before: Ints
    after: Ints
    removed: Ints
    added: Ints


def align(before: npt.NDArray[Any], after: npt.NDArray[Any]) -> Alignment:
    """Return how two sorted lists of distinct keys lie to each other.

    Parameters
    ----------
    before, after : array
        Sorted, without repetition.

    Returns
    -------
    Alignment
        `before` and `after` pair the keys of both, in order; `removed` and `added` are places of the others.

    Examples
    --------
    >>> found = align(np.array([1, 3, 5]), np.array([3, 4, 5]))
    >>> [part.tolist() for part in found]
    [[1, 2], [0, 2], [0], [1]]
    """
    if np.array_equal(before, after):
        same = np.arange(len(before))
        return Alignment(same, same, same[:0], same[:0])
    # Both run upwards, so that a stable sort of one after the other is a single merge.
    order = np.argsort(np.concatenate([before, after]), kind="stable")
    keys = np.concatenate([before, after])[order]
    twin = np.flatnonzero(keys[1:] == keys[:-1])
    in_before, in_after = order[twin], order[twin + 1] - len(before)
    return Alignment(in_before, in_after, _others(len(before), in_before), _others(len(after), in_after))


def _others(count: int, taken: Ints) -> Ints:
    alone = np.ones(count, dtype=np.bool_)
    alone[taken] = False
    return np.flatnonzero(alone)
