"""Answers as JSON, cut to what a role may see.

A national release gives a few thousand different answers on a day: which rows a postcode has, and how many premises.
So the JSON of an answer is made once and kept with two gaps, for the question and for the postcode; the next postcode
of the same rows fills them. `tests/test_service_forms.py` holds both ways together.
"""

from __future__ import annotations

from bisect import bisect_left
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from smarthan.coverage.lookup.answering import OWN_ROWS_NOTE
from smarthan.coverage.lookup.states import ERROR, OVERDUE, PLANNED
from smarthan.coverage.lookup.statuses import DEGRADED, OK
from smarthan.coverage.postcodes.addressing import UNIT_OFFSETS
from smarthan.coverage.postcodes.rules import parse_postcode
from smarthan.records import replace

from .refusals import Refusal
from .replies import etag_of, write_json
from .vocabulary import COLUMNS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from smarthan.coverage import CoverageAnswer
    from smarthan.coverage.postcodes.rules import Postcode

    from .holder import Served
    from .roles import Role

MOST_FORMS = 8192
KEPT_FROM_ROLE = "premises within this postcode have rows of their own; this role sees how many are in each state"
_QUERY, _POSTCODE = "\x00", "\x01"  # the gaps: a release holds no control characters
_PLAIN_STATES = {
    PLANNED: "planned, the date is not shown to this role",
    OVERDUE: "was planned, not confirmed since",
    ERROR: "not answered: the matrix could not answer",
}
# What else an answer says that would give a hidden column away.
_FOLLOW = {"anticipated": ("days",), "premises": ("counts", "share"), "premises_available": ("share",)}


def show_answer(answer: CoverageAnswer, role: Role) -> dict[str, Any]:
    """Return an answer as JSON values, as much of it as a role may see; see `reduce_answer`."""
    return reduce_answer(answer, role).to_dict()


def reduce_answer(answer: CoverageAnswer, role: Role) -> CoverageAnswer:
    """Return as much of an answer as a role may see.

    Parameters
    ----------
    answer : CoverageAnswer
    role : Role
        At a coarser grain than UPRN the rows of single premises are left out, counted and told; columns that are not
        the role's are null, with whatever would give them away.

    Returns
    -------
    CoverageAnswer

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> from smarthan.service.roles import Role
    >>> answer = sample_matrix().lookup("SW1A 1AA")
    >>> shown = reduce_answer(answer, Role("guest", frozenset(), "POSTCODE", frozenset({"likelihood"})))
    >>> shown.state, shown.best["wan_technology"], shown.counts
    ('COVERED', None, {})
    """
    if role.grain != "UPRN":
        answer = _hide_premises(answer)
    hidden = [name for name in COLUMNS if name not in role.columns]
    return _hide_columns(answer, hidden) if hidden else answer


def _hide_premises(answer: CoverageAnswer) -> CoverageAnswer:
    rows = tuple(row for row in answer.rows if row["location_kind"] == "POSTCODE")
    if len(rows) == len(answer.rows):
        return answer
    notes = tuple(note for note in answer.notes if note != OWN_ROWS_NOTE)
    ends = {"best": rows[0], "worst": rows[-1]} if rows else {"best": None, "worst": None}
    regions = tuple(dict.fromkeys(row["csp_region"] for row in rows))
    return replace(answer, rows=rows, regions=regions, notes=(*notes, KEPT_FROM_ROLE), **ends)


def _hide_columns(answer: CoverageAnswer, hidden: list[str]) -> CoverageAnswer:
    changes: dict[str, Any] = {"rows": tuple(_hide_in(row, hidden) for row in answer.rows)}
    for name in ("best", "worst", "last_held"):
        held = getattr(answer, name)
        changes[name] = _hide_in(held, hidden) if held else None
    for name in (follower for column in hidden for follower in _FOLLOW.get(column, ())):
        changes[name] = {} if name == "counts" else None
    return replace(answer, words=_hide_words(answer.words, answer.state, hidden), **changes)


def _hide_in(row: Mapping[str, Any], hidden: list[str]) -> dict[str, Any]:
    kept = {name: None if name in hidden else value for name, value in row.items()}
    return {**kept, "words": _hide_words(row["words"], row["state"], hidden)}


def _hide_words(words: str, state: str | None, hidden: list[str]) -> str:
    """Take the date of a plan, or the code of an error, out of words where its column is hidden."""
    column = "region_code" if state == ERROR else "anticipated"
    if state not in _PLAIN_STATES or column not in hidden:
        return words
    before = "historical, " if words.startswith("historical, ") else ""
    return f"{before}{_PLAIN_STATES[state]}{DEGRADED if words.endswith(DEGRADED) else ''}"


def describe_lookup(answer: CoverageAnswer, role: Role) -> dict[str, Any]:
    """Return the body of a single look-up: the answer, below the reason where there is none."""
    shown = show_answer(answer, role)
    if answer.status == OK:
        return shown
    error: dict[str, Any] = {"code": answer.status, "words": answer.words}
    if answer.position is not None:
        error["position"] = answer.position
    return {"error": error, "answer": shown}


class Forms:
    """The answers of one release to one role on one day, as JSON.

    Parameters
    ----------
    served : Served
    role : Role
    day : date
        The day asked.

    Attributes
    ----------
    etag : bytes
        Of each of them that is an answer.
    """

    def __init__(self, served: Served, role: Role, day: dt.date) -> None:
        self.served, self.role, self.day = served, role, day
        self.etag = etag_of(served, role, day)
        self._forms: dict[tuple[Any, ...], list[bytes]] = {}
        mapped = served.mapped
        self._class, self._premises = mapped.arrays["row_class"], mapped.arrays["premises"]
        self._reached = mapped.arrays["premises_available"]
        self._has_info = "info" in mapped.arrays
        self._whole: dict[int, bool] = {}
        self._sectors: dict[str, str] = {}  # sectors that were asked, and the outward code of each

    def write(self, text: str) -> tuple[str, str | None, bytes]:
        """Return status, outward code and body of a look-up by whole postcode.

        Raises
        ------
        Refusal
            PART_OF_POSTCODE.
        """
        filled = self.fill(text)
        if filled is not None:
            return OK, *filled
        place = parse_postcode(text)
        refuse_part(place)
        answer = self.served.answer(text, None, self.day)
        return answer.status, place.outward, write_json(describe_lookup(answer, self.role))

    def fill(self, text: str) -> tuple[str, bytes] | None:
        """Return outward code and answer where a kept form gives it: for a whole postcode of the release.

        None where another way must be taken: for what is no postcode, is not in the release, or has rows of premises.
        """
        outward = self._sectors.get(text[:-2]) if text[-2:] in UNIT_OFFSETS else None
        postcode = text
        if outward is None:  # not a canonical postcode in a sector that was asked before
            place = parse_postcode(text)
            outward, postcode = place.outward, place.postcode or ""
        key = self._find_key(postcode)
        if key is None or outward is None:
            return None
        form = self._forms.get(key)
        if form is None:
            form = self._make(key, text)
        self._sectors[postcode[:-2]] = outward
        return outward, form[0] + encode_basestring(text).encode() + postcode.encode().join(form[1:])

    def _find_key(self, postcode: str) -> tuple[int, ...] | None:
        """What the answer depends on but for the postcode itself; None where that is not so."""
        mapped = self.served.mapped
        address = mapped.find_postcode(postcode) if postcode else 0
        if not address:
            return None
        parts: list[int] = []
        for number in mapped.numbers_of(address):
            of_row = self._class[number]
            if not self._is_whole(of_row):
                return None
            parts += (of_row, self._premises[number], self._reached[number], self._info(number))
        return tuple(parts)

    def _is_whole(self, of_row: int) -> bool:
        known = self._whole.get(of_row)
        if known is None:
            known = self._whole[of_row] = self.served.mapped.row_class(of_row)["location_kind"] == "POSTCODE"
        return known

    def _info(self, number: int) -> int:
        """The number of the free text of a row, -1 for none."""
        if not self._has_info:
            return -1
        arrays = self.served.mapped.arrays
        rows = arrays["info_row"]
        at = bisect_left(rows, number)
        found: int = arrays["info"][at] if at < len(rows) and rows[at] == number else -1
        return found

    def _make(self, key: tuple[Any, ...], text: str) -> list[bytes]:
        shown = show_answer(self.served.answer(text, None, self.day), self.role)
        shown["query"] = _QUERY
        for part in (shown, shown["best"], shown["worst"], *shown["rows"]):
            part["postcode"] = _POSTCODE
        head, tail = write_json(shown).split(write_json(_QUERY), 1)
        form = [head, *_cut(tail)]
        if len(self._forms) >= MOST_FORMS:
            self._forms.clear()
        self._forms[key] = form
        return form


def refuse_part(place: Postcode) -> None:
    """Send a caller who gives a part of a postcode to where parts are answered.

    Raises
    ------
    Refusal
        PART_OF_POSTCODE.
    """
    if place.kind == "PARTIAL":
        kind, key = ("a sector", place.sector) if place.sector else ("an outward code", place.outward)
        route = f"/v1/{'sector' if place.sector else 'outward'}/{key}"
        raise Refusal("PART_OF_POSTCODE", f"{key} is {kind}, not a whole postcode; ask {route}")


def _cut(body: bytes) -> list[bytes]:
    """Cut a body at the gaps for the postcode; the quotation marks stay."""
    return body.split(write_json(_POSTCODE)[1:-1])


def forms_for(served: Served, role: Role, day: dt.date) -> Forms:
    """Return the forms of a release for a role today, kept with the release."""
    found: Forms | None = served.forms.get(role.name)
    if found is None or found.day != day:
        found = served.forms[role.name] = Forms(served, role, day)
    return found
