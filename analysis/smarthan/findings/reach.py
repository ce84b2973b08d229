"""Which technology reaches which homes, in tables with their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.disclosed import disclose, is_hidden, record_rounding, say_hidden
from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.reach_types import (
    MODELLED,
    SHARES,
    disclose_types,
    nearest,
    reach_source,
    say_method,
    say_pairs,
    say_why,
)
from smarthan.findings.words import TECHNOLOGIES

if TYPE_CHECKING:
    from smarthan.analysis import Reach

# In the order of a chart's marks: a cross for falling short.
_VERDICTS = {"pass": "reaches it", "fail": "falls short", "insufficient_evidence": "not enough evidence"}
EVIDENCE_WORDS = {words: words for words in _VERDICTS.values()}
_HEADINGS = {
    "technology": "Technology",
    "building_type": "Building type",
    "estimate": "Share reached",
    "lower": "Lower",
    "upper": "Upper",
    "method": "Interval",
    "n": "Homes",
    "n_psu": "Buildings",
}
_PERCENTS = dict.fromkeys(("estimate", "lower", "upper"), ".1%")


def national_reach_of(reach: Reach) -> Finding:
    """Return the share of GB homes that each technology reaches, widest reach first.

    Parameters
    ----------
    reach : Reach

    Returns
    -------
    Finding
        A table: technology, estimate, lower, upper (shares, 0 to 1), method, homes, buildings, Manski bounds.
    """
    rows = reach.table[reach.table["archetype"].eq("ALL") & reach.table["meter_class"].eq("ALL")]
    bounds = ["manski_low", "manski_high"]
    known = rows[["technology", *SHARES, "method", "n", "n_psu", *bounds]].reset_index(drop=True)
    # A country is no small group: hidden only where a technology was hardly tried at all.
    done = disclose(
        known, dims=["technology"], count="n", contributors=["n_psu"], shares=["estimate"],
        rounded=["n", "n_psu"], coarse=[*SHARES, *bounds],
    )  # fmt: skip
    table = done.table.sort_values("estimate", ascending=False, kind="stable")
    table["technology"] = table["technology"].map(lambda code: TECHNOLOGIES.get(code, code))
    shown = table[~is_hidden(table)]
    return Finding(
        mark(table, synthetic=reach.synthetic),
        "national_reach",
        f"{shown['technology'].iloc[0]} reaches {percent(shown['estimate'].iloc[0], 0)} of homes"
        if len(shown)
        else "Too few homes to show any share",
        "Share of GB homes in which every needed link works, with 95% interval; housing stock of 2011",
        f"A dot with its interval for each technology, over a thin line from all missing failing to all missing "
        f"working. {_say_ends(shown)}" + say_hidden(table, "technology"),
        reach_source(reach),
        n=f"{count(table['n'].max())} homes in {count(table['n_psu'].max())} buildings at most; homes not heard from "
        "are bounded by the thin lines: all of them unreached, all of them reached.",
        method=say_method(rows["method"]),
        notes=(*reach.notes, done.note),
        disclosure=done.record,
        headings=_HEADINGS | {"manski_low": "If all missing fail", "manski_high": "If all missing work"},
        formats=_PERCENTS | {"manski_low": ".1%", "manski_high": ".1%"},
    )


def reach_by_type_of(reach: Reach, technologies: Sequence[str]) -> Finding:
    """Return the share of homes reached by technology and building type.

    Parameters
    ----------
    reach : Reach
    technologies : sequence of str
        Codes of the technologies to show, at most 6.

    Returns
    -------
    Finding
        Long table: technology, building type, estimate, lower, upper, model estimate (shares, 0 to 1), method, homes,
        buildings.
    """
    _require_tried(reach, technologies)
    done = disclose_types(reach, technologies)
    rows = done.table
    table = rows[["technology", "building_type", *SHARES, MODELLED, "method", "n", "n_psu"]].copy()
    table["technology"] = rows["technology"].map(lambda code: TECHNOLOGIES.get(code, code))
    if "status" in rows:
        table["status"] = rows["status"]
    means = table.groupby("building_type", observed=True, sort=False)["estimate"].mean().dropna()
    hardest = means.idxmin() if len(means) else ""
    worst = table[table["building_type"].eq(hardest) & ~is_hidden(table)]
    return Finding(
        mark(table, synthetic=reach.synthetic),
        "reach_by_type",
        "High flats with basement meters are hardest to reach"
        if "basement" in hardest
        else f"Hardest to reach: {hardest.split(',')[0].lower()}"
        if hardest
        else "Too few homes of any type to show",
        "Share of homes reached, with 95% interval, by building type and technology",
        f"One panel a technology, a dot with its interval for each of {table['building_type'].nunique()} building "
        f"types. Hardest: {hardest.lower() or 'not shown'}, where "
        + listed(f"{row.technology} reaches {percent(row.estimate, 0)}" for row in worst.itertuples())
        + ". "
        + _say_model(table)
        + say_pairs(table),
        reach_source(reach),
        n=f"{count(rows['n'].min())} to {count(rows['n'].max())} homes in a dot.",
        method=say_method(rows["method"])
        + " Model: what a Tobit of levels with a level of its own for each building expects of the same homes.",
        notes=("Where the model lies outside the interval, one of the two is wrong: look before quoting.", done.note),
        disclosure=done.record,
        headings=_HEADINGS | {MODELLED: "Model"},
        formats=_PERCENTS | {MODELLED: ".1%"},
    )


def _say_model(table: pd.DataFrame) -> str:
    """Return how often the model lies outside the interval of the direct share."""
    both = table[table["estimate"].notna() & table[MODELLED].notna()]
    off = (both[MODELLED].lt(both["lower"]) | both[MODELLED].gt(both["upper"])).sum()
    return f"Diamonds show a model beside: it lies outside the interval in {off} of {len(both)}." if len(both) else ""


def steps_of(reach: Reach, order: Sequence[str]) -> Finding:
    """Return what each next technology adds to the homes reached, and what remains.

    Parameters
    ----------
    reach : Reach
    order : sequence of str
        Codes in the order in which the technologies are added.

    Returns
    -------
    Finding
        A table: step, share newly reached [per cent] with its interval, cumulative share, premises.
    """
    from smarthan.analysis import marginal_reach

    steps = marginal_reach(reach, order)
    names = [TECHNOLOGIES.get(code, code) for code in steps["technology"]]
    words = [names[0], *(f"and {name}" for name in names[1:-1]), "Reached by none of these"]
    table = pd.DataFrame(
        {
            "step": words,
            # National shares, to the decimal printed: more of them would tell how many homes of the sample are left.
            "share_pct": (steps["share"] * 100).round(1),
            "lower_pct": (steps["lower"] * 100).round(1),
            "upper_pct": (steps["upper"] * 100).round(1),
            "cumulative_pct": (steps["cumulative"] * 100).round(1),
            "premises": steps["premises"].round(-3),
            "method": steps["method"],
        }
    )
    rest = steps.iloc[-1]
    return Finding(
        mark(table, synthetic=reach.synthetic),
        "marginal_reach",
        f"{percent(rest['share'])} of homes are reached by none",
        f"Per cent of GB homes newly reached by each next technology: {listed(names[:-1])}; homes answering for all",
        "Bars, one a step, each starting where the one before ended. "
        + "; ".join(f"{row.step} {row.share_pct:.1f}%" for row in table.itertuples())
        + f". The rest are about {count(rest['premises'] / 1000)} thousand homes of the 2011 stock.",
        reach_source(reach),
        n=f"About {count(nearest(steps['n'].max()))} homes in {count(nearest(steps['n_psu'].max()))} buildings with "
        "an answer for every step; "
        "the first share so differs a little from the national one, which uses every answer for its technology.",
        method=say_method(steps["method"]),
        notes=tuple(_published()),
        disclosure={**record_rounding(len(table)), "reason": "shares of all GB homes, by no group"},
        headings={
            "step": "Step",
            "share_pct": "Newly reached, %",
            "lower_pct": "Lower, %",
            "upper_pct": "Upper, %",
            "cumulative_pct": "Reached so far, %",
            "premises": "Homes, 2011 stock",
            "method": "Interval",
        },
        formats={**dict.fromkeys(("share_pct", "lower_pct", "upper_pct", "cumulative_pct"), ".1f"), "premises": ",.0f"},
    )


def evidence_of(reach: Reach, technologies: Sequence[str], criterion: float) -> Finding:
    """Return whether the trial settles if a technology reaches the wanted share of each building type.

    Parameters
    ----------
    reach : Reach
    technologies : sequence of str
        Codes of the technologies to judge.
    criterion : float
        The wanted share, 0 to 1.

    Returns
    -------
    Finding
        Long table: building type, technology, verdict, estimate, lower, upper, buildings still needed.
    """
    from smarthan.analysis import evidence_sufficiency

    done = disclose_types(reach, technologies)
    keys = ["technology", "archetype", "meter_class"]
    judged = evidence_sufficiency(reach, criterion=criterion).set_index(keys)
    rows = judged.loc[pd.MultiIndex.from_frame(done.table[keys])].reset_index()
    table = done.table[["building_type", "technology", *SHARES]].reset_index(drop=True)
    table["technology"] = table["technology"].map(lambda code: TECHNOLOGIES.get(code, code))
    table.insert(2, "verdict", rows["verdict"].astype("str").map(_VERDICTS))
    table["buildings_needed"], table["note"] = rows["buildings_needed"], say_why(rows["note"])
    if "status" in done.table:
        table["status"] = done.table["status"].to_numpy()
        table.loc[is_hidden(table), ["verdict", "buildings_needed", "note"]] = pd.NA
    shown = table[~is_hidden(table)]
    open_questions = int(shown["verdict"].eq(_VERDICTS["insufficient_evidence"]).sum())
    counts = table["verdict"].value_counts()
    return Finding(
        mark(table, synthetic=reach.synthetic),
        "evidence",
        f"{open_questions} of {len(shown)} questions need more evidence"
        if len(shown)
        else "Too few homes to judge any type",
        f"Is the share reached at least {percent(criterion, 0)}? By building type and technology",
        f"A table of {table['building_type'].nunique()} building types by {table['technology'].nunique()} "
        "technologies: " + listed(f"{number} '{words}'" for words, number in counts.items()) + "." + say_pairs(table),
        reach_source(reach),
        n=f"{len(table)} pairs of building type and technology, {len(table) - len(shown)} of them suppressed.",
        disclosure=done.record,
        method=f"Passes when the lower end of the 95% interval is at least {percent(criterion, 0)}, fails when the "
        "upper end is below "
        "it; otherwise the evidence is not enough. The building is the sampling unit.",
        notes=(
            "Buildings needed: further surveyed buildings at which the interval would settle the question.",
            done.note,
        ),
        headings=_HEADINGS | {"verdict": "Verdict", "buildings_needed": "Further buildings needed", "note": "Note"},
        formats=_PERCENTS,
    )


def answer_reach(
    reach: Reach, order: Sequence[str], criterion: float = 0.95, technologies: Sequence[str] | None = None
) -> str:
    """Return the notebook's answer: who reaches how many homes, which are left, and whether the evidence is enough.

    Parameters
    ----------
    reach : Reach
    order : sequence of str
        As in `steps_of`.
    criterion : float
        The share of homes that a technology should reach.
    technologies : sequence of str, optional
        Codes of those asked that of; those of the order when not given.

    Returns
    -------
    str
    """
    from smarthan.analysis import marginal_reach

    from .reach_needs import answer_needs

    steps = marginal_reach(reach, order)
    rest, leading = steps.iloc[-1], TECHNOLOGIES.get(order[0], order[0])
    # The national figure, from every answer for that technology, as the first chart has it.
    whole = reach.table.set_index(["technology", "archetype", "meter_class"]).loc[(order[0], "ALL", "ALL")]
    types = disclose_types(reach, order[:1]).table
    types = types[~is_hidden(types)].sort_values("estimate", kind="stable")
    hardest = types["building_type"].head(3).str.lower().tolist()
    added = [
        f"- {TECHNOLOGIES.get(row.technology, row.technology)} adds {percent(row.share)} ({percent(row.lower)} to "
        f"{percent(row.upper)})"
        for row in steps.iloc[1:-1].itertuples()
    ]
    return "\n\n".join(
        [
            f"{leading} alone reaches **{percent(whole['estimate'])}** of homes (95% interval "
            f"{percent(whole['lower'])} to {percent(whole['upper'])}).",
            "Of homes that answered for each of these in turn:",
            "\n".join(added),
            f"None of these reaches **{percent(rest['share'])}** ({percent(rest['lower'])} to "
            f"{percent(rest['upper'])}), about "
            f"{count(rest['premises'] / 1000)} thousand homes of the 2011 stock.",
            f"Hardest for {leading}: {listed(hardest)}.",
            answer_needs(reach, technologies or order, criterion),
        ]
    )


def _say_ends(shown: pd.DataFrame) -> str:
    said = [
        f"{row.technology} reaches {percent(row.estimate)} ({percent(row.lower)} to {percent(row.upper)})"
        for row in pd.concat([shown.head(1), shown.iloc[1:].tail(1)]).itertuples()
    ]
    return f"{', '.join(said)}." if said else ""


def _require_tried(reach: Reach, technologies: Sequence[str]) -> None:
    strange = [code for code in technologies if code not in reach.technologies]
    if strange or not technologies:
        tried = ", ".join(reach.technologies)
        raise ValueError(f"technologies: {', '.join(strange) or 'none'} given; the trial tried {tried}")


def _published() -> list[str]:
    from smarthan.analysis import published_reach

    rows = published_reach()
    rows = rows[rows["status"].eq("published")]
    return [
        f"Published for comparison: {percent(row.share, 0)} for "
        + listed(TECHNOLOGIES.get(code, code) for code in row.technology.split("+"))
        + f" ({row.source})."
        for row in rows.itertuples()
    ]
