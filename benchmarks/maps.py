"""How long national maps take beside the usual ways, alternating in one run; run `python benchmarks/maps.py`.

Each contender is one function that leaves a PNG in memory: the district map by `draw_area_map` beside `geopandas.plot`
(boundaries loaded from disk each time, the roll-up given), the not-spot map by `not_spot_cells` and `draw_grid_map`
beside a scatter of all postcodes (release and reference in memory). Absolute times drift with the machine; the ratios
are the claim.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from smarthan.charts import draw_area_map, draw_grid_map
from smarthan.coverage import boundaries, not_spot_cells, not_spots, postcode_reference, sample_matrix
from smarthan.coverage.geography import polygons
from smarthan.coverage.geography.placed import place_postcodes
from smarthan.findings import MAP_BREAKS, MAP_CLASSES, SPOT_BREAKS, SPOT_CELL_M, SPOT_CLASSES

ROUNDS = 9
SIZE = (6.6, 9.42)
DPI = 144


def save(figure: Any) -> int:
    """Return the bytes of the picture as PNG."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DPI)
    return len(stream.getvalue())


def contenders() -> dict[str, dict[str, Callable[[], int]]]:
    """Return the contenders by job, ours first."""
    matrix = sample_matrix()
    rolled = matrix.rollup("outward")
    placed = place_postcodes(matrix, None)
    postcode_reference()

    def load() -> Any:
        polygons._read_level.cache_clear()
        return boundaries("outward")

    def our_districts() -> int:
        named: dict[str, Any] = {"classes": MAP_CLASSES, "breaks": MAP_BREAKS, "darkest_first": True}
        return save(draw_area_map(rolled, load(), key="outward", value="share_covered", **named).figure)

    def their_districts() -> int:
        shapes = load()
        share = rolled.set_index("outward")["share_covered"].reindex(shapes["code"]).to_numpy()
        shapes["kind"] = np.searchsorted(MAP_BREAKS, share, side="right")
        ax = Figure(figsize=SIZE).add_subplot()
        shapes.plot(column="kind", ax=ax, categorical=True, legend=True, cmap="Blues_r")
        ax.set_axis_off()
        return save(ax.figure)

    def our_not_spots() -> int:
        cells = not_spot_cells(matrix, cell_m=SPOT_CELL_M)
        named: dict[str, Any] = {"easting": "easting", "northing": "northing", "value": "premises"}
        named |= {"classes": SPOT_CLASSES, "breaks": SPOT_BREAKS, "cell_m": SPOT_CELL_M}
        return save(draw_grid_map(cells, land=boundaries("country"), **named).figure)

    def their_not_spots() -> int:
        ax = Figure(figsize=SIZE).add_subplot()
        ax.scatter(placed.xy[:, 0], placed.xy[:, 1], c=placed.covered, s=1, linewidths=0, cmap="coolwarm_r")
        ax.set_aspect("equal")
        ax.set_axis_off()
        return save(ax.figure)

    return {
        "district map (2,849 polygons)": {"smarthan": our_districts, "geopandas.plot": their_districts},
        "not-spot map (1.74 million postcodes)": {"smarthan": our_not_spots, "scatter": their_not_spots},
        "not_spots, the table": {"smarthan": lambda: len(not_spots(matrix))},
    }


def main() -> None:
    """Print medians, spread and how many times faster ours is."""
    print(f"{'job':<40}{'contender':<17}{'median s':>9}{'min':>7}{'max':>7}{'ours x':>8}")
    for job, ways in contenders().items():
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for round_ in range(ROUNDS + 1):
            for name, draw in ways.items():
                start = time.perf_counter()
                draw()
                if round_:  # the first round warms caches and imports
                    seconds[name].append(time.perf_counter() - start)
        ours = statistics.median(seconds["smarthan"])
        for name, runs in seconds.items():
            middle = statistics.median(runs)
            print(f"{job:<40}{name:<17}{middle:>9.2f}{min(runs):>7.2f}{max(runs):>7.2f}{middle / ours:>8.1f}")


if __name__ == "__main__":
    main()
