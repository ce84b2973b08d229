"""Hashes that find a changed byte, and JSON that is JSON."""

import subprocess
from pathlib import Path

import pytest

from smarthan.report.provenance import (
    has_changes,
    hash_input,
    hash_source,
    hash_values,
    json_text,
    list_outputs,
    list_source,
    read_commit,
)


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


def test_changes_since_the_commit_are_told_where_git_can_say(tmp_path: Path) -> None:
    assert has_changes(tmp_path) is None
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example"]
    (tmp_path / "a").write_text("1")
    for words in (["init", "-q"], ["add", "a"], ["commit", "-qm", "a"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    assert has_changes(tmp_path) is False
    (tmp_path / "a").write_text("2")
    assert has_changes(tmp_path) is True


def test_a_commit_is_found_in_a_further_worktree_and_among_packed_names(tmp_path: Path) -> None:
    main, tree = tmp_path / "main.git", tmp_path / "tree"
    (main / "worktrees" / "tree").mkdir(parents=True)
    tree.mkdir()
    (tree / ".git").write_text(f"gitdir: {main / 'worktrees' / 'tree'}\n")
    (main / "worktrees" / "tree" / "HEAD").write_text("ref: refs/heads/x\n")
    (main / "worktrees" / "tree" / "commondir").write_text("../..\n")
    (main / "packed-refs").write_text("# pack-refs\nabc refs/heads/x\n")
    assert read_commit(tree) == "abc"


def test_what_another_process_compiles_at_the_moment_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    for name in ("a.py", "data.csv", "n.ipynb", "__pycache__/a.cpython-311.pyc", "__pycache__/a.cpython-311.pyc.1397"):
        (tmp_path / name).write_text(name)
    assert [name for name, _ in list_source([tmp_path])] == ["a.py", "data.csv"]
