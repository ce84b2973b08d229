"""Would another method change the shortlist? Three that people ask for; never the main answer.

TOPSIS and PROMETHEE II depend on which options are listed, which the additive model on agreed ranges does not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .values import Floats, normalise_weights

# Saaty's random consistency index for n = 3 to 10; candidate-scoring rules, section 4 (above 3 unverified).
_RANDOM_INDEX = {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49}


def topsis(matrix: npt.ArrayLike, weights: npt.ArrayLike, objectives: Sequence[str]) -> Floats:
    """Return each option's closeness to the ideal by TOPSIS.

    Parameters
    ----------
    matrix : array_like of float, shape (options, criteria)
        Scores in any units; no column all 0.
    weights : array_like of float, shape (criteria,)
    objectives : sequence of {"max", "min"}
        Which end of each criterion is better; costs stay costs.

    Returns
    -------
    ndarray of float, shape (options,)
        0 to 1; more is better.

    Raises
    ------
    ValueError
        When shapes, weights or objectives do not fit, or a column is all 0.

    References
    ----------
    Hwang, C.-L. and Yoon, K. (1981), Multiple Attribute Decision Making, Springer, doi:10.1007/978-3-642-48318-9.

    Examples
    --------
    >>> topsis([[1, 4], [2, 3]], [1, 1], ["min", "max"]).round(3)
    array([1., 0.])
    """
    table, shares, signs = _check_matrix(matrix, weights, objectives)
    length = np.sqrt((table**2).sum(axis=0))
    if (length == 0).any():
        raise ValueError("matrix: a criterion is 0 for every option, so it cannot be scaled; leave it out")
    scaled = table / length * shares * signs
    to_best = np.sqrt(((scaled - scaled.max(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((scaled - scaled.min(axis=0)) ** 2).sum(axis=1))
    total = to_best + to_worst
    return np.divide(to_worst, total, out=np.full(len(total), 0.5), where=total > 0)


def promethee2(matrix: npt.ArrayLike, weights: npt.ArrayLike, objectives: Sequence[str]) -> Floats:
    """Return each option's net flow by PROMETHEE II with the usual preference (better is better, by however little).

    Parameters
    ----------
    matrix, weights, objectives
        As for `topsis`.

    Returns
    -------
    ndarray of float, shape (options,)
        -1 to 1; more is better; adds to 0.

    Raises
    ------
    ValueError
        When shapes, weights or objectives do not fit, or there are fewer than two options.

    References
    ----------
    Brans, J.-P. and Vincke, P. (1985), A preference ranking organisation method, Management Science 31(6),
    doi:10.1287/mnsc.31.6.647.

    Examples
    --------
    >>> promethee2([[3, 1], [2, 2]], [3, 1], ["max", "max"])
    array([ 0.5, -0.5])
    """
    table, shares, signs = _check_matrix(matrix, weights, objectives)
    if len(table) < 2:
        raise ValueError("matrix: a comparison needs two options at least")
    better = (table * signs)[:, None, :] > (table * signs)[None, :, :]
    preference = better @ shares
    return np.asarray((preference.sum(axis=1) - preference.sum(axis=0)) / (len(table) - 1))


def _check_matrix(
    matrix: npt.ArrayLike, weights: npt.ArrayLike, objectives: Sequence[str]
) -> tuple[Floats, Floats, Floats]:
    table, shares = np.asarray(matrix, dtype=np.float64), normalise_weights(weights)
    if table.ndim != 2 or not len(table) or table.shape[1] != len(shares) or len(objectives) != len(shares):
        raise ValueError(
            f"matrix {table.shape}, {len(shares)} weights and {len(objectives)} objectives do not fit: "
            "matrix is options x criteria, with one weight and one objective for each criterion"
        )
    if not np.isfinite(table).all():
        raise ValueError("matrix must be finite numbers")
    unknown = sorted({word for word in objectives if word not in ("max", "min")})
    if unknown:
        raise ValueError(f"objectives: {', '.join(map(repr, unknown))} is not known; allowed: 'max', 'min'")
    return table, shares, np.where(np.asarray(objectives) == "max", 1.0, -1.0)


def ahp_weights(matrix: npt.ArrayLike) -> tuple[Floats, float]:
    """Return the weights of a pairwise comparison matrix, and its consistency ratio.

    Parameters
    ----------
    matrix : array_like of float, shape (n, n)
        Entry (i, j) says how many times i is as important as j; reciprocal, n up to 10.

    Returns
    -------
    tuple of (ndarray, float)
        Weights that add to 1 (the principal eigenvector); the ratio (0 for n up to 2). Above 0.10 the judgements
        contradict each other, and a warning says so.

    Raises
    ------
    ValueError
        When the matrix is not square, positive and reciprocal, or larger than 10.

    References
    ----------
    Saaty, T. L. (1977), A scaling method for priorities in hierarchical structures, Journal of Mathematical Psychology
    15(3), doi:10.1016/0022-2496(77)90033-5.

    Examples
    --------
    >>> weights, ratio = ahp_weights([[1, 3], [1 / 3, 1]])
    >>> weights.round(2), ratio
    (array([0.75, 0.25]), 0.0)
    """
    table = np.asarray(matrix, dtype=np.float64)
    size = len(table)
    if table.ndim != 2 or table.shape != (size, size) or not 1 <= size <= max(_RANDOM_INDEX):
        raise ValueError(f"matrix must be square, of 1 to {max(_RANDOM_INDEX)} rows; got shape {table.shape}")
    if not np.isfinite(table).all() or (table <= 0).any() or not np.allclose(table * table.T, 1, atol=1e-6):
        raise ValueError("matrix must be positive and reciprocal: entry (j, i) is 1 / entry (i, j)")
    values, vectors = np.linalg.eig(table)
    lead = int(np.argmax(values.real))
    vector = np.abs(vectors[:, lead].real)
    if size not in _RANDOM_INDEX:
        return vector / vector.sum(), 0.0
    ratio = max(float(values[lead].real - size) / ((size - 1) * _RANDOM_INDEX[size]), 0.0)
    if ratio > 0.10:
        _warn_inconsistent(ratio)
    return vector / vector.sum(), ratio


def _warn_inconsistent(ratio: float) -> None:
    import warnings

    text = f"the comparisons contradict each other: consistency ratio {ratio:.2f} is above 0.10; look at them again"
    warnings.warn(text, UserWarning, stacklevel=3)
