"""Every distinct answer that a set of questions gets, numbered: a column of answers is a table spread by number.

A national release gives a few hundred distinct answers to any number of questions, so that what is said of each is
worked out once.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from smarthan.coverage.index.location_keys import location_postcodes
from smarthan.coverage.index.locations import MIXED_CODE, Ints, Locations
from smarthan.coverage.postcodes.locating import Addresses, make_addresses

from . import statuses as st
from .answers import row_words
from .states import MIXED, STATES, state_words

STATUS = {status: number for number, status in enumerate(st.STATUSES)}
RESOLUTIONS = ("POSTCODE", "UPRN", "ADDRESS", "SECTOR", "OUTWARD")
WHOLE, PART, NOTHING, UNUSABLE = range(4)  # what the postcode of a question was
UNSET, EMPTY, BAD, ODD = range(4)  # the first answers, in the order of `locating`'s outcomes

_FIELDS: dict[str, tuple[str, object]] = {
    "status": ("int8", STATUS[st.OK]),
    "state": ("int8", -1),
    "resolution": ("int8", -1),
    "key": ("int8", UNUSABLE),
    "degraded": ("bool", False),
    "bits": ("uint8", 0),
    "row_class": ("int32", -1),
    "share": ("float64", np.nan),
    "words": ("object", None),
}


class AnswerTable:
    """Numbered answers.

    Attributes
    ----------
    size : int
        How many there are.
    """

    def __init__(self) -> None:
        self.size = 0
        self._blocks: list[dict[str, npt.NDArray[Any]]] = []

    def add(self, count: int, **fields: Any) -> int:
        """Add answers and return the number of the first; a field is one value or an array, else its default."""
        block = {}
        for name, (dtype, default) in _FIELDS.items():
            column = np.empty(count, dtype=dtype)
            column[:] = fields.get(name, default)
            block[name] = column
        self._blocks.append(block)
        self.size += count
        return self.size - count

    def column(self, name: str) -> npt.NDArray[Any]:
        """Return one field of all answers."""
        return np.concatenate([block[name] for block in self._blocks])

    def copy(self) -> AnswerTable:
        """Return a table that starts with the same answers."""
        other = AnswerTable()
        other.size, other._blocks = self.size, list(self._blocks)
        return other


class LocationAnswers:
    """The answers of all locations of a release on a day, and the cells that lead to them.

    Attributes
    ----------
    table : AnswerTable
        The answers: `UNSET`, `EMPTY`, `BAD`, `ODD`, then those of locations.
    addresses : Addresses
        The number of the answer in each cell.
    """

    def __init__(self, located: Locations) -> None:
        self.table = AnswerTable()
        self.table.add(1)
        self.table.add(1, status=STATUS[st.EMPTY], key=NOTHING, words=st.WORDS[st.EMPTY])
        self.table.add(1, status=STATUS[st.BAD_FORMAT], key=UNUSABLE)
        self.table.add(1)
        cells = np.flatnonzero(located.column("unit"))
        first, number = self._add_locations(located)
        narrow: Any = np.uint16 if self.table.size < 40_000 else np.uint32
        held = np.zeros(len(located.column("unit")), dtype=narrow)
        held[[EMPTY, BAD, ODD]] = EMPTY, BAD, ODD
        held[cells] = first + number
        self.addresses: Addresses = make_addresses(located.column("outward_id"), located.column("sector_id"), held)
        self._mapped = located.mapped

    @cached_property
    def place(self) -> npt.NDArray[np.int32]:
        """The location in each cell, -1 for none."""
        unit = self._mapped.arrays.raw("unit")
        cells = np.flatnonzero(np.frombuffer(unit, dtype=np.uint32))
        place = np.full(len(self.addresses.held), -1, dtype=np.int32)
        place[cells] = np.arange(len(cells))
        return place

    @cached_property
    def postcodes(self) -> pa.Array:
        """The postcodes of all locations, as Arrow text."""
        return pa.array(location_postcodes(self._mapped)).cast(pa.large_string())

    def _add_locations(self, located: Locations) -> tuple[int, Ints]:
        here = slice(0, located.n_postcodes)
        best = located.best_row[here]
        return add_answers(
            self.table,
            row_class=located.row_class[best],
            state=located.state[here],
            bits=located.region_bits[here],
            resolution=RESOLUTIONS.index("POSTCODE"),
        )


def add_answers(
    table: AnswerTable,
    *,
    row_class: npt.NDArray[Any],
    state: npt.NDArray[Any],
    bits: npt.NDArray[Any],
    resolution: int,
) -> tuple[int, Ints]:
    """Add the distinct answers of many places; return the first number and each place's own, counted from it."""
    joint = (row_class.astype(np.int64) * 8 + state) * 256 + bits
    number, distinct = pd.factorize(joint)
    rest, of_bits = np.divmod(distinct.astype(np.int64), 256)
    of_class, of_state = np.divmod(rest, 8)
    first = table.add(len(distinct), row_class=of_class, state=of_state, bits=of_bits, resolution=resolution, key=WHOLE)
    return first, number.astype(np.int64)


def location_answers(located: Locations) -> LocationAnswers:
    """Return the answers of all locations, worked out once for a release and a day."""
    kept: LocationAnswers | None = located.__dict__.get("_answers")
    if kept is None:
        kept = located.__dict__["_answers"] = LocationAnswers(located)
    return kept


def answer_words(located: Locations, table: AnswerTable, used: npt.NDArray[np.bool_]) -> list[str]:
    """Return each used answer in words; "" for one that nothing leads to."""
    words, classes, states = table.column("words"), table.column("row_class"), table.column("state")
    of_class: dict[int, str] = {}

    def say(number: int) -> str:
        if words[number] is not None:
            return str(words[number])
        if states[number] == MIXED_CODE:
            return state_words(MIXED)
        row_class = int(classes[number])
        if row_class not in of_class:
            row = dict(located.mapped.row_class(row_class), state=STATES[located.class_state[row_class]])
            of_class[row_class] = row_words(row)
        return of_class[row_class]

    degraded = table.column("degraded")
    return [
        (say(number) + st.DEGRADED if degraded[number] else say(number)) if used[number] else ""
        for number in range(table.size)
    ]
