"""One chart or table of a pack, as an executed notebook showed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Shown:
    """One chart or table of the pack.

    Attributes
    ----------
    kind : str
        `chart` or `table`.
    number : int
        Its number among its kind, in the order of the page.
    notebook : str
    facts : mapping
        What `show_chart` or `show_table` was told: name, title, subtitle, alt, source, n, method, notes, synthetic,
        columns, number_columns, headings, formats.
    csv, svg : str
        The data, and the picture of a chart.
    png : bytes
    """

    kind: str
    number: int
    notebook: str
    facts: Mapping[str, Any]
    csv: str
    svg: str
    png: bytes

    @property
    def label(self) -> str:
        """Figure 3, Table 2."""
        return f"{'Figure' if self.kind == 'chart' else 'Table'} {self.number}"

    @property
    def anchor(self) -> str:
        """The id of its figure on the page."""
        return f"{self.kind}-{self.facts['name']}"

    @property
    def stem(self) -> str:
        """The file name without its ending; says synthetic when the data is."""
        return f"{self.facts['name']}_synthetic" if self.facts.get("synthetic") else str(self.facts["name"])
