"""How a result shows itself: tables with captions in a notebook, the same as aligned text in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from smarthan.tables import clip

from .markup import Table

_WIDEST = 1_000  # characters of a line


@dataclass(frozen=True)
class Display:
    """What a result shows of itself: a headline, sentences, and tables of reasonable length."""

    headline: str
    tables: Sequence[Table] = ()
    sentences: Sequence[str] = ()
    synthetic: bool = False

    @property
    def head(self) -> str:
        """The headline, which says so where every number is invented."""
        return f"{self.headline}{' · synthetic: every number is invented' if self.synthetic else ''}"

    def to_html(self) -> str:
        """Return it for a notebook."""
        items = "".join(f"<li>{escape(each)}</li>" for each in self.sentences)
        listed = f"<ol>{items}</ol>" if items else ""
        return f"<p><b>{escape(self.head)}</b></p>{listed}{''.join(table.table_html() for table in self.tables)}"

    def to_text(self) -> str:
        """Return it for a terminal."""
        told = (f"  {place}. {each}" for place, each in enumerate(self.sentences, 1))
        lines = [clip(line, _WIDEST) for line in (self.head, *told)]  # a label may hold what a terminal obeys
        for table in self.tables:
            lines += ["", table.caption, table.to_text()]
        return "\n".join(lines)


class Displayed:
    """A result that shows itself in a notebook and in a terminal by its `display`; a dataclass takes `repr=False`."""

    def display(self) -> Display:
        """Return what to show."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return self.display().to_html()

    def __repr__(self) -> str:
        return self.display().to_text()


def mark_table(frame: pd.DataFrame, caption: str, *, decimals: int = 2, missing: str = "") -> Table:
    """Return a table without an id, its fractions with so many decimals."""
    formats = {str(name): f".{decimals}f" for name in frame.columns if pd.api.types.is_float_dtype(frame[name])}
    return Table("", frame, caption, formats=formats, missing=missing)
