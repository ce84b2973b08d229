"""The PDF is tagged, A4, with its fonts inside and nothing from outside; without Pango the report stands without it."""

import base64
import datetime as dt
import sys
from pathlib import Path

import pytest

from smarthan.report import ReportRefused
from smarthan.report.pdf import PdfNotPossible, find_pdf_problems, without_heavy_drawings, write_pdf
from smarthan.report.shown import Shown

DAY = dt.date(2026, 11, 2)
PAGE = """<!doctype html><html lang="en-GB"><head><title>A report</title>
<style>@page { size: A4 } @media print { .screen { display: none } }</style></head>
<body><main><h1>A report</h1><p><b>Words</b> and <code>code</code>.</p><p class="screen">Link</p>PICTURE</main></body>
</html>"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
PICTURE = f'<img alt="A square." src="data:image/svg+xml;base64,{base64.b64encode(DRAWING.encode()).decode()}">'


def _is_possible() -> bool:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


needs_pango = pytest.mark.skipif(not _is_possible(), reason="needs weasyprint and Pango: run `make system`")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    write_pdf(PAGE.replace("PICTURE", PICTURE), path, day=DAY)
    return path


@needs_pango
def test_it_passes_its_checks_and_is_the_same_each_time(made: Path, tmp_path: Path) -> None:
    data = made.read_bytes()
    assert find_pdf_problems(data, figures=1) == []
    write_pdf(PAGE.replace("PICTURE", PICTURE), tmp_path / "again.pdf", day=DAY)
    assert (tmp_path / "again.pdf").read_bytes() == data


@needs_pango
def test_its_fonts_come_with_the_software_and_not_with_the_machine(made: Path) -> None:
    import re
    import zlib

    data = made.read_bytes()
    for found in re.finditer(rb"stream\r?\n", data):
        try:
            data += zlib.decompressobj().decompress(made.read_bytes()[found.end() :], 1 << 20)
        except zlib.error:
            continue
    names = {name.split(b"+")[-1] for name in re.findall(rb"/FontName /([^/\s]+)", data)}
    assert names == {b"Report-Sans", b"Report-Sans-Bold", b"Report-Mono"}


@pytest.mark.parametrize(
    ("data", "figures", "words"),
    [
        (b"%PDF-1.7", 0, ["not tagged", "no structure tree", "British English", "file name", "no title", "PDF/UA-1"]),
        (b"/Type /FontDescriptor /FontFile2 3 0 R", 2, ["2 pictures, 0 with"]),
        (b"/Type /FontDescriptor /Type /FontDescriptor /FontFile2 3 0 R", 0, ["1 of 2 fonts"]),
        (b"/MediaBox [0 0 612 792]", 0, ["612 by 792 points, which is not A4"]),
    ],
)
def test_each_rule_is_held(data: bytes, figures: int, words: list[str]) -> None:
    found = " ".join(find_pdf_problems(data, figures=figures))
    assert [text for text in words if text not in found] == []


@needs_pango
def test_what_comes_from_outside_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    page = PAGE.replace("PICTURE", '<img alt="A thing." src="http://example.invalid/x.png">')
    with pytest.raises(ReportRefused, match="from outside"):
        write_pdf(page, tmp_path / "report.pdf", day=DAY)
    assert list(tmp_path.iterdir()) == []


@needs_pango
def test_a_page_without_language_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(ReportRefused, match="British English"):
        write_pdf(PAGE.replace(' lang="en-GB"', "").replace("PICTURE", ""), tmp_path / "report.pdf", day=DAY)
    assert list(tmp_path.iterdir()) == []


def test_without_weasyprint_the_words_say_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PdfNotPossible, match=r"pip install 'smarthan\[pdf\]'"):
        write_pdf(PAGE, tmp_path / "report.pdf", day=DAY)


def test_heavy_drawings_become_pictures_of_dots() -> None:
    heavy, light = DRAWING.replace("<rect", f"<desc>{'x' * 40_000}</desc><rect"), DRAWING
    shown = [Shown("chart", place, "01_a", {}, "", svg, b"dots") for place, svg in enumerate((heavy, light))]
    page = " ".join(f"data:image/svg+xml;base64,{base64.b64encode(s.encode()).decode()}" for s in (heavy, light))
    dots, kept = without_heavy_drawings(page, shown).split(" ")
    assert dots == f"data:image/png;base64,{base64.b64encode(b'dots').decode()}"
    assert kept.startswith("data:image/svg+xml")
