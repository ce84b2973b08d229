"""Where each text of a column leads: the cell of a postcode by direct address, for millions at once.

Two engines give the same: numpy, always there, and compiled code (the extra `[fast]`). Both read the bytes of Arrow
text. What they cannot settle by themselves (parts of postcodes, special codes, odd spellings) is left to the scalar
rules as `ODD`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from .addressing import UNITS
from .arrow_text import take_texts
from .faults import OUTWARD
from .letter_pairs import INVALID, SPECIAL, letter_tables, outward_numbers
from .rules import BLANKS, LONGEST, NULL_WORDS

# Cells of sector 0, which is none: how a text ends that leads to no cell.
ABSENT, EMPTY, BAD, ODD = 0, 1, 2, 3
ENGINES = ("auto", "numba", "numpy")
COMPILED_FROM = 2_000_000  # rows from which loading compiled code (0.3 s) pays

_TASK = 1 << 18  # rows a thread takes at a time
_BLOCK = 1 << 15  # rows whose intermediate arrays fit a core's cache
_BLANK_RUNS = f"[{BLANKS}]+"
_SHORT = f"\\A(?:(?:{OUTWARD})(?: [0-9])?|{'|'.join(sorted(NULL_WORDS))})\\z"

Cells = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.unsignedinteger]


class Addresses(NamedTuple):
    """Direct-address tables, and what stands in each cell.

    Attributes
    ----------
    outward : uint16 array
        Outward number by outward cell, from `letter_pairs.outward_numbers`.
    sector : uint16 array
        Sector number by outward number times ten plus inward digit; 0 = none.
    held : array of unsigned integers
        What each cell holds, 0 for nothing; the first four say what stands for `ABSENT`, `EMPTY`, `BAD` and `ODD`.
    """

    outward: npt.NDArray[np.uint16]
    sector: npt.NDArray[np.uint16]
    held: Numbers


class _Bytes(NamedTuple):
    """One chunk of Arrow text: text i is data[offsets[i]:offsets[i + 1]], missing where `missing` is set."""

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.integer]
    missing: npt.NDArray[np.bool_]


def make_addresses(outward_id: npt.NDArray[np.uint16], sector_id: npt.NDArray[np.uint16], held: Numbers) -> Addresses:
    """Return the tables of a release, its special outward codes marked."""
    return Addresses(outward_numbers(outward_id), sector_id, held)


def choose_engine(engine: str, rows: int) -> str:
    """Return "numba" or "numpy".

    Parameters
    ----------
    engine : {"auto", "numba", "numpy"}
        "auto" takes compiled code from 2 million rows on, where it is installed.
    rows : int
        Length of the column.

    Raises
    ------
    ValueError
        When the engine is not one of these.
    ImportError
        When "numba" is asked for and not installed.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine: {engine!r} is not one of {', '.join(ENGINES)}")
    if engine == "numba" and not has_numba():
        raise ImportError("engine: numba is not installed; install smarthan[fast], or ask for numpy")
    pays = engine == "auto" and rows >= COMPILED_FROM and has_numba()
    return "numba" if engine == "numba" or pays else "numpy"


def has_numba() -> bool:
    """Return whether compiled code can run here."""
    return find_spec("numba") is not None


def locate(
    text: pa.ChunkedArray, addresses: Addresses, *, engine: str = "numpy", with_cells: bool = False
) -> tuple[Numbers, Cells]:
    """Return what the cell of each text holds.

    Parameters
    ----------
    text : ChunkedArray of text
        Postcodes as they come.
    addresses : Addresses
        Where they lead.
    engine : {"numpy", "numba"}
        See `choose_engine`.
    with_cells : bool
        Return the cells too.

    Returns
    -------
    tuple of two arrays
        Of the type of `addresses.held`, one number a text; and the cells as uint32, or an empty array.

    Examples
    --------
    >>> from smarthan.coverage.index.building import address_postcodes
    >>> tables, cells = address_postcodes(np.array(["M1 1AE"], dtype="S8"))
    >>> held = np.zeros(len(tables["sector_text"]) // 6 * UNITS, dtype=np.uint16)
    >>> held[:4], held[cells] = [ABSENT, EMPTY, BAD, ODD], 9
    >>> texts = pa.chunked_array([["m11ae", None, "M1 1AB", "M1 1AC", "M1"]])
    >>> locate(texts, make_addresses(tables["outward_id"], tables["sector_id"], held))[0].tolist()
    [9, 1, 0, 2, 3]
    """
    found = np.empty(len(text), dtype=addresses.held.dtype)
    cells = np.empty(len(text) if with_cells else 0, dtype=np.uint32)
    work = _compiled_work(addresses) if engine == "numba" else _numpy_work(addresses)
    start = 0
    tasks: list[tuple[_Bytes, int, int, Numbers, Cells]] = []
    for chunk in text.chunks:
        end, part = start + len(chunk), _as_bytes(chunk)
        tasks += [
            (part, at, min(at + _TASK, len(chunk)), found[start:end], cells[start:end])
            for at in range(0, len(chunk), _TASK)
        ]
        start = end
    _run(work, tasks)
    if engine == "numpy":
        _settle_odd(text, addresses, found, cells)
    return found, cells


def spread(table: npt.NDArray[Any], at: Numbers) -> npt.NDArray[Any]:
    """Return `table[at]` for a long array of places, a block at a time and on every core."""
    out = np.empty(len(at), dtype=table.dtype)

    def take(start: int, end: int) -> None:
        for block in range(start, end, _BLOCK):
            stop = min(block + _BLOCK, end)
            np.take(table, at[block:stop], out=out[block:stop], mode="clip")

    _run(take, [(start, min(start + _TASK, len(at))) for start in range(0, len(at), _TASK)])
    return out


def _run(work: Callable[..., None], tasks: Sequence[tuple[Any, ...]]) -> None:
    """Do the tasks on every core this process may use; each writes its own part of the result."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores == 1 or len(tasks) < 2:
        for task in tasks:
            work(*task)
        return
    with ThreadPoolExecutor(min(cores, len(tasks))) as pool:
        for done in [pool.submit(work, *task) for task in tasks]:
            done.result()


def _as_bytes(chunk: pa.Array) -> _Bytes:
    kind: Any = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
    validity, offsets, data = chunk.buffers()
    first, last = chunk.offset, chunk.offset + len(chunk)
    missing = np.zeros(0, dtype=np.bool_)
    if chunk.null_count and validity is not None:
        bits = np.unpackbits(np.frombuffer(validity, dtype=np.uint8), count=last, bitorder="little")
        missing = bits[first:] == 0
    return _Bytes(
        np.frombuffer(data, dtype=np.uint8) if data is not None and data.size else np.zeros(1, dtype=np.uint8),
        np.frombuffer(offsets, dtype=kind)[first : last + 1] if len(chunk) else np.zeros(1, dtype=kind),
        missing,
    )


def _compiled_work(addresses: Addresses) -> Callable[..., None]:
    from .compiled import locate_rows

    tables = letter_tables()

    def work(part: _Bytes, start: int, end: int, found: Numbers, cells: Cells) -> None:
        locate_rows(
            *(part.data, part.offsets, part.missing, start, end),
            *(tables.first, tables.two_letters, tables.rest, tables.unit, tables.suspicious),
            *(addresses.outward, addresses.sector, addresses.held, found, cells),
        )

    return work


def _numpy_work(addresses: Addresses) -> Callable[..., None]:
    def work(part: _Bytes, start: int, end: int, found: Numbers, cells: Cells) -> None:
        for block in range(start, end, _BLOCK):
            stop = min(block + _BLOCK, end)
            leads = _read_block(part, block, stop, addresses)
            np.take(addresses.held, leads, out=found[block:stop], mode="clip")
            if len(cells):
                cells[block:stop] = leads

    return work


def _read_block(part: _Bytes, start: int, end: int, addresses: Addresses) -> npt.NDArray[np.intp]:
    """Return the cells of texts of the usual form, `EMPTY` where missing, `ODD` for the rest.

    Eight bytes that end where the text ends are read as one number: its high bytes are the inward code.
    """
    tables = letter_tables()
    length, outward_length, word = _last_words(part, start, end)
    blank = (word >> np.uint64(32)) & np.uint64(0xFF) == np.uint64(0x20)
    outward_length -= blank
    unit = tables.unit.take((word >> np.uint64(48)).astype(np.intp))
    digit = ((word >> np.uint64(40)) & np.uint64(0xFF)).astype(np.intp) - 0x30
    odd = (length < 5) | (length > 8) | (outward_length < 2) | (outward_length > 4)
    odd |= (unit < 0) | (digit < 0) | (digit > 9)
    kept = np.clip(outward_length, 2, 4)
    outward = np.where(blank, word, word >> np.uint64(8)).astype(np.uint32) >> (8 * (4 - kept)).astype(np.uint32)
    odd |= outward >> (8 * (kept - 1)).astype(np.uint32) == 0  # a NUL is a character, not a missing one
    pair = (outward & np.uint32(0xFFFF)).astype(np.intp)
    tail = (outward >> np.uint32(16)).astype(np.intp) + (tables.two_letters.take(pair).astype(np.intp) << 16)
    cell = tables.first.take(pair) + tables.rest.take(tail)
    odd |= cell < 0
    number = addresses.outward.take(np.where(odd, 0, cell)).astype(np.intp)
    odd |= number >= SPECIAL
    sector = addresses.sector.take(np.where(odd, 0, number * 10 + digit)).astype(np.intp)
    leads = np.where(odd, ODD, np.where((sector > 0) & (number > 0), sector * UNITS + unit, ABSENT))
    if len(part.missing):
        leads[part.missing[start:end]] = EMPTY
    return leads


def _last_words(
    part: _Bytes, start: int, end: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """Return length, length without the inward code, and the last eight bytes, letters in upper case."""
    bounds, data = part.offsets[start : end + 1].astype(np.int64), part.data
    if bounds[0] < 8:  # nothing to read before the first text of a buffer
        data, bounds = np.concatenate([np.zeros(8, dtype=np.uint8), data[: bounds[-1]]]), bounds + 8
    windows = np.ndarray((len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    word = windows[bounds[1:] - 8]
    word = word & ~((word & np.uint64(0x4040404040404040)) >> np.uint64(1))
    length = np.diff(bounds)
    return length, length - 3, word


def _settle_odd(text: pa.ChunkedArray, addresses: Addresses, found: Numbers, cells: Cells) -> None:
    """Read the odd ones again with every run of blanks made plain; then tell what is no postcode at all."""
    rows = np.flatnonzero(found == addresses.held[ODD])
    if not len(rows):
        return
    texts = take_texts(text, rows)
    plain = pc.replace_substring_regex(pc.utf8_trim(texts, BLANKS), _BLANK_RUNS, " ")
    if isinstance(plain, pa.ChunkedArray):
        plain = plain.combine_chunks()
    part = _as_bytes(plain)
    blocks = [_read_block(part, at, min(at + _BLOCK, len(rows)), addresses) for at in range(0, len(rows), _BLOCK)]
    leads = np.concatenate(blocks)
    left = np.flatnonzero(leads == ODD)
    leads[left] = _judge(plain.take(pa.array(left)))
    leads[pc.greater(pc.utf8_length(texts), LONGEST).to_numpy(zero_copy_only=False)] = BAD
    found[rows] = addresses.held[leads]
    if len(cells):
        cells[rows] = leads


def _judge(texts: pa.Array) -> npt.NDArray[np.intp]:
    """Return `EMPTY`, `BAD`, or `ODD` for what may be a part of a postcode, a special code or a word for missing."""
    folded = pc.ascii_upper(texts)
    packed = pc.replace_substring(folded, " ", "")
    length = pc.utf8_length(packed).to_numpy(zero_copy_only=False)
    short = _flags(pc.match_substring_regex(folded, _SHORT))
    special = (_flags(pc.match_substring(packed, "-")) | _starts_special(packed)) & (length <= 8)
    judged = np.where(_flags(pc.string_is_ascii(packed)) & (short | special), ODD, BAD)
    return np.where(length == 0, EMPTY, judged)


def _starts_special(packed: pa.Array) -> npt.NDArray[np.bool_]:
    suspicious = np.flatnonzero(letter_tables().suspicious).tolist()
    starts = [chr(pair & 0xFF) + chr(pair >> 8) for pair in suspicious]
    found = pc.is_in(pc.utf8_slice_codeunits(packed, 0, 2), value_set=pa.array(starts, packed.type))
    return _flags(found)


def _flags(found: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(found.to_numpy(zero_copy_only=False))


assert INVALID > SPECIAL  # one comparison tells both from outward numbers
