"""The odd cases that a single look-up and a look-up of many must answer alike, whatever stands in the question."""

import pandas as pd
import pytest

from smarthan.coverage import CoverageMatrix, read_matrix
from smarthan.coverage.reference.sheet import read_sheet

HEADER = "postcode,uprn,csp_region,region_code,available,anticipated,wan_technology,premises,premises_available\n"
ROWS = """\
SW1A 1AA,,South,,true,,Cellular,20,20
LL57 2DG,,Central,,true,,Cellular,10,10
LL57 2DG,,North,E62,,,,10,
CA1 1AG,,Unknown,,false,,None stated,4,0
CA1 1AH,,SMETS1,,true,,SMETS1,4,4
CA1 1AQ,1001,North,,true,,Long range radio,,
CA1 1AQ,1002,North,,false,2026-06-30,Long range radio,,
"""
# Question: postcode and UPRN; then status and state. All of the table of odd cases that `lookup_many` can meet.
CASES: dict[str, tuple[object, object, str, str | None]] = {
    "word nan": ("nan", None, "EMPTY", None),
    "word None": ("None", None, "EMPTY", None),
    "word null": (" NULL ", None, "EMPTY", None),
    "missing": (None, None, "EMPTY", None),
    "not a number": (float("nan"), None, "EMPTY", None),
    "blank": (" \t", None, "EMPTY", None),
    "number": (12, None, "BAD_FORMAT", None),
    "date": (pd.Timestamp("2026-11-02"), None, "BAD_FORMAT", None),
    "list": (["SW1A 1AA"], None, "BAD_FORMAT", None),
    "bool": (True, None, "BAD_FORMAT", None),
    "bytes": (b"SW1A 1AA", None, "BAD_FORMAT", None),
    "Northern Ireland": ("BT1 1AA", None, "OUTSIDE_GB", None),
    "Jersey": ("je23ab", None, "OUTSIDE_GB", None),
    "Guernsey": ("GY1 1AA", None, "OUTSIDE_GB", None),
    "Isle of Man": ("IM1 1AA", None, "OUTSIDE_GB", None),
    "pseudo": ("ZZ99 3VZ", None, "NON_GEOGRAPHIC", None),
    "returned mail in part": ("XX10", None, "NON_GEOGRAPHIC", None),
    "terminated": ("AB1 0AA", None, "TERMINATED", None),
    "unknown": ("SW1A 9ZZ", None, "UNKNOWN_POSTCODE", None),
    "live, not held": ("SW1A 2AA", None, "NOT_IN_MATRIX", None),
    "an error in one region": ("LL57 2DG", None, "OK", "COVERED"),
    "only Unknown": ("CA1 1AG", None, "OK", "NOT_CONFIRMED"),
    "only SMETS1": ("CA1 1AH", None, "OK", "COVERED"),
    "premises differ": ("CA1 1AQ", None, "OK", "MIXED"),
    "own row": ("CA1 1AQ", "0001002", "OK", "OVERDUE"),
    "UPRN unknown": ("SW1A 1AA", "55", "OK", "COVERED"),
    "UPRN elsewhere": ("SW1A 1AA", "1001", "KEY_CONFLICT", None),
    "UPRN zero": ("SW1A 1AA", "0", "BAD_UPRN", None),
    "UPRN of 13 digits": ("SW1A 1AA", "1234567890123", "BAD_UPRN", None),
    "UPRN from a spreadsheet": (None, "1.0E+11", "BAD_UPRN", None),
    "UPRN unknown, alone": (None, "55", "NOT_IN_MATRIX", None),
    "outward code": ("CA1", None, "OK", None),
    "sector": ("LL57 2", None, "OK", None),
}


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> CoverageMatrix:
    path = tmp_path_factory.mktemp("odd") / "odd.csv"
    path.write_text(HEADER + ROWS)
    return read_matrix(path, as_of="2026-11-02", release_id="odd-1").matrix


@pytest.mark.parametrize(("postcode", "uprn", "status", "state"), CASES.values(), ids=CASES)
def test_one_question(matrix: CoverageMatrix, postcode: object, uprn: object, status: str, state: str | None) -> None:
    answer = matrix.lookup(postcode, uprn)
    assert (answer.status, answer.state) == (status, state)


def test_many_questions_are_answered_as_one_by_one(matrix: CoverageMatrix) -> None:
    postcodes, uprns = ([case[place] for case in CASES.values()] for place in (0, 1))
    many = matrix.lookup_many(postcodes, uprns)
    expected = [(case[2], case[3]) for case in CASES.values()]
    told = many[["status", "state"]].astype("object").where(many[["status", "state"]].notna(), None)
    assert list(map(tuple, told.to_numpy().tolist())) == expected


def test_a_postcode_terminated_once_and_live_again_is_live(matrix: CoverageMatrix) -> None:
    from smarthan.coverage import postcode_reference, terminated_postcodes

    both = sorted(set(terminated_postcodes()["postcode"]) & set(postcode_reference()["postcode"]))
    for code in both[:3]:
        assert matrix.lookup(code).status == "NOT_IN_MATRIX"


def test_every_answer_quotes_the_edition_of_the_reference(matrix: CoverageMatrix) -> None:
    postcodes, uprns = ([case[place] for case in CASES.values()] for place in (0, 1))
    told = set(matrix.lookup_many(postcodes, uprns)["reference_vintage"])
    told |= {matrix.lookup(*case[:2]).reference_vintage for case in CASES.values()}
    assert told == {read_sheet()["vintage"]}
