"""Likeness of attempts: the law itself, known likeness found again, and the cases in which none can be seen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, binom

from smarthan.analysis import Overdispersion, overdispersion
from smarthan.analysis.models.clustered_counts import log_likelihood


def draw(seed: int, rho: float, *, share: float = 0.8, groups: int = 400, sent: int = 50) -> pd.DataFrame:
    """One row a group, whose own probability is drawn from a beta distribution."""
    rng = np.random.default_rng(seed)
    own = np.full(groups, share)
    if rho:
        size = (1 - rho) / rho
        own = rng.beta(share * size, (1 - share) * size, groups)
    return pd.DataFrame({"path": np.arange(groups), "sent": sent, "ok": rng.binomial(sent, own)})


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=6),
    st.floats(0.01, 0.99),
    st.floats(0.001, 0.99),
)
def test_the_likelihood_is_the_beta_binomial(counts: list[tuple[int, int]], share: float, rho: float) -> None:
    k = np.array([won for won, _ in counts], dtype=float)
    n = k + np.array([lost for _, lost in counts])
    size = (1 - rho) / rho
    told = log_likelihood(k, n)
    assert told(share, rho) == pytest.approx(betabinom.logpmf(k, n, share * size, (1 - share) * size).sum(), abs=1e-6)
    assert told(share, 0.0) == pytest.approx(binom.logpmf(k, n, share).sum(), abs=1e-8)


@pytest.mark.parametrize("rho", [0.02, 0.1, 0.4, 0.8])
def test_a_known_likeness_is_found_again(rho: float) -> None:
    found = overdispersion(draw(1, rho), "ok", "sent")
    assert found.rho == pytest.approx(rho, rel=0.15)
    assert found.low < rho < found.high
    assert found.share == pytest.approx(0.8, abs=0.05)
    assert found.deff == pytest.approx(1 + 49 * found.rho)
    assert found.loglik > found.loglik_independent + 10
    assert (found.n, found.n_groups, found.missing, found.note) == (20_000, 400, 0, "")


def test_limits_cover_a_known_likeness_at_their_level() -> None:
    held = [
        found.low <= 0.1 <= found.high
        for found in (overdispersion(draw(seed, 0.1, groups=60, sent=20), "ok", "sent") for seed in range(40))
    ]
    assert np.mean(held) >= 0.875  # .95 less two Monte Carlo errors


def test_independent_attempts_have_limits_from_0() -> None:
    found = overdispersion(draw(3, 0.0), "ok", "sent")
    assert found.low == 0.0
    assert found.rho < found.high < 0.01
    assert found.loglik >= found.loglik_independent


def test_rows_of_a_building_are_added_up_and_missing_ones_counted() -> None:
    apart = draw(4, 0.2, groups=60, sent=30)
    halves = pd.concat([apart.assign(ok=apart["ok"] // 2, sent=15), apart.assign(ok=-(-apart["ok"] // 2), sent=15)])
    halves = halves.reset_index(drop=True)
    lost = pd.DataFrame({"path": [None, 1.0, 2.0], "sent": [5, 5, 0], "ok": [5, None, 0]})
    whole, added = overdispersion(apart, "ok", "sent"), overdispersion(pd.concat([halves, lost]), "ok", "sent", "path")
    assert (added.rho, added.low, added.high) == pytest.approx((whole.rho, whole.low, whole.high), rel=1e-6)
    assert added.missing == 2


@pytest.mark.parametrize(
    ("ok", "sent", "words"),
    [
        ([9], [10], "one group shows no spread"),
        ([1, 0, 1], [1, 1, 1], "no group has two attempts"),
        ([10, 10, 4], [10, 10, 4], "all of the 24 attempts succeeded"),
        ([0, 0], [10, 10], "none of the 20 attempts succeeded"),
    ],
    ids=["one building", "single attempts", "all pass", "all fail"],
)
def test_where_likeness_cannot_be_seen_nothing_is_invented(ok: list[int], sent: list[int], words: str) -> None:
    found = overdispersion(pd.DataFrame({"ok": ok, "sent": sent}), "ok", "sent")
    assert np.isnan([found.rho, found.low, found.high, found.deff]).all()
    assert found.share == sum(ok) / sum(sent)
    assert words in found.note


def test_groups_that_are_all_or_none_are_wholly_alike() -> None:
    found = overdispersion(pd.DataFrame({"ok": [10, 0] * 10, "sent": 10}), "ok", "sent")
    assert (found.rho, found.high) == (1.0, 1.0)
    assert 0.5 < found.low < 1
    assert found.share == pytest.approx(0.5, abs=1e-6)
    assert found.deff == pytest.approx(10)
    assert "all or none" in found.note


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"ok": [3], "sent": [2]}, "whole counts are needed"),
        ({"ok": [-1], "sent": [2]}, "whole counts are needed"),
        ({"ok": [0.5], "sent": [2]}, "whole counts are needed"),
        ({"ok": [0, 0], "sent": [0, 0]}, "no row has an attempt"),
        ({"ok": [None], "sent": [2]}, "no row has an attempt"),
    ],
)
def test_what_are_no_counts_is_refused(table: dict[str, list[float]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        overdispersion(pd.DataFrame(table, dtype="float64"), "ok", "sent")


def test_the_order_of_the_rows_does_not_matter() -> None:
    table = draw(5, 0.15, groups=40)
    again: Overdispersion = overdispersion(table.sample(frac=1, random_state=1), "ok", "sent")
    assert again.rho == pytest.approx(overdispersion(table, "ok", "sent").rho, abs=1e-7)
