"""The results that a record was given, sorted by kind; one of another appraisal is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from smarthan.analysis.registers.register import Register
from smarthan.analysis.scoring.other_methods import CrossCheck
from smarthan.analysis.scoring.scores import Score
from smarthan.analysis.simulation.runs import Simulation
from smarthan.analysis.worth.decisions import Decision
from smarthan.analysis.worth.value_of_information import ValueOfInformation

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal

_KINDS = (Score, Simulation, ValueOfInformation, Decision, CrossCheck, Register)


@dataclass(frozen=True)
class Results:
    """What there is to show beside the appraisal itself; any part may be empty."""

    scores: tuple[Score, ...] = ()
    simulations: tuple[Simulation, ...] = ()
    information: tuple[ValueOfInformation, ...] = ()
    decisions: tuple[Decision, ...] = ()
    cross_checks: tuple[CrossCheck, ...] = ()
    registers: tuple[Register, ...] = ()

    @property
    def simulation(self) -> Simulation | None:
        """The first simulation: given itself, or behind what was given."""
        return next(iter((*self.simulations, *(each.simulation for each in self.information))), None)

    @property
    def decision(self) -> Decision | None:
        """The first decision."""
        return next(iter(self.decisions), None)


def sort_results(appraisal: Appraisal, results: Sequence[object]) -> Results:
    """Return results by kind.

    Raises
    ------
    TypeError
        When one is of no kind that a record can show.
    ValueError
        When one was made from another appraisal, or from an earlier state of this one.
    """
    for each in results:
        if not isinstance(each, _KINDS):
            names = ", ".join(kind.__name__ for kind in _KINDS)
            raise TypeError(f"results: a {type(each).__name__} cannot be shown in a record; give {names}")
        if not _belongs(appraisal, each):
            raise ValueError(
                f"results: this {type(each).__name__} was made from another appraisal than {appraisal.id!r}, or from "
                "an earlier state of it; make it again from this one"
            )
    return Results(
        scores=tuple(each for each in results if isinstance(each, Score)),
        simulations=tuple(each for each in results if isinstance(each, Simulation)),
        information=tuple(each for each in results if isinstance(each, ValueOfInformation)),
        decisions=tuple(each for each in results if isinstance(each, Decision)),
        cross_checks=tuple(each for each in results if isinstance(each, CrossCheck)),
        registers=tuple(each for each in results if isinstance(each, Register)),
    )


def _belongs(appraisal: Appraisal, result: object) -> bool:
    if isinstance(result, Register):
        return True  # a register is of a programme; only what it links to this appraisal is shown
    if isinstance(result, Score):
        return result.table.attrs.get("appraisal") == appraisal.id and _scores_alike(appraisal, result)
    source = result.simulation if isinstance(result, ValueOfInformation) else result
    if isinstance(source, Simulation):
        return source.appraisal == appraisal
    table = result.regrets.table if isinstance(result, Decision) else result.table  # type: ignore[attr-defined]
    return bool(table.attrs.get("appraisal") == appraisal.id)


def _scores_alike(appraisal: Appraisal, score: Score) -> bool:
    weights = score.weights.to_dict()
    if list(weights) != [criterion.id for criterion in appraisal.criteria]:
        return False
    again, given = (each.table.set_index("option")["total"] for each in (appraisal.score(weights), score))
    return set(again.index) == set(given.index) and bool(np.allclose(again, given.reindex(again.index)))
