"""Declarations: what they say of a column, and what follows from them."""

import pandas as pd
import pandera.errors
import pytest

from smarthan.tables import Field, Parent, Table

TABLE = Table(
    "things",
    "Things.",
    (
        Field("id", "identifier", "Key.", required=True),
        Field("height_m", "number", "Height.", unit="m", low=2, high=300),
        Field("word", "category", "A word.", allowed=("b", "a")),
        Field("at", "datetime", "When."),
    ),
    key=("id",),
    parents=(Parent("id", "others", "id"),),
)


def test_an_expectation_is_said_in_words() -> None:
    assert TABLE.by_name["height_m"].expectation == "a plain number such as 12.5 from 2 to 300 m"
    assert TABLE.by_name["word"].expectation == "one of b, a"
    assert TABLE.by_name["at"].expectation == "a time such as 2026-11-02T09:30:00Z"
    assert TABLE.by_name["id"].expectation == "text"


def test_an_empty_table_has_the_declared_dtypes() -> None:
    empty = TABLE.empty()
    assert [str(dtype) for dtype in empty.dtypes] == ["str", "float64", "category", "datetime64[us, UTC]"]
    assert empty["word"].cat.categories.tolist() == ["b", "a"]


def test_the_dictionary_has_one_line_a_column() -> None:
    dictionary = TABLE.dictionary()
    assert dictionary["column"].tolist() == TABLE.names
    assert dictionary.loc[1, "unit"] == "m"
    assert dictionary["about"].str.endswith(".").all()


def test_the_schema_holds_a_finished_table() -> None:
    good = pd.DataFrame({"id": ["a"], "height_m": [3.0], "word": ["a"], "at": [pd.Timestamp("2025-01-01", tz="UTC")]})
    assert len(TABLE.schema().validate(good)) == 1
    with pytest.raises(pandera.errors.SchemaError):
        TABLE.schema().validate(good.assign(height_m=1.0))
    with pytest.raises(pandera.errors.SchemaError):
        TABLE.schema().validate(good.assign(word="c"))


def test_words_without_a_list_become_sorted_categories() -> None:
    free = Table("t", "T.", (Field("w", "category", "Any word."),))
    assert free.empty()["w"].dtype == "category"
