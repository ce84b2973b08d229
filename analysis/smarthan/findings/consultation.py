"""What should be consulted on: scores, robustness and measured reach side by side, and the verdict in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.scores import appraisal_source, criterion_labels, option_labels, set_words

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal, Decision, Reach, Simulation
    from smarthan.coverage import CoverageMatrix


def candidates_of(appraisal: Appraisal, simulation: Simulation, decision: Decision, reached: Reach) -> Finding:
    """Return every option with its gate, rank, robustness, measured reach and place in the advice.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation
    decision : Decision
    reached : Reach

    Returns
    -------
    Finding
        A table: option, advice, rank, score, share of draws in which it is first, reach measured in the trial (0 to 1).
    """
    scores = appraisal.score().table
    first = simulation.confidence().set_index("option")["first_share"]
    table = pd.DataFrame(
        {
            "option": scores["label"],
            "advice": [_advice(row.option, row.gate, decision) for row in scores.itertuples()],
            "rank": [str(rank) if pd.notna(rank) else "out" for rank in scores["rank"]],
            "score": scores["total"],
            "first": scores["option"].map(first),
            # To the decimal printed, as every share of a trial: `findings/disclosed.py`.
            "reach": [round(measured_reach(appraisal, option, reached), 3) for option in scores["option"]],
        }
    )
    return Finding(
        mark(table, synthetic=appraisal.synthetic or reached.synthetic),
        "candidates",
        verdict_in_words(appraisal, decision),
        "Every option, best score first: advice, rank and score (0 to 100) at the best estimates, how often first, and "
        "reach measured in the trial",
        "",
        f"{appraisal_source(appraisal)} Reach: building trial.",
        n=f"{len(table)} options; {count(simulation.draws)} draws, seed {simulation.seed}.",
        notes=(
            "Reach is of all GB homes; the appraisal's own reach scores are kept apart, with their evidence.",
            "An option of several technologies uses only homes with an answer for each, so it can differ a little from "
            "its parts.",
        ),
        headings={
            "option": "Option",
            "advice": "Advice",
            "rank": "Rank",
            "score": "Score",
            "first": "First in draws",
            "reach": "Reach in the trial",
        },
        formats={"score": ".1f", "first": ".0%", "reach": ".1%"},
    )


def verdict_in_words(appraisal: Appraisal, decision: Decision) -> str:
    """Return what a decision advises, with the options or the trial that it names."""
    from smarthan.analysis.record.words import VERDICTS

    names = listed(option_labels(appraisal)[option] for option in decision.shortlist)
    if decision.verdict == "shortlist":
        return f"{VERDICTS[decision.verdict]}: {names}"
    trials = {one.id: one.label for one in appraisal.trials}
    name = trials.get(str(decision.trial), decision.trial)
    trial = f": {name}, {decision.buildings} buildings" if decision.trial else ""
    return f"{VERDICTS[decision.verdict]}{trial}; least regret so far: {names}"


def _advice(option: str, gate: str, decision: Decision) -> str:
    if gate == "no":
        return "out at a must-have"
    if option in decision.shortlist:
        return "shortlist" if decision.verdict == "shortlist" else "least regret so far"
    return "not shortlisted"


def measured_reach(appraisal: Appraisal, option: str, reached: Reach) -> float:
    """Return the weighted share of homes that any of an option's trial technologies reaches, NaN if none was tried.

    Parameters
    ----------
    appraisal : Appraisal
    option : str
        Option id; its `trial` names the technologies it stands for.
    reached : Reach

    Returns
    -------
    float
    """
    technologies = [code for code in _trial_of(appraisal, option) if code in reached.joint]
    if not technologies:
        return float("nan")
    if len(technologies) == 1:
        national = reached.table[reached.table["archetype"].eq("ALL") & reached.table["meter_class"].eq("ALL")]
        return float(national.set_index("technology").loc[technologies[0], "estimate"])
    homes = reached.joint[[*technologies, "weight"]].dropna()
    any_works = homes[technologies].max(axis=1).astype("float64")
    return float((any_works * homes["weight"]).sum() / homes["weight"].sum())


def _trial_of(appraisal: Appraisal, option: str) -> tuple[str, ...]:
    return next(tuple(entry.trial) for entry in appraisal.options if entry.id == option)


# Where a reason names options and criteria: in lists, after these and before those. An identifier may be a plain word,
# such as "a" or "the", so that it is not looked for anywhere else.
_BEFORE = r"(^|: |, |; |\(|Shortlist | on | by | of )"
_AFTER = r"(?=,|:|;|\.$| \(| by | on | leads )"


def reasons_in_words(appraisal: Appraisal, decision: Decision) -> list[str]:
    """Return the reasons of a decision with the names of options and criteria in place of their ids."""
    labels = {**criterion_labels(appraisal), **option_labels(appraisal)}
    sets = {one.assessor: set_words(one.assessor) for one in appraisal.weight_sets}
    names = {**sets, **labels}
    pattern = re.compile(_BEFORE + "(" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + ")" + _AFTER)
    return [pattern.sub(lambda found: found[1] + names[found[2]], reason) for reason in decision.reasons]


def reasons_of(appraisal: Appraisal, decision: Decision) -> Finding:
    """Return the steps of the decision rule in words, with their numbers.

    Parameters
    ----------
    appraisal : Appraisal
    decision : Decision

    Returns
    -------
    Finding
        A table: step, reason.
    """
    from smarthan.analysis.record.words import VERDICTS

    table = pd.DataFrame({"step": range(1, len(decision.reasons) + 1), "reason": reasons_in_words(appraisal, decision)})
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "reasons",
        f"Verdict: {VERDICTS[decision.verdict].lower()}",
        "The rule's steps in order, as far as it went",
        "",
        appraisal_source(appraisal),
        method="Gates; then the smallest shortlist within the allowed regret; then whether a trial is worth its cost.",
        headings={"step": "Step", "reason": "Reason"},
    )


def sources_of(sources: pd.DataFrame) -> Finding:
    """Return what went in: each input with its rows read, accepted and quarantined.

    Parameters
    ----------
    sources : DataFrame
        As `smarthan.report.Inputs.sources` gives it.

    Returns
    -------
    Finding
        The same table.
    """
    aside = int(sources["quarantined"].fillna(0).sum())
    return Finding(
        mark(sources, synthetic=sources["synthetic"].eq("yes").any()),
        "inputs",
        f"{len(sources)} inputs; {count(aside)} rows quarantined",
        "Rows of each input: read, accepted, and set aside with a reason",
        "",
        "report.toml and the files it names.",
        headings={
            "input": "Input",
            "file": "File",
            "read": "Rows read",
            "accepted": "Accepted",
            "quarantined": "Quarantined",
            "synthetic": "Synthetic",
        },
        formats=dict.fromkeys(("read", "accepted", "quarantined"), ",.0f"),
    )


def answer_consultation(
    matrix: CoverageMatrix, reached: Reach, appraisal: Appraisal, simulation: Simulation, decision: Decision
) -> str:
    """Return the summary for consultation: WAN, HAN, candidates, verdict.

    Parameters
    ----------
    matrix : CoverageMatrix
    reached : Reach
    appraisal : Appraisal
    simulation : Simulation
    decision : Decision

    Returns
    -------
    str
    """
    from smarthan.findings.coverage import national_share

    labels = option_labels(appraisal)
    homes = reached.table[reached.table["archetype"].eq("ALL")].set_index("technology")
    reach = listed(
        f"{percent(homes.loc[code, 'estimate'], 0)} by {words}"
        for code, words in (("zigbee_2g4", "ZigBee at 2.4 GHz"), ("zigbee_sub", "ZigBee at 868 MHz"))
        if code in homes.index
    )
    top = simulation.confidence().sort_values("first_share", ascending=False).iloc[0]
    return "\n\n".join(
        [
            f"**{verdict_in_words(appraisal, decision)}.**",
            f"- WAN: {percent(national_share(matrix), 2)} of premises in Great Britain are covered.\n"
            f"- HAN: of homes, {reach} are reached.\n"
            f"- Candidates: {labels[top['option']]} is first in {percent(top['first_share'], 0)} of simulated "
            "appraisals.\n"
            f"- A trial: {_say_trial(appraisal, decision)}",
            " ".join(reasons_in_words(appraisal, decision)),
            "The table of reasons by row names the lines of the appraisal's files on which this rests most.",
        ]
    )


def _say_trial(appraisal: Appraisal, decision: Decision) -> str:
    from smarthan.findings.worth import curve_of

    curve = curve_of(appraisal, decision)
    return curve.missing or f"{curve.title[:1].lower()}{curve.title[1:]} (median of the weight sets)."
