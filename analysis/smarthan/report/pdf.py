"""The page as a tagged PDF of A4 sheets, with its fonts inside. The page is the publication; this is for printing."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import re
import zlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .figures import Shown
from .publishing import naming
from .refusals import ReportRefused

# A drawing larger than this goes into the PDF as a picture of dots.
HEAVY_BYTES = 40_000
MOST_UNPACKED = 32 * 1024 * 1024
# Of matplotlib, which brings them to every machine.
_FONTS = {
    "DejaVuSans.ttf": ("Report Sans", "normal"),
    "DejaVuSans-Bold.ttf": ("Report Sans", "bold"),
    "DejaVuSansMono.ttf": ("Report Mono", "normal"),
}
_A4_PT = (595, 842)
_PANGO = "on Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0, or make system"


class PdfNotPossible(Exception):
    """There is no PDF on this machine; the words say what is lacking and how to get it."""


def write_pdf(page: str, path: Path, *, day: dt.date) -> None:
    """Write a page of the report as PDF.

    Parameters
    ----------
    page : str
        The HTML of the page.
    path : Path
        The PDF; it appears only when it passed its checks.
    day : date
        Stands as the time of making, so that equal pages give equal bytes.

    Raises
    ------
    PdfNotPossible
        When weasyprint or Pango is not there.
    ReportRefused
        When the page asks for something from outside, or the PDF breaks a rule of `find_pdf_problems`.
    OSError
        When the disk does not take it.
    """
    weasyprint = _import_weasyprint()
    with _fixed_time(day):
        data = _render(weasyprint, page).write_pdf(pdf_variant="pdf/ua-1")
    problems = find_pdf_problems(data, figures=page.count("<img "))
    if problems:
        raise ReportRefused([f"{path.name}: {problem}" for problem in problems])
    with naming(path):
        path.write_bytes(data)


def without_heavy_drawings(page: str, shown: Sequence[Shown]) -> str:
    """Return a page in which large vector pictures are replaced by their raster twins.

    A map of thousands of outlines takes seconds to draw into a PDF, and at 200 dots an inch prints as well.
    """
    for item in shown:
        if len(item.svg) > HEAVY_BYTES and item.png:
            old = f"data:image/svg+xml;base64,{b64encode(item.svg.encode()).decode()}"
            page = page.replace(old, f"data:image/png;base64,{b64encode(item.png).decode()}")
    return page


def find_pdf_problems(data: bytes, *, figures: int) -> list[str]:
    """Return every broken rule of an accessible PDF, read from its own bytes.

    Parameters
    ----------
    data : bytes
        A PDF; what is compressed in it is read too.
    figures : int
        How many pictures the page holds, each with its alternative text.

    Returns
    -------
    list of str

    Notes
    -----
    Held: tagged, with a structure tree, a language, a title that readers show, the mark of PDF/UA-1, an alternative
    text for each picture, every font embedded, A4. That is less than conformance to PDF/UA, which no tool checks here.

    References
    ----------
    ISO 14289-1:2014 (PDF/UA-1), clauses 7.1, 7.2, 7.3, 7.21.
    """
    return list(_find_pdf_problems(b"\n".join([data, *_unpack(data)]), figures))


def _unpack(data: bytes) -> Iterator[bytes]:
    """Yield what stands compressed in a PDF, objects above all."""
    for found in re.finditer(rb"stream\r?\n", data):
        with contextlib.suppress(zlib.error):  # a picture or a font: packed in another way, and of no interest
            yield zlib.decompressobj().decompress(data[found.end() :], MOST_UNPACKED)


def _find_pdf_problems(data: bytes, figures: int) -> Iterator[str]:
    marks = {
        rb"/MarkInfo\s*<<[^>]*/Marked\s+true": "it is not tagged",
        rb"/StructTreeRoot": "it has no structure tree",
        rb"/Lang\s*\(en-GB\)": "it does not say that it is in British English",
        rb"/DisplayDocTitle\s+true": "readers would show its file name for a title",
        rb"/Title\s*[(<]": "it has no title",
        rb"pdfuaid:part(=\"1\"|>1<)": "it does not say that it follows PDF/UA-1",
    }
    yield from (words for pattern, words in marks.items() if not re.search(pattern, data))
    described = len(re.findall(rb"/Alt\s*[(<]", data))
    if described < figures:
        yield f"{figures} pictures, {described} with an alternative text"
    fonts = len(re.findall(rb"/Type\s*/FontDescriptor", data))
    embedded = len(re.findall(rb"/FontFile[23]?\s+\d+", data))
    if embedded < fonts or not fonts:
        yield f"{embedded} of {fonts} fonts are embedded"
    for box in set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", data)):
        low_x, low_y, high_x, high_y = map(float, box.split())
        if (round(high_x - low_x), round(high_y - low_y)) != _A4_PT:
            yield f"a page is {high_x - low_x:.0f} by {high_y - low_y:.0f} points, which is not A4"


def _import_weasyprint() -> Any:
    try:
        import weasyprint
    except ModuleNotFoundError as error:
        raise PdfNotPossible(f"{error.name} is not installed: pip install 'smarthan[pdf]'") from error
    except OSError as error:  # a library of the system that is not there
        raise PdfNotPossible(f"Pango is not installed ({_PANGO})") from error
    # It warns of each style that is for screens alone.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return weasyprint


def _render(weasyprint: Any, page: str) -> Any:
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    fetcher = URLFetcher(allowed_protocols={"data", "file"}, fail_on_errors=True)
    fonts = FontConfiguration()
    style = weasyprint.CSS(string=_font_faces(), font_config=fonts, url_fetcher=fetcher)
    try:
        return weasyprint.HTML(string=page, url_fetcher=fetcher).render(stylesheets=[style], font_config=fonts)
    except FatalURLFetchingError as error:  # a BaseException: nothing else would catch it
        raise ReportRefused([f"the PDF asks for something from outside: {error}"]) from None


def _font_faces() -> str:
    """Return the style that takes fonts from files which come with matplotlib: the same on every machine."""
    from smarthan.charts.style import font_folder

    faces = []
    for name, (family, weight) in _FONTS.items():
        source = (font_folder() / name).as_uri()
        faces.append(f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{source}"); }}')
    sans = '* { font-family: "Report Sans", sans-serif !important; }'
    mono = 'code, pre { font-family: "Report Mono", monospace !important; }'
    return "\n".join([*faces, sans, mono, '@page { font-family: "Report Sans", sans-serif; }'])


@contextlib.contextmanager
def _fixed_time(day: dt.date) -> Iterator[None]:
    """Let weasyprint write a fixed time; it reads the variable that reproducible builds agreed on."""
    name, before = "SOURCE_DATE_EPOCH", os.environ.get("SOURCE_DATE_EPOCH")
    os.environ[name] = str(int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
