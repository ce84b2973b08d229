"""`smarthan demo`: write the demonstration inputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from smarthan.commands.outcome import Outcome


def write_demo(folder: str, *, seed: int, progress: Callable[[int, int, str], None] | None = None) -> Outcome:
    """Write the demonstration inputs to a new folder and say what can be done with them."""
    from smarthan.report.demonstration import write_demonstration

    target = write_demonstration(folder, seed=seed, progress=progress)
    files = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    document = {"folder": str(target), "seed": seed, "synthetic": True, "files": files}
    return Outcome(_describe(target, len(files)), document)


def _describe(target: Path, files: int) -> str:
    return (
        f"{files} files of SYNTHETIC demonstration inputs in {target}\n"
        f"  smarthan report --config {target}/report.toml\n"
        f"  smarthan check coverage {target}/coverage/synthetic-2026-11.parquet\n"
        f"  smarthan check trial {target}/trial\n"
        f"  smarthan score {target}/appraisal"
    )
