"""The guide to registers, comments and answers: its commands and its Python run, and its rule is the rule."""

import runpy
from pathlib import Path

import pytest
from tests.pages import find_blocks, find_commands, read_page, run_command

from smarthan.analysis import write_demonstration_registers
from smarthan.analysis.registers.agreement import FEWEST, NO_VIEW, PLAIN, STRONG

GUIDE = read_page("docs/registers.md")


def test_the_commands_and_the_python_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lists").mkdir()
    write_demonstration_registers(tmp_path / "lists")
    assert [run_command(words) for words in find_commands(GUIDE)] == [0] * 4
    capsys.readouterr()
    (code,) = find_blocks(GUIDE, "python")
    (tmp_path / "example.py").write_text(code, encoding="utf-8")
    runpy.run_path("example.py")
    assert "weak agreement" in capsys.readouterr().out


def test_the_stated_thresholds_are_those_in_use() -> None:
    assert (FEWEST, NO_VIEW, PLAIN, STRONG) == (5, 0.1, 0.3, 0.5)
    for words in ("fewer than 5", "is .5 or more", "is .3 or more", "is .1 or more", "a quarter of the answers"):
        assert words in GUIDE
