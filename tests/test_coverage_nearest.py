"""The nearest covered postcode: true, or no distance at all and words that say why."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.coverage import (
    CoverageMatrix,
    nearest_covered,
    not_spots,
    postcode_reference,
    read_matrix,
    terminated_postcodes,
)
from smarthan.coverage.geography.nearest import CoveredPoints

HEADER = "postcode,csp_region,region_code,available,anticipated,wan_technology,likelihood,premises,premises_available\n"


def build(folder: Path, rows: list[str]) -> CoverageMatrix:
    (folder / "m.csv").write_text(HEADER + "\n".join(rows) + "\n")
    read = read_matrix(folder / "m.csv", as_of="2026-11-02", release_id="r")
    assert read.quarantine.empty
    return read.matrix


@pytest.fixture(scope="module")
def live() -> pd.DataFrame:
    """The located postcodes of Bangor."""
    reference = postcode_reference()
    return reference[reference["outward"].eq("LL57") & reference["easting"].notna()].reset_index(drop=True)


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, live: pd.DataFrame) -> CoverageMatrix:
    """Every third postcode of Bangor is covered, the rest not; one is covered in part."""
    rows = [
        f"{code},Central,,{'true' if n % 3 == 0 else 'false'},,Cellular,Low,10,{10 if n % 3 == 0 else 0}"
        for n, code in enumerate(live["postcode"])
    ]
    rows[1] = f"{live['postcode'][1]},Central,,true,,Cellular,Low,10,4"
    return build(tmp_path_factory.mktemp("near"), rows)


def test_every_answer_is_that_of_a_search_by_hand(matrix: CoverageMatrix, live: pd.DataFrame) -> None:
    xy = live[["easting", "northing"]].to_numpy(float)
    covered = np.flatnonzero(np.arange(len(live)) % 3 == 0)
    squares = ((xy[:, None] - xy[None, covered]) ** 2).sum(axis=2)
    best = squares.min(axis=1)
    names = [
        code if n % 3 == 0 else live["postcode"].to_numpy()[covered][row == row.min()].min()
        for n, (code, row) in enumerate(zip(live["postcode"], squares, strict=True))
    ]
    found = nearest_covered(matrix, live["postcode"])
    assert found["nearest_covered"].tolist() == names
    assert found["distance_m"].to_numpy() == pytest.approx(np.sqrt(best).round(1))


def test_a_covered_postcode_is_its_own_nearest(matrix: CoverageMatrix, live: pd.DataFrame) -> None:
    found = nearest_covered(matrix, [live["postcode"][0].replace(" ", "").lower()])
    assert found.iloc[0].tolist() == [live["postcode"][0], "COVERED", live["postcode"][0], 0.0, "covered itself"]


def test_a_postcode_covered_in_part_is_no_cover_and_is_given_one(matrix: CoverageMatrix, live: pd.DataFrame) -> None:
    found = nearest_covered(matrix, [live["postcode"][1]]).iloc[0]
    assert found["state"] == "MIXED"
    assert found["nearest_covered"] != live["postcode"][1]


def test_a_postcode_that_is_not_in_the_release_is_answered(matrix: CoverageMatrix) -> None:
    found = nearest_covered(matrix, ["SW1A 1AA"]).iloc[0]
    assert pd.isna(found["state"])
    assert found["distance_m"] > 300_000
    assert found["words"].endswith("m away in a straight line")


def first(frame: pd.DataFrame) -> str:
    return str(frame["postcode"].iloc[0])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "no postcode given"),
        ("", "no postcode given"),
        ("LL57", "a whole postcode is needed, this is an outward code"),
        ("LL57 2", "a whole postcode is needed, this is a sector"),
        ("BT1 1AA", "outside Great Britain"),
        ("BX1 1LT", "not a place"),
        ("LL57 2D$", "not a postcode"),
        (7, "not a postcode"),
        ("AB10 0ZZ", "unknown: not a postcode of the reference"),
    ],
)
def test_what_has_no_place_gets_words_and_no_distance(matrix: CoverageMatrix, value: object, words: str) -> None:
    found = nearest_covered(matrix, [value]).iloc[0]
    assert words in found["words"]
    assert pd.isna(found["distance_m"])
    assert pd.isna(found["nearest_covered"])


def test_withdrawn_postcodes_and_those_without_a_location_get_words(matrix: CoverageMatrix) -> None:
    reference = postcode_reference()
    placeless = first(reference[reference["easting"].isna()])
    found = nearest_covered(matrix, [first(terminated_postcodes()), placeless])
    assert found["words"].tolist() == [
        "no distance: withdrawn by Royal Mail, its location is not kept",
        "no distance: live, but without a location",
    ]
    assert found["distance_m"].isna().all()


def test_a_covered_postcode_without_a_location_says_so(tmp_path: Path) -> None:
    reference = postcode_reference()
    placeless = first(reference[reference["easting"].isna()])
    matrix = build(tmp_path, [f"{placeless},South,,true,,Cellular,High,3,3"])
    found = nearest_covered(matrix, [placeless, "SW1A 1AA"])
    assert found["nearest_covered"].tolist()[0] == placeless
    assert found["distance_m"].isna().all()
    assert found["words"].tolist() == [
        "covered itself; no distance: its location is not known",
        "no distance: nothing is covered in this release",
    ]


def test_rows_of_no_region_are_no_cover(tmp_path: Path) -> None:
    matrix = build(tmp_path, ["SW1A 1AA,SMETS1,,true,,None stated,High,3,3"])
    found = nearest_covered(matrix, ["SW1A 1AA", "SW1A 2AA"])
    assert found["nearest_covered"].isna().all()
    assert found["state"].tolist()[0] == "COVERED"  # as the release says, and yet no cover


def test_a_release_of_premises_alone_has_no_cover_with_a_place(tmp_path: Path) -> None:
    header = "uprn,csp_region,available,wan_technology,likelihood\n"
    (tmp_path / "u.csv").write_text(header + "100,South,true,Cellular,High\n200,South,false,Cellular,High\n")
    matrix = read_matrix(tmp_path / "u.csv", as_of="2026-11-02", release_id="r").matrix
    found = nearest_covered(matrix, ["SW1A 1AA"])
    assert found["words"].tolist() == ["no distance: nothing is covered in this release"]
    spots = not_spots(matrix)
    assert spots.empty
    assert spots.attrs["without_location"]["locations"] == 1


def test_the_day_asked_does_not_make_a_plan_cover(tmp_path: Path) -> None:
    matrix = build(tmp_path, ["SW1A 1AA,South,,false,2027-01-01,Cellular,High,3,0"])
    assert nearest_covered(matrix, ["SW1A 1AA"], as_of="2027-06-01")["state"].tolist() == ["OVERDUE"]


def test_index_order_and_duplicates_are_kept(matrix: CoverageMatrix, live: pd.DataFrame) -> None:
    asked = pd.Series(["x", live["postcode"][4], live["postcode"][4]], index=["c", "a", "a"])
    found = nearest_covered(matrix, asked)
    assert found.index.tolist() == ["c", "a", "a"]
    assert found.iloc[1].equals(found.iloc[2])
    assert nearest_covered(matrix, []).empty


def test_the_table_says_that_distance_is_not_radio(matrix: CoverageMatrix) -> None:
    said = nearest_covered(matrix, ["LL57 2DG"]).attrs
    assert "says nothing of radio" in said["caveat"]
    assert {"synthetic", "release_id", "as_of"} <= said.keys()


def test_one_text_is_not_a_column(matrix: CoverageMatrix) -> None:
    with pytest.raises(TypeError, match="a column expected"):
        nearest_covered(matrix, "LL57 2DG")


@pytest.mark.parametrize("count", [1, 2, 40])
def test_exact_ties_go_to_the_first_by_alphabet(count: int) -> None:
    from scipy.spatial import cKDTree

    ring = np.array([[5.0, 0.0], [0.0, 5.0], [3.0, 4.0], [4.0, 3.0]] * 10)[:count]
    names = np.array([f"M{n} 1AA".encode() for n in range(count, 0, -1)], dtype="S8")
    best, distance = CoveredPoints(cKDTree(ring), names).find(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    assert best[0] == min(names.tolist())
    assert distance[0] == 5.0
