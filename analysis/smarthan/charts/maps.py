"""Maps of Great Britain from a finished table of grid cells: no tiles, no files, no outline data."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .columns import in_order, require_columns
from .style import INK, MISSING_GREY, chart_style, new_axes, palette, put_key_above

if TYPE_CHECKING:
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
    ax: Axes | None = None,
) -> Axes:
    """Draw grid cells of Great Britain in 2 to 5 classes, each named in words in the key.

    Parameters
    ----------
    table : DataFrame
        One row a cell. Cells not in the table stay white: no premises, or sea.
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
        Whether the first class is the darkest; the last is by default.
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
    _require_classes(classes, breaks, chart)
    codes = _class_codes(table[value], classes, breaks, chart)
    image, extent = _make_raster(table, easting, northing, codes, cell_m, chart)
    fills = palette("sequential", len(classes))[:: 1 if darkest_first else -1]
    with chart_style():
        ax = new_axes(ax, rows=1, width=6.6, spare=9.0)
        _draw_raster(ax, image, extent, [*fills, MISSING_GREY])
        _draw_key(ax, [*zip(classes, fills, strict=True)], missing if (codes == len(classes)).any() else None)
    return ax


def _require_classes(classes: Sequence[str], breaks: Sequence[float] | None, chart: str) -> None:
    if not 2 <= len(classes) <= 5:
        raise ValueError(f"{chart}: {len(classes)} classes; 2 to 5 can be told apart")
    if breaks is None:
        return
    if len(breaks) != len(classes) - 1:
        raise ValueError(f"{chart}: {len(breaks)} breaks for {len(classes)} classes; one fewer than classes is needed")
    if any(low >= high for low, high in itertools.pairwise(breaks)):
        raise ValueError(f"{chart}: breaks {list(breaks)} do not rise")


def _class_codes(values: pd.Series, classes: Sequence[str], breaks: Sequence[float] | None, chart: str) -> np.ndarray:
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
    if len(set(zip(columns, rows, strict=True))) < len(table):
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
    _draw_coast(ax, image >= 0, extent)
    ax.set_axis_off()
    ax.grid(False)


def _draw_coast(ax: Axes, stands: np.ndarray, extent: tuple[float, float, float, float]) -> None:
    """Edge the lot in a dark line, since the light classes have too little contrast against white."""
    from matplotlib.collections import LineCollection

    size_e, size_n = extent[1] / stands.shape[1], extent[3] / stands.shape[0]
    padded = np.pad(stands, 1)
    rows, columns = np.nonzero(padded[1:-1, 1:] != padded[1:-1, :-1])
    upright = [[(c * size_e, r * size_n), (c * size_e, (r + 1) * size_n)] for r, c in zip(rows, columns, strict=True)]
    rows, columns = np.nonzero(padded[1:, 1:-1] != padded[:-1, 1:-1])
    level = [[(c * size_e, r * size_n), ((c + 1) * size_e, r * size_n)] for r, c in zip(rows, columns, strict=True)]
    ax.add_collection(LineCollection(upright + level, colors=INK, linewidths=0.5, zorder=3), autolim=False)


def _draw_key(ax: Axes, named: list[tuple[str, str]], missing: str | None) -> None:
    from matplotlib.patches import Patch

    entries = named if missing is None else [*named, (missing, MISSING_GREY)]
    handles = [Patch(facecolor=fill, edgecolor=INK, linewidth=1) for _, fill in entries]
    put_key_above(ax, handles, [words for words, _ in entries])
