"""The register of gaps, issues, risks, actions and assumptions: read strictly, and asked what is open."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from smarthan.tables import Rows

from .declared import LIVE, REGISTER
from .links import Known, check_form, check_targets, split_links
from .opening import open_list
from .schedule import schedule_entries
from .standing import age_entries, count_by, find_overdue


@dataclass(frozen=True)
class Register:
    """The entries of a register with the account of its rows.

    Attributes
    ----------
    table : DataFrame
        One row an entry: id, kind, title, area, owner_group, raised, due, status, closed, priority, source, links,
        note.
    quarantine, notes, ledger : DataFrame
        As every reader gives them: rows set aside, what was flagged or withheld, and the counts that add up.
    day : date
        The day asked: what is overdue, and how old entries are, is told as of it.
    synthetic : bool
        Whether any row says it is made up.
    """

    table: pd.DataFrame
    quarantine: pd.DataFrame
    notes: pd.DataFrame
    ledger: pd.DataFrame
    day: dt.date
    synthetic: bool

    @property
    def live(self) -> pd.DataFrame:
        """The entries that are open or in progress."""
        return self.table[self.table["status"].isin(LIVE)]

    def links(self) -> pd.DataFrame:
        """Return what the live entries bear on.

        Returns
        -------
        DataFrame
            id, kind, title, priority, link_kind, target; one row a link.
        """
        named = split_links(self.live)
        entries = self.live.set_index("id").loc[named["id"], ["kind", "title", "priority"]]
        answer = pd.concat([named[["id"]], entries.reset_index(drop=True), named[["link_kind", "target"]]], axis=1)
        return self._mark(answer)

    def open_on(self, link_kind: str) -> dict[str, tuple[str, ...]]:
        """Return target to the ids of live entries linked to it, for one kind of link."""
        named = split_links(self.live)
        of_kind = named[named["link_kind"].eq(link_kind)]
        return {str(target): tuple(ids) for target, ids in of_kind.groupby("target", sort=True)["id"]}

    def overdue(self) -> pd.DataFrame:
        """Return live entries whose day has passed, the longest overdue first; see `find_overdue`."""
        return self._mark(find_overdue(self.live, self.day))

    def by(self, column: str) -> pd.DataFrame:
        """Return how many entries are live, overdue and closed, by owner_group, area, kind or priority."""
        return self._mark(count_by(self.table, column, self.day))

    def ageing(self, column: str = "owner_group") -> pd.DataFrame:
        """Return live entries by age band and a column; see `age_entries`."""
        return self._mark(age_entries(self.live, column, self.day))

    def schedule(self, meetings: Sequence[dt.date | str], *, capacity: int) -> pd.DataFrame:
        """Return which live entry is taken at which of the next meetings; see `schedule_entries`."""
        return self._mark(schedule_entries(self.live, meetings, capacity=capacity, day=self.day))

    def _mark(self, answer: pd.DataFrame) -> pd.DataFrame:
        answer.attrs["synthetic"] = self.synthetic
        return answer

    def __repr__(self) -> str:
        mark = ", SYNTHETIC" if self.synthetic else ""
        return f"Register of {len(self.table):,} entries, {len(self.live):,} live, as of {self.day}{mark}"

    def _repr_html_(self) -> str:
        import html

        return f"<p>{html.escape(repr(self))}</p>{self.by('owner_group').to_html(index=False)}"


def read_register(
    path: str | os.PathLike[str], *, day: dt.date | str | None = None, known: Known | None = None
) -> Register:
    """Read a register of gaps, issues, risks, actions and assumptions.

    Parameters
    ----------
    path : path
        A CSV file, an `.xlsx` workbook with a sheet `register`, or a folder with `register.csv`.
    day : date or str, optional
        The day asked, YYYY-MM-DD; today when not given. Nothing may be raised or closed after it.
    known : mapping of str to collection of str, optional
        What links may name, by kind, as `known_links` gives it; kinds that are absent are not checked.

    Returns
    -------
    Register

    Raises
    ------
    FileRefused
        When the file cannot be used as a whole.
    ValueError
        When `day` is not a day.

    Notes
    -----
    A row is quarantined when a required cell is empty, a word is not listed, an id stands twice with different content,
    a day is raised or closed in the future, an entry is closed before it was raised, its status and its day of closing
    contradict each other, or a link is not of the form kind:id. A link to something that does not exist is named and
    the row kept: the gap is real, its link is not.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> rows = [
    ...     "id,kind,title,area,owner_group,raised,due,status,closed,priority,links",
    ...     "G1,gap,Riser loss unknown,building,project,2026-01-10,2026-03-01,open,,high,criterion:capex",
    ... ]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "register.csv"
    ...     _ = file.write_text("\\n".join(rows))
    ...     register = read_register(file, day="2026-03-31")
    >>> register.overdue()[["id", "days_overdue"]].values.tolist()
    [['G1', 30]]
    """
    asked = _read_day(day)
    rows = open_list(path, REGISTER)
    _check_days(rows, asked)
    _check_status(rows)
    check_form(rows)
    rows.reject_duplicates()
    if known is not None:
        check_targets(rows, known)
    read = rows.finish()
    synthetic = bool(read.frame["synthetic"].fillna(False).any())
    return Register(read.frame.drop(columns="synthetic"), read.quarantine, read.notes, read.ledger, asked, synthetic)


def _read_day(day: dt.date | str | None) -> dt.date:
    if day is None:
        return dt.datetime.now(dt.UTC).date()
    if isinstance(day, dt.datetime):
        return day.date()
    if isinstance(day, dt.date):
        return day
    try:
        return dt.date.fromisoformat(day)
    except ValueError:
        raise ValueError(f"day: '{day}' is not a day; write YYYY-MM-DD") from None


def _check_days(rows: Rows, day: dt.date) -> None:
    frame, last = rows.frame, pd.Timestamp(day)
    for column in ("raised", "closed"):
        rows.reject(frame[column].gt(last), "date_range", column, f"'{{value}}' lies after the day asked, {day}")
    rows.reject(
        frame["closed"].lt(frame["raised"]), "date_order", "closed", "closed on '{value}', before it was raised"
    )
    rows.reject(frame["due"].lt(frame["raised"]), "date_order", "due", "due on '{value}', before it was raised")


def _check_status(rows: Rows) -> None:
    frame = rows.frame
    live, dated = frame["status"].isin(LIVE), frame["closed"].notna()
    rows.reject(
        live & dated, "status_conflict", "closed", "'{value}' stands as the day of closing, yet it is not closed"
    )
    rows.reject(
        frame["status"].eq("closed") & frame["closed"].isna() & (rows.text["closed"].eq("").to_numpy()),
        *("status_conflict", "status"),
        "is closed and has no day of closing; give it in column closed",
    )
