"""The demonstration store: an earlier release and its successor, with known churn between them."""

from __future__ import annotations

import os
from pathlib import Path

from smarthan.coverage.cache import cache_folder, keep_folder
from smarthan.coverage.edition import FILE_EDITION
from smarthan.coverage.releases.reading import MatrixRead, read_matrix
from smarthan.coverage.releases.store import ReleaseStore

from .earlier import make_earlier
from .release_file import make_release

_NAME = "synthetic.parquet"


def keep_pair(place: str, seed: int) -> Path:
    """Return the store of the pair in the user's cache, made on first use."""
    return keep_folder(Path(place), lambda folder: _publish(folder, seed))


def _publish(folder: Path, seed: int) -> None:
    publish_pair(folder, seed=seed)


def publish_pair(store: str | os.PathLike[str], *, seed: int = 1) -> ReleaseStore:
    """Publish the two demonstration releases to a new store.

    Parameters
    ----------
    store : path
        The folder of the store.
    seed : int, default 1
        Of both.

    Returns
    -------
    ReleaseStore
        With a release of 2026-05-01 and one of 2026-11-02, which is current.
    """
    place = ReleaseStore(store)
    later = read_matrix(keep_release(seed))
    earlier = make_earlier(later.matrix, seed=seed).matrix
    account = later.ledger.iloc[:0], later.quarantine.iloc[:0], later.notes.iloc[:0]
    place.publish(MatrixRead(earlier, account[1], account[0], account[2]))
    place.publish(later)
    return place


def keep_release(seed: int = 1) -> Path:
    """Return the file of the later release in the user's cache, made on first use: store and report share it."""
    folder = cache_folder() / f"release-{FILE_EDITION}-{seed}"
    return keep_folder(folder, lambda place: _make(place, seed)) / _NAME


def _make(folder: Path, seed: int) -> None:
    make_release(folder / _NAME, seed=seed)
