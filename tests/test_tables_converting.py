"""From text to typed cells: each kind, its rules, and nothing guessed."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthan.tables import Field
from smarthan.tables.converting import _ORDINARY_ID, _odd_identifier, convert
from smarthan.tables.fields import DTYPES

NUMBER = Field("x", "number", "A number.", low=-10, high=10)
COUNT = Field("n", "integer", "A count.", low=0)
WORD = Field("w", "category", "A word.", allowed=("High", "Low"))
ID = Field("id", "identifier", "A key.")
SET = Field("s", "words", "A set.", allowed=("led", "tv"))
DAY = Field("d", "date", "A day.")
TIME = Field("t", "datetime", "A time.")
TRUTH = Field("b", "boolean", "Yes or no.")


def convert_one(field: Field, cell: str) -> tuple[Any, list[tuple[str, str]]]:
    column, breaches = convert(field, pd.Series([cell], dtype="str"))
    assert column.dtype == pd.api.types.pandas_dtype(field.dtype) or field.kind == "category"
    value = column.iloc[0]
    return (None if pd.isna(value) else value), [(b.code, b.severity) for b in breaches]


GOOD = [
    (NUMBER, "1.5", 1.5),
    (NUMBER, " -1e-1 ", -0.1),
    (NUMBER, "+10", 10.0),
    (COUNT, "007", 7),
    (COUNT, "123456789012345678", 123456789012345678),
    (WORD, "High", "High"),
    (ID, "007", "007"),
    (ID, "A b-7", "A b-7"),
    (SET, "tv;led", "led;tv"),
    (DAY, "2024-02-29", pd.Timestamp(2024, 2, 29)),
    (TIME, "2025-03-03T10:00:00Z", pd.Timestamp("2025-03-03T10:00:00", tz="UTC")),
    (TIME, "2025-07-03T10:00+01:00", pd.Timestamp("2025-07-03T09:00:00", tz="UTC")),
    (TRUTH, "true", True),
    *[(field, "", None) for field in (NUMBER, COUNT, WORD, ID, SET, DAY, TIME, TRUTH)],
]


@pytest.mark.parametrize(("field", "cell", "value"), GOOD, ids=[f"{f.kind}-{c}" for f, c, _ in GOOD])
def test_a_good_cell_becomes_its_value(field: Field, cell: str, value: object) -> None:
    assert convert_one(field, cell) == (value, [])


BAD = [
    *[
        (NUMBER, cell, "number_format")
        for cell in ("1_000", "inf", "nan%", "1e400", "0x1F", "(5)", "\u22125", "\u0663", "1.")
    ],
    *[(NUMBER, cell, "unit_in_cell") for cell in ("42 dB", "126ft", "1.5%", "5m")],
    *[(NUMBER, cell, "decimal_comma") for cell in ("3,5", "-3,25")],
    *[(NUMBER, cell, "sentinel") for cell in ("-999", "N/A", "null", "nan", "9.97e36", "-")],
    (COUNT, "1.0", "number_format"),
    (COUNT, "1234567890123456789", "number_format"),
    (WORD, "Hi", "category_unknown"),
    (WORD, "N/A", "category_unknown"),
    *[(ID, cell, "cell_formula") for cell in ("=A1", "+44", "-5", "@x")],
    *[(ID, cell, "id_mangled") for cell in ("1E+05", "1.2E10", "2025-01-02", "01/02/2025", "2-Mar", "2-Mar-24")],
    *[
        (field, cell, "cell_error")
        for field in (ID, COUNT, WORD, DAY, TRUTH)
        for cell in ("#REF!", " #N/A ", "#DIV/0!")
    ],
    *[(ID, cell, "id_format") for cell in ("A\u200bB", "\uff11\uff12", "a\nb", "a  b")],
    *[(ID, cell, "sentinel") for cell in ("null", "None", "?")],
    (SET, "led;kettle", "category_unknown"),
    (SET, ";", "category_unknown"),
    *[(DAY, cell, "date_ambiguous") for cell in ("03/04/2025", "3.4.25")],
    *[
        (DAY, cell, "date_format")
        for cell in ("2025-02-29", "13/04/2025", "45000", "0000-01-01", "2025-1-1", "20250102")
    ],
    (TIME, "2025-03-03T10:00:00", "time_zone"),
    *[
        (TIME, f"2025-03-30T01:30:00{zone}", "time_zone")
        for zone in (" BST", "Europe/London", "+25:00", "+0100", " +1")
    ],
    (TIME, "03/04/2025 10:00", "date_ambiguous"),
    (TIME, "2025-02-30T10:00:00Z", "date_format"),
    *[(TIME, cell, "date_format") for cell in ("2025-03-03", "2025-03-03T24:00:00Z", "0000-01-01T00:00:00Z")],
    (TIME, "9999-12-31T23:59:59-14:00", "date_format"),
    *[(TRUTH, cell, "boolean_format") for cell in ("1", "yes", "y")],
    (Field("f", "text", "Text."), "=1+1", "cell_formula"),
    (Field("f", "text", "Text.", max_length=3), "long", "cell_too_long"),
]


@pytest.mark.parametrize(("field", "cell", "code"), BAD, ids=[f"{c}-{cell!a}" for _, cell, c in BAD])
def test_a_bad_cell_breaks_one_rule_and_is_missing(field: Field, cell: str, code: str) -> None:
    assert convert_one(field, cell) == (None, [(code, "row")])


@pytest.mark.parametrize("cell", ["=1+1", "+44 20", "@here", "-5 dB", "'=1", "=HYPERLINK(1)"])
def test_verbatim_text_is_kept_even_where_a_spreadsheet_would_run_it(cell: str) -> None:
    assert convert_one(Field("f", "text", "Text.", verbatim=True), cell) == (cell, [])
    assert convert_one(Field("f", "category", "Open words.", verbatim=True), cell) == (cell, [])


def test_a_value_out_of_range_stays_typed_where_its_row_goes_and_is_emptied_where_it_stays() -> None:
    assert convert_one(NUMBER, "11") == (11.0, [("value_range", "row")])
    emptied = Field("x", "number", "A number.", low=-10, high=10, breach="null")
    assert convert_one(emptied, "11") == (None, [("value_range", "null")])
    assert convert_one(emptied, "-999") == (None, [("sentinel", "null")])
    # A required cell cannot be emptied and its row stay.
    required = Field("x", "number", "A number.", high=10, breach="null", required=True)
    assert convert_one(required, "-999") == (None, [("sentinel", "row")])


def test_the_range_includes_its_ends() -> None:
    assert convert_one(NUMBER, "-10") == (-10.0, [])
    assert convert_one(NUMBER, "10") == (10.0, [])


def test_case_and_outer_blanks_of_a_listed_word_are_repaired_and_told() -> None:
    assert convert_one(WORD, " high") == ("High", [("category_spelling", "repair")])
    assert convert_one(TRUTH, "TRUE") == (True, [("category_spelling", "repair")])
    assert convert_one(ID, " A1\u00a0") == ("A1", [("category_spelling", "repair")])


def test_the_nearest_word_is_suggested_and_not_applied() -> None:
    _, breaches = convert(WORD, pd.Series(["Hihg", "zzz"], dtype="str"))
    assert [b.suggest for b in breaches] == ["High", ""]


def test_a_required_cell_that_is_blank_is_missing() -> None:
    assert convert_one(Field("id", "identifier", "A key.", required=True), " ") == (None, [("required_missing", "row")])


def test_many_different_unknown_words_are_all_told() -> None:
    words = pd.Series([f"word {n}" for n in range(500)], dtype="str")
    _, breaches = convert(WORD, words)
    assert np.sum([b.mask for b in breaches], axis=0).tolist() == [1] * 500


def test_a_declared_order_of_words_holds() -> None:
    column, _ = convert(
        Field("w", "category", "A word.", allowed=("Low", "High"), ordered=True),
        pd.Series(["High", "Low"], dtype="str"),
    )
    assert column.max() == "High"


@given(st.from_regex(_ORDINARY_ID, fullmatch=True))
def test_what_looks_like_an_ordinary_identifier_breaks_no_rule_when_looked_at(word: str) -> None:
    words = pd.Series([word], dtype="str")
    typed, breaches = _odd_identifier(words, np.array([True]))
    assert typed.tolist() == [word]
    assert not any(breach.mask.any() for breach in breaches)


@given(st.sampled_from([NUMBER, COUNT, WORD, ID, SET, DAY, TIME, TRUTH]), st.lists(st.text(max_size=12), max_size=5))
def test_no_text_breaks_the_converter_and_each_cell_is_kept_or_told(field: Field, cells: list[str]) -> None:
    text = pd.Series(cells, dtype="str")
    column, breaches = convert(field, text)
    told = np.any([b.mask for b in breaches if b.severity != "repair"] or [np.zeros(len(cells), dtype=bool)], axis=0)
    for cell, value, is_told in zip(cells, column, told, strict=True):
        assert is_told or not pd.isna(value) or not cell.strip()


def test_the_dtypes_are_those_declared() -> None:
    assert convert(COUNT, pd.Series(["1", ""], dtype="str"))[0].dtype == "Int64"
    assert set(DTYPES) == {
        "identifier",
        "text",
        "category",
        "words",
        "integer",
        "number",
        "boolean",
        "date",
        "datetime",
    }
