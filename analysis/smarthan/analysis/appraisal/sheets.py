"""The sheets of an appraisal in one workbook, each column declared once: read, written and explained from here."""

from __future__ import annotations

from smarthan.settings import Key
from smarthan.tables import Field, Table

from .keys import (
    CONFIDENCES,
    CRITERION,
    DISTRIBUTIONS,
    EVIDENCE_KINDS,
    GATE,
    LEVEL,
    MODEL,
    NEEDED,
    OPTION,
    STATUSES,
    TABLES,
    TRIAL,
)

GUIDE = "guide"
_ABOUT = {
    "options.id": "A short name of the option: a to z, 0 to 9 and _, at most 32.",
    "options.label": "The option as readers know it.",
    "options.family": "A word to group options by, such as wired.",
    "options.trial": "Technologies of the building trial it stands for, joined by ;.",
    "gates.id": "A short name of the gate: a to z, 0 to 9 and _, at most 32.",
    "gates.label": "What must be so: never traded against anything, never weighted.",
    "criteria.id": "A short name of the criterion: a to z, 0 to 9 and _, at most 32.",
    "criteria.label": "What is judged.",
    "criteria.group": "Where it belongs, as a path such as Cost/Running.",
    "criteria.unit": "The unit that scores are written in, such as GBP.",
    "criteria.better": "Which end of the range is better.",
    "criteria.range_low": "The least score of the agreed range.",
    "criteria.range_high": "The greatest score of the agreed range.",
    "criteria.value": "What a score is worth: linear, or points score:value joined by ;, such as 0:0; 40:90; 60:100.",
    "criteria.scale": "Instead of range and value: the name of a scale of words on the sheet scales.",
    "criteria.outside": "What becomes of a score outside the range: refuse, or clip and report.",
    "scales.scale": "The scale that the word belongs to.",
    "scales.id": "The word as it is written in scores.",
    "scales.value": "What it is worth: 0 for the worst word of a scale, 100 for the best.",
    "scales.means": "What the word means, so that two people choose the same.",
    "trials.id": "A short name of a trial that could be made.",
    "trials.label": "What it would measure, in words.",
    "trials.criterion": "The criterion it would measure: a share from 0 to 1.",
    "trials.options": "The options it would measure, joined by ;.",
    "trials.design": "How counts arise: binomial.",
    "trials.dwellings_per_building": "Dwellings measured in each building.",
    "trials.icc": "How alike dwellings of one building are, 0 to 1.",
    "trials.setup": "Cost before the first building [GBP].",
    "trials.per_building": "Cost of each building [GBP].",
    "trials.delay_months": "How long a decision waits for it [months].",
    "trials.delay_cost_per_month": "What a month of waiting costs [GBP].",
    "trials.max_buildings": "The most buildings it could take in.",
    "scores.option": "Which option is judged: an id of the sheet options.",
    "scores.criterion": "On what: an id of the sheet criteria or gates.",
    "scores.assessor": "Who judged. One row for each option, criterion and assessor.",
    "scores.level": "A word of the criterion's scale; for a gate yes, no or unknown.",
    "scores.best": "The best estimate, in the criterion's unit.",
    "scores.low": "The least it could be (normal: the 5 % point). Give low and high, or neither.",
    "scores.high": "The greatest it could be (normal: the 95 % point).",
    "scores.dist": "How it is spread between low and high; empty means pert.",
    "scores.n": "Counts from a trial: how many were tested (from a clustered trial, the effective number).",
    "scores.k": "How many of those n worked.",
    "scores.p": "For an unknown gate: the chance that it is passed, between 0 and 1.",
    "scores.evidence": "What the score rests on: an id of the sheet evidence.",
    "scores.confidence": "How sure the assessor is; gives the spread where low and high are empty.",
    "scores.note": "Anything a reader should know.",
    "weights.assessor": "Whose weights these are. One kind of weight for each assessor.",
    "weights.criterion": "An id of the sheet criteria, or group: and a path, such as group:Cost/Running.",
    "weights.swing": "Points for going from worst to best of the range; the most important swing has 100.",
    "weights.rank": "Instead: 1 for the most important; ties share a rank.",
    "weights.weight": "Instead: the weight itself; an assessor's weights add to 1.",
    "weights.low": "Instead: the least weight, with high.",
    "weights.high": "The greatest weight, with low.",
    "weights.note": "Why.",
    "evidence.id": "A short name, used in scores.",
    "evidence.title": "The document or measurement.",
    "evidence.kind": "What kind of evidence it is.",
    "evidence.date": "Its day, as 2013-02-10.",
    "evidence.where": "Where it can be found: file and page, address, hash.",
    "evidence.quality": "How far it can be relied on.",
    "evidence.owner": "Whose it is.",
}
_LISTED = {
    "scores.dist": DISTRIBUTIONS,
    "scores.confidence": CONFIDENCES,
    "evidence.kind": EVIDENCE_KINDS,
    "evidence.quality": CONFIDENCES,
}
_IDS = {"option", "criterion", "assessor", "evidence"}
_NUMBERS = {"best", "low", "high", "n", "k", "p", "swing", "rank", "weight"}
_SAID = {
    "appraisal": "The appraisal as a whole: one key a row, with its value.",
    "options": "The candidates, the baseline (what is done otherwise) among them.",
    "gates": "Must-haves. May be left empty.",
    "criteria": "What is weighed, each with its agreed range and value, or its scale of words.",
    "scales": "The words of the scales, with their agreed values. May be left empty.",
    "trials": "Trials that could be made to learn more. May be left empty.",
    "scores": "One judgement a row.",
    "weights": "How much each criterion's swing from worst to best counts, for each assessor.",
    "evidence": "What the scores rest on.",
}


def _field(sheet: str, name: str, key: Key) -> Field:
    """Declare a column of the structure from its key, so that nothing is said of it twice."""
    kind = "number" if key.kind in ("number", "integer") else "identifier" if name in _KEYED else "category"
    allowed = tuple(str(word) for word in key.allowed)
    about = _ABOUT[f"{sheet}.{name}"]
    return Field(name, kind, about, required=key.required, allowed=allowed, verbatim=True)  # type: ignore[arg-type]


_KEYED = {"id", "scale", "criterion"}


def _structure_sheet(sheet: str, keys: dict[str, Key]) -> Table:
    return Table(sheet, _SAID[sheet], tuple(_field(sheet, name, key) for name, key in keys.items()))


def _judgement_sheet(sheet: str) -> Table:
    return Table(sheet, _SAID[sheet], tuple(_judgement_field(sheet, name) for name in TABLES[sheet]))


def _judgement_field(sheet: str, name: str) -> Field:
    place = f"{sheet}.{name}"
    # A category of no listed words is text in which a link is text and a formula is a fault.
    kind = "number" if name in _NUMBERS else "date" if name == "date" else "identifier" if name in _IDS else "category"
    needed, allowed = name in NEEDED[sheet], _LISTED.get(place, ())
    return Field(name, kind, _ABOUT[place], required=needed, allowed=allowed, verbatim=True)  # type: ignore[arg-type]


def _spread_range(keys: dict[str, Key]) -> dict[str, Key]:
    """Put two columns in the place of a range, and a column of text in that of a value."""
    number, words = Key("number"), Key("text")
    spread: dict[str, Key] = {}
    for name, key in keys.items():
        spread |= {"range_low": number, "range_high": number} if name == "range" else {name: key}
    return {**spread, "value": words}


_PAIR = (
    Field("key", "category", "The name of a setting, as on this sheet.", required=True, verbatim=True),
    Field("value", "number", "Its value: a text, a number, a date, true or false."),
)
SHEETS: dict[str, Table] = {
    "appraisal": Table("appraisal", _SAID["appraisal"], _PAIR),
    "options": _structure_sheet("options", OPTION),
    "gates": _structure_sheet("gates", GATE),
    "criteria": _structure_sheet("criteria", _spread_range(CRITERION)),
    "scales": _structure_sheet("scales", {"scale": Key("text", required=True), **LEVEL}),
    "trials": _structure_sheet("trials", TRIAL),
    **{name: _judgement_sheet(name) for name in TABLES},
}
OPTIONAL_SHEETS = ("gates", "scales", "trials")
LISTS = ("options.trial", "trials.options")  # several words in one cell, joined by ;


def _flatten(model: dict[str, Key]) -> dict[str, Key]:
    flat: dict[str, Key] = {}
    for name, key in model.items():
        if key.keys is not None:
            flat |= {f"{name}.{inner}": each for inner, each in key.keys.items()}
        elif key.kind not in ("list", "table"):
            flat[name] = key
    return flat


# The keys of the sheet `appraisal`, dotted, with what each may hold.
PAIRS: dict[str, Key] = _flatten(dict(MODEL))
PAIR_ABOUT = {
    "format": "The form of this workbook; leave it as it is.",
    "id": "A short name of the appraisal.",
    "title": "Its title.",
    "status": "One of " + ", ".join(STATUSES) + ".",
    "synthetic": "true when any number or document in it is invented; stamped on all that is made from it.",
    "decision": "The question that it helps to decide.",
    "baseline": "The id of the option that is done otherwise.",
    "as_of": "The day it speaks of, as 2013-06-30.",
    "max_regret": "How many points a shortlist may give away in expectation.",
    "max_shortlist": "The most options a shortlist may hold.",
    "agreed.on": "The day ranges and weights were agreed.",
    "agreed.by": "Who agreed them.",
    "agreed.minute": "The evidence id, or the place, of the minute.",
    "missing.scores": "What a missing score becomes: widest (the whole range), or refuse.",
    "missing.outside": "What becomes of a score outside its range: refuse, or clip and report.",
    "money.criterion": "The criterion in GBP per premises, with a linear value.",
    "money.premises": "How many premises the decision is about.",
    "money.price_base": "The year of the prices.",
    "money.present_year": "The year that money is discounted to.",
    "confidence.high": "Spread of a score of high confidence without low and high: a share of the range.",
    "confidence.medium": "The same for medium.",
    "confidence.low": "The same for low.",
}
