"""`smarthan report`, `verify` and `init` in words, in JSON and in exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from smarthan import report
from smarthan.cli import main
from smarthan.commands.reports import folder_name, make_pack, verify_pack
from smarthan.report import PackResult, ReportRefused, Verified
from smarthan.report.execution import Execution

TOML = '[pack]\nname = "autumn"\ntitle = "T"\norganisation = "O"\nas_of = 2026-11-02\n'
FAILED = Execution("02_b", Path("staging/02_b.failed.ipynb"), "02_b: cell 3: ValueError: no", 1.0)


def _run(*words: str) -> object:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return left.value.code


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that lets `make_report` return a result, and a list of what it was asked for."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.toml").write_text(TOML)
    asked: list[tuple[Path, dict[str, Any]]] = []

    def make(**result: Any) -> list[tuple[Path, dict[str, Any]]]:
        def make_report(config: Path, out: Path, **options: Any) -> PackResult:
            asked.append((out, options))
            return PackResult(out, **{"published": True, "ran": ("01_a",), "kept": (), "failed": (), **result})

        monkeypatch.setattr(report, "make_report", make_report, raising=False)
        return asked

    return make


@pytest.mark.parametrize(
    ("only", "fast", "folder"),
    [
        (None, False, "autumn"),
        ("consultation", False, "autumn"),
        ("coverage", False, "autumn-coverage"),
        ("03_which", True, "autumn-03_which-fast"),
        ("../x", False, "autumn----x"),
    ],
)
def test_a_part_or_a_fast_run_has_a_folder_of_its_own(only: str | None, fast: bool, folder: str) -> None:
    assert folder_name("autumn", only, fast=fast) == folder


def test_a_published_pack_is_named_with_what_to_know(pretend: Any) -> None:
    asked = pretend(kept=("02_b",), reasons={"01_a": "matrix changed"}, warnings=("Partial.",), without_pdf="no Pango")
    found = make_pack(None, None, only="coverage", fast=True)
    assert found.code == 0
    assert found.text.splitlines()[0] == "reports/autumn-coverage-fast/report.html"
    assert "  01_a ran: matrix changed" in found.text
    assert found.notes == ("Partial.", "Made without PDF: no Pango.")
    assert asked[0][1]["only"] == "coverage"
    assert isinstance(found.document, dict)
    assert found.document["pdf"] is False


def test_a_failed_notebook_gives_code_one_and_the_place_of_its_copy(pretend: Any) -> None:
    pretend(published=False, failed=(FAILED,))
    found = make_pack(None, Path("mine"))
    assert found.code == 1
    assert found.text.startswith("Not published: 1 notebook failed; mine is as it was.")
    assert "02_b: cell 3: ValueError: no" in found.text
    assert "staging/02_b.failed.ipynb" in found.text
    assert found.notes == ()


def test_verifying_tells_all_differences_and_gives_code_one(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Verified(Path("p"), None, ("a.csv: is gone",), ("Other code.",), 5, 0)
    monkeypatch.setattr(report, "verify_report", lambda folder, **options: told, raising=False)
    found = verify_pack(Path("p"), None)
    assert (found.code, found.notes) == (1, ("Other code.",))
    assert found.text == "p: differs from its record. 5 files of the pack and 0 inputs hashed.\n  a.csv: is gone"
    assert isinstance(found.document, dict)
    assert found.document["verified"] is False


def test_the_command_line_starts_a_report_once_and_finds_no_pack_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("report", "init", str(tmp_path / "autumn"), "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["file"].endswith("autumn/report.toml")
    assert _run("report", "init", str(tmp_path / "autumn")) == 2
    assert "is there already" in capsys.readouterr().err
    assert _run("report", "verify", str(tmp_path / "autumn")) == 2
    assert "holds no provenance.json" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["report", "verfiy", "x"], ["report", "--onyl", "coverage"], ["report", "verify"]])
def test_slips_are_refused_in_a_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(*words) == 2
    assert "Try: smarthan --help" in capsys.readouterr().err


def test_a_report_that_cannot_be_started_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "report.toml").write_text(TOML)
    with pytest.raises(ReportRefused, match="needs the input"):
        make_pack(tmp_path, tmp_path / "out")
    assert _run("report", "--config", str(tmp_path), "--out", str(tmp_path / "out"), "--only", "coverage") == 2
    assert "needs the input matrix, installs" in capsys.readouterr().err


def test_a_report_just_started_is_refused_at_once_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _run("report", "init", "autumn") == 0
    assert _run("report", "--config", "autumn/report.toml") == 2
    told = capsys.readouterr().err
    for name in ("matrix", "trial", "appraisal"):
        assert name in told
    assert [path.name for path in tmp_path.iterdir()] == ["autumn"]
    assert [path.name for path in (tmp_path / "autumn").iterdir()] == ["report.toml"]
