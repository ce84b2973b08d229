"""The guide of the trial room: every example in it runs, in the order of the page."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

GUIDE = (Path(__file__).parents[1] / "docs" / "trial.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]


def test_the_commands_of_the_guide_run(tmp_path: Path) -> None:
    codes = []
    for line in COMMANDS:
        command = [str(Path(sys.executable).with_name("smarthan")), *shlex.split(line)[1:]]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert "Traceback" not in done.stderr
        codes.append(done.returncode)
    assert codes == [0, 0, 1, 1, 1]
    assert {path.name for path in tmp_path.iterdir()} == {
        *("survey.xlsx", "synthetic", "faults.csv", "faulty.csv", "to_mend")
    }


def test_the_python_of_the_guide_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "all tables" in done.stdout
