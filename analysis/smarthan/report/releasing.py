"""The last gate of a report that publishes a trial: what bears no record of disclosure control stays in the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


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
    withheld: list[str] = []
    kept = {
        name: {
            **notebook,
            "cells": [_sift(cell, f"cell {n} of {name}", withheld) for n, cell in enumerate(notebook["cells"], 1)],
        }
        for name, notebook in notebooks.items()
    }
    return kept, withheld


def _sift(cell: Mapping[str, Any], where: str, withheld: list[str]) -> dict[str, Any]:
    """Return a cell without the outputs that may not leave; say of each what it was."""
    if "outputs" not in cell:
        return dict(cell)
    loose = [output for output in cell["outputs"] if "smarthan" not in output.get("metadata", {})]
    bare = [output for output in cell["outputs"] if output not in loose and _is_bare(output["metadata"]["smarthan"])]
    withheld += [
        f"Withheld, since it bears no record of disclosure control: {facts['title']} ({facts['kind']} {facts['name']})."
        for facts in (output["metadata"]["smarthan"] for output in bare)
    ]
    if loose:
        withheld.append(f"Withheld: what {where} prints past disclosure control.")
    return {**cell, "outputs": [output for output in cell["outputs"] if output not in loose and output not in bare]}


def _is_bare(facts: Mapping[str, Any]) -> bool:
    return facts.get("kind") != "answer" and not facts.get("disclosure")
