"""How good forecast probabilities were: the Brier score with its parts, and whether they mean what they say."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.intervals import binomial_interval

Floats = npt.NDArray[np.float64]

_NEVER_SURE = 1e-15  # log loss takes no forecast as certain


class BrierScore(NamedTuple):
    """The Brier score and its parts; score = reliability - resolution + uncertainty + `remainder`.

    Attributes
    ----------
    score : float
        Mean squared distance of forecast and outcome: 0 perfect, .25 a coin.
    reliability : float
        Distance of the forecasts from what happened after them; 0 is best.
    resolution : float
        How far what happened differs between forecasts; the more the better.
    uncertainty : float
        What is left without any forecast: o(1 - o).
    log_loss : float
        Mean of -log of the probability given to what happened.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    log_loss: float

    @property
    def remainder(self) -> float:
        """What the parts leave over: 0 for distinct forecasts, the spread within bins otherwise."""
        return self.score - (self.reliability - self.resolution + self.uncertainty)

    @property
    def skill(self) -> float:
        """Share of the uncertainty that the forecasts take away; below 0 they are worse than the base rate."""
        return 1 - self.score / self.uncertainty if self.uncertainty > 0 else float("nan")


def brier_score(p: npt.ArrayLike, y: npt.ArrayLike, *, bins: int | None = None) -> BrierScore:
    """Return the Brier score of forecast probabilities, decomposed.

    Parameters
    ----------
    p : array_like
        Forecasts, 0 to 1.
    y : array_like
        Outcomes: true or false, 1 or 0.
    bins : int, optional
        Put forecasts into so many bins of equal number before taking the score apart; equal forecasts alone when not
        given, which makes the parts add up exactly.

    Returns
    -------
    BrierScore
        (score, reliability, resolution, uncertainty, log_loss).

    Raises
    ------
    ValueError
        No forecast, different numbers of both, a forecast outside 0 to 1, an outcome that is neither.

    Notes
    -----
    mean (p - y)^2 = sum n_k (p_k - o_k)^2/n - sum n_k (o_k - o)^2/n + o(1 - o) over groups k of equal forecast.

    References
    ----------
    Murphy (1973), "A new vector partition of the probability score", *Journal of Applied Meteorology* 12:595-600.

    Examples
    --------
    >>> score = brier_score([0.9, 0.9, 0.1, 0.1], [1, 1, 0, 1])
    >>> [round(part, 4) for part in score], round(score.remainder, 12)
    ([0.21, 0.085, 0.0625, 0.1875, 0.6547], 0.0)
    """
    forecast, outcome = check_forecasts(p, y)
    codes = np.unique(forecast, return_inverse=True)[1] if bins is None else _bin(forecast, bins)
    size = np.bincount(codes).astype(np.float64)
    mean, seen = (np.bincount(codes, weights=values) / np.maximum(size, 1) for values in (forecast, outcome))
    base, n = float(outcome.mean()), len(outcome)
    sure = np.clip(np.where(outcome == 1, forecast, 1 - forecast), _NEVER_SURE, 1)
    return BrierScore(
        score=float(((forecast - outcome) ** 2).mean()),
        reliability=float((size * (mean - seen) ** 2).sum() / n),
        resolution=float((size * (seen - base) ** 2).sum() / n),
        uncertainty=base * (1 - base),
        log_loss=float(-np.log(sure).mean()),
    )


def reliability_table(p: npt.ArrayLike, y: npt.ArrayLike, *, bins: int = 10, level: float = 0.95) -> pd.DataFrame:
    """Return what happened after forecasts of about the same size.

    Parameters
    ----------
    p, y : array_like
        Forecasts and outcomes, as in `brier_score`.
    bins : int
        Bins of equal number; fewer come back where forecasts tie.
    level : float
        Of the Wilson limits; they take paths as independent and so are a guide to the eye only.

    Returns
    -------
    DataFrame
        forecast (mean), observed (share), low, high, n; one row a bin, by forecast.

    Examples
    --------
    >>> reliability_table([0.2, 0.2, 0.8, 0.8], [0, 1, 1, 1], bins=2)[["forecast", "observed", "n"]].values.tolist()
    [[0.2, 0.5, 2.0], [0.8, 1.0, 2.0]]
    """
    forecast, outcome = check_forecasts(p, y)
    frame = pd.DataFrame({"bin": _bin(forecast, bins), "forecast": forecast, "observed": outcome})
    table = frame.groupby("bin", sort=True).agg(
        forecast=("forecast", "mean"),
        observed=("observed", "mean"),
        successes=("observed", "sum"),
        n=("observed", "size"),
    )
    low, high = binomial_interval(table["successes"].to_numpy(), table["n"].to_numpy(), "wilson", level=level)
    return table.assign(low=low, high=high)[["forecast", "observed", "low", "high", "n"]].reset_index(drop=True)


def check_forecasts(p: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return forecasts and outcomes as numbers.

    Raises
    ------
    ValueError
        When they cannot be scored; the message says which and why.
    """
    forecast, outcome = np.asarray(p, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if forecast.ndim != 1 or forecast.shape != outcome.shape or not len(forecast):
        raise ValueError(
            f"p holds {forecast.size} forecasts and y {outcome.size} outcomes; one of both is needed a row"
        )
    if not ((forecast >= 0) & (forecast <= 1)).all():
        raise ValueError("p: a forecast is missing or lies outside 0 to 1")
    if not np.isin(outcome, (0.0, 1.0)).all():
        raise ValueError("y: an outcome is neither 0 nor 1 (false nor true); leave unknown outcomes out")
    return forecast, outcome


def _bin(forecast: Floats, bins: int) -> npt.NDArray[np.intp]:
    if not 1 <= bins <= 1000:
        raise ValueError(f"bins {bins} must be 1 to 1,000")
    edges = np.unique(np.quantile(forecast, np.linspace(0, 1, bins + 1)[1:-1]))
    return np.unique(np.searchsorted(edges, forecast, side="right"), return_inverse=True)[1]
