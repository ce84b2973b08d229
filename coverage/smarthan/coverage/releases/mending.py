"""An index made again from the Parquet file of its release, and kept in the user's cache."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from pathlib import Path

from smarthan.coverage.cache import keep_folder
from smarthan.coverage.index.building import build_index
from smarthan.coverage.index.mapped import MappedMatrix
from smarthan.coverage.index.packing import ArrayFile

from .opening import HASHES, INDEX, PARQUET


def make_index(folder: str, source: str, kept: str) -> MappedMatrix:
    """Return the index of the Parquet file of a release folder.

    Parameters
    ----------
    folder : str
        The release folder.
    source : str
        SHA-256 of its Parquet file.
    kept : str
        A folder of the cache where the index is kept, so that the next process finds it; one that stands there is
        damaged, or it would not have come to this. A cache that cannot be written to is no error.
    """
    from .parquet_rows import read_release_facts, read_rows

    path = Path(folder) / PARQUET
    release = read_release_facts(path)
    data = build_index(read_rows(path), release, source_sha256=source)

    def fill(place: Path) -> None:
        (place / INDEX).write_bytes(data)
        (place / HASHES).write_text(f"{source}  {PARQUET}\n{hashlib.sha256(data).hexdigest()}  {INDEX}\n", "ascii")

    with contextlib.suppress(OSError):
        shutil.rmtree(kept, ignore_errors=True)
        keep_folder(Path(kept), fill)
    return MappedMatrix(ArrayFile(data, path))
