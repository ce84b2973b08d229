"""From a CSV file to rows on their way in: every record kept or accounted for, nothing shifted."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from smarthan.files import sha256_of
from smarthan.tables.accounting import Rows, Source
from smarthan.tables.cells import Cells
from smarthan.tables.fields import Table
from smarthan.tables.findings import Batch, Problem, Problems
from smarthan.tables.problems import RULES, FileRefused, clip
from smarthan.tables.scan import LIMITS, Limits, Offsets, Scan, is_gzip, positions_of, scan_csv

_STRUCTURE = {
    "row_short": "has {cells} cells, the header has {width}",
    "row_long": "has {cells} cells, the header has {width}",
    "row_quotes": "a quote stands inside a cell",
    "row_encoding": "its bytes are not UTF-8",
    "file_nul": "holds a NUL byte",
}
_SPREADSHEET_LINES = frozenset({65_535, 65_536, 1_048_575, 1_048_576})
_LONGEST_HEADER = 100_000  # characters of a line that may be meant as a header
# A column that looks personal is never read unless it was declared.
_PERSONAL = re.compile(
    r"(^|[_\W])(name|surname|forename|occupier|tenant|resident|contact|tel|phone|telephone|mobile|e[_\W]?mail|address|"
    r"mpan|mpxn|mprn|uprn|postcode)([_\W]|$)"
)
# An apostrophe before a formula start, or before further apostrophes that were there already: CWE-1236.
_ESCAPED = r"^'('*[=+\-@\t\r])"


@dataclass(frozen=True)
class TextTable:
    """A file's cells as text, and what could not be read.

    Attributes
    ----------
    frame : DataFrame
        All columns `str`, empty cells as ''. Declared names where `wanted` gave them, else the header's, trimmed. One
        row a whole record.
    line : int64 array
        Physical line of each row of `frame`.
    problems : sequence of Problem
        Records that are not whole, and header notes.
    source : Source
        File, hash, size, encoding, and the number of data records counted on the bytes.
    """

    frame: pd.DataFrame
    line: npt.NDArray[np.int64]
    problems: Sequence[Problem]
    source: Source


def read_text_table(
    path: str | os.PathLike[str],
    *,
    wanted: Mapping[str, str] | None = None,
    also: Collection[str] = (),
    data: bytes | None = None,
    limits: Limits = LIMITS,
) -> TextTable:
    """Read a CSV file as text, record by record.

    Parameters
    ----------
    path : path
        A `.csv` or `.csv.gz` file: UTF-8, comma, one header row.
    wanted : mapping of str to str, optional
        Accepted header spelling (case-folded) to column name. Other columns are dropped and noted. None keeps all.
    also : collection of str
        Columns that are noted as not declared and yet stay in `frame`.
    data : bytes, optional
        The text of the table, where it was read out of the archive `path`.
    limits : Limits
        What the file may cost.

    Returns
    -------
    TextTable

    Raises
    ------
    FileRefused
        When the file as a whole cannot be used; the message says why and what to do.

    Notes
    -----
    `len(frame) + records that are not whole == source.records`, where `source.records` was counted on the bytes and
    the rows of `frame` by the parser.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "t.csv"
    ...     _ = path.write_text("id,word\\n007,None\\n8\\n")
    ...     table = read_text_table(path)
    >>> table.frame.values.tolist(), [(p.code, p.line) for p in table.problems]
    ([['007', 'None']], [('row_short', 3)])
    """
    read = _read(path, wanted, also, limits, data)
    return TextTable(pd.DataFrame(dict(read.cells)), read.line.astype(np.int64), read.problems, read.source)


@dataclass(frozen=True)
class _Read:
    """What a `TextTable` holds, its cells still coded and its lines in as few bytes as will do."""

    cells: Cells
    line: Offsets
    problems: Problems
    source: Source


def _read(
    path: str | os.PathLike[str],
    wanted: Mapping[str, str] | None,
    also: Collection[str],
    limits: Limits,
    data: bytes | None = None,
) -> _Read:
    scan = scan_csv(path, data=data, limits=limits)
    header_at, names, notes = _read_header(path, scan, wanted, limits)
    first = header_at + 1
    if len(scan.start) <= first:
        raise FileRefused(path, "file_empty", "has a header and no data row")
    problems, whole = _structure_faults(scan, first, len(names))
    numbers = positions_of(whole)
    numbers += first
    parsed = _parse(scan, numbers, names)
    del numbers
    if parsed.num_rows != int(whole.sum()):
        raise FileRefused(
            path, "file_unreadable", f"the parser found {parsed.num_rows:,} rows where {int(whole.sum()):,} stand"
        )
    written = _names_as_written(scan.record(header_at))
    kept, remarks = choose_columns(written, names, int(scan.line[header_at]), wanted)
    refuse_alias_clash(path, kept)
    source = Source(
        file=os.fspath(path),
        sha256=sha256_of(path),
        size=Path(path).stat().st_size,
        format="csv.gz" if is_gzip(path) else "csv",
        encoding=scan.encoding,
        records=len(scan.start) - first,
        parsed=parsed.num_rows + len(problems),
        dropped_columns=tuple(name for name in names if name not in kept),
    )
    kept |= {name: name for name in names if name in also and name not in kept.values()}
    cells = Cells.from_arrow({kept[name]: parsed.column(names.index(name)) for name in kept}, parsed.num_rows)
    del parsed
    pa.default_memory_pool().release_unused()  # the parser's blocks are several times what the codes need
    if scan.lines in _SPREADSHEET_LINES:
        remarks.append(Problem("file_row_limit", 0, "", "", f"has {scan.lines:,} lines, a spreadsheet's limit"))
    return _Read(cells, scan.line[first:][whole], Problems.of(notes) + problems + Problems.of(remarks), source)


def open_rows(
    path: str | os.PathLike[str],
    table: Table,
    *,
    also: Collection[str] = (),
    escaped: bool = False,
    limits: Limits = LIMITS,
) -> Rows:
    """Read a CSV file into the working rows of a declared table: typed, with each cell's own rules applied.

    Parameters
    ----------
    path : path
        A `.csv` or `.csv.gz` file.
    table : Table
        The declaration; columns may stand in any order and by any of their aliases.
    also : collection of str
        Undeclared columns to keep as text in `Rows.also`, for a room's own comparisons. They are noted and dropped
        from the table like any other undeclared column.
    escaped : bool
        The writer is known to have put an apostrophe before text that a spreadsheet would run: take that one off.
    limits : Limits
        What the file may cost.

    Returns
    -------
    Rows
        Ready for the room's rules across columns and rows; `finish()` closes the account.

    Raises
    ------
    FileRefused
        When the file cannot be used, or a column that must be there is absent (`header_missing`).
    """
    wanted = {alias.casefold(): f.name for f in table.fields for alias in (f.name, *f.aliases)}
    declared = _read(path, wanted, also, limits)
    absent = [f.name for f in table.fields if f.name not in declared.cells and not f.optional_column]
    if absent:
        found = ", ".join(map(clip, declared.cells)) or "none of the declared names"
        raise FileRefused(
            path, "header_missing", f"has no column {', '.join(absent)}; found {found}. Add the column to the header"
        )
    cells = declared.cells.replaced(_ESCAPED, r"\1") if escaped else declared.cells
    return Rows.from_text(table, declared.source, cells, declared.line, declared.problems)


def _read_header(
    path: object, scan: Scan, wanted: Mapping[str, str] | None, limits: Limits
) -> tuple[int, list[str], list[Problem]]:
    """Return the header's record number, its names as they stand (trimmed, case-folded), and notes."""
    if len(scan.start) == 0:
        raise FileRefused(path, "file_empty", "holds no record")
    notes: list[Problem] = []
    at = 0
    if re.fullmatch(r'"?sep=."?', scan.record(0).strip()) and len(scan.start) > 1:
        notes.append(Problem("header_spelling", int(scan.line[0]), "", scan.record(0), "a 'sep=' line was passed over"))
        at = 1
    if scan.cells[at] > limits.columns:
        raise FileRefused(path, "file_too_large", f"has {scan.cells[at]:,} columns; at most {limits.columns} are read")
    names = _split(scan.record(at))
    if len(names) != scan.cells[at]:
        raise FileRefused(path, "header_not_found", f"line {scan.line[at]} is not a header; mend its quotes")
    if wanted is not None and not any(name in wanted for name in names):
        _refuse_header(path, scan, at, wanted)
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        shown = ", ".join(clip(name) or "(blank)" for name in repeated)
        raise FileRefused(
            path, "header_duplicate", f"line {scan.line[at]}: the column {shown} stands twice; rename one"
        )
    return at, names, notes


def _split(record: str) -> list[str]:
    """Return the cells of a header, trimmed and case-folded; none where the record is no header at all."""
    return [name.casefold() for name in _names_as_written(record)]


def _names_as_written(record: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([record]), [])]
    except csv.Error:
        return []


def _refuse_header(path: object, scan: Scan, at: int, wanted: Mapping[str, str]) -> None:
    first = scan.record(at)[:_LONGEST_HEADER]
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if any(part.strip().strip('"').casefold() in wanted for part in first.split(mark)) and mark in first:
            raise FileRefused(path, "file_delimiter", f"is separated by {word}; save it with commas")
    for number in range(at + 1, min(at + 20, len(scan.start))):
        names = _split(scan.record(number)) if scan.end[number] - scan.start[number] < _LONGEST_HEADER else []
        if sum(name in wanted for name in names) > 1:
            line = scan.line[number]
            raise FileRefused(path, "header_not_found", f"the header stands on line {line}; delete the lines above it")
    expected = ", ".join(dict.fromkeys(wanted.values()))
    raise FileRefused(path, "header_not_found", f"'{clip(first)}' is not a header; expected columns: {expected}")


def _structure_faults(scan: Scan, first: int, width: int) -> tuple[Problems, npt.NDArray[np.bool_]]:
    """Return the records that are not whole, each under its first fault, and which records are."""
    cells = scan.cells[first:]
    masks = {code: mask[first:] for code, mask in scan.faults.items()}
    masks["row_short"], masks["row_long"] = cells < width, cells > width
    whole = np.ones(len(cells), dtype=np.bool_)
    batches = []
    for code in ("row_encoding", "row_quotes", "file_nul", "row_short", "row_long"):
        numbers = positions_of(masks[code] & whole)
        whole &= ~masks[code]
        if len(numbers):
            message = _say_structure(code, cells[numbers], width)
            numbers += first
            original = scan.records(numbers)
            batches.append(Batch(code, "", RULES[code].severity, scan.line[numbers], original, message))
    return Problems(batches), whole


def _say_structure(code: str, cells: npt.NDArray[np.signedinteger], width: int) -> pa.Array:
    """Return the message of each record, a message for each number of cells being kept once."""
    found = pa.array(cells).dictionary_encode()
    messages = [_STRUCTURE[code].format(cells=count, width=width) for count in found.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(found.indices, pa.array(messages, pa.large_string()))


def _parse(scan: Scan, numbers: Offsets, names: list[str]) -> pa.Table:
    from pyarrow import csv as arrow_csv

    columns = [f"c{i}" for i in range(len(names))]
    if len(numbers) == 0:
        return pa.table({name: pa.array([], pa.large_string()) for name in columns})
    block_size = _block_size(scan)
    text = pa.string() if block_size < np.iinfo(np.int32).max else pa.large_string()
    return arrow_csv.read_csv(
        pa.BufferReader(_whole_records(scan, numbers)),
        read_options=arrow_csv.ReadOptions(column_names=columns, block_size=block_size),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=scan.multiline),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(columns, text),
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        ),
    )


def _block_size(scan: Scan) -> int:
    longest = int((scan.end - scan.start).max(initial=0))
    return max(1 << 20, 2 * longest + 16)


def _whole_records(scan: Scan, numbers: Offsets) -> bytes | memoryview:
    """Return the bytes of the given records, as one slice where they follow each other."""
    if len(numbers) == numbers[-1] - numbers[0] + 1:
        return memoryview(scan.data)[scan.start[numbers[0]] : scan.end[numbers[-1]]]
    breaks = np.flatnonzero(np.diff(numbers) > 1)
    starts = scan.start[numbers[np.concatenate([[0], breaks + 1])]]
    ends = scan.end[numbers[np.concatenate([breaks, [len(numbers) - 1]])]]
    return b"\n".join(scan.data[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True))


def choose_columns(
    written: Sequence[str], names: Sequence[str], line: int, wanted: Mapping[str, str] | None
) -> tuple[dict[str, str], list[Problem]]:
    """Return found name -> declared name, with a note for each column renamed or dropped.

    Parameters
    ----------
    written, names : sequence of str
        The header as it stands, trimmed, and case-folded.
    line : int
        Where it stands.
    wanted : mapping of str to str or None
        Accepted spelling (case-folded) to column name; None keeps every column as written.
    """
    if wanted is None:
        return dict(zip(names, written, strict=True)), []
    kept: dict[str, str] = {}
    notes = []
    for original, name in zip(written, names, strict=True):
        if name not in wanted:
            code = "personal_column" if _PERSONAL.search(name) else "header_unknown"
            notes.append(
                Problem(code, line, name, original, f"column '{clip(original)}' is not declared; dropped unread")
            )
            continue
        kept[name] = wanted[name]
        if original != wanted[name]:
            notes.append(Problem("header_spelling", line, wanted[name], original, f"read as {wanted[name]}"))
    return kept, notes


def refuse_alias_clash(path: object, kept: Mapping[str, str]) -> None:
    """Refuse a header in which two columns mean the same declared one."""
    for target in dict.fromkeys(kept.values()):
        spellings = [name for name, meant in kept.items() if meant == target]
        if len(spellings) > 1:
            raise FileRefused(
                path, "header_duplicate", f"columns {' and '.join(spellings)} both mean {target}; keep one of them"
            )
