"""The store of releases, and which release a bare question is put to.

Standard library only, and little of it, until a release has to be read or made: a cold look-up runs this.
"""

from __future__ import annotations

import os

from smarthan.coverage.cache import cache_place

from .current import CURRENT, RELEASES, NoRelease, open_store
from .opening import HASHES, PARQUET, Opened, ReleaseDamaged, open_folder
from .release import parse_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    import pandas as pd

    from smarthan.coverage.differences.sanity import ChurnLimits
    from smarthan.coverage.matrix import CoverageMatrix

    from .publishing import Published
    from .reading import MatrixRead

__all__ = ["NoRelease", "ReleaseStore", "open_matrix", "open_place"]

VARIABLE = "SMARTHAN_MATRIX"
BESIDE = "releases"
DEMONSTRATION_SEED = 1


class ReleaseStore:
    """The releases of the coverage matrix in one folder: published whole, kept, opened as of a day.

    Parameters
    ----------
    folder : path
        The store: `CURRENT`, one line with the id of the release in force, and `releases/`, one folder a release. It is
        made by the first publication.

    Notes
    -----
    A release never changes once it is published, and none is deleted: answers about terminated postcodes, and questions
    as of a past day, need them. A reader sees one release, whole, whatever a publisher does or whenever it is killed.
    Where anything is wrong with the store, the newest complete release is served and every answer says so.

    Examples
    --------
    >>> import tempfile
    >>> header = "postcode,csp_region,available,wan_technology\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "matrix.csv")
    ...     store = ReleaseStore(os.path.join(folder, "store"))
    ...     for day, covered in (("2026-05-01", "false"), ("2026-11-02", "true")):
    ...         with open(path, "w", encoding="utf-8") as stream:
    ...             _ = stream.write(f"{header}LL57 2DG,Central,{covered},Cellular\\nLL57 2DH,Central,true,Cellular\\n")
    ...         _ = store.publish(path, as_of=day, release_id=day, accept_drift="two rows only")
    ...     now, then = store.open(), store.open("2026-11-01")
    ...     now.lookup("LL57 2DG").state, then.lookup("LL57 2DG").state, store.releases()["current"].tolist()
    ('COVERED', 'NOT_CONFIRMED', [False, True])
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = os.fspath(folder)

    def __repr__(self) -> str:
        return f"<ReleaseStore {self._folder}>"

    @property
    def folder(self) -> Path:
        """Where the store stands."""
        from pathlib import Path

        return Path(self._folder)

    def publish(
        self,
        path: str | os.PathLike[str] | MatrixRead,
        *,
        as_of: dt.date | str | None = None,
        release_id: str | None = None,
        facts: Mapping[str, Any] | None = None,
        backfill: bool = False,
        accept_drift: str | None = None,
        limits: ChurnLimits | None = None,
    ) -> Published:
        """Publish a release: readers are served it from the moment all of it is on disk.

        Parameters
        ----------
        path : path or MatrixRead
            A file that `read_matrix` reads, or what it gave. Its ledger and quarantine are kept with the release.
        as_of, release_id, facts : optional
            Facts of the release, as in `read_matrix`; they win over what the file says.
        backfill : bool
            Allow a release older than the current one; it is kept for questions about its time and does not become
            current.
        accept_drift : str, optional
            The reason why a release may differ from the one before it by more than the limits allow; kept in its
            manifest.
        limits : ChurnLimits, optional
            Other limits than the shipped ones, as in `diff`: beyond covered_points or fewer_locations, or with one
            state for all where there were several, a release is refused; beyond postcodes_a_quarter it is published
            with a warning.

        Returns
        -------
        Published
            release, folder, is_current, before, warnings, ledger, quarantine, notes.

        Raises
        ------
        FileRefused
            When the file cannot be used.
        PublishRefused
            When the release has no row or no day, is older than the current one, is there already, drifts, or another
            publisher is at work. Nothing was written.
        OSError
            When a file cannot be written; the message names it, and the store serves what it served before.

        Notes
        -----
        All files go into a temporary folder and onto disk, are read back against their hashes, and the folder is
        renamed; then CURRENT is replaced the same way. Killed in between, the old release is served. When only CURRENT
        was not reached, publishing the same file again finishes the work.
        """
        from .publishing import publish_release

        given = {**(facts or {}), "as_of": as_of or (facts or {}).get("as_of"), "release_id": release_id}
        return publish_release(
            self.folder,
            path,
            facts=given,
            backfill=backfill,
            accept_drift=accept_drift,
            limits=limits,
        )

    def releases(self) -> pd.DataFrame:
        """Return one row a release, oldest first.

        Returns
        -------
        DataFrame
            release_id, current (served now, where nobody names a day), condition ("complete" or "damaged"), problem
            (what is wrong with a damaged one), as_of, published, source, row_count, locations, share_covered [0 to 1],
            synthetic, sequence (in order of publication), before (what it was compared with), warnings,
            accepted_drift (the reason), licence, note, sha256 (of the file it was read from). `attrs["notes"]` says
            what is wrong with the store, if anything is.

        Raises
        ------
        FileNotFoundError
            When there is no such folder.
        """
        from .listing import list_releases

        return list_releases(self._folder)

    def open(self, as_of: dt.date | str | None = None) -> CoverageMatrix:
        """Open the release in force, or the one that was on a day.

        Parameters
        ----------
        as_of : date or str, optional
            The newest complete release whose day is not after it.

        Returns
        -------
        CoverageMatrix
            `notes` says so when another release had to be served than the one that should be. It keeps answering from
            that release whatever becomes of the store.

        Raises
        ------
        FileNotFoundError
            When there is no such store.
        NoRelease
            When no release covers the day; `earliest` is the first day that can be asked. Where nothing may be raised,
            `smarthan lookup --as-of` answers with status NO_RELEASE.
        ReleaseDamaged
            When the store holds no complete release.
        ValueError, TypeError
            When `as_of` is not a day.
        """
        from smarthan.coverage.matrix import CoverageMatrix

        return CoverageMatrix.of(open_store(self._folder, parse_day(as_of)))


def open_matrix(path: str | os.PathLike[str] | None = None, as_of: dt.date | str | None = None) -> CoverageMatrix:
    """Open the coverage matrix that a bare question is put to.

    Parameters
    ----------
    path : path, optional
        A release folder, a store (a folder with CURRENT), or what `read_matrix` reads. Without it: the environment
        variable SMARTHAN_MATRIX, else ./releases, else the demonstration releases, which are synthetic and say so.
    as_of : date or str, optional
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

    Examples
    --------
    >>> open_matrix("nowhere")
    Traceback (most recent call last):
    FileNotFoundError: nowhere: does not exist; give a release folder, a release store or a matrix file
    """
    from smarthan.coverage.matrix import CoverageMatrix

    place = find_place(path)
    if _is_input(place):
        from .reading import read_matrix

        return read_matrix(place).matrix
    return CoverageMatrix.of(open_place(place, parse_day(as_of)))


def open_place(path: str | os.PathLike[str] | None = None, as_of: dt.date | None = None) -> Opened:
    """Open the same matrix for a cold look-up: by its index alone, without numpy or pandas where it is a folder."""
    place = find_place(path)
    if _is_input(place):
        return _open_file(place)
    return open_folder(place) if _is_release(place) else _open_store(place, as_of)


def _open_store(place: str, as_of: dt.date | None) -> Opened:
    """Open a store; of the demonstration in the cache nothing is lost when it is deleted, and the error says so."""
    try:
        return open_store(place, as_of)
    except NoRelease as error:
        if place != demonstration_place(DEMONSTRATION_SEED):
            raise
        message = str(error).replace(place, "the demonstration releases", 1)
        raise NoRelease(message, error.earliest) from None
    except ReleaseDamaged as error:
        if place != demonstration_place(DEMONSTRATION_SEED):
            raise
        raise ReleaseDamaged(f"{error}. It is the demonstration: delete {place}, it is made again") from None


def find_place(path: str | os.PathLike[str] | None = None) -> str:
    """Return the file, release folder or store that `open_matrix` opens; the demonstration is made if needed."""
    given = path if path is not None else os.environ.get(VARIABLE) or None
    if given is None:
        return BESIDE if _is_store(BESIDE) else demonstration_store()
    place = os.fspath(given)
    if not os.path.exists(place):
        named = "" if path is not None else f" (from {VARIABLE})"
        raise FileNotFoundError(
            f"{place}{named}: does not exist; give a release folder, a release store or a matrix file"
        )
    if _is_release(place) or _is_store(place) or _is_input(place):
        return place
    raise ValueError(f"{place}: holds neither {HASHES} (a release) nor {CURRENT} (a release store)")


def _is_input(place: str) -> bool:
    """Whether `read_matrix` reads it: a file, or a folder of responses to DUIS 12.1."""
    if os.path.isfile(place):
        return True
    is_ours = _is_release(place) or _is_store(place)
    return not is_ours and any(name.lower().endswith(".xml") for name in os.listdir(place))


def _is_release(place: str) -> bool:
    return any(os.path.isfile(os.path.join(place, name)) for name in (HASHES, PARQUET))


def _is_store(place: str) -> bool:
    """Whether a folder is a store; one whose CURRENT was lost still is."""
    return os.path.isfile(os.path.join(place, CURRENT)) or os.path.isdir(os.path.join(place, RELEASES))


def _open_file(path: str) -> Opened:
    from smarthan.coverage.index.building import build_index
    from smarthan.coverage.index.mapped import MappedMatrix
    from smarthan.coverage.index.packing import ArrayFile

    from .reading import read_matrix

    matrix = read_matrix(path).matrix
    return Opened("", MappedMatrix(ArrayFile(build_index(matrix.rows, matrix.release), path)))


def demonstration_store(seed: int = DEMONSTRATION_SEED) -> str:
    """Return the store of the demonstration releases in the user's cache, making it on first use (about 25 s).

    Two processes may ask at once: each makes its own, the first to finish gives it its name.
    """
    place = demonstration_place(seed)
    if not os.path.isdir(place):
        from smarthan.coverage.demonstration.pair import keep_pair

        keep_pair(place, seed)
    return place


def has_demonstration(seed: int = DEMONSTRATION_SEED) -> bool:
    """Return whether the demonstration releases have been made, so that a look-up need not make anybody wait."""
    return os.path.isdir(demonstration_place(seed))


def needs_demonstration(path: str | os.PathLike[str] | None = None) -> bool:
    """Return whether a look-up of this path would have to make the demonstration releases first."""
    named = path is not None or bool(os.environ.get(VARIABLE)) or _is_store(BESIDE)
    return not named and not has_demonstration()


def demonstration_place(seed: int) -> str:
    """Return where the store of the demonstration releases stands, made or not."""
    from smarthan.coverage.edition import EDITION

    return os.path.join(cache_place(), f"demonstration-{EDITION}-{seed}")
