"""One estimate and its intervals."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.analysis import Estimate
from smarthan.intervals import beta_limits


def share(value: float, se: float, *, n: int = 100, n_psu: int = 25, method: str = "korn_graubard") -> Estimate:
    return Estimate(value, se, n_psu - 1, 1.0, method, n, n_psu, float(n), kind="proportion")


@given(st.floats(0.01, 0.99), st.floats(0.001, 0.2), st.floats(0.5, 0.99))
@settings(max_examples=40, deadline=None)
def test_every_interval_holds_its_share_within_zero_and_one(value: float, se: float, level: float) -> None:
    for method in ("logit", "korn_graubard"):
        low, high = share(value, se).interval(level, method)
        assert 0 <= low <= value <= high <= 1


def test_linear_uses_t() -> None:
    low, high = share(0.5, 0.1, n_psu=2).interval(method="linear")
    assert high - low == pytest.approx(2 * 12.7062047 * 0.1)


def test_auto_never_counts_for_more_rows_than_were_seen() -> None:
    estimate = share(0.9, 0.001)
    cut = [float(limit) for limit in beta_limits(90, 100, 0.95)]
    assert estimate.interval() == pytest.approx(cut)
    uncut = estimate.interval(method="korn_graubard")
    assert uncut[1] - uncut[0] < cut[1] - cut[0]


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_all_or_none_is_exact_on_the_rows(value: float) -> None:
    estimate = share(value, 0.0)
    assert estimate.interval() == pytest.approx([float(limit) for limit in beta_limits(100 * value, 100, 0.95)])


def test_no_degrees_of_freedom_no_interval() -> None:
    assert all(math.isnan(limit) for limit in share(0.5, 0.1, n_psu=1).interval())


def test_a_level_in_per_cent_is_refused() -> None:
    with pytest.raises(ValueError, match=r"give 0\.95"):
        share(0.5, 0.1).interval(95)


def test_more_buildings_narrow_with_the_square_root() -> None:
    larger = share(0.5, 0.1).resized(100)
    assert (larger.se, larger.n_psu, larger.df, larger.n) == (pytest.approx(0.05), 100, 99, 400)
