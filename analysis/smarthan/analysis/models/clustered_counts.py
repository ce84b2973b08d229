"""Successes out of attempts that come in groups: how alike the attempts of one group are, by the beta-binomial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq, minimize_scalar
from scipy.special import gammaln, ndtri

from smarthan.intervals import check_level

from .predictors import check_counts, number_column, pick_column

Floats = npt.NDArray[np.float64]

_TRIED = np.concatenate([[0.0], np.geomspace(1e-6, 1.0, 31)])  # likeness tried before the greatest is narrowed down
_EDGE = 1e-12  # nearest that a share comes to 0 and 1


@dataclass(frozen=True)
class Overdispersion:
    """How much more successes vary between groups than independent attempts would.

    Attributes
    ----------
    rho : float
        Likeness: the correlation of two attempts of one group, 0 (independent) to 1; NaN where `note` says why.
    low, high : float
        Profile-likelihood limits of rho; NaN where there are none.
    share : float
        Probability of success, the mean over groups that the model fits; plain share where rho is NaN.
    deff : float
        Design effect of the attempts, sum n (1 + (n - 1) rho)/sum n: so many times fewer do they count for.
    loglik, loglik_independent : float
        Log-likelihood, and that of the binomial (rho 0).
    n, n_groups : int
        Attempts and groups with an attempt; `missing` rows had no count or no group.
    note : str
        Empty, or why there is no rho and what would help, or what to know of it.
    """

    rho: float
    low: float
    high: float
    share: float
    deff: float
    loglik: float
    loglik_independent: float
    n: int
    n_groups: int
    missing: int = 0
    note: str = ""


def overdispersion(
    frame: pd.DataFrame, successes: str, trials: str, group: str | None = None, *, level: float = 0.95
) -> Overdispersion:
    """Estimate how alike the attempts of one path, or of one building, are.

    Parameters
    ----------
    frame : DataFrame
        One row a reading.
    successes, trials : str
        Columns of counts, 0 <= successes <= trials (packets received of those sent; links that work of those tried).
    group : str, optional
        Column of the path or the building, whose rows are added up; each row is a group when not given.
    level : float
        Confidence level.

    Returns
    -------
    Overdispersion
        Flagged, without rho and limits, where nothing can be said of likeness: one group, no group with two attempts,
        nothing but successes, or none.

    Raises
    ------
    KeyError, ValueError
        A column that is not there; counts that are negative, not whole or out of order; no row with an attempt.

    Notes
    -----
    k of n ~ beta-binomial: the group's own probability is drawn from Beta(p (1 - rho)/rho, (1 - p)(1 - rho)/rho), so
    that var k = n p (1 - p)(1 + (n - 1) rho). Its probability is written as products of p (1 - rho) + j rho, which hold
    at rho 0 (the binomial) and 1 as well. Greatest likelihood; limits where the profile lies half the chi-square
    quantile below it, which errs to the narrow side with fewer than some twenty groups. Groups are taken as
    independent: give the building, not the path, where paths of a building are alike.

    References
    ----------
    Skellam (1948), *Journal of the Royal Statistical Society B* 10:257-261. Griffiths (1973), *Biometrics* 29:637-648,
    doi:10.2307/2529131. Crowder (1978), *Applied Statistics* 27:34-37, doi:10.2307/2346223.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> sent = pd.DataFrame({"path": np.arange(300), "sent": 100})
    >>> sent["ok"] = rng.binomial(100, rng.beta(9 * 0.8, 9 * 0.2, 300))  # rho = 1/(9 + 1)
    >>> found = overdispersion(sent, "ok", "sent", "path")
    >>> round(found.rho, 2), found.low < 0.1 < found.high
    (0.09, True)
    """
    check_level(level)
    k, n = number_column(frame, successes), number_column(frame, trials)
    check_counts(frame, k, n, successes, trials)
    use = ~np.isnan(k) & ~np.isnan(n)
    codes = np.arange(len(frame))
    if group is not None:
        codes = pd.factorize(pick_column(frame, group))[0]
        use &= codes >= 0
    k, n = (np.bincount(codes[use], weights=counts[use]).astype(np.float64) for counts in (k, n))
    k, n = k[n > 0], n[n > 0]
    if not len(n):
        raise ValueError(f"no row has an attempt ({trials} above 0): nothing can be said of how alike attempts are")
    why = _explain(k, n)
    facts: dict[str, Any] = {"n": int(n.sum()), "n_groups": len(n), "missing": int((~use).sum())}
    return _say_nothing(k, n, why, facts) if why else _estimate(k, n, level, facts)


def log_likelihood(k: Floats, n: Floats) -> Callable[[float, float], float]:
    """Return the beta-binomial log-likelihood of counts, as a function of share and likeness.

    Examples
    --------
    >>> from scipy.stats import betabinom
    >>> told = log_likelihood(np.array([3.0, 0.0]), np.array([5.0, 4.0]))(0.25, 0.2)  # alpha 1, beta 3
    >>> round(told, 9) == round(float(betabinom.logpmf([3, 0], [5, 4], 1, 3).sum()), 9)
    True
    """
    constant = float((gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)).sum())
    won, lost, tried = _count_above(k), _count_above(n - k), _count_above(n)
    mixed = won[0] + lost[0] - tried[0]
    steps = [np.arange(1, len(counts)) for counts in (won, lost, tried)]

    def told(p: float, rho: float) -> float:
        value = constant + _times_log(won[0], p) + _times_log(lost[0], 1 - p) + _times_log(mixed, 1 - rho)
        for counts, step, first in zip((won, lost), steps, (p, 1 - p), strict=False):
            value += float(counts[1:] @ np.log(first * (1 - rho) + step * rho))
        return value - float(tried[1:] @ np.log(1 - rho + steps[2] * rho))

    return told


def _count_above(counts: Floats) -> Floats:
    """Return how many counts are above 0, 1, 2 and so on: a sum over the groups is then one over steps."""
    of_size = np.bincount(counts.astype(np.int64))
    above = len(counts) - np.cumsum(of_size)[:-1]
    return np.asarray(above if len(above) else [0], dtype=np.float64)


def _times_log(count: float, value: float) -> float:
    return float(count * np.log(value)) if count else 0.0


def _estimate(k: Floats, n: Floats, level: float, facts: dict[str, Any]) -> Overdispersion:
    told = log_likelihood(k, n)

    def best_share(rho: float) -> float:
        return float(
            minimize_scalar(
                lambda p: -told(p, rho), bounds=(_EDGE, 1 - _EDGE), method="bounded", options={"xatol": 1e-8}
            ).x
        )

    def profile(rho: float) -> float:
        return told(best_share(rho), rho)

    whole = bool(((k == 0) | (k == n)).all())
    rho, value = _climb(profile, top=1.0 if whole else 1 - _EDGE)
    cut, top = value - ndtri((1 + level) / 2) ** 2 / 2, 1.0 if whole else 1 - _EDGE
    low = 0.0 if profile(0.0) >= cut else brentq(lambda at: profile(at) - cut, 0.0, rho)
    high = 1.0 if profile(top) >= cut else brentq(lambda at: profile(at) - cut, rho, top)
    return Overdispersion(
        rho=rho,
        low=float(low),
        high=float(high),
        share=best_share(rho),
        deff=float((n * (1 + (n - 1) * rho)).sum() / n.sum()),
        loglik=value,
        loglik_independent=profile(0.0),
        note="every group is all or none: attempts within a group tell nothing more than one" if whole else "",
        **facts,
    )


def _climb(profile: Callable[[float], float], top: float) -> tuple[float, float]:
    """Return the likeness of greatest likelihood, and that: from the best of those tried, narrowed down."""
    tried = np.minimum(_TRIED, top)
    values = [profile(float(rho)) for rho in tried]
    best = int(np.argmax(values))
    ends = float(tried[max(best - 1, 0)]), float(tried[min(best + 1, len(tried) - 1)])
    found = minimize_scalar(lambda rho: -profile(rho), bounds=ends, method="bounded", options={"xatol": 1e-9})
    return max((float(tried[best]), values[best]), (float(found.x), -float(found.fun)), key=lambda pair: pair[1])


def _explain(k: Floats, n: Floats) -> str:
    """Return why nothing can be said of likeness; empty where something can."""
    if len(n) == 1:
        return "one group shows no spread between groups; at least two are needed"
    if n.max() < 2:
        return "no group has two attempts: how alike attempts of one group are cannot be seen; add up more of each"
    if k.sum() in (0, n.sum()):
        word = "none" if k.sum() == 0 else "all"
        return f"{word} of the {n.sum():,.0f} attempts succeeded: nothing differs between groups; give exact bounds"
    return ""


def _say_nothing(k: Floats, n: Floats, why: str, facts: dict[str, Any]) -> Overdispersion:
    nan = float("nan")
    share = float(k.sum() / n.sum())
    return Overdispersion(nan, nan, nan, share, deff=nan, loglik=nan, loglik_independent=nan, note=why, **facts)
