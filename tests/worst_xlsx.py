"""The costliest workbooks that the limits let through: every cell a fault, no two alike."""

import random
from collections.abc import Callable

from tests.workbook_files import pack, small_parts

from smarthan.tables.workbook import WORKBOOK_LIMITS
from smarthan.tables.workbook.parts import COST, ROW_COST
from smarthan.tables.workbook.places import column_letters

PART = "xl/worksheets/sheet9.xml"  # the measurements
FIRST, SPARED = 10, 3000  # the first faulty row, and elements left to the other parts

# What a cell is, and what it counts against the limit on elements.
Cell = Callable[[str, int], str]
KINDS: dict[str, tuple[Cell, int, int]] = {
    "numbers": (lambda place, value: f'<c r="{place}"><v>{value}</v></c>', 2, 11),
    "texts": (lambda place, value: f'<c r="{place}" t="str"><v>{value:x}</v></c>', 2, 11),
    "truths": (lambda place, value: f'<c r="{place}" t="b"><v>{value}</v></c>', 2, 11),
    "days": (lambda place, value: f'<c r="{place}" s="1"><v>{value}</v></c>', 2, 11),
    "moments": (lambda place, value: f'<c r="{place}" s="1"><v>{value}.{value % 977}</v></c>', 2 + 2 * (COST - 1), 11),
    "unusual": (lambda place, value: f"<c><v>{value}</v></c>", 2 * COST, 11),
    "rows": (lambda place, value: f'<c r="{place}"><v>{value}</v></c>', 2, 1),
}


def worst_workbook(kind: str, elements: int = WORKBOOK_LIMITS.elements) -> bytes:
    """Return a workbook of one kind of faulty cell that takes nearly all of the elements that may be read."""
    cell, cost, width = KINDS[kind]
    chance = random.Random(1)
    letters = [column_letters(n) for n in range(1, width + 1)]
    count = (elements - SPARED) // (width * cost + ROW_COST + (COST if kind == "unusual" else 1))
    body = "".join(
        f'<row r="{at}">{"".join(cell(f"{name}{at}", chance.getrandbits(20)) for name in letters)}</row>'
        for at in range(FIRST, FIRST + count)
    )
    parts = small_parts()
    parts[PART] = parts[PART].replace("</sheetData>", f"{body}</sheetData>")
    return pack(parts)
