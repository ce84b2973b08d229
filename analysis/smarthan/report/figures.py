"""The charts and tables of executed notebooks, numbered in the order of the page, written beside it."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .refusals import ReportRefused


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


def gather_shown(notebooks: Mapping[str, Mapping[str, Any]]) -> list[Shown]:
    """Return every chart and table of executed notebooks, in order.

    Parameters
    ----------
    notebooks : mapping of str to mapping
        Name to executed notebook, in the order of the page.

    Returns
    -------
    list of Shown

    Raises
    ------
    ReportRefused
        When a name stands twice among charts or among tables: the second file would replace the first.
    """
    shown: list[Shown] = []
    counts: Counter[str] = Counter()
    for name, notebook in notebooks.items():
        for output in _bundles(notebook):
            kind = output["metadata"]["smarthan"].get("kind")
            if kind in ("chart", "table"):
                counts[kind] += 1
                shown.append(_read_bundle(output, kind, counts[kind], name))
    _refuse_twins(shown)
    return shown


def write_charts(shown: Sequence[Shown], folder: Path) -> None:
    """Write each chart as SVG, PNG, CSV and its words, and each table as CSV.

    Parameters
    ----------
    shown : sequence of Shown
    folder : Path
        The pack; `charts/` and `tables/` are made in it.
    """
    for kind, place in (("chart", folder / "charts"), ("table", folder / "tables")):
        place.mkdir(parents=True, exist_ok=True)
        for item in (one for one in shown if one.kind == kind):
            (place / f"{item.stem}.csv").write_text(item.csv, encoding="utf-8", newline="\n")
            if kind == "chart":
                (place / f"{item.stem}.svg").write_text(item.svg, encoding="utf-8", newline="\n")
                (place / f"{item.stem}.png").write_bytes(item.png)
                (place / f"{item.stem}.txt").write_text(_describe(item), encoding="utf-8", newline="\n")


def _bundles(notebook: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if "smarthan" in output.get("metadata", {}):
                yield output


def _read_bundle(output: Mapping[str, Any], kind: str, number: int, notebook: str) -> Shown:
    data = output["data"]
    return Shown(
        kind,
        number,
        notebook,
        output["metadata"]["smarthan"],
        data["text/csv"],
        data.get("image/svg+xml", ""),
        base64.b64decode(data.get("image/png", "")),
    )


def _refuse_twins(shown: Sequence[Shown]) -> None:
    counts = Counter((item.kind, item.facts["name"]) for item in shown)
    twins = [
        f"{kind} {name!r} is shown {n} times; each needs a name of its own"
        for (kind, name), n in counts.items()
        if n > 1
    ]
    if twins:
        raise ReportRefused(twins)


def _describe(item: Shown) -> str:
    facts = item.facts
    lines = [f"{item.label}. {facts['title']}", str(facts["subtitle"]), "", f"Alternative text: {facts['alt']}"]
    lines += [
        f"{word}: {facts[key]}"
        for word, key in (("Source", "source"), ("Sample", "n"), ("Method", "method"))
        if facts[key]
    ]
    lines += [str(note) for note in facts["notes"]]
    if facts["synthetic"]:
        lines.append("Synthetic data: made up for demonstration, not a finding.")
    return "\n".join(lines) + "\n"
