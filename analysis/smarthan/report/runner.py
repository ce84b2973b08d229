"""From a report.toml to a published pack: check everything, run the notebooks, gather, check again, publish."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .cover import find_warnings
from .execution import CellProgress, Execution, Job, execute_notebooks
from .gathering import PDF, gather_pack
from .manifest import known_rows, project_commit, read_manifest, write_manifest, write_run
from .opening import open_all
from .planning import Plan, make_plan
from .provenance import list_outputs
from .publishing import check_replacing, check_target, hold_target, publish, recover, staging_folder
from .refusals import ReportRefused
from .resuming import keep_unchanged, note_keys

Progress = Callable[[int, int, str], None]


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
    warnings : tuple of str
        What a reader must know before the first figure; it stands on the first page too.
    without_pdf : str
        Why there is no PDF; empty when there is one.
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
    warnings: tuple[str, ...] = ()
    without_pdf: str = ""


def make_report(
    config: Path | None,
    out: Path,
    *,
    only: str | None = None,
    fast: bool = False,
    force: bool = False,
    pdf: bool = True,
    progress: Progress | None = None,
    cell_progress: CellProgress | None = None,
    notebooks: Path | None = None,
) -> PackResult:
    """Make the consultation pack, or one of the other reports.

    Parameters
    ----------
    config : Path or None
        A report.toml or its folder; None takes the demonstration inputs.
    out : Path
        The folder of the pack. An old pack in it is replaced, by rename, when all went well.
    only : str, optional
        One of the reports (`consultation`, `characterisation`, `coverage`), or the name of one notebook or its start:
        the pack then says "partial".
    fast : bool
        Whether to take the fast values of the parameters; the pack then says "fast".
    force : bool
        Whether to run what has not changed too.
    pdf : bool
        Whether to make the PDF too; without weasyprint or Pango there is none, and the result says why.
    progress : callable, optional
        Told the notebooks done, the notebooks in all, and a word on the last.
    cell_progress : callable, optional
        Told a notebook's name, its cells done and its cells in all; called from other threads.
    notebooks : Path, optional
        Another folder of notebooks than the shipped one.

    Returns
    -------
    PackResult

    Raises
    ------
    ReportRefused
        When the configuration, an input, a parameter or the target cannot be used: every problem at once, before any
        notebook starts, nothing written. Also when a report would take the place of a fuller one, and when what was
        made breaks a rule of accessibility or disclosure.
    OSError
        When the disk does not take the pack; an old pack stays as it was.
    """
    start = dt.datetime.now(dt.UTC)
    out = Path(out).resolve()
    _refuse(check_target(out))
    plan = make_plan(config, only=only, fast=fast, notebooks=notebooks)
    _refuse(check_replacing(out, plan.kind.name, plan.marks))
    with hold_target(out):
        recover(out)
        making = _Making(plan, out, start, pdf=pdf, progress=progress, cell_progress=cell_progress)
        return making.make(force=force)


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        raise ReportRefused(problems)


@dataclass
class _Making:
    """One report in the making."""

    plan: Plan
    out: Path
    start: dt.datetime
    pdf: bool
    progress: Progress | None
    cell_progress: CellProgress | None

    def make(self, *, force: bool) -> PackResult:
        held = {} if force else read_manifest(self.out)
        if self._is_current(held):
            shutil.rmtree(staging_folder(self.out), ignore_errors=True)  # what a failed run left: not needed any more
            kept, told = [task.name for task in self.plan.tasks], held.get("warnings", [])
            return self._finish(kept=kept, shown=held["counts"], warnings=told)
        rows = self._open_inputs(held)
        staging = staging_folder(self.out)
        (staging / "notebooks").mkdir(parents=True, exist_ok=True)
        reasons = keep_unchanged(self.plan.tasks, self.out, staging)
        if force:
            reasons = {task.name: "--force" for task in self.plan.tasks}
        kept = [task.name for task in self.plan.tasks if task.name not in reasons]
        runs = self._run([task.name for task in self.plan.tasks if task.name in reasons], kept, staging)
        if any(run.error for run in runs):
            return self._finish(kept=kept, runs=runs, reasons=reasons)
        gathered = gather_pack(self.plan, staging, rows=rows, commit=project_commit(), pdf=self.pdf)
        warnings = [*find_warnings(self.plan, rows), *gathered.withheld]
        write_manifest(self.plan, staging, gathered.shown, rows, warnings=warnings)
        write_run(self.plan, staging, self.start, runs, reasons)
        publish(staging, self.out)
        return self._finish(
            kept=kept,
            runs=runs,
            reasons=reasons,
            shown=gathered.counts,
            without_pdf=gathered.without_pdf,
            warnings=warnings,
        )

    def _is_current(self, held: Mapping[str, Any]) -> bool:
        """Return whether the pack that stands there is what would be made, to the byte."""
        if held.get("key") != self.plan.key or held.get("outputs") != list_outputs(self.out):
            return False
        return (self.out / PDF).is_file() or not self.pdf

    def _open_inputs(self, held: Mapping[str, Any]) -> dict[str, Mapping[str, int]]:
        """Open what was not opened before, so that a broken input is told before any notebook starts."""
        known = known_rows(held, self.plan)
        accounts = open_all(self.plan.configuration, [name for name in self.plan.read if name not in known])
        _refuse([f"{self.plan.configuration.folder / 'report.toml'}: {problem}" for problem in accounts.problems])
        rows = {**known, **accounts.rows}
        return {name: rows[name] for name in self.plan.read}

    def _run(self, names: Sequence[str], kept: Sequence[str], staging: Path) -> list[Execution]:
        jobs = [
            Job(t.name, t.notebook, t.parameters, self.plan.configuration.folder)
            for t in self.plan.tasks
            if t.name in names
        ]
        done = list(kept)
        total = len(self.plan.tasks)
        note_keys(self.plan.tasks, staging, done)
        self._tell(len(done), total, "starting")
        ended = len(done)

        def tell(execution: Execution) -> None:
            nonlocal ended
            ended += 1
            if not execution.error:
                done.append(execution.name)
                note_keys(self.plan.tasks, staging, done)
            self._tell(ended, total, f"{execution.name} {'failed' if execution.error else 'done'}")

        if not jobs:
            return []
        return execute_notebooks(jobs, staging / "notebooks", finished=tell, on_cell=self.cell_progress)

    def _tell(self, done: int, total: int, words: str) -> None:
        if self.progress is not None:
            self.progress(done, total, words)

    def _finish(
        self,
        *,
        kept: Sequence[str],
        runs: Sequence[Execution] = (),
        reasons: Mapping[str, str] | None = None,
        shown: Mapping[str, int] | None = None,
        without_pdf: str = "",
        warnings: Sequence[str] = (),
    ) -> PackResult:
        failed = tuple(run for run in runs if run.error)
        return PackResult(
            self.out,
            not failed,
            tuple(run.name for run in runs if not run.error),
            tuple(kept),
            failed,
            reasons or {},
            figures=(shown or {}).get("chart", 0),
            tables=(shown or {}).get("table", 0),
            seconds=(dt.datetime.now(dt.UTC) - self.start).total_seconds(),
            warnings=tuple(warnings),
            without_pdf=without_pdf,
        )
