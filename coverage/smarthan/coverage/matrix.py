"""The coverage matrix of one release: looked up one by one or by the million, rolled up, saved and opened."""

from __future__ import annotations

import datetime as dt
import html
import mmap
import os
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from .index.building import build_index, sort_rows
from .index.locations import Locations
from .index.mapped import MappedMatrix
from .index.packing import ArrayFile
from .lookup.answering import answer_one
from .lookup.answers import CoverageAnswer, NotAnswered
from .lookup.history import complete_answer
from .releases.opening import Opened
from .releases.release import Release, parse_day


class CoverageMatrix:
    """The rows of one release, and the questions they answer.

    Parameters
    ----------
    rows : DataFrame
        Rows with the columns that `read_matrix` gives; usually made by it, not by hand.
    release : Release
        The facts of the release.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> matrix = sample_matrix()
    >>> matrix.lookup("SW1A 1AA").state, matrix.release.synthetic
    ('COVERED', True)
    """

    _opened: Opened | None = None  # the folder it was opened from
    _parquet: mmap.mmap  # the rows in that folder, until they are asked for

    def __init__(self, rows: pd.DataFrame, release: Release) -> None:
        self._release = release
        self._rows: pd.DataFrame | None = self._label(sort_rows(rows))

    @classmethod
    def of(cls, opened: Opened) -> CoverageMatrix:
        """Return the matrix of a release folder that was opened; it answers on when the folder is removed."""
        from .releases.opening import PARQUET

        matrix = cls.__new__(cls)
        matrix._release, matrix._rows, matrix._opened = opened.mapped.release, None, opened
        matrix.__dict__["mapped"] = opened.mapped
        with open(Path(opened.folder) / PARQUET, "rb") as stream:
            matrix._parquet = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        return matrix

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> CoverageMatrix:
        """Open a release folder written by `save`; the hashes of its files are checked.

        Parameters
        ----------
        folder : path
            A folder with matrix.parquet, matrix.idx, manifest.json and SHA256.

        Raises
        ------
        ReleaseDamaged
            When a file is absent or is not the one that was saved. The index alone is made again, and `notes` says so.
        """
        from .releases.opening import open_folder

        return cls.of(open_folder(folder))

    def save(self, folder: str | os.PathLike[str], *, read: object = None) -> Path:
        """Write the release as a folder, whole or not at all.

        Parameters
        ----------
        folder : path
            Must not exist yet: a release is never overwritten.
        read : MatrixRead, optional
            The reading the matrix came from, whose ledger and quarantine are kept beside it.

        Returns
        -------
        Path
            The folder, with matrix.parquet, matrix.idx, manifest.json, ledger.json, quarantine.csv, revisions.md and
            SHA256.

        Raises
        ------
        FileExistsError
            When the folder exists.
        OSError
            When it cannot be written; nothing is left behind.
        """
        from .releases.folder import save_release

        return save_release(self, Path(folder), read)

    @property
    def release(self) -> Release:
        """The facts of the release."""
        return self._release

    @property
    def rows(self) -> pd.DataFrame:
        """All rows, sorted by postcode, then premises, then region. `attrs` says whether they are synthetic."""
        if self._rows is None:
            from .releases.parquet_rows import read_rows

            self._rows = self._label(read_rows(self._parquet))
        return self._rows

    @property
    def notes(self) -> tuple[str, ...]:
        """What a careful reader should know of the opening; every answer carries it too. Empty when all is well."""
        return self._opened.notes if self._opened else ()

    @cached_property
    def mapped(self) -> MappedMatrix:
        """The rows by direct address; made on first use, unless the matrix was opened from a folder."""
        return MappedMatrix(ArrayFile(build_index(self.rows, self._release)))

    def lookup(
        self,
        postcode: object = None,
        uprn: object = None,
        as_of: dt.date | str | None = None,
        *,
        address: str | None = None,
        suggest: bool = False,
        strict: bool = False,
    ) -> CoverageAnswer:
        """Return what the release says of one location.

        Parameters
        ----------
        postcode : str, optional
            A postcode, a sector ("LL57 2") or an outward code ("LL57").
        uprn : str, optional
            Unique property reference number, as text. Falls back to the postcode, and then says `degraded`.
        as_of : date or str, optional
            The day asked, which decides between PLANNED and OVERDUE; by default the release's own day.
        address : str, optional
            Address identifier within the postcode.
        suggest : bool
            List postcodes that may have been meant; none is ever applied.
        strict : bool
            Raise for every status but OK.

        Returns
        -------
        CoverageAnswer
            Unless strict, never raises on data: `status` says how the look-up ended.

        Raises
        ------
        ValueError, TypeError
            When `as_of` is not a day.
        NotAnswered
            Under `strict`, when the status is not OK.
        """
        answer = answer_one(self.mapped, postcode, uprn, parse_day(as_of), address=address, suggest=suggest)
        answer = complete_answer(answer, self._opened)
        if strict and answer.status != "OK":
            raise NotAnswered(answer.status, f"{answer.query[:64]!r}: {answer.words}", answer)
        return answer

    def lookup_many(
        self,
        postcodes: Iterable[object],
        uprns: Iterable[object] | None = None,
        as_of: dt.date | str | None = None,
        *,
        columns: Sequence[str] | None = None,
        engine: str = "auto",
        strict: bool = False,
    ) -> pd.DataFrame:
        """Return what the release says of many locations.

        Parameters
        ----------
        postcodes : Series, array or list
            As in `lookup`, one a row; missing values are answered EMPTY.
        uprns : Series, array or list, optional
            As many UPRNs.
        as_of : date or str, optional
            The day asked.
        columns : list of str, optional
            The columns wanted, of those below; all by default. Fewer cost less: from a portfolio of millions, ask for
            what you need.
        engine : {"auto", "numba", "numpy"}
            What reads the texts; both give the same. "auto" takes compiled code (the extra `[fast]`) from 2 million
            rows on, where it is installed.
        strict : bool
            Raise unless every status is OK.

        Returns
        -------
        DataFrame
            Same length, order and index as the input, duplicates kept: query, postcode, uprn, status, state, words,
            resolution, degraded, multi_region, regions, share, days, release_id, as_of, asked_on, age_days,
            reference_vintage, caveat, synthetic, then the columns of the best row; notes, joined by " | "; and of the
            last release of the store that held a terminated postcode: last_release_id, last_as_of, last_state,
            last_likelihood, last_wan_technology. `attrs` holds the release, the counts per status and state, and the
            engine that ran.

        Raises
        ------
        ValueError, TypeError
            When the two columns differ in length, `as_of` is not a day, or a column or engine is not known.
        ImportError
            When numba is asked for and not installed.
        NotAnswered
            Under `strict`, when any status is not OK.
        """
        from .lookup.bulk import answer_many

        wanted = columns if columns is None or not strict else [*columns, "query", "status", "words"]
        answers = answer_many(
            self, postcodes, uprns, parse_day(as_of), columns=wanted, engine=engine, opened=self._opened
        )
        if strict:
            raise_unanswered(answers)
        return answers if columns is None or not strict else answers[list(dict.fromkeys(columns))]

    def rollup(
        self, by: str | list[str] | pd.DataFrame = "area", *, as_of: dt.date | str | None = None
    ) -> pd.DataFrame:
        """Return premises-weighted shares of each state per area; see `roll_up`."""
        from .measures.aggregation import roll_up

        return roll_up(self, by, as_of=parse_day(as_of))

    def locations(self, as_of: dt.date | str | None = None) -> Locations:
        """Return the states and weights of all locations on a day, as arrays; kept for the last day asked."""
        day = parse_day(as_of) or self._release.as_of
        kept: Locations | None = self.__dict__.get("_located")
        if kept is None or kept.day != day:
            kept = self.__dict__["_located"] = Locations(self.mapped, day)
        return kept

    def __len__(self) -> int:
        return self._release.row_count

    def __repr__(self) -> str:
        made_up = ", SYNTHETIC" if self._release.synthetic else ""
        day = self._release.as_of or "date unknown"
        return f"<CoverageMatrix {self._release.release_id}, as of {day}, {len(self):,} rows{made_up}>"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self)[1:-1])}</p>"

    @property
    def release_attrs(self) -> dict[str, Any]:
        """What every table made from the release carries in `attrs`."""
        release = self._release
        day = release.as_of.isoformat() if release.as_of else None
        notes = {"notes": list(self.notes)} if self.notes else {}
        return {"synthetic": release.synthetic, "release_id": release.release_id, "as_of": day, **notes}

    def _label(self, rows: pd.DataFrame) -> pd.DataFrame:
        rows.attrs = self.release_attrs
        return rows


def raise_unanswered(answers: pd.DataFrame) -> None:
    """Raise for the first answer whose status is not OK.

    Raises
    ------
    NotAnswered
        With the number of such answers; it carries them all.
    """
    wrong = answers["status"].ne("OK").to_numpy()
    if wrong.any():
        first = answers.iloc[int(wrong.argmax())]
        message = f"{wrong.sum():,} of {len(answers):,} not answered, the first {first['query']!r}: {first['words']}"
        raise NotAnswered(str(first["status"]), message, answers)
