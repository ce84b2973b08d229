"""SMAA-2: how often each option takes each rank over many draws of values and weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from smarthan.analysis.scoring.values import Floats

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Smaa:
    """Rank acceptability and its companions; an option that is never first has no central weights (nan).

    Attributes
    ----------
    rank_acceptability : ndarray, shape (options, ranks)
        Share of draws in which an option takes a rank; ties are split evenly. Rows and columns add to 1.
    first_rank : ndarray, shape (options,)
        Its first column.
    central_weights : ndarray, shape (options, criteria)
        Mean weights among the draws in which the option is first.
    confidence_factor : ndarray, shape (options,)
        Share of draws in which it is first when the weights are its central weights.
    pairwise : ndarray, shape (options, options)
        Share of draws in which the row's option scores higher than the column's, plus half the share equal.
    entropy : float [bit]
        Of whole rankings: 0 when every draw gives the same ranking.
    """

    rank_acceptability: Floats
    first_rank: Floats
    central_weights: Floats
    confidence_factor: Floats
    pairwise: Floats
    entropy: float


@dataclass(frozen=True)
class Ranked:
    """Totals of some draws, compared: for each option and draw, how many score strictly better, how many the same."""

    better: npt.NDArray[np.int16]
    equal: npt.NDArray[np.int16]
    wins: Ints

    @property
    def first_share(self) -> Floats:
        """1 where an option is first alone, 1/2 where it shares that with one other, ..., 0 where it is not first."""
        return np.where(self.better == 0, 1.0 / (self.equal + 1), 0.0)


def compare_totals(totals: Floats) -> Ranked:
    """Compare options draw by draw.

    Parameters
    ----------
    totals : ndarray of float, shape (options, draws)
        More is better; -inf takes the last places.

    Returns
    -------
    Ranked
        `wins[a, b]` counts the draws in which a scores strictly higher than b.
    """
    count = len(totals)
    better, worse = np.zeros(totals.shape, np.int16), np.zeros(totals.shape, np.int16)
    wins = np.zeros((count, count), np.int64)
    for place in range(count):
        beaten = totals[place] > totals
        better += beaten
        wins[place] = np.count_nonzero(beaten, axis=1)
        worse[place] = beaten.sum(axis=0, dtype=np.int16)
    return Ranked(better, (count - 1 - better - worse).astype(np.int16), wins)


def count_ranks(ranked: Ranked) -> Ints:
    """Count draws by option, number of strictly better options, and number of equal ones: whole numbers only."""
    count = len(ranked.better)
    code = (np.arange(count)[:, None] * count + ranked.better) * count + ranked.equal
    return np.bincount(code.ravel(), minlength=count**3).reshape(count, count, count)


def split_ties(counts: Ints) -> Floats:
    """Return how often each option takes each rank, a tie over m ranks counting 1/m in each of them.

    Examples
    --------
    >>> split_ties(count_ranks(compare_totals(np.array([[1.0, 2.0], [1.0, 1.0]])))).tolist()
    [[1.5, 0.5], [0.5, 1.5]]
    """
    count = len(counts)
    shares = np.zeros((count, count))
    for better in range(count):
        for equal in range(count - better):
            shares[:, better : better + equal + 1] += counts[:, better, equal, None] / (equal + 1)
    return shares


def smaa(values: npt.ArrayLike, weights: npt.ArrayLike) -> Smaa:
    """Return rank acceptabilities, central weights, confidence factors, pairwise wins and entropy of given draws.

    Parameters
    ----------
    values : array_like of float, shape (draws, options, criteria) or (options, criteria) [points]
        Value draws, or values that are certain.
    weights : array_like of float, shape (draws, criteria)
        Weight draws; each row is 0 or more and adds to 1.

    Returns
    -------
    Smaa

    Raises
    ------
    ValueError
        When shapes do not fit, a number is not finite, or a row of weights is negative or does not add to 1.

    References
    ----------
    Lahdelma, R. and Salminen, P. (2001), SMAA-2: stochastic multicriteria acceptability analysis for group decision
    making, Operations Research 49(3), doi:10.1287/opre.49.3.444.11220.

    Examples
    --------
    >>> result = smaa([[100, 0], [0, 100]], [[0.7, 0.3], [0.4, 0.6], [0.9, 0.1], [0.6, 0.4]])
    >>> result.first_rank, result.central_weights[0].round(3)
    (array([0.75, 0.25]), array([0.733, 0.267]))
    """
    table, shares = _check_draws(values, weights)
    totals = _total(table, shares)
    ranked = compare_totals(totals)
    draws = totals.shape[1]
    acceptability = split_ties(count_ranks(ranked)) / draws
    equal = draws - ranked.wins - ranked.wins.T
    central = _central_weights(ranked.first_share, shares)
    return Smaa(
        rank_acceptability=acceptability,
        first_rank=acceptability[:, 0],
        central_weights=central,
        confidence_factor=np.array([_confidence(table, row, place, draws) for place, row in enumerate(central)]),
        pairwise=np.where(np.eye(len(totals), dtype=bool), np.nan, (ranked.wins + equal / 2) / draws),
        entropy=_entropy(ranked),
    )


def _check_draws(values: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Floats, Floats]:
    table, shares = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if table.ndim not in (2, 3) or shares.ndim != 2 or table.shape[-1] != shares.shape[1]:
        raise ValueError(
            f"values {table.shape} and weights {shares.shape} do not fit: values are (draws, options, criteria) or "
            "(options, criteria), weights (draws, criteria)"
        )
    if table.ndim == 3 and len(table) != len(shares):
        raise ValueError(f"values holds {len(table)} draws and weights {len(shares)}; they must be the same")
    if not len(shares) or not (np.isfinite(table).all() and np.isfinite(shares).all()):
        raise ValueError("values and weights must be finite numbers, one draw at least")
    if (shares < 0).any() or (np.abs(shares.sum(axis=1) - 1) > 1e-9).any():
        raise ValueError("weights: each draw must be 0 or more and add to 1")
    return table, shares


def _total(table: Floats, shares: Floats) -> Floats:
    """Return totals, shape (options, draws)."""
    if table.ndim == 2:
        return table @ shares.T
    return np.asarray(np.einsum("nac,nc->an", table, shares))


def _central_weights(first: Floats, shares: Floats) -> Floats:
    count = first.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((first @ shares) / count[:, None])


def _confidence(table: Floats, central: Floats, place: int, draws: int) -> float:
    if np.isnan(central).any():
        return float("nan")
    ranked = compare_totals(_total(table, np.broadcast_to(central, (draws, len(central)))))
    return float(ranked.first_share[place].mean())


def _entropy(ranked: Ranked) -> float:
    _, counts = np.unique(ranked.better, axis=1, return_counts=True)
    share = counts / counts.sum()
    return float(-(share * np.log2(share)).sum() + 0.0)
