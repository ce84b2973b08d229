"""Structure: quotes, row lengths, rows that are not data, shifted and swapped columns."""

import csv
from collections.abc import Iterator

from tests.corpus_case import CLEAN, GOOD, HEADER, SPARE, Case, kept, refused, row, set_aside, text_of

_SHIFTED = ("no_key", "category_unknown", "available_null", "date_format", "number_format")


def quotes() -> Iterator[Case]:
    """Quotes that hold a line break, and quotes out of place."""
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


def quotes_astray() -> Iterator[Case]:
    """Quotes left open or out of place."""
    open_quote = CLEAN + row(info="@").replace("@", '"open') + "\n"
    yield set_aside("quote-open-on-last-line", "structure", open_quote, "row_quotes", countable=False)
    yield refused(
        "quote-open-early", "structure", text_of(GOOD[0].replace("Cellular", '"Cellular'), *GOOD[1:]), "file_quotes"
    )
    for name, cell in (("inside", 'a"b'), ("after", '"a"b'), ("before", 'b"a"')):
        yield set_aside(
            f"quote-{name}-a-cell",
            "structure",
            CLEAN + row(info="@").replace("@", cell + '"' * (name == "inside")) + "\n",
            "row_quotes",
            countable=False,
        )
    yield refused(
        "stray-quotes-over-lines",
        "structure",
        text_of('SW1A 1AA,,,South,x"y', *GOOD[1:4], 'M1 1AE,,,x"y'),
        "file_quotes",
    )


def row_lengths() -> Iterator[Case]:
    """Rows with too few cells or too many."""
    short, long = "M1 1AE,,,North", row() + ",extra"
    yield set_aside("row-short", "structure", text_of(*GOOD, short), "row_short")
    yield set_aside("row-long", "structure", text_of(*GOOD, long), "row_long")
    yield set_aside("row-long-at-first", "structure", text_of(long, *GOOD), "row_long")
    yield set_aside("row-cut-at-end", "structure", (CLEAN + row())[:-9], "row_short")
    yield set_aside(
        "rows-trailing-comma",
        "structure",
        text_of(*GOOD, *(row(postcode=f"M1 1A{c}") + "," for c in "BDE")),
        "row_long",
        bad=3,
    )
    yield refused("all-rows-long", "structure", text_of(*(f"{line},x" for line in GOOD)), "file_empty")
    yield set_aside(
        "comma-unquoted-in-a-cell", "structure", CLEAN + row(info="@").replace("@", "a, b") + "\n", "row_long"
    )


def rows_not_data() -> Iterator[Case]:
    """A total, a footnote, a header again."""
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


def columns() -> Iterator[Case]:
    """Columns shifted by one, and pairs of them swapped."""
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
