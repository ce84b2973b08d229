"""Every status and state of the odd-case table, on a release small enough to check by eye."""

import datetime as dt
from pathlib import Path

import pytest

from smarthan.coverage import CoverageMatrix, read_matrix
from smarthan.coverage.lookup.answering import answer_one, read_uprn
from smarthan.coverage.lookup.answers import CoverageAnswer, NotAnswered

HEADER = (
    "postcode,uprn,address_identifier,csp_region,region_code,available,anticipated,wan_technology,likelihood,"
    "auxiliary,premises,premises_available\n"
)
# All postcodes are live, so that only the release decides; SW1A 2AA is live and left out on purpose.
ROWS = """\
SW1A 1AA,,,South,,true,,Cellular,High,,20,20
LL57 2DG,,,Central,,true,,Cellular,Medium,Aerial T1,10,10
LL57 2DG,,,4G Central,,false,2027-03-31,4G,High,,10,0
LL57 2DG,,,North,E62,,,,,,10,
CA1 1AA,,,North,,false,2027-03-31,Long range radio,Low,,8,0
CA1 1AB,,,North,,false,2026-06-30,Long range radio,Low,,8,0
CA1 1AD,,,North,,false,,Long range radio,High,,8,0
CA1 1AE,,,North,E62,,,,,,8,
CA1 1AG,,,Unknown,,false,,None stated,,,4,0
CA1 1AH,,,SMETS1,,true,,SMETS1,,,4,4
CA1 1AJ,,,North,,true,,Long range radio,High,,8,6
CA1 1AQ,1001,,North,,true,,Long range radio,High,,,
CA1 1AQ,1002,,North,,false,,Long range radio,Low,,,
CA1 1AQ,1003,,North,,false,,Long range radio,Low,,,
CA1 1AL,1004,,North,,true,,Long range radio,High,,,
CA1 1AL,1005,,North,,true,,Long range radio,Low,,,
CA1 1AN,,1 HIGH ST,North,,true,,Long range radio,High,,,
CA1 1AN,,2 HIGH ST,North,,false,,Long range radio,High,,,
,1009,,South,,true,,Cellular,High,,,
"""


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> CoverageMatrix:
    path = tmp_path_factory.mktemp("release") / "small.csv"
    path.write_text(HEADER + ROWS)
    read = read_matrix(path, as_of="2026-11-02", release_id="small-1")
    assert read.quarantine.empty
    return read.matrix


# One row a case of section 4: id, postcode, UPRN, status, state, resolution, other fields that must hold.
CASES = [
    ("one region", "SW1A 1AA", None, "OK", "COVERED", "POSTCODE", {"multi_region": False, "share": None}),
    ("lower case, no blank", "sw1a1aa", None, "OK", "COVERED", "POSTCODE", {"postcode": "SW1A 1AA"}),
    ("several regions", "LL57 2DG", None, "OK", "COVERED", "POSTCODE", {"multi_region": True}),
    ("planned", "CA1 1AA", None, "OK", "PLANNED", "POSTCODE", {"days": 149, "words": "planned from 2027-03-31"}),
    ("planned, past", "CA1 1AB", None, "OK", "OVERDUE", "POSTCODE", {"days": -125}),
    ("likelihood high, not covered", "CA1 1AD", None, "OK", "NOT_CONFIRMED", "POSTCODE", {"days": None}),
    ("all regions in error", "CA1 1AE", None, "OK", "ERROR", "POSTCODE", {}),
    ("only Unknown", "CA1 1AG", None, "OK", "NOT_CONFIRMED", "POSTCODE", {}),
    ("only SMETS1", "CA1 1AH", None, "OK", "COVERED", "POSTCODE", {}),
    ("part of the premises", "CA1 1AJ", None, "OK", "MIXED", "POSTCODE", {"share": 0.75}),
    ("premises differ", "CA1 1AQ", None, "OK", "MIXED", "POSTCODE", {"share": 1 / 3}),
    ("premises agree", "CA1 1AL", None, "OK", "COVERED", "POSTCODE", {"share": None}),
    ("addresses differ", "CA1 1AN", None, "OK", "MIXED", "POSTCODE", {"share": 0.5}),
    ("own row", "CA1 1AQ", "1002", "OK", "NOT_CONFIRMED", "UPRN", {"degraded": False}),
    ("own row, leading zeros", "CA1 1AQ", "0001001", "OK", "COVERED", "UPRN", {"uprn": "1001"}),
    ("UPRN alone", None, "1001", "OK", "COVERED", "UPRN", {"postcode": "CA1 1AQ"}),
    ("UPRN without a postcode", None, "1009", "OK", "COVERED", "UPRN", {"postcode": None}),
    ("UPRN without a postcode, one given", "SW1A 1AA", "1009", "OK", "COVERED", "UPRN", {"postcode": "SW1A 1AA"}),
    ("UPRN unknown", "SW1A 1AA", "55", "OK", "COVERED", "POSTCODE", {"degraded": True}),
    ("UPRN elsewhere", "SW1A 1AA", "1001", "KEY_CONFLICT", None, None, {"postcode": "SW1A 1AA", "uprn": "1001"}),
    ("UPRN in the outward code", "CA1", "1001", "OK", "COVERED", "UPRN", {"postcode": "CA1 1AQ"}),
    ("UPRN in the sector", "CA1 1", "1001", "OK", "COVERED", "UPRN", {}),
    ("UPRN in another outward code", "LL57", "1001", "KEY_CONFLICT", None, None, {}),
    ("UPRN zero", "SW1A 1AA", "0", "BAD_UPRN", None, None, {"degraded": False}),
    ("UPRN of 13 digits", "SW1A 1AA", "1234567890123", "BAD_UPRN", None, None, {}),
    ("UPRN of letters", None, "abc", "BAD_UPRN", None, None, {}),
    ("UPRN from a spreadsheet", None, "1.0E+11", "BAD_UPRN", None, None, {}),
    ("UPRN not text", "SW1A 1AA", 1001, "BAD_UPRN", None, None, {}),
    ("UPRN unknown, alone", None, "55", "NOT_IN_MATRIX", None, None, {}),
    ("outward code", "CA1", None, "OK", None, "OUTWARD", {"share": 10 / 47}),
    ("sector", "LL57 2", None, "OK", None, "SECTOR", {"share": 1.0}),
    ("outward code not in the release", "AB10", None, "NOT_IN_MATRIX", None, None, {}),
    (
        "live, not in the release",
        "SW1A 2AA",
        None,
        "NOT_IN_MATRIX",
        None,
        None,
        {"words": "unknown: not in this release"},
    ),
    ("unknown to the reference", "SW1A 9ZZ", None, "UNKNOWN_POSTCODE", None, None, {}),
    ("area that does not exist", "QB1 1AA", None, "BAD_FORMAT", None, None, {"problem": "first_letter", "position": 1}),
    ("terminated", "AB1 0AA", None, "TERMINATED", None, None, {"words": "withdrawn by Royal Mail in 1996-06"}),
    ("Northern Ireland", "BT1 1AA", None, "OUTSIDE_GB", None, None, {}),
    ("Northern Ireland, in part", "BT1", None, "OUTSIDE_GB", None, None, {"postcode": None}),
    ("Jersey", "JE2 3AB", None, "OUTSIDE_GB", None, None, {}),
    ("forces", "BFPO 1", None, "NON_GEOGRAPHIC", None, None, {}),
    ("Girobank", "GIR 0AA", None, "NON_GEOGRAPHIC", None, None, {}),
    ("letter for digit", "SW1A OAA", None, "BAD_FORMAT", None, None, {"problem": "inward_digit", "position": 6}),
    ("bad postcode, good UPRN", "SW1A OAA", "1001", "BAD_FORMAT", None, None, {}),
    ("number", 12.5, None, "BAD_FORMAT", None, None, {"problem": "not_text"}),
    ("list", ["SW1A 1AA"], None, "BAD_FORMAT", None, None, {"problem": "not_text"}),
    ("bool", True, None, "BAD_FORMAT", None, None, {"problem": "not_text"}),
    ("none", None, None, "EMPTY", None, None, {"query": ""}),
    ("not a number", float("nan"), None, "EMPTY", None, None, {}),
    ("blank", "  \t", None, "EMPTY", None, None, {}),
    ("word for missing", "null", None, "EMPTY", None, None, {"problem": "null_word"}),
]


@pytest.mark.parametrize(
    ("postcode", "uprn", "status", "state", "resolution", "more"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_status_table(
    matrix: CoverageMatrix,
    postcode: object,
    uprn: object,
    status: str,
    state: str | None,
    resolution: str | None,
    more: dict[str, object],
) -> None:
    answer = matrix.lookup(postcode, uprn)
    assert (answer.status, answer.state, answer.resolution) == (status, state, resolution)
    assert {name: getattr(answer, name) for name in more} == pytest.approx(more, nan_ok=True)
    assert answer.words
    assert answer.release_id == "small-1"
    assert "a prediction of the network operator, not a guarantee" in str(answer)


def test_all_rows_are_returned_best_first(matrix: CoverageMatrix) -> None:
    answer = matrix.lookup("LL57 2DG")
    assert [row["state"] for row in answer.rows] == ["COVERED", "PLANNED", "ERROR"]
    assert set(answer.regions) == {"North", "Central", "4G Central"}
    assert answer.best is not None
    assert answer.best["auxiliary"] == "Aerial T1"
    assert answer.rows[2]["words"] == "not answered (E62): the matrix could not answer"
    assert "a region did not answer" in answer.notes


def test_no_region_is_said(matrix: CoverageMatrix) -> None:
    assert matrix.lookup("CA1 1AH").notes == ("only rows of SMETS1, which is no region",)


@pytest.mark.parametrize(
    ("day", "state", "days"),
    [("2027-03-30", "PLANNED", 1), ("2027-03-31", "PLANNED", 0), ("2027-04-01", "OVERDUE", -1)],
)
def test_the_day_asked_decides(matrix: CoverageMatrix, day: str, state: str, days: int) -> None:
    answer = matrix.lookup("CA1 1AA", as_of=day)
    assert (answer.state, answer.days, answer.as_of) == (state, days, dt.date(2026, 11, 2))


def test_part_of_the_premises_is_counted(matrix: CoverageMatrix) -> None:
    assert matrix.lookup("CA1 1AJ").counts == {"COVERED": 6, "NOT_CONFIRMED": 2}
    assert matrix.lookup("CA1 1AQ").counts == {"COVERED": 1, "NOT_CONFIRMED": 2}


def test_outward_shares_leave_out_what_is_no_region(matrix: CoverageMatrix) -> None:
    # 8 planned, 8 overdue, 8 + 2 + 2 + 1 not confirmed, 8 in error, 6 + 1 + 2 + 1 covered of 46 premises
    answer = matrix.lookup("CA1")
    assert answer.shares == pytest.approx(
        {"COVERED": 10 / 47, "PLANNED": 8 / 47, "OVERDUE": 8 / 47, "NOT_CONFIRMED": 13 / 47, "ERROR": 8 / 47}
    )


def test_sector_is_context_never_the_answer(matrix: CoverageMatrix) -> None:
    answer = matrix.lookup("SW1A 1AB" if matrix.lookup("SW1A 1AB").status == "NOT_IN_MATRIX" else "CA1 1AF")
    assert answer.state is None
    assert "Code-Point Open" in answer.reference_vintage


def test_address_narrows_to_its_own_row(matrix: CoverageMatrix) -> None:
    answer = matrix.lookup("CA1 1AN", address=" 2 high st ")
    assert (answer.state, answer.resolution, answer.degraded) == ("NOT_CONFIRMED", "ADDRESS", False)
    assert matrix.lookup("CA1 1AN", address="3 HIGH ST").degraded


def test_suggestions_are_listed_never_applied(matrix: CoverageMatrix) -> None:
    answer = matrix.lookup("SW1A OAA", suggest=True)
    assert (answer.status, answer.suggestions) == ("BAD_FORMAT", ("SW1A 0AA",))


def test_strict_raises_for_every_status_but_ok(matrix: CoverageMatrix) -> None:
    assert matrix.lookup("SW1A 1AA", strict=True).status == "OK"
    with pytest.raises(NotAnswered, match="NOT_IN_MATRIX"):
        matrix.lookup("SW1A 2AA", strict=True)
    with pytest.raises(NotAnswered, match="1 of 2 not answered"):
        matrix.lookup_many(["SW1A 1AA", "x"], strict=True)


def test_undated_release_says_so(tmp_path: Path) -> None:
    path = tmp_path / "undated.csv"
    path.write_text(HEADER + ROWS)
    answer = read_matrix(path).matrix.lookup("CA1 1AB")
    assert (answer.state, answer.days, answer.age_days) == ("PLANNED", None, None)
    assert "date of release unknown" in answer.caveat


def test_answer_as_json_and_page(matrix: CoverageMatrix) -> None:
    document = matrix.lookup("CA1 1AA").to_dict()
    assert document["as_of"] == "2026-11-02"
    assert document["rows"][0]["anticipated"] == "2027-03-31"
    assert "<script>" not in matrix.lookup("<script>")._repr_html_()
    assert "planned from 2027-03-31" in matrix.lookup("CA1 1AA")._repr_html_()


def test_control_characters_are_not_printed(matrix: CoverageMatrix) -> None:
    assert "\x1b" not in str(matrix.lookup("\x1b[2J"))


def test_uprns_are_text_of_one_to_twelve_digits() -> None:
    assert [read_uprn(v) for v in ("1", "000000000001", "²", None, "nan")] == ["1", "1", "", None, None]


def test_one_core_answers(matrix: CoverageMatrix) -> None:
    answer: CoverageAnswer = answer_one(matrix.mapped, "SW1A 1AA")
    assert answer == matrix.lookup("SW1A 1AA")
