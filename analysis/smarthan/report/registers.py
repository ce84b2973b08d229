"""The registers of assumptions and sources, as the technical annex shows them: read from the project's own pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

# Which sections of the register of assumptions a report rests on; the consultation rests on all.
SECTIONS = {"coverage": ("Coverage",), "characterisation": ("Trial", "Reach")}
_CODE = re.compile(r"`([^`]+)`")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


@dataclass(frozen=True)
class Register:
    """One table of a register: its heading, the heads of its columns and its rows, as HTML-safe text."""

    heading: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_register(name: str, *, sections: tuple[str, ...] = ()) -> list[Register]:
    """Return the tables of a register of the project, `assumptions` or `sources`.

    Parameters
    ----------
    name : str
    sections : tuple of str
        The headings wanted; empty takes all.

    Returns
    -------
    list of Register
        Empty where the register was not installed.

    Examples
    --------
    >>> [table.heads for table in read_register("assumptions", sections=("Trial",))]
    [('Assumption', 'Where')]
    """
    package, project = Path(__file__).parent / "registers", Path(__file__).parents[3] / "docs"
    for folder in (package, project):
        file = folder / f"{name}.md"
        if file.is_file():
            tables = parse_tables(file.read_text(encoding="utf-8"))
            return [table for table in tables if not sections or table.heading in sections]
    return []


def parse_tables(text: str) -> list[Register]:
    """Return the tables of a Markdown page, each under the heading before it.

    Examples
    --------
    >>> parse_tables("# Page\\n\\n## Trial\\n| what | where |\\n|---|---|\\n| a `b` | <c> |\\n")
    [Register(heading='Trial', heads=('What', 'Where'), rows=(('a <code>b</code>', '&lt;c&gt;'),))]
    """
    tables, heading, block = [], "", []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            block.append(_split(line))
            continue
        if len(block) > 2:
            heads = tuple(cell[:1].upper() + cell[1:] for cell in block[0])
            tables.append(Register(heading, heads, tuple(_fit(row, len(heads)) for row in block[2:])))
        block = []
        if line.startswith("#"):
            heading = line.lstrip("# ").strip()
    return tables


def _split(line: str) -> tuple[str, ...]:
    return tuple(_inline(cell.strip()) for cell in line.strip().strip("|").split("|"))


def _fit(row: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return a row with as many cells as the table has heads; what is lacking stands in words."""
    filled = [cell or "not stated" for cell in row[:count]]
    return (*filled, *["not stated"] * (count - len(filled)))


def _inline(text: str) -> str:
    return "".join(_inline_pieces(_LINK.sub(r"\1", text)))


def _inline_pieces(text: str) -> Iterator[str]:
    for place, piece in enumerate(_CODE.split(text)):
        if place % 2:
            yield f"<code>{escape(piece)}</code>"
        else:
            yield _STRONG.sub(r"<strong>\1</strong>", escape(piece, quote=False))
