"""Joint success: every home stands in one combination, and all shares add to one."""

from __future__ import annotations

import pytest
from tests.test_reach_steps import A, B, make_reach

from smarthan.analysis import joint_reach, marginal_reach


def test_every_combination_has_its_share() -> None:
    joint = joint_reach(make_reach(a=A, b=B), ["a", "b"])
    assert joint["pattern"].tolist() == ["11", "10", "01", "00"]
    assert joint["share"].tolist() == pytest.approx([0.1, 0.4, 0.3, 0.2])
    assert joint["homes"].tolist() == [1, 4, 3, 2]
    assert joint["premises"].tolist() == pytest.approx([100, 400, 300, 200])
    assert joint[["a", "b"]].to_numpy().tolist() == [[True, True], [True, False], [False, True], [False, False]]
    assert joint.attrs == {"synthetic": True, "undetermined": 0}


def test_it_agrees_with_marginal_reach() -> None:
    data = make_reach(a=A, b=B)
    joint, steps = joint_reach(data, ["a", "b"]), marginal_reach(data, ["a", "b"])
    assert joint["share"].iloc[:2].sum() == pytest.approx(steps["share"].iloc[0])
    assert joint["share"].iloc[2] == pytest.approx(steps["share"].iloc[1])
    assert joint["share"].iloc[3] == pytest.approx(steps["share"].iloc[2])


def test_homes_that_were_not_measured_with_all_are_stood_for_by_others() -> None:
    joint = joint_reach(make_reach(a=[None, *A[1:]], b=B), ["a", "b"])
    assert joint["n"].tolist() == [9] * 4
    assert joint.attrs["undetermined"] == 1
    assert joint["share"].sum() == pytest.approx(1)
    assert joint["premises"].sum() == pytest.approx(1000)


def test_one_technology_has_two_combinations() -> None:
    assert joint_reach(make_reach(a=A), ["a"])["share"].tolist() == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], "none was given"),
        (["a", "c"], "'c' is not one of them"),
        (["a", "a"], "stands twice"),
        (list("abdef"), "5 make 32 combinations"),
    ],
)
def test_technologies_that_cannot_be_joined_are_refused(names: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        joint_reach(make_reach(**dict.fromkeys("abdef", A)), names)


def test_no_home_with_all_outcomes_is_refused() -> None:
    with pytest.raises(ValueError, match="measure them in the same homes"):
        joint_reach(make_reach(a=[None] * 10, b=B), ["a", "b"])
