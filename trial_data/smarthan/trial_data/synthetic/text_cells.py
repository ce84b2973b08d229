"""Cells as they stand in a survey file: text, with fixed decimals, blanks and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.tables import Table

from .constants import ID_PREFIX, ITEM_MISSING, UNKNOWN_SHARE


def number_ids(letter: str, numbers: np.ndarray, *, digits: int = 7) -> pd.Series:
    """Return ids such as SYN-D0000001, counted from 1, for numbers counted from 0; a number too long has more digits.

    Notes
    -----
    The bytes are laid side by side, for a trial has millions of ids.
    """
    prefix = np.frombuffer(f"{ID_PREFIX}{letter}".encode(), dtype=np.uint8)
    shown = np.asarray(numbers, dtype=np.int64) + 1
    if int(shown.max(initial=0)) >= 10**digits:
        return pd.Series([f"{ID_PREFIX}{letter}{number:0{digits}d}" for number in shown.tolist()], dtype="str")
    width = len(prefix) + digits
    cells = np.empty((len(shown), width), dtype=np.uint8)
    cells[:, : len(prefix)] = prefix
    for place in range(1, digits + 1):
        shown, digit = np.divmod(shown, 10)
        cells[:, width - place] = digit + ord("0")
    offsets = np.arange(0, cells.size + 1, width, dtype=np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(cells)]
    return as_text(pa.Array.from_buffers(pa.large_string(), len(cells), buffers))


def show_decimals(values: np.ndarray, decimals: int) -> pd.Series:
    """Return numbers with fixed decimals; NaN as an empty cell, minus zero as zero."""
    rounded = np.round(np.asarray(values, dtype=float), decimals) + 0.0
    code, distinct = pd.factorize(rounded, use_na_sentinel=False)
    return pick_words(["" if v != v else f"{v:.{decimals}f}" for v in distinct.tolist()], code)


def pick_words(words: Sequence[str], code: np.ndarray) -> pd.Series:
    """Return the word of each code."""
    return as_text(pa.array(words, pa.large_string()).take(pa.array(code)))


def as_text(cells: pa.Array) -> pd.Series:
    """Return Arrow text as pandas text, without copying it."""
    return pd.Series(pd.array(pa.chunked_array([cells], pa.large_string()), dtype="str"), copy=False)


def show_times(times: np.ndarray) -> pd.Series:
    """Return UTC times as text with Z, to the second; days and times of day are each written once."""
    seconds = times.astype("datetime64[s]")
    days = seconds.astype("datetime64[D]")
    (day, date), (second, clock) = pd.factorize(days), pd.factorize((seconds - days).astype(np.int64))
    midnight = np.datetime64("2000-01-01T00:00:00")
    dates = pa.array(np.datetime_as_string(date.astype("datetime64[D]")).tolist(), pa.large_string())
    clocks = pa.array([f"{text[10:]}Z" for text in np.datetime_as_string(midnight + clock).tolist()], pa.large_string())
    return as_text(join_texts([dates.take(pa.array(day)), clocks.take(pa.array(second))], ""))


def join_texts(columns: Sequence[pa.Array], separator: str) -> pa.Array:
    """Return the texts of some columns joined row by row."""
    return pc.binary_join_element_wise(*columns, pa.scalar(separator, pa.large_string()))


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


def blank_some(cells: pd.Series | np.ndarray, rng: np.random.Generator, *, share: float = ITEM_MISSING) -> np.ndarray:
    """Return the cells, some of them emptied."""
    return np.where(rng.random(len(cells)) < share, "", cells).astype(object)


def lay_table(table: Table, cells: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table of text in the declared column order; columns not given are empty.

    A column is text of pandas, objects of numpy, or one text for all rows.

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
