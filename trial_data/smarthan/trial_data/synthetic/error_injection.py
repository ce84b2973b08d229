"""Errors put into survey files on purpose, each listed in a manifest with the code that must be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from .damage import Damage
from .design_errors import change_headers, silence_strata, split_inclusion, state_certainty
from .error_kinds import DESIGN_CODES, ERROR_CODES, ERROR_KINDS, ErrorKind
from .linked_errors import cross_buildings, fabricate_levels, heap_digits, hurry_visits, move_wiring

DEFAULT_COUNT = 2
FLAGGED_PATHS = ("distance_xyz", "feet_for_metres", "floors_z")


def choose_counts(errors: bool | Mapping[str, int]) -> dict[str, int]:
    """Return how many errors of each code to make.

    Parameters
    ----------
    errors : bool or mapping of str to int
        True: two of each, but for errors in the design itself, which change what the sample stands for; False: none;
        else code to count. A code that flags a surveyor makes one such surveyor, whatever the count above 0.

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
        return {code: DEFAULT_COUNT for code in ERROR_CODES if code not in DESIGN_CODES} if errors else {}
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
    # Surveyors first: none of their rows may carry another error. Then paths, whose measurements go with them.
    fabricate_levels(damage)
    heap_digits(damage)
    hurry_visits(damage)
    _break_kinds(damage, [kind for kind in ERROR_KINDS if kind.table == "paths"])
    cross_buildings(damage)
    split_inclusion(damage)
    silence_strata(damage)
    state_certainty(damage)
    _break_kinds(damage, [kind for kind in ERROR_KINDS if kind.table != "paths"])
    move_wiring(damage)
    _break_lines(damage)
    _repeat_rows(damage)
    change_headers(damage)
    return damage


def list_errors(damage: Damage) -> pd.DataFrame:
    """Return the manifest: file, line, column, code; sorted."""
    manifest = pd.DataFrame(damage.entries, columns=["file", "line", "column", "code"])
    return manifest.sort_values(["file", "line", "column", "code"], ignore_index=True)


def _break_kinds(damage: Damage, kinds: Sequence[ErrorKind]) -> None:
    """Break cells; the count of a code is shared out among its kinds."""
    for kind in kinds:
        same = [one for one in ERROR_KINDS if one.code == kind.code]
        count, more = divmod(damage.count(kind.code), len(same))
        _break_cells(damage, kind, count + (same.index(kind) < more))


def _break_cells(damage: Damage, kind: ErrorKind, count: int) -> None:
    frame = damage.tables[kind.table]
    rows = damage.take(kind.table, kind.pick(frame), count, kind.code)
    for number, row in enumerate(rows):
        frame.at[row, kind.column] = kind.edit(frame.iloc[row], number)
        damage.note(kind.table, row, kind.column, kind.code)
    if kind.table == "paths":
        damage.follow_paths(rows, rejected=kind.code not in FLAGGED_PATHS)


def _break_lines(damage: Damage) -> None:
    """Mark lines to be written with a cell too few or too many."""
    readings = damage.tables["measurements"]
    for code in ("row_short", "row_long"):
        everywhere = pd.Series(True, index=readings.index)
        for row in damage.take("measurements", everywhere, damage.count(code), code):
            damage.lines.setdefault("measurements", {})[row] = code
            damage.note("measurements", row, "", code)


def _repeat_rows(damage: Damage) -> None:
    """Append copies of rows: equal ones, and ones that say something else under the same key."""
    readings = damage.tables["measurements"]
    everywhere = pd.Series(True, index=readings.index)
    equal = damage.take("measurements", everywhere, damage.count("duplicate"), "duplicate")
    other = damage.take("measurements", everywhere, damage.count("duplicate_conflict"), "duplicate_conflict")
    copies = pd.concat([readings.loc[equal], readings.loc[other].assign(repeat_no="9")])
    damage.tables["measurements"] = pd.concat([readings, copies], ignore_index=True)
    for place, row in enumerate([*equal, *other], start=len(readings)):
        code = "duplicate" if row in equal else "duplicate_conflict"
        damage.note("measurements", place, "measurement_id", code)
        if code == "duplicate_conflict":
            damage.note("measurements", row, "measurement_id", code)
