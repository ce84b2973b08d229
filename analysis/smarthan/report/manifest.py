"""`provenance.json`, which says what went into a pack and what came out, and `run.json`, which says when and where."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .execution import Execution
from .figures import Shown
from .gathering import count_shown
from .inputs import Inputs
from .planning import Plan
from .provenance import (
    SCHEMA_VERSION,
    describe_run,
    hash_source,
    json_text,
    list_outputs,
    read_commit,
    read_versions,
)
from .publishing import MANIFEST, naming
from .resuming import describe_notebooks, hash_file

RUN = "run.json"
_PROJECT = Path(__file__).parents[3]  # holds .git and the lock in a checkout; nothing of the kind in a wheel


def project_commit() -> str:
    """Return the commit of the code, or "not known" outside a checkout."""
    return read_commit(_PROJECT)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a pack; empty where there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_manifest(
    plan: Plan,
    folder: Path,
    shown: Sequence[Shown],
    rows: Mapping[str, Mapping[str, int]],
    *,
    warnings: Sequence[str] = (),
) -> None:
    """Write `provenance.json` over all files of a pack, which are then complete.

    Parameters
    ----------
    plan : Plan
    folder : Path
    shown : sequence of Shown
    rows : mapping of str to mapping
        Input to its rows; the inputs that were opened are its keys.
    warnings : sequence of str
        What stands on the first page.
    """
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "command": "report",
        **plan.cover_words,
        "key": plan.key,
        "warnings": list(warnings),
        "inputs": [{**row, **rows.get(row["input"], {}), "opened": row["input"] in rows} for row in plan.inputs],
        "parameters": {task.name: dict(task.parameters) for task in plan.tasks},
        "notebooks": describe_notebooks(plan.tasks, folder, [task.name for task in plan.tasks]),
        "order": [task.name for task in plan.tasks],
        "source_sha256": hash_source(),
        "versions": read_versions(),
        "commit": project_commit(),
        "lock_sha256": hash_file(_PROJECT / "requirements.lock") or "not known",
        "random": {
            "generator": "PCG64",  # numpy.random.default_rng
            "seeds": {task.name: task.parameters["seed"] for task in plan.tasks if "seed" in task.parameters},
        },
        "synthetic": Inputs(plan.configuration).synthetic,
        "disclosure": [
            {"output": i.label, "name": i.facts["name"], **i.facts["disclosure"]}
            for i in shown
            if i.facts.get("disclosure")
        ],
        "counts": count_shown(shown),
        "outputs": list_outputs(folder),
    }
    _write(folder / MANIFEST, manifest)


def write_run(
    plan: Plan, folder: Path, start: dt.datetime, runs: Sequence[Execution], reasons: Mapping[str, str]
) -> None:
    """Write `run.json`: times, machine, where the inputs stood, and what the kernels said."""
    times = [{"name": r.name, "seconds": round(r.seconds, 2), "cells": list(r.cell_seconds)} for r in runs]
    said = {run.name: list(run.warnings) for run in runs if run.warnings}
    where = str(plan.configuration.folder.resolve())
    _write(folder / RUN, {**describe_run(start, times, reasons), "stderr": said, "inputs_folder": where})


def known_rows(manifest: Mapping[str, Any], plan: Plan) -> dict[str, dict[str, int]]:
    """Return input to its rows, for inputs that this code opened before and that are unchanged since."""
    if manifest.get("source_sha256") != hash_source():
        return {}
    now = {row["input"]: row["sha256"] for row in plan.inputs}
    return {
        row["input"]: {name: row[name] for name in ("read", "accepted", "quarantined") if name in row}
        for row in manifest.get("inputs", [])
        if row.get("opened") and now.get(row["input"]) == row["sha256"]
    }


def _write(path: Path, facts: Mapping[str, Any]) -> None:
    with naming(path):
        path.write_text(json_text(facts), encoding="utf-8", newline="\n")
