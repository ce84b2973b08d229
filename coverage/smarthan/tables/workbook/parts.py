"""One part of a workbook read by expat with handlers of ours: nothing is expanded, no tree is built.

A document type definition stops the reading before its first line, so that no entity is ever declared.
"""

from __future__ import annotations

import xml.parsers.expat as expat
from typing import NoReturn

from smarthan.tables.problems import FileRefused, clip
from smarthan.tables.workbook.archive import Archive
from smarthan.tables.workbook.limits import WorkbookLimits

# ECMA-376 has two namespaces for the same elements: transitional (what spreadsheets write) and strict.
MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
# What counts against the limit on elements as more than one: an element that expat tells us of, and, however few cells
# it has, a row, for it may have a line in the account. Measured: see the limit.
COST, ROW_COST = 3, 5
PACKAGE = ("http://schemas.openxmlformats.org/package/2006/relationships",)


def names(local: str, spaces: tuple[str, ...] = MAIN) -> frozenset[str]:
    """Return an element's or attribute's full names, as expat gives them."""
    return frozenset(f"{space} {local}" for space in spaces)


class PartReader:
    """What every reading of a part does: refuse a DOCTYPE, count elements, bound depth and attributes.

    A subclass gives `begin(name, attributes)`, `end(name)` and, where it wants text, sets `CharacterDataHandler`.
    """

    def __init__(self, archive: Archive, part: str, limits: WorkbookLimits) -> None:
        self.archive, self.part, self.limits = archive, part, limits
        self.depth = self.elements = self.fed = 0
        self._most = archive.budget.elements
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        self.parser = parser

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take a start tag."""

    def end(self, name: str) -> None:
        """Take an end tag."""

    def refuse(self, code: str, message: str) -> NoReturn:
        """Refuse the workbook for something in this part."""
        raise FileRefused(self.archive.path, code, f"part {clip(self.part)}: {message}")

    def read(self) -> None:
        """Read the part to its end."""
        try:
            for block in self.archive.blocks(self.part):
                self.feed(block)
            self.close()
            self.charge()
        except FileRefused:
            raise
        except (expat.ExpatError, LookupError, ValueError) as error:
            # expat raises the latter two for an encoding that it does not know.
            self.refuse("zip_invalid", f"is no well-formed XML ({clip(error)}); save the workbook again")

    def close(self) -> None:
        """Parse the end."""
        self.parser.Parse(b"", True)

    def charge(self) -> None:
        """Take what was read from what may still be."""
        self.archive.budget.elements -= self.elements

    def feed(self, block: bytes) -> None:
        """Parse one block; a tag that never ends would be looked through again with each (in expat before 2.6)."""
        self.fed += len(block)
        self.parser.Parse(block, False)
        if self.fed - self.parser.CurrentByteIndex > self.limits.tag_bytes:
            self.refuse("zip_size", f"a tag or comment is longer than {self.limits.tag_bytes:,} bytes")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += COST
        self.check_limits(attributes)
        self.begin(name, attributes)

    def check_limits(self, attributes: dict[str, str]) -> None:
        """Refuse what is deeper, wider or longer than any workbook."""
        limits = self.limits
        if self.depth > limits.depth:
            self.refuse("zip_size", f"its elements lie deeper than {limits.depth} levels")
        if len(attributes) > limits.attributes:
            self.refuse("zip_size", f"an element has more than {limits.attributes} attributes")
        if self.elements > self._most:
            message = f"here the workbook has its {limits.elements:,} elements that are read; save each sheet as CSV"
            self.refuse("zip_size", message)

    def _end(self, name: str) -> None:
        self.end(name)
        self.depth -= 1

    def _refuse_doctype(self, *_: object) -> None:
        self.refuse("xml_doctype", "a document type definition (DOCTYPE) is never read; save the workbook again")


class _Prolog(PartReader):
    """Reads no further than the root element: a document type definition can only stand before it."""

    def __init__(self, archive: Archive, part: str, limits: WorkbookLimits) -> None:
        super().__init__(archive, part, limits)
        self.parser.EndElementHandler = None

    def read(self) -> None:
        """Read until the root element has begun; what is no XML is left to those who need it."""
        try:
            for block in self.archive.blocks(self.part):
                self.feed(block)
                if self.elements:
                    return
        except (expat.ExpatError, LookupError):
            return
        except ValueError as error:
            if isinstance(error, FileRefused):
                raise

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements = 1
        self.parser.StartElementHandler = None


def refuse_doctypes(archive: Archive, limits: WorkbookLimits) -> None:
    """Refuse a workbook with a document type definition in any part, needed or not.

    Raises
    ------
    FileRefused
        `xml_doctype`.
    """
    for member in archive.members:
        if member.endswith((".xml", ".rels", ".vml")):
            _Prolog(archive, member, limits).read()
