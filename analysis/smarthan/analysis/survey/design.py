"""A stratified, clustered sample, with the variance that its design implies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.analysis.models.fit import Fit, name_covariance
from smarthan.analysis.models.predictors import learn_predictors
from smarthan.intervals import ROUNDING

from .calibration import Adjustment, Margin, calibrate_weights, poststratify_weights, rake_weights
from .estimators import Spread, Sums, SurveyEstimators, as_floats, list_names
from .regression import Family, solve_regression
from .replicates import Bootstrap, Jackknife, ReplicateDesign
from .variance import SinglePsu, Stage, build_stages, stage_covariance

Floats = npt.NDArray[np.float64]
Redo = Callable[[Floats, pd.DataFrame], Adjustment]  # an adjustment done again, with other weights, on some rows


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
        self._redo: tuple[Redo, ...] = ()
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
        self._column(column)
        return self._adjusted(lambda w, frame: poststratify_weights(w, frame[column], known, name=column))

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
        return self._adjusted(lambda w, frame: rake_weights(w, frame, totals, tol=tol, max_iter=max_iter))

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
        return self._adjusted(lambda w, frame: calibrate_weights(w, frame, totals))

    def jackknife(self) -> ReplicateDesign:
        """Return the design with its variance from leaving out one first-stage unit at a time.

        Returns
        -------
        ReplicateDesign
            The same estimators; JK1 without strata, JKn with. Finite population corrections hold.

        Raises
        ------
        ValueError
            A stratum with one unit out of several, unless `single_psu="adjust"`, which then adds nothing for it.

        Notes
        -----
        V = sum_h (1 - f_h)(n_h - 1)/n_h sum_i (theta_hi - mean of all theta)^2, the rest of stratum h counting
        n_h/(n_h - 1) times when unit i is left out. Later stages are not replicated.

        References
        ----------
        Wolter (2007), *Introduction to Variance Estimation*, doi:10.1007/978-0-387-35099-8, chapter 4.

        Examples
        --------
        >>> homes = pd.DataFrame({"block": ["a", "a", "b", "b", "c", "c"], "reached": [1, 1, 1, 0, 0, 0]})
        >>> share = SurveyDesign(homes, psu="block").jackknife().proportion("reached")
        >>> share.value, round(share.se, 4), share.variance
        (0.5, 0.2887, 'jackknife')
        """
        return ReplicateDesign(self, Jackknife(self._stages[0], adjust=self._adjust_single))

    def bootstrap(self, n: int, seed: int) -> ReplicateDesign:
        """Return the design with its variance from drawing first-stage units again.

        Parameters
        ----------
        n : int
            Replicates, 2 to 100,000; 2,000 for percentile intervals.
        seed : int
            Of the random draws; the same seed gives the same intervals.

        Returns
        -------
        ReplicateDesign
            The same estimators; an `Estimate` of it also has `interval(method="percentile")`.

        Raises
        ------
        ValueError
            A number of replicates out of range, or a stratum with one unit out of several.

        Notes
        -----
        In each stratum n_h - 1 units are drawn with replacement; weights are multiplied by n_h/(n_h - 1) times how
        often a unit was drawn, and adjusted again to known totals. Sums of units are drawn, never rows. Finite
        population corrections are left out, which errs to the wide side.

        References
        ----------
        Rao and Wu (1988), doi:10.1080/01621459.1988.10478591.

        Examples
        --------
        >>> homes = pd.DataFrame({"block": ["a", "b", "c", "d"] * 5, "rooms": range(20)})
        >>> mean = SurveyDesign(homes, psu="block").bootstrap(500, seed=1).mean("rooms")
        >>> mean.value, bool(0.4 < mean.se < 0.9)
        (9.5, True)
        """
        if not 2 <= n <= 100_000:
            raise ValueError(f"n {n:,} replicates; 2 to 100,000 can be drawn, 2,000 serve")
        return ReplicateDesign(self, Bootstrap(self._stages[0], n=n, seed=seed, adjust=self._adjust_single))

    def regress(self, col: str, predictors: Sequence[str], *, family: Family = "gaussian") -> Fit:
        """Return a regression for the population, with errors from the design.

        Parameters
        ----------
        col : str
            Outcome: numbers, or for "binomial" truth values, 0 and 1, or shares.
        predictors : sequence of str
            Columns: numbers as they are, words as indicators against their first level.
        family : {"gaussian", "binomial"}
            Linear, or logistic.

        Returns
        -------
        Fit
            coef, se, vcov and interval() by t with `df` (units less strata); scale is the weighted residual spread,
            loglik NaN: a survey has none. Rows with a missing item are dropped and counted.

        Raises
        ------
        KeyError, ValueError
            A column that is not there, an outcome out of range, predictors that repeat each other, no row left.

        Notes
        -----
        beta solves sum w x (y - mu) = 0; z = A^-1 w x (y - mu), A = sum w mu' x x'; its covariance is the design's.

        References
        ----------
        Binder (1983), doi:10.2307/1402588; R package survey, `svyglm`.

        Examples
        --------
        >>> links = pd.DataFrame({"block": list("aabbcc"), "walls": range(6), "loss": range(60, 102, 7)})
        >>> fit = SurveyDesign(links, psu="block").regress("loss", ["walls"])
        >>> fit.coef.round(6).tolist()
        [60.0, 7.0]
        """
        columns = learn_predictors(self._frame, predictors)
        y, x = self._numbers(col), columns.matrix(self._frame)
        known = self._mask & ~np.isnan(y) & ~np.isnan(x).any(axis=1)
        _check_regression(y[known], col, family)
        y, x = np.where(known, y, 0.0), np.where(known[:, None], x, 0.0)
        solved = solve_regression(y, x, self._weights * known, family)
        units, strata = self._contributing(known)
        df = len(units) - len(strata)
        covariance = self._covariance(np.where(known[:, None], solved.influence, 0.0))
        residual = np.average((y - solved.expected) ** 2, weights=self._weights * known)
        exact = family == "gaussian" and bool(residual <= (ROUNDING * np.abs(y).max()) ** 2)
        if df < 1 or not solved.converged:
            covariance = np.full_like(covariance, np.nan)
        return Fit(
            coef=pd.Series(solved.coef, index=columns.names),
            # A spread of 0 is what was seen; it is no error that an interval could rest on.
            se=pd.Series(np.nan if exact else np.sqrt(np.diag(covariance)), index=columns.names),
            scale=float(np.sqrt(residual)) if family == "gaussian" else 1.0,
            loglik=np.nan,
            vcov=name_covariance(covariance, columns.names),
            n=int(known.sum()),
            missing=int((self._mask & ~known).sum()),
            converged=solved.converged,
            df=df,
            predictors=columns,
            note=_explain_regression(df, exact=exact, converged=solved.converged),
        )

    def adjust_again(self, weights: Floats, used: npt.NDArray[np.bool_]) -> Floats:
        """Return other weights, adjusted to the same known totals; rows not in use keep weight 0.

        Raises
        ------
        ValueError
            A level that has no row in use.
        """
        part, frame = weights[used], self._frame[used]
        for redo in self._redo:
            adjustment = redo(part, frame)
            part = adjustment.before * adjustment.factor
        adjusted = np.zeros_like(weights)
        adjusted[used] = part
        return adjusted

    @property
    def _is_adjusted(self) -> bool:
        return bool(self._adjustments)

    def _adjusted(self, redo: Redo) -> Self:
        adjustment = redo(self._weights, self._frame)
        return self._with(
            _weights=adjustment.before * adjustment.factor,
            _adjustments=(*self._adjustments, adjustment),
            _redo=(*self._redo, redo),
        )

    def _spread(self, sums: Sums, value: float) -> Spread:
        return Spread(float(self._covariance(self._influence(sums, value)[:, None])[0, 0]))

    def _covariance(self, z: Floats) -> Floats:
        """Return the covariance of weighted sums of z, shape (rows, columns), z being per unit of weight."""
        for adjustment in reversed(self._adjustments):
            z = adjustment.residuals(z)
        return stage_covariance(self._base[:, None] * z, self._stages, adjust=self._adjust_single)


def _check_regression(y: Floats, col: str, family: str) -> None:
    if family not in ("gaussian", "binomial"):
        raise ValueError(f"family '{family}' is not gaussian or binomial")
    if not len(y):
        raise ValueError(f"column {col}: no row of this domain has it and all predictors")
    if family == "binomial" and ((y < 0) | (y > 1)).any():
        raise ValueError(f"column {col}: a binomial outcome lies from 0 to 1; found {y[(y < 0) | (y > 1)][0]:g}")


def _explain_regression(df: int, *, exact: bool, converged: bool) -> str:
    if exact:
        return "every row lies on the line, so no spread can be seen; more buildings are needed"
    if not converged:
        return "a predictor separates successes from failures: its coefficient has no estimate; take levels together"
    return "" if df >= 1 else "as many strata as sampling units show no spread; more buildings are needed"


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
