"""The look-up panel asks the matrix what a person types, and shows the answer in words."""

import datetime as dt
from typing import Any

import pytest

from smarthan.coverage import sample_matrix
from smarthan.panels import lookup_panel


@pytest.fixture
def panel() -> Any:
    return lookup_panel(sample_matrix())


def test_nothing_is_asked_before_something_is_typed(panel: Any) -> None:
    assert panel.children[1].value == ""


def test_typing_a_postcode_or_a_day_shows_the_answer(panel: Any) -> None:
    fields, answer = panel.children
    key, _, day, _ = fields.children
    key.value = "ze10aa"
    assert "ZE1 0AA" in answer.value
    assert 'role="status"' in answer.value
    before = answer.value
    day.value = dt.date(2031, 1, 1)
    assert "asked for 2031-01-01" in answer.value
    assert answer.value != before


def test_the_button_asks_again_and_a_fault_is_said_in_words_not_raised(panel: Any) -> None:
    fields, answer = panel.children
    fields.children[0].value = "ZE1 OAA<script>"
    fields.children[3].click()
    assert "&lt;script&gt;" in answer.value
    assert "<script>" not in answer.value


def test_what_may_have_been_meant_is_named(panel: Any) -> None:
    fields, answer = panel.children
    fields.children[0].value = "ZE1 OAA"
    assert "Did you mean ZE1 0AA?" in answer.value
