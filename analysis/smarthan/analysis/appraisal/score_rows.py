"""From the rows of scores to judgements, with every fault noted at its line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import product
from typing import Any

from .draft import AppraisalDraft, parse_number
from .keys import CONFIDENCES, DISTRIBUTIONS, GATE_ANSWERS
from .parts import Criterion, Judgement
from .problems import say_place, suggest
from .structure import Structure

TABLE = "scores"
_LARGEST = 1e12  # beyond it differences of scores lose digits (ours)
_NUMBERS = ("best", "low", "high", "n", "k", "p")


class _Row:
    """One row while it is judged: its judgement, and a short way to note a fault at its place."""

    def __init__(self, draft: AppraisalDraft, judgement: Judgement) -> None:
        self.draft, self.judgement, self.sound = draft, judgement, True

    def fault(self, code: str, message: str, column: str = "") -> None:
        one = self.judgement
        self.sound = False
        place = {"line": one.line, "column": column}
        self.draft.error(code, TABLE, message, option=one.option, criterion=one.criterion, **place)  # type: ignore[arg-type]


def read_scores(draft: AppraisalDraft, structure: Structure) -> list[Judgement]:
    """Return the judgements of a draft's scores that are sound; faults are noted in the draft."""
    known = {criterion.id: criterion for criterion in structure.criteria}
    gates = {gate.id for gate in structure.gates}
    options = [option.id for option in structure.options]
    judgements = []
    for line, cells in draft.sound_rows(TABLE):
        row = _read_row(draft, line, cells)
        numeric, name = row.sound, row.judgement.criterion  # a number that is none would look like one left out
        _check_ids(row, options, [*known, *gates])
        if numeric and name in gates:
            _check_gate(row)
        elif numeric and name in known and name not in structure.broken:
            _check_score(row, known[name], structure)
        if row.sound:
            judgements.append(row.judgement)
    _check_repeats(draft)
    _check_complete(draft, structure)
    return judgements


def _read_row(draft: AppraisalDraft, line: int, cells: dict[str, str]) -> _Row:
    words: dict[str, Any] = {name: cell for name, cell in cells.items() if name not in _NUMBERS}
    row = _Row(draft, Judgement(**words, line=line))
    numbers: dict[str, Any] = {}
    for name in _NUMBERS:
        if cells[name]:
            number = parse_number(cells[name])
            if number is None or abs(number) > _LARGEST:
                text = f'{name} is "{cells[name][:64]}"; a plain number is needed, such as 23 or 0.5'
                row.fault("number_format", text, name)
            else:
                numbers[name] = number
    default = "beta" if "n" in numbers else "pert"
    row.judgement = replace(row.judgement, **numbers, dist=cells["dist"] or default)
    return row


def _check_ids(row: _Row, options: list[str], criteria: list[str]) -> None:
    one = row.judgement
    if one.option not in options:
        row.fault("id_unknown", f'"{one.option[:64]}" is not an option. {suggest(one.option, options)}', "option")
    if one.criterion not in criteria:
        text = f'"{one.criterion[:64]}" is neither a criterion nor a gate. {suggest(one.criterion, criteria)}'
        row.fault("id_unknown", text, "criterion")
    if not one.assessor:
        row.fault("required_missing", "names no assessor. Say who judged", "assessor")
    if one.confidence and one.confidence not in CONFIDENCES:
        text = f'confidence "{one.confidence[:64]}" is not one of {", ".join(CONFIDENCES)}'
        row.fault("category_unknown", text, "confidence")
    if one.dist not in DISTRIBUTIONS:
        row.fault("category_unknown", f'dist "{one.dist[:64]}" is not one of {", ".join(DISTRIBUTIONS)}', "dist")


def _check_gate(row: _Row) -> None:
    one = row.judgement
    if any(number is not None for number in (one.best, one.low, one.high, one.n, one.k)):
        row.fault("level_unknown", f"is a number, but {one.criterion} is a gate: {', '.join(GATE_ANSWERS)}", "best")
    if one.level not in GATE_ANSWERS:
        text = f'"{one.level[:64]}" is no answer to a gate; allowed: {", ".join(GATE_ANSWERS)}'
        row.fault("level_unknown", text, "level")
    elif one.level == "unknown" and (one.p is None or not 0 < one.p < 1):
        row.fault("gate_p", "unknown needs p, the chance between 0 and 1 that the gate is passed", "p")
    elif one.level != "unknown" and one.p is not None:
        row.fault("gate_p", f"p stands beside {one.level}; p belongs to unknown only", "p")


def _check_score(row: _Row, criterion: Criterion, structure: Structure) -> None:
    one = row.judgement
    if one.p is not None:
        row.fault("gate_p", "p belongs to a gate; a score states best, low and high, or n and k, or a word", "p")
    if criterion.levels:
        _check_level(row, criterion)
    elif one.level:
        unit = criterion.unit or "numbers"
        row.fault("level_unknown", f'"{one.level[:64]}" is a word, but {criterion.id} is measured in {unit}', "level")
    elif one.n is not None or one.k is not None:
        _check_counts(row, criterion)
    else:
        _check_numbers(row, criterion)
    if structure.refuse_missing and row.sound and row.judgement.is_missing:
        row.fault("score_missing", 'has no score, and [missing] scores = "refuse". Score it or allow "widest"')


def _check_level(row: _Row, criterion: Criterion) -> None:
    one, words = row.judgement, [level.id for level in criterion.levels]
    if any(number is not None for number in (one.best, one.low, one.high, one.n, one.k)):
        row.fault("level_unknown", f"is a number, but {criterion.id} is a word scale: {', '.join(words)}", "best")
    elif one.level and one.level not in words:
        text = f'"{one.level[:64]}" is not on the scale {", ".join(words)}. {suggest(one.level, words)}'
        row.fault("level_unknown", text, "level")


def _check_counts(row: _Row, criterion: Criterion) -> None:
    one = row.judgement
    if one.n is None or one.k is None or one.best is not None or one.low is not None or one.high is not None:
        row.fault("counts", "n and k belong together and stand without best, low and high", "n")
    elif one.n % 1 or one.k % 1 or one.k < 0 or one.n < 1:
        row.fault("counts", f"n {one.n:g} and k {one.k:g} must be whole numbers, n 1 or more, k 0 or more", "n")
    elif one.k > one.n:
        row.fault("counts", f"k {one.k:g} is above n {one.n:g}: more linked than were tested", "k")
    elif criterion.low < 0 or criterion.high > 1:
        unit = criterion.unit or "numbers"
        row.fault("counts", f"counts give a share from 0 to 1, but {criterion.id} is measured in {unit}", "n")
    elif one.dist != "beta":
        row.fault("counts", f"counts have the distribution beta, not {one.dist}; leave dist empty", "dist")


def _check_numbers(row: _Row, criterion: Criterion) -> None:
    one = row.judgement
    if one.dist == "beta":
        row.fault("counts", "dist beta needs the counts n and k", "dist")
        return
    if (one.low is None) != (one.high is None):
        row.fault("order", "low and high belong together; give both or neither", "high" if one.high is None else "low")
        return
    if one.best is None and one.low is not None and one.high is not None:
        if one.dist != "uniform":
            row.fault("order", f"best is empty; only dist uniform can do without (this is {one.dist})", "best")
            return
        one = row.judgement = replace(one, best=(one.low + one.high) / 2)
    _check_order(row)
    if one.best is not None and not criterion.low <= one.best <= criterion.high:
        _note_outside(row, criterion, one.best)


def _check_order(row: _Row) -> None:
    one = row.judgement
    if one.low is None or one.high is None or one.best is None:
        return
    if one.low > one.best:
        row.fault("order", f"low {one.low:g} is above best {one.best:g}", "low")
    elif one.best > one.high:
        row.fault("order", f"best {one.best:g} is above high {one.high:g}", "high")


def _note_outside(row: _Row, criterion: Criterion, best: float) -> None:
    one = row.judgement
    said = f"{best:g} {criterion.unit}".strip()
    text = f"{said} is outside the agreed range {criterion.low:g} to {criterion.high:g}"
    if criterion.outside == "clip":
        place = {"line": one.line, "column": "best", "option": one.option, "criterion": one.criterion}
        row.draft.warn("score_clipped", TABLE, f"{text}; counted at the nearer end", **place)  # type: ignore[arg-type]
    else:
        advice = f"Correct it, or agree a wider range and weigh {criterion.id} again"
        row.fault("score_outside", f"{text}. {advice}", "best")


def _check_repeats(draft: AppraisalDraft) -> None:
    first: dict[tuple[str, str, str], tuple[int, dict[str, str]]] = {}
    for line, cells in draft.sound_rows(TABLE):
        key = (cells["option"], cells["criterion"], cells["assessor"])
        if key in first:
            earlier, said = first[key]
            code = "duplicate" if said == cells else "duplicate_conflict"
            place = say_place(draft.source.place_of(TABLE, earlier, ""))
            text = f"{cells['assessor']} has judged this on{place} already; keep one of the rows"
            draft.error(code, TABLE, text, line=line, option=key[0], criterion=key[1])
        first.setdefault(key, (line, cells))


def _check_complete(draft: AppraisalDraft, structure: Structure) -> None:
    options = [option.id for option in structure.options]
    criteria = [*(criterion.id for criterion in structure.criteria), *(gate.id for gate in structure.gates)]
    told = {(cells["option"], cells["criterion"]) for _, cells in draft.rows(TABLE)}
    # A row whose ids cannot be read may be the one that is missing; to ask for a second one would lead astray.
    lost = {
        (_or_any(cells["option"], options), _or_any(cells["criterion"], criteria))
        for line, cells in draft.rows(TABLE)
        if (TABLE, line) in draft.unsound
    }
    for option, name in product(options, criteria):
        if (option, name) not in told and lost.isdisjoint({(option, ""), ("", name), ("", "")}):
            text = f"no row for ({option}, {name}): add one; leave it empty if there is no evidence"
            draft.error("score_missing_row", TABLE, text, option=option, criterion=name)
    _check_baseline_gates(draft, structure)


def _or_any(word: str, known: list[str]) -> str:
    return word if word in known else ""


def _check_baseline_gates(draft: AppraisalDraft, structure: Structure) -> None:
    gates = {gate.id for gate in structure.gates}
    baseline = draft.values.get("baseline")
    for line, cells in draft.sound_rows(TABLE):
        if cells["option"] == baseline and cells["criterion"] in gates and cells["level"] in ("no", "unknown"):
            text = f"the baseline answers {cells['level']} to a gate; what is done otherwise must pass every gate"
            place = {"line": line, "column": "level", "option": baseline, "criterion": cells["criterion"]}
            draft.error("baseline_gate", TABLE, text, **place)


def group_judgements(judgements: list[Judgement]) -> dict[tuple[str, str], list[Judgement]]:
    """Return the judgements of each (option, criterion), assessors in order of name."""
    cells: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for judgement in sorted(judgements, key=lambda one: one.assessor):
        cells[judgement.option, judgement.criterion].append(judgement)
    return dict(cells)
