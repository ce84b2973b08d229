"""Reading one postcode: every rule of format, the special table, parts, suggestions."""

import datetime as dt
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthan.coverage import postcode_reference
from smarthan.coverage.postcodes.rules import KINDS, Postcode, outward_codes, parse_postcode, suggest_postcodes
from smarthan.coverage.postcodes.special import VARIABLE
from smarthan.coverage.postcodes.special_file import read_special
from smarthan.settings import SettingsError


@pytest.mark.parametrize(
    ("text", "outward", "area"),
    [
        ("M1 1AA", "M1", "M"),
        ("M60 1NW", "M60", "M"),
        ("CR2 6XH", "CR2", "CR"),
        ("DN55 1PT", "DN55", "DN"),
        ("W1A 1HQ", "W1A", "W"),
        ("EC1A 1BB", "EC1A", "EC"),
        ("N1P 1AA", "N1P", "N"),  # the BS 7666 pattern has no P in third place
        ("SR43 4AA", "SR43", "SR"),
    ],
)
def test_the_six_shapes_are_read(text: str, outward: str, area: str) -> None:
    expected = Postcode(text, "GEOGRAPHIC", area, outward, f"{outward} {text[-3]}")
    for written in (text, text.lower(), text.replace(" ", ""), f"\t {text}\r\n", text.replace(" ", "   ")):
        assert parse_postcode(written) == expected


@pytest.mark.parametrize("blank", [" ", "\t", "\r", "\n", "\u00a0", "\u2007", "\u202f"], ids=ascii)
def test_every_listed_blank_may_stand_outside_and_between(blank: str) -> None:
    assert parse_postcode(f"{blank}M1{blank}1AA{blank}").postcode == "M1 1AA"


@pytest.mark.parametrize(
    "text", ["\x0bM1 1AA", "M1\u20031AA", "M1 1AA\u200b", "M1\x001AA", "GIR 0AA\x0b", "GIR\x0c 0AA"], ids=ascii
)
def test_no_other_blank_or_control_character_is_forgiven(text: str) -> None:
    assert parse_postcode(text).kind == "BAD_FORMAT"


def test_an_area_that_does_not_exist_is_still_geographic() -> None:
    assert parse_postcode("UX1 1AA").kind == "GEOGRAPHIC"


@pytest.mark.parametrize(
    ("text", "problem", "outward", "sector"),
    [
        ("M1", "outward", "M1", None),
        ("m11", "outward", "M11", None),
        ("M1 1", "sector", "M1", "M1 1"),
        ("SW1A  1", "sector", "SW1A", "SW1A 1"),
    ],
)
def test_a_part_is_partial_and_a_sector_needs_its_blank(
    text: str, problem: str, outward: str, sector: str | None
) -> None:
    found = parse_postcode(text)
    assert (found.kind, found.problem, found.postcode) == ("PARTIAL", problem, None)
    assert (found.outward, found.sector) == (outward, sector)


@pytest.mark.parametrize(
    ("text", "kind", "problem", "canonical"),
    [
        ("bt1 1aa", "OUTSIDE_GB", "northern_ireland", "BT1 1AA"),
        ("BT1", "OUTSIDE_GB", "northern_ireland", None),
        ("JE2 3AB", "OUTSIDE_GB", "crown_dependency", "JE2 3AB"),
        ("GY1 1AA", "OUTSIDE_GB", "crown_dependency", "GY1 1AA"),
        ("IM1 1AA", "OUTSIDE_GB", "crown_dependency", "IM1 1AA"),
        ("GIR0AA", "NON_GEOGRAPHIC", "girobank", "GIR 0AA"),
        ("BX1 1LT", "NON_GEOGRAPHIC", "bank_or_tax", "BX1 1LT"),
        ("BF1 3AA", "NON_GEOGRAPHIC", "forces", "BF1 3AA"),
        ("bfpo12", "NON_GEOGRAPHIC", "forces", "BFPO 12"),
        ("XX10 1AB", "NON_GEOGRAPHIC", "special", "XX10 1AB"),
        ("xx10", "NON_GEOGRAPHIC", "special", None),
        ("XX10 1", "NON_GEOGRAPHIC", "special", None),
        ("XM4  5HQ", "NON_GEOGRAPHIC", "special", "XM4 5HQ"),
        ("SANTA1", "NON_GEOGRAPHIC", "special", "SAN TA1"),
        ("ZZ99 3VZ", "NON_GEOGRAPHIC", "pseudo", "ZZ99 3VZ"),
        ("FIQQ 1ZZ", "NON_GEOGRAPHIC", "overseas", "FIQQ 1ZZ"),
        ("GX111AA", "NON_GEOGRAPHIC", "overseas", "GX11 1AA"),
        ("AI-2640", "NON_GEOGRAPHIC", "overseas", "AI-2640"),
    ],
)
def test_the_special_table(text: str, kind: str, problem: str, canonical: str | None) -> None:
    found = parse_postcode(text)
    assert (found.kind, found.problem, found.postcode) == (kind, problem, canonical)


@pytest.mark.parametrize("value", [None, float("nan"), np.float32("nan"), pd.NA, pd.NaT, "", " \t\u00a0"], ids=ascii)
def test_missing_is_empty(value: object) -> None:
    assert parse_postcode(value) == Postcode(None, "EMPTY")


@pytest.mark.parametrize("text", ["nan", "None", " NULL "])
def test_a_word_for_missing_is_empty_with_a_note(text: str) -> None:
    assert parse_postcode(text) == Postcode(None, "EMPTY", problem="null_word")


@pytest.mark.parametrize(
    "value", [5, 1.5, Decimal("sNaN"), True, b"M1 1AA", ["M1 1AA"], dt.date(2026, 1, 1), np.array([1, 2])], ids=str
)
def test_what_is_not_text_says_so(value: object) -> None:
    assert parse_postcode(value) == Postcode(None, "BAD_FORMAT", problem="not_text")


def test_length_is_judged_before_anything_is_stripped() -> None:
    assert parse_postcode("M1 1AA" + " " * 10).postcode == "M1 1AA"
    assert parse_postcode("M1 1AA" + " " * 11)[5:7] == ("too_long", 17)


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("SW1A OAA", ("SW1A 0AA",)),
        ("LL57 2OG", ()),  # O for D is no look-alike that is tried
        ("ECIA IBB", ("EC1A 1BB",)),
        ("B0I 1AA", ()),  # reads as BO1 or B01: no such outward codes
        ("UX1 1AA", ()),
        ("SW1A-1AA", ()),
        ("0000000000000000", ()),
    ],
)
def test_suggestions_exist_in_the_reference_and_are_never_applied(text: str, suggested: tuple[str, ...]) -> None:
    found = parse_postcode(text, suggest=True)
    assert found.suggestions == suggested
    assert found._replace(suggestions=()) == parse_postcode(text)


def test_a_well_formed_code_without_its_outward_code_gets_suggestions() -> None:
    found = parse_postcode("EO1 1AA", suggest=True)
    assert found.kind == "GEOGRAPHIC"
    assert found.outward not in outward_codes()
    assert found.suggestions == suggest_postcodes("EO1 1AA")


def test_every_single_look_alike_swap_of_a_live_postcode_finds_it_back() -> None:
    for code in ("SW1A 0AA", "OX1 1AA", "IV10 8SN", "E10 5PA"):
        for place, letter in enumerate(code):
            swapped = code[:place] + {"0": "O", "O": "0", "1": "I", "I": "1"}.get(letter, letter) + code[place + 1 :]
            found = parse_postcode(swapped, suggest=True)
            assert code in (found.postcode, *found.suggestions) or found.outward in outward_codes()


LOOK_ALIKE = {"0": "O", "O": "0", "1": "I", "I": "1"}


def test_a_look_alike_swap_is_refused_or_lists_the_live_postcode() -> None:
    tried = 0
    for code in postcode_reference()["postcode"].iloc[::401]:
        for place in (index for index, letter in enumerate(code) if letter in LOOK_ALIKE):
            swapped = code[:place] + LOOK_ALIKE[code[place]] + code[place + 1 :]
            found = parse_postcode(swapped, suggest=True)
            tried += 1
            assert code in found.suggestions or (found.kind == "GEOGRAPHIC" and found.outward in outward_codes())
            assert all(parse_postcode(near).outward in outward_codes() for near in found.suggestions)
    assert tried > 3_000


def test_every_outward_code_has_a_live_postcode_that_is_read() -> None:
    live = postcode_reference().drop_duplicates("outward")["postcode"]
    assert len(live) == 2_871
    assert all(parse_postcode(code).postcode == code for code in live)


@pytest.mark.slow
def test_no_live_postcode_is_rejected_one_by_one() -> None:
    live = postcode_reference()["postcode"]
    assert len(live) == 1_743_449
    assert all(parse_postcode(code).kind == "GEOGRAPHIC" for code in live)


def read_with(special: Path, *codes: str) -> list[str]:
    """Return kind and problem of each code, read in a process that knows the file of special codes."""
    program = "import sys; from smarthan.coverage.postcodes.rules import parse_postcode as p\n"
    program += "print(*(f'{a.kind}:{a.problem}' for a in map(p, sys.argv[1:])))"
    done = subprocess.run(
        [sys.executable, "-c", program, *codes],
        env={**os.environ, VARIABLE: str(special)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split() or [done.stderr]


def test_special_codes_and_areas_can_be_added(tmp_path: Path) -> None:
    file = tmp_path / "special.toml"
    entry = 'kind = "NON_GEOGRAPHIC"\nproblem = "ours"\nnote = "a mail room"\n'
    file.write_text(f'[areas.UX]\n{entry}\n[codes."M1 1AA"]\n{entry}')
    found = read_with(file, "UX1 1AA", "m11aa", "M1 1AB", "BT1 1AA")
    assert found == ["NON_GEOGRAPHIC:ours", "NON_GEOGRAPHIC:ours", "GEOGRAPHIC:None", "OUTSIDE_GB:northern_ireland"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[areas.bt]\nkind = "OUTSIDE_GB"\nproblem = "x"\nnote = "y"\n', "areas.bt"),
        ('[codes.M11AA]\nkind = "OUTSIDE_GB"\nproblem = "x"\nnote = "y"\n', "codes.M11AA"),
        ('[areas.UX]\nkind = "GEOGRAPHIC"\nproblem = "x"\nnote = "y"\n', "kind"),
        ('[areas.UX]\nkind = "OUTSIDE_GB"\n', "problem"),
        ("[patterns]\n", "patterns"),
    ],
)
def test_a_special_file_that_cannot_be_used_says_where(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "special.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=words):
        read_special(file)


def test_the_outward_table_is_that_of_the_reference() -> None:
    assert len(outward_codes()) == 2_871
    assert {"N1P", "SR43", "ZE2"} <= outward_codes()
    assert "BT1" not in outward_codes()


@given(st.text(max_size=20))
def test_any_text_is_read_and_reading_is_idempotent(text: str) -> None:
    found = parse_postcode(text)
    assert found.kind in KINDS
    assert (found.position is None) == (found.kind != "BAD_FORMAT")
    if found.postcode:
        assert parse_postcode(found.postcode) == found
    if found.position is not None:
        assert 1 <= found.position <= max(len(text) + 1, 17)
