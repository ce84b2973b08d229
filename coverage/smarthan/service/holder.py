"""The release that is served: taken up while the service runs, never half, never two in one answer."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import time
from collections import OrderedDict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.coverage.lookup.answering import answer_one
from smarthan.coverage.lookup.history import History, complete_answer
from smarthan.coverage.reference.standing import open_standing
from smarthan.coverage.releases.current import CURRENT, RELEASES, find_leftovers, open_member, open_store, read_current
from smarthan.coverage.releases.opening import HASHES, Opened, ReleaseDamaged, open_folder
from smarthan.coverage.releases.release import is_release_id
from smarthan.coverage.releases.store import find_place

from .refusals import Refusal, shorten
from .shelves import Shelf

if TYPE_CHECKING:
    from smarthan.coverage import CoverageAnswer, CoverageMatrix

RETRY_S = 30.0  # a release that could not be opened is tried again after this, for it may have been the moment
_KEPT_DAYS = 32  # days asked whose release is remembered


class Served:
    """One release as it is served. A request takes it once, so that its answer is of one release.

    Attributes
    ----------
    opened : Opened
        The release; its notes stand in every answer.
    tag : str
        Changes when the release, what is told of it, or the program does: part of every ETag.
    forms : dict
        The ready answers of each role today; see `smarthan.service.forms`.
    parts, tables : Shelf
        Answers about parts of a postcode, and roll-ups: forgotten with the release.
    """

    def __init__(self, opened: Opened, matrix: CoverageMatrix | None = None) -> None:
        self.opened, self.mapped, self.release = opened, opened.mapped, opened.mapped.release
        self._matrix = matrix
        facts = (self.release.to_dict(), self.mapped.source_sha256, opened.notes, _version())
        self.tag = hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
        self.forms: dict[str, Any] = {}
        self.parts, self.tables = Shelf(4096), Shelf(32)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a careful reader must know of the release in force."""
        return self.opened.notes

    @cached_property
    def matrix(self) -> CoverageMatrix:
        """The release as a matrix, for roll-ups and comparisons; the first use loads pandas."""
        from smarthan.coverage.matrix import CoverageMatrix

        return self._matrix if self._matrix is not None else CoverageMatrix.of(self.opened)

    def answer(
        self, postcode: object, uprn: object = None, day: dt.date | None = None, *, address: str | None = None
    ) -> CoverageAnswer:
        """Return what the release says, as `CoverageMatrix.lookup` does, with suggestions."""
        answer = answer_one(self.mapped, postcode, uprn, day, address=address, suggest=True)
        return complete_answer(answer, self.opened)

    def warm(self) -> Served:
        """Open what a question about a withdrawn or unknown postcode needs, so that nobody waits for it."""
        open_standing()
        for _ in self.opened.history.each_earlier() if self.opened.history else ():
            pass
        return self


class ReleaseHolder:
    """The release in force of a store, followed as it changes; or one release, or one file, that does not.

    Parameters
    ----------
    place : path or CoverageMatrix, optional
        A store, a release folder or what `read_matrix` reads; by default what a bare look-up asks.

    Raises
    ------
    FileNotFoundError, ValueError
        When there is no release to begin with.

    Notes
    -----
    A release that CURRENT names and that is whole is taken up. On any doubt (CURRENT lost, empty or naming what is not
    there; a damaged release) the release before stays, and `notes` says why: every answer and the page carry them. A
    publication that did not finish is told the same way.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> ReleaseHolder(sample_matrix()).served.answer("SW1A 1AA").state
    'COVERED'
    """

    def __init__(self, place: str | os.PathLike[str] | CoverageMatrix | None = None) -> None:
        self._retry_at = float("inf")
        self._by_day: OrderedDict[dt.date, Served] = OrderedDict()
        self.place = "" if hasattr(place, "lookup_many") else find_place(place)
        self.is_store = _is_store(self.place)
        self._seen = self._look()
        if self.place == "":
            self.served = Served(Opened("", place.mapped), matrix=place).warm()  # type: ignore[union-attr,arg-type]
        else:
            self.served = self._begin().warm()

    def refresh(self) -> bool:
        """Take up the release that CURRENT names, if it is another one and whole; return whether anything changed.

        It may hash a release, so it is run beside the service and not within it; the change itself is one assignment.
        """
        if not self.is_store:
            return False
        seen, before = self._look(), self.served
        if seen == self._seen and time.monotonic() < self._retry_at:
            return False
        named, doubt = read_current(self.place)
        if named is not None:
            try:
                self.served = self._take_up(named)
                self._finish(seen, float("inf"))
                return self.served is not before
            except (ReleaseDamaged, OSError) as error:
                doubt = f"the release that {CURRENT} names cannot be used ({error})"
        self.served = self._keep(f"{doubt}; release {self.served.release.release_id} is still served")
        self._finish(seen, time.monotonic() + RETRY_S)
        return self.served is not before

    def at(self, day: dt.date | None) -> Served:
        """Return the release that was in force on a day; the one in force now for None.

        Raises
        ------
        Refusal
            NO_RELEASE, when none covers the day.
        """
        served = self.served
        if day is None or not self.is_store:
            return served
        found = self._by_day.get(day)
        if found is None:
            found = self._open_day(day, served)
            self._by_day[day] = found
            if len(self._by_day) > _KEPT_DAYS:
                self._by_day.popitem(last=False)
        return found

    def named(self, release_id: str) -> Served:
        """Return a release by its name.

        Raises
        ------
        Refusal
            NO_RELEASE.
        """
        served = self.served
        if release_id == served.release.release_id:
            return served
        held = self.is_store and is_release_id(release_id)
        if held and Path(self.place, RELEASES, release_id).is_dir():
            try:
                return Served(open_member(self.place, release_id))
            except (ReleaseDamaged, OSError) as error:
                raise Refusal("NO_RELEASE", f"release {release_id} cannot be read ({self._hide(error)})") from None
        raise Refusal("NO_RELEASE", f"there is no release {shorten(release_id)}; /v1/releases lists them")

    def listed(self, served: Served) -> list[dict[str, Any]]:
        """Return the facts of each release, oldest first, as `ReleaseStore.releases` has them, as JSON values."""
        if not self.is_store:
            facts = served.release.to_dict()
            return [{**facts, "condition": "complete", "locations": served.mapped.n_locations, "share_covered": None}]
        from smarthan.coverage.releases.listing import list_releases

        from .parts import records

        return records(list_releases(self.place))

    def _open_day(self, day: dt.date, served: Served) -> Served:
        try:
            found = self._served(open_store(self.place, day))
        except ReleaseDamaged as error:
            raise Refusal("NO_RELEASE", f"no release can be read ({self._hide(error)})") from None
        except ValueError as error:
            earliest = getattr(error, "earliest", None)
            until = f"; the earliest is of {earliest}" if earliest else ""
            raise Refusal("NO_RELEASE", f"no release of {day} or earlier{until}") from None
        same = found.release.release_id == served.release.release_id and found.notes == served.notes
        return served if same else found

    def _begin(self) -> Served:
        if self.is_store:
            return self._served(open_store(self.place))
        if Path(self.place, HASHES).is_file():
            return self._served(open_folder(self.place))
        from smarthan.coverage import open_matrix

        matrix = open_matrix(self.place)
        return Served(Opened("", matrix.mapped), matrix)

    def _take_up(self, named: str) -> Served:
        """The release that CURRENT names; the one in force where it is the same and as much is told of it."""
        leftovers = find_leftovers(self.place)
        same = named == self.served.release.release_id
        opened = self.served.opened if same else open_member(self.place, named)
        found = Opened(opened.folder, opened.mapped, leftovers + (() if same else opened.notes), opened.history)
        if same and found.notes == self.served.notes:
            return self.served
        found.history = found.history or History(self.place, found.mapped.release)
        return self._served(found).warm()

    def _keep(self, note: str) -> Served:
        old = self.served.opened
        found = self._served(Opened(old.folder, old.mapped, (note,), old.history))
        return self.served if found.notes == self.served.notes else found

    def _finish(self, seen: tuple[object, ...], retry_at: float) -> None:
        self._seen, self._retry_at = seen, retry_at
        self._by_day.clear()

    def _look(self) -> tuple[object, ...]:
        """What tells, at the price of two listings, that something changed."""
        return (read_current(self.place), find_leftovers(self.place)) if self.is_store else ()

    def _served(self, opened: Opened) -> Served:
        opened.notes = tuple(self._hide(note) for note in opened.notes)
        return Served(opened)

    def _hide(self, text: object) -> str:
        """Return a note without the place of the store on this machine: it is nobody's business."""
        return str(text).replace(os.path.join(self.place, ""), "").replace(self.place, "the store")


def _is_store(place: str) -> bool:
    folder = Path(place)
    is_store = (folder / CURRENT).is_file() or (folder / RELEASES).is_dir()
    return place != "" and is_store and not (folder / HASHES).is_file()


def _version() -> str:
    from importlib.metadata import version

    return version("smarthan")
