"""Maps of Great Britain from a finished table of grid cells: no tiles, no files, no outline data."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .columns import in_order, require_columns
from .style import INK, INK_SOFT, MISSING_GREY, REST_GREY, SMALL_TEXT_PT, chart_style, new_axes, palette, put_key_above

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes

# British National Grid [m] around Great Britain with its islands, rounded outwards to 10 km.
EXTENT_M = (0.0, 670_000.0, 0.0, 1_230_000.0)


def draw_grid_map(
    table: pd.DataFrame,
    *,
    easting: str,
    northing: str,
    value: str,
    classes: Sequence[str],
    breaks: Sequence[float] | None = None,
    cell_m: float = 5_000.0,
    missing: str = "Not known",
    darkest_first: bool = False,
    key_title: str = "",
    land: gpd.GeoDataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw grid cells of Great Britain in 2 to 5 classes, each named in words in the key.

    Parameters
    ----------
    table : DataFrame
        One row a cell. Cells not in the table stay white, or pale where there is `land`: no premises, or sea.
    easting, northing : str
        Columns with any point of the cell on the British National Grid [m, 0 to 1 300 000].
    value : str
        With `breaks` a column of numbers; without, a column holding the words of `classes`. Missing cells are grey.
    classes : sequence of str
        Words for the classes, 2 to 5, in the order of the key.
    breaks : sequence of float, optional
        Ends between the classes, rising, one fewer than classes; a value on an end belongs to the class above.
    cell_m : float
        Edge of a cell [m].
    missing : str
        Words for a cell that is in the table without a value.
    darkest_first : bool
        Whether the first class is the darkest; the last is by default. The dark end should be the problem shown.
    key_title : str
        Stands over the key: what darker means, such as "Darker: less covered".
    land : GeoDataFrame, optional
        Polygons in EPSG:27700 to draw pale beneath the cells, with their outline; without them the cells themselves get
        an outline. For cells that stand far apart, such as not-spots.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, ValueError
        When a column is absent, a cell stands twice, a word is no class, or breaks and classes do not fit.

    Notes
    -----
    A map alone is not accessible: give `show_chart` a table by area name as its `data`. A map made from postcodes
    needs the licence lines of Code-Point Open in its notes.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"e": [300_000, 305_000], "n": [700_000, 700_000], "share": [0.4, 0.99]})
    >>> ax = draw_grid_map(cells, easting="e", northing="n", value="share", classes=["Under 90%", "90% or more"],
    ...                    breaks=[0.9])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['Under 90%', '90% or more']
    """
    chart = "draw_grid_map"
    require_columns(table, chart, easting=easting, northing=northing, value=value)
    require_classes(classes, breaks, chart)
    codes = class_codes(table[value], classes, breaks, chart)
    image, extent = _make_raster(table, easting, northing, codes, cell_m, chart)
    fills = palette("sequential", len(classes))[:: 1 if darkest_first else -1]
    with chart_style():
        ax = new_axes(ax, rows=1, width=6.6, spare=9.0)
        grey = MISSING_GREY if land is None else REST_GREY  # on pale land only the darker grey is seen
        _draw_raster(ax, image, extent, [*fills, grey])
        if land is None:
            _draw_coast(ax, image >= 0, extent)
        else:
            draw_land(ax, land)
        set_map_view(ax)
        absent = bool((codes == len(classes)).any())
        draw_key(ax, [*zip(classes, fills, strict=True)], missing if absent else None, grey=grey, title=key_title)
    return ax


def require_classes(classes: Sequence[str], breaks: Sequence[float] | None, chart: str) -> None:
    """Refuse classes that cannot be told apart and breaks that do not fit them."""
    if not 2 <= len(classes) <= 5:
        raise ValueError(f"{chart}: {len(classes)} classes; 2 to 5 can be told apart")
    if breaks is None:
        return
    if len(breaks) != len(classes) - 1:
        raise ValueError(f"{chart}: {len(breaks)} breaks for {len(classes)} classes; one fewer than classes is needed")
    if any(low >= high for low, high in itertools.pairwise(breaks)):
        raise ValueError(f"{chart}: breaks {list(breaks)} do not rise")


def class_codes(values: pd.Series, classes: Sequence[str], breaks: Sequence[float] | None, chart: str) -> np.ndarray:
    """Return the class of each value by its place, and one beyond the last where the value is missing."""
    if breaks is not None:
        figures = values.to_numpy(dtype=float, na_value=np.nan)
        return np.where(np.isnan(figures), len(classes), np.searchsorted(breaks, figures, side="right"))
    words = in_order(values, classes, chart=chart, what="class")
    codes = {word: place for place, word in enumerate(words)}
    return np.array([codes.get(str(word), len(classes)) for word in values.astype(str)])


def _make_raster(
    table: pd.DataFrame, easting: str, northing: str, codes: np.ndarray, cell_m: float, chart: str
) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    """Return an array of class codes, -1 where no cell stands, with its extent on the grid [m]."""
    west, east, south, north = EXTENT_M
    columns = (table[easting].to_numpy(dtype=float) // cell_m).astype(int)
    rows = (table[northing].to_numpy(dtype=float) // cell_m).astype(int)
    wide, deep = int(np.ceil((east - west) / cell_m)), int(np.ceil((north - south) / cell_m))
    if (columns < 0).any() or (columns >= wide).any() or (rows < 0).any() or (rows >= deep).any():
        raise ValueError(f"{chart}: a cell lies outside Great Britain; use British National Grid metres")
    if len(np.unique(rows * wide + columns)) < len(table):
        raise ValueError(f"{chart}: a cell of {cell_m:,.0f} m stands twice; one row a cell is needed")
    image = np.full((deep, wide), -1)
    image[rows, columns] = codes
    return image, (0.0, wide * cell_m, 0.0, deep * cell_m)


def _draw_raster(ax: Axes, image: np.ndarray, extent: tuple[float, float, float, float], fills: list[str]) -> None:
    from matplotlib.colors import ListedColormap

    shown = np.ma.masked_less(image, 0)
    ax.imshow(
        shown, cmap=ListedColormap(fills), vmin=-0.5, vmax=len(fills) - 0.5, origin="lower", extent=extent,
        interpolation="nearest", aspect="equal", zorder=2,
    )  # fmt: skip


def set_map_view(ax: Axes) -> None:
    """Show Great Britain, north up, without axes."""
    west, east, south, north = EXTENT_M
    ax.set(xlim=(west, east), ylim=(south, north), aspect="equal")
    ax.set_axis_off()
    ax.grid(False)


def draw_land(ax: Axes, land: gpd.GeoDataFrame) -> None:
    """Draw land pale, with its outline, beneath what else is drawn."""
    from matplotlib.collections import PathCollection

    from .areas import outline_path

    path = outline_path(np.asarray(land.geometry.array))
    ax.add_collection(
        PathCollection([path], facecolors=MISSING_GREY, edgecolors=INK_SOFT, linewidths=0.5, zorder=1, rasterized=True),
        autolim=False,
    )


def _draw_coast(ax: Axes, stands: np.ndarray, extent: tuple[float, float, float, float]) -> None:
    """Edge the lot in a dark line, since the light classes have too little contrast against white."""
    from matplotlib.collections import LineCollection

    size_e, size_n = extent[1] / stands.shape[1], extent[3] / stands.shape[0]
    padded = np.pad(stands, 1)
    rows, columns = np.nonzero(padded[1:-1, 1:] != padded[1:-1, :-1])
    upright = np.stack([columns, rows, columns, rows + 1], axis=1).reshape(-1, 2, 2) * (size_e, size_n)
    rows, columns = np.nonzero(padded[1:, 1:-1] != padded[:-1, 1:-1])
    level = np.stack([columns, rows, columns + 1, rows], axis=1).reshape(-1, 2, 2) * (size_e, size_n)
    ax.add_collection(LineCollection([*upright, *level], colors=INK, linewidths=0.5, zorder=3), autolim=False)


def draw_key(
    ax: Axes,
    named: list[tuple[str, str]],
    missing: str | None,
    *,
    grey: str = MISSING_GREY,
    hatch: str | None = None,
    title: str = "",
) -> None:
    """Name the classes, and what is missing (hatched, where it is so on the map), above the map, under a title."""
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=fill, edgecolor=INK, linewidth=1) for _, fill in named]
    words = [words for words, _ in named]
    if missing is not None:
        handles.append(Patch(facecolor=grey, edgecolor=INK, linewidth=1, hatch=hatch))
        words.append(missing)
    put_key_above(ax, handles, words)
    legend = ax.get_legend()
    if title and legend is not None:
        legend.set_title(title)
        legend.get_title().set_fontsize(SMALL_TEXT_PT)
        legend.set_alignment("left")
