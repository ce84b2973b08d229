"""Roll-ups: each location once, finer tables re-add to coarser ones, what did not answer widens the bounds."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.coverage import CoverageMatrix, lad_table, postcode_reference, read_matrix, sample_matrix
from smarthan.coverage.index.location_keys import key_by_frame, location_postcodes
from smarthan.coverage.measures.aggregation import STATE_COLUMNS, roll_up
from smarthan.coverage.measures.grouping import location_key

HEADER = (
    "postcode,uprn,csp_region,region_code,available,anticipated,wan_technology,likelihood,premises,premises_available\n"
)
ROWS = """\
SW1A 1AA,,South,,true,,Cellular,High,20,20
SW1A 1AA,,4G South,,true,,4G,High,20,20
SW1A 2AA,,South,,false,2027-03-31,Cellular,Low,10,0
LL57 2DG,,Central,,true,,Cellular,High,10,6
LL57 2DH,,North,E62,,,,,4,
LL57 2DP,,Unknown,,false,,None stated,,9,0
M1 1AE,,North,,true,,Long range radio,Medium,,
M1 1AF,,North,,false,,Long range radio,Medium,8,0
M1 1AF,7,North,,true,,Long range radio,High,,
"""


def build(path: Path, rows: str = ROWS) -> CoverageMatrix:
    (path / "m.csv").write_text(HEADER + rows)
    read = read_matrix(path / "m.csv", as_of="2026-11-02", release_id="r")
    assert read.quarantine.empty
    return read.matrix


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> CoverageMatrix:
    return build(tmp_path_factory.mktemp("roll"))


def test_area_table_can_be_checked_by_eye(matrix: CoverageMatrix) -> None:
    table = roll_up(matrix, "area").set_index("area")
    assert table.loc["LL", ["locations", "weight", "covered", "not_confirmed", "error", "excluded"]].tolist() == [
        2,
        14,
        6,
        4,
        4,
        1,
    ]
    assert table.loc["SW", ["locations", "weight", "covered", "planned"]].tolist() == [2, 30, 20, 10]
    # the postcode's row stands for the seven premises that have no row of their own
    assert table.loc["M", ["locations", "weight", "covered", "not_confirmed", "weight_missing"]].tolist() == [
        2,
        8,
        1,
        7,
        1,
    ]


def test_two_regions_count_a_location_once(matrix: CoverageMatrix) -> None:
    table = roll_up(matrix, "outward").set_index("outward")
    assert table.loc["SW1A", "weight"] == 30


def test_no_answer_widens_the_bounds(matrix: CoverageMatrix) -> None:
    table = roll_up(matrix, "area").set_index("area")
    assert table.loc["LL", ["share_lower", "share_upper"]].tolist() == pytest.approx([6 / 14, 10 / 14])
    assert table.loc["M", ["share_lower", "share_upper"]].tolist() == pytest.approx([1 / 16, 9 / 16])
    assert (table["share_lower"] <= table["share_covered"]).all()
    assert (table["share_covered"] <= table["share_upper"]).all()


@pytest.mark.parametrize(
    "by", ["area", "outward", "sector", "lad", "region", "country", "likelihood", ["area", "likelihood"]]
)
def test_finer_tables_add_up_to_the_coarser(matrix: CoverageMatrix, by: str | list[str]) -> None:
    table, whole = roll_up(matrix, by), roll_up(matrix, "country")
    for name in ("locations", "weight", *STATE_COLUMNS, "excluded", "weight_missing"):
        assert table[name].sum() == whole[name].sum()
    assert (table[list(STATE_COLUMNS)].sum(axis=1) == table["weight"]).all()


def test_by_region_a_location_counts_once_per_key(matrix: CoverageMatrix) -> None:
    table = roll_up(matrix, "generation").set_index("generation")
    assert table.loc["4G", ["locations", "weight", "covered"]].tolist() == [1, 20, 20]
    assert table.loc["LEGACY", "weight"] == 52
    assert table.loc["no region", ["locations", "excluded"]].tolist() == [0, 1]
    assert roll_up(matrix, "csp_region").set_index("csp_region").loc["South", "planned"] == 10


def test_by_region_premises_with_rows_of_their_own_are_counted_apart(matrix: CoverageMatrix) -> None:
    table = roll_up(matrix, ["area", "region_family"]).set_index(["area", "region_family"])
    assert table.loc[("M", "North"), ["locations", "weight", "covered", "not_confirmed"]].tolist() == [2, 8, 1, 7]
    assert table.loc[("M", "North"), "weight_missing"] == 1
    assert table.loc[("LL", "Central"), ["covered", "not_confirmed"]].tolist() == [6, 4]


def test_by_region_and_likelihood_the_best_row_is_that_of_the_region(matrix: CoverageMatrix) -> None:
    table = roll_up(matrix, ["generation", "likelihood"]).set_index(["generation", "likelihood"])
    assert table.loc[("4G", "High"), "weight"] == 20
    assert table.loc[("LEGACY", "Low"), "planned"] == 10
    assert table.loc[("LEGACY", "not known"), "error"] == 4
    assert table["weight"].groupby(level=0).sum().to_dict() == (
        roll_up(matrix, "generation").set_index("generation")["weight"].to_dict()
    )


@pytest.mark.parametrize("by", ["csp_region", "region_family", "generation"])
def test_a_table_by_region_says_that_locations_count_once_a_key(matrix: CoverageMatrix, by: str) -> None:
    assert roll_up(matrix, by).attrs["counted"] == f"each location once per {by}"
    assert roll_up(matrix, "area").attrs["counted"] == "each location once"


def test_one_region_a_location_gives_the_same_sums_either_way(tmp_path: Path) -> None:
    """Where nobody answers for two regions, the two ways of counting are one."""
    rows = "".join(row + "\n" for row in ROWS.splitlines() if "4G South" not in row and "Unknown" not in row)
    found = build(tmp_path, rows)
    one, other = (
        roll_up(found, by).drop(columns="country" if by == "country" else by) for by in ("country", "csp_region")
    )
    for name in ("locations", "weight", *STATE_COLUMNS, "weight_missing"):
        assert one[name].sum() == other[name].sum()


@given(
    st.permutations(ROWS.splitlines()), st.sampled_from([["sector", "csp_region"], ["outward", "likelihood"], ["area"]])
)
@settings(deadline=None, max_examples=8)
def test_order_of_rows_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], by: str | list[str]
) -> None:
    shuffled = build(tmp_path_factory.mktemp("order"), "".join(f"{row}\n" for row in rows))
    pd.testing.assert_frame_equal(roll_up(shuffled, by), roll_up(build(tmp_path_factory.mktemp("plain")), by))


def test_keys_come_in_order_with_the_unknown_last(matrix: CoverageMatrix, tmp_path: Path) -> None:
    rows = "".join(f"{key},North,,true,,4G,,,\n" for key in ("M1 1AE,", "M11 1AA,", "M2 1AA,", ",5"))
    assert roll_up(build(tmp_path, rows), "outward")["outward"].tolist() == ["M1", "M11", "M2", "not known"]
    assert roll_up(matrix, "likelihood")["likelihood"].tolist() == ["High", "Medium", "Low", "not known"]
    assert roll_up(matrix, "country")["country"].tolist() == ["E", "W"]
    legacy = roll_up(matrix, ["likelihood", "generation"]).query("generation == 'LEGACY'")
    assert legacy["likelihood"].tolist() == ["High", "Medium", "Low", "not known"]


def test_own_areas_are_read_as_anybody_writes_postcodes(matrix: CoverageMatrix) -> None:
    mine = pd.DataFrame({"postcode": ["sw1a1aa", "SW1A 1AA", "not a postcode at all", None], "n": [10, 10, 9, 9]})
    table = roll_up(matrix, mine)
    assert table.set_index("n").loc["10", "covered"] == 20
    assert table.attrs["unusable"] == 2


def test_own_numbers_stand_in_their_order(matrix: CoverageMatrix) -> None:
    mine = pd.DataFrame({"postcode": ["SW1A 1AA", "LL57 2DG"], "ward": [10, 9]})
    assert roll_up(matrix, mine)["ward"].tolist() == ["9", "10", "not known"]


def test_a_bare_uprn_has_a_likelihood_and_a_region(tmp_path: Path) -> None:
    found = build(tmp_path, "M1 1AE,,North,,true,,4G,Low,3,3\n,5,South,,true,,4G,High,,\n")
    assert roll_up(found, "likelihood").set_index("likelihood")["covered"].to_dict() == {"High": 1, "Low": 3}
    assert roll_up(found, ["csp_region", "area"]).set_index(["csp_region", "area"])["covered"].to_dict() == {
        ("North", "M"): 3,
        ("South", "not known"): 1,
    }


@pytest.mark.parametrize(
    ("by", "error", "words"),
    [
        ([], ValueError, "is not one of"),
        (["area", "area"], ValueError, "stands twice"),
        (5, TypeError, "int given"),
        (["area", "planet"], ValueError, "'planet' is not one of"),
    ],
    ids=["none", "twice", "a number", "one of two"],
)
def test_what_cannot_be_grouped_by_is_told(matrix: CoverageMatrix, by: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        roll_up(matrix, by)


def test_the_day_asked_moves_plans(matrix: CoverageMatrix) -> None:
    table = matrix.rollup("area", as_of="2028-01-01").set_index("area")
    assert table.loc["SW", ["planned", "overdue"]].tolist() == [0, 10]


def test_own_areas_from_a_table(matrix: CoverageMatrix) -> None:
    mine = pd.DataFrame({"postcode": ["SW1A 1AA", "LL57 2DG"], "patch": ["a", "a"]})
    table = roll_up(matrix, mine).set_index("patch")
    assert table.loc["a", "covered"] == 26
    assert table.loc["not known", "locations"] == 4


def test_own_areas_must_be_unambiguous(matrix: CoverageMatrix) -> None:
    with pytest.raises(ValueError, match="two different keys"):
        roll_up(matrix, pd.DataFrame({"p": ["SW1A 1AA"] * 2, "patch": ["a", "b"]}))
    with pytest.raises(ValueError, match="two columns"):
        roll_up(matrix, pd.DataFrame({"p": ["SW1A 1AA"]}))


def test_unknown_key_names_the_choices(matrix: CoverageMatrix) -> None:
    with pytest.raises(ValueError, match="'distrikt' is not one of area"):
        roll_up(matrix, "distrikt")


def test_without_premises_the_postcode_is_the_weight(tmp_path: Path) -> None:
    rows = "M1 1AE,,North,,true,,4G,,,\nM1 1AF,1,North,,true,,4G,,,\nM1 1AF,2,North,,false,,4G,,,\n"
    table = roll_up(build(tmp_path, rows), "area")
    assert table.loc[0, ["basis", "weight", "covered", "not_confirmed"]].tolist() == ["postcodes", 2.0, 1.5, 0.5]


def test_without_premises_each_region_weighs_its_own_rows(tmp_path: Path) -> None:
    rows = (
        "M1 1AE,,North,,true,,4G,,,\nM1 1AE,,4G North,,false,,4G,,,\n"
        "M1 1AF,1,North,,true,,4G,,,\nM1 1AF,2,North,,false,,4G,,,\nM1 1AF,,North,,false,,4G,,,\n"
    )
    table = roll_up(build(tmp_path, rows), "csp_region").set_index("csp_region")
    assert table.loc["North", ["weight", "covered", "not_confirmed"]].tolist() == [2.0, 1.5, 0.5]
    assert table.loc["4G North", ["weight", "not_confirmed"]].tolist() == [1.0, 1.0]


def test_premises_without_a_postcode_belong_to_no_area(tmp_path: Path) -> None:
    rows = "M1 1AE,,North,,true,,4G,,3,3\n,5,North,,true,,4G,,,\n"
    table = roll_up(build(tmp_path, rows), "area").set_index("area")
    assert table.loc["not known", "covered"] == 1


def test_locations_know_their_places(matrix: CoverageMatrix) -> None:
    postcodes = [p.decode() for p in location_postcodes(matrix.mapped)]
    assert postcodes == sorted(matrix.rows["postcode"].dropna().unique())
    reference = postcode_reference().set_index("postcode").loc[postcodes]
    for by in ("area", "outward", "sector", "lad", "region", "country"):
        key = location_key(matrix.locations(), by)
        assert [key.labels[code] for code in key.codes] == reference[by].tolist()
    name, keys = key_by_frame(matrix.mapped, pd.DataFrame({"pc": ["M1 1AE"], "x": ["here"]}))
    assert (name, list(keys).count("here")) == ("x", 1)


@pytest.mark.parametrize(("finer", "coarser"), [("sector", "outward"), ("outward", "area"), ("lad", "country")])
def test_the_country_readds_exactly(finer: str, coarser: str) -> None:
    """Every postcode of the demonstration release: a finer table sums to the coarser one, cell by cell."""
    whole = sample_matrix()
    fine, coarse = roll_up(whole, finer), roll_up(whole, coarser).set_index(coarser)
    if finer == "lad":
        known = lad_table().set_index("name")["country"]
        to = fine["lad"].map(known.to_dict()).fillna("not known")
    else:
        to = fine[finer].str.slice(stop=-2) if finer == "sector" else fine[finer].str.extract(r"^([A-Z]+)")[0]
    names = ["locations", "weight", *STATE_COLUMNS, "excluded", "weight_missing"]
    summed = fine[names].groupby(to.to_numpy()).sum()
    if finer == "lad":  # a postcode may be known to lie in a country and in no district
        assert summed.sum().tolist() == coarse[names].sum().tolist()
        assert (summed.drop("not known") <= coarse.loc[summed.index.drop("not known"), names]).all(axis=None)
    else:
        pd.testing.assert_frame_equal(summed, coarse[names], check_names=False)
    shares = fine[list(STATE_COLUMNS)].div(fine["weight"].where(fine["weight"] > 0), axis=0).sum(axis=1)
    assert shares[fine["weight"] > 0].to_numpy() == pytest.approx(1.0)
