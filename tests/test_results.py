"""What a record may be given: results of this very appraisal, of the kinds it can show."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tiny_appraisal import read_small

from smarthan.analysis import cross_check
from smarthan.analysis.record.results import sort_results


def test_results_are_sorted_by_kind(tmp_path: Path) -> None:
    appraisal = read_small(tmp_path)
    simulation = appraisal.simulate(500)
    information = simulation.value_of_information()
    given = (information.decide(), appraisal.score("two"), information, cross_check(appraisal), appraisal.score())
    sorted_ = sort_results(appraisal, given)
    assert [score.weights_name for score in sorted_.scores] == ["two", "one"]
    assert sorted_.simulations == ()
    assert sorted_.simulation is simulation  # behind the information
    assert sorted_.decision is given[0]
    assert len(sorted_.cross_checks) == 1


def test_what_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="a str cannot be shown in a record; give Score, Simulation"):
        sort_results(read_small(tmp_path), ["verdict"])


def test_results_of_another_state_are_refused(tmp_path: Path) -> None:
    appraisal = read_small(tmp_path / "1")
    later = read_small(tmp_path / "2", ("b,reach,x,,0.9", "b,reach,x,,0.8"))
    other = read_small(tmp_path / "3", ('id = "small"', 'id = "other"'))
    wider = read_small(
        tmp_path / "4",
        ('  {id = "ease", label = "Ease", scale = "ease"},\n', ""),
        ("a,ease,x,easy,,,,,,,,E1,high,\n", ""),
        ("b,ease,x,easy,,,,,,,,E1,high,\n", ""),
        ("c,ease,x,hard_work,,,,,,,,E1,high,\n", ""),
        ("one,ease,50,,,,,\n", ""),
        ("two,reach,,,0.5,,,\ntwo,ease,,,0.25,,,", "two,reach,,,0.75,,,"),
    )
    foreign = [
        later.score(),
        later.simulate(100),
        later.simulate(100).value_of_information(),
        other.simulate(100).value_of_information().decide(),
        cross_check(other),
        wider.score(),
    ]
    for result in foreign:
        with pytest.raises(ValueError, match="made from another appraisal than 'small'"):
            sort_results(appraisal, [result])
