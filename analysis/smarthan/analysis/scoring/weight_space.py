"""Who leads where when weights move: exact stretches of one weight, and exact regions of two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .values import Floats, normalise_weights

# Weights nearer than this are one weight, and a region of less area is a line: rounding of sums of doubles.
_SAME = 1e-12


@dataclass(frozen=True)
class Stretch:
    """A stretch of one criterion's weight in which one option leads: from `low` to `high` [share of all weight]."""

    option: int
    low: float
    high: float


@dataclass(frozen=True)
class Region:
    """A region of two weights in which one option leads; a convex polygon, shape (corners, 2) [shares]."""

    option: int
    corners: Floats


def lead_stretches(values: npt.ArrayLike, weights: npt.ArrayLike, criterion: int) -> list[Stretch]:
    """Return who leads as one criterion's weight goes from 0 to 1, the others keeping their proportions.

    Parameters
    ----------
    values : array_like of float, shape (options, criteria) [points]
    weights : array_like of float, shape (criteria,)
        0 or more; normalised to add to 1.
    criterion : int
        Place of the criterion whose weight moves.

    Returns
    -------
    list of Stretch
        In order of the weight, from 0 to 1 without a gap; empty where the criterion has all the weight, because then
        the others have no proportions. Of options that are equal throughout, the first is named.

    Notes
    -----
    U_a(t) = t v_ak + (1 - t) R_a is a straight line in t, so the leaders are the upper hull of the lines: they can
    change only where two of them cross.

    Examples
    --------
    >>> lead_stretches([[100, 0], [0, 100], [60, 60]], [0.8, 0.2], 0)
    [Stretch(option=1, low=0.0, high=0.4), Stretch(option=2, low=0.4, high=0.6), Stretch(option=0, low=0.6, high=1.0)]
    """
    table, shares = np.asarray(values, dtype=np.float64), normalise_weights(weights)
    now = float(shares[criterion])
    if 1 - now <= _SAME:
        return []
    at_zero = (table @ shares - now * table[:, criterion]) / (1 - now)
    slope = table[:, criterion] - at_zero
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = ((at_zero[None, :] - at_zero[:, None]) / (slope[:, None] - slope[None, :])).ravel()
    ends = np.concatenate([[0.0], np.unique(crossings[(crossings > _SAME) & (crossings < 1 - _SAME)]), [1.0]])
    middles = (ends[1:] + ends[:-1]) / 2
    leaders = np.argmax(at_zero[:, None] + slope[:, None] * middles[None, :], axis=0)
    starts = np.flatnonzero(np.concatenate([[True], leaders[1:] != leaders[:-1]]))
    bounds = np.append(ends[starts], 1.0)
    return [
        Stretch(int(leaders[start]), round(float(low), 12), round(float(high), 12))
        for start, low, high in zip(starts, bounds[:-1], bounds[1:], strict=True)
    ]


def lead_regions(values: npt.ArrayLike, weights: npt.ArrayLike, first: int, second: int) -> list[Region]:
    """Return who leads for every pair of weights of two criteria, the others keeping their proportions.

    Parameters
    ----------
    values : array_like of float, shape (options, criteria) [points]
    weights : array_like of float, shape (criteria,)
        0 or more; normalised to add to 1.
    first, second : int
        Places of the two criteria.

    Returns
    -------
    list of Region
        One for each option that leads somewhere, in the order of the options; together they fill the triangle of
        weights that add to at most 1. Empty where the two have all the weight between them. Of options that are equal
        throughout, the first is named.

    Raises
    ------
    ValueError
        When the two are one and the same.

    Notes
    -----
    With s and t the two weights, U_a = s v_a1 + t v_a2 + (1 - s - t) R_a is a plane, so each option leads in the
    triangle cut by one half-plane for each other option.

    Examples
    --------
    >>> [region.option for region in lead_regions([[100, 0, 50], [0, 100, 50]], [0.2, 0.2, 0.6], 0, 1)]
    [0, 1]
    """
    if first == second:
        raise ValueError("first and second are the same criterion; two different ones are needed")
    table, shares = np.asarray(values, dtype=np.float64), normalise_weights(weights)
    rest = 1 - float(shares[first] + shares[second])
    if rest <= _SAME:
        return []
    others = shares.copy()
    others[[first, second]] = 0.0
    base = table @ others / rest
    planes = np.column_stack([base, table[:, first] - base, table[:, second] - base])
    regions = []
    for option, plane in enumerate(planes):
        corners = _cut_triangle(planes, option, plane)
        if len(corners) > 2 and _area(corners) > _SAME:
            regions.append(Region(option, corners))
    return regions


def _cut_triangle(planes: Floats, option: int, plane: Floats) -> Floats:
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    for other, rival in enumerate(planes):
        lead = plane - rival
        if other == option:
            continue
        if np.abs(lead).max() <= 1e-9:  # points: the two are equal everywhere
            if other < option:
                return np.empty((0, 2))
            continue
        corners = _keep_side(corners, lead)
        if len(corners) < 3:
            break
    return corners


def _keep_side(corners: Floats, lead: Floats) -> Floats:
    """Return the part of a convex polygon where `lead` is 0 or more (Sutherland and Hodgman 1974)."""
    side = lead[0] + corners @ lead[1:]
    kept = []
    for place, (here, value) in enumerate(zip(corners, side, strict=True)):
        follow, after = corners[(place + 1) % len(corners)], side[(place + 1) % len(corners)]
        if value >= 0:
            kept.append(here)
        if (value > 0 > after) or (value < 0 < after):
            kept.append(here + (follow - here) * value / (value - after))
    return np.array(kept).reshape(-1, 2)


def _area(corners: Floats) -> float:
    x, y = corners[:, 0], corners[:, 1]
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)
