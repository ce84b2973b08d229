"""Finished tables and sentences as accessible HTML: every text escaped, tables with caption and scoped headers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Protocol

import pandas as pd

from smarthan.personal import refuse_personal
from smarthan.tables import clip

_WIDEST = 500  # characters of a cell in a terminal
MISSING = "not stated"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2} [A-Z][a-z]+ \d{4}")
_LONGEST_WORD = 40  # letters; no word of a language is longer


class Block(Protocol):
    """Something that stands on a page; jinja2 takes what `__html__` gives without escaping it again."""

    def __html__(self) -> str:
        """Return the block as HTML."""
        ...


@dataclass(frozen=True)
class Text:
    """A paragraph; `kind` names its style: `plain`, `lead`, `absent`, `notice`."""

    words: str
    kind: str = "plain"

    def __html__(self) -> str:
        return f'<p class="{escape(self.kind)}">{escape(self.words)}</p>'


@dataclass(frozen=True)
class Items:
    """A list of sentences, numbered where their order matters."""

    words: Sequence[str]
    ordered: bool = False

    def __html__(self) -> str:
        tag = "ol" if self.ordered else "ul"
        return f"<{tag}>{''.join(f'<li>{escape(each)}</li>' for each in self.words)}</{tag}>"


@dataclass(frozen=True)
class Heading:
    """A heading below that of its section."""

    words: str

    def __html__(self) -> str:
        return f"<h3>{escape(self.words)}</h3>"


@dataclass(frozen=True)
class Code:
    """A word to be copied exactly, after what it is."""

    name: str
    label: str
    words: str

    def __html__(self) -> str:
        return f'<p>{escape(self.label)}: <code id="{escape(self.name)}">{escape(self.words)}</code></p>'


@dataclass(frozen=True)
class Verbatim:
    """A text to be copied exactly as it stands, behind a line that says what it is."""

    name: str
    summary: str
    words: str

    def __html__(self) -> str:
        name, summary = escape(self.name), escape(self.summary)
        box = f'role="region" tabindex="0" aria-label="{summary}"'
        return f'<details><summary>{summary}</summary><pre id="{name}" {box}>{escape(self.words)}</pre></details>'


@dataclass(frozen=True)
class Table:
    """A finished table with the words around it.

    Attributes
    ----------
    name : str
        Unique on its page; '' gives none.
    frame : DataFrame
        Its first column names the row.
    caption : str
    headings, formats : mapping of str to str
        Column to the words above it, and to its number format.
    bars : mapping of str to float
        Column to the number that fills a whole bar.
    missing : str
        What stands in a cell without a value.
    number : int
        Its number on the page; 0 for none.
    """

    name: str
    frame: pd.DataFrame
    caption: str
    headings: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    bars: Mapping[str, float] = field(default_factory=dict)
    missing: str = MISSING
    number: int = 0

    @property
    def title(self) -> str:
        """The caption, after the number where there is one."""
        return f"Table {self.number}: {self.caption}" if self.number else self.caption

    def __html__(self) -> str:
        box = f'role="region" tabindex="0" aria-label="{escape(self.title)}"'
        return f'<div class="scroll" {box}>{self.table_html()}</div>'

    def table_html(self) -> str:
        """Return the table alone, for a page that has boxes of its own."""
        columns = [str(name) for name in self.frame.columns]
        numbers = {name for name in columns if _is_number(self.frame[name])}
        head = "".join(self._head_html(name, name in numbers) for name in columns)
        body = "".join(self._row_html(columns, numbers, row) for row in self.frame.itertuples(index=False, name=None))
        caption = f"<caption><span>{escape(self.title)}</span></caption>"
        mark = f' id="table-{escape(self.name)}"' if self.name else ""
        return f"<table{mark}>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _head_html(self, name: str, is_number: bool) -> str:
        words = escape(self.headings.get(name, name.replace("_", " ")))
        return f'<th scope="col"{_class("number" if is_number else "")}>{words}</th>'

    def to_text(self) -> str:
        """Return the table as aligned text."""
        if not len(self.frame):
            return "  (no row)"
        shown = {
            self.headings.get(str(name), str(name).replace("_", " ")): [
                clip(self._say(str(name), value), _WIDEST) for value in self.frame[name]
            ]
            for name in self.frame.columns
        }
        told = pd.DataFrame(shown, dtype="str")
        refuse_personal(told, to="the terminal")
        return str(told.to_string(index=False))

    def _row_html(self, columns: Sequence[str], numbers: set[str], row: Sequence[object]) -> str:
        cells = []
        for place, (name, value) in enumerate(zip(columns, row, strict=True)):
            tag, scope = ("th", ' scope="row"') if place == 0 else ("td", "")
            words = self._say(name, value)
            kind = "number" if name in numbers else _kind_of(words) if place else ""
            cells.append(f"<{tag}{scope}{_class(kind)}>{escape(words)}{self._bar_html(name, value)}</{tag}>")
        return f"<tr>{''.join(cells)}</tr>"

    def _say(self, name: str, value: object) -> str:
        if value is None or value is pd.NA or (isinstance(value, float) and value != value) or value == "":
            return self.missing
        if isinstance(value, bool):
            return "yes" if value else "no"
        return format(value, self.formats[name]) if name in self.formats else str(value)

    def _bar_html(self, name: str, value: object) -> str:
        if name not in self.bars or not isinstance(value, int | float) or not value > 0:
            return ""
        width = min(100 * value / self.bars[name], 100)
        return f'<span class="bar" aria-hidden="true"><span style="width:{width:.1f}%"></span></span>'


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _kind_of(words: str) -> str:
    """Return whether a cell is a date, kept on one line, or holds a long word such as a hash, broken to fit."""
    if _DATE.fullmatch(words):
        return "date"
    return "long" if any(len(word) > _LONGEST_WORD for word in words.split()) else ""


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def show_table(
    frame: pd.DataFrame, caption: str, *, formats: Mapping[str, str] | None = None, missing: str = ""
) -> str:
    """Return a table for a notebook: captioned, scoped, with "synthetic" in the caption where its numbers are invented.

    Parameters
    ----------
    frame : DataFrame
        `attrs["synthetic"]` says whether it is made up.
    caption : str
    formats : mapping of str to str, optional
        Number formats by column; other fractions are shown with two decimals.
    missing : str
        What stands in a cell without a value.

    Examples
    --------
    >>> show_table(pd.DataFrame({"a": ["<b>"], "x": [1.234]}), "One")[-91:]
    '><tbody><tr><th scope="row">&lt;b&gt;</th><td class="number">1.23</td></tr></tbody></table>'
    """
    word = " · synthetic: every number is invented" if frame.attrs.get("synthetic") else ""
    given = {str(name): ".2f" for name in frame.columns if pd.api.types.is_float_dtype(frame[name])}
    return Table("", frame, caption + word, formats={**given, **(formats or {})}, missing=missing).table_html()
