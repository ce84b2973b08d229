"""Which open entry is taken at which of the next meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

UNSCHEDULED = "no meeting left"


def schedule_entries(
    live: pd.DataFrame, meetings: Sequence[dt.date | str], *, capacity: int, day: dt.date
) -> pd.DataFrame:
    """Spread entries over meetings: high priority first, then the earliest due, then the oldest.

    Parameters
    ----------
    live : DataFrame
        Entries that are open or in progress.
    meetings : sequence of date or str
        Days of the next meetings, in any order; none before `day`.
    capacity : int
        Entries that a meeting can take, 1 or more.
    day : date
        The day asked.

    Returns
    -------
    DataFrame
        meeting (missing where none is left), order (1 first), id, title, owner_group, priority, due, late (its day
        passes before its meeting), note.

    Raises
    ------
    ValueError
        When no meeting is given, one lies before the day asked or stands twice, or the capacity is below 1.

    Notes
    -----
    An entry that its day cannot wait for is not moved before one of higher priority: the column `late` says so, and a
    chair decides.

    Examples
    --------
    >>> live = pd.DataFrame({"id": ["a", "b"], "title": ["A", "B"], "owner_group": ["project"] * 2,
    ...     "priority": ["low", "high"], "due": pd.to_datetime(["2026-01-31", None]),
    ...     "raised": pd.to_datetime(["2026-01-01", "2026-01-02"])})
    >>> plan = schedule_entries(live, ["2026-02-01", "2026-03-01"], capacity=1, day=dt.date(2026, 1, 15))
    >>> plan[["id", "late"]].values.tolist()
    [['b', False], ['a', True]]
    """
    days = _check_meetings(meetings, capacity, day)
    rank = live["priority"].astype("str").map({"high": 0, "medium": 1, "low": 2})
    ordered = live.assign(rank=rank).sort_values(["rank", "due", "raised", "id"], na_position="last")
    slots = [when for when in days for _ in range(capacity)]
    taken = pd.Series([*slots, *[None] * len(ordered)][: len(ordered)], dtype="datetime64[us]")
    answer = ordered[["id", "title", "owner_group", "priority", "due"]].reset_index(drop=True)
    answer.insert(0, "meeting", taken)
    answer.insert(1, "order", range(1, len(answer) + 1))
    late = answer["due"].lt(answer["meeting"]) | (answer["meeting"].isna() & answer["due"].lt(days[-1]))
    return answer.assign(late=late, note=answer["meeting"].isna().map({True: UNSCHEDULED, False: ""}))


def _check_meetings(meetings: Sequence[dt.date | str], capacity: int, day: dt.date) -> list[pd.Timestamp]:
    if capacity < 1:
        raise ValueError(f"capacity: {capacity} entries a meeting; give 1 or more")
    days = sorted(pd.Timestamp(when) for when in meetings)
    if not days:
        raise ValueError("meetings: none is given; name the day of at least one")
    if days[0] < pd.Timestamp(day):
        raise ValueError(f"meetings: {days[0].date()} lies before the day asked, {day}; name meetings to come")
    if len(set(days)) < len(days):
        raise ValueError("meetings: a day stands twice; name each meeting once")
    return days
