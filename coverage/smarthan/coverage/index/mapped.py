"""The matrix as a memory-mapped index: opened in under a millisecond, asked with the standard library alone."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left

from smarthan.coverage.postcodes.addressing import UNIT_OFFSETS, UNITS, outward_cell, sector_number, unit_letters
from smarthan.coverage.releases.release import Release

from .packing import ArrayFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Any

    Row = dict[str, Any]

FORMAT = 2
EPOCH = dt.date(1970, 1, 1)
NO_DATE = -(2**31)
# What rows share, numbered once in a table of row classes; the rest stands by row.
CLASS_COLUMNS = (
    *("location_kind", "csp_region", "region_code", "available", "anticipated"),
    *("wan_technology", "wan_group", "likelihood", "auxiliary"),
)
MEASURES = ("premises", "premises_available")


class MappedMatrix:
    """The rows of one release, addressed by postcode, sector, outward code and UPRN.

    A location is named by its address: one more than the number of its first row, so that 0 is none.

    Attributes
    ----------
    release : Release
        Its facts.
    has_premises : bool
        Whether any row states premises: else the weight is the postcode.
    n_locations : int
        Postcodes in the release.
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
        self._first_cells: dict[str, int] = {}  # by sector, as they are asked
        self._outward, self._sector, self._unit = arrays["outward_id"], arrays["sector_id"], arrays["unit"]
        self._starts, self._row_class = arrays["starts"], arrays["row_class"]

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
        """Return the address of a canonical postcode, 0 when the matrix does not hold it."""
        sector = postcode[:-2]
        if sector not in self._first_cells:
            self._first_cells[sector] = sector_number(self._outward, self._sector, sector) * UNITS
        first_cell = self._first_cells[sector]
        return self._unit[first_cell + UNIT_OFFSETS[postcode[-2:]]] if first_cell else 0

    def find_sector(self, sector: str) -> list[int]:
        """Return the addresses within a sector."""
        return self._in_sector(sector_number(self._outward, self._sector, sector))

    def find_outward(self, outward: str) -> list[int]:
        """Return the addresses within an outward code."""
        number = self._outward[outward_cell(outward)]
        sectors = self._sector[number * 10 : number * 10 + 10] if number else ()
        return [address for sector in sectors for address in self._in_sector(sector)]

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

    def numbers_of(self, address: int) -> range:
        """Return the numbers of all rows at an address, those of its premises among them."""
        end = address
        while not self._starts[end >> 3] >> (end & 7) & 1:
            end += 1
        return range(address - 1, end)

    def rows_of(self, address: int, postcode: str | None = None) -> list[Row]:
        """Return all rows at an address, those of its premises among them."""
        return [self.row(number, postcode) for number in self.numbers_of(address)]

    def first_class(self, postcode: str) -> Row | None:
        """Return what the first row of a canonical postcode says, None when the matrix does not hold it.

        The quickest question there is: about a microsecond. Other rows of the postcode may say otherwise.
        """
        address = self.find_postcode(postcode)
        return self.row_class(self._row_class[address - 1]) if address else None

    def row(self, number: int, postcode: str | None = None) -> Row:
        """Return one row as a dict of the columns of the matrix; its postcode is the one given, else its UPRN's."""
        arrays = self.arrays
        values = self.row_class(self._row_class[number])
        uprn, cell = self._uprn_of(number) if values["location_kind"] == "UPRN" else (None, 0)
        return {
            "location_kind": values["location_kind"],
            "postcode": postcode or (self._postcode_of(cell) if cell else None),
            "address_identifier": self._text_of("address", number),
            "uprn": uprn,
            **{name: values[name] for name in CLASS_COLUMNS[1:]},
            "info": self._text_of("info", number),
            **{name: arrays[name][number] - 1 if arrays[name][number] else None for name in MEASURES},
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

    def text(self, column: str, number: int) -> str:
        """Return a numbered text of a free-text column."""
        ends = self.arrays[f"{column}_end"]
        return bytes(self.arrays.raw(f"{column}_text")[ends[number] : ends[number + 1]]).decode()

    def _text_of(self, column: str, row: int) -> str | None:
        if column not in self.arrays:
            return None
        rows = self.arrays[f"{column}_row"]
        at = bisect_left(rows, row)
        return self.text(column, self.arrays[column][at]) if at < len(rows) and rows[at] == row else None

    def _uprn_of(self, row: int) -> tuple[str, int]:
        """The UPRN of a row that has one, and the cell of its postcode."""
        rows, by_row = self.arrays["uprn_row"], self.arrays["uprn_by_row"]
        at = by_row[bisect_left(by_row, row, key=lambda place: rows[place])]
        return str(self.arrays["uprn"][at]), self.arrays["uprn_cell"][at]

    def _in_sector(self, number: int) -> list[int]:
        cells = self._unit[number * UNITS : (number + 1) * UNITS] if number else ()
        return [address for address in cells if address]

    def _postcode_of(self, cell: int) -> str:
        sector, offset = divmod(cell, UNITS)
        text = bytes(self.arrays.raw("sector_text")[sector * 6 : sector * 6 + 6]).rstrip(b"\0").decode()
        return text + unit_letters(offset)


_LABELLED = tuple(name for name in CLASS_COLUMNS if name not in ("anticipated", "available"))
