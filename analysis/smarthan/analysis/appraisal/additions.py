"""Rows that come from elsewhere (measured reach, accepted claims) taken up into an appraisal."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from .copying import require_readable, write_form
from .draft import AppraisalDraft, Row
from .keys import TABLES
from .reading import open_draft

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS = {"scores": ("option", "criterion", "assessor"), "evidence": ("id",)}
_SAID = ("level", "best", "low", "high", "n", "k", "p")


class JudgementRows(Protocol):
    """Rows for an appraisal: `ReachScores` and `ProviderResponses` are such."""

    @property
    def scores(self) -> pd.DataFrame:
        """Rows of `scores.csv`, all text."""

    @property
    def evidence(self) -> pd.DataFrame:
        """Rows of `evidence.csv`, all text."""

    @property
    def synthetic(self) -> bool:
        """Whether anything in them is invented."""


def add_judgements(
    path: str | PathLike[str], out: str | PathLike[str], *rows: JudgementRows, replace: bool = False
) -> Path:
    """Write an appraisal again with rows taken up into its scores and its evidence.

    Parameters
    ----------
    path : path
        The folder or workbook of an appraisal.
    out : path
        A new folder, or a name that ends in .xlsx.
    *rows : ReachScores, ProviderResponses
        From `Reach.to_scores` or `read_request`; later ones win.
    replace : bool
        Whether files that are there may be written over; only then may `out` be `path`.

    Returns
    -------
    Path
        What was written. Read it with `read_appraisal`: nothing is checked here.

    Raises
    ------
    ValueError
        When the rows are synthetic and the appraisal does not say that it is.
    AppraisalError
        When a file of the appraisal cannot be read.
    FileExistsError
        When something is there and `replace` is False.

    Notes
    -----
    A row takes the place of the one with the same option, criterion and assessor (evidence: the same id); any other is
    added at the end. Where a score arrives for a cell, rows that state it as missing go: they say that nothing is
    known. A row that is itself stated as missing is added only where its cell has no other row.

    Examples
    --------
    >>> import tempfile
    >>> from smarthan.analysis import read_appraisal, write_appraisal_template
    >>> from smarthan.analysis.homes.reach_scores import ReachScores
    >>> row = {"option": "wire", "criterion": "reach", "assessor": "trial", "n": "40", "k": "31", "evidence": "E1"}
    >>> found = ReachScores(pd.DataFrame([row]), pd.DataFrame(columns=["id"]), (), synthetic=True)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first = write_appraisal_template(Path(folder) / "first")
    ...     second = read_appraisal(add_judgements(first, Path(folder) / "second", found))
    >>> [(one.n, one.k) for one in second.cells["wire", "reach"]]
    [(40.0, 31.0)]
    """
    draft = open_draft(path)
    require_readable(draft, path)
    for each in rows:
        if each.synthetic and draft.written.get("synthetic") is not True:
            raise ValueError(
                f"{path}: the rows are synthetic and the appraisal is not; state synthetic = true in it first"
            )
        for table in _KEYS:
            frame = each.scores if table == "scores" else each.evidence
            _put(draft, table, frame.astype("str").to_dict("records"))
    return write_form(draft, Path(out), replace=replace)


def _put(draft: AppraisalDraft, table: str, rows: list[dict[object, str]]) -> None:
    key = _KEYS[table]
    for new in rows:
        row = dict.fromkeys(TABLES[table], "") | {str(name): cell for name, cell in new.items()}
        kept = _make_room(draft.tables[table], row) if table == "scores" else list(draft.tables[table])
        if kept is None:
            continue
        at = next((n for n, (_, cells) in enumerate(kept) if _key(cells, key) == _key(row, key)), len(kept))
        line = kept[at][0] if at < len(kept) else max((line for line, _ in kept), default=1) + 1
        draft.tables[table] = [*kept[:at], (line, row), *kept[at + 1 :]]


def _make_room(rows: list[Row], new: Mapping[str, str]) -> list[Row] | None:
    """Return the rows without what a new one makes void; None where the new one says nothing that is not said."""
    cell = _key(new, _KEYS["scores"][:2])
    same = [cells for _, cells in rows if _key(cells, _KEYS["scores"][:2]) == cell]
    if _is_missing(new):
        others = [cells for cells in same if cells.get("assessor", "") != new["assessor"]]
        return None if others else list(rows)
    void = [id(cells) for cells in same if _is_missing(cells)]
    return [(line, cells) for line, cells in rows if id(cells) not in void]


def _is_missing(cells: Mapping[str, str]) -> bool:
    return not any(cells.get(name, "") for name in _SAID)


def _key(cells: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(cells.get(name, "") for name in names)
