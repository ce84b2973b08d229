"""What most rows of a file say about its columns: two of them swapped, or a rule that more than half of them break."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from smarthan.coverage.postcodes.parsing import parse_postcodes
from smarthan.tables import FileRefused, Rows
from smarthan.tables.cells import encode, to_text
from smarthan.tables.converting import convert_coded

if TYPE_CHECKING:
    from smarthan.tables.fields import Field

FEWEST = 20  # rows; fewer tell nothing about a column (assumed)
_SAMPLE = 1_000  # rows looked at, spread over the file
_HALF, _NEARLY_ALL = 0.5, 0.9  # of the cells that must fit, where both columns or only one of them is strict
_LONGEST = 300  # characters of a cell looked at: more than any declared text may have


def check_systematic(path: object, rows: Rows) -> None:
    """Refuse a file of which two columns hold each other's values; note a rule that more than half of its rows break.

    Raises
    ------
    FileRefused
        `columns_swapped`, naming both columns.
    """
    count = rows.source.records
    broken = {place: n for place, n in rows.broken_rows().items() if 2 * n > count}
    if count < FEWEST or not broken:
        return
    if pair := _find_swapped(rows):
        message = f"columns {pair[0]} and {pair[1]} hold each other's values: swapped, or shifted; mend the header"
        raise FileRefused(path, "columns_swapped", message)
    for (code, column), n in sorted(broken.items()):
        where = f" in column {column}" if column else ""
        hint = "a column may be shifted, swapped or in another form"
        rows.note("file_systematic", f"{n:,} of {count:,} rows break {code}{where}: {hint}")


def _find_swapped(rows: Rows) -> tuple[str, str] | None:
    """Return two columns that fit each other's rules and not their own; only one of them may take any text."""
    picked = np.unique(np.linspace(0, rows.text.count - 1, _SAMPLE).astype(np.int64))[: rows.text.count]
    cells = {name: to_text(rows.text.coded(name).plain(picked, _LONGEST)) for name in rows.text}
    filled = {name: column[column.str.strip().ne("")] for name, column in cells.items()}
    fields = [field for field in rows.table.fields if len(filled[field.name]) >= FEWEST]
    for one, other in combinations(fields, 2):
        strict = _is_strict(one), _is_strict(other)
        most = _HALF if all(strict) else _NEARLY_ALL
        if not any(strict) or any(
            s and _fits(f, filled[f.name], 1 - most) for s, f in zip(strict, (one, other), strict=True)
        ):
            continue
        if _fits(one, filled[other.name], most) and _fits(other, filled[one.name], most):
            return one.name, other.name
    return None


def _is_strict(field: Field) -> bool:
    """Return whether a column takes only some texts; a free text takes almost any."""
    return field.name in ("postcode", "uprn") or bool(field.allowed) or field.kind in ("boolean", "date", "integer")


def _fits(field: Field, column: pd.Series, share: float) -> bool:
    """Return whether more than a share of some cells are what a column may hold."""
    if field.name == "postcode":
        good = parse_postcodes(column)["kind"].eq("GEOGRAPHIC")
    elif field.name == "uprn":
        good = column.str.strip().str.fullmatch("[0-9]{1,12}")
    else:
        good = convert_coded(field, encode(pa.chunked_array(pa.array(column))))[0].notna()
    return bool(good.mean() > share)
