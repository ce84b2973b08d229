"""Drawing scores and weights, chunk by chunk, so that neither threads nor further options change a draw."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from smarthan.analysis.scoring.values import Floats

from .uncertainty import value_points

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal

CHUNK = 4096
Sums = TypeVar("Sums")


@dataclass(frozen=True)
class OptionModel:
    """One option: its certain points by criterion (0 where uncertain), its uncertain cells, and its open gates."""

    id: str
    key: int
    fixed: Floats
    cells: tuple[tuple[int, Floats], ...]
    gates: tuple[tuple[str, float], ...]


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

    @property
    def chances(self) -> Floats:
        """Each option's chance of passing all gates."""
        return np.array([np.prod([chance for _, chance in option.gates]) for option in self.options])


@dataclass(frozen=True)
class DrawnChunk:
    """Drawn points of each option's uncertain cells, and whether it passed its gates, for one chunk of draws."""

    cells: tuple[tuple[tuple[int, Floats], ...], ...]
    passed: npt.NDArray[np.bool_]


def build_draw_model(appraisal: Appraisal) -> DrawModel:
    """Return the options of an appraisal that are not out, as arrays to draw from."""
    running = [option.id for option in appraisal.options if appraisal.gate_states[option.id].answer != "no"]
    shape = (len(running), len(appraisal.criteria))
    expected, variance, clipped = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    models = []
    for row, name in enumerate(running):
        cells = []
        for column, criterion in enumerate(appraisal.criteria):
            judged = appraisal.cells[name, criterion.id]
            points, clipped[row, column] = value_points(judged, criterion, appraisal.spread)
            expected[row, column], variance[row, column] = points.mean(), points.var()
            cells.append((criterion.id, column, points))
        models.append(_build_option(name, cells, appraisal.gate_states[name].chances))
    criteria = tuple(criterion.id for criterion in appraisal.criteria)
    return DrawModel(tuple(models), criteria, running.index(appraisal.baseline), expected, variance, clipped)


def _build_option(name: str, cells: list[tuple[str, int, Floats]], chances: object) -> OptionModel:
    fixed = np.array([points[0] if len(points) == 1 else 0.0 for _, _, points in cells])
    uncertain = tuple((column, points) for _, column, points in sorted(cells, key=lambda c: c[0]) if len(points) > 1)
    gates = tuple((gate, chance) for gate, chance in sorted(dict(chances).items()) if chance < 1)  # type: ignore[call-overload]
    return OptionModel(name, zlib.crc32(name.encode()), fixed, uncertain, gates)


def draw_chunk(model: DrawModel, seed: int, chunk: int) -> DrawnChunk:
    """Draw one whole chunk; each option has a stream of its own, named by seed, chunk and its id."""
    drawn = []
    passed = np.ones((len(model.options), CHUNK), dtype=bool)
    for place, option in enumerate(model.options):
        stream = np.random.default_rng([seed, chunk, option.key])
        rows = len(option.cells) + len(option.gates)
        raw = stream.integers(0, 1 << 32, size=(rows, CHUNK), dtype=np.uint32).astype(np.uint64)
        drawn.append(
            tuple(
                (column, points[(row * np.uint64(len(points))) >> np.uint64(32)])
                for (column, points), row in zip(option.cells, raw, strict=False)
            )
        )
        for (_, chance), row in zip(option.gates, raw[len(option.cells) :], strict=True):
            passed[place] &= row < chance * (1 << 32)
    return DrawnChunk(tuple(drawn), passed)


def total_chunk(model: DrawModel, drawn: DrawnChunk, weights: Floats) -> Floats:
    """Return totals before gates, shape (options, CHUNK), for weights of shape (criteria,) or (criteria, CHUNK)."""
    fixed = np.array([option.fixed for option in model.options])
    totals = np.zeros((len(model.options), CHUNK))
    for column in range(fixed.shape[1]):
        if fixed[:, column].any():
            totals += fixed[:, column, None] * weights[column]
    for place, cells in enumerate(drawn.cells):
        for column, points in cells:
            totals[place] += weights[column] * points
    return totals


def stream_chunks(draws: int, threads: int, work: Callable[[int, int], Sums], *, start: int = 0) -> Iterator[Sums]:
    """Yield `work(chunk, draws in it)` in the order of the chunks, whatever the number of threads."""
    sizes = [min(CHUNK, draws - first) for first in range(0, draws, CHUNK)]
    numbers = range(start, start + len(sizes))
    if threads == 1:
        yield from map(work, numbers, sizes)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(work, numbers, sizes)
