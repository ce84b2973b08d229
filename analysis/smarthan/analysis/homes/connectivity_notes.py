"""What a reader of a connectivity table must know: what it assumes and what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from .home_reach import Reach

NOT_KNOWN = "not known"
_WORDS = {"country": "country", "region": "region", "lad": "district"}


def tell_connectivity(
    rolled: pd.DataFrame,
    han: pd.DataFrame,
    areas: pd.DataFrame,
    stock: pd.DataFrame,
    by: str,
    reach: Reach,
    chosen: Sequence[str],
    *,
    given: bool,
) -> tuple[str, ...]:
    """Return what a reader must know, in sentences.

    Parameters
    ----------
    rolled : DataFrame
        The release by area.
    han : DataFrame
        From `estimate_areas`.
    areas : DataFrame
        One row an area of the release, with both shares.
    stock : DataFrame
        Its years are named.
    by : str
        Column with the areas.
    reach : Reach
    chosen : sequence of str
        Technologies.
    given : bool
        Whether joint data were given.

    Returns
    -------
    tuple of str
    """
    notes: list[Any] = [
        f"HAN: reached by {' or '.join(chosen)}, judged home by home; a building type's reach is taken as the same in "
        "all areas.",
        "WAN and HAN depend on each other as in the joint data; the sampling error of their odds ratio is left out."
        if given
        else "WAN and HAN are taken as independent within each area and building type: no joint data were given. "
        "least and most hold whatever the dependence.",
        "The WAN share counts every premises: the intervals hold the sampling error of the reach alone.",
    ]
    silent = float((areas["wan_unknown"] * areas["premises"]).sum())
    notes.append(silent and f"{silent:,.0f} premises have no WAN answer: they are in no share (wan_unknown).")
    lost = rolled.loc[rolled[by].astype("str") == NOT_KNOWN, "weight"].sum()
    notes.append(lost and f"{lost:,.0f} premises of the release stand in no known {_WORDS[by]} and are left out.")
    bare = areas.loc[areas["han"].isna(), by].tolist()
    notes.append(bare and f"No HAN share for {_some(bare)}: no premises there that a sampled home stands for.")
    strange = [name for name in han.index if name not in set(areas[by])]
    notes.append(
        strange and f"In the stock and not in the release: {_some(strange)}, {han.loc[strange, 'stock'].sum():,.0f}."
    )
    without = float((han["han_unknown"] * han["stock"]).sum())
    notes.append(without and f"No sampled home stands for {without:,.0f} premises of the stock (han_unknown).")
    aside = han.attrs["undetermined"]
    notes.append(aside and f"{aside:,} homes that answered were not measured with all technologies and are left aside.")
    if "year" in stock:
        years = ", ".join(str(year) for year in sorted(stock["year"].dropna().unique()))
        notes.append(f"Building types by area are those of the stock of {years}; premises those of the release.")
    if reach.adjust == "none":
        notes.append("Non-response was not adjusted for: the HAN shares are biased wherever those who refuse differ.")
    return tuple(note for note in notes if note)


def _some(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
