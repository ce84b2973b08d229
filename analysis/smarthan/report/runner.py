"""From a report.toml to a published pack: check everything, run the notebooks, gather, check again, publish."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .execution import Execution, Job, execute_notebooks
from .figures import Shown, gather_shown, write_charts
from .inputs import Inputs
from .planning import Plan, make_plan
from .provenance import (
    SCHEMA_VERSION,
    describe_run,
    hash_source,
    json_text,
    list_outputs,
    read_commit,
    read_versions,
)
from .publishing import MANIFEST, check_target, hold_target, publish, recover, staging_folder
from .refusals import ReportRefused
from .row_accounts import count_rows, describe_set_aside

Progress = Callable[[int, int, str], None]
_PROJECT = Path(__file__).parents[3]  # holds .git and the lock in a checkout; nothing of the kind in a wheel


@dataclass(frozen=True)
class PackResult:
    """What became of a report.

    Attributes
    ----------
    folder : Path
        The pack, or where it would stand.
    published : bool
        False when a notebook failed: the pack that stood there before is unchanged.
    ran, kept : tuple of str
        Notebooks run now, and those taken over because nothing they rest on has changed.
    failed : tuple of Execution
        Each with its sentence and the path of the failed copy.
    reasons : mapping of str to str
        Why each notebook ran.
    figures, tables : int
    seconds : float
    """

    folder: Path
    published: bool
    ran: tuple[str, ...]
    kept: tuple[str, ...]
    failed: tuple[Execution, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)
    figures: int = 0
    tables: int = 0
    seconds: float = 0.0


def make_report(
    config: Path | None,
    out: Path,
    *,
    only: str | None = None,
    fast: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    notebooks: Path | None = None,
) -> PackResult:
    """Make the consultation pack.

    Parameters
    ----------
    config : Path or None
        A report.toml or its folder; None takes the demonstration inputs.
    out : Path
        The folder of the pack. An old pack in it is replaced, by rename, when all went well.
    only : str, optional
        The name of one notebook, or its start; the pack then says "partial".
    fast : bool
        Whether to take the fast values of the parameters; the pack then says "fast".
    force : bool
        Whether to run what has not changed too.
    progress : callable, optional
        Told the notebooks done, the notebooks in all, and a word on the last.
    notebooks : Path, optional
        Another folder of notebooks than the shipped one.

    Returns
    -------
    PackResult

    Raises
    ------
    ReportRefused
        When the configuration, an input, a parameter or the target cannot be used: every problem at once, nothing
        written.
    OSError
        When the disk does not take the pack; an old pack stays as it was.
    """
    start = dt.datetime.now(dt.UTC)
    out = Path(out).resolve()
    problems = check_target(out)
    if problems:
        raise ReportRefused(problems)
    plan = make_plan(config, only=only, fast=fast, notebooks=notebooks)
    with hold_target(out):
        recover(out)
        return _make(plan, out, start, force=force, progress=progress)


def _make(plan: Plan, out: Path, start: dt.datetime, *, force: bool, progress: Progress | None) -> PackResult:
    staging = staging_folder(out)
    executed = staging / "notebooks"
    executed.mkdir(parents=True, exist_ok=True)
    reasons = {} if force else _keep_unchanged(plan, out, staging)
    if force:
        reasons = {task.name: "--force" for task in plan.tasks}
    jobs = [Job(t.name, t.notebook, t.parameters, plan.configuration.folder) for t in plan.tasks if t.name in reasons]
    runs = _run(jobs, len(plan.tasks), executed, progress)
    failed = tuple(run for run in runs if run.error)
    ran = tuple(run.name for run in runs if not run.error)
    kept = tuple(task.name for task in plan.tasks if task.name not in reasons)
    _note_keys(plan, staging, [*ran, *kept])
    seconds = (dt.datetime.now(dt.UTC) - start).total_seconds()
    if failed:
        return PackResult(out, False, ran, kept, failed, reasons, seconds=seconds)
    shown = _gather(plan, staging)
    _write_manifest(plan, staging, shown, start, runs, reasons)
    publish(staging, out)
    charts = sum(item.kind == "chart" for item in shown)
    seconds = (dt.datetime.now(dt.UTC) - start).total_seconds()
    return PackResult(out, True, ran, kept, (), reasons, charts, len(shown) - charts, seconds)


def _run(jobs: Sequence[Job], total: int, folder: Path, progress: Progress | None) -> list[Execution]:
    done = total - len(jobs)
    if progress is not None:
        progress(done, total, "starting")

    def tell(execution: Execution) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total, f"{execution.name} {'failed' if execution.error else 'done'}")

    return execute_notebooks(jobs, folder, finished=tell) if jobs else []


def _keep_unchanged(plan: Plan, out: Path, staging: Path) -> dict[str, str]:
    """Take over executed notebooks that nothing has changed for; return why each of the others runs."""
    reasons: dict[str, str] = {}
    known = _read_known(staging, staging / "keys.json") | _read_known(out, out / MANIFEST)
    for task in plan.tasks:
        old = known.get(task.name)
        if old is None:
            reasons[task.name] = "it has not run yet"
        elif old["parts"] != task.parts:
            changed = [name for name, value in task.parts.items() if old["parts"].get(name) != value]
            reasons[task.name] = f"{', '.join(changed) or 'an input'} changed"
        elif old["sha256"] != _hash_file(old["path"]):
            reasons[task.name] = "its executed copy was changed or removed"
        elif old["path"] != staging / "notebooks" / f"{task.name}.ipynb":
            shutil.copyfile(old["path"], staging / "notebooks" / f"{task.name}.ipynb")
    return reasons


def _read_known(folder: Path, manifest: Path) -> dict[str, dict[str, Any]]:
    """Return notebook name to the parts it rested on, its executed copy and that copy's hash."""
    try:
        notebooks = json.loads(manifest.read_text(encoding="utf-8"))["notebooks"]
        return {name: {**entry, "path": folder / "notebooks" / f"{name}.ipynb"} for name, entry in notebooks.items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # no pack yet, or one of another version: everything runs


def _hash_file(path: Path) -> str:
    from smarthan.files import sha256_of

    return sha256_of(path) if path.is_file() else ""


def _describe_notebooks(plan: Plan, staging: Path, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    paths = {name: staging / "notebooks" / f"{name}.ipynb" for name in names}
    parts = {task.name: task.parts for task in plan.tasks}
    return {name: {"parts": dict(parts[name]), "sha256": _hash_file(path)} for name, path in paths.items()}


def _note_keys(plan: Plan, staging: Path, names: Sequence[str]) -> None:
    """Note what stands in staging, so that the run after a failure goes on from it."""
    text = json_text({"notebooks": _describe_notebooks(plan, staging, names)})
    (staging / "keys.json").write_text(text, encoding="utf-8")


def _gather(plan: Plan, staging: Path) -> list[Shown]:
    """Make page, charts and workbook from the executed notebooks, and clear all else out of staging."""
    from .page import Cover, render_page
    from .workbook import write_workbook

    names = [task.name for task in plan.tasks]
    _clear(staging, names)
    notebooks = {n: json.loads((staging / "notebooks" / f"{n}.ipynb").read_text(encoding="utf-8")) for n in names}
    shown = gather_shown(notebooks)
    write_charts(shown, staging)
    pack = plan.configuration
    cover = Cover(
        title=pack.title,
        organisation=pack.organisation,
        as_of=pack.as_of,
        version=read_versions()["smarthan"],
        key=plan.key[:12],
        marks=plan.marks,
        inputs=plan.inputs,
        set_aside=describe_set_aside(count_rows(shown)),
    )
    (staging / "report.html").write_text(render_page(notebooks, shown, cover), encoding="utf-8", newline="\n")
    if shown:
        write_workbook(
            shown, staging / "tables.xlsx", title=pack.title, organisation=pack.organisation, as_of=pack.as_of
        )
    return shown


def _clear(staging: Path, names: Sequence[str]) -> None:
    """Remove what an earlier, failed run left in staging beside the notebooks of this one."""
    keep = {f"{name}.ipynb" for name in names}
    for path in [*staging.iterdir(), *(staging / "notebooks").iterdir()]:
        if path.name == "notebooks" or (path.parent.name == "notebooks" and path.name in keep):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _write_manifest(
    plan: Plan,
    staging: Path,
    shown: Sequence[Shown],
    start: dt.datetime,
    runs: Sequence[Execution],
    reasons: Mapping[str, str],
) -> None:
    counts = count_rows(shown)
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "command": "report",
        "pack": plan.configuration.name,
        "as_of": plan.configuration.as_of.isoformat(),
        "marks": list(plan.marks),
        "key": plan.key,
        "inputs": [{**row, **counts.get(row["input"], {})} for row in plan.inputs],
        "parameters": {task.name: dict(task.parameters) for task in plan.tasks},
        "notebooks": _describe_notebooks(plan, staging, [task.name for task in plan.tasks]),
        "source_sha256": hash_source(),
        "versions": read_versions(),
        "commit": read_commit(_PROJECT),
        "lock_sha256": _hash_file(_PROJECT / "requirements.lock") or "not known",
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
        "outputs": list_outputs(staging),
    }
    (staging / MANIFEST).write_text(json_text(manifest), encoding="utf-8", newline="\n")
    times = [{"name": r.name, "seconds": round(r.seconds, 2), "cells": list(r.cell_seconds)} for r in runs]
    said = {run.name: list(run.warnings) for run in runs if run.warnings}
    text = json_text({**describe_run(start, times, reasons), "stderr": said})
    (staging / "run.json").write_text(text, encoding="utf-8", newline="\n")
