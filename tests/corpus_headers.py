"""Headers: names, order, aliases, titles, other delimiters, too many columns."""

import csv
from collections.abc import Iterator

from tests.corpus_case import CLEAN, GOOD, HEADER, Case, kept, refused


def names_read() -> Iterator[Case]:
    """Other spellings, aliases and orders that are read."""
    yield kept(
        "header-case-and-blanks",
        "header",
        CLEAN.replace(HEADER, HEADER.upper().replace(",", " , ")),
        codes=["header_spelling"],
    )
    duis = (
        HEADER.replace("postcode,", "PostCode,")
        .replace("csp_region", "CSPRegion")
        .replace("available,anticipated", "CoverageAvailability,AnticipatedCoverageDate")
    )
    yield kept("header-duis-names", "header", CLEAN.replace(HEADER, duis), codes=["header_spelling"])
    backwards = [",".join(f'"{c}"' for c in reversed(next(csv.reader([line])))) for line in (HEADER, *GOOD)]
    yield kept("header-any-order", "header", "\n".join(backwards) + "\n")
    yield kept("header-sep-line", "header", "sep=,\n" + CLEAN, codes=["header_spelling"])
    yield kept("header-sep-quoted", "header", '"sep=,"\n' + CLEAN, codes=["header_spelling"])


def columns_beyond() -> Iterator[Case]:
    """Columns that the data model does not have."""
    for name, column, code in (
        ("unknown", "colour", "header_unknown"),
        ("personal", "occupier_name", "personal_column"),
    ):
        lines = [f"{line},{x}" for line, x in zip([HEADER, *GOOD], [column, *"abcdefg"], strict=True)]
        yield kept(f"header-{name}-column", "header", "\n".join(lines) + "\n", codes=[code])
    yield kept("header-493-columns", "header", widened(480), codes=["header_unknown"])
    yield refused("header-613-columns", "header", widened(600), "file_too_large")


def widened(count: int) -> str:
    """Return the clean file with so many columns more."""
    return "".join(
        f"{line}," + ",".join(f"{word}{n}" for n in range(count)) + "\n"
        for line, word in zip([HEADER, *GOOD], ["c", *"abcdefg"], strict=True)
    )


def delimiters() -> Iterator[Case]:
    """Other delimiters, titles, no header."""
    for name, mark in (("semicolons", ";"), ("tabs", "\t"), ("bars", "|")):
        yield refused(f"delimiter-{name}", "header", CLEAN.replace(",", mark), "file_delimiter")
    yield refused("title-lines", "header", "WAN coverage matrix\nNovember 2026\n\n" + CLEAN, "header_not_found")
    yield refused("no-header", "header", "\n".join(GOOD) + "\n", "header_not_found")


def names_refused() -> Iterator[Case]:
    """Names that are missing, twice there, or not what they seem."""
    yield refused("header-twice-a-name", "header", CLEAN.replace("info", "auxiliary"), "header_duplicate")
    yield refused("header-alias-clash", "header", CLEAN.replace("info", "pcds"), "header_duplicate")
    yield refused("header-blank-names", "header", CLEAN.replace("auxiliary,info", ","), "header_duplicate")
    for column in ("csp_region", "available", "wan_technology"):
        renamed = CLEAN.replace(f"{column},", f"x{column},", 1)
        yield refused(f"header-without-{column}", "header", renamed, "header_missing")
    yield refused("header-quote-open", "header", CLEAN.replace("postcode", '"postcode', 1), "file_quotes")
    yield refused("header-looks-like-html", "header", "<html><body><table>\n<tr><td>1</td></tr>\n", "header_not_found")
    yield refused("header-json", "header", '[{"postcode": "SW1A 1AA"}]\n', "header_not_found")
    yield refused("header-zero-width", "header", CLEAN.replace("csp_region", "csp\u200b_region"), "header_missing")
    yield refused("header-full-width", "header", CLEAN.replace("available,", "\uff41vailable,", 1), "header_missing")
