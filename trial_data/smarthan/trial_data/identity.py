"""Personal data, read apart and on explicit request only."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd

from smarthan.personal import tag_personal
from smarthan.tables import LIMITS, FileRefused, Joined, Limits, Rows, TableRead, join, open_rows
from smarthan.tables.workbook import open_sheet, open_workbook

from .declared import IDENTITY
from .delivery import WORKBOOKS
from .rules.personal_keys import withhold_refusal

PERSONAL_COLUMNS = tuple(field.name for field in IDENTITY.fields if field.personal)
# What these refusals say is about the file, never from it.
_TELL_NOTHING = ("file_missing", "file_unreadable", "file_empty", "file_too_large")
_log = logging.getLogger(__name__)


def read_identity(path: str | os.PathLike[str], *, limits: Limits = LIMITS) -> TableRead:
    """Read an identity file: who lives where. Its content never goes into an output.

    Parameters
    ----------
    path : path
        A `.csv` or `.csv.gz` file with building_id or dwelling_id and personal columns, or a workbook with a sheet
        `identity` of such columns; no other sheet of it is read.
    limits : Limits
        What a CSV file may cost; for a workbook see `smarthan.tables.workbook.WorkbookLimits`.

    Returns
    -------
    TableRead
        frame, quarantine, notes, ledger. `frame.attrs["personal"]` names the personal columns, so that every writer
        refuses the frame and what is made from it; quarantine and notes show no personal cell.

    Raises
    ------
    FileRefused
        When the file cannot be used; the message shows nothing of its content.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "identity.csv"
    ...     _ = path.write_text("building_id,uprn\\nB1,10001\\n,10002\\n")
    ...     read = read_identity(path)
    >>> len(read.frame), read.quarantine["code"].tolist(), "uprn" in read.frame.attrs["personal"]
    (1, ['required_missing'], True)
    """
    try:
        rows = _open_sheet(path) if _is_workbook(path) else open_rows(path, IDENTITY, limits=limits)
    except FileRefused as refused:
        raise withhold_refusal(refused, always=refused.code not in _TELL_NOTHING) from None
    homeless = rows.frame["building_id"].isna() & rows.frame["dwelling_id"].isna()
    unreported = homeless & rows.alive
    rows.reject(unreported, "required_missing", "building_id", "building_id and dwelling_id are both empty; give one")
    rows.reject_duplicates()
    read = rows.finish()
    return replace(read, frame=tag_personal(read.frame, PERSONAL_COLUMNS))


def _is_workbook(path: str | os.PathLike[str]) -> bool:
    return Path(path).suffix.casefold() in WORKBOOKS


def _open_sheet(path: str | os.PathLike[str]) -> Rows:
    book = open_workbook(path)
    sheet = book.find(IDENTITY.name)
    if sheet is None:
        raise FileRefused(path, "sheet_missing", f"has no sheet {IDENTITY.name}")
    rows = open_sheet(book, sheet, IDENTITY)
    for problem in book.notes:
        rows.note(problem.code, problem.message)
    return rows


def join_identity(frame: pd.DataFrame, identity: pd.DataFrame, *, on: str) -> Joined:
    """Add the personal columns of identity to a table: the one way to bring the two together.

    Parameters
    ----------
    frame : DataFrame
        A table of a trial, or one made from it.
    identity : DataFrame
        What `read_identity` gave.
    on : {"building_id", "dwelling_id"}
        Rows of identity without it are left aside.

    Returns
    -------
    Joined
        frame tagged as personal: every writer refuses it until `smarthan.personal.drop_personal` was called. The log
        of `smarthan.trial_data.identity` says that it was made and of how many rows, and shows no cell.

    Raises
    ------
    ValueError
        When `on` is another column, or a key stands twice in identity.
    KeyError
        When a table has no such column.

    Examples
    --------
    >>> homes = pd.DataFrame({"dwelling_id": ["D1", "D2"]})
    >>> identity = pd.DataFrame({"dwelling_id": ["D1"], "uprn": ["10001234"]})
    >>> joined = join_identity(homes, identity, on="dwelling_id")
    >>> joined.frame.attrs["personal"], len(joined.unmatched)
    (('uprn',), 1)
    """
    if on not in ("building_id", "dwelling_id"):
        raise ValueError(f"on: '{on}' is not one of building_id, dwelling_id")
    columns = [name for name in PERSONAL_COLUMNS if name in identity]
    known = tag_personal(identity.loc[identity[on].notna(), [on, *columns]], columns)
    joined = join(frame, known, on)
    _log.warning(
        "identity joined on %s: %d rows, %d without identity, %d personal columns",
        on, len(joined.frame), len(joined.unmatched), len(columns),
    )  # fmt: skip
    tagged = tag_personal(joined.frame, columns)
    tagged.attrs = {**frame.attrs, **tagged.attrs}
    return Joined(tagged, joined.unmatched)
