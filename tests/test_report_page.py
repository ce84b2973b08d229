"""The page: one file, landmarks, numbered figures, nothing foreign that runs, nothing loaded from outside."""

import base64
import dataclasses
import datetime as dt
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from smarthan.report import ReportRefused
from smarthan.report.cover import Cover
from smarthan.report.figures import gather_shown, write_charts
from smarthan.report.page import render_page
from smarthan.report.registers import Register

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTje5wAAAABJRU5ErkJggg==")
SVG = '<svg xmlns="http://www.w3.org/2000/svg"></svg>'


def _bundle(kind: str, name: str, *, synthetic: bool = True) -> dict[str, Any]:
    facts = {
        "kind": kind, "name": name, "title": f"Title of {name}", "subtitle": "Homes, 2026", "alt": "Two bars of homes.",
        "source": "Trial", "n": "", "method": "", "notes": [], "synthetic": synthetic, "columns": ["a"],
        "number_columns": ["a"], "headings": {}, "formats": {},
    }  # fmt: skip
    picture = base64.b64encode(SVG.encode()).decode()
    inner = (
        f'<h2 class="headline">Title of {name}</h2>'
        f'<img alt="Two bars of homes." src="data:image/svg+xml;base64,{picture}">'
        if kind == "chart"
        else '<table><caption>T</caption><tr><th scope="col">A</th></tr></table>'
    )
    html = f'<figure class="{kind}" id="{kind}-{name}">{inner}<figcaption>Source: Trial</figcaption></figure>'
    data = {"text/html": html, "text/csv": "a\n1\n", "text/plain": "x"}
    if kind == "chart":
        data |= {"image/svg+xml": SVG, "image/png": base64.b64encode(PNG).decode()}
    return {"output_type": "display_data", "data": data, "metadata": {"smarthan": facts}}


def _notebook(question: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "id": "c0", "metadata": {}, "source": f"# {question}\n\nWords – more.\n\n## Method"},
        {
            "cell_type": "code",
            "id": "c001",
            "metadata": {},
            "execution_count": 1,
            "source": "secret_code()",
            "outputs": list(outputs),
        },
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


FOREIGN: list[dict[str, Any]] = [
    {"output_type": "display_data", "data": {"text/html": "<script>evil()</script>"}, "metadata": {}},
    {"output_type": "display_data", "data": {"text/html": "<b>x", "text/plain": "<i>plain"}, "metadata": {}},
    {"output_type": "stream", "name": "stdout", "text": "<u>printed"},
    {"output_type": "stream", "name": "stderr", "text": "kernel chatter"},
]  # fmt: skip
NOTEBOOKS = {
    "01_reach": _notebook("Where does it reach?", _bundle("chart", "reach"), _bundle("table", "reach")),
    "02_cost": _notebook("What does it cost?", _bundle("chart", "cost"), *FOREIGN),
}
COVER = Cover(
    title="Networks & homes",
    organisation="A body",
    as_of=dt.date(2026, 11, 2),
    version="0.1.0",
    key="abcdef123456",
    marks=("fast",),
    inputs=[{"input": "trial", "path": "trial<x>", "bytes": 1234, "sha256": "0" * 64}],
)


@pytest.fixture(scope="module")
def page() -> str:
    return render_page(NOTEBOOKS, gather_shown(NOTEBOOKS), COVER)


class _Outline(HTMLParser):
    """The headings, ids, images and addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append(tag)
        self.levels += [int(tag[1])] if re.fullmatch(r"h[1-6]", tag) else []
        self.ids += [str(named["id"])] if "id" in named else []
        self.images += [named] if tag == "img" else []
        self.addresses += [str(named[key]) for key in ("src", "href", "data", "action") if key in named]


def test_landmarks_language_and_one_heading_of_the_first_level(page: str) -> None:
    outline = _Outline(page)
    assert page.startswith('<!doctype html>\n<html lang="en-GB">')
    assert "<title>Networks &amp; homes - A body</title>" in page
    assert [outline.tags.count(tag) for tag in ("main", "nav", "header", "footer", "h1")] == [1, 1, 1, 1, 1]
    assert all(b - a <= 1 for a, b in zip(outline.levels[:-1], outline.levels[1:], strict=True))
    assert len(outline.ids) == len(set(outline.ids))
    assert 'href="#main">Skip to the main content' in page


def test_contents_lead_to_every_part(page: str) -> None:
    outline = _Outline(page)
    inner = [address[1:] for address in outline.addresses if address.startswith("#")]
    assert set(inner) <= set(outline.ids)
    assert '<a href="#part-01">Where does it reach?</a>' in page
    assert '<a href="#chart-cost">Figure 2: Title of cost</a>' in page


def test_figures_and_tables_are_numbered_in_order_each_with_its_data(page: str) -> None:
    assert re.findall(r'<span class="label">([^<]*)</span>', page) == ["Figure 1", "Table 1", "Figure 2"]
    link = re.search(r'download="reach_synthetic.csv" href="data:text/csv;base64,([^"]*)"', page)
    assert link is not None
    assert base64.b64decode(link[1]) == b"a\n1\n"
    assert "Download figure 2 as CSV: Title of cost" in page


def test_every_picture_has_its_own_words(page: str) -> None:
    images = _Outline(page).images
    assert len(images) == 2
    assert {image["alt"] for image in images} == {"Two bars of homes."}
    assert "No description has been provided" not in page


def test_nothing_comes_from_outside_and_nothing_foreign_runs(page: str) -> None:
    outline = _Outline(page)
    assert [address for address in outline.addresses if not address.startswith(("#", "data:"))] == []
    assert "script" not in outline.tags
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in page
    assert "evil" not in page
    assert "&lt;i&gt;plain" in page
    assert "&lt;u&gt;printed" in page
    assert "trial&lt;x&gt;" in page


def test_code_and_kernel_chatter_stay_out_and_marks_stand_in(page: str) -> None:
    assert "secret_code" not in page
    assert "kernel chatter" not in page
    assert '<span class="mark">fast</span>' in page
    assert "Synthetic data." in page
    assert "Words – more." in page


def test_a_report_without_synthetic_data_has_no_banner() -> None:
    notebooks = {"01_reach": _notebook("Where?", _bundle("chart", "reach", synthetic=False))}
    assert 'class="banner"' not in render_page(notebooks, gather_shown(notebooks), COVER)


def test_charts_stand_beside_the_page_with_their_words(tmp_path: Any) -> None:
    write_charts(gather_shown(NOTEBOOKS), tmp_path)
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert names == [
        *(f"charts/{name}_synthetic.{end}" for name in ("cost", "reach") for end in ("csv", "png", "svg", "txt")),
        "csvw.json",
        "tables/reach_synthetic.csv",
    ]
    words = (tmp_path / "charts" / "reach_synthetic.txt").read_text()
    assert words.startswith("Figure 1. Title of reach\nHomes, 2026\n")
    assert "Alternative text: Two bars of homes." in words


def test_two_charts_of_one_name_are_refused() -> None:
    twins = {"01_a": _notebook("A?", _bundle("chart", "x")), "02_b": _notebook("B?", _bundle("chart", "x"))}
    with pytest.raises(ReportRefused, match="chart 'x' is shown"):
        gather_shown(twins)


ANSWER: dict[str, Any] = {
    "output_type": "display_data",
    "data": {
        "text/html": '<div class="answer"><p>x</p></div>',
        "text/plain": "**Most** homes. The rest:\n- a <b>\n\nMore.",
    },
    "metadata": {"smarthan": {"kind": "answer"}},
}


def test_the_summary_stands_first_with_warnings_and_answers() -> None:
    notebooks = {"01_reach": _notebook("Reach?", ANSWER), "02_cost": _notebook("Cost?", ANSWER)}
    cover = dataclasses.replace(
        COVER, warnings=["Left <out>."], audience="readers", logo_text="A logo", contact="us", licence="OGL"
    )
    page = render_page(notebooks, gather_shown(notebooks), cover)
    summary = page[page.index('id="summary"') : page.index('id="contents"')]
    assert "<p>Left &lt;out&gt;.</p>" in summary
    first = render_page(notebooks, gather_shown(notebooks), dataclasses.replace(cover, lead="01_reach"))
    assert "<h3>Reach?</h3>" in first
    assert '<a href="#part-02">Cost?</a></dt>' in first
    assert summary.index("<h3>Cost?</h3>") < summary.index('<a href="#part-01">Reach?</a>')
    assert "<li>a &lt;b&gt;</li>" in summary  # the last answer stands whole
    assert "<dd><p><strong>Most</strong> homes.</p></dd>" in summary  # of the others the first sentences
    assert "questions go to us" in summary
    assert all(words in page for words in ("For readers", '<p class="logo">A logo</p>', "Licence: OGL."))


def test_the_annex_tells_methods_limits_assumptions_and_provenance(page: str) -> None:
    cover = dataclasses.replace(
        COVER,
        inputs=[{**COVER.inputs[0], "read": 1200, "accepted": 1198, "quarantined": 2}],
        parameters={"01_reach": {"draws": 5, "mark": ""}},
        versions={"pandas": "3.0"},
        commit="c" * 40,
        registers=[("Assumptions: trial", Register("Trial", ("Assumption", "Where"), (("<code>x</code>", "y"),)))],
    )
    notebooks = {"01_reach": _notebook("Where?", _bundle("chart", "reach"))}
    made = render_page(notebooks, gather_shown(notebooks), cover)
    annex = made[made.index('<h2 id="annex">') :]
    told = ('<td class="number">1,198</td>', "<caption>Assumptions: trial</caption>", "<code>x</code>", "<td>3.0</td>")
    assert [text for text in told if text not in annex] == []
    assert "<code>mark</code></td><td>not given</td>" in annex
    assert f"code at commit <code>{'c' * 12}</code>" in annex
    outline = _Outline(made)
    assert all(b - a <= 1 for a, b in zip(outline.levels[:-1], outline.levels[1:], strict=True))
    assert len(outline.ids) == len(set(outline.ids))
    assert "The registers of assumptions and sources are not installed" in page


def test_a_wide_table_is_told_to_the_printer() -> None:
    bundle = _bundle("table", "wide")
    bundle["metadata"]["smarthan"]["columns"] = [f"c{n}" for n in range(9)]
    bundle["data"]["text/html"] = (
        bundle["data"]["text/html"]
        .replace("<table>", '<div aria-label="T" class="scroll" role="region"><table>')
        .replace("</table>", "</table></div>")
    )
    notebooks = {"01_reach": _notebook("Where?", bundle)}
    assert 'class="scroll wide"' in render_page(notebooks, gather_shown(notebooks), COVER)
