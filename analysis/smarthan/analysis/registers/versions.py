"""What changed between two versions of a register."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .register import Register

COMPARED = ("kind", "title", "area", "owner_group", "due", "status", "priority", "links")


def register_changes(before: Register, after: Register) -> pd.DataFrame:
    """Return what changed between two versions of a register.

    Parameters
    ----------
    before, after : Register

    Returns
    -------
    DataFrame
        id, change {added, removed, kind, title, area, owner_group, due, status, priority, links}, before, after (text,
        empty where there is nothing), days (how far the due day moved, later positive; missing for other
        changes). An entry that changed in three ways has three rows.

    Notes
    -----
    An entry never leaves a register: one that is absent from the later version is told as removed, to be asked about.

    Examples
    --------
    >>> from smarthan.analysis import sample_register
    >>> register_changes(sample_register(), sample_register()).empty
    True
    """
    old, new = (version.table.set_index("id") for version in (before, after))
    rows: list[tuple[Any, str, str, str, int | None]] = []
    rows += [(id_, "added", "", str(new.at[id_, "title"]), None) for id_ in new.index.difference(old.index)]
    rows += [(id_, "removed", str(old.at[id_, "title"]), "", None) for id_ in old.index.difference(new.index)]
    both = old.index.intersection(new.index)
    for column in COMPARED:
        was, now = (_as_text(version.loc[both, column]) for version in (old, new))
        moved = (new.loc[both, "due"] - old.loc[both, "due"]).dt.days if column == "due" else None
        for id_ in both[was.ne(now).to_numpy()]:
            days = None if moved is None or pd.isna(moved[id_]) else int(moved[id_])
            rows.append((id_, column, was[id_], now[id_], days))
    answer = pd.DataFrame(rows, columns=["id", "change", "before", "after", "days"]).astype({"days": "Int64"})
    order = {name: place for place, name in enumerate(("added", "removed", *COMPARED))}
    answer = answer.sort_values(["change", "id"], key=lambda c: c.map(order) if c.name == "change" else c)
    answer.attrs["synthetic"] = before.synthetic or after.synthetic
    return answer.reset_index(drop=True)


def _as_text(column: pd.Series) -> pd.Series:
    if column.name == "due":
        return column.dt.strftime("%Y-%m-%d").fillna("")
    return column.astype("str").where(column.notna(), "")
