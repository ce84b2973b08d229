"""The facts that stand with every chart and table, the rules they keep, and their HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")
_FILE_NAME = re.compile(r"[\w\- ]+\.(png|svg|jpe?g|gif|webp|pdf)", re.IGNORECASE)
# ONS style guide: a headline has ten words or fewer. A table's title also names its columns.
HEADLINE_WORDS = 10
LEAST_ALT = 20
_INTERVAL_COLUMN = re.compile(r"(^|_)(low|high|lower|upper|lo|hi)(_|$)")


@dataclass(frozen=True)
class Facts:
    """What is said beside a chart or a table: the words of `show_chart` and `show_table`."""

    kind: str
    name: str
    title: str
    subtitle: str
    alt: str
    source: str
    n: str
    method: str
    notes: tuple[str, ...]
    level: int
    synthetic: bool
    disclosure: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the facts as plain values, for the metadata of a display bundle."""
        return {**asdict(self), "notes": list(self.notes)}


def figure_id(facts: Facts) -> str:
    """Return the id of the figure on its page."""
    return f"{facts.kind}-{facts.name}"


def check_facts(facts: Facts, data: pd.DataFrame) -> list[str]:
    """Return every way in which the words or the data break a rule, in plain words; empty when all is well.

    Examples
    --------
    >>> import pandas as pd
    >>> facts = Facts("table", "reach", "Reach by type", "", "", "Trial", "", "", (), 2, False)
    >>> check_facts(facts, pd.DataFrame({"type": ["Flat"], "share": [0.5]}))
    []
    """
    problems = []
    if not _NAME.fullmatch(facts.name):
        problems.append(f"name is {facts.name!r}; use at most 51 lower case letters, digits and _, a letter first")
    problems += [f"{word} is empty" for word in ("title", "source") if not getattr(facts, word).strip()]
    if not 2 <= facts.level <= 6:
        problems.append(f"level is {facts.level}; a heading inside a page has level 2 to 6")
    if facts.kind == "chart":
        problems += _check_chart_words(facts)
    if data.empty or not len(data.columns):
        problems.append("the table has no rows; say in words what is missing instead of showing nothing")
    names = [str(column).strip() for column in data.columns]
    if len(set(names)) < len(names) or "" in names:
        problems.append("the columns need names that differ and are not blank")
    if not facts.method.strip() and any(_INTERVAL_COLUMN.search(name.lower()) for name in names):
        problems.append("the data holds an interval, so method must say how it was made and what the unit is")
    return problems


def _check_chart_words(facts: Facts) -> list[str]:
    problems = []
    words = len(facts.title.split())
    if words > HEADLINE_WORDS:
        problems.append(f"title has {words} words; a headline says the finding in at most {HEADLINE_WORDS}")
    if not facts.subtitle.strip():
        problems.append("subtitle is empty; name the measure, the geography and the period")
    alt = facts.alt.strip()
    if len(alt) < LEAST_ALT:
        problems.append(f"alt has {len(alt)} characters; describe what the chart shows in {LEAST_ALT} or more")
    elif alt.casefold() == facts.title.strip().casefold():
        problems.append("alt repeats the title; describe what the chart shows")
    elif _FILE_NAME.fullmatch(alt):
        problems.append(f"alt is a file name ({alt!r}); describe what the chart shows")
    return problems


def caption_html(facts: Facts) -> str:
    """Return the caption: synthetic or not, source, sample, method and notes, each on its line."""
    lines = []
    if facts.synthetic:
        lines.append('<span class="synthetic">Synthetic data: made up for demonstration, not a finding.</span>')
    lines += [
        f"<span><b>{word}:</b> {escape(text)}</span>"
        for word, text in (("Source", facts.source), ("Sample", facts.n), ("Method", facts.method))
        if text.strip()
    ]
    lines += [f"<span>{escape(note)}</span>" for note in facts.notes]
    if facts.kind == "table" and facts.subtitle.strip():
        lines.insert(0, f"<span>{escape(facts.subtitle)}</span>")
    return f"<figcaption>{''.join(lines)}</figcaption>"


def text_html(text: str) -> str:
    """Return plain text as HTML: paragraphs, "- " lists and **strong** words, all else escaped.

    Examples
    --------
    >>> text_html("<b>\\n\\n- one\\n- two")
    '<p>&lt;b&gt;</p>\\n<ul><li>one</li><li>two</li></ul>'
    """
    blocks = re.split(r"\n\s*\n", text.strip())
    return "\n".join(_block_html([line.strip() for line in block.splitlines()]) for block in blocks)


def _block_html(lines: list[str]) -> str:
    items = [line[2:] for line in lines if line.startswith("- ")]
    words = [line for line in lines if not line.startswith("- ")]
    paragraph = f"<p>{_strong(' '.join(words))}</p>" if words else ""
    return paragraph + (f"<ul>{''.join(f'<li>{_strong(item)}</li>' for item in items)}</ul>" if items else "")


def _strong(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))
