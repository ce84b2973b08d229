"""How far the national shares can be trusted: which interval and why, and what the flagged rows do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.disclosed import TOTAL, coarsen, record_rounding
from smarthan.findings.finding import Finding, listed, mark
from smarthan.findings.reach_types import reach_source
from smarthan.findings.words import METHODS, TECHNOLOGIES

if TYPE_CHECKING:
    from smarthan.analysis import Reach
    from smarthan.analysis.survey.estimates import Estimate
    from smarthan.trial_data import Trial

_OFFERED = ("logit", "korn_graubard", "linear")
_WHY = {
    "logit": "no stratum is thin or one-sided",
    "korn_graubard": "a stratum is thin or one-sided",
    "none": "no interval can be had",
}


def intervals_of(reach: Reach) -> Finding:
    """Return the national share of each technology with every interval on offer, the one the rule picks, and why.

    Parameters
    ----------
    reach : Reach

    Returns
    -------
    Finding
        A table: technology, share, interval picked with its ends, why, and the ends of each interval on offer.
    """
    shown = {name: reach.estimates[name, TOTAL, TOTAL] for name in reach.technologies}
    rows = [{"technology": TECHNOLOGIES.get(name, name), **_list_ends(one)} for name, one in shown.items()]
    ends = [f"{method}_{end}" for method in _OFFERED for end in ("low", "high")]
    # Shares of all GB homes, to the decimal printed: by no group.
    table = coarsen(pd.DataFrame(rows), coarse=["estimate", "low", "high", *ends])
    counts = table["picked"].value_counts()
    return Finding(
        mark(table, synthetic=reach.synthetic),
        "intervals",
        listed(f"{name} for {number}" for name, number in counts.items()) + f" of {len(table)} national shares",
        "The interval that the rule picks for each national share, beside the others on offer; 95%",
        "",
        reach_source(reach),
        n=f"{len(table)} technologies.",
        method="Rule: Korn-Graubard when a stratum is thin (fewer than 20 buildings) or one-sided (all or none of its "
        "homes reached), else logit (t). Korn-Graubard never takes its effective sample as larger than the sample. "
        "The building is the sampling unit throughout.",
        notes=(
            "An interval that takes homes of one building as independent is not offered: in trials with a known truth "
            "it holds it far too seldom. How each of these fares there, the recovery study tells (docs/recovery.md, "
            "made by `make recovery`).",
        ),
        disclosure={**record_rounding(len(table)), "reason": "shares of all GB homes, by no group"},
        headings={
            "technology": "Technology",
            "estimate": "Share reached",
            "picked": "Picked",
            "low": "Lower",
            "high": "Upper",
            "why": "Because",
            **{f"{method}_{end}": f"{METHODS[method]}, {word}" for method in _OFFERED
               for end, word in (("low", "lower"), ("high", "upper"))},
        },
        formats=dict.fromkeys(["estimate", "low", "high", *ends], ".1%"),
    )  # fmt: skip


def _list_ends(estimate: Estimate) -> dict[str, object]:
    """Return a share with its interval, why it is that one, and what the others would be."""
    low, high = estimate.interval()
    picked = "none" if pd.isna(low) else estimate.method
    row: dict[str, object] = {"estimate": estimate.value, "picked": METHODS.get(picked, picked)}
    row |= {"low": low, "high": high, "why": _WHY.get(picked, "asked for")}
    for method in _OFFERED:
        none = method == "logit" and estimate.is_all_or_none
        ends = (float("nan"), float("nan")) if none else estimate.interval(method=method)  # type: ignore[arg-type]
        row |= {f"{method}_low": ends[0], f"{method}_high": ends[1]}
    return row


def flagged_of(trial: Trial, stock: pd.DataFrame, reach: Reach) -> Finding:
    """Return the national shares with and without the rows that the rules flagged.

    Parameters
    ----------
    trial : Trial
    stock : DataFrame
    reach : Reach
        Of that trial and stock.

    Returns
    -------
    Finding
        A table: technology, share and homes with all rows and without the flagged, difference in standard errors,
        whether it is beyond half of one.
    """
    from smarthan.analysis import reach_without_flagged

    known = reach_without_flagged(trial, stock, reach).drop(columns="se")
    # Shares of all GB homes; counts are rounded, since the difference of two is the homes that were flagged.
    counts = [name for name in ("n", "n_without_flagged") if name in known]
    table = coarsen(known, rounded=counts, coarse=["estimate", "estimate_without_flagged", "difference"])
    table["technology"] = table["technology"].map(lambda code: TECHNOLOGIES.get(code, code))
    table["difference_in_se"] = table["difference_in_se"].round(2)
    moved = int(table["is_material"].sum())
    return Finding(
        mark(table, synthetic=reach.synthetic),
        "without_flagged",
        f"Flagged rows move {moved} of {len(table)} estimates"
        if moved
        else "Leaving flagged rows out moves no estimate materially",
        "Share of GB homes reached, from all accepted rows and without rows that a rule flagged",
        "",
        reach_source(reach),
        n="A flagged row is accepted and doubtful: constant or hurried readings, an instrument out of calibration, a "
        "distance that does not fit.",
        method="Both are printed; a difference beyond half a standard error is material.",
        notes=("Counts are rounded to the nearest 5.",),
        disclosure={**record_rounding(len(table)), "reason": "shares of all GB homes, by no group"},
        headings={
            "technology": "Technology",
            "estimate": "All rows",
            "n": "Homes",
            "estimate_without_flagged": "Without flagged",
            "n_without_flagged": "Homes without flagged",
            "difference": "Difference",
            "difference_in_se": "In standard errors",
            "is_material": "Material",
        },
        formats={
            **dict.fromkeys(("estimate", "estimate_without_flagged", "difference"), ".1%"),
            "difference_in_se": ".2f",
        },
    )
