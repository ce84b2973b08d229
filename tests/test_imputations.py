"""Rubin's rules against the textbook formulae and a simulation."""

import numpy as np
import pytest

from smarthan.analysis.models.imputations import pool_imputations


def test_by_hand() -> None:
    q, u = [10.0, 12.0, 11.0, 13.0], [4.0, 5.0, 4.5, 4.5]
    estimate, se, df, gamma = pool_imputations(q, u)
    between, within = 5 / 3, 4.5
    r = 1.25 * between / within
    assert estimate == 11.5
    assert se == pytest.approx((within + 1.25 * between) ** 0.5)
    assert df == pytest.approx(3 * (1 + 1 / r) ** 2)
    assert gamma == pytest.approx((r + 2 / (df + 3)) / (r + 1))


def test_imputations_that_agree_lose_nothing() -> None:
    pooled = pool_imputations([0.5, 0.5], [0.01, 0.01])
    assert pooled == (0.5, 0.1, np.inf, 0.0)
    assert pool_imputations([0.4, 0.6], [0.0, 0.0]).missing_information == 1


def test_intervals_cover_the_truth_with_half_the_items_missing() -> None:
    rng, hits = np.random.default_rng(8), 0
    for _ in range(400):
        seen = rng.normal(1, 1, 50)
        copies = []
        for _ in range(20):  # a proper imputation: parameters drawn first
            sd = seen.std(ddof=1) * np.sqrt(49 / rng.chisquare(49))
            filled = np.concatenate([seen, rng.normal(rng.normal(seen.mean(), sd / 50**0.5), sd, 50)])
            copies.append((filled.mean(), filled.var(ddof=1) / 100))
        pooled = pool_imputations(*zip(*copies, strict=True))
        hits += abs(pooled.estimate - 1) < 1.99 * pooled.se
    assert 0.92 <= hits / 400 <= 0.98


@pytest.mark.parametrize(
    ("q", "u"), [([1.0], [1.0]), ([1.0, 2.0], [1.0]), ([1.0, 2.0], [1.0, -1.0]), ([1.0, np.nan], [1, 1])]
)
def test_what_cannot_be_pooled_is_refused(q: list[float], u: list[float]) -> None:
    with pytest.raises(ValueError, match=r"imputations|variances 0 or more"):
        pool_imputations(q, u)
