"""The guide to the coverage room tells the truth: its files are written, its commands and examples run, in order."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from tests.pages import read_page, run_command

GUIDE = "docs/coverage.md"
BLOCKS = re.findall(r"```(\w+) ?(\S*)\n(.*?)```", read_page(GUIDE), flags=re.DOTALL)


def run_line(line: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command as the guide has it; return what it prints."""
    assert line.startswith("smarthan ")
    assert run_command(shlex.split(line)) in (0, 1), capsys.readouterr().err
    return capsys.readouterr().out


def test_the_guide_runs_from_end_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMARTHAN_MATRIX", raising=False)
    names: dict[str, object] = {}
    printed, compared = "", 0
    for number, (kind, name, text) in enumerate(BLOCKS):
        if kind == "csv":
            (tmp_path / name).write_text(text, encoding="utf-8")
        elif kind == "sh":
            printed = "".join(run_line(line, capsys) for line in text.splitlines())
        elif kind == "text":
            assert printed.splitlines() == text.splitlines()
            compared += 1
        else:
            test = doctest.DocTestParser().get_doctest(text, names, f"block {number}", GUIDE, 0)
            runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
            assert runner.run(test, clear_globs=False).failed == 0, capsys.readouterr().out
            names.update(test.globs)
            capsys.readouterr()
    assert compared == sum(kind == "sh" for kind, _, _ in BLOCKS) == 6
