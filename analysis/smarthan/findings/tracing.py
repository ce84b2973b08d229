"""From the verdict back to the rows: which judgements the steps of the decision rule rest on most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.finding import Finding, count, listed, mark, several
from smarthan.findings.rows import (
    WEIGHTS,
    cell_in_words,
    evidence_in_words,
    lines_in_words,
    ranked_of,
    rows_in_words,
    said_of,
    score_in_words,
)
from smarthan.findings.scores import appraisal_source, criterion_labels, option_labels, set_words

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal, Decision, Simulation

# Scores named for each option of the shortlist, and scores worth knowing.
NAMED = 2
_LEAST = 1e-9  # points


def trace_of(appraisal: Appraisal, simulation: Simulation, decision: Decision) -> Finding:
    """Return the rows that the reasons of a verdict rest on most, one row of the files a line.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation
    decision : Decision

    Returns
    -------
    Finding
        A table: reason (in words, with its number), what (option and criterion or gate), says, assessor, evidence, row
        ("scores.csv line 57").

    Notes
    -----
    Named are: each must-have that is failed or not known; for each option of the shortlist the scores that put it
    furthest ahead of the best option left out; the scores that a trial would measure; where the verdict is to consult
    on weights, those that decide; the scores most worth knowing.
    """
    rows = [
        *_trace_gates(appraisal),
        *_trace_shortlist(appraisal, decision),
        *_trace_trial(appraisal, decision),
        *_trace_weights(appraisal, decision),
        *_trace_doubt(appraisal, simulation),
    ]
    table = pd.DataFrame(rows, columns=["reason", "what", "says", "assessor", "evidence", "row"])
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "reasons_by_row",
        f"{several(len(table), 'judgement')} on which the verdict rests most, each with its row",
        "What each reason of the verdict rests on, and where it is written",
        "",
        appraisal_source(appraisal),
        n=f"scores.csv has {count(len(appraisal.judgements))} rows; all others are named in the data under the "
        "performance matrix.",
        method="Points ahead: weight x difference of value at the best estimates, by the weights of "
        f"{set_words(appraisal.weights_of(None)[0])}. Worth knowing: expected value of perfect information on one "
        "score, median of the sets of weights.",
        headings={
            "reason": "Reason",
            "what": "Judgement",
            "says": "It says",
            "assessor": "Judged by",
            "evidence": "Evidence",
            "row": "Row",
        },
        missing="" if len(table) else "No must-have is failed, and no score decides the verdict more than another.",
    )


def _trace_gates(appraisal: Appraisal) -> Iterator[dict[str, str]]:
    gates = appraisal.gates()
    open_ = gates[gates["answer"].ne("yes")].sort_values("answer", kind="stable")
    for option, gate, answer, chance in zip(*(open_[n] for n in ("option", "gate", "answer", "chance")), strict=True):
        reason = "Out: fails a must-have" if answer == "no" else f"A must-have not known, chance {chance:.0%}"
        judged = appraisal.cells[option, gate]
        yield _row(appraisal, reason, option, gate, said_of(judged, "level"))


def _trace_shortlist(appraisal: Appraisal, decision: Decision) -> Iterator[dict[str, str]]:
    score, labels = appraisal.score(), option_labels(appraisal)
    left_out = [one for one in ranked_of(score.table)["option"] if one not in decision.shortlist]
    if not left_out:
        return
    rival = left_out[0]
    listed_as = "listed" if decision.verdict == "shortlist" else "of least regret so far"
    points = score.contributions().pivot(index="option", columns="criterion", values="contribution")
    for option in decision.shortlist:
        ahead = (points.loc[option] - points.loc[rival]).sort_values(ascending=False, kind="stable")
        for criterion, lead in ahead[ahead.gt(_LEAST)].head(NAMED).items():
            reason = f"{labels[option]} {listed_as}: {lead:.1f} points ahead of {labels[rival]} here"
            yield _cell(appraisal, reason, option, str(criterion))


def _trace_trial(appraisal: Appraisal, decision: Decision) -> Iterator[dict[str, str]]:
    trial = next((one for one in appraisal.trials if one.id == decision.trial), None)
    for option in trial.options if trial is not None else ():
        if trial is not None:
            yield _cell(appraisal, f"Measured by the trial of {trial.label.lower()}", option, trial.criterion)


def _trace_weights(appraisal: Appraisal, decision: Decision) -> Iterator[dict[str, str]]:
    """Name the weights that people have to be asked about, where that is the verdict."""
    decisive = decision.tables.get("weights")
    if decisive is None:
        return
    names = criterion_labels(appraisal)
    for criterion in decisive["criterion"].head(NAMED):
        for one in appraisal.weight_sets:
            for row in (row for row in one.rows if row.node == criterion):
                yield {
                    "reason": f"Weights of {names[criterion]} decide who leads",
                    "what": f"{one.kind.capitalize()} of {names[criterion]}",
                    "says": " to ".join(f"{number:g}" for number in row.stated)
                    + (f" ({row.note})" if row.note else ""),
                    "assessor": set_words(one.assessor),
                    "evidence": "a judgement of values",
                    "row": lines_in_words(appraisal, WEIGHTS, [row.line]),
                }


def _trace_doubt(appraisal: Appraisal, simulation: Simulation) -> Iterator[dict[str, str]]:
    worth = simulation.value_of_information("cell").table
    criteria = criterion_labels(appraisal)
    for option, criterion, median in zip(
        *(worth.head(NAMED)[n] for n in ("option", "criterion", "median")), strict=True
    ):
        if median > _LEAST:
            reason = f"Most worth knowing better: {median:.2f} points"
            if criterion in criteria:
                yield _cell(appraisal, reason, option, criterion)
            else:
                yield _row(appraisal, reason, option, criterion, said_of(appraisal.cells[option, criterion], "level"))


def _cell(appraisal: Appraisal, reason: str, option: str, criterion: str) -> dict[str, str]:
    from smarthan.analysis.record.words import with_unit

    by_id = {one.id: one for one in appraisal.criteria}
    judged = appraisal.cells[option, criterion]
    says = score_in_words(judged, by_id[criterion]) or "no score"
    before, _, number = says.rpartition(" ")
    if before in ("", "mean") and not by_id[criterion].levels:  # a number, not counts or words
        says = f"{before} {with_unit(float(number), by_id[criterion].unit)}".strip()
    return _row(appraisal, reason, option, criterion, says)


def _row(appraisal: Appraisal, reason: str, option: str, criterion: str, says: str) -> dict[str, str]:
    judged = appraisal.cells[option, criterion]
    notes = said_of(judged, "note")
    return {
        "reason": reason,
        "what": cell_in_words(appraisal, option, criterion),
        "says": f"{says} ({notes})" if notes else says,
        "assessor": listed(dict.fromkeys(one.assessor.replace("_", " ") for one in judged)),
        "evidence": evidence_in_words(appraisal, judged),
        "row": rows_in_words(appraisal, judged),
    }
