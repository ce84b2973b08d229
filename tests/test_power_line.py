"""Power line: worked transfer functions, the analytic cases, and the multipath model."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthan.analysis.power_line.cascade import Branch, Line, Segment, Shunt, plc_transfer_function
from smarthan.analysis.power_line.multipath import plc_multipath

CASE = json.loads((Path(__file__).parent / "data" / "cases" / "C20_zimmermann_dostert_4path.json").read_text())
L, C = 0.6e-6, 60e-12  # Zc 100 ohm, v 1.667e8 m/s
SPEED = 1 / np.sqrt(L * C)


def cable(length: float, r: float = 0.0) -> Line:
    return Line(length, r=r, l=L, g=0.0, c=C)


def decibels(h: object) -> float:
    return float(20 * np.log10(np.abs(np.asarray(h))))


@pytest.mark.parametrize("row", CASE["expected"], ids=str)
def test_the_four_path_example(row: dict[str, float]) -> None:
    h = plc_multipath(row["f_hz"], **CASE["inputs"])
    assert decibels(h) == pytest.approx(row["abs_db"], abs=1e-5)
    assert complex(h) == pytest.approx(complex(row["re"], row["im"]), abs=1e-9)


def test_worked_cascade_values() -> None:
    h = plc_transfer_function(1e6, [cable(20)])
    assert complex(h) == pytest.approx(0.288451 - 0.338592j, abs=1e-6)
    assert decibels(h) == pytest.approx(-7.03666, abs=1e-5)
    network: list[Segment] = [cable(10, 0.1), Branch(cable(5, 0.1)), cable(10, 0.1)]
    for f, expected in ((1e6, -6.93168), (1e7, -14.03685), (8.333333e6, -46.2795)):
        assert decibels(plc_transfer_function(f, network)) == pytest.approx(expected, abs=2e-4)


def test_a_matched_line_halves_the_voltage_and_insertion_is_one() -> None:
    f = np.array([1e5, 1e6, 2e7])
    h = plc_transfer_function(f, [cable(35)], source_ohm=100, load_ohm=100)
    np.testing.assert_allclose(np.abs(h), 0.5)
    matched = plc_transfer_function(f, [cable(35)], source_ohm=100, load_ohm=100, insertion=True)
    np.testing.assert_allclose(np.abs(matched), 1)


def test_a_half_wave_line_is_transparent() -> None:
    f = 5e6
    h = plc_transfer_function(f, [cable(SPEED / f / 2)])
    assert abs(complex(h)) == pytest.approx(0.5)


def test_an_open_quarter_wave_branch_shorts_the_line() -> None:
    f = 5e6
    nulled = plc_transfer_function(f, [cable(7), Branch(cable(SPEED / f / 4)), cable(7)])
    assert decibels(nulled) < -200
    half = plc_transfer_function(f, [cable(7), Branch(cable(SPEED / f / 2), load_ohm=1e9), cable(7)])
    assert decibels(half) == pytest.approx(decibels(plc_transfer_function(f, [cable(14)])), abs=1e-3)


@given(st.floats(0.1, 60), st.floats(0.01, 0.99), st.floats(0, 2), st.floats(1e5, 3e7), st.floats(1, 1e4))
def test_two_parts_are_the_whole_and_every_two_port_is_reciprocal(
    length: float, part: float, r: float, f: float, ohm: float
) -> None:
    whole = plc_transfer_function(f, [cable(length, r), Shunt(ohm)])
    cut = plc_transfer_function(f, [cable(length * part, r), cable(length * (1 - part), r), Shunt(ohm)])
    assert complex(cut) == pytest.approx(complex(whole), rel=1e-9, abs=1e-12)
    two_port = cable(length, r).abcd(np.asarray(f)).then(Shunt(ohm).abcd(np.asarray(f)))
    determinant = two_port.a * two_port.d - two_port.b * two_port.c
    assert complex(determinant) == pytest.approx(1, abs=1e-6)


def test_per_metre_values_may_depend_on_frequency() -> None:
    f = np.array([1e6, 4e6])
    skin = Line(20, r=lambda hz: 1e-4 * np.sqrt(hz), l=L, g=0.0, c=C)
    each = [plc_transfer_function(hz, [cable(20, 1e-4 * np.sqrt(hz))]) for hz in f]
    np.testing.assert_allclose(plc_transfer_function(f, [skin]), np.asarray(each))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: plc_transfer_function(0, [cable(1)]), "frequency_hz"),
        (lambda: plc_transfer_function(1e6, []), "at least one"),
        (lambda: plc_transfer_function(1e6, [Shunt(0)]), "shorts the line"),
        (lambda: plc_transfer_function(1e6, [cable(-1)]), "length_m"),
        (lambda: plc_transfer_function(1e6, [cable(1)], load_ohm=0), "load_ohm"),
        (lambda: plc_multipath(1e6, gains=[1], lengths_m=[1, 2], a0=0, a1=0), "1 gains and 2 lengths"),
        (lambda: plc_multipath(-1, gains=[1], lengths_m=[1], a0=0, a1=0), "frequency_hz"),
    ],
)
def test_what_has_no_meaning_is_refused(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator]
