"""polars: Enum columns, strings normalised in expressions and joined, in memory and streaming."""

from __future__ import annotations

from typing import Any

import polars as pl

from attributes import ATTRIBUTES
from contenders.answers import BLANKS, digest
from contenders.keys import COLUMNS, COMPARED, read_keys, words_of


def read_table(path: str) -> pl.DataFrame:
    """Return the peers' table with Enum columns and the postcodes without their blank as `key`."""
    table = pl.read_parquet(path)
    words = {name: table[name].cast(pl.String).drop_nulls().unique().sort() for name in ATTRIBUTES}
    typed = [pl.col(name).cast(pl.String).cast(pl.Enum(listed)) for name, listed in words.items()]
    return table.with_columns(*typed, key=pl.col("postcode").str.replace(" ", "", literal=True)).rechunk()


def normalise(column: pl.Expr) -> pl.Expr:
    """Return postcodes in upper case without blanks; as quick as taking every blank away."""
    text = column.str.strip_chars(BLANKS).str.to_uppercase()
    return pl.concat_str(text.str.head(-3).str.strip_chars_end(BLANKS), text.str.tail(3))


class BulkJoin:
    """A left join in memory that keeps the order of the portfolio."""

    version = pl.__version__
    engine, order = "in-memory", "left"

    def __init__(self, task: dict[str, Any]) -> None:
        self.table = read_table(task["table"]).select("key", *ATTRIBUTES)
        self.portfolio = pl.read_parquet(task["portfolio"])

    def run(self) -> pl.DataFrame:
        """Join."""
        status = pl.when(pl.col("state").is_null()).then(pl.lit("NOT_FOUND")).otherwise(pl.lit("OK"))
        keys = self.keys().join(self.table.lazy(), on="key", how="left", maintain_order=self.order)
        answers = keys.drop("key").with_columns(status=status.cast(pl.Enum(["OK", "NOT_FOUND"])))
        return answers.collect(engine=self.engine)

    def keys(self) -> pl.LazyFrame:
        """Return the normalised column."""
        return self.portfolio.lazy().select(key=normalise(pl.col("postcode")))

    def reduce(self, answers: pl.DataFrame) -> dict[str, Any]:
        """Return what came out."""
        plain = [pl.col(name).cast(pl.Categorical) for name in ATTRIBUTES]
        return digest(answers.select(*plain).to_arrow())


class BulkJoinStreaming(BulkJoin):
    """The streaming engine. Keeping the order costs it three times as much, so it gives the number of each row."""

    engine, order = "streaming", "none"

    def keys(self) -> pl.LazyFrame:
        """Return the normalised column and the row numbers."""
        return super().keys().with_row_index("row")

    def reduce(self, answers: pl.DataFrame) -> dict[str, Any]:
        """Return what came out, in the order of the rows."""
        return super().reduce(answers.sort("row"))


class KeyLookup:
    """A filter on the sorted column."""

    version = pl.__version__

    def __init__(self, task: dict[str, Any]) -> None:
        self.table = read_table(task["table"]).set_sorted("postcode")
        self.keys = read_keys(task["keys"], 500)
        self.items = len(self.keys)

    def run(self) -> list[Any]:
        """Look all up, one by one."""
        return [self.table.filter(pl.col("postcode") == key).select(COLUMNS).row(0) for key in self.keys]

    def reduce(self, rows: list[Any]) -> list[list[str]]:
        """Return the first answers in shared words."""
        return [words_of(row) for row in rows[:COMPARED]]


class KeySearch(KeyLookup):
    """A binary search in the sorted column, then the row: what a user who knows the library would write."""

    def __init__(self, task: dict[str, Any]) -> None:
        super().__init__(task)
        self.sorted, self.rows = self.table["postcode"], self.table.select(COLUMNS)
        self.keys = read_keys(task["keys"], 5_000)
        self.items = len(self.keys)

    def run(self) -> list[Any]:
        """Look all up, one by one."""
        return [self.rows.row(self.sorted.search_sorted(key)) for key in self.keys]


class ReadRelease:
    """A plain read into memory; `form` is an option."""

    version = pl.__version__

    def __init__(self, task: dict[str, Any]) -> None:
        self.path = task[task["form"]]
        self.read = pl.read_parquet if task["form"] == "parquet" else read_csv

    def run(self) -> pl.DataFrame:
        """Read it."""
        return self.read(self.path)

    def reduce(self, rows: pl.DataFrame) -> int:
        """Return the number of rows."""
        return len(rows)


def read_csv(path: str) -> pl.DataFrame:
    """Return a CSV file as text, as identifiers must be read."""
    return pl.read_csv(path, infer_schema=False)
