"""A Parquet file as text cells, so that its rows meet the same rules as those of a CSV file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from smarthan.files import sha256_of
from smarthan.tables import LIMITS, FileRefused, Limits, Rows, Table
from smarthan.tables.accounting import Source
from smarthan.tables.cells import Cells
from smarthan.tables.findings import Problem

if TYPE_CHECKING:
    from smarthan.tables.fields import Field

UNPACKED_BYTES = 4 << 30  # ours: a repeated value packs gigabytes into kilobytes
_MARK = b"PAR1"


def open_parquet_rows(
    path: str | os.PathLike[str], table: Table, *, limits: Limits = LIMITS
) -> tuple[Rows, dict[bytes, bytes]]:
    """Read a Parquet file into the working rows of a declared table.

    Parameters
    ----------
    path : path
        A Parquet file; columns in any order, by any of their aliases.
    table : Table
        The declaration.
    limits : Limits
        What the file may cost.

    Returns
    -------
    tuple of (Rows, dict)
        The rows, and the file's metadata. A row's line is its number, counted from 1.

    Raises
    ------
    FileRefused
        When it is not whole Parquet, too large, lacks a column, or has a column of a type that cannot be read safely.
    """
    file = _open(path, limits)
    wanted = {alias.casefold(): field for field in table.fields for alias in (field.name, *field.aliases)}
    kept = _choose(path, file.schema_arrow, wanted)
    _check_columns(path, kept, table)
    try:
        read = file.read(columns=list(kept))
    except (pa.ArrowException, OSError) as error:
        raise FileRefused(path, "file_unreadable", f"is damaged: {str(error)[:200]}") from None
    cells = Cells.from_arrow({kept[name].name: _as_text(path, kept[name], read[name]) for name in kept}, read.num_rows)
    dropped = tuple(name for name in file.schema_arrow.names if name not in kept)
    source = Source(
        file=os.fspath(path),
        sha256=sha256_of(path),
        size=Path(path).stat().st_size,
        format="parquet",
        encoding="",
        records=file.metadata.num_rows,
        parsed=cells.count,
        dropped_columns=dropped,
    )
    notes = [
        Problem("header_unknown", 0, name, name, f"column '{name[:64]}' is not declared; dropped") for name in dropped
    ]
    rows = Rows.from_text(table, source, cells, np.arange(1, cells.count + 1), notes)
    return rows, dict(file.schema_arrow.metadata or {})


def _open(path: str | os.PathLike[str], limits: Limits) -> pq.ParquetFile:
    try:
        size = Path(path).stat().st_size
        with open(path, "rb") as stream:
            head = stream.read(4)
            stream.seek(max(size - 4, 0))
            tail = stream.read(4)
        if head != _MARK or tail != _MARK:
            raise FileRefused(path, "file_unreadable", "is not a whole Parquet file; fetch or write it again")
        file = pq.ParquetFile(path)
        file = pq.ParquetFile(path, read_dictionary=_coded_columns(file), metadata=file.metadata)
    except FileNotFoundError:
        raise FileRefused(path, "file_missing", "does not exist; check the path") from None
    except (pa.ArrowException, OSError) as error:
        raise FileRefused(path, "file_unreadable", f"cannot be read as Parquet: {str(error)[:200]}") from None
    _check_size(path, file.metadata, size, limits)
    return file


def _coded_columns(file: pq.ParquetFile) -> list[str]:
    """Return the columns stored as words and codes: left so, a giant word does not unpack once a row."""
    flat, names = set(file.schema_arrow.names), set()
    for group in map(file.metadata.row_group, range(file.metadata.num_row_groups)):
        for chunk in map(group.column, range(group.num_columns)):
            if chunk.path_in_schema in flat and any("DICTIONARY" in encoding for encoding in chunk.encodings):
                names.add(chunk.path_in_schema)
    return sorted(names)


def _check_size(path: object, metadata: pq.FileMetaData, size: int, limits: Limits) -> None:
    unpacked = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if metadata.num_rows == 0:
        raise FileRefused(path, "file_empty", "holds no row")
    for found, most, word in (
        (metadata.num_rows, min(limits.rows, max(limits.rows_floor, limits.rows_per_byte * size)), "rows"),
        (metadata.num_columns, limits.columns, "columns"),
        (unpacked, UNPACKED_BYTES, "bytes unpacked"),
    ):
        if found > most:
            raise FileRefused(path, "file_too_large", f"has {found:,} {word}; at most {most:,} are read")


def _choose(path: object, schema: pa.Schema, wanted: dict[str, Field]) -> dict[str, Field]:
    kept = {name: wanted[name.strip().casefold()] for name in schema.names if name.strip().casefold() in wanted}
    for field in dict.fromkeys(kept.values()):
        names = [name for name, meant in kept.items() if meant is field]
        if len(names) > 1 or schema.names.count(names[0]) > 1:
            shown = " and ".join(names)
            raise FileRefused(path, "header_duplicate", f"columns {shown} both mean {field.name}; keep one of them")
    return kept


def _check_columns(path: object, kept: dict[str, Field], table: Table) -> None:
    found = {field.name for field in kept.values()}
    absent = [field.name for field in table.fields if not field.optional_column and field.name not in found]
    if absent:
        raise FileRefused(path, "header_missing", f"has no column {', '.join(absent)}; add it")


def _as_text(path: object, field: Field, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as text, as a CSV file would hold it; what is not text is coded, each value cast once."""
    coded = pa.types.is_dictionary(column.type)
    kind = column.type.value_type if coded else column.type
    if not _may_hold(field.kind, kind):
        shown = "text" if field.kind in ("text", "identifier", "category", "words") else field.kind
        raise FileRefused(path, "column_type", f"column {field.name} is {column.type}; it must be {shown}; write it so")
    if _is_text(kind):
        return column
    whole = (column if coded else column.dictionary_encode()).unify_dictionaries()
    if not len(whole):
        return whole.cast(pa.large_string())
    words = _cast_values(whole.chunk(0).dictionary)
    if words is None:
        raise FileRefused(path, "column_type", f"column {field.name} holds times of day; dates are needed")
    return pa.chunked_array([pa.DictionaryArray.from_arrays(chunk.indices, words) for chunk in whole.chunks])


def _cast_values(values: pa.Array) -> pa.Array | None:
    """Return values as text: NaN as missing, whole floats without a fraction; None for times that are no whole days."""
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), None, values)
        exact = pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), 2.0**53))
        if pc.all(exact).as_py() is not False:
            values = values.cast(pa.int64())
    elif pa.types.is_timestamp(values.type):
        days = values.cast(pa.date32())
        if pc.all(pc.equal(days.cast(values.type), values)).as_py() is False:
            return None
        values = days
    return values.cast(pa.large_string())


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _may_hold(kind: str, found: pa.DataType) -> bool:
    types = pa.types
    if types.is_null(found):
        return True
    allowed = {
        "integer": types.is_integer(found) or types.is_floating(found),
        "number": types.is_integer(found) or types.is_floating(found),
        "boolean": types.is_boolean(found),
        "date": types.is_date(found) or (types.is_timestamp(found) and found.tz is None),
        "datetime": False,
    }
    return _is_text(found) or allowed.get(kind, False)
