"""Bulk look-up: messy strings in; status and seven attributes out, the whole country in the table."""

from __future__ import annotations

from contenders.answers import BLANKS
from harness.contenders import Process
from harness.gates import Gate
from harness.running import Job
from scene import Scene

SMALL = 20_000  # rows each contender does once before anything is measured
NUMBA, NUMPY = "smarthan, numba", "smarthan, numpy"
DUCKDB, STREAMING, IN_MEMORY = "duckdb join", "polars join, streaming", "polars join, in memory"
MERGE = "pandas merge"
QUICKEST = (DUCKDB, STREAMING, IN_MEMORY)

CONTENDERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (NUMBA, "contenders.with_smarthan:BulkLookup", {"engine": "numba"}),
    (NUMPY, "contenders.with_smarthan:BulkLookup", {"engine": "numpy"}),
    (DUCKDB, "contenders.with_duckdb:BulkJoin", {}),
    (STREAMING, "contenders.with_polars:BulkJoinStreaming", {}),
    (IN_MEMORY, "contenders.with_polars:BulkJoin", {}),
    ("pyarrow index_in, take", "contenders.with_pyarrow:BulkIndexIn", {}),
    (MERGE, "contenders.with_pandas:BulkMerge", {}),
    ("pandas get_indexer", "contenders.with_pandas:BulkIndexer", {}),
)
GATES = (
    Gate("numba path, times the better of duckdb and polars", NUMBA, QUICKEST, 4, 6),
    Gate("numba path, times pandas merge", NUMBA, (MERGE,), 15, 25),
    Gate("numpy path, times the better of duckdb and polars", NUMPY, QUICKEST, 1, 2),
    Gate("numba path, extra memory, of the better polars", NUMBA, QUICKEST[1:], 0.4, 0.25, "extra_mb", at_most=True),
    Gate("numpy path, extra memory, of the better polars", NUMPY, QUICKEST[1:], 0.4, 0.25, "extra_mb", at_most=True),
)
NOTES = (
    "Compared: every row, in order: found or not, and each of the seven attributes; "
    f"the portfolio's blanks are {BLANKS!r}, none in a wrong place.",
    "Ours also says why a row was not found (malformed and how, terminated, outside GB ...); the peers only that.",
    "Extra MB: peak resident memory above the lowest level between rounds, portfolio and table loaded.",
)


def bulk_lookup(scene: Scene, rows: int) -> Job:
    """Return the job for so many rows."""
    shared = {"table": str(scene.table()), "release": str(scene.release())}
    millions = f"{rows / 1e6:g}M" if rows >= 100_000 else f"{rows:,}"
    return Job(
        f"bulk-{millions}",
        f"Bulk look-up of {rows:,} messy rows against {len(scene.postcodes()):,} postcodes",
        tuple(Process(*contender) for contender in CONTENDERS),
        {**shared, "portfolio": str(scene.portfolio(rows))},
        {**shared, "portfolio": str(scene.portfolio(min(rows, SMALL)))},
        GATES if rows >= 10_000_000 else (),
        notes=NOTES,
    )
