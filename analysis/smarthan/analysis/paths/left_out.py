"""Logistic regressions of the same paths with one fold left out at a time, found from one matrix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit

if TYPE_CHECKING:
    from scipy import sparse

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Parts = Sequence[tuple[Any, Any]]

MISSING = "missing"  # the word for a missing word
_CLOSE = 1e-4  # how far from the optimum a coefficient may stay, in standard errors
_FAR = 100.0  # times as far is not found: what lies between is rounding
_ROUNDS = 1_000
_MOST_BENT = 50_000  # paths from which curvature is learnt: it only sets the scale of the search
_BLOCK = 10_000  # paths made dense at a time
_FLAT = 1e-12  # spread below which, against its mean, a number does not differ


@dataclass(frozen=True)
class PathMatrix:
    """Paths as numbers, once for all folds.

    Attributes
    ----------
    x : sparse array, shape (paths, 1 + numbers + gaps + levels of all words)
        Intercept; numbers less `mean` over `spread`, 0 where missing; whether they are missing; indicators of words.
    numbers : array, shape (paths, numbers)
        As they came, NaN where missing.
    mean, spread : array, one a number
        Over all paths.
    gaps : int array
        The numbers that are missing somewhere.
    """

    x: sparse.csr_array
    numbers: Floats
    mean: Floats
    spread: Floats
    gaps: npt.NDArray[np.intp]

    def penalise(self, train: Mask) -> Floats:
        """Return the penalty of a fold, a quadratic form of the coefficients of `x`.

        A fold has its own means, to fill gaps with, and its own spreads, by which coefficients count in the penalty.
        Both are linear in the coefficients of one common matrix, so that they change the penalty and nothing else.
        """
        mean, spread = _learn_scale(self.numbers[train])
        share = np.isnan(self.numbers[np.ix_(train, self.gaps)]).mean(axis=0)
        count, size = len(mean), self.x.shape[1]
        scaled = np.eye(size)
        scaled[0, 0] = 0.0
        scaled[range(1, count + 1), range(1, count + 1)] = spread / self.spread
        for place, gap in enumerate(self.gaps, start=1 + count):
            own = np.sqrt(share[place - 1 - count] * (1 - share[place - 1 - count])) or 1.0
            scaled[place, place] = own
            scaled[place, 1 + gap] = -own * (mean[gap] - self.mean[gap]) / self.spread[gap]
        return np.asarray(scaled.T @ scaled)


def build_matrix(numbers: Floats, words: Iterable[pd.Series]) -> PathMatrix:
    """Return the matrix of paths.

    Parameters
    ----------
    numbers : array, shape (paths, numbers)
        NaN where missing.
    words : iterable of Series
        Columns of words; a missing word is a word of its own.

    Returns
    -------
    PathMatrix

    Examples
    --------
    >>> matrix = build_matrix(np.array([[1.0], [3.0], [np.nan]]), [pd.Series(["brick", None, "brick"])])
    >>> matrix.x.toarray().round(2).tolist()
    [[1.0, -1.22, 0.0, 1.0, 0.0], [1.0, 1.22, 0.0, 0.0, 1.0], [1.0, 0.0, 1.0, 1.0, 0.0]]
    """
    from scipy import sparse

    missing = np.isnan(numbers)
    mean, spread = _learn_scale(numbers)
    gaps = np.flatnonzero(missing.any(axis=0))
    dense = [np.ones((len(numbers), 1)), np.where(missing, 0.0, (numbers - mean) / spread), missing[:, gaps]]
    width = 1 + numbers.shape[1] + len(gaps)
    places = [np.broadcast_to(np.arange(width, dtype=np.int32), (len(numbers), width))]
    for cells in words:
        codes, levels = code_words(cells)
        places.append((width + codes)[:, None])
        width += levels
    at = np.hstack(places, dtype=np.int32)
    values = np.hstack([*dense, np.ones((len(at), at.shape[1] - sum(part.shape[1] for part in dense)))])
    ends = np.arange(0, at.size + 1, at.shape[1], dtype=np.int64)
    x = sparse.csr_array((values.ravel(), at.ravel(), ends), shape=(len(at), width))
    return PathMatrix(x, numbers, mean, spread, gaps)


def code_words(cells: pd.Series) -> tuple[npt.NDArray[np.int32], int]:
    """Return the code of each word and how many there are; a missing cell is the word "missing".

    Examples
    --------
    >>> codes, count = code_words(pd.Series(["n", None, "missing", "y"]))
    >>> codes.tolist(), count
    ([0, 1, 1, 2], 3)
    """
    codes, levels = pd.factorize(cells)
    words = [str(level) for level in levels]
    codes = codes.astype(np.int32)
    if (codes < 0).any():
        words += [] if MISSING in words else [MISSING]
        codes[codes < 0] = words.index(MISSING)
    return codes, len(words)


def fit_everyone(matrix: PathMatrix, works: Mask) -> Floats:
    """Return the coefficients of the regression on all paths."""
    nothing = np.zeros(matrix.x.shape[1])
    return fit_coefficients(matrix, works, np.ones_like(works), nothing, bend_search(matrix, nothing))


def forecast_left_out(matrix: PathMatrix, works: Mask, parts: Parts, start: Floats) -> Floats:
    """Return the forecast of each path by the logistic regression of the folds that it is not in.

    Parameters
    ----------
    matrix : PathMatrix
    works : bool array
    parts : sequence of (train, test)
        Positions of the paths of each fold, as scikit-learn's splitters give them.
    start : array
        Coefficients to start from, those of all paths; where the search ends does not depend on them.

    Returns
    -------
    array
        Probabilities.
    """
    forecast = np.full(len(works), np.nan)
    search = bend_search(matrix, start)
    for rows, test in parts:
        train = np.zeros_like(works)
        train[rows] = True
        if works[train].all() or not works[train].any():
            forecast[test] = float(works[train].mean())  # one outcome only: its share is all that can be said
            continue
        forecast[test] = expit(matrix.x[test] @ fit_coefficients(matrix, works, train, start, search))
    return forecast


def fit_coefficients(matrix: PathMatrix, works: Mask, train: Mask, start: Floats, search: Floats) -> Floats:
    """Return the coefficients of a logistic regression with penalty 1/2 (C = 1) on some of the paths.

    Parameters
    ----------
    matrix : PathMatrix
    works, train : bool array
        Outcomes, and the paths that count.
    start : array
        Coefficients to start from.
    search : array
        From `bend_search`: directions in which the curvature is about 1.

    Returns
    -------
    array
        One a column of the matrix. They minimise sum log(1 + exp(-+ x b)) + b'Pb/2; scikit-learn's pipeline of imputer,
        scaler and encoder has the same optimum, expressed in columns of its own.

    Raises
    ------
    ValueError
        The search did not settle.

    Notes
    -----
    The search goes on in whitened coefficients, whose unit is about one standard error, so that it takes few rounds
    and its end is told in standard errors.
    """
    x, turned, counts, penalty = matrix.x, matrix.x.T, train.astype(np.float64), matrix.penalise(train)

    def lose(z: Floats) -> tuple[float, Floats]:
        beta = start + search @ z
        eta = x @ beta
        pull = penalty @ beta
        loss = np.maximum(eta, 0) + np.log1p(np.exp(-np.abs(eta))) - works * eta
        slope = turned @ (counts * (expit(eta) - works)) + pull
        return float(counts @ loss + beta @ pull / 2), search.T @ slope

    # f is no reason to stop: a flat loss may still hide a slope.
    options = {"gtol": _CLOSE, "ftol": 0.0, "maxiter": _ROUNDS, "maxfun": 2 * _ROUNDS}
    found = minimize(lose, np.zeros(len(start)), jac=True, method="L-BFGS-B", options=options)
    if np.abs(found.jac).max() > _FAR * _CLOSE:
        raise ValueError(
            f"the regression did not settle in {_ROUNDS} rounds: words or numbers of these paths repeat each other; "
            "leave some out"
        )
    return np.asarray(start + search @ found.x)


def bend_search(matrix: PathMatrix, beta: Floats) -> Floats:
    """Return directions, one a column, along which the loss of all paths has a curvature of about 1 at `beta`."""
    every = -(-len(matrix.numbers) // _MOST_BENT)
    some = matrix.x[::every]
    bend = matrix.penalise(np.ones(len(matrix.numbers), dtype=np.bool_))
    for at in range(0, some.shape[0], _BLOCK):
        block = some[at : at + _BLOCK].toarray()
        chance = expit(block @ beta)
        bend += every * (block * (chance * (1 - chance))[:, None]).T @ block
    return np.asarray(np.linalg.inv(np.linalg.cholesky(bend)).T)


def _learn_scale(numbers: Floats) -> tuple[Floats, Floats]:
    """Return mean and spread of each number, gaps filled with the mean; 0 and 1 where nothing is known or differs."""
    known = ~np.isnan(numbers)
    seen = known.sum(axis=0)
    mean = np.where(known, numbers, 0.0).sum(axis=0) / np.maximum(seen, 1)
    spread = np.sqrt(np.where(known, (numbers - mean) ** 2, 0.0).mean(axis=0))
    return mean, np.where(spread > _FLAT * np.abs(mean), spread, 1.0)
