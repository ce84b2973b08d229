"""The first fault of a text that is no postcode, and where it stands, counted from 1 in the text as given."""

import numpy as np
import pytest

from smarthan.coverage.postcodes.rules import parse_postcode


@pytest.mark.parametrize(
    ("text", "problem", "position"),
    [
        ("\u017fW1A 1AA", "non_ascii", 1),  # upper-cases to S
        ("S\u212a1 1AA", "non_ascii", 2),  # lower-cases to k
        ("M\uff11 1AA", "non_ascii", 2),  # full-width 1
        ("M\u0661 1AA", "non_ascii", 2),  # Arabic 1
        ("SW1A-1AA", "character", 5),
        ("  M1.1AA", "character", 5),
        ("M1 1AA\x0b", "character", 7),
        ("SW1 A1AA", "blank_inside", 4),
        ("S W1A 1AA", "blank_inside", 2),
        ("SW1A 1 AA", "blank_inside", 7),
        ("A", "length", 2),
        ("AB C", "length", 5),
        ("SW1A 1AAA", "length", 9),
        ("HELLO WORLD", "length", 9),
        ("LONDON", "shape", 3),
        ("5W1A 1AA", "shape", 1),
        ("SWIA 1AA", "shape", 3),
        ("AB 1AA", "shape", 3),
        ("VK XAI", "first_letter", 1),
        ("A1I1 1AA", "third_letter", 3),
        ("SW1A 1A", "shape", 8),
        ("QW1A 1AA", "first_letter", 1),
        ("Q1", "first_letter", 1),
        ("AZ1 1AA", "second_letter", 2),
        ("A1I 1AA", "third_letter", 3),
        ("AA1C 1AA", "fourth_letter", 4),
        ("SW1A OAA", "inward_digit", 6),
        ("SW1A 1CA", "inward_letter", 7),
        ("SW1A 1A0", "inward_letter", 8),
        ("12345", "looks_like_number", 1),
        (" -1.0E+11", "looks_like_number", 2),
        ("1,234", "looks_like_number", 1),
        ("01/02/2024", "looks_like_date", 1),
        ("2024-02-01 00:00", "looks_like_date", 1),
        ("1-Mar", "looks_like_date", 1),
        ("Mar-24", "looks_like_date", 1),
        ("=A1+2", "formula", 1),
        ("@SUM", "formula", 1),
        ("M1 1AA,M1 1AB", "two_values", 8),
        ("M1 1AA M1 1AB", "two_values", 8),
        ("M1 / M2", "two_values", 6),
    ],
)
def test_first_fault_and_its_place(text: str, problem: str, position: int) -> None:
    found = parse_postcode(text)
    assert (found.kind, found.problem, found.position) == ("BAD_FORMAT", problem, position)


@pytest.mark.parametrize("letter", "CIKMOV")
def test_inward_letters_that_never_occur(letter: str) -> None:
    assert parse_postcode(f"M1 1{letter}A")[5:7] == ("inward_letter", 5)
    assert parse_postcode(f"M1 1A{letter}")[5:7] == ("inward_letter", 6)


@pytest.mark.parametrize("text", ["xM1 1AA", "M1 1AAx", "M1 1AA M", "London M1 1AA"])
def test_a_postcode_inside_other_text_is_not_taken_out(text: str) -> None:
    assert parse_postcode(text).kind == "BAD_FORMAT"


# An automaton built by hand from the six shapes: what may follow what has been read, apart from `rules.py`.
FIRST, SECOND = "ABCDEFGHIJKLMNOPRSTUWYZ", "ABCDEFGHKLMNOPQRSTUVWXY"
THIRD, FOURTH, LAST = "ABCDEFGHJKPSTUW", "ABEHMNPRVWXY", "ABDEFGHJLNPQRSTUWXYZ"
DIGITS = "0123456789"
AUTOMATON: dict[str, dict[str, str]] = {
    "start": dict.fromkeys(FIRST, "A"),
    "A": dict.fromkeys(DIGITS, "A9") | dict.fromkeys(SECOND, "AA"),
    "AA": dict.fromkeys(DIGITS, "AA9"),
    "A9": dict.fromkeys(DIGITS + THIRD, "outward") | {" ": "blank"},
    "AA9": dict.fromkeys(DIGITS + FOURTH, "outward") | {" ": "blank"},
    "outward": {" ": "blank"},
    "blank": {" ": "blank"} | dict.fromkeys(DIGITS, "inward"),
    "inward": dict.fromkeys(LAST, "unit"),
    "unit": dict.fromkeys(LAST, "end"),
    "end": {},
}


def walk(text: str) -> tuple[bool, int]:
    """Return whether a text with a blank before its last three is a postcode, else how many characters fit."""
    state = "start"
    for place, character in enumerate(text):
        if character not in AUTOMATON[state]:
            return False, place
        state = AUTOMATON[state][character]
    return state == "end", len(text)


def make_near_misses(count: int, seed: int) -> list[str]:
    """Return codes of six shapes, up to two of their characters replaced by any capital, digit or blank."""
    generator = np.random.default_rng(seed)
    shapes = ["A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA"]
    pools = {"A": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "9": DIGITS, " ": " "}
    anything = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 "]
    made: list[str] = []
    for shape in shapes:
        size = -(-count // len(shapes))
        cells = np.array([generator.choice([*pools[c]], size) for c in shape]).T
        for _ in range(2):
            cells[np.arange(size), generator.integers(0, len(shape), size)] = generator.choice(anything, size)
        made += map("".join, cells.tolist())
    return made[:count]


def check_near_misses(codes: list[str]) -> int:
    """Compare each reading with the automaton's; return how many are postcodes."""
    whole = 0
    for code in codes:
        found = parse_postcode(code)
        right, fits = walk(code.strip())
        packed = code.replace(" ", "")
        right = right or (walk(f"{packed[:-3]} {packed[-3:]}")[0] and " " not in code.strip())
        assert (found.postcode is not None and found.outward is not None) == right, code
        whole += right
        if found.kind == "BAD_FORMAT" and found.problem != "length" and code.count(" ") == 1 and code[-4] == " ":
            assert found.position == fits + 1, (code, found)
    return whole


def test_no_near_miss_is_taken_for_a_postcode() -> None:
    assert check_near_misses(make_near_misses(30_000, seed=1)) > 1_000


@pytest.mark.slow
def test_none_of_a_quarter_million_near_misses_is_taken_for_a_postcode() -> None:
    assert check_near_misses(make_near_misses(250_000, seed=2)) > 10_000
