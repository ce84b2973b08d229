"""Predictions held against install outcomes: counted by premises, clustered by building, odd reports set aside."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from smarthan.coverage import CoverageMatrix, accuracy, read_matrix
from smarthan.intervals import binomial_interval

TEXT = """\
postcode,csp_region,available,wan_technology,likelihood
SW1A 1AA,South,true,Cellular,High
SW1A 2AA,4G South,true,4G,Low
LL57 2DG,Central,false,Cellular,High
LL57 2DH,SMETS1,true,SMETS1,High
"""


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> CoverageMatrix:
    path: Path = tmp_path_factory.mktemp("outcomes") / "m.csv"
    path.write_text(TEXT)
    return read_matrix(path, as_of="2026-11-02").matrix


def make_installs(*rows: tuple[str, str, str, str | None], **columns: Sequence[object]) -> pd.DataFrame:
    """Installs as (report, day, postcode, UPRN), with further columns by name."""
    frame = pd.DataFrame(rows, columns=["report", "installed_at", "postcode", "uprn"])
    frame.insert(0, "install_id", [f"i{k:03}" for k in range(len(rows))])
    return frame.assign(installed_at=pd.to_datetime(frame["installed_at"]), **columns)


def line(table: pd.DataFrame, prediction: str, by: str = "all", group: str = "all") -> pd.Series:
    found = table[table["prediction"].eq(prediction) & table["by"].eq(by) & table["group"].eq(group)]
    assert len(found) == 1
    return found.iloc[0]


def aside(found: pd.DataFrame, words: str) -> int:
    return int(found.loc[found["reason"].str.contains(words), "installs"].sum())


def test_inaccurate_predictions_are_the_failures_where_covered(matrix: CoverageMatrix) -> None:
    installs = make_installs(
        ("8.14.1", "2026-11-05", "SW1A 1AA", "1"),
        ("8.14.2", "2026-11-05", "SW1A 1AA", "2"),
        ("8.14.1", "2026-11-05", "SW1A 2AA", "3"),
        ("8.14.1", "2026-11-05", "LL57 2DG", "4"),
    )
    table = accuracy(matrix, installs).table
    assert line(table, "COVERED")[["n", "failures", "clusters"]].tolist() == [3, 1, 2]
    assert line(table, "COVERED", "likelihood", "High")["failure_rate"] == 0.5
    assert line(table, "COVERED", "generation", "4G")["failures"] == 0
    # a high likelihood where there is no coverage predicts nothing
    assert table[table["prediction"].eq("NOT COVERED")]["by"].ne("likelihood").all()
    assert line(table, "NOT COVERED")["failures"] == 0


def test_one_install_a_cluster_gives_the_plain_interval(matrix: CoverageMatrix) -> None:
    rows = [("8.14.2" if k < 3 else "8.14.1", "2026-11-05", "SW1A 1AA", str(k + 1)) for k in range(20)]
    installs = make_installs(*rows, building_id=[f"b{k}" for k in range(20)])
    found = line(accuracy(matrix, installs).table, "COVERED")
    low, high = binomial_interval(3, 20, "wilson")
    assert found["method"] == "wilson"
    assert (found["low"], found["high"]) == (pytest.approx(float(low)), pytest.approx(float(high)))


def test_premises_of_one_building_are_one_cluster(matrix: CoverageMatrix) -> None:
    rows = [("8.14.2" if k < 6 else "8.14.1", "2026-11-05", "SW1A 1AA", str(k + 1)) for k in range(24)]
    alone = line(accuracy(matrix, make_installs(*rows, building_id=[f"b{k}" for k in range(24)])).table, "COVERED")
    together = line(
        accuracy(matrix, make_installs(*rows, building_id=[f"b{k // 6}" for k in range(24)])).table, "COVERED"
    )
    assert (alone["clusters"], together["clusters"]) == (24, 4)
    assert together["high"] - together["low"] > alone["high"] - alone["low"]


def test_odd_reports_are_set_aside_and_counted(matrix: CoverageMatrix) -> None:
    installs = make_installs(
        ("8.14.1", "2026-11-05", "SW1A 1AA", "1"),
        ("8.14.2", "2026-11-09", "SW1A 1AA", "1"),  # a later install at the same premises
        ("8.14.1", "2026-11-05", "SW1A 1AA", "2"),  # found, yet its type says not found
        ("8.14.1", "2026-11-01", "SW1A 1AA", "3"),  # before the release
        ("8.14.1", "2026-11-05", "EH1 1YZ", "4"),  # not in the release
        ("8.14.1", "2026-11-05", "LL57 2DH", "5"),  # no region answered
        install_type=["New CHF Install"] * 2 + ["CHF Install - no SM WAN"] + ["New CHF Install"] * 3,
    )
    found = accuracy(matrix, installs)
    assert line(found.table, "COVERED")["n"] == 1
    assert [aside(found.set_aside, w) for w in ("later install", "type says", "before", "not answered")] == [1, 1, 1, 2]
    assert found.set_aside["installs"].sum() + found.table.query("by == 'all'")["n"].sum() == len(installs)


def test_obstructed_homes_are_shown_apart(matrix: CoverageMatrix) -> None:
    installs = make_installs(
        ("8.14.2", "2026-11-05", "SW1A 1AA", "1"),
        ("8.14.1", "2026-11-05", "SW1A 2AA", "2"),
        metal_obstruction=pd.array([True, None], dtype="boolean"),
    )
    table = accuracy(matrix, installs).table
    clear = table[table["by"].eq("without obstructions")].iloc[0]
    assert (clear["n"], clear["failures"]) == (1, 0)


@pytest.mark.parametrize(
    ("failing", "kept"), [("SW1A 2AA", True), ("SW1A 1AA", False)], ids=["low fails", "high fails"]
)
def test_likelihood_ought_to_order_success(matrix: CoverageMatrix, failing: str, kept: bool) -> None:
    rows = [("8.14.2" if p == failing else "8.14.1", "2026-11-05", p, None) for p in ("SW1A 1AA", "SW1A 2AA")]
    assert accuracy(matrix, make_installs(*rows)).order_kept is kept
