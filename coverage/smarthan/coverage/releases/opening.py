"""Opening a release folder: its files vouched for, its index mapped, or made again where only that is damaged.

Standard library only, and little of it: a cold look-up runs this.
"""

from __future__ import annotations

import os

from smarthan.coverage.index.mapped import FORMAT, MappedMatrix

from .verified import find_damage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smarthan.coverage.lookup.history import History

PARQUET, INDEX, MANIFEST, HASHES = "matrix.parquet", "matrix.idx", "manifest.json", "SHA256"
_AGAIN = "take the release from its source again"


class ReleaseDamaged(ValueError):
    """A release folder is not what was saved."""


class Opened:
    """A release that was opened.

    Attributes
    ----------
    folder : str
        Where it stands; "" for one that was read from a file.
    mapped : MappedMatrix
        Its index.
    notes : tuple of str
        What a careful reader should know of the opening: a damaged neighbour, an index made again.
    history : History or None
        The releases before it, when it was opened from a store.
    """

    def __init__(
        self, folder: str, mapped: MappedMatrix, notes: tuple[str, ...] = (), history: History | None = None
    ) -> None:
        self.folder, self.mapped, self.notes, self.history = folder, mapped, notes, history


def open_folder(folder: str | os.PathLike[str]) -> Opened:
    """Open a release folder; the hashes of its files are checked, from memory where nothing has changed.

    Parameters
    ----------
    folder : path
        Written by `CoverageMatrix.save` or `ReleaseStore.publish`.

    Returns
    -------
    Opened
        An index that is absent, damaged or of another version is made again from the Parquet file, and a note says so.

    Raises
    ------
    ReleaseDamaged
        When any other file is absent or is not the one that was saved.
    """
    place = os.fspath(folder)
    hashes = read_hashes(place)
    damage = find_damage(place, hashes)
    spoilt = damage.pop(INDEX, None) if INDEX in hashes else "is not vouched for"
    for name, words in damage.items():
        raise ReleaseDamaged(f"{place}: {name} {words}; {_AGAIN}")
    if spoilt is None:
        try:
            mapped = MappedMatrix.map(os.path.join(place, INDEX))
            if mapped.source_sha256 == hashes[PARQUET]:
                return Opened(place, mapped)
            spoilt = f"was made from another {PARQUET}"
        except (ValueError, KeyError, TypeError) as error:
            spoilt = "was made by another version of smarthan" if "version" in str(error) else "is damaged"
    mapped = _map_again(place, hashes[PARQUET])
    note = f"release {mapped.release.release_id}: {INDEX} {spoilt}; an index made again from {PARQUET} answers"
    return Opened(place, mapped, (note,))


def read_hashes(folder: str) -> dict[str, str]:
    """Return the SHA-256 of each file that a release folder vouches for.

    Raises
    ------
    ReleaseDamaged
        When the list is absent, cannot be read, or leaves the Parquet file out.
    """
    try:
        with open(os.path.join(folder, HASHES), encoding="utf-8", errors="replace") as stream:
            lines = [line.split() for line in stream]
    except OSError:
        raise ReleaseDamaged(
            f"{folder}: no {HASHES} in it, so it is no whole release folder; give one that `save` wrote"
        ) from None
    hashes = {line[1]: line[0] for line in lines if len(line) == 2 and os.sep not in line[1]}
    if PARQUET not in hashes:
        raise ReleaseDamaged(f"{os.path.join(folder, HASHES)}: does not list {PARQUET}; {_AGAIN}")
    return hashes


def _map_again(folder: str, source: str) -> MappedMatrix:
    """Return the index of a sound Parquet file, from the cache or made now."""
    from smarthan.coverage.cache import cache_place

    kept = os.path.join(cache_place(), f"index-{FORMAT}-{source[:32]}")
    try:
        hashes = read_hashes(kept)
        if hashes[PARQUET] == source and not find_damage(kept, {INDEX: hashes[INDEX]}):
            return MappedMatrix.map(os.path.join(kept, INDEX))
    except (ValueError, KeyError, TypeError):
        pass
    from .mending import make_index

    return make_index(folder, source, kept)
