"""Dates: one spelling is read, and every other is told."""

from collections.abc import Iterator

from tests.corpus_case import GOOD, SPARE, Case, kept, row, set_aside, text_of

PLANNED = {**SPARE, "available": "false", "premises_available": "0", "wan_technology": "4G", "csp_region": "4G North"}


DATES_REFUSED = {
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


def dates() -> Iterator[Case]:
    """Anticipated dates."""
    for name, (cell, code) in DATES_REFUSED.items():
        yield set_aside(f"anticipated-{name}", "date", text_of(*GOOD, row(**{**PLANNED, "anticipated": cell})), code)
    leap = row(**{**PLANNED, "anticipated": "2028-02-29"})
    yield kept("anticipated-leap-day", "date", text_of(*GOOD, leap), twin=(*GOOD, leap))
    yield kept(
        "anticipated-blanks", "date", text_of(*GOOD, leap.replace("2028-02-29", " 2028-02-29 ")), twin=(*GOOD, leap)
    )
