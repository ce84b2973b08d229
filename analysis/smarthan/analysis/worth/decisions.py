"""The decision rule: shortlist, trial, stop, consult or desk work, each with reasons that can be followed."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.appraisal.parts import Trial
from smarthan.analysis.simulation.regret_sums import leaders_by_set
from smarthan.analysis.simulation.shortlists import Shortlist

from .trial_worth import TrialWorth, measure_trial

if TYPE_CHECKING:
    from smarthan.analysis.simulation.runs import Simulation

    from .value_of_information import ValueOfInformation

_NEAR_BEST = 0.95  # candidate-scoring rules, section 8: the top of the curve is flat
_NAMED = 3  # how many criteria or cells the reasons name


@dataclass(frozen=True)
class Decision:
    """What to do next, and why.

    Attributes
    ----------
    verdict : str
        shortlist, trial, not_worth_it, consult or desk_evidence.
    shortlist : tuple of str
        The options to take forward; for another verdict than `shortlist`, the list of least worst regret so far.
    trial : str or None
        The trial to run.
    buildings : int or None
        In how many buildings.
    reasons : tuple of str
        The steps of the rule in words, with their numbers.
    curve : DataFrame
        trial, buildings, weight_set, evsi [points], enbs_gbp (missing where a point has no price).
    regrets : Shortlist
        The tables behind the shortlist.
    """

    verdict: str
    shortlist: tuple[str, ...]
    trial: str | None
    buildings: int | None
    reasons: tuple[str, ...]
    curve: pd.DataFrame
    regrets: Shortlist = field(repr=False)

    def _repr_html_(self) -> str:
        steps = "".join(f"<li>{html.escape(reason)}</li>" for reason in self.reasons)
        return f"<p><b>Verdict: {html.escape(self.verdict)}</b></p><ol>{steps}</ol>"


def decide_next(information: ValueOfInformation, trials: Sequence[Trial] | None, n: Sequence[int] | None) -> Decision:
    """Apply the decision rule; see `ValueOfInformation.decide`."""
    simulation = information.simulation
    offered = simulation.appraisal.trials if trials is None else tuple(trials)
    found = simulation.shortlist()
    reasons = [*_tell_gates(simulation), _tell_shortlist(found)]
    worths = [measure_trial(simulation, trial, information.money_per_point, n) for trial in offered]
    curve = _join_curves(simulation, worths)
    if found.meets:
        return Decision("shortlist", found.options, None, None, tuple(reasons), curve, found)
    verdict, trial, buildings, words = _judge_trials(information, worths, found.max_regret)
    reasons += words
    if verdict is None:
        verdict, words = _look_elsewhere(information)
        reasons += words
    return Decision(verdict, found.options, trial, buildings, tuple(reasons), curve, found)


def _tell_gates(simulation: Simulation) -> list[str]:
    states = simulation.appraisal.gate_states
    out = [f"{name} ({state.reason})" for name, state in states.items() if state.answer == "no"]
    return [f"Out at a gate: {'; '.join(out)}."] if out else ["No option is out at a gate."]


def _tell_shortlist(found: Shortlist) -> str:
    names, lost = ", ".join(found.options), f"{found.worst_regret:.2f} points (standard error {found.se:.3f})"
    if found.meets:
        return f"Shortlist {names}: at worst {lost} are lost on average, within the {found.max_regret:g} allowed."
    return (
        f"No list of up to {found.max_size} stays within {found.max_regret:g} points for every weight set; "
        f"the best, {names}, loses {lost}."
    )


def _join_curves(simulation: Simulation, worths: list[TrialWorth]) -> pd.DataFrame:
    parts = [worth.table(simulation.source.set_names) for worth in worths]
    columns = ["trial", "buildings", "weight_set", "evsi", "enbs_gbp"]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return simulation.appraisal.stamp(frame)


def _judge_trials(
    information: ValueOfInformation, worths: list[TrialWorth], max_regret: float
) -> tuple[str | None, str | None, int | None, list[str]]:
    if not worths:
        return None, None, None, ["No trial is on offer."]
    if information.money_per_point is None:
        return _judge_by_points(information, worths, max_regret)
    ceiling = float(np.median(information.evpi["value"].to_numpy() * information.money_per_point))
    costs = [w.trial.setup + w.trial.delay_cost + w.buildings[0] * w.trial.per_building for w in worths]
    if ceiling < min(costs):
        words = f"Perfect information is worth {_gbp(ceiling)}, the cheapest trial costs {_gbp(min(costs))}: "
        return "not_worth_it", None, None, [words + "insufficient, but no trial is worth it."]
    best = max(worths, key=lambda worth: _top(worth))
    median = best.median_enbs
    if median is None or median.max() <= 0:
        return None, None, None, ["No trial on offer is worth its cost at any number of buildings (median weight set)."]
    return _propose(information, best, int(np.flatnonzero(median >= _NEAR_BEST * median.max())[0]))


def _top(worth: TrialWorth) -> float:
    median = worth.median_enbs
    return -np.inf if median is None else float(median.max())


def _propose(information: ValueOfInformation, best: TrialWorth, place: int) -> tuple[str, str, int, list[str]]:
    names = information.simulation.source.set_names
    buildings = best.buildings[place]
    if best.enbs is None or best.median_enbs is None:
        raise ValueError(f"trial {best.trial.id}: a point has no price here")
    median, least = best.median_enbs[place], best.enbs[:, place]
    words = [
        f"A trial of {best.trial.label} in {buildings} buildings is worth {_gbp(float(median))} net for the median "
        f"weight set (best {_gbp(float(best.median_enbs.max()))}; the smallest number within 5 % of it)."
    ]
    against = [name for name, value in zip(names, least, strict=True) if value < 0]
    if against:
        words.append(f"By the weights of {', '.join(against)} it would cost more than it tells.")
    return "trial", best.trial.id, buildings, words


def _judge_by_points(
    information: ValueOfInformation, worths: list[TrialWorth], max_regret: float
) -> tuple[str | None, str | None, int | None, list[str]]:
    """Without a price for a point, a trial must win back half of the regret that is allowed."""
    needed, note = max_regret / 2, "No cost was weighed, because a point has no price here."
    ceiling = float(information.evpi["value"].median())
    if ceiling < needed:
        words = f"Perfect information is worth {ceiling:.2f} points, less than half the regret allowed."
        return "not_worth_it", None, None, [words, note]
    best = max(worths, key=lambda worth: float(np.median(worth.evsi, axis=0).max()))
    median = np.median(best.evsi, axis=0)
    enough = np.flatnonzero(median >= needed)
    if not len(enough):
        return None, None, None, [f"No trial on offer wins back {needed:.2f} points (median weight set). {note}"]
    buildings = best.buildings[int(enough[0])]
    words = f"A trial of {best.trial.label} in {buildings} buildings wins back {median[enough[0]]:.2f} points. {note}"
    return "trial", best.trial.id, buildings, [words]


def _look_elsewhere(information: ValueOfInformation) -> tuple[str, list[str]]:
    simulation = information.simulation
    leaders = leaders_by_set(simulation.model, simulation.source.sets)
    names = [simulation.options[place] for place in leaders]
    if len(set(names)) > 1:
        led = ", ".join(f"{name} by {s}" for name, s in zip(names, simulation.source.set_names, strict=True))
        decisive = simulation.disagreement().gap_by_criterion["criterion"].head(_NAMED)
        words = (
            f"The leader depends on whose weights count ({led}): consult on weights, first on {', '.join(decisive)}."
        )
        return "consult", [words]
    cells = simulation.value_of_information("cell").table.head(_NAMED)
    listed = ", ".join(f"{o} on {c} ({v:.2f})" for o, c, v in zip(*(cells[n] for n in _CELL), strict=True))
    return "desk_evidence", [f"{names[0]} leads for every weight set; most worth knowing, in points: {listed}."]


_CELL = ("option", "criterion", "median")


def _gbp(amount: float) -> str:
    return f"GBP {amount / 1e6:,.2f} million" if abs(amount) >= 1e6 else f"GBP {amount:,.0f}"
