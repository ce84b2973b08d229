"""Small appraisals of every kind of score, for the laws of scoring: built in memory, drawn by hypothesis."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import strategies as st

from smarthan.analysis import Appraisal
from smarthan.analysis.appraisal.gates import Gates, tabulate_gates
from smarthan.analysis.appraisal.keys import SPREAD
from smarthan.analysis.appraisal.parts import Criterion, Gate, Judgement, Level, Option, WeightSet
from smarthan.analysis.appraisal.score_rows import group_judgements

WORDS = (Level("poor", 0.0), Level("fair", 35.0), Level("good", 70.0), Level("best", 100.0))
DISTS = ("pert", "triangular", "uniform", "normal")


def make_appraisal(
    criteria: list[Criterion],
    judgements: list[Judgement],
    sets: dict[str, list[float]],
    gates: tuple[Gate, ...] = (),
) -> Appraisal:
    """Return an appraisal of whatever options the judgements name; the first is the baseline."""
    options = tuple(Option(name, name) for name in dict.fromkeys(one.option for one in judgements))
    table = tabulate_gates(options, gates, group_judgements(judgements))
    weights = tuple(WeightSet(name, "swing", tuple(np.array(w) / sum(w))) for name, w in sets.items())
    return Appraisal(
        id="made",
        title="Made",
        status="draft",
        synthetic=True,
        decision="Which?",
        baseline=options[0].id,
        as_of=dt.date(2026, 1, 1),
        options=options,
        criteria=tuple(criteria),
        gates=Gates.of(gates, table),
        trials=(),
        judgements=tuple(judgements),
        weight_sets=weights,
        evidence=(),
        spread={**SPREAD, "sure": 0.0},
        max_regret=1.0,
        max_shortlist=2,
    )


def make_criteria(rng: np.random.Generator, count: int) -> list[Criterion]:
    """Return criteria of every kind: linear either way, bent, in words."""
    made = []
    for place in range(count):
        name = f"c{place}"
        kind = rng.integers(4)
        if kind == 0:
            made.append(Criterion(name, name, "Soft", levels=WORDS))
        elif kind == 1:
            made.append(Criterion(name, name, "Cost", unit="GBP", better="low", xs=(0.0, 120.0), ys=(100.0, 0.0)))
        elif kind == 2:
            made.append(Criterion(name, name, "Cost", unit="dB", xs=(-10.0, 0.0, 40.0), ys=(0.0, 60.0, 100.0)))
        else:
            made.append(Criterion(name, name, unit="share", xs=(0.0, 1.0), ys=(0.0, 100.0)))
    return made


def judge(rng: np.random.Generator, option: str, criterion: Criterion, *, certain: bool) -> Judgement:
    """Return one score: certain, with limits, bare with a confidence, or missing."""
    confidence = str(rng.choice(["high", "medium", "low"]))
    if criterion.levels:
        if certain:
            level = criterion.levels[rng.integers(4)].id
            return Judgement(option, criterion.id, "panel", level, confidence="sure")
        level = "" if rng.random() < 0.2 else criterion.levels[rng.integers(4)].id
        return Judgement(option, criterion.id, "panel", level, confidence=confidence)
    low, best, high = np.sort(rng.uniform(criterion.low, criterion.high, 3)).tolist()
    if certain:
        return Judgement(option, criterion.id, "panel", best=best, low=best, high=best)
    way = rng.random()
    if way < 0.2:
        return Judgement(option, criterion.id, "panel")
    if way < 0.4:
        return Judgement(option, criterion.id, "panel", best=best, confidence=confidence)
    return Judgement(option, criterion.id, "panel", best=best, low=low, high=high, dist=str(rng.choice(DISTS)))


def make_random(seed: int, *, certain: bool = False, options: int | None = None) -> Appraisal:
    """Return the appraisal of a seed: 2 to 5 options, 1 to 5 criteria, 1 to 3 weight sets, a gate that may be open."""
    rng = np.random.default_rng(seed)
    criteria = make_criteria(rng, int(rng.integers(1, 6)))
    names = [f"o{place}" for place in range(options or int(rng.integers(2, 6)))]
    rows = [judge(rng, name, c, certain=certain or rng.random() < 0.4) for name in names for c in criteria]
    gate = Gate("safe", "Safe")
    for name in names:
        is_open = name != names[0] and not certain and rng.random() < 0.3
        answer = {"level": "unknown", "p": 0.6} if is_open else {"level": "yes"}
        rows.append(Judgement(name, "safe", "panel", **answer))
    sets = {}
    for place in range(int(rng.integers(1, 4))):
        points = rng.integers(0, 101, len(criteria)).astype(float)
        points[rng.integers(len(criteria))] = 100.0
        sets[f"s{place}"] = points.tolist()
    return make_appraisal(criteria, rows, sets, (gate,))


SEEDS = st.integers(0, 10**6)
