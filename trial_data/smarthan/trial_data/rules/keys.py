"""Rules for keys and references: duplicates, orphans, children of rejected rows, two descriptions of one thing."""

from __future__ import annotations

import csv

import pandas as pd

from smarthan.tables import RULES, Parent, Rows

from .workset import Workset

_FIXED = (("building_id", "buildings"), ("dwelling_id", "dwellings"))


def check_duplicates(work: Workset) -> None:
    """Quarantine repeated keys: all but the first of equal rows; every row where they disagree."""
    for rows in work.rows.values():
        rows.reject_duplicates()


def check_orphans(work: Workset) -> None:
    """Quarantine rows that refer to something no row, not even a rejected one, describes."""
    for rows in work.rows.values():
        for parent in rows.table.parents:
            cells = rows.frame[parent.column]
            described = cells.isin(_all_keys(work.rows[parent.table], parent.key))
            message = f"{parent.column} '{{value}}' stands in no row of {parent.table}"
            rows.reject(cells.notna() & ~described, "orphan", parent.column, message)


def reject_children(work: Workset) -> None:
    """Quarantine rows whose parent is in quarantine, and theirs, until nothing changes."""
    seen = {
        (name, p.column): pd.Series(False, index=r.frame.index)
        for name, r in work.rows.items()
        for p in r.table.parents
    }
    changed = True
    while changed:
        changed = False
        for (name, column), told in seen.items():
            rows = work.rows[name]
            parent = next(p for p in rows.table.parents if p.column == column)
            lost = _refers_to_rejected(work, rows, parent) & ~told
            if lost.any():
                message = f"{column} '{{value}}' is in quarantine in {parent.table}"
                rows.reject(lost, "parent_rejected", column, message)
                told |= lost
                changed = True


def _refers_to_rejected(work: Workset, rows: Rows, parent: Parent) -> pd.Series:
    owner = work.rows[parent.table]
    cells = rows.frame[parent.column]
    alive = cells.isin(owner.frame.loc[owner.alive, parent.key].dropna())
    return cells.isin(_all_keys(owner, parent.key)) & ~alive


def _all_keys(owner: Rows, key: str) -> set[str]:
    """Return every key a table describes; any cell of a record that could not be read may be its key."""
    damaged = {
        cell.strip()
        for problem in owner.problems
        if RULES[problem.code].severity == "row"
        for cell in next(csv.reader([problem.original.replace("\0", "")], strict=False), [])
    }
    return set(owner.frame[key].dropna()) | {cell for cell in damaged if cell}


def check_fixed_properties(work: Workset) -> None:
    """Quarantine all rows, in one table, of a building or dwelling that they describe differently.

    A flat (joined) upload repeats a building's columns beside every dwelling: they must agree with each other and with
    the building's own row. A dwelling's building is such a property too.
    """
    for rows in work.rows.values():
        for key, owner in _FIXED:
            if key in rows.table.by_name and rows.table.name != owner:
                _compare_with_owner(work, rows, key, owner)


def _compare_with_owner(work: Workset, rows: Rows, key: str, owner: str) -> None:
    for column in work.rows[owner].table.names:
        said = rows.also[column] if column in rows.also else rows.text.get(column)
        told_as_fixed = column in rows.also or (owner == "dwellings" and column == "building_id")
        if said is None or not told_as_fixed:
            continue
        here = pd.DataFrame({"key": rows.frame[key], "said": _folded(said)})
        there = pd.DataFrame({"key": work.rows[owner].frame[key], "said": _folded(work.rows[owner].text[column])})
        told = pd.concat([here, there]).query("key.notna() and said != ''").drop_duplicates()
        disputed = told.loc[told.duplicated("key"), "key"]
        message = f"{key} '{{value}}' is described with more than one {column}"
        rows.reject(here["key"].isin(disputed.unique()), "conflict_fixed_property", key, message)


def _folded(cells: pd.Series) -> pd.Series:
    return cells.str.strip().str.casefold()
