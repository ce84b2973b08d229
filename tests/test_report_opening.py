"""Every broken input is told at once, before a notebook starts; rows are counted where there is a ledger."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from smarthan.report.configuration import read_configuration
from smarthan.report.opening import open_all, open_here

TOML = '[pack]\nname = "p"\ntitle = "T"\norganisation = "O"\nas_of = 2026-11-02\n[inputs]\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SMARTHAN_CACHE", str(tmp_path / "cache"))
    inputs = 'matrix = "m.csv"\ninstalls = "installs.csv"\ntrial = "trial"\nappraisal = "appraisal"\n'
    (tmp_path / "report.toml").write_text(TOML + inputs)
    header = "postcode,csp_region,available,wan_technology\n"
    (tmp_path / "m.csv").write_text(f"{header}LL57 2DG,Central,true,Cellular\nLL57,Central,true,Cellular\n")
    (tmp_path / "m.csv.release.toml").write_text('as_of = "2026-11-02"\n')
    (tmp_path / "installs.csv").write_text("postcode\n")
    for name in ("trial", "appraisal"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_rows_and_faults_are_told_for_each_input(folder: Path) -> None:
    told = open_here(read_configuration(folder), ["matrix", "installs", "trial", "appraisal"])
    assert told["matrix"] == {"rows": {"read": 2, "accepted": 1, "quarantined": 1}, "problem": ""}
    assert all(told[name]["problem"] and "\n" not in told[name]["problem"] for name in ("installs", "trial"))
    assert "appraisal.toml" in told["appraisal"]["problem"]


def test_a_process_apart_tells_all_of_it_in_the_order_asked(folder: Path) -> None:
    found = open_all(read_configuration(folder), ["matrix", "installs"])
    assert list(found.rows) == ["matrix", "installs"]
    assert found.rows["matrix"]["quarantined"] == 1
    assert [problem.split(":")[0] for problem in found.problems] == ["inputs.installs"]


def test_a_process_that_dies_is_told_in_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, -9, "", "")

    monkeypatch.setattr(subprocess, "run", die)
    found = open_all(read_configuration(folder), ["matrix"])
    assert found.problems == ["inputs.matrix: could not be opened: the process ended with code -9"]


def test_nothing_to_open_starts_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", None)
    assert open_all(read_configuration(folder), []).problems == ()


def test_the_module_runs_by_itself(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "smarthan.report.opening", folder, "matrix"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["matrix"]["rows"]["read"] == 2
    assert done.stderr == ""
