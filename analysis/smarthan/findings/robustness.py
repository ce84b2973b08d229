"""How robust the ranking is: rank acceptability, switching values, what moves the lead, in tables with their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.scores import _words, appraisal_source, option_labels

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal, Simulation


def acceptability_of(appraisal: Appraisal, simulation: Simulation) -> Finding:
    """Return how often each option takes each rank when scores and weights vary within what was stated.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation

    Returns
    -------
    Finding
        Wide table: option, then one column a rank ("1", "2", ...), shares from 0 to 1, likeliest winner first.
    """
    wide = simulation.rank_acceptability().pivot(index="option", columns="rank", values="share")
    wide = wide.sort_values(list(wide.columns), ascending=False)
    ranks = [str(rank) for rank in wide.columns]
    labels = option_labels(appraisal)
    table = wide.set_axis(ranks, axis=1).reset_index()
    table["option"] = table["option"].map(labels)
    first, second = table.iloc[0], table.iloc[1]
    largest = simulation.rank_acceptability()["se"].max()
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "rank_acceptability",
        f"{first['option']} is first in {percent(first['1'], 0)} of draws",
        f"Share of {count(simulation.draws)} simulated appraisals in which an option takes each rank",
        f"A table of {len(table)} options by {len(ranks)} ranks. {first['option']} is first in "
        f"{percent(first['1'], 0)} of draws, "
        f"{second['option']} in {percent(second['1'], 0)}, {table.iloc[2]['option']} in "
        f"{percent(table.iloc[2]['1'], 0)}.",
        appraisal_source(appraisal),
        n=f"{count(simulation.draws)} draws, seed {simulation.seed}, each stated set of weights equally often.",
        method="Stochastic multicriteria acceptability analysis (SMAA-2, Lahdelma and Salminen 2001); Monte Carlo "
        "standard "
        f"error at most {largest:.4f}.",
        notes=("Options that fail a gate for certain are left out.",),
        headings={"option": "Option"} | {rank: f"Rank {rank}" for rank in ranks},
        formats=dict.fromkeys(ranks, ".1%"),
    )


def switches_of(appraisal: Appraisal, weights: str | None = None) -> Finding:
    """Return by how much each weight must move before another option leads.

    Parameters
    ----------
    appraisal : Appraisal
    weights : str, optional

    Returns
    -------
    Finding
        A table: criterion, weight now, and the nearest weight below and above at which the lead changes, with the
        new leader.
    """
    raw = appraisal.switching_values(weights)
    labels = option_labels(appraisal)
    table = pd.DataFrame(
        {
            "criterion": raw["label"],
            "weight": raw["weight"],
            "below": [
                _switch(w, labels.get(str(o), ""))
                for w, o in zip(raw["below_weight"], raw["below_option"], strict=True)
            ],
            "above": [
                _switch(w, labels.get(str(o), ""))
                for w, o in zip(raw["above_weight"], raw["above_option"], strict=True)
            ],
        }
    )
    nearest = pd.concat([raw["weight"] - raw["below_weight"], raw["above_weight"] - raw["weight"]], axis=1).min(axis=1)
    closest = raw.loc[nearest.idxmin(), "label"] if nearest.notna().any() else ""
    title = f"Closest switch: {closest}" if closest else "No single weight changes the leader"
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "switching_values",
        title,
        "Weight at which another option takes the lead, one criterion at a time; weights of "
        f"{_words(appraisal.weights_of(weights)[0])}",
        "",
        appraisal_source(appraisal),
        n=f"{len(table)} criteria; {int(nearest.notna().sum())} could change the leader alone.",
        method="Exact: the other weights keep their proportions.",
        headings={
            "criterion": "Criterion",
            "weight": "Weight now",
            "below": "Leader changes below",
            "above": "Leader changes above",
        },
        formats={"weight": ".3f"},
    )


def _switch(weight: float, option: str) -> str:
    return f"{weight:.3f}: {option}" if pd.notna(weight) else "no weight changes it"


def swings_of(appraisal: Appraisal, weights: str | None = None, *, most: int = 10) -> Finding:
    """Return what one cell at a time does to the lead between its low and its high end, widest first.

    Parameters
    ----------
    appraisal : Appraisal
    weights : str, optional
    most : int
        How many cells to keep.

    Returns
    -------
    Finding
        A table: cell (option and criterion), lead at low, lead at high [points]; `attrs["lead"]` is the lead now.
    """
    raw = appraisal.tornado(weights).head(most)
    options = option_labels(appraisal)
    criteria = {criterion.id: criterion.label for criterion in appraisal.criteria}
    table = pd.DataFrame(
        {
            "cell": [f"{options[o]}: {criteria[c]}" for o, c in zip(raw["option"], raw["criterion"], strict=True)],
            "lead_at_low": raw["lead_at_low"],
            "lead_at_high": raw["lead_at_high"],
        }
    )
    totals = appraisal.score(weights).table.dropna(subset="rank").sort_values("rank")
    lead = float(totals["total"].iloc[0] - totals["total"].iloc[1])
    turning = int(((table[["lead_at_low", "lead_at_high"]] < 0).any(axis=1)).sum())
    finding = mark(table, synthetic=appraisal.synthetic)
    finding.attrs["lead"] = lead
    return Finding(
        finding,
        "tornado",
        f"{turning} of {len(table)} uncertain scores can overturn the lead",
        f"Lead of {totals['label'].iloc[0]} [points] when one score goes to its low or high end",
        f"Bars around a lead of {lead:.1f} points, widest first. Widest: {table['cell'].iloc[0]}, from "
        f"{table['lead_at_low'].iloc[0]:.1f} "
        f"to {table['lead_at_high'].iloc[0]:.1f} points. A lead below 0 means that another option is ahead.",
        appraisal_source(appraisal),
        n=f"The {len(table)} widest of all uncertain scores.",
        method="One score at a time, all others at their best estimates.",
        headings={"cell": "Score", "lead_at_low": "Lead at its low end", "lead_at_high": "Lead at its high end"},
        formats={"lead_at_low": ".1f", "lead_at_high": ".1f"},
    )


def shortlist_of(appraisal: Appraisal, simulation: Simulation) -> Finding:
    """Return what choosing from the shortlist would cost on average, under each set of weights.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation

    Returns
    -------
    Finding
        A table: who stated the weights, regret [points] with its standard error, chance that the best option is listed.
    """
    found = simulation.shortlist()
    labels = option_labels(appraisal)
    table = found.by_set[["weight_set", "regret", "se", "chance"]].copy()
    table["weight_set"] = table["weight_set"].map(_words)
    names = listed(labels[option] for option in found.options)
    kept = "keeps regret within" if found.meets else "does not keep regret within"
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "shortlist",
        f"A shortlist of {len(found.options)} {kept} {found.max_regret:g} points: {names}",
        "Mean loss from choosing on the shortlist only, instead of the best of all options, by who stated the weights",
        "",
        appraisal_source(appraisal),
        n=f"{count(simulation.draws)} draws, seed {simulation.seed}; {len(found.table)} lists looked at.",
        method=f"The smallest list of at most {found.max_size} options whose mean regret is at most "
        f"{found.max_regret:g} points "
        "under every set of weights; with its Monte Carlo standard error.",
        headings={
            "weight_set": "Weights of",
            "regret": "Mean regret, points",
            "se": "Standard error",
            "chance": "Best option is listed",
        },
        formats={"regret": ".2f", "se": ".3f", "chance": ".0%"},
    )


def answer_robustness(appraisal: Appraisal, simulation: Simulation) -> str:
    """Return the notebook's answer: how sure the lead is, and what would change it.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation

    Returns
    -------
    str
    """
    labels = option_labels(appraisal)
    first = simulation.confidence().sort_values("first_share", ascending=False)
    top = first.iloc[0]
    rivals = [f"{labels[row.option]} in {percent(row.first_share, 0)}" for row in first.iloc[1:4].itertuples()]
    low = first.loc[first["first_share"].lt(0.005), "option"].map(labels).tolist()
    sure = "a majority" if top["first_share"] > 0.5 else "no majority"
    return "\n\n".join(
        [
            f"**{labels[top['option']]}** comes first in {percent(top['first_share'], 0)} of "
            f"{count(simulation.draws)} draws: {sure}. "
            f"Next: {listed(rivals)}.",
            f"Practically never first, whatever is believed within the stated ranges: {listed(low)}.",
            "The ranking therefore supports a shortlist, not a single winner."
            if top["first_share"] <= 0.5
            else "The leader keeps its place in most of what was stated as possible.",
        ]
    )
