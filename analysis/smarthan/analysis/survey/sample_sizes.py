"""How many dwellings and buildings the next trial needs."""

from __future__ import annotations

import math
from dataclasses import dataclass

_NARROWEST = 1e-6  # a half-width below it asks for more homes than any country has


@dataclass(frozen=True)
class SampleSize:
    """What a proportion of a wanted precision takes.

    Attributes
    ----------
    dwellings, buildings : int
        Rounded up.
    deff : float
        Design effect from dwellings of one building being alike.
    """

    dwellings: int
    buildings: int
    deff: float


def sample_size(
    p: float, half_width: float, *, dwellings_per_building: int = 1, icc: float = 0.0, z: float = 1.96
) -> SampleSize:
    """Return the dwellings and buildings needed to know a share to within +- half_width.

    Parameters
    ----------
    p : float
        Share expected [0 to 1], exclusive; 0.5 when nothing is known.
    half_width : float
        Wanted half-width of the interval [share], above 0 and below 1.
    dwellings_per_building : int
        Dwellings measured in each building, at least 1.
    icc : float
        Intraclass correlation: how alike dwellings of one building are, 0 to 1.
    z : float
        Normal quantile of the confidence level; 1.96 for 95 %.

    Returns
    -------
    SampleSize

    Raises
    ------
    ValueError
        An argument outside its range.

    Notes
    -----
    n = z^2 p(1 - p) deff / h^2 with deff = 1 + (m - 1) icc. With a high ICC take more buildings and at most four
    dwellings in each. Add for non-response by dividing by the rate expected.

    References
    ----------
    Kish (1965), *Survey Sampling*, section 5.4. Cochran (1977), *Sampling Techniques*, section 4.4.

    Examples
    --------
    >>> sample_size(0.95, 0.02, dwellings_per_building=4, icc=0.3)
    SampleSize(dwellings=867, buildings=217, deff=1.9)
    """
    _check("p", p, 0 < p < 1, "between 0 and 1")
    _check("half_width", half_width, _NARROWEST <= half_width < 1, f"between {_NARROWEST:g} and 1")
    _check("dwellings_per_building", dwellings_per_building, 1 <= dwellings_per_building < math.inf, "at least 1")
    _check("icc", icc, 0 <= icc <= 1, "from 0 to 1")
    _check("z", z, 0 < z < math.inf, "a number above 0")
    deff = 1 + (dwellings_per_building - 1) * icc
    dwellings = _round_up(z**2 * p * (1 - p) * deff / half_width**2)
    return SampleSize(dwellings, _round_up(dwellings / dwellings_per_building), deff)


def _check(name: str, value: float, holds: bool, allowed: str) -> None:
    if not holds:
        raise ValueError(f"{name} is {value:g}; it must be {allowed}")


def _round_up(value: float) -> int:
    # 1e-9 keeps a product that is whole on paper from gaining a unit through rounding.
    return math.ceil(value - 1e-9)
