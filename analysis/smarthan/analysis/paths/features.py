"""One row a judged path with what is known of it, its place and its building."""

from __future__ import annotations

import pandas as pd

from smarthan.analysis.homes.link_outcomes import TrialTables, path_success
from smarthan.tables import join
from smarthan.trial_data.declared.words import RADIO_TECHNOLOGIES

# What the trial's design names as what matters on air and on wires; all can be seen without measuring a signal.
ON_AIR = ("distance_m", "walls_light", "walls_heavy", "floors", "metal_obstacle")
ON_WIRE = ("wire_length_m", "same_phase", "through_rcd", "through_rcbo", "through_spd", "through_sub_main")
OF_PLACE = ("meter_class", "enclosure")
OF_BUILDING = (
    *("archetype", "storeys", "basements", "dwellings_n", "built_band", "wall_type", "floor_type"),
    *("foil_insulation", "low_e_glazing", "metal_cladding", "earthing", "incoming_phases"),
)


def path_features(trial: TrialTables, technology: str, *, limits: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the judged paths of a technology with what could have been known before measuring.

    Parameters
    ----------
    trial : Trial
        From `smarthan.trial_data.read_trial`.
    technology : str
        One of the trial's.
    limits : DataFrame, optional
        Reference table in the form of `technologies()`.

    Returns
    -------
    DataFrame
        path_id, building_id, surveyor_id, role, success (bool), then the features. Paths whose outcome is unknown are
        left out; `attrs["unknown"]` counts them.

    Raises
    ------
    ValueError
        A technology that is not one of the trial's or that no path was judged for.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> table = path_features(sample_trial(), "zigbee_2g4")
    >>> table["success"].dtype, {"walls_heavy", "archetype"} <= set(table)
    (dtype('bool'), True)
    """
    judged = path_success(trial, [technology], limits=limits)
    known = judged[judged["success"].notna()]
    if known.empty:
        raise ValueError(f"technology {technology}: no path of the trial was judged for it")
    tables = trial.tables
    way = ON_AIR if technology in RADIO_TECHNOLOGIES else (*ON_WIRE, "floors")
    paths = _joined(known[["path_id", "role", "success"]], tables["paths"], "path_id", ["from_location", *way])
    places = tables["locations"].rename(columns={"location_id": "from_location"})
    paths = _joined(paths, places, "from_location", ["building_id", *OF_PLACE])
    paths = _joined(paths, tables["buildings"], "building_id", list(OF_BUILDING))
    paths = paths.assign(surveyor_id=paths["path_id"].map(_surveyors(trial, technology)).astype("str"))
    first = ["path_id", "building_id", "surveyor_id", "role", "success"]
    features = [name for name in (*way, *OF_PLACE, *OF_BUILDING) if name in paths]
    answer = paths[[*first, *features]].astype({"success": "bool"}).reset_index(drop=True)
    answer.attrs = {"unknown": int(judged["success"].isna().sum()), "synthetic": bool(trial.synthetic)}
    return answer


def list_features(table: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the numeric and the categorical features of a table of paths."""
    names = [name for name in (*ON_AIR, *ON_WIRE, *OF_PLACE, *OF_BUILDING, "role") if name in table]
    numbers = [name for name in dict.fromkeys(names) if pd.api.types.is_numeric_dtype(table[name])]
    return numbers, [name for name in dict.fromkeys(names) if name not in numbers]


def _joined(left: pd.DataFrame, right: pd.DataFrame, key: str, columns: list[str]) -> pd.DataFrame:
    kept = right[[key, *(name for name in columns if name in right)]]
    return join(left.astype({key: "str"}), kept.astype({key: "str"}), key).frame


def _surveyors(trial: TrialTables, technology: str) -> pd.Series:
    """Return the surveyor of the first reading of each path."""
    readings, visits = trial.tables["measurements"], trial.tables["visits"]
    own = readings[readings["technology"].astype("str") == technology].drop_duplicates("path_id")
    surveyor = own["visit_id"].astype("str").map(visits.set_index(visits["visit_id"].astype("str"))["surveyor_id"])
    return surveyor.set_axis(own["path_id"].astype("str"))
