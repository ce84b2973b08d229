"""What each option scores on each criterion, with the row behind every cell; and who is never better than another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.finding import Finding, headline, listed, mark
from smarthan.findings.rows import evidence_in_words, rows_in_words, said_of, score_in_words
from smarthan.findings.scores import GATE_ANSWERS, appraisal_source, criterion_labels, option_labels

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal
    from smarthan.analysis.appraisal.parts import Criterion

# As many criteria as one chart holds; more make a second one.
CRITERIA_A_CHART = 8
_MARKS = {"fails": "fails a must-have", "not known": "a must-have is not known"}


def matrix_of(appraisal: Appraisal) -> list[Finding]:
    """Return the performance matrix: the score of every cell as it was given, its points, and the row that holds it.

    Parameters
    ----------
    appraisal : Appraisal

    Returns
    -------
    list of Finding
        One for each eight criteria. Long tables: option, gates, group, criterion, score (missing where there is none),
        unit, points, missing, confidence, evidence, row.
    """
    criteria = appraisal.criteria
    parts = [criteria[start : start + CRITERIA_A_CHART] for start in range(0, len(criteria), CRITERIA_A_CHART)]
    return [_matrix_part(appraisal, part, number, len(parts)) for number, part in enumerate(parts, 1)]


def _matrix_part(appraisal: Appraisal, criteria: tuple[Criterion, ...], number: int, parts: int) -> Finding:
    table = _tabulate(appraisal, criteria)
    gone = table[table["missing"]]
    groups = list(dict.fromkeys(criterion.group.split("/")[0] for criterion in criteria if criterion.group))
    part = f" (part {number} of {parts})" if parts > 1 else ""
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        f"performance_matrix_{number}" if parts > 1 else "performance_matrix",
        _matrix_title(appraisal, criteria),
        f"Score of each option and, at the right of each cell, the points it is worth on the agreed scale (0 to 100)"
        f"{': ' + listed(groups).lower() if groups else ''}{part}; as of {appraisal.as_of:%-d %B %Y}",
        f"A table of {len(appraisal.options)} options by {len(criteria)} criteria. "
        f"{_say_ends(table)}{_say_gone(table)}",
        appraisal_source(appraisal),
        n=f"{len(table)} cells, {len(gone)} without a score"
        + (f": {listed(gone['option'] + ' on ' + gone['criterion'])}." if len(gone) else "."),
        method="A score of several assessors is the mean of theirs; 'k of n' is a count of a trial.",
        notes=(*_say_empty(table), "A cell without a score counts the mean of its agreed range until there is one."),
        headings={
            "option": "Option",
            "gates": "Must-haves",
            "group": "Group",
            "criterion": "Criterion",
            "score": "Score",
            "unit": "Unit",
            "points": "Points",
            "confidence": "Confidence",
            "evidence": "Evidence",
            "row": "Row",
        },
        formats={"points": ".1f"},
        drawn={
            "option": "option",
            "criterion": "heading",
            "score": "score",
            "points": "points",
            "missing": "missing",
            "verdict": "gates",
            "marks": _MARKS,
        },
    )


def _tabulate(appraisal: Appraisal, criteria: tuple[Criterion, ...]) -> pd.DataFrame:
    rows = []
    options, names = option_labels(appraisal), criterion_labels(appraisal)
    for place, option in enumerate(appraisal.options):
        gates = GATE_ANSWERS[appraisal.gate_states[option.id].answer]
        for criterion in criteria:
            cell, name = appraisal.cells[option.id, criterion.id], names[criterion.id]
            rows.append(
                {
                    "option": options[option.id],
                    "gates": gates,
                    "group": criterion.group.replace("/", ": "),
                    "criterion": name,
                    "heading": f"{name} ({criterion.unit})" if criterion.unit else name,
                    "score": score_in_words(cell, criterion),
                    "unit": criterion.unit or "word",
                    "points": appraisal.best_values[place, appraisal.criteria.index(criterion)],
                    "missing": all(one.is_missing for one in cell),
                    "confidence": said_of(cell, "confidence") or "not stated",
                    "evidence": evidence_in_words(appraisal, cell),
                    "row": rows_in_words(appraisal, cell),
                }
            )
    return pd.DataFrame(rows).astype({"score": "str"})


def _matrix_title(appraisal: Appraisal, criteria: tuple[Criterion, ...]) -> str:
    """Say who is best most often, among the options in the running."""
    places = [appraisal.criteria.index(criterion) for criterion in criteria]
    running = [p for p, option in enumerate(appraisal.options) if appraisal.gate_states[option.id].answer != "no"]
    values = appraisal.best_values[running][:, places]
    best = (values == values.max(axis=0)).sum(axis=1)
    most, name = int(best.max()), appraisal.options[running[int(best.argmax())]].label
    alone = int((best == most).sum()) == 1
    return headline(
        *([f"{name} scores best on {most} of {len(places)} criteria"] if alone else []),
        f"No option scores best on more than {most} of {len(places)}"
        if most < len(places)
        else f"{int((best == most).sum())} options score best on every criterion",
    )


def _say_ends(table: pd.DataFrame) -> str:
    said = []
    for criterion, rows in table[~table["missing"]].groupby("criterion", sort=False, observed=True):
        best, worst = rows.loc[rows["points"].idxmax()], rows.loc[rows["points"].idxmin()]
        said.append(f"{criterion}: from {worst['score']} ({worst['option']}) to {best['score']} ({best['option']})")
    return f"From the lowest to the highest in points: {'; '.join(said)}." if said else "No cell has a score."


def _say_gone(table: pd.DataFrame) -> str:
    gone = table[table["missing"]]
    return f" Without a score: {listed(gone['option'] + ' on ' + gone['criterion'])}." if len(gone) else ""


def _say_empty(table: pd.DataFrame) -> list[str]:
    """Name the criteria on which no option has a score: they cannot tell options apart."""
    empty = table.groupby("criterion", sort=False, observed=True)["missing"].all()
    names = empty.index[empty].astype("str").tolist()
    return [f"No option has a score on {listed(names)}: it adds the same to all and tells none apart."] if names else []


def dominance_of(appraisal: Appraisal) -> Finding:
    """Return which options are never better than another one, and which are equal.

    Parameters
    ----------
    appraisal : Appraisal

    Returns
    -------
    Finding
        A table: option, what it is to the other, the other; `missing` says so where there is no such pair.
    """
    pairs = appraisal.dominance()
    labels = option_labels(appraisal)
    words = {"dominates": "at least as good on every criterion, and better on one, than", "equal": "scores the same as"}
    table = pd.DataFrame(
        {
            "option": pairs["option"].map(labels),
            "relation": pairs["relation"].map(words),
            "over": pairs["over"].map(labels),
        }
    )
    beaten = table.loc[pairs["relation"].eq("dominates"), "over"].unique().tolist()
    running = sum(state.answer != "no" for state in appraisal.gate_states.values())
    missing = f"Of the {running} options in the running each scores better than any other on some criterion."
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "dominance",
        (
            f"Never the better choice, whatever the weights: {listed(beaten)}"
            if beaten
            else "Options that score the same"
        )
        if len(table)
        else "No option dominates another",
        "Pairs of options at their best estimates; options out at a must-have are left out",
        "",
        appraisal_source(appraisal),
        n=f"{running} options, {len(appraisal.criteria)} criteria.",
        method="Points compared criterion by criterion; no weight is needed. A cell without a score counts the mean of "
        "its range, so a pair may part when evidence comes.",
        headings={"option": "Option", "relation": "is", "over": "Other option"},
        missing="" if len(table) else missing,
    )
