"""The rows of a reach table: one technology in one building type, with its bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.analysis.survey.design import SurveyDesign
from smarthan.analysis.survey.estimates import Estimate
from smarthan.analysis.survey.presentation import presentation_flags

from .home_weights import OUTSIDE, HomeSample, weigh_homes

ALL = "ALL"
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
NOTHING = Estimate(np.nan, np.nan, 0, np.nan, "none", 0, 0, np.nan, "proportion", note="no row has a value here")


class RowBuilder:
    """Builds the rows of a reach table from one sample.

    Parameters
    ----------
    sample : HomeSample
        Eligible sampled homes with one outcome column a technology.
    adjust : bool
        Whether to post-stratify.
    level : float
        Confidence level.
    chances : mapping of technology to Series
        By dwelling_id, the chance of being reached that a model gives.
    """

    def __init__(
        self, sample: HomeSample, *, adjust: bool, level: float, chances: Mapping[str, pd.Series] | None = None
    ) -> None:
        self.sample, self.adjust, self.level = sample, adjust, level
        self.chances = chances or {}
        everyone = np.ones(len(sample.homes), dtype=np.bool_)
        self.everyone: Floats = weigh_homes(sample, everyone, adjust=adjust).weights.to_numpy()
        self._design = lru_cache(maxsize=None)(self._weigh_known)
        self._model = lru_cache(maxsize=None)(self._weigh_modelled)

    def build(self, technology: str, archetype: str, meter_class: str) -> tuple[dict[str, Any], Estimate]:
        """Return one row and the estimate in it."""
        domain = select_homes(self.sample.homes, archetype, meter_class)
        estimate = self._estimate(technology, archetype, meter_class)
        lower, upper = estimate.interval(self.level)
        manski_low, manski_high = self._bounds(technology, archetype, meter_class)
        expected = self.expect(technology, domain)
        flags = self._flags(technology, archetype, meter_class, estimate)
        flags += compare_model(expected, lower, upper)
        row = {
            "technology": technology,
            "archetype": archetype,
            "meter_class": meter_class,
            "estimate": estimate.value,
            "lower": lower,
            "upper": upper,
            "method": "none" if np.isnan(lower) else estimate.method,
            "n": estimate.n,
            "n_psu": estimate.n_psu,
            "n_eff": estimate.n_eff,
            "df": estimate.df,
            "response": self._response(domain),
            "manski_low": manski_low,
            "manski_high": manski_high,
            "model_estimate": expected,
            "flag": "; ".join(flags),
        }
        return row, estimate

    def count(self, archetype: str, meter_class: str) -> tuple[float, float]:
        """Return the premises that sampled homes stand for in a building type, and those without any evidence."""
        domain = select_homes(self.sample.homes, archetype, meter_class)
        absent = self.sample.missing_premises.items() if self.adjust else ()
        without = sum(
            total for (name, place), total in absent if archetype in (ALL, name) and meter_class in (ALL, place)
        )
        return float(self.everyone[domain].sum()), float(without)

    def _weigh_known(self, technology: str) -> SurveyDesign | None:
        known = self.sample.homes[technology].notna().to_numpy()
        return weigh_homes(self.sample, known, adjust=self.adjust) if known.any() else None

    def expect(self, technology: str, domain: Mask) -> Any:
        """Return the share that the model expects of the homes of a domain; missing without a model of any of them."""
        found = self._model(technology)
        if found is None or not (found[0] & domain).any():
            return pd.NA
        rows, chance, weights = found
        inside = domain[rows]
        return float(np.average(chance[inside], weights=weights[inside]))

    def _weigh_modelled(self, technology: str) -> tuple[Mask, Floats, Floats] | None:
        """Return which homes answered and have a modelled chance, and the chances and weights of those."""
        chance = self.chances.get(technology)
        if chance is None or chance.empty:
            return None
        homes = self.sample.homes
        own = homes["dwelling_id"].astype("str").map(chance).to_numpy(dtype=np.float64)
        rows = homes["responded"].to_numpy(dtype=np.bool_) & ~np.isnan(own)
        if not rows.any():
            return None
        return rows, own[rows], weigh_homes(self.sample, rows, adjust=self.adjust).weights.to_numpy()

    def _estimate(self, technology: str, archetype: str, meter_class: str) -> Estimate:
        design = self._design(technology)
        if design is None:
            return NOTHING
        known = self.sample.homes[self.sample.homes[technology].notna()]
        return design.domain(select_homes(known, archetype, meter_class)).proportion(technology)

    def _bounds(self, technology: str, archetype: str, meter_class: str) -> tuple[float, float]:
        """Return the shares if every home without outcome were not reached, and if every one were (Manski)."""
        homes = self.sample.homes
        domain = select_homes(homes, archetype, meter_class)
        represented, without = self.count(archetype, meter_class)
        size = represented + without
        yes = float(self.everyone[domain & homes[technology].eq(True).fillna(False).to_numpy(dtype=bool)].sum())
        no = float(self.everyone[domain & homes[technology].eq(False).fillna(False).to_numpy(dtype=bool)].sum())
        return (yes / size, 1 - no / size) if size > 0 else (0.0, 1.0)

    def _response(self, domain: Mask) -> float:
        homes = self.sample.homes[domain]
        if homes.empty:
            return float("nan")
        return float(np.average(homes["responded"], weights=homes["design_weight"]))

    def _flags(self, technology: str, archetype: str, meter_class: str, estimate: Estimate) -> list[str]:
        homes = self.sample.homes
        domain = select_homes(homes, archetype, meter_class)
        flags = ["no_answers"] if estimate.n == 0 else presentation_flags(estimate, self.level)
        if domain.any() and (homes.loc[domain, "stock_cell"] == OUTSIDE).all():
            flags.append("not_in_stock")
        known = domain & homes[technology].notna().to_numpy()
        silent = set(homes.loc[domain, "stock_cell"]) - set(homes.loc[known, "stock_cell"]) - {OUTSIDE}
        if estimate.n and (silent or self.count(archetype, meter_class)[1]):
            flags.append("part_without_evidence")
        return flags


def compare_model(expected: Any, lower: float, upper: float) -> list[str]:
    """Return the flag of a row whose interval leaves out what the model expects.

    Examples
    --------
    >>> compare_model(0.7, 0.8, 0.9), compare_model(0.85, 0.8, 0.9), compare_model(pd.NA, 0.8, 0.9)
    (['model_differs'], [], [])
    """
    if pd.isna(expected) or np.isnan(lower) or lower <= expected <= upper:
        return []
    return ["model_differs"]


def select_homes(homes: pd.DataFrame, archetype: str, meter_class: str) -> Mask:
    """Return which homes are of a building type; ALL, ALL are those that the stock has.

    Examples
    --------
    >>> homes = pd.DataFrame({"archetype": ["semi"], "meter_class": ["porch"], "stock_cell": ["semi"]})
    >>> select_homes(homes, "semi", "ALL").tolist(), select_homes(homes, "flat_low", "ALL").tolist()
    ([True], [False])
    """
    if archetype == ALL:
        return np.asarray(homes["stock_cell"] != OUTSIDE, dtype=np.bool_)
    chosen = homes["archetype"] == archetype
    if meter_class != ALL:
        chosen &= homes["meter_class"] == meter_class
    return np.asarray(chosen, dtype=np.bool_)


def count_premises(table: pd.DataFrame, builder: RowBuilder) -> pd.DataFrame:
    """Return the shares of a reach table as premises.

    Parameters
    ----------
    table : DataFrame
        The `table` of a Reach.
    builder : RowBuilder
        What it was built with.

    Returns
    -------
    DataFrame
        technology, archetype, meter_class, premises, without_evidence, reached, reached_lower, reached_upper,
        not_reached, not_reached_lower, not_reached_upper (of the premises with evidence), and
        not_reached_manski_low, not_reached_manski_high (of all premises) [premises].
    """
    counts = [builder.count(a, m) for a, m in zip(table["archetype"], table["meter_class"], strict=True)]
    size, without = (np.array(column) for column in zip(*counts, strict=True))
    answer = table[["technology", "archetype", "meter_class"]].assign(premises=size + without, without_evidence=without)
    for name, share in (("", "estimate"), ("_lower", "lower"), ("_upper", "upper")):
        answer[f"reached{name}"] = size * table[share]
    for name, share in (("", "estimate"), ("_lower", "upper"), ("_upper", "lower")):
        answer[f"not_reached{name}"] = size * (1 - table[share])
    answer["not_reached_manski_low"] = (size + without) * (1 - table["manski_high"])
    answer["not_reached_manski_high"] = (size + without) * (1 - table["manski_low"])
    return answer


def list_joint(sample: HomeSample, technologies: Sequence[str], *, adjust: bool) -> pd.DataFrame:
    """Return one row a dwelling that answered: its weight, its outcomes and their pattern.

    Parameters
    ----------
    sample : HomeSample
        With one outcome column a technology.
    technologies : sequence of str
        In the order of the pattern.
    adjust : bool
        Whether to post-stratify.

    Returns
    -------
    DataFrame
        dwelling_id, building_id, stratum_id, archetype, meter_class, region, weight, one column a technology (Int8: 1,
        0, missing), pattern (one character a technology: 1, 0, u for unknown).
    """
    answered = sample.homes["responded"].to_numpy()
    homes = sample.homes[answered].reset_index(drop=True)
    weight = weigh_homes(sample, answered, adjust=adjust).weights
    columns = ["dwelling_id", "building_id", "stratum_id", "archetype", "meter_class", "region"]
    joint = homes[columns].assign(weight=weight, **{name: homes[name].astype("Int8") for name in technologies})
    pattern = pd.Series("", index=joint.index, dtype="str")
    for name in technologies:
        pattern = pattern + joint[name].astype("str").where(joint[name].notna(), "u")
    return joint.assign(pattern=pattern)
