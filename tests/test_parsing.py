"""Reading a column of postcodes: the same answers as one by one, in the same order, with the same index."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.coverage import parse_postcodes, postcode_reference, sample_matrix
from smarthan.coverage.postcodes.rules import KINDS, Postcode, parse_postcode

COLUMNS = list(Postcode._fields)
SEEDS = ["SW1A 1AA", "m11aa", "N1P 1AB", "EC1A 1BB", "BT1 1AA", "GX11 1AA", "XM4 5HQ", "GIR 0AA", "BFPO 12", "LL57 2"]
CHARACTERS = "ABIOQZCV0159 \t\u00a0-.,/='é\u017f\x00"


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A postcode with up to three slips."""
    text = list(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        slip = draw(st.sampled_from(["insert", "delete", "replace"]))
        text[place : place + (slip != "insert")] = [] if slip == "delete" else [draw(st.sampled_from(CHARACTERS))]
    return "".join(text)


def as_tuples(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    plain = [[None if pd.isna(v) else v for v in frame[name].tolist()] for name in COLUMNS[:-1]]
    return list(zip(*plain, frame["suggestions"].tolist(), strict=True))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(mutated(), st.text(max_size=18), st.none(), st.integers()), max_size=20), st.booleans())
def test_equals_the_scalar_on_every_input(values: list[object], suggest: bool) -> None:
    expected = [tuple(parse_postcode(value, suggest=suggest)) for value in values]
    assert as_tuples(parse_postcodes(values, suggest=suggest)) == expected


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(mutated(), st.none()), max_size=20))
def test_the_kind_of_column_makes_no_difference(values: list[str | None]) -> None:
    expected = parse_postcodes(values)
    for dtype in ("str", "string", "category", object):
        pd.testing.assert_frame_equal(parse_postcodes(pd.Series(values, dtype=dtype)), expected)


def test_index_order_and_duplicates_are_kept() -> None:
    column = pd.Series(["m11aa", "?", "m11aa"], index=["c", "a", "c"])
    found = parse_postcodes(column)
    assert found.index.tolist() == ["c", "a", "c"]
    assert found["postcode"].fillna("-").tolist() == ["M1 1AA", "-", "M1 1AA"]
    assert column.tolist() == ["m11aa", "?", "m11aa"]


def test_columns_and_dtypes_are_the_same_for_none_and_for_many() -> None:
    for values in ([], [None], ["M1 1AA"], ["?"]):
        found = parse_postcodes(values)
        assert found.columns.tolist() == COLUMNS
        assert found["kind"].cat.categories.tolist() == list(KINDS)
        assert str(found["position"].dtype) == "Int16"
        assert {str(found[name].dtype) for name in ("postcode", "area", "outward", "sector", "problem")} == {"str"}


def test_values_that_are_not_text() -> None:
    values = [
        None,
        5,
        float("nan"),
        ["M1 1AA"],
        ("M1", "1AA"),
        b"M1 1AA",
        True,
        pd.NA,
        pd.NaT,
        "\ud800",
        np.str_("M1 1AA"),
    ]
    assert as_tuples(parse_postcodes(values)) == [tuple(parse_postcode(value)) for value in values]
    assert parse_postcodes(np.array([1.0, np.nan]))["kind"].tolist() == ["BAD_FORMAT", "EMPTY"]


def test_one_text_is_no_column() -> None:
    with pytest.raises(TypeError, match="use parse_postcode"):
        parse_postcodes("M1 1AA")


def test_no_live_postcode_is_rejected() -> None:
    live = postcode_reference()
    found = parse_postcodes(live["postcode"].str.replace(" ", "", regex=False).str.lower())
    assert (found["kind"] == "GEOGRAPHIC").all()
    for name in ("postcode", "area", "outward", "sector"):
        assert (found[name].to_numpy() == live[name].astype("str").to_numpy()).all(), name


def test_what_is_no_column_is_refused_in_a_sentence() -> None:
    table = pd.DataFrame({"pc": ["M1 1AE"], "site": ["a"]})
    with pytest.raises(TypeError, match=r"a table given, a column is expected; name one of its columns \(pc, site\)"):
        parse_postcodes(table)
    with pytest.raises(TypeError, match="NoneType given, a column is expected"):
        parse_postcodes(None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="postcodes: a table given"):
        sample_matrix().lookup_many(table)


def test_a_cell_that_is_no_text_is_told_in_plain_words() -> None:
    assert sample_matrix().lookup(7).words.startswith("not a postcode: the cell is not text;")
