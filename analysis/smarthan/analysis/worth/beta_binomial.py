"""What a trial of n buildings would tell about a share, and what that is worth: enumerated, not simulated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from smarthan.analysis.scoring.values import Floats

from .discrete import Variable, expected_maximum

Prior = tuple[float, float]


def effective_size(n: float, dwellings_per_building: float = 1, icc: float = 0.0) -> int:
    """Return how many independent dwellings n buildings are worth: floor(n m / (1 + (m - 1) icc)).

    Examples
    --------
    >>> effective_size(20, 4, 0.3)
    42
    """
    return int(np.floor(n * dwellings_per_building / (1 + (dwellings_per_building - 1) * icc) + 1e-9))


def outcome_chances(size: int, prior: Prior) -> Floats:
    """Return the chance of 0, 1, ..., size links among `size` dwellings when the share is Beta(a, b)."""
    from scipy.special import betaln, gammaln

    a, b = prior
    k = np.arange(size + 1)
    ways = gammaln(size + 1) - gammaln(k + 1) - gammaln(size - k + 1)
    chance = np.exp(ways + betaln(a + k, b + size - k) - betaln(a, b))
    return np.asarray(chance / chance.sum())


def mean_value_after(size: int, prior: Prior, xs: npt.ArrayLike, ys: npt.ArrayLike) -> Floats:
    """Return the expected piecewise value after each outcome of a trial, exactly, clipped at the range's ends.

    Parameters
    ----------
    size : int
        Independent dwellings; the outcomes are 0, 1, ..., size links.
    prior : (float, float)
        Beta parameters of the share.
    xs, ys : array_like of float
        The value function, xs within 0 to 1.

    Notes
    -----
    A piecewise value is a sum of ramps, and the mean of a ramp of a Beta variable is a difference of incomplete beta
    functions.
    """
    from scipy.special import betainc

    knots, heights = np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)
    k = np.arange(size + 1)
    a, b = (prior[0] + k)[:, None], (prior[1] + size - k)[:, None]
    at = np.clip(knots, 0, 1)[None, :]
    above = a / (a + b) * (1 - betainc(a + 1, b, at)) - at * (1 - betainc(a, b, at))
    slopes = np.diff(heights) / np.diff(knots)
    return np.asarray(heights[0] + (above[:, :-1] - above[:, 1:]) @ slopes)


def match_beta(mean: float, variance: float) -> Prior:
    """Return the Beta parameters with this mean and variance of a share.

    Raises
    ------
    ValueError
        When no Beta distribution has them.

    Examples
    --------
    >>> match_beta(0.75, 0.75 * 0.25 / 9)
    (6.0, 2.0)
    """
    if not 0 < mean < 1 or not 0 < variance < mean * (1 - mean):
        raise ValueError(f"no Beta distribution has mean {mean:g} and variance {variance:g}")
    total = mean * (1 - mean) / variance - 1
    return round(mean * total, 12), round((1 - mean) * total, 12)


def evsi_beta_binomial(
    expected: npt.ArrayLike,
    scale: npt.ArrayLike,
    priors: Sequence[Prior | None],
    n: npt.ArrayLike,
    *,
    dwellings_per_building: float = 1,
    icc: float = 0.0,
) -> npt.NDArray[np.float64] | np.float64:
    """Return the expected value of measuring shares in n buildings.

    Parameters
    ----------
    expected : array_like of float, shape (options,) [points]
        Expected points of each option as things stand.
    scale : array_like of float, shape (options,) [points]
        Points for a share of 1 against a share of 0 (weight x 100 / range), in proportion between.
    priors : sequence of (float, float) or None
        Beta parameters of each option's share; None is not measured.
    n : array_like of int
        Buildings; each measured option is measured in the same buildings, independently.
    dwellings_per_building : float
    icc : float
        Intra-building correlation, 0 to 1.

    Returns
    -------
    float or ndarray of float [points], shape of n
        Enumerated over all outcomes, so without sampling error.

    Raises
    ------
    ValueError
        When lengths differ, a prior is not above 0, or n, dwellings or icc is out of range.

    Examples
    --------
    >>> expected = [40 + 25 * 6 / 8, 43 + 25 * 4 / 6, 45 + 25 * 3 / 6]
    >>> float(evsi_beta_binomial(expected, [25, 25, 25], [(6, 2), (4, 2), (3, 3)], 5).round(6))
    1.491741
    """
    points, gain = np.asarray(expected, dtype=np.float64), np.asarray(scale, dtype=np.float64)
    sizes = np.asarray(n, dtype=np.float64)
    if points.ndim != 1 or points.shape != gain.shape or len(priors) != len(points):
        raise ValueError("expected, scale and priors must have one entry for each option")
    if any(prior is not None and (prior[0] <= 0 or prior[1] <= 0) for prior in priors):
        raise ValueError("priors: both Beta parameters must be above 0")
    if (sizes < 0).any() or dwellings_per_building < 1 or not 0 <= icc <= 1:
        raise ValueError("n must be 0 or more, dwellings_per_building 1 or more, icc from 0 to 1")
    found = [
        _value_of_size(points, gain, priors, effective_size(m, dwellings_per_building, icc)) for m in sizes.ravel()
    ]
    return np.reshape(np.array(found), sizes.shape)[()]


def _value_of_size(points: Floats, gain: Floats, priors: Sequence[Prior | None], size: int) -> float:
    variables: list[Variable] = []
    for place, prior in enumerate(priors):
        if prior is None or size == 0:
            variables.append((points[place : place + 1], np.ones(1)))
            continue
        a, b = prior
        after = (a + np.arange(size + 1)) / (a + b + size)
        variables.append((points[place] + gain[place] * (after - a / (a + b)), outcome_chances(size, prior)))
    return max(expected_maximum(variables) - float(points.max()), 0.0)
