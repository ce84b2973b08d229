"""A pack appears whole or not at all, and a good one is never replaced by a failed one."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from .kinds import WHOLE
from .refusals import ReportRefused

MANIFEST = "provenance.json"


def staging_folder(out: Path) -> Path:
    """Return the sibling in which a pack is made; it stays after a failure, for the next run to go on from."""
    return out.parent / f".{out.name}.staging"


def check_target(out: Path) -> list[str]:
    """Return why a folder cannot become a pack; empty when it can.

    Examples
    --------
    >>> check_target(Path("reports/{x}"))
    ['--out reports/{x}: braces are not allowed in the path of a report']
    """
    if "{" in str(out) or "}" in str(out):
        return [f"--out {out}: braces are not allowed in the path of a report"]
    if out.exists() and not out.is_dir():
        return [f"--out {out}: is a file; name a folder"]
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        return [f"--out {out}: holds files that no report made (no {MANIFEST}); name an empty or a new folder"]
    return []


def check_replacing(out: Path, report: str, marks: Sequence[str]) -> list[str]:
    """Return why a report may not take the place of the pack that stands there; empty when it may.

    Parameters
    ----------
    out : Path
    report : str
        The report that shall stand there.
    marks : sequence of str
        Its marks: what was left out of it.

    Returns
    -------
    list of str
    """
    try:
        held = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []  # nothing there, or a pack that can no longer be read
    name = held.get("report", WHOLE)
    if name != report:
        return [f"--out {out}: holds the report {name}, which {report} would replace; name another folder"]
    more = [mark for mark in marks if mark not in held.get("marks", [])]
    if more:
        words = f"holds a fuller report than this one, which is {' and '.join(more)}"
        return [f"--out {out}: {words}; name another folder, or delete that one first"]
    return []


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name the file when the disk does not take it: the system's own words often do not."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            raise OSError(error.errno, error.strerror or str(error), str(path)) from error
        raise


def recover(out: Path) -> None:
    """Put back the old pack that a run killed between two renames left aside."""
    aside = _aside(out)
    if aside.is_dir():
        if out.exists():
            shutil.rmtree(aside)
        else:
            os.replace(aside, out)


def publish(staging: Path, out: Path) -> None:
    """Put a finished pack in place of the old one.

    Parameters
    ----------
    staging, out : Path
        Siblings, so that a rename moves no bytes.

    Raises
    ------
    OSError
        When a rename fails; the old pack then stands where it was.
    """
    aside = _aside(out)
    _sync(staging)
    if out.exists():
        os.replace(out, aside)
    try:
        os.replace(staging, out)
    except OSError:
        if aside.exists():
            os.replace(aside, out)
        raise
    shutil.rmtree(aside, ignore_errors=True)


@contextlib.contextmanager
def hold_target(out: Path) -> Iterator[None]:
    """Keep a second run from making the same pack at the same time.

    Raises
    ------
    ReportRefused
        When another run that is still alive holds it.
    """
    lock = out.parent / f".{out.name}.lock"
    out.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(2):
        try:
            handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except FileExistsError:
            _clear_stale(lock, out)
    else:
        raise ReportRefused([f"--out {out}: another run makes this report now; wait for it, or name another folder"])
    try:
        os.write(handle, str(os.getpid()).encode())
        os.close(handle)
        yield
    finally:
        lock.unlink(missing_ok=True)


def _clear_stale(lock: Path, out: Path) -> None:
    """Remove the lock of a run that was killed; refuse when its process lives."""
    owner = lock.read_text().strip() if lock.exists() else ""
    if owner.isdigit() and _is_alive(int(owner)):
        text = f"--out {out}: another run (process {owner}) makes this report now; wait for it, or name another folder"
        raise ReportRefused([text])
    lock.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _aside(out: Path) -> Path:
    return out.parent / f".{out.name}.old"


def _sync(folder: Path) -> None:
    """Bring every file of a folder to the disk before its name is changed."""
    for path in folder.rglob("*"):
        if path.is_file():
            with open(path, "rb") as stream:
                os.fsync(stream.fileno())
