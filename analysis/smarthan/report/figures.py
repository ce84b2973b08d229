"""The charts and tables of executed notebooks, numbered in the order of the page, written beside it."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .described import describe_tables
from .publishing import naming
from .refusals import ReportRefused
from .shown import Shown

__all__ = ["Shown", "gather_shown", "source_lines", "write_charts"]

SYNTHETIC = "Synthetic data: made up for demonstration, not a finding."
_LICENCE = re.compile(r"©|[Ll]icen[cs]e|^Contains ")


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


def write_charts(shown: Sequence[Shown], folder: Path, *, licence: str = "") -> None:
    """Write each chart as SVG, PNG, CSV and its words, and each table as CSV; say of every CSV what it holds.

    Parameters
    ----------
    shown : sequence of Shown
    folder : Path
        The pack; `charts/` and `tables/` are made in it.
    licence : str
        Of the report, for the pictures and the description of the tables.

    Raises
    ------
    OSError
        When the disk does not take a file, which the error names.
    """
    for kind, place in (("chart", folder / "charts"), ("table", folder / "tables")):
        place.mkdir(parents=True, exist_ok=True)
        for item in (one for one in shown if one.kind == kind):
            _write(place / f"{item.stem}.csv", item.csv)
            if kind == "chart":
                _write_pictures(item, place, source_lines(item, licence))
                _write(place / f"{item.stem}.txt", _describe(item))
    if shown:
        _write(folder / "csvw.json", describe_tables(shown, licence=licence))


def source_lines(item: Shown, licence: str) -> list[str]:
    """Return what stands under a picture that is used by itself: source, licences, and whether it is made up."""
    facts = item.facts
    notes = [str(note) for note in facts["notes"] if _LICENCE.search(str(note))]
    lines = [f"Source: {facts['source']}", *([f"{' '.join(_end(n) for n in notes)}"] if notes else [])]
    lines += [f"Licence: {licence}"] if licence else []
    return [*lines, *([SYNTHETIC] if facts["synthetic"] else [])]


def _end(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."


def _write_pictures(item: Shown, place: Path, lines: Sequence[str]) -> None:
    from smarthan.charts.exports import add_lines_to_png, add_lines_to_svg

    words = {"title": str(item.facts["title"]), "alt": str(item.facts["alt"])}
    _write(place / f"{item.stem}.svg", add_lines_to_svg(item.svg, lines, **words))
    _write(place / f"{item.stem}.png", add_lines_to_png(item.png, lines, **words))


def _write(path: Path, content: str | bytes) -> None:
    with naming(path):
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


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
        lines.append(SYNTHETIC)
    return "\n".join(lines) + "\n"
