"""Which cells are unsafe in themselves: too few contributors, or one or two that make up most of the cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .cells import CellTable, require_columns
from .defaults import RULES


@dataclass(frozen=True)
class PrimaryRules:
    """What makes a cell unsafe, with the columns that tell.

    Attributes
    ----------
    count : str
        The column published.
    contributors : tuple of str
        Columns of contributors, each held against the threshold as `count` is.
    largest, second_largest : str or None
        Columns of what the largest building, and the second largest, make up of `count`.
    shares : tuple of str
        Columns of shares (0 to 1) that must not be 0 or 1 for a small group.
    threshold : float
        Least contributors [count].
    dominance, two_largest : float
        Most that the largest, and the two largest, may make up (0 to 1).
    p_percent : float
        Least remainder beside the two largest [per cent of the largest].
    small_group : float
        A share of 0 or 1 of fewer is hidden [count].
    """

    count: str
    contributors: tuple[str, ...] = ()
    largest: str | None = None
    second_largest: str | None = None
    shares: tuple[str, ...] = ()
    threshold: float = RULES.threshold
    dominance: float = RULES.dominance
    two_largest: float = RULES.two_largest
    p_percent: float = RULES.p_percent
    small_group: float = RULES.small_group

    def __post_init__(self) -> None:
        """Refuse limits that cannot be meant."""
        if not self.threshold >= 0:
            raise ValueError(f"threshold: {self.threshold} is not 0 or more")
        for name in ("dominance", "two_largest"):
            if not 0 < getattr(self, name) <= 1:
                raise ValueError(f"{name}: {getattr(self, name)} is not a share above 0 and at most 1")
        if self.second_largest is not None and self.largest is None:
            raise ValueError("second_largest: give largest too; the rule is on the two together")

    @property
    def measures(self) -> list[str]:
        """The columns a reader may add up: the count and the contributors."""
        return list(dict.fromkeys([self.count, *self.contributors]))

    @property
    def parts(self) -> list[str]:
        """The columns that tell who dominates a cell."""
        return [name for name in (self.largest, self.second_largest) if name is not None]


def find_primary(table: CellTable, rules: PrimaryRules) -> np.ndarray:
    """Return which shown cells of a table are unsafe in themselves.

    Parameters
    ----------
    table : CellTable
    rules : PrimaryRules

    Returns
    -------
    array of bool
        One a row. Hidden rows are False: they were judged when they were hidden.

    Raises
    ------
    ValueError
        When the largest contribution is missing, negative or above the cell.
    """
    shown = table.status == "shown"
    unsafe = np.zeros(len(table.frame), dtype=bool)
    for measure in rules.measures:
        unsafe |= table.figures[measure] < rules.threshold
    if rules.largest is not None:
        unsafe |= _find_dominated(table, rules, shown)
    for share in rules.shares:
        small = np.min([table.figures[measure] for measure in rules.measures], axis=0) < rules.small_group
        unsafe |= small & _is_all_or_none(table.frame[share])
    return unsafe & shown


def find_class_disclosure(
    table: pd.DataFrame, *, share: str, of: str, small_group: float = RULES.small_group
) -> pd.DataFrame:
    """Return the rows in which a share of 0 or 100 per cent tells something of every member of a small group.

    Parameters
    ----------
    table : DataFrame
    share : str
        A column of shares (0 to 1).
    of : str
        The column of how many stand behind each share [count].
    small_group : float
        Groups of this many or more are large enough [count].

    Returns
    -------
    DataFrame
        Those rows of the table.

    Raises
    ------
    KeyError
        When a column is not there.

    Examples
    --------
    >>> reach = pd.DataFrame({"place": ["riser", "basement"], "share": [0.4, 0.0], "homes": [12, 12]})
    >>> find_class_disclosure(reach, share="share", of="homes")["place"].tolist()
    ['basement']
    """
    require_columns("table", table, [share, of])
    return table[_is_all_or_none(table[share]) & table[of].lt(small_group).fillna(False).to_numpy(dtype=bool)]


def _is_all_or_none(share: pd.Series) -> np.ndarray:
    values = pd.to_numeric(share, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    return np.asarray((values <= 0) | (values >= 1))


def _find_dominated(table: CellTable, rules: PrimaryRules, shown: np.ndarray) -> np.ndarray:
    count = table.figures[rules.count]
    first, *rest = (_read_share(table, name, count, shown) for name in rules.parts)
    unsafe = first > rules.dominance * count
    if rest:
        both = first + rest[0]
        unsafe |= (both > rules.two_largest * count) | (count - both < rules.p_percent / 100 * first)
    return np.asarray(unsafe)


def _read_share(table: CellTable, name: str, count: np.ndarray, shown: np.ndarray) -> np.ndarray:
    part = pd.to_numeric(table.frame[name], errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    wrong = np.flatnonzero(shown & ~((part >= 0) & (part <= count)))
    if len(wrong):
        raise ValueError(
            f"{table.name}: '{name}' is {part[wrong[0]]} where the cell is {count[wrong[0]]:g} (row "
            f"{table.frame.index[wrong[0]]!r}); it must lie from 0 to the cell"
        )
    return part


def as_names(names: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return one name or several as a tuple."""
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)
