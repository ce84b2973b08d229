"""Rules for keys and references: duplicates, orphans, children of rejected rows, two descriptions of one thing."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.tables import RULES, Parent, Rows

from .workset import Codes, Mask, Workset, text_of

_FIXED = (("building_id", "buildings"), ("dwelling_id", "dwellings"))


def check_duplicates(work: Workset) -> None:
    """Quarantine repeated keys: all but the first of equal rows; every row where they disagree."""
    for rows in work.rows.values():
        rows.reject_duplicates()


def check_orphans(work: Workset) -> None:
    """Quarantine rows that refer to something no row, not even a rejected one, describes."""
    for name, rows in work.rows.items():
        for parent in rows.table.parents:
            lost = work.link(name, parent.column) < 0
            lost &= rows.frame[parent.column].notna().to_numpy(dtype=np.bool_)
            lost &= ~_refers_to_damaged(work, rows, parent)
            message = f"{parent.column} '{{value}}' stands in no row of {parent.table}"
            rows.reject(lost, "orphan", parent.column, message)


def reject_children(work: Workset) -> None:
    """Quarantine rows whose parent is in quarantine, and theirs, until nothing changes."""
    damaged = {(n, p.column): _refers_to_damaged(work, r, p) for n, r in work.rows.items() for p in r.table.parents}
    told = {place: np.zeros(len(mask), dtype=np.bool_) for place, mask in damaged.items()}
    changed = True
    while changed:
        changed = False
        for (name, column), known in told.items():
            rows = work.rows[name]
            parent = next(p for p in rows.table.parents if p.column == column)
            lost = (_refers_to_rejected(work, rows, parent) | damaged[name, column]) & ~known
            if lost.any():
                message = f"{column} '{{value}}' is in quarantine in {parent.table}"
                rows.reject(lost, "parent_rejected", column, message)
                known |= lost
                changed = True


def _refers_to_rejected(work: Workset, rows: Rows, parent: Parent) -> Mask:
    """Return which rows name a key none of whose rows is accepted."""
    owner, code = work.rows[parent.table], work.link(rows.table.name, parent.column)
    if owner.alive.all():
        return np.zeros(len(code), dtype=np.bool_)
    # One place more, for the -1 of rows that name no key.
    dead = np.append(~work.keys(parent.table).spread(owner.alive), False)
    return np.asarray(dead[code])


def _refers_to_damaged(work: Workset, rows: Rows, parent: Parent) -> Mask:
    """Return which rows name a key that stands in no row, yet may stand in a record that could not be read."""
    damaged = _damaged_cells(work.rows[parent.table])
    code = work.link(rows.table.name, parent.column)
    if not damaged:
        return np.zeros(len(code), dtype=np.bool_)
    cells = text_of(rows.frame[parent.column])
    return (code < 0) & pc.is_in(cells, pa.array(sorted(damaged), cells.type)).to_numpy(zero_copy_only=False)


def _damaged_cells(owner: Rows) -> set[str]:
    """Return the cells of records that could not be read: any of them may be the key."""
    damaged = {
        cell.strip()
        for problem in owner.problems
        if RULES[problem.code].severity == "row"
        for cell in next(csv.reader([problem.original.replace("\0", "")], strict=False), [])
    }
    return {cell for cell in damaged if cell}


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
        told_as_fixed = column in rows.also or (owner == "dwellings" and column == "building_id")
        said = rows.also[column] if column in rows.also else rows.text.get(column) if told_as_fixed else None
        if said is None:
            continue
        message = f"{key} '{{value}}' is described with more than one {column}"
        disputed = _find_disputed(rows.frame[key], said, work.rows[owner], column)
        rows.reject(disputed, "conflict_fixed_property", key, message)


def _find_disputed(key: pd.Series, said: pd.Series, owner: Rows, column: str) -> Mask:
    """Return which rows have a key of which rows, here or at its owner, say different things; blanks say nothing."""
    keys = _number(key, owner.frame[owner.table.key[0]])
    words = _number(_folded(said), _folded(owner.text[column]))
    told = np.unique(np.stack([keys, words])[:, (keys >= 0) & (words >= 0)], axis=1)
    times = np.bincount(told[0], minlength=int(keys.max(initial=0)) + 1)
    here = keys[: len(key)]
    return (here >= 0) & (times[here] > 1)


def _number(here: pd.Series, there: pd.Series) -> Codes:
    """Return one number for each different text of two columns, one after the other; -1 where it is missing."""
    both = pd.concat([here, there], ignore_index=True)
    return pd.factorize(both)[0].astype(np.int32)


def _folded(cells: pd.Series) -> pd.Series:
    folded = cells.str.strip().str.casefold()
    return folded.mask(folded.eq(""))
