"""Replicates of a sample: one unit left out at a time, or units drawn again; and a design that varies over them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from .calibration import Adjustment, Margin
from .estimators import Spread, Sums, SurveyEstimators
from .variance import Stage, cluster_sums, refuse_single_units

if TYPE_CHECKING:
    from .design import SurveyDesign

Floats = npt.NDArray[np.float64]

_BLOCK = 4_000_000  # multiplicities worked on at a time
_LOST = 0.1  # share of replicates that may fail to be adjusted before nothing is said of spread


class Scheme(ABC):
    """How often each first-stage unit counts in each replicate, never held as rows of data."""

    name: str

    def __init__(self, first: Stage, *, adjust: bool) -> None:
        if not adjust:
            refuse_single_units(first)
        self.first = first
        self.size = first.sampled[first.parent]

    @property
    @abstractmethod
    def count(self) -> int:
        """How many replicates there are."""

    @abstractmethod
    def totals(self, sums: Floats) -> Floats:
        """Return the totals of each replicate from the sums of each unit: (units, k) to (replicates, k)."""

    @abstractmethod
    def factors(self) -> Iterator[Floats]:
        """Yield what each replicate multiplies the weights of the units by."""

    @abstractmethod
    def variance(self, values: Floats) -> float:
        """Return the variance that the values of the replicates show."""


class Jackknife(Scheme):
    """Each unit left out once, the others of its stratum standing for it."""

    name = "jackknife"

    @property
    def count(self) -> int:
        """One a unit that is not alone in its stratum."""
        return int((self.size > 1).sum())

    def totals(self, sums: Floats) -> Floats:
        """Without the unit, and with the rest of its stratum times n/(n - 1)."""
        here = cluster_sums(sums, self.first.parent, len(self.first.sampled))[self.first.parent]
        size = self.size[:, None]
        moved = (here - size * sums) / np.maximum(size - 1, 1)
        return np.asarray((sums.sum(axis=0) + moved)[self.size > 1])

    def factors(self) -> Iterator[Floats]:
        """1, but 0 for the unit and n/(n - 1) for its stratum."""
        for unit in np.flatnonzero(self.size > 1):
            factor = np.ones(len(self.size))
            factor[self.first.parent == self.first.parent[unit]] = self.size[unit] / (self.size[unit] - 1)
            factor[unit] = 0.0
            yield factor

    def variance(self, values: Floats) -> float:
        """Sum of (1 - f)(n - 1)/n times the squared distance from the mean of all replicates."""
        fraction = self.first.fraction[self.first.parent]
        scale = ((1 - fraction) * (self.size - 1) / self.size)[self.size > 1]
        good = np.isfinite(values)
        return float((scale * (values - values[good].mean()) ** 2)[good].sum())


class Bootstrap(Scheme):
    """Units drawn again with replacement, one fewer than there are in each stratum (Rao and Wu)."""

    name = "bootstrap"

    def __init__(self, first: Stage, *, n: int, seed: int, adjust: bool) -> None:
        super().__init__(first, adjust=adjust)
        self._n = n
        rng = np.random.default_rng(seed)
        drawn = np.ones((n, len(self.size)), dtype=np.uint16)
        for stratum, size in enumerate(first.sampled.astype(int)):
            if size > 1:
                drawn[:, first.parent == stratum] = _draw_again(rng, size, n)
        self.drawn = drawn
        self.growth = np.where(self.size > 1, self.size / np.maximum(self.size - 1, 1), 1.0)

    @property
    def count(self) -> int:
        """As asked."""
        return self._n

    def totals(self, sums: Floats) -> Floats:
        """The sums of the units drawn, as often as they were."""
        grown = sums * self.growth[:, None]
        step = max(1, _BLOCK // max(len(self.size), 1))
        parts = [self.drawn[at : at + step].astype(np.float64) @ grown for at in range(0, self._n, step)]
        return np.concatenate(parts)

    def factors(self) -> Iterator[Floats]:
        """How often each unit was drawn, times n/(n - 1)."""
        for drawn in self.drawn:
            yield drawn.astype(np.float64) * self.growth

    def variance(self, values: Floats) -> float:
        """The variance of the replicates about their mean."""
        return float(np.var(values[np.isfinite(values)], ddof=1))


def _draw_again(rng: np.random.Generator, size: int, n: int) -> npt.NDArray[np.int64]:
    """Return how often each of `size` units is drawn in `n` draws of one fewer, with replacement; shape (n, size)."""
    step = max(1, _BLOCK // size)
    parts = []
    for start in range(0, n, step):
        rows = min(step, n - start)
        chosen = rng.integers(0, size, (rows, size - 1)) + size * np.arange(rows)[:, None]
        parts.append(np.bincount(chosen.ravel(), minlength=rows * size).reshape(rows, size))
    return np.concatenate(parts)


class ReplicateDesign(SurveyEstimators):
    """A design whose variance comes from replicates; made by `SurveyDesign.jackknife` and `.bootstrap`.

    The estimates are those of the design; weights adjusted to known totals are adjusted again in every replicate.
    """

    def __init__(self, design: SurveyDesign, scheme: Scheme) -> None:
        self._frame, self._stages, self._weights, self._mask = (
            design._frame,
            design._stages,
            design._weights,
            design._mask,
        )
        self._design, self._scheme = design, scheme
        self._variance_name = scheme.name

    @property
    def n_replicates(self) -> int:
        """How many replicates there are."""
        return self._scheme.count

    def poststratify(self, totals: Mapping[str, Margin]) -> ReplicateDesign:
        """Return the replicates of the design post-stratified; see `SurveyDesign.poststratify`."""
        return ReplicateDesign(self._design.poststratify(totals), self._scheme)

    def rake(self, totals: Mapping[str, Margin], **how: Any) -> ReplicateDesign:
        """Return the replicates of the design raked; see `SurveyDesign.rake`."""
        return ReplicateDesign(self._design.rake(totals, **how), self._scheme)

    def calibrate(self, totals: Mapping[str, float | Margin]) -> ReplicateDesign:
        """Return the replicates of the design calibrated; see `SurveyDesign.calibrate`."""
        return ReplicateDesign(self._design.calibrate(totals), self._scheme)

    def domain(self, mask: Any) -> Self:
        """Return the replicates for the rows where mask is true; see `SurveyDesign.domain`."""
        return self._with(_mask=super().domain(mask)._mask)

    @property
    def _is_adjusted(self) -> bool:
        return self._design._is_adjusted

    def replicate_values(self, sums: Sums) -> Floats:
        """Return the statistic in each replicate, NaN where it has no value there."""
        top, bottom = self._replicate_totals(sums.top, sums.bottom)
        if bottom is None:
            return top
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(bottom == 0, np.nan, top / bottom)

    def _spread(self, sums: Sums, value: float) -> Spread:
        values = self.replicate_values(sums)
        kept = values if isinstance(self._scheme, Bootstrap) else None
        lost = int((~np.isfinite(values)).sum())
        if lost > _LOST * len(values):
            return Spread(np.nan, kept, f"{lost} of {len(values)} replicates have no value: too few units a level")
        return Spread(self._scheme.variance(values), kept)

    def _replicate_totals(self, top: Floats, bottom: Floats | None) -> tuple[Floats, Floats | None]:
        columns = np.column_stack([top] if bottom is None else [top, bottom])
        adjustments = self._design._adjustments
        if not adjustments:
            totals = self._scheme.totals(self._unit_sums(self._design._base[:, None] * columns))
        elif len(adjustments) == 1 and adjustments[0].cells is not None:
            totals = self._poststratified(columns, adjustments[0])
        else:
            totals = self._adjusted_again(columns)
        return totals[:, 0], totals[:, 1] if bottom is not None else None

    def _unit_sums(self, z: Floats) -> Floats:
        first = self._stages[0]
        return cluster_sums(z, first.unit, len(first.parent))

    def _poststratified(self, columns: Floats, adjustment: Adjustment) -> Floats:
        """Sum within each cell, so that a replicate needs its cells only and never its rows."""
        assert adjustment.cells is not None
        known = np.bincount(adjustment.cells, weights=adjustment.before * adjustment.factor)
        totals = np.zeros((self._scheme.count, columns.shape[1]))
        for cell, target in enumerate(known):
            weight = np.where(adjustment.cells == cell, adjustment.before, 0.0)[:, None]
            sums = self._scheme.totals(self._unit_sums(weight * np.column_stack([np.ones(len(columns)), columns])))
            with np.errstate(invalid="ignore", divide="ignore"):
                totals += target * sums[:, 1:] / sums[:, :1]
        return totals

    def _adjusted_again(self, columns: Floats) -> Floats:
        unit = self._stages[0].unit
        totals = np.full((self._scheme.count, columns.shape[1]), np.nan)
        for number, factor in enumerate(self._scheme.factors()):
            weights = self._design._base * factor[unit]
            used = weights > 0
            try:
                totals[number] = self._design.adjust_again(weights, used) @ columns
            except ValueError:  # a level without rows in this replicate: it has no adjusted weights
                continue
        return totals
