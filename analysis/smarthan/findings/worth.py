"""What more information would be worth, and what a trial would bring: points, money, and over how many buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.findings.finding import Finding, count, headline, listed, mark, several
from smarthan.findings.rows import cell_in_words, rows_in_words
from smarthan.findings.scores import appraisal_source, set_words

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal, Decision, Simulation, ValueOfInformation

_MILLION = 1e6
# The rule of the decision: of a flat top, the smallest trial that is nearly as good (docs/assumptions.md).
_NEAR_BEST = 0.95
_SET_METHOD = "Weights are values, not facts, so each set of weights has a worth of its own."


_LEARNT = {
    "cell": "one score or gate",
    "criterion": "all scores of one criterion",
    "option": "everything about one option",
    "evidence_gap": "the weak or missing scores of one criterion",
}


def evpi_of(appraisal: Appraisal, information: ValueOfInformation) -> Finding:
    """Return what it would be worth to know every score and gate before choosing.

    Parameters
    ----------
    appraisal : Appraisal
    information : ValueOfInformation

    Returns
    -------
    Finding
        A table: weight set, value [points] with its standard error, and in GBP million where a point has a price.
    """
    simulation, price = information.simulation, information.money_per_point
    table = information.evpi[["weight_set", "value", "se"]].copy()
    if price is not None:
        table["gbp_million"] = table["value"] * price / _MILLION
    ends = f"{table['value'].min():.2f} to {table['value'].max():.2f}" if len(table) > 1 else f"{table['value'][0]:.2f}"
    table["weight_set"] = table["weight_set"].map(set_words)
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "perfect_information",
        f"Knowing everything first would be worth {ends} points",
        "Expected gain from knowing every score and gate before choosing one option, by who stated the weights",
        "",
        appraisal_source(appraisal),
        n=f"{count(simulation.draws)} draws, seed {simulation.seed}.",
        method=f"Expected value of perfect information, with its Monte Carlo standard error. {_SET_METHOD}",
        notes=(_say_price(appraisal, price),),
        headings={
            "weight_set": "Weights of",
            "value": "Points",
            "se": "Standard error",
            "gbp_million": "GBP million",
        },
        formats={"value": ".2f", "se": ".3f", "gbp_million": ",.2f"},
    )


def _say_price(appraisal: Appraisal, price: np.ndarray | None) -> str:
    if price is not None and appraisal.money is not None:
        name = next(one.label for one in appraisal.criteria if one.id == appraisal.money.criterion)
        return (
            f"A point is priced by the weight of '{name}' over {count(appraisal.money.premises)} premises: "
            f"GBP {price.min() / _MILLION:,.2f} to {price.max() / _MILLION:,.2f} million."
        )
    if appraisal.money is None:
        return "A point has no price here: the appraisal names no criterion in money, so that costs are not weighed."
    return "A point has no price here: the criterion in money has no weight in some set."


def information_of(appraisal: Appraisal, simulation: Simulation, *, by: str = "cell", most: int = 10) -> Finding:
    """Return what it would be worth to know single scores, or the gaps of evidence, for certain.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation
    by : {"cell", "criterion", "option", "evidence_gap"}
        What is learnt together.
    most : int
        How many to keep, those of most worth.

    Returns
    -------
    Finding
        A table: what (in words), least, median, most over the weight sets [points], rows.
    """
    information = simulation.value_of_information(by)
    raw, useful = information.table, information.useful
    worth = useful.head(most)
    cells = list(zip(worth["option"], worth["criterion"], strict=True))
    table = pd.DataFrame(
        {
            "what": [_what(appraisal, *cell, by) for cell in cells],
            "least": worth["least"],
            "median": worth["median"],
            "most": worth["most"],
            "row": [_rows(appraisal, *cell, by) for cell in cells],
        }
    )
    nothing = f"{'No range is stated' if raw.empty else 'Nothing that is uncertain could change the best choice'}"
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        f"information_by_{by}",
        _information_title(table, len(useful), len(raw), by),
        f"Expected gain in points (0 to 100) from knowing {_LEARNT[by]} for certain before choosing: median and range "
        "over the weight sets",
        _information_alt(table),
        appraisal_source(appraisal),
        n=f"The {len(table)} of most worth, of {len(raw)} uncertain; {len(raw) - len(useful)} are worth nothing "
        "(less than shows in three decimals).",
        method="Expected value of partial perfect information, exact for scores that are independent. " + _SET_METHOD,
        headings={
            "what": "Learnt",
            "least": "Least, points",
            "median": "Median, points",
            "most": "Most, points",
            "row": "Rows",
        },
        formats=dict.fromkeys(("least", "median", "most"), ".3f"),
        drawn={"label": "what", "middle": "median", "least": "least", "most": "most", "axis_label": "Points"},
        missing="" if len(table) else f"{nothing}, so that learning any one thing alone is worth 0 points.",
    )


def _information_title(table: pd.DataFrame, useful: int, total: int, by: str) -> str:
    if table.empty:
        return "No single score is worth knowing better"
    gap = by == "evidence_gap"
    first = str(table["what"].iloc[0])
    return headline(
        f"Most worth knowing: {first.partition(' (')[0] if gap else first}",
        f"{useful} of {total} {'gaps of evidence are worth closing' if gap else 'things are worth knowing better'}",
    )


def _what(appraisal: Appraisal, option: str, criterion: str, by: str) -> str:
    if option == "*":
        of = "weak or missing scores" if by == "evidence_gap" else "all options"
        return f"{cell_in_words(appraisal, '', criterion)} ({of})"
    if criterion == "*":
        return f"{cell_in_words(appraisal, option, '')} (all criteria)"
    return cell_in_words(appraisal, option, criterion)


def _rows(appraisal: Appraisal, option: str, criterion: str, by: str) -> str:
    options = [option] if option != "*" else [one.id for one in appraisal.options]
    criteria = [criterion] if criterion != "*" else [one.id for one in appraisal.criteria]
    cells = [appraisal.cells[o, c] for o in options for c in criteria]
    if by == "evidence_gap":
        cells = [cell for cell in cells if any(one.is_missing or one.confidence in ("low", "") for one in cell)]
    return rows_in_words(appraisal, [one for cell in cells for one in cell])


def _information_alt(table: pd.DataFrame) -> str:
    if table.empty:
        return ""
    said = "; ".join(
        f"{row.what} {row.median:.2f} ({row.least:.2f} to {row.most:.2f})" for row in table.head(5).itertuples()
    )
    return f"Bars of median worth in points, each with its range over the weight sets. The first: {said}."


def curve_of(appraisal: Appraisal, decision: Decision, trial: str | None = None) -> Finding:
    """Return what a trial would be worth over its number of buildings: median of the weight sets, least and most.

    Parameters
    ----------
    appraisal : Appraisal
    decision : Decision
    trial : str, optional
        Identifier; the trial decided on if not given, else the one of best median worth.

    Returns
    -------
    Finding
        A table: buildings, least, median, most: GBP million net of its cost, or points where a point has no price.

    Raises
    ------
    ValueError
        When no such trial is on offer.
    """
    curve = decision.curve
    if curve.empty:
        return _no_trial(appraisal)
    value = "points" if curve["enbs_gbp"].isna().all() else "GBP million"
    worth = curve["evsi"] if value == "points" else curve["enbs_gbp"] / _MILLION
    grouped = worth.groupby([curve["trial"], curve["buildings"]], sort=True)
    spread = (
        grouped.agg(["min", "median", "max"])
        .reset_index()
        .set_axis(["trial", "buildings", "least", "median", "most"], axis=1)
    )
    chosen = trial or decision.trial or str(spread.loc[spread["median"].idxmax(), "trial"])
    known = {one.id: one for one in appraisal.trials}
    if chosen not in spread["trial"].unique():
        raise ValueError(f"trial is {chosen!r}; on offer: {', '.join(spread['trial'].unique())}")
    label = known[chosen].label if chosen in known else chosen
    table = spread[spread["trial"].eq(chosen)].drop(columns="trial").reset_index(drop=True)
    size = decision.buildings if decision.trial == chosen else _find_size(table, value, decision.regrets.max_regret)
    others = [known[one].label for one in spread["trial"].unique() if one != chosen and one in known]
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "trial_worth",
        _curve_title(table, size, value),
        f"{'Net benefit in GBP million' if value != 'points' else 'Gain in points, no cost weighed,'} of a trial of "
        f"'{label.lower()}' over its number of buildings; median weight set and range over the sets",
        _curve_alt(table, size, value),
        appraisal_source(appraisal),
        n=f"{several(len(table), 'size')} of the trial, {several(curve['weight_set'].nunique(), 'set')} of weights."
        + (f" Also on offer, and of less worth: {listed(others)}." if others else ""),
        method=_curve_method(value),
        notes=_say_first_rule(decision),
        headings={
            "buildings": "Buildings",
            "least": f"Least, {value}",
            "median": f"Median, {value}",
            "most": f"Most, {value}",
        },
        formats=dict.fromkeys(("least", "median", "most"), ".2f"),
        drawn={
            "size": "buildings",
            "middle": "median",
            "least": "least",
            "most": "most",
            "chosen": size,
            "chosen_label": _mark_words(table, size, value),
            "size_label": "Buildings in the trial",
            "axis_label": value,
        },
    )


def _say_first_rule(decision: Decision) -> tuple[str, ...]:
    """Say why a trial that would be worth its cost is not the verdict, where it is not."""
    if decision.verdict != "shortlist":
        return ()
    return (
        "The rule asks first whether a shortlist keeps regret within what is allowed; it does, so that no trial has to "
        "come before consulting. What one would bring is shown for those who would rather choose a single option.",
    )


def _no_trial(appraisal: Appraisal) -> Finding:
    return Finding(
        mark(pd.DataFrame(), synthetic=appraisal.synthetic),
        "trial_worth",
        "No trial is on offer",
        "",
        "",
        appraisal_source(appraisal),
        missing="The appraisal names no trial, so that its worth cannot be said; trials go into appraisal.toml.",
    )


def _find_size(table: pd.DataFrame, value: str, max_regret: float) -> int | None:
    """Return the size that the rule of the decision would take, None where no size is worth it.

    In money the smallest of nearly the best median worth, where that is above 0; in points, with no cost weighed, the
    smallest that wins back half of the regret allowed.
    """
    best = table["median"].max()
    least = _NEAR_BEST * best if value != "points" else max_regret / 2
    enough = table.loc[table["median"].ge(least), "buildings"]
    return int(enough.iloc[0]) if best > 0 and len(enough) else None


def _amount(worth: float, value: str) -> str:
    return f"{worth:.2f} points" if value == "points" else f"GBP {worth:,.1f} million"


def _worth_at(table: pd.DataFrame, size: int) -> float:
    return float(table.loc[table["buildings"].eq(size), "median"].iloc[0])


def _mark_words(table: pd.DataFrame, size: int | None, value: str) -> str:
    return "" if size is None else f"{size} buildings: {_amount(_worth_at(table, size), value)}"


def _curve_title(table: pd.DataFrame, size: int | None, value: str) -> str:
    if size is None:
        return f"No size of the trial {'wins back enough' if value == 'points' else 'is worth its cost'}"
    return f"{size} buildings would bring {_amount(_worth_at(table, size), value)}" + (
        " net" if value != "points" else ""
    )


def _curve_alt(table: pd.DataFrame, size: int | None, value: str) -> str:
    first, last, best = table.iloc[0], table.iloc[-1], table.loc[table["median"].idxmax()]
    said = (
        f"A line of the median worth within its range over the weight sets: {_amount(first['median'], value)} with "
        f"{first['buildings']:.0f} buildings, at best {_amount(best['median'], value)} with {best['buildings']:.0f}, "
        f"{_amount(last['median'], value)} with {last['buildings']:.0f}."
    )
    ends = table[table["buildings"].eq(size)]
    if ends.empty:
        return f"{said} No size is marked: none {'wins back enough' if value == 'points' else 'is worth its cost'}."
    low, high = _amount(ends["least"].iloc[0], value), _amount(ends["most"].iloc[0], value)
    return f"{said} Marked: {size} buildings, from {low} to {high} over the sets."


def _curve_method(value: str) -> str:
    gain = "Expected value of sample information, enumerated over the outcomes of the trial"
    if value == "points":
        return (
            f"{gain}; no cost is weighed, because a point has no price. Marked, if any, is the smallest size that wins "
            "back half of the regret allowed."
        )
    return (
        f"{gain}, priced, less set-up, cost per building and delay. Marked, if any, is the smallest size within 5% of "
        "the best median."
    )
