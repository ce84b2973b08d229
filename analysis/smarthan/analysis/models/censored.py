"""Tobit and interval regression: levels that an instrument cut off are modelled, never dropped or set to the floor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize

from .censoring import Bounds, Derivatives, differentiate, read_bounds, score
from .fit import LOG_SCALE, Fit, invert_information, name_covariance
from .predictors import Predictors, learn_predictors, pick_column

Floats = npt.NDArray[np.float64]
_EXACT = 1e-4  # residual spread, against the greatest level, that no instrument shows
_FLAT = 1e-9  # curvature, against the greatest, below which a direction has no maximum
Lose = Callable[[Floats], tuple[float, Floats]]  # minus the log-likelihood, and its slope


def tobit(
    frame: pd.DataFrame,
    outcome: str | Sequence[str],
    predictors: Sequence[str],
    *,
    lower: float | str | None = None,
    upper: float | str | None = None,
    cluster: str | None = None,
) -> Fit:
    """Fit a normal regression to an outcome that is censored below, above, or known to an interval.

    Parameters
    ----------
    frame : DataFrame
        One row a reading.
    outcome : str or pair of str
        A column of numbers, at or below `lower` taken as censored there, at or above `upper` likewise; or a pair of
        columns (low, high), an empty or infinite cell being an open end and equal cells a value.
    predictors : sequence of str
        Columns: numbers as they are, words as indicators against their first level.
    lower, upper : float or str, optional
        A number, or a column (floors differ by instrument).
    cluster : str, optional
        Column of the building: standard errors hold against likeness within it, intervals by t with clusters less 1.

    Returns
    -------
    Fit
        `vcov` is the inverse of the observed information, over coefficients and log(scale).

    Raises
    ------
    KeyError
        A column that is not in the table.
    ValueError
        No row left, every outcome censored, predictors that repeat each other, fewer than two clusters.

    Notes
    -----
    With e = (y - xb)/s: observed log phi(e) - log s; censored below log Phi(e); an interval log(Phi(c) - Phi(a)).
    Robust: H^-1 (G/(G - 1) sum_g s_g s_g') H^-1. Rows with a missing item are dropped and counted in `missing`.

    References
    ----------
    Tobin (1958), *Econometrica* 26:24-36, doi:10.2307/1907382. Amemiya (1984), doi:10.1016/0304-4076(84)90074-5.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> links = pd.DataFrame({"walls": rng.integers(0, 6, 400)})
    >>> links["level"] = np.maximum(-60 - 7 * links["walls"] + rng.normal(0, 5, 400), -91)
    >>> fit = tobit(links, "level", ["walls"], lower=-91)
    >>> fit.n_lower > 50, round(float(fit.coef["walls"]), 1), fit.converged
    (True, -7.1, True)
    """
    columns = learn_predictors(frame, predictors)
    bounds, x = read_bounds(frame, outcome, lower, upper), columns.matrix(frame)
    use = ~np.isnan(x).any(axis=1) & (np.isfinite(bounds.low) | np.isfinite(bounds.high))
    if cluster is not None:
        use &= pick_column(frame, cluster).notna().to_numpy(dtype=bool)
    bounds, x = bounds.rows(use), x[use]
    check_rows(bounds, x, columns)
    beta, scale, good = _maximise(bounds, x)
    found = differentiate(bounds, x @ beta, scale)
    vcov = invert_information(_information(found, x)) if good else None
    robust, df = None, np.inf
    if cluster is not None:
        codes, labels = pd.factorize(pick_column(frame, cluster)[use])
        if len(labels) < 2:
            raise ValueError(f"cluster {cluster}: one cluster shows no spread; two or more are needed")
        df = len(labels) - 1
        robust = None if vcov is None else _sandwich(vcov, found, x, codes)
    return _as_fit(columns, bounds, beta, scale, float(found.loglik.sum()), vcov, robust, df, int((~use).sum()))


def check_rows(bounds: Bounds, x: Floats, columns: Predictors) -> None:
    """Refuse data that no maximum can come from.

    Raises
    ------
    ValueError
        No row, every outcome censored on one side, or predictors that repeat each other.
    """
    if not len(x):
        raise ValueError("no row has both an outcome and all predictors: nothing to fit")
    if max(bounds.n_lower, bounds.n_upper) == len(x):
        raise ValueError(
            f"all {len(x)} outcomes are censored on the same side: they bound the level and do not show it; add links "
            "that were received, or report the bound"
        )
    if np.linalg.matrix_rank(x / np.maximum(np.abs(x).max(axis=0), 1e-300)) < x.shape[1]:
        raise ValueError(
            f"the predictors {', '.join(columns.names)} repeat each other (or are constant); leave one out"
        )


def start_from_least_squares(bounds: Bounds, x: Floats) -> tuple[Floats, float]:
    """Return coefficients and scale of least squares on the values and bounds, as a place to start."""
    y = bounds.centre
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    return np.asarray(beta), max(float(np.std(y - x @ beta)), 1e-3 * max(float(np.std(y)), 1e-6))


def _maximise(bounds: Bounds, x: Floats) -> tuple[Floats, float, bool]:
    """Return coefficients, scale, and whether the maximum was found.

    In units of the least-squares scale and of each column's size, so that hertz and walls are searched alike.
    """
    beta, scale = start_from_least_squares(bounds, x)
    size = np.abs(x).max(axis=0)
    narrow, z = bounds.scaled(0.0, scale), x / size
    start = np.append(beta * size / scale, 0.0)

    def lose(theta: Floats) -> tuple[float, Floats]:
        loglik, by_mean, by_scale = score(narrow, z @ theta[:-1], float(np.exp(theta[-1])))
        return -float(loglik.sum()), -np.append(z.T @ by_mean, by_scale.sum())

    def bend(theta: Floats) -> Floats:
        return _information(differentiate(narrow, z @ theta[:-1], float(np.exp(theta[-1]))), z)

    found = minimize(
        lose, start, jac=True, hess=bend, method="trust-exact", options={"gtol": 1e-7 * len(x), "maxiter": 500}
    )
    polished = polish(found.x, lose, bend)
    steep = np.abs(lose(polished)[1]).max()
    # Where a predictor settles which rows are censored, the likelihood is flat far out: no curvature is left.
    curved = np.linalg.eigvalsh(bend(polished)) if np.isfinite(polished).all() else np.zeros(1)
    good = bool(steep < 1e-5 * len(x) and curved.min() > _FLAT * curved.max())
    return polished[:-1] * scale / size, scale * float(np.exp(polished[-1])), good


def explain_no_maximum(bounds: Bounds, scale: float) -> str:
    """Return why a likelihood of levels has no maximum, and what would help."""
    if scale < _EXACT * max(1.0, float(np.abs(bounds.centre).max())):
        return "every outcome lies on the line, so no spread can be seen; more rows than predictors, and levels as read"
    return "no maximum: a predictor may settle which rows are censored; leave it out"


def polish(theta: Floats, lose: Lose, bend: Callable[[Floats], Floats]) -> Floats:
    """Return a maximum to the last digits, by a few steps that must each lower the slope."""
    for _ in range(5):
        slope = lose(theta)[1]
        try:
            after = theta - np.linalg.solve(bend(theta), slope)
        except np.linalg.LinAlgError:
            return theta
        if not np.abs(lose(after)[1]).max() < np.abs(slope).max():
            return theta
        theta = after
    return theta


def _information(found: Derivatives, x: Floats) -> Floats:
    """Return minus the second derivatives of the log-likelihood, log scale last."""
    corner = x.T @ found.mean_scale
    top = np.column_stack([(x * found.mean_mean[:, None]).T @ x, corner])
    return -np.vstack([top, np.append(corner, found.scale_scale.sum())])


def _sandwich(vcov: Floats, found: Derivatives, x: Floats, codes: npt.NDArray[np.integer]) -> Floats:
    rows = np.column_stack([x * found.by_mean[:, None], found.by_scale])
    count = int(codes.max()) + 1
    sums = np.column_stack([np.bincount(codes, weights=column, minlength=count) for column in rows.T])
    return np.asarray(vcov @ (count / (count - 1) * sums.T @ sums) @ vcov)


def _as_fit(
    columns: Predictors,
    bounds: Bounds,
    beta: Floats,
    scale: float,
    loglik: float,
    vcov: Floats | None,
    robust: Floats | None,
    df: float,
    missing: int,
) -> Fit:
    names = [*columns.names, LOG_SCALE]
    used = vcov if robust is None else robust
    errors = np.full(len(beta), np.nan) if used is None else np.sqrt(np.diag(used))[:-1]
    empty = np.full((len(names), len(names)), np.nan)
    return Fit(
        coef=pd.Series(beta, index=columns.names),
        se=pd.Series(errors, index=columns.names),
        scale=scale,
        loglik=loglik,
        vcov=name_covariance(empty if vcov is None else vcov, names),
        vcov_robust=None if robust is None else name_covariance(robust, names),
        n=len(bounds.low),
        n_lower=bounds.n_lower,
        n_upper=bounds.n_upper,
        n_interval=bounds.n_interval,
        missing=missing,
        converged=vcov is not None,
        df=df,
        predictors=columns,
        note="" if vcov is not None else explain_no_maximum(bounds, scale),
    )
