"""Conformal sets: which outcomes cannot be ruled out for a path in a building not seen, with a stated error rate."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from .forecasts import check_forecasts

Floats = npt.NDArray[np.float64]


def conformal_quantile(scores: npt.ArrayLike, error: float) -> float:
    """Return the score that a further one exceeds with at most the stated probability.

    Parameters
    ----------
    scores : array_like
        How badly each calibration row fits; the larger the worse.
    error : float
        Error rate allowed, above 0 and below 1.

    Returns
    -------
    float
        The ceil((n + 1)(1 - error))-th smallest; infinite where n is too small to bound anything.

    Raises
    ------
    ValueError
        An error rate out of range, or a missing score.

    References
    ----------
    Vovk, Gammerman and Shafer (2022), *Algorithmic Learning in a Random World*, doi:10.1007/978-3-031-06649-8.

    Examples
    --------
    >>> conformal_quantile([0.1, 0.4, 0.2, 0.3], 0.25), conformal_quantile([0.1, 0.4], 0.1)
    (0.4, inf)
    """
    values = np.sort(np.asarray(scores, dtype=np.float64))
    if not 0 < error < 1:
        raise ValueError(f"error {error:g} must lie between 0 and 1, such as 0.1")
    if np.isnan(values).any():
        raise ValueError("scores: one is missing")
    place = math.ceil((len(values) + 1) * (1 - error) - 1e-9)
    return float(values[place - 1]) if place <= len(values) else math.inf


def conformal_sets(
    p: npt.ArrayLike,
    y: npt.ArrayLike,
    buildings: npt.ArrayLike,
    kinds: npt.ArrayLike,
    *,
    error: float = 0.1,
    seed: int = 0,
) -> pd.DataFrame:
    """Return, for each building type, what a path's forecast can rule out, checked on buildings left aside.

    Parameters
    ----------
    p, y : array_like
        Forecasts of success made without the path's own building, and outcomes.
    buildings, kinds : array_like
        Building and building type (archetype) of each path.
    error : float
        Error rate allowed.
    seed : int
        Of the split of the buildings into two halves.

    Returns
    -------
    DataFrame
        One row a type and a last row ALL: kind, threshold (a path surely works where its forecast is above it, or
        surely fails where below 1 - it; NaN where there are too few), coverage (share of the paths left aside whose set
        holds the outcome), works, fails, undecided, empty (shares of them), n_calibration, n, n_buildings.

    Raises
    ------
    ValueError
        Forecasts that cannot be scored, columns of other lengths, a missing cell, fewer than two buildings.

    Notes
    -----
    Half of the buildings of each type, whole, calibrate: the score of a path is 1 less the probability given to its
    outcome, and a set holds every outcome whose score is within the quantile. The guarantee is for buildings of the
    type taken at random; paths of one building are alike, so coverage in a small type strays.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> p = rng.random(4000)
    >>> table = conformal_sets(p, rng.random(4000) < p, np.arange(4000) // 4, ["semi"] * 4000, error=0.2)
    >>> table["kind"].tolist(), bool(abs(table["coverage"].iloc[0] - 0.8) < 0.04)
    (['semi', 'ALL'], True)
    """
    forecast, outcome = check_forecasts(p, y)
    building, kind = (_words(cells, name) for cells, name in ((buildings, "buildings"), (kinds, "kinds")))
    if not len(forecast) == len(building) == len(kind):
        raise ValueError("p, y, buildings and kinds must have one cell a path")
    if len(np.unique(building)) < 2:
        raise ValueError("buildings: one alone cannot be split into two halves")
    score = np.where(outcome == 1, 1 - forecast, forecast)
    calibrates = _half_of_each(building, kind, seed)
    rows, known = [], []
    for name in sorted(set(kind)):
        here = kind == name
        bound = conformal_quantile(score[here & calibrates], error)
        known.append((here & ~calibrates, bound))
        rows.append(_row(name, forecast, score, building, [known[-1]], int((here & calibrates).sum())))
    rows.append(_row("ALL", forecast, score, building, known, int(calibrates.sum())))
    return pd.DataFrame(rows)


def _words(cells: npt.ArrayLike, name: str) -> npt.NDArray[np.str_]:
    values = np.asarray(cells)
    if pd.isna(values).any():
        raise ValueError(f"{name}: {int(pd.isna(values).sum())} cells are missing; leave those paths out")
    return np.asarray(values.astype(str))


def _half_of_each(building: npt.NDArray[np.str_], kind: npt.NDArray[np.str_], seed: int) -> npt.NDArray[np.bool_]:
    rng = np.random.default_rng(seed)
    chosen: list[str] = []
    for name in sorted(set(kind)):
        own = np.unique(building[kind == name])
        chosen += rng.permutation(own)[: len(own) // 2].tolist()
    return np.isin(building, chosen)


def _row(
    name: str,
    forecast: Floats,
    score: Floats,
    building: npt.NDArray[np.str_],
    parts: list[tuple[npt.NDArray[np.bool_], float]],
    n_calibration: int,
) -> dict[str, object]:
    """Return the sets of the paths left aside, each type by its own bound."""
    use = np.any([rows for rows, _ in parts], axis=0)
    bound = np.full(len(score), np.inf)
    for rows, value in parts:
        bound[rows] = value
    works, fails = 1 - forecast <= bound, forecast <= bound
    single = parts[0][1] if len(parts) == 1 else np.nan

    def share(which: npt.NDArray[np.bool_]) -> float:
        return float(which[use].mean()) if use.any() else float("nan")

    return {
        "kind": name,
        "threshold": 1 - single if np.isfinite(single) else np.nan,
        "coverage": share(score <= bound),
        "works": share(works & ~fails),
        "fails": share(fails & ~works),
        "undecided": share(works & fails),
        "empty": share(~works & ~fails),
        "n_calibration": n_calibration,
        "n": int(use.sum()),
        "n_buildings": len(np.unique(building[use])),
    }
