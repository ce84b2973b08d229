"""Two releases compared: each location's state on its release's own day, and what differs in its best row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from smarthan.coverage.index.locations import ALL_STATES
from smarthan.coverage.index.mapped import NO_DATE
from smarthan.coverage.lookup.states import COVERED, ERROR, OVERDUE, PLANNED

from .alignment import Alignment, Ints, align
from .row_texts import has, spread_texts, spread_uprns
from .sides import COMPARED, Side, same_classes

Mask = npt.NDArray[np.bool_]

ABSENT = "ABSENT"
SIDE_STATES = (*ALL_STATES, ABSENT)
CHANGES = {
    "added": "new in the later release",
    "removed": "no longer in the release",
    "gained": "covered now, not before",
    "lost": "covered before, not now",
    "planned_to_covered": "planned before, covered now",
    "planned_to_overdue": "planned before, the date has passed",
    "slipped": "anticipated later than before",
    "advanced": "anticipated earlier than before",
    "technology": "another technology",
    "likelihood": "another likelihood",
    "auxiliary": "other auxiliary equipment",
    "region": "answered for other CSP regions",
    "restated": "same state, another number of premises",
    "other": "changed otherwise: a plan made or withdrawn, a text, a further row",
}
_COVERED, _PLANNED, _OVERDUE, _ERROR = (SIDE_STATES.index(state) for state in (COVERED, PLANNED, OVERDUE, ERROR))
_ABSENT = SIDE_STATES.index(ABSENT)


@dataclass(frozen=True)
class Comparison:
    """What two releases say of the same locations, where it is not the same.

    Attributes
    ----------
    before, after : Side
    at_before, at_after : array of int
        Places of the changed locations in the two sides, in the order of their keys; -1 where a side lacks it.
    found : dict of str to array of int
        For each change of `CHANGES`, which of the changed locations it befell.
    revisions : array
        Three squares over `SIDE_STATES`: how many locations went from each state to each, unchanged ones on the
        diagonal, and their premises before and after.
    """

    before: Side
    after: Side
    at_before: Ints
    at_after: Ints
    found: dict[str, Ints]
    revisions: npt.NDArray[np.float64]


def compare(before: Side, after: Side) -> Comparison:
    """Compare two sides; see `diff`."""
    lie = align(before.keys, after.keys)
    pairs = _find_changed_pairs(before, after, lie)
    kinds = _name_changes(before, after, lie.before[pairs], lie.after[pairs])
    count = len(pairs)
    at_before = np.concatenate([lie.before[pairs], lie.removed, np.full(len(lie.added), -1)])
    at_after = np.concatenate([lie.after[pairs], np.full(len(lie.removed), -1), lie.added])
    found = {
        "added": np.arange(len(at_after) - len(lie.added), len(at_after)),
        "removed": np.arange(count, count + len(lie.removed)),
        **{name: np.flatnonzero(mask) for name, mask in kinds.items()},
    }
    order, place = _by_key(before, after, at_before, at_after)
    found = {name: np.sort(place[at]) for name, at in found.items()}
    return Comparison(before, after, at_before[order], at_after[order], found, _count_revisions(before, after, lie))


def _by_key(before: Side, after: Side, at_before: Ints, at_after: Ints) -> tuple[Ints, Ints]:
    """Return the order of the changed locations by key, and the place in it of each."""
    if not len(at_before):
        return at_before, at_before
    keys = np.where(at_before >= 0, _take(before.keys, at_before), _take(after.keys, at_after))
    order = np.argsort(keys, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return order, place


def _take(values: npt.NDArray[Any], at: Ints) -> npt.NDArray[Any]:
    """Return values by place; the first, or a zero, where the place is -1."""
    return values[np.maximum(at, 0)] if len(values) else np.zeros(len(at), dtype=values.dtype)


def _find_changed_pairs(before: Side, after: Side, lie: Alignment) -> Ints:
    """Return the pairs that differ in anything: most say the same, so that only few are looked at closely."""
    class_before, class_after = same_classes(before, after)
    b, a = lie.before, lie.after
    differ = before.state[b] != after.state[a]
    differ |= before.regions[b] != after.regions[a]
    differ |= before.premises[b] != after.premises[a]
    differ |= before.covered[b] != after.covered[a]
    differ |= before.n_rows[b] != after.n_rows[a]
    rest = np.flatnonzero(~differ)
    differ[rest] = _rows_differ(before, after, b[rest], a[rest], (class_before, class_after))
    return np.flatnonzero(differ)


def _rows_differ(before: Side, after: Side, b: Ints, a: Ints, classes: tuple[Ints, Ints]) -> Mask:
    """Whether any row differs, for pairs of locations that have equally many."""
    if not len(b):
        return np.zeros(0, dtype=np.bool_)
    counts = before.n_rows[b]
    starts = np.cumsum(counts) - counts
    within = np.arange(int(counts.sum())) - np.repeat(starts, counts)
    rows_before = within + np.repeat(before.first_row[b], counts)
    rows_after = within + np.repeat(after.first_row[a], counts)
    differ = np.zeros(len(within), dtype=np.bool_)
    for of_before, of_after in _row_values(before, after, classes):
        differ |= of_before[rows_before] != of_after[rows_after]
    return np.logical_or.reduceat(differ, starts)


def _row_values(
    before: Side, after: Side, classes: tuple[Ints, Ints]
) -> Iterator[tuple[npt.NDArray[Any], npt.NDArray[Any]]]:
    """Give what rows are compared by, as numbers that mean the same on both sides; one at a time, for the memory."""
    sides = (before.located, after.located)
    yield classes[0].astype(np.int32)[sides[0].row_class], classes[1].astype(np.int32)[sides[1].row_class]
    for name in ("premises", "premises_available"):
        yield sides[0].column(name), sides[1].column(name)
    if any(has(side, "uprn") for side in sides):
        yield spread_uprns(sides[0]), spread_uprns(sides[1])
    for name in ("address", "info"):
        if any(has(side, name) for side in sides):
            known: dict[str, int] = {}
            yield spread_texts(sides[0], name, known), spread_texts(sides[1], name, known)


def _name_changes(before: Side, after: Side, b: Ints, a: Ints) -> dict[str, Mask]:
    """Return, for pairs that differ, which changes befell each."""
    old, new = before.state[b], after.state[a]
    kinds: dict[str, Mask] = {
        "gained": (old != _COVERED) & (new == _COVERED),
        "lost": (old == _COVERED) & (new != _COVERED),
        "planned_to_covered": (old == _PLANNED) & (new == _COVERED),
        "planned_to_overdue": (old == _PLANNED) & (new == _OVERDUE),
    }
    days = days_moved(before, after, b, a)
    kinds |= {"slipped": days > 0, "advanced": days < 0}
    answered = (before.best_state(b) != _ERROR) & (after.best_state(a) != _ERROR)
    for name in COMPARED:
        differ = before.labels(name, b) != after.labels(name, a)
        kinds[name.removeprefix("wan_")] = differ.astype(np.bool_) & answered
    kinds["region"] = before.regions[b] != after.regions[a]
    counts = (before.premises[b] != after.premises[a]) | (before.covered[b] != after.covered[a])
    kinds["restated"] = (old == new) & counts
    kinds["other"] = ~np.logical_or.reduce(list(kinds.values()))
    return kinds


def days_moved(before: Side, after: Side, b: Ints, a: Ints) -> Ints:
    """Return by how many days the anticipated day moved; 0 unless both best rows are planned or overdue."""
    dated = np.isin(before.best_state(b), (_PLANNED, _OVERDUE)) & np.isin(after.best_state(a), (_PLANNED, _OVERDUE))
    old, new = before.days(b), after.days(a)
    return np.where(dated & (old != NO_DATE) & (new != NO_DATE), new - old, 0)


def _count_revisions(before: Side, after: Side, lie: Alignment) -> npt.NDArray[np.float64]:
    """Return locations, premises before and premises after for each pair of states."""
    width = len(SIDE_STATES)
    old = np.concatenate([before.state[lie.before], before.state[lie.removed], np.full(len(lie.added), _ABSENT)])
    new = np.concatenate([after.state[lie.after], np.full(len(lie.removed), _ABSENT), after.state[lie.added]])
    pair = old.astype(np.int64) * width + new
    was = np.concatenate([before.premises[lie.before], before.premises[lie.removed]])
    now = np.concatenate([after.premises[lie.after], after.premises[lie.added]])
    has_now = np.concatenate([pair[: len(lie.after)], pair[len(pair) - len(lie.added) :]])
    sums = [np.bincount(pair), np.bincount(pair[: len(was)], weights=was), np.bincount(has_now, weights=now)]
    return np.stack([np.resize(_pad(total, width * width), (width, width)) for total in sums])


def _pad(values: npt.NDArray[Any], size: int) -> npt.NDArray[np.float64]:
    return np.concatenate([values, np.zeros(size - len(values))])
