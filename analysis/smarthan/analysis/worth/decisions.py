"""The decision rule: shortlist, trial, stop, consult or desk work, each with reasons that can be followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.analysis.appraisal.parts import Trial
from smarthan.analysis.record.displays import Display, Displayed
from smarthan.analysis.simulation.regret_sums import leaders_by_set
from smarthan.analysis.simulation.shortlists import Shortlist

from .trial_worth import TrialWorth, measure_trial

if TYPE_CHECKING:
    from smarthan.analysis.simulation.runs import Simulation

    from .value_of_information import ValueOfInformation

_NEAR_BEST = 0.95  # candidate-scoring rules, section 8: the top of the curve is flat
_EXACT = "computed over all outcomes, no sampling error"
_NAMED = 3  # how many criteria or cells the reasons name


@dataclass(frozen=True, repr=False)
class Decision(Displayed):
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
    tables : mapping of str to DataFrame
        What each step was read from: gates, regrets, evpi, trials (the curve), and for `consult` or `desk_evidence`
        the criteria whose weights decide, or the cells most worth knowing.
    """

    verdict: str
    shortlist: tuple[str, ...]
    trial: str | None
    buildings: int | None
    reasons: tuple[str, ...]
    curve: pd.DataFrame
    regrets: Shortlist = field(repr=False)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    def display(self) -> Display:
        """Return the verdict and its reasons for a notebook or a terminal."""
        return Display(
            f"Verdict: {self.verdict}", sentences=self.reasons, synthetic=bool(self.curve.attrs.get("synthetic"))
        )


def decide_next(information: ValueOfInformation, trials: Sequence[Trial] | None, n: Sequence[int] | None) -> Decision:
    """Apply the decision rule; see `ValueOfInformation.decide`."""
    simulation = information.simulation
    offered = simulation.appraisal.trials if trials is None else tuple(trials)
    found = simulation.shortlist()
    reasons = [*_tell_gates(simulation), _tell_shortlist(found)]
    worths = [measure_trial(simulation, trial, information.money_per_point, n) for trial in offered]
    curve = _join_curves(simulation, worths)
    tables = {
        "gates": simulation.appraisal.gates(),
        "regrets": found.table,
        "evpi": information.evpi,
        "trials": curve,
    }
    if found.meets:
        return Decision("shortlist", found.options, None, None, tuple(reasons), curve, found, tables)
    verdict, trial, buildings, words = _judge_trials(information, worths, found.max_regret)
    reasons += words
    if verdict is None:
        verdict, words, table = _look_elsewhere(information)
        reasons += words
        tables["weights" if verdict == "consult" else "cells"] = table
    return Decision(verdict, found.options, trial, buildings, tuple(reasons), curve, found, tables)


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
        f"the best, {names}, loses {lost} by the weights of {_worst_set(found)}."
    )


def _worst_set(found: Shortlist) -> str:
    return str(found.by_set.loc[found.by_set["regret"].idxmax(), "weight_set"])


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
        return _judge_by_points(worths, max_regret)
    worth, error = _take_median(information.evpi, information.money_per_point)
    costs = [w.trial.setup + w.trial.delay_cost + w.buildings[0] * w.trial.per_building for w in worths]
    known = f"Perfect information is worth {_gbp(worth)} (standard error {_gbp(error)}; median weight set)"
    if worth < min(costs):
        words = f"{known}, the cheapest trial costs {_gbp(min(costs))}: insufficient, but no trial is worth it."
        return "not_worth_it", None, None, [words]
    best = max(worths, key=lambda worth: _top(worth))
    median = best.median_enbs
    if median is None or median.max() <= 0:
        words = f"{known}, but no trial on offer is worth its cost at any number of buildings; {_EXACT}."
        return None, None, None, [words]
    return _propose(information, best, int(np.flatnonzero(median >= _NEAR_BEST * median.max())[0]))


def _take_median(evpi: pd.DataFrame, scale: npt.ArrayLike) -> tuple[float, float]:
    """Return the median over the weight sets, scaled, and the standard error of the set it is taken from."""
    values, errors = evpi["value"].to_numpy() * scale, evpi["se"].to_numpy() * scale
    middle = float(np.median(values))
    return middle, float(errors[np.argmin(np.abs(values - middle))])


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
        f"weight set (best {_gbp(float(best.median_enbs.max()))}; the smallest number within 5 % of it; {_EXACT})."
    ]
    against = [name for name, value in zip(names, least, strict=True) if value < 0]
    if against:
        words.append(f"By the weights of {', '.join(against)} it would cost more than it tells.")
    return "trial", best.trial.id, buildings, words


def _judge_by_points(
    worths: list[TrialWorth], max_regret: float
) -> tuple[str | None, str | None, int | None, list[str]]:
    """Without a price for a point, a trial must win back half of the regret that is allowed."""
    needed, note = max_regret / 2, "No cost was weighed, because a point has no price here."
    ceiling = max(float(np.median(worth.evppi)) for worth in worths)
    if ceiling < needed:
        words = (
            f"Knowing all that a trial on offer could measure is worth {ceiling:.2f} points (median weight set; "
            f"{_EXACT}), less than half of the {max_regret:g} allowed: insufficient, but no trial is worth it. {note}"
        )
        return "not_worth_it", None, None, [words]
    best = max(worths, key=lambda worth: float(np.median(worth.evsi, axis=0).max()))
    median = np.median(best.evsi, axis=0)
    enough = np.flatnonzero(median >= needed)
    if not len(enough):
        words = f"No trial on offer wins back {needed:.2f} points (median weight set; {_EXACT}). {note}"
        return None, None, None, [words]
    buildings = best.buildings[int(enough[0])]
    found = f"wins back {median[enough[0]]:.2f} points (median weight set; {_EXACT})"
    words = f"A trial of {best.trial.label} in {buildings} buildings {found}. {note}"
    return "trial", best.trial.id, buildings, [words]


def _look_elsewhere(information: ValueOfInformation) -> tuple[str, list[str], pd.DataFrame]:
    simulation = information.simulation
    leaders = leaders_by_set(simulation.model, simulation.source.sets)
    names = [simulation.options[place] for place in leaders]
    if len(set(names)) > 1:
        led = ", ".join(f"{name} by {s}" for name, s in zip(names, simulation.source.set_names, strict=True))
        decisive = simulation.disagreement().gap_by_criterion
        shares = decisive["values"] / decisive["values"].sum()
        first = ", ".join(f"{c} ({s:.0%})" for c, s in zip(decisive["criterion"].head(_NAMED), shares, strict=False))
        words = (
            f"The leader depends on whose weights count ({led}): consult on weights, first on {first} "
            "of what differing weights do to the gap."
        )
        return "consult", [words], decisive
    cells = simulation.value_of_information("cell").table.head(_NAMED)
    listed = ", ".join(f"{o} on {c} ({v:.2f})" for o, c, v in zip(*(cells[n] for n in _CELL), strict=True))
    words = f"{names[0]} leads for every weight set; most worth knowing, in points: {listed}; {_EXACT}."
    return "desk_evidence", [words], cells


_CELL = ("option", "criterion", "median")


def _gbp(amount: float) -> str:
    return f"GBP {amount / 1e6:,.2f} million" if abs(amount) >= 1e6 else f"GBP {amount:,.0f}"
