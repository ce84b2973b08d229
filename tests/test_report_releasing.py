"""A report that publishes a trial lets nothing out that bears no record of disclosure control, and says so."""

import copy
from typing import Any

from smarthan.report.releasing import withhold_uncontrolled


def _output(kind: str, name: str, **facts: Any) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "metadata": {"smarthan": {"kind": kind, "name": name, "title": f"a <{name}>", **facts}},
    }


GOOD = _output("table", "reach", disclosure={"method": "round"})
BARE = _output("chart", "map", disclosure={})
ANSWER: dict[str, Any] = {"output_type": "display_data", "metadata": {"smarthan": {"kind": "answer"}}}
PRINTED: dict[str, Any] = {"output_type": "stream", "name": "stdout", "text": "12 homes"}
RESULT: dict[str, Any] = {"output_type": "execute_result", "metadata": {}, "data": {"text/plain": "12"}}
NOTEBOOK: dict[str, Any] = {
    "cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": [GOOD, BARE, ANSWER, PRINTED, RESULT]}]
}


SAID = [
    "Withheld, since it bears no record of disclosure control: a <map> (chart map).",
    "Withheld: what cell 2 of 02_trial prints past disclosure control.",
]


def test_what_bears_a_record_and_what_answers_stays_and_words_stand_for_the_rest() -> None:
    before = copy.deepcopy(NOTEBOOK)
    kept, withheld = withhold_uncontrolled({"02_trial": NOTEBOOK})
    outputs = kept["02_trial"]["cells"][1]["outputs"]
    assert [outputs[0], outputs[2]] == [GOOD, ANSWER]
    assert [output["data"]["text/plain"] for output in outputs if output not in (GOOD, ANSWER)] == [*SAID, SAID[1]]
    assert outputs[1]["data"]["text/html"].startswith('<p class="notice">Withheld, since')
    assert "a &lt;map&gt;" in outputs[1]["data"]["text/html"]
    assert withheld == SAID
    assert before == NOTEBOOK


def test_a_notebook_taken_over_by_a_later_run_tells_it_again() -> None:
    kept, withheld = withhold_uncontrolled({"02_trial": NOTEBOOK})
    assert withhold_uncontrolled(kept) == (kept, withheld)


def test_a_notebook_that_passes_is_left_as_it_is() -> None:
    notebook = {"cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": [GOOD]}]}
    assert withhold_uncontrolled({"02_trial": notebook}) == ({"02_trial": notebook}, [])
