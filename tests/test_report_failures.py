"""A run that is killed, or for which the disk has no room, leaves the pack that stood there as it was to the byte."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from smarthan.files import sha256_of
from smarthan.report import make_report
from smarthan.report.notebooks import notebook_text

TOML = '[pack]\nname = "demo"\ntitle = "Homes"\norganisation = "A body"\nas_of = 2026-11-02\n'
PARAMETERS = "hang: bool = False  # wait for a minute"
SHOW = """import pandas as pd
from smarthan.charts import show_answer, show_table
show_table(pd.DataFrame({"a": range(40)}), name="KEY", title="Rows", source="Made up")
import time; time.sleep(60 * hang)
show_answer("It is so.")"""
MAKE = """import resource, sys
from pathlib import Path
from smarthan.report import ReportRefused, make_report
if limit := int(sys.argv[4]):
    import pandas, gptables, jinja2, nbconvert, smarthan.report.page, smarthan.report.workbook
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    done = make_report(Path(sys.argv[1]), Path(sys.argv[2]), notebooks=Path(sys.argv[3]), pdf=False)
except (OSError, ReportRefused) as error:
    print(f"{type(error).__name__}: {error}")
else:
    print(done.published, done.failed)
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with inputs `in/`, notebooks `nb/` and a good pack `out/`."""
    room = tmp_path_factory.mktemp("failures")
    (room / "in").mkdir()
    (room / "nb").mkdir()
    (room / "in" / "report.toml").write_text(TOML)
    for name in ("01_quick", "02_slow"):
        cells: list[dict[str, Any]] = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# So?"}]
        for place, source in enumerate([PARAMETERS, SHOW.replace("KEY", name[3:])]):
            tags = {} if place else {"tags": ["parameters"]}
            code = {"cell_type": "code", "id": f"c{place}", "metadata": tags, "source": source}
            cells.append({**code, "outputs": [], "execution_count": None})
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (room / "nb" / f"{name}.ipynb").write_text(notebook_text(notebook))
    make_report(room / "in", room / "out", notebooks=room / "nb", pdf=False)
    return room


def _hashes(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): sha256_of(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def _copy(room: Path, target: Path, text: str) -> Path:
    """Return a room of its own whose report.toml says something else."""
    shutil.copytree(room, target)
    (target / "in" / "report.toml").write_text(text)
    return target


def _command(room: Path, limit: int = 0) -> list[str]:
    return [sys.executable, "-c", MAKE, *(str(room / name) for name in ("in", "out", "nb")), str(limit)]


def _has_started(staging: Path) -> bool:
    """Return whether the first notebook is done and noted, and the second one runs."""
    try:
        done = json.loads((staging / "keys.json").read_text())["notebooks"]
    except (OSError, ValueError):
        return False
    return "01_quick" in done and (staging / "notebooks" / ".02_slow.partial.ipynb").exists()


def test_a_killed_run_replaces_nothing_and_the_next_one_goes_on(room: Path, tmp_path: Path) -> None:
    text = f'{TOML}[[notebook]]\nname = "01_quick"\nparameters = {{hang = false}}\n'
    mine = _copy(room, tmp_path / "mine", f'{text}[[notebook]]\nname = "02_slow"\nparameters = {{hang = true}}\n')
    before, staging = _hashes(mine / "out"), mine / ".out.staging"
    running = subprocess.Popen(_command(mine))
    started = time.monotonic()
    while not _has_started(staging) and time.monotonic() - started < 120:
        time.sleep(0.1)
    assert running.poll() is None
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert _has_started(staging)
    assert _hashes(mine / "out") == before
    (mine / "in" / "report.toml").write_text(f'{text}[[notebook]]\nname = "02_slow"\n')
    (mine / "nb" / "02_slow.ipynb").write_text((room / "nb" / "02_slow.ipynb").read_text().replace("It is so", "Yes"))
    good = make_report(mine / "in", mine / "out", notebooks=mine / "nb", pdf=False)
    assert (good.ran, good.kept) == (("02_slow",), ("01_quick",))
    assert good.reasons == {"02_slow": "notebook changed"}
    assert sorted(path.name for path in mine.iterdir()) == ["in", "nb", "out"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on the size of files")
@pytest.mark.parametrize("limit", [700, *(pytest.param(n, marks=pytest.mark.slow) for n in (6_000, 25_000))])
def test_no_room_on_the_disk_replaces_nothing_and_names_the_file(room: Path, tmp_path: Path, limit: int) -> None:
    mine = _copy(room, tmp_path / "mine", TOML.replace("Homes", "Other homes"))
    before = _hashes(mine / "out")
    done = subprocess.run(_command(mine, limit), capture_output=True, text=True, check=True)
    assert done.stdout.startswith("OSError: [Errno 27] File too large: '"), done.stdout
    assert str(mine) in done.stdout
    assert _hashes(mine / "out") == before
    assert make_report(mine / "in", mine / "out", notebooks=mine / "nb", pdf=False).published
    assert sorted(path.name for path in mine.iterdir()) == ["in", "nb", "out"]
