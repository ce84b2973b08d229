"""What went into a pack and what came out, by hash: the same inputs give the same file. Times stand apart."""

from __future__ import annotations

import datetime as dt
import getpass
import hashlib
import json
import platform
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from smarthan.files import sha256_of

SCHEMA_VERSION = 1
# The packages whose versions can change a figure or a picture.
RECORDED_PACKAGES = (
    "afcharts", "geopandas", "gptables", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "pyarrow",
    "scikit-learn", "scipy", "smarthan",
)  # fmt: skip


def hash_input(path: Path) -> tuple[str, int]:
    """Return the SHA-256 and the bytes of a file, or of a folder's files by name.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a.csv").write_text("x\\n")
    ...     hash_input(Path(folder))[1]
    2
    """
    if path.is_file():
        return sha256_of(path), path.stat().st_size
    digest, size = hashlib.sha256(), 0
    for file in sorted(p for p in path.rglob("*") if p.is_file()):
        digest.update(f"{file.relative_to(path).as_posix()}\0{sha256_of(file)}\n".encode())
        size += file.stat().st_size
    return digest.hexdigest(), size


@cache
def hash_source() -> str:
    """Return one SHA-256 over the files of the suite: a figure depends on code and shipped data as on its inputs."""
    import smarthan

    digest = hashlib.sha256()
    for name, file in list_source([Path(root) for root in smarthan.__path__]):
        digest.update(f"{name}\0{sha256_of(file)}\n".encode())
    return digest.hexdigest()


def list_source(roots: Iterable[Path]) -> list[tuple[str, Path]]:
    """Return what the suite is made of, name and file, by name.

    What Python compiles is none of it, nor are the half-written files that another process of it leaves for a moment.
    """
    files = {(p.relative_to(root).as_posix(), p) for root in roots for p in root.rglob("*")}
    return sorted(
        (name, file)
        for name, file in files
        if "__pycache__" not in file.parts and file.suffix != ".ipynb" and file.is_file()
    )


def hash_values(values: object) -> str:
    """Return the SHA-256 of plain values, by their JSON with sorted keys."""
    return hashlib.sha256(json_text(values).encode()).hexdigest()


def read_versions() -> dict[str, str]:
    """Return the versions that can change a figure: Python (major.minor.micro) and the recorded packages."""
    versions = {"python": platform.python_version()}
    for package in RECORDED_PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return versions


def read_commit(folder: Path) -> str:
    """Return the commit that a project folder stands at, read from its files, or "not known"."""
    git = folder / ".git"
    if git.is_file():  # a further worktree: the file names the folder that holds its HEAD
        git = folder / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
    head = git / "HEAD"
    if not head.is_file():
        return "not known"
    text = head.read_text(encoding="utf-8").strip()
    if not text.startswith("ref: "):
        return text
    name, shared = text.removeprefix("ref: "), git / "commondir"
    places = [git, git / shared.read_text(encoding="utf-8").strip()] if shared.is_file() else [git]
    for place in places:
        if (place / name).is_file():
            return (place / name).read_text(encoding="utf-8").strip()
    packed = places[-1] / "packed-refs"
    lines = packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else []
    return next((line.split(" ")[0] for line in lines if line.endswith(f" {name}")), "not known")


def has_changes(folder: Path) -> bool | None:
    """Return whether tracked files of a project folder differ from its commit; None where git cannot say."""
    git = shutil.which("git")
    if git is None or not (folder / ".git").exists():
        return None
    command = [git, "--no-optional-locks", "status", "--porcelain", "--untracked-files=no"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return bool(done.stdout.strip()) if done.returncode == 0 else None


def list_outputs(folder: Path, *, leave_out: Sequence[str] = ("provenance.json", "run.json")) -> list[dict[str, Any]]:
    """Return each file of a pack with its hash, sorted by path."""
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return [{"path": name, "sha256": sha256_of(folder / name)} for name in files if name not in leave_out]


def describe_run(
    start: dt.datetime, executions: Sequence[Mapping[str, Any]], reasons: Mapping[str, str]
) -> dict[str, Any]:
    """Return what differs from run to run: when, where, who, how long, and what the kernels said."""
    end = dt.datetime.now(dt.UTC)
    return {
        "start": start.isoformat(timespec="seconds"),
        "end": end.isoformat(timespec="seconds"),
        "seconds": round((end - start).total_seconds(), 2),
        "host": platform.node(),
        "user": _read_user(),
        "peak_memory_mb": _read_peak_memory(),
        "notebooks": list(executions),
        "why": dict(reasons),
    }


def json_text(values: object) -> str:
    """Return JSON as the pack writes it: sorted keys, two spaces, UTF-8, no NaN, a line end at the end."""
    return json.dumps(values, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _read_peak_memory() -> int | None:
    """Return the memory of the largest process that has ended [MB]; None on a system that does not tell."""
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def _read_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without a user entry
        return "not known"
