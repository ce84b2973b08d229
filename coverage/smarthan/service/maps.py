"""The small map beside an answer: the outward code asked and those around it, shaded by covered share, as inline SVG.

Polygons come from the boundaries that ship with the package. Reading those needs geopandas, so they are turned once
into a file of SVG paths in the user's cache; the service itself reads that file alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from smarthan.coverage.cache import cache_folder, keep_folder
from smarthan.coverage.edition import EDITION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

FORMAT = 3
UNIT_M = 10  # metres a unit of the paths
MARGIN = 0.45  # of the larger side of the area asked, shown around it
MOST_SHAPES = 60
FEWEST_NEIGHBOURS = 3  # an island has the nearest ones
# Lower bounds of the classes of covered share, highest first, and the words of the key.
CLASSES = (
    (0.99, "99% and more"),
    (0.95, "95 to 99%"),
    (0.80, "80 to 95%"),
    (0.0, "under 80%"),
)


@dataclass(frozen=True)
class Shape:
    """One outward code on the map.

    Attributes
    ----------
    path : str
        Of SVG: 10 m a unit, north up.
    box : tuple of int
        Left, top, right, bottom.
    main : tuple of int
        The box of its largest part: far islands do not widen the view.
    middle : tuple of int
        A point within its largest part, for its label.
    near : dict of str to tuple of int or None
        Outward codes that touch it, and the nearest ones where fewer than three do, each with a point for its label on
        the map around this one; None where no part of it is on that map.
    """

    path: str
    box: tuple[int, int, int, int]
    main: tuple[int, int, int, int]
    middle: tuple[int, int]
    near: dict[str, tuple[int, int] | None]

    def meets(self, box: tuple[float, float, float, float]) -> bool:
        """Return whether the box of the shape and another meet."""
        left, top, right, bottom = self.box
        return left < box[2] and right > box[0] and top < box[3] and bottom > box[1]


@dataclass(frozen=True)
class MapSheet:
    """The shapes of all outward codes, and what must stand under a map made of them."""

    shapes: Mapping[str, Shape]
    label: str
    licence: tuple[str, ...]


@cache
def open_shapes() -> MapSheet:
    """Return the shapes, from the cache or, the first time, from the shipped boundaries (about 5 s)."""
    folder = cache_folder() / f"map-{EDITION}-{FORMAT}"
    keep_folder(folder, _make_file)
    document = json.loads((folder / "outward.json").read_text(encoding="utf-8"))
    shapes = {
        code: Shape(path, tuple(box), tuple(main), tuple(middle), {name: at and tuple(at) for name, at in near.items()})
        for code, (path, box, main, middle, near) in document["shapes"].items()
    }
    return MapSheet(shapes, document["label"], tuple(document["licence"]))


def _make_file(folder: Path) -> None:
    from smarthan.coverage import boundaries

    frame = boundaries("outward")
    document = {
        "label": frame.attrs["label"],
        "licence": frame.attrs["licence"],
        "shapes": describe_shapes(frame),
    }
    (folder / "outward.json").write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")


def describe_shapes(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return path, boxes, middle and neighbours of each area.

    Parameters
    ----------
    frame : GeoDataFrame
        code and geometry, in metres.
    """
    import numpy as np
    import shapely

    shapes, codes = frame.geometry.to_numpy(), frame["code"].tolist()
    tree = shapely.STRtree(shapes)
    near: list[list[str]] = [[] for _ in codes]
    for one, other in tree.query(shapes, predicate="intersects").T:
        if one != other:
            near[one].append(codes[other])
    centres = shapely.get_coordinates(shapely.centroid(shapes))
    for place, found in enumerate(near):
        if len(found) < FEWEST_NEIGHBOURS:
            order = np.argsort(((centres - centres[place]) ** 2).sum(axis=1))[1 : 2 + FEWEST_NEIGHBOURS]
            found += [codes[other] for other in order if codes[other] not in found]
    largest = [max(shapely.get_parts(shape), key=shapely.area) for shape in shapes]
    place_of = {code: place for place, code in enumerate(codes)}
    return {
        code: [
            _path_of(shape),
            _box_of(shape),
            _box_of(main),
            _middle_of(main),
            {name: _label_within(shapes[place_of[name]], _view_of(_box_of(main))) for name in sorted(found)},
        ]
        for code, shape, main, found in zip(codes, shapes, largest, near, strict=True)
    }


def _label_within(shape: Any, view: tuple[float, float, float, float]) -> list[int] | None:
    """Return a point for a label in the part of an area that a map shows, off its edges; None where it shows none."""
    import shapely

    left, top, right, bottom = view
    edge = (right - left) / 14
    inner = (left + edge, top + edge / 2, right - edge, bottom - edge / 2)
    for box in (inner, view):
        seen = shapely.clip_by_rect(shape, *(UNIT_M * side for side in (box[0], -box[3], box[2], -box[1])))
        part = max(shapely.get_parts(seen), key=shapely.area, default=None)
        if part is not None and part.area:
            x, y = _middle_of(part)
            return [round(min(max(x, inner[0]), inner[2])), round(min(max(y, inner[1]), inner[3]))]
    return None


def _box_of(shape: Any) -> list[int]:
    left, bottom, right, top = shape.bounds
    return [int(left / UNIT_M), int(-top / UNIT_M), int(right / UNIT_M) + 1, int(-bottom / UNIT_M) + 1]


def _middle_of(shape: Any) -> list[int]:
    import shapely

    point = shapely.point_on_surface(shape)
    return [round(point.x / UNIT_M), round(-point.y / UNIT_M)]


def _path_of(shape: Any) -> str:
    """Return the rings of a polygon as an SVG path of whole numbers, each point told from the one before."""
    import numpy as np
    import shapely

    parts = []
    for polygon in shapely.get_parts(shape):
        for ring in shapely.get_rings(polygon):
            points = np.rint(shapely.get_coordinates(ring) / UNIT_M).astype(int) * (1, -1)
            steps = np.diff(points, axis=0)[:-1]
            steps = steps[np.any(steps != 0, axis=1)]
            start = f"M{points[0][0]} {points[0][1]}"
            parts.append(start + "l" + " ".join(f"{x} {y}" for x, y in steps) + "z" if len(steps) > 1 else "")
    return "".join(parts)


def class_of(share: float | None) -> int | None:
    """Return the class of a covered share, 0 the highest; None where it is not known.

    Examples
    --------
    >>> class_of(0.999), class_of(0.5), class_of(None)
    (0, 3, None)
    """
    if share is None or share != share:
        return None
    return next(place for place, (low, _) in enumerate(CLASSES) if share >= low)


def draw_around(code: str, shares: Mapping[str, float | None]) -> dict[str, Any] | None:
    """Return what a page needs to draw the surroundings of an outward code.

    Parameters
    ----------
    code : str
        Outward code.
    shares : mapping of str to float or None
        Covered share of each outward code of the release.

    Returns
    -------
    dict or None
        view (the viewBox), areas (code, path, class of share, whether it is the one asked and whether it is named),
        labels (code, x, y: the one asked and its neighbours, which alone are shaded), has_gaps (a share is not known),
        near (the neighbours, and whether the map shows them), size (of a letter), label and licence. None where there
        is no polygon.
    """
    sheet = open_shapes()
    own = sheet.shapes.get(code)
    if own is None:
        return None
    view = _view_of(own.main)
    inside = [(name, shape) for name, shape in sheet.shapes.items() if shape.meets(view)]
    named = {code: own.middle, **{name: at for name, at in own.near.items() if at}}
    inside.sort(key=lambda pair: (pair[0] != code, pair[0] not in own.near, pair[0]))
    drawn = inside[:MOST_SHAPES]
    left, top, right, bottom = view
    return {
        "view": f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}",
        "areas": [
            {
                "code": name,
                "path": shape.path,
                "class": class_of(shares.get(name)),
                "own": name == code,
                "named": name in named,
            }
            for name, shape in reversed(drawn)
        ],
        "has_gaps": any(class_of(shares.get(name)) is None for name in named),
        "labels": [{"code": name, "x": x, "y": y} for name, (x, y) in named.items()],
        "near": {name: name in named for name in own.near},
        "size": (right - left) / 24,
        "label": sheet.label,
        "licence": sheet.licence,
    }


def _view_of(main: Sequence[int]) -> tuple[float, float, float, float]:
    """Return a square view around the largest part of an area."""
    left, top, right, bottom = main
    half = max(right - left, bottom - top, 100) * (0.5 + MARGIN)
    x, y = (left + right) / 2, (top + bottom) / 2
    return x - half, y - half, x + half, y + half
