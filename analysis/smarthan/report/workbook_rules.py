"""The checklist of an accessible workbook, held by reading the file itself: whoever wrote it is never believed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from html import unescape
from itertools import product
from pathlib import Path

MOST_SHEET_NAME = 31
# What no workbook of ours may hold: a hidden sheet has published 9,483 people (PSNI, 2023).
FORBIDDEN_PARTS = re.compile(r"comments|pivot|vbaProject|externalLink|drawing|printerSettings")
FORBIDDEN_MARKS = {
    "xl/workbook.xml": ('state="hidden"', 'state="veryHidden"', "<definedName"),
    "xl/worksheets/": ("<mergeCell ", "<autoFilter", "<pane ", 'hidden="1"', "<headerFooter", "<f>", "<f "),
}
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_NOTE = re.compile(r"\[note \d+\]")
# Of the two that every workbook has: none, and a grey that no cell uses.
MOST_FILLS = 2


def find_workbook_problems(path: Path) -> list[str]:
    """Return every broken rule of an accessible workbook, read from the XML inside it.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of str
        Empty when all is well.

    References
    ----------
    Analysis Function, "Making spreadsheets accessible: a brief checklist of the basics" and "Using symbols and
    shorthand".
    """
    with zipfile.ZipFile(path) as packed:
        return list(_Workbook(packed).find_problems())


class _Workbook:
    """A workbook as the parts of its zip."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self.parts = {name: packed.read(name).decode("utf-8", "replace") for name in packed.namelist()}

    def find_problems(self) -> Iterator[str]:
        yield from self._check_parts()
        yield from self._check_names()
        yield from self._check_facts()
        for place, name in enumerate(self.sheets, 1):
            yield from self._check_sheet(name, f"xl/worksheets/sheet{place}.xml")
        yield from self._check_words()

    @cached_property
    def sheets(self) -> list[str]:
        return [unescape(n) for n in re.findall(r'<sheet name="([^"]*)"', self.parts["xl/workbook.xml"])]

    @cached_property
    def strings(self) -> list[str]:
        items = re.findall(r"<si>(.*?)</si>", self.parts.get("xl/sharedStrings.xml", ""), re.DOTALL)
        return [unescape("".join(re.findall(r"<t[^>]*>(.*?)</t>", item, re.DOTALL))) for item in items]

    def _check_parts(self) -> Iterator[str]:
        for name, text in self.parts.items():
            if FORBIDDEN_PARTS.search(name):
                yield f"it holds {name}, which a published workbook may not"
            for start, marks in FORBIDDEN_MARKS.items():
                if name.startswith(start):
                    yield from (
                        f"{name} holds {mark}, which a published workbook may not" for mark in marks if mark in text
                    )

    def _check_names(self) -> Iterator[str]:
        if len({name.casefold() for name in self.sheets}) < len(self.sheets):
            yield "two sheets have one name"
        yield from (f"the sheet name {name!r} is too long" for name in self.sheets if len(name) > MOST_SHEET_NAME)
        if self.sheets[:2] != ["Cover", "Contents"]:
            yield "it does not begin with a cover and a list of contents"
        if re.search(r'activeTab="[1-9]', self.parts["xl/workbook.xml"]):
            yield "it does not open on its first sheet"

    def _check_facts(self) -> Iterator[str]:
        facts = self.parts.get("docProps/core.xml", "")
        for mark, words in (("dc:title", "title"), ("dc:creator", "author"), ("dcterms:created", "date")):
            if not re.search(rf"<{mark}[^>]*>[^<]+</{mark}>", facts):
                yield f"its facts hold no {words}"
        if len(re.findall(r"<fill>", self.parts.get("xl/styles.xml", ""))) > MOST_FILLS:
            yield "cells are filled with colour, which says nothing to many readers"

    def _check_sheet(self, name: str, part: str) -> Iterator[str]:
        cells = self._read_cells(part)
        if not cells.get("A1", "").strip():
            yield f"sheet {name}: its first cell holds no title"
        relations = self.parts.get(part.replace("worksheets/", "worksheets/_rels/") + ".rels", "")
        tables = re.findall(r'Target="\.\./(tables/[^"]+)"', relations)
        if name not in ("Cover",) and len(tables) != 1:
            yield f"sheet {name}: holds {len(tables)} marked tables; one is needed"
        for table in tables:
            yield from _check_table(name, self.parts[f"xl/{table}"], cells)

    def _read_cells(self, part: str) -> dict[str, str]:
        """Return place (A1) to the text of each cell that holds something."""
        cells = {}
        for column, row, kind, inner in _CELL.findall(self.parts[part]):
            value = re.search(r"<v>(.*?)</v>", inner, re.DOTALL)
            if value:
                is_text = 't="s"' in kind
                cells[f"{column}{row}"] = self.strings[int(value[1])] if is_text else value[1]
        return cells

    def _check_words(self) -> Iterator[str]:
        lone = sorted({text.strip() for text in self.strings if text.strip() and not re.search(r"\w", text)})
        if lone:
            yield f"cells hold symbols alone ({', '.join(lone[:5])}); use words, or shorthand in square brackets"
        used = {mark for text in self.strings for mark in _NOTE.findall(text)}
        for mark in sorted(used):
            if sum(mark in text for text in self.strings) < 2:
                yield f"{mark} is used and not explained, or explained and not used"


def _check_table(sheet: str, table: str, cells: dict[str, str]) -> Iterator[str]:
    heads = [unescape(head).strip() for head in re.findall(r'<tableColumn [^>]*name="([^"]*)"', table)]
    if len({head.casefold() for head in heads}) < len(heads) or not all(heads):
        yield f"sheet {sheet}: its table has a blank or repeated column heading"
    if re.search(r'displayName="Table\d+"', table):
        yield f"sheet {sheet}: its table has no meaningful name"
    area = re.search(r' ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"', table)
    if area is None or area[1] != "A":
        yield f"sheet {sheet}: its table does not start in column A"
        return
    columns = [_letters(place) for place in range(1, len(heads) + 1)]
    rows = range(int(area[2]), int(area[4]) + 1)
    empty = [f"{c}{r}" for r, c in product(rows, columns) if not cells.get(f"{c}{r}", "").strip()]
    if empty:
        yield f"sheet {sheet}: {len(empty)} cells of its table are empty, {empty[0]} first; say in words why"


def _letters(place: int) -> str:
    """Return the letters of a column, A for 1.

    Examples
    --------
    >>> _letters(1), _letters(26), _letters(27)
    ('A', 'Z', 'AA')
    """
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
