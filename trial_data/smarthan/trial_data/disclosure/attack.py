"""What a reader can work out about hidden cells from the shown ones: an interval by linear programming.

A reader knows the shown cells, that parts add up to totals, and that nothing is below its least (0 for counts). Each
hidden cell then has a smallest and a largest possible value: two linear programmes. A programme is solved over
deviations from one table that fits, so that its right-hand side is 0 and one matrix serves for every question.

Every solution is itself a table that fits what is shown, and says something of all hidden cells at once. These tables
are kept: most cells are seen to be safe in what was found for others, and ask for no programme of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .lattice import Lattice

# HiGHS holds constraints to 1e-7; a count is whole, so a millionth never changes it.
TOLERANCE = 1e-6
# Tables kept at most before those that are extreme in no cell are dropped.
_MOST_TABLES = 256


@dataclass(frozen=True)
class Program:
    """The equations between hidden cells, split into parts that share no cell."""

    hidden: np.ndarray
    matrix: Any
    part_of: np.ndarray

    @classmethod
    def of(cls, lattice: Lattice, hidden: np.ndarray) -> Program:
        """Return the programme of the cells marked hidden."""
        from scipy.sparse import csgraph

        cells = np.flatnonzero(hidden)
        matrix = lattice.equations[:, cells].tocsr()
        matrix = matrix[np.diff(matrix.indptr) > 0]
        pattern = abs(matrix)
        _, parts = csgraph.connected_components(pattern.T @ pattern, directed=False)
        return cls(cells, matrix, parts)

    def around(self, cell: int) -> tuple[np.ndarray, Any]:
        """Return the hidden cells that a cell is tied to, itself among them, and the equations between them."""
        place = int(np.searchsorted(self.hidden, cell))
        inside = np.flatnonzero(self.part_of == self.part_of[place])
        matrix = self.matrix[:, inside]
        return self.hidden[inside], matrix[np.diff(matrix.indptr) > 0]

    def line_limit(self, cell: int, floor: np.ndarray) -> float:
        """Return how far up a cell could go if every other hidden part of one shown total went down to its least."""
        column = np.searchsorted(self.hidden, cell)
        starts = self.matrix.indptr[:-1]
        total_shown = np.minimum.reduceat(self.matrix.data, starts) > 0 if len(starts) else np.zeros(0, dtype=bool)
        lines = self.matrix[np.flatnonzero(total_shown)]
        room = lines @ -floor[self.hidden]
        holds = np.flatnonzero(lines[:, [column]].toarray().ravel())
        return float(room[holds].min() + floor[cell]) if len(holds) else np.inf


class Attack:
    """A reader at work on one measure of a table.

    Parameters
    ----------
    lattice : Lattice
    table : array of float
        One table that fits all that is known; the true one where it is at hand.
    least : array of float
        The least each cell can be.
    is_whole : bool
        Whether the measure is a count, so that limits may be rounded inwards.
    """

    def __init__(self, lattice: Lattice, table: np.ndarray, least: np.ndarray, *, is_whole: bool) -> None:
        self.lattice, self.table, self.is_whole = lattice, table, is_whole
        self.floor = np.minimum(least - table, 0.0)
        # More than any cell that shown ones bound can reach; a cell that gets so far has no upper limit.
        self.ceiling = 16.0 * (float(np.abs(table).sum()) + 100.0)
        self.found = np.zeros((1, lattice.size))

    def widths(self, found: np.ndarray | None = None) -> np.ndarray:
        """Return how wide each cell's interval is at least, from the tables found so far."""
        seen = self.found if found is None else found
        return self._width(self.table + seen.min(axis=0), self.table + seen.max(axis=0))

    def interval(self, program: Program, cell: int) -> tuple[float, float]:
        """Return the smallest and the largest value of a hidden cell; infinity where nothing holds it."""
        low = self._reach(program, cell, -1.0)
        high = self._reach(program, cell, +1.0)
        if high >= self.ceiling * (1 - TOLERANCE):
            high = np.inf
        return self._round(self.table[cell] + low, self.table[cell] + high)

    def width(self, program: Program, cell: int) -> float:
        """Return how wide the interval of a hidden cell is."""
        low, high = self.interval(program, cell)
        return high - low

    def keep(self, deviations: np.ndarray) -> None:
        """Remember a table that fits, as deviations from the first."""
        self.found = np.vstack([self.found, deviations])
        if len(self.found) > _MOST_TABLES:
            self.found = self.found[extreme_rows(self.found)]

    def found_with(self, cell: int) -> np.ndarray:
        """Return tables that fit when one more cell is shown: those found that agree, and mixtures of two."""
        here = self.found[:, cell]
        agrees = np.abs(here) <= TOLERANCE * 1e-3
        mixtures = [mixed for side in (1, -1) if (mixed := self._mix(here, cell, side)) is not None]
        agreeing = self.found[agrees]
        agreeing = np.vstack([agreeing, *mixtures])
        agreeing[:, cell] = 0.0
        return agreeing[extreme_rows(agreeing)]

    def _mix(self, here: np.ndarray, cell: int, side: int) -> np.ndarray | None:
        """Mix each table on one side of a cell's value with the farthest on the other, to the value itself."""
        off = np.flatnonzero(here * side > TOLERANCE)
        far = int(np.argmin(here * side))
        if not len(off) or here[far] * side >= -TOLERANCE:
            return None
        weight = (here[off] / (here[off] - here[far]))[:, np.newaxis]
        return np.asarray((1 - weight) * self.found[off] + weight * self.found[far])

    def _reach(self, program: Program, cell: int, side: float) -> float:
        """Push a hidden cell as far down (-1) or up (+1) as it goes; return its deviation."""
        limit = self.floor[cell] if side < 0 else program.line_limit(cell, self.floor)
        if (self.found[:, cell] * side).max() >= limit * side - TOLERANCE * 1e-3:
            return float(limit)  # a table found for another cell got there: no programme is needed
        cells, matrix = program.around(cell)
        place = int(np.searchsorted(cells, cell))
        cost = np.zeros(len(cells))
        cost[place] = -side
        bounds = np.column_stack([self.floor[cells], np.full(len(cells), np.inf)])
        bounds[place, 1] = self.ceiling
        moved = solve(cost, matrix, bounds)
        if moved is None:  # pragma: no cover - staying put always fits
            raise RuntimeError(f"no table fits around {self.lattice.name(cell)}; this is a fault of the software")
        deviations = np.zeros(self.lattice.size)
        deviations[cells] = moved
        self.keep(deviations)
        return float(moved[place])

    def _round(self, low: float, high: float) -> tuple[float, float]:
        if not self.is_whole:
            return float(low), float(high)
        return float(np.ceil(low - TOLERANCE)) + 0.0, float(np.floor(high + TOLERANCE)) + 0.0  # -0 is 0

    def _width(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        if not self.is_whole:
            return np.asarray(high - low)
        return np.asarray(np.floor(high + TOLERANCE) - np.ceil(low - TOLERANCE))


def solve(cost: np.ndarray, matrix: Any, bounds: np.ndarray) -> np.ndarray | None:
    """Return the cheapest deviations that keep every sum, or None when none do."""
    from scipy.optimize import linprog

    done = linprog(cost, A_eq=matrix, b_eq=np.zeros(matrix.shape[0]), bounds=bounds, method="highs")
    return None if done.x is None else np.asarray(done.x)


def extreme_rows(found: np.ndarray) -> np.ndarray:
    """Return the rows in which some column is smallest or largest, in order, the first row always among them."""
    return np.unique(np.concatenate([[0], found.argmin(axis=0), found.argmax(axis=0)]))
