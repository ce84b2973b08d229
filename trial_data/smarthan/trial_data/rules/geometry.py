"""Rules for paths and floors: the ends, the distance, the height."""

from __future__ import annotations

import pandas as pd

from .workset import Workset

# Limits of the trial design, section 4.
DISTANCE_TOLERANCE = 0.20
UNIT_TOLERANCE = 0.03
FEET_PER_METRE = 3.281
METRES_PER_FOOT = 0.3048
STOREY_HEIGHT_M = 2.8
FLOORS_TOLERANCE = 1.0


def check_ends(work: Workset) -> None:
    """Quarantine paths that end where they start, or in another building."""
    paths = work.rows["paths"]
    start, end = paths.frame["from_location"], paths.frame["to_location"]
    paths.reject(start.eq(end), "path_self", "to_location", "'{value}' is both ends of the path")
    here = work.look_up("paths", "from_location", "building_id")
    there = work.look_up("paths", "to_location", "building_id")
    apart = here.ne(there) & here.notna() & there.notna()
    paths.reject(apart, "path_two_buildings", "to_location", "'{value}' lies in another building than from_location")


def check_floor(work: Workset) -> None:
    """Quarantine dwellings above the top storey or below the lowest basement of their building."""
    dwellings = work.rows["dwellings"]
    floor = dwellings.frame["floor_no"].astype("Float64")
    storeys = work.look_up("dwellings", "building_id", "storeys").astype("Float64")
    # An empty count of basements is unknown, not none: nothing below ground is then refused.
    basements = work.look_up("dwellings", "building_id", "basements").astype("Float64")
    outside = (floor.gt(storeys - 1)).fillna(False) | (floor.lt(-basements)).fillna(False)
    dwellings.reject(outside, "storeys_floor", "floor_no", "floor '{value}' is not a floor of its building")


def flag_distance(work: Workset) -> None:
    """Flag distances that the coordinates of the ends contradict."""
    distance = work.rows["paths"].frame["distance_m"]
    east, north, rise = (_difference(work, axis) for axis in ("x_m", "y_m", "z_m"))
    straight = (east**2 + north**2 + rise**2) ** 0.5
    ratio = distance / straight.where(straight.gt(0))
    feet = ratio.sub(FEET_PER_METRE).abs().le(UNIT_TOLERANCE * FEET_PER_METRE)
    feet |= ratio.sub(METRES_PER_FOOT).abs().le(UNIT_TOLERANCE * METRES_PER_FOOT)
    message = "distance '{value}' and the coordinates differ as feet from metres; it was not converted"
    work.flag("paths", feet, "feet_for_metres", "distance_m", message)
    differs = ratio.sub(1).abs().gt(DISTANCE_TOLERANCE) & ~feet
    message = "distance '{value}' differs from the coordinates by over 20 %"
    work.flag("paths", differs, "distance_xyz", "distance_m", message)
    _flag_floors(work, rise)


def _flag_floors(work: Workset, rise: pd.Series) -> None:
    expected = rise.abs() / STOREY_HEIGHT_M
    differs = (work.rows["paths"].frame["floors"].astype("Float64") - expected).abs().gt(FLOORS_TOLERANCE).fillna(False)
    work.flag("paths", differs, "floors_z", "floors", "'{value}' floors do not fit the height between the ends")


def _difference(work: Workset, axis: str) -> pd.Series:
    ends = [work.look_up("paths", end, axis).astype("float64") for end in ("from_location", "to_location")]
    return ends[1] - ends[0]
