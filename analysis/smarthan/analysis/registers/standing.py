"""What is overdue, how old entries are, and who must act."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from .declared import LIVE

# Bands of age in days, by the quarter in which such a list is usually gone through (ours).
AGE_BANDS = ("up to 30 days", "31 to 90 days", "91 to 180 days", "over 180 days")
_EDGES = (-1, 30, 90, 180, 10**6)
COUNTED = ("owner_group", "area", "kind", "priority", "status")


def find_overdue(live: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """Return the entries whose day has passed, with how long ago.

    Parameters
    ----------
    live : DataFrame
        Entries that are open or in progress.
    day : date
        The day asked. An entry due on it is not overdue.

    Returns
    -------
    DataFrame
        id, title, owner_group, area, priority, due, days_overdue [days]; the longest overdue first.
    """
    late = (pd.Timestamp(day) - live["due"]).dt.days
    columns = ["id", "title", "owner_group", "area", "priority", "due"]
    answer = live.loc[late.gt(0), columns].assign(days_overdue=late[late.gt(0)].astype("int64"))
    return answer.sort_values(["days_overdue", "id"], ascending=[False, True]).reset_index(drop=True)


def count_by(table: pd.DataFrame, column: str, day: dt.date) -> pd.DataFrame:
    """Return how many entries are live, overdue, due later, without a day, and ended, by a column.

    Parameters
    ----------
    table : DataFrame
        All entries.
    column : {"owner_group", "area", "kind", "priority", "status"}
    day : date
        The day asked.

    Returns
    -------
    DataFrame
        The column, entries, live, overdue, without_day, ended; one row a value, the most live first. live + ended =
        entries.

    Raises
    ------
    ValueError
        When the column is none of those.
    """
    if column not in COUNTED:
        raise ValueError(f"column: '{column}' is none of {', '.join(COUNTED)}")
    live = table["status"].isin(LIVE)
    marks = pd.DataFrame(
        {
            column: table[column].astype("str"),
            "entries": 1,
            "live": live,
            "overdue": live & table["due"].lt(pd.Timestamp(day)),
            "without_day": live & table["due"].isna(),
            "ended": ~live,
        }
    )
    counts = marks.groupby(column, sort=True).sum().astype("int64").reset_index()
    return counts.sort_values(["live", column], ascending=[False, True]).reset_index(drop=True)


def age_entries(live: pd.DataFrame, column: str, day: dt.date) -> pd.DataFrame:
    """Return how many live entries are how old, by a column.

    Parameters
    ----------
    live : DataFrame
        Entries that are open or in progress.
    column : {"owner_group", "area", "kind", "priority"}
    day : date
        The day asked.

    Returns
    -------
    DataFrame
        The column, age {up to 30 days, 31 to 90 days, 91 to 180 days, over 180 days}, entries; every band of every
        value, none left out where it is 0.

    Raises
    ------
    ValueError
        When the column is none of those.
    """
    if column not in COUNTED:
        raise ValueError(f"column: '{column}' is none of {', '.join(COUNTED)}")
    days = (pd.Timestamp(day) - live["raised"]).dt.days
    age = pd.cut(days, _EDGES, labels=list(AGE_BANDS))
    counts = pd.crosstab(live[column].astype("str"), age, dropna=False).reindex(columns=list(AGE_BANDS), fill_value=0)
    counts.index.name = column
    tall = counts.reset_index().melt(column, var_name="age", value_name="entries")
    return tall.sort_values(column, kind="stable").reset_index(drop=True)
