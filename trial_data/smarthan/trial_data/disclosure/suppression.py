"""Cells hidden so that nobody can work them out: one table, or several that share figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .attack import Program
from .cells import CellTable, read_cells, require_columns
from .defaults import RULES
from .linking import Linked, link_tables
from .pattern import Pattern
from .primary import PrimaryRules, as_names, find_primary


@dataclass(frozen=True)
class Suppressed:
    """A table with its unsafe cells hidden, and the proof.

    Attributes
    ----------
    table : DataFrame
        As given, with `status` {shown, primary, secondary}; the values of hidden cells are missing. Who publishes it
        writes the word "suppressed" and leaves `status` out (`publish` does): which cells are primary tells something.
    audit : DataFrame
        One row a hidden cell: its labels, status, low and high (what a reader can work out of `count`), width,
        protection (what width had to be), is_protected; `<column>_low` and `_high` for further columns that add up.
        Not for publication.
    endangered : tuple of str
        Cells hidden in tables already out that could be worked out once this one is published too.
    """

    table: pd.DataFrame
    audit: pd.DataFrame
    endangered: tuple[str, ...] = ()

    @property
    def narrowest(self) -> float:
        """Width of the narrowest interval of a hidden cell; infinity when none is hidden."""
        return float(self.audit["width"].min()) if len(self.audit) else float("inf")

    @property
    def is_safe(self) -> bool:
        """Whether every hidden cell reached its protection, here and in tables already out."""
        return bool(self.audit["is_protected"].all()) and not self.endangered


def suppress(
    table: pd.DataFrame,
    *,
    dims: Sequence[str],
    count: str,
    contributors: str | Sequence[str] | None = None,
    largest: str | None = None,
    threshold: float = RULES.threshold,
    dominance: float = RULES.dominance,
    total: str = "Total",
    protection: float | None = None,
    second_largest: str | None = None,
    two_largest: float = RULES.two_largest,
    p_percent: float = RULES.p_percent,
    shares: str | Sequence[str] | None = None,
    small_group: float = RULES.small_group,
    values: Sequence[str] | None = None,
    earlier: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> Suppressed:
    """Hide the unsafe cells of a table, and as many others as it takes that none can be worked out.

    Parameters
    ----------
    table : DataFrame
        Long form, one row a cell. Totals are rows with `total` in a dimension; each may be there or not. A combination
        of labels that the table leaves out is taken as impossible, known to be 0.
    dims : sequence of str
        The columns of labels, one or more.
    count : str
        The column of figures, 0 or more, that add up to the totals [count].
    contributors : str or sequence of str, optional
        Columns that count who stands behind a cell (buildings beside dwellings), held against the threshold too.
    largest, second_largest : str, optional
        Columns: what the largest building, and the second largest, make up of `count`.
    threshold : float
        A cell with fewer is hidden, zero included [count].
    dominance, two_largest : float
        Most that the largest building, and the two largest, may make up of a cell (0 to 1).
    total : str
        The label of a total.
    protection : float, optional
        How wide the interval of every hidden cell must be at least; None takes the threshold [count].
    p_percent : float
        Least remainder of a cell beside its two largest buildings [per cent of the largest].
    shares : str or sequence of str, optional
        Columns of shares (0 to 1): a cell in which one is 0 or 1 is hidden when it has fewer than `small_group`
        contributors, since that tells something of every one of them.
    small_group : float
        See `shares` [count].
    values : sequence of str, optional
        Columns to empty in hidden cells; None empties all but the labels, so that no share or interval made from a
        hidden figure stays behind.
    earlier : DataFrame or sequence of DataFrame
        What is out already, in the same form: hidden figures missing or the word "suppressed".

    Returns
    -------
    Suppressed
        table, in the order given, and audit.

    Raises
    ------
    KeyError
        When a column is not there.
    ValueError
        When cells stand twice, figures are missing or below 0, or a total is not the sum of its parts (it is named).

    Notes
    -----
    What holds afterwards: with the cells shown, the sums, and figures of 0 or more, the smallest and the largest
    possible value of every hidden cell are at least `protection` apart, by linear programming; whole limits when the
    figures are whole. Whatever protection is reached by hiding totals, they are hidden. With the default protection
    every such interval holds values above the threshold, so that a reader who knows the rules cannot tell a primary
    cell from a secondary one by it. A cell already published in `earlier` cannot be protected again: the audit says so
    (`is_protected` False). Where an earlier figure differs from today's by less than the threshold, today's is hidden.

    The pattern is not the smallest there is: the narrowest interval is widened along the cheapest way through shown
    cells, then secondary cells are shown again, largest first, wherever nothing becomes unsafe. The result does not
    depend on the order of rows, and suppressing twice is suppressing once.

    References
    ----------
    Hundepool et al., Statistical Disclosure Control (Wiley, 2012), ch. 4. Fischetti and Salazar, Journal of the
    American Statistical Association 95 (2000) 916-928.

    Examples
    --------
    >>> homes = pd.DataFrame({"place": ["indoors", "riser", "basement", "Total"], "homes": [120, 41, 4, 165]})
    >>> done = suppress(homes, dims=["place"], count="homes")
    >>> done.table["status"].tolist()
    ['shown', 'secondary', 'primary', 'shown']
    >>> done.audit[["place", "low", "high"]].values.tolist()
    [['basement', 0.0, 45.0], ['riser', 0.0, 45.0]]
    """
    before = [earlier] if isinstance(earlier, pd.DataFrame) else list(earlier)
    named = {"table": table} | {f"earlier {place}": frame for place, frame in enumerate(before, 1)}
    done = suppress_linked(
        named,
        dims={"table": list(dims)} | {name: list(dims) for name in named},
        count=count,
        contributors=contributors,
        largest=largest,
        threshold=threshold,
        dominance=dominance,
        total=total,
        protection=protection,
        second_largest=second_largest,
        two_largest=two_largest,
        p_percent=p_percent,
        shares=shares,
        small_group=small_group,
        values=values,
        published=[name for name in named if name != "table"],
    )
    return done["table"]


def suppress_linked(
    tables: Mapping[str, pd.DataFrame],
    *,
    dims: Mapping[str, Sequence[str]],
    count: str,
    contributors: str | Sequence[str] | None = None,
    largest: str | None = None,
    threshold: float = RULES.threshold,
    dominance: float = RULES.dominance,
    total: str = "Total",
    protection: float | None = None,
    second_largest: str | None = None,
    two_largest: float = RULES.two_largest,
    p_percent: float = RULES.p_percent,
    shares: str | Sequence[str] | None = None,
    small_group: float = RULES.small_group,
    values: Sequence[str] | None = None,
    published: Sequence[str] = (),
) -> dict[str, Suppressed]:
    """Hide the unsafe cells of several tables at once, so that no one of them gives another's away.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of the same records, each as `suppress` takes it. The same dimension has the same name and labels.
    dims : mapping of str to sequence of str
        The dimensions of each table. A dimension that a table lacks stands at its total there.
    count, contributors, largest, second_largest, shares, values
        Columns, as for `suppress`.
    threshold, dominance, two_largest, p_percent, small_group, total, protection
        Rules, as for `suppress`.
    published : sequence of str
        Names of tables that are out already: known, and not returned.

    Returns
    -------
    dict of str to Suppressed
        One a table that is not out yet.

    Raises
    ------
    KeyError
        When a column, or the dimensions of a table, are not there.
    ValueError
        As for `suppress`; also when two tables give different figures for one cell.

    Examples
    --------
    >>> by_type = pd.DataFrame({"type": ["house", "flat", "Total"], "homes": [40, 4, 44]})
    >>> by_region = pd.DataFrame({"region": ["North", "South", "Total"], "homes": [22, 22, 44]})
    >>> done = suppress_linked(
    ...     {"types": by_type, "regions": by_region}, dims={"types": ["type"], "regions": ["region"]}, count="homes"
    ... )
    >>> [part.table["status"].tolist() for part in done.values()]
    [['secondary', 'primary', 'shown'], ['shown', 'shown', 'shown']]
    """
    rules = PrimaryRules(
        count,
        as_names(contributors),
        largest,
        second_largest,
        as_names(shares),
        threshold,
        dominance,
        two_largest,
        p_percent,
        small_group,
    )
    wide = max(threshold, 1.0) if protection is None else protection
    if not wide > 0:
        raise ValueError(f"protection: {wide} is not above 0; a hidden cell whose interval is one point is not hidden")
    read = _read_tables(tables, dims, rules, published)
    if not any(len(table.frame) for table in read):
        return {table.name: _finish(table, rules, values, *_nothing_hidden(table)) for table in read}
    linked = link_tables(read, rules, total)
    pattern = _choose(linked, rules, wide)
    new = [table for table in read if not table.is_published]
    return {table.name: _report(linked, pattern, table, rules, values) for table in new}


def _read_tables(
    tables: Mapping[str, pd.DataFrame], dims: Mapping[str, Sequence[str]], rules: PrimaryRules, published: Sequence[str]
) -> list[CellTable]:
    unknown = [name for name in published if name not in tables]
    if unknown or len(published) == len(tables):
        raise ValueError(f"published: {unknown or list(published)}; name some of {', '.join(tables)}, not all")
    read = []
    for name, frame in tables.items():
        if name not in dims:
            raise KeyError(f"dims: none given for the table '{name}'")
        out = name in published
        measures = [m for m in rules.measures if not out or m == rules.count or m in frame.columns]
        if not out:
            require_columns(name, frame, [*rules.parts, *rules.shares])
        read.append(read_cells(name, frame, dims[name], measures, is_published=out))
    return read


def _choose(linked: Linked, rules: PrimaryRules, protection: float) -> Pattern:
    """Return the cells to hide: primary ones, those hidden before, and secondary ones."""
    linked.primary = linked.unsafe.copy()
    for table in linked.tables:
        if not table.is_published:
            linked.primary[linked.numbers[table.name][find_primary(table, rules)]] = True
    guarded = linked.primary | linked.hidden_before | linked.hidden_out
    pattern = Pattern(
        linked.lattice,
        linked.attacks,
        float(protection),
        guarded=guarded.copy(),
        shown=linked.shown & (~guarded | linked.known),
        movable=linked.shown & ~guarded & ~linked.known,
        cost=np.maximum(linked.attacks[0].table, 1.0),
        exposed=set(np.flatnonzero(guarded & linked.known).tolist()),
    )
    pattern.grow()
    pattern.shrink(np.flatnonzero(pattern.guarded & ~guarded))
    return pattern


def _nothing_hidden(table: CellTable) -> tuple[np.ndarray, pd.DataFrame]:
    empty = pd.DataFrame({name: pd.Series(dtype="float64") for name in ("low", "high", "width", "protection")})
    labels = table.frame[list(table.dims)].iloc[:0].assign(status=pd.Series(dtype="str"))
    return table.status, pd.concat([labels, empty], axis="columns").assign(is_protected=pd.Series(dtype="bool"))


def _report(
    linked: Linked, pattern: Pattern, table: CellTable, rules: PrimaryRules, values: Sequence[str] | None
) -> Suppressed:
    numbers = linked.numbers[table.name]
    hidden = pattern.guarded[numbers]
    new = np.where(linked.primary[numbers], "primary", "secondary")
    status = np.where(table.status != "shown", table.status, np.where(hidden, new, "shown")).astype(object)
    rows = np.flatnonzero(hidden)
    rows = rows[np.argsort(numbers[rows], kind="stable")]
    audit = table.frame[list(table.dims)].iloc[rows].reset_index(drop=True).assign(status=status[rows])
    program = Program.of(linked.lattice, pattern.hidden)
    for place, attack in enumerate(linked.attacks):
        limits = [
            (float(attack.table[cell]),) * 2 if pattern.shown[cell] else attack.interval(program, cell)
            for cell in numbers[rows].tolist()
        ]
        prefix = f"{linked.measures[place]}_" if place else ""
        audit[f"{prefix}low"] = np.array([low for low, _ in limits], dtype="float64")
        audit[f"{prefix}high"] = np.array([high for _, high in limits], dtype="float64")
        if not place:
            audit["width"] = audit["high"] - audit["low"]
            audit["protection"] = pattern.protection
            audit["is_protected"] = [cell not in pattern.exposed for cell in numbers[rows].tolist()]
    own = np.concatenate([linked.numbers[one.name] for one in linked.tables if not one.is_published])
    endangered = [linked.lattice.name(cell) for cell in sorted(pattern.exposed - set(own.tolist()))]
    return _finish(table, rules, values, status, audit, tuple(endangered))


def _finish(
    table: CellTable,
    rules: PrimaryRules,
    values: Sequence[str] | None,
    status: np.ndarray,
    audit: pd.DataFrame,
    endangered: tuple[str, ...] = (),
) -> Suppressed:
    frame = table.frame.copy()
    if values is None:
        emptied = [name for name in frame.columns if name not in table.dims and name != "status"]
    else:
        require_columns(table.name, frame, values)
        emptied = list(dict.fromkeys([*rules.measures, *rules.parts, *rules.shares, *values]))
    hidden = status != "shown"
    for name in emptied:
        frame[name] = empty_cells(frame[name], hidden)
    frame["status"] = pd.array(status, dtype="str")
    frame.attrs["disclosure"] = {
        "method": "suppression",
        "dims": list(table.dims),
        "count": rules.count,
        "threshold": rules.threshold,
        "dominance": rules.dominance if rules.parts else None,
    }
    return Suppressed(frame, audit, endangered)


def empty_cells(column: pd.Series, where: np.ndarray) -> pd.Series:
    """Return a column with some cells missing; whole numbers stay whole and yes or no stays so."""
    if pd.api.types.is_bool_dtype(column.dtype):
        column = column.astype("boolean")
    elif pd.api.types.is_integer_dtype(column.dtype):
        column = column.astype("Int64")
    return column.mask(where)
