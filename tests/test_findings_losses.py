"""What walls and distance cost: classes of readings that may be told, coefficients as they were fitted."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis import WallLosses, fit_wall_losses, loss_readings
from smarthan.charts import draw_censored_scatter, draw_estimates, find_chart_problems
from smarthan.charts.bundle import Facts, check_facts
from smarthan.charts.hiding import without_status
from smarthan.findings import Finding, loss_curves_of, loss_scatter_of, wall_losses_of
from smarthan.findings.disclosed import is_hidden
from smarthan.trial_data import Trial, sample_trial


def problems_of(finding: Finding) -> list[str]:
    said: dict[str, Any] = finding.caption
    words = {name: said[name] for name in ("name", "title", "subtitle", "alt", "source", "n", "method")}
    facts = Facts(kind="chart", notes=tuple(said["notes"]), level=2, synthetic=True, **words)
    return list(check_facts(facts, finding.table))


@pytest.fixture(scope="module")
def trial() -> Trial:
    return sample_trial()


@pytest.fixture(scope="module")
def fits(trial: Trial) -> list[WallLosses]:
    return [fit_wall_losses(trial, name) for name in ("zigbee_2g4", "zigbee_sub")]


@pytest.fixture(scope="module")
def scatter(trial: Trial, fits: list[WallLosses]) -> Finding:
    return loss_scatter_of(trial, fits[0])


def test_findings_can_be_shown_and_say_that_they_are_synthetic(scatter: Finding, fits: list[WallLosses]) -> None:
    for finding in (scatter, wall_losses_of(fits)):
        assert problems_of(finding) == []
        assert finding.table.attrs == {"synthetic": True}
        assert set(finding.headings) >= set(without_status(finding.table).columns)
        assert finding.disclosure["method"] != "none"


def test_a_class_is_shown_only_for_ten_buildings_and_no_reading_by_itself(scatter: Finding) -> None:
    shown = scatter.table[~is_hidden(scatter.table)]
    assert shown["readings"].ge(10).all()
    assert shown["buildings"].ge(10).all()
    assert shown["readings"].mod(5).eq(0).all()
    rest = scatter.table[is_hidden(scatter.table)]
    assert len(rest) == 1
    assert rest[["distance_m", "loss_db", "readings", "buildings"]].isna().all(axis=None)


def test_censored_readings_stand_apart_and_their_share_makes_the_headline(trial: Trial, scatter: Finding) -> None:
    readings = loss_readings(trial, "zigbee_2g4")
    kept = readings[np.isfinite(readings["low"])]
    assert scatter.title == f"{(kept['high'] > kept['low']).mean():.0%} of readings tell only the least loss"
    beyond = scatter.table.loc[scatter.table["beyond"], "loss_db"]
    assert beyond.min() > scatter.table.loc[~scatter.table["beyond"], "loss_db"].median()


def test_the_picture_of_it_keeps_the_rules(scatter: Finding, fits: list[WallLosses]) -> None:
    ax = draw_censored_scatter(
        scatter.table, x="distance_m", y="loss_db", size="readings", beyond="beyond", curves=loss_curves_of(fits[0])
    )
    assert find_chart_problems(ax) == []


def test_a_trial_too_small_to_tell_any_class_says_so(trial: Trial, fits: list[WallLosses]) -> None:
    readings = trial["measurements"]
    some = readings[readings["technology"].eq("zigbee_2g4") & readings["rssi_status"].eq("observed")].head(9)
    finding = loss_scatter_of(replace(trial, tables={**trial.tables, "measurements": some}), fits[0])
    assert is_hidden(finding.table).all()
    assert problems_of(finding) == []
    assert "all suppressed" in finding.alt


def test_lines_fall_with_distance_by_the_fitted_cost(fits: list[WallLosses]) -> None:
    cost = fits[0].table.set_index("parameter")["estimate"]
    lines = loss_curves_of(fits[0]).set_index("curve")
    first = {str(name): float(lines.loc[name, "loss_db"].iloc[0]) for name in lines.index.unique()}
    assert first["No wall"] == pytest.approx(cost["constant_db"])
    assert first["Two heavy walls"] - first["No wall"] == pytest.approx(2 * cost["heavy_db"])
    assert first["Two heavy walls, a floor"] - first["Two heavy walls"] == pytest.approx(cost["floor_db"])
    ends = lines.loc["No wall", "loss_db"]
    assert ends.iloc[-1] - ends.iloc[0] == pytest.approx(20 * cost["exponent"])  # from 1 to 100 m


def test_each_obstacle_of_each_band_has_its_row_and_a_doubtful_one_its_note(fits: list[WallLosses]) -> None:
    finding = wall_losses_of(fits)
    crossed = ("light wall", "heavy wall", "first floor crossed")
    assert finding.table["obstacle"].tolist() == [f"{band}: {it}" for band in ("2.4 GHz", "868 MHz") for it in crossed]
    heavy = fits[0].table.set_index("parameter").loc["heavy_db", "estimate"]
    assert finding.title == f"A heavy wall costs {heavy:.1f} dB at 2.4 GHz"
    doubted = finding.table[~finding.table["is_plausible"]]
    assert len(finding.notes) == 1 + sum(len(fit.warnings) for fit in fits)
    assert len(doubted) <= len(finding.notes) - 1
    ax = draw_estimates(
        finding.table, label="obstacle", estimate="estimate", low="low", high="high", band_low="plausible_low",
        band_high="plausible_high",
    )  # fmt: skip
    assert find_chart_problems(ax) == []


def test_what_was_not_estimated_is_no_row(fits: list[WallLosses]) -> None:
    table = fits[0].table
    less = replace(fits[0], table=table[table["parameter"].ne("heavy_db")])
    finding = wall_losses_of([less])
    assert finding.title == "No two links differ in heavy walls"
    assert pd.notna(loss_curves_of(less)["loss_db"]).all()
