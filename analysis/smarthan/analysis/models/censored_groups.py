"""Tobit with a level of its own for each building: likeness within it is modelled, its effect shrunk to the mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from .censored import check_rows, explain_no_maximum, start_from_least_squares
from .censoring import Bounds, differentiate, log_likelihood, read_bounds, score
from .fit import LOG_SCALE, LOG_SD, Fit, name_covariance
from .maximum import Maximum, find_maximum
from .predictors import Predictors, learn_predictors, pick_column
from .quadrature import Groups, Nodes, log_normal_density, place_nodes, put_together

Floats = npt.NDArray[np.float64]

_WIDER = 1.3  # nodes reach beyond the spread of uncensored residuals, for censoring skews what is left
_NO_LIKENESS = -6.0  # log of sd_group over scale below which the groups are taken as alike


def tobit_random_intercept(
    frame: pd.DataFrame,
    outcome: str | Sequence[str],
    predictors: Sequence[str],
    group: str,
    *,
    lower: float | str | None = None,
    upper: float | str | None = None,
    quadrature: int = 25,
) -> Fit:
    """Fit a censored normal regression in which every group has a level of its own, drawn from a normal distribution.

    Parameters
    ----------
    frame : DataFrame
        One row a reading.
    outcome, predictors, lower, upper
        As in `tobit`.
    group : str
        Column of the group (the building).
    quadrature : int
        Gauss-Hermite nodes, 1 to 100.

    Returns
    -------
    Fit
        With sd_group and group_effects (posterior means, shrunk to 0) beside raw_effects (mean residual of the group,
        censored rows at their bound).

    Raises
    ------
    KeyError, ValueError
        As in `tobit`; fewer than two groups.

    Notes
    -----
    u_g ~ N(0, su). Nodes are centred at each group's mode, which with nothing censored is the shrunken mean residual
    su^2 sum r/(n su^2 + se^2), their spread 1.3 times what the curvature there implies. With nothing censored this is
    the mixed model by maximum likelihood.

    References
    ----------
    Liu and Pierce (1994), *Biometrika* 81:624-629, doi:10.1093/biomet/81.3.624.

    Examples
    --------
    >>> rng = np.random.default_rng(4)
    >>> links = pd.DataFrame({"building": np.repeat(np.arange(60), 8), "walls": rng.integers(0, 5, 480)})
    >>> own = rng.normal(0, 4, 60)[links["building"]]
    >>> links["level"] = np.maximum(-65 - 6 * links["walls"] + own + rng.normal(0, 3, 480), -85)
    >>> fit = tobit_random_intercept(links, "level", ["walls"], "building", lower=-85)
    >>> bool(3 < fit.sd_group < 5), bool(abs(fit.coef["walls"] + 6) < 0.6)
    (True, True)
    """
    columns = learn_predictors(frame, predictors)
    bounds, x = read_bounds(frame, outcome, lower, upper), columns.matrix(frame)
    use = ~np.isnan(x).any(axis=1) & (np.isfinite(bounds.low) | np.isfinite(bounds.high))
    use &= pick_column(frame, group).notna().to_numpy(dtype=bool)
    check_rows(bounds.rows(use), x[use], columns)
    groups = put_together(frame, group, use)
    model = _Model(bounds.rows(use), x[use], groups, quadrature)
    return _as_fit(model, columns, find_maximum(model.lose, model.start(), int(use.sum())), int((~use).sum()))


class _Model:
    """The likelihood, in units of the least-squares scale and of each column's size."""

    def __init__(self, bounds: Bounds, x: Floats, groups: Groups, quadrature: int) -> None:
        self.groups, self.quadrature = groups, quadrature
        self.size = np.abs(x).max(axis=0)
        self.beta, self.unit = start_from_least_squares(bounds, x)
        ordered = Bounds(bounds.low[groups.order], bounds.high[groups.order])
        self.bounds, self.x = ordered.scaled(0.0, self.unit), x[groups.order] / self.size
        self.modes = np.zeros(len(groups.labels))
        place_nodes(np.zeros(1), np.ones(1), quadrature)

    def start(self) -> Floats:
        """Return least squares, its spread divided between groups and rows."""
        residual = self.residual(self.beta * self.size / self.unit)
        means = self.groups.total(residual) / self.groups.sizes
        between = float(np.clip(np.var(means), 0.05, 0.9))
        return np.append(self.beta * self.size / self.unit, [0.5 * np.log(1 - between), 0.5 * np.log(between)])

    def residual(self, beta: Floats) -> Floats:
        """Return values and bounds less what is expected."""
        return np.asarray(self.bounds.centre - self.x @ beta)

    def lose(self, theta: Floats) -> tuple[float, Floats]:
        """Return minus the log-likelihood and its slope; the nodes are taken as fixed, which 25 of them allow."""
        beta, scale, sd = theta[:-2], float(np.exp(theta[-2])), float(np.exp(theta[-1]))
        levels, mean = self._nodes(beta, scale, sd)
        loglik, by_mean, by_scale = score(self.bounds, mean, scale)
        log_integral, share = levels.integrate(self.groups.total(loglik) + log_normal_density(levels.at, sd))
        own = share[:, self.groups.codes]
        slope = np.append(self.x.T @ (own * by_mean).sum(axis=0), (own * by_scale).sum())
        return -float(log_integral.sum()), -np.append(slope, (share * ((levels.at / sd) ** 2 - 1)).sum())

    def effects(self, theta: Floats) -> Floats:
        """Return the posterior mean of each group."""
        beta, scale, sd = theta[:-2], float(np.exp(theta[-2])), float(np.exp(theta[-1]))
        levels, mean = self._nodes(beta, scale, sd)
        loglik = log_likelihood(self.bounds, mean, scale)
        _, share = levels.integrate(self.groups.total(loglik) + log_normal_density(levels.at, sd))
        return np.asarray((share * levels.at).sum(axis=0))

    def find_modes(self, beta: Floats, scale: float, sd: float) -> tuple[Floats, Floats]:
        """Return each group's most likely level and the spread that its curvature implies, by Newton's method.

        With nothing censored they are the shrunken mean residual and su se/sqrt(n su^2 + se^2), at the first step. Of a
        group that was never heard the bounds say little, and only the mode shows where its integral lies.
        """
        fixed, u = self.x @ beta, self.modes
        for _ in range(50):
            found = differentiate(self.bounds, fixed + u[self.groups.codes], scale)
            slope = self.groups.total(found.by_mean) - u / sd**2
            bend = 1 / sd**2 - self.groups.total(found.mean_mean)
            step = slope / bend
            u = u + step
            if np.abs(step).max() < 1e-9 * max(1.0, sd):
                break
        self.modes = u
        return u, 1 / np.sqrt(bend)

    def _nodes(self, beta: Floats, scale: float, sd: float) -> tuple[Nodes, Floats]:
        centre, spread = self.find_modes(beta, scale, sd)
        levels = place_nodes(centre, _WIDER * spread, self.quadrature)
        return levels, self.x @ beta + levels.at[:, self.groups.codes]


def _as_fit(model: _Model, columns: Predictors, found: Maximum, missing: int) -> Fit:
    theta, rows = found.theta, len(model.x)
    beta, scale, sd = (
        theta[:-2] * model.unit / model.size,
        model.unit * np.exp(theta[-2]),
        model.unit * np.exp(theta[-1]),
    )
    alike = theta[-1] - theta[-2] < _NO_LIKENESS
    names = [*columns.names, LOG_SCALE, LOG_SD]
    units = np.append(model.unit / model.size, [1.0, 1.0])
    vcov = np.full((len(names), len(names)), np.nan) if found.vcov is None else found.vcov * np.outer(units, units)
    effects = np.zeros(len(model.groups.labels)) if alike else model.unit * model.effects(theta)
    raw = model.unit * model.groups.total(model.residual(theta[:-2])) / model.groups.sizes
    observed = int(model.bounds.observed.sum())
    return Fit(
        coef=pd.Series(beta, index=columns.names),
        se=pd.Series(np.sqrt(np.diag(vcov))[:-2], index=columns.names),
        scale=float(scale),
        loglik=found.loglik - observed * float(np.log(model.unit)),
        vcov=name_covariance(vcov, names),
        n=rows,
        n_lower=model.bounds.n_lower,
        n_upper=model.bounds.n_upper,
        n_interval=model.bounds.n_interval,
        missing=missing,
        converged=found.vcov is not None,
        predictors=columns,
        sd_group=0.0 if alike else float(sd),
        group_effects=pd.Series(effects, index=model.groups.labels),
        raw_effects=pd.Series(raw, index=model.groups.labels),
        note=_explain(model, found, float(scale), alike),
    )


def _explain(model: _Model, found: Maximum, scale: float, alike: bool) -> str:
    if found.vcov is None:
        return explain_no_maximum(model.bounds.scaled(0.0, 1 / model.unit), scale)
    if model.groups.sizes.max() < 2:
        return "no group has two rows: its own level cannot be told from the rest of the spread; quote their sum only"
    if alike:
        return "the groups are alike: no spread between them was found, so fit without groups (tobit)"
    return ""
