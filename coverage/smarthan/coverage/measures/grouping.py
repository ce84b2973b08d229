"""What each location of a release is grouped by: its key as a small number, kept with the release it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.index.location_keys import (
    BY_CODE,
    BY_REFERENCE,
    find_in_reference,
    key_by_frame,
    location_postcodes,
)
from smarthan.coverage.releases.columns import LIKELIHOODS, NO_REGION, REGION_FAMILIES

if TYPE_CHECKING:
    from smarthan.coverage.index.locations import Locations
    from smarthan.coverage.index.mapped import MappedMatrix

Ints = npt.NDArray[np.signedinteger[Any]]

BY_ROW = ("csp_region", "region_family", "generation")
ROLLUPS = (*BY_CODE, *BY_REFERENCE, *BY_ROW, "likelihood")
NOT_KNOWN = "not known"
NO_REGION_WORDS = "no region"


@dataclass(frozen=True)
class Key:
    """One thing to group locations by.

    Attributes
    ----------
    name : str
        Column of the table it becomes.
    codes : array of int
        Place in `labels` of each location.
    labels : tuple of str
        In the order of the table; "not known" last, where it occurs.
    starts : array of int, optional
        The first location of each label, where the locations stand in the order of the labels.
    """

    name: str
    codes: npt.NDArray[np.integer[Any]]
    labels: tuple[str, ...]
    starts: Ints | None = None


# What locations belong to does not depend on the day: found once a release, forgotten with it.
_KEPT: WeakKeyDictionary[MappedMatrix, dict[str, Any]] = WeakKeyDictionary()


def read_by(by: str | list[str] | tuple[str, ...] | pd.DataFrame) -> list[str] | pd.DataFrame:
    """Return what to group by as a list of names, or the caller's table, checked.

    Raises
    ------
    ValueError
        When a name is not known, stands twice, or none is given.
    TypeError
        When it is neither text, a list nor a table.

    Examples
    --------
    >>> read_by("area")
    ['area']
    """
    if isinstance(by, pd.DataFrame):
        return by
    if not isinstance(by, str | list | tuple):
        raise TypeError(f"by: {type(by).__name__} given; a name, a list of names or a table is needed")
    names = [by] if isinstance(by, str) else list(by)
    unknown = [name for name in names if name not in ROLLUPS]
    if unknown or not names:
        raise ValueError(f"by: {unknown[0] if unknown else names!r} is not one of {', '.join(ROLLUPS)}")
    if len(set(names)) < len(names):
        raise ValueError(f"by: a name stands twice in {', '.join(names)}")
    return names


def location_key(located: Locations, by: str) -> Key:
    """Return an area, outward code, sector, local authority, region or country of each location of a release."""
    kept = _KEPT.setdefault(located.mapped, {})
    if by not in kept:
        bare = len(located.groups) - 1 - located.n_postcodes
        kept[by] = (_key_by_code if by in BY_CODE else _key_by_reference)(located.mapped, by, bare)
    key: Key = kept[by]
    return key


def frame_key(located: Locations, frame: pd.DataFrame) -> tuple[Key, int]:
    """Return the caller's key of each location, and how many rows of the table have no usable postcode."""
    from smarthan.coverage.postcodes.parsing import parse_postcodes

    if frame.shape[1] != 2:
        raise ValueError(f"by: a table of two columns is needed, postcode and key; this one has {frame.shape[1]}")
    parsed = parse_postcodes(frame.iloc[:, 0].reset_index(drop=True))
    usable = parsed["kind"].eq("GEOGRAPHIC").to_numpy()
    own = frame.iloc[:, 1].reset_index(drop=True)
    clean = pd.DataFrame({0: parsed["postcode"][usable], 1: own[usable]})
    _, words = key_by_frame(located.mapped, clean)
    bare = len(located.groups) - 1 - located.n_postcodes
    return _with_unknown(str(frame.columns[1]), words.codes, words.categories, bare), int((~usable).sum())


def likelihood_key(located: Locations, rows: Ints, starts: Ints) -> Key:
    """Return the likelihood of the best of each group of rows: by state, then likelihood."""
    labels = located.mapped.arrays.header["labels"]["likelihood"]
    order = list(reversed(LIKELIHOODS))
    likely = np.array([order.index(word) if word in order else len(order) for word in labels], dtype=np.int64)
    of_row = likely[located.column("class_likelihood")][located.row_class[rows]]
    best = np.minimum.reduceat(located.row_state[rows].astype(np.int64) * 4 + of_row, starts) % 4
    return Key("likelihood", best, (*order, NOT_KNOWN))


def row_words(regions: list[str | None], by: list[str]) -> list[tuple[str, ...]]:
    """Return what each CSP region is grouped by.

    Examples
    --------
    >>> row_words(["4G North", "SMETS1"], ["generation", "region_family"])
    [('4G', 'North'), ('no region', 'no region')]
    """
    return [tuple(_row_word(str(region), name) for name in by) for region in regions]


def _row_word(region: str, by: str) -> str:
    if by == "csp_region":
        return region
    if region in NO_REGION:
        return NO_REGION_WORDS
    if by == "generation":
        return "4G" if region.startswith("4G") else "LEGACY"
    return next(family for family in REGION_FAMILIES if region.endswith(family))


def _key_by_code(mapped: MappedMatrix, by: str, bare: int) -> Key:
    """The index holds postcodes in order, so that each sector, outward code and area is one run of them."""
    postcodes = release_postcodes(mapped)
    sector = _cut_unit(postcodes)
    starts = np.flatnonzero(np.append(True, sector[1:] != sector[:-1])[: len(sector)])
    names = pd.Series(postcodes[starts].astype("U8"), dtype="str").str.slice(stop=-2)
    if by == "outward":
        names = names.str.slice(stop=-2)
    elif by == "area":
        names = names.str.extract(r"^([A-Z]+)", expand=False)
    new = names.ne(names.shift()).to_numpy()
    starts, labels = starts[new], names[new].tolist()
    if bare:
        starts, labels = np.append(starts, len(postcodes)), [*labels, NOT_KNOWN]
    sizes = np.diff(np.append(starts, len(postcodes) + bare))
    return Key(by, np.repeat(np.arange(len(labels), dtype=np.int32), sizes), tuple(labels), starts)


def release_postcodes(mapped: MappedMatrix) -> npt.NDArray[np.bytes_]:
    """Return the postcodes of a release in the order of its locations, found once."""
    postcodes: npt.NDArray[np.bytes_] = _keep(mapped, "postcodes", lambda: location_postcodes(mapped))
    return postcodes


def _cut_unit(postcodes: npt.NDArray[np.bytes_]) -> npt.NDArray[np.uint64]:
    """Return each postcode without its last two letters, as a number: the bytes after its end are zero."""
    number = postcodes.view(">u8").astype(np.uint64)
    empty = (number & np.uint64(0xFF) == 0).astype(np.uint64) + (number & np.uint64(0xFFFF) == 0)
    shift = np.uint64(8) * (empty + np.uint64(2))
    return number >> shift << shift


def _key_by_reference(mapped: MappedMatrix, by: str, bare: int) -> Key:
    from smarthan.coverage.reference.tables import postcode_reference

    column = postcode_reference()[by].astype("category")
    words = column.cat.categories.astype("str").sort_values()
    codes = np.append(words.get_indexer(column.cat.categories), -1)[column.cat.codes.to_numpy()]
    at = _keep(mapped, "reference", lambda: find_in_reference(mapped))
    return _with_unknown(by, np.append(codes, -1)[at], words, bare)


def _keep(mapped: MappedMatrix, name: str, make: Callable[[], Any]) -> Any:
    kept = _KEPT.setdefault(mapped, {})
    if name not in kept:
        kept[name] = make()
    return kept[name]


def _with_unknown(name: str, codes: npt.NDArray[Any], words: pd.Index, bare: int) -> Key:
    whole = np.concatenate([codes.astype(np.int32), np.full(bare, -1, dtype=np.int32)])
    unknown = whole < 0
    labels = [str(word) for word in words]
    return Key(name, np.where(unknown, len(labels), whole).astype(np.int32), (*labels, NOT_KNOWN))
