"""The postcodes of a release with their state on the day asked and their place on the ground."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.index.location_keys import location_postcodes
from smarthan.coverage.index.locations import Locations
from smarthan.coverage.lookup.states import COVERED, STATES
from smarthan.coverage.postcodes.fixed_text import fix_width, sort_key
from smarthan.coverage.reference.tables import postcode_reference

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CAVEAT = "a straight line between the points of postcodes, which says nothing of radio: hills and buildings decide"


@dataclass(frozen=True)
class Placed:
    """All postcodes of a release, in the order of its index.

    Attributes
    ----------
    located : Locations
        States and weights on the day asked; a premises without a postcode stands there after the postcodes.
    postcode : bytes array
        Eight bytes each.
    reference_row : int array
        Row of each in `postcode_reference()`; -1 where it is not live there.
    xy : float array
        Easting and northing [m]; NaN where there is no location.
    """

    located: Locations
    postcode: npt.NDArray[np.bytes_]
    reference_row: Ints
    xy: Floats

    @property
    def state(self) -> npt.NDArray[np.int8]:
        """State of each postcode: a place in `STATES`, or that of MIXED after them."""
        return self.located.state[: len(self.postcode)]

    @property
    def has_place(self) -> Bools:
        """Which postcodes have a location."""
        return ~np.isnan(self.xy[:, 0])

    @property
    def of_region(self) -> Bools:
        """Which postcodes have a row of a region; `Unknown` and `SMETS1` are answers and no regions."""
        bits = self.located.region_bits[: len(self.postcode)]
        return (bits & ~np.uint8(self.located.no_region_bits)) != 0

    @property
    def covered(self) -> Bools:
        """Which postcodes are covered as a whole."""
        return (self.state == STATES.index(COVERED)) & self.of_region


def place_postcodes(matrix: CoverageMatrix, as_of: dt.date | None) -> Placed:
    """Return the postcodes of a release with state and place.

    Parameters
    ----------
    matrix : CoverageMatrix
    as_of : date or None
        The day asked; the release's own when None.
    """
    postcode = location_postcodes(matrix.mapped)
    row = find_live(postcode)
    return Placed(matrix.locations(as_of), postcode, row, places_of(row))


def find_live(postcode: npt.NDArray[np.bytes_]) -> Ints:
    """Return the row of each postcode (eight bytes) in `postcode_reference()`, -1 where it is not live there."""
    known, asked = _live_keys(), sort_key(postcode)
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    return np.where(known[at] == asked, at, -1)


def places_of(row: Ints) -> Floats:
    """Return easting and northing [m] of rows of `postcode_reference()`; NaN for -1 and where there is no location."""
    return _live_places()[row]


@cache
def _live_keys() -> npt.NDArray[np.uint64]:
    return sort_key(fix_width(postcode_reference()["postcode"]))


@cache
def _live_places() -> Floats:
    live = postcode_reference()
    xy = np.column_stack([live[name].to_numpy(np.float64, na_value=np.nan) for name in ("easting", "northing")])
    return np.vstack([xy, [np.nan, np.nan]])  # row -1, not in the reference, takes the last entry: no location


def text_of(postcodes: npt.NDArray[np.bytes_]) -> pd.Series:
    """Return postcodes of eight bytes as text, missing where empty.

    Examples
    --------
    >>> text_of(np.array([b"M1 1AA", b""], dtype="S8")).tolist()
    ['M1 1AA', nan]
    """
    words = pd.Series(postcodes.astype("U8"), dtype="str")
    return words.where(words.ne(""))
