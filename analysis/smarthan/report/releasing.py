"""The last gate of a report that publishes a trial: what bears no record of disclosure control stays in the house."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

WITHHELD = "withheld"


def withhold_uncontrolled(notebooks: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Take charts and tables without a record of disclosure control out of notebooks, and whatever else they print.

    Parameters
    ----------
    notebooks : mapping of str to mapping
        Name to executed notebook; not changed.

    Returns
    -------
    dict of str to dict, list of str
        The notebooks as they may leave, and what was withheld, a sentence each for the first page.

    Notes
    -----
    The record is made where the table is made (`smarthan.findings.disclosed`). This gate cannot judge a table; it sees
    to it that somebody did, and words made by `show_answer` pass.

    Examples
    --------
    >>> printed = {"output_type": "stream", "text": "12 homes"}
    >>> cell = {"cell_type": "code", "outputs": [printed]}
    >>> withhold_uncontrolled({"02_trial": {"cells": [cell]}})[1]
    ['Withheld: what cell 1 of 02_trial prints past disclosure control.']
    """
    kept = {
        name: {**notebook, "cells": [_sift(cell, f"cell {n} of {name}") for n, cell in enumerate(notebook["cells"], 1)]}
        for name, notebook in notebooks.items()
    }
    outputs = [o for notebook in kept.values() for cell in notebook["cells"] for o in cell.get("outputs", [])]
    return kept, list(dict.fromkeys(o["data"]["text/plain"] for o in outputs if _facts(o).get("kind") == WITHHELD))


def _sift(cell: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return a cell in which words stand for each output that may not leave."""
    if "outputs" not in cell:
        return dict(cell)
    return {**cell, "outputs": [_let_out(output, where) for output in cell["outputs"]]}


def _let_out(output: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    facts = _facts(output)
    if facts.get("kind") in ("answer", WITHHELD) or facts.get("disclosure"):
        return output
    words = f"Withheld: what {where} prints past disclosure control."
    if facts:
        shown = f"{facts['title']} ({facts['kind']} {facts['name']})"
        words = f"Withheld, since it bears no record of disclosure control: {shown}."
    # The words stay in the notebook: a later run that takes it over tells them again.
    data = {"text/html": f'<p class="notice">{escape(words)}</p>', "text/plain": words}
    return {"output_type": "display_data", "data": data, "metadata": {"smarthan": {"kind": WITHHELD}}}


def _facts(output: Mapping[str, Any]) -> Mapping[str, Any]:
    return output.get("metadata", {}).get("smarthan", {})
