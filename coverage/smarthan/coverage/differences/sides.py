"""One release of a comparison as arrays: a key, a state, a best row and premises for each location."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.index.locations import MIXED_CODE, Ints, Locations
from smarthan.coverage.index.mapped import NO_DATE
from smarthan.coverage.lookup.states import COVERED, STATES
from smarthan.coverage.matrix import CoverageMatrix
from smarthan.coverage.measures.grouping import release_postcodes
from smarthan.coverage.postcodes.fixed_text import sort_key
from smarthan.coverage.releases.columns import CSP_REGIONS, NO_REGION

from .row_texts import spread_texts, spread_uprns

_COVERED = STATES.index(COVERED)
# Above every postcode read as a number, so that a UPRN without a postcode never meets one.
_UPRN = np.uint64(1) << np.uint64(63)
_REGIONS = np.uint8(sum(1 << place for place, name in enumerate(CSP_REGIONS) if name not in NO_REGION))
COMPARED = ("wan_technology", "likelihood", "auxiliary")


@dataclass(frozen=True)
class Side:
    """The locations of one release, in the order of their keys.

    Attributes
    ----------
    matrix : CoverageMatrix
    located : Locations
        On the release's own day.
    keys : array
        Sorted, unique; comparable between the two sides.
    place : array of int
        Number of the location in the index (its postcode's, for a single premises); for the keys of areas.
    state : array of int
        Place in `ALL_STATES`.
    best_row : array of int
    regions : array of int
        One bit a CSP region, in the order of `CSP_REGIONS`.
    premises, covered : array
        Weight of each location and the covered part of it.
    first_row, n_rows : array of int
        The rows of each location.
    is_whole : bool
        Locations as look-ups and roll-ups see them, or single premises.
    """

    matrix: CoverageMatrix
    located: Locations
    keys: npt.NDArray[Any]
    place: Ints
    state: npt.NDArray[np.int8]
    best_row: Ints
    regions: npt.NDArray[np.uint8]
    premises: npt.NDArray[Any]
    covered: npt.NDArray[Any]
    first_row: Ints
    n_rows: Ints
    is_whole: bool

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def counted(self) -> npt.NDArray[np.bool_]:
        """Whether a region answers for the location: `Unknown` and `SMETS1` alone are no region."""
        return (self.regions & _REGIONS) != 0

    @cached_property
    def weight(self) -> Any:
        """Weight of the locations that a region answers for."""
        return self.premises[self.counted].sum().item()

    @cached_property
    def covered_weight(self) -> Any:
        """The covered part of `weight`."""
        return self.covered[self.counted].sum().item()

    @property
    def share_covered(self) -> float | None:
        """Share of the weight that is covered (0 to 1), None where there is no weight."""
        return self.covered_weight / self.weight if self.weight else None

    def postcodes(self, at: Ints) -> npt.NDArray[np.object_]:
        """Return the postcodes of some locations, None for a premises that has none."""
        names = release_postcodes(self.located.mapped)
        place = self.place[at]
        held = place < len(names)
        words = np.full(len(at), None, dtype=object)
        words[held] = names[place[held]].astype("U8")
        return words

    def labels(self, name: str, at: Ints) -> npt.NDArray[np.object_]:
        """Return the words of one column in the best row of some locations; None where it says nothing."""
        words = np.array([*self.located.mapped.arrays.header["labels"][name], None], dtype=object)
        return words[self.located.column(f"class_{name}")[self.located.row_class[self.best_row[at]]]]

    def days(self, at: Ints) -> Ints:
        """Return the anticipated day of the best row as days since 1970, `NO_DATE` for none."""
        return self.located.column("class_anticipated")[self.located.row_class[self.best_row[at]]].astype(np.int64)

    def best_state(self, at: Ints) -> Ints:
        """Return the state of the best row of some locations."""
        return self.located.row_state[self.best_row[at]].astype(np.int64)

    def uprns(self, at: Ints) -> npt.NDArray[np.object_]:
        """Return the UPRN of the best row of some locations, None for none."""
        numbers = self.row_uprn[self.best_row[at]].tolist()
        return np.array([str(number) if number else None for number in numbers], dtype=object)

    @cached_property
    def row_uprn(self) -> Ints:
        """The UPRN of each row of the release, 0 for none."""
        return spread_uprns(self.located)


def locations_of(matrix: CoverageMatrix, *, weighed: bool) -> Side:
    """Return the locations of a release as a look-up and a roll-up see them: postcodes, and UPRNs without one.

    Parameters
    ----------
    matrix : CoverageMatrix
    weighed : bool
        By premises; else each location weighs one.
    """
    located = matrix.locations()
    weights = located.premises_by_state if weighed else located.ones_by_state
    first = located.groups[:-1]
    keys = np.concatenate([sort_key(release_postcodes(located.mapped)), _bare_keys(located)])
    return Side(
        matrix,
        located,
        keys,
        np.arange(len(first)),
        located.state,
        located.best_row,
        _standard_bits(located, located.region_bits),
        weights.sum(axis=1),
        np.ascontiguousarray(weights[:, _COVERED]),
        first,
        np.diff(located.groups),
        is_whole=True,
    )


def premises_of(matrix: CoverageMatrix, *, weighed: bool) -> Side:
    """Return the single premises of a release, each UPRN or address with a row of its own."""
    located = matrix.locations()
    units = np.flatnonzero(~located.unit_whole)
    keys = _premises_keys(located, located.units[units])
    order = np.argsort(keys, kind="stable")
    units = units[order]
    own = np.maximum(np.where(located.unit_premises >= 0, located.unit_premises, 1)[units], 0) if weighed else None
    premises = np.ones(len(units), dtype=np.int64) if own is None else own
    state = np.where(located.unit_partial, MIXED_CODE, located.unit_state)[units].astype(np.int8)
    covered = np.where(state == _COVERED, premises, 0)
    part = np.minimum(located.unit_reached[units], premises) if weighed else covered
    return Side(
        matrix,
        located,
        keys[order],
        located.unit_number[units],
        state,
        located.unit_best_row[units],
        _standard_bits(located, located.unit_region_bits[units]),
        premises,
        np.where(state == MIXED_CODE, part, covered),
        located.units[units],
        np.diff(located.units)[units],
        is_whole=False,
    )


def _bare_keys(located: Locations) -> npt.NDArray[np.uint64]:
    first = located.groups[located.n_postcodes : -1]
    if not len(first):
        return np.zeros(0, dtype=np.uint64)
    return spread_uprns(located)[first].astype(np.uint64) | _UPRN


def _premises_keys(located: Locations, rows: Ints) -> npt.NDArray[np.str_]:
    """A UPRN, or a postcode and an address, as text: a premises that moves to another postcode keeps its UPRN."""
    kind = located.kind[rows]
    keys = np.full(len(rows), "", dtype=object)
    by_uprn = kind == 1
    keys[by_uprn] = spread_uprns(located)[rows[by_uprn]].astype("U12")
    by_address = np.flatnonzero(kind == 2)
    if len(by_address):
        known: dict[str, int] = {}
        numbers = spread_texts(located, "address", known)[rows[by_address]]
        words = np.array(["", *known], dtype=object)[numbers]
        places = np.searchsorted(located.groups, rows[by_address], side="right") - 1
        postcodes = release_postcodes(located.mapped)[places].astype("U8")
        keys[by_address] = [f"{postcode}|{word}" for postcode, word in zip(postcodes, words, strict=True)]
    return keys.astype("U")


def _standard_bits(located: Locations, bits: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Region bits in the order of `CSP_REGIONS`, whatever the order of the index."""
    labels = located.mapped.arrays.header["labels"]["csp_region"]
    to = [CSP_REGIONS.index(str(label)) for label in labels]
    table = [sum(1 << place for k, place in enumerate(to) if number >> k & 1) for number in range(1 << len(to))]
    return np.array(table, dtype=np.uint8)[bits]


def region_words(bits: int) -> str:
    """Return region bits as words.

    Examples
    --------
    >>> region_words(0b1001)
    'North; 4G North'
    """
    return "; ".join(name for k, name in enumerate(CSP_REGIONS) if bits >> k & 1)


def as_dates(days: Ints) -> npt.NDArray[np.datetime64]:
    """Return days since 1970 as dates, missing where there is none."""
    return np.where(days == NO_DATE, np.datetime64("NaT", "D"), days.astype("datetime64[D]"))


def same_classes(before: Side, after: Side) -> tuple[Ints, Ints]:
    """Return a number for each row class of both sides: equal where the rows say the same, on their release's day."""
    described = pd.concat([_describe_classes(side.located) for side in (before, after)], ignore_index=True)
    number = described.groupby(list(described), dropna=False, sort=False).ngroup().to_numpy(np.int64)
    split = len(before.located.class_state)
    return number[:split], number[split:]


def _describe_classes(located: Locations) -> pd.DataFrame:
    labels = located.mapped.arrays.header["labels"]
    columns: dict[str, Any] = {
        name: np.array([*words, None], dtype=object)[located.column(f"class_{name}")] for name, words in labels.items()
    }
    columns["available"] = located.column("class_available")
    columns["anticipated"] = located.column("class_anticipated")
    columns["state"] = located.class_state
    return pd.DataFrame(columns)
