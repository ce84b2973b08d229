"""The report as one page: every notebook in order without its code, figures numbered, nothing loaded from outside."""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

from smarthan.charts.bundle import text_html

from .cover import Cover, describe_disclosure, describe_methods
from .execution import without_rfc3987
from .figures import Shown
from .summary import part_id, read_answers

TEMPLATES = Path(__file__).parent / "templates"
# A table of so many columns is printed smaller, for it cannot be scrolled on paper.
WIDE_COLUMNS = 8
_HEADING = re.compile(r"<h([1-6])((?:\s[^>]*)?)>(.*?)</h\1>", re.DOTALL)
_FIGURE = re.compile(r'<figure class="(chart|table)" id="([^"]+)">')
_SCROLL = re.compile(r'(<div [^>]*class="scroll)(?=")')
_CLASS = re.compile(r'class="[^"]*"')


@dataclass(frozen=True)
class _Section:
    id: str
    title: str
    html: str


def render_page(notebooks: Mapping[str, Mapping[str, Any]], shown: Sequence[Shown], cover: Cover) -> str:
    """Return the report as one HTML page.

    Parameters
    ----------
    notebooks : mapping of str to mapping
        Name to executed, normalised notebook, in order.
    shown : sequence of Shown
        Their charts and tables, numbered.
    cover : Cover

    Returns
    -------
    str

    Notes
    -----
    Headings of a notebook move down one level, since the page has the only h1. Text of a cell that is not ours stands
    escaped. The content security policy in the head makes the browser itself refuse anything from outside.
    """
    import jinja2

    exporter = _make_exporter()
    sections = [_render_section(exporter, name, notebook, shown) for name, notebook in notebooks.items()]
    answers = [answered for answered in read_answers(notebooks) if answered.answer]
    lead = next((a for a in answers if cover.lead and a.id == part_id(cover.lead)), answers[-1] if answers else None)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        keep_trailing_newline=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["words"] = text_html
    return environment.get_template("page.html.j2").render(
        cover=cover,
        synthetic=any(item.facts["synthetic"] for item in shown),
        css=(TEMPLATES / "page.css").read_text(encoding="utf-8"),
        lead=lead,
        answers=[answered for answered in answers if answered is not lead],
        sections=sections,
        listed=[{"id": item.anchor, "label": item.label, "title": item.facts["title"]} for item in shown],
        methods=describe_methods(shown),
        disclosure=describe_disclosure(shown),
    )


def _make_exporter() -> Any:
    with without_rfc3987():
        from nbconvert import HTMLExporter

    return HTMLExporter(
        template_name="smarthan",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def _render_section(exporter: Any, name: str, notebook: Mapping[str, Any], shown: Sequence[Shown]) -> _Section:
    import nbformat

    body, _ = exporter.from_notebook_node(nbformat.from_dict(dict(notebook)))
    section = part_id(name)
    places = itertools.count()

    def move(found: re.Match[str]) -> str:
        place = next(places)
        level = min(6, int(found[1]) + 1)
        style = _CLASS.search(found[2])
        mark = section if place == 0 else f"{section}-{place}"
        return f'<h{level} id="{mark}"{f" {style[0]}" if style else ""}>{found[3]}</h{level}>'

    html = _HEADING.sub(move, body.strip())
    first = _HEADING.search(html)
    title = unescape(re.sub(r"<[^>]+>", "", first[3])).strip() if first else name
    if first is None:
        html = f'<h2 id="{section}">{escape(name)}</h2>{html}'
    return _Section(section, title, _number_figures(html, {item.anchor: item for item in shown}))


def _number_figures(html: str, shown: Mapping[str, Shown]) -> str:
    """Put the number above each figure and a download below it."""
    pieces = re.split(r"(?<=</figure>)", html)
    return "".join(_number_piece(piece, shown) for piece in pieces)


def _number_piece(piece: str, shown: Mapping[str, Shown]) -> str:
    found = _FIGURE.search(piece)
    item = shown.get(found[2]) if found else None
    if found is None or item is None:
        return piece
    if len(item.facts["columns"]) >= WIDE_COLUMNS:
        piece = _SCROLL.sub(r"\1 wide", piece)
    label = f'<span class="label">{item.label}</span>'
    if item.kind == "chart":
        piece = piece[: found.end()] + label + piece[found.end() :]
    else:
        piece = piece.replace("<caption>", f"<caption>{label}", 1)
    return piece.replace("</figure>", f"{_download(item)}</figure>")


def _download(item: Shown) -> str:
    data = base64.b64encode(item.csv.encode()).decode()
    name = escape(f"{item.stem}.csv")
    words = f"Download {item.label.lower()} as CSV: {item.facts['title']}"
    return f'<p class="download"><a download="{name}" href="data:text/csv;base64,{data}">{escape(words)}</a></p>'
