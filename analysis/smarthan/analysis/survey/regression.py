"""Regression in a survey: coefficients weighted to the population, errors from the design."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit

Floats = npt.NDArray[np.float64]
Family = Literal["gaussian", "binomial"]

_ROUNDS = 100
_SEPARATED = 15.0  # log odds of 3 in 10 million: nothing but separation drives a fit there


class Solved(NamedTuple):
    """Coefficients, what they expect, each row's effect on them per unit of its weight, and whether they settled."""

    coef: Floats
    expected: Floats
    influence: Floats
    converged: bool


def solve_regression(y: Floats, x: Floats, weights: Floats, family: Family) -> Solved:
    """Return the coefficients that solve sum w x (y - mu) = 0, and the influence A^-1 x (y - mu) of each row.

    Parameters
    ----------
    y : array, shape (rows,)
        Outcome; from 0 to 1 for "binomial".
    x : array, shape (rows, p)
        Predictors.
    weights : array, shape (rows,)
        Weights, 0 for rows that are left out.
    family : {"gaussian", "binomial"}
        Identity or logit link.

    Returns
    -------
    Solved
        A = sum w mu' x x', mu' being 1 or mu (1 - mu).

    Raises
    ------
    ValueError
        Predictors that repeat each other.

    References
    ----------
    Binder (1983), "On the variances of asymptotically normal estimators from complex surveys", doi:10.2307/1402588.

    Examples
    --------
    >>> x = np.column_stack([np.ones(4), [0.0, 1.0, 2.0, 3.0]])
    >>> solve_regression(np.array([1.0, 3.0, 5.0, 7.0]), x, np.ones(4), "gaussian").coef.round(6).tolist()
    [1.0, 2.0]
    """
    used = x[weights > 0]
    if np.linalg.matrix_rank(used / np.maximum(np.abs(used).max(axis=0, initial=0), 1e-300)) < x.shape[1]:
        raise ValueError("the predictors repeat each other (or are constant) in the rows that count; leave one out")
    link: Callable[[Floats], Floats] = _identity if family == "gaussian" else expit
    beta, converged = np.zeros(x.shape[1]), False
    for _ in range(_ROUNDS):
        mu = link(x @ beta)
        slope = np.ones_like(mu) if family == "gaussian" else mu * (1 - mu)
        bend = (x * (weights * slope)[:, None]).T @ x
        step = np.linalg.lstsq(bend, x.T @ (weights * (y - mu)), rcond=None)[0]
        beta = beta + step
        converged = bool(np.abs(step).max() <= 1e-10 * max(1.0, np.abs(beta).max()))
        if converged or np.abs(x @ beta).max() > 1e8:
            break
    mu = link(x @ beta)
    slope = np.ones_like(mu) if family == "gaussian" else mu * (1 - mu)
    bend = (x * (weights * slope)[:, None]).T @ x
    if family == "binomial" and np.abs(used @ beta).max() > _SEPARATED:
        converged = False
    influence = np.linalg.lstsq(bend, (x * (y - mu)[:, None]).T, rcond=None)[0].T
    return Solved(beta, np.asarray(mu, dtype=np.float64), np.asarray(influence), converged)


def _identity(eta: Floats) -> Floats:
    return eta
