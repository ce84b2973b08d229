"""A stratified, clustered sample, with the variance that its design implies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from .calibration import Adjustment, Margin, calibrate_weights, poststratify_weights, rake_weights
from .estimators import Sums, SurveyEstimators, as_floats, list_names
from .variance import SinglePsu, Stage, build_stages, stage_covariance

Floats = npt.NDArray[np.float64]


class SurveyDesign(SurveyEstimators):
    """A sample with its strata, sampling units and weights, ready to estimate from.

    Parameters
    ----------
    frame : DataFrame
        One row an observed element (a dwelling).
    strata : str, optional
        Column of the first-stage stratum.
    psu : str or sequence of str, optional
        Column of the sampling unit (the building), or one a stage. Without it every row is its own unit. Units are
        taken as nested: one label in two strata is two units.
    weights : str, optional
        Column of design weights, all positive. Without it, the product of N/n over the stages; without population
        either, 1.
    population : str or sequence of str, optional
        Column with the number of units there are at each stage: gives the finite population correction. Stages beyond
        the last one stated are taken as complete.
    single_psu : {"refuse", "adjust"} or {stratum: neighbour}
        What to do with a stratum with one sampled unit out of several: refuse; take its deviation from the mean of
        all units; or collapse it with a named neighbour. Never 0.

    Raises
    ------
    KeyError
        A column that is not in the table.
    ValueError
        An empty table, missing design cells, a weight that is not positive, a population below its sample.

    Notes
    -----
    Mean m = sum w y / sum w, linearised z = w (y - m)/sum w; total z = w y; ratio z = w (y - r x)/sum w x. The variance
    is that of `smarthan.analysis.survey.variance.stage_covariance`; t has sampling units less strata degrees of
    freedom. A domain sets z to 0 outside and keeps the design; its degrees of freedom count the units and strata it
    touches. A missing item is dropped, with a count, and is never 0. After `poststratify`, `rake` or `calibrate` the
    variance is that of the residuals from the known totals, regressed with the weights before the adjustment.

    References
    ----------
    Lumley (2010), *Complex Surveys*, doi:10.1002/9780470580066. Särndal, Swensson and Wretman (1992), *Model Assisted
    Survey Sampling*, doi:10.1007/978-1-4612-4378-6.

    Examples
    --------
    >>> homes = pd.DataFrame({"block": ["a", "a", "b", "b", "c", "c"], "reached": [1, 1, 1, 0, 0, 0]})
    >>> share = SurveyDesign(homes, psu="block").proportion("reached")
    >>> share.value, round(share.se, 4), share.df, share.method
    (0.5, 0.2887, 2, 'korn_graubard')
    """

    _variance_name = "linearised"

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        strata: str | None = None,
        psu: str | Sequence[str] | None = None,
        weights: str | None = None,
        population: str | Sequence[str] | None = None,
        single_psu: SinglePsu = "refuse",
    ) -> None:
        if len(frame) == 0:
            raise ValueError("the table has no row: nothing can be estimated from it")
        if isinstance(single_psu, str) and single_psu not in ("refuse", "adjust"):
            raise ValueError(f"single_psu '{single_psu}' is not refuse, adjust or a mapping of stratum to neighbour")
        collapse = single_psu if isinstance(single_psu, Mapping) else {}
        self._frame = frame
        self._stages = build_stages(frame, strata, list_names(psu), list_names(population), collapse)
        self._adjust_single = single_psu == "adjust"
        self._base = _checked_weights(frame, weights) if weights else _inverse_fractions(self._stages, len(frame))
        self._weights = self._base
        self._adjustments: tuple[Adjustment, ...] = ()
        self._mask = np.ones(len(frame), dtype=np.bool_)

    def poststratify(self, totals: Mapping[str, Margin]) -> Self:
        """Return the design with weights that add to a known total in each level of one column.

        Parameters
        ----------
        totals : {column: {level: total}}
            One column; for several margins use `rake`, for their cross make a column of it.

        Raises
        ------
        ValueError
            A level without total, a total without rows, a missing cell; see `calibration.poststratify_weights`.

        Examples
        --------
        >>> homes = pd.DataFrame({"type": ["flat", "house", "house"], "rooms": [2, 8, 6]})
        >>> SurveyDesign(homes).poststratify({"type": {"flat": 50, "house": 50}}).mean("rooms").value
        4.5
        """
        if len(totals) != 1:
            raise ValueError(f"poststratify takes one column, not {len(totals)}; use rake for several margins")
        ((column, known),) = totals.items()
        return self._adjusted(poststratify_weights(self._weights, self._column(column), known, name=column))

    def rake(self, totals: Mapping[str, Margin], *, tol: float = 1e-10, max_iter: int = 500) -> Self:
        """Return the design with weights that meet several margins at once (see `calibration.rake_weights`).

        Parameters
        ----------
        totals : {column: {level: total}, ...}
            Known totals; every margin adds to the same sum.
        tol : float
            Largest relative distance from any total at the end.
        max_iter : int
            Rounds at most.

        Examples
        --------
        >>> homes = pd.DataFrame({"type": ["a", "a", "b", "b"], "place": ["x", "y", "x", "y"]})
        >>> raked = SurveyDesign(homes).rake({"type": {"a": 6, "b": 4}, "place": {"x": 5, "y": 5}})
        >>> raked.weights.round(6).tolist()
        [3.0, 3.0, 2.0, 2.0]
        """
        return self._adjusted(rake_weights(self._weights, self._frame, totals, tol=tol, max_iter=max_iter))

    def calibrate(self, totals: Mapping[str, float | Margin]) -> Self:
        """Return the design with weights calibrated to known totals, GREG (see `calibration.calibrate_weights`).

        Parameters
        ----------
        totals : {column: total or {level: total}, ...}
            Known totals of numbers, or of the levels of a category.

        Examples
        --------
        >>> homes = pd.DataFrame({"type": ["a", "a", "a"], "rooms": [1.0, 2.0, 3.0]})
        >>> SurveyDesign(homes).calibrate({"type": {"a": 30}, "rooms": 63.0}).total("rooms").value.__round__(6)
        63.0
        """
        return self._adjusted(calibrate_weights(self._weights, self._frame, totals))

    def _adjusted(self, adjustment: Adjustment) -> Self:
        return self._with(_weights=adjustment.before * adjustment.factor, _adjustments=(*self._adjustments, adjustment))

    def _variance(self, sums: Sums, value: float) -> float:
        z = self._influence(sums, value)[:, None]
        for adjustment in reversed(self._adjustments):
            z = adjustment.residuals(z)
        return float(stage_covariance(self._base[:, None] * z, self._stages, adjust=self._adjust_single)[0, 0])


def _checked_weights(frame: pd.DataFrame, column: str) -> Floats:
    if column not in frame.columns:
        raise KeyError(f"column '{column}' is not in the table; it has {', '.join(map(str, frame.columns[:12]))}")
    weights = as_floats(frame[column])
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights > 0)))
    if wrong.size:
        raise ValueError(
            f"column {column}: {wrong.size} weights are not positive numbers, first at row {frame.index[wrong[0]]} "
            f"({weights[wrong[0]]:g}); leave out rows that stand for nobody"
        )
    return weights


def _inverse_fractions(stages: Sequence[Stage], rows: int) -> Floats:
    weights = np.ones(rows)
    for stage in stages:
        fraction = stage.fraction[stage.parent[stage.unit]]
        weights = weights / np.where(fraction > 0, fraction, 1.0)
    return weights
