"""An opened workbook: its sheets by name, and what its cells refer to. No sheet is read before it is asked for."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from smarthan.files import sha256_of
from smarthan.tables.findings import Problem
from smarthan.tables.problems import FileRefused, clip
from smarthan.tables.workbook.archive import Archive, open_archive
from smarthan.tables.workbook.limits import WORKBOOK_LIMITS, WorkbookLimits
from smarthan.tables.workbook.parts import OFFICE, PACKAGE, PartReader, names, refuse_doctypes
from smarthan.tables.workbook.strings import StringReader
from smarthan.tables.workbook.styles import Look, StyleReader

_RELATION, _SHEET, _PROPERTIES, _REFERENCE = (
    names("Relationship", PACKAGE),
    names("sheet"),
    names("workbookPr"),
    names("id", OFFICE),
)
_SHOWN = 20  # sheets that a message lists
_TRUE = ("1", "true", "on")


@dataclass(frozen=True)
class SheetEntry:
    """A sheet as the workbook lists it: name as written, part of the archive, whether it is hidden."""

    name: str
    part: str
    hidden: bool

    @property
    def folded(self) -> str:
        """The name by which it is found."""
        return self.name.strip().casefold()


@dataclass(frozen=True)
class Workbook:
    """A workbook whose sheets can be read.

    Attributes
    ----------
    path : str
        As the caller named it.
    sha256 : str
        Of the file.
    size : int
        Of the file [bytes].
    sheets : tuple of SheetEntry
        In the workbook's order.
    from_1904 : bool
        Whether days are counted from 1904.
    notes : tuple of Problem
        What is to be told of the workbook as a whole.
    """

    path: str
    sha256: str
    size: int
    sheets: tuple[SheetEntry, ...]
    from_1904: bool
    notes: tuple[Problem, ...]
    archive: Archive = field(repr=False)
    limits: WorkbookLimits = field(repr=False)
    _parts: dict[str, str] = field(repr=False)

    @cached_property
    def strings(self) -> list[str]:
        """The texts that cells share."""
        if "sharedStrings" not in self._parts:
            return []
        reader = StringReader(self.archive, self._parts["sharedStrings"], self.limits)
        reader.read()
        return reader.strings

    @cached_property
    def looks(self) -> list[Look]:
        """How each style of the workbook shows a number."""
        if "styles" not in self._parts:
            return []
        reader = StyleReader(self.archive, self._parts["styles"], self.limits)
        reader.read()
        return reader.looks

    def find(self, name: str) -> SheetEntry | None:
        """Return the sheet of a name, its case and outer blanks left aside; None where there is none.

        Raises
        ------
        FileRefused
            `sheet_ambiguous` when two have it.
        """
        fits = [sheet for sheet in self.sheets if sheet.folded == name.strip().casefold()]
        if len(fits) > 1:
            shown = " and ".join(f"'{clip(sheet.name)}'" for sheet in fits)
            raise FileRefused(self.path, "sheet_ambiguous", f"the sheets {shown} hold one table; keep one of them")
        return fits[0] if fits else None

    def describe_sheets(self) -> str:
        """Return the names of the sheets, for a message."""
        rest = len(self.sheets) - _SHOWN
        listed = ", ".join(clip(sheet.name) for sheet in self.sheets[:_SHOWN])
        return listed + (f" and {rest:,} more" if rest > 0 else "") or "no sheet"


def open_workbook(path: str | os.PathLike[str], *, limits: WorkbookLimits = WORKBOOK_LIMITS) -> Workbook:
    """Open an .xlsx or .xlsm workbook: its archive is looked at, its sheets are listed, no cell is read.

    Parameters
    ----------
    path : path
        The workbook.
    limits : WorkbookLimits
        What it may cost.

    Returns
    -------
    Workbook

    Raises
    ------
    FileRefused
        When it is no workbook, is damaged or protected, holds a member twice or a DOCTYPE, or would cost too much.

    Examples
    --------
    >>> open_workbook("no_such.xlsx")
    Traceback (most recent call last):
    smarthan.tables.problems.FileRefused: no_such.xlsx: does not exist; check the path (file_missing)
    """
    archive = open_archive(path, limits)
    refuse_doctypes(archive, limits)
    top = _relations(archive, "", limits)
    if "officeDocument" not in top:
        raise FileRefused(archive.path, "zip_invalid", "is a zip archive that names no workbook; give an .xlsx file")
    main = top["officeDocument"][0][1]
    reader = _BookReader(archive, main, limits)
    reader.read()
    relations = _relations(archive, main, limits)
    parts = {kind: found[0][1] for kind, found in relations.items() if kind in ("sharedStrings", "styles")}
    by_id = dict(relations.get("worksheet", []))
    sheets = tuple(SheetEntry(name, by_id[ident], hidden) for name, ident, hidden in reader.sheets if ident in by_id)
    for part in [*parts.values(), *(sheet.part for sheet in sheets)]:
        if part not in archive:
            raise FileRefused(
                archive.path, "zip_invalid", f"its part {clip(part)} is not there; save the workbook again"
            )
    return Workbook(
        path=archive.path,
        sha256=sha256_of(path),
        size=Path(path).stat().st_size,
        sheets=sheets,
        from_1904=reader.from_1904,
        notes=archive.notes,
        archive=archive,
        limits=limits,
        _parts=parts,
    )


def _relations(archive: Archive, part: str, limits: WorkbookLimits) -> dict[str, Sequence[tuple[str, str]]]:
    """Return what a part refers to inside the archive, by kind: (id, part) of each."""
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if listing not in archive:
        return {}
    reader = _RelationReader(archive, listing, limits)
    reader.read()
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, ident, target in reader.relations:
        # A target that leads out of the archive names no member of it, and is thereby never there.
        whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found.setdefault(kind, []).append((ident, whole))
    return dict(found)


class _RelationReader(PartReader):
    """Reads a part's relations; those that lead outside are passed over."""

    def __init__(self, archive: Archive, part: str, limits: WorkbookLimits) -> None:
        super().__init__(archive, part, limits)
        self.relations: list[tuple[str, str, str]] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take a relation."""
        if name in _RELATION and attributes.get("TargetMode", "Internal").casefold() != "external":
            kind = attributes.get("Type", "").rsplit("/", 1)[-1]
            self.relations.append((kind, attributes.get("Id", ""), attributes.get("Target", "")))


class _BookReader(PartReader):
    """Reads `xl/workbook.xml`: the sheets in order, and where days are counted from."""

    def __init__(self, archive: Archive, part: str, limits: WorkbookLimits) -> None:
        if part not in archive:
            message = f"its part {clip(part)} is not there; save the workbook again"
            raise FileRefused(archive.path, "zip_invalid", message)
        super().__init__(archive, part, limits)
        self.sheets: list[tuple[str, str, bool]] = []
        self.from_1904 = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take a sheet or the workbook's properties."""
        if name in _SHEET and self.depth == 3:
            ident = next((value for key, value in attributes.items() if key in _REFERENCE), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), ident, hidden))
        elif name in _PROPERTIES:
            self.from_1904 = attributes.get("date1904", "0") in _TRUE
