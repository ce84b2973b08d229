"""The text cells of a table on its way in, each column coded: its words, and which word stands in each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.tables.findings import clip_all, code_type

Codes = npt.NDArray[np.signedinteger]
_SHARED = 1 << 20  # rows of a text column without a value that share their memory
_SAMPLE = 4096  # cells that tell whether a column repeats its words


class Coded:
    """One column: `words`, and `codes` (None where the words are the rows, one by one)."""

    def __init__(self, words: pa.Array, codes: Codes | None) -> None:
        self.codes = codes
        self._words = words
        self._clipped: dict[int, pa.Array] = {}

    @property
    def words(self) -> pd.Series:
        """The words as a pandas column; a word may stand in it twice."""
        return to_text(self._words)

    def spread(self, of_word: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return which rows hold one of the marked words."""
        return of_word if self.codes is None else of_word[self.codes]

    def shown(self, rows: npt.NDArray[np.int64], limit: int) -> pa.Array:
        """Return the texts of some rows, clipped; a giant word that stands in many rows is clipped once."""
        if self.codes is None:
            return clip_all(self._words.take(pa.array(rows)), limit)
        if limit not in self._clipped:
            self._clipped[limit] = clip_all(self._words, limit)
        return pa.DictionaryArray.from_arrays(pa.array(self.codes[rows]), self._clipped[limit])

    def plain(self, rows: npt.NDArray[np.int64], limit: int) -> pa.Array:
        """Return the texts of some rows, clipped, one by one."""
        found = self.shown(rows, limit)
        return found.dictionary_decode() if pa.types.is_dictionary(found.type) else found

    def series(self) -> pd.Series:
        """Return the text of every row."""
        return to_text(self._words if self.codes is None else self._words.take(pa.array(self.codes)))

    def replaced(self, pattern: str, by: str) -> Coded:
        """Return the column with a pattern replaced in every word."""
        return Coded(pc.replace_substring_regex(self._words, pattern, by), self.codes)


class Cells(Mapping[str, pd.Series]):
    """The text of a table by column name; '' where a cell is empty.

    Reads like a mapping of names to text columns; `coded` gives a column's words and codes, which cost less.
    """

    def __init__(self, columns: Mapping[str, Coded], count: int) -> None:
        self._columns, self.count = dict(columns), count

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Cells:
        """Return the cells of a frame of text columns."""
        return cls.from_arrow({str(name): pa.chunked_array(pa.array(frame[name])) for name in frame}, len(frame))

    def replaced(self, pattern: str, by: str) -> Cells:
        """Return the cells with a pattern replaced in every one."""
        return Cells({name: column.replaced(pattern, by) for name, column in self._columns.items()}, self.count)

    @classmethod
    def from_arrow(cls, columns: Mapping[str, pa.ChunkedArray], count: int) -> Cells:
        """Return the cells of Arrow columns of text, coded or not."""
        return cls({name: encode(column) for name, column in columns.items()}, count)

    def choose(self, names: list[str]) -> Cells:
        """Return some columns; one that is not there is empty throughout."""
        blank = Coded(pa.array([""], pa.large_string()), np.zeros(self.count, dtype=np.int8))
        return Cells({name: self._columns.get(name, blank) for name in names}, self.count)

    def having(self, columns: Mapping[str, pd.Series]) -> Cells:
        """Return the cells with some columns put in the place of those of their names."""
        return Cells({**self._columns, **Cells.from_frame(pd.DataFrame(dict(columns)))._columns}, self.count)

    def coded(self, name: str) -> Coded:
        """Return a column's words and codes."""
        return self._columns[name]

    def __getitem__(self, name: str) -> pd.Series:
        return self._columns[name].series()

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __contains__(self, name: object) -> bool:
        return name in self._columns


def encode(column: pa.ChunkedArray) -> Coded:
    """Return a column of text as words and codes, missing cells as ''; the words themselves where few repeat."""
    if not pa.types.is_dictionary(column.type):
        if column.null_count:
            column = pc.fill_null(column, "")
        if _repeats_little(column):
            return Coded(_joined(column.cast(pa.large_string())), None)
        column = column.dictionary_encode()
    whole = column.unify_dictionaries()
    if not len(whole):
        return Coded(pa.array([], pa.large_string()), None)
    words = whole.chunk(0).dictionary.cast(pa.large_string())
    smallest = code_type(len(words) + 1)
    parts = [pc.fill_null(chunk.indices.cast(smallest), len(words)).to_numpy() for chunk in whole.chunks]
    if whole.null_count or words.null_count:
        words = pa.concat_arrays([pc.fill_null(words, ""), pa.array([""], pa.large_string())])
    return Coded(words, np.concatenate(parts) if len(parts) > 1 else parts[0])


def _repeats_little(column: pa.ChunkedArray) -> bool:
    count = len(column)
    if count <= _SAMPLE:
        return False
    sample = column.take(pa.array(np.arange(_SAMPLE) * (count // _SAMPLE)))
    return bool(2 * pc.count_distinct(sample).as_py() > _SAMPLE)


def _joined(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def spread_typed(typed: pd.Series, codes: Codes | None) -> pd.Series:
    """Return the typed word of each row; a column without any value takes no room, and may not be written to."""
    if codes is None:
        return typed
    if typed.isna().all() and (empty := _missing(typed.dtype, len(codes))) is not None:
        return pd.Series(empty, copy=False)
    return pd.Series(typed.array.take(codes), copy=False)


def _missing(dtype: Any, count: int) -> Any:
    """Return an array of missing values that are one value in memory; None where the dtype has no such array."""
    if dtype == "str":
        chunk = pa.nulls(min(count, _SHARED), pa.large_string())
        chunks = [chunk] * (count // _SHARED) + [chunk[: count % _SHARED]]
        return pd.array(pa.chunked_array(chunks, pa.large_string()), dtype="str")
    unknown = np.broadcast_to(np.True_, count)
    if dtype == "Int64":
        return pd.arrays.IntegerArray(np.broadcast_to(np.int64(1), count), unknown)
    if dtype == "boolean":
        return pd.arrays.BooleanArray(np.broadcast_to(np.False_, count), unknown)
    if dtype in ("float64", "datetime64[us]"):
        return np.broadcast_to(np.array("nan" if dtype == "float64" else "NaT", dtype=dtype), count)
    return None


def own(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose columns may all be written to: those of `spread_typed` without a value are copied."""
    shared = [name for name in frame if frame[name].dtype.kind in "iubfM" and frame[name].isna().all()]
    return frame.assign(**{name: frame[name].copy() for name in shared}) if shared else frame


def to_text(words: pa.Array) -> pd.Series:
    """Return Arrow text as a pandas text column, without copying it."""
    return pd.Series(pd.array(pa.chunked_array([words], pa.large_string()), dtype="str"))
