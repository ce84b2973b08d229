"""What it would be worth to know more of an appraisal, set by set: perfect, partial, and by a trial of n buildings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.scoring.values import Floats
from smarthan.analysis.simulation.disagreement import expected_points
from smarthan.analysis.simulation.draws import DrawModel
from smarthan.analysis.simulation.regret_sums import leaders_by_set
from smarthan.analysis.simulation.shortlists import regret_sums_of

from .beta_binomial import Outcomes, expected_best

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.parts import Trial
    from smarthan.analysis.simulation.runs import Simulation

    from .decisions import Decision

WAYS = ("cell", "criterion", "option", "evidence_gap")
_POINTS_TOGETHER = 512  # equally likely points an option keeps where several options are learnt of at once
_SUMMED_POINTS = 4096
_ROUNDING = 1e-9  # points; sums of 4,096 doubles below 100 are true to about 1e-11

Cells = list[tuple[int, str]]


@dataclass(frozen=True)
class ValueOfInformation:
    """What knowing more would be worth.

    Attributes
    ----------
    evpi : DataFrame
        weight_set, value [points], se: of knowing every score and gate.
    table : DataFrame
        What could be learnt (option, criterion: `*` where all of them), least, median and most over the weight sets
        [points]; best first. Exact for independent cells up to the grid of 4,096 points: no sampling error.
    by_set : DataFrame
        The same for each weight set: option, criterion, weight_set, value.
    """

    evpi: pd.DataFrame
    table: pd.DataFrame
    by_set: pd.DataFrame
    simulation: Simulation = field(repr=False)

    def decide(self, trials: Sequence[Trial] | None = None, *, n: Sequence[int] | None = None) -> Decision:
        """Return what to do next: shortlist, run a trial, stop, consult, or do desk work; with reasons.

        Parameters
        ----------
        trials : sequence of Trial, optional
            Trials that could be run; None takes the appraisal's.
        n : sequence of int, optional
            Numbers of buildings looked at; None takes 5, 10, ... up to each trial's most.

        Returns
        -------
        Decision
        """
        from .decisions import decide_next

        return decide_next(self, trials, n)

    @cached_property
    def money_per_point(self) -> Floats | None:
        """GBP a point is worth in each weight set, or None where that cannot be said."""
        appraisal, sets = self.simulation.appraisal, self.simulation.source.sets
        if appraisal.money is None:
            return None
        place = list(self.simulation.criteria).index(appraisal.money.criterion)
        criterion = appraisal.criteria[place]
        if (sets[:, place] <= 0).any():
            return None
        return np.asarray((criterion.high - criterion.low) * appraisal.money.premises / (100 * sets[:, place]))

    def _repr_html_(self) -> str:
        head = "<p><b>What knowing more would be worth</b> (points; least, median and most over the weight sets)</p>"
        return head + self.table.head(15).to_html(border=0, index=False, float_format="{:.3f}".format)


def measure_information(simulation: Simulation, by: str) -> ValueOfInformation:
    """Measure what could be learnt of a simulation's appraisal; see `Simulation.value_of_information`."""
    if by not in WAYS:
        raise ValueError(f"by is {by!r}; allowed: {', '.join(map(repr, WAYS))}")
    sets, names = simulation.source.sets, simulation.source.set_names
    evpi_table = _tabulate_evpi(simulation)
    rows = []
    for option, criterion, cells in _list_targets(simulation, by):
        for name, weights in zip(names, sets, strict=True):
            rows.append((option, criterion, name, _evppi(simulation.model, weights, cells)))
    columns = ["option", "criterion", "weight_set", "value"]
    by_set = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[:3], "str"))
    values = by_set["value"].to_numpy().reshape(-1, len(sets))
    table = by_set.loc[:: len(sets), ["option", "criterion"]].reset_index(drop=True)
    table = table.assign(least=values.min(axis=1), median=np.median(values, axis=1), most=values.max(axis=1))
    table = table.sort_values(["median", "most"], ascending=False, kind="stable", ignore_index=True)
    stamp = simulation.appraisal.stamp
    return ValueOfInformation(evpi_table, stamp(table), stamp(by_set), simulation)


def _tabulate_evpi(simulation: Simulation) -> pd.DataFrame:
    sums = regret_sums_of(simulation, 1)
    leaders = leaders_by_set(simulation.model, simulation.source.sets)
    rows = np.arange(len(leaders))
    # Not choosing beyond the leader is the shortlist of one: its regret is the value of perfect information.
    columns = {"value": sums.mean()[rows, leaders], "se": sums.error()[rows, leaders]}
    return simulation.label({"weight_set": list(simulation.source.set_names), **columns})


def _list_targets(simulation: Simulation, by: str) -> Iterator[tuple[str, str, Cells]]:
    model = simulation.model
    uncertain = [(place, model.criteria[column]) for place, o in enumerate(model.options) for column, _ in o.cells]
    gates = [(place, gate) for place, option in enumerate(model.options) for gate, _ in option.gates]
    if by == "cell":
        for place, name in (*uncertain, *gates):
            yield model.names[place], name, [(place, name)]
    elif by == "option":
        for place, name in enumerate(model.names):
            yield name, "*", [cell for cell in (*uncertain, *gates) if cell[0] == place]
    else:
        for criterion in (*model.criteria, *dict.fromkeys(gate for _, gate in gates)):
            cells = [cell for cell in (*uncertain, *gates) if cell[1] == criterion]
            if by == "evidence_gap":
                cells = [cell for cell in cells if _is_weak(simulation, *cell)]
            if cells or by == "criterion":
                yield "*", criterion, cells


def _is_weak(simulation: Simulation, place: int, criterion: str) -> bool:
    judged = simulation.appraisal.cells[simulation.options[place], criterion]
    return any(one.is_missing or one.confidence in ("low", "") for one in judged)


def _evppi(model: DrawModel, weights: Floats, cells: Cells) -> float:
    if not cells:
        return 0.0
    known = {place: [name for at, name in cells if at == place] for place, _ in cells}
    return information_gain(model, weights, lambda place: _learn_cells(model, weights, place, known))


def information_gain(model: DrawModel, weights: Floats, learn: Callable[[int], Outcomes]) -> float:
    """Return the mean of the best option's points after learning, less the best as things stand; never below 0."""
    outcomes = [learn(place) for place in range(len(model.options))]
    plain = model.expected @ weights
    gain = expected_best(plain, model.baseline, outcomes) - float(expected_points(model, weights).max())
    return gain if gain > _ROUNDING else 0.0


def _learn_cells(model: DrawModel, weights: Floats, place: int, known: dict[int, list[str]]) -> Outcomes:
    """Return what is learnt of one option when some of its cells and gates become known."""
    option, names = model.options[place], known.get(place, [])
    parts = [
        weights[column] * (points - points.mean()) for column, points in option.cells if model.criteria[column] in names
    ]
    shift = _sum_independent(parts)
    if len(known) > 1:
        shift = _thin(shift)
    passing, chance = np.ones(1), np.ones(1)
    for gate, p in option.gates:
        if gate in names:
            passing, chance = np.concatenate([passing, 0 * passing]), np.concatenate([p * chance, (1 - p) * chance])
        else:
            passing = passing * p
    return Outcomes(
        np.repeat(shift, len(passing)),
        np.tile(passing, len(shift)),
        np.tile(chance, len(shift)) / len(shift),
    )


def _sum_independent(parts: list[Floats]) -> Floats:
    """Return the sum of independent cells as equally likely points; several are paired in a fixed random order."""
    if not parts:
        return np.zeros(1)
    if len(parts) == 1:
        return parts[0]
    stream = np.random.default_rng(0)
    total = np.zeros(_SUMMED_POINTS)
    for part in parts:
        even = (
            np.quantile(part, (np.arange(_SUMMED_POINTS) + 0.5) / _SUMMED_POINTS) if len(part) != len(total) else part
        )
        total += stream.permutation(even) - even.mean()
    return total


def _thin(points: Floats) -> Floats:
    if len(points) <= _POINTS_TOGETHER:
        return points
    ordered = np.sort(points)
    return ordered[: len(ordered) // _POINTS_TOGETHER * _POINTS_TOGETHER].reshape(_POINTS_TOGETHER, -1).mean(axis=1)
