"""What it would be worth to know more of an appraisal, set by set: perfect, partial, and by a trial of n buildings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.record.displays import Display, Displayed, mark_table
from smarthan.analysis.scoring.values import Floats
from smarthan.analysis.simulation.regret_sums import leaders_by_set
from smarthan.analysis.simulation.shortlists import regret_sums_of

from .learning import Cells, worth_of_cells

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.parts import Judgement, Trial
    from smarthan.analysis.simulation.runs import Simulation

    from .decisions import Decision

_SHOWN = 15  # rows in a notebook or a terminal; `table` holds all
WAYS = ("cell", "criterion", "option", "evidence_gap")
LEAST_WORTH = (
    0.0005  # points; less is printed as 0.000, and counts as nothing wherever things worth knowing are counted
)


@dataclass(frozen=True, repr=False)
class ValueOfInformation(Displayed):
    """What knowing more would be worth.

    Attributes
    ----------
    evpi : DataFrame
        weight_set, value [points], se: of knowing every score and gate.
    table : DataFrame
        What could be learnt (option, criterion: `*` where all of them), least, median and most over the weight sets
        [points]; best first. Computed from the distributions of independent cells, not from draws: no sampling error.
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

    @property
    def useful(self) -> pd.DataFrame:
        """The rows of `table` that are worth knowing: more than `LEAST_WORTH` points by the weights of some set."""
        return self.table[self.table["most"] > LEAST_WORTH]

    @cached_property
    def money_per_point(self) -> Floats | None:
        """GBP a point is worth in each weight set, or None where that cannot be said."""
        appraisal, sets = self.simulation.appraisal, self.simulation.source.sets
        if appraisal.money is None:
            return None
        place = list(self.simulation.criteria).index(appraisal.money.criterion)
        criterion = appraisal.criteria[place]
        if not criterion.is_linear or (sets[:, place] <= 0).any():
            return None
        return np.asarray((criterion.high - criterion.low) * appraisal.money.premises / (100 * sets[:, place]))

    def display(self) -> Display:
        """Return what is most worth knowing, for a notebook or a terminal."""
        tables = [
            mark_table(self.evpi, "Of knowing everything, by weight set", decimals=3),
            mark_table(self.table.head(_SHOWN), f"Of knowing one thing: the first {_SHOWN}, over the sets", decimals=3),
        ]
        head = "What knowing more would be worth, in points"
        return Display(head, tables, synthetic=self.simulation.appraisal.synthetic)


def measure_information(simulation: Simulation, by: str) -> ValueOfInformation:
    """Measure what could be learnt of a simulation's appraisal; see `Simulation.value_of_information`."""
    if by not in WAYS:
        raise ValueError(f"by is {by!r}; allowed: {', '.join(map(repr, WAYS))}")
    sets, names = simulation.source.sets, simulation.source.set_names
    evpi_table = _tabulate_evpi(simulation)
    rows = []
    for option, criterion, cells in _list_targets(simulation, by):
        for name, worth in zip(names, worth_of_cells(simulation.model, sets, cells), strict=True):
            rows.append((option, criterion, name, worth))
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
    return any(one.is_missing or one.confidence == "low" or _is_bare(one) for one in judged)


def _is_bare(one: Judgement) -> bool:
    """A best estimate alone, of which nobody says how sure they are."""
    return one.confidence == "" and one.n is None and one.low is None
