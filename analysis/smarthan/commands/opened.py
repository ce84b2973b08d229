"""Releases that commands are put to: opened from a folder, a file or a store, with what a person must know of it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smarthan.commands.outcome import DONE, SET_ASIDE, Refused

if TYPE_CHECKING:
    from smarthan.coverage import CoverageMatrix


@dataclass(frozen=True)
class Opened:
    """An opened release.

    Attributes
    ----------
    matrix : CoverageMatrix
    notes : tuple of str
        For stderr: rows of a file that stand in quarantine.
    code : int
        1 where rows were quarantined.
    """

    matrix: CoverageMatrix
    notes: tuple[str, ...] = ()
    code: int = DONE


def open_release(
    path: str | os.PathLike[str] | None,
    *,
    as_of: dt.date | None = None,
    say: Callable[[str], None] = lambda words: None,
) -> Opened:
    """Open a release folder, a store or a matrix file; a row in quarantine answers nothing, and that is said.

    Parameters
    ----------
    path : path or None
        None opens what a bare look-up asks.
    as_of : date, optional
        For a store: the newest release whose day is not after it.
    say : callable
        Is told beforehand what takes long.

    Raises
    ------
    FileNotFoundError, ValueError
        When there is none, or a damaged one.
    """
    from smarthan.coverage import open_matrix, read_matrix
    from smarthan.coverage.releases.store import needs_demonstration

    if needs_demonstration(path):
        say("Making the synthetic demonstration release in your cache folder: about 20 seconds, once.")
    named = path or os.environ.get("SMARTHAN_MATRIX")
    if not named or not Path(named).is_file():
        return Opened(open_matrix(path, as_of=as_of))
    read = read_matrix(named)
    ledger = read.ledger.iloc[0]
    if not ledger["quarantined"]:
        return Opened(read.matrix)
    note = (
        f"{named}: {ledger['quarantined']:,} of {ledger['read']:,} rows are in quarantine and count for nothing; "
        f"see: smarthan check coverage {named}"
    )
    return Opened(read.matrix, (note,), SET_ASIDE)


def find_in_store(store: Path, release_id: str) -> Path:
    """Return the folder of a release of a store.

    Raises
    ------
    Refused
        When the store does not hold it.
    """
    held = sorted(folder.name for folder in (store / "releases").glob("[0-9A-Za-z]*") if folder.is_dir())
    if release_id not in held:
        known = ", ".join(held[-12:]) or "none"
        raise Refused(f"--store {store}: holds no release '{release_id[:64]}'; it holds {known}")
    return store / "releases" / release_id


def refuse_input(path: Path, option: str, inputs: Sequence[str | os.PathLike[str]]) -> None:
    """Refuse to write over an input, or over a file of an input folder: inputs are read, never changed."""
    target = path.resolve()
    for source in (Path(given).resolve() for given in inputs):
        if target == source or (target.exists() and source.is_dir() and target.is_relative_to(source)):
            raise Refused(f"{option} {path}: is the input itself, or a file of it; name another file")


def check_target(path: Path | None, option: str = "--out", *, inputs: Sequence[str | os.PathLike[str]] = ()) -> None:
    """Refuse a file that cannot be written, or would be written over an input, before any work is done.

    Raises
    ------
    Refused
        When it is no CSV by its name, is a folder, lies in a folder that does not exist, or is an input or part of one.
    """
    if path is None:
        return
    refuse_input(path, option, inputs)
    if path.suffix != ".csv" and path.suffixes[-2:] != [".csv", ".gz"]:
        raise Refused(f"{option} {path}: the name must end in .csv or .csv.gz")
    if path.is_dir():
        raise Refused(f"{option} {path}: is a folder; name a file")
    if not path.resolve().parent.is_dir():
        raise Refused(f"{option} {path}: the folder {path.parent} does not exist; make it first")
