"""Faults of an appraisal's keys: noted at their place, and taken out so that the rest can still be judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from smarthan.settings import Key, Model, SettingsProblem, TomlFile, find_problems

from .draft import STRUCTURE, AppraisalDraft
from .keys import FORMAT, MODEL
from .problems import Place

_ENTRY = re.compile(r"(options|criteria)\[([0-9]+)\]")
_VALUE = re.compile(r"criteria\[[0-9]+\]\.(range|value|better|scale)\b")
_NEVER = object()


def note_structure(draft: AppraisalDraft, toml: TomlFile, places: Mapping[str, Place] | None = None) -> None:
    """Note every key of the structure that is unknown, missing or of another type, and keep the rest usable.

    Parameters
    ----------
    draft : AppraisalDraft
        Its `values` are replaced by what can be used of them, its `broken` by what cannot.
    toml : TomlFile
        The values as written, with their text.
    places : mapping of str to place, optional
        Of a workbook: the cell of each key's path.
    """
    problems = find_problems(toml, MODEL)
    for problem in problems:
        line = problem.line if places is None else find_place(places, problem.key)
        option, criterion = _name_entry(toml.values, problem.key)
        draft.error(problem.code, STRUCTURE, problem.message, line=line, option=option, criterion=criterion)
    bad = {problem.key for problem in problems if problem.code != "key_missing"}
    draft.broken = frozenset(_name_broken(toml.values, {problem.key for problem in problems}))
    draft.broken |= find_valueless(_misspelt_criteria(toml.values, problems))
    kept = _keep(toml.values, Key("table", keys=MODEL), "", bad)
    draft.values = kept if isinstance(kept, dict) else {}


def find_place(places: Mapping[str, Place], path: str) -> Place:
    """Return the cell of a key's path, or of the entry, table or sheet it belongs to.

    Examples
    --------
    >>> find_place({"criteria": "criteria", "criteria[0]": "criteria!A2"}, "criteria[0].range[1]")
    'criteria!A2'
    """
    while path and path not in places:
        path = re.sub(r"(\.[^.\[\]]*|\[[^\[\]]*\]|^[^.\[\]]*)$", "", path)
    return places.get(path)


def _name_entry(values: Mapping[str, Any], path: str) -> tuple[str, str]:
    """Return the option or the criterion that a path leads into."""
    found = _ENTRY.match(path)
    if not found:
        return "", ""
    entry = values[found[1]][int(found[2])]
    name = entry.get("id", "") if isinstance(entry, dict) else ""
    name = name if isinstance(name, str) else ""
    return (name, "") if found[1] == "options" else ("", name)


def _name_broken(values: Mapping[str, Any], paths: set[str]) -> set[str]:
    """Return the criteria, and as `scale:NAME` the scales, with a faulty key: their values cannot be judged."""
    named = {_name_entry(values, path)[1] for path in paths if _VALUE.match(path)}
    scales = {f"scale:{path.split('.')[1].split('[')[0]}" for path in paths if path.startswith("scales.")}
    return (named | scales) - {""}


def _misspelt_criteria(values: Mapping[str, Any], problems: Iterable[SettingsProblem]) -> list[Any]:
    """Return the criteria with a key that nobody knows: it may be their range, misspelt."""
    found = [_ENTRY.match(problem.key) for problem in problems if problem.code == "key_unknown"]
    return [values["criteria"][int(each[2])] for each in found if each and each[1] == "criteria"]


def find_valueless(criteria: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the ids of criteria with neither a range nor a scale."""
    return frozenset(str(each.get("id")) for each in criteria if "range" not in each and "scale" not in each)


def _keep(value: Any, key: Key, path: str, bad: set[str]) -> Any:
    """Return what can be used of a value: faulty keys left out, words that must be there stood in for."""
    if path in bad:
        return _NEVER
    if isinstance(value, dict):
        return _keep_table(value, key, path, bad)
    if isinstance(value, list) and key.items is not None:
        items = [_keep(item, key.items, f"{path}[{place}]", bad) for place, item in enumerate(value)]
        usable = [item for item in items if item is not _NEVER]
        # Half a range or half a value function says something else than the whole.
        return usable if len(usable) == len(items) or key.items.kind == "table" else _NEVER
    return value


def _keep_table(table: Mapping[str, Any], key: Key, path: str, bad: set[str]) -> Any:
    where = f"{path}." if path else ""
    model: Model = key.keys if key.keys is not None else dict.fromkeys(table, key.items or key)
    kept = {name: _keep(value, model[name], f"{where}{name}", bad) for name, value in table.items() if name in model}
    kept = {name: value for name, value in kept.items() if value is not _NEVER}
    for name, each in model.items():
        if each.required and name not in kept:
            if name in ("options", "criteria") or (path and name != "label"):
                return _NEVER
            kept[name] = _stand_in(name, each, kept)
    return kept


def _stand_in(name: str, key: Key, kept: Mapping[str, Any]) -> Any:
    """Return a value for a key that must be there: nothing comes of it, for an error was noted."""
    by_kind: dict[Any, Any] = {"boolean": True, "date": None}
    if key.kind == "text":
        return {"status": "draft", "format": FORMAT}.get(name, str(kept.get("id", "?")))
    return by_kind[key.kind]
