"""Not-spots: every uncovered postcode in exactly one, what did not answer in none."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.coverage import CoverageMatrix, not_spot_cells, not_spots, postcode_reference, read_matrix

HEADER = (
    "postcode,uprn,csp_region,region_code,available,anticipated,wan_technology,likelihood,premises,premises_available\n"
)


def build(folder: Path, rows: list[str]) -> CoverageMatrix:
    (folder / "m.csv").write_text(HEADER + "\n".join(rows) + "\n")
    read = read_matrix(folder / "m.csv", as_of="2026-11-02", release_id="r")
    assert read.quarantine.empty
    return read.matrix


# Easting and northing: SW1A 1AA 529090, 179645; SW1A 2AA 530047, 179951 (1,005 m from it); the rest far away.
ROWS = [
    "SW1A 1AA,,South,,false,,Cellular,Low,20,0",
    "SW1A 2AA,,South,,false,2027-03-31,Cellular,Low,10,0",
    "SW1A 0AA,,South,,true,,Cellular,High,5,5",
    "LL57 2DG,,Central,,true,,Cellular,High,10,6",  # in part: four premises without
    "LL57 2DH,,North,E62,,,,,4,",  # did not answer
    "LL57 2DP,,Unknown,,false,,None stated,,9,0",  # of no region
    "M1 1AE,,North,,false,2026-01-01,Long range radio,Medium,,",  # premises not known
]


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> CoverageMatrix:
    return build(tmp_path_factory.mktemp("spots"), ROWS)


def place(postcode: str) -> np.ndarray:
    reference = postcode_reference()
    return reference.loc[reference["postcode"].eq(postcode), ["easting", "northing"]].to_numpy(float)[0]


def test_the_table_can_be_checked_by_eye(matrix: CoverageMatrix) -> None:
    spots = not_spots(matrix, within_m=1100)
    assert spots["not_spot"].tolist() == [1, 2, 3]
    assert spots["premises"].tolist() == [30, 4, 0]
    assert spots["postcode"].tolist() == ["SW1A 1AA", "LL57 2DG", "M1 1AE"]
    assert spots["lad"].tolist() == ["City of Westminster", "Gwynedd", "Manchester"]
    assert spots["region"].tolist() == ["London", "Wales", "North West"]
    states = spots[["postcodes", "planned", "overdue", "not_confirmed", "mixed", "premises_unknown"]]
    assert states.values.tolist() == [[2, 1, 0, 1, 0, 0], [1, 0, 0, 0, 1, 0], [1, 0, 1, 0, 0, 1]]


def test_centre_and_extent_are_those_of_its_postcodes(matrix: CoverageMatrix) -> None:
    spot = not_spots(matrix, within_m=1100).iloc[0]
    one, two = place("SW1A 1AA"), place("SW1A 2AA")
    assert spot[["easting", "northing"]].tolist() == ((20 * one + 10 * two) / 30).round().tolist()
    assert spot["across_m"] == pytest.approx(np.hypot(*(one - two)), abs=0.1)
    assert spot["area_km2"] == 0
    covered = place("SW1A 0AA")
    assert spot["nearest_covered"] == "SW1A 0AA"
    assert spot["nearest_m"] == pytest.approx(min(np.hypot(*(one - covered)), np.hypot(*(two - covered))), abs=0.1)


def test_a_shorter_reach_parts_them(matrix: CoverageMatrix) -> None:
    assert not_spots(matrix, within_m=900)["premises"].tolist() == [20, 10, 4, 0]


def test_what_is_in_no_not_spot_is_counted(matrix: CoverageMatrix) -> None:
    said = not_spots(matrix).attrs
    assert said["not_answered"] == {"locations": 1, "premises": 4}
    assert said["without_location"] == {"locations": 0, "premises": 0}
    assert said["within_m"] == 1000
    assert "says nothing of radio" in said["caveat"]
    assert {"synthetic", "release_id", "as_of"} <= said.keys()


def test_states_can_be_chosen_and_the_day_decides(matrix: CoverageMatrix) -> None:
    assert not_spots(matrix, states=["PLANNED"])["postcode"].tolist() == ["SW1A 2AA"]
    later = not_spots(matrix, states=["PLANNED"], as_of="2027-04-01")
    assert later.empty
    assert list(later.columns) == list(not_spots(matrix).columns)


def test_locations_without_a_place_are_left_out_and_counted(tmp_path: Path) -> None:
    reference = postcode_reference()
    placeless = reference.loc[reference["easting"].isna(), "postcode"].iloc[0]
    rows = [
        f"{placeless},,South,,false,,Cellular,Low,7,0",
        ",123,South,,false,,Cellular,Low,,",
        "SW1A 1AA,,South,,true,,Cellular,Low,1,1",
    ]
    spots = not_spots(build(tmp_path, rows))
    assert spots.empty
    assert spots.attrs["without_location"] == {"locations": 2, "premises": 8}


def test_nothing_covered_leaves_the_nearest_missing(tmp_path: Path) -> None:
    spots = not_spots(build(tmp_path, ["SW1A 1AA,,South,,false,,Cellular,Low,7,0"]))
    assert spots["nearest_covered"].isna().all()
    assert spots["nearest_m"].isna().all()


def test_a_release_without_premises_counts_postcodes_only(tmp_path: Path) -> None:
    rows = [f"{code},,South,,false,,Cellular,Low,," for code in ("SW1A 1AA", "SW1A 2AA", "M1 1AE")]
    matrix = build(tmp_path, rows)
    spots = not_spots(matrix, within_m=1100)
    assert spots["premises"].isna().all()
    assert spots["postcodes"].tolist() == [2, 1]
    assert spots["postcode"].tolist() == ["SW1A 1AA", "M1 1AE"]
    assert spots.attrs["not_answered"] == {"locations": 0, "premises": None}
    assert not_spot_cells(matrix)["premises"].isna().all()


def test_cells_hold_what_not_spots_hold(matrix: CoverageMatrix) -> None:
    cells = not_spot_cells(matrix, cell_m=5000)
    assert cells["premises"].sum() == not_spots(matrix)["premises"].sum() == 34
    assert cells["postcodes"].sum() == 4
    assert cells.loc[cells["premises"].isna(), ["easting", "northing"]].values.tolist() == [
        [float(v // 5000 * 5000) for v in place("M1 1AE")]
    ]
    assert cells["northing"].is_monotonic_increasing


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf")])
def test_a_distance_must_be_above_nothing(matrix: CoverageMatrix, wrong: float) -> None:
    with pytest.raises(ValueError, match=r"within_m: .* above 0 is needed"):
        not_spots(matrix, within_m=wrong)
    with pytest.raises(ValueError, match=r"cell_m: .* above 0 is needed"):
        not_spot_cells(matrix, cell_m=wrong)


@pytest.mark.parametrize("wrong", ["1000", None, True])
def test_a_distance_must_be_a_number(matrix: CoverageMatrix, wrong: object) -> None:
    with pytest.raises(TypeError, match="a distance in metres is needed"):
        not_spots(matrix, within_m=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", ["PLANNED", [], ["COVERED"], ["ERROR", "PLANNED"]])
def test_only_states_without_coverage_make_a_not_spot(matrix: CoverageMatrix, wrong: object) -> None:
    with pytest.raises(ValueError, match="one or more of PLANNED, OVERDUE, NOT_CONFIRMED"):
        not_spots(matrix, states=wrong)  # type: ignore[arg-type]


def test_order_does_not_depend_on_that_of_the_rows(matrix: CoverageMatrix, tmp_path: Path) -> None:
    turned = build(tmp_path, ROWS[::-1])
    pd.testing.assert_frame_equal(not_spots(turned), not_spots(matrix))
