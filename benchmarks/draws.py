"""What is drawn for the scoring jobs: the demonstration appraisal with a third, or all, of its cells uncertain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from smarthan.analysis import Appraisal, sample_appraisal
from smarthan.analysis.appraisal.gates import Gates, tabulate_gates
from smarthan.analysis.appraisal.judgements import best_score
from smarthan.analysis.appraisal.parts import Criterion, Judgement
from smarthan.analysis.simulation.draws import CHUNK, build_draw_model, draw_option
from smarthan.analysis.simulation.weight_draws import choose_weights

SEED = 1
WEIGHTS = "simplex"
Floats = npt.NDArray[np.float64]


def make_appraisal(*, uncertain: bool) -> Appraisal:
    """Return twelve options, sixteen criteria, no gates; every third cell uncertain, or each of them."""
    shipped = sample_appraisal()
    spread = {**shipped.spread, "none": 0.0}
    cells = [(option.id, criterion) for option in shipped.options for criterion in shipped.criteria]
    judgements: list[Judgement] = []
    for number, (option, criterion) in enumerate(cells):
        judged = shipped.cells[option, criterion.id]
        if uncertain or number % 3 == 0:
            judgements += [_doubt(one) for one in judged]
        else:
            judgements.append(_settle(judged, criterion))
    gates = Gates.of((), tabulate_gates(shipped.options, (), {}))
    return replace(shipped, judgements=tuple(judgements), gates=gates, spread=spread)


def _doubt(one: Judgement) -> Judgement:
    return replace(one, low=None, high=None, confidence="low") if one.best is not None and one.low == one.high else one


def _settle(judged: list[Judgement], criterion: Criterion) -> Judgement:
    best = best_score(judged, criterion)
    if isinstance(best, str):
        return replace(judged[0], level=best, confidence="none")
    number = criterion.low if best is None or np.isnan(best) else best
    return Judgement(judged[0].option, criterion.id, "all", best=number, low=number, high=number)


def draw_values(appraisal: Appraisal, count: int) -> tuple[Floats, Floats]:
    """Return the first draws of a simulation: values (draws, options, criteria), weights (draws, criteria)."""
    model, source = build_draw_model(appraisal), choose_weights(appraisal, WEIGHTS)
    values = np.empty((count, len(model.options), len(model.criteria)))
    weights = np.empty((count, len(model.criteria)))
    for chunk in range(-(-count // CHUNK)):
        part = slice(chunk * CHUNK, min((chunk + 1) * CHUNK, count))
        size = part.stop - part.start
        weights[part] = source.draw(SEED, chunk).T[:size]
        for place, option in enumerate(model.options):
            values[part, place] = option.fixed
            values[part, place, option.columns] = draw_option(option, SEED, chunk)[0].T[:size]
    return values, weights
