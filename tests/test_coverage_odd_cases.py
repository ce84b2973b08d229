"""The odd cases that a single look-up and a look-up of many must answer alike, whatever stands in the question."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from smarthan.coverage import CoverageMatrix, ReleaseStore, read_matrix
from smarthan.coverage.lookup.bulk import BEST, COLUMNS
from smarthan.coverage.lookup.bulk_history import LAST
from smarthan.coverage.lookup.bulk_notes import BETWEEN
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
,77,North,,true,,Long range radio,,
,77,South,E62,,,,,
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
    "UPRN elsewhere, in part": ("LL57 2", "1001", "KEY_CONFLICT", None),
    "UPRN in its sector": ("CA1 1", "1001", "OK", "COVERED"),
    "a word for missing, with a UPRN": ("nan", "1001", "OK", "COVERED"),
    "a word for missing, with a bad UPRN": ("nan", "x", "BAD_UPRN", None),
    "a part, with a UPRN not held": ("CA1", "55", "OK", None),
    "UPRN not held, live postcode not held": ("SW1A 2AA", "55", "NOT_IN_MATRIX", None),
    "UPRN that stands without a postcode": (None, "77", "OK", "COVERED"),
    "that UPRN, with a postcode": ("SW1A 1AA", "77", "OK", "COVERED"),
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


def compare_one_and_many(matrix: CoverageMatrix, postcodes: list[object], uprns: list[object]) -> None:
    """Hold each column that both have against the single answer, cell by cell."""
    many = matrix.lookup_many(postcodes, uprns, columns=COLUMNS)
    for row, (postcode, uprn) in enumerate(zip(postcodes, uprns, strict=True)):
        answer = matrix.lookup(postcode, uprn)
        expected = {name: getattr(answer, name) for name in COLUMNS if hasattr(answer, name)}
        expected |= {name: (answer.best or {}).get(name) for name in BEST}
        expected |= {name: (answer.last_held or {}).get(name.removeprefix("last_")) for name in LAST}
        expected |= {"regions": "; ".join(answer.regions) or None, "notes": BETWEEN.join(answer.notes) or None}
        told = {name: many[name].iat[row] for name in expected}
        told = {name: None if pd.isna(value) else value for name, value in told.items()}
        days = [name for name, value in expected.items() if isinstance(value, dt.date)]
        expected |= {name: pd.Timestamp(expected[name]) for name in days}
        assert told == expected, (postcode, uprn)
    assert set(expected) == set(COLUMNS)


def test_many_answers_equal_single_ones_in_every_column_that_both_have(matrix: CoverageMatrix) -> None:
    compare_one_and_many(matrix, *([case[place] for case in CASES.values()] for place in (0, 1)))


def test_terminated_postcodes_are_told_alike_from_the_releases_that_held_them(publish: Callable[..., Path]) -> None:
    publish("2026-02-02", "AB1 0AA,false,2026-03-31", "AB1 0AB,true,", "LL57 2DG,true,")
    publish("2026-05-01", "AB1 0AA,true,", "LL57 2DG,true,")
    store = publish("2026-11-02", "LL57 2DG,true,", "LL57 2DH,true,")
    asked: list[object] = ["AB1 0AA", "ab10ab", "AB1 0AD", "LL57 2DG", "ab1 0aa", None, "AB1 0AA"]
    uprns: list[object] = [None, "55", None, None, None, None, "0"]
    matrix = ReleaseStore(store).open()
    told = matrix.lookup_many(asked, columns=["last_release_id", "last_as_of", "last_state", "last_likelihood"])
    assert told["last_release_id"].astype("str").fillna("-").tolist() == [
        *("2026-05-01", "2026-02-02", "-", "-", "2026-05-01", "-", "2026-05-01"),
    ]
    assert told["last_state"].iloc[[0, 1]].tolist() == ["COVERED", "COVERED"]
    compare_one_and_many(matrix, asked, uprns)
    (store / "releases" / "2026-05-01" / "matrix.parquet").write_bytes(b"")
    compare_one_and_many(ReleaseStore(store).open(), asked, uprns)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_alone_is_that_of_the_whole_table(matrix: CoverageMatrix, name: str) -> None:
    postcodes, uprns = ([case[place] for case in CASES.values()] for place in (0, 1))
    for keys in (uprns, None):
        whole = matrix.lookup_many(postcodes, keys, columns=COLUMNS)
        alone = matrix.lookup_many(postcodes, keys, columns=[name])
        pd.testing.assert_series_equal(alone[name], whole[name])


def test_the_notes_of_an_answer_say_what_its_status_does_not(matrix: CoverageMatrix) -> None:
    postcodes, uprns = ([case[place] for case in CASES.values()] for place in (0, 1))
    told = dict(zip(CASES, matrix.lookup_many(postcodes, uprns)["notes"].astype(object), strict=True))
    assert told["UPRN elsewhere"] == "UPRN 1001 stands under CA1 1AQ; the question names SW1A 1AA"
    assert told["word nan"] == "the text is a word for missing"
    assert pd.isna(told["missing"])


def test_plain_answers_have_no_note(matrix: CoverageMatrix) -> None:
    assert matrix.lookup_many(["SW1A 1AA", "SW1A 1AA"], columns=["notes"])["notes"].isna().all()
