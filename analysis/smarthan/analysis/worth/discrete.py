"""Independent discrete variables: their sum, their greatest, and fewer points that stand for many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from smarthan.analysis.scoring.values import Floats

Variable = tuple[Floats, Floats]  # values, and the chance of each
_GRID = 4096  # steps between the least and the greatest sum
_LENGTH = 2 * _GRID  # of the transform: nothing wraps round


def sum_independent(parts: Sequence[Variable]) -> Variable:
    """Return the sum of independent variables, on a grid of 4,096 steps that keeps its mean.

    Notes
    -----
    Each value is shared between the two nearest steps in proportion, and the parts are convolved by their transforms.
    The variance rises by a quarter of a squared step at most for each part.

    Examples
    --------
    >>> values, chances = sum_independent([(np.array([0.0, 1.0]), np.array([0.5, 0.5]))] * 2)
    >>> [round(float(chances[np.abs(values - total) < 1e-3].sum()), 9) for total in (0, 1, 2)]
    [0.25, 0.5, 0.25]
    """
    moving = [(values, chances) for values, chances in parts if values.max() > values.min()]
    least = sum(float(values.min()) for values, _ in parts)
    if len(moving) < 2:
        values, chances = moving[0] if moving else (np.zeros(1), np.ones(1))
        return values - values.min() + least, chances
    step = sum(float(np.ptp(values)) for values, _ in moving) / (_GRID - 1)
    spectrum = np.ones(_LENGTH // 2 + 1, dtype=np.complex128)
    for values, chances in moving:
        spectrum *= np.fft.rfft(_share_out((values - values.min()) / step, chances), _LENGTH)
    mass = np.asarray(np.maximum(np.fft.irfft(spectrum, _LENGTH), 0)[: _GRID + len(moving)], dtype=np.float64)
    return np.asarray(least + step * np.arange(len(mass)), dtype=np.float64), mass / mass.sum()


def _share_out(places: Floats, chances: Floats) -> Floats:
    whole = places.astype(np.intp)
    upper = places - whole
    shared = np.bincount(whole, chances * (1 - upper), _GRID + 1)
    return np.asarray(shared + np.bincount(whole + 1, chances * upper, _GRID + 1), dtype=np.float64)


def thin(variable: Variable, groups: int) -> Variable:
    """Return a variable with at most so many values, each the mean of a group.

    Examples
    --------
    >>> values, chances = thin((np.arange(4.0), np.full(4, 0.25)), 2)
    >>> values.tolist(), chances.tolist()
    ([0.5, 2.5], [0.5, 0.5])
    """
    values, chances = variable
    if len(values) <= groups:
        return variable
    order = np.argsort(values, kind="stable")
    values, chances = values[order], chances[order]
    if values[0] == values[-1]:
        return values[:1], np.ones(1)
    # Half by chance, half by value: no group holds much chance, and none reaches across a gap.
    along = (np.cumsum(chances) - chances / 2 + (values - values[0]) / (values[-1] - values[0])) / 2
    place = np.minimum(along * groups, groups - 1).astype(np.intp)
    weight, middle = (np.asarray(np.bincount(place, part, groups), np.float64) for part in (chances, chances * values))
    found = weight > 0
    return middle[found] / weight[found], weight[found]


def find_greatest(variables: Sequence[Variable]) -> Variable:
    """Return the greatest of independent variables: its distribution function is the product of theirs.

    Examples
    --------
    >>> values, chances = find_greatest([(np.array([0.0, 4.0]), np.array([0.5, 0.5])), (np.array([3.0]), np.ones(1))])
    >>> values.tolist(), chances.tolist()
    ([3.0, 4.0], [0.5, 0.5])
    """
    moving = [one for one in variables if len(one[0]) > 1]
    still = max((float(values[0]) for values, _ in variables if len(values) == 1), default=-np.inf)
    if not moving:
        return np.array([still]), np.ones(1)
    support = np.unique(np.concatenate([values for values, _ in moving]))
    if np.isfinite(still):
        support = np.concatenate([[still], support[support > still]])
    below = np.ones(len(support))
    for values, chances in moving:
        order = np.argsort(values, kind="stable")
        summed = np.concatenate([[0.0], np.cumsum(chances[order])])
        below *= summed[np.searchsorted(values[order], support, side="right")]
    return support, np.diff(below, prepend=0.0)


def expected_maximum(variables: Sequence[Variable]) -> float:
    """Return the mean of the greatest of independent variables.

    Examples
    --------
    >>> expected_maximum([(np.array([0.0, 4.0]), np.array([0.5, 0.5])), (np.array([3.0]), np.ones(1))])
    3.5
    """
    moving = [one for one in variables if len(one[0]) > 1]
    if len(moving) == 1:
        still = max((float(values[0]) for values, _ in variables if len(values) == 1), default=-np.inf)
        values, chances = moving[0]
        return float(np.maximum(values, still) @ chances)
    values, chances = find_greatest(variables)
    return float(values @ chances)
