"""The house look: palettes that keep their contrast, one font, nothing changed outside."""

import itertools

import matplotlib as mpl
import pytest

from smarthan.charts import style
from smarthan.charts.style import chart_style, contrast, palette, text_on


@pytest.mark.parametrize("count", range(1, 7))
def test_categorical_colours_stand_out_from_white_and_from_their_neighbours(count: int) -> None:
    colours = palette("categorical", count)
    assert len(colours) == count
    assert all(contrast(colour, "white") >= 3 for colour in colours)
    assert all(contrast(a, b) >= 3 for a, b in itertools.pairwise(colours))


@pytest.mark.parametrize(
    ("kind", "count"), [("categorical", 7), ("categorical", 0), ("sequential", 6), ("sequential", 1)]
)
def test_a_palette_refuses_more_than_it_holds(kind: str, count: int) -> None:
    with pytest.raises(ValueError, match="palette holds"):
        palette(kind, count)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("#12436D", "white", 10.25), ("#28A197", "white", 3.17), ("#F46A25", "white", 3.03), ("#949494", "white", 3.03)],
)
def test_contrast_is_that_of_the_published_table(first: str, second: str, expected: float) -> None:
    # reporting.md section 3, computed there with the WCAG formula
    assert contrast(first, second) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("fill", [*palette("categorical", 6), *palette("sequential", 5), "#FFFFFF"])
def test_text_on_any_fill_reads(fill: str) -> None:
    assert contrast(text_on(fill), fill) >= 4.5


@pytest.mark.parametrize("colour", [style.INK, style.INK_SOFT])
def test_text_colours_read_on_white(colour: str) -> None:
    assert contrast(colour, "white") >= 4.5


def test_the_look_holds_inside_its_context_only() -> None:
    before = dict(mpl.rcParams)
    with chart_style():
        assert mpl.rcParams["font.family"] == ["DejaVu Sans"]
        assert mpl.rcParams["axes.spines.top"] is False
        sizes = [mpl.rcParams[key] for key in ("xtick.labelsize", "ytick.labelsize", "legend.fontsize")]
        assert min(sizes) >= 12
    assert dict(mpl.rcParams) == before
