"""Counts rounded to a base: the alternative to hiding cells. Each cell and each total is rounded on its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .cells import describe_cell, require_columns
from .defaults import RULES
from .primary import as_names


def round_counts(
    table: pd.DataFrame,
    *,
    dims: Sequence[str],
    count: str | Sequence[str],
    base: int = RULES.base,
    total: str = "Total",
    share: str | None = None,
    within: Sequence[str] = (),
) -> pd.DataFrame:
    """Round every count of a table to the nearest multiple of a base, halves up.

    Parameters
    ----------
    table : DataFrame
        Long form, one row a cell, totals as rows with `total`.
    dims : sequence of str
        The columns of labels.
    count : str or sequence of str
        The columns of counts: whole numbers of 0 or more.
    base : int
        1 or more [count].
    total : str
        The label of a total.
    share : str, optional
        A new column: the first rounded count as a share of the rounded total, 0 to 1, or 0 to 100 when the name ends in
        `_pct`; missing where the rounded total is 0.
    within : sequence of str
        Dimensions that the total for `share` keeps; none takes the grand total.

    Returns
    -------
    DataFrame
        The labels and the rounded counts (whole numbers, missing stays missing), further columns of words, and `share`.
        Other columns of numbers are left out: a figure made from a count that was not rounded tells the count.

    Raises
    ------
    KeyError
        When a column, or a total that `share` needs, is not there.
    ValueError
        When the base is not a whole number above 0, or a count is negative or not whole.

    Notes
    -----
    Nothing is random, so that the same table always gives the same figures; totals are not the sum of rounded parts. A
    rounded count differs from the true one by half the base at most; 0 may be any count below half the base.

    References
    ----------
    UK Longitudinal Linkage Collaboration guidebook (guidebook.ukllc.ac.uk), disclosure control of outputs.

    Examples
    --------
    >>> homes = pd.DataFrame({"place": ["riser", "indoors", "Total"], "homes": [2, 18, 20]})
    >>> round_counts(homes, dims=["place"], count="homes", share="homes_share").values.tolist()
    [['riser', 0, 0.0], ['indoors', 20, 1.0], ['Total', 20, 1.0]]
    """
    if isinstance(base, bool) or base != int(base) or base < 1:
        raise ValueError(f"base: {base} is not a whole number of 1 or more")
    counts = as_names(count)
    require_columns("table", table, [*dims, *counts])
    kept = [name for name in table.columns if name in dims or name in counts or _holds_words(table[name])]
    rounded = table[kept].copy()
    for name in counts:
        rounded[name] = _round_column(table, list(dims), name, int(base))
    if share is not None:
        rounded[share] = _share_of_total(rounded, list(dims), counts[0], total, list(within))
        rounded[share] *= 100 if share.endswith("_pct") else 1
    rounded.attrs["disclosure"] = {"method": "rounding", "base": int(base)}
    return rounded


def _round_column(table: pd.DataFrame, dims: list[str], name: str, base: int) -> pd.Series:
    column = table[name]
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    bad = column.notna().to_numpy() & ~(np.isfinite(numbers) & (numbers >= 0) & (np.floor(numbers) == numbers))
    if bad.any() or pd.api.types.is_bool_dtype(column.dtype):
        row = int(np.flatnonzero(bad)[0]) if bad.any() else 0
        cell, found = describe_cell(table[dims].iloc[row].astype("str")), column.tolist()[row]
        raise ValueError(f"'{name}' is {found!r} in the cell {cell}; only whole counts of 0 or more can be rounded")
    whole = pd.Series(pd.to_numeric(column), index=table.index).astype("Int64")
    nearest = (2 * whole + base) // (2 * base) * base
    return nearest if whole.isna().any() else nearest.astype("int64")


def _share_of_total(table: pd.DataFrame, dims: list[str], count: str, total: str, within: list[str]) -> pd.Series:
    strange = [name for name in within if name not in dims]
    if strange:
        raise KeyError(f"within: {', '.join(strange)} is not among the dims {', '.join(dims)}")
    text = table[dims].astype("str")
    tops = text[[dim for dim in dims if dim not in within]].eq(total).all(axis="columns")
    whole = dict(zip(map(tuple, text.loc[tops, within].to_numpy()), table.loc[tops, count].tolist(), strict=True))
    keys = list(map(tuple, text[within].to_numpy()))
    missing = next((key for key in keys if key not in whole), None)
    if missing is not None:
        named = ", ".join([*missing, f"{total} in {', '.join(dim for dim in dims if dim not in within)}"])
        raise KeyError(f"share: the table has no row '{named}' to take a share of; add it")
    below = pd.Series([whole[key] for key in keys], index=table.index).astype("Float64")
    return (table[count].astype("Float64") / below.mask(below.eq(0))).astype("float64")


def _holds_words(column: pd.Series) -> bool:
    return not pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_object_dtype(column.dtype)
