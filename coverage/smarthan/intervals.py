"""The ground floor of honest intervals: a share of independent units, and a share of units that come in clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, expit, logit, ndtri, stdtrit

Floats = npt.NDArray[np.float64]
BinomialMethod = Literal["wilson", "wilson_cc", "clopper_pearson", "jeffreys"]

# A standard error below this share of the unit interval is rounding, not spread.
ROUNDING = 1e-12


def binomial_interval(
    x: npt.ArrayLike, n: npt.ArrayLike, method: BinomialMethod = "wilson", level: float = 0.95
) -> tuple[Any, Any]:
    """Return the two limits of a confidence interval for a share of *independent* units.

    Parameters
    ----------
    x : int or array of int
        Units that have the property, 0 <= x <= n.
    n : int or array of int
        Units observed. Where n is 0 both limits are NaN: nothing was seen.
    method : {"wilson", "wilson_cc", "clopper_pearson", "jeffreys"}
        Score interval; with continuity correction; exact; Beta(1/2, 1/2) quantiles.
    level : float
        Confidence level, 0 < level < 1.

    Returns
    -------
    low, high : float or array of float
        Limits [share, 0 to 1]; floats when both x and n are single numbers.

    Raises
    ------
    ValueError
        When a count is negative, missing or not whole, x exceeds n, or the method or level is not one of those allowed.

    Notes
    -----
    Not for units that share a building or a postcode: pooled paths covered .589 at nominal .95. Use `cluster_interval`
    or `SurveyDesign`. `wilson_cc` shrinks its correction to \\|x - n/2\\| where that is less than one half, as R does.
    `jeffreys` is the raw pair of quantiles, not moved to 0 or 1 at the ends.

    References
    ----------
    Wilson, E. B. (1927), doi:10.1080/01621459.1927.10502953. Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.
    Newcombe, R. G. (1998), methods 3 to 5, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E.
    Brown, Cai and DasGupta (2001), doi:10.1214/ss/1009213286. R 4.2.2 `prop.test`, `binom.test`.

    Examples
    --------
    >>> low, high = binomial_interval(95, 100)
    >>> round(low, 4), round(high, 4)
    (0.8882, 0.9785)
    >>> [limit.round(3).tolist() for limit in binomial_interval([0, 10], 10, "clopper_pearson")]
    [[0.0, 0.692], [0.308, 1.0]]
    """
    check_level(level)
    successes, units = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64))
    _check_counts(successes, units)
    if method not in _METHODS:
        raise ValueError(f"method '{method}' is not one of {', '.join(_METHODS)}")
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = _METHODS[method](successes, units, level)
    low, high = (np.where(units > 0, limit, np.nan) for limit in (low, high))
    return (float(low), float(high)) if successes.ndim == 0 else (low, high)


def check_level(level: float) -> None:
    """Refuse a confidence level that is not a share between 0 and 1.

    Examples
    --------
    >>> check_level(95)
    Traceback (most recent call last):
    ...
    ValueError: level 95 is not between 0 and 1; give 0.95 for 95 per cent
    """
    if not 0 < level < 1:
        raise ValueError(f"level {level:g} is not between 0 and 1; give 0.95 for 95 per cent")


def _check_counts(x: Floats, n: Floats) -> None:
    for name, counts in (("x", x), ("n", n)):
        wrong = counts[~(np.isfinite(counts) & (counts >= 0) & (counts == np.floor(counts)))]
        if wrong.size:
            raise ValueError(f"{name} must hold whole numbers of 0 or more; found {wrong.flat[0]:g}")
    above = np.flatnonzero((x > n).ravel())
    if above.size:
        raise ValueError(f"x must not exceed n; found x = {x.flat[above[0]]:g} with n = {n.flat[above[0]]:g}")


def _wilson(x: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    return _score_limit(x / n, n, level, -1), _score_limit(x / n, n, level, +1)


def _wilson_cc(x: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    shift = np.minimum(0.5, np.abs(x - n / 2)) / n
    low, high = x / n - shift, x / n + shift
    return (
        np.where(low <= 0, 0.0, _score_limit(np.maximum(low, 0), n, level, -1)),
        np.where(high >= 1, 1.0, _score_limit(np.minimum(high, 1), n, level, +1)),
    )


def _score_limit(share: Floats, n: Floats, level: float, side: int) -> Floats:
    z = ndtri((1 + level) / 2)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    limit = (share + z**2 / (2 * n) + side * half) / (1 + z**2 / n)
    return np.where(share == (side + 1) / 2, share, limit)


def _clopper_pearson(x: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    return beta_limits(x, n, level)


def _jeffreys(x: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    tail = (1 - level) / 2
    return betaincinv(x + 0.5, n - x + 0.5, tail), betaincinv(x + 0.5, n - x + 0.5, 1 - tail)


def beta_limits(x: npt.ArrayLike, n: npt.ArrayLike, level: float) -> tuple[Floats, Floats]:
    """Return the exact (Clopper-Pearson) limits for counts that need not be whole.

    Parameters
    ----------
    x, n : array of float
        Successes and units, effective counts allowed.
    level : float
        Confidence level.

    Returns
    -------
    low, high : array of float
        0 where x is 0, 1 where x is n.

    Examples
    --------
    >>> [float(limit.round(4)) for limit in beta_limits(9.5, 10.25, 0.95)]
    [0.594, 0.9994]
    """
    successes, units = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    tail, failures = (1 - level) / 2, units - successes
    inner = np.where(successes > 0, successes, 1.0), np.where(failures > 0, failures, 1.0)
    low = np.where(successes > 0, betaincinv(inner[0], failures + 1, tail), 0.0)
    high = np.where(failures > 0, betaincinv(successes + 1, inner[1], 1 - tail), 1.0)
    return low, high


_METHODS = {
    "wilson": _wilson,
    "wilson_cc": _wilson_cc,
    "clopper_pearson": _clopper_pearson,
    "jeffreys": _jeffreys,
}


def logit_limits(share: float, se: float, df: float, level: float) -> tuple[float, float]:
    """Return the limits of a share on the logit scale with t, back on the share's own scale.

    Parameters
    ----------
    share, se : float
        Estimate, 0 < share < 1, and its standard error.
    df : float
        Degrees of freedom: sampling units less strata.
    level : float
        Confidence level.

    References
    ----------
    Korn and Graubard (1999), *Analysis of Health Surveys*, section 3.3; R package survey, `svyciprop(method="logit")`.

    Examples
    --------
    >>> [round(limit, 4) for limit in logit_limits(0.874317, 0.020359, 14, 0.95)]
    [0.8238, 0.9119]
    """
    half = stdtrit(df, (1 + level) / 2) * se / (share * (1 - share))
    centre = logit(share)
    return float(expit(centre - half)), float(expit(centre + half))


@dataclass(frozen=True)
class ClusterInterval:
    """A share of units that come in clusters, with an interval or the reason why there is none.

    Attributes
    ----------
    proportion : float
        Weighted share with the property, 0 to 1; NaN without units.
    se : float
        Linearised standard error; NaN where the clusters cannot show one.
    df : int
        Clusters less one.
    low, high : float
        Limits; NaN where `reason` says why there are none.
    method : str
        wilson, logit_t, exact_clusters or none.
    n, n_clusters : int
        Units and clusters used.
    reason : str
        Empty, or why there is no interval and what would help.
    """

    proportion: float
    se: float
    df: int
    low: float
    high: float
    method: str
    n: int
    n_clusters: int
    reason: str = ""


def cluster_interval(
    success: npt.ArrayLike, cluster: npt.ArrayLike, *, level: float = 0.95, weights: npt.ArrayLike | None = None
) -> ClusterInterval:
    """Return a share and its interval when the sampling unit is the cluster (the building, the postcode).

    Parameters
    ----------
    success : array of bool or 0/1
        Whether each unit has the property. No missing cell: drop those first and state how many.
    cluster : array
        The cluster each unit belongs to, same length. No missing cell.
    level : float
        Confidence level.
    weights : array of float, optional
        Positive weights; equal when not given.

    Returns
    -------
    ClusterInterval
        Method `wilson` when every cluster holds one unit of equal weight; `exact_clusters` when all units agree
        (Clopper-Pearson on the *number of clusters*, the cautious count); else `logit_t` with clusters less one degrees
        of freedom; `none`, with the reason, for fewer than two clusters or clusters that all show one share.

    Raises
    ------
    ValueError
        When lengths differ, a cell is missing, success is not 0 or 1, or a weight is not positive.

    Notes
    -----
    V = G/(G-1) sum_g (z_g - mean z)^2 with z_g = sum over the cluster of w (y - p) / sum w, the clusters taken as drawn
    with replacement.

    References
    ----------
    Cochran (1977), *Sampling Techniques*, section 9A.

    Examples
    --------
    >>> answer = cluster_interval([1, 1, 0, 1, 1, 1, 0, 0], ["a", "a", "b", "b", "c", "c", "d", "d"])
    >>> answer.proportion, round(answer.low, 3), round(answer.high, 3), answer.method
    (0.625, 0.061, 0.977, 'logit_t')
    >>> cluster_interval([1, 0], ["a", "a"]).reason
    'one cluster shows no spread between clusters; at least two are needed'
    """
    check_level(level)
    y, code, w = _check_units(success, cluster, weights)
    groups = int(code.max()) + 1 if len(code) else 0
    share = float(np.average(y, weights=w)) if groups else float("nan")
    facts: dict[str, Any] = {"proportion": share, "df": groups - 1, "n": len(y), "n_clusters": groups}
    if groups < 2:
        found = "no unit was given" if groups == 0 else "one cluster shows no spread between clusters"
        return _without_interval(facts, f"{found}; at least two are needed")
    totals = np.bincount(code, weights=w * (y - share), minlength=groups) / w.sum()
    se = float(np.sqrt(groups / (groups - 1) * np.sum((totals - totals.mean()) ** 2)))
    if groups == len(y) and np.ptp(w) == 0:
        low, high = binomial_interval(int(y.sum()), len(y), "wilson", level)
        return ClusterInterval(**facts, se=se, low=low, high=high, method="wilson")
    if share in (0.0, 1.0):
        low, high = (float(limit) for limit in beta_limits(share * groups, groups, level))
        return ClusterInterval(**facts, se=0.0, low=low, high=high, method="exact_clusters")
    if se < ROUNDING:
        return _without_interval(facts, "every cluster shows the same share: no spread can be seen; add clusters")
    low, high = logit_limits(share, se, groups - 1, level)
    return ClusterInterval(**facts, se=se, low=low, high=high, method="logit_t")


def _without_interval(facts: dict[str, Any], reason: str) -> ClusterInterval:
    return ClusterInterval(**facts, se=np.nan, low=np.nan, high=np.nan, method="none", reason=reason)


def _check_units(
    success: npt.ArrayLike, cluster: npt.ArrayLike, weights: npt.ArrayLike | None
) -> tuple[Floats, npt.NDArray[np.int64], Floats]:
    import pandas as pd

    cells = pd.Series(np.asarray(success)).astype("Float64")
    y = np.asarray(cells.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=np.float64)
    labels = pd.Series(np.asarray(cluster))
    if not len(y) == len(labels) == len(w):
        raise ValueError(f"success, cluster and weights differ in length: {len(y)}, {len(labels)}, {len(w)}")
    code = np.asarray(pd.factorize(labels)[0], dtype=np.int64)
    missing = int((np.isnan(y) | (code < 0)).sum())
    if missing:
        raise ValueError(f"success or cluster is missing in {missing} cells; drop them first and state how many")
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError(f"success must be true or false (1 or 0); found {y[~np.isin(y, (0.0, 1.0))][0]:g}")
    if not (np.isfinite(w) & (w > 0)).all():
        raise ValueError("weights must be positive numbers; leave out units that stand for nobody")
    return y, code, w
