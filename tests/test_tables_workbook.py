"""Workbooks as tables of text: what a cell becomes, what is refused, and the laws that hold whatever a sheet holds."""

import csv
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.workbook_files import DAY, MOMENT, Cell, Rows, formula, number, pack, parts_of, sheet_xml, text

from smarthan.tables import Field, FileRefused, Table, TableRead
from smarthan.tables.workbook import WORKBOOK_LIMITS, WorkbookLimits, open_sheet, open_workbook, row_of
from smarthan.tables.workbook.cells import date_text, number_text
from smarthan.tables.workbook.places import Area, column_letters, column_number
from smarthan.tables.workbook.strings import unescape
from smarthan.tables.workbook.styles import look_of
from smarthan.trial_data import TRIAL_TABLES, make_trial, read_trial

TABLE = Table(
    "t",
    "A table.",
    (
        Field("id", "identifier", "Its name.", required=True, optional_column=False),
        Field("n", "integer", "A count."),
        Field("x", "number", "A length.", unit="m"),
        Field("word", "category", "A word.", allowed=("yes", "no", "1")),
        Field("note", "text", "What was seen."),
        Field("day", "date", "A day."),
        Field("is_new", "boolean", "Whether it is new."),
    ),
    key=("id",),
)
HEADER: list[Cell] = ["id", "n", "x", "word", "note", "day", "is_new"]
Read = Callable[..., TableRead]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads rows of cells from a sheet of a workbook made for it."""

    def run(rows: Rows, *, after: str = "", before: str = "", limits: WorkbookLimits = WORKBOOK_LIMITS) -> TableRead:
        path = tmp_path / "t.xlsx"
        path.write_bytes(pack(parts_of({"T": sheet_xml([HEADER, *rows], before, after)})))
        book = open_workbook(path, limits=limits)
        sheet = book.find(" t ")
        assert sheet is not None
        return open_sheet(book, sheet, TABLE).finish()

    return run


def told(found: TableRead) -> list[list[str]]:
    """Return place and code of each breach."""
    return [[str(cell) for cell in row] for row in found.quarantine[["line", "code"]].to_numpy().tolist()]


def test_each_kind_of_cell_becomes_what_a_csv_file_would_hold(read: Read) -> None:
    true = text("true")
    found = read(
        [["007", 5, 0.1, 1, "a", number(45719, DAY), true], ["8", number("5.0"), 5, "YES", None, "2025-03-03"]]
    )
    rows = found.frame.astype("object").to_numpy().tolist()
    assert rows[0][:5] == ["007", 5, 0.1, "1", "a"]
    assert found.frame["day"].dt.strftime("%F").tolist() == ["2025-03-03", "2025-03-03"]
    assert found.frame["n"].tolist() == [5, 5]
    assert found.frame["word"].tolist() == ["1", "yes"]
    assert found.quarantine.empty
    assert found.notes[["line", "code"]].to_numpy().tolist() == [["T!D3", "category_spelling"]]


def test_a_row_breaks_several_rules_each_in_its_cell_and_counts_once(read: Read) -> None:
    found = read([["a", 1], [7, "x", "y"], ["c", 3]])
    assert told(found) == [["T!A3", "id_mangled"], ["T!B3", "number_format"], ["T!C3", "number_format"]]
    ledger = found.ledger.iloc[0]
    assert (ledger["read"], ledger["accepted"], ledger["quarantined"], ledger["independent_count"]) == (3, 2, 1, 3)
    assert (ledger["format"], len(ledger["sha256"])) == ("xlsx", 64)


def test_breaches_are_listed_in_the_order_of_rows_not_of_letters(read: Read) -> None:
    found = read([[n] for n in range(12)] + [["a"]])
    assert found.quarantine["line"].tolist() == [f"T!A{n}" for n in range(2, 14)][:12]


def test_blank_rows_between_are_no_rows_and_numbers_stay_physical(read: Read) -> None:
    found = read([["a"], [None], [None], [5], ["b"]])
    assert told(found) == [["T!A5", "id_mangled"]]
    assert found.frame["id"].tolist() == ["a", "b"]


def test_merged_cells_set_aside_the_rows_under_them_and_name_the_range(read: Read) -> None:
    rows: Rows = [["a", 1], ["b", None], ["c", None], ["d", 4]]
    merged = '<mergeCells><mergeCell ref="$B$2:B4"/><mergeCell ref="Z1:Z9"/></mergeCells>'
    found = read(rows, after=merged)
    assert told(found) == [["T!B3", "cell_merged"], ["T!B4", "cell_merged"]]
    assert "under the merged cells $B$2:B4" in found.quarantine["message"].iloc[0]
    assert found.frame["id"].tolist() == ["a", "d"]


def test_many_merged_ranges_share_a_message(read: Read) -> None:
    rows: Rows = [[f"r{n}", n] for n in range(2402)]
    ranges = "".join(f'<mergeCell ref="B{n}:B{n + 1}"/>' for n in range(2, 2402, 2))
    found = read(rows, after=f"<mergeCells>{ranges}</mergeCells>")
    assert int(found.ledger["quarantined"].iloc[0]) == 1200
    assert found.quarantine["message"].iloc[-1] == "the cell lies under the merged cells of a range"


def test_many_cells_right_of_the_table_are_all_told(read: Read) -> None:
    found = read([["a"], *([f"r{n}", *[None] * 7, "far"] for n in range(1100))])
    assert set(found.quarantine["code"]) == {"row_long"}
    assert int(found.ledger["quarantined"].iloc[0]) == 1100
    assert "cell I3 stands right of the last" in found.quarantine["message"].iloc[0]


def test_a_formula_counts_by_its_last_number_in_a_column_of_numbers_only(read: Read) -> None:
    found = read([["a", formula("1+1", 2), formula("1/8", 0.125)], [formula('"b"', "b", "str")], ["c", formula("1+1")]])
    assert found.frame["x"].tolist() == [0.125]
    assert told(found) == [["T!A3", "cell_formula"], ["T!B4", "cell_formula"], ["T!B4", "number_format"]]
    assert found.quarantine["original"].tolist() == ['="b"', "=1+1", "=1+1"]
    assert found.notes[["line", "code"]].to_numpy().tolist() == [["T", "formula_value"], ["T", "formula_value"]]


def test_hidden_rows_and_columns_are_read_and_said(read: Read) -> None:
    found = read([["a"]], before='<cols><col min="1" max="3" hidden="1"/><col min="9" max="x" hidden="1"/></cols>')
    assert found.notes["message"].tolist() == ["hidden, and read like the rest: 4 columns"]
    assert len(found.frame) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"packed_bytes": 100}, "file_too_large"),
        ({"unpacked_bytes": 1000}, "zip_size"),
        ({"elements": 50}, "zip_size"),
        ({"columns": 3}, "file_too_large"),
        ({"directory_bytes": 10}, "zip_size"),
        ({"depth": 2}, "zip_size"),
        ({"ranges": 1}, "zip_size"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_each_limit_is_held(read: Read, change: dict[str, int], code: str) -> None:
    rows: Rows = [[f"r{n}", n] for n in range(30)]
    merged = '<mergeCells><mergeCell ref="B2:B3"/><mergeCell ref="B4:B5"/></mergeCells>'
    with pytest.raises(FileRefused) as caught:
        read(rows, after=merged, limits=WorkbookLimits(**change))
    assert caught.value.code == code


def test_a_folder_and_a_path_that_is_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="is a folder"):
        open_workbook(tmp_path)
    with pytest.raises(FileRefused, match="cannot be opened"):
        open_workbook(f"{tmp_path}/a\0b.xlsx")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        *(
            ("5", "5"),
            ("5.0", "5"),
            ("-0", "0"),
            ("007", "7"),
            ("1E3", "1000"),
            ("0.30000000000000004", "0.30000000000000004"),
        ),
        *((".5", "0.5"), ("5.", "5"), ("1e400", "1e400"), ("inf", "inf"), ("٥", "٥"), ("", ""), ("1e22", "1e+22")),
    ],
)
def test_a_number_has_the_shortest_form_that_reads_back(raw: str, text: str) -> None:
    assert number_text(raw) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_the_same(value: float) -> None:
    assert float(number_text(repr(value))) == value


@given(st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)))
def test_a_day_is_the_same_in_both_systems(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    assert date_text(str(serial), from_1904=False) == day.isoformat()
    if day >= dt.date(1904, 1, 1):
        assert date_text(str(serial - 1462), from_1904=True) == day.isoformat()


@pytest.mark.parametrize("raw", ["60", "0", "-1", "2958466", "1e300", "x", "nan"])
def test_what_is_no_day_is_none(raw: str) -> None:
    assert date_text(raw, from_1904=False) is None


def test_a_part_of_a_day_is_told_to_a_thousandth_of_a_second() -> None:
    assert date_text("45719.00001", from_1904=False) == "2025-03-03T00:00:00.864"


@pytest.mark.parametrize(
    ("code", "look"),
    [
        *(("d/m/yy", "date"), ("[$-409]mmmm d", "date"), ("[mm]:ss", "date"), ("General", "plain"), ("@", "plain")),
        *(
            ('0" days"', "dressed"),
            ("[Red]0.0", "dressed"),
            ("\\d0", "dressed"),
            ("_d0", "dressed"),
            ("0.00E+00", "dressed"),
        ),
        *(("0;[Red]-0", "dressed"), ("#,##0", "dressed"), ('0;"d"', "dressed")),
    ],
)
def test_a_format_shows_a_date_or_does_not(code: str, look: str) -> None:
    assert look_of(code) == look


def test_places_are_named_and_found() -> None:
    assert all(column_number(column_letters(n)) == n for n in range(1, 16_385))
    area = Area("C$3:$A1")
    assert (area.left, area.right, area.top, area.bottom) == (1, 3, 1, 3)
    assert (row_of("Odd!name!B12"), row_of("Odd")) == (12, 0)
    assert unescape("_x0041__xZZZZ_") == "A_xZZZZ_"


# Cells of any kind: text, numbers, dates, truth, errors, formulas, unknown types, nothing.
CELLS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.builds(
        number, st.floats(-5, 3e6) | st.text("0123456789.eE+-", max_size=6), st.sampled_from([0, DAY, MOMENT, 2, 99])
    ),
    st.builds(
        formula,
        st.just("A1"),
        st.none() | st.integers(0, 9) | st.just("b"),
        st.sampled_from(["n", "str", "e", "b", "d", "zz"]),
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, max_size=9), min_size=1, max_size=12))
def test_whatever_the_cells_are_each_row_is_accepted_or_quarantined(read: Read, rows: Rows) -> None:
    filled = sum(any(cell is not None for cell in row) for row in rows)
    if not filled:
        event("refused")
        with pytest.raises(FileRefused, match="no data row"):
            read(rows)
        return
    found = read(rows)
    event("read")
    ledger = found.ledger.iloc[0]
    assert ledger["read"] == ledger["independent_count"] == filled == ledger["accepted"] + ledger["quarantined"]
    assert len({row_of(place) for place in found.quarantine["line"]}) == ledger["quarantined"]
    assert len(found.frame) == ledger["accepted"]
    assert found.frame["id"].map(lambda name: isinstance(name, str) and bool(name)).all()


def write_workbook(folder: Path, path: Path) -> None:
    """Write the CSV files of a trial as a person's workbook: numbers as numbers, days as days."""
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for source in sorted(folder.glob("*.csv")):
            sheet, fields = book.add_worksheet(source.stem.title()), TRIAL_TABLES[source.stem].by_name
            with open(source, encoding="utf-8", newline="") as stream:
                header, *rows = csv.reader(stream)
            sheet.write_row(0, 0, header)
            for at, row in enumerate(rows, 1):
                for column, (name, cell) in enumerate(zip(header, row, strict=False)):
                    write_cell(sheet, at, column, cell, fields[name].kind, day)


def write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: str, kind: str, day: object) -> None:
    """Write one cell as its column's kind asks, or as text where it is no such value."""
    if kind in ("number", "integer") and re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", cell):
        sheet.write_number(row, column, float(cell))
    elif kind == "date" and re.fullmatch("[0-9]{4}-(0[1-9]|1[0-2])-[0-2][0-9]", cell):
        sheet.write_datetime(row, column, dt.datetime.fromisoformat(cell), day)
    elif cell:
        sheet.write_string(row, column, cell)


@pytest.mark.parametrize("errors", [False, True], ids=["clean", "errors"])
def test_a_workbook_and_a_folder_of_the_same_trial_give_equal_tables(tmp_path: Path, errors: bool) -> None:
    # A short row and a text beyond what a cell holds cannot stand in a sheet.
    folder, path, day = tmp_path / "trial", tmp_path / "trial.xlsx", dt.date(2026, 6, 30)
    from smarthan.trial_data.synthetic.error_kinds import ERROR_KINDS

    kinds = {kind.code: 2 for kind in ERROR_KINDS if kind.code not in ("row_short", "cell_too_long")}
    make_trial(folder, seed=3, buildings_per_stratum=3, errors=kinds if errors else False)
    write_workbook(folder, path)
    by_folder, by_workbook = read_trial(folder, day=day), read_trial(path, day=day)
    assert by_folder.synthetic
    assert by_workbook.synthetic
    for name, frame in by_folder.tables.items():
        assert frame.equals(by_workbook[name]), name
    assert errors != by_folder.quarantine.empty
    counts = ["table", "read", "independent_count", "accepted", "quarantined", "codes"]
    assert by_workbook.ledger[counts].equals(by_folder.ledger[counts])
    told = [
        trial.quarantine.assign(row=rows)
        for trial, rows in (
            (by_folder, by_folder.quarantine["line"]),
            (by_workbook, by_workbook.quarantine["line"].map(row_of)),
        )
    ]
    assert told[0][["table", "key", "code", "column"]].equals(told[1][["table", "key", "code", "column"]])
    assert told[0]["row"].astype("int64").tolist() == told[1]["row"].astype("int64").tolist()
