"""What the locations of a release belong to: postcode, sector, outward code, area, district, region, country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.postcodes.addressing import INWARD_LETTERS, UNITS
from smarthan.coverage.postcodes.fixed_text import fix_width, sort_key

from .locations import Ints

if TYPE_CHECKING:
    from .mapped import MappedMatrix

BY_CODE = ("area", "outward", "sector")
BY_REFERENCE = ("lad", "region", "country")


def location_cells(mapped: MappedMatrix) -> Ints:
    """Return the cell of each location that has a postcode, in the order of the index, which is that of the text."""
    return np.flatnonzero(np.frombuffer(mapped.arrays.raw("unit"), dtype=np.uint32))


def location_postcodes(mapped: MappedMatrix) -> npt.NDArray[np.bytes_]:
    """Return the postcode of each location that has one, as eight bytes, in the order of the index."""
    cells = location_cells(mapped)
    sectors = np.frombuffer(mapped.arrays.raw("sector_text"), dtype=np.uint8).reshape(-1, 6)
    sector, offset = np.divmod(cells, UNITS)
    text = np.zeros((len(cells), 8), dtype=np.uint8)
    text[:, :6] = sectors[sector]
    length = (sectors != 0).sum(axis=1)[sector]
    letters = np.frombuffer(INWARD_LETTERS.encode(), dtype=np.uint8)
    row = np.arange(len(cells))
    text[row, length], text[row, length + 1] = letters[offset // 20], letters[offset % 20]
    return text.view("S8").reshape(-1)


def find_in_reference(mapped: MappedMatrix) -> Ints:
    """Return the row of each location's postcode in `postcode_reference()`, -1 where it is not live there."""
    from smarthan.coverage.reference.tables import postcode_reference

    known = sort_key(fix_width(postcode_reference()["postcode"]))
    asked = sort_key(location_postcodes(mapped))
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    return np.where(known[at] == asked, at, -1)


def key_by_frame(mapped: MappedMatrix, frame: pd.DataFrame) -> tuple[str, Any]:
    """Return the name and the keys that a caller's table gives: its first column holds postcodes, its second keys."""
    if frame.shape[1] != 2:
        raise ValueError(f"by: a table of two columns is needed, postcode and key; this one has {frame.shape[1]}")
    postcode, name = frame.columns
    known = frame.dropna().drop_duplicates()
    twice = known.loc[known[postcode].duplicated(), postcode]
    if len(twice):
        raise ValueError(f"by: postcode {twice.iloc[0]} has two different keys; one a postcode is needed")
    order = np.argsort(sort_key(fix_width(known[postcode])), kind="stable")
    listed = sort_key(fix_width(known[postcode]))[order]
    asked = sort_key(location_postcodes(mapped))
    column = known[name].astype("category")
    if not len(listed):
        raise ValueError("by: the table holds no postcode with a key")
    at = np.minimum(np.searchsorted(listed, asked), len(listed) - 1)
    codes = np.where(listed[at] == asked, column.cat.codes.to_numpy()[order][at], -1)
    return str(name), pd.Categorical.from_codes(codes, categories=column.cat.categories)
