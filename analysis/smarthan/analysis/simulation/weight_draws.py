"""Drawing weights: stated sets in turn, all weights alike, all that keep an order, all within bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from smarthan.analysis.scoring.values import Floats

from .draws import CHUNK

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.appraisal.parts import WeightSet

_LEAST_ACCEPTED = 1e-3  # below this share rejection gives way to hit-and-run (candidate-scoring rules, section 7)
_TRIAL_CHUNKS = 25  # about 100,000 draws, so that 1 in 1,000 is seen
_STEPS_PER_CRITERION = 20  # assumed: hit-and-run steps from the middle until a chain has forgotten where it began

Drawer = Callable[[int, int], Floats]


@dataclass(frozen=True)
class WeightSource:
    """Where drawn weights come from: a name, the stated sets (rows add to 1), and what draws one chunk."""

    name: str
    set_names: tuple[str, ...]
    sets: Floats
    draw: Drawer


def choose_weights(appraisal: Appraisal, weights: str | Mapping[str, float]) -> WeightSource:
    """Return the source a simulation draws its weights from.

    Raises
    ------
    ValueError
        When there is no such set, or it does not state what the way of drawing needs.
    """
    if not isinstance(weights, str | Mapping):
        raise ValueError(f"weights is {weights!r}; it must be a name or a mapping of criterion to weight")
    named = {each.assessor: np.array(each.weights) for each in appraisal.weight_sets if each.weights is not None}
    shape = (len(named), len(appraisal.criteria))
    sets = np.array(list(named.values())).reshape(shape)
    if weights == "all":
        if not len(sets):
            raise ValueError("weights: every set gives intervals only; use 'interval:' and the set's name")
        return WeightSource("all", tuple(named), sets, _set_drawer(sets))
    if isinstance(weights, str) and weights not in named and weights != "mean":
        return WeightSource(weights, tuple(named), sets, _choose_drawer(appraisal, weights))
    name, only = appraisal.weights_of(weights)
    return WeightSource(name, (name,), only[None], _set_drawer(only[None]))


def _choose_drawer(appraisal: Appraisal, weights: str) -> Drawer:
    if weights == "simplex":
        return _simplex_drawer(len(appraisal.criteria))
    stated = {each.assessor: each for each in appraisal.weight_sets}
    way, _, assessor = weights.partition(":")
    if way == "ordinal" and assessor in stated:
        return _order_drawer(stated[assessor])
    if way == "interval" and assessor in stated:
        return _interval_drawer(stated[assessor])
    if weights in stated:
        raise ValueError(f"weights: {weights} states low and high only; use 'interval:{weights}'")
    raise ValueError(
        f"weights: {weights!r} is not known. Allowed: 'all', 'simplex', 'mean', the name of a set "
        f"({', '.join(stated)}), 'ordinal:NAME', 'interval:NAME', or a mapping of criterion to weight"
    )


def _set_drawer(sets: Floats) -> Drawer:
    def draw(_seed: int, chunk: int) -> Floats:
        turn = (chunk * CHUNK + np.arange(CHUNK)) % len(sets)
        return np.ascontiguousarray(sets.T[:, turn])

    return draw


def _simplex_drawer(count: int) -> Drawer:
    def draw(seed: int, chunk: int) -> Floats:
        return _draw_simplex(np.random.default_rng([seed, chunk]), count, CHUNK)

    return draw


def _draw_simplex(stream: np.random.Generator, count: int, draws: int) -> Floats:
    raw = stream.standard_exponential((count, draws))
    return np.asarray(raw / raw.sum(axis=0))


def _order_drawer(stated: WeightSet) -> Drawer:
    if stated.ranks is None:
        raise ValueError(f"weights: {stated.assessor} states {stated.kind}, not ranks; 'ordinal:' needs ranks")
    ranks = np.array(stated.ranks)
    listed = np.flatnonzero(np.isfinite(ranks))

    def draw(seed: int, chunk: int) -> Floats:
        stream = np.random.default_rng([seed, chunk])
        falling = -np.sort(-_draw_simplex(stream, len(listed), CHUNK), axis=0)
        # Criteria of equal rank take their places in random order.
        order = np.argsort(ranks[listed, None] + stream.random((len(listed), CHUNK)) * 1e-6, axis=0)
        weights = np.zeros((len(ranks), CHUNK))
        weights[listed[order], np.arange(CHUNK)] = falling
        return weights

    return draw


def _interval_drawer(stated: WeightSet) -> Drawer:
    if stated.bounds is None:
        raise ValueError(f"weights: {stated.assessor} states {stated.kind}, not low and high; 'interval:' needs them")
    low, high = np.array(stated.bounds).T
    stream = np.random.default_rng(0)
    accepted = np.mean([_within(_draw_above(stream, low), low, high).mean() for _ in range(_TRIAL_CHUNKS)])

    def draw(seed: int, chunk: int) -> Floats:
        own = np.random.default_rng([seed, chunk])
        return _hit_and_run(own, low, high) if accepted < _LEAST_ACCEPTED else _reject(own, low, high)

    return draw


def _draw_above(stream: np.random.Generator, low: Floats) -> Floats:
    """Draw a chunk of weights alike from all that add to 1 and keep the lower bounds: a smaller simplex."""
    return low[:, None] + (1 - low.sum()) * _draw_simplex(stream, len(low), CHUNK)


def _within(weights: Floats, low: Floats, high: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray(((weights >= low[:, None]) & (weights <= high[:, None])).all(axis=0))


def _reject(stream: np.random.Generator, low: Floats, high: Floats) -> Floats:
    kept: list[Floats] = []
    while sum(part.shape[1] for part in kept) < CHUNK:
        drawn = _draw_above(stream, low)
        kept.append(drawn[:, _within(drawn, low, high)])
    return np.ascontiguousarray(np.concatenate(kept, axis=1)[:, :CHUNK])


def _hit_and_run(stream: np.random.Generator, low: Floats, high: Floats) -> Floats:
    """Walk 4,096 chains from the middle of the bounds, each step to a uniform point of a random line.

    Lines run in proportion to the slack of each criterion, else one narrow bound would keep all others from moving.
    """
    slack = high - low
    middle = low + slack * ((1 - low.sum()) / slack.sum() if slack.sum() else 0.0)
    at = np.repeat(middle[:, None], CHUNK, axis=1)
    free = slack > 0
    if np.count_nonzero(free) < 2:
        return at
    least, most, width = low[free, None], high[free, None], slack[free, None]
    inner = at[free]
    for _ in range(_STEPS_PER_CRITERION * len(inner)):
        step = width * stream.standard_normal(inner.shape)
        step -= width * (step.sum(axis=0) / width.sum())
        step[step == 0] = np.finfo(np.float64).tiny
        one, other = (least - inner) / step, (most - inner) / step
        nearest, farthest = np.maximum(one, other).min(axis=0), np.minimum(one, other).max(axis=0)
        inner = np.clip(inner + (farthest + (nearest - farthest) * stream.random(CHUNK)) * step, least, most)
    at[free] = inner
    return at
