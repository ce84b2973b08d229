"""The levels for which there are boundaries, and what is said under each of them."""

from __future__ import annotations

from dataclasses import dataclass

LABEL = "approximate: nearest-postcode zones, not Royal Mail or administrative boundaries; coast from Natural Earth"
COUNTRY_NAMES = {"E": "England", "S": "Scotland", "W": "Wales"}


@dataclass(frozen=True)
class Level:
    """One level of areas.

    Attributes
    ----------
    name : str
        What `boundaries` calls it.
    tolerance_m : float
        About the largest shift of a boundary when it is simplified [m]: a level shown smaller may be coarser.
    finer : str
        The level whose zones are joined to make this one; empty for zones joined from the cells of the postcodes.
    shipped : bool
        Whether the finished boundaries come with the package.
    """

    name: str
    tolerance_m: float
    finer: str = ""
    shipped: bool = True


# In the order in which they are made: a finer level before those joined from it.
LEVELS = {
    level.name: level
    for level in (
        Level("sector", 20, shipped=False),
        Level("outward", 150, finer="sector"),
        Level("area", 400, finer="sector"),
        Level("lad", 150),
        Level("region", 200, finer="lad"),
        Level("country", 400, finer="lad"),
    )
}


def find_level(name: object) -> Level:
    """Return a level by its name.

    Raises
    ------
    ValueError
        When there is no such level.

    Examples
    --------
    >>> find_level("lad").tolerance_m
    150
    """
    if not isinstance(name, str) or name not in LEVELS:
        raise ValueError(f"level: {str(name)[:40]!r} is not one of {', '.join(sorted(LEVELS))}")
    return LEVELS[name]
