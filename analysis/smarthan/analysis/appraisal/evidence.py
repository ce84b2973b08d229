"""The evidence register of an appraisal, and whether each score rests on something that can be looked up."""

from __future__ import annotations

from collections.abc import Sequence

from .draft import AppraisalDraft, parse_date
from .keys import CONFIDENCES, EVIDENCE_KINDS
from .parts import Evidence, Judgement, WeightSet
from .problems import suggest
from .structure import Structure

TABLE = "evidence"
OLD_YEARS = 5  # candidate-scoring rules, section 10: evidence older than this at as_of warns
WEAK_SHARE = 0.10  # the same: low quality on more than this share of weight warns


def read_evidence(draft: AppraisalDraft) -> list[Evidence]:
    """Return the evidence of a draft; faults are noted in the draft."""
    register: dict[str, Evidence] = {}
    for line, cells in draft.sound_rows(TABLE):
        one = _read_row(draft, line, cells)
        if one.id in register:
            text = f'evidence "{one.id[:64]}" stands twice; keep one of the rows'
            draft.error("id_twice", TABLE, text, line=line, column="id")
        register.setdefault(one.id, one)
    _warn_old(draft, register)
    return list(register.values())


def _read_row(draft: AppraisalDraft, line: int, cells: dict[str, str]) -> Evidence:
    date = parse_date(cells["date"])
    if not cells["id"]:
        draft.error("required_missing", TABLE, "the row has no id", line=line, column="id")
    if cells["date"] and date is None:
        text = f'"{cells["date"][:64]}" is not a date such as 2013-02-10'
        draft.error("date_format", TABLE, text, line=line, column="date")
    for column, allowed in (("kind", EVIDENCE_KINDS), ("quality", CONFIDENCES)):
        if cells[column] not in allowed:
            text = f'{column} "{cells[column][:64]}" is not one of {", ".join(allowed)}'
            draft.error("category_unknown", TABLE, text, line=line, column=column)
    rest = {column: cells[column] for column in ("title", "kind", "where", "quality", "owner")}
    return Evidence(id=cells["id"], date=date, **rest)


def check_evidence(
    draft: AppraisalDraft,
    structure: Structure,
    judgements: Sequence[Judgement],
    evidence: Sequence[Evidence],
    sets: Sequence[WeightSet],
) -> None:
    """Note scores without evidence, with evidence nobody listed, old evidence, and weak evidence."""
    register = {one.id: one for one in evidence}
    unsound = {cells["id"] for line, cells in draft.rows(TABLE) if (TABLE, line) in draft.unsound}
    for one in judgements:
        _check_judgement(draft, one, register, unsound)
    _warn_weak(draft, structure, judgements, register, sets)


def _check_judgement(draft: AppraisalDraft, one: Judgement, register: dict[str, Evidence], unsound: set[str]) -> None:
    place = {"line": one.line, "column": "evidence", "option": one.option, "criterion": one.criterion}
    published = draft.status == "published"
    if one.evidence and one.evidence not in register:
        if one.evidence not in unsound:
            where = draft.source.call(TABLE)
            text = f'evidence "{one.evidence[:64]}" is not in {where}. {suggest(one.evidence, list(register))}'
            draft.error("evidence_unknown", "scores", text, **place)  # type: ignore[arg-type]
    elif not one.evidence and (published or not one.is_missing):
        note = draft.error if published else draft.warn
        note("evidence_missing", "scores", "names no evidence; say what it rests on", **place)  # type: ignore[arg-type]


def _warn_old(draft: AppraisalDraft, register: dict[str, Evidence]) -> None:
    as_of = draft.values.get("as_of")
    for line, cells in draft.sound_rows(TABLE):
        one = register.get(cells["id"])
        if one and one.date and as_of and (as_of - one.date).days > OLD_YEARS * 365.25:
            text = (
                f'"{one.id}" is of {one.date}, more than {OLD_YEARS} years before {as_of}; see whether it still holds'
            )
            draft.warn("evidence_old", TABLE, text, line=line, column="date")


def _warn_weak(
    draft: AppraisalDraft,
    structure: Structure,
    judgements: Sequence[Judgement],
    register: dict[str, Evidence],
    sets: Sequence[WeightSet],
) -> None:
    places = {criterion.id: place for place, criterion in enumerate(structure.criteria)}
    labels = {criterion.id: criterion.label for criterion in structure.criteria}
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
            names = "; ".join(labels[name] for name in weak)
            text = f"evidence of low quality carries up to {max(shares):.0%} of the weight: {names}"
            draft.warn("evidence_weak", "scores", text, option=option.id)
