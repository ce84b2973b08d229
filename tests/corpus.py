"""Hostile and broken coverage files with a manifest of what must become of each: `python tests/corpus.py OUT`.

Every file is a small release that can be checked by eye, with one thing wrong (or odd and yet right). The same call
writes the same bytes. A family of cases is a function that yields them; `families` lists them, and a new format (XML)
is one more function there. A crash found later becomes a case here.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

Outcome = Literal["accept", "repair", "quarantine", "refuse", "any"]

COLUMNS = (
    *("postcode", "uprn", "address_identifier", "csp_region", "region_code", "available", "anticipated"),
    *("wan_technology", "likelihood", "auxiliary", "info", "premises", "premises_available"),
)
HEADER = ",".join(COLUMNS)
# Good rows, one of each kind: a postcode, two regions, planned, an error row, a UPRN, an address, a quoted remark.
GOOD = (
    "SW1A 1AA,,,South,I0,true,,Cellular,High,,,20,20",
    "LL57 2DG,,,Central,I0,true,,Cellular,Medium,Aerial T1,,10,10",
    "LL57 2DG,,,4G Central,I0,false,2027-03-31,4G,High,,,10,0",
    "CA1 1AE,,,North,E62,,,,,,,8,",
    "CA1 1AQ,1001,,North,I0,true,,Long range radio,High,,,,",
    "CA1 1AN,,1 HIGH ST,North,I0,false,,Long range radio,Low,,,,",
    'EH1 1YZ,,,North,I0,true,,Long range radio,High,,"tenement, close",30,30',
)
SPARE_ROW = "M1 1AE,,,North,I0,true,,Long range radio,High,,,5,5"
SPARE = dict(zip(COLUMNS, next(csv.reader([SPARE_ROW])), strict=True))
BIG = 9_500_000  # bytes of a large hostile file once unpacked


@dataclass(frozen=True)
class Case:
    """One input and what must become of it.

    Attributes
    ----------
    id, family : str
        Name, and the class of faults it belongs to.
    input : str
        File name.
    outcome : str
        accept, repair, quarantine, refuse; any = refused or accounted for (damage that no reader can see).
    codes : tuple of str
        Rule codes that must be told: those of quarantined rows exactly, others at least.
    read, accepted, quarantined : int or None
        Rows; None where the file is refused or the damage decides.
    twin : tuple of str or None
        Data rows of the clean file whose accepted table is the same; None where there is none.
    countable : bool
        Whether Python's csv module counts the same records (it does not where quotes are broken).
    data : bytes
        The file.
    """

    id: str
    family: str
    input: str
    outcome: Outcome
    codes: tuple[str, ...] = ()
    read: int | None = None
    accepted: int | None = None
    quarantined: int | None = None
    twin: tuple[str, ...] | None = None
    countable: bool = True
    data: bytes = field(default=b"", repr=False)

    def facts(self) -> dict[str, Any]:
        """Return the manifest entry."""
        facts = {name: value for name, value in asdict(self).items() if name != "data"}
        return facts | {"twin": None if self.twin is None else [HEADER, *self.twin]}


def text_of(*rows: str, header: str = HEADER, end: str = "\n") -> str:
    """Return a file's text."""
    return end.join([header, *rows]) + end


def row(**cells: str) -> str:
    """Return the spare row with some cells replaced, quoted where need be."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow({**SPARE, **cells}.values())
    return line.getvalue().removesuffix("\r\n")


def kept(
    name: str,
    family: str,
    data: bytes | str,
    *,
    twin: Sequence[str] = GOOD,
    codes: Sequence[str] = (),
    end: str = ".csv",
) -> Case:
    """A file of which every row is accepted, with or without repairs."""
    raw = data.encode() if isinstance(data, str) else data
    count = len(twin)
    repairs = {"header_spelling", "category_spelling", "key_spelling"}
    outcome: Outcome = "repair" if repairs & set(codes) else "accept"
    return Case(name, family, f"{name}{end}", outcome, tuple(codes), count, count, 0, tuple(twin), data=raw)


def set_aside(
    name: str,
    family: str,
    data: bytes | str,
    *codes: str,
    bad: int = 1,
    twin: Sequence[str] = GOOD,
    end: str = ".csv",
    countable: bool = True,
) -> Case:
    """A file whose good rows are kept and whose bad ones are in quarantine."""
    raw = data.encode() if isinstance(data, str) else data
    good = len(twin)
    return Case(
        name, family, f"{name}{end}", "quarantine", codes, good + bad, good, bad, tuple(twin), countable, data=raw
    )


def refused(name: str, family: str, data: bytes | str, code: str, end: str = ".csv") -> Case:
    """A file of which nothing is accepted."""
    return Case(name, family, f"{name}{end}", "refuse", (code,), data=data.encode() if isinstance(data, str) else data)


def bad_cells(family: str, column: str, cells: dict[str, tuple[str, str]]) -> Iterator[Case]:
    """One case a cell: {name: (cell, code)}; its row is quarantined and the others are kept."""
    for name, (cell, code) in cells.items():
        yield set_aside(f"{column}-{name}", family, text_of(*GOOD, row(**{column: cell})), code)


def good_cells(family: str, column: str, cells: dict[str, tuple[str, str, str]]) -> Iterator[Case]:
    """One case a cell: {name: (cell, what it is read as, code of the note or '')}; its row is accepted."""
    for name, (cell, clean, code) in cells.items():
        twin = (*GOOD, row(**{column: clean}))
        yield kept(
            f"{column}-{name}", family, text_of(*GOOD, row(**{column: cell})), twin=twin, codes=[code] * bool(code)
        )


def encodings() -> Iterator[Case]:
    """Byte-order marks, other encodings, mixtures, NULs, line ends."""
    clean = text_of(*GOOD)
    noted = text_of(*GOOD, row(info="caf\u00e9 \u2013 \u00a35"))
    both = (*GOOD, row(info="caf\u00e9 \u2013 \u00a35"))
    yield kept("utf8-mark", "encoding", b"\xef\xbb\xbf" + clean.encode())
    yield kept("utf8-accents", "encoding", noted, twin=both)
    for name, codec in (("utf16-le-mark", "utf-16-le"), ("utf16-be-mark", "utf-16-be")):
        yield kept(name, "encoding", "\ufeff".encode(codec) + noted.encode(codec), twin=both)
        yield refused(name.replace("mark", "bare"), "encoding", clean.encode(codec), "file_encoding")
    yield refused("utf16-cut", "encoding", b"\xff\xfe" + clean.encode("utf-16-le")[:-1], "file_encoding")
    yield refused("latin1", "encoding", text_of(*GOOD, row(info="caf\u00e9")).encode("latin-1"), "file_encoding")
    yield refused(
        "cp1252", "encoding", text_of(*GOOD, row(info="\u00a35 \u2013 \u201c")).encode("cp1252"), "file_encoding"
    )
    mixed = noted.encode() + row(postcode="M1 1AF", info="caf\u00e9").encode("latin-1") + b"\n"
    yield set_aside("utf8-and-latin1", "encoding", mixed, "row_encoding", twin=both)
    for name, odd in (("overlong", b"\xc0\xaf"), ("surrogate", b"\xed\xa0\x80"), ("cut-character", b"\xe2\x82")):
        spoilt = noted.encode() + row(postcode="M1 1AF", info="@").encode().replace(b"@", odd) + b"\n"
        yield set_aside(f"utf8-{name}", "encoding", spoilt, "row_encoding", twin=both)
    yield refused("binary", "encoding", bytes(range(256)) * 20, "file_encoding")
    yield refused("png-named-csv", "encoding", b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 40, "file_encoding")
    yield set_aside("nul-in-a-cell", "encoding", text_of(*GOOD, row(info="a\0b")), "file_nul")
    yield refused("nul-padding", "encoding", clean + "\0" * 512, "file_truncated")
    for name, end in (("crlf", "\r\n"), ("cr", "\r")):
        yield kept(f"ends-{name}", "encoding", text_of(*GOOD, end=end))
    lines = [HEADER, *GOOD]
    yield kept("ends-mixed", "encoding", "".join(a + b for a, b in zip(lines, ["\n", "\r\n", "\r"] * 9, strict=False)))
    yield kept("ends-none-at-last", "encoding", clean.rstrip("\n"))
    yield kept("blank-lines", "encoding", clean.replace("\n", "\n\n\r\n") + "\n\n")


def structures() -> Iterator[Case]:
    """Quotes, row lengths, shifted and swapped columns."""
    clean = text_of(*GOOD)
    quoted = [",".join(f'"{cell}"' for cell in next(csv.reader([line]))) for line in (HEADER, *GOOD)]
    yield kept("all-quoted", "structure", "\n".join(quoted) + "\n")
    broken = row(info="two\nlines")
    yield kept("break-in-quotes", "structure", text_of(*GOOD, broken), twin=(*GOOD, broken))
    broken = row(info='two\r\nlines, and "quotes"')
    yield kept("crlf-in-quotes", "structure", text_of(*GOOD, broken), twin=(*GOOD, broken))
    late = text_of(*GOOD, row(info="two\nlines"), row(postcode="M1 1A"))
    yield set_aside(
        "line-numbers-after-a-break", "structure", late, "postcode_length", twin=(*GOOD, row(info="two\nlines"))
    )
    open_quote = clean + row(info="@").replace("@", '"open') + "\n"
    yield set_aside("quote-open-on-last-line", "structure", open_quote, "row_quotes", countable=False)
    yield refused(
        "quote-open-early", "structure", text_of(GOOD[0].replace("Cellular", '"Cellular'), *GOOD[1:]), "file_quotes"
    )
    for name, cell in (("inside", 'a"b'), ("after", '"a"b'), ("before", 'b"a"')):
        yield set_aside(
            f"quote-{name}-a-cell",
            "structure",
            clean + row(info="@").replace("@", cell + '"' * (name == "inside")) + "\n",
            "row_quotes",
            countable=False,
        )
    yield refused(
        "stray-quotes-over-lines",
        "structure",
        text_of('SW1A 1AA,,,South,x"y', *GOOD[1:4], 'M1 1AE,,,x"y'),
        "file_quotes",
    )
    short, long = "M1 1AE,,,North", row() + ",extra"
    yield set_aside("row-short", "structure", text_of(*GOOD, short), "row_short")
    yield set_aside("row-long", "structure", text_of(*GOOD, long), "row_long")
    yield set_aside("row-long-at-first", "structure", text_of(long, *GOOD), "row_long")
    yield set_aside("row-cut-at-end", "structure", (clean + row())[:-9], "row_short")
    yield set_aside(
        "rows-trailing-comma",
        "structure",
        text_of(*GOOD, *(row(postcode=f"M1 1A{c}") + "," for c in "BDE")),
        "row_long",
        bad=3,
    )
    yield refused("all-rows-long", "structure", text_of(*(f"{line},x" for line in GOOD)), "file_empty")
    yield set_aside(
        "comma-unquoted-in-a-cell", "structure", clean + row(info="@").replace("@", "a, b") + "\n", "row_long"
    )
    yield set_aside(
        "total-row",
        "structure",
        text_of(*GOOD, "Total,,,,,,,,,,,83,60"),
        "postcode_shape",
        "required_missing",
        "available_null",
    )
    yield set_aside("footnote", "structure", text_of(*GOOD, '"Source: DCC, November 2026"'), "row_short")
    yield set_aside(
        "repeated-header",
        "structure",
        text_of(*GOOD, HEADER),
        "postcode_length",
        "uprn_format",
        "category_unknown",
        "boolean_format",
        "date_format",
        "number_format",
    )
    many = [row(postcode=f"CA1 {n % 10}A{c}") for n in range(10) for c in "ABDEFG"]
    cells = [next(csv.reader([line])) for line in many]
    shifted = [",".join([*line[1:], line[0]]) for line in cells]
    yield refused("columns-shifted", "structure", text_of(*shifted), "columns_swapped")
    yield set_aside("half-shifted", "structure", text_of(*many[:20], *shifted[20:]), *_SHIFTED, bad=40, twin=many[:20])
    for one, other in (
        ("csp_region", "likelihood"),
        ("postcode", "uprn"),
        ("available", "wan_technology"),
        ("likelihood", "auxiliary"),
    ):
        yield refused(f"swapped-{one}-{other}", "structure", text_of(*many_swapped(one, other)), "columns_swapped")


_SHIFTED = ("no_key", "category_unknown", "available_null", "date_format", "number_format")


def many_swapped(one: str, other: str) -> list[str]:
    """Return sixty rows under a header whose two columns hold each other's values."""
    rows = []
    for number in range(60):
        cells = {
            **SPARE,
            "postcode": f"CA{1 + number % 9} {number // 9}AB",
            "uprn": str(100_000 + number),
            "auxiliary": "Aerial",
        }
        cells[one], cells[other] = cells[other], cells[one]
        rows.append(",".join(cells.values()))
    return rows


def headers() -> Iterator[Case]:
    """Names, order, aliases, titles, other delimiters, too many columns."""
    clean = text_of(*GOOD)
    yield kept(
        "header-case-and-blanks",
        "header",
        clean.replace(HEADER, HEADER.upper().replace(",", " , ")),
        codes=["header_spelling"],
    )
    duis = (
        HEADER.replace("postcode,", "PostCode,")
        .replace("csp_region", "CSPRegion")
        .replace("available,anticipated", "CoverageAvailability,AnticipatedCoverageDate")
    )
    yield kept("header-duis-names", "header", clean.replace(HEADER, duis), codes=["header_spelling"])
    backwards = [",".join(f'"{c}"' for c in reversed(next(csv.reader([line])))) for line in (HEADER, *GOOD)]
    yield kept("header-any-order", "header", "\n".join(backwards) + "\n")
    yield kept("header-sep-line", "header", "sep=,\n" + clean, codes=["header_spelling"])
    yield kept("header-sep-quoted", "header", '"sep=,"\n' + clean, codes=["header_spelling"])
    yield kept(
        "header-unknown-column",
        "header",
        "\n".join(f"{line},{x}" for line, x in zip([HEADER, *GOOD], ["colour", *"abcdefg"], strict=True)) + "\n",
        codes=["header_unknown"],
    )
    yield kept(
        "header-personal-column",
        "header",
        "\n".join(f"{line},{x}" for line, x in zip([HEADER, *GOOD], ["occupier_name", *"abcdefg"], strict=True)) + "\n",
        codes=["personal_column"],
    )
    wide = [
        f"{line}," + ",".join(f"{word}{n}" for n in range(480))
        for line, word in zip([HEADER, *GOOD], ["c", *"abcdefg"], strict=True)
    ]
    yield kept("header-493-columns", "header", "\n".join(wide) + "\n", codes=["header_unknown"])
    wide = [
        f"{line}," + ",".join(f"{word}{n}" for n in range(600))
        for line, word in zip([HEADER, *GOOD], ["c", *"abcdefg"], strict=True)
    ]
    yield refused("header-613-columns", "header", "\n".join(wide) + "\n", "file_too_large")
    for name, mark in (("semicolons", ";"), ("tabs", "\t"), ("bars", "|")):
        yield refused(f"delimiter-{name}", "header", clean.replace(",", mark), "file_delimiter")
    yield refused("title-lines", "header", "WAN coverage matrix\nNovember 2026\n\n" + clean, "header_not_found")
    yield refused("no-header", "header", "\n".join(GOOD) + "\n", "header_not_found")
    yield refused("header-twice-a-name", "header", clean.replace("info", "auxiliary"), "header_duplicate")
    yield refused("header-alias-clash", "header", clean.replace("info", "pcds"), "header_duplicate")
    yield refused("header-blank-names", "header", clean.replace("auxiliary,info", ","), "header_duplicate")
    for column in ("postcode", "csp_region", "available", "wan_technology"):
        outcome = refused(
            f"header-without-{column}",
            "header",
            clean.replace(
                f"{column}," if column != "postcode" else "postcode",
                f"x{column}," if column != "postcode" else "xpostcode",
                1,
            ),
            "header_missing",
        )
        if column != "postcode":
            yield outcome
    yield refused("header-quote-open", "header", clean.replace("postcode", '"postcode', 1), "file_quotes")
    yield refused("header-looks-like-html", "header", "<html><body><table>\n<tr><td>1</td></tr>\n", "header_not_found")
    yield refused("header-json", "header", '[{"postcode": "SW1A 1AA"}]\n', "header_not_found")
    yield refused("header-zero-width", "header", clean.replace("csp_region", "csp\u200b_region"), "header_missing")
    yield refused("header-full-width", "header", clean.replace("available,", "\uff41vailable,", 1), "header_missing")


def sizes() -> Iterator[Case]:
    """Nothing in the file, and far too much."""
    clean = text_of(*GOOD)
    for name, data in (
        ("empty", b""),
        ("mark-only", b"\xef\xbb\xbf"),
        ("blank-lines-only", b"\n\r\n\n"),
        ("header-only", HEADER.encode() + b"\n"),
    ):
        yield refused(name, "size", data, "file_empty")
    yield refused("blanks-only", "size", b"   \n \t \n", "header_not_found")
    yield refused("no-usable-row", "size", text_of(*(line.replace("SW1A", "QQQQ") for line in GOOD[:1])), "file_empty")
    yield set_aside("cell-too-long", "size", text_of(*GOOD, row(info="x" * 251)), "cell_too_long")
    yield set_aside(
        "cell-of-a-megabyte", "size", text_of(*GOOD, row(info="x" * 1_000_000)), "cell_too_long", countable=False
    )
    yield set_aside(
        "postcode-of-a-megabyte",
        "size",
        text_of(*GOOD, row(postcode="M" * 1_000_000)),
        "cell_too_long",
        countable=False,
    )
    for count in (65_535, 65_536):
        rows = [f"CA{1 + n % 9} {n % 7}AB,{n + 1}" for n in range(count - 1)]
        lines = "postcode,uprn,csp_region,available,wan_technology\n" + "".join(f"{r},North,true,4G\n" for r in rows)
        yield Case(
            f"spreadsheet-limit-{count}",
            "size",
            f"spreadsheet-limit-{count}.csv.gz",
            "accept",
            ("file_row_limit",),
            count - 1,
            count - 1,
            0,
            data=pack(lines.encode()),
        )
    small = b"postcode,csp_region,available,wan_technology\nSW1A 1AA,South,true,Cellular\n"
    hostile = {
        "short-rows": (b"a,b,c\n", "row_short"),
        "two-byte-rows": (b"a\n", "row_short"),
        "empty-cells": (b",,,\n", "required_missing"),
        "half-cells": (b"x,,,\n", "required_missing"),
        "long-rows": (b"a,b,c,d,e\n", "row_long"),
        "control-rows": (b"a,\x02cccccccccccccccccccccccccccccccccc\n", "row_short"),
        "bad-rows": (b"M1 1A,x,y,\n", "boolean_format"),
        "nul-rows": (b"a,\0,b,c\n", "file_nul"),
        "quote-rows": (b'a"b,c"d,e,f\n', "row_quotes"),
        "half-characters": (b"\xc3\xa9,\xc3\n", "row_encoding"),
        "equal-rows": (b"M1 1AE,North,true,4G\n", "duplicate"),
        "numbers": (b"45231,North,true,4G\n", "postcode_looks_like_number"),
    }
    for name, (line, code) in hostile.items():
        # Files of the full size where rows are many; the others stay at half of it, to save the test's time.
        full = ("two-byte-rows", "bad-rows", "equal-rows", "empty-cells", "half-cells")
        count = BIG * (2 if name in full else 1) // len(line)
        accepted = 2 if name == "equal-rows" else 1
        yield Case(
            f"vast-{name}",
            "vast",
            f"vast-{name}.csv.gz",
            "quarantine",
            (code,),
            count + 1,
            accepted,
            count + 1 - accepted,
            countable=False,
            data=pack(small + line * count),
        )
    conflict = b"M1 1AE,North,true,4G\nM1 1AE,North,false,4G\n"
    count = 2 * BIG // len(conflict)
    yield Case(
        "vast-conflicts",
        "vast",
        "vast-conflicts.csv.gz",
        "quarantine",
        ("duplicate_conflict",),
        2 * count + 1,
        1,
        2 * count,
        countable=False,
        data=pack(small + conflict * count),
    )
    distinct = b"".join(b"M%d %dA,North,true,4G\n" % (n % 100, n) for n in range(250_000))
    yield Case(
        "vast-distinct-faults",
        "vast",
        "vast-distinct-faults.csv.gz",
        "quarantine",
        (),
        250_001,
        1,
        250_000,
        countable=False,
        data=pack(small + distinct),
    )
    for name, data, code in (
        ("one-row", small + b"," * BIG + b"\n", "row_long"),
        ("one-cell", small + b"x" * BIG + b",South,true,4G\n", "cell_too_long"),
        ("one-quoted-cell", small + b'"' + b"x\n" * (BIG // 2) + b'",South,true,4G\n', "cell_too_long"),
        ("quotes-in-a-row", small + b'"' * (BIG // 2 * 2) + b",South,true,4G\n", "cell_too_long"),
    ):
        yield Case(
            f"vast-{name}",
            "vast",
            f"vast-{name}.csv.gz",
            "quarantine",
            (code,),
            2,
            1,
            1,
            countable=False,
            data=pack(data),
        )
    for name, data, code in (
        ("header", b"," * BIG + b"\n", "file_too_large"),
        ("header-word", b"x" * BIG + b"\n1\n", "header_not_found"),
        ("semicolons", b"postcode" + b";" * BIG + b"\n1\n", "header_not_found"),
        ("open-quote", small + b'"' + b"x\n" * (BIG // 2), "file_quotes"),
        ("line-ends", b"\n" * BIG, "file_empty"),
        ("latin1", small + b"\xe9,South,true,4G\n" * (BIG // 17), "file_encoding"),
    ):
        yield refused(f"vast-{name}", "vast", pack(data), code, end=".csv.gz")
    yield refused("clean-named-xlsx", "size", clean, "file_unreadable", end=".xlsx")
    yield refused("ole-named-xls", "size", b"\xd0\xcf\x11\xe0" + bytes(200), "file_unreadable", end=".xls")


def pack(data: bytes) -> bytes:
    """Return gzip data without a time in it."""
    return gzip.compress(data, compresslevel=6, mtime=0)


def gzips() -> Iterator[Case]:
    """Compressed files: whole, in members, cut, damaged, a bomb."""
    clean = text_of(*GOOD).encode()
    packed = pack(clean)
    yield kept("gzip", "gzip", packed, end=".csv.gz")
    yield kept("gzip-members", "gzip", pack(clean[:200]) + pack(clean[200:]), end=".csv.gz")
    yield kept("gzip-empty-members", "gzip", pack(b"") * 20_000 + packed, end=".csv.gz")
    for share in (3, 50, 95, 99):
        yield refused(
            f"gzip-cut-at-{share}", "gzip", packed[: len(packed) * share // 100], "file_truncated", end=".csv.gz"
        )
    yield refused("gzip-cut-after-mark", "gzip", packed[:2], "file_truncated", end=".csv.gz")
    yield refused("gzip-trailing-text", "gzip", packed + b"and some more", "file_unreadable", end=".csv.gz")
    yield refused("gzip-trailing-zeros", "gzip", packed + bytes(100), "file_unreadable", end=".csv.gz")
    yield refused("gzip-not", "gzip", clean, "file_unreadable", end=".csv.gz")
    yield refused("gzip-empty", "gzip", b"", "file_empty", end=".csv.gz")
    yield refused("gzip-of-nothing", "gzip", pack(b""), "file_empty", end=".csv.gz")
    yield refused("gzip-twice", "gzip", pack(packed), "file_encoding", end=".csv.gz")
    for place in (15, len(packed) // 2, len(packed) - 6):
        spoilt = bytearray(packed)
        spoilt[place] ^= 0x55
        yield refused(f"gzip-damaged-at-{place}", "gzip", bytes(spoilt), "file_unreadable", end=".csv.gz")
    bomb = gzip.compress(HEADER.encode() + b"\n" + b"0" * 100_000_000, compresslevel=9, mtime=0)
    yield refused("gzip-bomb", "gzip", bomb, "file_too_large", end=".csv.gz")


LINE_CELLS = {name: number for number, name in enumerate(COLUMNS)}


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


def parquets() -> Iterator[Case]:
    """Types, encodings, damage, bombs, other formats under the name."""

    def good(name: str, table: pa.Table, **options: Any) -> Case:
        return kept(f"parquet-{name}", "parquet", to_parquet(table, **options), end=".parquet")

    def bad(name: str, data: bytes, code: str) -> Case:
        return refused(f"parquet-{name}", "parquet", data, code, end=".parquet")

    table = parquet_table()
    whole = to_parquet(table)

    def replaced(name: str, column: pa.Array) -> pa.Table:
        return table.set_column(table.column_names.index(name), name, column)

    yield good("plain", table)
    for codec in ("none", "snappy", "gzip", "zstd", "brotli"):
        yield good(codec, table, compression=codec)
    yield good("row-groups", table, row_group_size=2)
    yield good(
        "dictionaries",
        pa.table(
            {
                n: c.dictionary_encode() if pa.types.is_string(c.type) else c
                for n, c in zip(table.column_names, table.columns, strict=True)
            }
        ),
    )
    yield good(
        "large-strings",
        pa.table(
            {
                n: c.cast(pa.large_string()) if pa.types.is_string(c.type) else c
                for n, c in zip(table.column_names, table.columns, strict=True)
            }
        ),
    )
    yield good("premises-as-floats", replaced("premises", pa.array([20.0, 10.0, 10.0, 8.0, float("nan"), None, 30.0])))
    yield good("premises-as-int64", replaced("premises", table["premises"].cast(pa.int64())))
    yield good("dates-as-timestamps", replaced("anticipated", table["anticipated"].cast(pa.timestamp("ms"))))
    yield good("dates-as-text", replaced("anticipated", table["anticipated"].cast(pa.string())))
    yield good(
        "booleans-as-text", replaced("available", pa.array(["true", "true", "false", None, "true", "false", "true"]))
    )
    yield good("columns-in-any-order", table.select(list(reversed(COLUMNS))))
    index = table.append_column("__index_level_0__", pa.array(range(7)))
    notes = {"pandas": '{"index_columns": ["postcode", "__index_level_0__"], "columns": []}'}
    yield kept(
        "parquet-pandas-index",
        "parquet",
        to_parquet(index.replace_schema_metadata(notes)),
        codes=["header_unknown"],
        end=".parquet",
    )
    yield bad(
        "odd-metadata", to_parquet(table.replace_schema_metadata({"ARROW:schema": "not base64"})), "file_unreadable"
    )
    yield bad(
        "release-not-json", to_parquet(table.replace_schema_metadata({"smarthan.release": "{"})), "file_unreadable"
    )
    yield bad(
        "release-unknown-key",
        to_parquet(table.replace_schema_metadata({"smarthan.release": '{"asof": "x"}'})),
        "release_facts",
    )
    yield bad(
        "release-bad-id",
        to_parquet(table.replace_schema_metadata({"smarthan.release": '{"release_id": "../up"}'})),
        "release_facts",
    )
    yield bad(
        "release-bad-date",
        to_parquet(table.replace_schema_metadata({"smarthan.release": '{"as_of": "2026-02-30"}'})),
        "release_facts",
    )
    count = len(table)
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
    fractions = replaced("premises", pa.array([20.5, 10.0, 10.0, 8.0, None, None, 30.0]))
    yield set_aside(
        "parquet-fractions", "parquet", to_parquet(fractions), "number_format", twin=GOOD[1:], end=".parquet"
    )
    vast = replaced("premises", pa.array([1e300, 10.0, 10.0, 8.0, None, None, 30.0]))
    yield set_aside("parquet-vast-number", "parquet", to_parquet(vast), "number_format", twin=GOOD[1:], end=".parquet")
    yield bad("without-column", to_parquet(table.drop(["available"])), "header_missing")
    yield bad("no-rows", to_parquet(table.slice(0, 0)), "file_empty")
    yield bad("no-columns", to_parquet(pa.table({"x": [1]})), "header_missing")
    doubled = pa.Table.from_arrays([*table.columns, table["postcode"]], names=[*COLUMNS, "postcode"])
    yield bad("column-twice", to_parquet(doubled), "header_duplicate")
    yield bad("alias-clash", to_parquet(table.append_column("PostCode", table["postcode"])), "header_duplicate")
    wide = pa.table({**{n: table[n] for n in COLUMNS}, **{f"c{n}": pa.array(range(count)) for n in range(600)}})
    yield bad("613-columns", to_parquet(wide), "file_too_large")
    alike = {name: pa.repeat("North", 5000) for name in COLUMNS}
    packed = pa.DictionaryArray.from_arrays(pa.array(np.zeros(5000, np.int32)), pa.array(["x" * 1_000_000]))
    yield bad("gigabytes-of-one-value", to_parquet(pa.table({**alike, "postcode": packed})), "file_empty")
    alike = {
        name: pa.DictionaryArray.from_arrays(pa.array(np.zeros(3_000_000, np.int8)), ["North"]) for name in COLUMNS
    }
    yield bad("millions-of-one-row", to_parquet(pa.table(alike)), "file_too_large")
    vast = pa.table({"postcode": pa.nulls(20_000_001, pa.int8())})
    yield bad("too-many-rows", to_parquet(vast, row_group_size=20_000_001), "file_too_large")
    for name, data, code in (
        ("head-mark", b"PARX" + whole[4:], "file_unreadable"),
        ("tail-mark", whole[:-4] + b"PARE", "file_unreadable"),
        ("is-csv", text_of(*GOOD).encode(), "file_unreadable"),
        ("is-gzip", pack(whole), "file_unreadable"),
        ("is-zip", b"PK\x03\x04" + bytes(100), "file_unreadable"),
        ("is-empty", b"", "file_unreadable"),
        ("marks-only", b"PAR1PAR1", "file_unreadable"),
        ("marks-and-zeros", b"PAR1" + bytes(100) + b"PAR1", "file_unreadable"),
        ("marks-and-ones", b"PAR1" + b"\xff" * 100 + b"PAR1", "file_unreadable"),
    ):
        yield bad(name, data, code)
    yield refused("csv-is-parquet", "parquet", whole, "file_encoding")
    for share in range(5, 100, 5):
        yield bad(f"cut-at-{share:02d}", whole[: len(whole) * share // 100], "file_unreadable")
    yield from _flips(whole)


def _flips(whole: bytes) -> Iterator[Case]:
    """One bit turned: in the pages, where reading fails or not, and in the footer, which no reader checks."""
    footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    generator = np.random.default_rng(1)
    for part, low, high, count in (("pages", 4, footer, 16), ("footer", footer, len(whole) - 8, 24)):
        for place in sorted(generator.choice(np.arange(low, high), count, replace=False).tolist()):
            spoilt = bytearray(whole)
            spoilt[place] ^= 1 << int(generator.integers(8))
            name = f"parquet-{part}-bit-{place:05d}"
            yield Case(name, "parquet", f"{name}.parquet", "any", data=bytes(spoilt))


def identifiers() -> Iterator[Case]:
    """Postcodes and UPRNs: repairs that are certain, and everything else."""
    yield from good_cells(
        "postcode",
        "postcode",
        {
            "lower-case": ("m1 1ae", "M1 1AE", "key_spelling"),
            "no-blank": ("M11AE", "M1 1AE", "key_spelling"),
            "outer-blanks": ("  M1 1AE\t", "M1 1AE", "key_spelling"),
            "blank-of-no-break": ("M1\u00a01AE", "M1 1AE", "key_spelling"),
            "several-blanks": ("M1   1AE", "M1 1AE", "key_spelling"),
            "n1p": ("N1P 1AA", "N1P 1AA", ""),
        },
    )
    yield from bad_cells(
        "postcode",
        "postcode",
        {
            "blank": ("", "no_key"),
            "blanks": ("   ", "no_key"),
            "nan": ("NaN", "sentinel"),
            "null": ("null", "sentinel"),
            "none": ("None", "sentinel"),
            "na": ("N/A", "postcode_character"),
            "error-ref": ("#REF!", "cell_error"),
            "error-na": ("#N/A", "cell_error"),
            "error-div": ("#DIV/0!", "cell_error"),
            "outward": ("M1", "postcode_partial"),
            "sector": ("M1 1", "postcode_partial"),
            "northern-ireland": ("BT1 1AA", "postcode_outside_gb"),
            "jersey": ("JE2 3AB", "postcode_outside_gb"),
            "girobank": ("GIR 0AA", "postcode_non_geographic"),
            "forces": ("BFPO 12", "postcode_non_geographic"),
            "pseudo": ("ZZ99 3VZ", "postcode_non_geographic"),
            "father-christmas": ("XM4 5HQ", "postcode_non_geographic"),
            "overseas": ("AI-2640", "postcode_non_geographic"),
            "number": ("12345", "postcode_looks_like_number"),
            "excel-serial": ("45231", "postcode_looks_like_number"),
            "scientific": ("1E10", "postcode_looks_like_number"),
            "excel-date": ("01/02/2024", "postcode_looks_like_date"),
            "excel-month": ("Mar-24", "postcode_looks_like_date"),
            "iso-date": ("2024-03-01", "postcode_looks_like_date"),
            "formula": ("=A1+2", "cell_formula"),
            "formula-dde": ("=cmd|'/c calc'!A0", "cell_formula"),
            "formula-at": ("@SUM(1)", "cell_formula"),
            "formula-plus": ("+M1", "cell_formula"),
            "formula-minus": ("-M1", "postcode_formula"),
            "two-values": ("M1 1AE,M1 1AF", "postcode_two_values"),
            "two-values-slash": ("M1 1AE / M2", "postcode_two_values"),
            "markup": ("<b>M1 1AE</b>", "postcode_character"),
            "path": ("../../etc", "postcode_character"),
            "sql": ("';DROP TABLE", "postcode_character"),
            "hyphen": ("M1-1AE", "postcode_character"),
            "full-width": ("\uff2d1 1AE", "postcode_non_ascii"),
            "full-width-digit": ("M\uff11 1AE", "postcode_non_ascii"),
            "arabic-digit": ("M\u0661 1AE", "postcode_non_ascii"),
            "cyrillic": ("\u041c1 1AE", "postcode_non_ascii"),
            "long-s": ("\u017fW1A 1AA", "postcode_non_ascii"),
            "kelvin": ("S\u212a1 1AA", "postcode_non_ascii"),
            "zero-width": ("M1\u200b1AE", "postcode_non_ascii"),
            "direction": ("\u202eM1 1AE", "postcode_non_ascii"),
            "soft-hyphen": ("M1\u00ad 1AE", "postcode_non_ascii"),
            "accent": ("M1 1A\u00c9", "postcode_non_ascii"),
            "letter-o": ("M1 OAE", "postcode_inward_digit"),
            "inward-letter": ("M1 1AC", "postcode_inward_letter"),
            "blank-inside": ("M 11AE", "postcode_blank_inside"),
            "first-letter": ("Q1 1AE", "postcode_first_letter"),
            "second-letter": ("MI1 1AE", "postcode_second_letter"),
            "third-letter": ("M1I 1AE", "postcode_third_letter"),
            "fourth-letter": ("AA1C 1AA", "postcode_fourth_letter"),
            "shape": ("LONDON", "postcode_shape"),
            "length": ("Manchester", "postcode_length"),
            "too-long": ("M1 1AE, Manchester", "postcode_too_long"),
            "line-break": ("M1 1AE\nM1 1AF", "postcode_two_values"),
            "escape": ("\x1b[31mM1", "postcode_character"),
            "vertical-tab": ("M1\x0b1AE", "postcode_character"),
        },
    )
    yield from good_cells(
        "uprn",
        "uprn",
        {
            "plain": ("100012345678", "100012345678", ""),
            "leading-zeros": ("000123", "123", "key_spelling"),
            "outer-blanks": (" 123 ", "123", "key_spelling"),
        },
    )
    yield from bad_cells(
        "uprn",
        "uprn",
        {
            "zero": ("0", "uprn_format"),
            "zeros": ("000000", "uprn_format"),
            "thirteen-digits": ("1000123456789", "uprn_format"),
            "scientific": ("1.0E+11", "uprn_format"),
            "decimal": ("1001.0", "uprn_format"),
            "letters": ("ABC", "uprn_format"),
            "negative": ("-1001", "uprn_format"),
            "plus": ("+1001", "cell_formula"),
            "underscore": ("1_001", "uprn_format"),
            "thousands": ("1,001", "uprn_format"),
            "blank-inside": ("10 01", "uprn_format"),
            "full-width": ("\uff11\uff12", "uprn_format"),
            "arabic": ("\u0661\u0662", "uprn_format"),
            "superscript": ("1\u00b2", "uprn_format"),
            "null": ("null", "uprn_format"),
            "error": ("#VALUE!", "cell_error"),
            "formula": ("=1001", "cell_formula"),
            "hex": ("0x1F", "uprn_format"),
            "two-values": ("1001;1002", "uprn_format"),
        },
    )


def values() -> Iterator[Case]:
    """Numbers, dates, booleans, categories and free text."""
    yield from good_cells(
        "category",
        "csp_region",
        {"upper-case": ("NORTH", "North", "category_spelling"), "blanks": (" North ", "North", "category_spelling")},
    )
    yield from bad_cells(
        "category",
        "csp_region",
        {
            "misspelt": ("Nroth", "category_unknown"),
            "blank": ("", "required_missing"),
            "none": ("None", "category_unknown"),
            "two": ("North;South", "category_unknown"),
            "cyrillic": ("N\u043erth", "category_unknown"),
            "zero-width": ("North\u200b", "category_unknown"),
            "number": ("1", "category_unknown"),
            "error": ("#NAME?", "cell_error"),
            "wales": ("Wales", "category_unknown"),
            "4g": ("4G", "category_unknown"),
        },
    )
    yield from good_cells(
        "category", "likelihood", {"lower-case": ("high", "High", "category_spelling"), "blank": ("", "", "")}
    )
    yield from bad_cells(
        "category",
        "likelihood",
        {
            "hi": ("Hi", "category_unknown"),
            "number": ("3", "category_unknown"),
            "pc": ("95%", "category_unknown"),
            "na": ("N/A", "category_unknown"),
        },
    )
    yield from good_cells(
        "boolean",
        "available",
        {
            "upper-case": ("TRUE", "true", "category_spelling"),
            "title-case": ("True", "true", "category_spelling"),
            "blanks": (" true ", "true", "category_spelling"),
        },
    )
    yield from bad_cells(
        "boolean",
        "available",
        {
            **{
                f"word-{word}": (word, "boolean_format")
                for word in ("1", "0", "yes", "no", "Y", "t", "on", "covered", "-1", "1.0")
            },
            "blank": ("", "available_null"),
            "error": ("#NULL!", "cell_error"),
            "full-width": ("\uff54rue", "boolean_format"),
        },
    )
    dated = {**SPARE, "available": "false", "premises_available": "0", "wan_technology": "4G", "csp_region": "4G North"}
    days = {
        "british": ("31/03/2027", "date_format"),
        "ambiguous": ("01/02/2027", "date_ambiguous"),
        "ambiguous-dots": ("1.2.27", "date_ambiguous"),
        "american": ("03/31/2027", "date_format"),
        "year-last": ("31-03-2027", "date_format"),
        "word-month": ("31 Mar 2027", "date_format"),
        "compact": ("20270331", "date_format"),
        "serial": ("46477", "date_format"),
        "impossible-day": ("2027-02-30", "date_format"),
        "impossible-month": ("2027-13-01", "date_format"),
        "no-leap-day": ("2027-02-29", "date_format"),
        "year-zero": ("0000-01-01", "date_format"),
        "year-of-five": ("12027-01-01", "date_format"),
        "short": ("2027-3-1", "date_format"),
        "month-only": ("2027-03", "date_format"),
        "quarter": ("2027-Q1", "date_format"),
        "time": ("2027-03-31T00:00:00", "date_format"),
        "zone": ("2027-03-31Z", "date_format"),
        "spreadsheet-zero": ("1900-01-00", "date_format"),
        "full-width": ("\uff12027-03-31", "date_format"),
        "arabic": ("\u0662027-03-31", "date_format"),
        "blank-inside": ("2027 -03-31", "date_format"),
        "two": ("2027-03-31;2028-01-01", "date_format"),
        "words": ("TBC", "date_format"),
        "error": ("#NUM!", "cell_error"),
        "formula": ("=TODAY()", "date_format"),
        "minus": ("-2027-03-31", "date_format"),
    }
    for name, (cell, code) in days.items():
        yield set_aside(f"anticipated-{name}", "date", text_of(*GOOD, row(**{**dated, "anticipated": cell})), code)
    leap = row(**{**dated, "anticipated": "2028-02-29"})
    yield kept("anticipated-leap-day", "date", text_of(*GOOD, leap), twin=(*GOOD, leap))
    yield kept(
        "anticipated-blanks", "date", text_of(*GOOD, leap.replace("2028-02-29", " 2028-02-29 ")), twin=(*GOOD, leap)
    )
    yield from bad_cells(
        "number",
        "premises",
        {
            "unit": ("5 premises", "unit_in_cell"),
            "per-cent": ("5%", "unit_in_cell"),
            "decimal-comma": ("5,0", "decimal_comma"),
            "thousands": ("1,000", "decimal_comma"),
            "thousands-twice": ("1,000,000", "number_format"),
            "fraction": ("5.5", "number_format"),
            "whole-fraction": ("5.0", "number_format"),
            "underscore": ("1_000", "number_format"),
            "hex": ("0x10", "number_format"),
            "inf": ("inf", "number_format"),
            "nan": ("nan", "sentinel"),
            "sentinel": ("-999", "sentinel"),
            "negative": ("-1", "value_range"),
            "too-many": ("2000001", "value_range"),
            "vast": ("1e400", "number_format"),
            "long": ("9" * 30, "number_format"),
            "minus-sign": ("\u22125", "number_format"),
            "brackets": ("(5)", "number_format"),
            "full-width": ("\uff15", "number_format"),
            "arabic": ("\u0665", "number_format"),
            "blank-inside": ("1 000", "number_format"),
            "word": ("five", "number_format"),
            "boolean": ("true", "number_format"),
            "error": ("#DIV/0!", "cell_error"),
            "formula": ("=2+3", "number_format"),
            "scientific": ("5e0", "number_format"),
        },
    )
    yield from good_cells(
        "number", "premises", {"plus": ("+5", "5", ""), "zeros": ("005", "5", ""), "blanks": (" 5 ", "5", "")}
    )
    yield from bad_cells(
        "text",
        "wan_technology",
        {
            "blank": ("", "available_without_technology"),
            "long": ("x" * 31, "cell_too_long"),
            "formula": ("=4G", "cell_formula"),
            "error": ("#REF!", "cell_error"),
        },
    )
    yield from bad_cells(
        "text",
        "info",
        {
            "error": ("#SPILL!", "cell_error"),
        },
    )
    for name, words in (
        ("markup", "<script>alert(1)</script>"),
        ("escape", "\x1b[2J"),
        ("direction", "\u202eevil"),
        ("minus", "-5 dB"),
        ("formula", '=HYPERLINK("http://a")'),
        ("at", "@here"),
        ("plus", "+44 20"),
        ("code", "__import__('os')"),
    ):
        line = row(info=words)
        yield kept(f"info-{name}", "text", text_of(*GOOD, line), twin=(*GOOD, line))
    strange = row(wan_technology="Semaphore")
    yield kept(
        "technology-unmapped", "text", text_of(*GOOD, strange), twin=(*GOOD, strange), codes=["technology_unmapped"]
    )


def row_rules() -> Iterator[Case]:
    """Rules across cells and rows."""

    def rule(name: str, code: str, **cells: str) -> Case:
        return set_aside(f"rule-{name}", "row", text_of(*GOOD, row(**cells)), code)

    yield rule(
        "no-technology-not-covered", "required_missing", available="false", wan_technology="", premises_available="0"
    )
    yield rule("null-without-error", "available_null", available="", premises_available="")
    yield rule("more-covered-than-there-are", "premises_order", premises_available="6")
    yield rule("no-key", "no_key", postcode="", address_identifier="1 HIGH ST")
    for name, code, cells in (
        ("covered-with-date", "available_with_date", {"anticipated": "2027-03-31"}),
        ("covered-none-covered", "available_premises", {"premises_available": "0"}),
        ("technology-of-another-region", "region_technology", {"csp_region": "South"}),
    ):
        line = row(**cells)
        yield kept(f"rule-{name}", "row", text_of(*GOOD, line), twin=(*GOOD, line), codes=[code])
    error = row(region_code="E120103", available="", wan_technology="", likelihood="", premises_available="")
    yield kept("rule-error-row", "row", text_of(*GOOD, error), twin=(*GOOD, error))
    bare = row(postcode="", uprn="7")
    yield kept("rule-uprn-alone", "row", text_of(*GOOD, bare), twin=(*GOOD, bare))
    one = row()
    yield set_aside("same-row-twice", "row", text_of(*GOOD, one, one), "duplicate", twin=(*GOOD, one))
    yield set_aside("same-row-thrice", "row", text_of(*GOOD, one, one, one), "duplicate", bad=2, twin=(*GOOD, one))
    yield set_aside(
        "same-row-other-spelling",
        "row",
        text_of(*GOOD, one, row(postcode="m11ae", csp_region="north")),
        "duplicate",
        twin=(*GOOD, one),
    )
    yield set_aside(
        "same-key-disagreeing", "row", text_of(*GOOD, one, row(likelihood="Low")), "duplicate_conflict", bad=2
    )
    yield set_aside(
        "same-key-other-spelling",
        "row",
        text_of(*GOOD, one, row(postcode="m11ae", likelihood="Low")),
        "duplicate_conflict",
        bad=2,
    )
    yield set_aside(
        "same-key-two-of-three", "row", text_of(*GOOD, one, one, row(likelihood="Low")), "duplicate_conflict", bad=3
    )
    first, second = row(uprn="7"), row(uprn="007")
    yield set_aside("same-uprn-other-spelling", "row", text_of(*GOOD, first, second), "duplicate", twin=(*GOOD, first))
    torn = row(uprn="7", postcode="M1 1AF")
    yield set_aside("uprn-under-two-postcodes", "row", text_of(*GOOD, first, torn), "uprn_postcodes", bad=2)
    same = row(uprn="7", address_identifier="1 X ST")
    yield set_aside("uprn-with-two-addresses", "row", text_of(*GOOD, first, same), "duplicate_conflict", bad=2)
    address = row(address_identifier="1 X ST")
    yield set_aside(
        "address-twice-disagreeing",
        "row",
        text_of(*GOOD, address, row(address_identifier="1 X ST", likelihood="Low")),
        "duplicate_conflict",
        bad=2,
    )
    other = row(csp_region="Central", wan_technology="Cellular")
    yield kept("two-regions", "row", text_of(*GOOD, one, other), twin=(*GOOD, one, other))
    lone = [row(postcode=f"M1 1A{c}", likelihood="Hi") for c in "ABDEFGHJLNPQRSTUWXYZ"]
    yield set_aside("systematic", "row", text_of(*GOOD, *lone), "category_unknown", bad=len(lone))
    five = row(postcode="M1 1A", csp_region="x", available="y", likelihood="z", premises="w")
    yield set_aside(
        "five-faults-in-a-row",
        "row",
        text_of(*GOOD, five),
        "postcode_length",
        "category_unknown",
        "boolean_format",
        "number_format",
    )


def families() -> Iterator[Case]:
    """Yield every case, family by family."""
    for family in (encodings, structures, headers, sizes, gzips, parquets, identifiers, values, row_rules):
        yield from family()


def write_corpus(folder: Path) -> list[Case]:
    """Write every file and `manifest.json` to a folder; return the cases."""
    folder.mkdir(parents=True, exist_ok=True)
    cases = list(families())
    if len({case.id for case in cases}) != len(cases):
        raise ValueError("two cases have one id")
    for case in cases:
        (folder / case.input).write_bytes(case.data)
    manifest = json.dumps([case.facts() for case in cases], indent=1, ensure_ascii=True)
    (folder / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
    return cases


if __name__ == "__main__":
    written = write_corpus(Path(sys.argv[1]))
    sys.stdout.write(f"{len(written)} cases in {sys.argv[1]}\n")
