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
Rows = npt.NDArray[np.integer]
Parts = Sequence[tuple[Any, Any]]

MISSING = "missing"  # the word for a missing word
_CLOSE = 1e-5  # how far from the optimum a coefficient may stay, in standard errors
_FAR = 1e3  # times as far is not found: what lies between is rounding
_ROUNDS = 1_000
_MOST_BENT = 50_000  # paths from which curvature is learnt: it only sets the scale of the search
_BLOCK = 10_000  # paths made dense at a time
_FLAT = 1e-12  # spread or variance below which a number does not differ


@dataclass(frozen=True)
class PathMatrix:
    """Paths as numbers, once for all folds.

    Attributes
    ----------
    x : sparse array, shape (paths, 1 + numbers + gaps + levels of all words)
        Intercept; numbers, scaled; whether they are missing; indicators of words.
    scaled : array, shape (paths, numbers)
        Numbers less their mean, over their spread; 0 where missing.
    known : bool array, shape (paths, numbers)
        False where missing.
    sums : array, shape (3, numbers)
        See `add_up`.
    """

    x: sparse.csr_array
    scaled: Floats
    known: Mask
    sums: Floats

    def penalise(self, test: Rows) -> Floats:
        """Return the penalty where some paths are left out: the matrix of a quadratic form of the coefficients of `x`.

        A fold has its own means, to fill gaps with, and its own spreads, by which coefficients count in the penalty.
        Both are linear in the coefficients of one common matrix, so that they change the penalty and nothing else.
        """
        paths, numbers = self.known.shape
        left = paths - len(test)
        seen, total, squares = self.sums - add_up(self.scaled[test], self.known[test])
        mean = total / np.maximum(seen, 1)
        gaps = np.flatnonzero(~self.known.all(axis=0))
        spreads = _find_spread(squares / left - seen / left * mean**2)
        own = _find_spread(seen[gaps] / left * (1 - seen[gaps] / left))
        of_number, of_gap = 1 + np.arange(numbers), 1 + numbers + np.arange(len(gaps))
        form = np.eye(self.x.shape[1])
        form[0, 0] = 0.0
        form[of_number, of_number] = spreads
        form[of_gap, of_gap] = own
        form[of_gap, 1 + gaps] = -own * mean[gaps]
        return np.asarray(form.T @ form)


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

    known = ~np.isnan(numbers)
    seen, total, _ = add_up(np.where(known, numbers, 0.0), known)
    mean = total / np.maximum(seen, 1)
    centred = np.where(known, numbers - mean, 0.0)
    spread = np.sqrt((centred**2).mean(axis=0))
    scaled = centred / np.where(spread > _FLAT * np.abs(mean), spread, 1.0)
    dense = np.column_stack([np.ones(len(known)), scaled, ~known[:, ~known.all(axis=0)]])
    width = dense.shape[1]
    places = [np.broadcast_to(np.arange(width, dtype=np.int32), dense.shape)]
    for codes, levels in map(code_words, words):
        places.append((width + codes)[:, None])
        width += levels
    at = np.hstack(places)
    values = np.hstack([dense, np.ones((len(at), at.shape[1] - dense.shape[1]))])
    ends = np.arange(0, at.size + 1, at.shape[1])
    x = sparse.csr_array((values.ravel(), at.ravel(), ends), shape=(len(at), width))
    return PathMatrix(x, scaled, known, add_up(scaled, known))


def add_up(scaled: Floats, known: Mask) -> Floats:
    """Return how many cells of each number are known, their sum and the sum of their squares; a row each."""
    return np.stack([known.sum(axis=0), scaled.sum(axis=0), np.einsum("ij,ij->j", scaled, scaled)])


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
    nothing, nobody = np.zeros(matrix.x.shape[1]), np.empty(0, dtype=np.intp)
    return fit_coefficients(matrix, works, nobody, nothing, bend_search(matrix, nothing))


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
    for train, test in parts:
        if works[train].all() or not works[train].any():
            forecast[test] = float(works[train].mean())  # one outcome only: its share is all that can be said
            continue
        forecast[test] = expit(matrix.x[test] @ fit_coefficients(matrix, works, test, start, search))
    return forecast


def fit_coefficients(matrix: PathMatrix, works: Mask, test: Rows, start: Floats, search: Floats) -> Floats:
    """Return the coefficients of a logistic regression with penalty 1/2 (C = 1), some paths left out.

    Parameters
    ----------
    matrix : PathMatrix
    works : bool array
        Outcomes.
    test : int array
        Positions of the paths left out.
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
    x, turned, penalty = matrix.x, matrix.x.T, matrix.penalise(test)

    def lose(z: Floats) -> tuple[float, Floats]:
        beta = start + search @ z
        eta = x @ beta
        small = np.exp(-np.abs(eta))  # log(1 + e^eta) and the share expected both come from it
        loss = np.maximum(eta, 0) + np.log1p(small) - works * eta
        over = np.where(eta >= 0, 1, small) / (1 + small) - works
        over[test] = 0.0
        pull = penalty @ beta
        return float(loss.sum() - loss[test].sum() + beta @ pull / 2), search.T @ (turned @ over + pull)

    # The loss alone is no reason to stop: where it is flat a slope may be left.
    options = {"gtol": _CLOSE, "ftol": 0.0, "maxiter": _ROUNDS}
    found = minimize(lose, np.zeros(len(start)), jac=True, method="L-BFGS-B", options=options)
    if np.abs(found.jac).max() > _FAR * _CLOSE:
        raise ValueError(f"the regression of {len(works) - len(test):,} paths did not settle in {_ROUNDS} rounds")
    return np.asarray(start + search @ found.x)


def bend_search(matrix: PathMatrix, beta: Floats) -> Floats:
    """Return directions, one a column, along which the loss of all paths has a curvature of about 1 at `beta`."""
    every = -(-len(matrix.known) // _MOST_BENT)
    some = matrix.x[::every]
    bend = matrix.penalise(np.empty(0, dtype=np.intp))
    for at in range(0, some.shape[0], _BLOCK):
        block = some[at : at + _BLOCK].toarray()
        chance = expit(block @ beta)
        bend += every * (block * (chance * (1 - chance))[:, None]).T @ block
    return np.asarray(np.linalg.inv(np.linalg.cholesky(bend)).T)


def _find_spread(variance: Floats) -> Floats:
    """Return the standard deviation; 1 where nothing differs but by rounding."""
    return np.sqrt(np.where(variance > _FLAT, variance, 1.0))
