"""From executed notebooks to the files of a pack: page, PDF, pictures, tables, workbook."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .cover import make_cover
from .figures import Shown, gather_shown, write_charts
from .notebooks import notebook_text
from .planning import Plan
from .publishing import naming
from .releasing import withhold_uncontrolled

if TYPE_CHECKING:
    from .printing import Printing

PAGE, PDF, WORKBOOK = "report.html", "report.pdf", "tables.xlsx"


@dataclass(frozen=True)
class Gathered:
    """The files of a pack as they were made.

    Attributes
    ----------
    shown : sequence of Shown
        Its charts and tables, numbered.
    without_pdf : str
        Why there is no PDF; empty when there is one.
    withheld : tuple of str
        What disclosure control kept in the house.
    """

    shown: Sequence[Shown]
    without_pdf: str = ""
    withheld: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many charts and how many tables there are."""
        return count_shown(self.shown)


def count_shown(shown: Sequence[Shown]) -> dict[str, int]:
    """Return how many charts and how many tables are among the things shown."""
    charts = sum(item.kind == "chart" for item in shown)
    return {"chart": charts, "table": len(shown) - charts}


def gather_pack(plan: Plan, folder: Path, *, rows: Mapping[str, Mapping[str, int]], commit: str, pdf: bool) -> Gathered:
    """Make the files of a pack from the executed notebooks in its folder, and clear all else out.

    Parameters
    ----------
    plan : Plan
    folder : Path
        Holds `notebooks/NAME.ipynb` for each notebook of the plan.
    rows : mapping of str to mapping
        Input to its rows read, accepted and quarantined.
    commit : str
        Of the code.
    pdf : bool
        Whether to make the PDF, where it can be made.

    Returns
    -------
    Gathered

    Raises
    ------
    ReportRefused
        When two figures have one name, or a file that was made breaks a rule of accessibility.
    OSError
        When the disk does not take a file, which the error names.
    """
    from .page import render_page
    from .workbook import write_workbook

    names = [task.name for task in plan.tasks]
    _clear(folder, names)
    notebooks = {n: json.loads((folder / "notebooks" / f"{n}.ipynb").read_text(encoding="utf-8")) for n in names}
    withheld: list[str] = []
    if plan.kind.is_of_trial:
        notebooks, withheld = withhold_uncontrolled(notebooks)
        _write_notebooks(notebooks, folder)
    shown = gather_shown(notebooks)
    cover = make_cover(plan, rows, commit, withheld)
    page = render_page(notebooks, shown, cover)
    with naming(folder / PAGE):
        (folder / PAGE).write_text(page, encoding="utf-8", newline="\n")
    with _start_pdf(page, shown, folder / PDF, cover.as_of) if pdf else nullcontext() as printing:
        write_charts(shown, folder, licence=cover.licence)
        if shown:
            write_workbook(
                shown, folder / WORKBOOK, title=cover.title, organisation=cover.organisation, as_of=cover.as_of
            )
        return Gathered(shown, printing.finish() if printing else "it was not asked for", tuple(withheld))


def _start_pdf(page: str, shown: Sequence[Shown], path: Path, day: dt.date) -> Printing:
    from .pdf import without_heavy_drawings
    from .printing import Printing

    return Printing(without_heavy_drawings(page, shown), path, day=day)


def _write_notebooks(notebooks: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Write the copies that leave the house in place of those that were executed."""
    for name, notebook in notebooks.items():
        path = folder / "notebooks" / f"{name}.ipynb"
        with naming(path):
            path.write_text(notebook_text(notebook), encoding="utf-8")


def _clear(folder: Path, names: Sequence[str]) -> None:
    """Remove what an earlier, failed run left in a folder beside the notebooks of this one."""
    keep = {f"{name}.ipynb" for name in names}
    for path in [*folder.iterdir(), *(folder / "notebooks").iterdir()]:
        if path.name == "notebooks" or (path.parent.name == "notebooks" and path.name in keep):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
