"""From `appraisal.toml` to options, gates, criteria and trials, with every fault of the structure noted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .draft import STRUCTURE, AppraisalDraft
from .keys import FORMAT, SPREAD
from .parts import Criterion, Gate, Level, Money, Option, Trial
from .problems import Place, suggest

_ID = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)
# What stands in for a scale that cannot be used, so that the rest can be judged; an error was noted.
_SAFE_LEVELS = (Level("worst", 0.0), Level("best", 100.0))
_NARROWEST = 1e-9  # of a range, in its unit: below it a score's place in the range is rounding (ours)


@dataclass(frozen=True)
class Structure:
    """What `appraisal.toml` states, apart from its head."""

    options: tuple[Option, ...]
    gates: tuple[Gate, ...]
    criteria: tuple[Criterion, ...]
    trials: tuple[Trial, ...]
    money: Money | None
    spread: dict[str, float]
    refuse_missing: bool
    broken: frozenset[str] = frozenset()  # criteria whose scale cannot be used: their scores cannot be judged


def build_structure(draft: AppraisalDraft) -> Structure:
    """Return the structure of a draft whose keys have their declared types; faults are noted in the draft."""
    values = draft.values
    missing = values.get("missing", {})
    structure = Structure(
        options=tuple(_build_option(entry) for entry in values["options"]),
        gates=tuple(Gate(entry["id"], entry["label"]) for entry in values.get("gates", [])),
        criteria=tuple(_build_criteria(draft, values, missing.get("outside", "refuse"))),
        trials=tuple(_build_trial(entry) for entry in values.get("trials", [])),
        money=Money(**values["money"]) if "money" in values else None,
        spread={**SPREAD, **values.get("confidence", {})},
        refuse_missing=missing.get("scores", "widest") == "refuse",
        broken=_find_broken(draft, values),
    )
    _check_head(draft, values)
    _check_ids(draft, structure, values)
    _check_references(draft, structure, values)
    return structure


def _find_broken(draft: AppraisalDraft, values: dict[str, Any]) -> frozenset[str]:
    """Return the criteria whose scores cannot be judged: an error was noted at them or at their scale."""
    named = {problem.criterion for problem in draft.problems if problem.criterion}
    scaled = {entry["id"] for entry in values["criteria"] if f"scale:{entry.get('scale')}" in draft.broken}
    return frozenset(named | scaled) | draft.broken


def _build_option(entry: dict[str, Any]) -> Option:
    return Option(entry["id"], entry["label"], entry.get("family", ""), tuple(entry.get("trial", ())))


def _build_trial(entry: dict[str, Any]) -> Trial:
    known = {
        name: value for name, value in entry.items() if name != "design"
    }  # one design is known, so it says nothing
    return Trial(**{**known, "label": entry.get("label", entry["id"]), "options": tuple(entry["options"])})


def _check_head(draft: AppraisalDraft, values: dict[str, Any]) -> None:
    found = values["format"]
    if found != FORMAT:
        later = found.startswith("smarthan-appraisal/")
        advice = f"this program reads {FORMAT}. {'Use a later program' if later else f'Write {FORMAT}'}"
        draft.error("format_version", STRUCTURE, f'the format is "{found}"; {advice}', line=draft.line_of("format"))
    if len(values["options"]) < 2:
        draft.error("one_option", STRUCTURE, "a ranking of one option is meaningless. Add the do-minimum at least")
    if not values["criteria"]:
        draft.error(
            "no_criterion", STRUCTURE, "there is no criterion. Add at least one", line=draft.line_of("criteria")
        )


def _check_ids(draft: AppraisalDraft, structure: Structure, values: dict[str, Any]) -> None:
    seen: set[str] = set()
    scored = [part.id for group in (structure.options, structure.criteria, structure.gates) for part in group]
    for name in scored:
        _check_id(draft, name, seen)
    for family in ([trial.id for trial in structure.trials], list(values.get("scales", {}))):
        within: set[str] = set()
        for name in family:
            _check_id(draft, name, within)


def _check_id(draft: AppraisalDraft, name: str, seen: set[str]) -> None:
    line = draft.line_of("id", name)
    if not _ID.fullmatch(name):
        text = f'the id "{name[:64]}" may hold only a to z, 0 to 9 and _, at most 32 of them'
        draft.error("id_form", STRUCTURE, text, line=line)
    if name in seen:
        text = f'the id "{name}" stands twice; ids are unique across options, criteria and gates'
        draft.error("id_twice", STRUCTURE, text, line=draft.line_of("id", name, last=True))
    seen.add(name)


def _check_references(draft: AppraisalDraft, structure: Structure, values: dict[str, Any]) -> None:
    options = [option.id for option in structure.options]
    criteria = [criterion.id for criterion in structure.criteria]
    _check_baseline(draft, values.get("baseline", ""), options)
    for trial in structure.trials:
        line = draft.line_of("id", trial.id)
        for option in trial.options:
            _check_known(draft, option, options, f"trial {trial.id}: option", line)
        _check_known(draft, trial.criterion, criteria, f"trial {trial.id}: criterion", line)
        found = next((c for c in structure.criteria if c.id == trial.criterion), None)
        if found is not None and (found.levels or found.low < 0 or found.high > 1):
            text = f"trial {trial.id}: {found.id} is no share from 0 to 1; a binomial trial measures a share"
            draft.error("trial_criterion", STRUCTURE, text, line=line, criterion=found.id)
    if structure.money:
        _check_money(draft, structure.money.criterion, structure.criteria)


def _check_money(draft: AppraisalDraft, name: str, criteria: Sequence[Criterion]) -> None:
    line = draft.line_of("money")
    _check_known(draft, name, [criterion.id for criterion in criteria], "[money] criterion", line)
    found = next((criterion for criterion in criteria if criterion.id == name), None)
    if found is not None and not found.is_linear:
        text = "[money] needs a criterion with a linear value; elsewhere a point is worth a different sum at each place"
        draft.error("money_criterion", STRUCTURE, text, line=line, criterion=name)


def _check_baseline(draft: AppraisalDraft, baseline: str, options: list[str]) -> None:
    line = draft.line_of("baseline")
    if not baseline:
        text = 'there is no baseline. State the do-minimum option, for example baseline = "' + (options or ["id"])[0]
        draft.error("baseline_missing", STRUCTURE, text + '"', line=line)
    elif baseline not in options:
        text = f'the baseline "{baseline}" is not an option. {suggest(baseline, options)}'
        draft.error("baseline_missing", STRUCTURE, text, line=line)


def _check_known(draft: AppraisalDraft, name: str, known: list[str], what: str, line: Place) -> None:
    if name not in known:
        draft.error("id_unknown", STRUCTURE, f'{what} "{name}" is not known. {suggest(name, known)}', line=line)


def _build_criteria(draft: AppraisalDraft, values: dict[str, Any], outside: str) -> list[Criterion]:
    scales = {name: _build_levels(draft, name, rows) for name, rows in values.get("scales", {}).items()}
    scales |= {name.removeprefix("scale:"): _SAFE_LEVELS for name in draft.broken if name.startswith("scale:")}
    criteria = []
    for entry in values["criteria"]:
        common = {"id": entry["id"], "label": entry["label"], "group": entry.get("group", "")}
        line = draft.line_of("id", entry["id"])
        if "scale" in entry:
            levels = _find_scale(draft, entry, scales, line)
            criteria.append(Criterion(**common, levels=levels, outside=entry.get("outside", outside)))
        else:
            xs, ys = _build_points(draft, entry, line)
            details = {"unit": entry.get("unit", ""), "better": entry.get("better", "high")}
            criteria.append(Criterion(**common, **details, xs=xs, ys=ys, outside=entry.get("outside", outside)))
    return criteria


def _find_scale(
    draft: AppraisalDraft, entry: dict[str, Any], scales: dict[str, tuple[Level, ...]], line: Place
) -> tuple[Level, ...]:
    name, criterion = entry["scale"], entry["id"]
    if "range" in entry or "value" in entry:
        text = "has a range or value and a scale; keep one of them"
        draft.error("value_points", STRUCTURE, text, line=line, criterion=criterion)
    if name not in scales:
        text = f'the scale "{name}" is not in [scales]. {suggest(name, list(scales))}'
        draft.error("id_unknown", STRUCTURE, text, line=line, criterion=criterion)
    return scales.get(name, _SAFE_LEVELS)


def _build_levels(draft: AppraisalDraft, scale: str, rows: list[dict[str, Any]]) -> tuple[Level, ...]:
    levels = [Level(row["id"], float(row["value"]), row.get("means", "")) for row in rows]
    if f"scale:{scale}" in draft.broken:
        return _SAFE_LEVELS
    names, points = [level.id for level in levels], sorted(level.value for level in levels)
    line = draft.line_of(scale)
    if len(set(names)) < len(names):
        draft.error("id_twice", STRUCTURE, f"scale {scale}: a word stands twice", line=line)
    if len(levels) < 2 or points[0] != 0 or points[-1] != 100:
        text = f"scale {scale}: the worst word must have value 0 and the best 100; found {points or 'none'}"
        draft.error("scale_ends", STRUCTURE, text, line=line)
    return tuple(sorted(levels, key=lambda level: level.value))


def _build_points(
    draft: AppraisalDraft, entry: dict[str, Any], line: Place
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the value function's points; a faulty one is noted and replaced, so that reading can go on."""
    safe = (0.0, 1.0), (0.0, 100.0)
    name, limits, better = entry["id"], entry.get("range"), entry.get("better")
    if name in draft.broken:
        return safe
    if limits is None or len(limits) != 2:
        text = "has no range of two numbers and no scale, so no score on it has a value. State its low and high end"
        draft.error("range_missing", STRUCTURE, text, line=line, criterion=name)
        return safe
    if limits[0] >= limits[1]:
        text = f'range {limits} must run from the lower to the higher number; say better = "low" where less is better'
        draft.error("range_reversed", STRUCTURE, text, line=line, criterion=name)
        return safe
    if limits[1] - limits[0] < _NARROWEST:
        text = f"range {limits} is too narrow to tell scores apart. Use a smaller unit"
        draft.error("range_reversed", STRUCTURE, text, line=line, criterion=name)
        return safe
    if better is None:
        text = 'does not say which end is better. Add better = "high" or better = "low"'
        draft.error("better_missing", STRUCTURE, text, line=line, criterion=name)
        return safe
    value = entry.get("value", "linear")
    ends = (0.0, 100.0) if better == "high" else (100.0, 0.0)
    if value == "linear":
        return (float(limits[0]), float(limits[1])), ends
    fault = _find_point_fault(value, limits, ends)
    if fault:
        draft.error("value_points", STRUCTURE, fault, line=line, criterion=name)
        return safe
    return tuple(float(p[0]) for p in value), tuple(float(p[1]) for p in value)


def _find_point_fault(value: Any, limits: list[float], ends: tuple[float, float]) -> str:
    if isinstance(value, str) or not all(len(point) == 2 for point in value) or len(value) < 2:
        return 'value must be "linear" or two or more pairs: [[0, 0], [60, 100]] in TOML, 0:0; 60:100 in a workbook'
    xs, ys = [point[0] for point in value], [point[1] for point in value]
    if any(b <= a for a, b in pairwise(xs)):
        return f"the scores of value must be strictly increasing; found {xs}"
    if [xs[0], xs[-1]] != list(limits):
        return f"value runs from {xs[0]} to {xs[-1]}; it must span exactly the range {limits[0]} to {limits[1]}"
    steps = [b - a for a, b in pairwise(ys)]
    rising = ends == (0.0, 100.0)
    if (ys[0], ys[-1]) != ends or any(step < 0 if rising else step > 0 for step in steps):
        direction = "rise from 0 to 100" if rising else "fall from 100 to 0"
        return f"the points of value must {direction}, as `better` says; found {ys}"
    return ""
