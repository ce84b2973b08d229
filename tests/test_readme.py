"""The README tells the truth: its commands exist and its snippet runs."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SMARTHAN = str(Path(sys.executable).with_name("smarthan"))
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL))
LINES = [line.split("#")[0].strip() for line in SHELL.splitlines() if line.strip()]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_the_first_screen_shows_the_two_commands() -> None:
    first_screen = README.splitlines()[:24]
    assert any(line.startswith("make report") for line in first_screen)
    assert any(line.startswith("make test") for line in first_screen)


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("make")])
def test_each_target_exists(line: str) -> None:
    assert shlex.split(line)[1] in targets()


@pytest.mark.parametrize("line", [line for line in LINES if "smarthan" in line])
def test_each_command_and_option_exists(line: str) -> None:
    _, *words = shlex.split(line)
    command = words[: 2 if words[0] == "coverage" else 1]
    shown = subprocess.run([SMARTHAN, *command, "--help"], capture_output=True, text=True, check=True).stdout
    assert all(word in shown for word in words if word.startswith("--"))


def test_the_roll_up_of_the_readme_runs_on_the_demonstration() -> None:
    line = next(line for line in LINES if "rollup" in line)
    done = subprocess.run([SMARTHAN, *shlex.split(line)[1:]], capture_output=True, text=True, check=True)
    assert "Scotland" in done.stdout


@pytest.mark.parametrize("command", ["publish", "releases", "diff", "rollup", "boundaries"])
def test_the_guide_runs_what_the_readme_shows(command: str) -> None:
    assert any(f"coverage {command}" in line for line in LINES)
    assert f"smarthan coverage {command}" in (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")


def test_the_python_snippet_runs() -> None:
    snippet = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)[0]
    done = subprocess.run([sys.executable, "-c", snippet], capture_output=True, text=True, check=True)
    assert "synthetic" in done.stdout.casefold()


def test_make_alone_lists_the_targets() -> None:
    shown = subprocess.run(["make", "-s"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert all(f"make {target}" in shown for target in targets())


def test_continuous_integration_runs_the_readme_command() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
