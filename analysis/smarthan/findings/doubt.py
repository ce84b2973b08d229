"""Doubt about facts kept apart from difference of values, and who among the people asked would change the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.findings.finding import Finding, count, headline, listed, mark, percent, several
from smarthan.findings.rows import rows_in_words
from smarthan.findings.scores import appraisal_source, criterion_labels, option_labels, set_words

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal, Simulation

_GAP = "gap: "
_HOW = {
    "weights": "its weights alone",
    "alone": "its scores alone where several judged",
    "left out": "its scores left out",
}


def facts_of(appraisal: Appraisal, simulation: Simulation) -> Finding:
    """Return how much of the doubt about each score more evidence could settle, and how much only people can.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation

    Returns
    -------
    Finding
        A table: subject (the gap of the two leaders first, then the options, most doubtful first), facts, values
        (shares of its variance, 0 to 1), spread (standard deviation, points). Subjects without doubt are left out.
    """
    labels = option_labels(appraisal)
    raw = simulation.disagreement().variance
    raw = raw[(raw["facts"] + raw["values"]).gt(0)]
    whole = raw["facts"] + raw["values"]
    table = pd.DataFrame(
        {
            "subject": [_subject(name, labels) for name in raw["subject"]],
            "facts": raw["facts_share"],
            "values": 1 - raw["facts_share"],
            "spread": np.sqrt(whole),
            "is_gap": raw["subject"].str.startswith(_GAP),
        }
    ).sort_values(["is_gap", "spread"], ascending=False, kind="stable", ignore_index=True)
    table["heading"] = table["subject"] + table["spread"].map(" (± {:.1f})".format)
    gap = table[table["is_gap"]]
    without = len(simulation.options) - int((~table["is_gap"]).sum())
    return Finding(
        mark(table.drop(columns="is_gap"), synthetic=appraisal.synthetic),
        "facts_against_values",
        f"{percent(gap['facts'].iloc[0], 0)} of doubt about the lead is about facts"
        if len(gap)
        else "Nothing is in doubt about the lead",
        f"Share of the variance of each score, and of the gap of the two leaders, from uncertain facts and from "
        f"different weights; as of {appraisal.as_of:%-d %B %Y}",
        _facts_alt(table),
        appraisal_source(appraisal),
        n=f"{count(simulation.draws)} draws, seed {simulation.seed}; "
        f"{several(len(simulation.source.sets), 'set')} of weights."
        + (f" {several(without, 'option')} without any doubt left out." if without else ""),
        method="Facts: mean over the weights of the variance that uncertain scores make. Values: variance over the "
        "weights of the expected score. In brackets the standard deviation in points. Gates are left aside.",
        notes=(_say_source(simulation),),
        headings={
            "subject": "Score of",
            "facts": "Doubt about facts",
            "values": "Difference of values",
            "spread": "Standard deviation, points",
            "heading": "Drawn as",
        },
        formats={"facts": ".0%", "values": ".0%", "spread": ".2f"},
        drawn={
            "label": "heading",
            "parts": {"facts": "Doubt about facts", "values": "Difference of values"},
            "axis_label": "Share of the variance",
        },
        missing="" if len(table) else "No score has a range and all weights are the same, so nothing is in doubt.",
    )


def _subject(name: str, labels: dict[str, str]) -> str:
    if not name.startswith(_GAP):
        return labels[name]
    first, second = name.removeprefix(_GAP).split(" over ")
    return f"Lead of {labels[first]} over {labels[second]}"


def _facts_alt(table: pd.DataFrame) -> str:
    if table.empty:
        return ""
    said = "; ".join(f"{row.subject} {percent(row.facts, 0)}" for row in table.itertuples())
    return f"Bars divided into doubt about facts and difference of values. Share that is about facts: {said}."


def _say_source(simulation: Simulation) -> str:
    if len(simulation.source.sets) == 1:
        return "One set of weights alone is stated, so that no difference of values can show."
    return "More evidence can settle doubt about facts; a difference of values only people can settle."


def leaders_of(appraisal: Appraisal, simulation: Simulation) -> Finding:
    """Return the expected points and the rank of each option for each set of weights: who would change the answer.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation

    Returns
    -------
    Finding
        A table: option, then expected points and rank for each set; best mean rank first.
    """
    ranks = simulation.disagreement().ranks
    labels = option_labels(appraisal)
    wide = ranks.pivot(index="option", columns="weight_set", values=["points", "rank"])
    sets = list(simulation.source.set_names)
    order = wide["rank"][sets].mean(axis=1).sort_values(kind="stable").index
    columns: dict[str, object] = {"option": [labels[option] for option in order]}
    headings = {"option": "Option"}
    for name in sets:
        columns[f"{name}_points"] = wide["points"].loc[order, name].to_numpy()
        columns[f"{name}_rank"] = wide["rank"].loc[order, name].astype("int64").to_numpy()
        headings |= {f"{name}_points": f"{set_words(name)}: points", f"{name}_rank": f"{set_words(name)}: rank"}
    led = {name: labels[str(rows.iloc[0])] for name, rows in _first(ranks).items()}
    return Finding(
        mark(pd.DataFrame(columns), synthetic=appraisal.synthetic),
        "ranks_by_weight_set",
        _led_title(led),
        "Expected points (0 to 100) and rank of each option by who stated the weights; ranges and gates included",
        "",
        appraisal_source(appraisal),
        n=f"{several(len(order), 'option')} in the running, {several(len(sets), 'set')} of weights.",
        method="Expected over the ranges of the scores; an option that may fail a must-have counts as the baseline "
        "where it fails. So these points can differ from those at the best estimates.",
        headings=headings,
        formats={f"{name}_points": ".1f" for name in sets},
    )


def _first(ranks: pd.DataFrame) -> dict[str, pd.Series]:
    return {str(name): rows.sort_values("rank")["option"] for name, rows in ranks.groupby("weight_set", sort=False)}


def _led_title(led: dict[str, str]) -> str:
    leaders, first = list(dict.fromkeys(led.values())), next(iter(led))
    if len(led) == 1:
        return f"By the one set of weights stated, {leaders[0]} is expected to lead"
    if len(leaders) == 1:
        return f"{leaders[0]} is expected to lead for all {len(led)} sets: nobody's weights would change the leader"
    others = [name for name in led if led[name] != led[first]]
    puts = listed(f"{led[name]} ({set_words(name)})" for name in others)
    return f"{led[first]} is expected to lead for {set_words(first)}; others would put first: {puts}"


def dissent_of(appraisal: Appraisal, simulation: Simulation) -> Finding:
    """Return who would change the answer: each set of weights alone, each assessor's scores alone or left out.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation

    Returns
    -------
    Finding
        A table: who, how (in words), leader, lead [expected points], changes (yes or no).
    """
    from smarthan.analysis.simulation.expected import LEADERS_DIFFER

    answers, labels = simulation.disagreement().answers, option_labels(appraisal)
    now = labels[answers.attrs["leader"]]
    table = pd.DataFrame(
        {
            "who": answers["who"].map(set_words),
            "how": answers["how"].map(_HOW),
            "leader": answers["leader"].map(labels),
            "lead": answers["lead"],
            "changes": answers["changes"].map({True: "yes", False: "no"}),
        }
    )
    changing = table[table["changes"].eq("yes")]
    names = listed(dict.fromkeys(changing["who"]))
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "who_would_change_the_answer",
        f"Asked alone, {names} would put another option first than {now}"
        if len(changing)
        else f"Nobody asked alone would put another option first than {now}",
        f"Leader in expected points if one set of weights, or one assessor's scores, counted alone; {now} leads at the "
        "mean of all weights with everybody's scores",
        "",
        appraisal_source(appraisal),
        n=f"{several(len(table), 'way')} to ask one alone; of those that give the same, one is shown.",
        method="Expected over the ranges of the scores, must-haves included; scores are judged at the mean weights.",
        headings={
            "who": "Who",
            "how": "What counts",
            "leader": "Leader",
            "lead": "Lead, points",
            "changes": "Changes the answer",
        },
        formats={"lead": ".2f"},
        notes=(LEADERS_DIFFER,),
    )


def assessors_of(appraisal: Appraisal, simulation: Simulation, weights: str | None = None) -> Finding:
    """Return the cells that several people judged: how far apart they are, and whether that decides who leads.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation
    weights : str, optional

    Returns
    -------
    Finding
        A table: cell, assessors, what they said, least, most, spread [points], leader if only the least or only the
        most counted, row.
    """
    apart = simulation.disagreement().assessors
    options, criteria = option_labels(appraisal), criterion_labels(appraisal)
    name, shares = appraisal.weights_of(weights)
    cells = list(zip(apart["option"], apart["criterion"], strict=True))
    table = pd.DataFrame(
        {
            "cell": [f"{options[o]}: {criteria[c]}" for o, c in cells],
            "assessors": apart["assessors"].str.replace("_", " "),
            "said": apart["said"].str.replace("_", " "),
            "least": apart["least"],
            "most": apart["most"],
            "spread": apart["spread"],
            "leader_at_least": [
                _leader_if(appraisal, shares, *c, v) for c, v in zip(cells, apart["least"], strict=True)
            ],
            "leader_at_most": [_leader_if(appraisal, shares, *c, v) for c, v in zip(cells, apart["most"], strict=True)],
            "row": [rows_in_words(appraisal, appraisal.cells[cell]) for cell in cells],
        }
    )
    deciding = int((table["leader_at_least"] != table["leader_at_most"]).sum())
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "assessors",
        headline(
            f"{deciding} of {len(table)} disputed scores would change the leader", "Disputed scores and the leader"
        )
        if len(table)
        else "No score is disputed",
        f"Cells that several people judged, widest apart first, in points (0 to 100); leader by the weights of "
        f"{set_words(name)} if only one of them were believed",
        "",
        appraisal_source(appraisal),
        n=f"{len(table)} cells with several assessors, of {len(appraisal.options) * len(appraisal.criteria)}.",
        method="At the best estimates; in the simulation each draw takes one of the assessors, all equally likely.",
        headings={
            "cell": "Score",
            "assessors": "Judged by",
            "said": "What they said",
            "least": "Least, points",
            "most": "Most, points",
            "spread": "Apart by",
            "leader_at_least": "Leader at the least",
            "leader_at_most": "Leader at the most",
            "row": "Rows",
        },
        formats=dict.fromkeys(("least", "most", "spread"), ".1f"),
        missing="" if len(table) else "Each score was judged by one person, so that no disagreement on facts can show.",
    )


def _leader_if(appraisal: Appraisal, shares: np.ndarray, option: str, criterion: str, points: float) -> str:
    """Return who would lead if one cell had other points."""
    ids = [one.id for one in appraisal.options]
    values = appraisal.best_values.copy()
    values[ids.index(option), [one.id for one in appraisal.criteria].index(criterion)] = points
    running = [place for place, one in enumerate(ids) if appraisal.gate_states[one].answer != "no"]
    if not running:
        return "none"
    return option_labels(appraisal)[ids[running[int(np.argmax(values[running] @ shares))]]]
