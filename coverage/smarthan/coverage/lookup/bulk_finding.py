"""Where many questions lead: the number of each one's answer, and the location or premises behind it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.coverage.index.building import split_postcodes
from smarthan.coverage.index.locations import MIXED_CODE, STATES, Ints, Locations
from smarthan.coverage.index.packing import ArrayFile
from smarthan.coverage.postcodes.addressing import UNITS, outward_cell, sector_number
from smarthan.coverage.postcodes.arrow_text import Odd, as_arrow_text, take_texts
from smarthan.coverage.postcodes.fixed_text import fix_width
from smarthan.coverage.postcodes.locating import Numbers, locate, spread
from smarthan.coverage.postcodes.parsing import parse_postcodes
from smarthan.coverage.postcodes.rules import Postcode
from smarthan.coverage.reference.standing import open_standing

from . import statuses as st
from .answer_table import (
    BAD,
    NOTHING,
    ODD,
    PART,
    RESOLUTIONS,
    STATUS,
    UNSET,
    UNUSABLE,
    WHOLE,
    AnswerTable,
    LocationAnswers,
    add_answers,
    location_answers,
)
from .answering import describe_part, read_uprn
from .bulk_reference import answer_absent, read_standing
from .parts import part_sums
from .states import COVERED, ERROR

Mask = npt.NDArray[np.bool_]

NO_UPRN, BAD_UPRN = -1, 0


def _none() -> npt.NDArray[np.int32]:
    return np.zeros(0, dtype=np.int32)


@dataclass
class Found:
    """What was found for each question.

    Attributes
    ----------
    answer : array of unsigned integers
        Number of the answer in `table`.
    table : AnswerTable
    place : int32 array
        Place in `Locations.groups` of the location that answers, -1 for none. Empty unless it was wanted.
    asked_place : int32 array
        Place of the postcode that was asked: another one where a UPRN answers.
    unit : int32 array
        The unit, where a UPRN's own rows answer, else -1. Empty when no UPRN was asked.
    text : ChunkedArray
        The postcodes as Arrow text.
    odd : dict
        By row, what is neither text nor missing.
    rest : DataFrame
        The distinct texts that the fast reading left to the rules, read.
    rest_rows, rest_number : int64 arrays
        The rows that hold them, and which one each holds.
    uprn : int64 array
        The UPRNs, read: `NO_UPRN`, `BAD_UPRN` or the number. Empty when none was asked.
    no_postcode : bool array
        Questions without a postcode, or with a word for missing. Empty when no UPRN was asked.
    """

    answer: Numbers
    table: AnswerTable
    text: pa.ChunkedArray
    odd: Odd
    place: npt.NDArray[np.int32] = field(default_factory=_none)
    asked_place: npt.NDArray[np.int32] = field(default_factory=_none)
    unit: npt.NDArray[np.int32] = field(default_factory=_none)
    rest: pd.DataFrame = field(default_factory=pd.DataFrame)
    rest_rows: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    rest_number: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    uprn: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    no_postcode: Mask = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))


def find_many(
    located: Locations,
    postcodes: pd.Series,
    uprns: pd.Series | None,
    *,
    engine: str = "numpy",
    with_places: bool = True,
    with_postcodes: bool = True,
    with_faults: bool = True,
) -> Found:
    """Return where each question leads, in the order of tests of `answering.answer_one`.

    Parameters
    ----------
    located : Locations
        The release on a day.
    postcodes, uprns : Series
        The keys.
    engine : {"numpy", "numba"}
        Reads the bytes.
    with_places : bool
        Whether `Found.place` is wanted.
    with_postcodes : bool
        Whether the canonical form is wanted of postcodes that the release does not hold.
    with_faults : bool
        Whether each fault of a malformed text must have an answer of its own.
    """
    known = location_answers(located)
    text, odd = as_arrow_text(postcodes)
    with_cells = with_places or uprns is not None
    answer, cells = locate(text, known.addresses, engine=engine, with_cells=with_cells)
    found = Found(answer, known.table.copy(), text, odd)
    if with_cells:
        found.place = spread(known.place, cells)
    found.answer[list(odd)] = ODD
    if not with_postcodes:
        _answer_unset(found, engine)
    _read_rest(located, known, found, with_faults=with_faults)
    found.asked_place = found.place
    if uprns is not None:
        _find_uprns(located, found, uprns)
    return found


def _answer_unset(found: Found, engine: str) -> None:
    """Answer the well-formed postcodes that the release does not hold, where nothing else of them is wanted."""
    rows = np.flatnonzero(found.answer == UNSET)
    if len(rows):
        _put(found, rows, answer_absent(found.table, read_standing(take_texts(found.text, rows), engine=engine)))


def _read_rest(located: Locations, known: LocationAnswers, found: Found, *, with_faults: bool) -> None:
    """Answer what the fast reading left: each distinct text once, by the rules and the reference."""
    left = (found.answer == UNSET) | (found.answer == ODD)
    if with_faults:
        left |= found.answer == BAD
    rows = np.flatnonzero(left)
    if not len(rows):
        return
    coded = pc.dictionary_encode(take_texts(found.text, rows), null_encoding="encode")
    number = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    parsed = parse_postcodes(coded.dictionary.to_pandas().astype("str"))
    if found.odd:
        own = np.searchsorted(rows, sorted(found.odd))
        number[own] = len(parsed) + np.arange(len(own))
        objects = parse_postcodes([found.odd[row] for row in sorted(found.odd)])
        parsed = pd.concat([parsed, objects], ignore_index=True)
    answers, places = _answer_texts(located, known, found.table, parsed)
    found.rest, found.rest_rows, found.rest_number = parsed, rows, number
    _put(found, rows, answers[number])
    if len(found.place):
        found.place[rows] = places[number]


def _put(found: Found, rows: Ints | Mask, numbers: Ints) -> None:
    """Set answers, in a wider type where the table has outgrown the present one."""
    if found.table.size > np.iinfo(found.answer.dtype).max:
        found.answer = found.answer.astype(np.uint32)
    found.answer[rows] = numbers


def _answer_texts(
    located: Locations, known: LocationAnswers, table: AnswerTable, parsed: pd.DataFrame
) -> tuple[Ints, Ints]:
    """Return the answer's number and the location of each text that was read by the rules."""
    answers = np.full(len(parsed), UNSET, dtype=np.int64)
    places = np.full(len(parsed), -1, dtype=np.int64)
    kind = parsed["kind"].astype("str").to_numpy()
    whole = np.flatnonzero(kind == "GEOGRAPHIC")
    if len(whole):
        cells = find_cells(located.mapped.arrays, parsed["postcode"].iloc[whole])
        answers[whole] = np.where(cells > 0, known.addresses.held[cells].astype(np.int64), UNSET)
        places[whole] = np.where(cells > 0, known.place[cells], -1)
    absent = whole[answers[whole] == UNSET]
    if len(absent):
        answers[absent] = _ask_reference(table, parsed["postcode"].iloc[absent])
    part = np.flatnonzero(kind == "PARTIAL")
    if len(part):
        answers[part] = _answer_parts(located, table, parsed.iloc[part])
    other = np.flatnonzero(~np.isin(kind, ("GEOGRAPHIC", "PARTIAL")))
    if len(other):
        answers[other] = _answer_faults(table, parsed.iloc[other])
    return answers, places


def _ask_reference(table: AnswerTable, postcodes: pd.Series) -> Ints:
    """Postcodes that the release does not hold: withdrawn, live and absent, or unknown to the reference."""
    standing = open_standing().arrays
    value = np.frombuffer(standing.raw("standing"), dtype=np.uint16)[find_cells(standing, postcodes)]
    return answer_absent(table, value.astype(np.int64))


def _answer_parts(located: Locations, table: AnswerTable, parsed: pd.DataFrame) -> Ints:
    """The words and covered share of outward codes and sectors, each once."""
    at, asked = pd.factorize(parsed["sector"].fillna(parsed["outward"]))
    parts = [str(part) for part in asked]
    postcodes, weight = part_sums(located).sum_parts(parts)
    total, covered = weight.sum(axis=1), weight[:, STATES.index(COVERED)]
    share = np.where(total > 0, covered / np.maximum(total, 1e-300), np.nan)
    unanswered = weight[:, STATES.index(ERROR)] / np.maximum(total, 1e-300)
    held = postcodes > 0
    words = [
        describe_part(s if t else None, t, located.basis, n, u) if n else st.WORDS[st.NOT_IN_MATRIX]
        for s, t, n, u in zip(share.tolist(), total.tolist(), postcodes.tolist(), unanswered.tolist(), strict=True)
    ]
    grain = [RESOLUTIONS.index("SECTOR" if " " in part else "OUTWARD") for part in parts]
    first = table.add(
        len(parts),
        key=PART,
        status=np.where(held, STATUS[st.OK], STATUS[st.NOT_IN_MATRIX]),
        resolution=np.where(held, grain, -1),
        words=words,
        share=np.where(held, share, np.nan),
    )
    return first + at.astype(np.int64)


def _answer_faults(table: AnswerTable, parsed: pd.DataFrame) -> Ints:
    odd = parsed[["kind", "problem", "position"]].astype(object)
    keys = list(odd.where(odd.notna(), None).itertuples(index=False, name=None))
    at, distinct = pd.factorize(pd.Index(keys, tupleize_cols=False))
    found = [Postcode(None, kind, problem=problem, position=position) for kind, problem, position in distinct]
    first = table.add(
        len(found),
        status=[STATUS[place.kind] for place in found],
        key=[NOTHING if place.kind == st.EMPTY else UNUSABLE for place in found],
        words=[st.describe_format(place) for place in found],
    )
    return first + at.astype(np.int64)


def find_cells(arrays: ArrayFile, postcodes: pd.Series) -> Ints:
    """Return the cells of canonical geographic postcodes, 0 where the tables do not hold their sector."""
    outward, digit, offset = split_postcodes(fix_width(postcodes))
    outward_id = np.frombuffer(arrays.raw("outward_id"), dtype=np.uint16)[outward].astype(np.int64)
    sector = np.frombuffer(arrays.raw("sector_id"), dtype=np.uint16)[outward_id * 10 + digit].astype(np.int64)
    return np.where((outward_id > 0) & (sector > 0), sector * UNITS + offset, 0)


def read_uprns(values: pd.Series) -> Ints:
    """Return UPRNs as numbers, `BAD_UPRN` for malformed ones, `NO_UPRN` for missing ones.

    Examples
    --------
    >>> read_uprns(pd.Series(["0042", "x", None, 7], dtype=object)).tolist()
    [42, 0, -1, 0]
    """
    if isinstance(values.dtype, pd.StringDtype):
        plain = values.str.fullmatch("[0-9]{1,12}").fillna(False).to_numpy(bool)
    else:
        plain = np.zeros(len(values), dtype=np.bool_)
    numbers = np.full(len(values), NO_UPRN, dtype=np.int64)
    numbers[plain] = values[plain].astype("int64").to_numpy() if plain.any() else 0
    for row in np.flatnonzero(~plain & values.notna().to_numpy()):
        text = read_uprn(values.iat[row])
        numbers[row] = NO_UPRN if text is None else int(text or BAD_UPRN)
    return numbers


def _find_uprns(located: Locations, found: Found, uprns: pd.Series) -> None:
    """Where the release holds the UPRN, its own rows answer, unless they stand under another postcode."""
    found.uprn = read_uprns(uprns)
    found.unit = np.full(len(found.uprn), -1, dtype=np.int32)
    key = found.table.column("key")[found.answer]
    found.no_postcode = key == NOTHING
    asked = (found.uprn != NO_UPRN) & (key != UNUSABLE)
    bad = asked & (found.uprn == BAD_UPRN)
    row = find_uprn_rows(located, np.where(asked & ~bad, found.uprn, NO_UPRN))
    held = np.flatnonzero(row >= 0)
    conflict = held[_contradicts(located, found, held, row[held], key[held])]
    found.unit[held] = np.searchsorted(located.units, row[held], side="right") - 1
    found.unit[conflict] = -1
    own = np.flatnonzero(found.unit >= 0)
    alone = asked & ~bad & (row < 0)
    found.place = found.place.copy()
    found.place[held], found.place[bad] = -1, -1
    _put_status(found, bad, st.BAD_UPRN, st.WORDS[st.BAD_UPRN])
    _put_status(found, conflict, st.KEY_CONFLICT, st.WORDS[st.KEY_CONFLICT])
    _put_status(found, alone & (key == NOTHING), st.NOT_IN_MATRIX, f"UPRN {st.WORDS[st.NOT_IN_MATRIX]}")
    _degrade(found, np.flatnonzero(alone & (key != NOTHING)))
    if len(own):
        _put(found, own, _answer_units(located, found, found.unit[own]))


def find_uprn_rows(located: Locations, numbers: Ints) -> Ints:
    """Return the first row of each UPRN, -1 where the release does not hold it."""
    if "uprn" not in located.mapped.arrays:
        return np.full(len(numbers), -1, dtype=np.int64)
    keys, rows = located.column("uprn"), located.column("uprn_row")
    at = np.minimum(np.searchsorted(keys, numbers), len(keys) - 1)
    return np.where(keys[at] == numbers, rows[at].astype(np.int64), -1)


def _contradicts(located: Locations, found: Found, held: Ints, row: Ints, key: Ints) -> Mask:
    """Whether the question names another place than the one its UPRN stands under."""
    own = located.unit_location[np.searchsorted(located.units, row, side="right") - 1]  # counted from 1
    placed = own <= located.n_postcodes
    wrong = (key == WHOLE) & (found.place[held] != own - 1)
    part = np.flatnonzero(placed & (key == PART))
    if len(part):
        wrong[part] = _contradicts_part(located, found, held[part], own[part] - 1)
    return placed & wrong


def _contradicts_part(located: Locations, found: Found, rows: Ints, place: Ints) -> Mask:
    """Whether locations lie outside the outward code or sector that was asked."""
    arrays = located.mapped.arrays
    parsed = found.rest.iloc[found.rest_number[np.searchsorted(found.rest_rows, rows)]]
    sector = np.flatnonzero(located.column("unit"))[place] // UNITS
    outward_of = np.zeros(int(located.column("sector_id").max()) + 1, dtype=np.int64)
    held = np.flatnonzero(located.column("sector_id"))
    outward_of[located.column("sector_id")[held]] = held // 10
    asked = parsed["sector"].fillna(parsed["outward"])
    at, parts = pd.factorize(asked)
    numbers = np.array(
        [
            sector_number(arrays["outward_id"], arrays["sector_id"], part) if " " in part
            else -1 - arrays["outward_id"][outward_cell(part)]
            for part in map(str, parts)
        ],
        dtype=np.int64,
    )[at]  # fmt: skip
    return np.where(numbers >= 0, sector != numbers, -1 - outward_of[sector] != numbers)


def _put_status(found: Found, rows: Mask | Ints, status: str, words: str) -> None:
    if rows.any() if rows.dtype == bool else len(rows):
        number = found.table.add(1, status=STATUS[status], words=words)
        _put(found, rows, np.int64(number))  # type: ignore[arg-type]


def _degrade(found: Found, rows: Ints) -> None:
    """A finer key was asked and a coarser one answers: the same answers again, marked."""
    table = found.table
    ok = rows[table.column("status")[found.answer[rows]] == STATUS[st.OK]]
    if not len(ok):
        return
    distinct, at = np.unique(found.answer[ok], return_inverse=True)
    fields = {
        name: table.column(name)[distinct] for name in ("state", "resolution", "bits", "row_class", "share", "words")
    }
    first = table.add(len(distinct), degraded=True, key=WHOLE, **fields)
    _put(found, ok, first + at.astype(np.int64))


def _answer_units(located: Locations, found: Found, unit: npt.NDArray[np.int32]) -> Ints:
    state = np.where(located.unit_partial[unit], MIXED_CODE, located.unit_state[unit])
    first, number = add_answers(
        found.table,
        row_class=located.row_class[located.unit_best_row[unit]],
        state=state,
        bits=located.unit_region_bits[unit],
        resolution=RESOLUTIONS.index("UPRN"),
    )
    return first + number
