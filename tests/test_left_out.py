"""Folds left out of one matrix: the same forecasts as a scikit-learn pipeline fitted again for each fold."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GroupKFold

from smarthan.analysis.paths import left_out
from smarthan.analysis.paths.left_out import build_matrix, fit_everyone, forecast_left_out
from smarthan.analysis.paths.path_model import _make_pipeline, _prepare

NUMBERS, WORDS = ["distance_m", "walls", "storeys", "same"], ["wall_type", "role"]


def make_paths(seed: int, rows: int = 400) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Paths in forty buildings with gaps, some of them in one fold alone, and a word that one building alone has."""
    rng = np.random.default_rng(seed)
    building = np.sort(rng.integers(0, 40, rows))
    table = pd.DataFrame(
        {
            "distance_m": rng.lognormal(2, 0.6, rows),
            "walls": pd.array(rng.poisson(2, rows), dtype="Int64"),
            "storeys": rng.integers(1, 20, 40)[building].astype(float),
            "same": 7.0,
            "wall_type": pd.Categorical(rng.choice(["brick", "block", "stone"], rows)),
            "role": pd.array(rng.choice(["CH-IHD", "CH-GM"], rows), dtype="str"),
        }
    )
    table.loc[rng.random(rows) < 0.1, "walls"] = pd.NA
    table.loc[building == 3, "storeys"] = np.nan
    table["wall_type"] = table["wall_type"].where(rng.random(rows) > 0.05).cat.add_categories("cob")
    table.loc[building == 5, "wall_type"] = "cob"
    eta = 3 - 0.1 * table["distance_m"] - 0.6 * table["walls"].fillna(2).astype(float)
    return table, building, rng.random(rows) < 1 / (1 + np.exp(-eta))


def as_matrix(table: pd.DataFrame) -> left_out.PathMatrix:
    return build_matrix(table[NUMBERS].astype("float64").to_numpy(), [table[name] for name in WORDS])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_forecasts_are_those_of_scikit_learn(seed: int) -> None:
    table, building, works = make_paths(seed)
    ready, pipeline = _prepare(table, NUMBERS, WORDS), _make_pipeline("logistic", NUMBERS, WORDS, 0)
    pipeline[-1].set_params(solver="newton-cholesky", tol=1e-10)
    parts = list(GroupKFold(8).split(table, groups=building))
    matrix = as_matrix(table)
    ours = forecast_left_out(matrix, works, parts, fit_everyone(matrix, works))
    for train, test in parts:
        again = clone(pipeline).fit(ready.iloc[train], works[train])
        np.testing.assert_allclose(ours[test], again.predict_proba(ready.iloc[test])[:, 1], atol=2e-5)


def test_where_the_search_starts_does_not_matter() -> None:
    table, building, works = make_paths(4)
    matrix, parts = as_matrix(table), list(GroupKFold(5).split(table, groups=building))
    near = forecast_left_out(matrix, works, parts, fit_everyone(matrix, works))
    far = forecast_left_out(matrix, works, parts, np.zeros(matrix.x.shape[1]))
    np.testing.assert_allclose(near, far, atol=2e-5)


def test_curvature_learnt_from_some_of_the_paths_leads_to_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    table, building, works = make_paths(5)
    matrix, parts = as_matrix(table), list(GroupKFold(5).split(table, groups=building))
    whole = forecast_left_out(matrix, works, parts, fit_everyone(matrix, works))
    monkeypatch.setattr(left_out, "_MOST_BENT", 60)
    np.testing.assert_allclose(forecast_left_out(matrix, works, parts, fit_everyone(matrix, works)), whole, atol=2e-5)


def test_a_fold_that_leaves_one_outcome_says_its_share() -> None:
    table, _, works = make_paths(6)
    good, bad = np.flatnonzero(works), np.flatnonzero(~works)
    matrix = as_matrix(table)
    forecast = forecast_left_out(matrix, works, [(good, bad), (bad, good)], fit_everyone(matrix, works))
    assert (forecast == np.where(works, 0.0, 1.0)).all()


def test_a_search_that_does_not_settle_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    table, _, works = make_paths(7)
    monkeypatch.setattr(left_out, "_ROUNDS", 1)
    with pytest.raises(ValueError, match=r"400 paths did not settle in 1 rounds"):
        fit_everyone(as_matrix(table), works)


def test_paths_without_numbers_or_without_words_can_be_fitted() -> None:
    table, _, works = make_paths(8)
    words = build_matrix(np.empty((400, 0)), [table["wall_type"]])
    assert words.x.shape == (400, 1 + 5)
    assert np.isfinite(fit_everyone(words, works)).all()
    numbers = build_matrix(table[["distance_m"]].to_numpy(), [])
    assert fit_everyone(numbers, works)[1] < 0
