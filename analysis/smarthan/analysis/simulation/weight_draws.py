"""Drawing weights: stated sets in turn, all weights alike, all that keep an order, all within bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from smarthan.analysis.scoring.values import Floats

from .draws import CHUNK

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.appraisal.parts import WeightSet

_LEAST_ACCEPTED = 1e-3  # below this share rejection gives way to hit-and-run (candidate-scoring rules, section 7)
_STEPS_PER_CRITERION = 20  # assumed: hit-and-run steps from the middle until a chain has forgotten where it began


@dataclass(frozen=True)
class WeightSource:
    """Where drawn weights come from: a name, the stated sets (rows add to 1), and a drawer of one chunk."""

    name: str
    set_names: tuple[str, ...]
    sets: Floats
    draw: Callable[[int, int], Floats]


def choose_weights(appraisal: Appraisal, weights: str) -> WeightSource:
    """Return the source a simulation draws its weights from.

    Raises
    ------
    ValueError
        When there is no such set, or it does not state what the way of drawing needs.
    """
    stated = {each.assessor: each for each in appraisal.weight_sets}
    named = {name: np.array(each.weights) for name, each in stated.items() if each.weights is not None}
    way, _, assessor = weights.partition(":")
    if weights in named and weights not in ("all", "simplex"):
        named = {weights: named[weights]}
    elif weights != "all" and weights != "simplex" and (way not in ("ordinal", "interval") or assessor not in stated):
        raise ValueError(f"weights: {_explain(weights, stated)}")
    drawer: Callable[[int, int], Floats]
    sets = np.array(list(named.values())).reshape(len(named), len(appraisal.criteria))
    if way == "ordinal":
        drawer = _order_drawer(stated[assessor])
    elif way == "interval":
        drawer = _interval_drawer(stated[assessor])
    elif weights == "simplex":
        drawer = _simplex_drawer(len(appraisal.criteria))
    else:
        if not len(sets):
            raise ValueError("weights: every set gives intervals only; use 'interval:' and the set's name")
        drawer = _set_drawer(sets)
    return WeightSource(weights, tuple(named), sets, drawer)


def _explain(weights: str, stated: dict[str, WeightSet]) -> str:
    return (
        f"{weights!r} is not known. Allowed: 'all', 'simplex', the name of a set ({', '.join(stated)}), "
        "'ordinal:NAME' or 'interval:NAME'"
    )


def _set_drawer(sets: Floats) -> Callable[[int, int], Floats]:
    def draw(seed: int, chunk: int) -> Floats:
        turn = (chunk * CHUNK + np.arange(CHUNK)) % len(sets)
        return np.ascontiguousarray(sets.T[:, turn])

    return draw


def _simplex_drawer(count: int) -> Callable[[int, int], Floats]:
    def draw(seed: int, chunk: int) -> Floats:
        return _draw_simplex(np.random.default_rng([seed, chunk]), count, CHUNK)

    return draw


def _draw_simplex(stream: np.random.Generator, count: int, draws: int) -> Floats:
    raw = stream.standard_exponential((count, draws))
    return np.asarray(raw / raw.sum(axis=0))


def _order_drawer(stated: WeightSet) -> Callable[[int, int], Floats]:
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


def _interval_drawer(stated: WeightSet) -> Callable[[int, int], Floats]:
    if stated.bounds is None:
        raise ValueError(f"weights: {stated.assessor} states {stated.kind}, not low and high; 'interval:' needs them")
    low, high = np.array(stated.bounds).T
    trial = _draw_simplex(np.random.default_rng(0), len(low), 100_000)
    accepted = _within(trial, low, high).mean()

    def draw(seed: int, chunk: int) -> Floats:
        stream = np.random.default_rng([seed, chunk])
        if accepted < _LEAST_ACCEPTED:
            return _hit_and_run(stream, low, high)
        return _reject(stream, low, high, int(1.2 * CHUNK / accepted))

    return draw


def _within(weights: Floats, low: Floats, high: Floats) -> np.ndarray:
    return np.asarray(((weights >= low[:, None]) & (weights <= high[:, None])).all(axis=0))


def _reject(stream: np.random.Generator, low: Floats, high: Floats, batch: int) -> Floats:
    kept: list[Floats] = []
    while sum(part.shape[1] for part in kept) < CHUNK:
        for size in [50_000] * (batch // 50_000) + [batch % 50_000 or 1]:
            drawn = _draw_simplex(stream, len(low), size)
            kept.append(drawn[:, _within(drawn, low, high)])
    return np.concatenate(kept, axis=1)[:, :CHUNK]


def _hit_and_run(stream: np.random.Generator, low: Floats, high: Floats) -> Floats:
    """Walk 4,096 chains from the middle of the bounds, each step to a uniform point of a random line."""
    slack = high - low
    middle = low + slack * ((1 - low.sum()) / slack.sum() if slack.sum() else 0.0)
    at = np.repeat(middle[:, None], CHUNK, axis=1)
    free = (slack > 0)[:, None]
    for _ in range(_STEPS_PER_CRITERION * len(low)):
        step = np.where(free, stream.standard_normal(at.shape), 0.0)
        step = np.where(free, step - step.sum(axis=0) / max(int(free.sum()), 1), 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            one, other = (low[:, None] - at) / step, (high[:, None] - at) / step
        nearest = np.where(step != 0, np.fmax(one, other), np.inf).min(axis=0)
        farthest = np.where(step != 0, np.fmin(one, other), -np.inf).max(axis=0)
        reach = np.where(np.isfinite(nearest - farthest), nearest - farthest, 0.0)
        start = np.where(np.isfinite(farthest), farthest, 0.0)
        at = np.clip(at + (start + reach * stream.random(CHUNK)) * step, low[:, None], high[:, None])
    return at
