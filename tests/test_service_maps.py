"""The small map: shapes of outward codes as SVG, their neighbours, and shares told by class."""

import geopandas as gpd
import pytest
from shapely import MultiPolygon, box

from smarthan.service.maps import class_of, describe_shapes, draw_around, open_shapes

HOLED = box(0, 0, 1000, 1000) - box(400, 400, 600, 600)
FRAME = gpd.GeoDataFrame(
    {
        "code": ["A1", "A2", "A3", "A4"],
        "geometry": [
            HOLED,
            box(1000, 0, 2000, 1000),
            MultiPolygon([box(0, 1000, 900, 2000), box(5000, 0, 5010, 10)]),
            box(9000, 0, 9100, 100),
        ],
    },
    crs=27700,
)


def test_a_shape_is_its_rings_north_up() -> None:
    path, bounds, main, middle, near = describe_shapes(FRAME)["A1"]
    assert path.count("M") == path.count("z") == 2
    assert bounds == main == [0, -100, 101, 1]
    assert 0 < middle[0] < 100
    assert -100 < middle[1] < 0
    assert list(near) == ["A2", "A3", "A4"], "two touch it, the nearest other is added"


def test_a_far_island_does_not_widen_the_view() -> None:
    _, bounds, main, middle, _ = describe_shapes(FRAME)["A3"]
    assert (bounds[2], main[2]) == (502, 91)
    assert middle[0] < 91


def test_what_has_no_neighbour_has_the_nearest() -> None:
    near = describe_shapes(FRAME)["A4"][4]
    assert "A2" in near
    assert "A4" not in near


def test_an_outward_code_is_drawn_amid_those_around_it() -> None:
    drawn = draw_around("LL57", {"LL57": 0.996, "LL56": 0.5})
    assert drawn is not None
    own = drawn["areas"][-1]
    assert (own["code"], own["own"], own["class"]) == ("LL57", True, 0)
    assert {area["code"]: area["class"] for area in drawn["areas"]}["LL56"] == 3
    assert {area["code"]: area["class"] for area in drawn["areas"]}["LL55"] is None
    assert {"LL56", "LL33"} <= set(drawn["near"])
    assert {label["code"] for label in drawn["labels"]} == {"LL57", *drawn["near"]}
    assert drawn["label"].startswith("approximate")
    assert len(drawn["licence"]) == 3


@pytest.mark.parametrize("code", ["PH41", "SW1A", "ZE3", "LL57"])
def test_the_named_alone_are_shaded_and_lie_on_the_map(code: str) -> None:
    drawn = draw_around(code, {})
    assert drawn is not None
    left, top, wide, high = map(float, drawn["view"].split())
    named = {label["code"] for label in drawn["labels"]}
    assert named == {area["code"] for area in drawn["areas"] if area["named"]}
    assert named == {code, *(name for name, shown in drawn["near"].items() if shown)}
    assert all(left < label["x"] < left + wide and top < label["y"] < top + high for label in drawn["labels"])


def test_an_outward_code_without_polygon_has_no_map() -> None:
    assert draw_around("EC1A9", {}) is None
    assert len(open_shapes().shapes) > 2800


@pytest.mark.parametrize(
    ("share", "place"), [(1.0, 0), (0.99, 0), (0.9899, 1), (0.95, 1), (0.8, 2), (0.0, 3), (float("nan"), None)]
)
def test_a_share_stands_in_one_class(share: float, place: int | None) -> None:
    assert class_of(share) == place
