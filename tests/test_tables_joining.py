"""The one join: rows never multiplied, null never meets null, the unmatched returned."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthan.tables import join

RIGHT = pd.DataFrame({"id": ["a", "b"], "x": [1.0, 2.0]})


def test_left_rows_order_and_index_stay() -> None:
    left = pd.DataFrame({"id": ["b", "z", "a", "b"], "k": [1, 2, 3, 4]}, index=[9, 3, 5, 7])
    result = join(left, RIGHT, "id")
    assert result.frame.index.tolist() == [9, 3, 5, 7]
    assert result.frame["x"].fillna(-1).tolist() == [2, -1, 1, 2]
    assert result.unmatched.tolist() == [3]


def test_a_null_key_on_the_left_is_unmatched() -> None:
    assert join(pd.DataFrame({"id": ["a", None]}), RIGHT, "id").unmatched.tolist() == [1]


def test_two_keys_join_together() -> None:
    left = pd.DataFrame({"id": ["a", "a"], "day": [1, 2]})
    right = pd.DataFrame({"id": ["a", "a"], "day": [2, 3], "x": [5, 6]})
    assert join(left, right, ["id", "day"]).frame["x"].fillna(0).tolist() == [0, 5]


@pytest.mark.parametrize(
    ("right", "error", "words"),
    [
        (pd.DataFrame({"id": ["a", "a"], "x": [1, 2]}), ValueError, "the key a stands more than once"),
        (pd.DataFrame({"id": ["a", None], "x": [1, 2]}), ValueError, "empty id"),
        (pd.DataFrame({"id": ["a"], "k": [1]}), ValueError, "both tables have a column k"),
        (pd.DataFrame({"key": ["a"]}), KeyError, "right table has no key column id"),
    ],
    ids=["twice", "null", "shared column", "absent key"],
)
def test_a_right_table_that_would_mislead_is_refused(right: pd.DataFrame, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        join(pd.DataFrame({"id": ["a"], "k": [1]}), right, "id")


@given(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=10))
def test_no_row_is_lost_or_made(keys: list[str | None]) -> None:
    left = pd.DataFrame({"id": pd.Series(keys, dtype="str")})
    result = join(left, RIGHT, "id")
    assert len(result.frame) == len(keys)
    assert len(result.unmatched) == sum(key not in ("a", "b") for key in keys)
