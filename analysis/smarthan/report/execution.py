"""Running notebooks: the one module that knows papermill."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from .normalising import normalise_notebook
from .notebooks import notebook_text
from .publishing import naming

CellProgress = Callable[[str, int, int], None]
CELL_TIMEOUT_S = 600
ENGINE = "smarthan"
SAVE_EVERY_S = 2.0
# One thread of linear algebra a kernel: notebooks run side by side, and sums then add in one order.
KERNEL_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
# Silence "running over TCP without encryption"; keep no history, which parallel kernels would fight over.
KERNEL_ARGUMENTS = ("--IPKernelApp.log_level=40", "--HistoryManager.enabled=False")


@dataclass(frozen=True)
class Job:
    """A notebook to run: stripped, with every parameter resolved, in the folder its kernel starts in."""

    name: str
    notebook: Mapping[str, Any]
    parameters: Mapping[str, Any]
    folder: Path


@dataclass(frozen=True)
class Execution:
    """How a run ended.

    Attributes
    ----------
    name : str
    path : Path
        The executed notebook, or the failed copy.
    error : str
        Empty when every cell completed; else one sentence with the notebook, the cell and the cause.
    seconds : float
    cell_seconds : tuple of float
    warnings : tuple of str
        What the kernel wrote to standard error.
    """

    name: str
    path: Path
    error: str
    seconds: float
    cell_seconds: tuple[float, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass
class _Kernels:
    """The kernels that run now, so that an interrupted pack leaves none behind."""

    managers: set[Any] = field(default_factory=set)

    def kill(self) -> None:
        for manager in list(self.managers):
            pid = getattr(getattr(manager, "provisioner", None), "pid", None)
            if pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)


def execute_notebooks(
    jobs: Sequence[Job],
    folder: Path,
    *,
    timeout_s: int = CELL_TIMEOUT_S,
    finished: Callable[[Execution], None],
    on_cell: CellProgress | None = None,
) -> list[Execution]:
    """Run notebooks side by side, one fresh kernel each.

    Parameters
    ----------
    jobs : sequence of Job
    folder : Path
        Where `NAME.ipynb` (every cell completed) or `NAME.failed.ipynb` is put. It must exist.
    timeout_s : int
        Longest time for a cell [s].
    finished : callable
        Called with each Execution as it ends, in this thread.
    on_cell : callable, optional
        Told a notebook's name, its cells done and its cells in all, from the thread that drives it.

    Returns
    -------
    list of Execution
        In the order of the jobs. One failure does not stop the others.

    Notes
    -----
    Kernels are processes of their own, so threads are enough to drive them. An interrupt ends every kernel.
    """
    kernels = _Kernels()
    done: dict[str, Execution] = {}
    workers = max(1, min(os.cpu_count() or 1, len(jobs)))
    pool = ThreadPoolExecutor(workers, thread_name_prefix="notebook")
    _import_papermill()
    run = partial(_execute, folder=folder, timeout_s=timeout_s, kernels=kernels, on_cell=on_cell)
    try:
        futures: list[Future[Execution]] = [pool.submit(run, job) for job in jobs]
        for future in as_completed(futures):
            execution = future.result()
            done[execution.name] = execution
            finished(execution)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        kernels.kill()
        raise
    pool.shutdown()
    return [done[job.name] for job in jobs]


def partial_path(folder: Path, name: str) -> Path:
    """Return where a notebook stands while it runs; what is there when none runs was left by a killed run."""
    return folder / f".{name}.partial.ipynb"


def failed_path(folder: Path, name: str) -> Path:
    """Return where the copy of a notebook that failed is kept."""
    return folder / f"{name}.failed.ipynb"


def _execute(job: Job, *, folder: Path, timeout_s: int, kernels: _Kernels, on_cell: CellProgress | None) -> Execution:
    running = partial_path(folder, job.name)
    start = time.perf_counter()
    with _own_event_loop():
        error = _run(job, running, timeout_s, kernels, on_cell)
    seconds = time.perf_counter() - start
    executed = _read_executed(running)
    error = f"{_describe_running(executed)}{error}" if error else _find_unfinished(executed)
    path = failed_path(folder, job.name) if error else folder / f"{job.name}.ipynb"
    with naming(path):
        running.write_text(notebook_text(normalise_notebook(executed)), encoding="utf-8")
        os.replace(running, path)
    (folder / f"{job.name}.ipynb" if error else failed_path(folder, job.name)).unlink(missing_ok=True)
    where = f"{job.name}: {error}" if error else ""
    return Execution(job.name, path, where, seconds, _read_durations(executed), _read_warnings(executed))


def _read_executed(path: Path) -> dict[str, Any]:
    """Return a notebook as the run left it; an empty one where nothing, or half a file, was written."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"cells": [], "metadata": {}}


def _run(job: Job, running: Path, timeout_s: int, kernels: _Kernels, on_cell: CellProgress | None) -> str:
    """Run one notebook to its partial file and return what went wrong, in a sentence, or nothing."""
    papermill = _import_papermill()
    import nbformat

    try:
        papermill.execute_notebook(
            nbformat.from_dict(json.loads(json.dumps(job.notebook))),
            str(running),
            engine_name=ENGINE,
            parameters=dict(job.parameters),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            log_output=False,
            execution_timeout=timeout_s,
            extra_arguments=list(KERNEL_ARGUMENTS),
            kernel_manager_class=_recording_manager(kernels, running.parent),
            on_cell=None if on_cell is None else partial(on_cell, job.name),
            resources={"metadata": {"path": str(job.folder)}},
        )
    except papermill.exceptions.PapermillExecutionError as failure:
        return f"{failure.ename}: {_first_line(failure.evalue)}"
    except Exception as failure:  # a kernel that dies or a cell that hangs raises what nbclient or zmq raise
        return f"{type(failure).__name__}: {_first_line(str(failure))}"
    return ""


@contextlib.contextmanager
def _own_event_loop() -> Iterator[None]:
    """Give this thread an event loop and close it: nbclient makes one for each thread and leaves it open."""
    from jupyter_core.utils import ensure_event_loop

    loop = ensure_event_loop()
    try:
        yield
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()
        asyncio.set_event_loop(None)


def _first_line(text: str) -> str:
    return next((line.strip()[:300] for line in text.splitlines() if line.strip()), "no message")


def _describe_running(notebook: Mapping[str, Any]) -> str:
    """Return which cell of the notebook as written was the last to start: papermill's message does not say."""
    added = {"injected-parameters", "papermill-error-cell-tag"}
    cells = [cell["metadata"] for cell in notebook["cells"] if not added & set(cell["metadata"].get("tags", []))]
    states = [metadata.get("papermill", {}).get("status", "pending") for metadata in cells]
    started = [place for place, state in enumerate(states, 1) if state != "pending"]
    return f"cell {started[-1]}: " if started else ""


def _find_unfinished(notebook: Mapping[str, Any]) -> str:
    """Return why a notebook without an error is still not complete: killed kernels leave no exception behind."""
    run = notebook["metadata"].get("papermill", {})
    if run.get("exception") or not run.get("end_time"):
        return "the run ended before its last cell"
    for place, cell in enumerate(notebook["cells"], 1):
        status = cell["metadata"].get("papermill", {}).get("status")
        if cell["cell_type"] == "code" and status != "completed":
            return f"cell {place} is {status or 'not run'}, so the run is not complete"
    return ""


def _read_durations(notebook: Mapping[str, Any]) -> tuple[float, ...]:
    times = [cell["metadata"].get("papermill", {}).get("duration") for cell in notebook["cells"]]
    return tuple(round(float(seconds), 3) for seconds in times if seconds is not None)


def _read_warnings(notebook: Mapping[str, Any]) -> tuple[str, ...]:
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    return tuple("".join(o["text"]) for o in outputs if o["output_type"] == "stream" and o["name"] == "stderr")


def _thrifty_engine(base: type) -> type:
    """Return papermill's engine with fewer saves, and with a word after each cell.

    papermill writes and validates the whole notebook twice a cell, pictures and all. A copy every few seconds tells as
    well where a killed run was; the last copy is always written.
    """

    class ThriftyEngine(base):
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, on_cell: Any = None, **options: Any) -> Any:
            save, complete, cells = nb_man.save, nb_man.cell_complete, len(nb_man.nb.cells)
            done = itertools.count(1)

            def save_seldom(**given: Any) -> None:
                due = (nb_man.now() - nb_man.last_save_time).total_seconds() >= SAVE_EVERY_S
                if due or nb_man.end_time is not None:
                    save(**given)

            def complete_and_tell(*given: Any, **named: Any) -> None:
                complete(*given, **named)
                if on_cell is not None:
                    on_cell(next(done), cells)

            nb_man.save, nb_man.cell_complete = save_seldom, complete_and_tell
            return super().execute_managed_notebook(nb_man, kernel_name, **options)

    return ThriftyEngine


def _recording_manager(kernels: _Kernels, folder: Path) -> type:
    """Return a kernel manager that notes its kernels and starts each with our environment."""
    from jupyter_client.manager import AsyncKernelManager

    settings = {**os.environ, **KERNEL_ENVIRONMENT, "IPYTHONDIR": str(folder / ".ipython")}

    class RecordingManager(AsyncKernelManager):
        async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
            kernels.managers.add(self)
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await super().start_kernel(**{**options, **quiet, "env": settings})

        async def shutdown_kernel(self, *args: Any, **options: Any) -> None:  # type: ignore[override]
            await super().shutdown_kernel(*args, **options)
            kernels.managers.discard(self)

    return RecordingManager


@contextlib.contextmanager
def without_rfc3987() -> Iterator[None]:
    """Keep `rfc3987_syntax` from being imported inside this context.

    It compiles 35 grammars at import: 1.2 s of the 1.65 s that papermill or nbconvert take. jsonschema imports it for
    a format that no Jupyter schema uses and does without when it is absent.
    """
    name = "rfc3987_syntax"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def _import_papermill() -> Any:
    with without_rfc3987():
        import papermill
        import papermill.engines
        import papermill.exceptions
    papermill.engines.papermill_engines.register(ENGINE, _thrifty_engine(papermill.engines.NBClientEngine))
    logger = logging.getLogger("papermill")
    if not logger.handlers:  # else the last resort handler writes kernel chatter to standard error
        logger.addHandler(logging.NullHandler())
    return papermill
