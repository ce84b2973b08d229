"""The guide of the trial room: every example in it runs, in the order of the page."""

import runpy
from pathlib import Path

import pytest
from tests.pages import find_blocks, find_commands, read_page, run_command

GUIDE = read_page("docs/trial.md")


def test_the_commands_of_the_guide_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert [run_command(words) for words in find_commands(GUIDE)] == [0, 0, 1, 1, 1]
    assert {path.name for path in tmp_path.iterdir()} == {
        *("survey.xlsx", "synthetic", "faults.csv", "faulty.csv", "to_mend")
    }


def test_the_python_of_the_guide_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = find_blocks(GUIDE, "python")
    (tmp_path / "example.py").write_text(code, encoding="utf-8")
    runpy.run_path("example.py")
    assert "all tables" in capsys.readouterr().out
