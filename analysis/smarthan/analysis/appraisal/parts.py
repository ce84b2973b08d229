"""What an appraisal consists of: options, gates, criteria with their agreed scales, trials, judgements, weights."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from smarthan.analysis.scoring.values import mean_value, piecewise_value


@dataclass(frozen=True)
class Option:
    """A candidate. `trial` names the trial technologies it stands for; it reaches where any of them does."""

    id: str
    label: str
    family: str = ""
    trial: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gate:
    """A must-have: never traded, never weighted."""

    id: str
    label: str


@dataclass(frozen=True)
class Level:
    """One word of a scale, its agreed value [0 to 100 points] and what it means."""

    id: str
    value: float
    means: str = ""


@dataclass(frozen=True)
class Criterion:
    """What is weighed, with its agreed value function.

    A numeric criterion has `xs` (strictly increasing over exactly the agreed range, in `unit`) and `ys` (points, from
    0 to 100 or 100 to 0); a word scale has `levels` in order of value, worst first.
    """

    id: str
    label: str
    group: str = ""
    unit: str = ""
    better: str = "high"
    xs: tuple[float, ...] = ()
    ys: tuple[float, ...] = ()
    levels: tuple[Level, ...] = ()
    outside: str = "refuse"

    @property
    def low(self) -> float:
        """The least value of the agreed range [the criterion's unit]."""
        return self.xs[0]

    @property
    def high(self) -> float:
        """The greatest value of the agreed range [the criterion's unit]."""
        return self.xs[-1]

    @property
    def is_linear(self) -> bool:
        """Whether points rise or fall in proportion to the unit over the whole range."""
        return len(self.xs) == 2

    def value_of(self, x: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return points for values in the criterion's unit, clipped to the agreed range."""
        return piecewise_value(x, self.xs, self.ys, outside="clip")

    def value_of_level(self, word: str) -> float:
        """Return the points of a word of the scale."""
        return next(level.value for level in self.levels if level.id == word)

    def middle_value(self) -> float:
        """Return the mean of the value over the whole range or all words: what a missing score counts as."""
        if self.levels:
            return float(np.mean([level.value for level in self.levels]))
        return mean_value(self.xs, self.ys)


@dataclass(frozen=True)
class Trial:
    """A technology trial that could measure one criterion of some options; costs in GBP."""

    id: str
    label: str
    criterion: str
    options: tuple[str, ...]
    dwellings_per_building: float = 1.0
    icc: float = 0.0
    setup: float = 0.0
    per_building: float = 0.0
    delay_months: float = 0.0
    delay_cost_per_month: float = 0.0
    max_buildings: int = 200

    @property
    def delay_cost(self) -> float:
        """What waiting for the trial costs [GBP]."""
        return self.delay_months * self.delay_cost_per_month


@dataclass(frozen=True)
class Money:
    """The criterion in GBP per premises, and how many premises the decision is about."""

    criterion: str
    premises: float
    price_base: int | None = None
    present_year: int | None = None


@dataclass(frozen=True)
class Evidence:
    """Something a score rests on."""

    id: str
    title: str
    kind: str
    date: dt.date | None
    where: str
    quality: str
    owner: str


@dataclass(frozen=True)
class Judgement:
    """One row of scores: what one assessor says of one option on one criterion or gate.

    `line` is its physical line, or its row in a workbook: where the row stands, which is no part of what it says.
    """

    option: str
    criterion: str
    assessor: str
    level: str = ""
    best: float | None = None
    low: float | None = None
    high: float | None = None
    dist: str = "pert"
    n: float | None = None
    k: float | None = None
    p: float | None = None
    evidence: str = ""
    confidence: str = ""
    note: str = ""
    line: int = field(default=0, compare=False)

    @property
    def is_missing(self) -> bool:
        """Whether the row states, on purpose, that there is no score."""
        return not self.level and self.best is None and self.n is None


@dataclass(frozen=True)
class WeightRow:
    """One row of weights.csv: what was stated of a criterion, or of a `group:path`, as typed (two: low, high)."""

    node: str
    stated: tuple[float, ...]
    note: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Agreement:
    """When the weights and ranges were agreed, by whom, and the evidence id of the minute that says so."""

    on: dt.date | None = None
    by: str = ""
    minute: str = ""


@dataclass(frozen=True)
class InputFile:
    """A file the appraisal was read from, by its name, hash, size [bytes] and, for a table, its rows."""

    name: str
    sha256: str
    size: int
    rows: int | None = None


@dataclass(frozen=True)
class WeightSet:
    """The weights of one assessor.

    `weights` is in the order of the criteria and adds to 1 (rank-only sets: their rank-order centroid; interval sets:
    None). `ranks` and `bounds` keep what was stated, for drawing within it; `rows` is what was typed, line by line.
    """

    assessor: str
    kind: str
    weights: tuple[float, ...] | None
    ranks: tuple[float, ...] | None = None
    bounds: tuple[tuple[float, float], ...] | None = None
    rows: tuple[WeightRow, ...] = ()
