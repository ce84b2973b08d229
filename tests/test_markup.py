"""Finished tables as HTML: escaped, captioned, scoped; what is missing is said in words."""

from __future__ import annotations

import pandas as pd
import pytest

from smarthan.analysis.record.markup import Block, Code, Heading, Items, Table, Text, Verbatim, show_table

HOSTILE = '<script>alert("x")</script>'


@pytest.mark.parametrize(
    "block",
    [
        Text(HOSTILE),
        Items([HOSTILE]),
        Items([HOSTILE], ordered=True),
        Heading(HOSTILE),
        Code("c", HOSTILE, HOSTILE),
        Verbatim("v", HOSTILE, HOSTILE),
        Table("t", pd.DataFrame({HOSTILE: [HOSTILE]}), HOSTILE),
        Table("t", pd.DataFrame({"a": [HOSTILE]}), "", headings={"a": HOSTILE}, missing=HOSTILE),
    ],
    ids=lambda block: type(block).__name__,
)
def test_no_text_becomes_markup(block: Block) -> None:
    assert "<script" not in block.__html__()
    assert "&lt;script&gt;" in block.__html__()


def test_a_table_has_a_caption_row_headers_and_a_named_box() -> None:
    html = Table("t", pd.DataFrame({"who": ["a"], "share": [0.5]}), "Shares", formats={"share": ".0%"}).__html__()
    assert "<caption><span>Shares</span></caption>" in html
    assert '<th scope="col">who</th>' in html
    assert '<th scope="row">a</th>' in html
    assert '<td class="number">50%</td>' in html
    assert 'tabindex="0" aria-label="Shares"' in html


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, ""], ids=str)
def test_what_is_missing_is_said_in_words(nothing: object) -> None:
    frame = pd.DataFrame({"a": ["x"], "b": pd.Series([nothing], dtype="object")})
    assert "<td>not stated</td>" in Table("t", frame, "c").__html__()


def test_truth_is_a_word_and_a_bar_is_as_long_as_its_share() -> None:
    frame = pd.DataFrame({"a": ["x", "y"], "yes": [True, False], "n": [5, 0]})
    html = Table("t", frame, "c", bars={"n": 10.0}).__html__()
    assert "<td>yes</td>" in html
    assert "<td>no</td>" in html
    assert html.count('class="bar" aria-hidden="true"') == 1
    assert "width:50.0%" in html


def test_a_date_stays_on_one_line() -> None:
    html = Table("t", pd.DataFrame({"a": ["x", "y"], "d": ["2013-06-30", "2013/06/30"]}), "c").__html__()
    assert html.count('<td class="date">') == 1


def test_a_hash_may_be_broken_over_lines() -> None:
    assert '<td class="long">' in Table("t", pd.DataFrame({"a": ["x"], "h": ["0" * 64]}), "c").__html__()


def test_a_table_in_a_notebook_says_synthetic() -> None:
    frame = pd.DataFrame({"a": ["x"], "v": [1.0]})
    assert "synthetic" not in show_table(frame, "c")
    frame.attrs["synthetic"] = True
    assert "synthetic: every number is invented" in show_table(frame, "c")
    assert "id=" not in show_table(frame, "c")
