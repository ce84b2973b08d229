"""The steps by which records are coarsened before they may be released, mildest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

NATIONS = {"Wales": "Wales", "Scotland": "Scotland"}
BUILT_ERAS = {
    "pre1919": "pre1945",
    "1919_44": "pre1945",
    "1945_64": "1945_80",
    "1965_80": "1945_80",
    "1981_2002": "post1980",
    "post2002": "post1980",
}
# Upper ends; the archetypes of the trial part at 5 and 10 storeys too.
STOREY_BANDS = ((1, "1"), (2, "2"), (3, "3"), (5, "4-5"), (10, "6-10"))
# What may be so large that one building is known by it.
TOP_CODED = ("storeys", "basements", "dwellings_n", "lift_cores", "height_m", "footprint_m2", "length_2d_m")


@dataclass(frozen=True)
class Rung:
    """One step of a ladder: a column, and what becomes of its values.

    Attributes
    ----------
    column : str
    to : mapping or callable
        Old value to new one. A value that a mapping lacks stays; a missing value stays missing.
    about : str
        What the step does, in words.

    Examples
    --------
    >>> Rung("storeys", lambda n: "1-2" if n <= 2 else "3+", "storeys in two bands").apply(pd.Series([1, 3])).tolist()
    ['1-2', '3+']
    """

    column: str
    to: Mapping[Any, Any] | Callable[[Any], Any]
    about: str = ""

    def apply(self, values: pd.Series) -> pd.Series:
        """Return the coarser values, as text where they are words."""
        plain = values.astype("object")
        if isinstance(self.to, Mapping):
            coarse = plain.where(~plain.isin(list(self.to)), plain.map(self.to))
        else:
            coarse = plain.map(self.to, na_action="ignore")
        words = [isinstance(value, str) for value in coarse.dropna()]
        return coarse.astype("str") if words and all(words) else coarse.infer_objects()


def band_storeys(storeys: Any) -> str:
    """Return the band of a number of storeys; a band given in words stays.

    Examples
    --------
    >>> [band_storeys(n) for n in (2, 5, 11)]
    ['2', '4-5', '11+']
    """
    if isinstance(storeys, str):
        return storeys
    return next((name for last, name in STOREY_BANDS if storeys <= last), "11+")


def place_nation(region: str) -> str:
    """Return the nation of a region of the trial.

    Examples
    --------
    >>> place_nation("London"), place_nation("Wales")
    ('England', 'Wales')
    """
    return NATIONS.get(region, "England")


def place_meter(meter_class: str) -> str:
    """Return whether a meter stands in its dwelling or outside it.

    Examples
    --------
    >>> place_meter("in_dwelling"), place_meter("riser")
    ('in_dwelling', 'out_of_dwelling')
    """
    return "in_dwelling" if meter_class == "in_dwelling" else "out_of_dwelling"


LADDER = (
    Rung("storeys", band_storeys, "storeys in bands 1, 2, 3, 4-5, 6-10, 11+"),
    Rung("built_band", BUILT_ERAS, "years built in three bands"),
    Rung("region", place_nation, "region to nation"),
    Rung("meter_class", place_meter, "meter place to in or out of the dwelling"),
)
