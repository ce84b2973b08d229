"""What the trial's buildings are like and who is missing, in tables with their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.words import ARCHETYPES, WALLS, building_type

if TYPE_CHECKING:
    from smarthan.trial_data import Trial


def trial_source(trial: Trial) -> str:
    """Return the source line of everything made from a trial."""
    made = "Synthetic building characterisation trial, made from a seed" if trial.synthetic else "Building trial"
    return f"{made}; own calculation."


def accounts_of(trial: Trial) -> Finding:
    """Return the account of every row of the trial: read = accepted + quarantined.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    Finding
        A table: one row a file, and their sum.
    """
    table = trial.summary()
    total = table.iloc[-1]
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "trial_accounts",
        f"{count(total['quarantined'])} of {count(total['read'])} rows quarantined",
        "Rows of each trial table: read, accepted, set aside with a reason, and marked",
        "",
        trial_source(trial),
        n="Read = accepted + quarantined, checked against a count made on the bytes of each file.",
        notes=(
            "A quarantined row keeps its file, line, column, rule and original text; nothing was repaired silently.",
        ),
        headings={
            "table": "Table",
            "read": "Read",
            "accepted": "Accepted",
            "quarantined": "Quarantined",
            "nulled_cells": "Cells emptied",
            "flagged_rows": "Rows flagged",
            "repaired_cells": "Spellings repaired",
        },
    )


def profile_of(trial: Trial) -> Finding:
    """Return how many buildings and homes of each archetype were sampled, and their storeys.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    Finding
        A table: one row an archetype, and all.
    """
    from smarthan.trial_data import building_profile

    table = building_profile(trial)
    table["archetype"] = table["archetype"].astype("str").map(lambda word: ARCHETYPES.get(word, word))
    total = table.iloc[-1]
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "building_profile",
        f"{count(total['buildings'])} buildings, {count(total['dwellings_responding'])} homes surveyed",
        "Buildings and homes in the sample by archetype, with their storeys; unweighted counts",
        "",
        trial_source(trial),
        n=f"{count(total['buildings'])} buildings; {count(total['dwellings_sampled'])} homes sampled in them.",
        headings={
            "archetype": "Archetype",
            "buildings": "Buildings",
            "dwellings": "Homes in them",
            "dwellings_sampled": "Homes sampled",
            "dwellings_responding": "Homes surveyed",
            "storeys_least": "Storeys, least",
            "storeys_median": "Storeys, median",
            "storeys_most": "Storeys, most",
        },
        formats={"storeys_median": ".0f"},
    )


def response_of(trial: Trial) -> Finding:
    """Return the share of sampled homes that were surveyed, by building type, lowest first.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    Finding
        A table: building type, response [per cent, 0 to 100], homes sampled and surveyed.
    """
    from smarthan.trial_data import response_rates

    rates = response_rates(trial)
    kinds = trial["frame"].set_index("stratum_id")[["archetype", "meter_class"]].astype("str")
    strata = rates[rates["stratum_id"].isin(kinds.index)]
    table = pd.DataFrame(
        {
            "building_type": [building_type(*kinds.loc[stratum]) for stratum in strata["stratum_id"]],
            "response_pct": strata["response_rate_weighted"].to_numpy() * 100,
            "sampled": strata["dwellings_sampled"].to_numpy(),
            "surveyed": (strata["complete"] + strata["partial"]).to_numpy(),
        }
    ).sort_values("response_pct", kind="stable")
    overall = rates.loc[rates["stratum_id"].eq("ALL"), "response_rate_weighted"].iloc[0]
    low, high = table.iloc[0], table.iloc[-1]
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "response",
        f"{percent(overall, 0)} of homes took part; fewest in high flats"
        if low["building_type"].startswith("High flat")
        else f"{percent(overall, 0)} of sampled homes took part",
        "Per cent of eligible sampled homes surveyed in full or in part, design-weighted, by building type",
        f"Bars from {low['response_pct']:.0f}% ({low['building_type']}) to {high['response_pct']:.0f}% "
        f"({high['building_type']}). Over all types {percent(overall, 0)} took part.",
        trial_source(trial),
        n=f"{count(table['sampled'].sum())} homes sampled, {count(table['surveyed'].sum())} surveyed.",
        method="Weights are the inverse of the chance of selection.",
        headings={
            "building_type": "Building type",
            "response_pct": "Response, %",
            "sampled": "Homes sampled",
            "surveyed": "Homes surveyed",
        },
        formats={"response_pct": ".1f"},
    )


def walls_of(trial: Trial) -> Finding:
    """Return what the outer walls are made of, by archetype; rarer kinds stand together.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    Finding
        Wide table: archetype, then the share (0 to 1) of each kind of wall.
    """
    from smarthan.trial_data import building_shares

    shares = building_shares(trial)
    kind = shares["wall_type"].astype("str").map(WALLS)
    unknown = shares["wall_type"].astype("str").isin(["u", "not recorded"])
    shares["wall"] = kind.where(kind.notna(), "Other").mask(unknown, "Not known")
    wide = shares.pivot_table(
        index="archetype", columns="wall", values="share", aggfunc="sum", sort=False, observed=True
    )
    order = [word for word in (*WALLS.values(), "Other", "Not known") if word in wide]
    table = wide[order].reset_index()
    table["archetype"] = table["archetype"].astype("str").map(lambda word: ARCHETYPES.get(word, word))
    table = table[table["archetype"].ne(ARCHETYPES["ALL"])]
    leading = table.set_index("archetype")[order].idxmax(axis=1)
    return Finding(
        mark(table.rename_axis(columns=None), synthetic=trial.synthetic),
        "walls",
        f"{leading.mode().iloc[0]} is the commonest wall",
        "Share of sampled buildings by material of the outer wall and archetype; unweighted",
        "Stacked bars, one an archetype. Commonest wall: "
        + "; ".join(f"{kind.lower()} {wall.lower()}" for kind, wall in leading.items())
        + ".",
        trial_source(trial),
        n=f"{count(len(trial['buildings']))} buildings.",
        headings={"archetype": "Archetype"},
        formats=dict.fromkeys(order, ".0%"),
    )


def gaps_of(trial: Trial, *, most: int = 10) -> Finding:
    """Return the items most often missing among those collected.

    Parameters
    ----------
    trial : Trial
    most : int
        How many to keep.

    Returns
    -------
    Finding
        A table: table, column, rows, missing, share missing (0 to 1), share looked for and unknown.
    """
    from smarthan.trial_data import item_missingness

    items = item_missingness(trial)
    worst = items[items["is_collected"]].sort_values(
        ["missing_share", "table", "column"], ascending=[False, True, True]
    )
    table = worst.head(most)[["table", "column", "rows", "missing", "missing_share", "unknown_share"]]
    never = items.loc[~items["is_collected"], "column"].tolist()
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "missing_items",
        f"Most often missing: {table['column'].iloc[0]} ({percent(table['missing_share'].iloc[0], 0)})",
        "Items with the largest share of empty cells, among those the trial collected",
        "",
        trial_source(trial),
        n=f"{len(items)} optional items; {len(never)} were not collected at all.",
        notes=("An empty cell is missing, which is not the same as no.",),
        headings={
            "table": "Table",
            "column": "Item",
            "rows": "Rows",
            "missing": "Missing",
            "missing_share": "Share missing",
            "unknown_share": "Looked for, unknown",
        },
        formats={"missing_share": ".1%", "unknown_share": ".1%"},
    )


def answer_buildings(trial: Trial) -> str:
    """Return the notebook's answer: what was surveyed, who is missing, what was set aside.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    str
    """
    profile, response, account = profile_of(trial).table.iloc[-1], response_of(trial).table, trial.summary().iloc[-1]
    low = response.iloc[0]
    below = response.loc[response["response_pct"].lt(70), "building_type"].str.lower().tolist()
    return "\n\n".join(
        [
            f"The trial describes **{count(profile['buildings'])} buildings**; "
            f"{count(profile['dwellings_responding'])} "
            f"of {count(profile['dwellings_sampled'])} sampled homes in them were surveyed.",
            f"Fewest took part in {low['building_type'].lower()}: {low['response_pct']:.0f}%. Below 70%: "
            f"{listed(below)}. "
            "Estimates are adjusted for this; an adjustment cannot see differences within a building type.",
            f"Of {count(account['read'])} rows, {count(account['quarantined'])} are in quarantine with their reasons, "
            f"and {count(account['flagged_rows'])} are kept but flagged.",
        ]
    )
