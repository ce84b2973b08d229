"""Which release of a store is served: the one CURRENT names, or the newest complete one of a day.

On any doubt the newest complete release is served, and the answer says so. Standard library only, and little of it: a
cold look-up runs this.
"""

from __future__ import annotations

import datetime as dt
import os

from .opening import MANIFEST, Opened, ReleaseDamaged, open_folder
from .release import LONGEST_ID, is_release_id, parse_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CURRENT, RELEASES, LOCK, PARTIAL = "CURRENT", "releases", ".lock", ".tmp-"


class NoRelease(ValueError):
    """No release of the store covers the day asked.

    Attributes
    ----------
    status : str
        NO_RELEASE, as a look-up answers it.
    earliest : date or None
        The earliest day that can be asked.
    """

    status = "NO_RELEASE"

    def __init__(self, message: str, earliest: dt.date | None = None) -> None:
        self.earliest = earliest
        super().__init__(message)


class Entry:
    """A release of a store by its manifest: what is needed to choose one.

    Entries compare by day, then by when they were published: the greatest is the newest.
    """

    __slots__ = ("as_of", "manifest", "name", "order")

    def __init__(self, name: str, manifest: dict[str, Any]) -> None:
        self.name, self.manifest = name, manifest
        self.as_of = parse_day(manifest["release"].get("as_of"))
        self.order = (self.as_of or dt.date.min, int(manifest.get("sequence", 0)), name)


def open_store(store: str | os.PathLike[str], as_of: dt.date | None = None) -> Opened:
    """Open the release of a store that is in force, or that was on a day.

    Parameters
    ----------
    store : path
        A folder with CURRENT and releases/.
    as_of : date, optional
        The newest complete release whose day is not after it; by default the one that CURRENT names.

    Raises
    ------
    FileNotFoundError
        When there is no such store.
    NoRelease
        When no complete release covers the day.
    ReleaseDamaged
        When the store holds no complete release at all.
    """
    place = os.fspath(store)
    if not os.path.isdir(place):
        raise FileNotFoundError(f"{place}: there is no such store; the first publication makes it")
    if as_of is not None:
        return _open_newest(place, as_of, ())
    named, doubt = read_current(place)
    if named is not None:
        try:
            opened = open_member(place, named)
            return _finish(place, opened, find_leftovers(place))
        except (ReleaseDamaged, OSError) as error:
            doubt = f"the release that {CURRENT} names cannot be used ({error})"
    return _open_newest(place, None, (doubt or "",))


def read_current(store: str) -> tuple[str | None, str | None]:
    """Return the release that CURRENT names, or None and what is wrong with CURRENT; the file is read once."""
    try:
        with open(os.path.join(store, CURRENT), "rb") as stream:
            text = stream.read(LONGEST_ID + 3).decode("ascii", errors="replace").strip("\r\n")
    except OSError:
        return None, f"{CURRENT} is absent"
    if not text.strip("\0 "):
        return None, f"{CURRENT} is empty"
    if not is_release_id(text):
        return None, f"{CURRENT} holds no release id"
    if not os.path.isdir(os.path.join(store, RELEASES, text)):
        return None, f"{CURRENT} names {text}, which is not there"
    return text, None


def open_member(store: str, name: str) -> Opened:
    """Open one release of a store by its name.

    Raises
    ------
    ReleaseDamaged
        When it is not what was saved, or is another release under this name.
    """
    opened = open_folder(os.path.join(store, RELEASES, name))
    if opened.mapped.release.release_id != name:
        raise ReleaseDamaged(f"{opened.folder}: holds release {opened.mapped.release.release_id}, not {name}")
    return opened


def list_entries(store: str) -> list[Entry]:
    """Return the releases of a store whose manifest can be read, newest first; their files are not looked at."""
    found = []
    for name in list_names(store):
        try:
            found.append(Entry(name, read_manifest(store, name)))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # a damaged release: `releases()` lists it, no question is put to it
    return sorted(found, key=lambda entry: entry.order, reverse=True)


def list_names(store: str) -> list[str]:
    """Return the names of the release folders of a store, whatever their condition."""
    try:
        names = os.listdir(os.path.join(store, RELEASES))
    except OSError:
        return []
    return sorted(name for name in names if is_release_id(name))


def read_manifest(store: str, name: str) -> dict[str, Any]:
    """Return the manifest of one release."""
    import json

    with open(os.path.join(store, RELEASES, name, MANIFEST), encoding="utf-8") as stream:
        document: dict[str, Any] = json.load(stream)
    return document


def find_leftovers(store: str) -> tuple[str, ...]:
    """Return a note when a publication did not finish, and none is under way."""
    try:
        names = (*os.listdir(os.path.join(store, RELEASES)), *os.listdir(store))
    except OSError:
        return ()
    left = sorted(name for name in names if name.startswith((PARTIAL, f"{CURRENT}.tmp-")))
    if not left or _is_locked(store) or not _stands(store, left[0]):
        return ()
    return (f"a publication to this store did not finish ({left[0]} is left of it); the release before it is served",)


def _stands(store: str, name: str) -> bool:
    """Whether a leftover is there even now that no publisher is: else one has just finished, or swept it away."""
    return any(os.path.lexists(os.path.join(store, folder, name)) for folder in (RELEASES, ""))


def _is_locked(store: str) -> bool:
    import fcntl

    try:
        with open(os.path.join(store, LOCK), "rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


def _open_newest(store: str, as_of: dt.date | None, notes: tuple[str, ...]) -> Opened:
    """Open the newest complete release of a day (or of all), passing over damaged ones and saying so."""
    entries = [entry for entry in list_entries(store) if entry.as_of is not None]
    passed: tuple[str, ...] = ()
    for entry in entries:
        if as_of is not None and entry.order[0] > as_of:
            continue
        try:
            opened = open_member(store, entry.name)
        except (ReleaseDamaged, OSError) as error:
            passed += (f"release {entry.name} is passed over ({error})",)
            continue
        told = notes + (passed if as_of is not None else ())
        served = f"served instead: release {entry.name} of {entry.as_of}, the newest complete one"
        return _finish(store, opened, tuple(f"{note}; {served}" for note in told) + find_leftovers(store))
    if as_of is None or not entries:
        why = "; ".join((*notes, *passed)) or "it is empty"
        raise ReleaseDamaged(f"{store}: no complete release in it ({why}); publish one to it")
    earliest = _find_earliest(store, entries)
    raise NoRelease(f"{store}: no release of {as_of} or earlier; the earliest is of {earliest}", earliest)


def _find_earliest(store: str, entries: list[Entry]) -> dt.date | None:
    for entry in reversed(entries):
        try:
            open_member(store, entry.name)
        except (ReleaseDamaged, OSError):
            continue
        return entry.as_of
    return None


def _finish(store: str, opened: Opened, notes: tuple[str, ...]) -> Opened:
    from smarthan.coverage.lookup.history import History

    opened.notes = notes + opened.notes
    opened.history = History(store, opened.mapped.release)
    return opened
