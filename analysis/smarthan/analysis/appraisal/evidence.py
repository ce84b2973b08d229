"""The evidence register of an appraisal, and whether each score rests on something that can be looked up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from .files import AppraisalDraft, parse_date
from .keys import CONFIDENCES, EVIDENCE_KINDS
from .parts import Evidence, Judgement, WeightSet
from .problems import suggest
from .structure import Structure

FILE = "evidence.csv"
OLD_YEARS = 5  # candidate-scoring rules, section 10: evidence older than this at as_of warns
WEAK_SHARE = 0.10  # the same: low quality on more than this share of weight warns


def read_evidence(draft: AppraisalDraft) -> list[Evidence]:
    """Return the evidence of a draft; faults are noted in the draft."""
    register: dict[str, Evidence] = {}
    for line, cells in draft.rows("evidence"):
        name = cells["id"]
        date = parse_date(cells["date"])
        if not name:
            draft.error("required_missing", FILE, "the row has no id", line=line)
        if name in register:
            draft.error("id_twice", FILE, f'evidence "{name[:64]}" stands twice', line=line)
        if cells["date"] and date is None:
            draft.error("date_format", FILE, f'"{cells["date"][:64]}" is not a date such as 2013-02-10', line=line)
        for column, allowed in (("kind", EVIDENCE_KINDS), ("quality", CONFIDENCES)):
            if cells[column] not in allowed:
                text = f'{column} "{cells[column][:64]}" is not one of {", ".join(allowed)}'
                draft.error("category_unknown", FILE, text, line=line)
        rest = {column: cells[column] for column in ("title", "kind", "where", "quality", "owner")}
        register.setdefault(name, Evidence(id=name, date=date, **rest))
    return list(register.values())


def check_evidence(
    draft: AppraisalDraft,
    structure: Structure,
    judgements: Sequence[Judgement],
    evidence: Sequence[Evidence],
    sets: Sequence[WeightSet],
) -> None:
    """Note scores without evidence, with evidence nobody listed, old evidence, and weak evidence."""
    register = {one.id: one for one in evidence}
    status = draft.toml.values["status"] if draft.toml else "draft"
    as_of = draft.toml.values["as_of"] if draft.toml else None
    for one in judgements:
        place = {"line": one.line, "option": one.option, "criterion": one.criterion}
        if one.evidence and one.evidence not in register:
            text = f'evidence "{one.evidence[:64]}" is not in evidence.csv. {suggest(one.evidence, list(register))}'
            draft.error("evidence_unknown", "scores.csv", text, **place)  # type: ignore[arg-type]
        elif not one.evidence and not (one.is_missing and status != "published"):
            note = draft.error if status == "published" else draft.warn
            note("evidence_missing", "scores.csv", "names no evidence; say what it rests on", **place)  # type: ignore[arg-type]
    _warn_old(draft, evidence, as_of)
    _warn_weak(draft, structure, judgements, register, sets)


def _warn_old(draft: AppraisalDraft, evidence: Sequence[Evidence], as_of: dt.date | None) -> None:
    for one in evidence:
        if as_of and one.date and (as_of - one.date).days > OLD_YEARS * 365.25:
            text = (
                f'"{one.id}" is of {one.date}, more than {OLD_YEARS} years before {as_of}; look whether it still holds'
            )
            draft.warn("evidence_old", FILE, text)


def _warn_weak(
    draft: AppraisalDraft,
    structure: Structure,
    judgements: Sequence[Judgement],
    register: dict[str, Evidence],
    sets: Sequence[WeightSet],
) -> None:
    places = {criterion.id: place for place, criterion in enumerate(structure.criteria)}
    for option in structure.options:
        weak = sorted(
            {
                one.criterion
                for one in judgements
                if one.option == option.id and one.criterion in places and one.evidence in register
                if register[one.evidence].quality == "low"
            }
        )
        shares = [sum(each.weights[places[name]] for name in weak) for each in sets if each.weights is not None]
        if shares and max(shares) > WEAK_SHARE:
            text = f"evidence of low quality carries up to {max(shares):.0%} of the weight: {', '.join(weak)}"
            draft.warn("evidence_weak", "scores.csv", text, option=option.id)
