"""The answers to many questions at once, as a table in the order of the questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.coverage.index.locations import ALL_STATES, MIXED_CODE, Ints, Locations
from smarthan.coverage.index.mapped import EPOCH, NO_DATE
from smarthan.coverage.postcodes.arrow_text import as_column
from smarthan.coverage.postcodes.locating import choose_engine, spread
from smarthan.coverage.vintage import read_vintage

from . import statuses as st
from .answer_table import RESOLUTIONS, answer_words, location_answers
from .answering import LONGEST_QUERY, caveat, echo
from .bulk_finding import NO_UPRN, Found, find_many
from .bulk_history import LAST, LastHeld
from .bulk_notes import answer_notes
from .states import COVERED, OVERDUE, PLANNED, STATES

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix
    from smarthan.coverage.releases.opening import Opened

_COVERED = STATES.index(COVERED)
BEST = (
    *("csp_region", "region_code", "available", "anticipated", "wan_technology", "wan_group", "likelihood"),
    *("auxiliary", "info", "premises", "premises_available"),
)
COLUMNS = (
    *("query", "postcode", "uprn", "status", "state", "words", "resolution", "degraded", "multi_region", "regions"),
    *("share", "days", "release_id", "as_of", "asked_on", "age_days", "reference_vintage", "caveat", "synthetic"),
    *BEST,
    "notes",
    *LAST,
)
# What is not the same for all questions that get the same answer needs the place of each.
_COUNTED = 1 << 17  # answers counted at a time
_BY_PLACE = frozenset({"postcode", "share", "info", "premises", "premises_available", "notes"})


def answer_many(
    matrix: CoverageMatrix,
    postcodes: Iterable[object],
    uprns: Iterable[object] | None,
    day: dt.date | None,
    *,
    columns: Sequence[str] | None = None,
    engine: str = "auto",
    opened: Opened | None = None,
) -> pd.DataFrame:
    """Return what a release says of many locations; see `CoverageMatrix.lookup_many`."""
    wanted = _check_columns(columns)
    asked = as_column(postcodes, "postcodes")
    keys = None if uprns is None else as_column(uprns, "uprns")
    if keys is not None and len(keys) != len(asked):
        raise ValueError(f"uprns: {len(keys):,} given for {len(asked):,} postcodes; one a row is needed")
    chosen = choose_engine(engine, len(asked))
    located = matrix.locations(day)
    found = find_many(
        located,
        asked,
        keys,
        engine=chosen,
        with_places=not _BY_PLACE.isdisjoint(wanted),
        with_postcodes="postcode" in wanted,
        with_faults="words" in wanted,
    )
    maker = AnswerColumns(matrix, located, found, asked, keys, opened)
    made = {name: maker.make(name) for name in wanted}
    frame = pd.DataFrame(made, index=asked.index, columns=list(wanted), copy=False)
    frame.attrs = {**matrix.release_attrs, **maker.counts(), "engine": chosen}
    return frame


def _check_columns(columns: Sequence[str] | None) -> tuple[str, ...]:
    if columns is None:
        return COLUMNS
    unknown = [name for name in columns if name not in COLUMNS]
    if isinstance(columns, str) or unknown:
        shown = columns if isinstance(columns, str) else ", ".join(map(str, unknown))
        raise ValueError(f"columns: {shown!r} is not a list of names among {', '.join(COLUMNS)}")
    return tuple(dict.fromkeys(columns))


class AnswerColumns:
    """Makes the columns of a table of answers, one by one.

    Parameters
    ----------
    matrix : CoverageMatrix
    located : Locations
        The release on the day asked.
    found : Found
        Where each question leads.
    asked, keys : Series
        Postcodes and UPRNs as they came.
    opened : Opened or None
        The opening of the release; None for one made in memory.
    """

    def __init__(
        self,
        matrix: CoverageMatrix,
        located: Locations,
        found: Found,
        asked: pd.Series,
        keys: pd.Series | None,
        opened: Opened | None,
    ) -> None:
        self._opening_notes = opened.notes if opened else ()
        self._history = opened.history if opened else None
        self.release, self.located, self.found = matrix.release, located, found
        self.asked, self.keys = asked, keys
        self.size = len(asked)

    def make(self, name: str) -> Any:
        """Return one of `COLUMNS`."""
        if name in self._makers:
            return self._makers[name]()
        labels = self.located.mapped.arrays.header["labels"][name]
        words = [label for label in labels if label is not None]
        codes = self._of_class(f"class_{name}", -1)
        return self._coded(np.where(codes < len(words), codes, -1), words)  # a missing label stands last

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many questions ended in each status and state."""
        status, state = self._field("status"), self._field("state")
        return {
            "status_counts": _tally(status, self._used, st.STATUSES),
            "state_counts": _tally(state, self._used, ALL_STATES),
        }

    @cached_property
    def _makers(self) -> dict[str, Callable[[], Any]]:
        release, day = self.release, self.located.day
        age = (day - release.as_of).days if day and release.as_of else None
        return {
            "query": self._queries,
            "postcode": self._postcodes,
            "uprn": self._uprns,
            "status": lambda: self._coded(self._field("status"), st.STATUSES),
            "state": lambda: self._coded(self._field("state"), ALL_STATES),
            "words": self._words,
            "resolution": lambda: self._coded(self._field("resolution"), RESOLUTIONS),
            "degraded": lambda: self._spread(self._field("degraded")),
            "multi_region": lambda: self._spread(np.bitwise_count(self._field("bits")) > 1),
            "regions": self._regions,
            "share": self._shares,
            "days": self._days,
            "release_id": lambda: self._constant(release.release_id),
            "as_of": lambda: self._constant_day(release.as_of),
            "asked_on": lambda: self._constant_day(day),
            "age_days": lambda: _integers(np.full(self.size, age or 0), np.full(self.size, age is None)),
            "reference_vintage": lambda: self._constant(read_vintage()),
            "caveat": lambda: self._constant(caveat(self.located.mapped)),
            "synthetic": lambda: np.full(self.size, release.synthetic),
            "available": self._available,
            "anticipated": self._anticipated,
            "info": self._infos,
            "premises": lambda: self._premises("premises"),
            "premises_available": lambda: self._premises("premises_available"),
            "notes": lambda: answer_notes(self.located, self.found, self._last, self._opening_notes),
            **{name: partial(self._last_column, name) for name in LAST},
        }

    @cached_property
    def _last(self) -> LastHeld:
        return LastHeld(self.found, self._history)

    def _last_column(self, name: str) -> Any:
        return self._last.column(name)

    def _field(self, name: str) -> npt.NDArray[Any]:
        return self.found.table.column(name)

    def _spread(self, by_answer: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return spread(by_answer, self.found.answer)

    def _coded(self, codes: npt.NDArray[Any], words: Sequence[str]) -> pd.Categorical:
        """A category from the code of each answer."""
        dtype = pd.CategoricalDtype(list(words))
        narrow = "int8" if len(words) < 128 else "int16" if len(words) < 1 << 15 else "int32"
        return pd.Categorical.from_codes(self._spread(codes.astype(narrow)), dtype=dtype, validate=False)

    def _constant(self, word: str) -> pd.Categorical:
        return pd.Categorical.from_codes(
            np.zeros(self.size, dtype=np.int8), dtype=pd.CategoricalDtype([word]), validate=False
        )

    def _constant_day(self, day: dt.date | None) -> npt.NDArray[np.datetime64]:
        return np.full(self.size, np.datetime64(day or "NaT", "us"))

    def _of_class(self, name: str, missing: int) -> Ints:
        """A column of the row classes, for the best row of each answer."""
        number = self._field("row_class")
        return np.where(number >= 0, self.located.column(name)[np.maximum(number, 0)].astype(np.int64), missing)

    @cached_property
    def _used(self) -> Ints:
        """How many questions each answer answers."""
        total = np.zeros(self.found.table.size, dtype=np.int64)
        for at in range(0, self.size, _COUNTED):
            total += np.bincount(self.found.answer[at : at + _COUNTED], minlength=len(total))
        return total

    @cached_property
    def _best(self) -> Ints:
        """The best row of each question, -1 for none."""
        located, place, unit = self.located, self.found.place, self.found.unit
        best = np.where(place >= 0, located.best_row[np.maximum(place, 0)], -1)
        if len(unit):
            own = np.flatnonzero(unit >= 0)
            best[own] = located.unit_best_row[unit[own]]
        return best

    def _queries(self) -> Any:
        text = self.found.text
        if not self.found.odd and self.keys is None and _is_short(text):
            return _as_text(pc.fill_null(text, "") if text.null_count else text)
        echoed = pc.fill_null(pc.utf8_slice_codeunits(text, 0, LONGEST_QUERY), "").combine_chunks()
        shown = pd.Series(_as_text(pa.chunked_array([echoed])))
        for row, cell in self.found.odd.items():
            shown.iat[row] = echo(cell)
        if self.keys is not None:
            use = np.flatnonzero(self.found.no_postcode & (self.found.uprn != NO_UPRN))
            shown.iloc[use] = [echo(cell) for cell in self.keys.iloc[use]]
        return shown.array

    def _postcodes(self) -> Any:
        """The postcode that answers, or the part that was asked, in canonical form."""
        located, found, parsed = self.located, self.found, self.found.rest
        names = location_answers(located).postcodes
        part = parsed["kind"].eq("PARTIAL") if len(parsed) else False
        extra = parsed["postcode"].mask(part, parsed["sector"].fillna(parsed["outward"])) if len(parsed) else []
        texts = pa.concat_arrays([names, pa.array(list(extra), pa.large_string(), from_pandas=True)])
        at = found.asked_place.astype(np.int64)
        rest = at[found.rest_rows] < 0
        at[found.rest_rows[rest]] = len(names) + found.rest_number[rest]
        if len(found.unit):
            own = np.flatnonzero(found.unit >= 0)
            location = located.unit_location[found.unit[own]]
            placed = location <= located.n_postcodes
            at[own[placed]] = location[placed] - 1
        return _as_text(pa.chunked_array([texts.take(pa.array(at, mask=at < 0))]))

    def _uprns(self) -> Any:
        if self.keys is None:
            return _as_text(pa.chunked_array([pa.nulls(self.size, pa.large_string())]))
        number = self.found.uprn
        return _as_text(pa.chunked_array([pc.cast(pa.array(number, mask=number <= 0), pa.large_string())]))

    def _words(self) -> pd.Categorical:
        sentences = answer_words(self.located, self.found.table, self._used > 0)
        used = np.flatnonzero(self._used > 0)
        codes, labels = pd.factorize(np.array([sentences[number] for number in used], dtype=object))
        by_answer = np.full(len(sentences), -1)
        by_answer[used] = codes
        return self._coded(by_answer, [str(label) for label in labels])

    def _regions(self) -> pd.Categorical:
        labels = self.located.mapped.arrays.header["labels"]["csp_region"]
        bits = np.where(self._used > 0, self._field("bits"), 0)
        codes, distinct = pd.factorize(bits)
        words = ["; ".join(str(name) for k, name in enumerate(labels) if n >> k & 1) for n in distinct.tolist()]
        kept = [word for word in words if word]
        place = np.array([kept.index(word) if word else -1 for word in words])
        return self._coded(place[codes], kept)

    def _shares(self) -> npt.NDArray[np.float64]:
        located, found = self.located, self.found
        share = self._spread(self._field("share"))
        mixed = np.flatnonzero(self._spread(self._field("state")) == MIXED_CODE)
        unit = found.unit[mixed] if len(found.unit) else np.full(len(mixed), -1)
        place = found.place[mixed]
        if (place >= 0).any():
            here = place >= 0
            by_state = located.premises_by_state[place[here]]
            total = by_state.sum(axis=1)
            known = (total > 0) & located.knows_total[place[here]]
            share[mixed[here]] = np.where(known, by_state[:, _COVERED] / np.maximum(total, 1), np.nan)
        own = unit >= 0
        share[mixed[own]] = located.unit_reached[unit[own]] / located.unit_premises[unit[own]]
        return share

    def _days(self) -> Any:
        state, day = self._field("state"), self.located.day
        planned = np.isin(state, [STATES.index(PLANNED), STATES.index(OVERDUE)]) & (day is not None)
        asked = (day - EPOCH).days if day else 0
        days = np.where(planned, self._of_class("class_anticipated", 0) - asked, 0)
        return _integers(self._spread(days), self._spread(~planned))

    def _available(self) -> Any:
        value = self._of_class("class_available", 2)
        return pd.arrays.BooleanArray(self._spread(value == 1), self._spread(value == 2))

    def _anticipated(self) -> npt.NDArray[np.datetime64]:
        days = self._of_class("class_anticipated", NO_DATE)
        dates = np.where(days == NO_DATE, np.datetime64("NaT"), days.astype("datetime64[D]"))
        return self._spread(dates.astype("datetime64[us]"))

    def _infos(self) -> Any:
        located = self.located
        if "info" not in located.mapped.arrays:
            return _as_text(pa.chunked_array([pa.nulls(self.size, pa.large_string())]))
        number = np.full(len(located.row_class) + 1, -1, dtype=np.int32)  # the last entry is for no row
        number[located.column("info_row")] = located.column("info")
        texts = [located.mapped.text("info", n) for n in range(len(located.column("info_end")) - 1)]
        at = number[self._best]
        return _as_text(pa.chunked_array([pa.array(texts, pa.large_string()).take(pa.array(at, mask=at < 0))]))

    def _premises(self, name: str) -> Any:
        values = np.append(self.located.column(name), np.int32(-1))[self._best]
        return pd.arrays.IntegerArray(np.maximum(values, 0), values < 0)


def _integers(values: npt.NDArray[Any], missing: npt.NDArray[np.bool_]) -> Any:
    return pd.arrays.IntegerArray(values.astype(np.int64, copy=False), missing)


def _is_short(text: pa.ChunkedArray) -> bool:
    longest = pc.max(pc.binary_length(text)).as_py() if len(text) else 0
    return (longest or 0) <= LONGEST_QUERY


def _as_text(texts: pa.ChunkedArray) -> Any:
    """Arrow text as a column of pandas' text type, without a copy."""
    return pd.array(texts, dtype="str")


def _tally(codes: npt.NDArray[Any], used: Ints, words: Sequence[str]) -> dict[str, int]:
    counts = np.bincount(codes[codes >= 0], weights=used[codes >= 0], minlength=len(words))
    return {word: int(count) for word, count in zip(words, counts, strict=True) if count}
