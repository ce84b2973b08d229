"""The one join of the project: keys stated, rows never multiplied, null never meets null, the unmatched returned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Joined:
    """A joined table and the left rows that found no partner.

    Attributes
    ----------
    frame : DataFrame
        The left table, same rows, order and index, with the right table's columns; personal if either was.
    unmatched : Index
        Labels of left rows without a partner, null keys among them.
    """

    frame: pd.DataFrame
    unmatched: pd.Index


def join(left: pd.DataFrame, right: pd.DataFrame, on: str | Sequence[str]) -> Joined:
    """Add the columns of `right` to `left`, many rows to one.

    Parameters
    ----------
    left : DataFrame
        Kept whole: same rows, order and index.
    right : DataFrame
        One row a key; its other columns must not stand in `left`.
    on : str or sequence of str
        Key columns, in both tables.

    Returns
    -------
    Joined

    Raises
    ------
    KeyError
        When a key column is absent.
    ValueError
        When a key stands twice or is null in `right`, or a column stands in both tables.

    Examples
    --------
    >>> left = pd.DataFrame({"id": ["a", None, "b"]})
    >>> result = join(left, pd.DataFrame({"id": ["a"], "x": [1.0]}), "id")
    >>> result.frame["x"].tolist(), result.unmatched.tolist()
    ([1.0, nan, nan], [1, 2])
    """
    keys = [on] if isinstance(on, str) else list(on)
    _check_join(left, right, keys)
    marked = right.assign(_matched=True)
    joined = left.merge(marked, on=keys, how="left", validate="m:1").set_axis(left.index)
    if tags := {*left.attrs.get("personal", ()), *right.attrs.get("personal", ())}:
        joined.attrs["personal"] = tuple(sorted(tags))  # pandas drops it where the two sides differ
    matched = joined["_matched"].notna() & left[keys].notna().all(axis=1)
    return Joined(joined.drop(columns="_matched"), left.index[~matched])


def _check_join(left: pd.DataFrame, right: pd.DataFrame, keys: list[str]) -> None:
    for side, frame in (("left", left), ("right", right)):
        absent = [key for key in keys if key not in frame]
        if absent:
            raise KeyError(f"the {side} table has no key column {', '.join(absent)}")
    if right[keys].isna().any(axis=None):
        raise ValueError(f"the right table has an empty {' or '.join(keys)}; remove those rows, or name them")
    twice = right[right.duplicated(keys)]
    if len(twice):
        example = ", ".join(map(str, twice[keys].iloc[0]))
        raise ValueError(f"the key {example} stands more than once in the right table; one row a key is needed")
    shared = sorted(str(name) for name in (set(left) & set(right)) - set(keys))
    if shared:
        raise ValueError(f"both tables have a column {', '.join(shared)}; rename one")
