"""Successes out of trials, with a level of its own for each building."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, gammaln, logit

from .fit import LOG_SD, Fit, name_covariance
from .maximum import Maximum, come_near, find_maximum
from .predictors import Predictors, check_counts, learn_predictors, number_column, pick_column
from .quadrature import Groups, Nodes, log_normal_density, place_nodes, put_together

Floats = npt.NDArray[np.float64]

_FEW = 5  # nodes that lead near the maximum at a fifth of the cost
_NO_LIKENESS = -6.0  # log odds: a spread of .0025 between groups is none
_SEPARATED = 15.0  # log odds of 3 in 10 million: nothing but separation drives an estimate there


def logit_random_intercept(
    frame: pd.DataFrame,
    successes: str,
    trials: str,
    predictors: Sequence[str],
    group: str,
    *,
    quadrature: int = 25,
) -> Fit:
    """Fit the log odds of success, every group having a level of its own, drawn from a normal distribution.

    Parameters
    ----------
    frame : DataFrame
        One row a dwelling or a path.
    successes, trials : str
        Columns of counts, 0 <= successes <= trials; rows without a trial say nothing and are dropped.
    predictors : sequence of str
        Columns: numbers as they are, words as indicators against their first level, named column + level.
    group : str
        Column of the group (the building).
    quadrature : int
        Gauss-Hermite nodes, 1 to 100; 1 is Laplace's method.

    Returns
    -------
    Fit
        With sd_group, group_effects (conditional modes, shrunk to 0) beside raw_effects (log odds of the group's own
        share less what is expected of it; infinite where all or none succeeded). scale is 1.

    Raises
    ------
    KeyError, ValueError
        A column that is not there; counts that are negative, not whole or out of order; no row left; predictors that
        repeat each other; fewer than two groups, or none with two trials; nothing but successes, or none.

    Notes
    -----
    eta = xb + su z with z ~ N(0, 1); log-likelihood of k of n: k eta - n log(1 + e^eta) + log binomial(n, k). Nodes are
    centred at each group's mode and spread by its curvature.

    References
    ----------
    Pinheiro and Bates (1995), doi:10.1080/10618600.1995.10474663; R package lme4, `glmer(nAGQ = 25)`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> homes = pd.DataFrame({"building": np.repeat(np.arange(80), 6), "sent": 1})
    >>> homes["ok"] = rng.random(480) < expit(1 + rng.normal(0, 1, 80)[homes["building"]])
    >>> fit = logit_random_intercept(homes.astype({"ok": int}), "ok", "sent", [], "building")
    >>> bool(0.6 < fit.coef["(Intercept)"] < 1.5), bool(0.5 < fit.sd_group < 1.6)
    (True, True)
    """
    columns = learn_predictors(frame, predictors)
    k, n, x = number_column(frame, successes), number_column(frame, trials), columns.matrix(frame)
    check_counts(frame, k, n, successes, trials)
    use = ~np.isnan(x).any(axis=1) & ~np.isnan(k) & (n > 0) & pick_column(frame, group).notna().to_numpy(dtype=bool)
    if not use.any():
        raise ValueError("no row has a trial and all predictors: nothing to fit")
    _check_fit(k[use], n[use], x[use], columns)
    groups = put_together(frame, group, use)
    if groups.total(n[use][groups.order]).max() < 2:
        raise ValueError(
            f"group {group}: no group has two trials, so that its level cannot be told from chance; fit without groups "
            "(SurveyDesign.regress), or add trials"
        )
    model = _Model(k[use], n[use], x[use], groups, quadrature)
    near = _Model(k[use], n[use], x[use], groups, min(quadrature, _FEW))
    start = come_near(near.lose, near.start(), int(use.sum()))
    return _as_fit(model, columns, find_maximum(model.lose, start, int(use.sum())), int((~use).sum()))


def _check_fit(k: Floats, n: Floats, x: Floats, columns: Predictors) -> None:
    if k.sum() in (0, n.sum()):
        word = "none" if k.sum() == 0 else "all"
        raise ValueError(f"{word} of the {n.sum():g} trials succeeded: no model can say by how much; give exact bounds")
    if np.linalg.matrix_rank(x / np.maximum(np.abs(x).max(axis=0), 1e-300)) < x.shape[1]:
        raise ValueError(
            f"the predictors {', '.join(columns.names)} repeat each other (or are constant); leave one out"
        )


class _Model:
    """The likelihood, in units of each column's size; the modes found last are where the next search starts."""

    def __init__(self, k: Floats, n: Floats, x: Floats, groups: Groups, quadrature: int) -> None:
        self.groups, self.quadrature = groups, quadrature
        self.size = np.abs(x).max(axis=0)
        self.k, self.n, self.x = k[groups.order], n[groups.order], x[groups.order] / self.size
        self.constant = float((gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)).sum())
        self.modes = np.zeros(len(groups.labels))
        place_nodes(np.zeros(1), np.ones(1), quadrature)

    def start(self) -> Floats:
        """Return the log odds over all rows, no effect of anything, groups a log odds of 1 apart."""
        share = (self.k.sum() + 0.5) / (self.n.sum() + 1)
        return np.append(np.append(logit(share) * self.size[0], np.zeros(len(self.size) - 1)), 0.0)

    def lose(self, theta: Floats) -> tuple[float, Floats]:
        """Return minus the log-likelihood and its slope; the nodes are taken as fixed, which 25 of them allow."""
        beta, sd = theta[:-1], float(np.exp(min(theta[-1], 10)))
        nodes = self._nodes(beta, sd)
        eta = self.x @ beta + nodes.at[:, self.groups.codes]
        small = np.exp(-np.abs(eta))  # log(1 + e^eta) and the share expected both come from it
        loglik = self.k * eta - self.n * (np.maximum(eta, 0) + np.log1p(small))
        log_integral, share = nodes.integrate(self.groups.total(loglik) + log_normal_density(nodes.at, sd))
        expected = np.where(eta >= 0, 1, small) / (1 + small)
        by_eta = self.k - self.n * np.einsum("qr,qr->r", share[:, self.groups.codes], expected)
        by_sd = (share * ((nodes.at / sd) ** 2 - 1)).sum()
        return -float(log_integral.sum()) - self.constant, -np.append(self.x.T @ by_eta, by_sd)

    def find_modes(self, beta: Floats, sd: float) -> tuple[Floats, Floats]:
        """Return each group's most likely level and the spread that its curvature implies, by Newton's method."""
        fixed, u = self.x @ beta, self.modes
        for _ in range(100):
            p = expit(fixed + u[self.groups.codes])
            slope = self.groups.total(self.k - self.n * p) - u / sd**2
            bend = self.groups.total(self.n * p * (1 - p)) + 1 / sd**2
            step = np.clip(slope / bend, -2.0, 2.0)  # far from the mode the curvature says too little
            u = u + step
            if np.abs(step).max() < 1e-10:
                break
        self.modes = u
        p = expit(fixed + u[self.groups.codes])
        return u, 1 / np.sqrt(self.groups.total(self.n * p * (1 - p)) + 1 / sd**2)

    def _nodes(self, beta: Floats, sd: float) -> Nodes:
        return place_nodes(*self.find_modes(beta, sd), self.quadrature)


def _as_fit(model: _Model, columns: Predictors, found: Maximum, missing: int) -> Fit:
    beta, sd = found.theta[:-1] / model.size, float(np.exp(found.theta[-1]))
    alike = found.theta[-1] < _NO_LIKENESS
    separated = bool(np.abs(model.x @ found.theta[:-1]).max() > _SEPARATED)
    apart = bool(sd > _SEPARATED)
    good = found.vcov is not None and not separated and not apart
    names = [*columns.names, LOG_SD]
    units = np.append(1 / model.size, 1.0)
    vcov = found.vcov * np.outer(units, units) if good else np.full((len(names), len(names)), np.nan)
    effects = np.zeros(len(model.groups.labels)) if alike else model.find_modes(found.theta[:-1], sd)[0]
    return Fit(
        coef=pd.Series(beta, index=columns.names),
        se=pd.Series(np.sqrt(np.diag(vcov))[:-1], index=columns.names),
        scale=1.0,
        loglik=found.loglik,
        vcov=name_covariance(vcov, names),
        n=len(model.k),
        missing=missing,
        converged=good,
        predictors=columns,
        sd_group=0.0 if alike else sd,
        group_effects=pd.Series(effects, index=model.groups.labels),
        raw_effects=pd.Series(_raw_effects(model, found.theta[:-1]), index=model.groups.labels),
        note=_explain(good, separated, apart, alike),
    )


def _raw_effects(model: _Model, beta: Floats) -> Floats:
    """Return the log odds of each group's own share less those of the share expected of it."""
    trials = model.groups.total(model.n)
    with np.errstate(divide="ignore"):
        own = logit(model.groups.total(model.k) / trials)
    return np.asarray(own - logit(model.groups.total(model.n * expit(model.x @ beta)) / trials))


def _explain(good: bool, separated: bool, apart: bool, alike: bool) -> str:
    if separated:
        return "a predictor separates successes from failures: its coefficient has no estimate; take levels together"
    if apart:
        return "every group is all or none: how far they lie apart has no estimate; more trials in each would show it"
    if alike:
        return "the groups are alike: no spread between them was found"
    return "" if good else "no maximum was found: too few rows a group"
