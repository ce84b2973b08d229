"""The files of places: locations, paths, wiring, for the dwellings that took part."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from smarthan.trial_data.declared import LOCATIONS, PATHS, WIRING

from .constants import STOREY_HEIGHT_M
from .geometry import ROLES, WIRED_ROLE
from .survey import Survey
from .text_cells import blank_some, draw_words, lay_table, number_ids, show_decimals, show_words

KINDS = ("elec_meter", "gas_meter", "comms_hub", "ihd", "plc_point")
# The ends of each role's path.
ENDS = {
    "CH-IHD": ("comms_hub", "ihd"),
    "CH-GM": ("comms_hub", "gas_meter"),
    "CH-EM": ("comms_hub", "elec_meter"),
    WIRED_ROLE: ("elec_meter", "plc_point"),
}
SHARED_METER_CLASSES = ("communal_floor_cupboard", "riser", "meter_room_ground", "meter_room_basement")


def keep_respondents(survey: Survey) -> pd.DataFrame:
    """Return the sampled dwellings that took part; the index stays the number of the dwelling."""
    return survey.dwellings[survey.dwellings["outcome"].isin(["complete", "partial"])]


def number_locations(dwelling: np.ndarray, kind: str) -> pd.Series:
    """Return the ids of one kind of location, one a dwelling number."""
    return number_ids("L", dwelling * len(KINDS) + KINDS.index(kind))


def number_paths(dwelling: np.ndarray, role: str) -> np.ndarray:
    """Return the numbers of the paths of one role, one a dwelling number."""
    return dwelling * len(ROLES) + ROLES.index(role)


def lay_locations(survey: Survey, rng: np.random.Generator) -> pd.DataFrame:
    """Return five locations of each responding dwelling as text, placed so that paths have their distances."""
    here = keep_respondents(survey)
    n = len(here)
    places = _place_kinds(here, rng)
    meter_class = survey.buildings["meter_class"].to_numpy()[here["building"].to_numpy()]
    shared = np.isin(meter_class, SHARED_METER_CLASSES)
    mounts = draw_words({"hotshoe": 0.2, "flying_lead": 0.2, "separate": 0.6}, n, rng)
    plastic = draw_words({"plastic": 0.4, "wood": 0.2, "none": 0.3, "steel": 0.1}, n, rng)
    tables = []
    for kind in KINDS:
        at_meter = kind in ("elec_meter", "gas_meter", "comms_hub")
        floors = here["meter_floor"] if at_meter else here["floor_no"]
        cells = {
            "location_id": number_locations(here.index.to_numpy(), kind),
            "building_id": number_ids("B", here["building"].to_numpy()),
            "dwelling_id": number_ids("D", here.index.to_numpy()),
            "kind": np.full(n, kind, dtype=object),
            "meter_class": meter_class if at_meter else np.full(n, "", dtype=object),
            "enclosure": np.where(shared & at_meter, plastic, "none").astype(object),
            "floor_no": show_decimals(floors.to_numpy(), 0),
            "mount": mounts if kind == "comms_hub" else np.full(n, "", dtype=object),
            **{f"{axis}_m": show_decimals(places[kind][:, i], 2) for i, axis in enumerate("xyz")},
        }
        tables.append(lay_table(LOCATIONS, cells))
    return pd.concat(tables).sort_values("location_id", ignore_index=True)


def lay_paths(survey: Survey, rng: np.random.Generator) -> pd.DataFrame:
    """Return four paths of each responding dwelling as text."""
    here = keep_respondents(survey)
    dwelling = here.index.to_numpy()
    tables = []
    for role, (start, end) in ENDS.items():
        cells: dict[str, Any] = {
            "path_id": number_ids("P", number_paths(dwelling, role)),
            "from_location": number_locations(dwelling, start),
            "to_location": number_locations(dwelling, end),
            "role": np.full(len(here), role, dtype=object),
            "distance_m": show_decimals(here[f"{role}.distance_m"].to_numpy(), 2),
            **{k: show_decimals(here[f"{role}.{k}"].to_numpy(), 0) for k in ("walls_light", "walls_heavy", "floors")},
            "metal_obstacle": show_words(here[f"{role}.metal"].to_numpy()),
        }
        if role == WIRED_ROLE:
            cells["wire_length_m"] = show_decimals(here[f"{role}.wire_length_m"].to_numpy(), 1)
            for name in ("same_phase", "through_rcd", "through_sub_main"):
                cells[name] = show_words(here[f"{role}.{name}"].to_numpy())
            cells["through_rcbo"] = blank_some(draw_words({"y": 0.1, "n": 0.9}, len(here), rng), rng)
            cells["through_spd"] = blank_some(draw_words({"y": 0.1, "n": 0.9}, len(here), rng), rng)
        tables.append(lay_table(PATHS, cells))
    return pd.concat(tables).sort_values("path_id", ignore_index=True)


def lay_wiring(survey: Survey, rng: np.random.Generator) -> pd.DataFrame:
    """Return the wiring of each responding dwelling as text."""
    here = keep_respondents(survey)
    n = len(here)
    words = {
        "cable": {"PVC_TE": 0.85, "VIR": 0.03, "SWA": 0.06, "MICC": 0.03, "busbar": 0.03},
        "year_band": {"pre1919": 0.01, "1945_64": 0.1, "1965_80": 0.3, "1981_2002": 0.3, "post2002": 0.29},
        "phases": {"1": 0.98, "3": 0.02},
        "ring_radial": {"ring": 0.7, "radial": 0.1, "mixed": 0.2},
        "cu_type": {"plastic dual RCD": 0.5, "metal RCBO": 0.3, "rewireable fuses": 0.2},
        "noise_sources": {"smps": 0.3, "smps;led": 0.4, "smps;led;dimmer": 0.15, "smps;pv": 0.08, "smps;ev": 0.07},
    }
    drawn = {
        name: blank_some(draw_words(found, n, rng, unknown=0.0 if name in ("cu_type", "noise_sources") else 0.03), rng)
        for name, found in words.items()
    }
    return lay_table(
        WIRING,
        {
            "wiring_id": number_ids("W", here.index.to_numpy()),
            "dwelling_id": number_ids("D", here.index.to_numpy()),
            **drawn,
            "rcd_n": show_decimals(here[f"{WIRED_ROLE}.through_rcd"].to_numpy() * rng.integers(1, 3, n), 0),
            "circuits_n": show_decimals(rng.integers(4, 13, n), 0),
            "nearest_sub_main_m": blank_some(show_decimals(rng.gamma(2.0, 6.0, n), 1), rng),
        },
    )


def _place_kinds(here: pd.DataFrame, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the position of each kind of location [m], columns x, y, z, one row a dwelling."""
    n = len(here)
    up_m = STOREY_HEIGHT_M * (here["floor_no"] - here["meter_floor"]).to_numpy()
    hub = np.column_stack([*rng.uniform(0.0, 10.0, (2, n)), STOREY_HEIGHT_M * here["meter_floor"].to_numpy() + 1.5])
    level = np.zeros(n)
    places = {"comms_hub": hub}
    for role, (start, end) in ENDS.items():
        rise = up_m if end in ("ihd", "plc_point") else level
        places[end] = places[start] + _step(here[f"{role}.distance_m"].to_numpy(), rise, rng)
    return places


def _step(distance_m: np.ndarray, rise_m: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return steps of a given length and rise in a random direction; a path is never shorter than its rise."""
    flat_m = np.sqrt(np.maximum(distance_m**2 - rise_m**2, 0.0))
    angle = rng.uniform(0.0, 2.0 * np.pi, len(distance_m))
    return np.column_stack([flat_m * np.cos(angle), flat_m * np.sin(angle), rise_m])
