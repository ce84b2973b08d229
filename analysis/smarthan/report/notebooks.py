"""Where the notebooks stand, and how one is read and stripped."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .refusals import ReportRefused

READING_ORDER = "reading_order.txt"
NOTEBOOK_NAME = re.compile(r"\d{2}_[a-z0-9_]+")


def notebook_folder() -> Path:
    """Return the folder of the shipped notebooks: inside the package in an installation, else in the project.

    Returns
    -------
    Path

    Raises
    ------
    FileNotFoundError
        When neither is there.
    """
    package = Path(__file__).parent / "notebooks"
    project = Path(__file__).parents[3] / "notebooks"
    for folder in (package, project):
        if folder.is_dir():
            return folder
    raise FileNotFoundError("the notebooks are not installed; reinstall smarthan, or run from the project's folder")


def list_notebooks(folder: Path) -> dict[str, Path]:
    """Return the notebooks of a folder, name to path, in reading order.

    Notes
    -----
    The file `reading_order.txt` beside them names one a line; those it does not name follow by their numbers. Numbers
    are names that others refer to: a notebook that joins late takes the next one, wherever in the story it belongs.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "02_b.ipynb").write_text("{}")
    ...     _ = (Path(folder) / "scratch.ipynb").write_text("{}")
    ...     list(list_notebooks(Path(folder)))
    ['02_b']
    """
    found = {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
    first = _read_order(folder / READING_ORDER)
    names = [*(name for name in first if name in found), *(name for name in found if name not in first)]
    return {name: found[name] for name in names if NOTEBOOK_NAME.fullmatch(name)}


def _read_order(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def read_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook file.

    Raises
    ------
    ReportRefused
        When the file is not a notebook of format 4.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReportRefused([f"{path.name}: cannot be read as a notebook: {error}"]) from None
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4 or not isinstance(notebook.get("cells"), list):
        raise ReportRefused([f"{path.name}: is not a notebook of format 4; save it again in JupyterLab"])
    return notebook


def strip_notebook(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return a notebook as it is committed: no outputs, counts or run metadata; ids kept, or given where missing.

    Parameters
    ----------
    notebook : mapping
        A notebook as parsed JSON; not changed.

    Returns
    -------
    dict

    Notes
    -----
    Injected parameter cells of papermill are dropped. A missing or repeated id becomes `cell-NN` by position, so that
    stripping twice changes nothing.

    Examples
    --------
    >>> cell = {"cell_type": "code", "id": "a", "metadata": {"collapsed": True}, "source": "1", "outputs": [1],
    ...         "execution_count": 3}
    >>> strip_notebook({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})["cells"][0]["outputs"]
    []
    """
    kept = [cell for cell in notebook["cells"] if "injected-parameters" not in _tags(cell)]
    taken: set[str] = set()
    cells = [_strip_cell(cell, place, taken) for place, cell in enumerate(kept)]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def notebook_text(notebook: Mapping[str, Any]) -> str:
    """Return a notebook as JSON text in the form Jupyter writes: one space, sorted keys, a line end at the end."""
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _tags(cell: Mapping[str, Any]) -> list[str]:
    return list(cell.get("metadata", {}).get("tags", []))


def _strip_cell(cell: Mapping[str, Any], place: int, taken: set[str]) -> dict[str, Any]:
    name = str(cell.get("id", ""))
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) or name in taken:
        name = f"cell-{place:02d}"
    taken.add(name)
    source = cell.get("source", "")
    lines = source if isinstance(source, str) else "".join(source)
    tags = {"tags": _tags(cell)} if _tags(cell) else {}
    kept = {"cell_type": cell["cell_type"], "id": name, "metadata": tags, "source": lines.splitlines(keepends=True)}
    return {**kept, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else kept
