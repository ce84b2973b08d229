"""Rubin's rules: one answer from several completed copies of the data."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Pooled(NamedTuple):
    """An estimate over imputations: value, standard error, degrees of freedom, share of information missing."""

    estimate: float
    se: float
    df: float
    missing_information: float


def pool_imputations(estimates: npt.ArrayLike, variances: npt.ArrayLike) -> Pooled:
    """Return one estimate from those of several imputed data sets.

    Parameters
    ----------
    estimates, variances : array_like, shape (m,)
        The estimate from each completed data set and its variance, m of 2 or more; 20 serves.

    Returns
    -------
    Pooled
        (estimate, se, df, missing_information); df is infinite when the estimates do not differ.

    Raises
    ------
    ValueError
        Fewer than two, different numbers of both, a variance below 0, a missing value, no spread of any kind.

    Notes
    -----
    U mean variance, B variance between: T = U + (1 + 1/m) B, r = (1 + 1/m) B/U, df = (m - 1)(1 + 1/r)^2, missing
    information (r + 2/(df + 3))/(r + 1).

    References
    ----------
    Rubin (1987), *Multiple Imputation for Nonresponse in Surveys*, doi:10.1002/9780470316696, chapter 3.

    Examples
    --------
    >>> pooled = pool_imputations([0.80, 0.84, 0.82], [0.0004, 0.0004, 0.0004])
    >>> round(pooled.estimate, 3), round(pooled.se, 4), round(pooled.df, 1)
    (0.82, 0.0306, 6.1)
    """
    q, u = np.asarray(estimates, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if q.ndim != 1 or q.shape != u.shape or len(q) < 2:
        raise ValueError(f"{q.size} estimates and {u.size} variances; one of both from each of two or more imputations")
    if not (np.isfinite(q).all() and np.isfinite(u).all() and (u >= 0).all()):
        raise ValueError("estimates and variances must be finite numbers, variances 0 or more")
    if not u.any() and np.ptp(q) == 0:
        raise ValueError(f"every variance is 0 and every estimate {q[0]:g}: nothing shows how sure it is; give bounds")
    m, within, between = len(q), float(u.mean()), float(q.var(ddof=1))
    added = (1 + 1 / m) * between
    if added == 0:
        return Pooled(float(q.mean()), within**0.5, np.inf, 0.0)
    if within == 0:
        return Pooled(float(q.mean()), added**0.5, float(m - 1), 1.0)
    r = added / within
    df = (m - 1) * (1 + 1 / r) ** 2
    return Pooled(float(q.mean()), (within + added) ** 0.5, df, (r + 2 / (df + 3)) / (r + 1))
