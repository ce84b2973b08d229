"""What most rows of a file say about its columns: two of them swapped, or a rule that more than half of them break."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
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
_AS_NUMBER = r"[0-9]+\.[0-9]+|[0-9]+(\.[0-9]+)?[eE]\+?[0-9]{1,3}"  # 100012345678.0, 1.0E11
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
        hint = _hint_of_numbers(rows, code) or "a column may be shifted, swapped or in another form"
        rows.note("file_systematic", f"{n:,} of {count:,} rows break {code}{where}: {hint}")


def _hint_of_numbers(rows: Rows, code: str) -> str:
    """Return what to do about UPRNs that went through a column of floating-point numbers; '' where they did not."""
    if code != "uprn_format":
        return ""
    cells = _sample(rows, "uprn")
    if not cells.str.fullmatch(_AS_NUMBER).mean() > _HALF:
        return ""
    name = Path(rows.source.file).name
    return (
        f"in {name}, uprn looks like numbers with decimals or an exponent ('{cells.iloc[0]}'); read and write that "
        "column as text, from the source: an exponent may have lost digits"
    )


def _sample(rows: Rows, name: str) -> pd.Series:
    """Return the filled cells of a column in some rows, spread over the file, trimmed."""
    picked = np.unique(np.linspace(0, rows.text.count - 1, _SAMPLE).astype(np.int64))[: rows.text.count]
    cells = to_text(rows.text.coded(name).plain(picked, _LONGEST)).str.strip()
    return cells[cells.ne("")]


def _find_swapped(rows: Rows) -> tuple[str, str] | None:
    """Return two columns that fit each other's rules and not their own; only one of them may take any text."""
    filled = {name: _sample(rows, name) for name in rows.text}
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
