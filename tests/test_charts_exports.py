"""A picture taken out of the page still says where it comes from, to the eye and to a program."""

import io

import pandas as pd
import pytest
from PIL import Image

from smarthan.charts import draw_bars
from smarthan.charts.exports import add_lines_to_png, add_lines_to_svg
from smarthan.charts.show import _render

LINES = ["Source: trial <2026>; own calculation.", "Contains OS data © Crown copyright 2025. " * 4, "Synthetic data."]
WORDS = {"title": "Flats & houses", "alt": "Two bars: flats are longest."}


@pytest.fixture(scope="module")
def picture() -> tuple[str, bytes]:
    from base64 import b64decode

    svg, png = _render(draw_bars(pd.DataFrame({"type": ["Flat"], "n": [8]}), label="type", value="n"), True)
    return svg, b64decode(png)


def test_a_drawing_grows_by_its_lines_and_names_itself(picture: tuple[str, bytes]) -> None:
    svg = add_lines_to_svg(picture[0], LINES, **WORDS)
    assert "<title>Flats &amp; houses</title>" in svg
    assert "<desc>Two bars: flats are longest.</desc>" in svg
    assert ">Source: trial &lt;2026&gt;; own calculation.</text>" in svg
    assert svg.count("<text x=") >= 4  # the long line is broken
    assert "<dc:rights>Source: trial &lt;2026&gt;" in svg
    assert svg.rstrip().endswith("</svg>")
    assert svg.count("</svg>") == 1


def test_dots_keep_the_picture_and_carry_the_words(picture: tuple[str, bytes]) -> None:
    made = add_lines_to_png(picture[1], LINES, **WORDS)
    with Image.open(io.BytesIO(picture[1])) as before, Image.open(io.BytesIO(made)) as after:
        assert (after.width, after.height > before.height) == (before.width, True)
        assert after.crop((0, 0, *before.size)).tobytes() == before.convert("RGB").tobytes()
        assert min(after.crop((0, before.height, *after.size)).convert("L").tobytes()) < 120
        assert after.info["Copyright"] == " ".join(LINES)
        assert after.info["Description"] == WORDS["alt"]
        assert round(after.info["dpi"][0]) == round(before.info["dpi"][0])
    assert add_lines_to_png(picture[1], LINES, **WORDS) == made


def test_a_drawing_of_another_form_is_left_alone() -> None:
    assert add_lines_to_svg("<svg></svg>", LINES, **WORDS) == "<svg></svg>"
