"""Tables in HTML that a screen reader can walk, and in CSV that cannot run."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.charts.tabular import MOST_ROWS, csv_text, format_cell, table_html

FRAME = pd.DataFrame({"area": ["<b>A</b>", "B"], "reach_share": [0.5, np.nan], "premises": [1200, 8]})


def test_headers_are_scoped_and_missing_is_in_words() -> None:
    html = table_html(FRAME, caption="Reach & cost", headings={"reach_share": "Reached"})
    assert "<caption>Reach &amp; cost</caption>" in html
    assert re.findall(r"<th scope=\"col\"[^>]*>([^<]*)</th>", html) == ["Area", "Reached", "Premises"]
    assert html.count('<th scope="row">') == 2
    assert ">50.0%<" in html
    assert ">not available<" in html
    assert ">1,200<" in html
    assert "<b>A</b>" not in html
    assert 'role="region" tabindex="0" aria-label="Reach &amp; cost"' in html


def test_a_synthetic_table_says_so_in_its_caption() -> None:
    assert "(synthetic data)</caption>" in table_html(FRAME, caption="Reach", synthetic=True)


def test_a_long_table_is_cut_and_says_where_the_rest_is() -> None:
    html = table_html(pd.DataFrame({"n": range(MOST_ROWS + 5)}), caption="Long")
    assert html.count("<tr>") == MOST_ROWS + 1
    assert "The first 200 of 205 rows" in html


def test_a_heading_for_no_column_is_refused() -> None:
    with pytest.raises(KeyError, match="reech"):
        table_html(FRAME, caption="Reach", headings={"reech": "Reach"})


@pytest.mark.parametrize(
    ("value", "spec", "words"),
    [
        (-0.0004, ".1%", "0.0%"),
        (-5, ",d", "-5"),
        (True, "", "yes"),
        (np.inf, ",.1f", "no upper limit"),
        (None, ",.1f", "not available"),
        ("planned", "", "planned"),
    ],
)
def test_a_cell_is_written_in_words(value: object, spec: str, words: str) -> None:
    assert format_cell(value, spec, "not available") == words


def test_csv_keeps_ten_digits_and_escapes_formulas() -> None:
    frame = pd.DataFrame({"note": ["=1+1", "@x"], "share": [0.1 + 0.2, -1 / 3]})
    assert csv_text(frame) == "note,share\n'=1+1,0.3\n'@x,-0.3333333333\n"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30))
def test_no_text_of_a_cell_becomes_markup(text: str) -> None:
    html = table_html(pd.DataFrame({"note": [text]}), caption="Notes", row_headers=0)
    inside = re.search(r"<td>(.*?)</td>", html, re.DOTALL)
    assert inside is not None
    assert "<" not in inside[1]
