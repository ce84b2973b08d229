"""The notes of many answers: the words that a single look-up gives, joined."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.index.locations import Ints, Locations
from smarthan.coverage.postcodes.arrow_text import take_texts
from smarthan.coverage.postcodes.locating import spread
from smarthan.coverage.postcodes.parsing import parse_postcodes

from . import statuses as st
from .answer_table import STATUS, location_answers
from .answering import ERROR_NOTE, NULL_NOTE, OWN_ROWS_NOTE, conflict_note, later_note, region_note
from .bulk_finding import Found, find_uprn_rows
from .bulk_history import LastHeld
from .states import ERROR, STATES

BETWEEN = " | "  # a note may hold a semicolon
_ERROR = STATES.index(ERROR)
_PLACE_NOTES = ((), (ERROR_NOTE,), (OWN_ROWS_NOTE,), (ERROR_NOTE, OWN_ROWS_NOTE))  # by two bits

Notes = tuple[str, ...]


def answer_notes(located: Locations, found: Found, last: LastHeld, opening: Notes) -> pd.Categorical:
    """Return the notes of each answer, joined; missing where there are none.

    Parameters
    ----------
    located : Locations
    found : Found
        With places.
    last : LastHeld
        What earlier releases said of terminated postcodes.
    opening : tuple of str
        Notes of the opening of the release.
    """
    day, as_of = located.day, located.mapped.release.as_of
    first, of_answer = _region_notes(located, found)
    code = spread((of_answer * len(_PLACE_NOTES)).astype(np.int32), found.answer)
    code += _place_bits(located, found)
    labels = [(*later_note(day, as_of), *region, *place) for region, place in product(first, _PLACE_NOTES)]
    code[_null_word_rows(found)] += len(labels)
    labels += [(NULL_NOTE, *label) for label in labels]
    rows, notes = _conflicts(located, found)
    code[rows] = len(labels) + np.arange(len(rows))
    labels += [(*later_note(day, as_of), note) for note in notes]
    labels = [(*label, *opening) for label in labels]
    at, told = last.told
    code[last.rows] = len(labels) + at
    labels += [(*later_note(day, as_of), *opening, *each.notes) for each in told]
    return _as_category(code, labels)


def _as_category(code: npt.NDArray[np.int32], labels: Sequence[Notes]) -> pd.Categorical:
    used = np.flatnonzero(np.bincount(code, minlength=len(labels)))
    texts = [BETWEEN.join(labels[number]) or None for number in used.tolist()]
    kept, words = pd.factorize(pd.Series(texts, dtype=object))  # -1 for none
    number = np.full(len(labels), -1, dtype=np.int8 if len(words) < 128 else np.int32)
    number[used] = kept
    return pd.Categorical.from_codes(
        spread(number, code.view(np.uint32)), dtype=pd.CategoricalDtype(list(words)), validate=False
    )


def _region_notes(located: Locations, found: Found) -> tuple[list[Notes], Ints]:
    """Return the notes of answers from rows of no region, () first, and which one each answer of the table has."""
    labels = located.mapped.arrays.header["labels"]["csp_region"]
    bits = found.table.column("bits")
    alone = (bits > 0) & (bits & ~np.uint8(located.no_region_bits) == 0)
    at, distinct = pd.factorize(np.where(alone, bits, 0))
    notes = [region_note({str(name) for k, name in enumerate(labels) if n >> k & 1}) for n in distinct.tolist()]
    return notes, at.astype(np.int64)


def _place_bits(located: Locations, found: Found) -> npt.NDArray[np.uint8]:
    """Return which of `_PLACE_NOTES` the rows behind each answer call for."""
    bits = spread(_location_bits(located), (found.place + np.int32(1)).view(np.uint32))
    own = np.flatnonzero(found.unit >= 0)
    if len(own):
        bits[own] = _is_partly_answered(located, located.units)[found.unit[own]]
    return bits


def _location_bits(located: Locations) -> npt.NDArray[np.uint8]:
    """The same of each location, after one 0 for none; worked out once for a release and a day."""
    kept: npt.NDArray[np.uint8] | None = located.__dict__.get("_note_bits")
    if kept is None:
        parts = np.add.reduceat(~located.unit_whole, located.unit_groups[:-1], dtype=np.int32)
        bits = _is_partly_answered(located, located.groups) + 2 * (parts > 1)
        kept = located.__dict__["_note_bits"] = np.append(0, bits).astype(np.uint8)
    return kept


def _is_partly_answered(located: Locations, bounds: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Whether some rows of each group are errors and some are not, given the first row of each (and the end)."""
    low, high = (each.reduceat(located.row_state, bounds[:-1]) for each in (np.minimum, np.maximum))
    return (low < _ERROR) & (high == _ERROR)


def _null_word_rows(found: Found) -> Ints:
    """Return the questions whose postcode is a word for missing."""
    if not len(found.rest):
        return found.rest_rows
    return found.rest_rows[found.rest["problem"].eq("null_word").to_numpy()[found.rest_number]]


def _conflicts(located: Locations, found: Found) -> tuple[Ints, list[str]]:
    """Return the questions whose UPRN stands under another postcode, and both sides of each."""
    conflict = found.table.column("status") == STATUS[st.KEY_CONFLICT]
    rows = np.flatnonzero(conflict[found.answer]) if conflict.any() else np.zeros(0, dtype=np.int64)
    if not len(rows):
        return rows, []
    unit = np.searchsorted(located.units, find_uprn_rows(located, found.uprn[rows]), side="right") - 1
    own = location_answers(located).postcodes.take(located.unit_location[unit] - 1).to_pylist()
    parsed = parse_postcodes(take_texts(found.text, rows).to_pandas().astype("str"))
    part = parsed["sector"].fillna(parsed["outward"])
    asked = parsed["postcode"].where(parsed["kind"].ne("PARTIAL"), part).tolist()
    uprns = found.uprn[rows].tolist()
    return rows, [conflict_note(*each) for each in zip(map(str, uprns), own, asked, strict=True)]
