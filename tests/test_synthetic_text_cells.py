"""Cells of the synthetic files: fixed decimals, blanks, and only declared columns."""

import numpy as np
import pytest

from smarthan.trial_data.declared import SURVEYORS
from smarthan.trial_data.synthetic.text_cells import (
    blank_some,
    draw_words,
    lay_table,
    number_ids,
    show_decimals,
    show_times,
    show_words,
)


def test_numbers_have_fixed_decimals_and_no_minus_zero() -> None:
    assert show_decimals(np.array([1.005, -0.001, np.nan, -61.0]), 2).tolist() == ["1.00", "0.00", "", "-61.00"]
    assert show_decimals(np.array([3]), 0).tolist() == ["3"]


def test_ids_say_synthetic() -> None:
    assert number_ids("D", np.array([0, 41])).tolist() == ["SYN-D0000001", "SYN-D0000042"]
    assert number_ids("D", np.array([9_999_998, 9_999_999])).tolist() == ["SYN-D9999999", "SYN-D10000000"]
    assert number_ids("D", np.array([], dtype=int)).tolist() == []


def test_times_are_written_to_the_second() -> None:
    times = np.array(["2025-03-03T09:05:07", "2025-03-04T23:59:59", "2025-03-03T00:00:00"], dtype="datetime64[s]")
    assert show_times(times).tolist() == [f"{text}Z" for text in np.datetime_as_string(times).tolist()]


def test_words_and_blanks_come_in_their_shares() -> None:
    rng = np.random.default_rng(1)
    drawn = draw_words({"a": 3.0, "b": 1.0}, 20_000, rng, unknown=0.1)
    assert (drawn == "u").mean() == pytest.approx(0.1, abs=0.01)
    assert (drawn == "a").mean() == pytest.approx(0.9 * 0.75, abs=0.015)
    assert (blank_some(drawn, rng, share=0.2) == "").mean() == pytest.approx(0.2, abs=0.01)
    assert show_words(np.array([True, False])).tolist() == ["y", "n"]


def test_table_is_text_in_declared_order() -> None:
    table = lay_table(SURVEYORS, {"org": "X", "surveyor_id": np.array(["a", "b"], dtype=object)})
    assert table.to_csv(index=False).split("\n")[:2] == ["surveyor_id,org,training_date", "a,X,"]


def test_undeclared_column_is_refused() -> None:
    with pytest.raises(KeyError, match="surveyors: column name is not declared"):
        lay_table(SURVEYORS, {"name": np.array(["a"], dtype=object)})
