"""The house look: the Analysis Function style and palettes, our font, and the sizes that keep text readable."""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Width on the page: 9.6 in x 96 px = 922 CSS px, the full measure of report.html.
WIDTH_IN = 9.6
# afcharts asks for 14; 12 is the least that its guidance and the ONS allow.
SMALL_TEXT_PT = 12
# Text colours of the Analysis Function style; both pass 4.5:1 on white.
INK = "#1A1A1A"
INK_SOFT = "#505A5F"
# Lightest grey that still has 3:1 against white (3.03): "the rest" in a chart with one highlighted series.
REST_GREY = "#949494"
# Ground of a missing cell; afcharts names it for null values.
MISSING_GREY = "#F2F2F2"
GRID_GREY = "#D9D9D9"
# Only differences from afcharts: a font that ships inside matplotlib, and SVG that is the same on each run.
OURS = {
    "font.family": "DejaVu Sans",
    "font.size": 13,
    "svg.hashsalt": "smarthan",
    "svg.fonttype": "path",
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "grid.color": GRID_GREY,
    "hatch.linewidth": 0.8,
    "axes.labelsize": 12,
    "xtick.labelsize": 12,
    "ytick.labelsize": 13,
    "legend.fontsize": 12,
}


@contextlib.contextmanager
def chart_style() -> Iterator[None]:
    """Draw or save inside this context: the look holds there and nowhere else.

    Examples
    --------
    >>> import matplotlib
    >>> before = matplotlib.rcParams["svg.hashsalt"]
    >>> with chart_style():
    ...     matplotlib.rcParams["svg.hashsalt"]
    'smarthan'
    >>> matplotlib.rcParams["svg.hashsalt"] == before
    True
    """
    import matplotlib.style

    with matplotlib.style.context(["afcharts.afcharts", OURS]):
        yield


def palette(kind: Literal["categorical", "sequential"], count: int) -> list[str]:
    """Return `count` colours of an Analysis Function palette, in the order in which they may stand side by side.

    Parameters
    ----------
    kind : {"categorical", "sequential"}
        Sequential colours come dark first.
    count : int
        1 to 6 categorical, 2 to 5 sequential.

    Returns
    -------
    list of str
        Hex colours.

    Raises
    ------
    ValueError
        When the palette does not hold so many.

    References
    ----------
    Analysis Function, "Data visualisation: colours in charts", 23 November 2021 (through afcharts 1.2).

    Examples
    --------
    >>> palette("categorical", 2), palette("sequential", 3)
    (['#12436D', '#F46A25'], ['#12436D', '#2073BC', '#6BACE6'])
    """
    from afcharts.af_colours import get_af_colours

    most = {"categorical": 6, "sequential": 5}[kind]
    least = {"categorical": 1, "sequential": 2}[kind]
    if not least <= count <= most:
        raise ValueError(f"{count} {kind} colours asked for; the palette holds {least} to {most}: group the rest")
    if count < 3:
        chosen = get_af_colours(kind, number_of_colours=3)
        return get_af_colours("duo") if (kind, count) == ("categorical", 2) else [str(c) for c in chosen[:count]]
    return [str(colour) for colour in get_af_colours(kind, number_of_colours=count)]


def highlight_colours(names: Sequence[str], highlight: Sequence[str]) -> list[str]:
    """Return one colour a name: the first of the palette, or grey for "the rest" where others are highlighted.

    Examples
    --------
    >>> highlight_colours(["a", "b"], ["b"]), highlight_colours(["a"], [])
    (['#949494', '#12436D'], ['#12436D'])
    """
    colour = palette("categorical", 1)[0]
    return [REST_GREY if highlight and name not in highlight else colour for name in names]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours by the formula of WCAG 2.2, 1 to 21.

    Parameters
    ----------
    first, second : str
        Any colour that matplotlib knows.

    Returns
    -------
    float

    References
    ----------
    W3C, Web Content Accessibility Guidelines 2.2, "relative luminance" and "contrast ratio".

    Examples
    --------
    >>> round(contrast("#12436D", "white"), 2), round(contrast("black", "white"), 1)
    (10.25, 21.0)
    """
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def text_on(fill: str) -> str:
    """Return the text colour, white or near black, that reads better on a fill."""
    return max(("white", INK), key=lambda text: contrast(text, fill))


def new_axes(
    ax: Axes | None, *, rows: float, width: float = WIDTH_IN, per_row: float = 0.42, spare: float = 1.1
) -> Any:
    """Return the axes given, or fresh ones in a figure whose height follows the number of rows.

    Notes
    -----
    The figure is made without pyplot, so no window opens and nothing stays open.
    """
    from matplotlib.figure import Figure

    if ax is not None:
        return ax
    figure = Figure(figsize=(width, max(2.2, spare + per_row * rows)), layout="constrained")
    engine: Any = figure.get_layout_engine()
    engine.set(w_pad=0.08, h_pad=0.08)
    return figure.add_subplot()


def wrap(words: object, width: int = 28) -> str:
    """Break a label over lines so that it is neither cut nor abbreviated."""
    return "\n".join(textwrap.wrap(str(words), width, break_long_words=False)) or " "


def line_count(labels: Sequence[str]) -> float:
    """Return the rows of height that wrapped labels need: one each, and 0.55 for each further line."""
    return sum(1 + 0.55 * label.count("\n") for label in labels)


def set_row_labels(ax: Axes, labels: Sequence[str]) -> None:
    """Write one label a row, first row on top, with room above and below."""
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)


def set_percent_axis(ax: Axes, *, low: float = 0.0, high: float = 1.0) -> None:
    """Make the horizontal axis read in per cent for shares from 0 to 1, with five steps from 0 to its end."""
    from matplotlib.ticker import FixedLocator, PercentFormatter

    ax.set_xlim(low, high)
    ax.xaxis.set_major_locator(FixedLocator([high * step / 5 for step in range(6)]))
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol="%"))


def use_vertical_grid(ax: Axes) -> None:
    """Put the light grid lines on the horizontal axis only, below the data."""
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.set_axisbelow(True)


def put_key_above(
    ax: Axes, handles: Sequence[Any], words: Sequence[str], *, at: float = 1.0, handle: float = 1.2
) -> None:
    """Put the key above the chart, in the order of the data, read row by row.

    Parameters
    ----------
    ax : Axes
    handles, words : sequence
        What the key shows, and the words for each.
    at : float
        Height of the key's foot; 1 is the top of the axes.
    handle : float
        Length of a mark [font sizes]; a dashed line needs 2 or more.

    Notes
    -----
    matplotlib fills a key column by column; the entries are dealt out so that reading along the rows gives the order.
    """
    figure: Any = ax.figure
    # 0.11 in a character of 12 pt text and 0.55 in for the patch: measured on the widest letters in use.
    across = max(
        1, min(len(words), int(0.72 * figure.get_figwidth() / (0.11 * max(map(len, words)) + 0.35 + 0.17 * handle)))
    )
    dealt = [place for column in range(across) for place in range(column, len(words), across)]
    ax.legend(
        [handles[place] for place in dealt], [words[place] for place in dealt], loc="lower left",
        bbox_to_anchor=(0, at), ncols=across, borderaxespad=0.3, handlelength=handle, handleheight=1.1,
        columnspacing=1.6, labelcolor=INK, fontsize=SMALL_TEXT_PT,
    )  # fmt: skip


def font_folder() -> Path:
    """Return the folder of the fonts that come with matplotlib, DejaVu Sans among them."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"
