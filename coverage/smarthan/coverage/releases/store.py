"""Which release a question is put to: one named, one in the surroundings, or the demonstration release.

Standard library only, until a release has to be read or made.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from smarthan.coverage.cache import cache_folder, keep_folder
from smarthan.coverage.index.mapped import MappedMatrix
from smarthan.coverage.index.packing import ArrayFile

from .folder import INDEX, open_release
from .release import RELEASE_ID

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix

VARIABLE = "SMARTHAN_MATRIX"
BESIDE = Path("releases")
DEMONSTRATION_SEED = 1


class NoRelease(ValueError):
    """No release of the store covers the day asked."""


def open_matrix(path: str | os.PathLike[str] | None = None, as_of: dt.date | None = None) -> CoverageMatrix:
    """Open the coverage matrix that a bare question is put to.

    Parameters
    ----------
    path : path, optional
        A release folder, a store (a folder with CURRENT), or a matrix file. Without it: the environment variable
        SMARTHAN_MATRIX, else ./releases, else the demonstration release, which is synthetic and says so.
    as_of : date, optional
        For a store: the newest release whose day is not after it.

    Returns
    -------
    CoverageMatrix

    Raises
    ------
    FileNotFoundError
        When the path does not exist.
    NoRelease
        When no release of the store covers the day.
    ValueError
        When it is no release, or a damaged one.
    """
    from smarthan.coverage.matrix import CoverageMatrix

    place = find_matrix(path, as_of=as_of)
    if place.is_file():
        from .reading import read_matrix

        return read_matrix(place).matrix
    return CoverageMatrix.open(place)


def map_matrix(path: str | os.PathLike[str] | None = None, as_of: dt.date | None = None) -> MappedMatrix:
    """Open the same matrix for a cold look-up: by its index alone, without numpy or pandas where it is a folder."""
    place = find_matrix(path, as_of=as_of)
    if not place.is_file():
        return open_release(place, verify=False)
    from smarthan.coverage.index.building import build_index

    from .reading import read_matrix

    matrix = read_matrix(place).matrix
    return MappedMatrix(ArrayFile(build_index(matrix.rows, matrix.release), place))


def find_matrix(path: str | os.PathLike[str] | None = None, *, as_of: dt.date | None = None) -> Path:
    """Return the release folder, or the file, that `open_matrix` opens; the demonstration release is made if needed."""
    given = path if path is not None else os.environ.get(VARIABLE) or None
    if given is None:
        return _settle_store(BESIDE, as_of) if (BESIDE / "CURRENT").is_file() else demonstration_folder()
    place = Path(given)
    if not place.exists():
        named = "" if path is not None else f" (from {VARIABLE})"
        raise FileNotFoundError(
            f"{place}{named}: does not exist; give a release folder, a release store or a matrix file"
        )
    if place.is_file() or (place / INDEX).is_file():
        return place
    if (place / "CURRENT").is_file():
        return _settle_store(place, as_of)
    raise ValueError(f"{place}: holds neither {INDEX} (a release) nor CURRENT (a release store)")


def demonstration_folder(seed: int = DEMONSTRATION_SEED) -> Path:
    """Return the folder of the demonstration release in the user's cache, making it on first use (about 20 s).

    Two processes may ask at once: each makes its own, the first to finish gives it its name.
    """
    from smarthan.coverage.edition import EDITION

    return keep_folder(cache_folder() / f"demonstration-{EDITION}-{seed}", lambda folder: _make(folder, seed))


def has_demonstration(seed: int = DEMONSTRATION_SEED) -> bool:
    """Return whether the demonstration release has been made, so that a look-up need not make anybody wait."""
    from smarthan.coverage.edition import EDITION

    return (cache_folder() / f"demonstration-{EDITION}-{seed}").is_dir()


def needs_demonstration(path: str | os.PathLike[str] | None = None) -> bool:
    """Return whether a look-up of this path would have to make the demonstration release first."""
    named = path is not None or bool(os.environ.get(VARIABLE)) or (BESIDE / "CURRENT").is_file()
    return not named and not has_demonstration()


def _make(folder: Path, seed: int) -> None:
    from smarthan.coverage.demonstration import make_release

    from .folder import write_release
    from .reading import read_matrix

    source = folder / "source.parquet"
    make_release(source, seed=seed)
    read = read_matrix(source)
    write_release(read.matrix, folder, read)
    source.unlink()


def _settle_store(store: Path, as_of: dt.date | None) -> Path:
    """Return the release folder of a store: CURRENT's, or the newest of its releases that covers a day."""
    current = (store / "CURRENT").read_text("ascii", errors="replace").strip()
    if not RELEASE_ID.fullmatch(current):
        raise ValueError(
            f"{store / 'CURRENT'}: holds no release id; write the name of one folder of {store / 'releases'}"
        )
    if as_of is None:
        return store / "releases" / current
    dated = sorted((day, folder.name, folder) for folder, day in _dated(store / "releases") if day <= as_of)
    if not dated:
        raise NoRelease(f"{store}: no release of {as_of} or earlier; the earliest is of {_earliest(store)}")
    return dated[-1][2]


def _dated(releases: Path) -> list[tuple[Path, dt.date]]:
    import json

    found = []
    for folder in releases.iterdir():
        manifest = folder / "manifest.json"
        if re.fullmatch(RELEASE_ID, folder.name) and manifest.is_file():
            day = json.loads(manifest.read_text("utf-8"))["release"].get("as_of")
            found += [(folder, dt.date.fromisoformat(day))] if day else []
    return found


def _earliest(store: Path) -> object:
    return min((day for _, day in _dated(store / "releases")), default="an unknown day")
