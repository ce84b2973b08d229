"""What need not run again: executed notebooks that rest on the same things as before, here or in a run that failed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from smarthan.files import sha256_of

from .execution import failed_path, partial_path
from .planning import Task
from .provenance import json_text
from .publishing import MANIFEST, naming

KEYS = "keys.json"
_WORDS = {"smarthan": "the code of smarthan", "packages": "the version of a package", "as_of": "the day of the report"}


def keep_unchanged(tasks: Sequence[Task], out: Path, staging: Path) -> dict[str, str]:
    """Take over executed notebooks that nothing has changed for.

    Parameters
    ----------
    tasks : sequence of Task
    out, staging : Path
        The pack that stands, and the folder in which the new one is made.

    Returns
    -------
    dict of str to str
        Why each of the others runs.
    """
    reasons: dict[str, str] = {}
    known = _read_known(staging, staging / KEYS) | _read_known(out, out / MANIFEST)
    for task in tasks:
        old = known.get(task.name)
        was_killed = _keep_killed(staging / "notebooks", task.name)
        if old is None:
            reasons[task.name] = "the last run was stopped while it ran" if was_killed else "it has not run yet"
        elif old["parts"] != task.parts:
            reasons[task.name] = _say_changed(old["parts"], task.parts)
        elif old["sha256"] != hash_file(old["path"]):
            reasons[task.name] = "its executed copy was changed or removed"
        elif old["path"] != staging / "notebooks" / f"{task.name}.ipynb":
            shutil.copyfile(old["path"], staging / "notebooks" / f"{task.name}.ipynb")
    return reasons


def note_keys(tasks: Sequence[Task], staging: Path, names: Sequence[str]) -> None:
    """Note which executed notebooks stand in staging, so that the run after a failure, or a kill, goes on from them."""
    path = staging / KEYS
    with naming(path):
        path.write_text(json_text({"notebooks": describe_notebooks(tasks, staging, names)}), encoding="utf-8")


def describe_notebooks(tasks: Sequence[Task], staging: Path, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return notebook name to the parts it rests on and the hash of its executed copy."""
    parts = {task.name: dict(task.parts) for task in tasks}
    return {n: {"parts": parts[n], "sha256": hash_file(staging / "notebooks" / f"{n}.ipynb")} for n in names}


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, or nothing where there is none."""
    return sha256_of(path) if path.is_file() else ""


def _say_changed(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    names = [name for name in now if before.get(name) != now[name]] + [name for name in before if name not in now]
    said = [_WORDS.get(name, name) for name in names]
    return f"{', '.join(said)} changed"


def _keep_killed(folder: Path, name: str) -> bool:
    """Keep the copy of a notebook that was running when the last run was killed, as one that failed."""
    left = partial_path(folder, name)
    if not left.exists():
        return False
    os.replace(left, failed_path(folder, name))
    return True


def _read_known(folder: Path, manifest: Path) -> dict[str, dict[str, Any]]:
    """Return notebook name to the parts it rested on, its executed copy and that copy's hash."""
    try:
        notebooks = json.loads(manifest.read_text(encoding="utf-8"))["notebooks"]
        return {name: {**entry, "path": folder / "notebooks" / f"{name}.ipynb"} for name, entry in notebooks.items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # no pack yet, or one of another version: everything runs
