"""Roll-ups: each location once, finer tables re-add to coarser ones, what did not answer widens the bounds."""

from pathlib import Path

import pandas as pd
import pytest

from smarthan.coverage import CoverageMatrix, postcode_reference, read_matrix
from smarthan.coverage.index.location_keys import key_by_code, key_by_frame, key_by_reference, location_postcodes
from smarthan.coverage.measures.aggregation import STATE_COLUMNS, roll_up

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


def test_premises_without_a_postcode_belong_to_no_area(tmp_path: Path) -> None:
    rows = "M1 1AE,,North,,true,,4G,,3,3\n,5,North,,true,,4G,,,\n"
    table = roll_up(build(tmp_path, rows), "area").set_index("area")
    assert table.loc["not known", "covered"] == 1


def test_locations_know_their_places(matrix: CoverageMatrix) -> None:
    postcodes = [p.decode() for p in location_postcodes(matrix.mapped)]
    assert postcodes == sorted(matrix.rows["postcode"].dropna().unique())
    reference = postcode_reference().set_index("postcode").loc[postcodes]
    for by in ("area", "outward", "sector"):
        assert list(key_by_code(matrix.mapped, by)) == reference[by].tolist()
    for by in ("lad", "region", "country"):
        assert list(key_by_reference(matrix.mapped, by)) == reference[by].tolist()
    name, keys = key_by_frame(matrix.mapped, pd.DataFrame({"pc": ["M1 1AE"], "x": ["here"]}))
    assert (name, list(keys).count("here")) == ("x", 1)
