"""A table with all its margins as one numbered block of cells, and the sums that hold between them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

# A programme over more cells would take minutes; tables that people read are far smaller.
MOST_CELLS = 50_000


@dataclass(frozen=True)
class Lattice:
    """Every combination of the labels of some dimensions, each dimension with its total last.

    Attributes
    ----------
    labels : dict of str to tuple of str
        Dimension to its labels, sorted, without the total.
    total : str
        The label of a total.
    possible : array of bool
        One a cell: False where no cell of the table lies in or under it, so that everybody knows it is 0.
    """

    labels: Mapping[str, tuple[str, ...]]
    total: str
    possible: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        """Labels a dimension, the total among them."""
        return tuple(len(labels) + 1 for labels in self.labels.values())

    @property
    def size(self) -> int:
        """Cells, margins included."""
        return math.prod(self.shape)

    def number(self, keys: pd.DataFrame) -> np.ndarray:
        """Return the number of the cell of each row; a dimension that a table lacks stands at its total."""
        places = []
        for dim, labels in self.labels.items():
            order = {label: place for place, label in enumerate([*labels, self.total])}
            column = keys[dim].map(order) if dim in keys else np.full(len(keys), len(labels))
            places.append(np.asarray(column, dtype="int64"))
        return np.asarray(np.ravel_multi_index(tuple(places), self.shape), dtype="int64")

    def name(self, cell: int) -> str:
        """Return a cell in words: its labels, dimension by dimension."""
        places = np.unravel_index(cell, self.shape)
        named = [
            f"{dim} {(*labels, self.total)[place]}"
            for (dim, labels), place in zip(self.labels.items(), places, strict=True)
        ]
        return ", ".join(named)

    @cached_property
    def equations(self) -> Any:
        """Sums as a sparse matrix, one row an equation: parts are 1, their total is -1, impossible parts left out."""
        from scipy import sparse

        grid = np.arange(self.size).reshape(self.shape)
        rows, columns, signs, above = [], [], [], 0
        for axis, length in enumerate(self.shape):
            lines = np.moveaxis(grid, axis, -1).reshape(-1, length)
            lines = lines[self.possible[lines[:, -1]]]
            rows.append(np.repeat(np.arange(above, above + len(lines)), length))
            columns.append(lines.ravel())
            signs.append(np.tile([1.0] * (length - 1) + [-1.0], len(lines)))
            above += len(lines)
        row, column, sign = (np.concatenate(parts) for parts in (rows, columns, signs))
        kept = self.possible[column]
        return sparse.csr_array((sign[kept], (row[kept], column[kept])), shape=(above, self.size))

    def add_up(self, inner: np.ndarray) -> np.ndarray:
        """Return all cells, given the inner ones: each total is the sum of its parts."""
        block = inner.reshape(tuple(length - 1 for length in self.shape))
        for axis in range(block.ndim):
            block = np.concatenate([block, block.sum(axis=axis, keepdims=True)], axis=axis)
        return np.asarray(block.reshape(-1))

    @cached_property
    def inner(self) -> np.ndarray:
        """The numbers of the cells that are no margin, in the order of their labels."""
        grid = np.arange(self.size).reshape(self.shape)
        return np.asarray(grid[tuple(slice(None, -1) for _ in self.shape)].ravel())


def span_lattice(tables: Sequence[tuple[pd.DataFrame, Sequence[str]]], total: str) -> Lattice:
    """Return the cells that some tables span together.

    Parameters
    ----------
    tables : sequence of (DataFrame, sequence of str)
        Each table, its dimensions as text, with the names of those.
    total : str
        The label of a total.

    Returns
    -------
    Lattice
        A combination that tables with inner cells leave out is impossible, unless a row of another table, or a total
        without parts, says that there is something there; where a table holds margins alone, nothing is known of what
        lies under them.

    Raises
    ------
    ValueError
        When the tables span more than 50,000 cells.
    """
    dims = list(dict.fromkeys(dim for _, own in tables for dim in own))
    labels: dict[str, tuple[str, ...]] = {}
    for dim in dims:
        found = {label for frame, own in tables if dim in own for label in frame[dim].unique()}
        labels[dim] = tuple(sorted(found - {total})) or ("",)  # totals alone: one unnamed part under them
    everything = Lattice(labels, total, np.ones(0, dtype=bool))
    if everything.size > MOST_CELLS:
        raise ValueError(
            f"dims: {', '.join(dims)} span {everything.size:,} cells with their margins; at most {MOST_CELLS:,} can be "
            "worked through. Publish fewer dimensions at once, or coarser ones"
        )
    held: dict[frozenset[str], np.ndarray] = {}
    for frame, own in tables:
        inner = frame[frame[list(own)].ne(total).all(axis="columns")]
        if len(inner):
            spread = _spread_over(labels, inner, own)
            held[frozenset(own)] = held.get(frozenset(own), False) | spread
    alive = np.ones([len(own) for own in labels.values()], dtype=bool)
    for spread in held.values():
        alive &= spread
    lattice = Lattice(labels, total, _add_margins(alive))
    for frame, _ in tables:
        cells = lattice.number(frame)
        for cell in cells[~lattice.possible[cells]].tolist():
            places = np.unravel_index(cell, lattice.shape)
            alive[
                tuple(slice(p, p + 1) if p < n else slice(None) for p, n in zip(places, alive.shape, strict=True))
            ] = True
    return Lattice(labels, total, _add_margins(alive))


def _add_margins(alive: np.ndarray) -> np.ndarray:
    """Return which cells are possible, margins included, one after the other: those over a possible inner cell."""
    for axis in range(alive.ndim):
        alive = np.concatenate([alive, alive.any(axis=axis, keepdims=True)], axis=axis)
    return alive.reshape(-1)


def _spread_over(labels: Mapping[str, tuple[str, ...]], inner: pd.DataFrame, own: Sequence[str]) -> np.ndarray:
    """Return which inner combinations a table holds, broadcast over the dimensions that it lacks."""
    here = [dim for dim in labels if dim in own]
    present = np.zeros([len(labels[dim]) for dim in here], dtype=bool)
    present[tuple(np.searchsorted(labels[dim], inner[dim].to_numpy(dtype="U")) for dim in here)] = True
    return present.reshape([len(labels[dim]) if dim in here else 1 for dim in labels])
