"""A picture that leaves the page keeps its source: lines below it, and the same words in the file's own facts."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from html import escape

from .style import font_folder

# Small print under a picture: it repeats the caption, which the page shows as text.
TEXT_PT = 9.0
_LEAD_PT = 12.5
_MARGIN_PT = 8.0
# Mean width of a character of DejaVu Sans, in parts of its size; wider than most texts, so that no line is cut off.
_CHARACTER = 0.6
_GREY = "#505A5F"
_HEAD = re.compile(
    r'<svg (?P<before>[^>]*?)height="(?P<height>[\d.]+)pt"(?P<between>[^>]*?)viewBox="0 0 (?P<box>[\d.]+ [\d.]+)"'
    r"(?P<after>[^>]*)>"
)


def add_lines_to_svg(svg: str, lines: Sequence[str], *, title: str, alt: str) -> str:
    """Return an SVG picture with lines of small print below it, its title, its description and its rights.

    Parameters
    ----------
    svg : str
        As matplotlib writes it, sized in points. One of another form is returned as it is.
    lines : sequence of str
        Source, licence, what the data is; long ones are broken.
    title, alt : str
        What a screen reader says of it.

    Returns
    -------
    str

    Examples
    --------
    >>> picture = '<svg height="10pt" viewBox="0 0 200 10" width="200pt"></svg>'
    >>> "Source: survey</text>" in add_lines_to_svg(picture, ["Source: survey"], title="Homes", alt="A bar.")
    True
    """
    found = _HEAD.search(svg)
    if found is None:
        return svg
    width, height = map(float, found["box"].split())
    printed = _break(lines, width)
    taller = height + _LEAD_PT * len(printed) + _MARGIN_PT
    head = (
        f'<svg {found["before"]}height="{taller:g}pt"{found["between"]}viewBox="0 0 {width:g} {taller:g}"'
        f'{found["after"]} role="img">\n <title>{escape(title)}</title>\n <desc>{escape(alt)}</desc>'
    )
    text = "".join(
        f'<text x="{_MARGIN_PT:g}" y="{height + _LEAD_PT * place:g}">{escape(line)}</text>\n'
        for place, line in enumerate(printed, 1)
    )
    below = (
        f'<rect x="0" y="{height:g}" width="{width:g}" height="{taller - height:g}" fill="#ffffff"/>\n'
        f'<g font-family="DejaVu Sans, Verdana, sans-serif" font-size="{TEXT_PT:g}" fill="{_GREY}">\n{text}</g>\n</svg>'
    )
    body = svg[: found.start()] + head + svg[found.end() :]
    rights = f"<dc:rights>{escape(' '.join(lines))}</dc:rights>"
    body = body.replace("</cc:Work>", f"{rights}\n   </cc:Work>", 1)
    return below.join(body.rsplit("</svg>", 1))


def add_lines_to_png(png: bytes, lines: Sequence[str], *, title: str, alt: str) -> bytes:
    """Return a PNG picture with lines of small print below it, and its title, description and rights in its facts.

    Parameters
    ----------
    png : bytes
    lines, title, alt
        As in `add_lines_to_svg`.

    Returns
    -------
    bytes
        The same for the same picture and words.
    """
    import io

    from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

    facts = PngImagePlugin.PngInfo()
    for key, words in (("Title", title), ("Description", alt), ("Copyright", " ".join(lines))):
        facts.add_itxt(key, words)
    with Image.open(io.BytesIO(png)) as opened:
        dots = float(opened.info.get("dpi", (72, 72))[0]) / 72
        picture = opened.convert("RGB")
    printed = _break(lines, picture.width / dots)
    taller = picture.height + round((_LEAD_PT * len(printed) + _MARGIN_PT) * dots)
    whole = Image.new("RGB", (picture.width, taller), "white")
    whole.paste(picture)
    font = ImageFont.truetype(str(font_folder() / "DejaVuSans.ttf"), round(TEXT_PT * dots))
    draw = ImageDraw.Draw(whole)
    for place, line in enumerate(printed):
        draw.text((_MARGIN_PT * dots, picture.height + _LEAD_PT * place * dots), line, fill=_GREY, font=font)
    stream = io.BytesIO()
    whole.save(stream, format="PNG", pnginfo=facts, dpi=(72 * dots, 72 * dots), optimize=False)
    return stream.getvalue()


def _break(lines: Sequence[str], width_pt: float) -> list[str]:
    most = max(20, int((width_pt - 2 * _MARGIN_PT) / (TEXT_PT * _CHARACTER)))
    return [piece for line in lines for piece in textwrap.wrap(line, most)]
