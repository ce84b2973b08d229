"""The README tells the truth: its commands exist, those on coverage run, and its snippet runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.pages import ROOT, find_blocks, find_commands, read_page, run_command

from smarthan.coverage import postcode_reference, read_matrix, write_matrix
from smarthan.coverage.demonstration import make_earlier, make_release

README = read_page("README.md")
COMMANDS = find_commands(README)
OURS = [words for words in COMMANDS if words[0].endswith("/smarthan")]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_the_first_screen_shows_the_two_commands() -> None:
    first_screen = README.splitlines()[:24]
    assert any(line.startswith("make report") for line in first_screen)
    assert any(line.startswith("make test") for line in first_screen)


@pytest.mark.parametrize("words", [words for words in COMMANDS if words[0] == "make"], ids=" ".join)
def test_each_target_exists(words: list[str]) -> None:
    assert words[1] in targets()


@pytest.mark.parametrize("words", [words for words in OURS if words[1] not in ("lookup", "coverage")], ids=" ".join)
def test_each_command_and_option_exists(words: list[str]) -> None:
    command, *rest = words[1:]
    shown = subprocess.run(
        [Path(sys.executable).with_name("smarthan"), command, "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert all(word in shown for word in rest if word.startswith("--"))


def write_stand_ins(folder: Path) -> None:
    """Write two releases under the names of those that `smarthan demo` writes, of one postcode area."""
    folder.mkdir(parents=True)
    live = postcode_reference()
    later = make_release(folder / "synthetic-2026-11.parquet", postcodes=live[live["area"].eq("PH")])
    write_matrix(make_earlier(read_matrix(later).matrix).matrix, folder / "synthetic-2026-05.parquet")


def test_the_commands_on_coverage_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMARTHAN_MATRIX", raising=False)
    write_stand_ins(tmp_path / "mine" / "coverage")
    (sites,) = (line.split("#")[0] for line in README.splitlines() if line.startswith("printf"))
    subprocess.run(["sh", "-c", sites], check=True)
    asked = [words for words in OURS if words[1] in ("lookup", "coverage") or words[1:3] == ["check", "coverage"]]
    ran = [(words, run_command(words)) for words in asked]
    assert [(words, code) for words, code in ran if code != 0] == []
    assert {words[2] for words, _ in ran if words[1] == "coverage"} == {
        *("publish", "releases", "diff", "rollup", "boundaries")
    }
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {"mine", "sites.csv", "answered.csv", "releases", "regions.csv", "lads.gpkg"}
    assert "Changes from 2026-05 (2026-05-01) to 2026-11 (2026-11-02)" in capsys.readouterr().out


def test_the_python_snippet_runs() -> None:
    (snippet,) = find_blocks(README, "python")
    done = subprocess.run([sys.executable, "-c", snippet], capture_output=True, text=True, check=True)
    assert "synthetic" in done.stdout.casefold()


def test_make_alone_lists_the_targets() -> None:
    shown = subprocess.run(["make", "-s"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert all(f"make {target}" in shown for target in targets())


def test_continuous_integration_runs_the_readme_command() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
