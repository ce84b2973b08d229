"""The matrix as a memory-mapped index: opened in under a millisecond, asked with the standard library alone."""

from __future__ import annotations

import datetime as dt
import os
from bisect import bisect_left
from typing import Any

from smarthan.coverage.postcodes.addressing import UNITS, outward_cell, sector_number, unit_cell, unit_letters
from smarthan.coverage.releases.release import Release

from .packing import ArrayFile

FORMAT = 1
EPOCH = dt.date(1970, 1, 1)
NO_DATE = -(2**31)
# What rows share, numbered once in a table of row classes; the rest stands by row.
CLASS_COLUMNS = (
    *("location_kind", "csp_region", "region_code", "available", "anticipated"),
    *("wan_technology", "wan_group", "likelihood", "auxiliary"),
)

Row = dict[str, Any]


class MappedMatrix:
    """The rows of one release, addressed by postcode, sector, outward code and UPRN.

    Attributes
    ----------
    release : Release
        Its facts.
    has_premises : bool
        Whether any row states premises: else the weight is the postcode.
    arrays : ArrayFile
        The arrays, for `smarthan.coverage.index.locations`.
    """

    def __init__(self, arrays: ArrayFile) -> None:
        header = arrays.header
        if header.get("format") != FORMAT:
            raise ValueError("matrix.idx: made by another version of smarthan; delete it, it is made again")
        self.arrays = arrays
        self.release = Release.from_dict(header["release"])
        self.has_premises: bool = header["has_premises"]
        self.source_sha256: str = header["source_sha256"]
        self.n_locations: int = header["n_locations"]
        self._classes: dict[int, Row] = {}
        self._outward, self._sector, self._unit = arrays["outward_id"], arrays["sector_id"], arrays["unit"]
        self._first = arrays["first_row"]

    @classmethod
    def map(cls, path: str | os.PathLike[str]) -> MappedMatrix:
        """Open `matrix.idx`.

        Raises
        ------
        FileNotFoundError, ValueError
            When it is absent, damaged or of another version.
        """
        return cls(ArrayFile.map(path))

    def find_postcode(self, postcode: str) -> int:
        """Return the location number of a canonical postcode, 0 when the matrix does not hold it."""
        return self._unit[unit_cell(self._outward, self._sector, postcode)]

    def find_sector(self, sector: str) -> list[int]:
        """Return the location numbers within a sector."""
        return self._in_sector(sector_number(self._outward, self._sector, sector))

    def find_outward(self, outward: str) -> list[int]:
        """Return the location numbers within an outward code."""
        number = self._outward[outward_cell(outward)]
        sectors = self._sector[number * 10 : number * 10 + 10] if number else ()
        return [location for sector in sectors for location in self._in_sector(sector)]

    def find_uprn(self, uprn: str) -> list[int]:
        """Return the row numbers of a UPRN."""
        if "uprn" not in self.arrays:
            return []
        keys, rows = self.arrays["uprn"], self.arrays["uprn_row"]
        at, wanted, found = bisect_left(keys, int(uprn)), int(uprn), []
        while at < len(keys) and keys[at] == wanted:
            found.append(rows[at])
            at += 1
        return found

    def rows_of(self, location: int) -> list[Row]:
        """Return all rows of a postcode, those of its premises among them."""
        postcode = self._postcode_of(location)
        return [self.row(number, postcode) for number in range(self._first[location], self._first[location + 1])]

    def row(self, number: int, postcode: str | None = None) -> Row:
        """Return one row as a dict of the columns of the matrix."""
        arrays = self.arrays
        values = self.row_class(arrays["row_class"][number])
        premises, reached = arrays["premises"][number], arrays["premises_available"][number]
        uprn = arrays["row_uprn"][number] if "row_uprn" in arrays else 0
        return {
            "location_kind": values["location_kind"],
            "postcode": postcode or self._postcode_of(self._location_of_row(number)),
            "address_identifier": self.text("address", arrays["address"][number]) if "address" in arrays else None,
            "uprn": str(uprn) if uprn else None,
            **{name: values[name] for name in CLASS_COLUMNS[1:]},
            "info": self.text("info", arrays["info"][number]) if "info" in arrays else None,
            "premises": premises if premises >= 0 else None,
            "premises_available": reached if reached >= 0 else None,
        }

    def row_class(self, number: int) -> Row:
        """Return the values that the rows of one class share."""
        if number not in self._classes:
            labels = self.arrays.header["labels"]
            values: Row = {name: labels[name][self.arrays[f"class_{name}"][number]] for name in _LABELLED}
            day = self.arrays["class_anticipated"][number]
            values["anticipated"] = None if day == NO_DATE else EPOCH + dt.timedelta(days=day)
            values["available"] = (False, True, None)[self.arrays["class_available"][number]]
            self._classes[number] = values
        return self._classes[number]

    def text(self, column: str, number: int) -> str | None:
        """Return a numbered text of a free-text column; 0 is none."""
        if number == 0:
            return None
        ends = self.arrays[f"{column}_end"]
        return bytes(self.arrays.raw(f"{column}_text")[ends[number - 1] : ends[number]]).decode()

    def _in_sector(self, number: int) -> list[int]:
        cells = self._unit[number * UNITS : (number + 1) * UNITS] if number else ()
        return [location for location in cells if location]

    def _location_of_row(self, row: int) -> int:
        """The last location whose first row is not after this one; 0 for a row without postcode."""
        if row >= self._first[self.n_locations + 1]:
            return 0
        return bisect_left(self._first, row + 1, lo=1) - 1

    def _postcode_of(self, location: int) -> str | None:
        if not location:
            return None
        cell = self.arrays["location_cell"][location]
        sector, offset = divmod(cell, UNITS)
        text = bytes(self.arrays.raw("sector_text")[sector * 6 : sector * 6 + 6]).rstrip(b"\0").decode()
        return text + unit_letters(offset)


_LABELLED = tuple(name for name in CLASS_COLUMNS if name not in ("anticipated", "available"))
