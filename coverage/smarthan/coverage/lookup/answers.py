"""The answer to one question: what the matrix says, in words, with all that is needed to judge it."""

from __future__ import annotations

import datetime as dt

from smarthan.records import fresh, names_of, record

from .states import state_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class NotAnswered(ValueError):
    """A strict look-up found no answer; `status` says why, `answers` holds what was found."""

    def __init__(self, status: str, message: str, answers: object) -> None:
        self.status, self.answers = status, answers
        super().__init__(f"{message} ({status})")


@record
class CoverageAnswer:
    """What the matrix says of one location.

    Attributes
    ----------
    query : str
        The question as it was put, cut at 64 characters.
    postcode, uprn : str or None
        The keys in canonical form.
    status : str
        How the look-up ended, one of `smarthan.coverage.lookup.statuses.STATUSES`.
    state : str or None
        COVERED, PLANNED, OVERDUE, NOT_CONFIRMED, ERROR or MIXED; None when there is no single state.
    words : str
        The answer in words, never empty.
    resolution : str or None
        The grain that answered: POSTCODE, UPRN, ADDRESS, SECTOR or OUTWARD.
    degraded : bool
        A finer key was asked and a coarser one answered.
    multi_region : bool
        Several CSP regions answered; all their rows are in `rows`.
    regions : tuple of str
        Those regions.
    best, worst : dict or None
        The best and the worst row; ties go to the higher likelihood, then to 4G.
    rows : tuple of dict
        Every row, best first, each with its own `state` and `words`.
    counts : dict
        Number of premises (or of locations, for a part of a postcode) in each state.
    share : float or None
        Share covered [0 to 1], where only a part is or a part of a postcode was asked.
    shares : dict
        For an outward code or a sector: weighted share of each state.
    sector : dict or None
        When the postcode is not in the matrix: what its sector looks like. Context, never the answer.
    last_held : dict or None
        When the postcode was terminated and an earlier release of the store held it: that release (release_id, as_of)
        and what it said on its own day (state, words, likelihood and wan_technology of its best row).
    days : int or None
        Days from the day asked to the planned date, negative when past.
    release_id : str
        The release that answered.
    as_of : date or None
        The day that release describes.
    asked_on : date or None
        The day asked.
    age_days : int or None
        Days from `as_of` to `asked_on`.
    reference_vintage : str
        Edition of the postcode reference.
    caveat : str
        What to bear in mind.
    suggestions : tuple of str
        Postcodes that may have been meant; never applied.
    notes : tuple of str
        Whatever else a careful reader should know.
    problem, position : str or None, int or None
        For a malformed key: which fault, and its character, counted from 1.
    synthetic : bool or None
        The release is made up; None where no release was opened.
    """

    query: str
    postcode: str | None
    uprn: str | None
    status: str
    state: str | None
    words: str
    resolution: str | None = None
    degraded: bool = False
    multi_region: bool = False
    regions: tuple[str, ...] = ()
    best: Mapping[str, Any] | None = None
    worst: Mapping[str, Any] | None = None
    rows: tuple[Mapping[str, Any], ...] = ()
    counts: Mapping[str, int] = fresh(factory=dict)
    share: float | None = None
    shares: Mapping[str, float] = fresh(factory=dict)
    sector: Mapping[str, Any] | None = None
    last_held: Mapping[str, Any] | None = None
    days: int | None = None
    release_id: str = ""
    as_of: dt.date | None = None
    asked_on: dt.date | None = None
    age_days: int | None = None
    reference_vintage: str = ""
    caveat: str = ""
    suggestions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str | None = None
    position: int | None = None
    synthetic: bool | None = False

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values: dates as YYYY-MM-DD, tuples as lists, shares to six decimals."""
        return {name: _jsonable(getattr(self, name)) for name in names_of(CoverageAnswer)}

    def __str__(self) -> str:
        lines = [f"{self._title()}: {self.words}"]
        lines += [f"  {line}" for line in (*map(_row_line, self.rows), *_share_lines(self))]
        lines += [f"  did you mean {', '.join(self.suggestions)}?"] if self.suggestions else []
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join([*lines, f"  {self.provenance}"])

    def _repr_html_(self) -> str:
        import html

        rows = "".join(f"<li>{html.escape(_row_line(row))}</li>" for row in self.rows)
        rows += "".join(f"<li>{html.escape(line)}</li>" for line in (*_share_lines(self), *self.notes))
        head = f"<strong>{html.escape(self._title())}</strong>: {html.escape(self.words)}"
        return f"<div><p>{head}</p><ul>{rows}</ul><p><small>{html.escape(self.provenance)}</small></p></div>"

    @property
    def provenance(self) -> str:
        """The release, its day, and what to bear in mind, in one line."""
        day = f"as of {self.as_of}" if self.as_of else "date of release unknown"
        asked = f", asked for {self.asked_on}" if self.asked_on and self.asked_on != self.as_of else ""
        made_up = "; SYNTHETIC" if self.synthetic else ""
        reference = f"; postcode reference of {self.reference_vintage}" if self.reference_vintage else ""
        caveat = f"; {self.caveat}" if self.caveat else ""
        return f"release {self.release_id or '(none)'}, {day}{asked}{reference}{made_up}{caveat}"

    def _title(self) -> str:
        keys = [self.postcode or "", f"UPRN {self.uprn}" if self.uprn else ""]
        return " ".join(key for key in keys if key) or _printable(self.query) or "(empty)"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _row_line(row: Mapping[str, Any]) -> str:
    parts = [f"{row['csp_region']}: {row['words']}"]
    parts += [f"UPRN {row['uprn']}"] if row.get("uprn") else []
    parts += [str(row[name]) for name in ("wan_technology", "address_identifier") if row.get(name)]
    parts += [f"likelihood {row['likelihood']}"] if row.get("likelihood") else []
    parts += [f"needs {row['auxiliary']}"] if row.get("auxiliary") else []
    if row.get("premises") is not None and row.get("premises_available") is not None:
        parts.append(f"{row['premises_available']} of {row['premises']} premises")
    return ", ".join(parts)


def _share_lines(answer: CoverageAnswer) -> list[str]:
    lines = [f"{share:.1%} {state_name(state)}" for state, share in answer.shares.items()]
    if answer.sector:
        sector = answer.sector
        shares = ", ".join(f"{share:.1%} {state_name(state)}" for state, share in sector["shares"].items())
        lines.append(f"for context, its sector {sector['key']}: {shares} of {sector['weight']:g} {sector['basis']}")
    return lines


def state_name(state: str) -> str:
    """Return a state as a plain word for a share of many locations.

    Examples
    --------
    >>> state_name("NOT_CONFIRMED")
    'not confirmed'
    """
    return "covered" if state == "COVERED" else state.replace("_", " ").lower()


def row_words(row: Mapping[str, Any]) -> str:
    """Return one row's state in words."""
    return state_words(row["state"], row["anticipated"], row["region_code"])


def _jsonable(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_jsonable(item) for item in value]
    return round(value, 6) if isinstance(value, float) else value
