"""Reading a column of postcodes: `parse_postcode` for many values at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .arrow_text import check_column
from .faults import INWARD, OUTWARD
from .rules import KINDS, LONGEST, Postcode, outward_codes, parse_postcode
from .special import SPECIAL_AREAS, SPECIAL_CODES

_TEXT_COLUMNS = ("postcode", "area", "outward", "sector", "problem")
_BLANK = pa.scalar(" ", pa.large_string())
_USUAL = f"\\A(?:{OUTWARD}) ?{INWARD}\\z"


def parse_postcodes(values: Iterable[object], *, suggest: bool = False) -> pd.DataFrame:
    """Read each value as a postcode; never raise on data, never correct it.

    Parameters
    ----------
    values : Series, Index, array or list
        The cells. Missing values are EMPTY; whatever else is not text is BAD_FORMAT, `not_text`.
    suggest : bool, default False
        Also list postcodes that differ by 0/O and 1/I only (see `smarthan.coverage.parse_postcode`).

    Returns
    -------
    DataFrame
        One row a value, in the same order with the same index: postcode, kind (category), area, outward, sector,
        problem (all text or missing), position (Int16, counted from 1), suggestions (tuple of text).

    Raises
    ------
    TypeError
        When `values` is one text, a table or None instead of a column.

    Notes
    -----
    What has the usual form is answered by whole-column operations, the rest by `parse_postcode`, once a distinct
    text; both give the same on every input. The rules and their sources stand there.

    Examples
    --------
    >>> parse_postcodes(["sw1a1aa", "M1 1", None])[["postcode", "kind", "problem"]].fillna("").values.tolist()
    [['SW1A 1AA', 'GEOGRAPHIC', ''], ['', 'PARTIAL', 'sector'], ['', 'EMPTY', '']]
    """
    if isinstance(values, str | bytes):
        raise TypeError(f"values: one {type(values).__name__} given, a column expected; use parse_postcode for one")
    check_column(values, "values")
    column = values if isinstance(values, pd.Series) else pd.Series(_as_column(values))
    text, odd = _split_text(column)
    usual, fast = _read_usual(text, suggest)
    rest, where = _list_rest(text, odd, usual)
    slow = [parse_postcode(value, suggest=suggest) for value in rest]
    return _assemble(fast, slow, where, column.index)


def _as_column(values: Iterable[object]) -> Any:
    if isinstance(values, pd.Index | np.ndarray | pd.api.extensions.ExtensionArray):
        return values
    listed = list(values)
    boxed = np.empty(len(listed), dtype=object)  # keeps a list or a tuple inside the column one value
    boxed[:] = listed
    return boxed


def _split_text(column: pd.Series) -> tuple[pa.Array, dict[int, object]]:
    """Return the column as Arrow text, null where it is not plain ASCII text, and those other values by row."""
    if isinstance(column.dtype, pd.StringDtype):
        whole = pa.chunked_array(pa.array(column, type=pa.large_string())).combine_chunks()
        plain = pc.fill_null(pc.string_is_ascii(whole), False)
        odd_rows = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
        return pc.if_else(plain, whole, pa.scalar(None, pa.large_string())), _pick(column, odd_rows)
    cells = column.astype(object).tolist()
    odd = {row: cell for row, cell in enumerate(cells) if not (isinstance(cell, str) and cell.isascii())}
    return pa.array([None if row in odd else str(cell) for row, cell in enumerate(cells)], pa.large_string()), odd


def _pick(column: pd.Series, rows: np.ndarray) -> dict[int, object]:
    return dict(zip(rows.tolist(), column.iloc[rows].astype(object).tolist(), strict=True))


def _read_usual(text: pa.Array, suggest: bool) -> tuple[np.ndarray, pa.Table]:
    """Return which rows are ordinary live-looking postcodes, and the answers of those rows."""
    folded = pc.ascii_upper(pc.utf8_trim(text, " \t\r\n"))
    matches = pc.and_(pc.match_substring_regex(folded, _USUAL), pc.less_equal(pc.binary_length(text), LONGEST))
    usual = pc.fill_null(matches, False).to_numpy(zero_copy_only=False)
    table = _cut(folded.filter(pa.array(usual)))
    plain = ~_needs_scalar(table, suggest)
    usual = usual.copy()
    usual[np.flatnonzero(usual)[~plain]] = False
    return usual, table.filter(pa.array(plain))


def _cut(folded: pa.Array) -> pa.Table:
    """Cut matched text into its parts; the inward code is always the last three characters."""
    outward = pc.utf8_trim(pc.utf8_slice_codeunits(folded, 0, -3), " ")
    inward = pc.utf8_slice_codeunits(folded, -3)
    sector = pc.binary_join_element_wise(outward, pc.utf8_slice_codeunits(inward, 0, 1), _BLANK)
    two = pc.ascii_is_alpha(pc.utf8_slice_codeunits(outward, 1, 2))
    area = pc.if_else(two, pc.utf8_slice_codeunits(outward, 0, 2), pc.utf8_slice_codeunits(outward, 0, 1))
    postcode = pc.binary_join_element_wise(outward, inward, _BLANK)
    return pa.table({"postcode": postcode, "area": area, "outward": outward, "sector": sector})


def _needs_scalar(table: pa.Table, suggest: bool) -> np.ndarray:
    """Rows of a special code or area, and with `suggest` those whose outward code does not exist."""

    def among(name: str, words: Iterable[str]) -> np.ndarray:
        found = pc.is_in(table[name], value_set=pa.array(sorted(words), pa.large_string()))
        return cast(np.ndarray, found.to_numpy())

    special = among("area", SPECIAL_AREAS) | among("postcode", SPECIAL_CODES)
    return special | ~among("outward", outward_codes()) if suggest else special


def _list_rest(text: pa.Array, odd: dict[int, object], usual: np.ndarray) -> tuple[list[object], np.ndarray]:
    """Return the values left to the scalar rules, each text once, and for every row where its answer will stand.

    Answers stand in one list: the usual rows first, in order, then the rest.
    """
    n_usual = int(usual.sum())
    where = np.empty(len(usual), dtype=np.int64)
    where[usual] = np.arange(n_usual)
    left = ~usual
    left[list(odd)] = False
    coded = pc.dictionary_encode(text.filter(pa.array(left)))
    rest: list[object] = coded.dictionary.to_pylist()
    where[left] = n_usual + coded.indices.to_numpy(zero_copy_only=False)
    where[list(odd)] = n_usual + len(rest) + np.arange(len(odd))
    return rest + list(odd.values()), where


def _assemble(fast: pa.Table, slow: list[Postcode], where: np.ndarray, index: pd.Index) -> pd.DataFrame:
    """Put the answers into the order of the rows."""
    columns = {name: _spread(fast, slow, name, where) for name in _TEXT_COLUMNS}
    frame = pa.table(columns).to_pandas().astype("str")
    usual = fast.num_rows
    kinds = np.zeros(usual + len(slow), dtype=np.int8)
    kinds[usual:] = [KINDS.index(answer.kind) for answer in slow]
    positions = pd.array([answer.position for answer in slow], dtype="Int16")
    suggestions = np.empty(usual + len(slow), dtype=object)
    suggestions[:] = [()] * usual + [answer.suggestions for answer in slow]
    frame.insert(1, "kind", pd.Categorical.from_codes(kinds[where], categories=pd.Index(KINDS)))
    frame["position"] = positions.take(np.where(where < usual, -1, where - usual), allow_fill=True)
    frame["suggestions"] = pd.Series(suggestions[where], dtype=object)
    return frame.set_axis(index)


def _spread(fast: pa.Table, slow: list[Postcode], name: str, where: np.ndarray) -> pa.Array:
    known = fast[name].combine_chunks() if name in fast.column_names else pa.nulls(fast.num_rows, pa.large_string())
    known = pa.chunked_array([known]).combine_chunks()
    found = pa.array([getattr(answer, name) for answer in slow], pa.large_string())
    return pa.concat_arrays([known, found]).take(pa.array(where))
