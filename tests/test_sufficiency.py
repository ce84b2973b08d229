"""Pass, fail or insufficient evidence, and the buildings that would settle it."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from smarthan.analysis import Estimate, evidence_sufficiency
from smarthan.analysis.homes.sufficiency import count_needed


def share(value: float, se: float, buildings: int = 60, method: str = "linear") -> Estimate:
    return Estimate(value, se, buildings - 1, 1.0, method, 2 * buildings, buildings, 50.0, kind="proportion")


def judge(estimate: Estimate, criterion: Any = 0.95) -> pd.Series:
    reach: Any = SimpleNamespace(
        estimates={("zigbee_sub", "ALL", "ALL"): estimate}, technologies=("zigbee_sub",), synthetic=True
    )
    return evidence_sufficiency(reach, criterion).iloc[0]


@pytest.mark.parametrize(
    ("value", "se", "verdict"),
    [(0.98, 0.005, "pass"), (0.90, 0.01, "fail"), (0.94, 0.01, "insufficient_evidence")],
)
def test_verdicts(value: float, se: float, verdict: str) -> None:
    answer = judge(share(value, se))
    assert answer["verdict"] == verdict
    assert (answer["buildings_needed"] == 0) == (verdict != "insufficient_evidence")


def test_a_lower_limit_on_the_criterion_passes_and_an_upper_one_does_not_fail() -> None:
    certain = share(0.95, 0.0)
    assert judge(certain)["verdict"] == "pass"
    half = share(0.9, 0.02).interval()[1]
    assert judge(share(0.9, 0.02), half)["verdict"] == "insufficient_evidence"


def test_buildings_needed_are_the_fewest_that_settle_it() -> None:
    estimate = share(0.93, 0.015)
    needed, note = count_needed(estimate, 0.95)
    assert needed is not None
    assert note == ""
    assert estimate.resized(60 + needed).interval()[1] < 0.95
    assert estimate.resized(60 + needed - 1).interval()[1] >= 0.95


def test_a_share_too_near_its_criterion_has_no_feasible_number() -> None:
    answer = judge(share(0.948, 0.02))
    assert answer["buildings_needed"] is pd.NA
    assert "no feasible n: more than 5 times the present 60 buildings" in answer["note"]
    assert "equals the criterion" in judge(share(0.95, 0.02))["note"]


def test_all_reached_so_far_needs_more_homes_to_be_sure() -> None:
    needed, _ = count_needed(share(1.0, 0.0, method="korn_graubard", buildings=20), 0.95)
    # Exact limit of 72 homes out of 72: .025^(1/72) = .950.
    assert needed == 16


def test_no_interval_is_no_verdict() -> None:
    answer = judge(Estimate(math.nan, math.nan, 0, math.nan, "none", 0, 0, math.nan, "proportion", note="no row"))
    assert answer["verdict"] == "insufficient_evidence"
    assert answer["buildings_needed"] is pd.NA
    assert answer["note"] == "no row"


def test_criteria_may_differ_by_technology_and_must_be_there() -> None:
    assert judge(share(0.93, 0.01), {"zigbee_sub": 0.8})["verdict"] == "pass"
    with pytest.raises(ValueError, match="none for zigbee_sub"):
        judge(share(0.93, 0.01), {"wifi": 0.8})
    with pytest.raises(ValueError, match="is 95; give a share"):
        judge(share(0.93, 0.01), 95)
