"""Whether the postcode reference knows a postcode: live, terminated (and when), or unknown.

The reference is Parquet, which needs pyarrow to read; so it is turned once into a memory-mapped table in the user's
cache, and asked with the standard library alone.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from smarthan.coverage.cache import cache_folder
from smarthan.coverage.index.packing import ArrayFile
from smarthan.coverage.postcodes.addressing import unit_cell

from .sheet import read_sheet

LIVE, TERMINATED, UNKNOWN = "LIVE", "TERMINATED", "UNKNOWN"
FORMAT = 1
# A cell: 0 unknown, 1 live, 2 terminated at an unknown date, else this plus the months since January 1970.
FIRST_MONTH = 3


class Standing(NamedTuple):
    """How a postcode stands in the reference; year and month of termination where known."""

    standing: str
    year: int | None = None
    month: int | None = None


class StandingTable:
    """The reference by direct address.

    Attributes
    ----------
    vintage : str
        Its edition.
    arrays : ArrayFile
        The arrays.
    """

    def __init__(self, arrays: ArrayFile) -> None:
        self.arrays = arrays
        self.vintage: str = arrays.header["vintage"]
        self._outward, self._sector, self._cell = arrays["outward_id"], arrays["sector_id"], arrays["standing"]

    def find(self, postcode: str) -> Standing:
        """Return how a canonical geographic postcode stands."""
        return read_cell(self._cell[unit_cell(self._outward, self._sector, postcode)])


def read_cell(value: int) -> Standing:
    """Return the meaning of a cell.

    Examples
    --------
    >>> read_cell(FIRST_MONTH + 12 * 49 + 5)
    Standing(standing='TERMINATED', year=2019, month=6)
    """
    if value < 2:
        return Standing(LIVE if value else UNKNOWN)
    if value < FIRST_MONTH:
        return Standing(TERMINATED)
    years, months = divmod(value - FIRST_MONTH, 12)
    return Standing(TERMINATED, 1970 + years, months + 1)


@cache
def open_standing() -> StandingTable:
    """Return the standing of all postcodes, from the cache or, the first time, from the reference itself.

    Raises
    ------
    FileNotFoundError, ValueError
        When the reference is absent or was changed.
    """
    files = read_sheet()["files"]
    edition = files["postcodes.parquet"]["sha256"][:8] + files["terminated.parquet"]["sha256"][:8]
    path = cache_folder() / f"reference-{edition}-{FORMAT}.idx"
    try:
        return StandingTable(ArrayFile.map(path))
    except (OSError, ValueError):
        from .standing_building import build_standing

        return StandingTable(ArrayFile(build_standing(path)))
