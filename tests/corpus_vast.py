"""Vast files: as much hostile data as a small packed file can hold, so that time and memory are tried."""

from collections.abc import Iterator

from tests.corpus_case import Case, pack, refused

BIG = 9_500_000  # bytes of a large hostile file once unpacked
SMALL = b"postcode,csp_region,available,wan_technology\nSW1A 1AA,South,true,Cellular\n"
FULL = ("two-byte-rows", "bad-rows", "equal-rows", "empty-cells", "half-cells")  # full size; others at half, for time


HOSTILE = {
    "short-rows": (b"a,b,c\n", "row_short"),
    "two-byte-rows": (b"a\n", "row_short"),
    "empty-cells": (b",,,\n", "required_missing"),
    "half-cells": (b"x,,,\n", "required_missing"),
    "long-rows": (b"a,b,c,d,e\n", "row_long"),
    "control-rows": (b"a,\x02cccccccccccccccccccccccccccccccccc\n", "row_short"),
    "bad-rows": (b"M1 1A,x,y,\n", "category_unknown"),  # beyond two million faults a row stands under its first
    "nul-rows": (b"a,\0,b,c\n", "file_nul"),
    "quote-rows": (b'a"b,c"d,e,f\n', "row_quotes"),
    "half-characters": (b"\xc3\xa9,\xc3\n", "row_encoding"),
    "equal-rows": (b"M1 1AE,North,true,4G\n", "duplicate"),
    "numbers": (b"45231,North,true,4G\n", "postcode_looks_like_number"),
}


def vast(name: str, data: bytes, *codes: str, read: int, accepted: int = 1) -> Case:
    """Return a packed case of so many rows, of which so many are accepted."""
    file, bad = f"vast-{name}.csv.gz", read - accepted
    return Case(
        f"vast-{name}", "vast", file, "quarantine", codes, read, accepted, bad, countable=False, data=pack(SMALL + data)
    )


def vast_rows() -> Iterator[Case]:
    """One faulty row, again and again."""
    for name, (line, code) in HOSTILE.items():
        count = BIG * (2 if name in FULL else 1) // len(line)
        yield vast(name, line * count, code, read=count + 1, accepted=2 if name == "equal-rows" else 1)


def vast_pairs() -> Iterator[Case]:
    """Rows that disagree pair by pair, and faults that all differ."""
    conflict = b"M1 1AE,North,true,4G\nM1 1AE,North,false,4G\n"
    count = 2 * BIG // len(conflict)
    yield vast("conflicts", conflict * count, "duplicate_conflict", read=2 * count + 1)
    distinct = b"".join(b"M%d %dA,North,true,4G\n" % (n % 100, n) for n in range(250_000))
    yield vast("distinct-faults", distinct, read=250_001)


def vast_cells() -> Iterator[Case]:
    """A row, a cell or quotes without end."""
    for name, data, code in (
        ("one-row", b"," * BIG + b"\n", "row_long"),
        ("one-cell", b"x" * BIG + b",South,true,4G\n", "cell_too_long"),
        ("one-quoted-cell", b'"' + b"x\n" * (BIG // 2) + b'",South,true,4G\n', "cell_too_long"),
        ("quotes-in-a-row", b'"' * (BIG // 2 * 2) + b",South,true,4G\n", "cell_too_long"),
    ):
        yield vast(name, data, code, read=2)


def vast_heads() -> Iterator[Case]:
    """A header or a file without end, refused as a whole."""
    for name, data, code in (
        ("header", b"," * BIG + b"\n", "file_too_large"),
        ("header-word", b"x" * BIG + b"\n1\n", "header_not_found"),
        ("semicolons", b"postcode" + b";" * BIG + b"\n1\n", "header_not_found"),
        ("open-quote", SMALL + b'"' + b"x\n" * (BIG // 2), "file_quotes"),
        ("line-ends", b"\n" * BIG, "file_empty"),
        ("latin1", SMALL + b"\xe9,South,true,4G\n" * (BIG // 17), "file_encoding"),
    ):
        yield refused(f"vast-{name}", "vast", pack(data), code, end=".csv.gz")
