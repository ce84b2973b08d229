"""Executed notebooks made the same on each run: no times, no random ids, no version of the interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Where our own facts stand in an output's metadata; all other metadata of an output goes.
OURS = "smarthan"


def normalise_notebook(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return an executed notebook without anything that differs from run to run.

    Parameters
    ----------
    notebook : mapping
        An executed notebook as parsed JSON; not changed.

    Returns
    -------
    dict
        Cell ids c000, c001 ... in order (papermill gives the injected cell a random one); tags the only cell metadata;
        kernelspec and the language's name the only notebook metadata.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "id": "8f3a", "metadata": {"papermill": {"duration": 0.1}}, "source": "Hello"}
    >>> normalise_notebook({"cells": [cell], "metadata": {"papermill": {}}})["cells"]
    [{'cell_type': 'markdown', 'id': 'c000', 'metadata': {}, 'source': 'Hello'}]
    """
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    cells = [_normalise_cell(cell, place) for place, cell in enumerate(notebook["cells"])]
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _normalise_cell(cell: Mapping[str, Any], place: int) -> dict[str, Any]:
    tags = cell.get("metadata", {}).get("tags", [])
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    kept: dict[str, Any] = {
        "cell_type": cell["cell_type"],
        "id": f"c{place:03d}",
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source,
    }
    if cell["cell_type"] == "code":
        kept["execution_count"] = cell.get("execution_count")
        kept["outputs"] = [_normalise_output(output) for output in cell.get("outputs", [])]
    return kept


def _normalise_output(output: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(output)
    if "text" in kept:
        kept["text"] = _join(kept["text"])
    if "data" in kept:
        kept["data"] = {kind: _join(value) for kind, value in kept["data"].items()}
    if "metadata" in kept:
        kept["metadata"] = {name: value for name, value in kept["metadata"].items() if name == OURS}
    return kept


def _join(value: Any) -> Any:
    """Return a text that the notebook format keeps as a list of lines in one piece."""
    return "".join(value) if isinstance(value, list) and all(isinstance(line, str) for line in value) else value
