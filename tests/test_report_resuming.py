"""What has not changed is taken over, what has is told by name, and a copy left by a killed run is kept as failed."""

import json
from pathlib import Path
from typing import Any

import pytest

from smarthan.report.needs import Needs
from smarthan.report.planning import Task
from smarthan.report.resuming import describe_notebooks, hash_file, keep_unchanged, note_keys

NEEDS = Needs((), frozenset(), everything=False, day=False)


def _task(**parts: str) -> Task:
    return Task("01_a", {}, {}, {"notebook": "n", "matrix": "m", "smarthan": "s", **parts}, NEEDS)


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """Return a pack that holds the notebook, and an empty staging folder."""
    out, staging = tmp_path / "out", tmp_path / "staging"
    for folder in (out, staging):
        (folder / "notebooks").mkdir(parents=True)
    (out / "notebooks" / "01_a.ipynb").write_text("{}")
    manifest: dict[str, Any] = {"notebooks": describe_notebooks([_task()], out, ["01_a"])}
    (out / "provenance.json").write_text(json.dumps(manifest))
    return out, staging


def test_what_is_unchanged_is_taken_over(places: tuple[Path, Path]) -> None:
    assert keep_unchanged([_task()], *places) == {}
    assert (places[1] / "notebooks" / "01_a.ipynb").read_text() == "{}"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"matrix": "other"}, "matrix changed"),
        ({"smarthan": "t"}, "the code of smarthan changed"),
        ({"earlier": "new"}, "earlier changed"),
        ({"matrix": "o", "notebook": "o"}, "notebook, matrix changed"),
    ],
)
def test_what_changed_is_told(places: tuple[Path, Path], parts: dict[str, str], words: str) -> None:
    assert keep_unchanged([_task(**parts)], *places) == {"01_a": words}


def test_a_copy_that_was_touched_is_not_believed(places: tuple[Path, Path]) -> None:
    (places[0] / "notebooks" / "01_a.ipynb").write_text("{ }")
    assert keep_unchanged([_task()], *places) == {"01_a": "its executed copy was changed or removed"}


def test_a_killed_run_leaves_a_failed_copy_and_what_it_had_noted(places: tuple[Path, Path], tmp_path: Path) -> None:
    staging = places[1]
    (staging / "notebooks" / ".02_b.partial.ipynb").write_text("half")
    (staging / "notebooks" / "01_a.ipynb").write_text("new")
    first, second = _task(matrix="new"), Task("02_b", {}, {}, {}, NEEDS)
    note_keys([first], staging, ["01_a"])
    nothing = tmp_path / "nothing"
    assert keep_unchanged([first, second], nothing, staging) == {"02_b": "the last run was stopped while it ran"}
    assert (staging / "notebooks" / "02_b.failed.ipynb").read_text() == "half"
    assert keep_unchanged([second], nothing, staging) == {"02_b": "it has not run yet"}
    assert hash_file(nothing) == ""
