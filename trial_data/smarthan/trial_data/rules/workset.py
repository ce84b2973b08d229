"""The working rows of all tables of one trial, and looking one table's cells up from another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.tables import Rows


@dataclass(frozen=True)
class Workset:
    """What every rule is given.

    Attributes
    ----------
    rows : dict of str to Rows
        Working rows by table name; an optional table that was not delivered is absent.
    begins, day : date
        First day of the trial, and the day asked: dates of fieldwork lie between them.
    """

    rows: dict[str, Rows]
    begins: dt.date
    day: dt.date

    def flag(self, table: str, mask: pd.Series | npt.NDArray[np.bool_], code: str, column: str, message: str) -> None:
        """Note the masked rows of a table, those in quarantine left out: flags speak of what was accepted."""
        rows = self.rows[table]
        rows.flag(np.asarray(mask, dtype=np.bool_) & rows.alive, code, column, message)

    def look_up(self, keys: pd.Series, table: str, column: str) -> pd.Series:
        """Return the cells of a parent's column at the given keys, missing where there is none."""
        parent = self.rows[table]
        key = parent.table.key[0]
        known = parent.frame[parent.frame[key].notna()].drop_duplicates(key).set_index(key)[column]
        if isinstance(known.dtype, pd.CategoricalDtype):
            known = known.astype("str")
        # Not `map`: on a table without rows that would lose the dtype.
        return known.reindex(keys).set_axis(keys.index)
