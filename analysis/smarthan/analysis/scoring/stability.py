"""How far a weight or a score may move before another option leads: exact, no simulation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .values import Floats, additive_value, normalise_weights

Switch = tuple[float, int] | None


def weight_stability(values: npt.ArrayLike, weights: npt.ArrayLike, criterion: int) -> tuple[int, Switch, Switch]:
    """Return the leader, and the weights of one criterion below and above which another option leads.

    Parameters
    ----------
    values : array_like of float, shape (options, criteria) [points]
    weights : array_like of float, shape (criteria,)
        0 or more; normalised to add to 1.
    criterion : int
        Place of the criterion whose weight moves; the other weights keep their proportions.

    Returns
    -------
    tuple (leader, below, above)
        The leader's place; then None or (weight, place of the option that leads beyond it).

    Raises
    ------
    ValueError
        When weights or shapes are not valid.
    IndexError
        When there is no such criterion.

    Notes
    -----
    With R_a the value of option a on the other criteria, U_a(t) = t v_ak + (1 - t) R_a is a straight line in the weight
    t, so each pair of options crosses at most once. Not defined where one criterion has all the weight.

    Examples
    --------
    >>> leader, below, above = weight_stability([[100, 0], [0, 100], [60, 60]], [0.8, 0.2], 0)
    >>> leader, (round(below[0], 3), below[1]), above
    (0, (0.6, 2), None)
    """
    table, shares = np.asarray(values, dtype=np.float64), normalise_weights(weights)
    leader = int(np.argmax(additive_value(table, shares)))
    now = float(shares[criterion])
    if now >= 1:
        return leader, None, None
    rest = (table @ shares - now * table[:, criterion]) / (1 - now)
    lead_at_zero = rest[leader] - rest
    slope = (table[leader, criterion] - table[:, criterion]) - lead_at_zero
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = np.where(slope == 0, np.nan, -lead_at_zero / slope)
    return leader, _nearest_below(crossing, slope, now), _nearest_above(crossing, slope, now)


def _nearest_above(crossing: Floats, slope: Floats, now: float) -> Switch:
    # A lead that shrinks with the weight ends above; one that is 0 already ends at once.
    candidates = np.where((slope < 0) & (crossing < 1), np.maximum(crossing, now), np.inf)
    place = int(np.argmin(candidates))
    return (float(candidates[place]), place) if np.isfinite(candidates[place]) else None


def _nearest_below(crossing: Floats, slope: Floats, now: float) -> Switch:
    candidates = np.where((slope > 0) & (crossing > 0), np.minimum(crossing, now), -np.inf)
    place = int(np.argmax(candidates))
    return (float(candidates[place]), place) if np.isfinite(candidates[place]) else None


def points_to_lose(gap: float, weights: npt.ArrayLike) -> Floats:
    """Return the points the leader must lose on each criterion alone to fall level with the second option.

    Parameters
    ----------
    gap : float [points]
        The leader's total less the second's.
    weights : array_like of float
        Adding to 1; a weight of 0 gives inf, because no score on it matters.

    Examples
    --------
    >>> points_to_lose(3.0, [0.5, 0.0])
    array([ 6., inf])
    """
    shares = np.asarray(weights, dtype=np.float64)
    return np.divide(gap, shares, out=np.full(len(shares), np.inf), where=shares > 0)
