"""Zones: nearest points, joined, simplified as a coverage, cut along the coast."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.coverage.geography.zones import join_zones, make_cells, shape_zones

LAND = shapely.MultiPolygon([shapely.box(0, 0, 10_000, 10_000)])
GRID = np.array([[x, y] for y in range(1000, 10_000, 2000) for x in range(1000, 10_000, 2000)], dtype=float)


def test_cells_stand_in_the_order_of_the_points_and_reach_beyond_the_land() -> None:
    cells = make_cells(GRID, LAND)
    assert shapely.contains_xy(cells, GRID[:, 0], GRID[:, 1]).all()
    assert shapely.contains_properly(shapely.union_all(cells), LAND)


def test_one_point_owns_everything() -> None:
    assert shapely.contains(make_cells(GRID[:1], LAND)[0], LAND)


def test_zones_of_one_owner_are_joined_wherever_they_stand() -> None:
    owner = np.where(GRID[:, 0] < 5000, 7, 3)
    owners, joined = join_zones(make_cells(GRID, LAND), owner)
    assert owners.tolist() == [3, 7]
    shaped = shape_zones(joined, LAND, 1.0)
    assert shapely.area(shaped) == pytest.approx([60e6, 40e6])
    assert shapely.bounds(shaped[1]).tolist() == [0, 0, 4000, 10_000]


def test_touching_the_coast_leaves_polygons_only() -> None:
    # A point out at sea owns a cell that meets the land along its edge alone.
    points = np.array([[5000.0, 5000.0], [5000.0, 15_000.0]])
    shaped = shape_zones(make_cells(points, LAND), LAND, 0.0)
    assert shapely.get_type_id(shaped[0]) == shapely.GeometryType.POLYGON
    assert shapely.is_empty(shaped[1])


def test_an_enclave_keeps_its_place() -> None:
    owner = np.where((GRID == [5000, 5000]).all(axis=1), 1, 0)
    _, joined = join_zones(make_cells(GRID, LAND), owner)
    around, enclave = shape_zones(joined, LAND, 10.0)
    assert shapely.area(around) + shapely.area(enclave) == pytest.approx(100e6)
    assert len(around.interiors) == 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 9999)), min_size=4, max_size=60, unique=True))
def test_zones_cover_the_land_once(points: list[tuple[int, int]]) -> None:
    xy = np.array(points, dtype=float)
    _, joined = join_zones(make_cells(xy, LAND), np.arange(len(xy)) % 4)
    shaped = shape_zones(joined, LAND, 50.0)
    assert shapely.is_valid(shaped).all()
    assert shapely.area(shaped).sum() == pytest.approx(100e6, rel=1e-3)
    pairs = [shapely.intersection(a, b) for i, a in enumerate(shaped) for b in shaped[:i]]
    assert shapely.area(pairs).sum() < 1000
