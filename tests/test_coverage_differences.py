"""Two releases compared: each change by eye, and the laws that every difference keeps."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.coverage import (
    ChurnLimits,
    CoverageMatrix,
    Release,
    ReleaseDiff,
    diff,
    postcode_reference,
    read_matrix,
    roll_up,
)
from smarthan.coverage.demonstration import make_release
from smarthan.coverage.demonstration.earlier import make_earlier
from smarthan.coverage.differences.alignment import align
from smarthan.coverage.differences.comparison import CHANGES

HEADER = (
    "postcode,uprn,address_identifier,csp_region,region_code,available,anticipated,wan_technology,likelihood,"
    "auxiliary,info,premises,premises_available\n"
)
# What a release may say of one location; {} is its postcode (and the UPRN of one that has none).
SAYINGS = {
    "covered": "{},,North,,true,,Long range radio,High,,,20,20",
    "weak": "{},,North,,true,,Long range radio,Low,Aerial T1,,20,20",
    "grown": "{},,North,,true,,Long range radio,High,,,25,25",
    "partly": "{},,North,,true,,Long range radio,High,,,20,15",
    "planned": "{},,North,,false,2026-12-31,Long range radio,Low,,,20,0",
    "later": "{},,North,,false,2027-06-30,Long range radio,Low,,,20,0",
    "no": "{},,North,,false,,Long range radio,Low,,,20,0",
    "error": "{},,North,E62,,,,,,,20,",
    "smets1": "{},,SMETS1,,true,,SMETS1,High,,,20,20",
    "both": "{},,North,,true,,Long range radio,High,,,20,20\n{},,4G North,,false,2027-03-31,4G,High,,,20,0",
    "both on": "{},,North,,true,,Long range radio,High,,,20,20\n{},,4G North,,true,,4G,Medium,,,20,20",
    "noted": "{},,North,,true,,Long range radio,High,,A note,20,20",
}
PLACES = ("AB10 1AA,", "LL57 2DG,", "M1 1AE,", "SW1A 1AA,", "SW1A 2AA,", ",77")
DAYS = ("2026-11-02", "2027-02-01", "2027-08-01")


def build(folder: Path, rows: list[str], as_of: str = DAYS[0], name: str = "r") -> CoverageMatrix:
    (folder / "m.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows))
    read = read_matrix(folder / "m.csv", as_of=as_of, release_id=name)
    assert read.quarantine.empty, read.quarantine.to_string()
    return read.matrix


@cache
def saying(name: str, place: str) -> pd.DataFrame:
    with TemporaryDirectory() as folder:
        return build(Path(folder), SAYINGS[name].replace("{}", place).split("\n")).rows


def release(said: dict[str, str], day: str) -> CoverageMatrix:
    rows = pd.concat([saying(name, place) for place, name in said.items()], ignore_index=True)
    facts = Release(f"r{day}").with_facts(as_of=day, row_count=len(rows))
    return CoverageMatrix(rows, facts)


few = settings(deadline=None, max_examples=12)
releases = st.tuples(
    st.dictionaries(st.sampled_from(PLACES), st.sampled_from(sorted(SAYINGS)), min_size=1), st.sampled_from(DAYS)
).map(lambda drawn: release(*drawn))


def states(matrix: CoverageMatrix) -> dict[str, str]:
    """The state of every location as a look-up gives it: an oracle that shares no array with the difference."""
    rows = matrix.rows
    found = {p: matrix.lookup(p).state or "" for p in rows["postcode"].dropna().unique()}
    bare = rows.loc[rows["postcode"].isna(), "uprn"].unique()
    return found | {f"#{n}": matrix.lookup(uprn=n).state or "" for n in bare}


def keys(table: pd.DataFrame) -> list[str]:
    return [p if pd.notna(p) else f"#{n}" for p, n in zip(table["postcode"], table["uprn"], strict=True)]


def pairs(found: ReleaseDiff) -> Counter[tuple[str, str]]:
    note = found.revisions_note
    return Counter(
        dict(zip(zip(note["state_before"], note["state_after"], strict=True), note["locations"], strict=True))
    )


@few
@given(releases)
def test_a_release_does_not_differ_from_itself(matrix: CoverageMatrix) -> None:
    found = diff(matrix, matrix)
    assert found.is_empty
    assert all(change.count == 0 for change in found.changes.values())
    assert pairs(found) == Counter((state, state) for state in states(matrix).values())
    assert (found.net("area")["net"] == 0).all()
    assert not found.alarm


@few
@given(releases, releases)
def test_states_are_those_of_the_look_up_and_readd(before: CoverageMatrix, after: CoverageMatrix) -> None:
    found, old, new = diff(before, after), states(before), states(after)
    every = old.keys() | new.keys()
    assert pairs(found) == Counter((old.get(k, "ABSENT"), new.get(k, "ABSENT")) for k in every)
    assert found.revisions_note["locations"].sum() == len(every)
    for side, matrix in (("before", before), ("after", after)):
        assert found.revisions_note[f"premises_{side}"].sum() == matrix.locations().premises_by_state.sum()
    assert set(keys(found.gained.list)) == {k for k in old.keys() & new.keys() if old[k] != "COVERED" == new[k]}
    assert set(keys(found.lost.list)) == {k for k in old.keys() & new.keys() if old[k] == "COVERED" != new[k]}
    assert set(keys(found.added.list)) == new.keys() - old.keys()
    assert set(keys(found.removed.list)) == old.keys() - new.keys()


@few
@given(releases, releases)
def test_the_way_back_mirrors_the_way_there(before: CoverageMatrix, after: CoverageMatrix) -> None:
    there, back = diff(before, after), diff(after, before)
    mirror = {"added": "removed", "removed": "added", "gained": "lost", "lost": "gained"}
    mirror |= {"slipped": "advanced", "advanced": "slipped"}
    for name in set(CHANGES) - {"planned_to_covered", "planned_to_overdue"}:
        one, other = there.changes[name], back.changes[mirror.get(name, name)]
        assert keys(one.list) == keys(other.list)
        assert (one.premises_before, one.premises_after) == (other.premises_after, other.premises_before)
        assert one.covered_change == -other.covered_change
    assert there.slipped.list["days"].tolist() == (-back.advanced.list["days"]).tolist()
    assert pairs(there) == Counter({(b, a): n for (a, b), n in pairs(back).items()})
    net_there, net_back = there.net("area").set_index("area"), back.net("area").set_index("area")
    assert net_there["net"].equals(-net_back["net"])
    assert net_there["more"].equals(net_back["less"].rename("more"))


@few
@given(releases, releases, releases)
def test_transitions_compose_over_three_releases(a: CoverageMatrix, b: CoverageMatrix, c: CoverageMatrix) -> None:
    steps = [
        dict(zip(keys(t), t[["state_before", "state_after"]].astype("str").to_numpy().tolist(), strict=True))
        for t in (diff(a, b).listed(), diff(b, c).listed(), diff(a, c).listed())
    ]
    start = states(a)
    for key in start.keys() | states(b).keys() | states(c).keys():
        here = start.get(key, "ABSENT")
        for step in steps[:2]:
            if key in step:
                assert step[key][0] == here
                here = step[key][1]
        assert here == steps[2].get(key, ("", start.get(key, "ABSENT")))[1]


@few
@given(releases, releases)
def test_net_is_the_difference_of_the_roll_ups(before: CoverageMatrix, after: CoverageMatrix) -> None:
    for by in ("area", "sector"):
        net = diff(before, after).net(by).set_index(by)
        for side, matrix in (("before", before), ("after", after)):
            rolled = (
                roll_up(matrix, by).set_index(by).reindex(net.index).fillna({"locations": 0, "weight": 0, "covered": 0})
            )
            for name in ("locations", "weight", "covered"):
                assert (net[f"{name}_{side}"] == rolled[name]).all()
        assert (net["net"] == net["more"] - net["less"]).all()


@pytest.fixture
def told(tmp_path: Path) -> ReleaseDiff:
    said = [
        ("AB10 1AA,", "planned", "covered"), ("LL57 2DG,", "planned", "later"), ("M1 1AE,", "covered", "weak"),
        ("SW1A 1AA,", "both", "both on"), ("SW1A 2AA,", "covered", None), ("EH1 1YZ,", None, "no"),
        ("PH41 4PL,", "partly", "covered"), (",77", "covered", "error"), ("ZE1 0AA,", "noted", "covered"),
    ]  # fmt: skip
    sides = [
        build(
            tmp_path,
            [row for entry in said if entry[k] for row in SAYINGS[str(entry[k])].replace("{}", entry[0]).split("\n")],
            day,
            f"r{k}",
        )
        for k, day in ((1, DAYS[0]), (2, DAYS[1]))
    ]
    return diff(*sides)


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ("added", ["EH1 1YZ"]),
        ("removed", ["SW1A 2AA"]),
        ("gained", ["AB10 1AA", "PH41 4PL"]),
        ("lost", ["#77"]),
        ("planned_to_covered", ["AB10 1AA"]),
        ("planned_to_overdue", []),
        ("slipped", ["LL57 2DG"]),
        ("likelihood", ["AB10 1AA", "M1 1AE"]),
        ("auxiliary", ["M1 1AE"]),
        ("technology", []),
        ("other", ["SW1A 1AA", "ZE1 0AA"]),
    ],
)
def test_each_change_befalls_the_right_places(told: ReleaseDiff, change: str, places: list[str]) -> None:
    assert keys(getattr(told, change).list) == places
    assert len(getattr(told, change)) == len(places)


def test_lists_say_what_each_release_said(told: ReleaseDiff) -> None:
    row = told.slipped.list.iloc[0]
    assert (str(row["anticipated_before"].date()), str(row["anticipated_after"].date()), row["days"]) == (
        "2026-12-31", "2027-06-30", 181)  # fmt: skip
    gained = told.gained.list.set_index("postcode")
    assert gained.loc["PH41 4PL", ["state_before", "covered_before", "covered_after"]].tolist() == ["MIXED", 15, 20]
    assert told.removed.list[["state_after", "premises_after", "technology_after"]].isna().sum().sum() == 2
    assert told.removed.premises == 20
    assert told.gained.premises, told.gained.covered_change == (40, 25)
    assert told.listed().set_index("postcode").loc["M1 1AE", "changes"] == "likelihood; auxiliary"


def test_a_plan_becomes_overdue_though_nobody_touched_it(tmp_path: Path) -> None:
    row = [SAYINGS["planned"].replace("{}", PLACES[0])]
    found = diff(build(tmp_path, row), build(tmp_path, row, DAYS[1]))
    assert (found.planned_to_overdue.count, found.slipped.count, found.n_changed) == (1, 0, 1)


def test_an_error_is_no_change_of_technology(tmp_path: Path) -> None:
    sides = [build(tmp_path, [SAYINGS[name].replace("{}", PLACES[0])]) for name in ("error", "covered")]
    found = diff(*sides)
    assert (found.gained.count, found.technology.count, found.likelihood.count) == (1, 0, 0)


def test_regions_change_whatever_the_order_of_the_labels(tmp_path: Path) -> None:
    old = build(tmp_path, ["M1 1AE,,,South,,true,,4G,High,,,1,1", "M1 1AF,,,North,,true,,4G,High,,,1,1"])
    new = build(tmp_path, ["M1 1AE,,,Central,,true,,4G,High,,,1,1", "M1 1AF,,,North,,true,,4G,High,,,1,1"])
    found = diff(old, new)
    assert found.region.list[["postcode", "regions_before", "regions_after"]].to_numpy().tolist() == [
        ["M1 1AE", "South", "Central"]
    ]
    assert found.n_changed == 1


def test_premises_are_followed_by_uprn_and_by_address(tmp_path: Path) -> None:
    whole = "M1 1AE,,,North,,true,,4G,High,,,20,20"
    old = [whole, "M1 1AE,5,,North,,true,,4G,High,,,,", "M1 1AE,,Flat 1,North,,true,,4G,High,,,,"]
    new = [whole, "M1 1AF,5,,North,,false,,4G,High,,,,", "M1 1AE,,Flat 2,North,,true,,4G,High,,,,"]
    found = diff(build(tmp_path, old), build(tmp_path, new))
    assert keys(found.added.list) == ["M1 1AF"]
    within = found.by_premises()
    assert within.lost.list[["location_kind", "postcode", "uprn"]].to_numpy().tolist() == [["UPRN", "M1 1AF", "5"]]
    assert [len(within.added), len(within.removed)] == [1, 1]
    assert within.added.list["location_kind"].tolist() == ["ADDRESS"]
    assert within.revisions_note["locations"].sum() == 3
    assert within.net("sector")[["net", "more", "less"]].to_numpy().tolist() == [[-1, 1, 2]]
    assert diff(build(tmp_path, old), build(tmp_path, old)).by_premises().is_empty


def test_without_premises_on_one_side_postcodes_are_the_weight(tmp_path: Path) -> None:
    old, new = (
        build(tmp_path, ["M1 1AE,,,North,,true,,4G,High,,,,"]),
        build(tmp_path, [SAYINGS["no"].replace("{}", "M1 1AE,")]),
    )
    found = diff(old, new)
    assert (found.basis, found.lost.premises, found.net("area")["net"].tolist()) == ("postcodes", 1.0, [-1.0])


def test_churn_beyond_the_limits_is_an_alarm(tmp_path: Path) -> None:
    many = [f"M1 1A{letter},,,North,,{'true' if letter != 'B' else 'false'},,4G,High,,,1,1" for letter in "ABDEFGHJLN"]
    many[1] = "M1 1AB,,,North,,false,,4G,High,,,1,0"
    old, new = build(tmp_path, many), build(tmp_path, [many[0], *many[2:9]])
    found = diff(old, new)
    beyond = found.sanity.set_index("check")["alarm"]
    assert beyond[beyond].index.tolist() == [
        "postcodes removed", "share covered moved", "fewer locations", "one state for all"]  # fmt: skip
    assert found.alarm
    assert "ALARM: 2 postcodes removed, 20.0% in 0 days (2.0% is usual at most)" in str(found)
    assert found.sanity["words"].tolist() == [
        "0 postcodes added, 0.0% in 0 days (2.0% is usual at most)",
        "2 postcodes removed, 20.0% in 0 days (2.0% is usual at most)",
        "the share covered moved by +10.00 points to 100.00% (5 points are allowed)",
        "20.0% fewer locations (8 where there were 10; 10% is allowed)",
        "every location is COVERED, where the release before had several states (COVERED, NOT_CONFIRMED)",
    ]
    wide = ChurnLimits(postcodes_a_quarter=1, covered_points=100, fewer_locations=1)
    assert diff(old, new, limits=wide).sanity.set_index("check")["alarm"].sum() == 1
    assert not diff(new, new).alarm


def test_two_quarters_allow_twice_the_churn(tmp_path: Path) -> None:
    row = [SAYINGS["covered"].replace("{}", PLACES[0])]
    limits = [diff(build(tmp_path, row), build(tmp_path, row, day)).sanity["limit"].iloc[0] for day in DAYS]
    assert limits[0] == 0.02
    assert limits[1] == pytest.approx(0.02)
    assert limits[2] == pytest.approx(0.02 * 272 / 91.3125)


def test_exactly_the_limit_is_no_alarm(tmp_path: Path) -> None:
    old, new = (build(tmp_path, [f"M1 1AE,,,North,,true,,4G,High,,,100,{part}"]) for part in (90, 85))
    assert not diff(old, new).alarm
    assert diff(old, new, limits=ChurnLimits(covered_points=4.999)).alarm


def test_where_nothing_can_be_compared_there_is_no_alarm(tmp_path: Path) -> None:
    whole, bare, nobody = (
        build(tmp_path, [SAYINGS[name].replace("{}", place)])
        for name, place in (("covered", "M1 1AE,"), ("covered", ",77"), ("smets1", "M1 1AE,"))
    )
    found = diff(bare, whole)
    assert not found.alarm
    assert found.sanity["words"].tolist()[0] == "1 postcodes added; there was none before"
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["sanity"][0]["value"] is None
    for pair in ((whole, nobody), (nobody, whole)):
        assert not diff(*pair).alarm
        assert "nothing is weighed" in diff(*pair).sanity["words"].tolist()[2]


@pytest.mark.parametrize("name", ["postcodes_a_quarter", "covered_points", "fewer_locations"])
@pytest.mark.parametrize("wrong", [-0.1, 100.5, float("nan"), True, "x"])
def test_limits_are_numbers(name: str, wrong: object) -> None:
    with pytest.raises(ValueError, match=f"limits: {name} is"):
        ChurnLimits(**{name: wrong})  # type: ignore[arg-type]


def test_only_full_releases_are_compared(tmp_path: Path) -> None:
    whole = build(tmp_path, [SAYINGS["covered"].replace("{}", PLACES[0])])
    part = CoverageMatrix(whole.rows, whole.release.with_facts(complete=False))
    with pytest.raises(ValueError, match="holds only what changed"):
        diff(whole, part)
    with pytest.raises(TypeError, match="before: str given"):
        diff("r1", whole)  # type: ignore[arg-type]


def test_it_tells_itself(told: ReleaseDiff) -> None:
    text, page = str(told), told._repr_html_()
    assert "Changes from r1 (2026-11-02) to r2 (2027-02-01), 91 days." in text
    assert "planned_to_covered" in text
    assert "<script" not in page
    assert page.count("<table>") == page.count("</table>") == 2
    assert repr(told) == "<ReleaseDiff r1 to r2, 9 locations changed>"
    same = diff(*[told._found.before.matrix] * 2)
    assert "No location changed." in str(same)
    assert "No location changed." in same._repr_html_()


def test_a_change_tells_itself(told: ReleaseDiff) -> None:
    assert repr(told.lost) == "<lost: 1 locations, covered before, not now>"


def test_where_nothing_is_weighed_no_share_is_told(tmp_path: Path) -> None:
    row = [SAYINGS["smets1"].replace("{}", PLACES[0])]
    found = diff(build(tmp_path, row), build(tmp_path, row))
    assert found.totals["before"]["share_covered"] is None
    assert "Covered" not in str(found)
    assert json.loads(json.dumps(found.to_dict("area"), allow_nan=False))["net"] == []


def test_the_document_is_json(told: ReleaseDiff) -> None:
    document = json.loads(json.dumps(told.to_dict("lad"), allow_nan=False))
    assert document["totals"]["before"]["locations"] == 8
    assert {row["change"] for row in document["changes"]} == set(CHANGES)
    assert (
        sum(row["net"] for row in document["net"])
        == document["totals"]["after"]["covered"] - document["totals"]["before"]["covered"]
    )
    assert "net" not in told.to_dict()
    with pytest.raises(ValueError, match="'ward' is not one of area"):
        told.net("ward")


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_alignment_is_that_of_sets(one: set[int], other: set[int]) -> None:
    before, after = np.array(sorted(one), dtype=np.uint64), np.array(sorted(other), dtype=np.uint64)
    found = align(before, after)
    assert before[found.before].tolist() == after[found.after].tolist() == sorted(one & other)
    assert before[found.removed].tolist() == sorted(one - other)
    assert after[found.added].tolist() == sorted(other - one)


@pytest.mark.parametrize("by", ["lad", "region", "country"])
def test_net_by_reference_is_the_difference_of_the_roll_ups(told: ReleaseDiff, by: str) -> None:
    net = told.net(by).set_index(by)
    after = roll_up(told._found.after.matrix, by).set_index(by)
    assert (net["covered_after"].loc[after.index] == after["covered"]).all()
    assert net["net"].sum() == told.totals["after"]["covered"] - told.totals["before"]["covered"]


def test_known_churn_of_the_demonstration_pair_is_found_place_by_place() -> None:
    live = postcode_reference().query("area in ('ZE', 'KW', 'HS', 'LD')")
    with TemporaryDirectory() as folder:
        later = read_matrix(make_release(Path(folder) / "synthetic.parquet", postcodes=live)).matrix
    earlier = make_earlier(later)
    found = diff(earlier.matrix, later)
    known = earlier.churn.groupby("change")["postcode"].agg(set).to_dict()
    known["gained"] = known.get("gained", set()) | known.get("planned_to_covered", set())
    assert len(known) > 5
    for name, places in known.items():
        assert set(found.changes[name].list["postcode"]) == places, name
