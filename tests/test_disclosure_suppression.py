"""Suppression on tables that can be checked by eye."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from smarthan.trial_data import suppress


def table(rows: Sequence[tuple[object, ...]], *columns: str) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


def square(figures: Sequence[Sequence[int]]) -> pd.DataFrame:
    """Return a two-way table of given figures, its last row and column the totals."""
    rows = [*"ABCDEFGH"[: len(figures) - 1], "Total"]
    columns = [*"123456"[: len(figures[0]) - 1], "Total"]
    cells = [(r, c, n) for r, line in zip(rows, figures, strict=True) for c, n in zip(columns, line, strict=True)]
    return table(cells, "row", "column", "n")


def hidden(done: pd.DataFrame, *dims: str) -> set[tuple[str, ...]]:
    return set(map(tuple, done.loc[done["status"].ne("shown"), list(dims)].to_numpy()))


ONE_WAY = table([("x", 4), ("y", 30), ("z", 50), ("Total", 84)], "place", "n")


def test_one_small_cell_takes_the_next_smallest_with_it() -> None:
    done = suppress(ONE_WAY, dims=["place"], count="n")
    assert done.table["status"].tolist() == ["primary", "secondary", "shown", "shown"]
    assert done.table["n"].tolist()[2:] == [50, 84]
    assert done.table["n"].isna().tolist() == [True, True, False, False]
    assert done.table["n"].dtype == "Int64"
    assert done.audit.to_dict("records")[0] == {
        "place": "x",
        "status": "primary",
        "low": 0.0,
        "high": 34.0,
        "width": 34.0,
        "protection": 10.0,
        "is_protected": True,
    }


def test_without_a_total_the_small_cell_alone_is_hidden() -> None:
    done = suppress(ONE_WAY.iloc[:3], dims=["place"], count="n")
    assert done.table["status"].tolist() == ["primary", "shown", "shown"]
    assert done.audit["high"].tolist() == [np.inf]
    assert done.narrowest == np.inf


def test_a_cell_with_nothing_but_its_total_takes_the_total_with_it() -> None:
    done = suppress(table([("x", 4), ("Total", 4)], "place", "n"), dims=["place"], count="n")
    assert done.table["status"].tolist() == ["primary", "primary"]
    big = suppress(table([("x", 4), ("y", 0), ("Total", 4)], "place", "n"), dims=["place"], count="n")
    assert big.table["status"].tolist() == ["primary", "primary", "primary"]
    assert big.is_safe


def test_an_inner_cell_of_a_two_way_table_takes_a_rectangle() -> None:
    figures = [[4, 40, 50, 94], [30, 20, 60, 110], [70, 80, 90, 240], [104, 140, 200, 444]]
    done = suppress(square(figures), dims=["row", "column"], count="n")
    assert hidden(done.table, "row", "column") == {("A", "1"), ("A", "2"), ("B", "1"), ("B", "2")}
    assert done.audit["low"].tolist() == [0, 10, 0, 16]
    assert done.audit["high"].tolist() == [34, 44, 34, 50]


def test_zeros_are_hidden_too() -> None:
    done = suppress(square([[0, 40, 40], [50, 60, 110], [50, 100, 150]]), dims=["row", "column"], count="n")
    assert hidden(done.table, "row", "column") == {("A", "1"), ("A", "2"), ("B", "1"), ("B", "2")}


def test_a_row_of_zeros_is_widened_through_its_total() -> None:
    done = suppress(square([[0, 0, 0], [50, 60, 110], [50, 60, 110]]), dims=["row", "column"], count="n")
    assert {("A", "1"), ("A", "2"), ("A", "Total")} < hidden(done.table, "row", "column")
    assert done.is_safe
    assert done.narrowest >= 10


def test_two_small_cells_of_one_line_are_not_enough() -> None:
    done = suppress(table([("x", 1), ("y", 2), ("z", 40), ("Total", 43)], "place", "n"), dims=["place"], count="n")
    assert done.table["status"].tolist() == ["primary", "primary", "secondary", "shown"]


def test_all_figures_of_a_hidden_cell_go() -> None:
    wide = ONE_WAY.assign(share=[0.1, 0.2, 0.3, 0.4], is_new=[True, False, True, False], note=["a", "b", "c", "d"])
    done = suppress(wide, dims=["place"], count="n").table
    assert done.loc[done["status"].ne("shown"), ["n", "share", "is_new", "note"]].isna().all(axis=None)
    assert done["is_new"].dtype == "boolean"
    kept = suppress(wide, dims=["place"], count="n", values=["share"]).table
    assert kept["note"].tolist() == ["a", "b", "c", "d"]
    assert kept.loc[kept["status"].ne("shown"), ["n", "share"]].isna().all(axis=None)


def test_few_buildings_hide_a_cell_of_many_homes() -> None:
    homes = ONE_WAY.assign(n=[40, 30, 50, 120], buildings=[2, 15, 20, 37])
    done = suppress(homes, dims=["place"], count="n", contributors="buildings")
    assert done.table["status"].tolist() == ["primary", "secondary", "shown", "shown"]
    assert done.audit[["buildings_low", "buildings_high"]].values.tolist() == [[0, 17], [0, 17]]


def test_buildings_must_not_be_worked_out_where_homes_are_safe() -> None:
    # x and y leave the homes open from 0 to 40, yet their buildings add up to 9.
    homes = ONE_WAY.assign(n=[5, 35, 50, 90], buildings=[3, 6, 20, 29])
    done = suppress(homes, dims=["place"], count="n", contributors="buildings")
    assert done.table["status"].tolist() == ["primary", "primary", "secondary", "shown"]


def test_buildings_that_stand_in_several_cells_are_held_against_the_threshold_alone() -> None:
    homes = ONE_WAY.assign(n=[20, 30, 50, 100], buildings=[12, 9, 20, 25])
    done = suppress(homes, dims=["place"], count="n", contributors="buildings")
    assert done.table["status"].tolist() == ["secondary", "primary", "shown", "shown"]
    assert "buildings_low" not in done.audit


@pytest.mark.parametrize(
    ("columns", "options"),
    [
        ({"top": [5, 16, 20, 30]}, {"largest": "top"}),
        ({"top": [5, 14, 20, 30], "next": [1, 14, 15, 20]}, {"largest": "top", "second_largest": "next"}),
        ({"top": [5, 15, 20, 30], "next": [1, 13, 15, 20]}, {"largest": "top", "second_largest": "next"}),
    ],
    ids=["one makes up most", "two make up most", "one sees the other"],
)
def test_a_cell_that_one_or_two_buildings_dominate_is_hidden(
    columns: dict[str, list[int]], options: dict[str, str]
) -> None:
    homes = ONE_WAY.assign(n=[40, 30, 50, 120], **columns)
    done = suppress(homes, dims=["place"], count="n", **options, two_largest=0.93)  # type: ignore[arg-type]
    assert done.table["status"].tolist()[1] == "primary"
    assert done.table["status"].eq("primary").sum() == 1


def test_half_of_a_cell_is_not_too_much() -> None:
    homes = ONE_WAY.assign(n=[40, 30, 50, 120], top=[20, 15, 25, 60])
    assert suppress(homes, dims=["place"], count="n", largest="top").table["status"].eq("shown").all()


def test_all_or_none_of_a_small_group_is_hidden() -> None:
    reach = ONE_WAY.assign(n=[20, 40, 50, 110], reach_share=[1.0, 0.0, 0.5, 0.3])
    done = suppress(reach, dims=["place"], count="n", shares="reach_share")
    assert done.table["status"].tolist() == ["primary", "secondary", "shown", "shown"]
    assert suppress(reach, dims=["place"], count="n").table["status"].eq("shown").all()


def test_figures_with_decimals_keep_their_limits() -> None:
    weighted = ONE_WAY.assign(n=[4.5, 30.25, 50.0, 84.75])
    done = suppress(weighted, dims=["place"], count="n")
    assert done.audit["high"].tolist() == pytest.approx([34.75, 34.75])


def test_nothing_unsafe_changes_nothing() -> None:
    done = suppress(ONE_WAY, dims=["place"], count="n", threshold=3)
    assert done.table["n"].tolist() == ONE_WAY["n"].tolist()
    assert done.audit.empty
    assert done.is_safe
    assert "status" not in ONE_WAY


def test_an_empty_table_stays_empty() -> None:
    done = suppress(ONE_WAY.iloc[:0], dims=["place"], count="n")
    assert done.table.columns.tolist() == ["place", "n", "status"]
    assert done.audit.empty
    assert done.is_safe


def test_a_grand_total_alone_is_a_table() -> None:
    alone = ONE_WAY.iloc[3:]
    assert suppress(alone, dims=["place"], count="n").table["status"].tolist() == ["shown"]
    assert suppress(alone, dims=["place"], count="n", threshold=100).table["status"].tolist() == ["primary"]


def test_a_combination_without_a_row_is_known_to_be_none() -> None:
    missing = square([[4, 40, 44], [0, 60, 60], [4, 100, 104]]).drop(index=3)  # no row for B, 1
    done = suppress(missing, dims=["row", "column"], count="n")
    assert ("Total", "1") in hidden(done.table, "row", "column")
    assert done.is_safe


def test_a_total_of_none_without_parts_is_hidden_too() -> None:
    rows = [("A", "1", 40), ("A", "2", 50), ("A", "Total", 90), ("B", "Total", 0), ("Total", "Total", 90)]
    done = suppress(table(rows, "row", "column", "n"), dims=["row", "column"], count="n")
    assert ("B", "Total") in hidden(done.table, "row", "column")
    assert done.is_safe


def test_labels_may_be_numbers_or_categories_and_the_index_stays() -> None:
    frame = pd.DataFrame({"year": [2001, 2002, "Total"], "n": [3, 40, 43]}, index=[7, 5, 6])
    frame["year"] = frame["year"].astype("category")
    done = suppress(frame, dims=["year"], count="n")
    assert done.table.index.tolist() == [7, 5, 6]
    assert done.audit["year"].tolist() == [2001, 2002]


def test_what_the_frame_says_of_itself_stays() -> None:
    frame = ONE_WAY.copy()
    frame.attrs["synthetic"] = True
    assert suppress(frame, dims=["place"], count="n").table.attrs["synthetic"] is True


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("x", 4), ("y", 30), ("Total", 35)], r"'place Total' is 35, and what lies under it adds up to 34"),
        ([("x", 4), ("x", 30), ("Total", 34)], r"'place x' stands twice"),
        ([("x", -1), ("y", 30), ("Total", 29)], r"'n' is -1 in the cell 'place x'; a number of 0 or more"),
        ([("x", np.inf), ("Total", 29)], r"'n' is inf in the cell 'place x'"),
        ([("x", None), ("Total", 29)], r"in the cell 'place x'.*keeps its column 'status'"),
        ([("x", "few"), ("Total", 29)], r"'n' is 'few' in the cell 'place x'"),
        ([(None, 4), ("Total", 4)], r"'place' is empty in row 0"),
        ([("x", True), ("Total", False)], r"'n' holds yes and no"),
    ],
    ids=["not additive", "twice", "negative", "infinite", "missing", "word", "no label", "boolean"],
)
def test_a_table_that_cannot_be_right_is_refused_by_its_cell(rows: list[tuple[object, ...]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        suppress(table(rows, "place", "n"), dims=["place"], count="n")


def test_the_finest_wrong_total_is_named() -> None:
    wrong = square([[20, 40, 61], [50, 60, 110], [70, 100, 171]])
    with pytest.raises(ValueError, match="'row A, column Total' is 61, and what lies under it adds up to 60"):
        suppress(wrong, dims=["row", "column"], count="n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"dims": []}, "dims: .* must name at least one column"),
        ({"dims": ["place", "place"]}, "each once"),
        ({"threshold": -1}, "threshold: -1"),
        ({"dominance": 0}, "dominance: 0 is not a share"),
        ({"two_largest": 1.5}, "two_largest: 1.5"),
        ({"second_largest": "n"}, "give largest too"),
        ({"protection": 0}, "protection: 0 is not above 0"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(options: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        suppress(ONE_WAY, **({"dims": ["place"], "count": "n"} | options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options",
    [{"dims": ["town"]}, {"count": "m"}, {"contributors": "m"}, {"largest": "m"}, {"shares": "m"}, {"values": ["m"]}],
)
def test_a_column_that_is_not_there_is_named(options: dict[str, object]) -> None:
    with pytest.raises(KeyError, match=r"table: no column (town|m); it has place, n"):
        suppress(ONE_WAY, **({"dims": ["place"], "count": "n"} | options))  # type: ignore[arg-type]


def test_a_largest_building_larger_than_its_cell_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'top' is 41.0 where the cell is 4 \(row 0\)"):
        suppress(ONE_WAY.assign(top=41), dims=["place"], count="n", largest="top")


def test_a_status_of_another_kind_is_not_overwritten() -> None:
    with pytest.raises(ValueError, match="the column 'status' holds 'new'"):
        suppress(ONE_WAY.assign(status="new"), dims=["place"], count="n")


def test_too_many_combinations_are_refused() -> None:
    names = [f"d{place}" for place in range(6)]
    rows = pd.DataFrame({name: [str(n) for n in range(6)] for name in names}).assign(n=20)
    with pytest.raises(ValueError, match="span 117,649 cells with their margins; at most 50,000"):
        suppress(rows, dims=names, count="n")


def test_a_textbook_pattern_gives_the_printed_interval() -> None:
    # Fischetti and Salazar, Management Science 47 (2001) 1008-1027, introduction: investment of enterprises by activity
    # and region; with these four cells hidden a reader knows that the sensitive one (22) lies from 5 to 30.
    cells = square([[20, 50, 10, 80], [8, 19, 22, 49], [17, 32, 12, 61], [45, 101, 44, 190]])
    pattern = {("B", "1"), ("B", "3"), ("C", "1"), ("C", "3")}
    inside = pd.Series([key in pattern for key in zip(cells["row"], cells["column"], strict=True)])
    given = cells.assign(status=inside.map({True: "secondary", False: "shown"}), n=cells["n"].mask(inside))
    done = suppress(given, dims=["row", "column"], count="n", threshold=8)
    assert done.audit.set_index(["row", "column"]).loc[("B", "3"), ["low", "high"]].tolist() == [5, 30]
    assert done.audit["status"].tolist() == ["secondary"] * 4


def test_hidden_figures_that_cannot_be_are_refused() -> None:
    given = table([("x", None, "primary"), ("y", 30, "shown"), ("Total", 20, "shown")], "place", "n", "status")
    with pytest.raises(ValueError, match="n: no figures of 0 or more for the hidden cells make up the totals"):
        suppress(given, dims=["place"], count="n")


def test_a_wrong_total_beside_hidden_cells_is_named() -> None:
    cells = square([[20, 40, 61], [50, 60, 110], [70, 100, 170]]).assign(status="shown")
    cells.loc[4, ["n", "status"]] = [None, "secondary"]
    with pytest.raises(ValueError, match="'row A, column Total' is 61, and what lies under it adds up to 60"):
        suppress(cells, dims=["row", "column"], count="n")
