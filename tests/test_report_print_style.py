"""On paper a number stays whole, small type stays readable, and a heading stays with the figure it leads to."""

from typing import Any

import pytest
from tests.test_report_pdf import needs_pango

from smarthan.report.page import TEMPLATES
from smarthan.report.pdf import _import_weasyprint, _render

SMALLEST_PT = 8.0


def _lay_out(body: str) -> list[list[Any]]:
    """Return the pieces of text of each sheet, in order."""
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    page = f'<!doctype html><html lang="en-GB"><head><title>T</title><style>{style}</style></head><body>{body}</body>'
    sheets = _render(_import_weasyprint(), page).pages
    return [[box for box in sheet._page_box.descendants() if getattr(box, "text", "")] for sheet in sheets]


@needs_pango
@pytest.mark.parametrize(("columns", "head"), [(9, "Covered premises"), (12, "Lower end")])
def test_numbers_of_a_wide_table_stay_whole_and_readable(columns: int, head: str) -> None:
    cells = '<td class="number">99.35%</td>' * columns
    heads = f'<th class="number">{head}</th>' * columns
    table = f"<table><thead><tr><th>Where</th>{heads}</tr></thead><tbody><tr><th>North</th>{cells}</tr></tbody></table>"
    (boxes,) = _lay_out(f'<figure class="table"><div class="scroll wide">{table}</div></figure>')
    assert [box.text for box in boxes].count("99.35%") == columns
    in_points = min(box.style["font_size"] for box in boxes) * 0.75
    assert in_points >= SMALLEST_PT - 0.01
    width_of_a4 = 210 / 25.4 * 96
    assert max(box.position_x + box.width for box in boxes) <= width_of_a4


@needs_pango
@pytest.mark.parametrize("lines", range(20, 40, 4))
def test_a_heading_and_its_words_go_with_the_figure_behind_them(lines: int) -> None:
    picture = '<div style="height: 90mm"></div>'
    figure = f'<figure class="chart"><h3 class="headline">Found</h3>{picture}<figcaption>Made up.</figcaption></figure>'
    words = '<div class="prose"><h3>Asked</h3><p>Told.</p></div>'
    sheets = _lay_out(f'<div class="prose">{"<p>Before.</p>" * lines}</div>{words}{figure}')
    held = [[box.text for box in boxes] for boxes in sheets]
    assert [texts for texts in held if "Asked" in texts] == [texts for texts in held if "Found" in texts]


@needs_pango
@pytest.mark.parametrize("lines", range(28, 40, 3))
def test_a_short_table_stays_on_one_sheet(lines: int) -> None:
    rows = "".join(f"<tr><th>Row {row}</th><td>x</td></tr>" for row in range(8))
    table = f'<figure class="table"><div class="scroll"><table><tbody>{rows}</tbody></table></div></figure>'
    sheets = _lay_out(f'<div class="prose">{"<p>Before.</p>" * lines}</div>{table}')
    assert len([boxes for boxes in sheets if any(box.text.startswith("Row ") for box in boxes)]) == 1
