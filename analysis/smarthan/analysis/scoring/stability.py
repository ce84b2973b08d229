"""How far a weight or a score may move before another option leads: exact, no simulation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .values import Floats, additive_value, normalise_weights, round_points

Switch = tuple[float, int] | None
_ROUNDING = 1e-9  # points, or weight: less is rounding


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
    leader = int(np.argmax(round_points(additive_value(table, shares))))
    now = float(shares[criterion])
    others = shares.copy()
    others[criterion] = 0
    if not others.any():
        return leader, None, None
    rest = table @ (others / others.sum())
    # The leader's lead over each option, were the weight 0 and were it 1.
    at_zero, at_one = _cut_rounding(rest[leader] - rest), _cut_rounding(table[leader, criterion] - table[:, criterion])
    return leader, _find_switch(at_one, at_zero, now, sign=-1), _find_switch(at_zero, at_one, now, sign=1)


def _cut_rounding(leads: Floats) -> Floats:
    return np.where(np.abs(leads) < _ROUNDING, 0.0, leads)


def _find_switch(here: Floats, there: Floats, now: float, *, sign: int) -> Switch:
    """Return where the lead first turns on the way to the end `there`: up to weight 1 (sign 1) or down to 0 (-1)."""
    places = np.flatnonzero(there < 0)  # only who is ahead at the end overtakes on the way
    if not len(places):
        return None
    way = here[places] / (here[places] - there[places])
    weights = np.maximum(way, now) if sign > 0 else np.minimum(1 - way, now)
    nearest = weights.min() if sign > 0 else weights.max()
    level = places[np.abs(weights - nearest) < _ROUNDING]
    return float(nearest), int(level[np.argmin(there[level])])  # of those who draw level together, the steepest leads


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
