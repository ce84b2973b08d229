"""The cells of a published table: read, checked, laid on a lattice, completed where some are not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .attack import TOLERANCE
from .lattice import Lattice

WORD = "suppressed"
STATUSES = ("shown", "primary", "secondary")


@dataclass(frozen=True)
class CellTable:
    """One table as given, with its keys as text and its figures as numbers.

    Attributes
    ----------
    name : str
        What a message calls it.
    frame : DataFrame
        As given.
    dims : tuple of str
    keys : DataFrame
        The dimensions as text.
    status : array of str
        "shown", or what an earlier suppression wrote.
    figures : dict of str to array of float
        The measures, missing where hidden.
    is_published : bool
        Whether it is out already: its figures are known and cannot be hidden any more.
    """

    name: str
    frame: pd.DataFrame
    dims: tuple[str, ...]
    keys: pd.DataFrame
    status: np.ndarray
    figures: dict[str, np.ndarray]
    is_published: bool = False


def read_cells(
    name: str, frame: pd.DataFrame, dims: Sequence[str], measures: Sequence[str], *, is_published: bool = False
) -> CellTable:
    """Check a table of cells and read it.

    Raises
    ------
    KeyError
        When a column is not there.
    ValueError
        When a label is missing, a cell stands twice, or a figure is missing, negative, infinite or no number.
    """
    named = list(dims)
    if not named or len(set(named)) != len(named):
        raise ValueError(f"dims: {named} must name at least one column, each once")
    require_columns(name, frame, [*named, *measures])
    for dim in named:
        if frame[dim].isna().any():
            row = frame.index[frame[dim].isna()][0]
            raise ValueError(f"{name}: '{dim}' is empty in row {row!r}; each cell needs a label in every dimension")
    keys = pd.DataFrame({dim: frame[dim].astype("str").to_numpy(dtype=object) for dim in named}, index=frame.index)
    twice = keys.duplicated()
    if twice.any():
        cell = describe_cell(keys[twice].iloc[0])
        raise ValueError(f"{name}: the cell {cell} stands twice; give one row a cell")
    status = _read_status(name, frame, is_published=is_published)
    figures = {
        measure: _read_figures(name, frame, keys, measure, status, is_published=is_published) for measure in measures
    }
    return CellTable(name, frame, tuple(named), keys, status, figures, is_published)


def require_columns(name: str, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse a table that lacks a column.

    Raises
    ------
    KeyError
        Naming what is missing and what there is.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise KeyError(f"{name}: no column {', '.join(missing)}; it has {', '.join(map(str, frame.columns))}")


def describe_cell(keys: pd.Series) -> str:
    """Return a cell in words: its labels, dimension by dimension."""
    return "'" + ", ".join(f"{dim} {label}" for dim, label in keys.items()) + "'"


def complete_figures(lattice: Lattice, known: np.ndarray, what: str) -> np.ndarray:
    """Return one table that fits all known figures, after checking that they add up.

    Parameters
    ----------
    lattice : Lattice
    known : array of float
        One a cell, missing where not known.
    what : str
        The measure, for messages.

    Raises
    ------
    ValueError
        Naming a total that is not the sum of its parts; or when hidden figures of 0 or more cannot make up the totals.
    """
    inner = known[lattice.inner]
    impossible = ~lattice.possible
    if not np.isnan(np.where(impossible[lattice.inner], 0.0, inner)).any():
        whole = lattice.add_up(np.where(impossible[lattice.inner], 0.0, inner))
        wrong = np.flatnonzero(~np.isnan(known) & ~_agree(known, whole))
        if len(wrong):
            cell = min(wrong.tolist(), key=lambda cell: _depth(lattice, cell))  # the finest is the one to look at
            raise ValueError(_say_unequal(lattice, cell, known[cell], whole[cell], what))
        return np.where(np.isnan(known), whole, known)
    return _fit_figures(lattice, np.where(impossible, 0.0, known), what)


def _fit_figures(lattice: Lattice, known: np.ndarray, what: str) -> np.ndarray:
    """Return a table of figures of 0 or more that agrees with the known ones."""
    from scipy.optimize import linprog

    equations = lattice.equations
    unknown = np.isnan(known)
    filled = np.where(unknown, 0.0, known)
    sums = equations @ filled
    settled = (abs(equations) @ unknown.astype(float)) == 0
    off = np.flatnonzero(settled & (np.abs(sums) > TOLERANCE * np.maximum(1.0, abs(equations) @ filled)))
    if len(off):
        tops = [int(line.indices[line.data < 0][0]) for line in (equations[[place]] for place in off.tolist())]
        cell, gap = min(zip(tops, sums[off].tolist(), strict=True), key=lambda found: _depth(lattice, found[0]))
        raise ValueError(_say_unequal(lattice, cell, filled[cell], filled[cell] + gap, what))
    matrix = equations[~settled][:, np.flatnonzero(unknown)]
    done = linprog(np.zeros(int(unknown.sum())), A_eq=matrix, b_eq=-sums[~settled], bounds=(0, None), method="highs")
    if done.x is None:
        raise ValueError(f"{what}: no figures of 0 or more for the hidden cells make up the totals shown; check them")
    filled[unknown] = done.x
    return filled


def _read_status(name: str, frame: pd.DataFrame, *, is_published: bool) -> np.ndarray:
    if is_published or "status" not in frame.columns:
        return np.full(len(frame), "shown", dtype=object)
    status = frame["status"].astype("str").to_numpy(dtype=object)
    strange = sorted(set(status) - set(STATUSES))
    if strange:
        raise ValueError(
            f"{name}: the column 'status' holds {strange[0]!r}; it is kept for {', '.join(STATUSES)}. Rename yours"
        )
    return status


def _read_figures(
    name: str, frame: pd.DataFrame, keys: pd.DataFrame, measure: str, status: np.ndarray, *, is_published: bool
) -> np.ndarray:
    column = frame[measure]
    if is_published and not pd.api.types.is_numeric_dtype(column.dtype):
        column = column.mask(column.astype("str").eq(WORD))
    if pd.api.types.is_bool_dtype(column.dtype):
        raise ValueError(f"{name}: '{measure}' holds yes and no; counts are needed")
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    hidden = np.full(len(frame), is_published) | (status != "shown")
    bad = np.flatnonzero(
        (np.isnan(numbers) & ~hidden) | (column.notna().to_numpy() & ~(numbers >= 0)) | np.isinf(numbers)
    )
    if len(bad):
        cell = describe_cell(keys.iloc[bad[0]])
        raise ValueError(
            f"{name}: '{measure}' is {column.tolist()[bad[0]]!r} in the cell {cell}; a number of 0 or more is needed. "
            "A cell hidden by an earlier suppression keeps its column 'status'"
        )
    return np.where(status == "shown", numbers, np.nan)


def _agree(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(one - other) <= TOLERANCE * np.maximum(1.0, np.abs(other)))


def _depth(lattice: Lattice, cell: int) -> int:
    """Return in how many dimensions a cell is a total."""
    places = np.unravel_index(cell, lattice.shape)
    return sum(int(place) == length - 1 for place, length in zip(places, lattice.shape, strict=True))


def _say_unequal(lattice: Lattice, cell: int, said: float, sums: float, what: str) -> str:
    return (
        f"{what}: the cell '{lattice.name(cell)}' is {said:g}, and what lies under it adds up to {sums:g}. Give totals "
        "that add up, or leave them out"
    )
