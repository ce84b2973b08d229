"""What it is worth to learn some cells and gates: exact for independent ones, without draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from smarthan.analysis.scoring.values import Floats
from smarthan.analysis.simulation.disagreement import expected_points
from smarthan.analysis.simulation.draws import DrawModel

from .discrete import Variable, expected_maximum, find_greatest, sum_independent, thin

Cells = list[tuple[int, str]]  # place of the option, id of the criterion or gate

_POINTS_TOGETHER = 256  # values an option keeps where several options are learnt of at once
_BASELINE_GROUPS = 64  # of the baseline's outcomes, where other options fall back on it
_ROUNDING = 1e-9  # points; sums of 4,096 doubles below 100 are true to about 1e-11


@dataclass(frozen=True)
class Outcomes:
    """What may be learnt of one option: a shift of its points, its chance of passing the gates then, and how likely.

    One entry with shift 0 stands for learning nothing.
    """

    shift: Floats
    passing: Floats
    chance: Floats

    @classmethod
    def none(cls, passing: float) -> Outcomes:
        """Return what is learnt of an option that is not looked at."""
        return cls(np.zeros(1), np.array([passing]), np.ones(1))

    def value(self, points: float, fallback: float) -> Variable:
        """Return the option's points after learning, where a failed gate makes it worth the fallback."""
        return self.passing * (points + self.shift) + (1 - self.passing) * fallback, self.chance


def expected_best(points: Floats, baseline: int, outcomes: Sequence[Outcomes]) -> float:
    """Return the mean, over what may be learnt, of the best option's expected points.

    Parameters
    ----------
    points : ndarray of float, shape (options,) [points]
        Expected points before gates.
    baseline : int
        Place of the option that takes over where a gate is failed.
    outcomes : sequence of Outcomes
        For each option; options are independent of each other.

    Notes
    -----
    The best of independent options has the product of their distribution functions, so the mean is a sum over the
    support. Only where the baseline is looked at and a gate is open do the options hang together; then the baseline's
    outcomes are taken in turn: each of them where nothing else is learnt, else in 64 groups.
    """
    base = outcomes[baseline]
    hanging = [place for place, one in enumerate(outcomes) if (one.passing < 1).any()]
    if len(base.shift) == 1 or not hanging:
        return expected_maximum([one.value(points[a], points[baseline]) for a, one in enumerate(outcomes)])
    fallback = points[baseline] + base.shift
    others = [a for a in range(len(outcomes)) if a != baseline]
    if all(len(outcomes[a].shift) == 1 for a in others):
        values = [outcomes[a].passing * points[a] + (1 - outcomes[a].passing) * fallback for a in others]
        return float(np.max([fallback, *values], axis=0) @ base.chance)
    free = find_greatest([outcomes[a].value(points[a], 0.0) for a in others if a not in hanging] or [_NOTHING])
    total = 0.0
    for level, chance in zip(*thin((fallback, base.chance), _BASELINE_GROUPS), strict=True):
        hung = [outcomes[a].value(points[a], level) for a in hanging]
        total += chance * expected_maximum([free, (np.array([level]), np.ones(1)), *hung])
    return float(total)


_NOTHING = (np.array([-np.inf]), np.ones(1))


def information_gain(model: DrawModel, weights: Floats, learnt: dict[int, Outcomes]) -> float:
    """Return the mean of the best option's points after learning, less the best as things stand; never below 0."""
    outcomes = [learnt.get(place) or Outcomes.none(float(chance)) for place, chance in enumerate(model.chances)]
    gain = expected_best(model.expected @ weights, model.baseline, outcomes)
    return _cut(gain - float(expected_points(model, weights).max()))


def _cut(gain: float) -> float:
    return gain if gain > _ROUNDING else 0.0


def worth_of_cells(model: DrawModel, sets: Floats, cells: Cells) -> list[float]:
    """Return what it is worth to learn some cells and gates, for each weight set [points]."""
    if not cells:
        return [0.0] * len(sets)
    if len(cells) == 1:
        learn = _learn_cell if cells[0][1] in model.criteria else _learn_gate
        return [_cut(float(gain)) for gain in learn(model, sets, *cells[0])]
    known: dict[int, list[str]] = {}
    for place, name in cells:
        known.setdefault(place, []).append(name)
    return [
        information_gain(model, weights, {p: _learn_option(model, weights, p, known) for p in known})
        for weights in sets
    ]


def _stand(model: DrawModel, sets: Floats) -> tuple[Floats, Floats]:
    """Return each option's expected points in each set, shape (sets, options): before gates, and with them."""
    plain = sets @ model.expected.T
    return plain, model.chances * plain + (1 - model.chances) * plain[:, [model.baseline]]


def _learn_cell(model: DrawModel, sets: Floats, place: int, name: str) -> Floats:
    """Return the gain from one cell in each set: all options that move do so in a straight line with it."""
    column, outlook = next(cell for cell in model.options[place].cells if model.criteria[cell[0]] == name)
    _, mean = _stand(model, sets)
    share = np.zeros(len(model.options))
    if place == model.baseline:
        share = 1 - model.chances  # of its shift reaches those who may fall back on it
    share[place] = model.chances[place]
    shift = sets[:, column, None] * (outlook.points - outlook.mean)
    best = np.where(share == 0, mean, -np.inf).max(axis=1)[:, None]
    for moved in np.flatnonzero(share):
        best = np.maximum(best, mean[:, moved, None] + share[moved] * shift)
    return np.asarray(best @ outlook.chances - mean.max(axis=1))


def _learn_gate(model: DrawModel, sets: Floats, place: int, name: str) -> Floats:
    chance = dict(model.options[place].gates)[name]
    plain, mean = _stand(model, sets)
    rest, fallback = model.chances[place] / chance, plain[:, model.baseline]
    others = np.delete(mean, place, axis=1).max(axis=1)
    passed = np.maximum(others, rest * plain[:, place] + (1 - rest) * fallback)
    return np.asarray(chance * passed + (1 - chance) * np.maximum(others, fallback) - mean.max(axis=1))


def _learn_option(model: DrawModel, weights: Floats, place: int, known: dict[int, list[str]]) -> Outcomes:
    """Return what is learnt of one option when some of its cells and gates become known."""
    option, names = model.options[place], known[place]
    parts = [
        (weights[column] * (outlook.points - outlook.mean), outlook.chances)
        for column, outlook in option.cells
        if model.criteria[column] in names
    ]
    shift, likely = sum_independent(parts)
    if len(known) > 1:
        shift, likely = thin((shift, likely), _POINTS_TOGETHER)
    passing, chance = np.ones(1), np.ones(1)
    for gate, p in option.gates:
        if gate in names:
            passing, chance = np.concatenate([passing, 0 * passing]), np.concatenate([p * chance, (1 - p) * chance])
        else:
            passing = passing * p
    return Outcomes(np.repeat(shift, len(passing)), np.tile(passing, len(shift)), np.outer(likely, chance).ravel())
