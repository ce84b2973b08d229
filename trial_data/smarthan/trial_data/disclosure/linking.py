"""Tables that share cells laid on one lattice: who knows what, and what it would take to work a cell out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .attack import TOLERANCE, Attack
from .cells import CellTable, complete_figures
from .lattice import Lattice, span_lattice
from .primary import PrimaryRules


@dataclass
class Linked:
    """Some tables on one lattice.

    Attributes
    ----------
    lattice : Lattice
    tables : list of CellTable
        Those on the lattice.
    numbers : dict of str to array of int
        The cell of each row of each table.
    measures : list of str
        The column of each attack.
    attacks : list of Attack
        One a column that adds up.
    shown : array of bool
        In a table, and not hidden in what was given.
    known : array of bool
        Already out, and the same today.
    unsafe : array of bool
        So near to what is already out that the difference tells of few.
    hidden_before : array of bool
        Hidden by an earlier suppression of the same table.
    hidden_out : array of bool
        Hidden in a table that is out: what was hidden once stays hidden.
    primary : array of bool
        Unsafe in themselves; written when the pattern is chosen.
    """

    lattice: Lattice
    tables: list[CellTable]
    numbers: dict[str, np.ndarray]
    measures: list[str] = field(default_factory=list)
    attacks: list[Attack] = field(default_factory=list)
    shown: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    known: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    unsafe: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    hidden_before: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    hidden_out: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    primary: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))


def link_tables(tables: Sequence[CellTable], rules: PrimaryRules, total: str) -> Linked:
    """Lay tables on one lattice and set a reader to work on each column that adds up.

    Parameters
    ----------
    tables : sequence of CellTable
    rules : PrimaryRules
    total : str

    Returns
    -------
    Linked

    Raises
    ------
    ValueError
        When two tables differ in a cell, or the counts do not add up.

    Notes
    -----
    A table already out that agrees with the new ones in every cell they share was made from the same records: all its
    figures are known. If any differs, the records changed: then only the shared cells say something, and where no
    figure fell, a reader may take it that records were only added, so that no cell is less than it was.
    """
    new = [table for table in tables if not table.is_published]
    out = [table for table in tables if table.is_published]
    same = [table for table in out if _is_of_the_same_records(table, new, rules.count, total)]
    here = [*new, *same]
    lattice = span_lattice([(table.keys, table.dims) for table in here], total)
    linked = Linked(lattice, here, {table.name: lattice.number(table.keys) for table in here})
    linked.shown, linked.known, linked.hidden_before, linked.hidden_out, linked.unsafe, linked.primary = (
        np.zeros(lattice.size, dtype=bool) for _ in range(6)
    )
    for table in here:
        cells = linked.numbers[table.name]
        linked.shown[cells] = True
        linked.known[cells] |= table.is_published & ~np.isnan(table.figures[rules.count])
        linked.hidden_before[cells] |= table.status != "shown"
        linked.hidden_out[cells] |= table.is_published & np.isnan(table.figures[rules.count])
    least = np.zeros(lattice.size)
    for table in out:
        if table not in same:
            _compare_with(table, linked, new, rules, least)
    linked.shown &= ~linked.hidden_before
    _set_to_work(linked, rules, least)
    return linked


def _set_to_work(linked: Linked, rules: PrimaryRules, least: np.ndarray) -> None:
    """Complete each column and add an attack on it; contributors that do not add up cannot be attacked by sums."""
    for measure in rules.measures:
        known = gather_figures(linked, measure)
        try:
            table = complete_figures(linked.lattice, known, measure)
        except ValueError:
            if measure == rules.count:
                raise
            continue
        given = known[~np.isnan(known)]
        is_whole = bool(np.all(np.abs(given - np.round(given)) <= TOLERANCE))
        floor = np.minimum(least, table) if measure == rules.count else np.zeros(len(table))
        linked.measures.append(measure)
        linked.attacks.append(Attack(linked.lattice, table, floor, is_whole=is_whole))


def gather_figures(linked: Linked, measure: str) -> np.ndarray:
    """Return one column of all tables on the lattice, missing where no table gives it.

    Raises
    ------
    ValueError
        When two tables give different figures for one cell.
    """
    known = np.full(linked.lattice.size, np.nan)
    for table in linked.tables:
        if measure not in table.figures:
            continue
        cells, figures = linked.numbers[table.name], table.figures[measure]
        given = ~np.isnan(figures)
        differs = np.flatnonzero(given & (np.abs(known[cells] - figures) > TOLERANCE))
        if len(differs):
            cell = int(cells[differs[0]])
            raise ValueError(
                f"{measure}: the cell '{linked.lattice.name(cell)}' is {known[cell]:g} in one table and "
                f"{figures[differs[0]]:g} in '{table.name}'; tables suppressed together must be of the same records"
            )
        known[cells[given]] = figures[given]
    return known


def _shared(table: CellTable, new: Sequence[CellTable], count: str, total: str) -> list[tuple[float, float]]:
    """Return (figure out already, figure today) of every cell that both show."""
    today: dict[tuple[str, ...], float] = {}
    dims = sorted({dim for one in [table, *new] for dim in one.dims})
    for one in new:
        today |= dict(zip(_keys_over(one, dims, total), one.figures[count].tolist(), strict=True))
    before = zip(_keys_over(table, dims, total), table.figures[count].tolist(), strict=True)
    return [(old, today[key]) for key, old in before if key in today and not np.isnan(old) and not np.isnan(today[key])]


def _keys_over(table: CellTable, dims: Sequence[str], total: str) -> list[tuple[str, ...]]:
    columns = [table.keys[d].tolist() if d in table.dims else [total] * len(table.keys) for d in dims]
    return list(zip(*columns, strict=True))


def _is_of_the_same_records(table: CellTable, new: Sequence[CellTable], count: str, total: str) -> bool:
    return all(abs(old - now) <= TOLERANCE for old, now in _shared(table, new, count, total))


def _compare_with(
    table: CellTable, linked: Linked, new: Sequence[CellTable], rules: PrimaryRules, least: np.ndarray
) -> None:
    """Mark cells of changed records that are known, or tell by their difference of few who came or went."""
    lattice, total = linked.lattice, linked.lattice.total
    labels = {dim: {*own, total} for dim, own in lattice.labels.items()}
    known_labels = np.all([table.keys[dim].isin(labels[dim]) for dim in table.dims if dim in labels], axis=0)
    usable = known_labels & np.array([not np.isnan(old) for old in table.figures[rules.count]])
    cells = lattice.number(table.keys[usable])
    today = gather_figures(linked, rules.count)[cells]
    old = table.figures[rules.count][usable]
    shared = ~np.isnan(today)
    cells, old, today = cells[shared], old[shared], today[shared]
    change = np.abs(today - old)
    linked.known[cells[change <= TOLERANCE]] = True
    linked.unsafe[cells[(change > TOLERANCE) & (change < rules.threshold)]] = True
    if (today >= old - TOLERANCE).all():
        least[cells] = np.maximum(least[cells], old)
