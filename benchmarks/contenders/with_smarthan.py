"""Ours."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from attributes import ATTRIBUTES
from contenders.answers import digest
from contenders.keys import COMPARED, read_keys, words_of
from smarthan.coverage import CoverageMatrix, read_matrix


class BulkLookup:
    """`lookup_many`: status and seven attributes of every row, as a DataFrame; `engine` is an option."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.engine = task["engine"]
        if self.engine == "numba":
            import numba

            self.version = f"numba {numba.__version__}"
        self.matrix = CoverageMatrix.open(task["release"])
        self.postcodes = pd.read_parquet(task["portfolio"])["postcode"]

    def run(self) -> pd.DataFrame:
        """Look all up."""
        return self.matrix.lookup_many(self.postcodes, columns=("status", *ATTRIBUTES), engine=self.engine)

    def reduce(self, answers: pd.DataFrame) -> dict[str, Any]:
        """Return what came out; the engine asked for must be the one that ran."""
        assert answers.attrs["engine"] == self.engine, answers.attrs
        return digest(pa.Table.from_pandas(answers[list(ATTRIBUTES)], preserve_index=False))


class KeyLookup:
    """The mapped file, asked for the class of a postcode's first row, in pure Python."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.find = CoverageMatrix.open(task["release"]).mapped.first_class
        self.keys = read_keys(task["keys"], 100_000)
        self.items = len(self.keys)

    def run(self) -> list[Any]:
        """Look all up, one by one."""
        find = self.find
        return [find(key) for key in self.keys]

    def reduce(self, rows: list[Any]) -> list[list[str]]:
        """Return the first answers in shared words."""
        return [words_of(row) for row in rows[:COMPARED]]


class FullLookup(KeyLookup):
    """`matrix.lookup`: the text read, states, words, caveats and all."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.find = CoverageMatrix.open(task["release"]).lookup
        self.keys = read_keys(task["keys"], 10_000)
        self.items = len(self.keys)

    def reduce(self, rows: list[Any]) -> list[list[str]]:
        """Return the first answers in shared words."""
        return [words_of(row.best) for row in rows[:COMPARED]]


class OpenRemembered:
    """`CoverageMatrix.open` of a release that was opened before."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.folder = Path(task["release"])

    def run(self) -> CoverageMatrix:
        """Open it."""
        return CoverageMatrix.open(self.folder)

    def reduce(self, matrix: CoverageMatrix) -> int:
        """Return the number of rows."""
        return len(matrix)


class OpenFirst(OpenRemembered):
    """`CoverageMatrix.open` of a folder never seen before, so that all its hashes are checked."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.source, self.scratch = Path(task["release"]), tempfile.TemporaryDirectory()
        self.count = 0

    def before(self) -> None:
        """Copy the release to a place of its own."""
        if self.count:
            shutil.rmtree(self.folder)
        self.count += 1
        self.folder = Path(self.scratch.name) / str(self.count)
        shutil.copytree(self.source, self.folder)


class ReadRelease:
    """`read_matrix`: every row read, checked and accounted for; `form` is an option."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.path = task[task["form"]]

    def run(self) -> Any:
        """Read it."""
        return read_matrix(self.path)

    def reduce(self, read: Any) -> int:
        """Return the number of rows accepted."""
        return len(read.matrix)
