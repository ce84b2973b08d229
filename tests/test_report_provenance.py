"""Hashes that find a changed byte, and JSON that is JSON."""

from pathlib import Path

import pytest

from smarthan.report.provenance import hash_input, hash_source, hash_values, json_text, list_outputs, read_commit


def test_a_folder_is_hashed_by_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    first = hash_input(tmp_path)
    assert first == hash_input(tmp_path)
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    renamed = hash_input(tmp_path)
    (tmp_path / "b.csv").write_text("y")
    changed = hash_input(tmp_path)
    assert len({first[0], renamed[0], changed[0]}) == 3
    assert changed[1] == 1
    assert hash_input(tmp_path / "b.csv")[1] == 1


def test_values_hash_alike_in_any_order_and_nan_is_no_json() -> None:
    assert hash_values({"a": 1, "b": 2}) == hash_values({"b": 2, "a": 1})
    with pytest.raises(ValueError, match="JSON"):
        json_text({"a": float("nan")})


def test_source_has_one_hash() -> None:
    assert len(hash_source()) == 64


def test_outputs_are_listed_by_path_without_the_record_itself(tmp_path: Path) -> None:
    (tmp_path / "charts").mkdir()
    for name in ("run.json", "provenance.json", "report.html", "charts/a.svg"):
        (tmp_path / name).write_text(name)
    assert [row["path"] for row in list_outputs(tmp_path)] == ["charts/a.svg", "report.html"]


def test_a_commit_is_read_from_files(tmp_path: Path) -> None:
    assert read_commit(tmp_path) == "not known"
    heads = tmp_path / ".git" / "refs" / "heads"
    heads.mkdir(parents=True)
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert read_commit(tmp_path) == "not known"
    (heads / "main").write_text("abc\n")
    assert read_commit(tmp_path) == "abc"
    (tmp_path / ".git" / "HEAD").write_text("def\n")
    assert read_commit(tmp_path) == "def"
