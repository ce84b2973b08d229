"""A whole pack from small notebooks: the same to the byte, only what changed, never worse than what stood there."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from smarthan.files import sha256_of
from smarthan.report import PackResult, ReportRefused, make_report
from smarthan.report.notebooks import notebook_text

TOML = """[pack]
name = "demo"
title = "Homes & networks"
organisation = "A body"
as_of = 2026-11-02
[inputs]
installs = "installs.csv"
"""
PARAMETERS = """inputs: str = ""  # folder of report.toml
count: int = 4  # rows (fast: 2)
break_it: bool = False  # fail"""
READ = "import pandas as pd\nfrom smarthan.charts import draw_bars, show_chart, show_table\nassert inputs == '.'"
DRAW = """frame = pd.DataFrame({"area": ["North", "South"], "n": [count, 8]})
frame.attrs["synthetic"] = True
show_chart(draw_bars(frame, label="area", value="n"), name=f"bars_KEY", title="The South has eight",
    subtitle="Homes, 2026", alt="Two bars: the South is longest with eight.", source="Made up", data=frame)
show_table(frame, name="rows_KEY", title="Rows", source="Made up")
assert not break_it, "broken on purpose" """


def _write_notebook(folder: Path, name: str, key: str) -> None:
    draw = DRAW.replace("KEY", key)
    sources = [("markdown", f"# What about {key}?"), ("code", PARAMETERS), ("code", READ), ("code", draw)]
    cells: list[dict[str, Any]] = []
    for place, (kind, source) in enumerate(sources):
        tags = {"tags": ["parameters"]} if source == PARAMETERS else {}
        more: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
        cells.append({"cell_type": kind, "id": f"{key}-{place}", "metadata": tags, "source": source, **more})
    text = notebook_text({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (folder / f"{name}.ipynb").write_text(text)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `in/` (report.toml, one input) and `nb/` (two notebooks)."""
    room = tmp_path_factory.mktemp("room")
    (room / "in").mkdir()
    (room / "nb").mkdir()
    (room / "in" / "report.toml").write_text(TOML)
    (room / "in" / "installs.csv").write_text("postcode\n")
    _write_notebook(room / "nb", "01_first", "first")
    _write_notebook(room / "nb", "02_second", "second")
    return room


@pytest.fixture(scope="module")
def pack(room: Path) -> PackResult:
    return make_report(room / "in", room / "out", notebooks=room / "nb")


def _hashes(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "run.json"]
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}


def _change(room: Path, target: Path, extra: str) -> Path:
    """Return a copy of the inputs whose report.toml says more."""
    shutil.copytree(room / "in", target)
    (target / "report.toml").write_text(TOML + extra)
    return target


def test_a_pack_holds_everything(pack: PackResult, room: Path) -> None:
    assert pack.published
    assert (pack.ran, pack.kept, pack.failed) == (("01_first", "02_second"), (), ())
    assert (pack.figures, pack.tables) == (2, 2)
    files = {"charts", "notebooks", "provenance.json", "report.html", "run.json", "tables", "tables.xlsx"}
    with_pdf = set() if pack.without_pdf else {"report.pdf"}
    assert {path.name for path in pack.folder.iterdir()} == files | with_pdf
    assert (find_spec("weasyprint") is None) <= bool(pack.without_pdf)
    assert sorted(path.name for path in room.iterdir()) == ["in", "nb", "out"]


def test_provenance_names_every_output_by_hash_and_no_place_or_time(pack: PackResult, room: Path) -> None:
    text = (pack.folder / "provenance.json").read_text()
    facts = json.loads(text)
    listed = {row["path"]: row["sha256"] for row in facts["outputs"]}
    assert listed == {name: sha for name, sha in _hashes(pack.folder).items() if name != "provenance.json"}
    assert facts["inputs"][0]["sha256"] == sha256_of(room / "in" / "installs.csv")
    assert facts["parameters"]["01_first"] == {"inputs": ".", "count": 4, "break_it": False}
    every = "".join(path.read_text() for path in pack.folder.rglob("*.*") if path.suffix in (".html", ".ipynb"))
    assert str(room) not in text + every
    run = json.loads((pack.folder / "run.json").read_text())
    assert [entry["name"] for entry in run["notebooks"]] == ["01_first", "02_second"]


def test_another_folder_time_zone_and_hash_seed_change_nothing(pack: PackResult, room: Path, tmp_path: Path) -> None:
    shutil.copytree(room / "in", tmp_path / "elsewhere")
    shutil.copytree(room / "nb", tmp_path / "books")
    code = (
        "import sys; from pathlib import Path; from smarthan.report import make_report\n"
        "make_report(Path(sys.argv[1]), Path(sys.argv[2]), notebooks=Path(sys.argv[3]))"
    )
    places = [str(tmp_path / name) for name in ("elsewhere", "result", "books")]
    setting = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LANG": "C"}
    command = [sys.executable, "-c", code, *places]
    done = subprocess.run(command, env=setting, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout + done.stderr == ""
    assert _hashes(tmp_path / "result") == _hashes(pack.folder)


def test_an_unchanged_rerun_runs_nothing(pack: PackResult, room: Path) -> None:
    before = _hashes(pack.folder)
    again = make_report(room / "in", room / "out", notebooks=room / "nb")
    assert (again.ran, again.kept) == ((), ("01_first", "02_second"))
    assert _hashes(pack.folder) == before


def test_a_failed_notebook_replaces_nothing_and_the_next_run_goes_on(
    pack: PackResult, room: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(pack.folder, out)
    before = _hashes(out)
    extra = '[[notebook]]\nname = "01_first"\nparameters = {break_it = true}\n[[notebook]]\nname = "02_second"\n'
    told: list[tuple[int, int, str]] = []
    failed = make_report(
        _change(room, tmp_path / "in", extra),
        out,
        notebooks=room / "nb",
        pdf=False,
        progress=lambda *step: told.append(step),
    )
    assert not failed.published
    assert failed.kept == ("02_second",)
    assert failed.reasons == {"01_first": "parameters changed"}
    assert failed.failed[0].error.startswith("01_first: cell 4: AssertionError: broken on purpose")
    assert failed.failed[0].path.name == "01_first.failed.ipynb"
    assert failed.failed[0].path.is_file()
    assert told == [(1, 2, "starting"), (2, 2, "01_first failed")]
    assert _hashes(out) == before
    good = make_report(room / "in", out, notebooks=room / "nb")
    assert good.published
    assert good.ran == ()
    assert _hashes(out) == before
    assert not (tmp_path / ".out.staging").exists()


def test_only_and_fast_say_so_on_the_page(room: Path, tmp_path: Path) -> None:
    result = make_report(room / "in", tmp_path / "part", only="02", fast=True, pdf=False, notebooks=room / "nb")
    page = (tmp_path / "part" / "report.html").read_text()
    assert result.ran == ("02_second",)
    assert '<span class="mark">partial</span>' in page
    assert '<span class="mark">fast</span>' in page
    facts = json.loads((tmp_path / "part" / "provenance.json").read_text())
    assert facts["parameters"] == {"02_second": {"inputs": ".", "count": 2, "break_it": False}}


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ('[[notebook]]\nname = "03_third"\n', "there is no notebook '03_third'; known: 01_first, 02_second"),
        ('[[notebook]]\nname = "01_first"\nparameters = {cuont = 5}\n', "cuont is not a parameter; known:"),
        ('[[notebook]]\nname = "01_first"\nparameters = {count = 5.5}\n', "count is '5.5'; a whole number is needed"),
        ('[[notebook]]\nname = "01_first"\nparameters = {count = nan}\n', "count is 'nan'"),
        ('[[notebook]]\nname = "01_first"\nparameters = {inputs = "x"}\n', "inputs is set by the runner"),
    ],
)
def test_bad_settings_are_refused_before_anything_starts(room: Path, tmp_path: Path, extra: str, words: str) -> None:
    with pytest.raises(ReportRefused) as refused:
        make_report(_change(room, tmp_path / "in", extra), tmp_path / "out", notebooks=room / "nb")
    assert words in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_problems_of_all_notebooks_come_at_once(room: Path, tmp_path: Path) -> None:
    first = '[[notebook]]\nname = "01_first"\nparameters = {count = "x"}\n'
    extra = first + '[[notebook]]\nname = "02_second"\nfast = {a = 1}\n'
    with pytest.raises(ReportRefused) as refused:
        make_report(_change(room, tmp_path / "in", extra), tmp_path / "out", fast=True, notebooks=room / "nb")
    assert [problem[:9] for problem in refused.value.problems] == ["01_first:", "02_second"]


@pytest.mark.parametrize(
    ("out", "only", "words"),
    [("{x}", None, "braces"), ("in", None, "holds files that no report made"), ("new", "0", "fits 2 notebooks")],
)
def test_a_target_or_a_choice_that_cannot_be_is_refused(
    room: Path, tmp_path: Path, out: str, only: str | None, words: str
) -> None:
    shutil.copytree(room / "in", tmp_path / "in")
    with pytest.raises(ReportRefused, match=words):
        make_report(tmp_path / "in", tmp_path / out, only=only, notebooks=room / "nb")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
