"""Whether links can be told beforehand: how the coverage model fared on buildings that it had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.findings.disclosed import TOTAL, coarsen, disclose, is_hidden, record_rounding, say_hidden
from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.words import ARCHETYPES, TECHNOLOGIES

if TYPE_CHECKING:
    from smarthan.analysis import CoverageModel

# In Brier points: a gap below this is not one that a reader could see in the forecasts. Assumed.
NO_GAP = 0.002
_LEFT_OUT = {"building": "whole buildings", "surveyor": "whole surveyors", "random": "single links, at random"}


def reliability_of(model: CoverageModel, *, bins: int = 20) -> Finding:
    """Return what happened after forecasts of about the same size, made without the link's own building.

    Parameters
    ----------
    model : CoverageModel
    bins : int
        Groups of links of about equal number.

    Returns
    -------
    Finding
        A table: forecast, observed share, low, high (0 to 1), links and buildings (rounded).
    """
    from smarthan.analysis import reliability_table

    known = model.predictions
    calibration = reliability_table(known["by_building"], known["success"], bins=bins)
    calibration["buildings"] = _count_buildings(model, calibration["n"])
    table = calibration.rename(columns={"n": "links"}).assign(group=[f"bin {i}" for i in range(len(calibration))])
    counts, shares = ["links", "buildings"], ["forecast", "observed", "low", "high"]
    done = disclose(
        table, dims=["group"], count="links", contributors=["buildings"], shares=["observed"],
        values=[*shares, *counts], rounded=counts, coarse=shares,
    )  # fmt: skip
    table = done.table.drop(columns="group")
    shown = table[~is_hidden(table)]
    building = model.scores.set_index("left_out").loc["building"]
    inside = int((shown["forecast"].ge(shown["low"]) & shown["forecast"].le(shown["high"])).sum())
    return Finding(
        mark(table, synthetic=model.synthetic),
        f"reliability_{model.technology}",
        f"Forecasts within the limits in {inside} of {len(shown)} groups",
        f"Share of {_name(model)} links that worked, by share forecast for a building not seen",
        f"{len(shown)} dots near or off the line of right forecasts. "
        + _say_worst(shown)
        + f" Brier score {building['brier']:.3f}, of which {building['reliability']:.4f} is unreliability.",
        _source(model),
        n=_say_links(model),
        method=f"{_LEARNERS[model.learner]} on what can be seen without measuring; each building forecast by a model "
        "fitted without it. Limits: Wilson 95%, taking links as independent, so a guide to the eye only.",
        notes=(done.note,),
        disclosure=done.record,
        headings={
            "forecast": "Forecast",
            "observed": "Worked",
            "low": "Lower",
            "high": "Upper",
            "links": "Links",
            "buildings": "Buildings",
        },
        formats=dict.fromkeys(shares, ".1%"),
    )


def forecast_scores_of(models: Sequence[CoverageModel]) -> Finding:
    """Return the Brier score of each model and its parts, by what was left out of the fit.

    Parameters
    ----------
    models : sequence of CoverageModel
        At least one.

    Returns
    -------
    Finding
        A table: technology, left out, Brier score, reliability, resolution, uncertainty, remainder, log loss, skill.
    """
    rows = [model.scores.assign(technology=_name(model)) for model in models]
    table = pd.concat(rows, ignore_index=True)
    table["left_out"] = table["left_out"].map(_LEFT_OUT)
    parts = ["brier", "reliability", "resolution", "uncertainty", "remainder", "log_loss", "skill"]
    table = table[["technology", "left_out", *parts]].round(dict.fromkeys(parts, 4))
    return Finding(
        mark(table, synthetic=any(model.synthetic for model in models)),
        "forecast_scores",
        _say_gap(max(models, key=lambda model: model.leakage_gap)),
        "Brier score of forecasts and its parts, by what was left out whole when the model was fitted",
        "",
        _source(models[0]),
        n=" ".join(f"{_name(model)}: {_say_links(model)[0].lower()}{_say_links(model)[1:]}" for model in models),
        method="Brier score: mean squared distance of forecast and outcome, 0 is perfect; it is reliability less "
        "resolution plus uncertainty (Murphy 1973), taken in ten groups, which leaves a remainder. Skill: the share of "
        "the uncertainty that the forecasts take away.",
        notes=(
            "Leakage gap: the score by building less that at random; above 0, a random split lets a model recognise "
            "buildings and flatters it. "
            + listed(f"{_name(model)} {model.leakage_gap:+.4f}" for model in models)
            + ".",
            "The score to quote is the one by building; the one by surveyor says whether it carries to another team.",
        ),
        # Scores of a model over all links of the trial, by no group.
        disclosure={**record_rounding(len(table)), "reason": "scores over all links of the trial"},
        headings={
            "technology": "Technology",
            "left_out": "Left out",
            "brier": "Brier score",
            "reliability": "Reliability (0 is best)",
            "resolution": "Resolution (more is better)",
            "uncertainty": "Uncertainty",
            "remainder": "Remainder",
            "log_loss": "Log loss",
            "skill": "Skill",
        },
        formats={**dict.fromkeys(parts, ".4f"), "skill": ".1%"},
    )


def conformal_of(model: CoverageModel, *, error: float = 0.1) -> Finding:
    """Return how often the sets of outcomes that a forecast cannot rule out held the outcome, by building type.

    Parameters
    ----------
    model : CoverageModel
    error : float
        The error rate that the model's sets allow.

    Returns
    -------
    Finding
        A table: building type, coverage, share of links sure to work, sure to fail, undecided and contradicted (0 to
        1), links and buildings judged (rounded).
    """
    counts, shares = ["n", "n_buildings"], ["coverage", "works", "fails", "undecided", "empty"]
    rows = model.conformal[["kind", *shares, *counts]]
    done = disclose(
        rows, dims=["kind"], count="n", contributors=["n_buildings"], shares=["coverage"], values=[*shares, *counts],
        rounded=counts, coarse=shares,
    )  # fmt: skip
    table = done.table.rename(columns={"kind": "building_type", "n": "links", "n_buildings": "buildings"})
    table["building_type"] = table["building_type"].map(lambda word: ARCHETYPES.get(word, word))
    types = table[table["building_type"].ne(ARCHETYPES[TOTAL]) & ~is_hidden(table)]
    low, high = types["coverage"].min(), types["coverage"].max()
    whole = table[table["building_type"].eq(ARCHETYPES[TOTAL])].iloc[0]
    return Finding(
        mark(table, synthetic=model.synthetic),
        f"conformal_{model.technology}",
        f"Sets hold {percent(low, 0)} to {percent(high, 0)} of outcomes; {percent(1 - error, 0)} promised"
        if len(types)
        else "Too few links of any type to show",
        f"Share of {_name(model)} links whose outcome was among those not ruled out, by building type",
        f"A dot for each of {len(types)} building types and all of them, against a dashed line at "
        f"{percent(1 - error, 0)}. {_say_types(types)} Over all types a forecast is sure that a link works for "
        f"{percent(whole['works'], 0)} of links, that it fails for {percent(whole['fails'], 0)}."
        + say_hidden(table, "building_type"),
        _source(model),
        n=f"About {count(whole['links'])} links in {count(whole['buildings'])} buildings left aside from the bounds; "
        "the other half of the buildings set them.",
        method=f"Split conformal sets by building type at an error rate of {percent(error, 0)} (Vovk and others 2022); "
        "the guarantee is for a building taken at random, so a small type strays.",
        notes=(done.note,),
        disclosure=done.record,
        headings={
            "building_type": "Building type",
            "coverage": "Outcome in the set",
            "works": "Sure to work",
            "fails": "Sure to fail",
            "undecided": "Undecided",
            "empty": "Contradicted",
            "links": "Links",
            "buildings": "Buildings",
        },
        formats=dict.fromkeys(shares, ".1%"),
    )


_LEARNERS = {"logistic": "Logistic regression", "boosting": "Gradient-boosted trees"}


def answer_links(models: Sequence[CoverageModel]) -> str:
    """Return the notebook's answer: how far a link can be told beforehand.

    Parameters
    ----------
    models : sequence of CoverageModel

    Returns
    -------
    str
    """
    lines = []
    for model in models:
        score = model.scores.set_index("left_out").loc["building"]
        sure = model.conformal[model.conformal["kind"].eq(TOTAL)].iloc[0]
        named = sure["works"] + sure["fails"]
        lines.append(
            f"- {_name(model)}: forecasts for buildings not seen take away **{percent(score['skill'], 0)}** of the "
            f"uncertainty. They name one outcome for {percent(named, 0)} of links, the right one for "
            f"**{percent((sure['coverage'] - sure['undecided']) / named, 0)}** of these."
        )
    return "\n\n".join(
        [
            "As far as the trial goes, a link can be told from its distance, walls, floors and building:",
            "\n".join(lines),
            f"{_say_gap(max(models, key=lambda model: model.leakage_gap))}. A forecast stands for links of the "
            "trial's kind of building alone; it does not replace a measurement where the set is undecided.",
        ]
    )


def _count_buildings(model: CoverageModel, sizes: pd.Series) -> list[int]:
    """Return the buildings of each bin: bins hold the links in order of their forecast."""
    ordered = model.predictions.sort_values("by_building", kind="stable")["building_id"].to_numpy()
    return [len(set(part)) for part in np.split(ordered, np.cumsum(sizes.to_numpy())[:-1])]


def _say_worst(shown: pd.DataFrame) -> str:
    if shown.empty:
        return "All groups are suppressed."
    worst = shown.loc[(shown["observed"] - shown["forecast"]).abs().idxmax()]
    return (
        f"Furthest off: of links given {percent(worst['forecast'], 0)}, {percent(worst['observed'], 0)} worked "
        f"({percent(worst['low'], 0)} to {percent(worst['high'], 0)})."
    )


def _say_types(types: pd.DataFrame) -> str:
    if types.empty:
        return ""
    low, high = types.loc[types["coverage"].idxmin()], types.loc[types["coverage"].idxmax()]
    return (
        f"Lowest: {low['building_type'].lower()} {percent(low['coverage'])}; highest: "
        f"{high['building_type'].lower()} {percent(high['coverage'])}."
    )


def _say_gap(model: CoverageModel) -> str:
    gap = model.leakage_gap
    if gap < NO_GAP:
        return "Leaving whole buildings out costs the forecasts nothing"
    return f"A random split would flatter the Brier score by {gap:.3f}"


def _say_links(model: CoverageModel) -> str:
    links, buildings = len(model.predictions), model.predictions["building_id"].nunique()
    rounded = coarsen(pd.DataFrame({"links": [links], "buildings": [buildings]}), rounded=["links", "buildings"])
    return f"About {count(rounded['links'].iloc[0])} links in {count(rounded['buildings'].iloc[0])} buildings."


def _name(model: CoverageModel) -> str:
    return TECHNOLOGIES.get(model.technology, model.technology)


def _source(model: CoverageModel) -> str:
    made = "Synthetic building characterisation trial, made from a seed" if model.synthetic else "Building trial"
    return f"{made}; own calculation."
