"""WAN and HAN together: shares checked by eye, the laws they keep, and what is refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.analysis import Connectivity, connectivity, housing_stock, reach
from smarthan.analysis.homes.home_weights import HomeSample, weigh_homes
from smarthan.analysis.homes.joint_states import STATES, share_of_both
from smarthan.analysis.homes.reach_rows import ALL
from smarthan.trial_data import sample_trial

SEMI = [True] * 6 + [False] * 4
FLAT = [True] * 3 + [False] * 7


def make_reach(**outcomes: list[Any]) -> Any:
    """Ten semis, then ten low flats, each its own building: their outcomes by technology."""
    n = 20
    homes = pd.DataFrame(
        {
            "dwelling_id": [f"d{i}" for i in range(n)],
            "building_id": [f"b{i}" for i in range(n)],
            "stratum_id": ["S"] * 10 + ["F"] * 10,
            "archetype": ["semi"] * 10 + ["flat_low"] * 10,
            "meter_class": "in_dwelling",
            "design_weight": 10.0,
            "responded": True,
            **{name: pd.array(values, dtype="boolean") for name, values in outcomes.items()},
        }
    )
    sample = HomeSample(homes, {"S": 600.0, "F": 400.0}, {}, {})
    return SimpleNamespace(sample=sample, technologies=tuple(outcomes), adjust="poststratify", synthetic=True)


def make_stock(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["region", "archetype", "premises"]).assign(year=2011, lad="Gwynedd")


STOCK = make_stock(
    ("Wales", "semi", 100), ("Wales", "flat_low", 100), ("London", "flat_low", 400), ("London", "caravan", 100)
)


def make_release(**areas: tuple[int, int, int]) -> Any:
    """Areas with their premises: covered, not covered, not answered."""
    rows = []
    for name, (covered, without, error) in areas.items():
        weight = covered + without + error
        shares = {"share_lower": covered / max(weight, 1), "share_upper": (covered + error) / max(weight, 1)}
        rows.append({"area": name.replace("_", " "), "weight": weight, "covered": covered, "error": error, **shares})
    frame = pd.DataFrame(rows)
    frame.attrs["synthetic"] = False
    return SimpleNamespace(rollup=lambda by, as_of=None: frame.rename(columns={"area": by}))


RELEASE = make_release(London=(900, 100, 0), Wales=(800, 200, 0))


def answer(release: Any = RELEASE, stock: pd.DataFrame = STOCK, **options: Any) -> Connectivity:
    given_reach = options.pop("reach", make_reach(a=SEMI + FLAT))
    return connectivity(release, given_reach, stock, **options)


def states(found: Connectivity, area: str, column: str = "share") -> list[float]:
    rows = found.table[found.table[found.by] == area].set_index("state")
    return [float(value) for value in rows.loc[list(STATES), column]]


def area_of(found: Connectivity, name: str) -> pd.Series:
    return found.areas.set_index(found.by).loc[name]


def test_shares_multiply_where_wan_and_han_are_independent() -> None:
    found = answer()
    # Wales: half semis (0.6), half flats (0.3): 0.45. London: flats alone.
    assert states(found, "Wales") == pytest.approx([0.8 * 0.45, 0.8 * 0.55, 0.2 * 0.45, 0.2 * 0.55])
    assert states(found, "London") == pytest.approx([0.9 * 0.3, 0.9 * 0.7, 0.1 * 0.3, 0.1 * 0.7])
    assert states(found, "Wales", "premises")[0] == pytest.approx(360)


def test_bounds_hold_whatever_the_dependence() -> None:
    found = answer()
    assert states(found, "Wales", "least") == pytest.approx([0.25, 0.35, 0.0, 0.0])
    assert states(found, "Wales", "most") == pytest.approx([0.45, 0.55, 0.2, 0.2])


def test_the_whole_weighs_areas_by_the_premises_of_the_release() -> None:
    found = answer()
    assert states(found, ALL)[0] == pytest.approx((1000 * 0.36 + 1000 * 0.27) / 2000)
    assert area_of(found, ALL)["wan"] == pytest.approx(0.85)
    assert area_of(found, ALL)["han"] == pytest.approx(0.375)


def test_premises_that_did_not_answer_are_neither_yes_nor_no() -> None:
    found = answer(make_release(London=(900, 100, 0), Wales=(800, 200, 500)))
    assert states(found, "Wales") == pytest.approx(states(answer(), "Wales"))
    assert area_of(found, "Wales")["wan_unknown"] == pytest.approx(1 / 3)
    assert sum(states(found, "Wales", "premises")) == pytest.approx(1000)
    assert any("500 premises have no WAN answer" in note for note in found.notes)


def test_an_area_that_did_not_answer_at_all_has_no_share() -> None:
    found = answer(make_release(London=(900, 100, 0), Wales=(0, 0, 500)))
    assert np.isnan(states(found, "Wales")).all()
    assert area_of(found, "Wales")["flag"].startswith("wan_unknown")
    assert states(found, ALL) == pytest.approx(states(found, "London"))


def test_stock_without_evidence_is_told_apart() -> None:
    found = answer()
    assert area_of(found, "London")["han_unknown"] == pytest.approx(0.2)
    assert "part_without_evidence" in area_of(found, "London")["flag"]
    assert any("No sampled home stands for 100 premises" in note for note in found.notes)


def test_an_area_of_caravans_alone_has_no_share() -> None:
    stock = make_stock(("Wales", "semi", 100), ("London", "caravan", 100))
    found = answer(stock=stock)
    assert np.isnan(states(found, "London")).all()
    assert area_of(found, "London")["flag"] == "no_answers"
    assert any("No HAN share for London" in note for note in found.notes)


def test_areas_that_only_one_side_knows_are_named() -> None:
    stock = pd.concat([STOCK, make_stock(("Scotland", "semi", 50))])
    found = answer(make_release(Wales=(8, 2, 0), North_East=(9, 1, 0), not_known=(7, 0, 0)), stock)
    assert found.areas["region"].tolist() == ["Wales", "North East", ALL]
    assert area_of(found, "North East")["flag"] == "not_in_stock"
    told = " ".join(found.notes)
    assert "7 premises of the release stand in no known region" in told
    assert "not in the release: London, Scotland, 550" in told


def test_the_interval_is_that_of_the_reach() -> None:
    reach_ = make_reach(a=SEMI + FLAT)
    found = answer(reach=reach_)
    line = area_of(found, "Wales")
    assert line["han_lower"] < 0.45 < line["han_upper"]
    assert states(found, "Wales", "lower")[0] == pytest.approx(0.8 * line["han_lower"])
    assert states(found, "Wales", "upper")[1] == pytest.approx(0.8 * (1 - line["han_lower"]))
    # Half the area is of each type, ten homes of each: variance (s1^2 + s2^2)/4 by hand.
    by_hand = np.sqrt((0.6 * 0.4 + 0.3 * 0.7) / 9 / 4)
    size = 0.45 * 0.55 / by_hand**2
    assert line["n"] == 20
    assert (line["han_upper"] - line["han_lower"]) / 2 == pytest.approx(2.1 * np.sqrt(0.45 * 0.55 / size), rel=0.1)


def test_one_area_with_the_whole_stock_is_the_national_row() -> None:
    stock = housing_stock()
    national = reach(sample_trial(), stock, ["zigbee_2g4"])
    found = connectivity(make_release(Wales=(8, 2, 0)), national, stock.assign(region="Wales"))
    row = national.table.iloc[0]
    line = area_of(found, "Wales")
    assert [line[name] for name in ("han", "han_lower", "han_upper", "method", "n")] == [
        pytest.approx(row["estimate"]),
        pytest.approx(row["lower"]),
        pytest.approx(row["upper"]),
        row["method"],
        row["n"],
    ]


def test_an_area_is_the_sample_post_stratified_to_its_stock() -> None:
    data = make_reach(a=SEMI + FLAT)
    line = area_of(answer(reach=data, stock=make_stock(("Wales", "semi", 700), ("Wales", "flat_low", 300))), "Wales")
    homes = data.sample.homes.assign(stock_cell=data.sample.homes["archetype"])
    sample = HomeSample(homes, data.sample.strata_premises, {"semi": 700.0, "flat_low": 300.0}, {})
    share = weigh_homes(sample, np.ones(20, dtype=np.bool_), adjust=True).proportion("a")
    assert (line["han"], line["han_lower"], line["han_upper"]) == pytest.approx((share.value, *share.interval()))


def test_homes_of_a_type_that_the_stock_does_not_have_stay_out() -> None:
    found = answer(stock=make_stock(("Wales", "semi", 700)))
    assert area_of(found, "Wales")["han"] == pytest.approx(0.6)
    assert area_of(found, "Wales")["n"] == 10


def test_a_stock_with_meter_classes_weighs_them_apart() -> None:
    data = make_reach(a=SEMI + FLAT)
    data.sample.homes["meter_class"] = ["in_dwelling"] * 10 + ["riser"] * 5 + ["meter_room_ground"] * 5
    rows = make_stock(("Wales", "flat_low", 100), ("Wales", "flat_low", 300), ("Wales", "semi", 100))
    stock = rows.assign(meter_class=["riser", "meter_room_ground", "in_dwelling"])
    assert area_of(answer(reach=data, stock=stock), "Wales")["han"] == pytest.approx(
        (0.6 * 100 + 0.0 + 0.6 * 100) / 500
    )


def test_any_of_several_is_by_the_homes_pattern_not_a_product() -> None:
    other = [not value for value in SEMI + FLAT]
    found = answer(reach=make_reach(a=SEMI + FLAT, b=other), technologies=["a", "b"])
    assert area_of(found, "Wales")["han"] == pytest.approx(1.0)
    assert found.technologies == ("a", "b")


def test_a_technology_that_reaches_nobody_changes_nothing() -> None:
    data = make_reach(a=SEMI + FLAT, none=[False] * 20)
    with_it, without = (answer(reach=data, technologies=names) for names in (["a", "none"], ["a"]))
    pd.testing.assert_frame_equal(with_it.table, without.table)


def test_homes_not_measured_with_all_are_left_aside_and_counted() -> None:
    partly = [None] * 2 + [False] * 18
    found = answer(reach=make_reach(a=SEMI + FLAT, b=partly))
    assert area_of(found, "Wales")["han"] == pytest.approx((4 / 8 + 3 / 10) / 2)
    assert any("2 homes that answered were not measured with all" in note for note in found.notes)


def test_order_of_rows_changes_nothing() -> None:
    data, mixed = make_reach(a=SEMI + FLAT), make_reach(a=SEMI + FLAT)
    order = np.random.default_rng(3).permutation(20)
    mixed.sample = HomeSample(mixed.sample.homes.iloc[order].reset_index(drop=True), {"S": 600.0, "F": 400.0}, {}, {})
    first, second = answer(reach=data), answer(reach=mixed, stock=STOCK.iloc[::-1])
    pd.testing.assert_frame_equal(first.table, second.table)


def test_joint_counts_take_the_place_of_independence() -> None:
    counts = pd.DataFrame({"both": [80], "wan_only": [10], "han_only": [5], "neither": [5]})
    found = answer(joint=counts)
    both, wan, han, neither = states(found, "Wales")
    assert both * neither / (wan * han) == pytest.approx(8.0)
    assert (both + wan, both + han) == pytest.approx((0.8, 0.45))
    assert any("as in the joint data" in note for note in found.notes)


def test_joint_counts_may_differ_by_area() -> None:
    counts = pd.DataFrame(
        {"region": ["Wales", "London"], "both": [4, 8], "wan_only": [2, 4], "han_only": [2, 4], "neither": [1, 0]}
    )
    found = answer(joint=counts)
    assert area_of(found, "Wales")["odds_ratio"] == pytest.approx(1.0)
    assert area_of(found, "London")["odds_ratio"] == pytest.approx(8.5 * 0.5 / 4.5**2)


@pytest.mark.parametrize(
    ("joint", "words"),
    [
        ({"both": [1], "wan_only": [1], "han_only": [1]}, "no column neither"),
        ({name: [] for name in STATES}, "no row"),
        ({name: [-1] for name in STATES}, "none negative"),
        ({name: [0] for name in STATES}, "not all 0"),
        ({name: [1, 2] for name in STATES}, "2 rows and no column region"),
        ({"region": ["Wales"], **{name: [1] for name in STATES}}, "no row for London"),
        ({"region": ["Wales", "London", "London"], **{name: [1] * 3 for name in STATES}}, "stands twice"),
    ],
)
def test_joint_counts_that_cannot_be_used_are_refused(joint: dict[str, list[Any]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        answer(joint=pd.DataFrame(joint))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"by": "outward"}, "'outward' is not one of country, region, lad"),
        ({"stock": STOCK.drop(columns="region")}, "which it has none"),
        ({"stock": STOCK.assign(region=["Wales", None, "Wales", "Wales"])}, "empty in some rows"),
        ({"by": "lad", "stock": STOCK.drop(columns="lad")}, "QS402EW"),
        ({"release": make_release(Mars=(1, 0, 0))}, "none of its areas is known"),
        ({"technologies": ["wifi"]}, "'wifi' is not one of them"),
        ({"technologies": []}, "none was given"),
        ({"reach": make_reach(a=SEMI + FLAT, b=[None] * 20)}, "no home of the stock has a known outcome for all of"),
    ],
)
def test_what_cannot_be_told_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        answer(**options)


def test_districts_and_countries() -> None:
    found = answer(make_release(Gwynedd=(8, 2, 0)), by="lad")
    assert area_of(found, "Gwynedd")["han"] == pytest.approx((100 * 0.6 + 500 * 0.3) / 600)
    nations = answer(make_release(E=(9, 1, 0), W=(8, 2, 0)), by="country")
    assert nations.areas["country"].tolist() == ["E", "W", ALL]


def test_all_reached_keeps_its_interval_and_unadjusted_says_so() -> None:
    data = make_reach(a=[True] * 20)
    data.adjust = "none"
    found = answer(reach=data)
    assert area_of(found, "Wales")["han"] == 1.0
    assert area_of(found, "Wales")["han_lower"] < 1.0
    assert any("Non-response was not adjusted" in note for note in found.notes)
    assert not any("stock of" in note for note in answer(stock=STOCK.drop(columns="year")).notes)


def test_one_building_gives_no_interval() -> None:
    data = make_reach(a=SEMI + FLAT)
    data.sample = HomeSample(data.sample.homes.iloc[:1], {"S": 600.0}, {}, {})
    found = answer(reach=data)
    assert np.isnan(area_of(found, "Wales")["han_lower"])
    assert area_of(found, "Wales")["method"] == "none"
    assert "hide_no_interval" in area_of(found, "Wales")["flag"]


def test_synthetic_is_kept_and_shown() -> None:
    found = answer()
    assert found.synthetic
    assert found.table.attrs["synthetic"]
    assert found.areas.attrs["synthetic"]
    assert "WAN and HAN (synthetic data)" in found._repr_html_()


shares = st.floats(0, 1)


@given(wan=shares, han=shares, odds=st.floats(1e-6, 1e6))
def test_both_lies_within_the_bounds_and_has_its_odds_ratio(wan: float, han: float, odds: float) -> None:
    both = float(share_of_both(wan, han, odds))
    assert max(0.0, wan + han - 1) <= both + 1e-15  # 1 + (1 - 1e-16) is 2
    assert both <= min(wan, han)
    cells = [both, wan - both, han - both, 1 - wan - han + both]
    if min(cells) > 1e-6:
        assert cells[0] * cells[3] == pytest.approx(odds * cells[1] * cells[2], rel=1e-4)


@given(wan=shares, han=shares)
def test_without_odds_ratio_both_is_the_product(wan: float, han: float) -> None:
    assert float(share_of_both(wan, han)) == pytest.approx(wan * han)


@settings(max_examples=25)
@given(
    counts=st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)),
    homes=st.lists(st.booleans(), min_size=20, max_size=20),
    odds=st.sampled_from([0.01, 1.0, 50.0]),
)
def test_states_add_to_one_and_lie_within_limits_and_bounds(
    counts: tuple[int, int, int], homes: list[bool], odds: float
) -> None:
    joint = pd.DataFrame({"both": [odds * 100], "wan_only": [100], "han_only": [100], "neither": [100]})
    found = answer(make_release(London=(9, 1, 0), Wales=counts), reach=make_reach(a=homes), joint=joint)
    table = found.table.dropna()
    assert (table.groupby("region")["share"].sum() - 1).abs().max() < 1e-9
    for low, high in (("lower", "upper"), ("least", "most")):
        assert (table[low] <= table["share"] + 1e-9).all()
        assert (table["share"] <= table[high] + 1e-9).all()
