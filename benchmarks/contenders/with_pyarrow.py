"""pyarrow alone: its compute functions and its readers."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from attributes import ATTRIBUTES
from contenders.answers import BLANKS, digest


class BulkIndexIn:
    """`index_in`, then `take`."""

    version = pa.__version__

    def __init__(self, task: dict[str, Any]) -> None:
        table = pq.read_table(task["table"]).unify_dictionaries()
        self.keys = pc.replace_substring(table["postcode"], " ", "").combine_chunks()
        self.columns = {name: table[name].combine_chunks() for name in ATTRIBUTES}
        self.portfolio = pq.read_table(task["portfolio"])["postcode"]

    def run(self) -> pa.Table:
        """Find and take."""
        bare = pc.ascii_upper(self.portfolio)
        for blank in BLANKS:
            bare = pc.replace_substring(bare, blank, "")
        at = pc.index_in(bare, self.keys, skip_nulls=True)
        status = pc.if_else(pc.is_valid(at), pa.scalar("OK"), pa.scalar("NOT_FOUND")).dictionary_encode()
        return pa.table({"status": status, **{name: column.take(at) for name, column in self.columns.items()}})

    def reduce(self, answers: pa.Table) -> dict[str, Any]:
        """Return what came out."""
        return digest(answers)


class ReadRelease:
    """A plain read into memory; `form` is an option. A CSV file is read as text, as identifiers must be."""

    version = pa.__version__

    def __init__(self, task: dict[str, Any]) -> None:
        self.path, self.form = task[task["form"]], task["form"]

    def run(self) -> pa.Table:
        """Read it."""
        if self.form == "parquet":
            return pq.read_table(self.path)
        types = dict.fromkeys(pa.csv.open_csv(self.path).schema.names, pa.string())
        return pa.csv.read_csv(self.path, convert_options=pa.csv.ConvertOptions(column_types=types))

    def reduce(self, rows: pa.Table) -> int:
        """Return the number of rows."""
        return len(rows)
