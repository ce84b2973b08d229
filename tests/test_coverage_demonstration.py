"""The synthetic release and install outcomes: real postcodes, believable gaps, every case, and a label."""

import datetime as dt
import json
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from smarthan.coverage import accuracy, postcode_reference, read_installs, read_matrix
from smarthan.coverage.demonstration import make_installs, make_release
from smarthan.coverage.demonstration.terrain import shadow_depth
from smarthan.files import sha256_of

AS_OF = dt.date(2026, 11, 2)


@pytest.fixture(scope="module")
def live() -> pd.DataFrame:
    """Four areas on a border of regions, hills and towns: about 60,000 postcodes."""
    whole = postcode_reference()
    return whole[whole["area"].isin(["CH", "LL", "SY", "S", "NW"])]


@pytest.fixture(scope="module")
def release(live: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("made") / "synthetic.parquet", postcodes=live)


@pytest.fixture(scope="module")
def rows(release: Path) -> pd.DataFrame:
    return pq.read_table(release).to_pandas()


def locations(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a postcode: whether any region covers it, and its premises."""
    whole = rows[rows["uprn"].isna()]
    covered = whole["available"].fillna(False).astype(bool)
    return whole.assign(covered=covered).groupby("postcode", observed=True)[["covered", "premises"]].max()


def test_the_file_says_that_it_is_synthetic(release: Path, rows: pd.DataFrame) -> None:
    facts = json.loads(pq.read_schema(release).metadata[b"smarthan.release"])
    assert facts["synthetic"] is True
    assert facts["source"] == "SYNTHETIC"
    assert facts["as_of"] == "2026-11-02"
    assert facts["row_count"] == len(rows)
    assert "nothing about the coverage of any real place" in facts["note"]
    assert "Contains Royal Mail data" in facts["licence"]


def test_every_postcode_but_a_few_is_in_it_once_a_region(live: pd.DataFrame, rows: pd.DataFrame) -> None:
    assert set(rows["postcode"]) < set(live["postcode"])
    assert live["postcode"].nunique() - rows["postcode"].nunique() == round(400 * len(live) / 1_743_449)
    assert not rows.duplicated(["postcode", "uprn", "csp_region"]).any()
    assert rows["postcode"].is_monotonic_increasing


def test_the_reader_accepts_every_row_and_flags_none(release: Path, rows: pd.DataFrame) -> None:
    read = read_matrix(release)
    assert len(read.quarantine) == 0
    assert read.ledger["accepted"].tolist() == [len(rows)]
    assert read.ledger["flagged_rows"].tolist() == [0]
    assert read.matrix.release.synthetic


def test_shares_covered_are_those_asked_for(live: pd.DataFrame, rows: pd.DataFrame) -> None:
    found = locations(rows)
    north = live.set_index("postcode")["region"].isin(["North West", "Yorkshire and The Humber"])
    for is_north, low, high in ((True, 0.993, 0.997), (False, 0.991, 0.996)):
        here = found[north.reindex(found.index).eq(is_north)]
        share = here.loc[here["covered"], "premises"].sum() / here["premises"].sum()
        assert low <= share <= high, is_north
    assert 16.5 < found["premises"].mean() < 18


def test_gaps_lie_together(live: pd.DataFrame, rows: pd.DataFrame) -> None:
    # Independent coin flips would give an uncovered postcode an uncovered nearest neighbour about once in 150.
    from scipy.spatial import cKDTree

    places = live.dropna(subset=["easting"]).set_index("postcode")
    found = locations(rows)["covered"]
    places = places[places.index.isin(found.index)]
    covered = found.reindex(places.index).to_numpy(bool)
    points = places[["easting", "northing"]].to_numpy(dtype=np.float64)
    points = points + np.random.default_rng(1).random(points.shape)  # parts postcodes that share a point
    nearest = cKDTree(points).query(points[~covered], k=2)[1][:, 1]
    assert (~covered[nearest]).mean() > 0.6


def test_every_case_of_the_answers_is_in_it(rows: pd.DataFrame) -> None:
    whole = rows[rows["uprn"].isna()]
    regions = whole.groupby("postcode", observed=True)["csp_region"].agg(set)
    assert regions.map(lambda found: {"North", "Central"} <= found).any(), "border pair"
    assert regions.map(lambda found: {"Central", "4G Central"} <= found).any(), "two generations"
    day = pd.to_datetime(whole["anticipated"])
    assert (day > pd.Timestamp(AS_OF)).any(), "planned"
    assert (day < pd.Timestamp(AS_OF)).any(), "overdue"
    assert (whole["available"].eq(False) & day.isna()).any(), "not confirmed"
    assert whole["region_code"].str.startswith("E").any(), "error"
    assert whole["csp_region"].isin(["SMETS1"]).any()
    assert whole["auxiliary"].notna().any()
    assert (whole["premises_available"] < whole["premises"]).any(), "part of a postcode"


def test_the_rules_between_columns_hold(rows: pd.DataFrame) -> None:
    error = rows["region_code"] != "I0"
    assert (rows["available"].isna() == error).all()
    assert (rows["wan_technology"].isna() == error).all()
    assert (
        rows.loc[error, ["anticipated", "likelihood", "auxiliary", "info", "premises_available"]].isna().all(axis=None)
    )
    told = rows[~error]
    available = told["available"].astype(bool)
    assert (told["premises_available"].gt(0) == available).all()
    assert (told["premises_available"] <= told["premises"]).all()
    assert told.loc[available, "anticipated"].isna().all()
    assert told["likelihood"].notna().all()


def test_premises_rows_add_up_to_their_postcode(rows: pd.DataFrame) -> None:
    single = rows[rows["uprn"].notna()]
    assert len(single) > 100
    assert single["uprn"].is_unique
    assert single["uprn"].str.fullmatch("9999[0-9]{8}").all()
    sums = single.groupby(["postcode", "csp_region"], observed=True)[["premises", "premises_available"]].sum()
    whole = rows[rows["uprn"].isna()].set_index(["postcode", "csp_region"])[["premises", "premises_available"]]
    pd.testing.assert_frame_equal(sums, whole.reindex(sums.index), check_dtype=False, check_index_type=False)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(live: pd.DataFrame, tmp_path: Path) -> None:
    few = live[live["area"] == "SY"]
    made = [make_release(tmp_path / f"{n}.parquet", postcodes=few, seed=seed) for n, seed in enumerate((3, 3, 4))]
    hashes = [sha256_of(path) for path in made]
    assert hashes[0] == hashes[1] != hashes[2]


def test_one_postcode_is_enough_and_none_is_refused(live: pd.DataFrame, tmp_path: Path) -> None:
    one = make_release(tmp_path / "one.parquet", postcodes=live.iloc[:1])
    assert set(pq.read_table(one)["postcode"].to_pylist()) == {live["postcode"].iloc[0]}
    with pytest.raises(ValueError, match="no row"):
        make_release(tmp_path / "none.parquet", postcodes=live.iloc[:0])


def test_terrain_is_smooth_and_drawn_from_the_generator_alone() -> None:
    east = np.linspace(250_000, 260_000, 101)
    north = np.full(101, 350_000.0)
    one, two = (shadow_depth(east, north, rng=np.random.default_rng(seed)) for seed in (1, 2))
    assert np.abs(np.diff(one)).max() < 0.2 * np.ptp(one)
    assert not np.allclose(one, two)
    np.testing.assert_array_equal(one, shadow_depth(east, north, rng=np.random.default_rng(1)))


@pytest.fixture(scope="module")
def installs(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_installs(tmp_path_factory.mktemp("made") / "installs.csv", release, n_installs=8_000)


def test_installs_are_labelled_and_accepted_by_the_reader(installs: Path) -> None:
    sheet = tomllib.loads(installs.with_suffix(".toml").read_text("utf-8"))
    assert sheet["synthetic"] is True
    assert sheet["sha256"] == sha256_of(installs)
    read = read_installs(installs)
    assert read.ledger["accepted"].tolist() == [sheet["rows"]]
    assert read.ledger["quarantined"].tolist() == [0]


def test_installs_follow_the_reports_of_duis(installs: Path, rows: pd.DataFrame) -> None:
    found = pd.read_csv(installs, dtype="str", keep_default_na=False)
    assert 8_000 <= len(found) < 8_020
    assert found["install_id"].str.startswith("SYN-").all()
    assert found["installed_at"].between("2026-11-03", "2026-11-20").all()
    assert found["postcode"].isin(rows["postcode"]).all()
    failed = found["report"] == "8.14.2"
    assert (found.loc[failed, "install_type"] == "CHF Install - no SM WAN").all()
    assert (found.loc[~failed, "metal_obstruction"] == "").all()
    assert found.loc[failed, "metal_obstruction"].isin(["true", "false"]).all()
    assert (found["building_id"].value_counts() > 1).any()
    assert (found.groupby("building_id", observed=True)["postcode"].nunique() == 1).all()


def test_failures_are_more_likely_where_the_signal_is_weak(installs: Path, release: Path) -> None:
    matrix = read_matrix(release).matrix
    found = pd.read_csv(installs, dtype="str", keep_default_na=False)
    answers = matrix.lookup_many(found["postcode"])
    failed = found["report"].eq("8.14.2")
    covered = answers["state"].isin(["COVERED", "MIXED"])
    rates = failed[covered].groupby(answers.loc[covered, "likelihood"].astype("str"), observed=True).mean()
    assert rates["High"] < rates["Medium"] < rates["Low"] < failed[~covered].mean()


def test_installs_are_held_against_the_release(installs: Path, release: Path) -> None:
    read = read_installs(installs).frame
    report = accuracy(read_matrix(release).matrix, read)
    assert report.order_kept
    everything = report.table[report.table["by"] == "all"]
    assert everything["prediction"].tolist() == ["COVERED", "MIXED", "NOT COVERED"]
    assert everything["n"].sum() + report.set_aside["installs"].sum() == len(read)


def test_made_up_outcomes_never_stand_beside_a_real_release(release: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.parquet"
    pq.write_table(pq.read_table(release).replace_schema_metadata({"smarthan.release": '{"synthetic": false}'}), real)
    with pytest.raises(ValueError, match="not a synthetic release"):
        make_installs(tmp_path / "installs.csv", real)


def test_installs_of_one_seed_are_the_same_bytes(release: Path, tmp_path: Path) -> None:
    made = [make_installs(tmp_path / f"{n}.csv", release, seed=5, n_installs=200) for n in range(2)]
    assert made[0].read_bytes() == made[1].read_bytes()
