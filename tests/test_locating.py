"""Whole columns of texts led to their cells: both engines equal the scalar rules, text by text."""

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.coverage import parse_postcode, postcode_reference
from smarthan.coverage.index.building import address_postcodes
from smarthan.coverage.postcodes import locating
from smarthan.coverage.postcodes.addressing import UNITS, unit_cell
from smarthan.coverage.postcodes.arrow_text import as_arrow_text, take_texts
from smarthan.coverage.postcodes.faults import OUTWARD
from smarthan.coverage.postcodes.fixed_text import fix_width
from smarthan.coverage.postcodes.letter_pairs import INVALID, SPECIAL, letter_tables
from smarthan.coverage.postcodes.locating import ABSENT, BAD, EMPTY, ODD, Addresses, locate, make_addresses, spread

ENGINES = ["numpy", pytest.param("numba", marks=pytest.mark.skipif(not locating.has_numba(), reason="needs [fast]"))]
each_engine = pytest.mark.parametrize("engine", ENGINES)

ODDITIES = [
    *("GIR 0AA", "gir0aa", "XM4 5HQ", "SAN TA1", "GX11 1AA", "BFPO 12", "bfpo1234", "ZZ99 3VZ", "AI-2640", "ASCN 1ZZ"),
    *("XX10 1AB", "BT1 1AA", "JE2 3AB", "BX1 1LT", "BF1 1AA", "nan", "None", " NULL ", "n/a", "", "  ", "\u00a0", "M1"),
    *(
        "M1 1",
        "SW1A",
        "sw1a  1",
        "12345",
        "01/02/2024",
        "12-JAN-24",
        "=1+1",
        "M1 1AE;M1 1AF",
        "M1\u00001AE",
        "M1\x001AE",
    ),
    *(
        "M1 1AE" + " " * 11,
        "M1 1AE" + " " * 10,
        "\uff2d1 1AE",
        "\u017fW1A 1AA",
        "\u212aA1 1AA",
        "m1\u20071ae",
        "M1\u202f1AE",
    ),
    *("SW1A1AA", "SW 1A1AA", "SW1A 1 AA", "QV1 1AA", "AJ1 1AA", "N1P 1AA", "N1I 1AA", "EC1A 1BB", "EC1C 1BB", "M1 1AC"),
]


@pytest.fixture(scope="module")
def addresses() -> Addresses:
    """Every live postcode; what a cell holds is its own number."""
    tables, cells = address_postcodes(fix_width(postcode_reference()["postcode"]))
    held = np.zeros(len(tables["sector_text"]) // 6 * UNITS, dtype=np.uint32)
    held[:4], held[cells] = [ABSENT, EMPTY, BAD, ODD], cells
    return make_addresses(tables["outward_id"], tables["sector_id"], held)


@cache
def plain_tables() -> tuple[Any, Any]:
    tables, _ = address_postcodes(fix_width(postcode_reference()["postcode"]))
    return memoryview(tables["outward_id"]), memoryview(tables["sector_id"])


def mutate(text: str, rng: random.Random) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abc  \t\n\r\u00a0\u2007\u202f-/.'\u017f\u212a\uff11\0\x0b`@[{=é😀"
    for _ in range(rng.randint(0, 3)):
        at, character = rng.randint(0, max(len(text) - 1, 0)), rng.choice(alphabet)
        text = rng.choice(
            [
                text[:at] + character + text[at:],
                text[:at] + text[at + 1 :],
                text[:at] + character + text[at + 1 :],
                text.lower(),
                text.replace(" ", ""),
                rng.choice(" \t\u00a0") + text + rng.choice(["\n", "\u202f ", ""]),
                text.replace(" ", rng.choice(["  ", "\u00a0", "\t "])),
            ]
        )
    return text


def expected(text: str | None) -> set[int]:
    """The outcomes that are right for a text; `ODD` always is, since it asks the scalar rules."""
    found = parse_postcode(text)
    if found.kind == "GEOGRAPHIC":
        return {unit_cell(*plain_tables(), found.postcode or ""), ODD}
    return {ODD, {"BAD_FORMAT": BAD, "EMPTY": EMPTY}.get(found.kind, ODD)}


def wrong(texts: list[str | None], engine: str, addresses: Addresses) -> Iterator[tuple[str | None, int]]:
    # Two chunks, the second one a slice, so that offsets do not start at zero.
    start, rest = pa.array(texts[:3], pa.large_string()), pa.array([None, *texts[3:]], pa.large_string())
    column = pa.chunked_array([start, rest.slice(1)])
    found, cells = locate(column, addresses, engine=engine, with_cells=True)
    assert np.array_equal(found, addresses.held[cells])
    for text, cell in zip(texts, cells.tolist(), strict=True):
        if cell not in expected(text):
            yield text, cell


@each_engine
def test_mutated_postcodes_lead_where_the_scalar_rules_say(engine: str, addresses: Addresses) -> None:
    rng = random.Random(20261102)
    live = postcode_reference()["postcode"].sample(4_000, random_state=1)
    texts: list[str | None] = [None, *ODDITIES, *(mutate(text, rng) for text in [*live, *ODDITIES * 5])]
    assert list(wrong(texts, engine, addresses)) == []


@each_engine
@settings(max_examples=150, deadline=None)
@given(texts=st.lists(st.none() | st.text(max_size=18) | st.sampled_from(ODDITIES), max_size=8))
def test_any_text_leads_where_the_scalar_rules_say(engine: str, addresses: Addresses, texts: list[str | None]) -> None:
    assert list(wrong(texts, engine, addresses)) == []


@pytest.mark.skipif(not locating.has_numba(), reason="needs [fast]")
def test_both_engines_leave_the_same_to_the_rules(addresses: Addresses) -> None:
    rng = random.Random(7)
    texts = [mutate(text, rng) for text in postcode_reference()["postcode"].sample(3_000, random_state=2)] + ODDITIES
    column = pa.chunked_array([texts])
    one, other = (locate(column, addresses, engine=engine)[0] for engine in ("numpy", "numba"))
    assert np.array_equal(one, other)
    assert (one == ODD).mean() < 0.1  # what is left to the scalar rules is the exception


@each_engine
def test_every_live_postcode_is_found_whatever_its_spelling(engine: str, addresses: Addresses) -> None:
    live = postcode_reference()["postcode"]
    cells = locate(as_arrow_text(live)[0], addresses, engine=engine)[0]
    assert len(np.unique(cells)) == len(live)
    assert cells.min() >= UNITS
    packed = pa.chunked_array([pa.array(live.str.replace(" ", "").str.lower(), pa.string(), from_pandas=True)])
    assert np.array_equal(locate(packed, addresses, engine=engine)[0], cells)


@each_engine
def test_no_text_at_all(engine: str, addresses: Addresses) -> None:
    for texts in (pa.chunked_array([], pa.large_string()), pa.chunked_array([[]], pa.large_string())):
        assert len(locate(texts, addresses, engine=engine, with_cells=True)[1]) == 0
    blank = pa.chunked_array([[None, ""]], pa.large_string())
    assert locate(blank, addresses, engine=engine)[0].tolist() == [EMPTY] * 2


def test_the_outward_table_holds_the_letter_rules() -> None:
    import re

    from smarthan.coverage.postcodes.letter_pairs import _DIGITS, _LETTERS, outward_cell

    table, allowed = letter_tables().outward, re.compile(OUTWARD)
    areas = [*_LETTERS, *(one + two for one in _LETTERS for two in _LETTERS)]
    shapes = [area + digit + tail for area in areas for digit in "05" for tail in ["", *_DIGITS, *_LETTERS]]
    assert [bool(allowed.fullmatch(shape)) for shape in shapes] == [table[outward_cell(s)] != INVALID for s in shapes]
    assert {s for s in shapes if table[outward_cell(s)] == SPECIAL} >= {"BT5", "JE0", "IM5", "BX05", "BF5"}


def test_engines_are_chosen_by_name_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    assert locating.choose_engine("auto", 10) == "numpy"
    assert locating.choose_engine("numpy", 10**9) == "numpy"
    monkeypatch.setattr(locating, "has_numba", lambda: True)
    assert locating.choose_engine("auto", locating.COMPILED_FROM) == "numba"
    monkeypatch.setattr(locating, "has_numba", lambda: False)
    assert locating.choose_engine("auto", locating.COMPILED_FROM) == "numpy"
    with pytest.raises(ImportError, match=r"smarthan\[fast\]"):
        locating.choose_engine("numba", 10)
    with pytest.raises(ValueError, match="'c' is not one of auto, numba, numpy"):
        locating.choose_engine("c", 10)


@pytest.mark.parametrize("cores", [{0}, {0, 1}])
def test_a_table_spread_by_place_is_the_table_taken_by_place(cores: set[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating.os, "sched_getaffinity", lambda _: cores, raising=False)
    monkeypatch.setattr(locating, "_TASK", 1_000)
    monkeypatch.setattr(locating, "_BLOCK", 300)
    at = np.random.default_rng(1).integers(0, 50, 4_321).astype(np.uint16)
    assert np.array_equal(spread(np.arange(50) ** 2, at), at.astype(np.int64) ** 2)


def test_texts_are_taken_from_the_chunk_they_stand_in() -> None:
    text = pa.chunked_array([["a", None], [], ["b", "c", "d"]], pa.large_string())
    for rows in ([], [0], [1, 2], [0, 1, 2, 3, 4], [4]):
        assert take_texts(text, np.array(rows, dtype=np.int64)).to_pylist() == [text[row].as_py() for row in rows]
