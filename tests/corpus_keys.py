"""Keys, postcodes and UPRNs: repairs that are certain, and everything else."""

from collections.abc import Iterator

from tests.corpus_case import Case, bad_cells, good_cells

POSTCODES_READ = {
    "lower-case": ("m1 1ae", "M1 1AE", "key_spelling"),
    "no-blank": ("M11AE", "M1 1AE", "key_spelling"),
    "outer-blanks": ("  M1 1AE\t", "M1 1AE", "key_spelling"),
    "blank-of-no-break": ("M1\u00a01AE", "M1 1AE", "key_spelling"),
    "several-blanks": ("M1   1AE", "M1 1AE", "key_spelling"),
    "n1p": ("N1P 1AA", "N1P 1AA", ""),
}


POSTCODES_REFUSED = {
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
}


UPRNS_READ = {
    "plain": ("100012345678", "100012345678", ""),
    "leading-zeros": ("000123", "123", "key_spelling"),
    "outer-blanks": (" 123 ", "123", "key_spelling"),
}


UPRNS_REFUSED = {
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
}


def keys() -> Iterator[Case]:
    """Postcodes and UPRNs."""
    yield from good_cells("postcode", "postcode", POSTCODES_READ)
    yield from bad_cells("postcode", "postcode", POSTCODES_REFUSED)
    yield from good_cells("uprn", "uprn", UPRNS_READ)
    yield from bad_cells("uprn", "uprn", UPRNS_REFUSED)
