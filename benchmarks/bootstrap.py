"""How long a cluster bootstrap takes, beside the two ways that are usually written, on the same draws.

Run `python benchmarks/bootstrap.py`. Five hundred buildings of twenty paths, 2,000 replicates: the design draws sums of
buildings; the others put the rows of the drawn buildings together, with numpy or with pandas. All three take the very
same buildings in every replicate, so that their intervals must be the same.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from smarthan.analysis import SurveyDesign

BUILDINGS, PATHS, REPLICATES, SEED, ROUNDS = 500, 20, 2_000, 1, 5


def make_paths() -> pd.DataFrame:
    """Return paths that work or do not, alike within a building."""
    rng = np.random.default_rng(SEED)
    building = np.repeat(np.arange(BUILDINGS), PATHS)
    chance = 1 / (1 + np.exp(-1.5 - rng.normal(0, 1.2, BUILDINGS)))
    return pd.DataFrame({"building": building, "works": rng.random(len(building)) < chance[building]})


def ours(paths: pd.DataFrame) -> tuple[float, float]:
    """The design, from the table to the interval, drawing included."""
    share = SurveyDesign(paths, psu="building").bootstrap(REPLICATES, seed=SEED).proportion("works")
    return share.interval(method="percentile")


def drawn_buildings(paths: pd.DataFrame) -> list[np.ndarray]:
    """Return the buildings that each replicate of ours draws, in the order of their names as text."""
    design = SurveyDesign(paths, psu="building").bootstrap(REPLICATES, seed=SEED)
    unit = paths["building"].to_numpy()[np.unique(design._stages[0].unit, return_index=True)[1]]
    factors = design._scheme.factors()
    growth = BUILDINGS / (BUILDINGS - 1)
    return [np.repeat(unit, np.rint(factor / growth).astype(int)) for factor in factors]


def by_numpy(paths: pd.DataFrame, drawn: list[np.ndarray]) -> tuple[float, float]:
    """Put the rows of each drawn building together, replicate by replicate."""
    works = paths["works"].to_numpy(dtype=float)
    rows = [np.flatnonzero(paths["building"].to_numpy() == number) for number in range(BUILDINGS)]
    return _interval([works[np.concatenate([rows[number] for number in chosen])].mean() for chosen in drawn])


def by_pandas(paths: pd.DataFrame, drawn: list[np.ndarray]) -> tuple[float, float]:
    """The same with frames."""
    groups = dict(tuple(paths.groupby("building")))
    return _interval([pd.concat([groups[number] for number in chosen])["works"].mean() for chosen in drawn])


def _interval(values: list[float]) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def main() -> None:
    """Print seconds, ratios and the interval that all must give."""
    paths = make_paths()
    drawn = drawn_buildings(paths)
    design = SurveyDesign(paths, psu="building").bootstrap(REPLICATES, seed=SEED)
    ways: dict[str, Callable[[], tuple[float, float]]] = {
        "smarthan": lambda: design.proportion("works").interval(method="percentile"),
        "smarthan, design and draws too": lambda: ours(paths),
        "numpy, rows put together": lambda: by_numpy(paths, drawn),
        "pandas, frames put together": lambda: by_pandas(paths, drawn[:100]),
    }
    intervals = {name: work() for name, work in ways.items() if "pandas" not in name}
    assert np.ptp(list(intervals.values()), axis=0).max() < 1e-12, intervals
    assert np.allclose(by_pandas(paths, drawn[:20]), by_numpy(paths, drawn[:20]), rtol=0, atol=1e-12)
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, work in ways.items():
            start = time.perf_counter()
            work()
            scale = REPLICATES / 100 if "pandas" in name else 1  # a twentieth of the replicates, for it takes minutes
            taken[name].append((time.perf_counter() - start) * scale)
    print(f"95 % interval of all: {intervals['smarthan'][0]:.6f} to {intervals['smarthan'][1]:.6f}")
    best = statistics.median(taken["smarthan"])
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        print(f"{name:<30}{middle:>10.3f} s{middle / best:>9.1f} x   ({min(seconds):.3f} to {max(seconds):.3f})")


if __name__ == "__main__":
    main()
