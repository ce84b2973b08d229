"""A DUIS 12.1 document read by expat with our own handlers: every element checked as it comes, nothing expanded.

No tree is built and no entity is ever resolved: a document type definition stops the reading before its first line.
Standard library only.
"""

from __future__ import annotations

import xml.parsers.expat as expat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from smarthan.tables.problems import FileRefused, clip

from .facets import ELEMENTS, MAY_BE_EMPTY, NON_DEVICE, SERVICE, XML_BLANKS
from .grammar import KEY, MATRIX, RESPONSE, ROOTS, ROW, SERVICE_NAMESPACE, SIGNATURE, Element
from .rules import DEEPEST, LARGEST_BYTES, LONGEST_TAG, LONGEST_TEXT, MOST_ATTRIBUTES, MOST_NOTES

BLOCK = 256 << 10
ENCODINGS = ("utf-8", "utf-16", "iso-8859-1", "us-ascii")  # those that expat knows by itself
_GROUP = ("available", "wan_technology", "likelihood")


@dataclass(slots=True)
class Fault:
    """What is wrong with a key or a row: rule code, column, words."""

    code: str
    column: str
    message: str


@dataclass(slots=True)
class RowText:
    """The values of one region's answer as they stand, and what is wrong with their order and number."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass
class Document:
    """A parsed document: texts only, not yet held against their facets.

    Attributes
    ----------
    root : Element
        RESPONSE or REQUEST.
    schema_version : str
        Verbatim, '' where absent.
    header, header_lines : dict
        Text and line of each element of the header and of the service reference.
    key : RowText
        The question, or its echo.
    rows : list of RowText
        One a region.
    flat : bool
        One region without a code stands directly in the matrix.
    has_matrix : bool
        Whether a response holds a matrix at all.
    notes : list of str
        Comments above the root element.
    encoding : str
        As declared; utf-8 where nothing is.
    counted : int
        Rows counted by a second parser on start tags alone.
    """

    root: Element = RESPONSE
    schema_version: str = ""
    header: dict[str, str] = field(default_factory=dict)
    header_lines: dict[str, int] = field(default_factory=dict)
    key: RowText = field(default_factory=lambda: RowText(0))
    rows: list[RowText] = field(default_factory=list)
    flat: bool = False
    has_matrix: bool = False
    notes: list[str] = field(default_factory=list)
    encoding: str = "utf-8"
    counted: int = 0


def parse_document(blocks: Iterable[bytes], name: object, *, encoding: str | None = None) -> Document:
    """Parse a document, block by block.

    Parameters
    ----------
    blocks : iterable of bytes
        The document's bytes.
    name : object
        What messages call it.
    encoding : str, optional
        The encoding, where it is known for certain; otherwise the document says.

    Returns
    -------
    Document

    Raises
    ------
    FileRefused
        When it is not one well-formed document of service reference 12.1.
    """
    handlers = _Handlers(name, encoding)
    counter = _Counter(encoding)
    total, block = 0, b""
    try:
        for block in blocks:
            if not total and encoding is None:
                handlers.document.encoding = _first_encoding(name, block)
            total += len(block)
            if total > LARGEST_BYTES:
                raise FileRefused(
                    name, "file_too_large", f"has more than {LARGEST_BYTES:,} bytes; a response has a few"
                )
            handlers.parser.Parse(block, False)
            if total - handlers.parser.CurrentByteIndex > LONGEST_TAG:
                handlers.refuse("xml_limit", f"a tag or comment is longer than {LONGEST_TAG:,} bytes")
            counter.parser.Parse(block, False)
        if not total:
            raise FileRefused(name, "file_empty", "is empty; a DUIS document is needed")
        handlers.parser.Parse(b"", True)
        counter.parser.Parse(b"", True)
    except expat.ExpatError as error:
        at = handlers.parser.ErrorByteIndex - (total - len(block))
        raise _explain(name, error, foreign=0 <= at < len(block) and block[at] >= 0x80) from None
    document = handlers.document
    document.counted = counter.count
    if document.counted != len(document.rows):
        message = f"{document.counted} answers stand in it, {len(document.rows)} of them where answers belong"
        raise FileRefused(name, "xml_structure", message)
    return document


def split_blocks(data: bytes) -> Iterator[bytes]:
    """Give bytes block by block, as a file would come."""
    for at in range(0, len(data), BLOCK):
        yield data[at : at + BLOCK]


class _Counter:
    """Counts rows by start tags alone, independently of the grammar."""

    def __init__(self, encoding: str | None) -> None:
        self.rows = self.matrices = 0
        self.parser = expat.ParserCreate(encoding, namespace_separator=" ")
        self.parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _ROW_NAME:
            self.rows += 1
        elif name == _MATRIX_NAME:
            self.matrices += 1

    @property
    def count(self) -> int:
        """Row elements; without any, each matrix is one flat row."""
        return self.rows or self.matrices


_ROW_NAME = f"{SERVICE_NAMESPACE} {ROW.name}"
_MATRIX_NAME = f"{SERVICE_NAMESPACE} {MATRIX.name}"


@dataclass(slots=True)
class _Open:
    """An element that has begun: its declaration, its line, how far its children have come."""

    element: Element
    line: int
    reached: int = -1
    seen: set[str] = field(default_factory=set)
    text: list[str] = field(default_factory=list)
    length: int = 0


class _Handlers:
    """What happens at each start tag, end tag and text."""

    def __init__(self, name: object, encoding: str | None) -> None:
        self.name, self.document = name, Document()
        self.stack: list[_Open] = []
        self.words: dict[str, str] = {}  # a word that stands in a thousand rows is kept once
        self.depth = self.skipped = self.declared = 0
        self.signed = False
        parser = expat.ParserCreate(encoding, namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.XmlDeclHandler = self._check_declaration if encoding is None else None
        parser.StartNamespaceDeclHandler = self._count_namespace
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler, parser.CommentHandler = self._take_text, self._take_comment
        self.parser = parser

    def refuse(self, code: str, message: str, line: int | None = None) -> NoReturn:
        raise FileRefused(self.name, code, f"line {line or self.parser.CurrentLineNumber}: {message}")

    def _refuse_doctype(self, *_: object) -> None:
        self.refuse("xml_doctype", "a document type definition (DOCTYPE) is never read; take it out")

    def _check_declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is None:
            return
        self.document.encoding = encoding.lower()
        if self.document.encoding not in ENCODINGS:
            self.refuse("file_encoding", f"encoding '{clip(encoding)}' is not read; save the document as UTF-8")

    def _count_namespace(self, *_: object) -> None:
        self.declared += 1
        self._count_attributes(0, more=True)

    def _count_attributes(self, found: int, *, more: bool = False) -> None:
        """Count declarations of namespaces among the attributes of an element; `more` tells that its tag goes on."""
        if found + self.declared > MOST_ATTRIBUTES:
            self._refuse_limit("attributes", found + self.declared, MOST_ATTRIBUTES)
        if not more:
            self.declared = 0

    def _refuse_limit(self, word: str, found: int, most: int) -> NoReturn:
        self.refuse("xml_limit", f"{found:,} {word}; a DUIS document has at most {most}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self._refuse_limit("levels of elements", self.depth, DEEPEST)
        if attributes or self.declared:
            self._count_attributes(len(attributes))
        if self.skipped or self._is_signature(name):
            self.skipped += 1
            return
        element = self._begin_child(name) if self.stack else self._begin_root(name, attributes)
        self.stack.append(_Open(element, self.parser.CurrentLineNumber))
        if element is ROW:
            self._begin_row(self.parser.CurrentLineNumber, flat=False)
        elif element is MATRIX:
            self.document.has_matrix = True

    def _is_signature(self, name: str) -> bool:
        if name != SIGNATURE or len(self.stack) != 1 or self.signed:
            return False
        self.signed = True
        return True

    def _begin_root(self, name: str, attributes: dict[str, str]) -> Element:
        if name not in ROOTS:
            self.refuse(
                "xml_structure", f"the root element is {_show(name)}, not a DUIS Response ({SERVICE_NAMESPACE})"
            )
        self.document.root = ROOTS[name]
        self.document.schema_version = attributes.get("schemaVersion", "").strip(XML_BLANKS)[:16]
        return ROOTS[name]

    def _begin_child(self, name: str) -> Element:
        parent = self.stack[-1]
        if name not in parent.element.places:
            self.refuse("xml_structure", f"element {_show(name)} is not known in {parent.element.name}")
        place, element = parent.element.places[name]
        in_flat = parent.element is MATRIX and element.part == "row" and element is not ROW
        if in_flat and not self.document.flat:
            self._begin_row(self.parser.CurrentLineNumber, flat=True)
        if element.name in parent.seen and not element.many:
            self._fault(element, "element_repeated", f"{element.name} stands twice")
        elif place < parent.reached:
            self._fault(element, "group_broken", f"{element.name} stands out of order")
        parent.reached = max(parent.reached, place)
        parent.seen.add(element.name)
        return element

    def _begin_row(self, line: int, *, flat: bool) -> None:
        if (self.document.rows and flat) or self.document.flat:
            self.refuse("xml_structure", "regions in a list and a region without one stand in the same matrix")
        self.document.flat = flat
        self.document.rows.append(RowText(line))

    def _fault(self, element: Element, code: str, message: str) -> None:
        """Tell a fault of the row or key that is being read; anywhere else it is one of the file."""
        if element.part == "row" and self.document.rows and element is not ROW:
            self.document.rows[-1].faults.append(Fault(code, element.column, message))
        elif element.part == "key":
            self.document.key.faults.append(Fault(code, element.column or "postcode", message))
        else:
            self.refuse("xml_structure", message)

    def _take_text(self, text: str) -> None:
        if self.skipped or not self.stack:
            return
        top = self.stack[-1]
        if top.element.children:
            if text.strip(XML_BLANKS):
                self.refuse("xml_structure", f"text '{clip(text.strip())}' stands in {top.element.name}")
            return
        if top.length < LONGEST_TEXT:
            top.text.append(text[: LONGEST_TEXT - top.length])
        top.length += len(text)

    def _take_comment(self, text: str) -> None:
        if not self.stack and not self.depth and len(self.document.notes) < MOST_NOTES:
            self.document.notes.append(clip(text.strip(XML_BLANKS), 200))

    def _end(self, name: str) -> None:
        self.depth -= 1
        if self.skipped:
            self.skipped -= 1
            return
        done = self.stack.pop()
        if done.element.children:
            self._end_container(done)
        else:
            self._end_value(done)

    def _end_container(self, done: _Open) -> None:
        for child in done.element.children:
            if child.needed and child.name not in done.seen:
                self._fault(child, "group_broken", f"{child.name} is absent in {done.element.name}")
        if done.element.children is KEY and len(done.seen) != 1:
            message = "a question names a UPRN or a PartialAddress, one of the two"
            self.document.key.faults.append(Fault("group_broken", "postcode", message))
        if done.element is MATRIX and not self.document.rows:
            self._begin_row(done.line, flat=True)
        if done.element is ROW or (done.element is MATRIX and self.document.flat):
            _check_group(self.document.rows[-1], flat=self.document.flat)

    def _end_value(self, done: _Open) -> None:
        element, text = done.element, "".join(done.text)
        if element.part == "header":
            self._end_header(element.name, text, done)
            return
        if done.length > LONGEST_TEXT:
            self._fault(element, "cell_too_long", f"{element.name} has more than {LONGEST_TEXT:,} characters")
        if text == "" and element.column not in MAY_BE_EMPTY:
            self._fault(element, "required_missing", f"{element.name} is empty; it must hold a value")
        text = self.words.setdefault(text, text)
        target = self.document.key if element.part == "key" else self.document.rows[-1]
        target.values.setdefault(element.column, text)

    def _end_header(self, name: str, text: str, done: _Open) -> None:
        text = text.strip(XML_BLANKS)
        self.document.header[name], self.document.header_lines[name] = text, done.line
        if not text or done.length > LONGEST_TEXT:
            self.refuse("xml_structure", f"{name} is empty or too long", done.line)
        if name.startswith("ServiceReference") and text != SERVICE:
            self.refuse("duis_service", f"{name} is '{clip(text)}'; only {SERVICE} (WAN matrix) is read", done.line)
        if name == "CommandVariant" and text != NON_DEVICE:
            self.refuse("duis_service", f"CommandVariant is '{clip(text)}'; {SERVICE} has {NON_DEVICE}", done.line)


def _first_encoding(name: object, block: bytes) -> str:
    """Return what the first bytes say; UTF-16 needs its byte-order mark, which expat does not ask for."""
    if block.startswith((b"<\0", b"\0<")):
        raise FileRefused(name, "file_encoding", "is UTF-16 without a byte-order mark; save it as UTF-8")
    return "utf-16" if block.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"


def _check_group(row: RowText, *, flat: bool) -> None:
    """After region and code stands nothing, or a whole group; the flat shape always has the group."""
    if flat and "csp_region" not in row.values:
        row.faults.append(Fault("group_broken", "csp_region", f"{ELEMENTS['csp_region']} is absent"))
    absent = [name for name in _GROUP if name not in row.values]
    begun = flat or bool(set(row.values) - {"csp_region", "region_code"})
    if absent and begun:
        words = ", ".join(ELEMENTS[name] for name in absent)
        row.faults.append(Fault("group_broken", absent[0], f"{words} is absent though the answer has other elements"))


def _show(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    return f"'{clip(local)}'" + (f" of namespace '{clip(namespace)}'" if namespace != SERVICE_NAMESPACE else "")


def _explain(name: object, error: expat.ExpatError, *, foreign: bool) -> FileRefused:
    """Say what expat found; `foreign` tells that it stopped at a byte beyond ASCII."""
    words = expat.ErrorString(error.code)
    malformed = ("xml_malformed", "the document is not well-formed XML; fetch it again")
    code, advice = _ADVICE.get(error.code, _OTHER_ENCODING if foreign else malformed)
    return FileRefused(name, code, f"line {error.lineno}, column {error.offset + 1}: {advice} ({words})")


_CUT = ("file_truncated", "the document is cut short; fetch it again")
_OTHER_ENCODING = ("file_encoding", "the document is not in the encoding it declares; save it as UTF-8")
_CODES = expat.errors.codes
_ADVICE: dict[Any, tuple[str, str]] = {
    _CODES[expat.errors.XML_ERROR_NO_ELEMENTS]: _CUT,
    _CODES[expat.errors.XML_ERROR_UNCLOSED_TOKEN]: _CUT,
    _CODES[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION]: _CUT,
    _CODES[expat.errors.XML_ERROR_PARTIAL_CHAR]: _CUT,
    _CODES[expat.errors.XML_ERROR_INCORRECT_ENCODING]: _OTHER_ENCODING,
    _CODES[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: (
        "xml_malformed",
        "more stands after the end of the document; a file holds one response: split it",
    ),
}
