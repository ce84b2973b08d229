"""A model of whether a path works, judged on buildings and surveyors that it has not seen."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.analysis.homes.link_outcomes import TrialTables

from .conformal import conformal_sets
from .features import list_features, path_features
from .forecasts import BrierScore, brier_score, reliability_table
from .left_out import MISSING, Parts, build_matrix, fit_everyone, forecast_left_out

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

Floats = npt.NDArray[np.float64]
Learner = Literal["logistic", "boosting"]

BINS = 10
_THREADS_FROM = 100_000  # paths from which threads pay
_MOST_SURVEYORS = {"logistic": 50, "boosting": 10}  # folds by surveyor; with more of them, several share a fold


@dataclass(frozen=True)
class CoverageModel:
    """A fitted coverage model with its out-of-sample record.

    Attributes
    ----------
    technology, learner : str
        What was modelled, and by what.
    predictions : DataFrame
        path_id, building_id, surveyor_id, archetype, success, and the forecast made without the path's building
        (`by_building`), without its surveyor (`by_surveyor`) and without itself alone (`random`).
    scores : DataFrame
        One row a way of leaving out: brier, reliability, resolution, uncertainty, remainder, log_loss, skill.
    leakage_gap : float
        Brier score by building less that of the random split: how much a random split flatters. Above 0 it leaks.
    calibration : DataFrame
        See `reliability_table`; of the forecasts by building.
    conformal : DataFrame
        See `conformal_sets`; by archetype, of the forecasts by building.
    pipeline : sklearn Pipeline
        Fitted to all paths.
    synthetic : bool
        Whether the trial is synthetic.
    notes : tuple of str
        What a reader must know.
    """

    technology: str
    learner: str
    predictions: pd.DataFrame
    scores: pd.DataFrame
    leakage_gap: float
    calibration: pd.DataFrame
    conformal: pd.DataFrame
    pipeline: Pipeline = field(repr=False)
    synthetic: bool
    notes: tuple[str, ...]

    def predict(self, paths: pd.DataFrame) -> pd.Series:
        """Return the probability that paths work; they need the features of `path_features`."""
        numbers, words = list_features(paths)
        ready = _prepare(paths, numbers, words)
        chance = _forecast(self.pipeline, ready) if len(paths) else np.empty(0)
        return pd.Series(chance, index=paths.index, name="probability")

    def _repr_html_(self) -> str:
        mark = " (synthetic data)" if self.synthetic else ""
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        title = f"<p><strong>Coverage model of {html.escape(self.technology)}{mark}</strong></p>"
        return f"{title}{self.scores.to_html(index=False, border=0)}<ul>{notes}</ul>"


def coverage_model(
    trial: TrialTables,
    technology: str,
    *,
    learner: Learner = "logistic",
    folds: int = 5,
    error: float = 0.1,
    seed: int = 0,
    limits: pd.DataFrame | None = None,
) -> CoverageModel:
    """Fit the probability that a path works given its way, its place and its building, and judge it honestly.

    Parameters
    ----------
    trial : Trial
        From `smarthan.trial_data.read_trial`.
    technology : str
        One of the trial's.
    learner : {"logistic", "boosting"}
        Logistic regression on scaled numbers and indicators, or gradient-boosted trees.
    folds : int
        Folds by building and at random, 2 or more.
    error : float
        Error rate of the conformal sets.
    seed : int
        Of the random split, the trees and the halves of the conformal sets.
    limits : DataFrame, optional
        Reference table in the form of `technologies()`.

    Returns
    -------
    CoverageModel

    Raises
    ------
    ValueError
        An unknown learner or technology, only one outcome, or fewer buildings than folds.

    Notes
    -----
    Paths of one building are alike, so a split of paths lets a model recognise buildings: `leakage_gap` says by how
    much. The record to quote is the one by building; the one by surveyor says whether it carries to another team.

    References
    ----------
    Roberts et al. (2017), "Cross-validation strategies for data with temporal, spatial, hierarchical, or phylogenetic
    structure", *Ecography* 40:913-929, doi:10.1111/ecog.02881.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> model = coverage_model(sample_trial(), "zigbee_2g4")
    >>> model.scores["left_out"].tolist(), bool(model.scores["skill"].iloc[0] > 0)
    (['building', 'surveyor', 'random'], True)
    """
    table = path_features(trial, technology, limits=limits)
    return fit_paths(table, technology, learner=learner, folds=folds, error=error, seed=seed)


def fit_paths(
    table: pd.DataFrame,
    technology: str,
    *,
    learner: Learner = "logistic",
    folds: int = 5,
    error: float = 0.1,
    seed: int = 0,
) -> CoverageModel:
    """Fit and judge the model of a table in the form of `path_features`.

    Raises
    ------
    ValueError
        As `coverage_model`.
    """
    _check(table, technology, learner, folds)
    numbers, words = list_features(table)
    numbers = [name for name in numbers if table[name].notna().any()]
    ready, works = _prepare(table, numbers, words), table["success"].to_numpy(dtype=np.bool_)
    pipeline = _make_pipeline(learner, numbers, words, seed)
    kept = [name for name in ("path_id", "building_id", "surveyor_id", "archetype") if name in table]
    predictions = table[kept].assign(success=works)
    with _threads_for(len(table)):
        pipeline.fit(ready, works)
        leave_out = _ready_to_leave_out(pipeline, learner, ready, works)
        for name, parts in _list_splits(table, learner, folds, seed).items():
            predictions[name] = np.nan if parts is None else leave_out(parts)
    scores = {name: brier_score(predictions[name], works) for name in ("by_building", "random")}
    if predictions["by_surveyor"].notna().all():
        scores["by_surveyor"] = brier_score(predictions["by_surveyor"], works)
    gap = scores["by_building"].score - scores["random"].score
    return CoverageModel(
        technology=technology,
        learner=learner,
        predictions=predictions,
        scores=_list_scores(predictions, scores),
        leakage_gap=gap,
        calibration=reliability_table(predictions["by_building"], works, bins=BINS),
        conformal=conformal_sets(
            predictions["by_building"],
            works,
            table["building_id"],
            table["archetype"].astype("str"),
            error=error,
            seed=seed,
        ),
        pipeline=pipeline,
        synthetic=bool(table.attrs.get("synthetic", False)),
        notes=_tell(table, learner, scores, gap),
    )


def _check(table: pd.DataFrame, technology: str, learner: str, folds: int) -> None:
    if learner not in ("logistic", "boosting"):
        raise ValueError(f"learner '{learner}' is not one of logistic, boosting")
    for name in ("building_id", "archetype", "success"):
        missing = int(table[name].isna().sum()) if name in table else len(table)
        if missing or name not in table:
            raise ValueError(
                f"column {name}: missing in {missing:,} of {len(table):,} paths; leave them out or name it"
            )
    numbers, words = list_features(table)
    if table[[*numbers, *words]].nunique().sum() == 0:
        raise ValueError("no path has any feature: there is nothing to model success by; see path_features")
    for name in numbers:
        if np.isinf(table[name].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)).any():
            raise ValueError(f"column {name}: a number is infinite; correct it or leave it empty")
    buildings = table["building_id"].nunique()
    if not 2 <= folds <= buildings:
        raise ValueError(
            f"folds {folds}: 2 to the number of buildings, here {buildings}; add buildings, for a model is judged on "
            "those it has not seen"
        )
    if table["success"].nunique() < 2:
        word = "works" if table["success"].iloc[0] else "fails"
        raise ValueError(
            f"technology {technology}: every one of {len(table):,} paths {word}; there is nothing to model"
        )


def _prepare(table: pd.DataFrame, numbers: list[str], words: list[str]) -> pd.DataFrame:
    """Return features as plain numbers and words, a missing word being a word."""
    cells: dict[str, Any] = {
        name: table[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan) for name in numbers
    }
    cells |= {name: table[name].astype("object").where(table[name].notna(), MISSING) for name in words}
    return pd.DataFrame(cells, index=table.index)


def _make_pipeline(learner: str, numbers: list[str], words: list[str], seed: int) -> Pipeline:
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    if learner == "boosting":
        encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan)
        places = list(range(len(words)))  # the encoded words come first
        trees = HistGradientBoostingClassifier(categorical_features=places, random_state=seed, early_stopping=False)
        return make_pipeline(make_column_transformer((encoder, words), ("passthrough", numbers)), trees)
    filled = make_pipeline(SimpleImputer(add_indicator=True, keep_empty_features=True), StandardScaler())
    indicators = OneHotEncoder(handle_unknown="ignore")
    return make_pipeline(
        make_column_transformer((filled, numbers), (indicators, words)), LogisticRegression(max_iter=2000)
    )


def _list_splits(table: pd.DataFrame, learner: Learner, folds: int, seed: int) -> dict[str, Parts | None]:
    from sklearn.model_selection import GroupKFold, KFold

    building, surveyor = (pd.factorize(table[name], sort=True)[0] for name in ("building_id", "surveyor_id"))
    surveyors = int(surveyor.max()) + 1
    by_surveyor = GroupKFold(min(surveyors, _MOST_SURVEYORS[learner])) if surveyors > 1 else None
    return {
        "by_building": list(GroupKFold(folds).split(building, groups=building)),
        "by_surveyor": list(by_surveyor.split(surveyor, groups=surveyor)) if by_surveyor else None,
        "random": list(KFold(folds, shuffle=True, random_state=seed).split(building)),
    }


def _threads_for(rows: int) -> Any:
    """Return a context with one thread for few rows: threads that wait for each other cost more than they bring."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1 if rows < _THREADS_FROM else None)


def _ready_to_leave_out(
    pipeline: Pipeline, learner: Learner, ready: pd.DataFrame, works: npt.NDArray[np.bool_]
) -> Callable[[Parts], Floats]:
    """Return what forecasts each path without its own fold; words become numbers once, for all folds."""
    if learner == "boosting":
        encoded = pipeline[:-1].transform(ready)
        return lambda parts: _fit_again(pipeline[-1], encoded, works, parts)
    numbers, words = (list(ready.select_dtypes(kind)) for kind in ("number", "object"))
    matrix = build_matrix(ready[numbers].to_numpy(dtype=np.float64), [ready[name] for name in words])
    start = fit_everyone(matrix, works)
    return lambda parts: forecast_left_out(matrix, works, parts, start)


def _fit_again(trees: Any, encoded: Floats, works: npt.NDArray[np.bool_], parts: Parts) -> Floats:
    from sklearn.base import clone

    forecast = np.full(len(works), np.nan)
    for train, test in parts:
        if works[train].all() or not works[train].any():
            forecast[test] = float(works[train].mean())  # one outcome only: its share is all that can be said
            continue
        seen = encoded[train]
        seen[:, np.isnan(seen).all(axis=0)] = 0.0  # trees refuse a feature without any value
        forecast[test] = _forecast(clone(trees).fit(seen, works[train]), encoded[test])
    return forecast


def _forecast(fitted: Any, ready: pd.DataFrame | Floats) -> Floats:
    return np.asarray(fitted.predict_proba(ready)[:, 1], dtype=np.float64)


def _list_scores(predictions: pd.DataFrame, scores: dict[str, BrierScore]) -> pd.DataFrame:
    rows = []
    for column, name in (("by_building", "building"), ("by_surveyor", "surveyor"), ("random", "random")):
        if column not in scores:
            continue
        score = scores[column]
        binned = brier_score(predictions[column], predictions["success"], bins=BINS)
        rows.append(
            {
                "left_out": name,
                "brier": score.score,
                "reliability": binned.reliability,
                "resolution": binned.resolution,
                "uncertainty": binned.uncertainty,
                "remainder": binned.remainder,
                "log_loss": score.log_loss,
                "skill": score.skill,
                "n": len(predictions),
            }
        )
    return pd.DataFrame(rows)


def _tell(table: pd.DataFrame, learner: Learner, scores: dict[str, BrierScore], gap: float) -> tuple[str, ...]:
    notes = [
        f"{len(table):,} paths in {table['building_id'].nunique():,} buildings; {table.attrs.get('unknown', 0):,} more "
        "have no known outcome and are left out.",
        f"A random split scores {scores['random'].score:.4f}, with buildings left out whole it is "
        f"{scores['by_building'].score:.4f}: the gap of {gap:.4f} is what recognising buildings would flatter.",
    ]
    surveyors = table["surveyor_id"].nunique()
    if "by_surveyor" not in scores:
        notes.append("One surveyor made all readings, so nothing can be said of other teams.")
    elif surveyors > _MOST_SURVEYORS[learner]:
        notes.append(f"{surveyors} surveyors are left out in {_MOST_SURVEYORS[learner]} groups, not one at a time.")
    return tuple(notes)
