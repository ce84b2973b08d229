"""Opening a release to ask it, beside reading its rows with pandas."""

from __future__ import annotations

from harness.contenders import Process
from harness.gates import Gate
from harness.running import Job
from scene import Scene

REMEMBERED, FIRST, PANDAS = "smarthan, opened before", "smarthan, the first time", "pandas.read_parquet"

CONTENDERS = (
    (REMEMBERED, "contenders.with_smarthan:OpenRemembered"),
    (FIRST, "contenders.with_smarthan:OpenFirst"),
    (PANDAS, "contenders.with_pandas:OpenParquet"),
)
GATES = (Gate("opening a release, times pandas.read_parquet", REMEMBERED, (PANDAS,), 50, 200),)
NOTES = ("The first time the hashes of all files are checked; then that is remembered by size, time and inode.",)


def opening(scene: Scene) -> Job:
    """Return the job."""
    task = {"release": str(scene.release()), "parquet": str(scene.release() / "matrix.parquet")}
    contenders = tuple(Process(*contender) for contender in CONTENDERS)
    return Job("opening", "Opening a release", contenders, task, gates=GATES, unit="ms", notes=NOTES)
