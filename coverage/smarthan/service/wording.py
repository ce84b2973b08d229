"""Answers in plain words, for people: what is so, what it means, what to do next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from smarthan.coverage.lookup import statuses as st
from smarthan.coverage.lookup.states import COVERED, ERROR, MIXED, NOT_CONFIRMED, OVERDUE, PLANNED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from smarthan.coverage import CoverageAnswer

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
TONES = {COVERED: "good", PLANNED: "soon", OVERDUE: "soon", MIXED: "soon", NOT_CONFIRMED: "not", ERROR: "unknown"}
_HEADS = {
    COVERED: "Covered",
    PLANNED: "Not yet covered, but planned",
    OVERDUE: "Not confirmed: a planned date has passed",
    NOT_CONFIRMED: "Not covered",
    ERROR: "No answer",
    MIXED: "Part of this postcode is covered",
}
_NO_ANSWER = {
    st.NOT_IN_MATRIX: "Unknown: not in this release",
    st.UNKNOWN_POSTCODE: "Unknown postcode",
    st.TERMINATED: "This postcode was withdrawn",
    st.OUTSIDE_GB: "Outside Great Britain",
    st.NON_GEOGRAPHIC: "Not a place",
    st.KEY_CONFLICT: "The postcode and the UPRN do not belong together",
    st.NO_RELEASE: "No release covers that day",
}
_NEXT = {
    st.NOT_IN_MATRIX: "The postcode exists, and the release says nothing of it. That is not the same as no coverage: "
    "ask the network operator, or look at the postcodes around it.",
    st.UNKNOWN_POSTCODE: "It has the form of a postcode, and the list of postcodes does not have it; it may be newer "
    "than the list, or mistyped. That is not the same as no coverage.",
    st.TERMINATED: "Royal Mail no longer uses it. Ask for the postcode that the address has now.",
    st.OUTSIDE_GB: "The smart meter network of Great Britain does not reach there.",
    st.NON_GEOGRAPHIC: "It belongs to an organisation or a service, not to a place.",
    st.KEY_CONFLICT: "Check both; ask for one of them alone to see what each says.",
}


def spell_day(day: dt.date | None) -> str:
    """Return a day as people write it.

    Examples
    --------
    >>> spell_day(dt.date(2026, 11, 2))
    '2 November 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else "an unknown day"


def headline_of(answer: CoverageAnswer) -> str:
    """Return the answer in a few words.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> headline_of(sample_matrix().lookup("SW1A 1AA"))
    'Covered'
    """
    if answer.status != st.OK:
        return _NO_ANSWER.get(answer.status, "No answer")
    if answer.state is None:
        return f"{answer.share:.1%} covered" if answer.share is not None else "Covered share not known"
    return _HEADS[answer.state]


def tone_of(answer: CoverageAnswer) -> str:
    """Return the class of an answer's colour; its words say the same."""
    if answer.state is None:
        return "part" if answer.status == st.OK else "unknown"
    return TONES[answer.state]


def sentences_of(answer: CoverageAnswer) -> list[str]:
    """Return what the answer means, in whole sentences."""
    place = f"UPRN {answer.uprn}" if answer.resolution == "UPRN" else answer.postcode or "the place asked"
    if answer.status != st.OK:
        return [_capital(answer.words), *([_NEXT[answer.status]] if answer.status in _NEXT else [])]
    said = [_say_state(answer, place)]
    if answer.multi_region and answer.state is not None:
        said.append(f"{len(answer.regions)} regions answer for it; the best is told first, the table holds all.")
    if answer.degraded:
        said.append("The UPRN asked is not in this release, so its postcode answers.")
    return said


def _say_state(answer: CoverageAnswer, place: str) -> str:
    best = answer.best or {}
    planned = best.get("anticipated")
    day = spell_day(planned) if planned else "a day that is not shown here"
    away = _say_days(answer.days)
    code = best.get("region_code") or "not shown"
    said = {
        COVERED: f"A communications hub at {place} is expected to connect to the smart meter network.",
        PLANNED: f"The network is not expected to reach {place} yet. It is planned from {day}{away}.",
        OVERDUE: f"The network was planned to reach {place} from {day}{away}, and that has not been confirmed since. "
        "Ask the network operator.",
        NOT_CONFIRMED: f"It cannot be confirmed that a communications hub at {place} would connect, and no date is "
        "planned.",
        ERROR: f"The matrix could not answer for {place} (code {code}). That is not the same as no coverage; ask again "
        "later.",
    }
    if answer.state is None:
        return f"{_capital(answer.words)}."
    return said.get(answer.state) or _say_mixed(answer, place)


def _say_mixed(answer: CoverageAnswer, place: str) -> str:
    total = sum(answer.counts.values())
    if not total:
        return f"The premises of {place} differ: some are covered, some are not. Ask by UPRN to know."
    covered = answer.counts.get(COVERED, 0)
    return f"{covered:,.0f} of {total:,.0f} premises at {place} are covered. Ask by UPRN to know which."


def _say_days(days: int | None) -> str:
    if days is None:
        return ""
    count = f"{abs(days):,} day{'' if abs(days) == 1 else 's'}"
    return f", {count} from now" if days > 0 else f", {count} ago" if days < 0 else ", today"


def facts_of(row: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Return what the best row says beside its state, as pairs of a name and words; what is missing is said."""
    if row is None:
        return []
    facts = [
        ("Region", row["csp_region"]),
        ("Technology", row["wan_technology"] or "not stated"),
        ("Likelihood of a connection", row["likelihood"] or "not stated"),
        ("Extra equipment", row["auxiliary"] or "none stated"),
    ]
    if row["anticipated"]:
        facts.append(("Planned date", spell_day(row["anticipated"])))
    facts += [("Further information", row["info"])] if row["info"] else []
    return [(name, str(words)) for name, words in facts]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
