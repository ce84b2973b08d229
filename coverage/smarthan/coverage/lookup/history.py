"""What earlier releases of a store said of a postcode that has gone since.

Standard library only; earlier releases are mapped only when a terminated postcode is asked.
"""

from __future__ import annotations

from smarthan.records import NamedTuple

from . import statuses as st

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from smarthan.coverage.index.mapped import MappedMatrix, Row
    from smarthan.coverage.releases.opening import Opened
    from smarthan.coverage.releases.release import Release

    from .answers import CoverageAnswer


class Last(NamedTuple):
    """What the last release that held a terminated postcode said of it.

    `rows` and `held` are as in `CoverageAnswer`, whose notes `notes` are added to.
    """

    rows: tuple[Row, ...]
    held: Mapping[str, Any] | None
    notes: tuple[str, ...]


class History:
    """The releases of a store up to one of them.

    Parameters
    ----------
    store : str
        The folder of the store.
    release : Release
        The release that answers; later ones are not looked at.
    """

    def __init__(self, store: str, release: Release) -> None:
        self.store, self.release = store, release
        self._opened: list[MappedMatrix] = []
        self._left: Iterator[MappedMatrix] | None = None
        self._damaged: list[tuple[int, str]] = []  # how many were opened before it, and its name

    def find_last(self, postcode: str) -> tuple[MappedMatrix | None, list[str]]:
        """Return the last release before this one that held a canonical postcode, and damaged ones since.

        None when no release held it.
        """
        for place, mapped in enumerate(self.each_earlier()):
            if mapped.find_postcode(postcode):
                return mapped, self.damaged_until(place)
        return None, self.damaged_until(None)

    def damaged_until(self, place: int | None) -> list[str]:
        """Return the damaged releases newer than the one at a place of `each_earlier`; all that were met for None."""
        return [name for before, name in self._damaged if place is None or before <= place]

    def each_earlier(self) -> Iterator[MappedMatrix]:
        """Give the earlier releases, newest first; each is opened when it is first come to, and kept."""
        yield from self._opened
        if self._left is None:
            self._left = self._open_earlier()
        for mapped in self._left:
            self._opened.append(mapped)
            yield mapped

    def _open_earlier(self) -> Iterator[MappedMatrix]:
        """Map the earlier releases, newest first; a damaged one is passed over."""
        from smarthan.coverage.releases.current import list_entries, open_member

        entries = list_entries(self.store)
        own = next((entry.order for entry in entries if entry.name == self.release.release_id), None)
        for entry in entries:
            if own is not None and entry.order < own and entry.as_of is not None:
                try:
                    yield open_member(self.store, entry.name).mapped
                except (ValueError, OSError):
                    self._damaged.append((len(self._opened), entry.name))


def complete_answer(answer: CoverageAnswer, opened: Opened | None) -> CoverageAnswer:
    """Return an answer with what the opening of its release has to add.

    Parameters
    ----------
    answer : CoverageAnswer
        Of that release alone.
    opened : Opened or None
        The release; None for one made in memory.

    Returns
    -------
    CoverageAnswer
        With the notes of the opening. For a terminated postcode of a store also with the last rows of the last
        release that held it, each with `historical` True; the status stays TERMINATED and the state stays None.
    """
    if opened is None or (not opened.notes and answer.status != st.TERMINATED):
        return answer
    from smarthan.records import replace

    notes = answer.notes + opened.notes
    if answer.status != st.TERMINATED or opened.history is None:
        return replace(answer, notes=notes)
    last, damaged = opened.history.find_last(answer.postcode or "")
    told = tell_last(last, answer.postcode or "", damaged)
    return replace(answer, notes=notes + told.notes, rows=told.rows, last_held=told.held)


def tell_last(last: MappedMatrix | None, postcode: str, damaged: list[str]) -> Last:
    """Return what the last release that held a postcode said of it on its own day.

    Parameters
    ----------
    last : MappedMatrix or None
        That release; None where none held it.
    postcode : str
        In canonical form.
    damaged : list of str
        Later releases that cannot be read.
    """
    lost = tuple(f"release {name} is damaged: what it said of it is not known" for name in damaged)
    if last is None:
        return Last((), None, ("no earlier release of this store held it", *lost))
    from .answering import answer_one

    release, then = last.release, answer_one(last, postcode)
    best = then.best or {}
    rows = tuple({**row, "words": f"historical, {row['words']}", "historical": True} for row in then.rows)
    held = {
        "release_id": release.release_id,
        "as_of": release.as_of,
        "state": then.state,
        "words": then.words,
        "likelihood": best.get("likelihood"),
        "wan_technology": best.get("wan_technology"),
    }
    note = f"its rows are historical: of release {release.release_id} of {release.as_of}, the last with it"
    return Last(rows, held, (note, *lost))
