"""duckdb: a table in memory with ENUM columns, strings normalised and joined in SQL."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from attributes import ATTRIBUTES, DAY
from contenders.answers import BLANKS, digest
from contenders.keys import COLUMNS, COMPARED, read_keys, words_of

ENUM = "CREATE TYPE {0} AS ENUM (SELECT DISTINCT {0}::VARCHAR FROM peers WHERE {0} IS NOT NULL ORDER BY 1)"


def connect(table: str) -> duckdb.DuckDBPyConnection:
    """Return a connection with the peers' table as `releases`, its words as ENUM types."""
    connection = duckdb.connect()
    connection.execute(f"CREATE VIEW peers AS FROM '{table}'")
    for name in ATTRIBUTES:
        connection.execute(ENUM.format(name))
    typed = ", ".join(f"{name}::VARCHAR::{name} AS {name}" for name in ATTRIBUTES)
    connection.execute(
        f"CREATE TABLE releases AS SELECT postcode, replace(postcode, ' ', '') AS key, {typed}, {DAY} FROM peers"
    )
    return connection


class BulkJoin:
    """A left join of the Arrow table, the answer as an Arrow table.

    A join of duckdb promises no order (below two million rows it turns the sides round), so the portfolio stands ready
    with the number of each row, and the answer comes in any order with these numbers. Nested `replace` is quicker than
    `translate`, than a regular expression and than cutting at the last three.
    """

    version = duckdb.__version__

    def __init__(self, task: dict[str, Any]) -> None:
        self.connection = connect(task["table"])
        self.connection.execute("SET preserve_insertion_order = false")
        portfolio = pq.read_table(task["portfolio"])
        rows = pa.array(np.arange(len(portfolio), dtype=np.int32))
        self.connection.register("portfolio", portfolio.append_column("row", rows))
        bare = "postcode"
        for blank in BLANKS:
            bare = f"replace({bare}, '{blank}', '')"
        self.query = f"""
            SELECT row, CASE WHEN state IS NULL THEN 'NOT_FOUND' ELSE 'OK' END::ENUM('OK', 'NOT_FOUND') AS status,
                   {", ".join(ATTRIBUTES)}
            FROM (SELECT row, upper({bare}) AS key FROM portfolio) LEFT JOIN releases USING (key)"""

    def run(self) -> pa.Table:
        """Join."""
        return self.connection.sql(self.query).to_arrow_table()

    def reduce(self, answers: pa.Table) -> dict[str, Any]:
        """Return what came out, in the order of the rows."""
        order = np.empty(len(answers), dtype=np.int64)
        order[answers["row"].to_numpy()] = np.arange(len(answers))
        return digest(answers.take(pa.array(order)))


class KeyLookup:
    """A prepared statement on an indexed table."""

    version = duckdb.__version__

    def __init__(self, task: dict[str, Any]) -> None:
        self.connection = connect(task["table"])
        self.connection.execute("CREATE UNIQUE INDEX by_postcode ON releases (postcode)")
        self.query = f"SELECT {', '.join(COLUMNS)} FROM releases WHERE postcode = ?"
        self.keys = read_keys(task["keys"], 1_000)
        self.items = len(self.keys)

    def run(self) -> list[Any]:
        """Look all up, one by one."""
        ask = self.connection.execute
        return [ask(self.query, (key,)).fetchone() for key in self.keys]

    def reduce(self, rows: list[Any]) -> list[list[str]]:
        """Return the first answers in shared words."""
        return [words_of(row) for row in rows[:COMPARED]]


class ReadRelease:
    """A plain read into memory; `form` is an option."""

    version = duckdb.__version__

    def __init__(self, task: dict[str, Any]) -> None:
        self.path = task[task["form"]]

    def run(self) -> int:
        """Read it."""
        with duckdb.connect() as connection:
            connection.execute(f"CREATE TABLE rows AS FROM '{self.path}'")
            return int(connection.execute("SELECT count(*) FROM rows").fetchall()[0][0])

    def reduce(self, rows: int) -> int:
        """Return the number of rows."""
        return rows
