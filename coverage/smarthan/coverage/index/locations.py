"""All locations of a release at once: state, best row and weight of each, on the day asked.

The array twin of `smarthan.coverage.lookup.weighing`; both give the same for every location.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from smarthan.coverage.lookup.states import COVERED, ERROR, MIXED, NOT_CONFIRMED, STATES
from smarthan.coverage.releases.columns import NO_REGION

from .mapped import EPOCH, MEASURES, NO_DATE, MappedMatrix

Ints = npt.NDArray[np.signedinteger[Any]]
Places = npt.NDArray[np.int32]  # a release has fewer rows than two thousand million
ALL_STATES = (*STATES, MIXED)
MIXED_CODE = len(STATES)
_COVERED, _ERROR, _NOT_CONFIRMED = STATES.index(COVERED), STATES.index(ERROR), STATES.index(NOT_CONFIRMED)


class Locations:
    """States and weights of all locations.

    Parameters
    ----------
    mapped : MappedMatrix
        The release.
    day : date or None
        The day asked.

    Attributes
    ----------
    row_state : int8 array
        State of each row, a place in `STATES`.
    groups : int32 array
        First row of each location (and the end): the postcodes first, then each UPRN without a postcode.
    """

    def __init__(self, mapped: MappedMatrix, day: dt.date | None) -> None:
        self.mapped, self.day = mapped, day
        self.class_state = self._class_states()
        self.row_class = self.column("row_class")
        self.row_state = self.class_state[self.row_class]
        self.kind = self._labelled("location_kind", ("POSTCODE", "UPRN", "ADDRESS"))[self.row_class]
        self.region = self.column("class_csp_region")[self.row_class]
        self.n_postcodes = mapped.n_locations
        self.units, self.unit_location = self._find_units()
        first = np.flatnonzero(np.append(True, np.diff(self.unit_location) > 0))
        self.unit_groups = np.append(first, len(self.unit_location)).astype(np.int32)
        self.groups = np.append(self.units[first], np.int32(len(self.row_class)))

    def column(self, name: str) -> npt.NDArray[Any]:
        """Return one array of the index, without a copy; of premises as int32, -1 where none are stated."""
        if name in MEASURES:
            return self._measures[name]
        arrays = self.mapped.arrays
        return np.frombuffer(arrays.raw(name), dtype=arrays.dtype(name))

    @cached_property
    def _measures(self) -> dict[str, npt.NDArray[np.int32]]:
        arrays = self.mapped.arrays
        stored = {name: np.frombuffer(arrays.raw(name), dtype=arrays.dtype(name)) for name in MEASURES}
        return {name: values.astype(np.int32) - np.int32(1) for name, values in stored.items()}

    @cached_property
    def state(self) -> npt.NDArray[np.int8]:
        """State of each location: a place in `STATES`, or `MIXED_CODE`."""
        starts = self.unit_groups[:-1]
        low = np.minimum.reduceat(self.unit_state, starts)
        high = np.maximum.reduceat(self.unit_state, starts)
        partial = np.logical_or.reduceat(self.unit_partial, starts)
        return np.where((low != high) | partial, MIXED_CODE, low).astype(np.int8)

    @cached_property
    def best_row(self) -> Places:
        """The best row of each location, by the rule of `states.rank_row`; of equals the first."""
        return self.best_of(self.groups)

    def best_of(self, bounds: Places) -> Places:
        """Return the best row of each group of rows, given the first of each (and the end)."""
        return (np.minimum.reduceat(self._rank_rows(), bounds[:-1]) & 0xFFFFFFFF).astype(np.int32)

    @cached_property
    def region_bits(self) -> npt.NDArray[np.uint8]:
        """The regions of each location, one bit each, by the labels of the index."""
        return np.bitwise_or.reduceat(self.row_bit, self.groups[:-1])

    @cached_property
    def unit_best_row(self) -> Places:
        """The best row of each unit."""
        return self.best_of(self.units)

    @cached_property
    def unit_region_bits(self) -> npt.NDArray[np.uint8]:
        """The regions of each unit, one bit each."""
        return np.bitwise_or.reduceat(self.row_bit, self.units[:-1])

    @cached_property
    def row_bit(self) -> npt.NDArray[np.uint8]:
        """The region of each row as one bit."""
        return (np.uint8(1) << self.region.astype(np.uint8)).astype(np.uint8)

    @cached_property
    def unit_state(self) -> npt.NDArray[np.int8]:
        """Best state of each unit: a postcode as a whole, or one premises."""
        return np.minimum.reduceat(self.row_state, self.units[:-1])

    @cached_property
    def unit_premises(self) -> Places:
        """Premises of each unit, -1 where no row states them."""
        return np.maximum.reduceat(self.column("premises"), self.units[:-1])

    @cached_property
    def unit_reached(self) -> Places:
        """Premises of each unit that coverage reaches."""
        premises, stated = self.column("premises"), self.column("premises_available")
        assumed = np.where(self.row_state == _COVERED, np.maximum(premises, 0), 0)
        reached = np.where(self.row_state == _ERROR, 0, np.where(stated >= 0, stated, assumed))
        return np.maximum.reduceat(reached, self.units[:-1])

    @cached_property
    def unit_partial(self) -> npt.NDArray[np.bool_]:
        """Whether coverage reaches some premises of the unit and not all."""
        return (self.unit_reached > 0) & (self.unit_reached < self.unit_premises)

    @cached_property
    def unit_rest(self) -> npt.NDArray[np.int8]:
        """State of the premises of a unit that coverage does not reach."""
        other = np.where((self.row_state == _COVERED) | (self.row_state == _ERROR), _NOT_CONFIRMED, self.row_state)
        return np.minimum.reduceat(other, self.units[:-1])

    @cached_property
    def unit_whole(self) -> npt.NDArray[np.bool_]:
        """Whether the unit is a postcode as a whole."""
        return self.kind[self.units[:-1]] == 0

    @cached_property
    def premises_by_state(self) -> npt.NDArray[np.signedinteger]:
        """Premises of each location by state, one column a state; see `weighing.divide_premises`."""
        part, whole = ~self.unit_whole, self.unit_whole & (self.unit_premises >= 0)
        own = np.where(self.unit_premises >= 0, self.unit_premises, 1)
        narrow = int(own.sum()) <= np.iinfo(np.int32).max
        total = np.zeros((len(self.groups) - 1, len(STATES)), dtype=np.int32 if narrow else np.int64)
        self._add(total, part, self.unit_reached, own)
        at = self.unit_number
        left = np.maximum(own - total.sum(axis=1)[at], 0)
        reached = np.minimum(np.maximum(self.unit_reached - total[at, _COVERED], 0), left)
        self._add(total, whole, reached, left)
        return total

    @cached_property
    def ones_by_state(self) -> npt.NDArray[np.float64]:
        """Each location of weight one, divided by state; see `weighing.divide_one`."""
        starts = self.unit_groups[:-1]
        parts = np.add.reduceat((~self.unit_whole).astype(np.int64), starts)[self.unit_number]
        counted = ~self.unit_whole | (parts == 0)
        weight = np.where(counted, 1 / np.maximum(parts, 1), 0.0)
        total = np.zeros((len(starts), len(STATES)))
        _tally(total, self.unit_number, self.unit_state, weight)
        return total

    @property
    def basis(self) -> str:
        """What the weight counts: premises, or postcodes when the release states no premises at all."""
        return "premises" if self.mapped.has_premises else "postcodes"

    @property
    def weight_by_state(self) -> npt.NDArray[Any]:
        """Weight of each location by state, one column a state, on the release's basis."""
        return self.premises_by_state if self.mapped.has_premises else self.ones_by_state

    @property
    def no_region_bits(self) -> int:
        """The bits of `Unknown` and `SMETS1`, which are answers and no regions."""
        labels = self.mapped.arrays.header["labels"]["csp_region"]
        return sum(1 << k for k, label in enumerate(labels) if label in NO_REGION)

    @cached_property
    def unit_number(self) -> Places:
        """Place of each unit's location in `groups`."""
        return np.repeat(np.arange(len(self.unit_groups) - 1, dtype=np.int32), np.diff(self.unit_groups))

    @cached_property
    def knows_total(self) -> npt.NDArray[np.bool_]:
        """Whether the number of premises is known; see `weighing.has_known_total`."""
        known = ~self.unit_whole | (self.unit_premises >= 0)
        return np.logical_and.reduceat(known, self.unit_groups[:-1])

    def _add(
        self,
        total: npt.NDArray[np.signedinteger],
        use: npt.NDArray[np.bool_],
        reached: npt.NDArray[np.signedinteger],
        premises: npt.NDArray[np.signedinteger],
    ) -> None:
        partial, at = self.unit_partial, self.unit_number
        whole, split = use & ~partial, use & partial
        _tally(total, at[whole], self.unit_state[whole], premises[whole])
        _tally(total, at[split], np.full(int(split.sum()), _COVERED, dtype=np.int8), reached[split])
        _tally(total, at[split], self.unit_rest[split], (premises - reached)[split])

    def _class_states(self) -> npt.NDArray[np.int8]:
        days = self.column("class_anticipated").astype(np.int64)
        available = self.column("class_available")
        codes = self.mapped.arrays.header["labels"]["region_code"]
        error = np.array([str(code).startswith("E") for code in codes])[self.column("class_region_code")]
        asked = (self.day - EPOCH).days if self.day else -(2**40)
        planned = np.where(days == NO_DATE, _NOT_CONFIRMED, np.where(days < asked, 2, 1))
        return np.where(error, _ERROR, np.where(available == 1, _COVERED, planned)).astype(np.int8)

    def _labelled(self, name: str, order: tuple[str, ...]) -> npt.NDArray[np.int8]:
        """Return a column of the row classes as places in a given order of words; -1 for others."""
        labels = self.mapped.arrays.header["labels"][name]
        places = np.array([order.index(label) if label in order else -1 for label in labels], dtype=np.int8)
        return places[self.column(f"class_{name}")]

    def _rank_rows(self) -> Ints:
        """State, likelihood, generation and row number in one number: the least is the best."""
        likely = self._labelled("likelihood", ("High", "Medium", "Low")).astype(np.int64) % 4
        regions = self.mapped.arrays.header["labels"]["csp_region"]
        legacy = np.array([not str(region).startswith("4G") for region in regions])[self.column("class_csp_region")]
        of_class = (self.class_state.astype(np.int64) * 4 + likely) * 2 + legacy
        return (of_class[self.row_class] << 32) | np.arange(len(self.row_class))

    def _find_units(self) -> tuple[Places, Places]:
        """Return the first row of each unit (and the end), and the location number of each unit.

        A UPRN without a postcode is a location of its own, numbered after the postcodes.
        """
        n_rows, n_placed = len(self.row_class), self.mapped.arrays.header["n_postcode_rows"]
        marks = np.unpackbits(self.column("starts"), count=n_rows + 1, bitorder="little")
        breaks = marks[:n_rows].astype(bool)
        location = np.cumsum(marks[:n_placed], dtype=np.int32)
        if "uprn" in self.mapped.arrays or "address" in self.mapped.arrays:
            for key in (self._own_uprns(), self._own_addresses(), self.kind):
                breaks[1:] |= key[1:] != key[:-1]
        units = np.flatnonzero(breaks).astype(np.int32)
        bare = np.cumsum(breaks[n_placed:], dtype=np.int32) + np.int32(self.n_postcodes)
        return np.append(units, np.int32(n_rows)), np.concatenate([location, bare])[units]

    def _own_uprns(self) -> Ints:
        """The UPRN of each row that has one, else 0."""
        own = np.zeros(len(self.row_class), dtype=np.int64)
        if "uprn" in self.mapped.arrays:
            own[self.column("uprn_row")] = self.column("uprn")
        return own

    def _own_addresses(self) -> Ints:
        """The number of the address of each row that has no finer key, else 0: a UPRN's row may carry one too."""
        own = np.zeros(len(self.row_class), dtype=np.int64)
        if "address" in self.mapped.arrays:
            own[self.column("address_row")] = self.column("address").astype(np.int64) + 1
        return np.where(self.kind == 2, own, 0)


def _tally(
    total: npt.NDArray[Any], at: Places, state: npt.NDArray[np.int8], weight: npt.NDArray[np.number[Any]]
) -> None:
    """Add weights to the rows of a table, each in the column of its state."""
    for column in range(total.shape[1]):
        use = state == column
        if use.any():  # sums of whole numbers below 2^53 are exact
            total[:, column] += np.bincount(at[use], weight[use], minlength=len(total)).astype(total.dtype)
