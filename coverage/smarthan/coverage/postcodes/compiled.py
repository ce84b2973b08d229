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
    """Letters in upper case; what is no letter stays none."""
    return character & ~((character & 0x40) >> 1)


@_compile
def _is_blank(character: int) -> bool:
    return character <= 32 and (character == 32 or character == 9 or character == 13 or character == 10)


@_compile
def _lead(pair, tail, digit, letters, first, two_letters, rest, unit, outward, sector):  # type: ignore[no-untyped-def]
    """Return the cell of a postcode in parts, two folded characters to a number; -1: none, -2: a special one."""
    place = unit[letters]
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
        step, blank = 1, _is_blank(byte)
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
        kept = n - 3
        tail = (packed >> 16) & (0xFF if kept == 3 else 0xFFFF if kept == 4 else 0)
        digit = ((packed >> (8 * kept)) & 0xFF) - 48
        letters = (packed >> (8 * kept + 8)) & 0xFFFF
        cell = _lead(packed & 0xFFFF, tail, digit, letters, first, two_letters, rest, unit, outward, sector)
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
    """Put what the cell of each text holds into `found`, and the cell itself into `cells` unless that is empty.

    The usual form is read here, not in a function of its own: handing arrays over costs more than all the rest.
    """
    for row in range(start, end):
        if missing.size and missing[row]:
            cell = np.int64(EMPTY)
        else:
            begin, stop = offsets[row], offsets[row + 1]
            cell = np.int64(-1)
            if 5 <= stop - begin <= LONGEST:
                while begin < stop and _is_blank(data[begin]):
                    begin += 1
                while begin < stop and _is_blank(data[stop - 1]):
                    stop -= 1
                end = stop - 3
                while end > begin and _is_blank(data[end - 1]):
                    end -= 1
                kept = end - begin
                if 2 <= kept <= 4 and data[end - 1] > 0:  # a NUL is a character, not a missing one
                    pair = np.int64(_fold(data[begin])) | np.int64(_fold(data[begin + 1])) << 8
                    third = _fold(data[begin + 2]) if kept > 2 else np.uint8(0)
                    fourth = _fold(data[begin + 3]) if kept > 3 else np.uint8(0)
                    tail = (np.int64(two_letters[pair]) << 16) + np.int64(third) + (np.int64(fourth) << 8)
                    place = unit[np.int64(_fold(data[stop - 2])) | np.int64(_fold(data[stop - 1])) << 8]
                    digit = np.int64(data[stop - 3]) - 48
                    at = first[pair] + rest[tail]
                    if at >= 0 and place >= 0 and 0 <= digit <= 9:
                        number = np.int64(outward[at])
                        if number < SPECIAL:
                            area = np.int64(sector[number * 10 + digit])
                            cell = area * UNITS + place if number > 0 and area > 0 else np.int64(ABSENT)
            if cell < 0:
                begin, stop = offsets[row], offsets[row + 1]
                cell = np.int64(
                    _read_text(data, begin, stop, first, two_letters, rest, unit, suspicious, outward, sector)
                )
        found[row] = held[cell]
        if cells.size:
            cells[row] = cell
