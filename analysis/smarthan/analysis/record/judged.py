"""Every score with its unit, source, date, confidence and who gave it; the evidence register; the weakest first."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.analysis.appraisal.evidence import OLD_YEARS
from smarthan.analysis.appraisal.judgements import best_value

from .markup import Block, Heading, Table, Text
from .statement import Section
from .words import SHAPES, day, labels_of, say_score

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.appraisal.parts import Criterion, Evidence, Judgement

_HEADINGS = {
    "criterion": "Criterion or must-have",
    "score": "Score",
    "points": "Points, 0 to 100",
    "who": "Given by",
    "evidence": "Evidence",
    "date": "Date",
    "confidence": "Confidence",
    "doubt": "Doubt",
    "note": "Note",
    "line": "Line or row of the scores",
}
_GRADES = {"": 0, "low": 0, "medium": 1, "high": 2}
_WEAKEST = 40  # rows shown of the weakest; every score stands in the section of all scores
_DAYS_A_YEAR = 365.25


def scores_section(appraisal: Appraisal) -> Section:
    """Return every judgement, option by option, with what it rests on."""
    criteria = {criterion.id: criterion for criterion in appraisal.criteria}
    register = {one.id: one for one in appraisal.evidence}
    labels = labels_of(appraisal)
    parts = [*criteria, *(gate.id for gate in appraisal.gates)]
    blocks: list[Block] = [
        Text(
            f"All {len(appraisal.judgements)} judgements as they stand in the files. A score without evidence, or that "
            "is not there, says so. Several people's scores of one cell stand one below the other. Doubt says what is "
            "drawn: "
            "a distribution within the limits stated, else within the share of the agreed range that its confidence "
            "gives; a word gives way to a neighbour by its confidence."
        )
    ]
    for option in appraisal.options:
        judged = [one for part in parts for one in appraisal.cells[option.id, part]]
        rows = [_score_row(one, criteria.get(one.criterion), register, labels) for one in judged]
        frame = pd.DataFrame(rows, columns=list(_HEADINGS))
        caption = f"Scores of {labels[option.id]}"
        table = Table(
            f"scores-{option.id}",
            frame,
            caption,
            headings=_HEADINGS,
            formats={"points": ".1f"},
            bars={"points": 100.0},
            missing="none",
        )
        blocks += [Heading(labels[option.id]), table]
    return Section("scores", "Every score and what it rests on", tuple(blocks))


def _score_row(
    one: Judgement, criterion: Criterion | None, register: dict[str, Evidence], labels: dict[str, str]
) -> tuple[object, ...]:
    found = register.get(one.evidence)
    source = f"{found.id}: {found.title}" if found else ""
    return (
        labels[one.criterion],
        say_score(one, criterion),
        None if criterion is None else _points(one, criterion),
        one.assessor,
        source,
        day(found.date) if found else "",
        one.confidence,
        _say_doubt(one, criterion),
        one.note,
        one.line,
    )


def _points(one: Judgement, criterion: Criterion) -> float:
    return best_value([one], criterion)


def _say_doubt(one: Judgement, criterion: Criterion | None) -> str:
    if criterion is None:
        return "counts as failed with the chance left" if one.level == "unknown" else "none"
    if one.is_missing:
        return "the whole agreed range, all alike"
    if criterion.levels:
        return "a neighbouring word"
    if one.n is not None:
        return SHAPES["beta"]
    if one.low is None:
        return "PERT, by its confidence"
    return SHAPES[one.dist]


def evidence_section(appraisal: Appraisal) -> Section:
    """Return the evidence register, and the scores that rest on the weakest of it first."""
    labels = labels_of(appraisal)
    uses = pd.Series([one.evidence for one in appraisal.judgements], dtype="str").value_counts()
    rows = [
        (
            one.id,
            one.title,
            one.kind,
            day(one.date),
            one.quality,
            one.owner,
            one.where,
            int(uses.get(one.id, 0)),
        )
        for one in appraisal.evidence
    ]
    columns = ["id", "title", "kind", "date", "quality", "owner", "where", "scores"]
    names = ("Id", "Title", "Kind", "Date", "Quality", "Owner", "Where", "Scores that rest on it")
    weakest = list_weakest(appraisal)
    shown = weakest.head(_WEAKEST)
    shown = shown.assign(option=shown["option"].map(labels), criterion=shown["criterion"].map(labels))
    caption = f"The weakest evidence first: {len(shown)} of {len(weakest)} scores"
    return Section(
        "evidence",
        "Evidence, the weakest first",
        (
            Text(
                "Weak is, in this order: no score at all; no evidence named; low confidence; low quality of the "
                "evidence; age. "
                f"Evidence is old when it is more than {OLD_YEARS} years before {day(appraisal.as_of)}. The weight "
                "is the "
                "greatest that any stated set gives the criterion."
            ),
            Table("weakest", shown, caption, headings=_WEAK_HEADINGS, formats=_WEAK_FORMATS, missing="none"),
            Table(
                "register",
                pd.DataFrame(rows, columns=columns),
                "The evidence register",
                headings=dict(zip(columns, names, strict=True)),
                missing="none",
            ),
        ),
    )


_WEAK_HEADINGS = {
    "option": "Option",
    "criterion": "Criterion",
    "assessor": "Given by",
    "confidence": "Confidence",
    "evidence": "Evidence",
    "quality": "Quality",
    "age_years": "Age, years",
    "weight": "Most weight",
    "why": "Weakest in",
}
_WEAK_FORMATS = {"age_years": ".1f", "weight": ".1%"}


def list_weakest(appraisal: Appraisal) -> pd.DataFrame:
    """Return the scores of criteria, the one that rests on least first.

    Returns
    -------
    DataFrame
        option, criterion, assessor, confidence, evidence, quality, age_years, weight (the most of any set), why.
    """
    register = {one.id: one for one in appraisal.evidence}
    weights = {
        criterion.id: max((each.weights[at] for each in appraisal.weight_sets if each.weights), default=0.0)
        for at, criterion in enumerate(appraisal.criteria)
    }
    rows = []
    for one in appraisal.judgements:
        if one.criterion in weights:
            found = register.get(one.evidence)
            age = _age(found, appraisal.as_of)
            quality = found.quality if found else ""
            grade = (one.is_missing, found is None, -_GRADES[one.confidence], -_GRADES[quality], age > OLD_YEARS)
            key = (*(-int(each) for each in grade), -weights[one.criterion], -age if age == age else 0.0, one.line)
            row = (one.option, one.criterion, one.assessor, one.confidence, one.evidence, quality, age)
            rows.append((key, (*row, weights[one.criterion], _say_weakness(one, found, age))))
    columns = ["option", "criterion", "assessor", "confidence", "evidence", "quality", "age_years", "weight", "why"]
    frame = pd.DataFrame([row for _, row in sorted(rows, key=lambda each: each[0])], columns=columns)
    numbers = ("age_years", "weight")
    return appraisal.stamp(frame.astype({name: "float64" if name in numbers else "str" for name in columns}))


def _age(found: Evidence | None, as_of: dt.date) -> float:
    return (as_of - found.date).days / _DAYS_A_YEAR if found and found.date else float("nan")


def _say_weakness(one: Judgement, found: Evidence | None, age: float) -> str:
    faults = [
        "no score" if one.is_missing else "",
        "no evidence named" if found is None else "",
        "confidence low" if one.confidence == "low" else "" if one.confidence else "confidence not stated",
        "quality low" if found and found.quality == "low" else "",
        "old" if age > OLD_YEARS else "",
    ]
    return ", ".join(filter(None, faults)) or "nothing: confidence and quality are medium or high, and it is recent"
