"""Zones of nearest postcodes: Voronoi cells joined by area, simplified together, clipped to the land.

All geometry is EPSG:27700 [m]. Neighbours share their edge throughout: cells are joined and simplified as a coverage,
never one by one, which would open slivers between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Geometries = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]


def make_cells(xy: npt.NDArray[np.float64], land: Any) -> Geometries:
    """Return the Voronoi cell of each distinct point, in the order of the points, reaching beyond the land.

    Parameters
    ----------
    xy : float array
        Easting and northing [m], no point twice.
    land : MultiPolygon

    Returns
    -------
    array of Polygon
        One point alone owns a box around the land.
    """
    import shapely

    box = shapely.buffer(shapely.box(*shapely.bounds(land)), 1000, join_style="mitre")
    if len(xy) == 1:
        return np.array([box])
    return shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy), extend_to=box, ordered=True))


def join_zones(zones: Geometries, owner: Ints) -> tuple[Ints, Geometries]:
    """Join neighbouring zones of a coverage that have the same owner.

    Parameters
    ----------
    zones : array of Polygon or MultiPolygon
        A coverage: neighbours share their edges, none overlaps.
    owner : int array
        Owner of each.

    Returns
    -------
    owners : int array
        Each owner once, rising.
    joined : array of Polygon or MultiPolygon
    """
    import shapely

    order = np.argsort(owner, kind="stable")
    owners, first = np.unique(owner[order], return_index=True)
    groups: Sequence[Geometries] = np.split(zones[order], first[1:])
    return owners, np.array([shapely.coverage_union_all(group) for group in groups])


def shape_zones(zones: Geometries, land: Any, tolerance_m: float) -> Geometries:
    """Simplify a coverage as a whole and cut it along the coast.

    Parameters
    ----------
    zones : array of Polygon or MultiPolygon
        A coverage that reaches beyond the land.
    land : MultiPolygon
    tolerance_m : float
        About the largest shift of a boundary [m].

    Returns
    -------
    array of Polygon or MultiPolygon
        Valid, corners on whole metres; empty where no land is left.
    """
    import shapely

    shapely.prepare(land)
    shaped = shapely.coverage_simplify(zones, tolerance_m)
    coastal = ~shapely.contains_properly(land, shaped)
    shaped[coastal] = shapely.intersection(shaped[coastal], land)
    whole = shapely.set_precision(shapely.make_valid(shaped), 1.0)
    return np.array([_keep_polygons(zone) for zone in whole])


def _keep_polygons(zone: Any) -> Any:
    """Drop the points and lines in which a zone and the coast may touch."""
    import shapely

    parts = shapely.get_parts(zone)
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)
