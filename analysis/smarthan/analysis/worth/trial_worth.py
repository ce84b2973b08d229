"""What a technology trial of n buildings would be worth for each weight set, in points and in money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.appraisal.parts import Trial
from smarthan.analysis.scoring.values import Floats
from smarthan.analysis.simulation.draws import DrawModel
from smarthan.analysis.simulation.uncertainty import score_moments

from .beta_binomial import Prior, effective_size, match_beta, mean_value_after, outcome_chances
from .information import enbs
from .learning import Outcomes, information_gain, worth_of_cells

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.simulation.runs import Simulation

_STEP = 5  # buildings
_MOST_DOUBT = 0.99  # assumed: of the variance of an answer that is 0 or 1


@dataclass(frozen=True)
class TrialWorth:
    """A trial's worth over its numbers of buildings.

    Attributes
    ----------
    trial : Trial
    buildings : list of int
    evsi : ndarray, shape (sets, buildings) [points]
    enbs : ndarray, shape (sets, buildings) [GBP], or None where a point has no price
    evppi : ndarray, shape (sets,) [points]
        Of knowing what it measures perfectly: what no number of buildings exceeds.
    """

    trial: Trial
    buildings: list[int]
    evsi: Floats
    enbs: Floats | None
    evppi: Floats

    @property
    def median_enbs(self) -> Floats | None:
        """Median over the weight sets [GBP]."""
        return None if self.enbs is None else np.median(self.enbs, axis=0)

    def table(self, set_names: Sequence[str]) -> pd.DataFrame:
        """Return trial, buildings, weight_set, evsi [points], enbs_gbp."""
        count = len(self.buildings)
        money = np.full(self.evsi.shape, np.nan) if self.enbs is None else self.enbs
        return pd.DataFrame(
            {
                "trial": self.trial.id,
                "buildings": np.tile(self.buildings, len(set_names)),
                "weight_set": np.repeat(list(set_names), count),
                "evsi": self.evsi.ravel(),
                "enbs_gbp": money.ravel(),
            }
        ).astype({"trial": "str", "weight_set": "str"})


def measure_trial(
    simulation: Simulation, trial: Trial, money_per_point: Floats | None, n: Sequence[int] | None
) -> TrialWorth:
    """Return what a trial would be worth at each number of buildings, enumerated over its outcomes.

    Raises
    ------
    ValueError
        When `n` is empty or not of whole numbers of 1 or more, or the trial names what is not there.
    """
    buildings = list(range(_STEP, trial.max_buildings + 1, _STEP)) if n is None else sorted(set(n))
    if not buildings or any(int(size) != size or size < 1 for size in buildings):
        raise ValueError("n must be whole numbers of buildings, 1 or more")
    column, priors = _find_priors(simulation.appraisal, simulation.model, trial)
    evsi = np.zeros((len(simulation.source.sets), len(buildings)))
    for at, size in enumerate(effective_size(n, trial.dwellings_per_building, trial.icc) for n in buildings):
        learnt = {place: _learn(simulation.appraisal, column, prior, size) for place, prior in priors.items()}
        for row, weights in enumerate(simulation.source.sets):
            evsi[row, at] = _gain(simulation.model, weights, column, learnt)
    money = None
    if money_per_point is not None:
        costs = {"setup": trial.setup, "per_unit": trial.per_building, "delay": trial.delay_cost}
        rows = [
            enbs(points, n=buildings, money_per_point=price, **costs)
            for points, price in zip(evsi, money_per_point, strict=True)
        ]
        money = np.array(rows)
    cells = [(place, trial.criterion) for place in priors]
    perfect = np.array(worth_of_cells(simulation.model, simulation.source.sets, cells))
    return TrialWorth(trial, buildings, evsi, money, perfect)


def _find_priors(appraisal: Appraisal, model: DrawModel, trial: Trial) -> tuple[int, dict[int, Prior]]:
    if trial.criterion not in model.criteria:
        raise ValueError(f"trial {trial.id}: {trial.criterion!r} is no criterion; known: {', '.join(model.criteria)}")
    column = model.criteria.index(trial.criterion)
    criterion = appraisal.criteria[column]
    if criterion.levels or criterion.low < 0 or criterion.high > 1:
        raise ValueError(f"trial {trial.id}: {criterion.id} is no share from 0 to 1")
    priors = {}
    for place, name in enumerate(model.names):
        if name in trial.options and model.variance[place, column] > 0:
            judged = appraisal.cells[name, criterion.id]
            if len(judged) == 1 and judged[0].n is not None and judged[0].k is not None:
                priors[place] = (judged[0].k + 0.5, judged[0].n - judged[0].k + 0.5)
            else:
                mean, variance = score_moments(judged, criterion, appraisal.spread)
                # Assessors who say all and nothing leave more doubt than a Beta distribution can hold.
                priors[place] = match_beta(mean, min(variance, _MOST_DOUBT * mean * (1 - mean)))
    return column, priors


def _learn(appraisal: Appraisal, column: int, prior: Prior, size: int) -> tuple[Floats, Floats]:
    """Return the shift of the criterion's points after each outcome, and the outcomes' chances."""
    criterion = appraisal.criteria[column]
    chance = outcome_chances(size, prior)
    points = mean_value_after(size, prior, criterion.xs, criterion.ys)
    return points - chance @ points, chance


def _gain(model: DrawModel, weights: Floats, column: int, learnt: dict[int, tuple[Floats, Floats]]) -> float:
    chances = model.chances
    outcomes = {
        place: Outcomes(weights[column] * shift, np.full(len(shift), chances[place]), chance)
        for place, (shift, chance) in learnt.items()
    }
    return information_gain(model, weights, outcomes)
