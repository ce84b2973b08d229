"""Would another method change the shortlist? Said as agreement, never as the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.finding import Finding, listed, mark
from smarthan.findings.scores import appraisal_source, option_labels, set_words
from smarthan.findings.switching import count_running

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal, CrossCheck, Simulation

_NAME = "other_methods"


def crosscheck_of(appraisal: Appraisal, simulation: Simulation) -> Finding:
    """Return whether two other methods, TOPSIS and PROMETHEE II, agree with the first options of the additive model.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation

    Returns
    -------
    Finding
        A table: method, weights of, leader, whether that is the additive model's leader and on the shortlist, rank
        correlation, first options, whether they are the same. `missing` says why where no library is installed.
    """
    if count_running(appraisal) < 2:
        return _nothing(appraisal, "One option alone is left after the must-haves, so that no method can rank.")
    try:
        from smarthan.analysis import cross_check

        check = cross_check(appraisal, simulation.shortlist().options)
    except (ImportError, ValueError) as error:  # an extra that is not installed, or nothing to compare: both say why
        return _nothing(appraisal, f"{str(error)[:1].upper()}{str(error)[1:]}.")
    return _tell(appraisal, check)


def _tell(appraisal: Appraisal, check: CrossCheck) -> Finding:
    labels, raw = option_labels(appraisal), check.table
    table = pd.DataFrame(
        {
            "method": raw["method"],
            "weight_set": raw["weight_set"].map(set_words),
            "leader": raw["leader"].map(labels),
            "same_leader": _yes(raw["same_leader"]),
            "on_shortlist": _yes(raw["on_shortlist"]),
            "rank_correlation": raw["rank_correlation"],
            "first": [listed(labels[name] for name in names.split(", ")) for names in raw["shortlist"]],
            "same_shortlist": _yes(raw["same_shortlist"]),
        }
    )
    same, kept = int(raw["same_shortlist"].sum()), int(raw["on_shortlist"].astype("bool").sum())
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        _NAME,
        f"Other methods: {kept} of {len(table)} put an option of the shortlist first",
        f"Leader and first {check.first} options by two other methods, beside the additive model; best estimates",
        "",
        appraisal_source(appraisal),
        n=f"{len(table)} comparisons; the first {check.first} options are the same in {same}.",
        method=f"TOPSIS (vector scaling) and PROMETHEE II (usual preference) by {check.library}, on points and weights "
        "of the additive model. A check and never the answer: both depend on which options are listed.",
        headings={
            "method": "Method",
            "weight_set": "Weights of",
            "leader": "Leader",
            "same_leader": "Same leader",
            "on_shortlist": "Leader is on the shortlist",
            "rank_correlation": "Rank correlation",
            "first": "First options",
            "same_shortlist": "Same first options",
        },
        formats={"rank_correlation": ".2f"},
    )


def _yes(answers: pd.Series) -> pd.Series:
    return answers.astype("bool").map({True: "yes", False: "no"})


def _nothing(appraisal: Appraisal, why: str) -> Finding:
    return Finding(
        mark(pd.DataFrame(), synthetic=appraisal.synthetic), _NAME, "Other methods were not compared", "", "",
        appraisal_source(appraisal), missing=why,
    )  # fmt: skip
