"""What would have to be true for an option that is not on the shortlist to lead, or to join it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.appraisal.judgements import best_score
from smarthan.analysis.scoring.switching import cell_ends
from smarthan.analysis.scoring.values import Floats
from smarthan.analysis.scoring.ways_to_lead import least_score, least_scores, least_weight, points_needed

from .markup import show_table
from .results import Results
from .words import labels_of, listed, say_cell, spell, with_error, with_unit

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.appraisal.parts import Criterion

COLUMNS = ["option", "label", "way", "goal", "possible", "item", "now", "needed", "change", "unit", "says"]
_MOST_WEIGHT = 0.9  # assumed: a greater weight of one criterion leaves no weighting of the others
_TELLING = 0.005  # assumed: a smaller difference of weights says nothing
_FIRST = 3  # assumed: how many first options count as a shortlist where neither a decision nor max_shortlist says


@dataclass(frozen=True)
class Conditions:
    """What would have to be true.

    Attributes
    ----------
    weights_name : str
        Whose weights are held to.
    shortlist : tuple of str
        The options that need nothing.
    table : DataFrame
        option, label, way (gate, weight, score, evidence, draws), goal (`lead`, or `shortlist`: level with the last of
        as many first options as the shortlist holds; `run` for a gate), possible, item (criterion or gate; several
        are joined by commas), now, needed and change in `unit` (missing where it is not one number), says.
    """

    weights_name: str
    shortlist: tuple[str, ...]
    table: pd.DataFrame

    def distances(self) -> pd.DataFrame:
        """Return how far each option is from the shortlist and from the lead: option, label, shortlist, lead [points].

        0 where its score stands there already; an option out at a must-have is measured all the same.
        """
        asked = self.table[self.table["way"].eq("evidence")]
        wide = asked.pivot(index="option", columns="goal", values="change").reindex(columns=["shortlist", "lead"])
        wide = wide.reindex(list(dict.fromkeys(self.table["option"]))).fillna(0.0).reset_index()
        wide.insert(1, "label", wide["option"].map(dict(zip(self.table["option"], self.table["label"], strict=True))))
        frame = wide.rename_axis(columns=None)
        frame.attrs.update(self.table.attrs)
        return frame

    def _repr_html_(self) -> str:
        shown = self.table[["label", "goal", "way", "says"]]
        shown.attrs.update(self.table.attrs)
        return show_table(shown, f"What would have to be true, weights of {self.weights_name}")

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        lines = [f"What would have to be true, weights of {self.weights_name}"]
        for label, rows in self.table.groupby("label", sort=False):
            lines += [str(label), *(f"  to {row.goal}, by {row.way}: {row.says}" for row in rows.itertuples())]
        return "\n".join(lines)


@dataclass(frozen=True)
class _Case:
    """One option on its way: the points of it and of the options in the running, its place, the weights."""

    appraisal: Appraisal
    option: str
    values: Floats
    place: int
    shares: Floats
    above: list[str]  # labels of the options that dominate it

    def needs(self, goal: int) -> float:
        return points_needed(self.values, self.shares, self.place, goal)


def list_conditions(
    appraisal: Appraisal, results: Results, weights: str | Mapping[str, float] | None = None
) -> Conditions:
    """Return what would have to be true; see `Appraisal.what_would_have_to_be_true`."""
    name, shares = appraisal.weights_of(weights)
    order = appraisal.score(weights).table
    ranked = order.loc[order["rank"].notna(), "option"].tolist()
    first = appraisal.max_shortlist or min(_FIRST, len(ranked) - 1)
    chosen = results.decision.shortlist if results.decision else tuple(ranked[: max(first, 1)])
    labels = labels_of(appraisal)
    rows = []
    for option in order["option"]:
        if option not in chosen:
            case = _take_case(appraisal, option, shares, labels)
            parts = [*_gate_rows(case, labels), *_goal_rows(case, len(chosen), labels), *_draw_rows(results, option)]
            rows += [(option, labels[option], *part) for part in parts]
    numbers = ("now", "needed", "change")
    kinds = {c: "bool" if c == "possible" else "float64" if c in numbers else "str" for c in COLUMNS}
    frame = pd.DataFrame(rows, columns=COLUMNS).astype(kinds)
    return Conditions(name, tuple(chosen), appraisal.stamp(frame))


Row = tuple[str, str, bool, str, float | None, float | None, float | None, str, str]


def _take_case(appraisal: Appraisal, option: str, shares: Floats, labels: Mapping[str, str]) -> _Case:
    """Return the options in the running and this one, which may be out: what it scores is known all the same."""
    names = [o.id for o in appraisal.options if o.id == option or appraisal.gate_states[o.id].answer != "no"]
    places = [place for place, each in enumerate(appraisal.options) if each.id in names]
    pairs = appraisal.dominance()
    above = pairs.loc[pairs["over"].eq(option) & pairs["relation"].eq("dominates"), "option"].map(labels).tolist()
    return _Case(appraisal, option, appraisal.best_values[places], names.index(option), shares, above)


def _gate_rows(case: _Case, labels: Mapping[str, str]) -> Iterator[Row]:
    table = case.appraisal.gates()
    for row in table[(table["option"] == case.option) & table["answer"].ne("yes")].itertuples():
        fails = row.answer == "no"
        now = "it fails for certain" if fails else f"its chance is {row.chance:g}"
        note = f" ({row.note})" if row.note else ""
        says = f"{labels[row.gate]}: must be shown to pass; now {now}{note}"
        yield (
            "gate",
            "run" if fails else "be sure of its place",
            not fails,
            row.gate,
            row.chance,
            1.0,
            None,
            "chance",
            says,
        )


def _goal_rows(case: _Case, size: int, labels: Mapping[str, str]) -> Iterator[Row]:
    if case.needs(1) <= 0:
        says = "its score leads already; what keeps it back is its must-haves, or the risk that others do better"
        yield "score", "lead", True, "", None, None, None, "points", says
        return
    goals = [("shortlist", size)] if case.needs(size) > 0 and size > 1 else []
    if size > 1 and not goals:
        says = f"its score stands among the first {size} already; the regret rule took others, whose risks differ"
        yield "score", "shortlist", True, "", None, None, None, "points", says
    for goal, place in (*goals, ("lead", 1)):
        yield _weight_row(case, goal, place, labels)
        yield _score_row(case, goal, place)
        yield _evidence_row(case, goal, place)


def _weight_row(case: _Case, goal: str, place: int, labels: Mapping[str, str]) -> Row:
    found = least_weight(case.values, case.shares, case.place, place)
    if found is None:
        never = f", as it is never better than {listed(case.above)}" if case.above else ""
        return "weight", goal, False, "", None, None, None, "share", f"no weight of one criterion alone does it{never}"
    criterion, needed = case.appraisal.criteria[found[0]], found[1]
    now = float(case.shares[found[0]])
    move = "more" if needed > now else "less"
    says = (
        f"{labels[criterion.id]} would have to weigh {needed:.1%} instead of {now:.1%} "
        f"({100 * abs(needed - now):.1f} points of 100 {move})"
    )
    possible = needed <= _MOST_WEIGHT
    if not possible:
        says += f": not in practice, for above {_MOST_WEIGHT:.0%} on one criterion the others hardly count"
    return "weight", goal, possible, criterion.id, now, needed, needed - now, "share", says


def _score_row(case: _Case, goal: str, place: int) -> Row:
    """Return the one score that must rise by the smallest part of its scale."""
    needed = case.needs(place)
    gains = [_gain(needed, weight) for weight in case.shares]
    own = case.values[case.place]
    possible = [at for at, gain in enumerate(gains) if own[at] + gain <= 100]
    if not possible:
        says = f"no score alone makes up {needed:.1f} points, not even the best of its agreed range"
        return "score", goal, False, "", None, None, needed, "points", says
    at = min(possible, key=lambda each: gains[each])
    criterion = case.appraisal.criteria[at]
    target = least_score(criterion, float(own[at] + gains[at]))
    now_words = say_cell(case.appraisal, case.option, criterion)
    words = spell(target) if isinstance(target, str) else with_unit(target, criterion.unit)
    says = f"{criterion.label} would have to be {words} instead of {now_words} ({gains[at]:.0f} of 100 points more)"
    now, needed_score = _read_now(case, criterion), target if isinstance(target, float) else None
    change = needed_score - now if needed_score is not None and now is not None else None
    return "score", goal, True, criterion.id, now, needed_score, change, criterion.unit or "word", says


def _gain(needed: float, weight: float) -> float:
    return needed / weight if weight > 0 else np.inf


def _read_now(case: _Case, criterion: Criterion) -> float | None:
    score = best_score(case.appraisal.cells[case.option, criterion.id], criterion)
    return score if isinstance(score, float) and score == score else None


def _evidence_row(case: _Case, goal: str, place: int) -> Row:
    """Return the fewest scores that make it up when each turns out at the good end of what was stated of it."""
    criteria, own, needed = case.appraisal.criteria, case.values[case.place], case.needs(place)
    ends = [max(cell_ends(case.appraisal.cells[case.option, c.id], c, case.appraisal.spread)) for c in criteria]
    gains = case.shares * np.maximum(np.array(ends) - own, 0.0)
    found = least_scores(gains, needed)
    if found is None:
        says = (
            f"not even all its scores at their good ends: they add {gains.sum():.2f} of the {needed:.2f} points needed"
        )
        return "evidence", goal, False, "", None, None, needed, "points", says
    names = [criteria[at].label for at in found]
    added, count = float(gains[found].sum()), len(found)
    which = "this score" if count == 1 else f"these {count} scores"
    says = f"{which} at the good end of what was stated: {listed(names)} ({added:.2f} points; {needed:.2f} are needed)"
    return "evidence", goal, True, ", ".join(criteria[at].id for at in found), None, None, needed, "points", says


def _draw_rows(results: Results, option: str) -> Iterator[Row]:
    simulation = results.simulation
    if simulation is None or option not in simulation.options:
        return
    table = simulation.confidence().set_index("option").loc[option]
    share, error = float(table["first_share"]), float(table["first_se"])
    says = f"it comes first in {with_error(share, error)} of the draws"
    central = simulation.central_weights()
    central = central[central["option"] == option].set_index("criterion")["weight"]
    mean, _ = simulation.weight_moments()
    if share > 0:
        says += _say_central(results, central - pd.Series(mean, index=simulation.criteria))
    yield "draws", "lead", share > 0, "", share, None, None, "share", says


def _say_central(results: Results, above: pd.Series) -> str:
    if results.simulation is None or above.max() < _TELLING:
        return ""
    name = labels_of(results.simulation.appraisal)[str(above.idxmax())]
    return f"; in those draws {name} weighs {100 * above.max():.1f} points of 100 more than on average"
