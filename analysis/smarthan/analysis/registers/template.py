"""The blank workbook for the three lists, made from their declarations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from smarthan.analysis.appraisal.book_writing import SheetPlan, write_book

from .declared import LINK_KINDS, REGISTER_TABLES

_HOW = (
    "Each sheet is one list, one row an entry. Keep the names of the sheets and of their columns; a sheet that is not"
    " needed may stay empty or be deleted.",
    "A column whose name is bold on a shade is required: a row without it is set aside, and told why. Choose a cell to"
    " read what belongs there; many offer a list to choose from.",
    "Write days as 2026-11-02. Identifiers are text and never used again. Do not merge cells, add no titles above the"
    " names.",
    f"links says what an entry bears on: kind:id, several joined by ';', of the kinds {', '.join(LINK_KINDS)}.",
    "responses: leave stance empty where none was taken. Answers marked confidential are counted and never shown.",
    "Name organisations, not people. An e-mail address, telephone number or postcode in a text is withheld.",
)


def write_register_template(path: str | os.PathLike[str], *, replace: bool = False) -> Path:
    """Write the blank workbook for register, comments and responses.

    Parameters
    ----------
    path : path
        An `.xlsx` file; its folder must exist.
    replace : bool
        Whether a file of that name may be written over.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        When the name does not end in .xlsx.
    FileExistsError
        When the file is there and `replace` is False.
    OSError
        When it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_register_template(Path(folder) / "lists.xlsx").name
    'lists.xlsx'
    """
    plans = [SheetPlan(table, []) for table in REGISTER_TABLES.values()]
    return write_book(
        Path(path), "Register, comments and responses: blank workbook", _say_guide(), plans, replace=replace
    )


def _say_guide() -> Iterator[tuple[str, str]]:
    yield "title", "Register, comments and responses: how to fill this workbook in"
    yield from (("words", line) for line in _HOW)
    yield "heading", "The sheets"
    yield from (("words", f"{table.name}: {table.about}") for table in REGISTER_TABLES.values())
