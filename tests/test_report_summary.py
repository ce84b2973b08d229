"""The summary takes question and answer from each notebook, in whole sentences and no more than a page holds."""

from typing import Any

import pytest

from smarthan.report.summary import LONGEST_LINE, Answered, read_answers


def _notebook(question: str, *answers: str) -> dict[str, Any]:
    outputs = [
        {"metadata": {"smarthan": {"kind": "answer"}}, "data": {"text/plain": text, "text/html": "<p>"}}
        for text in answers
    ]
    return {
        "cells": [
            {"cell_type": "markdown", "source": question},
            {"cell_type": "code", "source": "", "outputs": outputs},
        ]
    }


def test_the_last_answer_of_each_notebook_counts() -> None:
    found = read_answers(
        {"01_where": _notebook("# Where?\n\nWords.", "SW1A", "**99%** here."), "02_x": _notebook("no")}
    )
    assert found == [Answered("part-01", "Where?", "**99%** here."), Answered("part-02", "02_x", "")]


@pytest.mark.parametrize(
    ("answer", "short"),
    [
        ("One. Two.\n\nThree.", "One. Two."),
        ("A leads. The first four:\n- A\n- B", "A leads."),
        ("The first four:\n- A\n- B", "The first four: A; B."),
        ("The first four:\n\n- A: 3. More.\n- B: **2**.\n\nC.", "The first four: A: 3; B: **2**."),
        (f"The first four:\n\n- A\n- {'x' * LONGEST_LINE}", "The first four: A."),
        ("It comes to this:\n\nTen. More.", "It comes to this: Ten."),
        ("The first four:", "The first four: see there."),
        ("Out at a gate: LPWAN.", "Out at a gate: LPWAN."),
        ("", ""),
        (f"First. {'X' * LONGEST_LINE}. Z.", "First."),
        (f"{'x' * 2 * LONGEST_LINE}. Second.", f"{'x' * 2 * LONGEST_LINE}."),
    ],
)
def test_the_short_form_keeps_whole_sentences(answer: str, short: str) -> None:
    assert Answered("a", "Q?", answer).short == short
