"""Predictions held against install outcomes: counted by premises, clustered by building, odd reports set aside."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np
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


TECHNOLOGIES = """\
postcode,csp_region,available,anticipated,wan_technology,likelihood,auxiliary,premises,premises_available
SW1A 1AA,South,true,,Cellular,High,Aerial T1,20,20
SW1A 2AA,4G South,true,,4G,Low,,20,20
LL57 2DG,Central,false,2026-11-10,Cellular,High,,20,0
LL57 2DH,Central,false,,Cellular,Low,,20,0
M1 1AE,North,true,,Long range radio,High,,20,12
"""


def read_text(folder: Path, text: str, as_of: str = "2026-11-02") -> CoverageMatrix:
    (folder / f"{as_of}.csv").write_text(text)
    return read_matrix(folder / f"{as_of}.csv", as_of=as_of, release_id=f"r{as_of}").matrix


class FakeStore:
    """Two releases of one postcode: not covered on the second of November, covered from the first of December."""

    def __init__(self, folder: Path) -> None:
        head, rest = "postcode,csp_region,available,wan_technology,likelihood\nSW1A 1AA,South,", ",Cellular,High\n"
        self._held = {
            dt.date(2026, 11, 2): read_text(folder, f"{head}false{rest}"),
            dt.date(2026, 12, 1): read_text(folder, f"{head}true{rest}", "2026-12-01"),
        }

    def releases(self) -> pd.DataFrame:
        return pd.DataFrame(
            {"release_id": [m.release.release_id for m in self._held.values()], "as_of": list(self._held)}
        )

    def open(self, as_of: dt.date | None = None) -> CoverageMatrix:
        return self._held[max(day for day in self._held if as_of is None or day <= as_of)]


def test_each_install_is_held_against_the_release_of_its_day(tmp_path: Path) -> None:
    days = ("2026-11-01", "2026-11-02", "2026-11-30", "2026-12-01", "2027-01-01")
    installs = make_installs(*(("8.14.1", day, "SW1A 1AA", str(k + 1)) for k, day in enumerate(days)))
    found = accuracy(FakeStore(tmp_path), installs)
    assert (line(found.table, "NOT COVERED")["n"], line(found.table, "COVERED")["n"]) == (2, 2)
    assert aside(found.set_aside, "before the release") == 1
    assert found.releases is not None
    assert found.releases.to_numpy().tolist() == [["r2026-11-02", 2], ["r2026-12-01", 2]]
    assert found.table.attrs["release_id"] == "r2026-11-02; r2026-12-01"


def test_a_clock_with_a_zone_keeps_its_own_day(matrix: CoverageMatrix) -> None:
    installs = make_installs(("8.14.1", "2026-11-02 00:30", "SW1A 1AA", "1"))
    installs["installed_at"] = installs["installed_at"].dt.tz_localize("Europe/London")
    assert line(accuracy(matrix, installs).table, "COVERED")["n"] == 1


def test_a_release_in_force_for_nobody_is_not_opened(tmp_path: Path) -> None:
    store = FakeStore(tmp_path)
    installs = make_installs(("8.14.1", "2026-12-24", "SW1A 1AA", "1"))
    assert accuracy(store, installs).releases is not None
    assert accuracy(store, installs.iloc[:0]).table["n"].sum() == 0


def test_a_store_without_a_dated_release_is_refused(tmp_path: Path) -> None:
    store = FakeStore(tmp_path)
    store._held = {}
    with pytest.raises(ValueError, match="no release with a day"):
        accuracy(store, make_installs(("8.14.1", "2026-11-05", "SW1A 1AA", "1")))


def test_states_that_are_not_covered_stand_apart(tmp_path: Path) -> None:
    matrix = read_text(tmp_path, TECHNOLOGIES)
    installs = make_installs(
        ("8.14.1", "2026-11-10", "LL57 2DG", "1"),  # the planned day itself
        ("8.14.1", "2026-11-11", "LL57 2DG", "2"),
        ("8.14.2", "2026-11-11", "LL57 2DH", "3"),
        ("8.14.2", "2026-11-11", "M1 1AE", "4"),  # part of the postcode: no prediction for one premises
    )
    table = accuracy(matrix, installs).table
    states = table[table["by"].eq("state")].set_index("group")
    assert states["successes"].to_dict() == {"NOT_CONFIRMED": 0, "OVERDUE": 1, "PLANNED": 1}
    assert line(table, "MIXED")[["n", "failures"]].tolist() == [1, 1]
    assert line(table, "COVERED")["n"] == 0


def test_exceptions_are_left_out_one_by_one(tmp_path: Path) -> None:
    matrix = read_text(tmp_path, TECHNOLOGIES)
    installs = make_installs(
        ("8.14.2", "2026-11-05", "SW1A 1AA", "1"),  # an aerial was asked for, none was installed
        ("8.14.2", "2026-11-05", "SW1A 1AA", "2"),  # obstructed
        ("8.14.2", "2026-11-05", "SW1A 1AA", "3"),
        ("8.14.1", "2026-11-05", "SW1A 2AA", "4"),  # no aerial asked for
        aerial_install=pd.array([False, True, None, False], dtype="boolean"),
        metal_obstruction=pd.array([None, True, False, None], dtype="boolean"),
    )
    table = accuracy(matrix, installs).table
    cases = table[table["prediction"].eq("COVERED")].set_index("by")
    words = ["all", "without obstructions", "without missing aerials", "without either"]
    assert cases.loc[words, "n"].tolist() == [4, 3, 3, 2]
    assert cases.loc[words, "failures"].tolist() == [3, 2, 2, 1]
    assert line(table, "COVERED", "technology", "CELLULAR_4G")["n"] == 1
    assert line(table, "COVERED", "region", "South, 4G")["n"] == 1


def test_two_spellings_are_one_premises_and_one_cluster(matrix: CoverageMatrix) -> None:
    installs = make_installs(
        ("8.14.1", "2026-11-05", "sw1a1aa", "007"),
        ("8.14.2", "2026-11-06", "SW1A 1AA", "7"),
        ("8.14.1", "2026-11-06", "SW1A 1AA", None),
        ("8.14.1", "2026-11-06", "Sw1a 1aa", None),
        address_identifier=[None, None, "1", "2"],
    )
    found = accuracy(matrix, installs)
    assert line(found.table, "COVERED")[["n", "failures", "clusters"]].tolist() == [3, 0, 1]
    assert aside(found.set_aside, "later install") == 1


def test_without_a_day_no_release_was_in_force(matrix: CoverageMatrix) -> None:
    installs = make_installs(("8.14.1", "2026-11-05", "SW1A 1AA", "1"), ("8.14.1", "2026-11-05", "SW1A 1AA", "2"))
    installs.loc[0, "installed_at"] = pd.NaT
    found = accuracy(matrix, installs)
    assert (aside(found.set_aside, "no day"), line(found.table, "COVERED")["n"]) == (1, 1)


def test_reasons_for_no_answer_are_told_apart(tmp_path: Path) -> None:
    matrix = read_text(tmp_path, TECHNOLOGIES)
    installs = make_installs(*(("8.14.1", "2026-11-05", key, None) for key in ("EH1 1YZ", "not one", "")))
    found = accuracy(matrix, installs)
    assert [aside(found.set_aside, word) for word in ("NOT_IN_MATRIX", "BAD_FORMAT", "EMPTY")] == [1, 1, 1]


def test_no_install_at_all_is_no_fault(matrix: CoverageMatrix) -> None:
    found = accuracy(matrix, make_installs(("8.14.1", "2026-11-05", "SW1A 1AA", "1")).iloc[:0])
    assert (found.table["n"] == 0).all()
    assert "cannot be judged" in found.order_words
    assert "no install" in str(found)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [({"postcode": None}, KeyError, "no column postcode"), ({"report": None}, KeyError, "no column report")],
)
def test_what_is_no_install_report_is_refused(
    matrix: CoverageMatrix, change: dict[str, str | None], error: type[Exception], words: str
) -> None:
    installs = make_installs(("8.14.1", "2026-11-05", "SW1A 1AA", "1"))
    (name, value), *_ = change.items()
    installs = installs.drop(columns=name) if value is None else installs.assign(**{name: value})
    with pytest.raises(error, match=words):
        accuracy(matrix, installs)


def test_a_report_of_another_code_is_counted_apart_and_the_rest_judged(matrix: CoverageMatrix) -> None:
    days = [("8.14.1", "2026-11-05", "SW1A 1AA", "1"), ("8.14.3", "2026-11-05", "SW1A 1AA", "2")]
    found = accuracy(matrix, make_installs(*days, *days[1:], ("8.14.2", "2026-11-05", "SW1A 1AA", "4")))
    assert line(found.table, "COVERED")[["n", "failures"]].tolist() == [2, 1]
    assert aside(found.set_aside, "'8.14.3', neither 8.14.1 nor 8.14.2") == 2


def test_what_is_no_table_is_refused_in_a_sentence(matrix: CoverageMatrix) -> None:
    with pytest.raises(TypeError, match="NoneType given; a table such as read_installs"):
        accuracy(matrix, None)


def test_it_tells_itself(matrix: CoverageMatrix) -> None:
    installs = make_installs(("8.14.2", "2026-11-05", "SW1A 1AA", "1"), ("8.14.1", "2026-11-05", "SW1A 2AA", "2"))
    installs.attrs["synthetic"] = True
    found = accuracy(matrix, installs)
    text, page = str(found), found._repr_html_()
    assert text.startswith("SYNTHETIC.\nCOVERED, all: 1 of 2 premises found no WAN, 50.00%")
    assert "FLAG: success does not fall" in text
    assert "<strong>SYNTHETIC</strong>" in page
    assert page.count("<tr>") == len(found.table) + 1


def draw_clustered(rng: np.random.Generator, *, buildings: int, spread: float, share: float) -> tuple[int, int, bool]:
    """Return failures, premises, and whether the interval of one drawn set of buildings covers the true share."""
    from smarthan.intervals import cluster_interval

    size = 1 + rng.poisson(2.0, buildings)
    odds = rng.beta(share / spread, (1 - share) / spread, buildings)
    failed = rng.random(size.sum()) < np.repeat(odds, size)
    found = cluster_interval(failed, np.repeat(np.arange(buildings), size))
    return int(failed.sum()), len(failed), found.low <= share <= found.high


@pytest.mark.parametrize(
    ("draws", "share"),
    [
        pytest.param(300, 0.1, id="quick"),
        *(pytest.param(4_000, share, marks=pytest.mark.slow, id=f"{share:g}") for share in (0.02, 0.1, 0.5)),
    ],
)
def test_interval_covers_the_true_rate_of_clustered_premises(draws: int, share: float) -> None:
    rng = np.random.default_rng(20_261_102)
    held = [draw_clustered(rng, buildings=400, spread=0.25, share=share) for _ in range(draws)]
    covered = float(np.mean([inside for _, _, inside in held]))
    margin = 3 * np.sqrt(0.95 * 0.05 / draws)
    assert 0.94 - margin < covered < 0.97 + margin
    low, high = (np.array([binomial_interval(x, n)[k] for x, n, _ in held]) for k in (0, 1))
    assert float(np.mean((low <= share) & (share <= high))) < covered - 0.02
