"""Facts against values: how much of the doubt more evidence could settle, how much only people can, and which."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.appraisal.judgements import best_value
from smarthan.analysis.scoring.values import Floats

from .dissent import list_answers, say_judgement
from .draws import DrawModel
from .expected import expected_points

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
        Cells that several people judged: option, criterion, assessors, said (what each said), least, most, spread
        [points], widest first.
    answers : DataFrame
        Who would change the answer: who (a weight set, or an assessor of scores), how (`weights`, or scores `alone` or
        `left out`), leader, lead over the second [expected points], changes (whether another option leads than at the
        mean weights with everybody's scores). Scores are judged at the mean weights. `attrs["leader"]` is that leader.

    Examples
    --------
    >>> from smarthan.analysis import sample_appraisal
    >>> answers = sample_appraisal().simulate(4_000).disagreement().answers
    >>> answers.attrs["leader"], answers.loc[answers["changes"], "who"].tolist()
    ('zb868', ['panel', 'supplier'])
    """

    variance: pd.DataFrame
    gap_by_criterion: pd.DataFrame
    ranks: pd.DataFrame
    assessors: pd.DataFrame
    answers: pd.DataFrame

    def _repr_html_(self) -> str:
        from smarthan.analysis.record.markup import show_table

        tables = {
            "Facts against values [points squared]": self.variance,
            "Rank in each weight set": _widen(self.ranks),
            "Who would change the answer": self.answers,
            "Cells that several people judged": self.assessors,
        }
        return "".join(show_table(frame, caption) for caption, frame in tables.items())

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        changing = self.answers[self.answers["changes"]]
        told = [f"  {row.who} ({row.how}): {row.leader} by {row.lead:.2f} points" for row in changing.itertuples()]
        return "\n".join(
            [
                f"Facts against values, leader at the mean weights {self.answers.attrs['leader']}",
                self.variance.round(2).to_string(index=False),
                "Who would change the answer:" if told else "Nobody alone would change the answer.",
                *told,
            ]
        )


def _widen(ranks: pd.DataFrame) -> pd.DataFrame:
    wide = ranks.pivot(index="option", columns="weight_set", values="rank")
    return wide.loc[list(dict.fromkeys(ranks["option"]))].reset_index().rename_axis(columns=None)


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
        list_answers(simulation, mean),
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
                said = "; ".join(f"{one.assessor}: {say_judgement(one)}" for one in judged)
                rows.append((option.id, criterion.id, people, said, min(points), max(points), widest))
    columns = ["option", "criterion", "assessors", "said", "least", "most", "spread"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[:4], "str"))
    return appraisal.stamp(frame.sort_values("spread", ascending=False, kind="stable", ignore_index=True))
