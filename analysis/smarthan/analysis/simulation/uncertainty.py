"""What a judgement says about its doubt: the distribution of a cell's value, exact and as a table to draw from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from smarthan.analysis.appraisal.parts import Criterion, Judgement
from smarthan.analysis.scoring.values import Floats, round_points

POINTS = 4096  # equally likely points of one judgement; keeps cell means to .01 point (tests/test_uncertainty.py)
BINS = 2048  # equally likely entries of a cell's table, each the mean of its bin, so that the table keeps the mean
_NODES = 1025  # of the grid on which a Beta distribution is summed
_TINY = 1e-300  # so that 0 to the power 0 is 1
_Z95 = 1.6448536269514722  # standard normal 95 % point
_MIDDLES = (np.arange(POINTS) + 0.5) / POINTS


@dataclass(frozen=True)
class Outlook:
    """The value of one cell as far as it is known.

    Attributes
    ----------
    points, chances : ndarray
        What it may be [points], rising, and how likely each is: the words of a scale exactly, else 2,048 bins of a
        distribution, each at its mean. One point only where the cell is certain.
    table : ndarray
        Equally likely points to draw from: one, or 2,048.
    clipped : float
        Share that fell outside the agreed range and counts at its end.
    """

    points: Floats
    chances: Floats
    table: Floats
    clipped: float = 0.0

    @property
    def is_certain(self) -> bool:
        """Whether there is nothing to learn."""
        return len(self.points) == 1

    @property
    def mean(self) -> float:
        """Expected value [points]."""
        return float(self.points @ self.chances)

    @property
    def variance(self) -> float:
        """Variance [points squared]."""
        return float((self.points - self.mean) ** 2 @ self.chances)


def stated_limits(
    one: Judgement, criterion: Criterion, spread: Mapping[str, float], best: float | None
) -> tuple[float, float]:
    """Return the least and greatest score a judgement allows, in the criterion's unit.

    Counts give the 5 and 95 % points; a missing score the whole range; a bare best estimate its confidence's share of
    the range either way, cut at the range, where no stated confidence counts as low and a best estimate outside (where
    the criterion clips) counts at the nearer end.
    """
    if one.n is not None and one.k is not None:
        from scipy.special import betaincinv

        low, high = betaincinv(one.k + 0.5, one.n - one.k + 0.5, [0.05, 0.95])
        return float(low), float(high)
    if best is None:
        return criterion.low, criterion.high
    if one.low is not None and one.high is not None:
        return one.low, one.high
    reach = spread[one.confidence or "low"] * (criterion.high - criterion.low)
    middle = min(max(best, criterion.low), criterion.high)
    return max(criterion.low, middle - reach), min(criterion.high, middle + reach)


def look_out(judgements: Sequence[Judgement], criterion: Criterion, spread: Mapping[str, float]) -> Outlook:
    """Return what is known of a cell's value.

    Parameters
    ----------
    judgements : sequence of Judgement
        The cell's assessors; each is equally likely.
    criterion : Criterion
    spread : mapping of str to float
        The appraisal's [confidence].
    """
    if criterion.levels:
        chances = np.mean([word_chances(one, criterion, spread) for one in judgements], axis=0)
        return _outlook_of_words(np.array([level.value for level in criterion.levels]), chances)
    scores = np.concatenate([_score_points(one, criterion, spread) for one in judgements])
    outside = (scores < criterion.low) | (scores > criterion.high)
    points = np.sort(criterion.value_of(scores))
    table = points[:1] if points[0] == points[-1] else _average_bins(points)
    return Outlook(table, np.full(len(table), 1 / len(table)), table, float(outside.mean()))


def _outlook_of_words(values: Floats, chances: Floats) -> Outlook:
    points, place = np.unique(values[chances > 0], return_inverse=True)
    likely = np.asarray(np.bincount(place, chances[chances > 0]), dtype=np.float64)
    if len(points) == 1:
        return Outlook(points, np.ones(1), points)
    # The bin at which one word gives way to the next holds both in their shares.
    ends = np.concatenate([[0.0], np.cumsum(likely)])
    summed = np.interp(
        np.linspace(0, 1, BINS + 1), ends / ends[-1], np.concatenate([[0.0], np.cumsum(points * likely)])
    )
    return Outlook(points, likely, round_points(np.diff(summed) * BINS))


def _average_bins(points: Floats) -> Floats:
    return np.asarray(points.reshape(BINS, -1).mean(axis=1))


def score_moments(
    judgements: Sequence[Judgement], criterion: Criterion, spread: Mapping[str, float]
) -> tuple[float, float]:
    """Return the mean and variance of a numeric cell's score, cut at 0 and 1 as a share is."""
    points = np.concatenate([_score_points(one, criterion, spread) for one in judgements]).clip(0, 1)
    return float(points.mean()), float(points.var())


def word_chances(one: Judgement, criterion: Criterion, spread: Mapping[str, float]) -> Floats:
    """Return the chance of each word of the scale: the stated one, else a neighbour; missing: all alike."""
    count = len(criterion.levels)
    if one.is_missing:
        return np.full(count, 1 / count)
    doubt = spread[one.confidence or "low"]
    at = [level.id for level in criterion.levels].index(one.level)
    neighbours = [place for place in (at - 1, at + 1) if 0 <= place < count]
    chances = np.zeros(count)
    chances[at] = 1 - doubt
    chances[neighbours] = doubt / len(neighbours)
    return chances


def _score_points(one: Judgement, criterion: Criterion, spread: Mapping[str, float]) -> Floats:
    if one.n is not None and one.k is not None:
        return beta_points(one.k + 0.5, one.n - one.k + 0.5)
    low, high = stated_limits(one, criterion, spread, one.best)
    if one.best is None:
        return low + (high - low) * _MIDDLES
    if high == low:
        return np.full(POINTS, low)
    return _draw_shape(one.dist, low, min(max(one.best, low), high), high)


def _draw_shape(dist: str, low: float, best: float, high: float) -> Floats:
    width = high - low
    if dist == "uniform":
        return low + width * _MIDDLES
    if dist == "triangular":
        return _triangular_points(low, best, high)
    if dist == "normal":
        from scipy.special import ndtri

        return np.asarray((low + high) / 2 + width / (2 * _Z95) * ndtri(_MIDDLES))
    mode = (best - low) / width
    return low + width * beta_points(1 + 4 * mode, 1 + 4 * (1 - mode))


def _triangular_points(low: float, best: float, high: float) -> Floats:
    width, split = high - low, (best - low) / (high - low)
    rising = low + np.sqrt(_MIDDLES * width * (best - low))
    falling = high - np.sqrt((1 - _MIDDLES) * width * (high - best))
    return np.where(split > _MIDDLES, rising, falling)


def beta_points(a: float, b: float) -> Floats:
    """Return 4,096 equally likely points of a Beta(a, b) distribution, in rising order.

    Parameters
    ----------
    a, b : float
        Both above 0.

    Notes
    -----
    The density is summed on a grid that is even in the arc sine of the root, where it has no pole for a, b >= 1/2 and
    a standard deviation of about 1 / (2 sqrt(a + b)), over eight of these either way, with the end correction of Euler
    and Maclaurin; the sum is inverted by straight lines. A fiftieth of the time of the library's inverse, to 2e-5.

    Examples
    --------
    >>> beta_points(31.5, 9.5).mean().round(4)  # 31.5 / 41
    np.float64(0.7683)
    """
    middle, reach = np.arcsin(np.sqrt(a / (a + b))), 4 / np.sqrt(a + b)
    first, last = max(middle - reach, 0.0), min(middle + reach, np.pi / 2)
    angle, step = np.linspace(first, last, _NODES, retstep=True)
    logs = [np.log(np.maximum(side, _TINY)) for side in (np.sin(angle), np.cos(angle))]
    height = (2 * a - 1) * logs[0] + (2 * b - 1) * logs[1]
    height = np.exp(height - height.max())
    slope = np.gradient(height, step, edge_order=2)
    summed = np.concatenate([[0.0], np.cumsum(height[1:] + height[:-1]) * step / 2])
    summed += step**2 / 12 * (slope[0] - slope)
    return np.asarray(np.sin(np.interp(_MIDDLES, summed / summed[-1], angle)) ** 2)
