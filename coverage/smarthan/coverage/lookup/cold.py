"""One look-up from a cold start, on the standard library alone once the release has an index."""

from __future__ import annotations

from smarthan.coverage.releases.release import parse_day
from smarthan.coverage.releases.store import NoRelease, open_place
from smarthan.coverage.vintage import read_vintage

from . import statuses as st
from .answering import answer_one, echo
from .answers import CoverageAnswer
from .history import complete_answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Callable


def lookup_one(
    text: object,
    *,
    uprn: object = None,
    matrix: str | os.PathLike[str] | None = None,
    as_of: dt.date | str | None = None,
    today: dt.date | None = None,
    suggest: bool = False,
) -> CoverageAnswer:
    """Return what the matrix in force says of one location.

    Parameters
    ----------
    text : object
        A postcode, a sector or an outward code; None when only a UPRN is asked.
    uprn : object
        Unique property reference number, as text.
    matrix : path, optional
        As in `smarthan.coverage.open_matrix`.
    as_of : date or str, optional
        The day asked: it picks the release of a store, and decides between planned and overdue.
    today : date, optional
        The day asked when `as_of` is not given; it picks no release.
    suggest : bool
        List postcodes that may have been meant.

    Returns
    -------
    CoverageAnswer

    Raises
    ------
    FileNotFoundError, ValueError
        When the matrix is absent or damaged, or `as_of` is not a day.
    """
    return lookup_each([text], uprn=uprn, matrix=matrix, as_of=as_of, today=today, suggest=suggest)[0]


def lookup_each(
    texts: list[object],
    *,
    uprn: object = None,
    matrix: str | os.PathLike[str] | None = None,
    as_of: dt.date | str | None = None,
    today: dt.date | None = None,
    suggest: bool = False,
    say: Callable[[str], object] = str,
) -> list[CoverageAnswer]:
    """Return the answers for a few texts, the matrix opened once; see `lookup_one`.

    `say` is told what is odd about the opening, which stands in the notes of every answer too.
    """
    day = parse_day(as_of)
    try:
        opened = open_place(matrix, day)
    except NoRelease as error:
        return [_without_release(text, uprn, day, str(error)) for text in texts]
    for note in opened.notes:
        say(note)
    answers = (answer_one(opened.mapped, text, uprn, day or today, suggest=suggest) for text in texts)
    return [complete_answer(answer, opened) for answer in answers]


def _without_release(text: object, uprn: object, day: dt.date | None, message: str) -> CoverageAnswer:
    return CoverageAnswer(
        query=echo(text),
        postcode=None,
        uprn=echo(uprn) or None,
        status=st.NO_RELEASE,
        state=None,
        words=st.WORDS[st.NO_RELEASE],
        asked_on=day,
        reference_vintage=read_vintage(),
        notes=(message,),
        synthetic=None,
    )
