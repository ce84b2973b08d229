"""The best estimate behind a cell: of one assessor, and of several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .parts import Criterion, Judgement


def best_value(judgements: Sequence[Judgement], criterion: Criterion) -> float:
    """Return the points of a cell at its best estimate: the mean over its assessors.

    Counts n and k count as (k + 1/2) / (n + 1); a missing score as the mean value of the agreed range.
    """
    return float(np.mean([_value_of(one, criterion) for one in judgements]))


def best_score(judgements: Sequence[Judgement], criterion: Criterion) -> float | str | None:
    """Return a cell as people read it: a number in the criterion's unit, a word, or None where there is no score."""
    scored = [one for one in judgements if not one.is_missing]
    if not scored:
        return None if criterion.levels else float("nan")
    if criterion.levels:
        return " / ".join(dict.fromkeys(one.level for one in scored))
    return float(np.mean([point_estimate(one) for one in scored]))


def point_estimate(one: Judgement) -> float:
    """Return the best estimate of a scored judgement in the criterion's unit.

    Examples
    --------
    >>> point_estimate(Judgement("a", "reach", "trial", n=10, k=8))
    0.7727272727272727
    """
    if one.n is not None and one.k is not None:
        return (one.k + 0.5) / (one.n + 1)
    if one.best is None:
        raise ValueError(f"scores.csv line {one.line}: there is no score to take an estimate from")
    return one.best


def _value_of(one: Judgement, criterion: Criterion) -> float:
    if one.is_missing:
        return criterion.middle_value()
    if criterion.levels:
        return criterion.value_of_level(one.level)
    return float(criterion.value_of(point_estimate(one)))


def missing_share(judgements: Sequence[Judgement]) -> float:
    """Return the share of a cell's assessors who state that there is no score."""
    return sum(one.is_missing for one in judgements) / len(judgements)
