"""Drawing scores and weights, chunk by chunk, so that neither threads nor further options change a draw."""

from __future__ import annotations

import os
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from smarthan.analysis.scoring.values import Floats, round_points

from .uncertainty import BINS, Outlook, look_out

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal

CHUNK = 4096
_MOST_THREADS = 4  # assumed: beyond this the chunks wait for memory, not for a processor
_BIN_SHIFT = 16 - (BINS.bit_length() - 1)  # from 16 random bits to a bin
Sums = TypeVar("Sums")
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class OptionModel:
    """One option, ready to be drawn.

    Attributes
    ----------
    id : str
    key : int
        What names its random stream.
    fixed : ndarray, shape (criteria,)
        Its certain points; 0 where uncertain.
    cells : tuple of (int, Outlook)
        Place of the criterion and outlook of each uncertain cell, in order of the criterion's id.
    tables : ndarray
        The tables of these cells, end to end.
    gates : tuple of (str, float)
        The gates not known to be passed, and their chances.
    """

    id: str
    key: int
    fixed: Floats
    cells: tuple[tuple[int, Outlook], ...]
    tables: Floats
    gates: tuple[tuple[str, float], ...]

    @property
    def columns(self) -> list[int]:
        """Places of the uncertain criteria."""
        return [column for column, _ in self.cells]


@dataclass(frozen=True)
class DrawModel:
    """The options still in the running as arrays, ready to be drawn.

    Attributes
    ----------
    options : tuple of OptionModel
    criteria : tuple of str
    baseline : int
        Place of the baseline among the options.
    expected, variance : ndarray, shape (options, criteria)
        Mean and variance of each cell's points.
    clipped : ndarray, shape (options, criteria)
        Share of each cell's draws that fell outside the agreed range and were counted at its end.
    """

    options: tuple[OptionModel, ...]
    criteria: tuple[str, ...]
    baseline: int
    expected: Floats
    variance: Floats
    clipped: Floats

    @property
    def names(self) -> list[str]:
        """The ids of the options."""
        return [option.id for option in self.options]

    @cached_property
    def chances(self) -> Floats:
        """Each option's chance of passing all gates."""
        return np.array([np.prod([chance for _, chance in option.gates]) for option in self.options])

    @cached_property
    def fixed(self) -> Floats:
        """Certain points, shape (options, criteria); 0 where uncertain."""
        return np.array([option.fixed for option in self.options])


def build_draw_model(appraisal: Appraisal) -> DrawModel:
    """Return the options of an appraisal that are not out, as arrays to draw from."""
    running = [option.id for option in appraisal.options if appraisal.gate_states[option.id].answer != "no"]
    shape = (len(running), len(appraisal.criteria))
    expected, variance, clipped = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    models = []
    for row, name in enumerate(running):
        known = [look_out(appraisal.cells[name, c.id], c, appraisal.spread) for c in appraisal.criteria]
        expected[row] = [outlook.mean for outlook in known]
        variance[row] = [outlook.variance for outlook in known]
        clipped[row] = [outlook.clipped for outlook in known]
        named = {criterion.id: outlook for criterion, outlook in zip(appraisal.criteria, known, strict=True)}
        models.append(_build_option(name, named, appraisal.gate_states[name].chances))
    criteria = tuple(criterion.id for criterion in appraisal.criteria)
    return DrawModel(tuple(models), criteria, running.index(appraisal.baseline), expected, variance, clipped)


def _build_option(name: str, known: Mapping[str, Outlook], chances: Mapping[str, float]) -> OptionModel:
    fixed = np.array([outlook.points[0] if outlook.is_certain else 0.0 for outlook in known.values()])
    places = {criterion: column for column, criterion in enumerate(known)}
    doubted = [criterion for criterion in sorted(known) if not known[criterion].is_certain]
    tables = np.concatenate([known[criterion].table for criterion in doubted]) if doubted else np.zeros(0)
    cells = tuple(
        (places[criterion], _share(known[criterion], tables[row * BINS : (row + 1) * BINS]))
        for row, criterion in enumerate(doubted)
    )
    gates = tuple((gate, chance) for gate, chance in sorted(chances.items()) if chance < 1)
    return OptionModel(name, zlib.crc32(name.encode()), fixed, cells, tables, gates)


def _share(outlook: Outlook, table: Floats) -> Outlook:
    # One copy of a table is enough: the points of a distribution are its table.
    points = table if outlook.points is outlook.table else outlook.points
    return replace(outlook, points=points, table=table)


def draw_option(option: OptionModel, seed: int, chunk: int) -> tuple[Floats, Bools]:
    """Draw one whole chunk of one option from a stream of its own, named by seed, chunk and its id.

    Returns
    -------
    tuple of (ndarray, ndarray)
        Points of its uncertain cells, shape (cells, CHUNK); whether it passed its gates, shape (CHUNK,).
    """
    stream = np.random.default_rng([seed, chunk, option.key])
    bins = stream.integers(0, 1 << 16, size=(len(option.cells), CHUNK), dtype=np.uint16) >> _BIN_SHIFT
    place = bins.astype(np.intp)
    place += BINS * np.arange(len(option.cells))[:, None]
    chances = np.array([chance for _, chance in option.gates])[:, None]
    passed = stream.random((len(option.gates), CHUNK)) < chances
    return option.tables.take(place), np.asarray(passed.all(axis=0))


def total_by_draw(model: DrawModel, seed: int, chunk: int, weights: Floats) -> tuple[Floats, Bools]:
    """Return one chunk's totals before gates and who passed, each of shape (options, CHUNK).

    `weights` has one column for each draw: shape (criteria, CHUNK).
    """
    fixed = model.fixed
    used = np.flatnonzero(fixed.any(axis=0))
    totals = np.einsum("ac,cn->an", fixed[:, used], weights[used])
    passed = np.empty(totals.shape, dtype=bool)
    for place, option in enumerate(model.options):
        points, passed[place] = draw_option(option, seed, chunk)
        totals[place] += np.einsum("cn,cn->n", points, weights[option.columns])
    return round_points(totals), passed


def total_by_set(model: DrawModel, seed: int, chunk: int, sets: Floats) -> tuple[Floats, Bools]:
    """Return one chunk's totals before gates for each weight set, and who passed.

    `sets` has one row for each set: shape (sets, criteria); the totals are (sets, options, CHUNK).
    """
    totals = np.empty((len(sets), len(model.options), CHUNK))
    passed = np.empty(totals.shape[1:], dtype=bool)
    for place, option in enumerate(model.options):
        points, passed[place] = draw_option(option, seed, chunk)
        totals[:, place] = np.einsum("sc,cn->sn", sets[:, option.columns], points)
        totals[:, place] += (sets @ option.fixed)[:, None]
    return round_points(totals), passed


def count_workers() -> int:
    """Return how many threads work unless somebody says: as many as there are processors, at most 4."""
    return min(_MOST_THREADS, os.cpu_count() or 1)


def stream_chunks(draws: int, threads: int, work: Callable[[int, int], Sums]) -> Iterator[Sums]:
    """Yield `work(chunk, draws in it)` in the order of the chunks, whatever the number of threads.

    No more than two chunks a thread are waiting, so that memory does not grow with the number of draws.
    """
    sizes = ((chunk, min(CHUNK, draws - first)) for chunk, first in enumerate(range(0, draws, CHUNK)))
    if threads == 1 or draws <= CHUNK:
        yield from (work(chunk, size) for chunk, size in sizes)
        return
    waiting: deque[Future[Sums]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for chunk, size in sizes:
            waiting.append(pool.submit(work, chunk, size))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
