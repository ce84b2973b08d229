"""A fitted model: coefficients with their errors, what it was fitted to, and what it expects of further rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtrit

from .predictors import Predictors

Floats = npt.NDArray[np.float64]

LOG_SCALE, LOG_SD = "log(scale)", "log(sd_group)"


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Attributes
    ----------
    coef, se : Series
        Coefficients, `(Intercept)` first, and their standard errors; by cluster where one was named. NaN where the fit
        did not converge.
    scale : float
        Residual standard deviation, in the outcome's unit; 1 for a logit.
    loglik : float
        Log-likelihood.
    vcov : DataFrame
        Covariance of the coefficients, then log(scale), then log(sd_group) where the model has them.
    vcov_robust : DataFrame or None
        The same, robust against likeness within clusters.
    n : int
        Rows used; `missing` says how many were dropped for a missing item.
    n_lower, n_upper, n_interval : int
        Rows censored below, above, and known to an interval only.
    converged : bool
        Whether the maximum was found; `note` says what to look at if not.
    df : float
        Degrees of freedom for intervals: clusters less 1, or infinite (normal).
    sd_group : float
        Standard deviation of the group effects; NaN for a model without groups.
    group_effects : Series or None
        Shrunken effect of each group.
    raw_effects : Series or None
        What the group's own rows say alone, unshrunken: infinite where all or none succeeded.
    """

    coef: pd.Series
    se: pd.Series
    scale: float
    loglik: float
    vcov: pd.DataFrame
    n: int
    predictors: Predictors
    vcov_robust: pd.DataFrame | None = None
    n_lower: int = 0
    n_upper: int = 0
    n_interval: int = 0
    missing: int = 0
    converged: bool = True
    df: float = np.inf
    sd_group: float = np.nan
    group_effects: pd.Series | None = None
    raw_effects: pd.Series | None = None
    note: str = ""

    def interval(self, level: float = 0.95) -> pd.DataFrame:
        """Return low and high of each coefficient, by t with `df` degrees of freedom.

        Raises
        ------
        ValueError
            A level that is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise ValueError(f"level {level:g} must lie between 0 and 1")
        half = float(stdtrit(min(self.df, 1e9), (1 + level) / 2)) * self.se
        return pd.DataFrame({"low": self.coef - half, "high": self.coef + half})

    def predict(self, frame: pd.DataFrame) -> pd.Series:
        """Return the linear predictor of rows: the uncensored outcome that a model of levels expects, or the log odds.

        Group effects are left out: what is expected in a group not seen.
        """
        return pd.Series(self.predictors.matrix(frame) @ self.coef.to_numpy(), index=frame.index, name="predicted")

    def effects(self) -> pd.DataFrame:
        """Return raw and shrunken effects of the groups side by side.

        Raises
        ------
        ValueError
            A model without groups.
        """
        if self.group_effects is None or self.raw_effects is None:
            raise ValueError("this model has no groups; fit one with a random intercept")
        return pd.DataFrame({"raw": self.raw_effects, "shrunk": self.group_effects})


def name_covariance(values: Floats, names: list[str]) -> pd.DataFrame:
    """Return a covariance matrix with its names."""
    return pd.DataFrame(values, index=pd.Index(names), columns=pd.Index(names))


def invert_information(information: Floats) -> Floats | None:
    """Return the covariance that an information matrix implies; None where it is not positive definite."""
    if not np.isfinite(information).all():
        return None
    spread = np.sqrt(np.abs(np.diag(information)))
    if (spread == 0).any():
        return None
    scaled = information / np.outer(spread, spread)
    values, vectors = np.linalg.eigh((scaled + scaled.T) / 2)
    if values.min() <= 1e-12 * values.max():
        return None
    return np.asarray((vectors / values) @ vectors.T / np.outer(spread, spread))
