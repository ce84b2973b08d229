"""How long a roll-up by sector takes, beside pandas and geopandas on the same numbers, and that all agree.

Run `python benchmarks/rollups.py`. Warm here: the states and weights of all locations for the day asked, and the
sector of each, are kept with the opened release, as they are after the first roll-up of a session; `first` shows what
that costs once. The pandas table likewise has its sector names, covered premises and premises ready; geopandas has its
points and polygons ready. We give five states, bounds and counts; they give two sums.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from smarthan.coverage import CoverageMatrix, postcode_reference, sample_matrix

ROUNDS = 9
BOXES_M = 4_600  # side of a square cell, so that there are about as many as sectors [m]


def prepare(matrix: CoverageMatrix) -> pd.DataFrame:
    """Return one row a location of any region: sector, covered premises, premises, and the cell it lies in."""
    located = matrix.locations()
    postcodes = pd.Series(matrix.rows["postcode"].unique(), dtype="str")
    weights = located.premises_by_state
    table = pd.DataFrame({"postcode": postcodes, "covered": weights[:, 0], "premises": weights.sum(axis=1)})
    table["sector"] = table["postcode"].str.slice(stop=-2)
    counted = (located.region_bits & ~np.uint8(located.no_region_bits)) != 0
    places = postcode_reference().set_index("postcode")[["easting", "northing"]]
    return table.join(places, on="postcode")[counted].reset_index(drop=True)


def frames_of(table: pd.DataFrame) -> tuple[Any, Any]:
    """Return points, and square cells in place of sector polygons: the simplest polygons there are."""
    import geopandas as gpd
    import shapely

    located = table[table["easting"].notna()]
    xy = located[["easting", "northing"]].to_numpy(np.float64)
    points = gpd.GeoDataFrame(located[["covered", "premises"]].reset_index(drop=True),
                              geometry=shapely.points(xy), crs=27700)  # fmt: skip
    corner = np.unique(xy // BOXES_M, axis=0) * BOXES_M
    boxes = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + BOXES_M, corner[:, 1] + BOXES_M)
    return points, gpd.GeoDataFrame({"cell": np.arange(len(boxes))}, geometry=boxes, crs=27700)


def join_by_place(points: Any, cells: Any) -> pd.DataFrame:
    """Sum by point in polygon."""
    joined = points.sjoin(cells, predicate="within")
    return joined.groupby("cell")[["covered", "premises"]].sum()


def check(matrix: CoverageMatrix, table: pd.DataFrame) -> None:
    """Stop unless the roll-up and the group-by give the same sums for every sector."""
    ours = matrix.rollup("sector").query("locations > 0").set_index("sector")[["covered", "weight"]]
    theirs = table.groupby("sector")[["covered", "premises"]].sum()
    if not (ours.index.equals(theirs.index) and np.array_equal(ours.to_numpy(), theirs.to_numpy())):
        raise SystemExit("the sector tables differ")
    print(f"equal for {len(ours):,} sectors: {ours['covered'].sum():,} of {ours['weight'].sum():,} premises covered")


def measure(contenders: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Return seconds of each contender, alternating."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, work in contenders.items():
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def main() -> None:
    """Check that the sums are equal, then print medians."""
    matrix = sample_matrix()
    start = time.perf_counter()
    matrix.rollup("sector")
    first = time.perf_counter() - start
    table = prepare(matrix)
    check(matrix, table)
    points, cells = frames_of(table)
    text, coded = table["sector"], table["sector"].astype("category")
    seconds = measure(
        {
            "smarthan rollup, sector": lambda: matrix.rollup("sector"),
            "smarthan rollup, lad": lambda: matrix.rollup("lad"),
            "pandas group-by, sector as text": lambda: table.groupby(text)[["covered", "premises"]].sum(),
            "pandas group-by, sector as category": lambda: table.groupby(coded, observed=True)[
                ["covered", "premises"]
            ].sum(),
            f"geopandas sjoin, {len(cells):,} squares": lambda: join_by_place(points, cells),
        }
    )
    ours = statistics.median(seconds["smarthan rollup, sector"])
    print(f"first roll-up of the release and day: {first * 1e3:.0f} ms, once")
    title = f"roll-up of {len(table):,} locations"
    print(f"{title:<42}{'median ms':>10}{'min':>9}{'max':>9}{'x ours':>9}")
    for name, runs in seconds.items():
        median = statistics.median(runs)
        print(f"{name:<42}{median * 1e3:>10.1f}{min(runs) * 1e3:>9.1f}{max(runs) * 1e3:>9.1f}{median / ours:>9.1f}")


if __name__ == "__main__":
    main()
