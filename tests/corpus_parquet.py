"""Parquet: types, compressions, marks of the release, sizes."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tests.corpus_case import COLUMNS, GOOD, Case, kept, refused, set_aside


def parquet_table(rows: Sequence[str] = GOOD) -> pa.Table:
    """Return rows as a typed Parquet table."""
    cells = [[cell or None for cell in line] for line in csv.reader(rows)]
    columns = dict(zip(COLUMNS, map(list, zip(*cells, strict=True)), strict=True))
    table = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    table["available"] = pa.array([None if v is None else v == "true" for v in columns["available"]])
    table["anticipated"] = table["anticipated"].cast(pa.date32())
    for name in ("premises", "premises_available"):
        table[name] = table[name].cast(pa.int32())
    return pa.table(table)


def to_parquet(table: pa.Table, **options: Any) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


TABLE = parquet_table()
WHOLE = to_parquet(TABLE)


def good(name: str, table: pa.Table, **options: Any) -> Case:
    """Return a case that is read whole."""
    return kept(f"parquet-{name}", "parquet", to_parquet(table, **options), end=".parquet")


def bad(name: str, data: bytes, code: str) -> Case:
    """Return a case of which nothing is accepted."""
    return refused(f"parquet-{name}", "parquet", data, code, end=".parquet")


def replaced(name: str, column: pa.Array) -> pa.Table:
    """Return the clean table with one column put in another's place."""
    return TABLE.set_column(TABLE.column_names.index(name), name, column)


def recast(change: Callable[[pa.ChunkedArray], pa.ChunkedArray]) -> pa.Table:
    """Return the clean table with its columns of text held otherwise."""
    columns = [change(c) if pa.types.is_string(c.type) else c for c in TABLE.columns]
    return pa.table(dict(zip(TABLE.column_names, columns, strict=True)))


def parquets() -> Iterator[Case]:
    """Files that are read whole."""
    yield good("plain", TABLE)
    for codec in ("none", "snappy", "gzip", "zstd", "brotli"):
        yield good(codec, TABLE, compression=codec)
    yield good("row-groups", TABLE, row_group_size=2)
    yield good("dictionaries", recast(lambda column: column.dictionary_encode()))
    yield good("large-strings", recast(lambda column: column.cast(pa.large_string())))
    yield good("premises-as-floats", replaced("premises", pa.array([20.0, 10.0, 10.0, 8.0, float("nan"), None, 30.0])))
    yield good("premises-as-int64", replaced("premises", TABLE["premises"].cast(pa.int64())))
    yield good("dates-as-timestamps", replaced("anticipated", TABLE["anticipated"].cast(pa.timestamp("ms"))))
    yield good("dates-as-text", replaced("anticipated", TABLE["anticipated"].cast(pa.string())))
    yield good(
        "booleans-as-text", replaced("available", pa.array(["true", "true", "false", None, "true", "false", "true"]))
    )
    yield good("columns-in-any-order", TABLE.select(list(reversed(COLUMNS))))


def parquet_notes() -> Iterator[Case]:
    """Notes in a file's footer: those of pandas, and of the release."""
    index = TABLE.append_column("__index_level_0__", pa.array(range(7)))
    notes = {"pandas": '{"index_columns": ["postcode", "__index_level_0__"], "columns": []}'}
    yield kept(
        "parquet-pandas-index",
        "parquet",
        to_parquet(index.replace_schema_metadata(notes)),
        codes=["header_unknown"],
        end=".parquet",
    )
    for name, key, note, code in (
        ("odd-metadata", "ARROW:schema", "not base64", "file_unreadable"),
        ("release-not-json", "smarthan.release", "{", "file_unreadable"),
        ("release-unknown-key", "smarthan.release", '{"asof": "x"}', "release_facts"),
        ("release-bad-id", "smarthan.release", '{"release_id": "../up"}', "release_facts"),
        ("release-bad-date", "smarthan.release", '{"as_of": "2026-02-30"}', "release_facts"),
    ):
        yield bad(name, to_parquet(TABLE.replace_schema_metadata({key: note})), code)


def parquet_types() -> Iterator[Case]:
    """Columns of a type that cannot hold their values."""
    count = len(TABLE)
    odd_types = {
        "postcode-int": ("postcode", pa.array(range(count))),
        "postcode-binary": ("postcode", pa.array([b"SW1A 1AA"] * count)),
        "postcode-list": ("postcode", pa.array([["SW1A 1AA"]] * count)),
        "postcode-struct": ("postcode", pa.array([{"code": "SW1A 1AA"}] * count)),
        "postcode-int-dictionary": ("postcode", pa.array(range(count)).dictionary_encode()),
        "uprn-float": ("uprn", pa.array([1.0e11] * count)),
        "uprn-int": ("uprn", pa.array([1001] * count)),
        "uprn-decimal": ("uprn", pa.array([Decimal("1001")] * count, pa.decimal128(12, 0))),
        "available-int": ("available", pa.array([1] * count)),
        "csp-region-bool": ("csp_region", pa.array([True] * count)),
        "anticipated-int": ("anticipated", pa.array([20270331] * count)),
        "anticipated-zoned": ("anticipated", pa.array([1_800_000_000_000] * count, pa.timestamp("ms", "UTC"))),
        "anticipated-with-times": ("anticipated", pa.array([1_800_000_123_456] * count, pa.timestamp("ms"))),
        "anticipated-duration": ("anticipated", pa.array([5] * count, pa.int64())),
        "premises-binary": ("premises", pa.array([b"5"] * count)),
        "premises-bool": ("premises", pa.array([True] * count)),
        "premises-decimal": ("premises", pa.array([Decimal("5.00")] * count, pa.decimal128(12, 2))),
    }
    for name, (column, values) in odd_types.items():
        yield bad(f"type-{name}", to_parquet(replaced(column, values)), "column_type")


def parquet_numbers() -> Iterator[Case]:
    """Numbers that no count of premises is."""
    fractions = replaced("premises", pa.array([20.5, 10.0, 10.0, 8.0, None, None, 30.0]))
    yield set_aside(
        "parquet-fractions", "parquet", to_parquet(fractions), "number_format", twin=GOOD[1:], end=".parquet"
    )
    vast = replaced("premises", pa.array([1e300, 10.0, 10.0, 8.0, None, None, 30.0]))
    yield set_aside("parquet-vast-number", "parquet", to_parquet(vast), "number_format", twin=GOOD[1:], end=".parquet")


def parquet_columns() -> Iterator[Case]:
    """Columns and rows that are missing, twice there, or too many."""
    count = len(TABLE)
    yield bad("without-column", to_parquet(TABLE.drop(["available"])), "header_missing")
    yield bad("no-rows", to_parquet(TABLE.slice(0, 0)), "file_empty")
    yield bad("no-columns", to_parquet(pa.table({"x": [1]})), "header_missing")
    doubled = pa.Table.from_arrays([*TABLE.columns, TABLE["postcode"]], names=[*COLUMNS, "postcode"])
    yield bad("column-twice", to_parquet(doubled), "header_duplicate")
    yield bad("alias-clash", to_parquet(TABLE.append_column("PostCode", TABLE["postcode"])), "header_duplicate")
    wide = pa.table({**{n: TABLE[n] for n in COLUMNS}, **{f"c{n}": pa.array(range(count)) for n in range(600)}})
    yield bad("613-columns", to_parquet(wide), "file_too_large")


def parquet_bombs() -> Iterator[Case]:
    """Small files of vast tables."""
    alike = {name: pa.repeat("North", 5000) for name in COLUMNS}
    packed = pa.DictionaryArray.from_arrays(pa.array(np.zeros(5000, np.int32)), pa.array(["x" * 1_000_000]))
    yield bad("gigabytes-of-one-value", to_parquet(pa.table({**alike, "postcode": packed})), "file_empty")
    alike = {
        name: pa.DictionaryArray.from_arrays(pa.array(np.zeros(3_000_000, np.int8)), ["North"]) for name in COLUMNS
    }
    yield bad("millions-of-one-row", to_parquet(pa.table(alike)), "file_too_large")
    vast = pa.table({"postcode": pa.nulls(20_000_001, pa.int8())})
    yield bad("too-many-rows", to_parquet(vast, row_group_size=20_000_001), "file_too_large")
