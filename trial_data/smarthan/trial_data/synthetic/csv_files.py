"""Tables of text written as CSV files, whole columns at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.files import write_whole

from .text_cells import join_texts

ROWS_AT_ONCE = 250_000  # rows written at a time: bounds the memory of a long table


def write_table(path: Path, frame: pd.DataFrame, broken: Mapping[int, str]) -> None:
    """Write a table of text as CSV (UTF-8, LF), some rows with a cell too few or too many.

    Parameters
    ----------
    path : Path
        The file; it appears whole or not at all.
    frame : DataFrame
        Columns of text; '' is an empty cell.
    broken : mapping of int to str
        Row number to `row_short` or `row_long`.
    """
    with write_whole(path) as stream:
        stream.write(_join_record(list(frame.columns)).encode("utf-8"))
        for start in range(0, len(frame), ROWS_AT_ONCE):
            part = frame.iloc[start : start + ROWS_AT_ONCE]
            here = {row - start: code for row, code in broken.items() if start <= row < start + len(part)}
            stream.writelines(_text_of(_break_lines(_join_lines(part), part, here)))


def _join_record(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _join_lines(frame: pd.DataFrame) -> pa.Array:
    """Return each row as a line of CSV with its line end."""
    columns = [_quoted(_one_array(frame[name])) for name in frame]
    ends = pa.array(np.zeros(len(frame), dtype=np.int8))
    return join_texts([join_texts(columns, ","), pa.array([""], pa.large_string()).take(ends)], "\n")


def _one_array(column: pd.Series) -> pa.Array:
    whole = pa.array(column)
    cells = whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
    return cells.cast(pa.large_string())


def _quoted(cells: pa.Array) -> pa.Array:
    """Return the cells with quotes around those that would else be taken apart."""
    odd = pc.match_substring_regex(cells, '[",\r\n]')
    if not pc.any(odd).as_py():
        return cells
    inner = pc.replace_substring(cells.filter(odd), '"', '""')
    mark = pa.scalar('"', pa.large_string())
    return pc.replace_with_mask(cells, odd, join_texts([mark, inner, mark], ""))


def _break_lines(lines: pa.Array, frame: pd.DataFrame, broken: Mapping[int, str]) -> pa.Array:
    if not broken:
        return lines
    rows = sorted(broken)
    mask = np.zeros(len(lines), dtype=np.bool_)
    mask[rows] = True
    cells = {row: frame.iloc[row].tolist() for row in rows}
    changed = [_join_record(cells[row][:-1] if broken[row] == "row_short" else [*cells[row], "extra"]) for row in rows]
    return pc.replace_with_mask(lines, pa.array(mask), pa.array(changed, pa.large_string()))


def _text_of(lines: pa.Array) -> Iterator[memoryview]:
    """Yield the bytes of the lines: they follow each other in one buffer."""
    first, last = (int(np.frombuffer(lines.buffers()[1], np.int64)[lines.offset + at]) for at in (0, len(lines)))
    yield memoryview(lines.buffers()[2])[first:last]
