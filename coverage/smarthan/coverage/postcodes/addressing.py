"""A postcode as a direct address: every well-formed postcode leads to one cell of a table, without hashing.

The outward code's four characters address a table of outward numbers; the outward number and the inward digit address
a table of sector numbers; the sector number and the two inward letters address the cell. Standard library only.
"""

from __future__ import annotations

from .letters import INWARD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

INWARD_LETTERS = INWARD
UNITS = len(INWARD_LETTERS) ** 2  # cells of one sector
OUTWARD_CELLS = 26 * 27 * 10 * 37  # first letter, none or second letter, digit, none or digit or letter

UNIT_OFFSETS = {
    one + other: first * len(INWARD_LETTERS) + second
    for first, one in enumerate(INWARD_LETTERS)
    for second, other in enumerate(INWARD_LETTERS)
}


def outward_cell(outward: str) -> int:
    """Return the cell of a well-formed outward code in the outward table.

    Examples
    --------
    >>> outward_cell("A0"), outward_cell("ZZ9Z") < OUTWARD_CELLS
    (0, True)
    """
    second = ord(outward[1]) - 64 if outward[1].isalpha() else 0
    rest = outward[2:] if second else outward[1:]
    last = 0 if len(rest) == 1 else ord(rest[1]) - 47 if rest[1].isdigit() else ord(rest[1]) - 54
    return (((ord(outward[0]) - 65) * 27 + second) * 10 + int(rest[0])) * 37 + last


def unit_offset(letters: str) -> int:
    """Return the place of the two last letters within their sector, 0 to 399."""
    return UNIT_OFFSETS[letters]


def unit_letters(offset: int) -> str:
    """Return the two last letters of a place within a sector.

    Examples
    --------
    >>> unit_letters(unit_offset("AA")), unit_letters(unit_offset("ZY"))
    ('AA', 'ZY')
    """
    first, second = divmod(offset, len(INWARD_LETTERS))
    return INWARD_LETTERS[first] + INWARD_LETTERS[second]


def sector_number(outward_id: Sequence[int], sector_id: Sequence[int], sector: str) -> int:
    """Return the number of a sector such as "SW1A 1", or 0 when the tables do not hold it."""
    outward, digit = sector.split(" ")
    number = outward_id[outward_cell(outward)]
    return sector_id[number * 10 + int(digit)] if number else 0


def unit_cell(outward_id: Sequence[int], sector_id: Sequence[int], postcode: str) -> int:
    """Return the cell of a canonical postcode in the unit table, or 0 when the tables do not hold its sector.

    Parameters
    ----------
    outward_id : sequence of int
        Outward number by `outward_cell`; 0 = no such outward code.
    sector_id : sequence of int
        Sector number by outward number times ten plus inward digit; 0 = no such sector.
    postcode : str
        Canonical, geographic.
    """
    number = sector_number(outward_id, sector_id, postcode[:-2])
    return number * UNITS + unit_offset(postcode[-2:]) if number else 0
