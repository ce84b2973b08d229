"""The guide of the trial room: every example in it runs, in the order of the page."""

import re
import runpy
import shlex
from pathlib import Path

import pytest

from smarthan.cli import main

GUIDE = (Path(__file__).parents[1] / "docs" / "trial.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]


def test_the_commands_of_the_guide_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    codes = []
    for line in COMMANDS:
        with pytest.raises(SystemExit) as left:
            main(shlex.split(line)[1:])
        codes.append(left.value.code)
    assert codes == [0, 0, 1, 1, 1]
    assert {path.name for path in tmp_path.iterdir()} == {
        *("survey.xlsx", "synthetic", "faults.csv", "faulty.csv", "to_mend")
    }


def test_the_python_of_the_guide_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "example.py").write_text(code, encoding="utf-8")
    runpy.run_path("example.py")
    assert "all tables" in capsys.readouterr().out
