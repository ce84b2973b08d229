"""The user's cache folder: derived files that may be deleted at any time and are made again."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def cache_place() -> str:
    """Return $SMARTHAN_CACHE, else $XDG_CACHE_HOME/smarthan, else ~/.cache/smarthan."""
    named = os.environ.get("SMARTHAN_CACHE")
    if named and os.path.isfile(named):
        raise NotADirectoryError(f"SMARTHAN_CACHE is {named}, which is a file; name a folder")
    if named:
        return named
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "smarthan")


def cache_folder() -> Path:
    """Return `cache_place` as a path."""
    from pathlib import Path

    return Path(cache_place())


def keep_folder(target: Path, make: Callable[[Path], None]) -> Path:
    """Return a folder, made whole or not at all; of two processes at once, one wins and both find it.

    Parameters
    ----------
    target : Path
        Where the finished folder shall stand.
    make : function of Path
        Fills a temporary sibling, which is then renamed.

    Raises
    ------
    OSError
        When the parent cannot be written to; nothing is left behind.
    """
    if target.is_dir():
        return target
    import shutil

    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        partial.mkdir()
        make(partial)
        try:
            partial.rename(target)
        except OSError:
            if not target.is_dir():  # else the other process was first, and ours is removed below
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target
