"""Writing the memory-mapped index of a release, and the direct-address tables under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.postcodes.addressing import INWARD_LETTERS, OUTWARD_CELLS, UNITS
from smarthan.coverage.postcodes.fixed_text import fix_width, sort_key
from smarthan.coverage.releases.release import Release

from .mapped import CLASS_COLUMNS, FORMAT, MEASURES, NO_DATE
from .packing import pack_arrays

Ints = npt.NDArray[np.int64]

_INWARD = np.full(256, -1, dtype=np.int64)
_INWARD[np.frombuffer(INWARD_LETTERS.encode(), dtype=np.uint8)] = np.arange(len(INWARD_LETTERS))


def build_index(rows: pd.DataFrame, release: Release, *, source_sha256: str = "") -> bytes:
    """Return the bytes of `matrix.idx` for the rows of a release.

    Parameters
    ----------
    rows : DataFrame
        The rows of a `CoverageMatrix`, sorted by `sort_rows`.
    release : Release
        Its facts.
    source_sha256 : str
        Hash of the Parquet file that holds the same rows.

    Returns
    -------
    bytes
        An `ArrayFile`, read by `MappedMatrix`.
    """
    fixed = fix_width(rows["postcode"])
    fixed = fixed[fixed != b""]
    starts = np.flatnonzero(np.append(True, fixed[1:] != fixed[:-1])) if len(fixed) else np.zeros(0, np.int64)
    distinct = fixed[starts]
    addresses, cells = address_postcodes(distinct)
    unit = np.zeros(len(addresses["sector_text"]) // 6 * UNITS, dtype=np.uint32)
    unit[cells] = starts + 1
    arrays: dict[str, Any] = {**addresses, "unit": unit, "starts": _bits(starts, len(rows), len(fixed))}
    labels, classes = _classes(rows)
    arrays |= classes | _measures(rows) | _uprns(rows, cells, starts) | _texts(rows)
    header = {
        "format": FORMAT,
        "release": release.to_dict(),
        "source_sha256": source_sha256,
        "has_premises": bool(rows["premises"].notna().any()),
        "n_rows": len(rows),
        "n_postcode_rows": len(fixed),
        "n_locations": len(distinct),
        "labels": labels,
    }
    return pack_arrays(header, arrays)


def _bits(starts: Ints, n_rows: int, n_postcode_rows: int) -> npt.NDArray[np.uint8]:
    """One bit a row, set where another location starts; one more past the last row with a postcode and the last."""
    marks = np.zeros(n_rows + 1, dtype=np.uint8)
    marks[starts] = marks[n_postcode_rows] = marks[n_rows] = 1
    return np.packbits(marks, bitorder="little")


def address_postcodes(postcodes: npt.NDArray[np.bytes_]) -> tuple[dict[str, Any], Ints]:
    """Return the direct-address tables that hold the given postcodes, and each one's cell.

    Parameters
    ----------
    postcodes : bytes array
        Canonical geographic postcodes.

    Returns
    -------
    tuple of (dict, int64 array)
        outward_id, sector_id, sector_text; the cell of each postcode.
    """
    outward, digit, offset = split_postcodes(postcodes)
    present = np.unique(outward)
    outward_id = np.zeros(OUTWARD_CELLS, dtype=np.uint16)
    outward_id[present] = np.arange(1, len(present) + 1)
    place = outward_id[outward].astype(np.int64) * 10 + digit
    sectors, where = np.unique(place, return_index=True)
    sector_id = np.zeros((len(present) + 1) * 10, dtype=np.uint16)
    sector_id[sectors] = np.arange(1, len(sectors) + 1)
    text = np.concatenate([[b""], np.char.rstrip(postcodes[where], INWARD_LETTERS.encode())]).astype("S6")
    tables = {"outward_id": outward_id, "sector_id": sector_id, "sector_text": text.view(np.uint8)}
    return tables, sector_id[place].astype(np.int64) * UNITS + offset


def split_postcodes(postcodes: npt.NDArray[np.bytes_]) -> tuple[Ints, Ints, Ints]:
    """Return outward cell, inward digit and unit offset of canonical postcodes (`addressing`, vectorised)."""
    if len(postcodes) == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
    length = np.char.str_len(postcodes)
    letters = np.ascontiguousarray(postcodes.astype("S8")).view(np.uint8).reshape(-1, 8).astype(np.int64)
    row = np.arange(len(letters))
    digit, one, two = (letters[row, length - back] for back in (3, 2, 1))
    return _outward_cells(letters, length - 4), digit - 48, _INWARD[one] * len(INWARD_LETTERS) + _INWARD[two]


def _outward_cells(letters: Ints, length: Ints) -> Ints:
    """Outward cells of text whose first `length` characters are the outward code."""
    row = np.arange(len(letters))
    has_second = letters[:, 1] >= 65
    second = np.where(has_second, letters[:, 1] - 64, 0)
    at = 1 + has_second
    last = letters[row, at + 1]
    tail = np.where(length == at + 1, 0, np.where(last >= 65, last - 54, last - 47))
    return (((letters[:, 0] - 65) * 27 + second) * 10 + letters[row, at] - 48) * 37 + tail


def _classes(rows: pd.DataFrame) -> tuple[dict[str, list[str | None]], dict[str, Any]]:
    """Number the distinct combinations of the columns that rows share."""
    labels: dict[str, list[str | None]] = {}
    coded: dict[str, Ints] = {}
    for name in CLASS_COLUMNS:
        coded[name], words = _code(rows[name], name)
        if words is not None:
            labels[name] = words
    number, members = _combine(list(coded.values()))
    arrays = {f"class_{name}": codes[members].astype(_width(codes)) for name, codes in coded.items()}
    return labels, {"row_class": number.astype(_width(number)), **arrays}


def _code(column: pd.Series, name: str) -> tuple[Ints, list[str | None] | None]:
    if name == "available":
        return column.astype("Int8").fillna(2).to_numpy(np.int64), None
    if name == "anticipated":
        missing = column.isna().to_numpy()
        days = column.to_numpy("datetime64[D]").astype(np.int64)
        return np.where(missing, NO_DATE, days), None
    coded = column.astype("category")
    codes = coded.cat.codes.to_numpy(np.int64)
    words: list[str | None] = [str(word) for word in coded.cat.categories]
    missing = codes < 0
    return np.where(missing, len(words), codes), [*words, None] if missing.any() else words


def _combine(columns: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Return the number of each row's combination, and a row of each combination."""
    number = np.zeros(len(columns[0]), dtype=np.int64)
    members = np.zeros(0, dtype=np.int64)
    for column in columns:
        low = int(column.min(initial=0))
        span = int(column.max(initial=0)) - low + 1
        joint, _ = pd.factorize(number * span + (column - low))
        number = joint.astype(np.int64)
    _, members = np.unique(number, return_index=True)
    return number, members


def _width(values: Ints) -> str:
    """The narrowest type of `packing` that holds the values."""
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    if low < 0:
        return "int32"
    return "uint8" if high < 1 << 8 else "uint16" if high < 1 << 16 else "uint32"


def _measures(rows: pd.DataFrame) -> dict[str, Any]:
    """Counts of premises, one more than they are: 0 stands for none stated."""
    counts = {name: rows[name].fillna(-1).to_numpy(np.int64) + 1 for name in MEASURES}
    return {name: count.astype(_width(count)) for name, count in counts.items()}


def _uprns(rows: pd.DataFrame, cells: Ints, starts: Ints) -> dict[str, Any]:
    """UPRNs in order, each with its row and the cell of its postcode; absent when no row has one."""
    if not rows["uprn"].notna().any():
        return {}
    uprn = pd.to_numeric(rows["uprn"]).fillna(0).to_numpy(np.int64)
    held = np.flatnonzero(uprn)
    order = held[np.argsort(uprn[held], kind="stable")]
    location = np.searchsorted(starts, order, side="right") - 1
    has_postcode = rows["postcode"].notna().to_numpy()[order]
    cell = np.where(has_postcode, cells[location] if len(cells) else 0, 0)
    by_row = np.argsort(order, kind="stable")
    return {
        "uprn": uprn[order],
        "uprn_row": order.astype(np.uint32),
        "uprn_cell": cell.astype(np.uint32),
        "uprn_by_row": by_row.astype(np.uint32),
    }


def _texts(rows: pd.DataFrame) -> dict[str, Any]:
    """Free text, each distinct one once, and the rows that have it; absent when no row has any."""
    arrays: dict[str, Any] = {}
    for column, name in (("address_identifier", "address"), ("info", "info")):
        stated = np.flatnonzero(rows[column].notna().to_numpy())
        if len(stated):
            codes, words = pd.factorize(rows[column].iloc[stated].astype("str"))
            encoded = [str(word).encode() for word in words]
            ends = np.cumsum([0, *map(len, encoded)])
            arrays[f"{name}_row"] = stated.astype(np.uint32)
            arrays[name] = codes.astype(_width(codes))
            arrays[f"{name}_end"] = ends.astype(np.uint32)
            arrays[f"{name}_text"] = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    return arrays


def sort_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by postcode, then postcode rows before those of premises, then key and region.

    Rows without a postcode come last. The order is total, so equal releases give equal bytes.
    """
    kind = rows["location_kind"].cat.codes.to_numpy(np.int64)
    address = rows["address_identifier"]
    keys: list[npt.NDArray[Any]] = [
        rows["csp_region"].cat.codes.to_numpy(np.int64),
        pd.factorize(address, sort=True)[0] if address.notna().any() else kind,
        pd.to_numeric(rows["uprn"]).fillna(0).to_numpy(np.int64) if kind.any() else kind,
        kind,
        sort_key(fix_width(rows["postcode"])),
    ]
    order = np.lexsort(keys)
    if np.array_equal(order, np.arange(len(order))):
        return rows.reset_index(drop=True)
    return rows.take(order).reset_index(drop=True)
