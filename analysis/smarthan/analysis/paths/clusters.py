"""Building types found from the data: exploratory only, with how stable they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .features import OF_BUILDING

Floats = npt.NDArray[np.float64]

EXPLORATORY = "exploratory: found from these data, so no interval or verdict may be quoted for them"
_MOST_JUDGED = 5_000  # buildings on which the silhouette, whose cost is their square, is judged


@dataclass(frozen=True)
class FoundTypes:
    """Building types found by clustering.

    Attributes
    ----------
    labels : Series
        Type of each building, named "type 1" and so on from the largest, by building_id.
    profile : DataFrame
        One row a type: buildings, and its commonest value or mean of each feature.
    choice : DataFrame
        One row a number of types tried: k, silhouette, stability (mean adjusted Rand index over bootstrap samples, 1
        the same every time, 0 as good as chance), stability_low (its tenth percentile), chosen.
    note : str
        What they may be used for.
    """

    labels: pd.Series
    profile: pd.DataFrame
    choice: pd.DataFrame
    note: str = EXPLORATORY


def find_building_types(
    buildings: pd.DataFrame,
    features: Sequence[str] | None = None,
    *,
    k: Sequence[int] = range(2, 9),
    bootstraps: int = 20,
    seed: int = 0,
) -> FoundTypes:
    """Find groups of like buildings, choose how many by silhouette, and say how stable they are.

    Parameters
    ----------
    buildings : DataFrame
        The trial's table: building_id and features.
    features : sequence of str, optional
        Columns; those of the coverage model other than the archetype when not given.
    k : sequence of int
        Numbers of types to try, each 2 to the number of buildings less 1.
    bootstraps : int
        Samples of buildings drawn to judge stability, 2 or more.
    seed : int
        Of the clustering and the samples.

    Returns
    -------
    FoundTypes
        The archetypes that were set beforehand stay the ones to report by.

    Raises
    ------
    KeyError, ValueError
        A feature that is not there, a number of types that the buildings cannot fill.

    Notes
    -----
    Bisecting k-means on numbers and indicators, each scaled to one standard deviation.

    References
    ----------
    Hennig (2007), "Cluster-wise assessment of cluster stability", doi:10.1016/j.csda.2006.11.025. Rousseeuw (1987),
    doi:10.1016/0377-0427(87)90125-7.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> found = find_building_types(sample_trial()["buildings"], k=[2, 3], bootstraps=4)
    >>> found.choice["k"].tolist(), found.note.split(":")[0]
    ([2, 3], 'exploratory')
    """
    names = (
        [name for name in OF_BUILDING if name in buildings and name != "archetype"]
        if features is None
        else list(features)
    )
    ids = buildings["building_id"]
    if ids.isna().any() or not ids.is_unique:
        raise ValueError("column building_id: each building needs one name of its own; one is missing or stands twice")
    if not len(buildings) or not names:
        raise ValueError("buildings: none was given, or no feature of them; types are found from both")
    matrix = _scale(buildings, names)
    if not matrix.shape[1]:
        raise ValueError(f"the buildings do not differ in {', '.join(names)}: there are no types to find; add features")
    numbers = sorted(set(k))
    if not numbers or numbers[0] < 2 or numbers[-1] >= len(buildings):
        raise ValueError(
            f"k: each must be 2 to {len(buildings) - 1}, the number of buildings less 1; types need three buildings"
        )
    differ = len(np.unique(matrix, axis=0))
    if numbers[-1] > differ:
        raise ValueError(f"k: {numbers[-1]} types of {differ} kinds of building that differ; ask for {differ} at most")
    if bootstraps < 2:
        raise ValueError(f"bootstraps {bootstraps}: 2 or more show how stable the types are")
    rows = [_judge(matrix, count, bootstraps, seed) for count in numbers]
    choice = pd.DataFrame(rows)
    choice["chosen"] = choice.index == choice["silhouette"].idxmax()
    codes = _cluster(matrix, int(choice.loc[choice["chosen"], "k"].iloc[0]), seed)
    labels = _name(codes).set_axis(pd.Index(buildings["building_id"].astype("str"), name="building_id"))
    return FoundTypes(labels, _profile(buildings[names], labels.to_numpy()), choice)


def _scale(buildings: pd.DataFrame, names: Sequence[str]) -> Floats:
    missing = [name for name in names if name not in buildings]
    if missing:
        raise KeyError(f"feature '{missing[0]}' is not in the table of buildings")
    columns = []
    for name in names:
        cells = buildings[name]
        if pd.api.types.is_numeric_dtype(cells):
            values = cells.astype("Float64").to_numpy(dtype=float, na_value=np.nan)[:, None]
            if np.isinf(values).any():
                raise ValueError(f"feature {name}: a number is infinite; correct it or leave it empty")
            columns.append(np.where(np.isnan(values), np.nanmean(values) if np.isfinite(values).any() else 0.0, values))
        else:
            columns.append(pd.get_dummies(cells.astype("object").where(cells.notna(), "missing")).to_numpy(dtype=float))
    matrix = np.hstack(columns)
    spread = matrix.std(axis=0)
    return np.asarray((matrix - matrix.mean(axis=0))[:, spread > 0] / spread[spread > 0])


def _cluster(matrix: Floats, count: int, seed: int) -> npt.NDArray[np.int32]:
    from sklearn.cluster import BisectingKMeans

    return np.asarray(BisectingKMeans(count, random_state=seed, n_init=3).fit_predict(matrix))


def _judge(matrix: Floats, count: int, bootstraps: int, seed: int) -> dict[str, object]:
    from sklearn.cluster import BisectingKMeans
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    whole = _cluster(matrix, count, seed)
    rng = np.random.default_rng([seed, count])
    agreement = []
    for _ in range(bootstraps):
        drawn = rng.integers(0, len(matrix), len(matrix))
        again = BisectingKMeans(count, random_state=seed, n_init=3).fit(matrix[drawn])
        agreement.append(adjusted_rand_score(whole, again.predict(matrix)))
    size = min(len(matrix), _MOST_JUDGED)
    silhouette = silhouette_score(matrix, whole, sample_size=size, random_state=seed) if len(set(whole)) > 1 else np.nan
    return {
        "k": count,
        "silhouette": float(silhouette),
        "stability": float(np.mean(agreement)),
        "stability_low": float(np.quantile(agreement, 0.1)),
    }


def _name(codes: npt.NDArray[np.int32]) -> pd.Series:
    by_size = pd.Series(codes).value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return pd.Series(codes).map({code: f"type {place}" for place, code in enumerate(by_size.index, start=1)})


def _profile(features: pd.DataFrame, labels: npt.NDArray[np.object_]) -> pd.DataFrame:
    def typical(cells: pd.Series) -> object:
        if pd.api.types.is_numeric_dtype(cells):
            return cells.mean()
        counts = cells.astype("str").value_counts().sort_index().sort_values(ascending=False, kind="stable")
        return counts.index[0] if len(counts) else None

    rows = {}
    for name in sorted(set(labels)):
        own = features[labels == name]
        rows[name] = {"buildings": len(own), **{column: typical(own[column]) for column in own}}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("type")
