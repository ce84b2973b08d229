"""A finished table with the words that go with it: headline, caption, alternative text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from smarthan.findings.words import METHODS

# ONS style guide: a headline has ten words or fewer.
HEADLINE_WORDS = 10


@dataclass(frozen=True)
class Finding:
    """One result of a notebook, ready to be drawn and shown.

    Attributes
    ----------
    table : DataFrame
        The finished table; `attrs["synthetic"]` says whether it is made up.
    name : str
        Short name, unique in a pack; it names the files.
    title : str
        What the table shows, in at most 10 words.
    subtitle : str
        Measure, geography, period.
    alt : str
        What a chart of it shows, for those who do not see it. Empty for a finding that is only a table.
    source, n, method : str
        Where it comes from; sample size and what is left out; how intervals were made.
    notes : tuple of str
        Further lines under it.
    headings, formats : mapping of str to str
        Column to the words above it, and to its number format.
    disclosure : mapping of str to plain values
        The record of disclosure control, for a table made from a trial.
    drawn : mapping of str to values
        What its chart takes beside the table: columns by role, reference lines, words.
    missing : str
        Why there is nothing to show, in a sentence; the table may then be empty.

    Examples
    --------
    >>> Finding(pd.DataFrame({"a": [1]}), "one", "One row", "", "", "typed in").caption["name"]
    'one'
    """

    table: pd.DataFrame
    name: str
    title: str
    subtitle: str
    alt: str
    source: str
    n: str = ""
    method: str = ""
    notes: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    disclosure: Mapping[str, Any] = field(default_factory=dict)
    drawn: Mapping[str, Any] = field(default_factory=dict)
    missing: str = ""

    @property
    def caption(self) -> dict[str, Any]:
        """What `show_chart` takes beside the drawing (`**finding.caption`)."""
        return {"data": self.table, "alt": self.alt, **self.table_caption}

    @property
    def table_caption(self) -> dict[str, Any]:
        """What `show_table` takes beside the table (`**finding.table_caption`)."""
        return {
            "name": self.name,
            "title": self.title,
            "subtitle": self.subtitle,
            "source": self.source,
            "n": self.n,
            "method": self.method,
            "notes": self.notes,
            "headings": self._known(self.headings),
            "formats": self._known(self.formats),
            "disclosure": self.disclosure,
        }

    def _known(self, by_column: Mapping[str, str]) -> dict[str, str]:
        return {name: words for name, words in by_column.items() if name in self.table}


def headline(*wordings: str) -> str:
    """Return the first of several wordings that has at most ten words; the last one should name nothing long.

    Examples
    --------
    >>> headline("Broadband PLC (HomePlug Green PHY or G.hn) leads by 0.3 points", "The leader is 0.3 points ahead")
    'The leader is 0.3 points ahead'
    """
    return next((words for words in wordings if len(words.split()) <= HEADLINE_WORDS), wordings[-1])


def percent(share: float, decimals: int = 1) -> str:
    """Return a share (0 to 1) as words for a sentence.

    Examples
    --------
    >>> percent(0.7149), percent(0.99995, 1), percent(1.0), percent(float("nan"))
    ('71.5%', 'over 99.9%', '100%', 'not known')
    """
    if pd.isna(share):
        return "not known"
    words = f"{share:.{decimals}%}"
    if share < 1 and words == f"{1:.{decimals}%}":
        return f"over {1 - 10 ** -(decimals + 2):.{decimals}%}"
    if share > 0 and words == f"{0:.{decimals}%}":
        return f"under {10 ** -(decimals + 2):.{decimals}%}"
    return "100%" if share == 1 else words


def count(number: float) -> str:
    """Return a count with thousands separated; a suppressed one in words.

    Examples
    --------
    >>> count(1743449)
    '1,743,449'
    """
    if pd.isna(number):
        return "an undisclosed number of"
    return f"{round(number):,}"


def several(number: int, thing: str) -> str:
    """Return a number with its thing, in the plural where it is not one.

    Examples
    --------
    >>> several(1, "option"), several(1200, "draw")
    ('1 option', '1,200 draws')
    """
    return f"{count(number)} {thing}{'' if number == 1 else 's'}"


def listed(words: Iterable[str]) -> str:
    """Return words as a list in a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', 'none')
    """
    items = list(words)
    if len(items) < 2:
        return items[0] if items else "none"
    return f"{', '.join(items[:-1])} and {items[-1]}"


def mark(frame: pd.DataFrame, *, synthetic: bool) -> pd.DataFrame:
    """Return a copy of a table that says whether it is made up, its intervals in words."""
    marked = frame.reset_index(drop=True)
    if "method" in marked:
        marked["method"] = marked["method"].map(lambda code: METHODS.get(code, code), na_action="ignore")
    marked.attrs = {"synthetic": synthetic}
    return marked
