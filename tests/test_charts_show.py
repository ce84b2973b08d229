"""What stands on the page: one bundle with headline, alternative text, source and data, or a refusal."""

from typing import Any

import pandas as pd
import pytest

from smarthan.charts import draw_shares, show_answer, show_chart, show_table
from smarthan.charts.bundle import text_html

DATA = pd.DataFrame({"type": ["Flat", "House"], "share": [0.5, 0.9], "low": [0.4, 0.8], "high": [0.6, 1.0]})
WORDS: dict[str, Any] = {
    "name": "reach_by_type",
    "title": "Most houses are reached, half of flats",
    "subtitle": "Share of homes, Great Britain, 2026",
    "alt": "Flats 50 per cent, houses 90 per cent.",
    "source": "Trial <1>",
    "method": "Wilson, the building is the unit",
}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """Return the bundles that were displayed, with our metadata."""
    bundles: list[tuple[dict[str, str], dict[str, Any]]] = []

    def keep(bundle: dict[str, str], *, raw: bool, metadata: dict[str, Any]) -> None:
        assert raw
        bundles.append((bundle, metadata["smarthan"]))

    monkeypatch.setattr("IPython.display.display", keep)
    return bundles


def _show(**changes: Any) -> None:
    data = changes.pop("data", DATA)
    ax = draw_shares(DATA, label="type", share="share", low="low", high="high")
    show_chart(ax, data=data, **{**WORDS, **changes})


def test_a_chart_has_everything_in_one_bundle(shown: list[Any]) -> None:
    _show(n="812 dwellings")
    bundle, facts = shown[0]
    assert sorted(bundle) == ["image/png", "image/svg+xml", "text/csv", "text/html", "text/plain"]
    html = bundle["text/html"]
    for part in (
        '<figure class="chart" id="chart-reach_by_type">',
        '<h2 class="headline">',
        "Trial &lt;1&gt;",
        "<details>",
    ):
        assert part in html
    assert f'alt="{WORDS["alt"]}"' in html
    assert bundle["text/csv"].startswith("type,share,low,high\nFlat,0.5,0.4,0.6\n")
    assert facts["number_columns"] == ["share", "low", "high"]
    assert facts["synthetic"] is False


def test_the_same_chart_twice_is_the_same_to_the_byte(shown: list[Any]) -> None:
    _show()
    _show()
    assert shown[0] == shown[1]


def test_synthetic_data_says_so_in_picture_caption_and_table(shown: list[Any]) -> None:
    made_up = DATA.copy()
    made_up.attrs["synthetic"] = True
    _show(data=made_up)
    bundle, facts = shown[0]
    assert facts["synthetic"] is True
    assert "Synthetic data: made up" in bundle["text/html"]
    assert "(synthetic data)</caption>" in bundle["text/html"]
    assert "Synthetic data" in bundle["image/svg+xml"]  # matplotlib keeps the words of a path as a comment


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"alt": ""}, "alt has 0 characters"),
        ({"alt": "short"}, "alt has 5 characters"),
        ({"alt": WORDS["title"]}, "alt repeats the title"),
        ({"alt": "reach of all technologies.png"}, "alt is a file name"),
        ({"title": "one two three four five six seven eight nine ten eleven"}, "title has 11 words"),
        ({"title": " "}, "title is empty"),
        ({"subtitle": ""}, "subtitle is empty"),
        ({"source": ""}, "source is empty"),
        ({"name": "Reach by type"}, "name is 'Reach by type'"),
        ({"method": ""}, "holds an interval"),
        ({"level": 1}, "level is 1"),
        ({"data": DATA.iloc[:0]}, "no rows"),
    ],
)
def test_a_chart_that_does_not_serve_all_is_refused(shown: list[Any], change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        _show(**change)
    assert shown == []


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"source is empty.*subtitle is empty.*alt has"):
        _show(source="", subtitle="", alt="x")


def test_a_broken_drawing_is_refused() -> None:
    ax = draw_shares(DATA, label="type", share="share")
    ax.set_title("Headline in the picture")
    with pytest.raises(ValueError, match="a title stands inside the picture"):
        show_chart(ax, data=DATA, **WORDS)


def test_a_table_needs_no_alt_and_may_have_a_longer_title(shown: list[Any]) -> None:
    title = "Share of homes that a working link reaches, by type of dwelling and by region, 2026"
    show_table(DATA, name="reach", title=title, source="Trial", method="Wilson")
    bundle, facts = shown[0]
    assert '<figure class="table" id="table-reach">' in bundle["text/html"]
    assert facts["kind"] == "table"
    with pytest.raises(ValueError, match="source is empty"):
        show_table(DATA, name="reach", title=title, source="", method="Wilson")


def test_an_answer_is_words_and_never_markup(shown: list[Any]) -> None:
    show_answer("Reach is **90%**.\n\n- <script>\n- two")
    html = shown[0][0]["text/html"]
    assert "<strong>90%</strong>" in html
    assert "<li>&lt;script&gt;</li>" in html
    with pytest.raises(ValueError, match="text is empty"):
        show_answer("  ")
    assert text_html("one\ntwo") == "<p>one two</p>"
