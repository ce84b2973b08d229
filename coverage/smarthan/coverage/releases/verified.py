"""Whether files are those that were saved: hashed once, then known by size, times and inode.

What was found stands in the user's cache, one small file a folder: the folder itself may be read-only. Standard library
only, and little of it: a cold look-up runs this.
"""

from __future__ import annotations

import os

from smarthan.coverage.cache import cache_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Clocks of file systems tick in steps, on the coarsest of 2 s: a file that was changed within the step of its hashing
# may look unchanged. So the hash of a file younger than that is not remembered; the next reader hashes again.
_TICK_NS = 2_000_000_000


def find_damage(folder: str, hashes: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with each file of a folder that is not the one that was saved; {} when nothing is.

    Parameters
    ----------
    folder : str
        A folder whose files never change once they stand there.
    hashes : mapping of str to str
        SHA-256 by file name.

    Returns
    -------
    dict of str to str
        "is absent", "cannot be read: REASON" or "is not the file that was saved", by file name.

    Notes
    -----
    A file is hashed again whenever its size, time of change of content or of facts, inode or device differ from those
    seen when it was last found sound, or when another hash is expected.
    """
    known = _recall(folder)
    found: dict[str, str] = {}
    sound: dict[str, str] = {}
    for name, wanted in hashes.items():
        path = os.path.join(folder, name)
        try:
            mark = f"{wanted} {_mark(path)}"
            if known.get(name) != mark and _hash(path) != wanted:
                found[name] = "is not the file that was saved"
            else:
                sound[name] = mark
        except FileNotFoundError:
            found[name] = "is absent"
        except OSError as error:
            found[name] = f"cannot be read: {error.strerror}"
    if sound != known:
        _remember(folder, sound)
    return found


def _mark(path: str) -> str:
    facts = os.stat(path)
    return f"{facts.st_size} {facts.st_mtime_ns} {facts.st_ctime_ns} {facts.st_ino} {facts.st_dev}"


def _hash(path: str) -> str:
    from smarthan.files import sha256_of

    return sha256_of(path)


def _memory_of(folder: str) -> str:
    facts = os.stat(folder)
    return os.path.join(cache_place(), "verified", f"{facts.st_dev:x}-{facts.st_ino:x}")


def _recall(folder: str) -> dict[str, str]:
    """Return the marks of the files that were found sound before, by name."""
    try:
        with open(_memory_of(folder), encoding="utf-8") as stream:
            lines = [line.rstrip("\n").partition(" ") for line in stream]
    except (OSError, ValueError):
        return {}
    return {name: mark for name, _, mark in lines}


def _remember(folder: str, sound: Mapping[str, str]) -> None:
    """Keep the marks of sound files, where the cache can be written to; a file just written is left out."""
    import contextlib
    import time

    newest = time.time_ns() - _TICK_NS
    old = {name: mark for name, mark in sound.items() if max(map(int, mark.split()[2:4])) < newest}
    with contextlib.suppress(OSError):
        memory = _memory_of(folder)
        os.makedirs(os.path.dirname(memory), exist_ok=True)
        partial = f"{memory}.{os.getpid()}"
        with open(partial, "w", encoding="utf-8") as stream:
            stream.writelines(f"{name} {mark}\n" for name, mark in old.items())
        os.replace(partial, memory)
