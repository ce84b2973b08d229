"""The map by area: each shape its class, the missing hatched, what would mislead refused."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from smarthan.charts import draw_area_map, draw_grid_map, find_chart_problems
from smarthan.charts.areas import outline_path
from smarthan.charts.hiding import HATCH
from smarthan.charts.style import MISSING_GREY, REST_GREY, palette


def shapes() -> gpd.GeoDataFrame:
    boxes = [shapely.box(300e3 + at, 500e3, 400e3 + at, 600e3) for at in (0, 100e3, 200e3)]
    return gpd.GeoDataFrame({"code": ["A", "B", "C"], "name": ["x", "y", "z"]}, geometry=boxes, crs=27700)


TABLE = pd.DataFrame({"area": ["B", "A", "D"], "share": [0.95, 0.4, 0.1]})
NAMED = {"key": "area", "value": "share", "classes": ["Under 90%", "90% or more"], "breaks": [0.9]}


def fills_of(ax: Any) -> dict[str, float]:
    """The horizontal middle of what is filled with each colour [m]."""
    from matplotlib.colors import to_hex

    found = {}
    for drawn in ax.collections[1:]:
        path = drawn.get_paths()[0]
        found[to_hex(drawn.get_facecolor()[0]).upper()] = float(path.get_extents().x0 + path.get_extents().x1) / 2
    return found


def test_each_shape_has_the_class_of_its_own_row() -> None:
    ax = draw_area_map(TABLE, shapes(), **NAMED)  # type: ignore[arg-type]
    dark, light = (colour.upper() for colour in palette("sequential", 2))
    assert fills_of(ax) == {light: 350e3, dark: 450e3, MISSING_GREY: 550e3}
    assert ax.get_aspect() == 1
    assert find_chart_problems(ax) == []


def test_the_order_of_the_shades_can_be_turned() -> None:
    ax = draw_area_map(TABLE, shapes(), **NAMED, darkest_first=True)  # type: ignore[arg-type]
    dark, light = (colour.upper() for colour in palette("sequential", 2))
    assert fills_of(ax)[dark] == 350e3
    assert fills_of(ax)[light] == 450e3


def test_a_shape_without_a_value_is_hatched_and_named() -> None:
    ax = draw_area_map(TABLE, shapes(), **NAMED, missing="No premises")  # type: ignore[arg-type]
    assert [drawn.get_hatch() for drawn in ax.collections].count(HATCH) == 1
    legend = ax.get_legend()
    assert legend is not None
    assert {text.get_text() for text in legend.get_texts()} == {"Under 90%", "90% or more", "No premises"}
    whole = TABLE.assign(area=["B", "A", "C"])
    legend = draw_area_map(whole, shapes(), **NAMED).get_legend()  # type: ignore[arg-type]
    assert legend is not None
    assert len(legend.get_texts()) == 2


def test_shapes_can_be_named_by_another_column_and_classes_by_words() -> None:
    table = pd.DataFrame({"lad": ["x", "y", "z"], "verdict": ["met", "not met", "met"]})
    ax = draw_area_map(table, shapes(), key="lad", value="verdict", classes=["not met", "met"], shape_key="name")
    assert len(ax.collections) == 3


def test_the_key_says_what_darker_means() -> None:
    cells = pd.DataFrame({"e": [303_000], "n": [501_000], "v": [5.0]})
    grid: Any = {"easting": "e", "northing": "n", "value": "v", "classes": ["few", "many"], "breaks": [10]}
    for ax in (
        draw_area_map(TABLE, shapes(), **NAMED, darkest_first=True, key_title="Darker: less"),  # type: ignore[arg-type]
        draw_grid_map(cells, **grid, key_title="Darker: less"),
    ):
        legend = ax.get_legend()
        assert legend is not None
        assert legend.get_title().get_text() == "Darker: less"
        assert find_chart_problems(ax) == []


def test_polygons_are_drawn_as_an_image() -> None:
    ax = draw_area_map(TABLE, shapes(), **NAMED)  # type: ignore[arg-type]
    assert all(drawn.get_rasterized() for drawn in ax.collections)


def test_a_hole_stays_a_hole_and_parts_stay_apart() -> None:
    ring = shapely.difference(shapely.box(0, 0, 9, 9), shapely.box(3, 3, 6, 6))
    parts = shapely.MultiPolygon([shapely.box(10, 0, 12, 9), shapely.box(14, 0, 16, 9)])
    figure = Figure(figsize=(1.6, 0.9), dpi=100)
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 16), ylim=(0, 9))
    ax.set_axis_off()
    ax.add_patch(PathPatch(outline_path(np.array([ring, parts])), facecolor="black", linewidth=0))
    figure.canvas.draw()
    picture = np.asarray(figure.canvas.buffer_rgba())[::-1, :, 0]  # type: ignore[attr-defined]
    dark = [bool(picture[int(y * 10), int(x * 10)] == 0) for x, y in ((1, 1), (4.5, 4.5), (11, 4), (13, 4), (15, 4))]
    assert dark == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("table", "change", "error", "words"),
    [
        (TABLE, {"key": "town"}, KeyError, "no such column"),
        (TABLE, {"shape_key": "town"}, KeyError, "shapes have no such column"),
        (pd.concat([TABLE, TABLE]), {}, ValueError, "'B' stands twice"),
        (TABLE.assign(area=["E", "F", "G"]), {}, ValueError, "names a shape; shapes are named such as 'A'"),
        (TABLE, {"breaks": [0.5, 0.9]}, ValueError, "2 breaks for 2 classes"),
        (TABLE.iloc[:0], {}, ValueError, "no rows"),
    ],
)
def test_a_map_that_would_mislead_is_refused(
    table: pd.DataFrame, change: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        draw_area_map(table, shapes(), **{**NAMED, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize("crs", [None, 4326])
def test_other_coordinates_are_refused(crs: int | None) -> None:
    with pytest.raises(ValueError, match="use EPSG:27700"):
        draw_area_map(TABLE, shapes().set_crs(crs, allow_override=True), **NAMED)  # type: ignore[arg-type]


def test_cells_can_stand_on_pale_land() -> None:
    from matplotlib.colors import to_hex

    cells = pd.DataFrame({"e": [303_000, 309_000], "n": [501_000, 501_000], "v": [5.0, np.nan]})
    ax = draw_grid_map(
        cells, easting="e", northing="n", value="v", classes=["few", "many"], breaks=[10], cell_m=3000, land=shapes()
    )
    colours: Any = ax.collections[0].get_facecolor()
    assert to_hex(colours[0]).upper() == MISSING_GREY
    assert len(ax.collections) == 1  # the coast is that of the land: the cells get no outline of their own
    legend = ax.get_legend()
    assert legend is not None
    fills = {to_hex(patch.get_facecolor()).upper() for patch in legend.get_patches()}
    assert REST_GREY in fills
    assert MISSING_GREY not in fills
    assert find_chart_problems(ax) == []
