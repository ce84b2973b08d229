"""Reach by building type and technology, as far as it may be told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.disclosed import TOTAL, Disclosed, blunt, disclose, is_hidden, tell_hidden
from smarthan.findings.finding import listed
from smarthan.findings.words import METHODS, building_type

if TYPE_CHECKING:
    from smarthan.analysis import Reach

SHARES = ("estimate", "lower", "upper")
MODELLED = "model_estimate"
MOST_NAMED = 4  # types in one sentence


def disclose_types(reach: Reach, technologies: Sequence[str]) -> Disclosed:
    """Return the finest estimates, each technology judged by the homes and buildings behind its types and its total."""
    table = reach.table[reach.table["technology"].isin(technologies) & reach.table["estimate"].notna()]
    columns = ["technology", "archetype", "meter_class", *SHARES, MODELLED, "method", "n", "n_psu"]
    types = finest_types(table)[columns]
    # The national row is shown elsewhere: what is hidden here must not follow from it.
    totals = types.groupby("technology", sort=False, observed=True)[["n", "n_psu"]].sum().reset_index()
    whole = table[table["archetype"].eq(TOTAL) & table["meter_class"].eq(TOTAL)][["technology", "estimate", "method"]]
    totals = pd.concat([totals.set_index("technology"), whole.set_index("technology")], axis="columns").reset_index()
    known = pd.concat([types, totals.assign(archetype=TOTAL, meter_class=TOTAL)], ignore_index=True)
    known = known[known["technology"].isin(types["technology"])]
    values = [*SHARES, MODELLED, "method", "n", "n_psu"]
    done = disclose(
        known, dims=["archetype", "meter_class"], count="n", contributors=["n_psu"], shares=["estimate"], values=values,
        rounded=["n", "n_psu"], coarse=[*SHARES, MODELLED], by="technology",
    )  # fmt: skip
    # Homes of one type weigh much the same: its share is nearly a count over a count, unlike that of a country.
    kept = blunt(finest_types(done.table), {"estimate": "n"})
    names = [building_type(*pair) for pair in zip(kept["archetype"], kept["meter_class"], strict=True)]
    kept = kept.assign(building_type=pd.array(names, dtype="str"))
    return Disclosed(tell_hidden(kept) if "status" in kept else kept, done.record)


def say_pairs(table: pd.DataFrame) -> str:
    """Return a sentence on the types that are hidden for each technology; many are counted rather than named."""
    said = []
    for technology, types in table[is_hidden(table)].groupby("technology", sort=False)["building_type"]:
        names = types.str.lower().tolist()
        said.append(f"for {technology} {listed(names) if len(names) < MOST_NAMED else f'{len(names)} types'}")
    return f" Suppressed: {'; '.join(said)}." if said else ""


def say_why(notes: pd.Series) -> pd.Series:
    """Return notes without the exact number of buildings that stands in some of them."""
    return notes.astype("str").str.replace(r" the present \d+ buildings", " the present buildings", regex=True)


def finest_types(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the finest rows: an archetype with its meter's place."""
    return table[table["archetype"].ne("ALL") & table["meter_class"].ne("ALL")]


def nearest(number: float) -> int:
    """Return a count to the nearest 5, as counts of a trial are told."""
    return 5 * round(number / 5)


def reach_source(reach: Reach) -> str:
    """Return the source line of everything made from a reach."""
    trial = "Synthetic building trial, made from a seed" if reach.synthetic else "Building trial"
    return f"{trial}; housing stock: Census 2011 (ONS) and Scottish House Condition Survey 2011; own calculation."


def say_method(methods: pd.Series) -> str:
    """Return how the shares were weighted and which intervals they have."""
    names = sorted({METHODS.get(name, name) for name in methods.dropna().astype("str") if name != "none"})
    weighting = "Design-weighted, post-stratified to the housing stock"
    return f"{weighting}; interval: {listed(names)}; the building is the sampling unit."


def round_homes(notes: Sequence[str]) -> list[str]:
    """Return notes with their counts of homes to the nearest 5, as tables have them.

    Examples
    --------
    >>> round_homes(["1,032 homes that answered have no known mount."])
    ['About 1,030 homes that answered have no known mount.']
    """

    def say(found: re.Match[str]) -> str:
        return f"About {nearest(int(found[1].replace(',', ''))):,} homes"

    return [re.sub(r"^(\d[\d,]*) homes", say, note) for note in notes]
