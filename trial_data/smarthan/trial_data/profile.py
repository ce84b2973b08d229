"""What the sampled buildings are like: counts, storeys, materials, unweighted. They describe the sample alone."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from .declared import BUILDINGS
from .grouping import ALL, DESIGN_GROUPS, check_group, label_groups
from .response import RESPONDING
from .trial import Trial

NOT_RECORDED = "not recorded"


def building_profile(trial: Trial, *, by: str | Sequence[str] = "archetype") -> pd.DataFrame:
    """Return how many buildings and dwellings the sample holds in each group, and how tall they are.

    Parameters
    ----------
    trial : Trial
        The trial.
    by : str or sequence of str
        One or two of archetype (as found), meter_class (the stratum's), region, stratum_id.

    Returns
    -------
    DataFrame
        One row a group that occurs and a last row ALL. buildings, dwellings (in those buildings),
        dwellings_sampled, dwellings_responding [counts], storeys_least, storeys_median, storeys_most [storeys].

    Raises
    ------
    ValueError
        When `by` is not one of those.
    """
    names = [by] if isinstance(by, str) else list(by)
    for name in names:
        check_group(name, DESIGN_GROUPS)
    frame = _described_buildings(trial)
    groups = frame.groupby(names, observed=True, dropna=False, sort=False)
    lines = [_profile_line(part, dict(zip(names, key, strict=True))) for key, part in groups]
    lines = sorted(lines, key=lambda line: [_place(frame[name], str(line[name])) for name in names])
    table = pd.DataFrame([*lines, _profile_line(frame, dict.fromkeys(names, ALL))])
    table.attrs["synthetic"] = trial.synthetic
    return table


def building_shares(trial: Trial, *, column: str = "wall_type", by: str = "archetype") -> pd.DataFrame:
    """Return how the sampled buildings of each group divide over the words of one column.

    Parameters
    ----------
    trial : Trial
        The trial.
    column : str
        A column of `buildings` that holds listed words, such as wall_type, floor_type, built_band, riser.
    by : {"archetype", "meter_class", "region", "stratum_id"}
        archetype as found; meter_class the stratum's.

    Returns
    -------
    DataFrame
        group column, `column`, buildings [count], share (0 to 1, of the group's buildings; the shares of a group add
        to 1). `u` is looked for and unknown; "not recorded" is an empty cell. Every word stands in every group.

    Raises
    ------
    ValueError
        When `column` or `by` is not one of those.
    """
    worded = [f.name for f in BUILDINGS.fields if f.kind == "category"]
    if column not in worded:
        raise ValueError(f"column: '{column}' is not one of {', '.join(worded)}")
    check_group(by, [name for name in DESIGN_GROUPS if name != column])
    frame = _described_buildings(trial)
    said = frame[column].astype("object").where(frame[column].notna(), NOT_RECORDED).astype("str")
    words = [*BUILDINGS.by_name[column].allowed, NOT_RECORDED]
    lines = []
    for group in [*label_groups(frame[by]), ALL]:
        counts = (said if group == ALL else said[frame[by].astype("str").eq(group)]).value_counts()
        total = int(counts.sum())
        lines += [{by: group, column: w, "buildings": int(counts.get(w, 0)), "of": total} for w in words]
    table = pd.DataFrame(lines)
    table["share"] = table["buildings"] / table.pop("of")
    table.attrs["synthetic"] = trial.synthetic
    return table


def _described_buildings(trial: Trial) -> pd.DataFrame:
    """Return one row a building with its stratum's meter class and the counts of its sampled dwellings."""
    frame, dwellings = trial["buildings"].copy(), trial["dwellings"]
    strata = trial["frame"].set_index("stratum_id")["meter_class"].astype("str")
    frame["meter_class"] = frame["stratum_id"].map(strata)
    sampled = dwellings["building_id"].value_counts()
    answered = dwellings.loc[dwellings["outcome"].isin(RESPONDING), "building_id"].value_counts()
    frame["dwellings_sampled"] = frame["building_id"].map(sampled).fillna(0).astype("int64")
    frame["dwellings_responding"] = frame["building_id"].map(answered).fillna(0).astype("int64")
    return frame


def _profile_line(part: pd.DataFrame, group: dict[str, object]) -> dict[str, object]:
    storeys = part["storeys"].astype("float64")
    return {
        **{name: str(value) for name, value in group.items()},
        "buildings": len(part),
        "dwellings": int(part["dwellings_n"].sum()),
        "dwellings_sampled": int(part["dwellings_sampled"].sum()),
        "dwellings_responding": int(part["dwellings_responding"].sum()),
        "storeys_least": int(storeys.min()),
        "storeys_median": float(storeys.median()),
        "storeys_most": int(storeys.max()),
    }


def _place(cells: pd.Series, group: str) -> int:
    groups = label_groups(cells)
    return groups.index(group) if group in groups else len(groups)
