"""How each stratum answered, as far as it may be told: one pattern for every table by stratum, type or meter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.disclosed import TOTAL, Disclosed, blunt, disclose, is_hidden, tell_hidden
from smarthan.findings.words import ARCHETYPES, building_type

if TYPE_CHECKING:
    from smarthan.trial_data import Trial

COUNTS = ("surveyed", "dwellings_sampled", "buildings_sampled", "buildings_responding")


@dataclass(frozen=True)
class Strata:
    """The strata of a trial after disclosure control, and which sums of them stay hidden.

    Attributes
    ----------
    rows : Disclosed
        One row a stratum and a last row ALL: stratum_id, building_type, surveyed, dwellings_sampled,
        buildings_sampled, buildings_responding (rounded), response_share (0 to 1).
    archetypes, meters : frozenset of str
        Those whose own sums are hidden, so that no table by type or by meter gives a stratum away.
    """

    rows: Disclosed
    archetypes: frozenset[str]
    meters: frozenset[str]


def disclose_strata(trial: Trial) -> Strata:
    """Return how each stratum answered, judged together with the sums by archetype and by the meter's place.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    Strata
    """
    cells = _count_cells(trial)
    shares = ["response_share", "answered_share"]
    dims = ["archetype", "meter_class", "stratum_id"]
    done = disclose(
        cells, dims=dims, count=COUNTS[0], contributors=COUNTS[1:], shares=shares, values=[*COUNTS, *shares],
        rounded=COUNTS, coarse=shares,
    )  # fmt: skip
    # Homes of a stratum that weigh the same make the weighted share one count over another.
    table = blunt(done.table, dict.fromkeys(shares, "dwellings_sampled"))
    hidden = is_hidden(table)
    is_sum = table["stratum_id"].eq(TOTAL)
    is_all = is_sum & table["archetype"].eq(TOTAL) & table["meter_class"].eq(TOTAL)
    rows = table[~is_sum | is_all].drop(columns=["archetype", "meter_class", "answered_share"])
    if "status" in rows:
        rows = tell_hidden(rows)
    record = done.record | {"cells": len(rows), "cells_suppressed": int(is_hidden(rows).sum())}
    sums = {name: table.loc[hidden & is_sum & table[name].ne(TOTAL), name] for name in dims[:2]}
    return Strata(Disclosed(rows, record), *(frozenset(sums[name]) for name in dims[:2]))


def _count_cells(trial: Trial) -> pd.DataFrame:
    """Return one row a stratum, one a sum by archetype and by meter, and one for all, last."""
    from smarthan.trial_data import response_rates

    rates = response_rates(trial)
    rates = rates.assign(
        surveyed=rates["complete"] + rates["partial"],
        response_share=rates["response_rate_weighted"],
        answered_share=rates["response_rate"],
    )[["stratum_id", *COUNTS, "response_share", "answered_share"]]
    kinds = trial["frame"].set_index("stratum_id")[["archetype", "meter_class"]].astype("str")
    strata = rates[rates["stratum_id"].isin(kinds.index)].join(kinds, on="stratum_id")
    strata.insert(
        1, "building_type", [building_type(*pair) for pair in strata[["archetype", "meter_class"]].to_numpy()]
    )
    strata["meter_class"] = strata["meter_class"].replace(TOTAL, "any")
    words = {"stratum_id": TOTAL, "building_type": ARCHETYPES[TOTAL], "archetype": TOTAL, "meter_class": TOTAL}
    # Sums over the strata, not what the trial says of all: only what adds up can be judged together.
    sums = [strata.groupby(name, sort=False)[list(COUNTS)].sum().reset_index() for name in ("archetype", "meter_class")]
    whole = rates[rates["stratum_id"].eq(TOTAL)].assign(**words, **strata[list(COUNTS)].sum().to_dict())
    filled = [part.assign(**{name: word for name, word in words.items() if name not in part}) for part in sums]
    return pd.concat([strata, *filled, whole], ignore_index=True)
