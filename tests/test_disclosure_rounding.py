"""Counts rounded to a base."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthan.trial_data import round_counts


def homes(*counts: object) -> pd.DataFrame:
    places = [*"abcdefghij"[: len(counts) - 1], "Total"]
    return pd.DataFrame({"place": places, "n": list(counts)})


def rounded(*counts: object, **options: int) -> list[int]:
    return round_counts(homes(*counts), dims=["place"], count="n", **options)["n"].tolist()  # type: ignore[arg-type]


def test_each_count_goes_to_its_nearest_multiple_and_totals_on_their_own() -> None:
    assert rounded(0, 1, 2, 3, 7, 8, 12, 13, 46) == [0, 0, 0, 5, 5, 10, 10, 15, 45]
    assert rounded(12, 12, 12, 36) == [10, 10, 10, 35]  # not 30


def test_halves_go_up() -> None:
    assert rounded(1, 3, 5, 9, base=2) == [2, 4, 6, 10]
    assert rounded(5, 15, 25, 45, base=10) == [10, 20, 30, 50]
    assert rounded(7, 8, 15, base=1) == [7, 8, 15]


@given(st.lists(st.integers(0, 10**15), min_size=2, max_size=9), st.integers(1, 1000))
def test_a_rounded_count_is_a_multiple_at_most_half_a_base_away(counts: list[int], base: int) -> None:
    found = rounded(*counts, base=base)
    assert all(n % base == 0 for n in found)
    assert all(2 * abs(n - true) <= base for n, true in zip(found, counts, strict=True))
    assert rounded(*found, base=base) == found


def test_whole_counts_stay_whole_numbers_and_missing_ones_missing() -> None:
    assert round_counts(homes(3.0, 4.0, 7.0), dims=["place"], count="n")["n"].dtype == "int64"
    table = round_counts(homes(3, None, 7), dims=["place"], count="n")
    assert table["n"].dtype == "Int64"
    assert table["n"].isna().tolist() == [False, True, False]


def test_shares_are_made_from_rounded_counts() -> None:
    table = round_counts(homes(12, 23, 35), dims=["place"], count="n", share="n_share")
    assert table["n_share"].tolist() == pytest.approx([10 / 35, 25 / 35, 1])
    table = round_counts(homes(12, 23, 35), dims=["place"], count="n", share="n_pct")
    assert table["n_pct"].tolist()[-1] == 100


def test_shares_within_a_dimension_take_its_total() -> None:
    table = pd.DataFrame(
        {"kind": ["x", "x", "y", "y"], "place": ["in", "Total"] * 2, "n": [11, 24, 1, 2]},
    )
    found = round_counts(table, dims=["kind", "place"], count="n", share="n_share", within=["kind"])
    assert found["n_share"].tolist()[:2] == [10 / 25, 1]
    assert found["n_share"].isna().tolist() == [False, False, True, True]  # of nothing
    with pytest.raises(KeyError, match="the table has no row 'Total in kind, place'"):
        round_counts(table, dims=["kind", "place"], count="n", share="n_share")
    with pytest.raises(KeyError, match="within: town is not among the dims"):
        round_counts(table, dims=["kind", "place"], count="n", share="n_share", within=["town"])


def test_figures_made_from_counts_that_were_not_rounded_are_left_out() -> None:
    table = homes(3, 4, 7).assign(share=[3 / 7, 4 / 7, 1.0], note=pd.Series(["a", "b", "c"], dtype="str"))
    found = round_counts(table, dims=["place"], count="n")
    assert found.columns.tolist() == ["place", "n", "note"]
    assert found.attrs["disclosure"] == {"method": "rounding", "base": 5}
    both = round_counts(homes(3, 4, 7).assign(b=[1, 3, 4]), dims=["place"], count=["n", "b"])
    assert both["b"].tolist() == [0, 5, 5]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (-1, "'n' is -1 in the cell 'place a'"),
        (2.5, "'n' is 2.5"),
        ("few", "'n' is 'few'"),
        (float("inf"), "'n' is inf"),
    ],
)
def test_what_is_no_count_is_refused(count: object, said: str) -> None:
    with pytest.raises(ValueError, match=f"{said}.*only whole counts of 0 or more can be rounded"):
        rounded(count, 4, 7)


def test_yes_and_no_are_no_counts() -> None:
    with pytest.raises(ValueError, match="only whole counts"):
        rounded(True, False)


@pytest.mark.parametrize("base", [0, -5, 2.5, True])
def test_a_base_that_is_none_is_refused(base: int) -> None:
    with pytest.raises(ValueError, match="is not a whole number of 1 or more"):
        rounded(1, 2, base=base)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="table: no column m"):
        round_counts(homes(1, 2), dims=["place"], count="m")
