"""A finished table as HTML that a screen reader can walk, and as CSV that a spreadsheet can open."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

import pandas as pd

from .hiding import WORD, find_suppressed, without_status

# A page that prints every row of a long table is no longer readable; the CSV holds them all.
MOST_ROWS = 200


def number_columns(frame: pd.DataFrame) -> list[str]:
    """Return the names of the columns that hold numbers, booleans left out."""
    return [
        str(name)
        for name in frame.columns
        if pd.api.types.is_numeric_dtype(frame[name].dtype) and not pd.api.types.is_bool_dtype(frame[name].dtype)
    ]


def default_format(name: str, column: pd.Series, *, beside_share: bool = False) -> str:
    """Return the format of a number column from its name's unit: shares in per cent, counts with commas.

    Parameters
    ----------
    name : str
    column : Series
    beside_share : bool
        Whether the table holds a share, so that columns "low" and "high" are the ends of its interval.

    Examples
    --------
    >>> default_format("reach_share", pd.Series([0.5])), default_format("premises", pd.Series([1200]))
    ('.1%', ',d')
    """
    if name.endswith("_share") or name == "share" or (beside_share and name in ("low", "high")):
        return ".1%"
    if pd.api.types.is_integer_dtype(column.dtype):
        return ",d"
    return ",.1f" if name.endswith(("_pct", "_db", "_dbm")) else ",.2f"


def format_cell(value: object, spec: str, missing: str) -> str:
    """Return one cell in words: a number by its format, a missing one by the words for that, text as it is.

    Examples
    --------
    >>> format_cell(0.1234, ".1%", "not available"), format_cell(float("nan"), ".1%", "not available")
    ('12.3%', 'not available')
    """
    if pd.isna(value):
        return missing
    if isinstance(value, bool) or not spec:
        return {"True": "yes", "False": "no"}.get(str(value), str(value))
    number = float(value) if spec[-1] != "d" else int(value)  # type: ignore[call-overload, arg-type]
    if isinstance(number, float) and math.isinf(number):
        return "no upper limit" if number > 0 else "no lower limit"
    words = format(number, spec)
    if float(words.rstrip("%").replace(",", "")) == 0 and words.startswith("-"):
        words = words[1:]
    return words


def table_html(
    frame: pd.DataFrame,
    *,
    caption: str,
    headings: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    row_headers: int = 1,
    missing: str = "not available",
    synthetic: bool = False,
) -> str:
    """Return a table with caption and scoped headers inside its own scroll box.

    Parameters
    ----------
    frame : DataFrame
        Its index is not shown. Every text of it is escaped. Where its column `status` says "suppressed", missing cells
        read so.
    caption : str
    headings : mapping of str to str, optional
        Column to the words above it; otherwise its name with spaces for underscores.
    formats : mapping of str to str, optional
        Column to a format; otherwise by `default_format`.
    row_headers : int
        Columns, from the left, that head their rows.
    missing : str
        Words for a missing cell.
    synthetic : bool
        Whether the caption says so.

    Returns
    -------
    str

    Raises
    ------
    KeyError
        When headings or formats name a column that the frame lacks.
    """
    headings, formats, hidden = dict(headings or {}), dict(formats or {}), find_suppressed(frame)
    frame = without_status(frame)
    unknown = [column for column in [*headings, *formats] if column not in frame.columns]
    if unknown:
        raise KeyError(f"headings and formats name {', '.join(unknown)}; the table has {', '.join(map(str, frame))}")
    words = escape(caption) + (" (synthetic data)" if synthetic else "")
    numeric = set(number_columns(frame))
    head = "".join(
        f'<th scope="col"{_number_class(name, numeric)}>{escape(headings.get(name, _spoken(name)))}</th>'
        for name in map(str, frame)
    )
    shown = frame.head(MOST_ROWS)
    specs = resolve_formats(frame, formats)
    absent = [WORD if is_hidden else missing for is_hidden in hidden]
    cells = [_column_cells(shown[c], specs.get(str(c), ""), absent) for c in frame]
    rows = "".join(f"<tr>{_row_html(row, list(frame), numeric, row_headers)}</tr>" for row in zip(*cells, strict=True))
    cut = len(frame) > MOST_ROWS
    more = f"<p>The first {MOST_ROWS} of {len(frame):,} rows; the CSV file holds all.</p>" if cut else ""
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<caption>{words}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{more}"
    )


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as CSV text: LF line ends, no index, formulas escaped, at most ten significant digits.

    What was hidden reads "suppressed".

    Examples
    --------
    >>> csv_text(pd.DataFrame({"note": ["=1+1"], "share": [0.1 + 0.2]}))
    "note,share\\n'=1+1,0.3\\n"
    """
    from smarthan.files import escape_formulas
    from smarthan.personal import refuse_personal

    refuse_personal(frame)
    hidden, said = find_suppressed(frame), without_status(frame)
    for name in said.columns:
        emptied = hidden & said[name].isna().to_numpy()
        if emptied.any():
            said = said.assign(**{str(name): _as_words(said[name]).mask(emptied, WORD)})
    return escape_formulas(said).to_csv(index=False, lineterminator="\n", float_format="%.10g")


def resolve_formats(frame: pd.DataFrame, formats: Mapping[str, str]) -> dict[str, str]:
    """Return a format for each number column: the one given, else the one its name and dtype ask for."""
    beside = any(str(name) == "share" or str(name).endswith("_share") for name in frame.columns)
    usual = {name: default_format(name, frame[name], beside_share=beside) for name in number_columns(frame)}
    return {**usual, **formats}


def _as_words(column: pd.Series) -> pd.Series:
    """Return a column that can take a word; its numbers read as in a column of numbers."""
    words = column.astype(object)
    if pd.api.types.is_float_dtype(column.dtype):
        words = words.map(lambda number: f"{number:.10g}", na_action="ignore")
    return words


def _column_cells(column: pd.Series, spec: str, absent: list[str]) -> list[str]:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        column = column.dt.strftime("%d %B %Y").str.lstrip("0")
    return [
        escape(format_cell(value, spec, words)) for value, words in zip(column.astype(object), absent, strict=False)
    ]


def _row_html(cells: tuple[str, ...], names: list[object], numeric: set[str], row_headers: int) -> str:
    return "".join(
        f'<th scope="row">{cell}</th>' if place < row_headers else f"<td{_number_class(str(name), numeric)}>{cell}</td>"
        for place, (cell, name) in enumerate(zip(cells, names, strict=True))
    )


def _number_class(name: str, numeric: set[str]) -> str:
    return ' class="number"' if name in numeric else ""


def _spoken(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
