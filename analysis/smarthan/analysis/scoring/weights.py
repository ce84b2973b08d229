"""From what people state about importance (ranks, swings, groups) to weights that add to 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt

from .values import Floats, normalise_weights

GROUP_PREFIX = "group:"


def rank_order_weights(ranks: npt.ArrayLike, method: Literal["roc", "sum", "reciprocal"] = "roc") -> Floats:
    """Return the weights that stand for a ranking of criteria.

    Parameters
    ----------
    ranks : array_like of float
        1 is the most important. Criteria with the same rank share the mean of the places they take.
    method : {"roc", "sum", "reciprocal"}
        Rank-order centroid (the mean of all weights that keep the order), rank sum, or rank reciprocal.

    Returns
    -------
    ndarray of float
        In the order given; adds to 1.

    Raises
    ------
    ValueError
        When there is no rank, a rank is not finite or below 1, or the method is not known.

    References
    ----------
    Barron, F. H. and Barrett, B. E. (1996), Decision quality using ranked attribute weights, Management Science
    42(11), doi:10.1287/mnsc.42.11.1515.

    Examples
    --------
    >>> rank_order_weights([2, 1])
    array([0.25, 0.75])
    """
    given = np.asarray(list(ranks) if isinstance(ranks, range) else ranks, dtype=np.float64)
    if given.ndim != 1 or len(given) == 0 or not np.isfinite(given).all():
        raise ValueError("ranks must be one list of finite numbers, 1 for the most important criterion")
    if (given < 1).any():
        raise ValueError(f"ranks: {given.min():g} is below 1; 1 is the most important criterion")
    by_place = _weights_by_place(len(given), method)
    order = np.argsort(given, kind="stable")
    weights = np.empty(len(given))
    weights[order] = by_place
    for rank in np.unique(given):
        weights[given == rank] = weights[given == rank].mean()
    return weights


def _weights_by_place(count: int, method: str) -> Floats:
    place = np.arange(1, count + 1, dtype=np.float64)
    if method == "roc":
        return np.asarray(np.cumsum((1 / place)[::-1])[::-1] / count)
    if method == "sum":
        return np.asarray(2 * (count + 1 - place) / (count * (count + 1)))
    if method == "reciprocal":
        return np.asarray((1 / place) / (1 / place).sum())
    raise ValueError(f"method is {method!r}; allowed: 'roc', 'sum', 'reciprocal'")


def group_paths(group: str) -> list[str]:
    """Return a group's path from the top down.

    Examples
    --------
    >>> group_paths("Cost/Running")
    ['Cost', 'Cost/Running']
    """
    parts = [part for part in group.split("/") if part]
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


def flatten_groups(swings: Mapping[str, float], groups: Mapping[str, str]) -> dict[str, float]:
    """Return each criterion's weight as the product of the shares down its path.

    Parameters
    ----------
    swings : mapping of str to float
        Swing points of each criterion (by id) and of each group (`group:Cost/Running`) among its siblings.
    groups : mapping of str to str
        Criterion id to its group path; '' stands at the top.

    Returns
    -------
    dict
        Criterion id to weight; adds to 1.

    Raises
    ------
    ValueError
        When a group on a path has no swing, or the siblings of a node all have 0.

    Examples
    --------
    >>> flatten_groups({"group:A": 50, "group:B": 50, "a": 1, "b": 30, "c": 10}, {"a": "A", "b": "B", "c": "B"})
    {'a': 0.5, 'b': 0.375, 'c': 0.125}
    """
    shares = _sibling_shares(swings, groups)
    weights = {}
    for criterion, group in groups.items():
        nodes = [criterion, *(GROUP_PREFIX + path for path in group_paths(group))]
        weights[criterion] = float(np.prod([shares[node] for node in nodes]))
    return weights


def _sibling_shares(swings: Mapping[str, float], groups: Mapping[str, str]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for siblings in _sibling_sets(groups).values():
        absent = [node for node in siblings if node not in swings]
        if absent:
            raise ValueError(f"no swing for {', '.join(absent)}; once one group is weighed every node needs a swing")
        normal = normalise_weights([swings[node] for node in siblings])
        shares.update(zip(siblings, normal.tolist(), strict=True))
    return shares


def _sibling_sets(groups: Mapping[str, str]) -> dict[str, list[str]]:
    sets: dict[str, list[str]] = {}
    for criterion, group in groups.items():
        above = ""
        for path in group_paths(group):
            siblings = sets.setdefault(above, [])
            if GROUP_PREFIX + path not in siblings:
                siblings.append(GROUP_PREFIX + path)
            above = path
        sets.setdefault(above, []).append(criterion)
    return sets
