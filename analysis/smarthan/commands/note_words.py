"""The notes of an account in words: flags, repairs and emptied cells, each with its file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

EACH = 3  # lines shown of each code; the JSON document lists more


def note_lines(notes: pd.DataFrame) -> list[str]:
    """Return each code with its number, and where its first ones stand.

    Examples
    --------
    >>> rows = [("m.csv", 7, "csp_region", "category_spelling", "'north' was read as the listed word")]
    >>> for line in note_lines(pd.DataFrame(rows, columns=["file", "line", "column", "code", "message"])):
    ...     print(line)
      note: category_spelling x 1
        m.csv: line 7, column csp_region: 'north' was read as the listed word
    """
    lines: list[str] = []
    for code, rows in notes.groupby("code", sort=True, observed=True):
        lines.append(f"  note: {code} x {len(rows):,}")
        lines += [f"    {_describe(row)}" for row in rows.head(EACH).itertuples()]
        lines += [f"    ... and {len(rows) - EACH:,} more"] if len(rows) > EACH else []
    return lines


def _describe(row: Any) -> str:
    """A note of a whole file has no line; one of a sheet names its cell."""
    kind = "cell" if isinstance(row.line, str) else "line"
    place = [Path(str(row.file)).name]
    place += [f"{kind} {row.line}"] if pd.notna(row.line) and row.line else []
    where = ": ".join(place) + (f", column {row.column}" if isinstance(row.column, str) and row.column else "")
    return f"{where}: {row.message}"
