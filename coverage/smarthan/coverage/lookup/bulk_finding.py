"""Where many questions lead: the status of each, and the location or premises that answers it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.index.building import split_postcodes
from smarthan.coverage.index.locations import Locations
from smarthan.coverage.index.packing import ArrayFile
from smarthan.coverage.postcodes.addressing import UNITS, outward_cell, sector_number
from smarthan.coverage.postcodes.fixed_text import fix_width
from smarthan.coverage.postcodes.parsing import parse_postcodes
from smarthan.coverage.reference.standing import open_standing

from . import statuses as st
from .answering import read_uprn

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

STATUS = {status: number for number, status in enumerate(st.STATUSES)}
RESOLUTIONS = ("POSTCODE", "UPRN", "ADDRESS", "SECTOR", "OUTWARD")
NO_UPRN, BAD_UPRN = -1, 0


@dataclass
class Found:
    """What was found for each question; -1 stands for nothing.

    Attributes
    ----------
    parsed : DataFrame
        The postcodes, read.
    uprn : int64 array
        The UPRNs, read: `NO_UPRN`, `BAD_UPRN` or the number.
    status, resolution : int8 arrays
        Places in `statuses.STATUSES` and `RESOLUTIONS`.
    place : int64 array
        Place of the location in `Locations.groups`.
    unit : int64 array
        The unit, where a UPRN's own rows answer.
    part : int64 array
        Place in `parts`, where an outward code or a sector was asked.
    parts : list of str
        The distinct outward codes and sectors asked.
    standing : int64 array
        Cell of the reference, where it was asked.
    """

    parsed: pd.DataFrame
    uprn: Ints
    status: npt.NDArray[np.int8]
    resolution: npt.NDArray[np.int8]
    place: Ints
    unit: Ints
    part: Ints
    parts: list[str]
    standing: Ints
    degraded: Mask


def find_many(located: Locations, postcodes: pd.Series, uprns: pd.Series | None) -> Found:
    """Return where each question leads, in the order of tests of `answering.answer_one`."""
    parsed = parse_postcodes(postcodes)
    found = _start(parsed, uprns)
    kind = np.asarray(parsed["kind"].cat.codes)
    kinds = list(parsed["kind"].cat.categories)
    whole, partial, empty = (kind == kinds.index(name) for name in ("GEOGRAPHIC", "PARTIAL", "EMPTY"))
    asked = found.uprn != NO_UPRN
    usable = whole | partial | (empty & asked)
    for name in ("NON_GEOGRAPHIC", "OUTSIDE_GB", "BAD_FORMAT", "EMPTY"):
        found.status[(kind == kinds.index(name)) & ~usable] = STATUS[name]
    found.status[usable & (found.uprn == BAD_UPRN)] = STATUS[st.BAD_UPRN]
    open_ = usable & (found.uprn != BAD_UPRN)
    _find_parts(found, partial)
    cells = _find_postcodes(located, found, open_ & whole)
    _find_uprns(located, found, open_ & asked, cells)
    found.status[open_ & empty & (found.unit < 0)] = STATUS[st.NOT_IN_MATRIX]
    _settle_parts(located, found, open_ & partial & (found.unit < 0) & (found.status != STATUS[st.KEY_CONFLICT]))
    absent = (found.place < 0) & (found.unit < 0) & (found.status == STATUS[st.OK])
    _ask_reference(found, open_ & whole & absent)
    found.degraded = (found.status == STATUS[st.OK]) & asked & (found.unit < 0)
    return found


def _start(parsed: pd.DataFrame, uprns: pd.Series | None) -> Found:
    count = len(parsed)
    nothing = np.full(count, -1, dtype=np.int64)
    return Found(
        parsed=parsed,
        uprn=nothing.copy() if uprns is None else read_uprns(uprns),
        status=np.full(count, STATUS[st.OK], dtype=np.int8),
        resolution=np.full(count, -1, dtype=np.int8),
        place=nothing.copy(),
        unit=nothing.copy(),
        part=nothing.copy(),
        parts=[],
        standing=nothing.copy(),
        degraded=np.zeros(count, dtype=np.bool_),
    )


def read_uprns(values: pd.Series) -> Ints:
    """Return UPRNs as numbers, `BAD_UPRN` for malformed ones, `NO_UPRN` for missing ones.

    Examples
    --------
    >>> read_uprns(pd.Series(["0042", "x", None, 7], dtype=object)).tolist()
    [42, 0, -1, 0]
    """
    if isinstance(values.dtype, pd.StringDtype):
        plain = values.str.fullmatch("[0-9]{1,12}").fillna(False).to_numpy(bool)
    else:
        plain = np.zeros(len(values), dtype=np.bool_)
    numbers = np.full(len(values), NO_UPRN, dtype=np.int64)
    numbers[plain] = values[plain].astype("int64").to_numpy() if plain.any() else 0
    for row in np.flatnonzero(~plain):
        text = read_uprn(values.iat[row])
        numbers[row] = NO_UPRN if text is None else int(text or BAD_UPRN)
    return numbers


def find_cells(arrays: ArrayFile, postcodes: pd.Series) -> Ints:
    """Return the cells of canonical geographic postcodes, 0 where the tables do not hold their sector."""
    outward, digit, offset = split_postcodes(fix_width(postcodes))
    outward_id = np.frombuffer(arrays.raw("outward_id"), dtype=np.uint16)[outward].astype(np.int64)
    sector = np.frombuffer(arrays.raw("sector_id"), dtype=np.uint16)[outward_id * 10 + digit].astype(np.int64)
    return np.where((outward_id > 0) & (sector > 0), sector * UNITS + offset, 0)


def _find_postcodes(located: Locations, found: Found, use: Mask) -> Ints:
    cells = np.zeros(len(use), dtype=np.int64)
    cells[use] = find_cells(located.mapped.arrays, found.parsed["postcode"][use])
    found.place[use] = located.column("unit")[cells[use]].astype(np.int64) - 1
    found.resolution[found.place >= 0] = RESOLUTIONS.index("POSTCODE")
    return cells


def _find_uprns(located: Locations, found: Found, use: Mask, cells: Ints) -> None:
    """Where the release holds the UPRN, its own rows answer, unless they stand under another postcode."""
    if "uprn" not in located.mapped.arrays or not use.any():
        return
    keys, rows = located.column("uprn"), located.column("uprn_row")
    at = np.minimum(np.searchsorted(keys, found.uprn), len(keys) - 1)
    held = use & (keys[at] == found.uprn)
    unit = np.searchsorted(located.units, rows[at], side="right") - 1
    own = located.unit_location[unit]
    own_cell = located.column("location_cell")[np.where(own <= located.n_postcodes, own, 0)].astype(np.int64)
    conflict = held & (own_cell > 0) & _contradicts(located, found, own_cell, cells)
    found.status[conflict] = STATUS[st.KEY_CONFLICT]
    found.place[held], found.resolution[held] = -1, -1
    answered = held & ~conflict
    found.unit[answered] = unit[answered]
    found.resolution[answered] = RESOLUTIONS.index("UPRN")


def _contradicts(located: Locations, found: Found, own_cell: Ints, cells: Ints) -> Mask:
    """Whether the question names another place than the one a UPRN stands under."""
    whole = (found.parsed["kind"] == "GEOGRAPHIC").to_numpy()
    arrays = located.mapped.arrays
    wrong = whole & (own_cell != cells)
    if found.parts:
        sector_id, outward_id = arrays["sector_id"], arrays["outward_id"]
        sectors = np.zeros(located.column("unit").size // UNITS, dtype=np.int64)
        held = np.flatnonzero(located.column("sector_id"))
        sectors[located.column("sector_id")[held]] = held // 10
        numbers = [
            sector_number(outward_id, sector_id, part) if " " in part else -1 - outward_id[outward_cell(part)]
            for part in found.parts
        ]
        asked = np.array(numbers, dtype=np.int64)[found.part]
        own_sector = own_cell // UNITS
        wrong |= (found.part >= 0) & np.where(asked >= 0, own_sector != asked, -1 - sectors[own_sector] != asked)
    return wrong


def _find_parts(found: Found, use: Mask) -> None:
    if use.any():
        asked = found.parsed["sector"].fillna(found.parsed["outward"])[use]
        codes, distinct = pd.factorize(asked)
        found.part[use] = codes
        found.parts = [str(part) for part in distinct]


def _settle_parts(located: Locations, found: Found, use: Mask) -> None:
    if not use.any():
        return
    mapped = located.mapped
    held = [bool(mapped.find_sector(p) if " " in p else mapped.find_outward(p)) for p in found.parts]
    is_sector = np.array([" " in part for part in found.parts])[found.part]
    known = use & np.array(held)[found.part]
    found.status[use & ~known] = STATUS[st.NOT_IN_MATRIX]
    found.resolution[known] = np.where(is_sector, 3, 4)[known]


def _ask_reference(found: Found, use: Mask) -> None:
    if not use.any():
        return
    arrays = open_standing().arrays
    cells = find_cells(arrays, found.parsed["postcode"][use])
    value = np.frombuffer(arrays.raw("standing"), dtype=np.uint16)[cells].astype(np.int64)
    found.standing[use] = value
    words = np.array([STATUS[st.UNKNOWN_POSTCODE], STATUS[st.NOT_IN_MATRIX], STATUS[st.TERMINATED]], dtype=np.int8)
    found.status[use] = words[np.minimum(value, 2)]


def as_series(values: Iterable[object] | None, name: str) -> pd.Series:
    """Return cells as a Series, keeping each one as it is; the index of a Series stays."""
    if isinstance(values, pd.Series):
        return values
    if isinstance(values, str | bytes):
        raise TypeError(f"{name}: one {type(values).__name__} was given, a column is expected; use lookup for one")
    if isinstance(values, pd.Index | np.ndarray | pd.api.extensions.ExtensionArray):
        return pd.Series(values)
    listed = list(values or ())
    boxed = np.empty(len(listed), dtype=object)
    boxed[:] = listed
    return pd.Series(boxed)
