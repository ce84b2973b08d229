"""The sampled homes of a trial, and the weights that make them stand for the homes of the country."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.analysis.survey.design import SurveyDesign
from smarthan.tables import join

from .link_outcomes import TrialTables

RESPONDING = ("complete", "partial")
OUTSIDE = "(not in stock)"


@dataclass(frozen=True)
class HomeSample:
    """The eligible sampled dwellings of a trial and what is known of the homes they stand for.

    Attributes
    ----------
    homes : DataFrame
        One row an eligible sampled dwelling: dwelling_id, building_id, stratum_id, archetype, meter_class, region,
        design_weight, responded, stock_cell, and one column a technology (boolean, missing "unknown").
    strata_premises : dict of str to float
        Premises of each stratum in the sampling frame.
    stock_premises : dict of str to float
        Premises of each stock cell that the sample can stand for.
    missing_premises : dict of (archetype, meter class or "ALL") to float
        Premises of the stock in whose cell no sampled home answered: nothing stands for them.
    """

    homes: pd.DataFrame
    strata_premises: dict[str, float]
    stock_premises: dict[str, float]
    missing_premises: dict[tuple[str, str], float]


def gather_homes(trial: TrialTables, stock: pd.DataFrame) -> HomeSample:
    """Return the eligible sampled dwellings with design weight, stratum and stock cell.

    Parameters
    ----------
    trial : Trial
        Its frame, buildings and dwellings are used.
    stock : DataFrame
        archetype, premises and optionally meter_class.

    Returns
    -------
    HomeSample

    Raises
    ------
    ValueError
        No eligible dwelling, a dwelling without building or stratum, a chance of inclusion that is none, a stratum with
        fewer premises than were sampled in it, or a stock without premises.

    Notes
    -----
    Design weight 1/(p_incl_1 p_incl_2). A stock cell is an archetype and meter class where the stock knows every meter
    class that answered for that archetype, else the whole archetype. `ineligible` dwellings stand for nobody.
    """
    frame, buildings, dwellings = (trial.tables[name] for name in ("frame", "buildings", "dwellings"))
    regions = buildings["region"] if "region" in buildings else pd.Series(np.nan, index=buildings.index)
    places = buildings[["building_id", "stratum_id", "archetype"]].assign(region=regions)
    kept = dwellings[dwellings["outcome"].astype("str") != "ineligible"].reset_index(drop=True)
    if kept.empty:
        raise ValueError("dwellings: no eligible dwelling was sampled; reach cannot be estimated")
    homes = _joined(kept[["dwelling_id", "building_id", "outcome", "p_incl_1", "p_incl_2"]], places, "building_id")
    homes = _joined(homes, frame[["stratum_id", "meter_class"]], "stratum_id")
    words = {name: homes[name].astype("str") for name in ("archetype", "meter_class")}
    _check_chances(homes)
    _check_strata(homes, frame)
    weight = 1 / (homes["p_incl_1"].astype("float64") * homes["p_incl_2"].astype("float64"))
    homes = homes.assign(**words, design_weight=weight, responded=homes["outcome"].astype("str").isin(RESPONDING)).drop(
        columns=["outcome", "p_incl_1", "p_incl_2"]
    )
    homes["stock_cell"], cells, missing = match_stock(homes, stock)
    strata = frame.set_index(frame["stratum_id"].astype("str"))["n_premises"].astype("float64").to_dict()
    return HomeSample(homes, {str(key): value for key, value in strata.items()}, cells, missing)


def _check_chances(homes: pd.DataFrame) -> None:
    for name in ("p_incl_1", "p_incl_2"):
        chance = homes[name].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
        wrong = np.flatnonzero(~((chance > 0) & (chance <= 1)))
        if wrong.size:
            first = homes["dwelling_id"].iloc[wrong[0]]
            raise ValueError(
                f"dwellings: {name} of {first} is {chance[wrong[0]]:g}, and {wrong.size} in all are no chance above 0 "
                "and at most 1, which gives a home its weight: correct them or leave them out"
            )


def _check_strata(homes: pd.DataFrame, frame: pd.DataFrame) -> None:
    sampled = homes["stratum_id"].astype("str").value_counts()
    there = frame.set_index(frame["stratum_id"].astype("str"))["n_premises"].astype("Float64").reindex(sampled.index)
    short = ~(there >= sampled).fillna(False).to_numpy(dtype=np.bool_)
    if short.any():
        name = sampled.index[short][0]
        raise ValueError(
            f"frame: stratum {name} has n_premises {there[name]}, fewer than the {sampled[name]} dwellings sampled in "
            "it; give the number of premises there are"
        )


def weigh_homes(sample: HomeSample, rows: npt.NDArray[np.bool_], *, adjust: bool) -> SurveyDesign:
    """Return the survey design of some of the sampled homes, weighted to stand for all.

    Parameters
    ----------
    sample : HomeSample
        All eligible sampled dwellings.
    rows : bool array
        Those that answered (for one technology, those whose outcome is known).
    adjust : bool
        Post-stratify; otherwise the design weights stand as they are, and non-response is ignored.

    Returns
    -------
    SurveyDesign
        Strata and buildings as sampled.

    Notes
    -----
    A. design weights. B. post-stratified to the frame's premises in each stratum: homes that answered stand for those
    of their stratum that did not. C. post-stratified to the stock's premises in each stock cell. Homes of an archetype
    that the stock does not have keep their total of B. No finite population correction: the sample stands for the
    stock, not for the frame it was drawn from.
    """
    homes = sample.homes[rows].reset_index(drop=True)
    design = SurveyDesign(homes, strata="stratum_id", psu="building_id", weights="design_weight", single_psu="adjust")
    if not adjust:
        return design
    present = homes["stratum_id"].astype("str").unique()
    design = design.poststratify({"stratum_id": {name: sample.strata_premises[name] for name in present}})
    totals = design.weights.groupby(homes["stock_cell"], observed=True).sum()
    known = {str(cell): sample.stock_premises.get(str(cell), total) for cell, total in totals.items()}
    return design.poststratify({"stock_cell": known})


def _joined(left: pd.DataFrame, right: pd.DataFrame, key: str) -> pd.DataFrame:
    answer = join(left, right, key)
    if len(answer.unmatched):
        orphan = left.loc[answer.unmatched[0], key]
        raise ValueError(f"{len(answer.unmatched)} dwellings have a {key} that is not in its table, first '{orphan}'")
    return answer.frame


def match_stock(
    homes: pd.DataFrame, stock: pd.DataFrame
) -> tuple[pd.Series, dict[str, float], dict[tuple[str, str], float]]:
    """Return the stock cell of each home, the premises of each cell, and the premises nobody stands for.

    Raises
    ------
    ValueError
        A stock without premises, or with a count that is missing, infinite or below 0.

    Examples
    --------
    >>> homes = pd.DataFrame({"archetype": ["semi"], "meter_class": ["porch"], "responded": [True]})
    >>> stock = pd.DataFrame({"archetype": ["semi", "caravan"], "premises": [90, 10]})
    >>> label, cells, missing = match_stock(homes, stock)
    >>> label.tolist(), cells, missing
    (['semi'], {'semi': 90.0}, {('caravan', 'ALL'): 10.0})
    """
    counts = stock["premises"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    if not (np.isfinite(counts) & (counts >= 0)).all():
        wrong = counts[~(np.isfinite(counts) & (counts >= 0))]
        raise ValueError(
            f"stock: premises must be numbers of 0 or more; {len(wrong)} rows have none, first {wrong[0]:g}; correct "
            "them"
        )
    if not len(stock) or not float(stock["premises"].sum()) > 0:
        raise ValueError("stock: it holds no premises; give a table from housing_stock() or read_stock(path)")
    answered = homes[homes["responded"]].groupby("archetype", observed=True)["meter_class"].unique()
    cells: dict[str, float] = {}
    missing: dict[tuple[str, str], float] = {}
    label = pd.Series(OUTSIDE, index=homes.index, dtype="str")
    for name, premises in _premises_by_place(stock).items():
        here = homes["archetype"] == name
        sampled = set(answered.get(name, []))
        if sampled and sampled <= set(premises):
            places = homes["meter_class"].where(homes["meter_class"].isin(sampled))
            label = label.where(~(here & places.notna()), f"{name} / " + homes["meter_class"])
            cells |= {f"{name} / {place}": premises[place] for place in premises if place in sampled}
            missing |= {(name, place): premises[place] for place in premises if place not in sampled}
        elif sampled:
            label = label.where(~here, name)
            cells[name] = sum(premises.values())
        else:
            missing |= {(name, place): total for place, total in premises.items()}
    return label, cells, missing


def _premises_by_place(stock: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the premises of each archetype by meter class; by "ALL" where the stock does not tell meter classes."""
    place = pd.Series("ALL", index=stock.index)
    if "meter_class" in stock and stock["meter_class"].notna().all():
        place = stock["meter_class"].astype("str")
    sums = stock["premises"].astype("float64").groupby([stock["archetype"].astype("str"), place]).sum()
    answer: dict[str, dict[str, float]] = {}
    kept = sums[sums > 0]
    for name, where, total in zip(kept.index.get_level_values(0), kept.index.get_level_values(1), kept, strict=True):
        answer.setdefault(str(name), {})[str(where)] = float(total)
    return answer
