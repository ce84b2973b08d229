"""One look-up after another in a warm process: a canonical postcode in, six attributes out."""

from __future__ import annotations

from harness.contenders import Process
from harness.gates import Gate
from harness.running import Job
from scene import Scene

KEYS = 100_000
OURS, SQLITE, LOC = "smarthan, mapped file", "sqlite, indexed file", "pandas .loc"

CONTENDERS = (
    (OURS, "contenders.with_smarthan:KeyLookup"),
    ("smarthan, matrix.lookup", "contenders.with_smarthan:FullLookup"),
    ("dict", "contenders.with_standard_library:DictLookup"),
    (SQLITE, "contenders.with_standard_library:KeyLookup"),
    ("sqlite, all in memory", "contenders.with_standard_library:KeyLookupInMemory"),
    (LOC, "contenders.with_pandas:KeyLookup"),
    ("polars search_sorted", "contenders.with_polars:KeySearch"),
    ("polars filter", "contenders.with_polars:KeyLookup"),
    ("duckdb", "contenders.with_duckdb:KeyLookup"),
)
GATES = (
    Gate("key look-up, times sqlite", OURS, (SQLITE,), 8),
    Gate("key look-up, times pandas .loc", OURS, (LOC,), 30),
)
NOTES = (
    "Keys: postcodes with one row, so that the first row is the best; slow contenders are asked fewer of them.",
    "`matrix.lookup` reads the text, decides the state on the day asked, words it and carries caveat and release.",
)


def key_lookup(scene: Scene) -> Job:
    """Return the job."""
    task = {
        "table": str(scene.table()),
        "release": str(scene.release()),
        "database": str(scene.database()),
        "keys": str(scene.keys(KEYS)),
    }
    contenders = tuple(Process(*contender) for contender in CONTENDERS)
    return Job("key-lookup", "A look-up in a warm process", contenders, task, gates=GATES, unit="us", notes=NOTES)
