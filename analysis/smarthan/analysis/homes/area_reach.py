"""Reach by area: the sample's shares by building type, weighted to the homes of each area."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.analysis.survey.design import SurveyDesign
from smarthan.analysis.survey.estimates import Estimate
from smarthan.analysis.survey.presentation import presentation_flags

from .any_technology import ANY, count_undetermined, reached_by_any
from .home_reach import Reach
from .home_weights import OUTSIDE, HomeSample, match_stock, weigh_homes

Floats = npt.NDArray[np.float64]
COLUMNS = ["stock", "han", "han_lower", "han_upper", "method", "han_unknown", "n", "n_psu", "flag"]


def estimate_areas(
    reach: Reach, stock: pd.DataFrame, area: pd.Series, technologies: Sequence[str], *, level: float = 0.95
) -> pd.DataFrame:
    """Return the share of homes in each area that any of the technologies reaches.

    Parameters
    ----------
    reach : Reach
        From `reach`.
    stock : DataFrame
        archetype, premises and optionally meter_class.
    area : Series of str
        The area of each row of the stock.
    technologies : sequence of str
        Reached if any of them reaches, by the joint pattern of each home.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        Indexed by area: stock [premises], han, han_lower, han_upper (of the premises that some home stands for),
        method, han_unknown (share of the premises that none stands for), n, n_psu, flag. `attrs["undetermined"]`
        counts homes that answered and were not measured with all of the technologies.

    Raises
    ------
    ValueError
        No home was measured with all of the technologies.

    Notes
    -----
    The shares p of the building types, with their covariance V under the design, are estimated once; an area whose
    homes are of these types in shares s has s'p with variance s'Vs. That is the estimate after post-stratification to
    the area's stock. It takes a type's reach as the same in all areas.

    References
    ----------
    Rao and Molina (2015), *Small Area Estimation*, doi:10.1002/9781118735855, chapter 3 (synthetic estimation).
    """
    homes = reach.sample.homes
    cell, cells, missing = match_stock(homes, stock)
    homes = homes.assign(stock_cell=cell, **{ANY: reached_by_any(homes, technologies)})
    known = homes[ANY].notna().to_numpy()
    if not (known & (cell != OUTSIDE).to_numpy()).any():
        raise ValueError(
            f"no home of the stock has a known outcome for all of {', '.join(technologies)}; name fewer of them"
        )
    sample = HomeSample(homes, reach.sample.strata_premises, cells, missing)
    design = weigh_homes(sample, known, adjust=reach.adjust == "poststratify")
    types = _Types(design, homes[known].reset_index(drop=True))
    premises = _count_types(stock, area, cells, types.names)
    rows = [types.estimate(counts, float(total), level) for counts, total in zip(*premises, strict=True)]
    answer = pd.DataFrame(rows, columns=COLUMNS, index=premises[1].index)
    answer.attrs["undetermined"] = count_undetermined(homes, homes[ANY])
    return answer


class _Types:
    """The shares of the building types, their covariance, and what rests on them."""

    def __init__(self, design: SurveyDesign, homes: pd.DataFrame) -> None:
        self.design, self.cell = design, homes["stock_cell"].to_numpy(dtype=object)
        self.names = sorted(set(self.cell) - {OUTSIDE})
        levels = sorted(set(self.cell))
        inside = [level != OUTSIDE for level in levels]
        self.share = np.array([self._whole(name).value for name in self.names])
        self.covariance = self._covariance(levels)[np.ix_(inside, inside)]
        self._found: dict[tuple[bool, ...], Estimate] = {}

    def _whole(self, name: str) -> Estimate:
        estimate: Estimate = self.design.domain(self.cell == name).proportion(ANY)
        return estimate

    def _covariance(self, levels: list[str]) -> Floats:
        if len(levels) == 1:
            return np.array([[self._whole(levels[0]).se ** 2]])
        fit = self.design.regress(ANY, ["stock_cell"])
        assert fit.predictors is not None
        corner = np.asarray(fit.predictors.matrix(pd.DataFrame({"stock_cell": levels})))
        return np.asarray(corner @ fit.vcov.to_numpy() @ corner.T)

    def _among(self, present: npt.NDArray[np.bool_]) -> Estimate:
        """Return the estimate over some types: what kind of interval, and how many homes it rests on."""
        key = tuple(present.tolist())
        if key not in self._found:
            names = [name for name, there in zip(self.names, present, strict=True) if there]
            self._found[key] = self.design.domain(np.isin(self.cell, names)).proportion(ANY)
        return self._found[key]

    def estimate(self, counts: Floats, total: float, level: float) -> tuple[object, ...]:
        """Return one row: an area with so many premises of each type, and so many in all."""
        size = float(counts.sum())
        if not size > 0:
            return (total, np.nan, np.nan, np.nan, "none", 1.0, 0, 0, "no_answers")
        base, part = self._among(counts > 0), counts / size
        value = float(part @ self.share)
        if base.is_all_or_none:
            value = base.value
        se = max(float(part @ self.covariance @ part), 0.0) ** 0.5 if not np.isnan(base.se) else np.nan
        n_eff = min(float(base.n), value * (1 - value) / se**2) if se > 1e-12 else base.n_eff
        estimate = Estimate(
            value, se, base.df, np.nan, base.method, base.n, base.n_psu, n_eff, "proportion", note=base.note
        )
        low, high = estimate.interval(level)
        unknown = max(0.0, 1 - size / total)
        flags = presentation_flags(estimate, level) + (["part_without_evidence"] if unknown > 1e-9 else [])
        method = "none" if np.isnan(low) else estimate.method
        return (total, value, low, high, method, unknown, base.n, base.n_psu, "; ".join(flags))


def _count_types(
    stock: pd.DataFrame, area: pd.Series, cells: dict[str, float], names: list[str]
) -> tuple[Floats, pd.Series]:
    """Return the premises of each area by building type, and in all."""
    kind = stock["archetype"].astype("str")
    if "meter_class" in stock and stock["meter_class"].notna().all():
        fine = kind + " / " + stock["meter_class"].astype("str")
        kind = fine.where(fine.isin(list(cells)), kind)
    premises = stock["premises"].astype("float64")
    total = premises.groupby(area.to_numpy()).sum()
    by_type = premises.groupby([area.to_numpy(), kind.to_numpy()]).sum().unstack(fill_value=0.0)
    return by_type.reindex(index=total.index, columns=names, fill_value=0.0).to_numpy(), total[total.index]
