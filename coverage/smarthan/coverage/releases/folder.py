"""Writing a release as a folder: its rows, their index, its facts, its account, and the hashes that vouch for them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .opening import HASHES, INDEX, MANIFEST, PARQUET, ReleaseDamaged, read_hashes
from .verified import find_damage

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix

LEDGER, QUARANTINE, REVISIONS = "ledger.json", "quarantine.csv", "revisions.md"
HASHED = (PARQUET, INDEX, MANIFEST)
_NOT_COMPARED = "Saved by itself: it was not compared with a release before it."


def save_release(matrix: CoverageMatrix, folder: Path, read: Any = None) -> Path:
    """Write a release folder, whole or not at all; see `CoverageMatrix.save`."""
    if folder.exists():
        raise FileExistsError(f"{folder}: exists already; a release is never overwritten, name another folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with make_folder(folder) as partial:
        write_release(matrix, partial, read)
    return folder


def pack_release(matrix: CoverageMatrix) -> dict[str, bytes]:
    """Return the bytes of the Parquet file of a release and of its index, which the matrix answers from thereafter."""
    from smarthan.coverage.index.building import build_index
    from smarthan.coverage.index.mapped import MappedMatrix
    from smarthan.coverage.index.packing import ArrayFile

    from .parquet_rows import pack_rows

    rows = pack_rows(matrix.rows, matrix.release)
    index = build_index(matrix.rows, matrix.release, source_sha256=hashlib.sha256(rows).hexdigest())
    vars(matrix).setdefault("mapped", MappedMatrix(ArrayFile(index)))
    return {PARQUET: rows, INDEX: index}


def write_release(
    matrix: CoverageMatrix,
    folder: Path,
    read: Any = None,
    *,
    files: Mapping[str, bytes] | None = None,
    facts: Mapping[str, Any] | None = None,
    revisions: str = _NOT_COMPARED,
) -> None:
    """Write the files of a release into an empty folder, each of them on disk when it is done.

    Parameters
    ----------
    matrix : CoverageMatrix
        The release.
    folder : Path
        Where its files go.
    read : MatrixRead, optional
        The reading it came from, whose ledger and quarantine are kept beside it.
    files : mapping, optional
        What `pack_release` gave, where it was called before.
    facts : mapping, optional
        What the manifest shall say besides the facts of the release.
    revisions : str
        What the release changed, as Markdown, under the heading.

    Raises
    ------
    OSError
        When a file cannot be written; the message names it.
    ReleaseDamaged
        When a file does not read back as it was written.
    """
    release = matrix.release
    hashes = {name: write_file(folder / name, data) for name, data in (files or pack_release(matrix)).items()}
    manifest = {"release": release.to_dict(), "files": dict(hashes), **(facts or {})}
    hashes[MANIFEST] = write_file(folder / MANIFEST, _as_json(manifest))
    write_file(folder / HASHES, "".join(f"{hashes[name]}  {name}\n" for name in HASHED).encode("ascii"))
    _write_account(folder, read)
    title = f"# Release {release.release_id}, as of {release.as_of or 'an unknown day'}"
    write_file(folder / REVISIONS, f"{title}\n\n{revisions}\n".encode())
    for name, words in find_damage(os.fspath(folder), read_hashes(os.fspath(folder))).items():
        raise ReleaseDamaged(f"{folder / name}: {words}: it does not read back as written; check the disk")


def _write_account(folder: Path, read: Any) -> None:
    from smarthan.files import escape_formulas
    from smarthan.tables import empty_ledger, empty_problems

    ledger = empty_ledger() if read is None else read.ledger
    quarantine = empty_problems() if read is None else read.quarantine
    write_file(folder / LEDGER, _as_json(json.loads(ledger.to_json(orient="records"))))
    lines = escape_formulas(quarantine).to_csv(index=False, lineterminator="\n")
    write_file(folder / QUARANTINE, lines.encode("utf-8"))


def _as_json(document: object) -> bytes:
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()


def write_file(path: Path, data: bytes) -> str:
    """Write a new file and have it on disk; return the SHA-256 of what was to be written.

    Raises
    ------
    OSError
        When it cannot be written; the message names the file.
    """
    with naming(path), open(path, "xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    return hashlib.sha256(data).hexdigest()


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name the file in whatever the system has to say against writing it."""
    try:
        yield
    except OSError as error:
        raise type(error)(f"{path}: cannot be written ({error.strerror or error})") from error


@contextmanager
def make_folder(folder: Path) -> Iterator[Path]:
    """Give a temporary sibling that becomes the folder once all in it is on disk; its parent must exist."""
    import shutil

    partial = folder.with_name(f".tmp-{folder.name}-{os.getpid()}")
    try:
        with naming(partial):
            partial.mkdir()
        yield partial
        sync(partial)
        with naming(folder):
            partial.rename(folder)
        sync(folder.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def sync(folder: Path) -> None:
    """Have the entries of a folder on disk."""
    with naming(folder):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
