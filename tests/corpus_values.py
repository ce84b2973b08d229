"""Values: categories, booleans, numbers and free text."""

from collections.abc import Iterator

from tests.corpus_case import GOOD, Case, bad_cells, good_cells, kept, row, text_of

REGIONS_READ = {
    "upper-case": ("NORTH", "North", "category_spelling"),
    "blanks": (" North ", "North", "category_spelling"),
}


REGIONS_REFUSED = {
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
}


LIKELIHOODS_REFUSED = {
    "hi": ("Hi", "category_unknown"),
    "number": ("3", "category_unknown"),
    "pc": ("95%", "category_unknown"),
    "na": ("N/A", "category_unknown"),
}


BOOLEANS_READ = {
    "upper-case": ("TRUE", "true", "category_spelling"),
    "title-case": ("True", "true", "category_spelling"),
    "blanks": (" true ", "true", "category_spelling"),
}


BOOLEANS_REFUSED = {
    **{
        f"word-{word}": (word, "boolean_format")
        for word in ("1", "0", "yes", "no", "Y", "t", "on", "covered", "-1", "1.0")
    },
    "blank": ("", "available_null"),
    "error": ("#NULL!", "cell_error"),
    "full-width": ("\uff54rue", "boolean_format"),
}


NUMBERS_REFUSED = {
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
}


TECHNOLOGIES_REFUSED = {
    "blank": ("", "available_without_technology"),
    "long": ("x" * 31, "cell_too_long"),
    "formula": ("=4G", "cell_formula"),
    "error": ("#REF!", "cell_error"),
}


REMARKS = (
    ("markup", "<script>alert(1)</script>"),
    ("escape", "\x1b[2J"),
    ("direction", "\u202eevil"),
    ("minus", "-5 dB"),
    ("formula", '=HYPERLINK("http://a")'),
    ("at", "@here"),
    ("plus", "+44 20"),
    ("code", "__import__('os')"),
)


def categories() -> Iterator[Case]:
    """Categories and booleans."""
    yield from good_cells("category", "csp_region", REGIONS_READ)
    yield from bad_cells("category", "csp_region", REGIONS_REFUSED)
    yield from good_cells(
        "category", "likelihood", {"lower-case": ("high", "High", "category_spelling"), "blank": ("", "", "")}
    )
    yield from bad_cells("category", "likelihood", LIKELIHOODS_REFUSED)
    yield from good_cells("boolean", "available", BOOLEANS_READ)
    yield from bad_cells("boolean", "available", BOOLEANS_REFUSED)


def numbers() -> Iterator[Case]:
    """Counts of premises."""
    yield from bad_cells("number", "premises", NUMBERS_REFUSED)
    yield from good_cells(
        "number", "premises", {"plus": ("+5", "5", ""), "zeros": ("005", "5", ""), "blanks": (" 5 ", "5", "")}
    )


def texts() -> Iterator[Case]:
    """Free text: kept as it stands, whatever it looks like."""
    yield from bad_cells("text", "wan_technology", TECHNOLOGIES_REFUSED)
    yield from bad_cells("text", "info", {"error": ("#SPILL!", "cell_error")})
    for name, words in REMARKS:
        line = row(info=words)
        yield kept(f"info-{name}", "text", text_of(*GOOD, line), twin=(*GOOD, line))
    strange = row(wan_technology="Semaphore")
    yield kept(
        "technology-unmapped", "text", text_of(*GOOD, strange), twin=(*GOOD, strange), codes=["technology_unmapped"]
    )
