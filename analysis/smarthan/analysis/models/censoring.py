"""The log-likelihood of a level that is known, bounded on one side, or known to an interval, with its derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import log_ndtr

from .predictors import number_column

Floats = npt.NDArray[np.float64]

_LOG_ROOT_2_PI = 0.5 * np.log(2 * np.pi)


class Bounds(NamedTuple):
    """What is known of each outcome: low = high where it was observed, an infinite end where that side is open."""

    low: Floats
    high: Floats

    @property
    def observed(self) -> npt.NDArray[np.bool_]:
        """Rows whose outcome is known."""
        return self.low == self.high

    @property
    def n_lower(self) -> int:
        """Rows of which only an upper bound is known: censored below."""
        return int(np.isneginf(self.low).sum())

    @property
    def n_upper(self) -> int:
        """Rows censored above."""
        return int(np.isposinf(self.high).sum())

    @property
    def n_interval(self) -> int:
        """Rows known to an interval."""
        return int((np.isfinite(self.low) & np.isfinite(self.high) & ~self.observed).sum())

    @property
    def centre(self) -> Floats:
        """The outcome, the middle of an interval, or the bound that is known."""
        low, high = (
            np.where(np.isfinite(self.low), self.low, self.high),
            np.where(np.isfinite(self.high), self.high, self.low),
        )
        return np.asarray((low + high) / 2)

    def rows(self, use: npt.NDArray[np.bool_]) -> Bounds:
        """Return some rows."""
        return Bounds(self.low[use], self.high[use])

    def scaled(self, centre: float, spread: float) -> Bounds:
        """Return the bounds less a centre, over a spread."""
        return Bounds((self.low - centre) / spread, (self.high - centre) / spread)


def read_bounds(
    frame: pd.DataFrame,
    outcome: str | Sequence[str],
    lower: float | str | None = None,
    upper: float | str | None = None,
) -> Bounds:
    """Return the bounds of an outcome; both infinite where nothing is known.

    Parameters
    ----------
    frame : DataFrame
    outcome : str or pair of str
        A column, censored at `lower` and `upper`; or two columns, low and high, an empty or infinite cell being open.
    lower, upper : float or str, optional
        A number, or the column that holds each row's own.

    Raises
    ------
    KeyError, ValueError
        A column that is not there or holds no numbers; a low end above its high end; limits beside a pair of columns.
    """
    if not isinstance(outcome, str):
        if lower is not None or upper is not None:
            raise ValueError("lower and upper go with one outcome column; a pair of columns holds its own bounds")
        if len(outcome) != 2:
            raise ValueError(f"outcome: {len(outcome)} columns given; one, or a pair of low and high")
        low, high = (number_column(frame, column) for column in outcome)
        low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
        return _in_order(low, high, " and ".join(outcome), frame)
    y = number_column(frame, outcome)
    floor, ceiling = _limit(frame, lower, -np.inf), _limit(frame, upper, np.inf)
    if (floor >= ceiling).any():
        raise ValueError(f"lower must lie below upper; row {frame.index[int((floor >= ceiling).argmax())]} has not")
    low = np.where(y <= floor, -np.inf, np.where(y >= ceiling, ceiling, y))
    high = np.where(y <= floor, floor, np.where(y >= ceiling, np.inf, y))
    return Bounds(np.where(np.isnan(y), -np.inf, low), np.where(np.isnan(y), np.inf, high))


class Derivatives(NamedTuple):
    """Log-likelihood of each row, its first derivatives in the mean and in log scale, and the second ones."""

    loglik: Floats
    by_mean: Floats
    by_scale: Floats
    mean_mean: Floats
    mean_scale: Floats
    scale_scale: Floats


def log_likelihood(bounds: Bounds, mean: Floats, scale: float) -> Floats:
    """Return the log-likelihood of each row; `mean` may have further axes before that of the rows."""
    a, b = (bounds.low - mean) / scale, (bounds.high - mean) / scale
    known = np.broadcast_to(bounds.observed, a.shape)
    with np.errstate(invalid="ignore"):
        return np.where(known, _log_density(a) - np.log(scale), _log_between(a, b, known))


def score(bounds: Bounds, mean: Floats, scale: float) -> tuple[Floats, Floats, Floats]:
    """Return the log-likelihood of each row and its derivatives in the mean and in log scale."""
    a, b = (bounds.low - mean) / scale, (bounds.high - mean) / scale
    known = np.broadcast_to(bounds.observed, a.shape)
    loglik, left, right = _parts(a, b, known, scale)
    e = np.where(known, a, 0.0)
    by_mean = np.where(known, e, left - right) / scale
    return loglik, by_mean, np.where(known, e**2 - 1, _times(a, left) - _times(b, right))


def differentiate(bounds: Bounds, mean: Floats, scale: float) -> Derivatives:
    """Return the log-likelihood of each row and all its derivatives."""
    a, b = (bounds.low - mean) / scale, (bounds.high - mean) / scale
    known = bounds.observed
    loglik, left, right = _parts(a, b, known, scale)
    e = np.where(known, a, 0.0)
    g, h = left - right, _times(a, left) - _times(b, right)
    second = _times(a, _times(a, left)) - _times(b, _times(b, right))
    third = _times(a, _times(a, _times(a, left))) - _times(b, _times(b, _times(b, right)))
    return Derivatives(
        loglik,
        np.where(known, e, g) / scale,
        np.where(known, e**2 - 1, h),
        np.where(known, -1.0, h - g**2) / scale**2,
        np.where(known, -2 * e, second - g - h * g) / scale,
        np.where(known, -2 * e**2, third - h - h**2),
    )


def _parts(a: Floats, b: Floats, known: npt.NDArray[np.bool_], scale: float) -> tuple[Floats, Floats, Floats]:
    """Return the log-likelihood, and the normal density at either end over the probability between them."""
    with np.errstate(invalid="ignore"):
        between = _log_between(a, b, known)
        loglik = np.where(known, _log_density(a) - np.log(scale), between)
        left = np.where(known, 0.0, np.exp(_log_density(a) - between))
        right = np.where(known, 0.0, np.exp(_log_density(b) - between))
    return loglik, left, right


def _log_density(x: Floats) -> Floats:
    return -0.5 * x**2 - _LOG_ROOT_2_PI


def _log_between(a: Floats, b: Floats, known: npt.NDArray[np.bool_]) -> Floats:
    """Return log(Phi(b) - Phi(a)) without cancellation, by the tail that is the smaller; 0 where the row is known."""
    flip = a > 0
    near, far = np.where(flip, -b, a), np.where(flip, -a, b)
    near, far = np.where(known, -np.inf, near), np.where(known, np.inf, far)
    upper, lower = log_ndtr(far), log_ndtr(near)
    return np.asarray(upper + np.log1p(-np.exp(lower - upper)))


def _times(end: Floats, density: Floats) -> Floats:
    """Return end x density, 0 at an infinite end, where the density is 0."""
    return np.where(np.isfinite(end), end, 0.0) * density


def _limit(frame: pd.DataFrame, limit: float | str | None, none: float) -> Floats:
    if limit is None:
        return np.full(len(frame), none)
    if isinstance(limit, str):
        own = number_column(frame, limit)
        return np.where(np.isnan(own), none, own)
    return np.full(len(frame), float(limit))


def _in_order(low: Floats, high: Floats, name: str, frame: pd.DataFrame) -> Bounds:
    wrong = np.flatnonzero(low > high)
    if wrong.size:
        at = wrong[0]
        raise ValueError(f"{name}: row {frame.index[at]} has low {low[at]:g} above high {high[at]:g}")
    return Bounds(low, high)
