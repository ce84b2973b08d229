"""Reach by another property of the home: how its hub is mounted, where its meter stands, its region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.analysis.survey.estimates import Estimate
from smarthan.analysis.survey.presentation import presentation_flags
from smarthan.trial_data.declared.words import ARCHETYPES, METER_CLASSES, MOUNTS

from .home_outcomes import Roles
from .home_reach import Reach, reach
from .home_weights import HomeSample, weigh_homes
from .link_outcomes import TrialTables
from .reach_rows import ALL, NOTHING, RowBuilder, compare_model, select_homes

Mask = npt.NDArray[np.bool_]
MOST_GROUPS = 30
UNKNOWN = "not known"
MOUNT = "mount"
_KEYS = ("building_id", "dwelling_id")
_ORDER = {MOUNT: MOUNTS, "meter_class": METER_CLASSES}


def reach_by(
    trial: TrialTables,
    stock: pd.DataFrame,
    by: str = MOUNT,
    technologies: Sequence[str] | None = None,
    *,
    roles: Roles = None,
    adjust: Literal["poststratify", "none"] = "poststratify",
    limits: pd.DataFrame | None = None,
    level: float = 0.95,
    model: bool = True,
) -> pd.DataFrame:
    """Estimate the share of premises that each technology reaches, by another property of the home.

    Parameters
    ----------
    trial : Trial
        From `smarthan.trial_data.read_trial`.
    stock : DataFrame
        From `housing_stock()` or `read_stock(path)`.
    by : str
        "mount" (how the communications hub is mounted: intimate, hotshoe, flying_lead, separate), "meter_class" (where
        the meter stands), "region", or another column of words of the trial's buildings or dwellings.
    technologies, roles, adjust, limits, level, model
        As for `reach`.

    Returns
    -------
    DataFrame
        The columns of `Reach.table` after `group`: one row a technology, group and building type (ALL first); homes
        whose group is not known stand under "not known", last. meter_class is ALL, unless it is the group. `attrs`
        holds synthetic, by, and notes.

    Raises
    ------
    ValueError
        A property that the trial does not have, or one with more than 30 values; and as for `reach`.

    Notes
    -----
    Each group is a domain: the homes outside count as 0 and stay in the design, with the weights of `reach`. The stock
    does not tell groups, so that a group's premises are an estimate too; types are not mixed as in the whole group
    where the sample does not hold them. Groups differ in more than the property: a difference is no effect of it.
    `response` is missing where homes that did not answer have no known group (they have none for "mount"). The Manski
    bounds take every home whose group or outcome is not known either way. Flags: see `presentation_flags`;
    `no_answers`, `model_differs`. `model_estimate` is what the model of `reach` expects of the group's homes.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> from smarthan.analysis import housing_stock
    >>> table = reach_by(sample_trial(), housing_stock(), "mount", ["zigbee_2g4"])
    >>> table.loc[table["archetype"] == "ALL", "group"].tolist()
    ['hotshoe', 'flying_lead', 'separate', 'not known']
    """
    whole = reach(trial, stock, technologies, roles=roles, adjust=adjust, limits=limits, level=level, model=model)
    group = find_groups(trial, whole.sample.homes, by)
    cells = [
        (name, where, place) for name in whole.technologies for where, place in _list_cells(whole.sample, group, by)
    ]
    builder = _GroupRows(whole, group, level)
    rows = [builder.build(name, where, place) for name, where, place in cells]
    table = pd.DataFrame(rows).astype({"model_estimate": "Float64"})
    table = table[["group", *whole.table.columns]]
    if by == "meter_class":
        table["meter_class"] = table["group"]
    table.attrs.update(synthetic=whole.synthetic, by=by, notes=_tell(whole, group, by))
    return table


def find_groups(trial: TrialTables, homes: pd.DataFrame, by: str) -> pd.Series:
    """Return the group of each home; "not known" where the trial does not tell one.

    Parameters
    ----------
    trial : Trial
    homes : DataFrame
        dwelling_id, building_id, meter_class, region.
    by : str
        As for `reach_by`.

    Returns
    -------
    Series of str, with the index of homes

    Raises
    ------
    ValueError
        A property that the trial does not have, or that has too many values.
    """
    if by == MOUNT:
        words = homes["dwelling_id"].astype("str").map(_mounts(trial))
    elif by in ("meter_class", "region"):
        words = homes[by]
    else:
        words = _property(trial, homes, by)
    words = words.astype("object").where(words.notna(), UNKNOWN).astype("str")
    words = words.where(~words.isin(["u", "nan", "<NA>"]), UNKNOWN)
    if words.nunique() > MOST_GROUPS:
        raise ValueError(f"by '{by}' has {words.nunique()} values, more than {MOST_GROUPS}; make bands of it first")
    return words.rename("group")


def _mounts(trial: TrialTables) -> pd.Series:
    """Return the mounting of each dwelling's hub; missing where it has several kinds."""
    places, dwellings = trial.tables["locations"], trial.tables["dwellings"]
    if MOUNT not in places or "kind" not in places:
        raise ValueError("locations: has no column mount (and kind); reach by hub mounting needs it")
    hubs = places[places["kind"].astype("str").eq("comms_hub")]
    alone = dwellings.drop_duplicates("building_id", keep=False)
    alone = alone.set_index(alone["building_id"].astype("str"))["dwelling_id"].astype("str")
    home = hubs["dwelling_id"].astype("object") if "dwelling_id" in hubs else pd.Series(None, hubs.index, dtype=object)
    home = home.where(home.notna(), hubs["building_id"].astype("str").map(alone))
    known = hubs[MOUNT].notna() & hubs[MOUNT].astype("str").ne("u") & home.notna()
    words = hubs.loc[known, MOUNT].astype("str").groupby(home[known].astype("str").to_numpy())
    return words.first().where(words.nunique() == 1)


def _property(trial: TrialTables, homes: pd.DataFrame, by: str) -> pd.Series:
    for table, key in (("buildings", "building_id"), ("dwellings", "dwelling_id")):
        frame = trial.tables[table]
        if by in frame and by not in _KEYS:
            column = frame.set_index(frame[key].astype("str"))[by].astype("object")
            return homes[key].astype("str").map(column[~column.index.duplicated()])
    offered = sorted({*trial.tables["buildings"], *trial.tables["dwellings"], MOUNT, "meter_class"} - set(_KEYS))
    raise ValueError(f"by '{by}' is no property of the homes; there are {', '.join(offered)}")


def _list_cells(sample: HomeSample, group: pd.Series, by: str) -> list[tuple[str, str]]:
    """Return each group with the building types in it, all of them first."""
    order = (*_ORDER.get(by, ()), *sorted(set(group) - {UNKNOWN}))
    names = [name for name in dict.fromkeys(order) if name in set(group)]
    cells = []
    for name in [*names, *([UNKNOWN] if group.eq(UNKNOWN).any() else [])]:
        there = set(sample.homes.loc[group == name, "archetype"])
        cells += [(name, ALL), *((name, kind) for kind in ARCHETYPES if kind in there)]
    return cells


class _GroupRows:
    """Builds the rows of a reach by groups."""

    def __init__(self, whole: Reach, group: pd.Series, level: float) -> None:
        self.homes, self.level = whole.sample.homes, level
        self.group = group.to_numpy(dtype=object)
        self.missing = whole.sample.missing_premises if whole.adjust == "poststratify" else {}
        adjust = whole.adjust == "poststratify"
        everyone = np.ones(len(self.homes), dtype=np.bool_)
        self.weight = weigh_homes(whole.sample, everyone, adjust=adjust).weights.to_numpy()
        self.rows = RowBuilder(whole.sample, adjust=adjust, level=level, chances=whole.chances)
        self.known = {name: self.homes[name].notna().to_numpy(dtype=bool) for name in whole.technologies}
        self.designs = {
            name: weigh_homes(whole.sample, known, adjust=adjust) for name, known in self.known.items() if known.any()
        }

    def build(self, technology: str, group: str, archetype: str) -> dict[str, Any]:
        """Return one row."""
        kind = select_homes(self.homes, archetype, ALL)
        here = kind & (self.group == group)
        found = self._estimate(technology, here)
        low, high = found.interval(self.level)
        manski = self._bounds(technology, kind, group, archetype)
        expected = self.rows.expect(technology, here)
        flags = presentation_flags(found, self.level) if found.n else ["no_answers"]
        return {
            "group": group,
            "technology": technology,
            "archetype": archetype,
            "meter_class": ALL,
            "estimate": found.value,
            "lower": low,
            "upper": high,
            "method": "none" if np.isnan(low) else found.method,
            **{name: getattr(found, name) for name in ("n", "n_psu", "n_eff", "df")},
            "response": self._response(kind, here),
            "manski_low": manski[0],
            "manski_high": manski[1],
            "model_estimate": expected,
            "flag": "; ".join(flags + compare_model(expected, low, high)),
        }

    def _estimate(self, technology: str, here: Mask) -> Estimate:
        if technology not in self.designs:
            return NOTHING
        found: Estimate = self.designs[technology].domain(here[self.known[technology]]).proportion(technology)
        return found

    def _response(self, kind: Mask, here: Mask) -> float:
        """Return the share that answered; missing where homes that did not may belong to the group or not."""
        answered = self.homes["responded"].to_numpy(dtype=bool)
        if not here.any() or (kind & (self.group == UNKNOWN) & ~answered).any():
            return float("nan")
        return float(np.average(answered[here], weights=self.homes["design_weight"].to_numpy()[here]))

    def _bounds(self, technology: str, kind: Mask, group: str, archetype: str) -> tuple[float, float]:
        """Return the least and greatest share: homes of unknown group are in or out, those unknown work or fail."""
        outcome = self.homes[technology].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
        here, perhaps = kind & (self.group == group), kind & (self.group == UNKNOWN)
        if group == UNKNOWN:
            perhaps = np.zeros_like(here)
        bare = sum(total for (name, _), total in self.missing.items() if archetype in (ALL, name))
        size = float(self.weight[here].sum())
        yes, no = (float(self.weight[here & (outcome == value)].sum()) for value in (1.0, 0.0))
        not_yes, not_no = (float(self.weight[perhaps & ~(outcome == value)].sum()) + bare for value in (1.0, 0.0))
        if size <= 0:
            return (0.0, 1.0)
        return yes / (size + not_yes), (size - no + not_no) / (size + not_no)


def _tell(whole: Reach, group: pd.Series, by: str) -> tuple[str, ...]:
    homes = whole.sample.homes
    lost = int((group.eq(UNKNOWN) & homes["responded"]).sum())
    notes = [
        f"Each {by} is a domain of the sample: the stock does not tell it, and groups differ in more than {by}.",
        *([f"{lost} homes that answered have no known {by}."] if lost else []),
    ]
    return (*notes, *whole.notes)
