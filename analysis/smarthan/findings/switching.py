"""What would change the leader: the weight or the score at which another option leads, and what moves the lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.finding import Finding, mark
from smarthan.findings.rows import rows_in_words
from smarthan.findings.scores import appraisal_source, criterion_labels, option_labels, set_words

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal

_SWING = 1e-9  # points; what moves the lead by less does not move it


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
    name, running = appraisal.weights_of(weights)[0], count_running(appraisal)
    if running < 2:
        return nothing_switches(appraisal, "switching_values")
    raw, labels = appraisal.switching_values(weights), option_labels(appraisal)
    leader = labels[raw.attrs["leader"]]
    table = pd.DataFrame(
        {
            "criterion": list(criterion_labels(appraisal).values()),
            "weight": raw["weight"],
            "below": [_switch(w, labels.get(str(o), "")) for w, o in _pairs(raw, "below")],
            "above": [_switch(w, labels.get(str(o), "")) for w, o in _pairs(raw, "above")],
            "score_now": [_said(score, unit) for score, unit in zip(raw["leader_score"], raw["unit"], strict=True)],
            "score_at_switch": [
                _said(score, unit) for score, unit in zip(raw["switch_score"], raw["unit"], strict=True)
            ],
            "row": [rows_in_words(appraisal, appraisal.cells[raw.attrs["leader"], one]) for one in raw["criterion"]],
        }
    )
    nearest = pd.concat([raw["weight"] - raw["below_weight"], raw["above_weight"] - raw["weight"]], axis=1).min(axis=1)
    closest = table.loc[nearest.idxmin(), "criterion"] if nearest.notna().any() else ""
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "switching_values",
        f"Closest switch: {closest}, {nearest.min():.1%} of all weight away"
        if closest
        else "No single weight changes the leader",
        f"Weight, and score of the leader ({leader}), at which another option takes the lead, one at a time; best "
        f"estimates, weights of {set_words(name)}",
        "",
        appraisal_source(appraisal),
        n=f"{len(table)} criteria; {int(nearest.notna().sum())} could change the leader alone.",
        method="Exact, at the best estimates: the other weights keep their proportions; the other scores stay.",
        headings={
            "criterion": "Criterion",
            "weight": "Weight now",
            "below": "Leader changes below",
            "above": "Leader changes above",
            "score_now": "Its score now",
            "score_at_switch": "Score at which it is level",
            "row": "Row of its score",
        },
        formats={"weight": ".1%"},
    )


def count_running(appraisal: Appraisal) -> int:
    """Return how many options do not fail a must-have."""
    return sum(state.answer != "no" for state in appraisal.gate_states.values())


def nothing_switches(appraisal: Appraisal, name: str) -> Finding:
    """Return the finding that there is no second option, so that no lead can change."""
    running = count_running(appraisal)
    words = "one option is" if running == 1 else "no option is"
    return Finding(
        mark(pd.DataFrame(), synthetic=appraisal.synthetic),
        name,
        "Nothing can take the lead from the leader",
        "",
        "",
        appraisal_source(appraisal),
        missing=f"Only {words} left after the must-haves; a lead needs a second option.".replace("Only no", "No"),
    )


def _pairs(raw: pd.DataFrame, side: str) -> list[tuple[float, object]]:
    return list(zip(raw[f"{side}_weight"], raw[f"{side}_option"], strict=True))


def _said(score: object, unit: str) -> str:
    if isinstance(score, str):
        return score.replace("_", " ")
    from smarthan.analysis.record.words import with_unit

    return "no score" if pd.isna(score) else with_unit(float(str(score)), unit)


def _switch(weight: float, option: str) -> str:
    return f"{weight:.1%}: {option}" if pd.notna(weight) else "no weight changes it"


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
    if count_running(appraisal) < 2:
        return nothing_switches(appraisal, "tornado")
    raw = appraisal.tornado(weights)
    uncertain = raw[raw["swing"].gt(_SWING)]
    shown = uncertain.head(most)
    options, criteria = option_labels(appraisal), criterion_labels(appraisal)
    cells = list(zip(shown["option"], shown["criterion"], strict=True))
    table = pd.DataFrame(
        {
            "cell": [f"{options[o]}: {criteria[c]}" for o, c in cells],
            "lead_at_low": shown["lead_at_low"],
            "lead_at_high": shown["lead_at_high"],
            "row": [rows_in_words(appraisal, appraisal.cells[cell]) for cell in cells],
        }
    )
    lead, leader = float(raw.attrs["lead"]), options[raw.attrs["leader"]]
    turning = int((uncertain[["lead_at_low", "lead_at_high"]] < 0).any(axis=1).sum())
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "tornado",
        f"{turning} of {len(uncertain)} uncertain scores can overturn the lead"
        if len(table)
        else "No score of the two leaders is uncertain",
        f"Lead of {leader} over {options[raw.attrs['second']]} [points] when one score goes to its low or its high "
        f"end; weights of {set_words(raw.attrs['weights'])}",
        _tornado_alt(table, lead) if len(table) else "",
        appraisal_source(appraisal),
        n=f"The {len(table)} widest of {len(uncertain)} uncertain scores of the two leaders.",
        method="One score at a time, all others at their best estimates; one never stated goes over its whole range.",
        headings={
            "cell": "Score",
            "lead_at_low": "Lead at its low end",
            "lead_at_high": "Lead at its high end",
            "row": "Row",
        },
        formats={"lead_at_low": ".1f", "lead_at_high": ".1f"},
        drawn={
            "label": "cell",
            "low": "lead_at_low",
            "high": "lead_at_high",
            "base": lead,
            "base_label": f"Lead now {lead:.1f}",
            "low_label": "Score at its low end",
            "high_label": "at its high end",
            "limit": 0.0,
            "limit_label": "Another option leads",
            "axis_label": "Lead, points",
            "decimals": 1,
        },
        missing=""
        if len(table)
        else "Every score of the two leaders is stated without a range, so none can move the lead.",
    )


def _tornado_alt(table: pd.DataFrame, lead: float) -> str:
    said = "; ".join(
        f"{row.cell}, from {row.lead_at_low:.1f} to {row.lead_at_high:.1f}" for row in table.head(3).itertuples()
    )
    return (
        f"Bars around a lead of {lead:.1f} points, widest first, from the score's low to its high end. The first: "
        f"{said}. A lead below 0 means that another option is ahead."
    )
