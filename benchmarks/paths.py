"""How long the coverage model of a million paths takes, beside the recipe that a user of scikit-learn would write.

Run `python benchmarks/paths.py`, or with sizes: `python benchmarks/paths.py 100000 1000000`. Both fit a logistic
regression of all paths and forecast each path without its building, without its surveyor and without itself alone;
ours also scores, calibrates and bounds the forecasts. Each runs in a process of its own, one after the other. They
must agree: scikit-learn stops at a slope of 1e-4 and so lies a little beside the optimum that ours finds.
"""

from __future__ import annotations

import argparse
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import pandas as pd

from harness.measures import Measure, measure
from smarthan.analysis.paths.features import list_features
from smarthan.analysis.paths.path_model import fit_paths

SIZES = (1_000_000,)
A_BUILDING, SURVEYORS, FOLDS, SEED = 20, 20, 5, 1
LEVELS = {  # words of each column, and whether they are the building's
    "metal_obstacle": (3, False),
    "enclosure": (6, False),
    "meter_class": (8, True),
    "archetype": (10, True),
    "built_band": (7, True),
    "wall_type": (10, True),
    "floor_type": (5, True),
    "foil_insulation": (3, True),
    "low_e_glazing": (3, True),
    "metal_cladding": (3, True),
    "earthing": (5, True),
    "incoming_phases": (3, True),
}
CLOSE, SAME_SCORE = 0.05, 5e-4  # a single forecast, and the Brier score: where scikit-learn stops, with few paths

Forecasts = dict[str, np.ndarray]


def make_paths(count: int) -> pd.DataFrame:
    """Return paths in the form of `path_features`: alike within a building, a few cells missing."""
    rng = np.random.default_rng(SEED)
    buildings = max(count // A_BUILDING, SURVEYORS)
    of = np.sort(np.arange(count) % buildings)
    table: dict[str, Any] = {"path_id": [f"p{n}" for n in range(count)], "building_id": np.char.mod("b%d", of)}
    table["surveyor_id"] = np.char.mod("s%d", rng.integers(0, SURVEYORS, buildings)[of])
    table["role"] = rng.choice(["CH-IHD", "CH-GM", "CH-EM", "CH-CAD"], count)
    table["distance_m"] = rng.lognormal(2.1, 0.5, count)
    for name, mean in (("walls_light", 1.5), ("walls_heavy", 2.0), ("floors", 0.5)):
        table[name] = pd.arrays.IntegerArray(rng.poisson(mean, count), rng.random(count) < 0.01)
    for name, most in (("storeys", 20), ("basements", 3), ("dwellings_n", 60)):
        table[name] = rng.integers(0, most, buildings)[of]
    for name, (levels, shared) in LEVELS.items():
        codes = rng.integers(0, levels, buildings)[of] if shared else rng.integers(0, levels, count)
        codes = np.where(rng.random(count) < 0.02 * (name != "archetype"), -1, codes)
        table[name] = pd.Categorical.from_codes(codes, [f"{name} {n}" for n in range(levels)])
    heavy, floors = (table[name]._data for name in ("walls_heavy", "floors"))
    eta = 5.0 - 0.08 * table["distance_m"] - 0.9 * heavy - 1.5 * floors + rng.normal(0, 1, buildings)[of]
    return pd.DataFrame(table | {"success": rng.random(count) < 1 / (1 + np.exp(-eta))})


def ours(paths: pd.DataFrame) -> Forecasts:
    """The library, as it stands: scores, calibration and conformal sets too."""
    found = fit_paths(paths, "zigbee_2g4", folds=FOLDS, seed=SEED).predictions
    return {name: found[name].to_numpy() for name in ("by_building", "by_surveyor", "random")}


def plainly(paths: pd.DataFrame) -> Forecasts:
    """A pipeline, fitted again for each fold by `cross_val_predict`."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, KFold, LeaveOneGroupOut, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers, words = list_features(paths)
    x = paths[[*numbers, *words]].astype(dict.fromkeys(numbers, "float64") | dict.fromkeys(words, "object"))
    filled = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    columns = make_column_transformer((filled, numbers), (OneHotEncoder(handle_unknown="ignore"), words))
    pipeline = make_pipeline(columns, LogisticRegression(max_iter=2000))
    ways = {
        "by_building": (GroupKFold(FOLDS), paths["building_id"]),
        "by_surveyor": (LeaveOneGroupOut(), paths["surveyor_id"]),
        "random": (KFold(FOLDS, shuffle=True, random_state=SEED), None),
    }
    forecasts = {
        name: cross_val_predict(pipeline, x, paths["success"], groups=groups, cv=cv, method="predict_proba")[:, 1]
        for name, (cv, groups) in ways.items()
    }
    pipeline.fit(x, paths["success"])
    return forecasts


WAYS: dict[str, Callable[[pd.DataFrame], Forecasts]] = {"smarthan": ours, "scikit-learn, plainly": plainly}


def run_way(name: str, count: int) -> tuple[Measure, Forecasts]:
    """Make the paths, get ready on a few of them, do the work; return what it took and what came out."""
    paths = make_paths(count)
    WAYS[name](make_paths(2_000))
    return measure(lambda: WAYS[name](paths))


def check(found: dict[str, Forecasts], works: np.ndarray) -> float:
    """Return how far the two lie apart at most.

    Raises
    ------
    SystemExit
        When they give other forecasts.
    """
    first, second = found.values()
    apart = max(float(np.abs(first[name] - second[name]).max()) for name in first)
    for name in first:
        scores = [float(np.mean((one[name] - works) ** 2)) for one in (first, second)]
        if apart > CLOSE or abs(scores[0] - scores[1]) > SAME_SCORE:
            raise SystemExit(f"{name}: forecasts differ by up to {apart:.3g}, Brier scores are {scores}")
    return apart


def main() -> None:
    """Print seconds and memory of both for each size; stop when they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="paths, such as 1000000")
    spawn = multiprocessing.get_context("spawn")
    print(f"{'paths':>10} {'':<22}{'wall s':>9}{'cpu s':>9}{'x ours':>8}{'peak MB':>9}{'inputs MB':>11}")
    for count in parser.parse_args().sizes:
        found: dict[str, Forecasts] = {}
        first: Measure | None = None
        for name in WAYS:
            with ProcessPoolExecutor(1, mp_context=spawn) as pool:
                taken, found[name] = pool.submit(run_way, name, count).result()
            first = first or taken
            memory = f"{taken.peak_mb or np.nan:>9.0f}{taken.level_mb or np.nan:>11.0f}"
            print(f"{count:>10,} {name:<22}{taken.wall:>9.1f}{taken.cpu:>9.1f}{taken.wall / first.wall:>8.1f}{memory}")
        print(f"{'':>10} forecasts differ by {check(found, make_paths(count)['success'].to_numpy()):.1g} at most")


if __name__ == "__main__":
    main()
