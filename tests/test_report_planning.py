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


def test_each_report_takes_its_notebooks_and_lists_its_inputs(room: Path) -> None:
    (room / "t.csv").write_text("x\n", encoding="utf-8")
    (room / "report.toml").write_text(TOML + 'trial = "t.csv"\n', encoding="utf-8")
    coverage = make_plan(room, only="coverage", fast=False, notebooks=room)
    assert [task.name for task in coverage.tasks] == ["01_matrix"]
    assert [row["input"] for row in coverage.inputs] == ["matrix"]
    assert (coverage.marks, coverage.cover_words["report"]) == ((), "coverage")
    trial = make_plan(room, only="characterisation", fast=True, notebooks=room)
    assert ([task.name for task in trial.tasks], trial.marks) == (["02_trial"], ("fast",))
    whole = make_plan(room, only="consultation", fast=False, notebooks=room)
    assert ([task.name for task in whole.tasks], whole.marks) == (["01_matrix", "02_trial"], ())
    assert len({coverage.key, trial.key, whole.key}) == 3


def test_a_notebook_rests_on_what_it_reads_alone(room: Path) -> None:
    (room / "t.csv").write_text("x\n", encoding="utf-8")
    (room / "report.toml").write_text(TOML + 'trial = "t.csv"\n', encoding="utf-8")
    before = [task.parts for task in make_plan(room, only=None, fast=False, notebooks=room).tasks]
    (room / "t.csv").write_text("y\n", encoding="utf-8")
    after = [task.parts for task in make_plan(room, only=None, fast=False, notebooks=room).tasks]
    assert before[0] == after[0]
    assert {name for name in before[1] if before[1][name] != after[1][name]} == {"trial"}


def test_a_shared_parameter_reaches_who_has_it_and_a_stray_one_is_refused(room: Path) -> None:
    for name in ("01_matrix", "02_trial"):
        text = (room / f"{name}.ipynb").read_text(encoding="utf-8")
        more = 'inputs: str = \\"\\"  # folder\\nseed: int = 0  # seed (from 0 to 9)'
        (room / f"{name}.ipynb").write_text(text.replace('inputs: str = \\"\\"  # folder', more), encoding="utf-8")
    (room / "report.toml").write_text(TOML + "[parameters]\nseed = 4\n", encoding="utf-8")
    (task,) = make_plan(room, only="01", fast=False, notebooks=room).tasks
    assert task.parameters["seed"] == 4
    (room / "report.toml").write_text(TOML + "[parameters]\nseed = 10\nsede = 1\n", encoding="utf-8")
    with pytest.raises(ReportRefused) as refused:
        make_plan(room, only="01", fast=False, notebooks=room)
    assert "seed is '10'; 10 is above 9 (seed)" in refused.value.problems[0]
    assert "parameters.sede is a parameter of no notebook. Nearest: seed (int from 0 to 9, seed)" in str(refused.value)


def test_a_report_that_no_notebook_belongs_to_is_refused(room: Path) -> None:
    (room / "02_trial.ipynb").unlink()
    with pytest.raises(ReportRefused, match="no notebook belongs to the report characterisation"):
        make_plan(room, only="characterisation", fast=False, notebooks=room)
