"""What the trial's buildings are like and who is missing, in tables with their words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.disclosed import (
    TOTAL,
    Disclosed,
    blunt,
    coarsen,
    disclose,
    is_hidden,
    record_exception,
    record_rounding,
    say_hidden,
    tell_hidden,
)
from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.strata import disclose_strata
from smarthan.findings.words import ARCHETYPES, WALLS, item

if TYPE_CHECKING:
    from smarthan.trial_data import Trial

# One class for what is rare: a bar is shown when each of its parts is of ten buildings or more.
OTHER_WALLS = "Concrete, other or not known"
MOST_HIDDEN = 0.5  # of the bars; assumed. With more hidden a coarser table says more.
_KINDS = {code: "Flats" if code.startswith("flat") else "Houses" for code in list(ARCHETYPES)[:8]} | dict.fromkeys(
    ("mixed_use", "non_domestic"), "Other"
)


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
        # Rows of whole files, by no characteristic of a building or a home: the account has to be exact to be checked.
        disclosure=record_exception("rows of whole files, by no characteristic of anybody"),
    )


def profile_of(trial: Trial) -> Finding:
    """Return how many buildings and homes of each archetype were sampled, and their median of storeys.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    Finding
        A table: one row an archetype, and all. The least and the most storeys are those of one building, and stay in
        the house.
    """
    from smarthan.trial_data import building_profile

    counts = ["dwellings_responding", "buildings", "dwellings", "dwellings_sampled"]
    known = building_profile(trial).drop(columns=["storeys_least", "storeys_most"])
    done = disclose(
        known, dims=["archetype"], count=counts[0], contributors=counts[1:], rounded=counts,
        hidden=known["archetype"].isin(disclose_strata(trial).archetypes),
    )  # fmt: skip
    table = done.table
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
        notes=(done.note,),
        disclosure=done.record,
        headings={
            "archetype": "Archetype",
            "buildings": "Buildings",
            "dwellings": "Homes in them",
            "dwellings_sampled": "Homes sampled",
            "dwellings_responding": "Homes surveyed",
            "storeys_median": "Storeys, median",
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
        A table: building type, response [per cent, 0 to 100], homes sampled and surveyed (rounded); last those
        suppressed.
    """
    done = disclose_strata(trial).rows
    strata, total = done.table[done.table["stratum_id"].ne(TOTAL)], done.table.iloc[-1]
    table = strata[["building_type", "response_share", "dwellings_sampled", "surveyed"]].rename(
        columns={"dwellings_sampled": "sampled"}
    )
    table.insert(1, "response_pct", (table.pop("response_share") * 100).round(1))
    if "status" in strata:
        table = tell_hidden(table.assign(status=strata["status"]))
    table = table.sort_values("response_pct", kind="stable", na_position="last")
    overall, shown = total["response_share"], table[~is_hidden(table)]
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "response",
        f"{_say_share(overall)} of homes took part; fewest in high flats"
        if shown["building_type"].head(1).str.startswith("High flat").any()
        else f"{_say_share(overall)} of sampled homes took part",
        "Per cent of eligible sampled homes surveyed in full or in part, design-weighted, by building type",
        f"{_say_range(shown)}Over all types the share that took part is {_say_share(overall)}."
        + say_hidden(table, "building_type"),
        trial_source(trial),
        n=f"{count(total['dwellings_sampled'])} homes sampled, {count(total['surveyed'])} surveyed.",
        notes=(done.note,),
        disclosure=done.record,
        method="Weights are the inverse of the chance of selection.",
        headings={
            "building_type": "Building type",
            "response_pct": "Response, %",
            "sampled": "Homes sampled",
            "surveyed": "Homes surveyed",
        },
        formats={"response_pct": ".1f"},
    )


def _say_range(shown: pd.DataFrame) -> str:
    if shown.empty:
        return ""
    low, high = shown.iloc[0], shown.iloc[-1]
    return (
        f"Bars from {low['response_pct']:.0f}% ({low['building_type']}) to {high['response_pct']:.0f}% "
        f"({high['building_type']}). "
    )


def walls_of(trial: Trial) -> Finding:
    """Return what the outer walls are made of, by archetype; rarer kinds stand together.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    Finding
        Wide table: archetype, then the share (0 to 1) of each kind of wall. A bar of which one part is hidden is
        hidden whole: what is left of 100% would tell. Where most bars would be hidden, houses and flats stand for
        the archetypes.
    """
    order = [*WALLS.values(), OTHER_WALLS]
    done = _disclose_walls(trial, {})
    table = _share_walls(done.table, order)
    if is_hidden(table).mean() > MOST_HIDDEN:
        done = _disclose_walls(trial, _KINDS)
        table = _share_walls(done.table, order)
    done = _count_bars(done, table, len(order))
    table["archetype"] = table["archetype"].map(lambda word: ARCHETYPES.get(word, word))
    shown = table[~is_hidden(table)].set_index("archetype")[order]
    leading = shown.idxmax(axis=1) if len(shown) else pd.Series(dtype="str")
    return Finding(
        mark(table.rename_axis(columns=None), synthetic=trial.synthetic),
        "walls",
        f"{leading.mode().iloc[0]} is the commonest wall" if len(shown) else "Too few buildings to show their walls",
        "Share of sampled buildings by material of the outer wall and archetype; unweighted",
        "Stacked bars, one an archetype. Commonest wall: "
        + ("; ".join(f"{kind.lower()} {wall.lower()}" for kind, wall in leading.items()) or "not shown")
        + "."
        + say_hidden(table, "archetype"),
        trial_source(trial),
        n=f"{count(done.table.iloc[-1]['buildings'])} buildings.",
        notes=(done.note,),
        disclosure=done.record,
        headings={"archetype": "Archetype"},
        formats=dict.fromkeys(order, ".0%"),
    )


def _disclose_walls(trial: Trial, kinds: Mapping[str, str]) -> Disclosed:
    """Return buildings by kind and wall with both totals; few classes, so that each can be shown."""
    from smarthan.trial_data import building_shares

    shares = building_shares(trial)
    words = shares.assign(wall=shares["wall_type"].astype("str").map(WALLS).fillna(OTHER_WALLS))
    words = words[words["archetype"].astype("str").ne(TOTAL)]
    words = words.assign(archetype=words["archetype"].astype("str").map(lambda word: kinds.get(word, word)))
    cells = words.groupby(["archetype", "wall"], sort=False, observed=True)["buildings"].sum().reset_index()
    totals = [
        cells.groupby(list(kept), sort=False)["buildings"].sum().reset_index().assign(**{dropped: TOTAL})
        for kept, dropped in ((("archetype",), "wall"), (("wall",), "archetype"))
    ]
    whole = pd.DataFrame({"archetype": [TOTAL], "wall": [TOTAL], "buildings": [cells["buildings"].sum()]})
    table = pd.concat([cells, *totals, whole], ignore_index=True)
    return disclose(table, dims=["archetype", "wall"], count="buildings", rounded=["buildings"])


def _share_walls(cells: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Return one row a kind of building with the share of each wall, from counts as they are shown."""
    inner = cells[cells["archetype"].ne(TOTAL) & cells["wall"].ne(TOTAL)]
    counts = inner.pivot(index="archetype", columns="wall", values="buildings")[order].astype("float64")
    counts = counts.loc[inner["archetype"].drop_duplicates()]
    table = coarsen(counts.div(counts.sum(axis=1, skipna=False), axis=0).reset_index(), coarse=order)
    hidden = table[order].isna().any(axis=1)
    table[order] = table[order].mask(hidden)
    return tell_hidden(table.assign(status=hidden.map({True: "suppressed", False: "shown"})))


def _count_bars(done: Disclosed, table: pd.DataFrame, parts: int) -> Disclosed:
    """Return the record of the bars shown: each hidden one hides all its parts."""
    hidden = int(is_hidden(table).sum())
    verdict = "review" if hidden else done.record["verdict"]
    counts = {"cells": parts * len(table), "cells_suppressed": parts * hidden, "verdict": verdict}
    return Disclosed(done.table, done.record | counts)


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
    table = _disclose_gaps(
        worst.head(most)[["table", "column", "rows", "missing", "missing_share", "unknown_share"]].reset_index(
            drop=True
        )
    )
    table = table.assign(table=table["table"].map(item).array, column=table["column"].map(item).array)
    never = items.loc[~items["is_collected"], "column"].tolist()
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "missing_items",
        f"Most often missing: {table['column'].iloc[0]} ({_say_share(table['missing_share'].iloc[0])})",
        "Items with the largest share of empty cells, among those the trial collected",
        "",
        trial_source(trial),
        n=f"{len(items)} optional items; {len(never)} were not collected at all.",
        notes=(
            "An empty cell is missing, which is not the same as no.",
            "Disclosure control: fewer than 10 empty cells in rows on buildings or homes are suppressed, and counts of "
            "them are rounded to the nearest 5; those on instruments, surveyors and the frame are exact.",
        ),
        disclosure={
            **record_rounding(len(table)),
            "cells_suppressed": int(is_hidden(table).sum()),
            "reason": "items of the whole trial; rows on instruments, surveyors and the frame concern no home",
        },
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


def _disclose_gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Hide few empty cells of tables about homes and round the rest; instruments and the frame are nobody's home."""
    from smarthan.trial_data import publish

    homes = ~table["table"].isin(["instruments", "surveyors", "frame"])
    of_homes = table[homes]
    if of_homes.empty:
        return table
    values = ["missing", "missing_share", "unknown_share"]
    # Each item divides its rows into empty and filled ones and adds up to no other item: no totals, no secondary cells.
    done = publish(of_homes, dims=["table", "column"], count="missing", values=values).table
    done = blunt(coarsen(done, rounded=["rows", "missing"]), dict.fromkeys(values[1:], "rows"))
    joined = pd.concat([done, table[~homes].assign(status="shown")]).loc[table.index]
    # Hidden items last: their place among the others would tell how many cells are empty.
    joined = joined.sort_values("status", kind="stable", key=lambda status: status.ne("shown"))
    return tell_hidden(joined)


def _say_share(share: float) -> str:
    return "suppressed" if pd.isna(share) else percent(share, 0)


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
    response = response[~is_hidden(response)]
    below = response.loc[response["response_pct"].lt(70), "building_type"].str.lower().tolist()
    return "\n\n".join(
        [
            f"The trial describes **{count(profile['buildings'])} buildings**; "
            f"{count(profile['dwellings_responding'])} "
            f"of {count(profile['dwellings_sampled'])} sampled homes in them were surveyed.",
            f"{_say_fewest(response)}Below 70%: {listed(below)}. "
            "Estimates are adjusted for this; an adjustment cannot see differences within a building type.",
            f"Of {count(account['read'])} rows, {count(account['quarantined'])} are in quarantine with their reasons, "
            f"and {count(account['flagged_rows'])} are kept but flagged.",
        ]
    )


def _say_fewest(shown: pd.DataFrame) -> str:
    if shown.empty:
        return "How each building type answered is suppressed: too few of each were asked. "
    low = shown.iloc[0]
    return f"Fewest took part in {low['building_type'].lower()}: {low['response_pct']:.0f}%. "
