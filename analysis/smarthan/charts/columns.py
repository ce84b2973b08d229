"""Checks that a finished table holds what a chart draws, in the caller's own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd


def require_columns(table: pd.DataFrame, chart: str, **named: str | None) -> None:
    """Refuse a table that lacks a named column or has no row.

    Parameters
    ----------
    table : DataFrame
    chart : str
        The chart function, for the message.
    **named : str or None
        Argument name to the column it names; None for a column not used.

    Raises
    ------
    KeyError
        When a column is absent.
    ValueError
        When the table has no row.
    """
    for argument, column in named.items():
        if column is not None and column not in table.columns:
            have = ", ".join(map(str, table.columns))
            raise KeyError(f"{chart}({argument}={column!r}): the table has no such column; it has {have}")
    if table.empty:
        raise ValueError(f"{chart}: the table has no rows, so there is nothing to draw; say in words what is missing")


def numbers(table: pd.DataFrame, column: str, chart: str) -> np.ndarray:
    """Return a column as floats, with nan where a value is missing.

    Raises
    ------
    TypeError
        When the column does not hold numbers.
    """
    values = table[column]
    if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
        raise TypeError(f"{chart}: column {column!r} holds {values.dtype}, not numbers; convert it first")
    return values.to_numpy(dtype=float, na_value=np.nan, copy=True)


def require_between(values: np.ndarray, low: float, high: float, *, chart: str, column: str) -> None:
    """Refuse values outside a range; missing ones pass.

    Raises
    ------
    ValueError
        Naming the column, the first value found and the range.
    """
    outside = values[(values < low) | (values > high)]
    if outside.size:
        raise ValueError(f"{chart}: column {column!r} holds {outside[0]:g}; allowed is {low:g} to {high:g}")


def require_few(names: Sequence[object], *, chart: str, what: str, most: int = 6) -> None:
    """Refuse more series than the palette can tell apart.

    Raises
    ------
    ValueError
        With the count and the limit.
    """
    if len(names) > most:
        raise ValueError(f"{chart}: {len(names)} {what}; at most {most} can be told apart: group the rest as 'Other'")


def in_order(values: Iterable[object], order: Sequence[str] | None, *, chart: str, what: str) -> list[str]:
    """Return the distinct words in the order asked for, or in order of appearance.

    Raises
    ------
    ValueError
        When the order leaves out a word that the table holds.
    """
    seen = list(dict.fromkeys(str(value) for value in values if not pd.isna(value)))
    if order is None:
        return seen
    absent = [word for word in seen if word not in order]
    if absent:
        raise ValueError(f"{chart}: {what} {', '.join(absent)} is in the table and not in the order given")
    return list(order)
