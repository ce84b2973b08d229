"""Errors put into survey files on purpose, each listed in a manifest with the code that must be found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .constants import PACKETS_SENT, RADIO_BANDS
from .error_kinds import ERROR_CODES, ERROR_KINDS, FOLLOWS, ErrorKind
from .text_cells import number_ids

DEFAULT_COUNT = 2
FABRICATED_DBM = "-61.0"
CONSTANT_PATHS = 8  # from so many paths on a constant level is flagged: trial design, section 4


@dataclass
class Damage:
    """Tables being broken, and the account of it; rows are used once."""

    tables: dict[str, pd.DataFrame]
    rng: np.random.Generator
    counts: dict[str, int]
    exact: bool
    used: dict[str, set[int]] = field(default_factory=dict)
    lines: dict[str, dict[int, str]] = field(default_factory=dict)
    entries: list[tuple[str, int, str, str]] = field(default_factory=list)

    def take(self, table: str, allowed: pd.Series, count: int, code: str) -> list[int]:
        """Return rows that may carry an error and have none yet, and mark them as used."""
        used = self.used.setdefault(table, set())
        mask = allowed.to_numpy(dtype=np.bool_, copy=True)
        mask[list(used)] = False
        free = np.flatnonzero(mask)
        if self.exact and len(free) < count:
            raise ValueError(
                f"errors: {count} of {code} asked for, but only {len(free)} rows of {table} can carry it;"
                " ask for fewer or sample more buildings"
            )
        rows = sorted(self.rng.choice(free, min(count, len(free)), replace=False).tolist()) if len(free) else []
        used.update(rows)
        return rows

    def note(self, table: str, row: int, column: str, code: str) -> None:
        """Add a line to the manifest; the header is line 1."""
        self.entries.append((f"{table}.csv", row + 2, column, code))


def choose_counts(errors: bool | Mapping[str, int]) -> dict[str, int]:
    """Return how many errors of each code to make.

    Parameters
    ----------
    errors : bool or mapping of str to int
        True: two of each; False: none; else code to count.

    Returns
    -------
    dict of str to int

    Raises
    ------
    ValueError
        When a code is not known or a count is not 0 or more.

    Examples
    --------
    >>> choose_counts({"orphan": 3})
    {'orphan': 3}
    """
    if isinstance(errors, bool):
        return dict.fromkeys(ERROR_CODES, DEFAULT_COUNT) if errors else {}
    if unknown := [code for code in errors if code not in ERROR_CODES]:
        raise ValueError(f"errors: {unknown[0]!r} is not one of {', '.join(ERROR_CODES)}")
    if bad := [code for code, count in errors.items() if isinstance(count, bool) or int(count) != count or count < 0]:
        raise ValueError(f"errors[{bad[0]!r}]: {errors[bad[0]]!r} is not a count of 0 or more")
    return {code: int(count) for code, count in errors.items()}


def inject_errors(
    tables: Mapping[str, pd.DataFrame], counts: Mapping[str, int], rng: np.random.Generator, *, exact: bool
) -> Damage:
    """Return broken copies of the tables with the manifest of what was broken.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of text.
    counts : mapping of str to int
        From `choose_counts`.
    rng : Generator
        Source of randomness.
    exact : bool
        Refuse when too few rows can carry an error; else make as many as can be made.

    Returns
    -------
    Damage
        `.tables`; `.lines`: rows to be written a cell short or long; `.entries`: the manifest.

    Raises
    ------
    ValueError
        When `exact` and too few rows can carry an error.
    """
    damage = Damage({name: frame.copy() for name, frame in tables.items()}, rng, dict(counts), exact)
    # The fabricator first: none of his rows may carry another error. Then paths, whose measurements go with them.
    _fabricate(damage)
    for kind in ERROR_KINDS:
        if kind.table == "paths":
            _break_cells(damage, kind)
    _cross_buildings(damage)
    for kind in ERROR_KINDS:
        if kind.table != "paths":
            _break_cells(damage, kind)
    _move_wiring(damage)
    _break_lines(damage)
    _repeat_rows(damage)
    return damage


def list_errors(damage: Damage) -> pd.DataFrame:
    """Return the manifest: file, line, column, code; sorted."""
    manifest = pd.DataFrame(damage.entries, columns=["file", "line", "column", "code"])
    return manifest.sort_values(["file", "line", "column", "code"], ignore_index=True)


def _break_cells(damage: Damage, kind: ErrorKind) -> None:
    frame = damage.tables[kind.table]
    rows = damage.take(kind.table, kind.pick(frame), damage.counts.get(kind.code, 0), kind.code)
    for number, row in enumerate(rows):
        frame.at[row, kind.column] = kind.edit(frame.iloc[row], number)
        damage.note(kind.table, row, kind.column, kind.code)
    if kind.table == "paths":
        flagged = kind.code in ("distance_xyz", "feet_for_metres", "floors_z")
        _follow_paths(damage, rows, rejected=not flagged)


def _follow_paths(damage: Damage, rows: list[int], *, rejected: bool) -> None:
    """Keep the measurements of broken paths free of other errors, and note those that go with them."""
    paths, readings = damage.tables["paths"], damage.tables["measurements"]
    children = np.flatnonzero(readings["path_id"].isin(paths.loc[rows, "path_id"]).to_numpy()).tolist()
    damage.used.setdefault("measurements", set()).update(children)
    if rejected:
        for row in children:
            damage.note("measurements", row, "path_id", FOLLOWS)


def _cross_buildings(damage: Damage) -> None:
    """Let paths end in another building."""
    code = "path_two_buildings"
    paths, places = damage.tables["paths"], damage.tables["locations"]
    rows = damage.take("paths", paths["role"] == "CH-GM", damage.counts.get(code, 0), code)
    building = dict(zip(places["location_id"], places["building_id"], strict=True))
    gas = places[places["kind"] == "gas_meter"]
    for row in rows:
        away = gas.loc[gas["building_id"] != building[str(paths.at[row, "from_location"])], "location_id"]
        paths.at[row, "to_location"] = away.iloc[int(damage.rng.integers(len(away)))]
        damage.note("paths", row, "to_location", code)
    _follow_paths(damage, rows, rejected=True)


def _move_wiring(damage: Damage) -> None:
    """State another building for a dwelling's wiring than the dwelling's own."""
    code = "conflict_fixed_property"
    wiring, dwellings = damage.tables["wiring"], damage.tables["dwellings"]
    home = dict(zip(dwellings["dwelling_id"], dwellings["building_id"], strict=True))
    buildings = damage.tables["buildings"]["building_id"]
    for row in damage.take("wiring", wiring["dwelling_id"] != "", damage.counts.get(code, 0), code):
        away = buildings[buildings != home[str(wiring.at[row, "dwelling_id"])]]
        wiring.at[row, "building_id"] = away.iloc[int(damage.rng.integers(len(away)))]
        damage.note("wiring", row, "dwelling_id", code)


def _break_lines(damage: Damage) -> None:
    """Mark lines to be written with a cell too few or too many."""
    readings = damage.tables["measurements"]
    for code in ("row_short", "row_long"):
        everywhere = pd.Series(True, index=readings.index)
        for row in damage.take("measurements", everywhere, damage.counts.get(code, 0), code):
            damage.lines.setdefault("measurements", {})[row] = code
            damage.note("measurements", row, "", code)


def _repeat_rows(damage: Damage) -> None:
    """Append copies of rows: equal ones, and ones that say something else under the same key."""
    readings = damage.tables["measurements"]
    everywhere = pd.Series(True, index=readings.index)
    equal = damage.take("measurements", everywhere, damage.counts.get("duplicate", 0), "duplicate")
    other = damage.take("measurements", everywhere, damage.counts.get("duplicate_conflict", 0), "duplicate_conflict")
    copies = pd.concat([readings.loc[equal], readings.loc[other].assign(repeat_no="9")])
    damage.tables["measurements"] = pd.concat([readings, copies], ignore_index=True)
    for place, row in enumerate([*equal, *other], start=len(readings)):
        code = "duplicate" if row in equal else "duplicate_conflict"
        damage.note("measurements", place, "measurement_id", code)
        if code == "duplicate_conflict":
            damage.note("measurements", row, "measurement_id", code)


def _fabricate(damage: Damage) -> None:
    """Let the last surveyor write one level for all paths and call every packet received."""
    code = "surveyor_constant"
    if not damage.counts.get(code, 0):
        return
    visits, readings, paths = (damage.tables[name] for name in ("visits", "measurements", "paths"))
    last = number_ids("V", np.array([len(damage.tables["surveyors"]) - 1]))[0]
    mine = readings["visit_id"].isin(visits.loc[visits["surveyor_id"] == last, "visit_id"])
    counts = readings.loc[mine, "technology"].value_counts()
    enough = [technology for technology in RADIO_BANDS if counts.get(technology, 0) >= CONSTANT_PATHS]
    invented = mine & readings["technology"].isin(enough)
    said = {"rssi_dbm": FABRICATED_DBM, "rssi_status": "observed"}
    said |= dict.fromkeys(("packets_sent", "packets_ok"), str(PACKETS_SENT))
    for column, cell in said.items():
        readings.loc[invented, column] = cell
    damage.used["measurements"] = set(np.flatnonzero(mine.to_numpy()).tolist())
    damage.used["paths"] = set(np.flatnonzero(paths["path_id"].isin(readings.loc[mine, "path_id"]).to_numpy()).tolist())
    for row in np.flatnonzero(invented.to_numpy()).tolist():
        damage.note("measurements", row, "rssi_dbm", code)
