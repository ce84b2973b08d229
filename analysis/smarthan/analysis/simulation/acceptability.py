"""SMAA-2: how often each option takes each rank over many draws of values and weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, reduce

import numpy as np
import numpy.typing as npt

from smarthan.analysis.scoring.values import LEVEL, Floats, round_points

from .draws import CHUNK, count_workers, stream_chunks

Ints = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int8 | np.int16]
Ranks = dict[int, Ints]
_SUM_TOLERANCE = 1e-6  # weights drawn in single precision add to 1 within 1e-7
_MOST_NUMBERS = 1 << 62
_FEW_DRAWS = 1024  # products so small that the linear algebra library starts no threads for them
_NOT_FINITE = "values and weights must be finite numbers, one draw at least"


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

    better: Counts
    equal: Counts
    wins: Ints

    @property
    def first_share(self) -> Floats:
        """1 where an option is first alone, 1/2 where it shares that with one other, ..., 0 where it is not first."""
        return np.where(self.better == 0, 1 / (self.equal + 1.0), 0.0)


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
    small = np.int8 if count < 128 else np.int16  # the least that holds a rank: eight options to a word
    better, worse = np.zeros(totals.shape, small), np.zeros(totals.shape, small)
    wins = np.zeros((count, count), np.int64)
    for place in range(count):
        beaten = totals[place] > totals
        better += beaten.view(np.int8)
        wins[place] = [np.count_nonzero(row) for row in beaten]
        worse[place] = beaten.view(np.int8).sum(axis=0, dtype=small)
    return Ranked(better, count - 1 - better - worse, wins)


def count_ranks(ranked: Ranked) -> Ranks:
    """Count draws by how many options are equal, then by option and number of strictly better ones."""
    count = len(ranked.better)
    code = np.arange(count)[:, None] * count + ranked.better
    if not ranked.equal.any():
        return {0: np.bincount(code.ravel(), minlength=count**2).reshape(count, count)}
    counts = {}
    for equal in np.flatnonzero(np.bincount(ranked.equal.ravel())):
        chosen = code[ranked.equal == equal]
        counts[int(equal)] = np.bincount(chosen, minlength=count**2).reshape(count, count)
    return counts


def add_ranks(one: Ranks, other: Ranks) -> Ranks:
    """Return the counts of two parts together."""
    total = dict(one)
    for equal, counts in other.items():
        total[equal] = total[equal] + counts if equal in total else counts
    return total


def split_ties(counts: Ranks) -> Floats:
    """Return how often each option takes each rank, a tie over m ranks counting 1/m in each of them.

    Examples
    --------
    >>> split_ties(count_ranks(compare_totals(np.array([[1.0, 2.0], [1.0, 1.0]])))).tolist()
    [[1.5, 0.5], [0.5, 1.5]]
    """
    shares = np.zeros(next(iter(counts.values())).shape)
    for equal, table in counts.items():
        for better in range(len(shares) - equal):
            shares[:, better : better + equal + 1] += table[:, better, None] / (equal + 1)
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
    draws = len(shares)
    parts = list(stream_chunks(draws, count_workers(), partial(_compare_part, table, shares)))
    acceptability = split_ties(reduce(add_ranks, (count_ranks(part) for part, _ in parts))) / draws
    wins = np.sum([part.wins for part, _ in parts], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        central = np.sum([first for _, first in parts], axis=0) / (acceptability[:, :1] * draws)
    return Smaa(
        rank_acceptability=acceptability,
        first_rank=acceptability[:, 0],
        central_weights=central,
        confidence_factor=_confidence(table, central),
        pairwise=np.where(np.eye(len(wins), dtype=bool), np.nan, (wins + (draws - wins.T)) / 2 / draws),
        entropy=_entropy(np.concatenate([part.better for part, _ in parts], axis=1)),
    )


def _compare_part(table: Floats, shares: Floats, chunk: int, size: int) -> tuple[Ranked, Floats]:
    """Return the comparison of one chunk of draws, and the sum of weights with which each option is first."""
    part = slice(chunk * CHUNK, chunk * CHUNK + size)
    weights = np.ascontiguousarray(shares[part].T)
    formula = "ac,cn->an" if table.ndim == 2 else "nac,cn->an"
    totals = np.einsum(formula, table if table.ndim == 2 else table[part], weights)
    if not np.isfinite(totals).all():
        raise ValueError(_NOT_FINITE)
    ranked = compare_totals(round_points(totals))
    return ranked, np.einsum("an,cn->ac", ranked.first_share, weights)


def _check_draws(values: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Floats, Floats]:
    table, shares = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if table.ndim not in (2, 3) or shares.ndim != 2 or table.shape[-1] != shares.shape[1]:
        raise ValueError(
            f"values {table.shape} and weights {shares.shape} do not fit: values are (draws, options, criteria) or "
            "(options, criteria), weights (draws, criteria)"
        )
    if table.ndim == 3 and len(table) != len(shares):
        raise ValueError(f"values holds {len(table)} draws and weights {len(shares)}; they must be the same")
    if not len(shares) or not np.isfinite(shares).all():
        raise ValueError(_NOT_FINITE)
    if (shares < 0).any() or (np.abs(shares.sum(axis=1) - 1) > _SUM_TOLERANCE).any():
        raise ValueError("weights: each draw must be 0 or more and add to 1")
    if table.shape[-2] < 2:
        raise ValueError(f"values holds {table.shape[-2]} option(s); a ranking needs two at least")
    return table, shares


def _confidence(table: Floats, central: Floats) -> Floats:
    """Return how often each option is first at its own central weights."""
    found = np.full(len(central), np.nan)
    places = np.flatnonzero(~np.isnan(central[:, 0]))
    whole = table[None] if table.ndim == 2 else table
    work = partial(_sum_first, whole, central[places], places)
    found[places] = sum(stream_chunks(len(whole), count_workers(), work)) / len(whole)
    return found


def _sum_first(table: Floats, central: Floats, places: npt.NDArray[np.intp], chunk: int, size: int) -> Floats:
    drawn = table[chunk * CHUNK : chunk * CHUNK + size]
    parts = (drawn[start : start + _FEW_DRAWS] for start in range(0, size, _FEW_DRAWS))
    return np.sum([_share_first(_weigh(part, central), places) for part in parts], axis=0)


def _weigh(values: Floats, weights: Floats) -> Floats:
    """Return totals of some draws by several weights, shape (options, weights, draws)."""
    totals = np.empty((values.shape[1], len(weights), len(values)))
    for option, out in enumerate(totals):
        np.dot(weights, values[:, option].T, out=out)
    return totals


def _share_first(totals: Floats, places: npt.NDArray[np.intp]) -> Floats:
    """Return how often each place is first by its own weights, ties in shares; totals as `_weigh` gives them."""
    least = totals.max(axis=0) - LEVEL
    own = totals[places, np.arange(len(places))] >= least
    return np.asarray((own / np.count_nonzero(totals >= least, axis=0)).sum(axis=1))


def _entropy(better: Counts) -> float:
    """Return the entropy of whole rankings: each is given a number, option by option."""
    count = len(better)
    number = np.zeros(better.shape[1], dtype=np.int64)
    room = 1
    for row in better:
        if room * count > _MOST_NUMBERS:
            number, room = np.unique(number, return_inverse=True)[1], better.shape[1]
        number, room = number * count + row, room * count
    share = np.unique(number, return_counts=True)[1] / len(number)
    return float(-(share * np.log2(share)).sum() + 0.0)
