"""pandas: categorical columns, strings normalised by `.str`, joined by `merge` or by an index."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from attributes import ATTRIBUTES, DAY
from contenders.answers import BLANKS, digest
from contenders.keys import COLUMNS, COMPARED, read_keys, words_of


def read_table(path: str) -> pd.DataFrame:
    """Return the peers' table; words are categorical, the day a timestamp."""
    table = pd.read_parquet(path)
    table[DAY] = pd.to_datetime(table[DAY])
    return table


def normalise(column: pd.Series) -> pd.Series:
    """Return postcodes in upper case without blanks."""
    bare = column.str.upper()
    for blank in BLANKS:
        bare = bare.str.replace(blank, "", regex=False)
    return bare


class BulkMerge:
    """`merge`, many to one."""

    version = pd.__version__

    def __init__(self, task: dict[str, Any]) -> None:
        table = read_table(task["table"])
        table = table.drop(columns=DAY)
        self.table = table.assign(key=table.pop("postcode").str.replace(" ", "", regex=False))
        self.portfolio = pd.read_parquet(task["portfolio"])

    def run(self) -> pd.DataFrame:
        """Join."""
        keys = normalise(self.portfolio["postcode"]).rename("key").to_frame()
        answers = keys.merge(self.table, on="key", how="left", validate="many_to_one").drop(columns="key")
        return with_status(answers)

    def reduce(self, answers: pd.DataFrame) -> dict[str, Any]:
        """Return what came out."""
        return digest(pa.Table.from_pandas(answers[list(ATTRIBUTES)], preserve_index=False))


class BulkIndexer(BulkMerge):
    """`Index.get_indexer`, then one `take` a column; the hash table of the index is kept from call to call."""

    def __init__(self, task: dict[str, Any]) -> None:
        super().__init__(task)
        self.index = pd.Index(self.table.pop("key"))

    def run(self) -> pd.DataFrame:
        """Find and take."""
        at = self.index.get_indexer(pd.Index(normalise(self.portfolio["postcode"])))
        columns = {name: self.table[name].array.take(at, allow_fill=True) for name in ATTRIBUTES}
        return with_status(pd.DataFrame(columns))


def with_status(answers: pd.DataFrame) -> pd.DataFrame:
    """Add whether each row was found."""
    missing = answers["state"].isna().to_numpy().astype(np.int8)
    answers["status"] = pd.Categorical.from_codes(missing, categories=["OK", "NOT_FOUND"])
    return answers


class KeyLookup:
    """`.loc` on a unique index."""

    version = pd.__version__

    def __init__(self, task: dict[str, Any]) -> None:
        self.table = read_table(task["table"]).set_index("postcode")[list(COLUMNS)]
        self.keys = read_keys(task["keys"], 2_000)
        self.items = len(self.keys)

    def run(self) -> list[Any]:
        """Look all up, one by one."""
        loc = self.table.loc
        return [loc[key] for key in self.keys]

    def reduce(self, rows: list[Any]) -> list[list[str]]:
        """Return the first answers in shared words."""
        return [words_of(row.to_dict()) for row in rows[:COMPARED]]


class OpenParquet:
    """`read_parquet` of the rows of a release."""

    version = pd.__version__

    def __init__(self, task: dict[str, Any]) -> None:
        self.path = task["parquet"]

    def run(self) -> pd.DataFrame:
        """Read it."""
        return pd.read_parquet(self.path)

    def reduce(self, rows: pd.DataFrame) -> int:
        """Return the number of rows."""
        return len(rows)


class ReadRelease(OpenParquet):
    """A plain read into memory; `form` is an option. A CSV file is read as text, as identifiers must be."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.path, self.form = task[task["form"]], task["form"]

    def run(self) -> pd.DataFrame:
        """Read it."""
        if self.form == "parquet":
            return pd.read_parquet(self.path)
        return pd.read_csv(self.path, dtype="str", keep_default_na=False)
