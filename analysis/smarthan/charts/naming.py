"""Names beside points of a chart, so placed that none touches another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from .style import INK, INK_SOFT, SMALL_TEXT_PT

Box = tuple[float, float, float, float]
Spot = tuple[float, float]

ASIDE_PT = (8.0, 44.0)  # from a point to its name: beside it, or further off
APART_PX = 6.0  # room between names: the layout may still shift a little when a mark of synthetic data is added
DOT_PX = 9.0  # half the width of a point, with some room
MOST_LIFTS = 6
# What a place costs, in lines of text up or down: a name on a name is worst, then a lead across another.
_ON_NAME, _ON_DOT, _ACROSS_LEAD, _ACROSS_NAME, _ACROSS_DOT, _FURTHER = 1000.0, 100.0, 40.0, 40.0, 20.0, 3.0


class _Place(NamedTuple):
    side: str
    aside_pt: float
    lift_pt: float
    box: Box
    lead: tuple[Spot, Spot] | None
    cost: float


def name_points(ax: Any, across: Any, up: Any, names: Sequence[str], *, others: Any) -> None:
    """Write a name beside each point, moved until it touches no other name, covers no point and no lead crosses.

    Parameters
    ----------
    ax : Axes
        With its limits set and all else drawn.
    across, up : array of float
        The points to be named [data].
    names : sequence of str
    others : array of shape (n, 2)
        All points of the chart [data], which names must not cover.

    Notes
    -----
    The topmost point is named first; each name takes the cheapest place left, nearest first. A name that does not stand
    beside its point is led to it by a line.
    """
    sizes = _measure(ax, names)
    dots = ax.transData.transform(np.asarray(others, dtype=float).reshape(-1, 2)).tolist()
    taken: dict[int, _Place] = {}
    for number in sorted(range(len(names)), key=lambda one: (-up[one], across[one], names[one])):
        at = ax.transData.transform((across[number], up[number])).tolist()
        options = _places(at, sizes[number], ax.figure.dpi / 72, ax.bbox.extents)
        before = list(taken.values())
        taken[number] = min(options, key=lambda place: place.cost + _weigh(place, at, before, dots))
    for number, name in enumerate(names):
        _write(ax, (across[number], up[number]), name, taken[number])


def _measure(ax: Any, names: Sequence[str]) -> list[Spot]:
    """Return the width and height of each name as drawn [px]."""
    texts = [ax.text(0.5, 0.5, name, transform=ax.transAxes, size=SMALL_TEXT_PT) for name in names]
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in texts]
    for text in texts:
        text.remove()
    return [(box.width, box.height) for box in boxes]


def _write(ax: Any, at: Spot, name: str, place: _Place) -> None:
    right = place.side == "right"
    lead = {
        "arrowstyle": "-",
        "color": INK_SOFT,
        "lw": 1,
        "shrinkA": 0,
        "shrinkB": 5,
        "relpos": (0 if right else 1, 0.5),
    }
    ax.annotate(
        name, at, xytext=(place.aside_pt if right else -place.aside_pt, place.lift_pt), textcoords="offset points",
        va="center", ha="left" if right else "right", size=SMALL_TEXT_PT, color=INK, zorder=6,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8},
        arrowprops=lead if place.lead else None,
    )  # fmt: skip


def _places(at: Sequence[float], size: Spot, scale: float, frame: Any) -> list[_Place]:
    """Return the places in the frame; all of them where the frame holds none."""
    found = list(_list_places(at, size, scale))
    inside = [one for one in found if one.box[0] >= frame[0] and one.box[2] <= frame[2]]
    return [one for one in inside if one.box[1] >= frame[1] and one.box[3] <= frame[3]] or found


def _list_places(at: Sequence[float], size: Spot, scale: float) -> Iterator[_Place]:
    width, height = size
    step = height + APART_PX
    for aside in ASIDE_PT:
        for lines in range(-MOST_LIFTS, MOST_LIFTS + 1):
            for side in ("right", "left"):
                near = at[0] + aside * scale * (1 if side == "right" else -1)
                left = near if side == "right" else near - width
                middle = at[1] + lines * step
                beside = lines == 0 and aside == ASIDE_PT[0]
                cost = abs(lines) + (_FURTHER if aside > ASIDE_PT[0] else 0.0) + (0.5 if side == "left" else 0.0)
                box = (left, middle - height / 2, left + width, middle + height / 2)
                lead = None if beside else ((near, middle), (at[0], at[1]))
                yield _Place(side, aside, lines * step / scale, box, lead, cost)


def _weigh(place: _Place, at: Sequence[float], taken: list[_Place], dots: list[list[float]]) -> float:
    """Return what a place costs beside the names that stand already."""
    rest = [dot for dot in dots if dot != at]
    cost = _ON_NAME * sum(_meet(place.box, _grow(other.box, APART_PX)) for other in taken)
    cost += _ON_DOT * sum(_meet(place.box, _around(dot)) for dot in dots)
    cost += _ACROSS_NAME * sum(other.lead is not None and _passes(other.lead, place.box) for other in taken)
    if place.lead is not None:
        cost += _ACROSS_NAME * sum(_passes(place.lead, other.box) for other in taken)
        cost += _ACROSS_LEAD * sum(other.lead is not None and _cross(place.lead, other.lead) for other in taken)
        cost += _ACROSS_DOT * sum(_passes(place.lead, _around(dot)) for dot in rest)
    return cost


def _meet(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _grow(box: Box, by: float) -> Box:
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by)


def _around(dot: Sequence[float]) -> Box:
    return (dot[0] - DOT_PX, dot[1] - DOT_PX, dot[0] + DOT_PX, dot[1] + DOT_PX)


def _passes(lead: tuple[Spot, Spot], box: Box) -> bool:
    """Return whether a line passes through a box; its points are tried, closer than a box is wide."""
    (x0, y0), (x1, y1) = lead
    along = [step / 32 for step in range(33)]
    spots = ((x0 + t * (x1 - x0), y0 + t * (y1 - y0)) for t in along)
    return any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in spots)


def _cross(lead: tuple[Spot, Spot], other: tuple[Spot, Spot]) -> bool:
    (a, b), (c, d) = lead, other
    return _turns(a, b, c) != _turns(a, b, d) and _turns(c, d, a) != _turns(c, d, b)


def _turns(a: Spot, b: Spot, c: Spot) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])
