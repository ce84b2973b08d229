"""Errors that no single cell shows: between rows, between tables, and in how a surveyor works."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .constants import PACKETS_SENT, RADIO_BANDS
from .damage import Damage
from .text_cells import number_ids

FABRICATED_DBM = "-61.0"
CONSTANT_PATHS = 8  # from so many paths on a constant level is flagged: trial design, section 4
HEAPED_PATHS = 60  # paths of the surveyor who likes fives; last digits are judged from 50 on (section 4)
HURRY_S = 60  # from one building to the next; two minutes are the least that travel takes


def fabricate_levels(damage: Damage) -> None:
    """Let the last surveyor write one level for all paths and call every packet received."""
    code = "surveyor_constant"
    if not damage.count(code):
        return
    visits, readings, paths = (damage.tables[name] for name in ("visits", "measurements", "paths"))
    last = number_ids("V", np.array([len(damage.tables["surveyors"]) - 1]))[0]
    mine = readings["visit_id"].isin(visits.loc[visits["surveyor_id"] == last, "visit_id"])
    counts = readings.loc[mine, "technology"].value_counts()
    enough = [technology for technology in RADIO_BANDS if counts.get(technology, 0) >= CONSTANT_PATHS]
    invented = mine & readings["technology"].isin(enough)
    said = {"rssi_dbm": FABRICATED_DBM, "rssi_status": "observed"}
    said |= dict.fromkeys(("packets_sent", "packets_ok"), str(PACKETS_SENT))
    for column, cell in said.items():
        readings.loc[invented, column] = cell
    damage.lack(code, int(invented.any()) * damage.count(code), "surveyors")
    damage.reserve("measurements", np.flatnonzero(mine.to_numpy()))
    damage.reserve("visits", np.flatnonzero((visits["surveyor_id"] == last).to_numpy()))
    damage.reserve("paths", np.flatnonzero(paths["path_id"].isin(readings.loc[mine, "path_id"]).to_numpy()))
    for row in np.flatnonzero(invented.to_numpy()).tolist():
        damage.note("measurements", row, "rssi_dbm", code)


def heap_digits(damage: Damage) -> None:
    """Hand some visits to a new surveyor, who rounds every distance to five centimetres."""
    code = "surveyor_digits"
    if not damage.count(code):
        return
    visits, readings, paths = (damage.tables[name] for name in ("visits", "measurements", "paths"))
    mine = readings["visit_id"].isin(_choose_visits(damage))
    rows = np.flatnonzero(paths["path_id"].isin(readings.loc[mine, "path_id"]).to_numpy())
    damage.lack(code, damage.count(code) * int(len(rows) >= HEAPED_PATHS), "surveyors")
    if len(rows) < HEAPED_PATHS:
        return
    moved = np.flatnonzero(visits["visit_id"].isin(readings.loc[mine, "visit_id"]).to_numpy())
    surveyors = damage.tables["surveyors"]
    newcomer = surveyors.iloc[[-1]].assign(surveyor_id=number_ids("V", np.array([len(surveyors)]))[0])
    damage.tables["surveyors"] = pd.concat([surveyors, newcomer], ignore_index=True)
    visits.loc[moved, "surveyor_id"] = newcomer["surveyor_id"].iloc[0]
    distance = np.round(paths.loc[rows, "distance_m"].astype("float64") * 20.0) / 20.0
    paths.loc[rows, "distance_m"] = [f"{value:.2f}" for value in distance]
    damage.reserve("visits", moved)
    damage.reserve("paths", rows)
    damage.reserve("measurements", np.flatnonzero(mine.to_numpy()))
    for row in rows.tolist():
        damage.note("paths", row, "distance_m", code)


def _choose_visits(damage: Damage) -> pd.Series:
    """Return visits of one surveyor, as few in time as have the paths that are needed."""
    visits, readings = damage.tables["visits"], damage.tables["measurements"]
    paths = readings.drop_duplicates("path_id")["visit_id"].value_counts()
    free = visits[damage.is_free("visits")]
    busiest = free["visit_id"].map(paths).groupby(free["surveyor_id"], observed=True, dropna=True).sum().idxmax()
    his = free[free["surveyor_id"] == busiest].sort_values("start_utc")
    before = his["visit_id"].map(paths).fillna(0).cumsum().shift(fill_value=0)
    return his.loc[before < HEAPED_PATHS, "visit_id"]


def hurry_visits(damage: Damage) -> None:
    """Let visits begin a minute after their surveyor left another building."""
    code = "surveyor_speed"
    visits = damage.tables["visits"].sort_values(["surveyor_id", "start_utc"])
    free = pd.Series(damage.is_free("visits"))[visits.index]
    follows = (visits["surveyor_id"] == visits["surveyor_id"].shift()) & free & free.shift(fill_value=False)
    # Every second one at most: the visit before must stay as it is.
    follows &= ~follows.shift(fill_value=False)
    rows = damage.take("visits", follows.sort_index(), damage.count(code), code)
    for row in rows:
        before = visits.index[visits.index.get_loc(row) - 1]
        left = pd.Timestamp(str(visits.at[before, "end_utc"])) + pd.Timedelta(seconds=HURRY_S)
        damage.tables["visits"].at[row, "start_utc"] = left.strftime("%Y-%m-%dT%H:%M:%SZ")
        damage.reserve("visits", np.array([before]))
        damage.note("visits", row, "start_utc", code)


def cross_buildings(damage: Damage) -> None:
    """Let paths end in another building."""
    code = "path_two_buildings"
    paths, places = damage.tables["paths"], damage.tables["locations"]
    rows = damage.take("paths", paths["role"] == "CH-GM", damage.count(code), code)
    building = dict(zip(places["location_id"], places["building_id"], strict=True))
    gas = places[places["kind"] == "gas_meter"]
    for row in rows:
        away = gas.loc[gas["building_id"] != building[str(paths.at[row, "from_location"])], "location_id"]
        paths.at[row, "to_location"] = away.iloc[int(damage.rng.integers(len(away)))]
        damage.note("paths", row, "to_location", code)
    damage.follow_paths(rows, rejected=True)


def move_wiring(damage: Damage) -> None:
    """State another building for a dwelling's wiring than the dwelling's own."""
    code = "conflict_fixed_property"
    wiring, dwellings = damage.tables["wiring"], damage.tables["dwellings"]
    home = dict(zip(dwellings["dwelling_id"], dwellings["building_id"], strict=True))
    buildings = damage.tables["buildings"]["building_id"]
    for row in damage.take("wiring", wiring["dwelling_id"] != "", damage.count(code), code):
        away = buildings[buildings != home[str(wiring.at[row, "dwelling_id"])]]
        wiring.at[row, "building_id"] = away.iloc[int(damage.rng.integers(len(away)))]
        damage.note("wiring", row, "dwelling_id", code)
