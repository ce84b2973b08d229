"""Value functions on fixed agreed ranges, and their weighted sum."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_DECIMALS = 9  # of a point; sums of doubles up to 100 are true to about 1e-13, and nobody judges so finely
LEVEL = 10.0**-_DECIMALS  # points; totals nearer than this are level


def piecewise_value(
    x: npt.ArrayLike, xs: npt.ArrayLike, ys: npt.ArrayLike, outside: Literal["raise", "clip"] = "raise"
) -> Floats:
    """Return the value of each x by straight lines between agreed points.

    Parameters
    ----------
    x : array_like of float [the criterion's unit]
        Scores, any shape.
    xs : array_like of float, shape (m,), m >= 2
        Strictly increasing; the first and the last are the agreed range.
    ys : array_like of float, shape (m,) [points]
        The value at each of `xs`.
    outside : {"raise", "clip"}
        What becomes of a score outside the range: refused, or given the value of the nearer end.

    Returns
    -------
    ndarray of float, shape of x

    Raises
    ------
    ValueError
        When the points are not increasing, a number is not finite, or a score lies outside and `outside="raise"`.

    Notes
    -----
    There is no extrapolation: beyond the agreed range nobody has agreed what a score is worth.

    References
    ----------
    DCLG (2009), Multi-criteria analysis: a manual, section 6.2.6 (value functions on fixed scales).

    Examples
    --------
    >>> piecewise_value([0, 30, 120], [0, 120], [100, 0])
    array([100.,  75.,   0.])
    """
    points, knots, heights = _check_points(x, xs, ys)
    if outside not in ("raise", "clip"):
        raise ValueError(f"outside is {outside!r}; allowed: 'raise', 'clip'")
    beyond = (points < knots[0]) | (points > knots[-1])
    if outside == "raise" and beyond.any():
        first = points[beyond].flat[0]
        raise ValueError(
            f"x: {first:g} is outside the agreed range {knots[0]:g} to {knots[-1]:g}. "
            "Correct it, agree a wider range, or ask for outside='clip'"
        )
    return np.asarray(np.interp(points, knots, heights), dtype=np.float64)


def _check_points(x: npt.ArrayLike, xs: npt.ArrayLike, ys: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    points, knots, heights = (np.asarray(a, dtype=np.float64) for a in (x, xs, ys))
    if knots.ndim != 1 or len(knots) < 2 or knots.shape != heights.shape:
        raise ValueError(f"xs and ys must be two lists of one length of 2 or more; got {knots.shape}, {heights.shape}")
    if not (np.isfinite(knots).all() and np.isfinite(heights).all() and np.isfinite(points).all()):
        raise ValueError("x, xs and ys must be finite numbers; a missing score needs a decision, not a nan")
    if not (np.diff(knots) > 0).all():
        raise ValueError(f"xs must be strictly increasing; got {knots.tolist()}")
    return points, knots, heights


def mean_value(xs: npt.ArrayLike, ys: npt.ArrayLike) -> float:
    """Return the mean value over the whole range of a piecewise value function.

    Examples
    --------
    >>> mean_value([0, 1, 4], [0, 100, 100])
    87.5
    """
    knots, heights = np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)
    return float(np.trapezoid(heights, knots) / (knots[-1] - knots[0]))


def additive_value(values: npt.ArrayLike, weights: npt.ArrayLike) -> Floats:
    """Return the weighted sum of each option's values.

    Parameters
    ----------
    values : array_like of float, shape (..., options, criteria) [points]
        0 is the worst and 100 the best of each agreed range.
    weights : array_like of float, shape (criteria,)
        0 or more, not all 0. They are normalised to add to 1.

    Returns
    -------
    ndarray of float, shape (..., options) [points]

    Raises
    ------
    ValueError
        When a weight is negative, all are 0, a number is not finite, or the shapes do not fit.

    References
    ----------
    DCLG (2009), Multi-criteria analysis: a manual, appendix 4 (the linear additive model).

    Examples
    --------
    >>> additive_value([[40, 90], [100, 30]], [1, 3])
    array([77.5, 47.5])
    """
    table, shares = np.asarray(values, dtype=np.float64), normalise_weights(weights)
    if table.ndim < 1 or table.shape[-1] != len(shares):
        raise ValueError(f"values has {table.shape[-1:]} criteria, weights {len(shares)}; they must be the same")
    if not np.isfinite(table).all():
        raise ValueError("values must be finite numbers; a missing score needs a decision, not a nan")
    return np.asarray(table @ shares, dtype=np.float64)


def normalise_weights(weights: npt.ArrayLike) -> Floats:
    """Return weights that add to 1.

    Raises
    ------
    ValueError
        When a weight is negative or not finite, or all are 0.

    Examples
    --------
    >>> normalise_weights([60, 100, 40])
    array([0.3, 0.5, 0.2])
    """
    given = np.asarray(weights, dtype=np.float64)
    if given.ndim != 1 or len(given) == 0:
        raise ValueError(f"weights must be one list, one number for each criterion; got shape {given.shape}")
    if not np.isfinite(given).all():
        raise ValueError("weights must be finite numbers")
    if (given < 0).any():
        raise ValueError(f"weights: {given[given < 0][0]:g} is negative; a weight is 0 or more")
    if given.sum() == 0:
        raise ValueError("weights are all 0; at least one criterion must count")
    return np.asarray(given / given.sum(), dtype=np.float64)


def round_points(points: Floats) -> Floats:
    """Round points in place to 9 decimals, so that sums which differ by rounding alone are equal, and return them."""
    return np.round(points, _DECIMALS, out=points)
