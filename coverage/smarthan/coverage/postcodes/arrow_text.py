"""A column of anything as Arrow text, so that whole columns can be read at the speed of their bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Odd = dict[int, object]


def as_arrow_text(column: pd.Series) -> tuple[pa.ChunkedArray, Odd]:
    """Return a column as Arrow text, without a copy where it is text already.

    Parameters
    ----------
    column : Series
        Text, categories of text, or objects.

    Returns
    -------
    tuple of (ChunkedArray, dict)
        The texts, null where a cell is missing or not text; and by row the cells that are neither text nor missing.

    Examples
    --------
    >>> text, odd = as_arrow_text(pd.Series(["M1 1AE", None, 7], dtype=object))
    >>> text.to_pylist(), odd
    (['M1 1AE', None, None], {2: 7})
    """
    values = column.array
    if isinstance(column.dtype, pd.CategoricalDtype):
        labels, odd = as_arrow_text(pd.Series(column.cat.categories))
        if not odd:
            codes = column.cat.codes.to_numpy()
            return pa.chunked_array([pc.take(labels.combine_chunks(), pa.array(codes, mask=codes < 0))]), {}
    elif isinstance(column.dtype, pd.StringDtype) or _is_arrow_text(column.dtype):
        return _chunked(pa.array(values)), {}
    elif pd.api.types.infer_dtype(column, skipna=True) in ("string", "empty"):
        try:
            return _chunked(pa.array(column.to_numpy(dtype=object), pa.large_string(), from_pandas=True)), {}
        except (pa.ArrowException, UnicodeError):  # a lone surrogate has no UTF-8 form
            pass
    return _sort_objects(column)


def take_texts(text: pa.ChunkedArray, rows: np.ndarray) -> pa.Array:
    """Return the texts of some rows, in ascending order, as one array.

    Chunk by chunk: a take over all chunks puts them together first, which costs as much memory as the column.
    """
    ends = np.cumsum([0, *(len(chunk) for chunk in text.chunks)])
    at = np.searchsorted(rows, ends)
    parts = [
        chunk.take(pa.array(rows[first:last] - start))
        for chunk, start, first, last in zip(text.chunks, ends[:-1], at[:-1], at[1:], strict=True)
        if last > first
    ]
    return pa.concat_arrays(parts) if parts else pa.array([], text.type)


def as_column(values: Iterable[object], name: str = "values") -> pd.Series:
    """Return cells as a Series, keeping each one as it is; the index of a Series stays.

    Raises
    ------
    TypeError
        When `values` is one text instead of a column.
    """
    if isinstance(values, pd.Series):
        return values
    if isinstance(values, str | bytes):
        raise TypeError(f"{name}: one {type(values).__name__} given, a column is expected; use lookup for one")
    check_column(values, name)
    if isinstance(values, pd.Index | np.ndarray | pd.api.extensions.ExtensionArray):
        return pd.Series(values)
    if isinstance(values, pa.ChunkedArray | pa.Array):
        return pd.Series(values.to_pandas())
    listed = list(values)
    boxed = np.empty(len(listed), dtype=object)  # keeps a list or a tuple inside the column one value
    boxed[:] = listed
    return pd.Series(boxed)


def check_column(values: object, name: str) -> None:
    """Refuse what is no column: nothing at all, or a whole table, whose cells would be its column names.

    Raises
    ------
    TypeError
        When `values` is None, a table or cannot be gone through.
    """
    if isinstance(values, pd.DataFrame):
        named = ", ".join(str(column)[:64] for column in values.columns[:6])
        raise TypeError(f"{name}: a table given, a column is expected; name one of its columns ({named})")
    if not isinstance(values, Iterable):
        raise TypeError(f"{name}: {type(values).__name__} given, a column is expected, such as a list or a Series")


def _is_arrow_text(dtype: Any) -> bool:
    kind = getattr(dtype, "pyarrow_dtype", None)
    return kind is not None and (pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _chunked(array: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _sort_objects(column: pd.Series) -> tuple[pa.ChunkedArray, Odd]:
    """Cell by cell, for columns that hold more than text."""
    cells = column.astype(object).tolist()
    missing = column.isna().to_numpy(dtype=bool)
    texts: list[str | None] = [_plain(cell) for cell in cells]
    odd = {row: cell for row, cell in enumerate(cells) if texts[row] is None and not missing[row]}
    return pa.chunked_array([pa.array(texts, pa.large_string())]), odd


def _plain(cell: object) -> str | None:
    """The cell if it is text that UTF-8 can hold."""
    if not isinstance(cell, str):
        return None
    return str(cell) if cell.isascii() or not any("\ud800" <= c <= "\udfff" for c in cell) else None
