"""The least change of one weight, one score, or several scores within their doubt, that lifts an option to a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .values import Floats, additive_value, normalise_weights

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.parts import Criterion

_LEVEL = 1e-9  # points; two totals nearer than that are level


def least_weight(values: Floats, weights: Floats, option: int, place: int) -> tuple[int, float] | None:
    """Return the criterion, and the weight nearest to its own, at which an option takes a place or better.

    Parameters
    ----------
    values : ndarray of float, shape (options, criteria) [points]
    weights : ndarray of float, shape (criteria,)
        0 or more; normalised to add to 1. While one moves the others keep their proportions.
    option : int
    place : int
        1 to lead, 2 for the second place, ...; level with an option counts as before it.

    Returns
    -------
    tuple of (int, float) or None
        Of the criterion whose weight moves least; None where no single weight from 0 to 1 does it.

    Notes
    -----
    Totals are straight lines in the moving weight, so ranks change only where two of them cross: the candidates are
    the option's crossings with each other one, and the ends. Exact up to rounding.

    Examples
    --------
    >>> criterion, weight = least_weight(np.array([[100.0, 0.0], [0.0, 100.0]]), np.array([0.8, 0.2]), 1, 1)
    >>> criterion, round(weight, 6)
    (0, 0.5)
    """
    shares = normalise_weights(weights)
    best: tuple[float, int, float] | None = None
    for criterion, now in enumerate(shares.tolist()):
        if now >= 1:
            continue
        rest = (values @ shares - now * values[:, criterion]) / (1 - now)
        slope = values[:, criterion] - rest
        for t in _candidates(rest, slope, option):
            totals = rest + t * slope
            if np.count_nonzero(totals > totals[option] + _LEVEL) < place:
                moved = (abs(t - now), criterion, t)
                best = moved if best is None else min(best, moved)
    return None if best is None else (best[1], best[2])


def _candidates(rest: Floats, slope: Floats, option: int) -> list[float]:
    """Return the weights at which an option draws level with another, and the two ends."""
    rise = slope[option] - slope
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = (rest - rest[option]) / rise
    inside = crossing[np.isfinite(crossing) & (crossing > 0) & (crossing < 1)]
    return [0.0, 1.0, *inside.tolist()]


def points_needed(values: Floats, weights: Floats, option: int, place: int) -> float:
    """Return by how many points of its total an option misses a place; 0 or less where it has it.

    Examples
    --------
    >>> points_needed(np.array([[100.0, 0.0], [0.0, 100.0]]), np.array([0.75, 0.25]), 1, 1)
    50.0
    """
    totals = additive_value(values, weights)
    others = np.sort(np.delete(totals, option))[::-1]
    return float(others[min(place, len(others)) - 1] - totals[option])


def least_scores(gains: Floats, needed: float) -> list[int] | None:
    """Return the fewest criteria whose gains together reach the points needed, largest first; None where all do not.

    Parameters
    ----------
    gains : ndarray of float, shape (criteria,) [points of the total]
        What each score adds at its good end, 0 or more.
    needed : float [points]

    Examples
    --------
    >>> least_scores(np.array([1.0, 3.0, 2.0]), 4.5), least_scores(np.array([1.0]), 2.0)
    ([1, 2], None)
    """
    order = np.argsort(-gains, kind="stable")
    reached = np.cumsum(gains[order]) >= needed - _LEVEL
    if not reached.any():
        return None
    return [int(place) for place in order[: int(np.argmax(reached)) + 1]]


def least_score(criterion: Criterion, points: float) -> float | str:
    """Return the score nearest to the worst end of a criterion that is worth so many points or more.

    Parameters
    ----------
    criterion : Criterion
    points : float
        0 to 100.

    Returns
    -------
    float [the criterion's unit] or str
        A word for a word scale.

    Examples
    --------
    >>> from smarthan.analysis import sample_appraisal
    >>> criteria = {each.id: each for each in sample_appraisal().criteria}
    >>> [least_score(criteria[name], points) for name, points in (("capex", 75), ("maturity", 40), ("margin", 65))]
    [30.0, 'product', 10.0]
    """
    if criterion.levels:
        return next(level.id for level in criterion.levels if level.value >= points - _LEVEL)
    rising = criterion.ys[0] < criterion.ys[-1]
    xs, ys = np.array(criterion.xs)[:: 1 if rising else -1], np.array(criterion.ys)[:: 1 if rising else -1]
    at = max(int(np.argmax(ys >= points - _LEVEL)), 1)
    part = (points - ys[at - 1]) / (ys[at] - ys[at - 1])
    return float(xs[at - 1] + np.clip(part, 0.0, 1.0) * (xs[at] - xs[at - 1]))
