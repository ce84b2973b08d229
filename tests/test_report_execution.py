"""A killed kernel and a cell that hangs are failures, in one sentence, and leave nothing under a good name."""

import time
from pathlib import Path
from typing import Any

from smarthan.report.execution import Execution, Job, execute_notebooks

GOOD = "import os, sys; print(os.environ['OMP_NUM_THREADS']); print('careful', file=sys.stderr)"


def _job(name: str, source: str, folder: Path) -> Job:
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "id": "a", "metadata": {}, "source": "1", "outputs": [], "execution_count": None},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": source, "outputs": [], "execution_count": None},
    ]
    return Job(name, {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, {}, folder)


def test_killed_and_hanging_kernels_are_told_and_the_rest_goes_on(tmp_path: Path, capfd: Any) -> None:
    told: list[Execution] = []
    start = time.perf_counter()
    jobs = [
        _job("01_killed", "import os; os.kill(os.getpid(), 9)", tmp_path),
        _job("02_hangs", "import time; time.sleep(60)", tmp_path),
        _job("03_good", GOOD, tmp_path),
    ]
    runs = execute_notebooks(jobs, tmp_path, timeout_s=2, finished=told.append)
    assert time.perf_counter() - start < 30
    assert [run.name for run in runs] == ["01_killed", "02_hangs", "03_good"]
    assert len(told) == 3
    assert runs[0].error.startswith("01_killed: cell 2: DeadKernelError")
    assert runs[1].error.startswith("02_hangs: cell 2: CellTimeoutError")
    assert (runs[2].error, runs[2].warnings) == ("", ("careful\n",))
    names = sorted(path.name for path in tmp_path.glob("*.ipynb"))
    assert names == ["01_killed.failed.ipynb", "02_hangs.failed.ipynb", "03_good.ipynb"]
    assert '"1\\n"' in (tmp_path / "03_good.ipynb").read_text()
    out, err = capfd.readouterr()
    assert out + err == ""
