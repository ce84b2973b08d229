"""The standard library: sqlite3, and a dict."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from contenders.keys import COLUMNS, COMPARED, read_keys, words_of

QUERY = f"SELECT {', '.join(COLUMNS)} FROM releases WHERE postcode = ?"


def write_database(table: str, path: str | Path) -> None:
    """Write the peers' table with an index by postcode."""
    rows = pq.read_table(table)
    names = rows.column_names
    days = rows["anticipated"].cast("string").to_pylist()
    values = [rows[name].to_pylist() if name != "anticipated" else days for name in names]
    with sqlite3.connect(path) as connection:
        columns = ", ".join(f"{name} TEXT" for name in names)
        connection.execute(f"CREATE TABLE releases ({columns})")
        connection.executemany(
            f"INSERT INTO releases VALUES ({', '.join('?' * len(names))})", zip(*values, strict=True)
        )
        connection.execute("CREATE UNIQUE INDEX by_postcode ON releases (postcode)")
    connection.close()


class KeyLookup:
    """A prepared statement on an indexed table in a file."""

    version = sqlite3.sqlite_version

    def __init__(self, task: dict[str, Any]) -> None:
        self.connection = sqlite3.connect(task["database"])
        self.keys = read_keys(task["keys"], 20_000)
        self.items = len(self.keys)

    def run(self) -> list[Any]:
        """Look all up, one by one."""
        ask = self.connection.execute
        return [ask(QUERY, (key,)).fetchone() for key in self.keys]

    def reduce(self, rows: list[Any]) -> list[list[str]]:
        """Return the first answers in shared words."""
        return [words_of(row) for row in rows[:COMPARED]]


class KeyLookupInMemory(KeyLookup):
    """The same with the database in the memory of the process, each row beside its key: as quick as sqlite goes."""

    def __init__(self, task: dict[str, Any]) -> None:
        super().__init__(task)
        with self.connection as source, sqlite3.connect(":memory:") as memory:
            memory.execute(f"CREATE TABLE releases (postcode TEXT PRIMARY KEY, {', '.join(COLUMNS)}) WITHOUT ROWID")
            rows = source.execute(f"SELECT postcode, {', '.join(COLUMNS)} FROM releases")
            memory.executemany("INSERT INTO releases VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        self.connection = memory


class DictLookup:
    """A dict of tuples: everything in memory, made anew by each process."""

    def __init__(self, task: dict[str, Any]) -> None:
        rows = pq.read_table(task["table"])
        values = zip(*(rows[name].to_pylist() for name in COLUMNS), strict=True)
        self.of = dict(zip(rows["postcode"].to_pylist(), values, strict=True))
        self.keys = read_keys(task["keys"], 100_000)
        self.items = len(self.keys)

    def run(self) -> list[Any]:
        """Look all up, one by one."""
        of = self.of
        return [of[key] for key in self.keys]

    def reduce(self, rows: list[Any]) -> list[list[str]]:
        """Return the first answers in shared words."""
        return [words_of(row) for row in rows[:COMPARED]]
