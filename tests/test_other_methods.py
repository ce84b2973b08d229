"""Other methods as a check: the library's numbers against our own, what agreement means, and what is refused."""

from __future__ import annotations

import builtins
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.tiny_appraisal import read_small

from smarthan.analysis import cross_check, promethee2, sample_appraisal, topsis
from smarthan.analysis.scoring.other_methods import _compare

WEIGHTS = arrays(np.float64, (4,), elements=st.floats(0.0, 1.0))
VALUES = arrays(np.float64, (5, 4), elements=st.integers(0, 100).map(float))


@settings(max_examples=100, deadline=None)
@given(values=VALUES, weights=WEIGHTS)
def test_the_library_and_our_own_give_the_same_numbers(values: np.ndarray, weights: np.ndarray) -> None:
    if not ((weights > 1e-6) & (values > 0).any(axis=0)).any():
        return
    weights = np.where(weights > 1e-6, weights, 0.0) / np.where(weights > 1e-6, weights, 0.0).sum()
    for _, _, difference in _compare(values, weights):
        assert difference < 1e-9


def test_costs_given_as_costs_agree_with_the_library_too() -> None:
    from pymcdm.methods import PROMETHEE_II, TOPSIS  # type: ignore[import-untyped]
    from pymcdm.normalizations import vector_normalization  # type: ignore[import-untyped]

    matrix, weights = np.array([[20.0, 3.0], [35.0, 4.0], [27.0, 2.0]]), np.array([0.6, 0.4])
    types = np.array([-1, 1])
    theirs = TOPSIS(vector_normalization)(matrix, weights, types)
    np.testing.assert_allclose(topsis(matrix, weights, ["min", "max"]), theirs)
    np.testing.assert_allclose(
        promethee2(matrix, weights, ["min", "max"]), PROMETHEE_II("usual")(matrix, weights, types)
    )


def test_agreement_is_told_set_by_set(tmp_path: Path) -> None:
    check = cross_check(read_small(tmp_path), ["a", "b"])
    table = check.table.set_index(["method", "weight_set"])
    # b is better on reach only, by 30 points of a quarter or half the weight: counting wins, a leads when money counts.
    assert table.loc[("PROMETHEE II", "one"), "leader"] == "a"
    assert table.loc[("PROMETHEE II", "two"), "leader"] == "b"
    assert table["same_shortlist"].all()
    assert table["on_shortlist"].all()
    assert check.agrees
    assert "would not change them" in check.in_words()
    assert "pymcdm" in check.library
    assert check.table.attrs["synthetic"]
    assert set(check.ranks) == {"option", "weight_set", "Additive", "TOPSIS", "PROMETHEE II"}
    assert "<caption>" in check._repr_html_()
    assert "PROMETHEE II" in str(check)


def test_the_sample_says_that_another_method_differs() -> None:
    check = cross_check(sample_appraisal())
    assert check.first == 4  # max_shortlist
    assert not check.agrees
    assert "would change some" in check.in_words()
    assert check.table["on_shortlist"].isna().all()


def test_criteria_that_tell_nothing_are_left_out() -> None:
    values = np.array([[0.0, 50.0, 10.0], [0.0, 20.0, 90.0]])
    found = {name: scores for name, scores, _ in _compare(values, np.array([0.5, 0.5, 0.0]))}
    np.testing.assert_allclose(found["TOPSIS"], [1.0, 0.0])
    with pytest.raises(ValueError, match="nothing to compare"):
        list(_compare(values, np.array([1.0, 0.0, 0.0])))


def test_what_cannot_be_compared_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    appraisal = read_small(tmp_path)
    with pytest.raises(ValueError, match="z is no option in the running; those are a, b, c"):
        cross_check(appraisal, ["z"])
    alone = read_small(tmp_path / "2", ("b,safe,x,yes", "b,safe,x,no"), ("c,safe,x,yes", "c,safe,x,no"))
    with pytest.raises(ValueError, match="two options in the running"):
        cross_check(alone)
    real = builtins.__import__

    def refuse(name: str, *rest: object, **named: object) -> object:
        if name.startswith("pymcdm"):
            raise ImportError(name)
        return real(name, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ImportError, match=r"pip install 'smarthan\[crosscheck\]'"):
        cross_check(appraisal)
