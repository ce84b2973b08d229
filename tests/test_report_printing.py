"""The PDF made apart: its faults come back as they would here, and a run that stops leaves nothing of it."""

import datetime as dt
import subprocess
from pathlib import Path
from typing import Any

import pytest

from smarthan.report import ReportRefused, printing
from smarthan.report.pdf import PdfNotPossible
from smarthan.report.printing import Printing, print_page

DAY = dt.date(2026, 11, 2)


class _Ended:
    """A process that has ended with what a test says."""

    def __init__(self, said: str, errors: str = "", code: int = 0) -> None:
        self.said, self.errors, self.returncode = said, errors, code

    def poll(self) -> int:
        return self.returncode

    def communicate(self) -> tuple[str, str]:
        return self.said, self.errors


def _print(monkeypatch: pytest.MonkeyPatch, folder: Path, ended: _Ended) -> str:
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **options: ended)
    with Printing("<p>", folder / "report.pdf", day=DAY) as running:
        assert (folder / ".report.pdf.html").read_text() == "<p>"
        return running.finish()


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (_Ended('{"without": "", "refused": [], "disk": []}'), ""),
        (_Ended('{"without": "no Pango", "refused": [], "disk": []}'), "no Pango"),
        (
            _Ended("", "Traceback\nMemoryError: all gone", 1),
            "the process that makes it ended with MemoryError: all gone",
        ),
        (_Ended("", "", -9), "the process that makes it ended with code -9"),
    ],
)
def test_how_it_ended_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ended: _Ended, words: str) -> None:
    assert _print(monkeypatch, tmp_path, ended) == words
    assert list(tmp_path.iterdir()) == []


def test_a_broken_rule_and_a_full_disk_are_raised_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ReportRefused, match="not tagged"):
        _print(monkeypatch, tmp_path, _Ended('{"without": "", "refused": ["it is not tagged"], "disk": []}'))
    with pytest.raises(OSError, match=r"No space.*report\.pdf"):
        _print(monkeypatch, tmp_path, _Ended('{"without": "", "refused": [], "disk": [28, "No space", "report.pdf"]}'))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PdfNotPossible("no Pango"), {"without": "no Pango", "refused": [], "disk": []}),
        (ReportRefused(["a", "b"]), {"without": "", "refused": ["a", "b"], "disk": []}),
        (OSError(28, "No space", "x.pdf"), {"without": "", "refused": [], "disk": [28, "No space", "x.pdf"]}),
        (None, {"without": "", "refused": [], "disk": []}),
    ],
)
def test_what_happens_apart_is_told_as_plain_values(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception | None, told: dict[str, Any]
) -> None:
    def write(*args: object, **options: object) -> None:
        if error is not None:
            raise error

    monkeypatch.setattr(printing, "write_pdf", write)
    (tmp_path / "page.html").write_text("<p>")
    assert print_page(tmp_path / "page.html", tmp_path / "x.pdf", DAY) == told


def test_a_run_that_stops_stops_it_too(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Printing("<p>", tmp_path / "report.pdf", day=DAY) as running:
        raise KeyboardInterrupt
    assert running._process.poll() is not None
    assert list(tmp_path.iterdir()) == []
