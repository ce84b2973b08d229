"""The lock of a store: one publisher at a time."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .current import LOCK, RELEASES, list_names
from .folder import naming, sync
from .gates import PublishRefused

# A reader that finds leftovers holds the lock for an instant, shared, to learn whether anybody publishes.
_TRIES, _PAUSE_S = 10, 0.02


@contextmanager
def hold_lock(store: Path) -> Iterator[None]:
    """Hold the lock of a store, made if need be; a store that stays empty is removed again.

    Raises
    ------
    PublishRefused
        When somebody else holds it.
    OSError
        When the store cannot be made or written to; the message names it.
    """
    made = not store.exists()
    with naming(store):
        (store / RELEASES).mkdir(parents=True, exist_ok=True)
    if made:
        sync(store.parent)
    handle = take_lock(store)
    try:
        yield
    finally:
        if made and not list_names(os.fspath(store)):
            shutil.rmtree(store, ignore_errors=True)
        os.close(handle)


def take_lock(store: Path) -> int:
    """Return a handle that holds the lock of a store.

    Raises
    ------
    PublishRefused
        When somebody else holds it.
    """
    import fcntl

    path = store / LOCK
    for _ in range(_TRIES):
        with naming(path):
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), path.stat()):  # else it was removed with an empty store
                with suppress(OSError):
                    os.ftruncate(handle, 0)
                    os.write(handle, f"{os.getpid()}\n".encode("ascii"))
                return handle
        except (BlockingIOError, FileNotFoundError):
            pass
        holder = os.read(handle, 20).decode("ascii", errors="replace").strip()
        os.close(handle)
        time.sleep(_PAUSE_S)
    raise PublishRefused(
        f"{store}: another publisher is at work{f' (process {holder})' if holder else ''}; nothing was written, "
        "try again when it is done"
    )
