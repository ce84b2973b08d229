"""From the points of the postcodes to one table of boundaries a level."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from smarthan.coverage.reference.tables import lad_table, postcode_reference

from .levels import COUNTRY_NAMES, LABEL, LEVELS
from .points import Points
from .zones import Geometries, Ints, join_zones, make_cells, shape_zones

if TYPE_CHECKING:
    import geopandas as gpd

BRITISH_GRID = 27700  # EPSG code of the British National Grid


def make_boundaries(names: Iterable[str], land: Any) -> dict[str, gpd.GeoDataFrame]:
    """Make the boundaries of some levels from the postcode reference.

    Parameters
    ----------
    names : iterable of str
        Levels of `LEVELS`.
    land : MultiPolygon
        The land to cut them to.

    Returns
    -------
    dict of str to GeoDataFrame
        By level, in the order of `LEVELS`: code, name, geometry, n_postcodes, sorted by code; `attrs` as in
        `boundaries`.

    Notes
    -----
    The Voronoi diagram of 1.68 million points takes about 20 s and 2.4 GB; the rest about 15 s for all levels.
    """
    wanted = set(names)
    needed = wanted | {LEVELS[name].finer for name in wanted if LEVELS[name].finer}
    points = Points(code_postcodes())
    cells = make_cells(points.xy, land)
    zones: dict[str, tuple[Ints, Geometries]] = {}
    made = {}
    for level in LEVELS.values():
        if level.name not in needed:
            continue
        zones[level.name] = (
            _join_finer(points.postcodes, level.name, level.finer, *zones[level.finer])
            if level.finer
            else join_zones(cells, points.owners(level.name))
        )
        if level.name in wanted:
            owners, joined = zones[level.name]
            made[level.name] = _finish(
                points.postcodes, level.name, owners, shape_zones(joined, land, level.tolerance_m)
            )
    return made


def code_postcodes() -> pd.DataFrame:
    """Return the postcode reference with one category column a level, codes in alphabetical order."""
    live = postcode_reference()
    places = lad_table().set_index("lad25cd")
    lads = live["lad25cd"].astype("str")
    columns = {
        "sector": live["sector"],
        "outward": live["outward"],
        "area": live["area"],
        "lad": lads,
        "region": lads.map(places["region_code"]),
        "country": live["country"],
    }
    coded = live[["postcode", "easting", "northing"]].assign(**{name: _sort_words(c) for name, c in columns.items()})
    coded.attrs = live.attrs
    return coded


def _sort_words(column: pd.Series) -> pd.Series:
    column = column.astype("category")
    return column.cat.reorder_categories(sorted(column.cat.categories))


def _join_finer(
    postcodes: pd.DataFrame, name: str, finer: str, owners: Ints, zones: Geometries
) -> tuple[Ints, Geometries]:
    """Join zones of a finer level by the area that each belongs to."""
    pairs = postcodes[[finer, name]].dropna().drop_duplicates(finer)
    of_finer = np.zeros(len(postcodes[finer].cat.categories), dtype=np.int64)
    of_finer[pairs[finer].cat.codes.to_numpy()] = pairs[name].cat.codes.to_numpy()
    return join_zones(zones, of_finer[owners])


def _finish(postcodes: pd.DataFrame, name: str, owners: Ints, shapes: Geometries) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import shapely

    some = ~shapely.is_empty(shapes)
    codes = postcodes[name].cat.categories[owners[some]]
    counts = postcodes[name].value_counts()
    frame = gpd.GeoDataFrame(
        {
            "code": codes.astype("str"),
            "name": [_name_of(name).get(code, code) for code in codes],
            "geometry": gpd.GeoSeries(shapes[some], crs=BRITISH_GRID),
            "n_postcodes": counts.reindex(codes).to_numpy(np.int64),
        }
    )
    missing = counts.drop(codes).sort_index()
    frame.attrs = {
        "level": name,
        "label": LABEL,
        "licence": list(postcodes.attrs["licence"]),
        "vintage": postcodes.attrs["vintage"],
        "without_polygon": {str(code): int(number) for code, number in missing.items()},
        "synthetic": False,
    }
    return frame


def _name_of(level: str) -> dict[str, str]:
    """Return the names of the codes of a level; those of postcodes have none but the code itself."""
    lads = lad_table()
    if level == "lad":
        return dict(zip(lads["lad25cd"], lads["name"], strict=True))
    if level == "region":
        return dict(zip(lads["region_code"], lads["region"], strict=True))
    return COUNTRY_NAMES if level == "country" else {}
