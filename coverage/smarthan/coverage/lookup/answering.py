"""Answering one question: which status, which rows, in the order of tests that keeps unknown apart from no.

Standard library only: the cold look-up runs this without numpy or pandas.
"""

from __future__ import annotations

from smarthan.coverage.postcodes.rules import BLANKS, may_suggest, parse_postcode, suggest_postcodes
from smarthan.coverage.vintage import read_vintage
from smarthan.records import record, replace

from . import statuses as st
from .answers import CoverageAnswer, row_words
from .states import COVERED, ERROR, MIXED, NO_REGION, STATES, row_state, state_words
from .weighing import (
    Unit,
    divide_one,
    divide_premises,
    has_known_total,
    location_state,
    read_units,
    share_covered,
    sort_best_first,
    unit_key,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from typing import Any

    from smarthan.coverage.index.mapped import MappedMatrix, Row
    from smarthan.coverage.postcodes.rules import Postcode

LONGEST_QUERY = 64  # characters of foreign text echoed in an answer

NULL_NOTE = "the text is a word for missing"
ERROR_NOTE = "a region did not answer"
OWN_ROWS_NOTE = "premises of this postcode have rows of their own"


@record
class Question:
    """One question, its keys read.

    `uprn` is None when none was given, "" when it is malformed; `facts` is what any answer to it says.
    """

    place: Postcode
    uprn: str | None
    address: str
    facts: dict[str, Any]
    day: dt.date | None

    def answer(self, status: str, words: str, **more: Any) -> CoverageAnswer:
        """Return an answer to the question."""
        return CoverageAnswer(**{**self.facts, "status": status, "words": words, **more})


def answer_one(
    matrix: MappedMatrix,
    postcode: object,
    uprn: object = None,
    as_of: dt.date | None = None,
    *,
    address: str | None = None,
    suggest: bool = False,
) -> CoverageAnswer:
    """Return what a release says of one location; never raise on data.

    Parameters
    ----------
    matrix : MappedMatrix
        The release.
    postcode, uprn : object
        The keys as they came: a whole postcode, a sector, an outward code, a UPRN, or both.
    as_of : date, optional
        The day asked; by default the release's own day.
    address : str, optional
        Address identifier within the postcode, compared without case and outer blanks.
    suggest : bool
        List postcodes that may have been meant.

    Returns
    -------
    CoverageAnswer
    """
    question = _read_question(matrix, postcode, uprn, as_of, address)
    answer = _answer_question(matrix, question)
    if suggest and answer.status != st.OK and isinstance(postcode, str) and may_suggest(question.place):
        return replace(answer, suggestions=suggest_postcodes(postcode[:LONGEST_QUERY]))
    return answer


def _answer_question(matrix: MappedMatrix, question: Question) -> CoverageAnswer:
    place = question.place
    if place.kind not in ("GEOGRAPHIC", "PARTIAL") and not (place.kind == "EMPTY" and question.uprn is not None):
        return _answer_unusable(question)
    if question.uprn == "":
        return question.answer(st.BAD_UPRN, st.WORDS[st.BAD_UPRN], problem="uprn_format")
    found = _answer_uprn(matrix, question) if question.uprn else None
    if found is not None:
        return found
    if place.kind == "EMPTY":
        return question.answer(st.NOT_IN_MATRIX, f"UPRN {st.WORDS[st.NOT_IN_MATRIX]}")
    return _answer_part(matrix, question) if place.kind == "PARTIAL" else _answer_postcode(matrix, question)


def read_uprn(value: object) -> str | None:
    """Return a UPRN as digits without leading zeros, "" for one that is malformed, None for none.

    Examples
    --------
    >>> read_uprn("00042"), read_uprn("0"), read_uprn(" "), read_uprn("1.0E+11")
    ('42', '', None, '')
    """
    if value is None or parse_postcode(value).kind == "EMPTY":
        return None
    text = value.strip(BLANKS) if isinstance(value, str) else ""
    digits = text.lstrip("0") if text.isascii() and text.isdigit() else ""
    return digits if len(text) <= 12 else ""


def _read_question(
    matrix: MappedMatrix, postcode: object, uprn: object, as_of: dt.date | None, address: str | None
) -> Question:
    place = parse_postcode(postcode)
    key = read_uprn(uprn)
    release = matrix.release
    day = as_of or release.as_of
    facts = {
        "query": echo(postcode if place.kind != "EMPTY" or key is None else uprn),
        "postcode": place.postcode if place.kind != "PARTIAL" else place.sector or place.outward,
        "uprn": key or None,
        "state": None,
        "release_id": release.release_id,
        "as_of": release.as_of,
        "asked_on": day,
        "age_days": (day - release.as_of).days if day and release.as_of else None,
        "reference_vintage": read_vintage(),
        "caveat": caveat(matrix),
        "notes": _question_notes(place, day, release.as_of),
        "synthetic": release.synthetic,
    }
    return Question(place, key, (address or "").strip(BLANKS).casefold(), facts, day)


def _question_notes(place: Postcode, day: dt.date | None, as_of: dt.date | None) -> tuple[str, ...]:
    return ((NULL_NOTE,) if place.problem == "null_word" else ()) + later_note(day, as_of)


def later_note(day: dt.date | None, as_of: dt.date | None) -> tuple[str, ...]:
    """Return the note of a release that describes a later day than the one asked, else nothing."""
    return (f"the release describes {as_of}, later than the day asked",) if day and as_of and day < as_of else ()


def region_note(regions: set[str]) -> tuple[str, ...]:
    """Return the note of an answer from rows of no region alone, else nothing.

    Examples
    --------
    >>> region_note({"SMETS1"}), region_note({"SMETS1", "North"})
    (('only rows of SMETS1, which is no region',), ())
    """
    alone = bool(regions) and regions <= set(NO_REGION)
    return (f"only rows of {' and '.join(sorted(regions))}, which is no region",) if alone else ()


def conflict_note(uprn: str, own: str, asked: str) -> str:
    """Return both sides of a question whose two keys name two places."""
    return f"UPRN {uprn} stands under {own}; the question names {asked}"


def echo(value: object) -> str:
    """Return a question as it is kept in its answer: text, at most 64 characters; '' for what is missing."""
    if isinstance(value, str):
        shown = value[:LONGEST_QUERY]
        # Half a surrogate pair has no form outside Python: it is shown, not kept.
        return shown if shown.isascii() else shown.encode("utf-8", "backslashreplace").decode()
    return "" if parse_postcode(value).kind == "EMPTY" else repr(value)[:LONGEST_QUERY]


def caveat(matrix: MappedMatrix) -> str:
    """Return what every answer of a release asks its reader to bear in mind."""
    parts = [st.CAVEAT] if not matrix.release.synthetic else [st.SYNTHETIC_CAVEAT]
    parts += [st.UNDATED_CAVEAT] if matrix.release.as_of is None else []
    return "; ".join(parts)


def _answer_unusable(question: Question) -> CoverageAnswer:
    place = question.place
    words = st.describe_format(place)
    return question.answer(place.kind, words, problem=place.problem, position=place.position)


def _answer_uprn(matrix: MappedMatrix, question: Question) -> CoverageAnswer | None:
    """The answer of the UPRN's own rows; None when the release does not hold it."""
    numbers = matrix.find_uprn(question.uprn or "")
    if not numbers:
        return None
    rows = _with_states([matrix.row(number) for number in numbers], question.day)
    own = rows[0]["postcode"]
    if _contradicts(question.place, own):
        note = conflict_note(question.uprn or "", own or "", question.facts["postcode"])
        return question.answer(st.KEY_CONFLICT, st.WORDS[st.KEY_CONFLICT], notes=question.facts["notes"] + (note,))
    return _answer_rows(question, rows, "UPRN", postcode=own or question.facts["postcode"])


def _contradicts(place: Postcode, own: str | None) -> bool:
    if own is None or place.kind == "EMPTY":
        return False
    if place.kind == "PARTIAL":
        return not own.startswith(place.sector or f"{place.outward} ")
    return own != place.postcode


def _answer_postcode(matrix: MappedMatrix, question: Question) -> CoverageAnswer:
    postcode = question.place.postcode or ""
    location = matrix.find_postcode(postcode)
    if not location:
        return _answer_absent(matrix, question)
    rows = _with_states(matrix.rows_of(location, postcode), question.day)
    degraded = question.uprn is not None
    if question.address:
        own = [row for row in rows if (row["address_identifier"] or "").strip(BLANKS).casefold() == question.address]
        if own:
            return _answer_rows(question, own, "ADDRESS", degraded=degraded)
    return _answer_rows(question, rows, "POSTCODE", degraded=degraded or bool(question.address))


def _answer_absent(matrix: MappedMatrix, question: Question) -> CoverageAnswer:
    """A whole postcode that the release does not hold: live, terminated or unknown to the reference."""
    from smarthan.coverage.reference.standing import LIVE, TERMINATED, open_standing

    table = open_standing()
    place = question.place
    found = table.find(place.postcode or "")
    status, words, context = st.UNKNOWN_POSTCODE, st.WORDS[st.UNKNOWN_POSTCODE], None
    if found.standing == TERMINATED:
        status, words = st.TERMINATED, st.describe_termination(found.year, found.month)
    elif found.standing == LIVE:
        status, words = st.NOT_IN_MATRIX, st.WORDS[st.NOT_IN_MATRIX]
        context = _aggregate(matrix, place.sector or "", matrix.find_sector(place.sector or ""), question.day)
    return question.answer(status, words, sector=context)


def _answer_part(matrix: MappedMatrix, question: Question) -> CoverageAnswer:
    place = question.place
    key = place.sector or place.outward or ""
    locations = matrix.find_sector(key) if place.sector else matrix.find_outward(key)
    found = _aggregate(matrix, key, locations, question.day)
    if found is None:
        return question.answer(st.NOT_IN_MATRIX, st.WORDS[st.NOT_IN_MATRIX])
    shares = found["shares"]
    share = shares.get(COVERED, 0.0) if shares else None
    words = describe_part(share, found["weight"], found["basis"], found["locations"], shares.get(ERROR, 0.0))
    return question.answer(
        st.OK,
        words if question.uprn is None else words + st.DEGRADED,
        degraded=question.uprn is not None,
        resolution="SECTOR" if place.sector else "OUTWARD",
        counts=found["counts"],
        shares=shares,
        share=share,
    )


def describe_part(share: float | None, weight: float, basis: str, locations: int, unanswered: float = 0.0) -> str:
    """Return in words what a release says of an outward code or a sector.

    Examples
    --------
    >>> describe_part(0.5, 1000, "premises", 60)
    '50.0% of 1,000 premises covered; 60 postcodes'
    """
    shown = "covered share not known" if share is None else f"{share:.1%} of {weight:,.0f} {basis} covered"
    shown += f", {unanswered:.1%} not answered" if unanswered else ""
    return f"{shown}; {locations:,} postcode{'' if locations == 1 else 's'}"


def _aggregate(matrix: MappedMatrix, key: str, locations: list[int], day: dt.date | None) -> dict[str, Any] | None:
    """Weighted shares per state over locations; those of no region (`Unknown`, `SMETS1`) are left out, counted."""
    if not locations:
        return None
    divide: Callable[[Sequence[Unit]], dict[str, Any]] = divide_premises if matrix.has_premises else divide_one
    weights: dict[str, float] = dict.fromkeys(STATES, 0)
    counts = dict.fromkeys((*STATES, MIXED), 0)
    excluded = 0
    for location in locations:
        rows = _with_states(matrix.rows_of(location), day)
        if all(row["csp_region"] in NO_REGION for row in rows):
            excluded += 1
            continue
        units = read_units(rows)
        counts[location_state(units)] += 1
        for state, weight in divide(units).items():
            weights[state] += weight
    total = sum(weights.values())
    return {
        "key": key,
        "locations": len(locations),
        "excluded": excluded,
        "basis": "premises" if matrix.has_premises else "postcodes",
        "weight": total,
        "shares": {state: weight / total for state, weight in weights.items() if weight} if total else {},
        "counts": {state: count for state, count in counts.items() if count},
    }


def _with_states(rows: list[Row], day: dt.date | None) -> list[Row]:
    for row in rows:
        row["state"] = row_state(row["available"], row["anticipated"], row["region_code"], day)
        row["words"] = row_words(row)
    return rows


def _answer_rows(question: Question, rows: list[Row], resolution: str, **more: Any) -> CoverageAnswer:
    units = read_units(rows)
    ranked = sort_best_first(rows)
    best, state = ranked[0], location_state(units)
    counts: dict[str, Any] = divide_premises(units) or {}
    share = share_covered(counts) if state == MIXED and has_known_total(units) else None
    regions = tuple(dict.fromkeys(row["csp_region"] for row in rows))
    anticipated = best["anticipated"] if state in ("PLANNED", "OVERDUE") else None
    words = state_words(state, best["anticipated"], best["region_code"])
    return question.answer(
        st.OK,
        words + st.DEGRADED if more.get("degraded") else words,
        state=state,
        resolution=resolution,
        multi_region=len(regions) > 1,
        regions=regions,
        best=best,
        worst=ranked[-1],
        rows=tuple(ranked),
        counts=counts,
        share=share,
        days=(anticipated - question.day).days if anticipated and question.day else None,
        notes=question.facts["notes"] + _row_notes(rows),
        **more,
    )


def _row_notes(rows: list[Row]) -> tuple[str, ...]:
    notes = list(region_note({row["csp_region"] for row in rows}))
    if any(row["state"] == ERROR for row in rows) and any(row["state"] != ERROR for row in rows):
        notes.append(ERROR_NOTE)
    if len({unit_key(row) for row in rows if row["location_kind"] != "POSTCODE"}) > 1:
        notes.append(OWN_ROWS_NOTE)
    return tuple(notes)
