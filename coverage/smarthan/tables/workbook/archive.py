"""The look at a workbook's archive before anything in it is read: what it is, what it would cost, what is suspect.

Nothing is ever extracted to disk, followed or run: members are streams of bytes, read by name within a budget.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smarthan.tables.findings import Problem, Room
from smarthan.tables.problems import FileRefused, clip
from smarthan.tables.workbook.limits import WorkbookLimits

BLOCK = 256 << 10
# What zipfile, its decompressor and the disk raise on damaged members; RuntimeError is a member with a password.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, struct.error)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # MS-CFB 2.2: an old .xls, or the envelope of an encrypted workbook
_ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")  # MS-OFFCRYPTO 2.3.4: the stream of that envelope
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"  # APPNOTE 4.3.16 and 4.3.14
_MACROS = ("vbaproject.bin", "vbadata.xml", "xl/macrosheets/", "xl/dialogsheets/")
_EXTERNAL = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")


@dataclass
class Budget:
    """What may still be spent, in all parts together: start tags that are read, and faults that are listed."""

    elements: int
    room: Room


@dataclass(frozen=True)
class Archive:
    """A workbook's archive that may be read.

    Attributes
    ----------
    path : str
        As the caller named it.
    members : dict of str to str
        Member name, case-folded (part names have no case: ECMA-376 part 2, 6.2.2), to the name as it stands.
    notes : tuple of Problem
        Macros, links to elsewhere, and names that lead out of the archive; none of them was touched.
    budget : Budget
        What is left of the limits on elements and on faults.
    """

    path: str
    members: dict[str, str]
    notes: tuple[Problem, ...]
    budget: Budget

    def __contains__(self, part: str) -> bool:
        return part.casefold() in self.members

    def blocks(self, part: str) -> Iterator[bytes]:
        """Yield the bytes of a part, block by block; never more than its entry in the archive promised.

        Raises
        ------
        FileRefused
            `zip_invalid` when the member is damaged.
        """
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.members[part.casefold()]) as stream:
                while block := stream.read(BLOCK):
                    yield block
        except FileRefused:
            raise
        except _DAMAGE as error:
            message = f"its part {clip(part)} is damaged ({clip(error)}); fetch or save the workbook again"
            raise FileRefused(self.path, "zip_invalid", message) from None


def open_archive(path: str | os.PathLike[str], limits: WorkbookLimits) -> Archive:
    """Look at an archive and refuse one that is no workbook, is cut, or would cost too much.

    Parameters
    ----------
    path : path
        An `.xlsx` or `.xlsm` file.
    limits : WorkbookLimits
        What it may cost.

    Returns
    -------
    Archive

    Raises
    ------
    FileRefused
        file_missing, file_unreadable, file_empty, file_too_large, file_truncated, zip_invalid, zip_encrypted,
        zip_duplicate, zip_size.
    """
    name = os.fspath(path)
    _check_beginning(name, limits)
    _check_directory(name, limits)
    try:
        with zipfile.ZipFile(name) as archive:
            entries = archive.infolist()
    except _DAMAGE:
        raise FileRefused(name, "file_truncated", "is cut short or damaged: its directory cannot be read") from None
    except (ValueError, UnicodeError) as error:
        raise FileRefused(name, "zip_invalid", f"its directory is damaged ({clip(error)}); save it again") from None
    members = _check_entries(name, entries, limits)
    _check_kind(name, members)
    return Archive(name, members, tuple(_suspicions(members)), Budget(limits.elements, Room(limits.listed)))


def _check_beginning(name: str, limits: WorkbookLimits) -> None:
    """Refuse what is no zip archive, and say what it is instead."""
    source = Path(name)
    if source.is_dir():
        raise FileRefused(name, "file_unreadable", "is a folder; give the workbook")
    try:
        size = source.stat().st_size
        with open(source, "rb") as stream:
            head = stream.read(4096)
    except FileNotFoundError:
        raise FileRefused(name, "file_missing", "does not exist; check the path") from None
    except (OSError, ValueError) as error:
        raise FileRefused(name, "file_unreadable", f"cannot be opened: {error}") from None
    if not size:
        raise FileRefused(name, "file_empty", "is empty; a workbook is needed")
    if size > limits.packed_bytes:
        message = f"has {size:,} bytes; at most {limits.packed_bytes:,} are read. Save each sheet as CSV in one folder"
        raise FileRefused(name, "file_too_large", message)
    if head.startswith(_OLE):
        _refuse_ole(name, source)
    if not head.startswith(b"PK"):
        raise FileRefused(
            name, "file_unreadable", f"{_describe(head)}; save it as .xlsx, or give a folder of CSV files"
        )


def _refuse_ole(name: str, source: Path) -> None:
    if _ENCRYPTED_MARK in source.read_bytes():
        raise FileRefused(name, "zip_encrypted", "is protected by a password; save a copy without one")
    message = "is a workbook of the old kind (.xls), which may have lost rows beyond 65,536; save the original as .xlsx"
    raise FileRefused(name, "file_unreadable", message)


def _describe(head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<script")):
        return "is an HTML page under a workbook's name"
    if text.startswith(b"<"):
        return "is an XML document under a workbook's name"
    if text.startswith(b"%pdf"):
        return "is a PDF under a workbook's name"
    if b"\0" not in head and (b"," in head or b";" in head or b"\t" in head):
        return "is text (CSV?) under a workbook's name"
    return "is no workbook: it does not begin like one"


def _check_directory(name: str, limits: WorkbookLimits) -> None:
    """Refuse an archive without an end, or whose directory alone is large: zipfile would read the whole of it."""
    with open(name, "rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - 65_557))  # the end record and its longest comment
        tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or at + 22 > len(tail):
        raise FileRefused(name, "file_truncated", "is cut short: the end of the archive is missing; fetch it again")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if length == 0xFFFFFFFF:
        at = tail.rfind(_END_64)
        length = int.from_bytes(tail[at + 40 : at + 48], "little") if at >= 0 else length
    if length > limits.directory_bytes:
        raise FileRefused(name, "zip_size", f"its list of members alone takes {length:,} bytes; it is no workbook")


def _check_entries(name: str, entries: list[zipfile.ZipInfo], limits: WorkbookLimits) -> dict[str, str]:
    members: dict[str, str] = {}
    for entry in entries:
        folded = entry.filename.casefold()
        if folded in members:
            message = (
                f"holds the member {clip(entry.filename)} twice; it is not said which counts: save the workbook again"
            )
            raise FileRefused(name, "zip_duplicate", message)
        members[folded] = entry.filename
        _check_entry(name, entry, limits)
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        message = f"unpacks to {total:,} bytes; at most {limits.unpacked_bytes:,} are read. Save each sheet as CSV"
        raise FileRefused(name, "zip_size", message)
    return members


def _check_entry(name: str, entry: zipfile.ZipInfo, limits: WorkbookLimits) -> None:
    shown = clip(entry.filename)
    if entry.flag_bits & 0x1:
        raise FileRefused(name, "zip_encrypted", f"its member {shown} is protected by a password; save it without one")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefused(name, "zip_invalid", f"its member {shown} is packed in a way no workbook is; save it again")
    if entry.file_size > max(limits.ratio * entry.compress_size, limits.ratio_floor_bytes):
        message = f"its member {shown} unpacks from {entry.compress_size:,} to {entry.file_size:,} bytes"
        raise FileRefused(
            name, "zip_size", f"{message}, more than {limits.ratio} to 1; clear the unused rows and columns"
        )


def _check_kind(name: str, members: dict[str, str]) -> None:
    if "mimetype" in members and "content.xml" in members:
        raise FileRefused(name, "file_unreadable", "is an OpenDocument file (.ods); save it as .xlsx")
    if "xl/workbook.bin" in members:
        raise FileRefused(name, "file_unreadable", "is a binary workbook (.xlsb); save it as .xlsx")
    if "[content_types].xml" not in members or "_rels/.rels" not in members:
        raise FileRefused(name, "zip_invalid", "is a zip archive and no workbook; give an .xlsx file")


def _suspicions(members: dict[str, str]) -> Iterator[Problem]:
    """Yield what an archive holds that a table does not need. None of it is followed."""
    kinds = (
        ("zip_macro", "holds macros; they were not run", [m for m in members if _is_one_of(m, _MACROS)]),
        (
            "zip_external",
            "holds links to elsewhere; they were not followed",
            [m for m in members if _is_one_of(m, _EXTERNAL)],
        ),
        (
            "zip_path",
            "holds names that lead out of the archive; they were not extracted",
            [m for m in members if _leads_out(m)],
        ),
    )
    for code, message, found in kinds:
        if found:
            yield Problem(code, 0, "", clip(members[found[0]], 200), f"the workbook {message}")


def _is_one_of(member: str, marks: tuple[str, ...]) -> bool:
    return any(member.startswith(mark) if mark.startswith("xl/") else member.endswith(mark) for mark in marks)


def _leads_out(member: str) -> bool:
    parts = member.replace("\\", "/").split("/")
    return ".." in parts or member.startswith(("/", "\\")) or ":" in parts[0]
