"""Reading a release as it was sent, checked and accounted for row by row, beside plain reads (context, no gate)."""

from __future__ import annotations

from harness.contenders import Process
from harness.running import Job
from scene import Scene

CONTENDERS = (
    ("smarthan.read_matrix", "contenders.with_smarthan:ReadRelease"),
    ("pandas, plain", "contenders.with_pandas:ReadRelease"),
    ("pyarrow, plain", "contenders.with_pyarrow:ReadRelease"),
    ("polars, plain", "contenders.with_polars:ReadRelease"),
    ("duckdb, plain", "contenders.with_duckdb:ReadRelease"),
)
NOTES = ("Plain reads check nothing: no types, keys, allowed words, duplicates; no account of the rows.",)


def reading(scene: Scene, form: str) -> Job:
    """Return the job for "parquet" or "csv"."""
    path = scene.csv() if form == "csv" else scene.release() / "matrix.parquet"
    contenders = tuple(Process(name, target, {"form": form}) for name, target in CONTENDERS)
    return Job(f"reading-{form}", f"Reading a release, {form}", contenders, {form: str(path)}, notes=NOTES, rounds=3)
