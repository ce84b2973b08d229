"""Maps of Great Britain by area: a finished table joined to the shapes of its areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .columns import require_columns
from .hiding import HATCH
from .maps import class_codes, draw_key, require_classes, set_map_view
from .style import INK, MISSING_GREY, chart_style, new_axes, palette

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes

MOST_BORDERED = 500  # more areas than this would drown in their borders


def draw_area_map(
    table: pd.DataFrame,
    shapes: gpd.GeoDataFrame,
    *,
    key: str,
    value: str,
    classes: Sequence[str],
    breaks: Sequence[float] | None = None,
    shape_key: str = "code",
    missing: str = "Not known",
    darkest_first: bool = False,
    key_title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw areas of Great Britain in 2 to 5 classes, each named in words in the key.

    Parameters
    ----------
    table : DataFrame
        One row an area; its value may be missing.
    shapes : GeoDataFrame
        Polygons in EPSG:27700, such as `smarthan.coverage.boundaries("lad")` gives.
    key : str
        Column of the table that names the area, as `shape_key` of the shapes does.
    value : str
        With `breaks` a column of numbers; without, a column holding the words of `classes`.
    classes : sequence of str
        Words for the classes, 2 to 5, in the order of the key.
    breaks : sequence of float, optional
        Ends between the classes, rising, one fewer than classes; a value on an end belongs to the class above.
    shape_key : str
        Column of the shapes that names the area, such as "code" or "name".
    missing : str
        Words for an area that has a shape and no value: it is drawn grey and hatched.
    darkest_first : bool
        Whether the first class is the darkest; the last is by default. The dark end should be the problem shown.
    key_title : str
        Stands over the key: what darker means, such as "Darker: less covered".
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, ValueError
        When a column is absent, an area stands twice, no area has a shape, the shapes are not in EPSG:27700, or breaks
        and classes do not fit.

    Notes
    -----
    An area of the table that has no shape is not drawn: name it under the map. A map alone is not accessible: give
    `show_chart` the table as its `data`. A map of `boundaries` needs their label and licence lines in its notes. The
    polygons are drawn as an image, also in SVG, since thousands of outlines would make a page of many megabytes.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, shapely
    >>> squares = gpd.GeoSeries([shapely.box(300e3, 500e3, 400e3, 600e3), shapely.box(400e3, 500e3, 500e3, 600e3)])
    >>> shapes = gpd.GeoDataFrame({"code": ["A", "B"]}, geometry=squares, crs=27700)
    >>> table = pd.DataFrame({"area": ["A", "B"], "share": [0.4, None]})
    >>> ax = draw_area_map(table, shapes, key="area", value="share", classes=["Under 90%", "90% or more"], breaks=[0.9])
    >>> sorted(text.get_text() for text in ax.get_legend().get_texts())
    ['90% or more', 'Not known', 'Under 90%']
    """
    chart = "draw_area_map"
    require_columns(table, chart, key=key, value=value)
    require_classes(classes, breaks, chart)
    codes = _codes_of_shapes(table, shapes, key, shape_key, class_codes(table[value], classes, breaks, chart), chart)
    codes[codes < 0] = len(classes)
    fills = palette("sequential", len(classes))[:: 1 if darkest_first else -1]
    absent = bool((codes == len(classes)).any())
    with chart_style():
        ax = new_axes(ax, rows=1, width=6.6, spare=9.0)
        draw_shapes(ax, np.asarray(shapes.geometry.array), codes, [*fills, MISSING_GREY])
        set_map_view(ax)
        draw_key(ax, [*zip(classes, fills, strict=True)], missing if absent else None, hatch=HATCH, title=key_title)
    return ax


def draw_shapes(ax: Axes, shapes: Any, codes: np.ndarray, fills: Sequence[str]) -> None:
    """Fill polygons by class, with a thin dark edge around the lot; those of the last class are hatched.

    Parameters
    ----------
    ax : Axes
    shapes : array of Polygon or MultiPolygon
        A coverage: neighbours share their edges.
    codes : int array
        Class of each.
    fills : sequence of str
        Colour of each class, that of missing values last.
    """
    from matplotlib.collections import PathCollection

    named = np.unique(codes)
    paths = [outline_path(shapes[codes == code]) for code in named]
    # The dark stroke beneath shows only around the lot: the fills above cover it wherever areas meet.
    edge = PathCollection(paths, facecolors="none", edgecolors=INK, linewidths=1.2, zorder=2, rasterized=True)
    ax.add_collection(edge, autolim=False)
    for code, path in zip(named, paths, strict=True):
        border = "white" if len(shapes) <= MOST_BORDERED else fills[code]
        style: dict[str, Any] = {"facecolors": fills[code], "linewidths": 0.2, "edgecolors": border}
        if code == len(fills) - 1:
            style |= {"hatch": HATCH, "edgecolors": INK, "linewidths": 0.0}
        ax.add_collection(PathCollection([path], rasterized=True, zorder=3, **style), autolim=False)


def outline_path(shapes: Any) -> Any:
    """Return polygons, holes and all, as one matplotlib path."""
    import shapely
    from matplotlib.path import Path

    _, corners, offsets = shapely.to_ragged_array(shapely.orient_polygons(shapes))
    rings = offsets[0]
    codes = np.full(len(corners), Path.LINETO, dtype=Path.code_type)
    codes[rings[:-1]] = Path.MOVETO
    codes[rings[1:] - 1] = Path.CLOSEPOLY
    return Path(corners, codes)


def _codes_of_shapes(
    table: pd.DataFrame, shapes: gpd.GeoDataFrame, key: str, shape_key: str, codes: np.ndarray, chart: str
) -> np.ndarray:
    """Return the class of each shape, -1 where the table has no row for it."""
    import pandas as pd

    if shape_key not in shapes:
        raise KeyError(f"{chart}(shape_key={shape_key!r}): the shapes have no such column; they have {list(shapes)}")
    if shapes.crs is None or shapes.crs.to_epsg() != 27700:
        raise ValueError(f"{chart}: the shapes are in {shapes.crs}; use EPSG:27700, British National Grid metres")
    names = table[key].astype("str")
    if names.duplicated().any():
        raise ValueError(f"{chart}: area {names[names.duplicated()].iloc[0]!r} stands twice; one row an area is needed")
    found = pd.Index(names).get_indexer(shapes[shape_key].astype("str"))
    if (found < 0).all():
        raise ValueError(
            f"{chart}: no value of {key!r} names a shape; shapes are named such as {shapes[shape_key].iloc[0]!r}"
        )
    return np.append(codes, -1)[found]
