"""A release as one file, prepared once for each kind of role and then sent from disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from smarthan.coverage.releases.opening import PARQUET

from .vocabulary import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from smarthan.coverage import CoverageMatrix

    from .holder import Served
    from .roles import Role

MEDIA = {"parquet": "application/vnd.apache.parquet", "csv": "text/csv; charset=utf-8"}
MOST_FILES = 8  # prepared files kept; each may have 200 MB


class Downloads:
    """The folder of prepared files; it is made when the first one is, and goes with the service."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def prepare(self, served: Served, role: Role, form: str) -> Path:
        """Return a file with as much of a release as a role may see; run it beside the loop."""
        whole = role.grain == "UPRN" and role.columns >= set(COLUMNS)
        if whole and form == "parquet" and served.opened.folder:
            return Path(served.opened.folder) / PARQUET
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="smarthan-service-"))
        path = self._folder / f"{served.tag}-{role.name}.{form}"
        if not path.is_file():
            self._make_room(self._folder)
            _write(served.matrix if whole else cut(served.matrix, role), path)
        os.utime(path)
        return path

    def close(self) -> None:
        """Remove the folder."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    @staticmethod
    def _make_room(folder: Path) -> None:
        """Forget the files unasked longest; one that is being sent is read to its end all the same."""
        held = sorted(
            (path for path in folder.iterdir() if path.suffix != ".toml"), key=lambda path: path.stat().st_mtime
        )
        for path in held[: max(len(held) - MOST_FILES + 1, 0)]:
            path.unlink()


def _write(matrix: CoverageMatrix, path: Path) -> None:
    from smarthan.coverage import write_matrix

    write_matrix(matrix, path)


def cut(matrix: CoverageMatrix, role: Role) -> CoverageMatrix:
    """Return the rows and columns of a release that a role may see.

    Parameters
    ----------
    matrix : CoverageMatrix
    role : Role
        At a coarser grain than UPRN the rows of single premises are left out; columns that are not the role's are
        empty.

    Returns
    -------
    CoverageMatrix

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> from smarthan.service.roles import Role
    >>> part = cut(sample_matrix(), Role("guest", frozenset(), "POSTCODE", frozenset({"available"})))
    >>> part.rows["location_kind"].unique().tolist(), int(part.rows["likelihood"].notna().sum())
    (['POSTCODE'], 0)
    """
    from smarthan.coverage.matrix import CoverageMatrix

    rows = matrix.rows
    if role.grain != "UPRN":
        rows = rows[rows["location_kind"].eq("POSTCODE")]
    hidden = [name for name in COLUMNS if name not in role.columns]
    shown = rows.assign(**{name: _empty(rows[name]) for name in hidden})
    return CoverageMatrix(shown.reset_index(drop=True), matrix.release.with_facts(row_count=len(shown)))


def _empty(column: pd.Series) -> pd.Series:
    """Return a column without its values, and without the words that a category would still list."""
    empty = column.where(column.isna())
    return empty.cat.remove_unused_categories() if hasattr(empty, "cat") else empty
