"""Who would change the answer: each set of weights by itself, each assessor of scores with and without the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.appraisal.parts import Judgement
from smarthan.analysis.scoring.values import Floats

from .expected import expected_points
from .uncertainty import look_out

if TYPE_CHECKING:
    from .runs import Simulation


def list_answers(simulation: Simulation, mean: Floats) -> pd.DataFrame:
    """Return who would answer differently; see `Disagreement.answers`."""
    model = simulation.model
    base, _ = _lead(expected_points(model, mean))
    rows = []
    for name, weights in zip(simulation.source.set_names, simulation.source.sets, strict=True):
        rows.append((name, "weights", *_lead(expected_points(model, weights))))
    for who, how, expected in _change_assessors(simulation):
        rows.append((who, how, *_lead(expected_points(model, mean, expected))))
    frame = pd.DataFrame(rows, columns=["who", "how", "place", "lead"])
    frame = frame.astype({"who": "str", "how": "str", "lead": "float64"})
    frame.insert(2, "leader", pd.Series([model.names[place] for place in frame["place"]], dtype="str"))
    frame["changes"] = frame.pop("place").to_numpy(dtype="int64") != base
    frame.attrs["leader"] = model.names[base]
    return simulation.appraisal.stamp(frame)


def _lead(points: Floats) -> tuple[int, float]:
    """Return the leader's place, and its lead over the second (0 where it stands alone)."""
    order = np.argsort(-points, kind="stable")
    return int(order[0]), float(points[order[0]] - points[order[1]]) if len(order) > 1 else 0.0


def _change_assessors(simulation: Simulation) -> Iterator[tuple[str, str, Floats]]:
    """Yield the cells' means with one assessor's scores alone, and left out; what says the same twice is told once."""
    appraisal, names = simulation.appraisal, simulation.options
    shared = [
        (row, column, judged)
        for row, option in enumerate(names)
        for column, criterion in enumerate(appraisal.criteria)
        if len(judged := appraisal.cells[option, criterion.id]) > 1
    ]
    people = dict.fromkeys(one.assessor for _, _, judged in shared for one in judged)
    told: list[Floats] = []
    for how in ("alone", "left out"):
        for who in people:
            expected = simulation.model.expected.copy()
            for row, column, judged in shared:
                kept = [one for one in judged if (one.assessor == who) == (how == "alone")]
                if 0 < len(kept) < len(judged):
                    expected[row, column] = look_out(kept, appraisal.criteria[column], appraisal.spread).mean
            if not any(np.array_equal(expected, earlier) for earlier in told):
                told.append(expected)
                yield who, how, expected


def say_judgement(one: Judgement) -> str:
    """Return what one assessor says of a cell, as short as it can be said.

    Examples
    --------
    >>> say_judgement(Judgement("a", "capex", "x", best=18.0, low=15.0, high=24.0))
    '18 (15 to 24)'
    >>> say_judgement(Judgement("a", "reach", "x", n=60, k=57)), say_judgement(Judgement("a", "reach", "x"))
    ('57 of 60', 'no score')
    """
    if one.level:
        return one.level if one.p is None else f"{one.level} (chance {one.p:g})"
    if one.n is not None and one.k is not None:
        return f"{one.k:g} of {one.n:g}"
    span = f"{one.low:g} to {one.high:g}" if one.low is not None and one.high is not None else ""
    if one.best is None:
        return span or "no score"
    return f"{one.best:g} ({span})" if span else f"{one.best:g}"


def find_split_gates(gates: pd.DataFrame, cells: Mapping[tuple[str, str], Sequence[Judgement]]) -> pd.DataFrame:
    """Return the gates on which assessors of an option answer differently: option, gate, said."""
    rows = []
    for option, gate in zip(gates["option"], gates["gate"], strict=True):
        judged = cells[option, gate]
        if len({(one.level, one.p) for one in judged}) > 1:
            rows.append((option, gate, "; ".join(f"{one.assessor}: {say_judgement(one)}" for one in judged)))
    return pd.DataFrame(rows, columns=["option", "gate", "said"]).astype("str")
