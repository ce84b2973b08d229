"""Families of columns: one technology, basis and place, with a share for each number of operators."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Column names as several public loaders of the file have them; Ofcom published no schema that we found.
PATTERN = r"(?P<tech>\w+?)_(?P<basis>[A-Za-z]+)_(?P<place>out|in)_(?P<operators>[0-9]|None|All)"
_GROUPS = ("tech", "basis", "place", "operators")


@dataclass(frozen=True)
class Family:
    """The columns of one technology, basis and place.

    Attributes
    ----------
    tech, basis, place : str
        As the header has them, such as 4G, prem, out.
    columns : tuple of str
        The column of exactly 0, 1, 2 ... operators, in this order.
    """

    tech: str
    basis: str
    place: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """What a header holds: whole families, and why other columns of the pattern are left out."""

    families: tuple[Family, ...]
    faults: tuple[tuple[str, str], ...]  # column and what is wrong with its family


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Return a pattern of column names, ready to use.

    Raises
    ------
    ValueError
        When it is no regular expression, or lacks one of the groups tech, basis, place, operators.
    """
    try:
        compiled = re.compile(pattern, re.IGNORECASE | re.ASCII)
    except re.error as error:
        raise ValueError(f"pattern: not a regular expression ({error}): {pattern[:80]!r}") from None
    absent = [name for name in _GROUPS if name not in compiled.groupindex]
    if absent:
        raise ValueError(f"pattern: needs the groups {', '.join(_GROUPS)}; it lacks {', '.join(absent)}")
    return compiled


def find_families(names: Iterable[str], pattern: re.Pattern[str]) -> Header:
    """Group the columns of a header into families.

    Parameters
    ----------
    names : iterable of str
        Column names.
    pattern : Pattern
        With the groups tech, basis, place and operators; `None` stands for 0 operators and `All` for one more than the
        largest number.

    Returns
    -------
    Header
        A family that lacks a number, or has one twice, is a fault: nothing of it could be checked.

    Examples
    --------
    >>> found = find_families(["4G_prem_out_None", "4G_prem_out_1", "4G_prem_out_All"], compile_pattern(PATTERN))
    >>> found.families[0].columns
    ('4G_prem_out_None', '4G_prem_out_1', '4G_prem_out_All')
    """
    grouped: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    shown: dict[tuple[str, ...], tuple[str, str, str]] = {}
    for name in names:
        match = pattern.fullmatch(name)
        if match:
            words = (match["tech"], match["basis"], match["place"])
            key = tuple(word.casefold() for word in words)
            shown.setdefault(key, words)
            grouped.setdefault(key, []).append((match["operators"].casefold(), name))
    families, faults = [], []
    for key, members in grouped.items():
        columns, fault = _order(members)
        if fault:
            faults.append((members[0][1], fault))
        else:
            families.append(Family(*shown[key], columns))
    return Header(tuple(families), tuple(faults))


def _order(members: list[tuple[str, str]]) -> tuple[tuple[str, ...], str]:
    """Return the columns by number of operators, and what is wrong if they are not 0, 1, 2 ... once each."""
    digits = [int(word) for word, _ in members if word.isdigit()]
    number = {"none": 0, "all": max(digits, default=0) + 1}
    numbered = sorted((number[word] if word in number else int(word), name) for word, name in members)
    found = [place for place, _ in numbered]
    if found != list(range(len(found))) or len(found) < 2:
        return (), f"has columns for {', '.join(map(str, found))} operators; 0, 1, 2 and so on are needed, once each"
    return tuple(name for _, name in numbered), ""
