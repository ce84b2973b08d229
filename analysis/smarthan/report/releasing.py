"""The last gate of a report that publishes a trial: nothing leaves without a record of disclosure control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .figures import Shown
from .refusals import ReportRefused


def refuse_uncontrolled(shown: Sequence[Shown], notebooks: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse charts and tables that bear no record of disclosure control, and words that came past it.

    Parameters
    ----------
    shown : sequence of Shown
    notebooks : mapping of str to mapping
        Name to executed notebook.

    Raises
    ------
    ReportRefused
        Every one of them at once.

    Notes
    -----
    The record itself is made where the table is made (`smarthan.findings.disclosed`); this gate cannot judge a table,
    it sees to it that somebody did.
    """
    bare = [
        f"{item.notebook}: {item.label} ({item.facts['name']}) bears no record of disclosure control; pass it through "
        "smarthan.findings.disclosed, or record there why it may stand as it is"
        for item in shown
        if not item.facts.get("disclosure")
    ]
    loose = [
        f"{name}: cell {place} prints or shows something past disclosure control; show it with show_table"
        for name, notebook in notebooks.items()
        for place, cell in enumerate(notebook["cells"], 1)
        if any(_is_loose(output) for output in cell.get("outputs", []))
    ]
    if bare or loose:
        raise ReportRefused([*bare, *loose])


def _is_loose(output: Mapping[str, Any]) -> bool:
    return "smarthan" not in output.get("metadata", {})
