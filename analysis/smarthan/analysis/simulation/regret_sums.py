"""One pass over the draws for every stated weight set: perfect information, and the regret of every shortlist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import comb

import numpy as np

from smarthan.analysis.scoring.values import Floats

from .disagreement import expected_points
from .draws import DrawModel, stream_chunks, total_by_set

_MOST_SUBSETS = 20_000  # assumed: more shortlists than anybody reads; 12 options up to 6 make 2,509

Subset = tuple[int, ...]


@dataclass(frozen=True)
class RegretSums:
    """Sums over draws, one row for each weight set.

    Attributes
    ----------
    draws : int
    subsets : list of tuple of int
        Places of the options in each shortlist; the columns of the next three.
    regret, squares, hits : ndarray, shape (sets, subsets)
        Sums of regret and of its square [points], and in how many draws the best option was in the shortlist.
    above : ndarray, shape (options, options)
        In how many draws of the facts the row's option was above the column's under every weight set.
    """

    draws: int
    subsets: list[Subset]
    regret: Floats
    squares: Floats
    hits: Floats
    above: Floats

    def mean(self) -> Floats:
        """Return the mean regret [points]."""
        return self.regret / self.draws

    def error(self) -> Floats:
        """Return its standard error."""
        spread = np.maximum(self.squares / self.draws - self.mean() ** 2, 0)
        return np.asarray(np.sqrt(spread / self.draws))


def sum_regrets(
    model: DrawModel, sets: Floats, *, largest: int, among: Subset | None, draws: int, seed: int, threads: int
) -> RegretSums:
    """Stream the draws once and return the regret of every shortlist up to a size, for each weight set.

    Parameters
    ----------
    model : DrawModel
    sets : ndarray, shape (sets, criteria)
    largest : int
        The most options on a list.
    among : tuple of int or None
        Places of the options that may be listed; None takes all. Regret is against the best of all either way.
    draws, seed, threads : int

    Raises
    ------
    ValueError
        When there would be more than 20,000 shortlists.
    """
    places = tuple(range(len(model.options))) if among is None else among
    number = sum(comb(len(places), size) for size in range(1, largest + 1))
    if number > _MOST_SUBSETS:
        text = f"max_size {largest} of {len(places)} options makes {number:,} shortlists"
        raise ValueError(f"{text}, more than {_MOST_SUBSETS:,}; ask for a smaller size")
    subsets = list(_list_subsets(places, largest))
    total: list[Floats] = []
    for part in stream_chunks(draws, threads, partial(_sum_chunk, model, sets, seed, subsets)):
        total = [a + b for a, b in zip(total, part, strict=True)] if total else part
    regret, squares, hits, above = total
    return RegretSums(draws, subsets, regret, squares, hits, above)


def _list_subsets(places: Subset, largest: int) -> Iterator[Subset]:
    """Yield shortlists so that each follows the one it extends."""

    def extend(subset: Subset, rest: Subset) -> Iterator[Subset]:
        yield subset
        if len(subset) < largest:
            for at, place in enumerate(rest):
                yield from extend((*subset, place), rest[at + 1 :])

    for at, place in enumerate(places):
        yield from extend((place,), places[at + 1 :])


def _sum_chunk(model: DrawModel, sets: Floats, seed: int, subsets: list[Subset], chunk: int, size: int) -> list[Floats]:
    totals, passed = total_by_set(model, seed, chunk, sets)
    totals, passed = totals[:, :, :size], passed[:, :size]
    shape = (len(sets), len(subsets))
    regret, squares, hits = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for row, plain in enumerate(totals):
        worth = np.where(passed, plain, plain[model.baseline])
        _sum_subsets(worth, subsets, regret[row], squares[row], hits[row])
    totals[:, ~passed] = -np.inf
    above = [(totals[:, place, None] > totals).all(axis=0).sum(axis=1) for place in range(len(model.options))]
    return [regret, squares, hits, np.array(above, dtype=np.float64)]


def _sum_subsets(worth: Floats, subsets: list[Subset], regret: Floats, squares: Floats, hits: Floats) -> None:
    best = worth.max(axis=0)
    lost_by = best - worth
    within: dict[int, Floats] = {}
    for column, subset in enumerate(subsets):
        depth = len(subset)
        lost = lost_by[subset[-1]] if depth == 1 else np.minimum(within[depth - 1], lost_by[subset[-1]])
        within[depth] = lost
        regret[column] = lost.sum()
        squares[column] = lost @ lost
        hits[column] = len(lost) - np.count_nonzero(lost)


def leaders_by_set(model: DrawModel, sets: Floats) -> list[int]:
    """Return the option of highest expected points for each weight set."""
    return [int(np.argmax(expected_points(model, weights))) for weights in sets]
