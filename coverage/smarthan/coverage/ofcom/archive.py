"""The one wanted file inside a zip archive, read within a budget and never unpacked to disk."""

from __future__ import annotations

import os
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from smarthan.tables import LIMITS, FileRefused, Limits, clip, register

register("zip_member", "file", "the archive does not hold exactly one file of the wanted kind")


def is_zip(path: str | os.PathLike[str]) -> bool:
    """Return whether a file is a zip archive, by its name or by how it begins."""
    source = Path(path)
    if source.suffix.casefold() == ".zip":
        return True
    if not source.is_file():
        return False
    with open(source, "rb") as stream:
        return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def read_member(path: str | os.PathLike[str], word: str, *, limits: Limits = LIMITS) -> tuple[str, bytes]:
    """Return the name and the bytes of the one CSV file whose name holds a word.

    Parameters
    ----------
    path : path
        A zip archive.
    word : str
        What the name must hold, in either case.
    limits : Limits
        `file_bytes` for all that is in the archive; `unpack_ratio` for the member, once it is above
        `unpack_floor_bytes`.

    Raises
    ------
    FileRefused
        zip_invalid, zip_encrypted, zip_duplicate, zip_size, zip_member, file_missing or file_unreadable.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            member = _choose(path, archive, word, limits)
            with archive.open(member) as stream:
                data = stream.read()  # ends at the size stated, and fails when the checksum is not that of the bytes
    except FileNotFoundError:
        raise FileRefused(path, "file_missing", "does not exist; check the path") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise FileRefused(path, "zip_invalid", f"is not a whole zip archive ({clip(error)}); fetch it again") from None
    except OSError as error:
        raise FileRefused(path, "file_unreadable", f"cannot be opened: {error.strerror or error}") from None
    return member.filename, data


def _choose(path: object, archive: zipfile.ZipFile, word: str, limits: Limits) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if not member.is_dir()]
    _refuse_repeated(path, members)
    total = sum(member.file_size for member in members)
    if total > limits.file_bytes:
        raise FileRefused(path, "zip_size", f"unpacks to {total:,} bytes; at most {limits.file_bytes:,} are read")
    wanted = [member for member in members if _is_wanted(member.filename, word)]
    if len(wanted) != 1:
        shown = ", ".join(clip(member.filename) for member in (wanted or members)[:10]) or "nothing"
        found = f"several CSV files named *{word}*: {shown}; give the one you mean" if wanted else f"only {shown}"
        raise FileRefused(path, "zip_member", f"must hold one CSV file whose name has '{word}' in it; it holds {found}")
    member = wanted[0]
    if member.flag_bits & 1:
        raise FileRefused(path, "zip_encrypted", f"{clip(member.filename)} needs a password; unpack it yourself")
    if member.file_size > max(limits.unpack_floor_bytes, limits.unpack_ratio * member.compress_size):
        ratio = member.file_size // max(member.compress_size, 1)
        raise FileRefused(path, "zip_size", f"{clip(member.filename)} packs {ratio:,} to 1; no plain table does")
    return member


def _refuse_repeated(path: object, members: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for member in members:
        name = member.filename.casefold()
        if name in seen:
            raise FileRefused(path, "zip_duplicate", f"holds {clip(member.filename)} twice; it is damaged or forged")
        seen.add(name)


def _is_wanted(name: str, word: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/"))
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts.parts)
    return not hidden and parts.suffix.casefold() == ".csv" and word.casefold() in parts.name.casefold()
