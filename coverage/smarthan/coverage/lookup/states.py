"""What a row of the matrix says of its location on the day asked: one of five states, and its words."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt

COVERED = "COVERED"
PLANNED = "PLANNED"
OVERDUE = "OVERDUE"
NOT_CONFIRMED = "NOT_CONFIRMED"
ERROR = "ERROR"
MIXED = "MIXED"

NO_REGION = ("Unknown", "SMETS1")  # answers of the matrix that name no region

# Best first: the state of a location is the best over its regions.
STATES = (COVERED, PLANNED, OVERDUE, NOT_CONFIRMED, ERROR)


def row_state(available: bool | None, anticipated: dt.date | None, region_code: str, day: dt.date | None) -> str:
    """Return the state of one row on the day asked.

    Parameters
    ----------
    available : bool or None
        None only on an error row.
    anticipated : date or None
        Day from which coverage is expected.
    region_code : str
        Response code of the region; `E...` is an error.
    day : date or None
        The day asked. None (neither asked nor known from the release) cannot make a plan overdue.

    Returns
    -------
    str
        One of `STATES`. A plan for the day itself is still PLANNED.

    Examples
    --------
    >>> import datetime as dt
    >>> row_state(False, dt.date(2026, 1, 1), "I0", dt.date(2026, 1, 2))
    'OVERDUE'
    """
    if region_code.startswith("E"):
        return ERROR
    if available:
        return COVERED
    if anticipated is None:
        return NOT_CONFIRMED
    return OVERDUE if day is not None and anticipated < day else PLANNED


def state_words(state: str | None, anticipated: dt.date | None = None, region_code: str = "") -> str:
    """Return a state in words, never a bare null.

    Examples
    --------
    >>> import datetime as dt
    >>> state_words("PLANNED", dt.date(2027, 3, 31))
    'planned from 2027-03-31'
    """
    return {
        COVERED: "covered",
        PLANNED: f"planned from {anticipated}",
        OVERDUE: f"was planned for {anticipated}, not confirmed since",
        NOT_CONFIRMED: "not covered: connection cannot be confirmed",
        ERROR: f"not answered ({region_code}): the matrix could not answer",
        MIXED: "part of this postcode",
    }.get(state or "", "no single state")


def rank_row(state: str, likelihood: str | None, csp_region: str) -> tuple[int, int, int]:
    """Return the sort key that puts the best row first: state, then likelihood, then 4G before legacy."""
    likely = {"High": 0, "Medium": 1, "Low": 2}.get(likelihood or "", 3)
    return STATES.index(state), likely, 0 if csp_region.startswith("4G") else 1
