"""The maximum of a likelihood that has a slope and no curvature in closed form."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from .censored import Lose, polish
from .fit import invert_information

Floats = npt.NDArray[np.float64]

_STEP = 1e-4  # for second derivatives from slopes, in units in which coefficients are near 1


class Maximum(NamedTuple):
    """Where it lies, its log-likelihood, and the covariance there (None where there is no maximum)."""

    theta: Floats
    loglik: float
    vcov: Floats | None


def come_near(lose: Lose, start: Floats, rows: int) -> Floats:
    """Return a place near the minimum of a cheaper function, to start the search from."""
    return np.asarray(minimize(lose, start, jac=True, method="BFGS", options={"gtol": 1e-4 * rows, "maxiter": 100}).x)


def find_maximum(lose: Lose, start: Floats, rows: int) -> Maximum:
    """Return the minimum of `lose`, a function that gives value and slope."""
    found = minimize(lose, start, jac=True, method="BFGS", options={"gtol": 1e-6 * rows, "maxiter": 300})
    near = _curvature(lose, found.x)  # so near the minimum it serves all the steps that are left
    theta = polish(found.x, lose, lambda at: near)
    value, slope = lose(theta)
    good = np.isfinite(value) and bool(np.abs(slope).max() < 1e-4 * max(rows, 10))
    return Maximum(theta, -value, invert_information(_curvature(lose, theta)) if good else None)


def _curvature(lose: Lose, theta: Floats) -> Floats:
    """Return second derivatives by central differences of the slope."""
    steps = _STEP * np.maximum(np.abs(theta), 0.1)
    rows = []
    for place, step in enumerate(steps):
        move = np.zeros_like(theta)
        move[place] = step
        rows.append((lose(theta + move)[1] - lose(theta - move)[1]) / (2 * step))
    curvature = np.asarray(rows)
    return (curvature + curvature.T) / 2
