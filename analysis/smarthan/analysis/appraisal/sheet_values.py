"""From the cells of the structure's sheets to the values that `appraisal.toml` would hold, each with its cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from smarthan.settings import Key

from .draft import parse_date, parse_number
from .keys import CRITERION, GATE, LEVEL, OPTION, TRIAL
from .problems import Place
from .sheets import PAIRS

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_ENTRIES = {"options": OPTION, "gates": GATE, "criteria": CRITERION, "trials": TRIAL}


class Cell(NamedTuple):
    """A cell's text and the column it stands in."""

    text: str
    column: str


PlaceOf = Callable[[str, int, str], Place]
Rows = list[tuple[int, dict[str, Cell]]]


@dataclass
class SheetValues:
    """The values of the structure, with where each stands.

    Attributes
    ----------
    values : dict
        As `tomllib` would give them.
    places : dict
        Path of a key to its cell.
    ids : dict
        Id of an option, gate, criterion or trial to the cells in which it stands.
    keys : list of str
        The keys of the sheet `appraisal`, as often as each stands there.
    unknown : dict
        Keys of that sheet that nobody knows, with their cells.
    faults : list
        What no value of TOML could be: code, sheet, row, column, message.
    """

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    ids: dict[str, list[Any]] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    unknown: dict[str, Place] = field(default_factory=dict)
    faults: list[tuple[str, str, int, str, str]] = field(default_factory=list)


def gather_values(cells: Mapping[str, Rows], place_of: PlaceOf) -> SheetValues:
    """Return the values of the structure's sheets; `place_of` names the cell of a sheet, row and column."""
    found = SheetValues()
    for row, pair in cells["appraisal"]:
        _take_pair(found, row, pair, place_of)
    for sheet, model in _ENTRIES.items():
        if sheet in ("options", "criteria") or cells[sheet]:
            rows = cells[sheet]
            found.values[sheet] = [_take_entry(found, sheet, at, rows[at], model, place_of) for at in range(len(rows))]
    for row, level in cells["scales"]:
        _take_level(found, row, level, place_of)
    return found


def _take_pair(found: SheetValues, row: int, pair: Mapping[str, Cell], place_of: PlaceOf) -> None:
    name, text = pair["key"].text, pair["value"].text
    if not name:
        if text:
            found.faults.append(("required_missing", "appraisal", row, "key", "the row names no key"))
        return
    found.keys.append(name)
    place = place_of("appraisal", row, "value")
    if name not in PAIRS:
        found.unknown[name] = place
    elif text:
        value, (table, _, inner) = _type_cell(text, PAIRS[name]), name.partition(".")
        if inner:
            found.values.setdefault(table, {})[inner] = value
            found.places.setdefault(table, place)
        else:
            found.values[name] = value
    found.places[name] = place


def _take_entry(
    found: SheetValues,
    sheet: str,
    at: int,
    row: tuple[int, dict[str, Cell]],
    model: Mapping[str, Key],
    place_of: PlaceOf,
) -> dict[str, Any]:
    line, cells = row
    entry: dict[str, Any] = {}
    path = f"{sheet}[{at}]"
    found.places[path] = place_of(sheet, line, "id")
    for name, key in model.items():
        column = "range_low" if name == "range" else name
        found.places[f"{path}.{name}"] = place_of(sheet, line, column)
        value = _range_of(cells) if name == "range" else _value_of(name, key, cells)
        if value is not None:
            entry[name] = value
    if isinstance(entry.get("id"), str):
        found.ids.setdefault(entry["id"], []).append(found.places[path])
    return entry


def _range_of(cells: Mapping[str, Cell]) -> list[Any] | None:
    """Return the two ends; one of them alone is no range."""
    ends = [cells[name].text for name in ("range_low", "range_high") if name in cells and cells[name].text]
    return [_type_cell(text, Key("number")) for text in ends] or None


def _value_of(name: str, key: Key, cells: Mapping[str, Cell]) -> Any:
    text = cells[name].text if name in cells else ""
    if not text:
        return None
    if name == "value" and key.items is not None:
        return parse_points(text)
    if key.kind == "list":
        return [part.strip() for part in text.split(";") if part.strip()]
    return _type_cell(text, key)


def parse_points(text: str) -> str | list[list[float]]:
    """Return the points of a value function written as `x:v; x:v`; what is not so written stays as it is.

    Examples
    --------
    >>> parse_points("0:0; 40:90; 60:100"), parse_points("linear"), parse_points("0-100")
    ([[0.0, 0.0], [40.0, 90.0], [60.0, 100.0]], 'linear', '0-100')
    """
    points = [[parse_number(part.strip()) for part in pair.split(":")] for pair in text.split(";") if pair.strip()]
    if not points or any(len(point) != 2 or None in point for point in points):
        return text
    return [[number for number in point if number is not None] for point in points]


def _take_level(found: SheetValues, row: int, cells: Mapping[str, Cell], place_of: PlaceOf) -> None:
    scale = cells["scale"].text
    if not scale:
        found.faults.append(("required_missing", "scales", row, "scale", "the row names no scale"))
        return
    levels = found.values.setdefault("scales", {}).setdefault(scale, [])
    path = f"scales.{scale}[{len(levels)}]"
    found.places.setdefault(scale, place_of("scales", row, "scale"))
    found.places.setdefault(f"scales.{scale}", place_of("scales", row, "scale"))
    found.places[path] = place_of("scales", row, "id")
    level = {}
    for name, key in LEVEL.items():
        found.places[f"{path}.{name}"] = place_of("scales", row, name)
        value = _value_of(name, key, cells)
        if value is not None:
            level[name] = value
    levels.append(level)


def _type_cell(text: str, key: Key) -> Any:
    """Return the value a cell states, of the key's kind; a text that states none stays text, which is told later."""
    if key.kind in ("number", "integer"):
        return int(text) if _WHOLE.fullmatch(text) else _or_text(parse_number(text), text)
    if key.kind == "date":
        return _or_text(parse_date(text), text)
    if key.kind == "boolean":
        return {"true": True, "false": False}.get(text.casefold(), text)
    return text


def _or_text(value: Any, text: str) -> Any:
    return text if value is None else value
