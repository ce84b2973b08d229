"""The recovery study in small: the recommended way finds the truth, and the ways that are not offered fail."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def study() -> Iterator[Any]:
    folder = str(Path(__file__).parents[1] / "benchmarks")
    sys.path.insert(0, folder)
    yield import_module("recovery")
    sys.path.remove(folder)


def test_a_few_trials_already_tell_the_ways_apart(study: Any) -> None:
    found = pd.DataFrame([row for seed in (1, 2, 3, 4) for row in study.estimate_once(20, seed)])
    table = study.summarise(found).set_index(["technology", "estimator"])
    for technology in ("2.4 GHz", "868 MHz"):
        own = table.loc[technology]
        assert own.loc["unweighted, Wilson on homes", "bias_points"] < -8
        assert own.loc["unweighted, Wilson on homes", "coverage"] == 0
        best = own.loc["post-stratified, recommended rule"]
        assert abs(best["bias_points"]) < 4 * max(best["mc_error_points"], 0.3)
        assert best["coverage"] >= 0.75
    assert "| 868 MHz | post-stratified, recommended rule |" in study.as_page(study.summarise(found))


def test_the_verdicts_follow_the_rules(study: Any) -> None:
    assert study._judge("post-stratified, logit-t", 80, 0.001, 0.001, 0.93, 300) == "meets"
    assert study._judge("post-stratified, logit-t", 80, 0.004, 0.001, 0.93, 300) == "MISSES"
    assert study._judge("post-stratified, logit-t", 80, 0.0, 0.001, 0.89, 300) == "MISSES"
    assert study._judge("post-stratified, recommended rule", 80, 0.0, 0.001, 0.93, 300) == "meets"
    assert study._judge("post-stratified, recommended rule", 80, 0.0, 0.001, 0.92, 300) == "MISSES"
    assert study._judge("unweighted, Wilson on homes", 80, 0.0, 0.001, 0.95, 300) == "does not fail"


@pytest.mark.slow
def test_the_whole_study_meets_what_it_must(study: Any) -> None:
    table = study.summarise(study.run_study([80], 300))
    assert not table["verdict"].isin(["MISSES", "does not fail"]).any(), table.to_string()
