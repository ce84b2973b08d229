"""The working rows of all tables of one trial, and looking one table's cells up from another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.tables import Rows

Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Keys:
    """The keys of one table: each one once, its number in each row (-1 where it is missing), and its first row."""

    words: pa.Array
    code: Codes
    first: Codes

    @classmethod
    def of(cls, rows: Rows) -> Keys:
        """Number the keys of a table's rows."""
        coded = text_of(rows.frame[rows.table.key[0]]).dictionary_encode()
        code = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
        first = np.zeros(len(coded.dictionary), dtype=np.int32)
        # Written from the last row to the first, so that the first one stays.
        first[code[::-1][code[::-1] >= 0]] = np.flatnonzero(code >= 0)[::-1]
        return cls(coded.dictionary, code, first)

    def spread(self, of_row: Mask) -> Mask:
        """Return for each key whether any of its rows is marked."""
        any_row = np.zeros(len(self.words), dtype=np.bool_)
        any_row[self.code[of_row & (self.code >= 0)]] = True
        return any_row


@dataclass(frozen=True)
class Workset:
    """What every rule is given.

    Attributes
    ----------
    rows : dict of str to Rows
        Working rows by table name; an optional table that was not delivered is absent.
    begins, day : date
        First day of the trial, and the day asked: dates of fieldwork lie between them.
    instrument_words : dict of str to dict
        Protocol version to words in place of a level, case-folded, and what each means.

    Notes
    -----
    Keys and references are numbered when first asked for and then kept, because no rule changes an identifier.
    """

    rows: dict[str, Rows]
    begins: dt.date
    day: dt.date
    instrument_words: dict[str, dict[str, str]] = field(default_factory=dict)
    _keys: dict[str, Keys] = field(default_factory=dict)
    _links: dict[tuple[str, str], Codes] = field(default_factory=dict)

    def flag(self, table: str, mask: pd.Series | Mask, code: str, column: str, message: str) -> None:
        """Note the masked rows of a table, those in quarantine left out: flags speak of what was accepted."""
        rows = self.rows[table]
        rows.flag(np.asarray(mask, dtype=np.bool_) & rows.alive, code, column, message)

    def keys(self, table: str) -> Keys:
        """Return a table's keys, numbered."""
        if table not in self._keys:
            self._keys[table] = Keys.of(self.rows[table])
        return self._keys[table]

    def link(self, table: str, column: str) -> Codes:
        """Return for each row of a table the number of the key that `column` refers to, -1 where there is none."""
        if (table, column) not in self._links:
            rows = self.rows[table]
            parent = next(p for p in rows.table.parents if p.column == column)
            found = pc.index_in(text_of(rows.frame[column]), self.keys(parent.table).words)
            self._links[table, column] = pc.fill_null(found, -1).to_numpy(zero_copy_only=False)
        return self._links[table, column]

    def look_up(self, table: str, column: str, wanted: str) -> pd.Series:
        """Return, for each row of a table, a cell of the row that `column` refers to, missing where there is none.

        Parameters
        ----------
        table, column : str
            The table and its referring column.
        wanted : str
            Column of the parent.
        """
        parent = next(p.table for p in self.rows[table].table.parents if p.column == column)
        known = self.rows[parent].frame[wanted]
        if isinstance(known.dtype, pd.CategoricalDtype):
            known = known.astype("str")
        code, first = self.link(table, column), self.keys(parent).first
        place = np.where(code >= 0, first[code], -1) if len(first) else code
        return pd.Series(known.array.take(place, allow_fill=True), copy=False)


def text_of(column: pd.Series) -> pa.Array:
    """Return a column of text as one Arrow array."""
    whole = pa.array(column, from_pandas=True)
    if isinstance(whole, pa.ChunkedArray):
        return whole.combine_chunks()
    return whole


def is_blank(rows: Rows, column: str) -> Mask:
    """Return which rows were delivered with an empty cell."""
    coded = rows.text.coded(column)
    return coded.spread(coded.words.str.strip().eq("").to_numpy(dtype=np.bool_))
