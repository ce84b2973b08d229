"""A report that publishes a trial lets nothing out that bears no record of disclosure control, and says so."""

import copy
from typing import Any

from smarthan.report.releasing import withhold_uncontrolled


def _output(kind: str, name: str, **facts: Any) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "metadata": {"smarthan": {"kind": kind, "name": name, "title": name, **facts}},
    }


GOOD = _output("table", "reach", disclosure={"method": "round"})
BARE = _output("chart", "map", disclosure={})
ANSWER: dict[str, Any] = {"output_type": "display_data", "metadata": {"smarthan": {"kind": "answer"}}}
PRINTED: dict[str, Any] = {"output_type": "stream", "name": "stdout", "text": "12 homes"}
RESULT: dict[str, Any] = {"output_type": "execute_result", "metadata": {}, "data": {"text/plain": "12"}}
NOTEBOOK: dict[str, Any] = {
    "cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": [GOOD, BARE, ANSWER, PRINTED, RESULT]}]
}


def test_what_bears_a_record_and_what_answers_stays() -> None:
    before = copy.deepcopy(NOTEBOOK)
    kept, withheld = withhold_uncontrolled({"02_trial": NOTEBOOK})
    assert kept["02_trial"]["cells"][1]["outputs"] == [GOOD, ANSWER]
    assert withheld == [
        "Withheld, since it bears no record of disclosure control: map (chart map).",
        "Withheld: what cell 2 of 02_trial prints past disclosure control.",
    ]
    assert before == NOTEBOOK


def test_a_notebook_that_passes_is_left_as_it_is() -> None:
    notebook = {"cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": [GOOD]}]}
    assert withhold_uncontrolled({"02_trial": notebook}) == ({"02_trial": notebook}, [])
