"""Cells as they stand in a survey file: text, with fixed decimals, blanks and words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from smarthan.tables import Table

from .constants import ID_PREFIX, ITEM_MISSING, UNKNOWN_SHARE


def number_ids(letter: str, numbers: np.ndarray, *, digits: int = 7) -> np.ndarray:
    """Return ids such as SYN-D0000001, counted from 1, for numbers counted from 0."""
    return np.array([f"{ID_PREFIX}{letter}{number + 1:0{digits}d}" for number in numbers.tolist()], dtype=object)


def show_decimals(values: np.ndarray, decimals: int) -> np.ndarray:
    """Return numbers with fixed decimals; NaN as an empty cell, minus zero as zero."""
    rounded = np.round(np.asarray(values, dtype=float), decimals) + 0.0
    return np.array(["" if v != v else f"{v:.{decimals}f}" for v in rounded.tolist()], dtype=object)


def show_words(values: Sequence[bool] | np.ndarray) -> np.ndarray:
    """Return y or n."""
    return np.where(np.asarray(values, dtype=bool), "y", "n").astype(object)


def draw_words(
    words: dict[str, float], n: int, rng: np.random.Generator, *, unknown: float = UNKNOWN_SHARE
) -> np.ndarray:
    """Return words drawn in proportion to their weights, some of them replaced by `u`."""
    weights = np.array(list(words.values()))
    drawn = rng.choice(np.array(list(words), dtype=object), n, p=weights / weights.sum())
    return np.where(rng.random(n) < unknown, "u", drawn).astype(object)


def blank_some(cells: np.ndarray, rng: np.random.Generator, *, share: float = ITEM_MISSING) -> np.ndarray:
    """Return the cells, some of them emptied."""
    return np.where(rng.random(len(cells)) < share, "", cells).astype(object)


def lay_table(table: Table, cells: dict[str, np.ndarray | str]) -> pd.DataFrame:
    """Return a table of text in the declared column order; columns not given are empty.

    Raises
    ------
    KeyError
        When a column is not declared.
    """
    if undeclared := [name for name in cells if name not in table.by_name]:
        raise KeyError(f"{table.name}: column {undeclared[0]} is not declared")
    n = max(len(values) for values in cells.values() if not isinstance(values, str))
    filled = {name: cells.get(name, "") for name in table.names}
    return pd.DataFrame(filled, index=pd.RangeIndex(n), dtype="str")
