"""A pack appears whole or not at all."""

import json
import os
from pathlib import Path

import pytest

from smarthan.report import ReportRefused
from smarthan.report.publishing import check_replacing, check_target, hold_target, publish, recover, staging_folder


def _pack(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "provenance.json").write_text(text)
    return folder


def test_a_new_pack_replaces_the_old_one_whole(tmp_path: Path) -> None:
    out = _pack(tmp_path / "pack", "old")
    (out / "left_over.txt").write_text("x")
    publish(_pack(staging_folder(out), "new"), out)
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]
    assert [path.read_text() for path in out.iterdir()] == ["new"]


def test_the_old_pack_stands_when_the_rename_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = _pack(tmp_path / "pack", "old")
    staging = _pack(staging_folder(out), "new")
    rename = os.replace

    def fail_once(source: Path, target: Path) -> None:
        if source == staging:
            raise OSError("no space")
        rename(source, target)

    monkeypatch.setattr(os, "replace", fail_once)
    with pytest.raises(OSError, match="no space"):
        publish(staging, out)
    assert (out / "provenance.json").read_text() == "old"


def test_a_pack_left_aside_by_a_killed_run_comes_back(tmp_path: Path) -> None:
    out = tmp_path / "pack"
    _pack(tmp_path / ".pack.old", "old")
    recover(out)
    assert (out / "provenance.json").read_text() == "old"
    _pack(tmp_path / ".pack.old", "older")
    recover(out)
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]
    assert (out / "provenance.json").read_text() == "old"


def test_a_folder_of_other_files_and_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("x")
    assert "holds files that no report made" in check_target(tmp_path)[0]
    assert "is a file" in check_target(tmp_path / "thesis.doc")[0]
    assert check_target(tmp_path / "new") == []


def test_one_run_at_a_time_and_a_dead_run_does_not_block(tmp_path: Path) -> None:
    out = tmp_path / "pack"
    with hold_target(out), pytest.raises(ReportRefused, match="another run"), hold_target(out):
        pass
    (tmp_path / ".pack.lock").write_text("999999999")
    with hold_target(out):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("held", "report", "marks", "words"),
    [
        ({"report": "consultation", "marks": []}, "consultation", (), ""),
        ({"marks": ["partial"]}, "consultation", ("partial",), ""),
        ({"marks": ["fast"]}, "consultation", (), ""),
        ({"marks": []}, "consultation", ("fast",), "holds a fuller report than this one, which is fast"),
        ({"marks": ["fast"]}, "consultation", ("partial", "fast"), "which is partial;"),
        (
            {"report": "coverage", "marks": []},
            "consultation",
            (),
            "holds the report coverage, which consultation would",
        ),
    ],
)
def test_a_fuller_report_is_never_replaced(
    tmp_path: Path, held: dict[str, object], report: str, marks: tuple[str, ...], words: str
) -> None:
    (tmp_path / "provenance.json").write_text(json.dumps(held))
    told = " ".join(check_replacing(tmp_path, report, marks))
    assert words in told
    assert bool(words) == bool(told)


def test_nothing_and_an_unreadable_record_stand_in_no_ones_way(tmp_path: Path) -> None:
    assert check_replacing(tmp_path, "coverage", ("fast",)) == []
    (tmp_path / "provenance.json").write_text("{")
    assert check_replacing(tmp_path, "coverage", ("fast",)) == []
