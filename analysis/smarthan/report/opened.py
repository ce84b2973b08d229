"""Coverage releases that were read and checked once, kept so that the next reader opens them in no time.

A release of two million rows takes seconds to read and check, and every notebook on coverage would read it anew. What
is kept stands in the user's cache folder under a key of the file, of what stands beside it and of the code that reads
it; it may be deleted at any time.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .provenance import hash_source, hash_values

if TYPE_CHECKING:
    from smarthan.coverage import CoverageMatrix

# A release of the country takes 40 MB: this and the release before it, of a few reports.
MOST_KEPT = 8
_FRAMES = ("quarantine", "ledger", "notes")


def read_release(path: Path, *, keep: bool = False) -> Any:
    """Read a coverage release, from what was kept of an earlier reading where there is such a thing.

    Parameters
    ----------
    path : Path
        What `smarthan.coverage.read_matrix` takes.
    keep : bool
        Whether to keep what was read. Only single files are kept.

    Returns
    -------
    MatrixRead

    Raises
    ------
    FileRefused
        As `read_matrix` does.
    """
    from smarthan.coverage import read_matrix

    if not path.is_file():
        return read_matrix(path)
    folder = _folder_of(path)
    kept = _open_kept(folder, path)
    if kept is not None:
        return kept
    read = read_matrix(path)
    if keep:
        _keep(folder, read)
    return read


def _folder_of(path: Path) -> Path:
    from smarthan.coverage.cache import cache_folder
    from smarthan.files import sha256_of

    beside = Path(f"{path}.release.toml")
    facts = [path.name, sha256_of(path), sha256_of(beside) if beside.is_file() else "", hash_source()]
    return cache_folder() / "opened" / hash_values(facts)[:24]


def _open_kept(folder: Path, path: Path) -> Any:
    """Return what was kept of a release, or None: of a damaged copy nothing is believed."""
    import pandas as pd

    from smarthan.coverage import CoverageMatrix, MatrixRead

    if not folder.is_dir():
        return None
    try:
        matrix: CoverageMatrix = CoverageMatrix.open(folder / "release")
        frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in _FRAMES}
    except (OSError, ValueError):
        shutil.rmtree(folder, ignore_errors=True)
        return None
    os.utime(folder)  # the least recently used is let go first
    return MatrixRead(matrix, **{name: _name_file(frame, path) for name, frame in frames.items()})


def _name_file(frame: Any, path: Path) -> Any:
    """Return a table of an account with the file named as it was asked for now, and its texts as texts."""
    coded = frame.select_dtypes("category")
    texts = {str(name): coded[name].astype("str") for name in coded}
    frame = frame.assign(**{**texts, "file": os.fspath(path)})
    return frame.astype({"file": "str", **dict.fromkeys(coded, "category")})


def _keep(folder: Path, read: Any) -> None:
    from smarthan.coverage.cache import keep_folder

    def fill(partial: Path) -> None:
        read.matrix.save(partial / "release")
        for name in _FRAMES:
            getattr(read, name).to_parquet(partial / f"{name}.parquet")

    try:
        keep_folder(folder, fill)
    except OSError:  # no room, or no such right: the copy is for speed alone, and the next reader reads the file
        return
    kept = sorted((p for p in folder.parent.iterdir() if not p.name.startswith(".")), key=lambda p: p.stat().st_mtime)
    for old in kept[:-MOST_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
