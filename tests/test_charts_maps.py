"""The map: classes in words, cells where they belong, nothing outside Great Britain."""

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_grid_map, find_chart_problems

CELLS = pd.DataFrame({"e": [300_100, 305_000, 310_000], "n": [700_000, 704_999, 700_000], "v": [0.4, 0.9, np.nan]})
NAMED = {"easting": "e", "northing": "n", "value": "v", "classes": ["Under 90%", "90% or more"], "breaks": [0.9]}


def test_each_cell_has_its_class_and_a_value_on_an_end_belongs_above() -> None:
    ax = draw_grid_map(CELLS, **NAMED)  # type: ignore[arg-type]
    drawn = np.asarray(ax.images[0].get_array())[140, 60:63]
    assert drawn.tolist() == [0, 1, 2]
    assert ax.get_aspect() == 1


def test_the_key_names_the_classes_and_the_missing_in_words() -> None:
    legend = draw_grid_map(CELLS, **NAMED, missing="No postcode surveyed").get_legend()  # type: ignore[arg-type]
    assert legend is not None
    assert {text.get_text() for text in legend.get_texts()} == {"Under 90%", "90% or more", "No postcode surveyed"}


def test_words_can_be_classes_without_breaks() -> None:
    table = CELLS.assign(v=["covered", "not covered", "covered"])
    ax = draw_grid_map(table, easting="e", northing="n", value="v", classes=["not covered", "covered"])
    assert np.asarray(ax.images[0].get_array())[140, 60:63].tolist() == [1, 0, 1]
    assert find_chart_problems(ax) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"breaks": [0.5, 0.9]}, "2 breaks for 2 classes"),
        ({"classes": ["one"], "breaks": []}, "1 classes; 2 to 5"),
        ({"classes": list("abc"), "breaks": [0.9, 0.5]}, "do not rise"),
        ({"cell_m": 20_000.0}, "stands twice"),
    ],
)
def test_a_map_that_would_mislead_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw_grid_map(CELLS, **{**NAMED, **change})  # type: ignore[arg-type]


def test_degrees_or_the_sea_are_refused() -> None:
    with pytest.raises(ValueError, match="lies outside Great Britain"):
        draw_grid_map(CELLS.assign(e=-3.2), **NAMED)  # type: ignore[arg-type]
