"""The demonstration pair: an earlier release whose successor differs from it by exactly the changes it states."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.coverage import (
    CoverageMatrix,
    ReleaseStore,
    postcode_reference,
    read_matrix,
    sample_matrix,
    terminated_postcodes,
)
from smarthan.coverage.demonstration import make_earlier, make_release
from smarthan.coverage.demonstration.earlier import CHURN, EARLIER_DAY, Earlier
from smarthan.coverage.index.location_keys import location_postcodes
from smarthan.coverage.index.mapped import MappedMatrix
from smarthan.coverage.lookup.cold import lookup_one
from smarthan.coverage.postcodes.fixed_text import fix_width, sort_key
from smarthan.coverage.releases.current import open_store
from smarthan.coverage.releases.store import demonstration_store

CHANGED = ["gained", "lost", "planned_to_covered", "slipped", "advanced", "technology", "auxiliary"]


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> CoverageMatrix:
    """Two areas of hills and towns on a border of regions: about 30,000 postcodes."""
    live = postcode_reference()
    few = live[live["area"].isin(["CH", "LL"])]
    return read_matrix(make_release(tmp_path_factory.mktemp("made") / "synthetic.parquet", postcodes=few)).matrix


@pytest.fixture(scope="module")
def earlier(later: CoverageMatrix) -> Earlier:
    return make_earlier(later)


@pytest.fixture(scope="module")
def table(later: CoverageMatrix, earlier: Earlier) -> pd.DataFrame:
    """Every postcode of either release, with its answers in both, each on its own day."""
    names = pd.Index(np.union1d(*(m.rows["postcode"].unique().astype(str) for m in (earlier.matrix, later))))
    columns = ["status", "state", "anticipated", "wan_technology", "auxiliary", "likelihood", "premises"]
    parts = [m.lookup_many(names)[columns].set_axis(names) for m in (earlier.matrix, later)]
    return parts[0].join(parts[1], suffixes=("_before", "_after"))


def differs(table: pd.DataFrame, name: str) -> pd.Series:
    before, after = (table[f"{name}_{when}"].astype(object) for when in ("before", "after"))
    return ~(before.eq(after) | (before.isna() & after.isna())).astype(bool)


def found_changes(table: pd.DataFrame) -> dict[str, set[str]]:
    """Derive the changes again from the answers, by pandas alone."""
    before, after = (table[f"state_{when}"].astype(object) for when in ("before", "after"))
    held = table["status_before"].eq("OK") & table["status_after"].eq("OK")
    planned = held & before.eq("PLANNED") & after.eq("PLANNED")
    same = held & before.eq(after)
    masks = {
        "added": table["status_before"].ne("OK"),
        "removed": table["status_after"].ne("OK"),
        "gained": before.eq("NOT_CONFIRMED") & after.eq("COVERED"),
        "lost": before.eq("COVERED") & after.eq("NOT_CONFIRMED"),
        "planned_to_covered": before.eq("PLANNED") & after.eq("COVERED"),
        "slipped": planned & (table["anticipated_after"] > table["anticipated_before"]),
        "advanced": planned & (table["anticipated_after"] < table["anticipated_before"]),
        "technology": same & differs(table, "wan_technology"),
        "auxiliary": same & differs(table, "auxiliary"),
    }
    return {change: set(table.index[mask.to_numpy(bool)]) for change, mask in masks.items()}


def test_the_successor_differs_by_the_stated_changes_and_no_other(earlier: Earlier, table: pd.DataFrame) -> None:
    stated = earlier.churn.groupby("change")["postcode"].agg(set).to_dict()
    assert set(stated) == set(CHURN)
    assert found_changes(table) == stated
    assert earlier.churn["postcode"].is_unique
    kept = ~table.index.isin(earlier.churn["postcode"])
    moved = table[kept & differs(table, "state").to_numpy()]
    pairs = set(zip(moved["state_before"], moved["state_after"], strict=True))
    assert pairs <= {("PLANNED", "OVERDUE")}, "the calendar alone"
    for name in ("anticipated", "wan_technology", "auxiliary", "likelihood", "premises"):
        assert not differs(table[kept], name).any(), name


def test_there_are_as_many_changes_as_stated(later: CoverageMatrix, earlier: Earlier) -> None:
    share = later.rows["postcode"].nunique() / 1_743_049
    counts = earlier.churn["change"].value_counts()
    for change, number in CHURN.items():
        assert counts[change] == max(1, round(number * share)), change
        assert f"{counts[change]:,} {change.replace('_', ' ')}" in earlier.matrix.release.note


def test_removed_postcodes_are_really_terminated(earlier: Earlier) -> None:
    removed = earlier.churn.loc[earlier.churn["change"] == "removed", "postcode"]
    assert set(removed) <= set(terminated_postcodes()["postcode"].array)


def test_the_earlier_release_is_one_of_its_own_and_says_synthetic(later: CoverageMatrix, earlier: Earlier) -> None:
    release = earlier.matrix.release
    assert (release.as_of, release.synthetic, release.row_count) == (EARLIER_DAY, True, len(earlier.matrix.rows))
    assert "nothing about the coverage of any real place" in release.note
    assert earlier.matrix.rows["release_id"].unique().tolist() == [release.release_id]
    assert earlier.matrix.rows.dtypes.drop("release_id").equals(later.rows.dtypes.drop("release_id"))


def test_the_same_seed_changes_the_same_postcodes(later: CoverageMatrix, earlier: Earlier) -> None:
    again = make_earlier(later)
    assert again.churn.equals(earlier.churn)
    assert again.matrix.rows.equals(earlier.matrix.rows)


def test_it_survives_a_store_and_the_reader(earlier: Earlier, later: CoverageMatrix, tmp_path: Path) -> None:
    folder = earlier.matrix.save(tmp_path / "earlier")
    read = read_matrix(folder / "matrix.parquet")
    assert len(read.quarantine) == 0
    assert set(read.notes["code"]) == {"header_unknown"}  # the columns that are derived
    assert read.matrix.rows.astype("str").equals(earlier.matrix.rows.astype("str"))


def test_bare_questions_are_put_to_the_current_one_of_the_pair() -> None:
    store = ReleaseStore(demonstration_store())
    listed = store.releases()
    assert listed["as_of"].dt.date.tolist() == [EARLIER_DAY, dt.date(2026, 11, 2)]
    assert listed["current"].tolist() == [False, True]
    assert listed["synthetic"].all()
    assert listed["warnings"].isna().all()
    assert (listed["share_covered"] >= 0.992).all()
    assert listed["share_covered"].iloc[1] >= 0.9925
    matrix = sample_matrix()
    assert matrix.release.release_id == listed["release_id"].iloc[1]
    assert matrix.notes == ()


def postcodes_of(mapped: MappedMatrix) -> np.ndarray:
    return sort_key(location_postcodes(mapped))


def test_the_demonstration_shows_what_is_absent_and_what_has_gone() -> None:
    now = sample_matrix().mapped
    before = open_store(demonstration_store(), EARLIER_DAY).mapped
    live = postcode_reference()["postcode"]
    left_out = live[~np.isin(sort_key(fix_width(live)), postcodes_of(now))]
    assert len(left_out) == 400
    absent = lookup_one(left_out.iloc[0])
    assert (absent.status, absent.state) == ("NOT_IN_MATRIX", None)
    assert absent.sector is not None
    gone = location_postcodes(before)[~np.isin(postcodes_of(before), postcodes_of(now))]
    assert len(gone) == CHURN["removed"]
    answer = lookup_one(gone[0].decode())
    assert (answer.status, answer.state, answer.rows[0]["historical"]) == ("TERMINATED", None, True)
    assert lookup_one("SW1A 1AA", as_of="2026-04-30").status == "NO_RELEASE"
    assert lookup_one("SW1A 1AA", as_of="2026-05-01").as_of == EARLIER_DAY
