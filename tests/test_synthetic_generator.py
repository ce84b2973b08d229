"""The synthetic trial end to end: same bytes, clean means clean, every planted error found, truth recovered."""

import datetime as dt
import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.tables import RULES
from smarthan.trial_data import Trial, read_trial
from smarthan.trial_data.declared import TRIAL_TABLES
from smarthan.trial_data.sample import sample_trial
from smarthan.trial_data.synthetic.damage import FOLLOWS
from smarthan.trial_data.synthetic.error_injection import choose_counts
from smarthan.trial_data.synthetic.error_kinds import DESIGN_CODES, ERROR_CODES
from smarthan.trial_data.synthetic.generator import Truth, make_trial
from smarthan.trial_data.synthetic.sampling import Nonresponse

DAY = dt.date(2025, 12, 31)
SMALL = {"buildings_per_stratum": 8, "size_premises": 4_000}


def digest_of(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, Trial]:
    folder = tmp_path_factory.mktemp("clean")
    truth = make_trial(folder, seed=11, errors=False)
    return truth, read_trial(folder, day=DAY)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, Trial]:
    folder = tmp_path_factory.mktemp("broken")
    truth = make_trial(folder, seed=12, buildings_per_stratum=30, errors=dict.fromkeys(ERROR_CODES, 3))
    return truth, read_trial(folder, day=DAY)


def test_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make_trial(tmp_path / name, seed=seed, **SMALL)  # type: ignore[arg-type]
    first, again, other = (digest_of(tmp_path / name) for name in "abc")
    assert first == again
    assert first["measurements.csv"] != other["measurements.csv"]


def test_files_say_synthetic_three_times_over(tmp_path: Path) -> None:
    make_trial(tmp_path, seed=1, errors=False, **SMALL)  # type: ignore[arg-type]
    assert json.loads((tmp_path / "synthetic.json").read_text(encoding="utf-8"))["synthetic"] is True
    visits = pd.read_csv(tmp_path / "visits.csv", dtype=str, keep_default_na=False)
    assert (visits["protocol_version"] == "SYNTHETIC-1").all()
    for name, table in TRIAL_TABLES.items():
        if name != "measurements":
            keys = pd.read_csv(tmp_path / f"{name}.csv", dtype=str, keep_default_na=False)[table.key[0]]
            assert keys.str.startswith("SYN-").all()


def test_nothing_of_the_truth_stands_in_the_folder(tmp_path: Path) -> None:
    make_trial(tmp_path, seed=1, **SMALL)  # type: ignore[arg-type]
    assert {path.name for path in tmp_path.iterdir()} == {"synthetic.json", *(f"{name}.csv" for name in TRIAL_TABLES)}
    text = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    assert "reached" not in text
    assert "seed" not in text


def test_clean_trial_has_no_row_quarantined_and_no_reading_flagged(clean: tuple[Truth, Trial]) -> None:
    truth, trial = clean
    assert truth.errors.empty
    assert trial.synthetic
    assert trial.quarantine.empty
    assert set(trial.notes["code"]) <= {"stratum_certainty", "stratum_single_psu"}


def test_every_planted_error_is_found_at_its_line_with_its_code(broken: tuple[Truth, Trial]) -> None:
    truth, trial = broken
    found = pd.concat([trial.quarantine, trial.notes])
    places = set(zip(found["file"], found["line"].astype(int), found["code"], strict=True))
    planted = set(zip(truth.errors["file"], truth.errors["line"], truth.errors["code"], strict=True))
    assert sorted(planted - places) == []
    assert {code for _, _, code in planted} == {*ERROR_CODES, FOLLOWS}


def test_only_planted_rows_are_quarantined(broken: tuple[Truth, Trial]) -> None:
    truth, trial = broken
    planted = set(zip(truth.errors["file"], truth.errors["line"], strict=True))
    out = set(zip(trial.quarantine["file"], trial.quarantine["line"].astype(int), strict=True))
    assert out <= planted
    assert len(out) == trial.ledger["quarantined"].sum()


def test_planted_codes_are_rules_of_the_reader() -> None:
    assert {*ERROR_CODES, FOLLOWS} <= set(RULES)


@pytest.mark.parametrize("nonresponse", ["mar", "nmar", "none"])
@pytest.mark.parametrize("seed", [21, 22])
def test_no_clean_trial_loses_or_flags_a_row(tmp_path: Path, seed: int, nonresponse: Nonresponse) -> None:
    make_trial(tmp_path, seed=seed, errors=False, nonresponse=nonresponse, repeats=seed % 2 + 1, **SMALL)  # type: ignore[arg-type]
    trial = read_trial(tmp_path, day=DAY)
    assert trial.quarantine.empty
    assert set(trial.notes["code"]) <= {"stratum_certainty", "stratum_single_psu"}


def test_repeats_multiply_the_readings_and_are_numbered(tmp_path: Path) -> None:
    make_trial(tmp_path, seed=1, errors=False, repeats=3, **SMALL)  # type: ignore[arg-type]
    readings = read_trial(tmp_path, day=DAY)["measurements"]
    numbers = readings.groupby(["path_id", "technology"], observed=True, dropna=False)["repeat_no"].agg(list)
    assert set(map(tuple, numbers)) == {(1, 2, 3)}


def test_asked_for_counts_are_planted_exactly(tmp_path: Path) -> None:
    truth = make_trial(tmp_path, seed=3, errors={"orphan": 3, "sentinel": 1}, **SMALL)  # type: ignore[arg-type]
    assert truth.errors["code"].value_counts().to_dict() == {"orphan": 3, "sentinel": 1}


def test_manifest_is_written_only_outside_the_folder(tmp_path: Path) -> None:
    truth = make_trial(tmp_path / "trial", seed=1, manifest=tmp_path / "manifest.csv", **SMALL)  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(
        pd.read_csv(tmp_path / "manifest.csv", keep_default_na=False), truth.errors, check_dtype=False
    )
    with pytest.raises(ValueError, match="lies in the trial's folder"):
        make_trial(tmp_path / "other", seed=1, manifest=tmp_path / "other" / "m.csv", **SMALL)  # type: ignore[arg-type]
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"seed": -1}, "seed: -1 is not a whole number of 0 or more"),
        ({"seed": 1, "buildings_per_stratum": 0}, "buildings_per_stratum: 0"),
        ({"seed": 1, "dwellings_per_building": 1.5}, "dwellings_per_building: 1.5"),
        ({"seed": 1, "repeats": 0}, "repeats: 0 is not a whole number of 1 or more"),
        ({"seed": 1, "nonresponse": "some"}, "'some' is not one of mar, nmar, none"),
        ({"seed": 1, "errors": {"typo": 1}}, "'typo' is not one of"),
        ({"seed": 1, "errors": {"orphan": -1}}, "count of 0 or more"),
        ({"seed": 1, "errors": {"orphan": 10**6}, **SMALL}, "1000000 of orphan asked for, but only"),
    ],
    ids=["seed", "buildings", "dwellings", "repeats", "nonresponse", "code", "count", "too many"],
)
def test_what_cannot_be_made_is_refused_before_anything_is_written(
    tmp_path: Path, arguments: dict[str, object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        make_trial(tmp_path / "trial", **arguments)  # type: ignore[arg-type]
    assert not (tmp_path / "trial").exists()


def test_smallest_trial_can_be_made_and_read(tmp_path: Path) -> None:
    make_trial(
        tmp_path,
        seed=5,
        buildings_per_stratum=1,
        dwellings_per_building=1,
        size_premises=1,
        errors=False,
        nonresponse="none",
    )
    trial = read_trial(tmp_path, day=DAY)
    assert len(trial["dwellings"]) == 8
    assert trial.quarantine.empty


def test_default_truth_is_near_the_design(clean: tuple[Truth, Trial]) -> None:
    coverage = clean[0].coverage
    share = coverage[coverage["archetype"] == "ALL"].set_index("technology")["share"]
    # Trial design, section 6: 71.4 % at 2.4 GHz and 96.1 % at either.
    assert share["zigbee_2g4"] == pytest.approx(0.714, abs=0.01)
    assert share["either"] == pytest.approx(0.961, abs=0.005)
    assert clean[0].parameters["status"] == "illustrative"
    assert 0.85 < share["bb_plc"] < share["nb_plc"] < 1.0


def test_truth_of_the_hard_flats_is_near_the_design(clean: tuple[Truth, Trial]) -> None:
    share = clean[0].coverage.pivot(index=["archetype", "meter_class"], columns="technology", values="share")
    # Trial design, section 6: basement flats 0.1 % at 2.4 GHz and 10 % at either; low flats 16 % and 92 %.
    basement, low = share.loc["flat_high", "meter_room_basement"], share.loc["flat_low", "meter_room_ground"]
    assert basement[["zigbee_2g4", "either"]].tolist() == pytest.approx([0.001, 0.10], abs=0.01)
    assert low[["zigbee_2g4", "either"]].tolist() == pytest.approx([0.16, 0.92], abs=0.01)


def post_stratified_shares(trial: Trial) -> pd.Series:
    """Return the share reached by technology: packet rule, else margin; weighted up to each stratum's premises."""
    readings, paths, places = trial["measurements"], trial["paths"], trial["locations"]
    instruments = trial["instruments"].set_index("instrument_id")
    ends = readings["path_id"].map(paths.set_index("path_id")["to_location"])
    dwelling = ends.map(places.set_index("location_id")["dwelling_id"])
    level = readings["rssi_dbm"] + readings["instrument_id"].map(instruments["cal_offset_db"])
    margin = level - readings["instrument_id"].map(instruments["sensitivity_dbm"])
    by_packets = (readings["packets_ok"] / readings["packets_sent"]).astype("float64")
    passed = np.where(by_packets.notna(), by_packets >= 0.99, margin >= 10.0)
    reached = pd.Series(passed).groupby([dwelling, readings["technology"].astype("str")], observed=True).all().unstack()
    sample = trial["dwellings"].set_index("dwelling_id")
    stratum = sample["building_id"].map(trial["buildings"].set_index("building_id")["stratum_id"])
    weight = 1 / (sample["p_incl_1"] * sample["p_incl_2"])
    premises = trial["frame"].set_index("stratum_id")["n_premises"].astype("float64")
    shares = {}
    for technology in reached:
        y = reached[technology].dropna().astype("float64")
        parts = (
            pd.DataFrame({"w": weight[y.index], "wy": weight[y.index] * y})
            .groupby(stratum[y.index], observed=True)
            .sum()
        )
        shares[technology] = float((parts["wy"] / parts["w"] * premises).sum() / premises.sum())
    return pd.Series(shares)


def test_estimates_recover_the_truth(clean: tuple[Truth, Trial]) -> None:
    truth, trial = clean
    share = truth.coverage[truth.coverage["archetype"] == "ALL"].set_index("technology")["share"]
    # Four standard deviations of the error over 40 seeds (points): 1.7, .33, .34, 1.7, .53, .89; the mean error is 0.
    limits = {"zigbee_2g4": 0.068, "zigbee_sub": 0.014, "wmbus": 0.014, "wifi": 0.068, "nb_plc": 0.022, "bb_plc": 0.036}
    error = post_stratified_shares(trial) - share
    assert {name for name, limit in limits.items() if not abs(error[name]) < limit} == set()


@pytest.mark.slow
def test_estimates_are_unbiased_over_seeds(tmp_path: Path) -> None:
    errors = []
    for seed in range(20):
        truth = make_trial(tmp_path / str(seed), seed=seed, errors=False)
        share = truth.coverage[truth.coverage["archetype"] == "ALL"].set_index("technology")["share"]
        errors.append(post_stratified_shares(read_trial(tmp_path / str(seed), day=DAY)) - share)
    drawn = pd.DataFrame(errors).drop(columns="either")
    standard_error = drawn.std() / np.sqrt(len(drawn))
    # A systematic error of recording of up to a quarter of a point is documented in make_trial.
    assert (drawn.mean().abs() < 3 * standard_error + 0.0025).all()


def test_counts_of_true_and_false() -> None:
    assert choose_counts(False) == {}
    assert set(choose_counts(True)) == set(ERROR_CODES) - set(DESIGN_CODES)


def test_sample_trial_is_the_same_each_time_and_guarded_against_change() -> None:
    trial = sample_trial()
    before = trial["buildings"]["storeys"].iloc[0]
    trial["buildings"].loc[0, "storeys"] = 79
    assert sample_trial()["buildings"]["storeys"].iloc[0] == before
    assert trial.synthetic
    assert all(frame.attrs["synthetic"] for frame in trial.tables.values())
