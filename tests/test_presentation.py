"""The published rules for showing a share, one case a rule."""

from __future__ import annotations

import pytest

from smarthan.analysis import Estimate
from smarthan.analysis.survey.presentation import presentation_flags


def linear(value: float, half: float, *, n_eff: float = 100.0, df: int = 10_000) -> Estimate:
    """A share whose interval is value +- half, to within the normal quantile."""
    return Estimate(value, half / 1.96, df, 1.0, "linear", 200, 100, n_eff, kind="proportion")


CASES = {
    "good": (linear(0.5, 0.06), []),
    "small": (linear(0.5, 0.06, n_eff=29.0), ["hide_small"]),
    "wide": (linear(0.5, 0.16), ["hide_wide"]),
    "wide for the share": (linear(0.08, 0.06), ["hide_relative"]),
    "wide for the other share": (linear(0.92, 0.06), ["note_complement"]),
    "narrow is shown whatever the share": (linear(0.01, 0.02), []),
    "few units": (linear(0.5, 0.06, df=7), ["review_few_units"]),
}


@pytest.mark.parametrize("name", CASES)
def test_rules(name: str) -> None:
    estimate, flags = CASES[name]
    assert presentation_flags(estimate) == flags


def test_all_or_none_is_reviewed() -> None:
    estimate = Estimate(1.0, 0.0, 99, 1.0, "korn_graubard", 400, 100, 400.0, kind="proportion")
    assert presentation_flags(estimate) == ["review_all_or_none"]
