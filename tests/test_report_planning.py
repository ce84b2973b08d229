"""What a report will do is settled before a kernel starts: which notebooks, with which inputs."""

from pathlib import Path
from typing import Any

import pytest

from smarthan.report import ReportRefused
from smarthan.report.notebooks import notebook_text
from smarthan.report.planning import make_plan

TOML = '[pack]\nname = "p"\ntitle = "T"\norganisation = "O"\nas_of = 2026-11-02\n[inputs]\nmatrix = "m.csv"\n'


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """report.toml with a matrix only; one notebook that reads the matrix, one that reads the trial too."""
    (tmp_path / "report.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "m.csv").write_text("postcode\n", encoding="utf-8")
    for name, code in (("01_matrix", "data.matrix"), ("02_trial", "data.matrix, data.trial")):
        cells: list[dict[str, Any]] = [
            {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# What?"},
            _code("b", 'inputs: str = ""  # folder', tags=["parameters"]),
            _code("c", code),
        ]
        text = notebook_text({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        (tmp_path / f"{name}.ipynb").write_text(text, encoding="utf-8")
    return tmp_path


def _code(name: str, source: str, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def test_notebooks_without_their_inputs_are_left_out_and_the_pack_says_partial(room: Path) -> None:
    plan = make_plan(room, only=None, fast=False, notebooks=room)
    assert [task.name for task in plan.tasks] == ["01_matrix"]
    assert plan.marks == ("partial",)


def test_a_notebook_asked_for_by_name_is_not_left_out_in_silence(room: Path) -> None:
    (room / "report.toml").write_text(TOML + '[[notebook]]\nname = "02_trial"\n', encoding="utf-8")
    with pytest.raises(ReportRefused, match=r"02_trial needs the input trial; add it under \[inputs\]"):
        make_plan(room, only=None, fast=False, notebooks=room)


def test_only_a_notebook_without_its_inputs_is_refused(room: Path) -> None:
    with pytest.raises(ReportRefused, match="needs the input trial"):
        make_plan(room, only="02", fast=False, notebooks=room)


def test_no_inputs_at_all_names_every_one_that_is_needed(room: Path) -> None:
    (room / "report.toml").write_text(TOML.split("[inputs]")[0], encoding="utf-8")
    with pytest.raises(ReportRefused, match="needs the input matrix, trial"):
        make_plan(room, only=None, fast=False, notebooks=room)
