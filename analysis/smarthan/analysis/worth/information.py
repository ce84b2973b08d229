"""What knowing more is worth: perfect, partial and sample information, from draws or in closed form."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from smarthan.analysis.scoring.values import Floats

_KNOTS = 10  # candidate-scoring rules, section 8
_MOST_FOR_SPLINE = 4  # the same: more parameters are smoothed by a Gaussian process
_PREDICTED_AT_ONCE = 4_096  # draws; the process keeps a number for each of these and each draw it was fitted to
_GP_DRAWS = 500  # assumed: draws the process is fitted to; its cost grows with their cube


@dataclass(frozen=True)
class Information:
    """A value of information and its standard error; `zero_check` is what parameters that say nothing seem worth."""

    value: float
    se: float
    zero_check: float = 0.0

    @property
    def is_distinguishable(self) -> bool:
        """Whether the value is at least twice what noise alone would show."""
        return self.value >= 2 * self.zero_check

    def __str__(self) -> str:
        """Return the value with its standard error, or that it cannot be told from noise."""
        if not self.is_distinguishable:
            return f"not distinguishable from 0 (shuffled parameters seem worth {self.zero_check:.3g})"
        return f"{self.value:.4g} (standard error {self.se:.2g})"


def evpi(utilities: npt.ArrayLike) -> Information:
    """Return the expected value of perfect information.

    Parameters
    ----------
    utilities : array_like of float, shape (draws, options)
        Utility of each option in each draw.

    Returns
    -------
    Information
        Mean of the best of each draw, less the best of the means, with its standard error.

    Raises
    ------
    ValueError
        When there are fewer than two draws, no option, or a number is not finite.

    Examples
    --------
    >>> evpi([[0, 10], [10, 0], [0, 10], [0, 10]]).value
    2.5
    """
    table = _check_utilities(utilities)
    return _gain(table, int(np.argmax(table.mean(axis=0))))


def _check_utilities(utilities: npt.ArrayLike) -> Floats:
    table = np.asarray(utilities, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] < 2 or table.shape[1] < 1 or not np.isfinite(table).all():
        raise ValueError(f"utilities must be draws x options, finite, two draws at least; got shape {table.shape}")
    return table


def _gain(table: Floats, leader: int) -> Information:
    gain = table.max(axis=1) - table[:, leader]
    return Information(float(gain.mean()), float(gain.std(ddof=1) / np.sqrt(len(gain))))


def evppi(
    utilities: npt.ArrayLike, parameters: npt.ArrayLike, *, method: Literal["spline", "gp"] = "spline"
) -> Information:
    """Return the expected value of knowing some parameters perfectly, by regression on their draws.

    Parameters
    ----------
    utilities : array_like of float, shape (draws, options)
    parameters : array_like of float, shape (draws,) or (draws, parameters)
        The same draws of what would be learnt.
    method : {"spline", "gp"}
        Additive cubic splines with 10 knots; or a Gaussian process fitted to 500 draws, which also sees how parameters
        act together. More than 4 parameters always go to the process.

    Returns
    -------
    Information
        `zero_check` is the value found with the parameters shuffled: a value below twice that is not distinguishable
        from 0.

    Raises
    ------
    ValueError
        When shapes do not fit, a number is not finite, or the method is not known.

    Notes
    -----
    The regression shares in the noise of the draws, so a small value is biased upwards by about `zero_check`. For
    independent cells of an appraisal `Simulation.value_of_information` is exact and needs none of this.

    References
    ----------
    Strong, M., Oakley, J. E. and Brennan, A. (2014), Estimating multiparameter partial expected value of perfect
    information from a probabilistic sensitivity analysis sample, doi:10.1177/0272989X13505910.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> known, unknown = rng.normal(0, 1, 4000), rng.normal(0, 2, 4000)
    >>> round(evppi(np.column_stack([0 * known, known + unknown]), known).value, 1)  # 1 / sqrt(2 pi) = 0.399
    0.4
    """
    table, given = _check_utilities(utilities), np.asarray(parameters, dtype=np.float64)
    given = given.reshape(len(given), -1)
    if len(given) != len(table) or not np.isfinite(given).all():
        raise ValueError(
            f"parameters has {len(given)} draws, utilities {len(table)}; they must be the same, and finite"
        )
    if method not in ("spline", "gp"):
        raise ValueError(f"method is {method!r}; allowed: 'spline', 'gp'")
    if given.shape[1] > _MOST_FOR_SPLINE:
        method = "gp"
    found = _smoothed_gain(table, given, method)
    shuffled = np.random.default_rng(0).permutation(given, axis=0)
    return Information(found.value, found.se, max(_smoothed_gain(table, shuffled, method).value, 0.0))


def _smoothed_gain(table: Floats, given: Floats, method: str) -> Information:
    ahead = table - table[:, :1]  # only differences decide, and they are less noisy
    fitted = _fit_spline(ahead, given) if method == "spline" else _fit_process(ahead, given)
    return _gain(fitted, int(np.argmax(fitted.mean(axis=0))))


def _fit_spline(table: Floats, given: Floats) -> Floats:
    from sklearn.linear_model import LinearRegression
    from sklearn.preprocessing import SplineTransformer

    basis = SplineTransformer(n_knots=_KNOTS, knots="quantile").fit_transform(given)
    return np.asarray(LinearRegression().fit(basis, table).predict(basis), dtype=np.float64)


def _fit_process(table: Floats, given: Floats) -> Floats:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, WhiteKernel

    scaled = (given - given.mean(axis=0)) / np.where(given.std(axis=0) > 0, given.std(axis=0), 1.0)
    fitted = np.zeros_like(table)
    for place in range(1, table.shape[1]):
        kernel = RBF(np.ones(given.shape[1]), (0.05, 1e3)) + WhiteKernel(1.0, (1e-6, 1e2))
        process = GaussianProcessRegressor(kernel, normalize_y=True, random_state=0)
        with warnings.catch_warnings():
            # A length at its bound says that a parameter tells nothing: an answer, not a failure.
            warnings.simplefilter("ignore", ConvergenceWarning)
            process.fit(scaled[:_GP_DRAWS], table[:_GP_DRAWS, place])
        for first in range(0, len(scaled), _PREDICTED_AT_ONCE):
            part = slice(first, first + _PREDICTED_AT_ONCE)
            fitted[part, place] = process.predict(scaled[part])
    return fitted


def normal_evpi(mean: float, sd: float) -> float:
    """Return the expected value of perfect information between one option worth 0 and another worth N(mean, sd).

    Parameters
    ----------
    mean, sd : float
        sd is 0 or more. For a sample of n with error sd e, put sd**2 / sqrt(sd**2 + e**2 / n) for sd.

    Returns
    -------
    float
        mean Phi(mean / sd) + sd phi(mean / sd) - max(mean, 0).

    Raises
    ------
    ValueError
        When a number is not finite or sd is negative.

    Examples
    --------
    >>> round(normal_evpi(0, 1), 6)  # 1 / sqrt(2 pi)
    0.398942
    """
    if not (np.isfinite(mean) and np.isfinite(sd)) or sd < 0:
        raise ValueError(f"mean and sd must be finite and sd 0 or more; got {mean}, {sd}")
    if sd == 0:
        return 0.0
    from scipy.special import ndtr

    ratio = mean / sd
    density = np.exp(-(ratio**2) / 2) / np.sqrt(2 * np.pi)
    return float(mean * ndtr(ratio) + sd * density - max(mean, 0.0))


def enbs(
    evsi: npt.ArrayLike,
    *,
    n: npt.ArrayLike,
    setup: float | tuple[float, float],
    per_unit: float | tuple[float, float],
    money_per_point: float = 1.0,
    population: float = 1.0,
    years: float | None = None,
    rate: float = 0.0,
    delay: float = 0.0,
) -> npt.NDArray[np.float64] | np.float64:
    """Return the expected net benefit of sampling: what a sample is worth less what it costs.

    Parameters
    ----------
    evsi : array_like of float [points, or money a person a year with `population`]
        Expected value of sample information.
    n : array_like of float
        Units in the sample.
    setup, per_unit : float or (low, high) [GBP]
        Costs; a range counts by its middle.
    money_per_point : float [GBP]
    population : float
        People, or premises, each decision is about.
    years : float, optional
        How long the decision holds; None counts the value once.
    rate : float
        Continuous discount rate a year.
    delay : float [GBP]
        What waiting for the sample costs.

    Returns
    -------
    float or ndarray of float [GBP], shape of evsi and n

    Raises
    ------
    ValueError
        When a number is negative or not finite, or a range runs from high to low.

    Examples
    --------
    >>> float(enbs(0, n=50, setup=(5e6, 10e6), per_unit=(28_000, 42_000), population=46_000, years=10))
    -9250000.0
    """
    worth, units = np.asarray(evsi, dtype=np.float64), np.asarray(n, dtype=np.float64)
    held = 1.0 if years is None else years
    if not np.isfinite(worth).all():
        raise ValueError(f"evsi must be finite; got {worth}")
    for name, least in (("n", units), ("years", held), ("population", population), ("rate", rate)):
        if not np.isfinite(least).all() or (np.asarray(least) < 0).any():
            raise ValueError(f"{name} must be finite and 0 or more; got {least}")
    span = held if rate == 0 or years is None else -np.expm1(-rate * held) / rate
    cost = _middle("setup", setup) + units * _middle("per_unit", per_unit) + _middle("delay", delay)
    return np.subtract(worth * money_per_point * population * span, cost)


def _middle(name: str, cost: float | tuple[float, float]) -> float:
    ends = np.atleast_1d(np.asarray(cost, dtype=np.float64))
    if ends.ndim != 1 or len(ends) > 2 or not np.isfinite(ends).all() or (ends < 0).any() or ends[0] > ends[-1]:
        raise ValueError(f"{name} is {cost!r}; a cost is a number of 0 or more, or (low, high)")
    return float(ends.mean())
