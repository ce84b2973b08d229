"""The compiled engine of `locating`: the same rules, one text at a time, over the bytes. Needs numba.

Compiled without bounds checks: `smarthan.coverage.postcodes.locating` is the one caller and gives arrays that fit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .addressing import UNITS
from .letter_pairs import INVALID, SPECIAL
from .locating import ABSENT, BAD, EMPTY, ODD
from .rules import LONGEST

_compile: Any = njit(nogil=True, cache=True)

NAN, NONE, NULL = (int.from_bytes(word.encode(), "little") for word in ("NAN", "NONE", "NULL"))


@_compile
def _fold(character: int) -> int:
    return character - 32 if 97 <= character <= 122 else character


@_compile
def _lead(packed, length, first, two_letters, rest, unit, outward, sector):  # type: ignore[no-untyped-def]
    """Return the cell of 5 to 7 folded characters in one number; -1 for no postcode, -2 for a special one."""
    kept = length - 3
    pair = packed & 0xFFFF
    tail = (packed >> 16) & (0xFF if kept == 3 else 0xFFFF if kept == 4 else 0)
    if kept > 2 and (packed >> (8 * (kept - 1))) & 0xFF == 0:
        return -1
    digit = ((packed >> (8 * kept)) & 0xFF) - 48
    place = unit[(packed >> (8 * kept + 8)) & 0xFFFF]
    cell = first[pair] + rest[tail + (65536 if two_letters[pair] else 0)]
    if cell < 0 or place < 0 or digit < 0 or digit > 9:
        return -1
    number = np.int64(outward[cell])
    if number == INVALID:
        return -1
    if number == SPECIAL:
        return -2
    if number == 0:
        return ABSENT
    area = np.int64(sector[number * 10 + digit])
    return area * UNITS + place if area > 0 else ABSENT


@_compile
def _read_text(data, start, end, first, two_letters, rest, unit, suspicious, outward, sector):  # type: ignore[no-untyped-def]
    """Return the cell of a text of any spelling, or how it ends."""
    packed, n, characters, runs, before = np.int64(0), 0, 0, 0, 0
    pending = foreign = strange = hyphen = False
    at = start
    while at < end:
        byte: Any = np.int64(data[at])
        step, blank = 1, byte == 32 or byte == 9 or byte == 13 or byte == 10
        if byte >= 0x80:
            step = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            if step == 2:
                blank = byte == 0xC2 and data[at + 1] == 0xA0
            elif step == 3:
                blank = byte == 0xE2 and data[at + 1] == 0x80 and (data[at + 2] == 0x87 or data[at + 2] == 0xAF)
            foreign = foreign or not blank
        characters += 1
        if blank:
            pending = n > 0
        else:
            if pending:
                runs += 1
                before = n if runs == 1 else before
                pending = False
            strange = strange or byte < 32
            hyphen = hyphen or byte == 45
            if n < 7:
                packed |= np.int64(_fold(byte) & 0x7F) << (8 * n)
            n += 1
        at += step
    if characters > LONGEST:
        return BAD
    if n == 0:
        return EMPTY
    if foreign:
        return BAD
    if 5 <= n <= 7 and not strange and (runs == 0 or (runs == 1 and before == n - 3)):
        cell = _lead(packed, n, first, two_letters, rest, unit, outward, sector)
        if cell >= 0:
            return cell
        if cell == -2:
            return ODD
    if n <= 5 and not strange and _may_be_part(packed, n, runs, before, first, two_letters, rest, outward):
        return ODD
    if runs == 0 and packed in (NAN, NONE, NULL):
        return ODD
    return ODD if n <= 8 and (hyphen or suspicious[packed & 0xFFFF]) else BAD


@_compile
def _may_be_part(packed, n, runs, before, first, two_letters, rest, outward):  # type: ignore[no-untyped-def]
    """Return whether folded characters are an outward code, or one with a digit after a blank."""
    kept = n if runs == 0 else n - 1
    if runs > 1 or (runs == 1 and before != kept) or kept < 2 or kept > 4:
        return False
    if runs == 1 and not 48 <= (packed >> (8 * kept)) & 0xFF <= 57:
        return False
    pair = packed & 0xFFFF
    tail = (packed >> 16) & (0xFF if kept == 3 else 0xFFFF if kept == 4 else 0)
    cell = first[pair] + rest[tail + (65536 if two_letters[pair] else 0)]
    return cell >= 0 and outward[cell] != INVALID


@_compile
def locate_rows(  # type: ignore[no-untyped-def]
    data, offsets, missing, start, end, first, two_letters, rest, unit, suspicious, outward, sector, held, found, cells
):
    """Put what the cell of each text holds into `found`, and the cell itself into `cells` unless that is empty."""
    for row in range(start, end):
        if missing.size and missing[row]:
            cell = np.int64(EMPTY)
        else:
            begin, stop = offsets[row], offsets[row + 1]
            n = stop - begin
            cell = np.int64(-1)
            if 5 <= n <= 8:
                gap = 1 if data[stop - 4] == 32 else 0
                if 5 <= n - gap <= 7:
                    packed = np.int64(0)
                    for k in range(n - 3 - gap):
                        packed |= np.int64(_fold(np.int64(data[begin + k]))) << (8 * k)
                    for k in range(3):
                        packed |= np.int64(_fold(np.int64(data[stop - 3 + k]))) << (8 * (n - 3 - gap + k))
                    cell = np.int64(_lead(packed, n - gap, first, two_letters, rest, unit, outward, sector))
            if cell < 0:
                cell = np.int64(
                    _read_text(data, begin, stop, first, two_letters, rest, unit, suspicious, outward, sector)
                )
        found[row] = held[cell]
        if cells.size:
            cells[row] = cell
