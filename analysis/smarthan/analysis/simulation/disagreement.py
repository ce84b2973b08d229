"""Facts against values: how much of the doubt more evidence could settle, and how much only people can."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.appraisal.judgements import best_value
from smarthan.analysis.scoring.values import Floats

from .draws import DrawModel

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal

    from .runs import Simulation


@dataclass(frozen=True)
class Disagreement:
    """Who would answer differently, and why.

    Attributes
    ----------
    variance : DataFrame
        subject (an option, or `gap: A over B` for the leader at the mean weights and its rival: the best option that
        leads for another set, else the second), facts and values [points squared], facts_share.
    gap_by_criterion : DataFrame
        criterion, values [points squared]: what each criterion's weight contributes to the values variance of the gap;
        the rows add to it.
    ranks : DataFrame
        weight_set, option, points (expected, gates included), rank.
    assessors : DataFrame
        Cells that several people judged: option, criterion, assessors, least, most, spread [points], widest first.
    """

    variance: pd.DataFrame
    gap_by_criterion: pd.DataFrame
    ranks: pd.DataFrame
    assessors: pd.DataFrame

    def _repr_html_(self) -> str:
        tables = (("Facts against values", self.variance), ("Rank in each weight set", _widen(self.ranks)))
        return "".join(
            f"<p><b>{title}</b></p>{t.to_html(border=0, float_format='{:.2f}'.format)}" for title, t in tables
        )


def _widen(ranks: pd.DataFrame) -> pd.DataFrame:
    return ranks.pivot(index="option", columns="weight_set", values="rank")


def expected_points(model: DrawModel, weights: Floats) -> Floats:
    """Return each option's expected points for one set of weights, a failed gate counting as the baseline."""
    plain = model.expected @ weights
    chances = model.chances
    return np.asarray(chances * plain + (1 - chances) * plain[model.baseline])


def measure_disagreement(simulation: Simulation) -> Disagreement:
    """Split the doubt of a simulation into facts and values; see `Simulation.disagreement`."""
    model = simulation.model
    mean, covariance = simulation.weight_moments()
    first, second = _find_rivals(model, mean, simulation.source.sets)
    rows = [
        (name, *_split(model.variance[place], model.expected[place], mean, covariance))
        for place, name in enumerate(model.names)
    ]
    gap = model.expected[first] - model.expected[second]
    both = model.variance[first] + model.variance[second]
    rows.append((f"gap: {model.names[first]} over {model.names[second]}", *_split(both, gap, mean, covariance)))
    variance = pd.DataFrame(rows, columns=["subject", "facts", "values"])
    total = variance["facts"] + variance["values"]
    variance["facts_share"] = (variance["facts"] / total).where(total > 0)
    by_criterion = simulation.label({"criterion": simulation.criteria, "values": gap * (covariance @ gap)})
    return Disagreement(
        simulation.appraisal.stamp(variance.astype({"subject": "str"})),
        by_criterion.sort_values("values", ascending=False, kind="stable", ignore_index=True),
        _rank_by_set(simulation),
        _compare_assessors(simulation.appraisal),
    )


def _find_rivals(model: DrawModel, mean: Floats, sets: Floats) -> tuple[int, int]:
    """Return the leader at the mean weights, and the best of those who lead for some set; else the second."""
    order = np.argsort(-expected_points(model, mean), kind="stable").tolist()
    leaders = {int(np.argmax(expected_points(model, weights))) for weights in sets}
    rivals = [place for place in order[1:] if place in leaders]
    return order[0], (rivals or order[1:] or order)[0]


def _split(variance: Floats, expected: Floats, mean: Floats, covariance: Floats) -> tuple[float, float]:
    facts = float((np.diag(covariance) + mean**2) @ variance)
    return facts, max(float(expected @ covariance @ expected), 0.0)


def _rank_by_set(simulation: Simulation) -> pd.DataFrame:
    parts = []
    for name, weights in zip(simulation.source.set_names, simulation.source.sets, strict=True):
        points = pd.Series(expected_points(simulation.model, weights))
        rank = points.rank(ascending=False, method="min").astype("int64")
        parts.append(pd.DataFrame({"weight_set": name, "option": simulation.options, "points": points, "rank": rank}))
    columns = ["weight_set", "option", "points", "rank"]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return simulation.appraisal.stamp(frame.astype({"weight_set": "str", "option": "str"}))


def _compare_assessors(appraisal: Appraisal) -> pd.DataFrame:
    rows = []
    for option in appraisal.options:
        for criterion in appraisal.criteria:
            judged = appraisal.cells[option.id, criterion.id]
            if len(judged) > 1:
                points = [best_value([one], criterion) for one in judged]
                people = ", ".join(one.assessor for one in judged)
                widest = max(abs(a - b) for a, b in combinations(points, 2))
                rows.append((option.id, criterion.id, people, min(points), max(points), widest))
    frame = pd.DataFrame(rows, columns=["option", "criterion", "assessors", "least", "most", "spread"])
    frame = frame.astype({"option": "str", "criterion": "str", "assessors": "str"})
    return appraisal.stamp(frame.sort_values("spread", ascending=False, kind="stable", ignore_index=True))
