"""Premises without coverage: one number wherever it stands, and a headline that its table bears out."""

from pathlib import Path

import pandas as pd
import pytest

from smarthan.coverage import CoverageMatrix, accuracy, not_spots, read_matrix, sample_matrix
from smarthan.findings import (
    answer_coverage,
    districts_of,
    lad_map_of,
    not_spot_map_of,
    outward_map_of,
    uncovered_of,
)

HEADER = "postcode,csp_region,available,anticipated,wan_technology,likelihood,premises,premises_available\n"
# London has the highest share without coverage (10 of 20), North West the number (30 of 130).
ROWS = (
    "SW1A 1AA,South,true,,Cellular,High,10,10\nSW1A 2AA,South,false,,Cellular,Low,10,0\n"
    "M1 1AE,North,true,,Cellular,High,100,100\nM1 1AF,North,false,2027-05-01,Cellular,Low,30,0\n"
    "EH1 1YZ,North,true,,Cellular,High,9,9\nM1 9ZZ,North,false,,Cellular,Low,3,0\n"
)


@pytest.fixture
def matrix(tmp_path: Path) -> CoverageMatrix:
    (tmp_path / "m.csv").write_text(HEADER + ROWS)
    return read_matrix(tmp_path / "m.csv", as_of="2026-11-02", release_id="r").matrix


def answer(matrix: CoverageMatrix) -> str:
    installs = pd.DataFrame(
        {
            "install_id": ["a"],
            "report": ["8.14.1"],
            "installed_at": pd.to_datetime(["2026-11-05"]),
            "postcode": ["M1 1AE"],
        }
    )
    return answer_coverage(matrix, accuracy(matrix, installs))


def test_the_highest_share_is_not_called_the_most(matrix: CoverageMatrix) -> None:
    finding = uncovered_of(matrix)
    assert finding.title == "London has the highest share of premises without coverage"
    assert "share without coverage is highest in London (500.0 per thousand premises)" in answer(matrix)
    assert "the number is highest in North West (30 premises)" in answer(matrix)


def test_what_no_region_holds_is_named(matrix: CoverageMatrix) -> None:
    assert (
        "3 premises that today's reference places in no region (3 of them without coverage)" in uncovered_of(matrix).n
    )
    assert "43 are not, of which 30 are planned" in answer(matrix)


def test_a_release_that_covers_all_says_so(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(HEADER + ROWS.splitlines()[0])
    finding = uncovered_of(read_matrix(tmp_path / "m.csv", as_of="2026-11-02", release_id="r").matrix)
    assert finding.title == "Every region is covered throughout"
    assert "Not among them" not in finding.n


def test_one_number_without_coverage_everywhere() -> None:
    matrix = sample_matrix()
    rolled = matrix.rollup("country")
    unanswered = rolled["error"].sum()
    without = (rolled["weight"] - rolled["covered"]).sum() - unanswered
    assert unanswered > 0
    assert f"; {without:,.0f} are not, " in answer(matrix)
    assert f"; {unanswered:,.0f} did not answer and are neither" in answer(matrix)
    for finding in (outward_map_of(matrix), lad_map_of(matrix)):
        away = matrix.rollup("lad") if finding.name == "lad_map" else matrix.rollup("outward")
        away = away[away.iloc[:, 0].eq("not known")]
        lost = away[["planned", "overdue", "not_confirmed"]].to_numpy().sum()
        assert finding.table["without"].sum() == without - lost
    placed = without - not_spots(matrix).attrs["without_location"]["premises"]
    assert not_spot_map_of(matrix).table["without"].sum() == uncovered_of(matrix).table["without"].sum() == placed
    for finding in (uncovered_of(matrix), outward_map_of(matrix), not_spot_map_of(matrix), districts_of(matrix)):
        assert "What did not answer is counted apart" in finding.method
