"""What a roll-up counts: each location once, or once in each group of regions, its premises divided by state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from smarthan.coverage.index.locations import Locations
from smarthan.coverage.lookup.states import COVERED, ERROR, NOT_CONFIRMED, STATES

from .grouping import Ints, Key, likelihood_key, location_key

_COVERED, _ERROR, _NOT_CONFIRMED = STATES.index(COVERED), STATES.index(ERROR), STATES.index(NOT_CONFIRMED)


# The states of a day are kept as long as its locations are, and what is counted from them with it.
_KEPT: WeakKeyDictionary[Locations, tuple[Any, ...]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Entries:
    """Locations to be counted, all of a release or those of one group of regions.

    Most locations are wholly covered, so that the weight in other states is listed and the covered weight stands in
    one array: a sum by key then reads little.

    Attributes
    ----------
    located : Locations
        The release on the day asked.
    covered : array
        Covered weight of each entry; 0 where it is excluded.
    others_at, others : array
        The entries with weight in another state, and that weight, one column a state after COVERED.
    excluded, missing : array of int
        Entries that belong to no region, and those whose premises are not known.
    where : array of int, optional
        The location of each entry; None for all in order.
    runs : tuple of array of int, optional
        The rows the entries speak of, and where each entry's begin among them; None for all.
    """

    located: Locations
    covered: npt.NDArray[Any]
    others_at: Ints
    others: npt.NDArray[Any]
    excluded: Ints
    missing: Ints
    where: Ints | None = None
    runs: tuple[Ints, Ints] | None = None

    def key(self, name: str) -> Key:
        """Return what each entry is grouped by."""
        if name == "likelihood":
            whole = np.arange(len(self.located.row_class)), self.located.groups[:-1]
            return likelihood_key(self.located, *(self.runs or whole))
        key = location_key(self.located, name)
        return key if self.where is None else Key(key.name, key.codes[self.where], key.labels)


def count_locations(located: Locations) -> Entries:
    """Return every location once, in its best state over its regions."""
    if located not in _KEPT:
        no_region = (located.region_bits & ~np.uint8(located.no_region_bits)) == 0
        unknown = np.flatnonzero(~located.knows_total) if located.mapped.has_premises else np.zeros(0, dtype=np.int64)
        _KEPT[located] = *_split(located.weight_by_state, no_region), unknown[~no_region[unknown]]
    return Entries(located, *_KEPT[located])


def _split(
    weights: npt.NDArray[Any], excluded: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[Any], Ints, npt.NDArray[Any], Ints]:
    """Return the covered weight, the weight in other states, listed, and the entries left out of both."""
    covered = np.where(excluded, 0, weights[:, 0])
    at = np.flatnonzero((weights[:, 1:] != 0).any(axis=1) & ~excluded)
    return covered, at, weights[at, 1:], np.flatnonzero(excluded)


def count_by_region(located: Locations, words: list[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], Entries]]:
    """Yield each group of regions and its locations: counted once in every group that answers for them.

    Parameters
    ----------
    located : Locations
    words : list of tuple of str
        What each region of the index is grouped by; regions of one tuple are counted together.
    """
    unit_of_row = np.repeat(np.arange(len(located.units) - 1), np.diff(located.units))
    for group in sorted(set(words)):
        chosen = np.array([own == group for own in words])
        rows = np.flatnonzero(chosen[located.region])
        if len(rows):
            part = _Part(located, rows, unit_of_row[rows])
            none = bool(chosen @ [located.no_region_bits >> number & 1 for number in range(len(words))])
            known = part.knows_total | none | (not located.mapped.has_premises)
            split = _split(part.weights, np.full(len(part.where), none))
            yield group, Entries(located, *split, np.flatnonzero(~known), part.where, (rows, part.row_starts))


class _Part:
    """The rows of some regions: the units and locations they speak of, and how premises divide over the states there.

    The same rule as `smarthan.coverage.lookup.weighing`, on these rows alone; how many premises a unit has is taken
    from all its rows.
    """

    def __init__(self, located: Locations, rows: Ints, unit: Ints) -> None:
        self.located, self.rows = located, rows
        self.unit_rows = _starts(unit)
        self.units = unit[self.unit_rows]
        location = located.unit_number[self.units]
        self.location_units = _starts(location)
        self.where = location[self.location_units]
        self.row_starts = self.unit_rows[self.location_units]
        self.at = np.repeat(np.arange(len(self.where)), np.diff(np.append(self.location_units, len(location))))
        self.whole = located.unit_whole[self.units]
        self.premises = located.unit_premises[self.units]
        self.row_state = located.row_state[rows]
        self.state = np.minimum.reduceat(self.row_state, self.unit_rows).astype(np.int64)

    @property
    def knows_total(self) -> npt.NDArray[np.bool_]:
        return np.logical_and.reduceat(~self.whole | (self.premises >= 0), self.location_units)

    @property
    def weights(self) -> npt.NDArray[Any]:
        return self._premises if self.located.mapped.has_premises else self._ones

    @cached_property
    def _reached(self) -> Ints:
        stated = self.located.column("premises_available")[self.rows].astype(np.int64)
        own = np.maximum(self.located.column("premises")[self.rows].astype(np.int64), 0)
        assumed = np.where(self.row_state == _COVERED, own, 0)
        reached = np.where(self.row_state == _ERROR, 0, np.where(stated >= 0, stated, assumed))
        return np.maximum.reduceat(reached, self.unit_rows)

    @property
    def _premises(self) -> Ints:
        total = np.zeros((len(self.where), len(STATES)), dtype=np.int64)
        own = np.where(self.premises >= 0, self.premises, 1)
        self._add(total, ~self.whole, self._reached, own)
        left = np.maximum(own - total.sum(axis=1)[self.at], 0)
        reached = np.clip(self._reached - total[self.at, _COVERED], 0, left)
        self._add(total, self.whole & (self.premises >= 0), reached, left)
        return total

    def _add(self, total: Ints, use: npt.NDArray[np.bool_], reached: Ints, premises: Ints) -> None:
        partial = (self._reached > 0) & (self._reached < self.premises)
        other = np.where((self.row_state == _COVERED) | (self.row_state == _ERROR), _NOT_CONFIRMED, self.row_state)
        rest = np.minimum.reduceat(other, self.unit_rows).astype(np.int64)
        covered = np.where(partial, reached, 0)
        _sum_into(total, self.at[use], np.where(partial, rest, self.state)[use], (premises - covered)[use])
        _sum_into(total, self.at[use & partial], np.full(len(self.at), _COVERED)[use & partial], covered[use & partial])

    @property
    def _ones(self) -> npt.NDArray[np.float64]:
        parts = np.add.reduceat((~self.whole).astype(np.int64), self.location_units)[self.at]
        counted = ~self.whole | (parts == 0)
        total = np.zeros((len(self.where), len(STATES)))
        _sum_into(total, self.at[counted], self.state[counted], (1 / np.maximum(parts, 1))[counted])
        return total


def _starts(values: Ints) -> Ints:
    """Return where each run of equal values begins."""
    return np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])


def _sum_into(total: npt.NDArray[Any], row: Ints, column: Ints, amount: npt.NDArray[Any]) -> None:
    """Add amounts to cells of a table, many of which may be the same."""
    width = total.shape[1]
    sums = np.bincount(row * width + column, weights=amount, minlength=total.size)
    total += sums.reshape(total.shape).astype(total.dtype)
