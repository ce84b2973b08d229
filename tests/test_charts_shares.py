"""Shares with intervals: what is written, what is drawn, what is refused."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from smarthan.charts import draw_interval_groups, draw_shares, find_chart_problems

TABLE = pd.DataFrame(
    {
        "technology": ["ZigBee 2.4 GHz", "Broadband PLC (HomePlug Green PHY or G.hn)", "Wi-Fi"],
        "share": [0.98, 0.62, np.nan],
        "low": [0.9, 0.55, np.nan],
        "high": [1.0, 0.69, np.nan],
    }
)
NAMED = {"label": "technology", "share": "share", "low": "low", "high": "high"}


def test_each_row_has_its_figures_in_words_and_missing_is_not_nought() -> None:
    ax = draw_shares(TABLE, **NAMED)  # type: ignore[arg-type]
    assert [text.get_text() for text in ax.texts] == ["98% (90 to 100)", "62% (55 to 69)", "no estimate"]
    assert [tick.get_text().replace("\n", " ") for tick in ax.get_yticklabels()] == TABLE["technology"].tolist()


def test_the_first_row_is_on_top_and_the_axis_is_the_whole_range() -> None:
    ax = draw_shares(TABLE, **NAMED)  # type: ignore[arg-type]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert ax.get_xlim() == (0, 1)


def test_the_drawing_keeps_the_rules_and_the_table_stays_as_it_was() -> None:
    before = TABLE.copy(deep=True)
    ax = draw_shares(TABLE, **NAMED, reference=0.9925, reference_label="Target 99.25%")  # type: ignore[arg-type]
    assert find_chart_problems(ax) == []
    pd.testing.assert_frame_equal(TABLE, before)


def test_given_axes_are_drawn_on_and_returned() -> None:
    ax = Figure().add_subplot()
    assert draw_shares(TABLE, **NAMED, ax=ax) is ax  # type: ignore[arg-type]


def test_highlighting_greys_the_rest() -> None:
    ax = draw_shares(TABLE, label="technology", share="share", highlight=["Wi-Fi"])
    colours = {tuple(np.round(c, 3)) for c in ax.collections[-1].get_facecolors()}  # type: ignore[attr-defined]
    assert len(colours) == 2


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"share": "reach"}, KeyError, "no such column"),
        ({"share": "technology"}, TypeError, "not numbers"),
        ({"high": None}, ValueError, "both low and high"),
        ({"reference": 0.9}, ValueError, "reference_label"),
        ({"reference": 95, "reference_label": "Target"}, ValueError, "0 to 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(
    change: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        draw_shares(TABLE, **{**NAMED, **change})  # type: ignore[arg-type]


def test_percents_and_empty_tables_are_refused() -> None:
    with pytest.raises(ValueError, match=r"holds 98; allowed is 0 to 1"):
        draw_shares(TABLE.assign(share=98.0), label="technology", share="share")
    with pytest.raises(ValueError, match="no rows"):
        draw_shares(TABLE.iloc[:0], label="technology", share="share")


GROUPS = pd.DataFrame(
    [
        (home, link, 0.1 * place + 0.2)
        for home in ("Detached house", "High-rise flats, 10 storeys or more", "Converted house")
        for place, link in enumerate(("ZigBee 2.4 GHz", "ZigBee 868 MHz"))
    ],
    columns=["home", "link", "share"],
)


def test_panels_share_one_scale_and_an_absent_pair_says_so() -> None:
    ax = draw_interval_groups(GROUPS.iloc[:-1], panel="home", label="link", share="share")
    panels = ax.figure.axes
    assert len(panels) == 3
    assert {tuple(map(float, panel.get_xlim())) for panel in panels} == {(-0.03, 1.03)}
    assert "no estimate" in [text.get_text() for text in panels[-1].texts]
    assert find_chart_problems(ax) == []


def test_panels_can_stand_inside_a_larger_figure() -> None:
    figure = Figure(figsize=(12, 9), layout="constrained")
    left, right = figure.subplots(1, 2)
    draw_interval_groups(GROUPS, panel="home", label="link", share="share", ax=right)
    assert left in figure.axes
    assert len(figure.axes) == 4


def test_too_many_panels_and_twins_are_refused() -> None:
    many = pd.DataFrame({"home": [f"type {n}" for n in range(13)], "link": "a", "share": 0.5})
    with pytest.raises(ValueError, match="13 panels"):
        draw_interval_groups(many, panel="home", label="link", share="share")
    with pytest.raises(ValueError, match="stands twice"):
        draw_interval_groups(pd.concat([GROUPS, GROUPS]), panel="home", label="link", share="share")


@pytest.mark.parametrize(("highest", "end"), [(0.04, 0.05), (0.046, 0.1), (0.156, 0.2), (0.19, 1.0), (0.0, 1.0)])
def test_small_shares_get_an_axis_on_which_they_can_be_told_apart(highest: float, end: float) -> None:
    table = pd.DataFrame({"type": ["a", "b"], "share": [highest / 2, np.nan], "low": [0.0, np.nan], "high": highest})
    ax = draw_shares(table, label="type", share="share", low="low", high="high")
    assert ax.get_xlim() == (0, end)
    assert [tick.get_text() for tick in ax.get_xticklabels()][::5] == ["0%", f"{end:.0%}"]


def test_a_far_reference_keeps_the_whole_axis() -> None:
    table = pd.DataFrame({"type": ["a"], "share": [0.01]})
    assert draw_shares(table, label="type", share="share", reference=0.99, reference_label="x").get_xlim() == (0, 1)


def test_bounds_are_drawn_under_the_interval_and_named_in_a_key() -> None:
    wide = TABLE.assign(least=[0.5, 0.2, 0.0], most=[1.0, 0.9, 1.0])
    ax = draw_shares(wide, **NAMED, least="least", most="most", outer_label="All missing fail, to all work")  # type: ignore[arg-type]
    key = ax.get_legend()
    assert key is not None
    assert [text.get_text() for text in key.get_texts()][1] == "All missing fail, to all work"
    spans = ax.collections[0].get_segments()  # type: ignore[attr-defined]
    assert [span[:, 0].tolist() for span in spans] == [[0.5, 1.0], [0.2, 0.9], [0.0, 1.0]]
    assert find_chart_problems(ax) == []


@pytest.mark.parametrize("change", [{"most": None, "outer_label": "x"}, {"outer_label": " "}])
def test_half_a_bound_or_one_without_words_is_refused(change: dict[str, str | None]) -> None:
    wide = TABLE.assign(least=0.1, most=1.0)
    options = {"least": "least", "most": "most", "outer_label": "bounds", **change}
    with pytest.raises(ValueError, match=r"half a bound|bounds need"):
        draw_shares(wide, **NAMED, **options)  # type: ignore[arg-type]


def test_another_estimate_stands_beside_in_each_panel() -> None:
    two = GROUPS.assign(model=0.5)
    named = {"panel": "home", "label": "link", "share": "share", "beside": "model"}
    ax: Any = draw_interval_groups(two, **named, beside_label="Model")  # type: ignore[arg-type]
    beside = [np.asarray(panel.collections[-1].get_offsets())[:, 0].tolist() for panel in ax.figure.axes]
    assert beside == [[0.5, 0.5]] * len(beside)
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["Direct, with its interval", "Model"]
    assert find_chart_problems(ax) == []
    with pytest.raises(ValueError, match="needs beside_label"):
        draw_interval_groups(two, **named)  # type: ignore[arg-type]
