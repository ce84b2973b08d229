"""Sizes: nothing in the file, cells too long, a spreadsheet's limit."""

from collections.abc import Iterator

from tests.corpus_case import CLEAN, GOOD, HEADER, Case, pack, refused, row, set_aside, text_of


def empty_files() -> Iterator[Case]:
    """Files with nothing to read."""
    for name, data in (
        ("empty", b""),
        ("mark-only", b"\xef\xbb\xbf"),
        ("blank-lines-only", b"\n\r\n\n"),
        ("header-only", HEADER.encode() + b"\n"),
    ):
        yield refused(name, "size", data, "file_empty")
    yield refused("blanks-only", "size", b"   \n \t \n", "header_not_found")
    yield refused("no-usable-row", "size", text_of(*(line.replace("SW1A", "QQQQ") for line in GOOD[:1])), "file_empty")


def long_cells() -> Iterator[Case]:
    """Cells longer than any value."""
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


def spreadsheet_limits() -> Iterator[Case]:
    """As many rows as a spreadsheet holds, which often means that the rest was lost."""
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


def misnamed() -> Iterator[Case]:
    """Files that are not what their names say."""
    yield refused("clean-named-xlsx", "size", CLEAN, "file_unreadable", end=".xlsx")
    yield refused("ole-named-xls", "size", b"\xd0\xcf\x11\xe0" + bytes(200), "file_unreadable", end=".xls")
