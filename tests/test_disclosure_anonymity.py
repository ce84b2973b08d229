"""Records made alike."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.trial_data import Rung, k_anonymity, sample_trial
from smarthan.trial_data.disclosure.anonymity import QUASI_COLUMNS
from smarthan.trial_data.disclosure.ladder import band_storeys, place_meter, place_nation

# Sweeney, Int. J. Uncertainty, Fuzziness and Knowledge-Based Systems 10 (2002) 557-570, figure 2: 2-anonymous.
SWEENEY = pd.DataFrame(
    [
        ("Black", 1965, "m", "0214*", "short breath"),
        ("Black", 1965, "m", "0214*", "chest pain"),
        ("Black", 1965, "f", "0213*", "hypertension"),
        ("Black", 1965, "f", "0213*", "hypertension"),
        ("Black", 1964, "f", "0213*", "obesity"),
        ("Black", 1964, "f", "0213*", "chest pain"),
        ("White", 1964, "m", "0213*", "chest pain"),
        ("White", 1964, "m", "0213*", "obesity"),
        ("White", 1964, "m", "0213*", "short breath"),
        ("White", 1967, "m", "0213*", "chest pain"),
        ("White", 1967, "m", "0213*", "chest pain"),
    ],
    columns=["race", "birth", "gender", "zip", "problem"],
)
QUASI = ["race", "birth", "gender", "zip"]


def test_a_published_example_is_2_anonymous_as_it_stands() -> None:
    done = k_anonymity(SWEENEY, quasi=QUASI, k=2, sensitive=["problem"])
    assert (done.smallest_class, done.suppressed_rows, len(done.steps)) == (2, 0, 0)
    pd.testing.assert_frame_equal(done.frame, SWEENEY)
    assert done.smallest_diversity == 1  # two classes share one problem each: k-anonymity does not hide that


def test_a_ladder_of_ones_own_is_climbed_and_each_step_told() -> None:
    ladder = [("birth", lambda year: "1960s"), ("gender", {"m": "any", "f": "any"}), ("race", {"Black": "any"})]
    done = k_anonymity(SWEENEY, quasi=QUASI, k=3, ladder=ladder)  # type: ignore[arg-type]
    assert done.steps["column"].tolist() == ["birth", "gender", "race", ""]
    assert done.steps["rows_below_before"].tolist() == [8, 2, 2, 2]
    assert done.steps["helped"].tolist() == [6, 0, 0, 2]
    assert (done.suppressed_rows, done.smallest_class) == (2, 4)
    assert done.frame["birth"].unique().tolist() == ["1960s"]
    assert done.frame["race"].unique().tolist() == ["any", "White"]


def buildings(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_quasi_identifiers_are_those_the_tables_declare() -> None:
    assert set(QUASI_COLUMNS) == {"archetype", "storeys", "built_band", "region", "meter_class"}


def test_the_ladder_of_the_trial_goes_from_storeys_to_leaving_out() -> None:
    frame = buildings(
        storeys=[1, 2, 3, 4, 5, 6, 7, 8, 9, 50],
        region=["London"] * 5 + ["Wales"] * 5,
        meter_class=["in_dwelling", "riser"] * 5,
        built_band=["pre1919", "1919_44"] * 5,
    )
    done = k_anonymity(frame, k=3)
    assert done.steps["column"].tolist() == ["storeys", "storeys", "built_band", "region", "meter_class", ""]
    assert done.steps["step"].tolist() == [1, 2, 3, 4, 5, 6]
    assert done.smallest_class >= 3 or done.frame.empty
    assert len(done.frame) + done.suppressed_rows == 10


def test_the_largest_values_are_brought_down_to_the_kth() -> None:
    frame = buildings(region=["Wales"] * 6, height_m=[5.0, 6.0, 7.0, None, 90.0, 200.0])
    done = k_anonymity(frame, k=2)
    assert done.frame["height_m"].tolist()[-2:] == [90.0, 90.0]
    assert done.steps["about"].tolist() == ["largest values brought down"]


def test_few_or_worded_values_are_not_top_coded() -> None:
    done = k_anonymity(buildings(region=["Wales"] * 3, height_m=[5.0, None, None], storeys=["1", "2", "2"]), k=3)
    assert done.frame.empty or done.frame["height_m"].max() == 5.0


def test_a_missing_value_is_alike_to_a_missing_one_only() -> None:
    done = k_anonymity(buildings(region=["Wales"] * 3 + [None] * 2), k=3, ladder=[])
    assert done.suppressed_rows == 2
    assert k_anonymity(buildings(region=[None] * 3), k=3).suppressed_rows == 0


def test_nothing_left_is_an_answer() -> None:
    done = k_anonymity(buildings(region=["Wales", "Scotland"]), k=3, sensitive=["region"])
    assert (len(done.frame), done.suppressed_rows, done.smallest_class) == (0, 2, 0)
    assert done.smallest_diversity is None
    empty = k_anonymity(buildings(region=[]), k=3)
    assert (len(empty.frame), empty.suppressed_rows, empty.smallest_class) == (0, 0, 0)


def test_the_frame_given_is_not_changed_and_its_words_stay() -> None:
    frame = buildings(region=["London", "North East", "Wales"], storeys=[1, 2, 3])
    frame["region"] = frame["region"].astype("category")
    frame.attrs["synthetic"] = True
    before = frame.copy()
    done = k_anonymity(frame, k=2)
    pd.testing.assert_frame_equal(frame, before)
    assert done.frame.attrs["synthetic"] is True


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 30),
            st.sampled_from(["London", "Wales", "South East", "Scotland"]),
            st.sampled_from(["in_dwelling", "riser", "porch", None]),
        ),
        max_size=40,
    ),
    st.integers(1, 6),
)
def test_every_class_is_large_enough_and_every_row_is_accounted_for(rows: list[tuple[object, ...]], k: int) -> None:
    frame = pd.DataFrame(rows, columns=["storeys", "region", "meter_class"])
    done = k_anonymity(frame, k=k)
    sizes: dict[tuple[object, ...], int] = {}
    for row in done.frame.fillna("missing").itertuples(index=False):
        sizes[tuple(row)] = sizes.get(tuple(row), 0) + 1
    assert all(size >= k for size in sizes.values())
    assert done.smallest_class == min(sizes.values(), default=0)
    assert len(done.frame) + done.suppressed_rows == len(frame)
    assert (done.steps["rows_below_after"] <= done.steps["rows_below_before"]).all()


def test_the_sample_trial_can_be_made_anonymous() -> None:
    done = k_anonymity(sample_trial()["buildings"], k=5)
    assert done.smallest_class == 0 or done.smallest_class >= 5
    assert done.frame.attrs["synthetic"] is True


@pytest.mark.parametrize("k", [0, -1, 2.5])
def test_a_k_that_is_none_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match="is not a whole number of 1 or more"):
        k_anonymity(SWEENEY, quasi=QUASI, k=k)


def test_columns_that_are_not_there_are_named() -> None:
    with pytest.raises(ValueError, match="quasi: the frame has none of"):
        k_anonymity(SWEENEY)
    with pytest.raises(KeyError, match="frame: no column age"):
        k_anonymity(SWEENEY, quasi=["age"])
    with pytest.raises(KeyError, match="frame: no column income"):
        k_anonymity(SWEENEY, quasi=QUASI, sensitive=["income"])


def test_a_name_is_not_made_anonymous() -> None:
    with pytest.raises(match="frame: address is personal data"):
        k_anonymity(buildings(region=["Wales"], address=["somewhere"]), k=1)


@pytest.mark.parametrize(
    ("storeys", "band"), [(1, "1"), (2, "2"), (3, "3"), (4, "4-5"), (5, "4-5"), (6, "6-10"), (10, "6-10"), (11, "11+")]
)
def test_storeys_fall_into_bands(storeys: int, band: str) -> None:
    assert band_storeys(storeys) == band


def test_regions_and_meter_places_have_a_coarser_word() -> None:
    assert [place_nation(region) for region in ("London", "Wales", "Scotland")] == ["England", "Wales", "Scotland"]
    assert [place_meter(word) for word in ("in_dwelling", "porch")] == ["in_dwelling", "out_of_dwelling"]


def test_anonymous_records_stay_as_they_are() -> None:
    frame = buildings(storeys=list(range(1, 13)), region=["London", "Wales"] * 6)
    once = k_anonymity(frame, k=3)
    again = k_anonymity(once.frame, k=3)
    assert len(once.steps)
    pd.testing.assert_frame_equal(again.frame, once.frame)


def test_climbing_stops_when_every_class_is_large_enough() -> None:
    frame = buildings(storeys=[4, 5, 4], region=["London", "London", "London"], built_band=["pre1919"] * 3)
    done = k_anonymity(frame, k=3, top_code=[])
    assert done.steps["column"].tolist() == ["storeys"]
    pd.testing.assert_frame_equal(k_anonymity(frame, k=3, top_code=[], ladder=None).steps, done.steps)
    assert done.frame["storeys"].tolist() == ["4-5"] * 3


def test_a_rung_leaves_what_its_mapping_lacks() -> None:
    values = pd.Series(["pre1919", "u", None], dtype="str")
    assert Rung("built_band", {"pre1919": "old"}).apply(values).tolist()[:2] == ["old", "u"]
    assert Rung("n", {1: 0}).apply(pd.Series([1, 2])).tolist() == [0, 2]
