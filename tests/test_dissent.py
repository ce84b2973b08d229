"""Who differs and who would change the answer, on an appraisal small enough to check by eye."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tiny_appraisal import read_small

from smarthan.analysis import Disagreement
from smarthan.analysis.simulation.dissent import find_split_gates, say_judgement


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Disagreement:
    return read_small(tmp_path_factory.mktemp("small")).simulate(4_000).disagreement()


def test_each_group_and_each_assessor_is_asked_by_itself(found: Disagreement) -> None:
    answers = found.answers.set_index(["who", "how"])
    assert answers.index.tolist() == [("one", "weights"), ("two", "weights"), ("x", "alone"), ("y", "alone")]
    assert found.answers.attrs["leader"] == "b"
    # y says that b costs 45 to 90; with that alone b falls behind a. Left out says the same as the other's alone.
    assert answers.loc[("y", "alone"), "leader"] == "a"
    assert found.answers.loc[found.answers["changes"], "who"].tolist() == ["one", "y"]
    assert (found.answers["lead"] > 0).all()


def test_what_several_people_said_of_a_cell_is_told_with_its_spread(found: Disagreement) -> None:
    row = found.assessors.iloc[0]
    assert (row["option"], row["criterion"], row["assessors"]) == ("b", "cost", "x, y")
    assert row["said"] == "x: 30 (20 to 40); y: 50 (45 to 90)"
    assert (row["least"], row["most"], row["spread"]) == pytest.approx((50, 70, 20))


def test_it_can_be_read_in_a_terminal_and_in_a_notebook(found: Disagreement) -> None:
    assert "y (alone): a by" in str(found)
    html = found._repr_html_()
    assert html.count("<caption>") == 4
    assert "synthetic" in html


def test_nobody_changes_a_clear_answer(tmp_path: Path) -> None:
    clear = read_small(tmp_path, ("b,cost,x,,30,20,40", "b,cost,x,,5,1,9"), ("b,cost,y,,50,45,90", "b,cost,y,,6,1,9"))
    found = clear.simulate(2_000).disagreement()
    assert not found.answers["changes"].any()
    assert "Nobody alone would change" in str(found)


def test_three_assessors_are_asked_alone_and_left_out(tmp_path: Path) -> None:
    row = "b,cost,y,,50,45,90,,,,,,,quoted <b>\n"
    found = read_small(tmp_path, (row, row + "b,cost,z,,40,30,50,,,,,,,\n")).simulate(2_000).disagreement()
    asked = found.answers[found.answers["how"].ne("weights")]
    assert list(zip(asked["who"], asked["how"], strict=True)) == [
        ("x", "alone"),
        ("y", "alone"),
        ("z", "alone"),
        ("x", "left out"),
        ("y", "left out"),
        ("z", "left out"),
    ]


def test_gates_that_people_answer_differently_are_found(tmp_path: Path) -> None:
    appraisal = read_small(tmp_path)
    split = find_split_gates(appraisal.gates(), appraisal.cells)
    assert split.to_dict("records") == [{"option": "b", "gate": "safe", "said": "x: yes; y: unknown (chance 0.5)"}]


def test_a_judgement_is_said_as_it_was_typed(tmp_path: Path) -> None:
    said = {(one.option, one.criterion): say_judgement(one) for one in read_small(tmp_path).judgements}
    assert said["a", "ease"] == "easy"
    assert said["c", "reach"] == "no score"
    assert said["a", "cost"] == "20 (10 to 40)"
