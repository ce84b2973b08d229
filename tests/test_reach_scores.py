"""Measured reach as scores: effective counts, provenance, and a round trip through an appraisal's files."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis import (
    Reach,
    add_judgements,
    housing_stock,
    reach,
    read_appraisal,
    sample_appraisal,
    write_demonstration_appraisal,
)
from smarthan.analysis.appraisal.parts import Option
from smarthan.analysis.homes.any_technology import estimate_any
from smarthan.analysis.homes.home_weights import OUTSIDE, HomeSample
from smarthan.analysis.homes.reach_scores import ReachScores, describe_sources, score_reach
from smarthan.trial_data import sample_trial

SEMI = [True] * 6 + [False] * 4
FLAT = [True] * 3 + [False] * 7
HOUSES = ["detached", "semi", "terrace"]
FLATS = ["flat_low", "flat_high", "flat_converted"]


@pytest.fixture(scope="module")
def found() -> Reach:
    return reach(sample_trial(), housing_stock())


def made(**outcomes: list[Any]) -> Any:
    """Ten semis and ten low flats, each its own building; the stock has three semis to a flat."""
    kinds = ["semi"] * 10 + ["flat_low"] * 10
    ids = [f"b{i}" for i in range(20)]
    columns = {name: pd.array(values, dtype="boolean") for name, values in outcomes.items()}
    homes = pd.DataFrame({"dwelling_id": ids, "building_id": ids, "stratum_id": kinds, "archetype": kinds, **columns})
    homes = homes.assign(meter_class="in_dwelling", design_weight=10.0, responded=True, stock_cell=homes["archetype"])
    sample = HomeSample(homes, {"semi": 600.0, "flat_low": 400.0}, {"semi": 300.0, "flat_low": 100.0}, {})
    facts = {"technologies": tuple(outcomes), "adjust": "poststratify", "synthetic": True, "sources": {}}
    return SimpleNamespace(sample=sample, **facts)


def score(data: Any, *trial: str, criteria: dict[str, Any] | None = None, **options: Any) -> ReachScores:
    return score_reach(data, [Option("opt", "Option", trial=trial)], criteria or {"r": None}, **options)


def test_an_appraisal_takes_the_rows_up(found: Reach, tmp_path: Path) -> None:
    folder = write_demonstration_appraisal(tmp_path / "before")
    before = read_appraisal(folder)
    rows = found.to_scores(before, {"reach_house": HOUSES, "reach_flat": FLATS})
    after = read_appraisal(add_judgements(folder, tmp_path / "with_reach", rows))
    assert not after.problems()["severity"].eq("error").any()
    assert set(after.problems()["code"]) <= set(before.problems()["code"])
    judged = {(one.option, one.criterion): one for one in after.judgements if one.evidence == "reach"}
    assert {"zb24", "zb868", "dual", "nbplc", "bbplc"} <= {option for option, _ in judged}
    dual, either = judged["dual", "reach_flat"], estimate_any(found, ["zigbee_2g4", "zigbee_sub"], FLATS)
    assert (dual.n, dual.k) == (int(either.n_eff), round(int(either.n_eff) * either.value))
    assert dual.dist == "beta"
    assert "Reach measured in the building trial" in {one.id: one.title for one in after.evidence}["reach"]
    assert read_appraisal(add_judgements(folder, tmp_path / "with_reach.xlsx", rows)) == after
    assert after.score().table["total"].notna().all()


def test_criteria_that_the_appraisal_has_not_are_refused(found: Reach) -> None:
    with pytest.raises(
        ValueError, match="'reach_hose' is no criterion of wired-han-phase3-example; known: reach_house"
    ):
        found.to_scores(sample_appraisal(), {"reach_hose": HOUSES})
    for name in ("capex", "maturity"):
        with pytest.raises(ValueError, match=f"'{name}' is no share"):
            found.to_scores(sample_appraisal(), {name: HOUSES})


def test_the_dual_band_hub_is_judged_by_the_homes_pattern(found: Reach) -> None:
    alone = [estimate_any(found, [name]).value for name in ("zigbee_2g4", "zigbee_sub")]
    either = estimate_any(found, ["zigbee_2g4", "zigbee_sub"]).value
    assert max(alone) - 0.01 < either < 1
    assert either != pytest.approx(1 - (1 - alone[0]) * (1 - alone[1]), abs=1e-6)


def test_one_technology_is_the_row_of_the_table(found: Reach) -> None:
    table = found.table.set_index(["technology", "archetype", "meter_class"])
    for archetype, types in (("ALL", None), ("flat_low", ["flat_low"])):
        assert estimate_any(found, ["zigbee_2g4"], types).value == pytest.approx(
            table.loc[("zigbee_2g4", archetype, "ALL"), "estimate"]
        )


def test_evidence_names_trial_stock_and_that_it_is_made_up(found: Reach) -> None:
    rows = found.to_scores([Option("zb", "ZigBee", trial=("zigbee_2g4",))], {"reach_house": HOUSES})
    line = rows.evidence.iloc[0]
    assert line["where"] == f"trial tables#sha256={found.sources['trial_sha256']}"
    assert len(found.sources["trial_sha256"]) == 64
    assert "2011 (synthetic)" in line["title"]
    assert line["date"] == "2025-03-12"
    assert rows.synthetic
    assert rows.scores.attrs["synthetic"]
    assert rows.evidence.attrs["synthetic"]
    assert "(synthetic data)" in rows._repr_html_()


def test_the_hash_is_of_the_files_whatever_their_order() -> None:
    ledger = pd.DataFrame({"file": ["b.csv", "a.csv"], "sha256": ["2", "1"]})
    stock = pd.DataFrame({"year": [2011], "source": ["census"]})
    first, second, other = (
        describe_sources(SimpleNamespace(tables={}, synthetic=False, ledger=frame), stock)
        for frame in (ledger, ledger.iloc[::-1], ledger.assign(sha256=["2", "3"]))
    )
    assert first == second
    assert first["trial_sha256"] != other["trial_sha256"]
    assert first["stock_source"] == "census"


def test_a_trial_without_hash_says_so() -> None:
    line = score(made(a=SEMI + FLAT), "a").evidence.iloc[0]
    assert (line["where"], line["date"]) == ("trial tables#sha256=not known", "")


def test_counts_confidence_and_note() -> None:
    row = score(made(a=SEMI + FLAT), "a").scores.iloc[0]
    share = (300 * 0.6 + 100 * 0.3) / 400
    assert int(row["k"]) == round(int(row["n"]) * share)
    assert int(row["n"]) <= 20
    assert row["confidence"] == "low"
    assert "52.5%" in row["note"]
    assert "20 homes in 20 buildings" in row["note"]
    assert "hide_small" in row["note"]


def test_types_are_taken_together_and_those_outside_the_stock_left_out() -> None:
    data = made(a=SEMI + FLAT)
    both = estimate_any(data, ["a"], ["semi", "flat_low"])
    assert both.value == pytest.approx(0.525)
    homes = data.sample.homes
    homes["stock_cell"] = homes["stock_cell"].where(homes["archetype"] == "semi", OUTSIDE)
    assert estimate_any(data, ["a"], ["semi", "flat_low"]).value == pytest.approx(0.6)
    assert estimate_any(data, ["a"], ["flat_low"]).value == pytest.approx(0.3)


def test_no_interval_is_a_score_stated_as_missing() -> None:
    data = made(a=SEMI + FLAT, b=[None] * 20)
    row = score(data, "a", "b").scores.iloc[0]
    assert (row["n"], row["k"], row["dist"]) == ("", "", "")
    assert row["note"].startswith("not scored: reached by any of a, b: measured with all: no home")


def test_options_without_measurement_get_no_row_and_a_note() -> None:
    data = made(a=SEMI + FLAT)
    rows = score_reach(data, [Option("rep", "Repeater"), Option("tp", "Pair", trial=("a", "mbus"))], {"r": None})
    assert rows.scores.empty
    assert rows.notes == ("rep: no row, it names no trial technology.", "tp: no row, the reach holds no mbus.")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"quality": "fair"}, "'fair' is not one of high, medium, low"),
        ({"criteria": {"r": ["yurt"]}}, "no home of type 'yurt' was sampled"),
        ({"criteria": {"r": []}}, "none was given"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        score(made(a=SEMI + FLAT), "a", **options)
    with pytest.raises(ValueError, match="none was given"):
        score_reach(made(a=SEMI + FLAT), [], {})


def test_order_of_homes_changes_nothing() -> None:
    data, mixed = made(a=SEMI + FLAT), made(a=SEMI + FLAT)
    order = np.random.default_rng(1).permutation(20)
    mixed.sample.homes[:] = mixed.sample.homes.iloc[order].to_numpy()
    assert estimate_any(data, ["a"]).value == pytest.approx(estimate_any(mixed, ["a"]).value)
