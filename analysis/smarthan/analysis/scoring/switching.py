"""Switching values and the tornado of an appraisal, in the units people scored in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from smarthan.analysis.appraisal.judgements import best_score, point_estimate
from smarthan.analysis.appraisal.model import Appraisal
from smarthan.analysis.appraisal.parts import Criterion, Judgement

from .stability import Switch, points_to_lose, weight_stability
from .values import Floats, additive_value, round_points


def tabulate_switching(appraisal: Appraisal, weights: str | Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return what it takes, on each criterion alone, for another option to lead.

    Returns
    -------
    DataFrame
        criterion, label, weight; below_weight, below_option, above_weight, above_option (missing: no weight on that
        side changes the leader); points_to_lose by the leader, leader_score, switch_score in `unit`, and `says`, the
        same in a sentence. `attrs` hold leader, second and gap [points].
    """
    name, shares = appraisal.weights_of(weights)
    running = _running(appraisal)
    values = appraisal.best_values[running]
    leader, second, gap = _leaders(values, shares)
    ids = [appraisal.options[place].id for place in running]
    losses = points_to_lose(gap, shares)
    rows = []
    for place, criterion in enumerate(appraisal.criteria):
        _, below, above = weight_stability(values, shares, place)
        cell = appraisal.cells[ids[leader], criterion.id]
        switch = _switch_score(criterion, float(values[leader, place] - losses[place]))
        rows.append(
            {
                "criterion": criterion.id,
                "label": criterion.label,
                "weight": shares[place],
                **_side("below", below, ids),
                **_side("above", above, ids),
                "points_to_lose": losses[place],
                "unit": criterion.unit or "word",
                "leader_score": best_score(cell, criterion),
                "switch_score": switch,
                "says": _describe(criterion, float(shares[place]), below, above, ids),
            }
        )
    frame = pd.DataFrame(rows).astype({"below_option": "str", "above_option": "str"})
    frame.attrs.update({"weights": name, "leader": ids[leader], "second": ids[second], "gap": gap})
    return appraisal.stamp(frame)


def _running(appraisal: Appraisal) -> list[int]:
    places = [p for p, option in enumerate(appraisal.options) if appraisal.gate_states[option.id].answer != "no"]
    if len(places) < 2:
        raise ValueError(f"{appraisal.id}: fewer than two options pass the gates, so nothing can switch")
    return places


def _leaders(values: Floats, shares: Floats) -> tuple[int, int, float]:
    totals = round_points(additive_value(values, shares))
    leader, second = (int(place) for place in np.argsort(-totals, kind="stable")[:2])
    return leader, second, float(totals[leader] - totals[second])


def _side(side: str, switch: Switch, ids: list[str]) -> dict[str, object]:
    weight, option = (np.nan, "") if switch is None else (switch[0], ids[switch[1]])
    return {f"{side}_weight": weight, f"{side}_option": option}


def _switch_score(criterion: Criterion, points: float) -> float | str:
    """Return the score worth so many points, or words where the range holds none."""
    if points < 0:
        return "not possible within the range"
    if criterion.levels:
        return next(level.id for level in reversed(criterion.levels) if level.value <= points)
    # From worst to best, so that on a level stretch the end nearest to the leader's score is taken.
    step = 1 if criterion.ys[0] <= criterion.ys[-1] else -1
    return float(np.interp(points, criterion.ys[::step], criterion.xs[::step]))


def _describe(criterion: Criterion, now: float, below: Switch, above: Switch, ids: list[str]) -> str:
    parts = [
        f"{word} {switch[0]:.3f} {ids[switch[1]]} leads"
        for word, switch in (("below", below), ("above", above))
        if switch is not None
    ]
    return f"{criterion.label} weighs {now:.3f}: {'; '.join(parts) or 'no weight changes the leader'}"


def tabulate_tornado(appraisal: Appraisal, weights: str | Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return the leader's lead over the second option with each of their cells at its low and its high.

    Returns
    -------
    DataFrame
        option, criterion, lead_at_low, lead_at_high, swing [points], widest first. `attrs` hold the lead as it is.
    """
    name, shares = appraisal.weights_of(weights)
    running = _running(appraisal)
    values = appraisal.best_values[running]
    leader, second, gap = _leaders(values, shares)
    rows = []
    for sign, place in ((1.0, leader), (-1.0, second)):
        option = appraisal.options[running[place]].id
        for column, criterion in enumerate(appraisal.criteria):
            ends = cell_ends(appraisal.cells[option, criterion.id], criterion, appraisal.spread)
            low, high = (gap + sign * shares[column] * (end - values[place, column]) for end in ends)
            rows.append((option, criterion.id, low, high, abs(high - low)))
    frame = pd.DataFrame(rows, columns=["option", "criterion", "lead_at_low", "lead_at_high", "swing"])
    frame = frame.astype({"option": "str", "criterion": "str"})
    frame = frame.sort_values("swing", ascending=False, kind="stable", ignore_index=True)
    ids = [appraisal.options[running[place]].id for place in (leader, second)]
    frame.attrs.update({"weights": name, "leader": ids[0], "second": ids[1], "lead": gap})
    return appraisal.stamp(frame)


def cell_ends(judgements: list[Judgement], criterion: Criterion, spread: Mapping[str, float]) -> tuple[float, float]:
    """Return the mean points of a cell with every assessor at the low, and at the high, end of what was stated."""
    ends = [_judged_ends(one, criterion, spread) for one in judgements]
    return float(np.mean([end[0] for end in ends])), float(np.mean([end[1] for end in ends]))


def _judged_ends(one: Judgement, criterion: Criterion, spread: Mapping[str, float]) -> tuple[float, float]:
    from smarthan.analysis.simulation.uncertainty import stated_limits, word_chances

    if criterion.levels:
        likely = np.flatnonzero(word_chances(one, criterion, spread))
        return criterion.levels[likely[0]].value, criterion.levels[likely[-1]].value
    low, high = stated_limits(one, criterion, spread, point_estimate(one) if not one.is_missing else None)
    return float(criterion.value_of(low)), float(criterion.value_of(high))
