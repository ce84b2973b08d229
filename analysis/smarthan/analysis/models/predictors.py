"""From columns to a matrix of predictors: numbers as they are, words as indicators against the first level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

INTERCEPT = "(Intercept)"


@dataclass(frozen=True)
class Predictors:
    """The columns of a model, so that further rows can be put in the same form.

    Attributes
    ----------
    levels : dict
        By column, its levels in order for words and truth values; None for a number.
    """

    levels: dict[str, tuple[object, ...] | None]

    @property
    def names(self) -> list[str]:
        """Names of the coefficients: the intercept, each number, each level but the first as column + level."""
        return [INTERCEPT, *(name for column in self.levels for name in self._names(column))]

    def matrix(self, frame: pd.DataFrame) -> Floats:
        """Return the rows of `frame` as numbers, shape (rows, coefficients); NaN where a cell is missing.

        Raises
        ------
        ValueError
            A level that the model has not seen.
        """
        columns = [np.ones((len(frame), 1))]
        for column, levels in self.levels.items():
            cells = pick_column(frame, column)
            columns.append(_numbers(cells)[:, None] if levels is None else _indicators(cells, column, levels))
        return np.hstack(columns)

    def _names(self, column: str) -> list[str]:
        levels = self.levels[column]
        return [column] if levels is None else [f"{column}{level}" for level in levels[1:]]


def learn_predictors(frame: pd.DataFrame, columns: Sequence[str]) -> Predictors:
    """Return how columns enter a model: levels sorted, or in the order of a category, those that occur.

    Raises
    ------
    KeyError
        A column that is not in the table.
    ValueError
        A column without a value, or words that are the same in every row.

    Examples
    --------
    >>> frame = pd.DataFrame({"walls": [1, 2], "wall": ["stone", "brick"]})
    >>> learn_predictors(frame, ["walls", "wall"]).names
    ['(Intercept)', 'walls', 'wallstone']
    """
    if isinstance(columns, str):
        raise ValueError(f"predictors: {columns!r} is one text; give a list of column names")
    levels: dict[str, tuple[object, ...] | None] = {}
    for column in columns:
        cells = pick_column(frame, column).dropna()
        if cells.empty:
            raise ValueError(f"predictors: column {column} holds no value")
        words = not pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_bool_dtype(cells)
        levels[column] = _levels(cells) if words else None
        if words and cells.nunique() == 1:
            raise ValueError(
                f"predictors: column {column} is {cells.iloc[0]!r} in every row (constant); leave it out, or add rows "
                "that differ"
            )
    return Predictors(levels)


def pick_column(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column.

    Raises
    ------
    KeyError
        When the table has none of that name.
    """
    if column not in frame.columns:
        raise KeyError(f"column '{column}' is not in the table; it has {', '.join(map(str, frame.columns[:12]))}")
    return frame[column]


def number_column(frame: pd.DataFrame, column: str) -> Floats:
    """Return a column as numbers, NaN where missing.

    Raises
    ------
    KeyError, ValueError
        A column that is not there, or holds something else.
    """
    cells = pick_column(frame, column)
    if not pd.api.types.is_numeric_dtype(cells):
        raise ValueError(f"column {column} holds {cells.dtype}; numbers are needed")
    return _numbers(cells)


def check_counts(frame: pd.DataFrame, k: Floats, n: Floats, successes: str, trials: str) -> None:
    """Refuse successes and trials that cannot be counts of the same attempts; missing cells pass.

    Raises
    ------
    ValueError
        Naming the first row whose counts are negative, not whole, or out of order.
    """
    known = ~np.isnan(k) & ~np.isnan(n)
    wrong = np.flatnonzero(known & ((k < 0) | (k > n) | (k != np.round(k)) | (n != np.round(n))))
    if wrong.size:
        at = wrong[0]
        raise ValueError(
            f"row {frame.index[at]}: {successes} {k[at]:g} of {trials} {n[at]:g}; whole counts are needed, "
            "0 <= successes <= trials"
        )


def _numbers(cells: pd.Series) -> Floats:
    return cells.to_numpy(dtype=np.float64, na_value=np.nan)


def _levels(cells: pd.Series) -> tuple[object, ...]:
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return tuple(cells.cat.remove_unused_categories().cat.categories)
    return tuple(sorted(cells.unique()))


def _indicators(cells: pd.Series, column: str, levels: tuple[object, ...]) -> Floats:
    codes = pd.Index(list(levels), dtype=object).get_indexer(pd.Index(cells.astype(object)))
    strange = (codes < 0) & cells.notna().to_numpy(dtype=bool)
    if strange.any():
        raise ValueError(
            f"column {column}: {cells[strange].iloc[0]!r} was not in the rows that the model was fitted to; "
            f"known: {', '.join(map(str, levels))}"
        )
    out = np.eye(len(levels))[codes][:, 1:]
    out[codes < 0] = np.nan
    return out
