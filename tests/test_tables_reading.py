"""Reading CSV: every record is a row or a named problem, counted again by Python's own csv module."""

import csv
import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from smarthan.tables import Field, FileRefused, Limits, Table, TextTable, open_rows, read_text_table
from smarthan.tables.scan import _bad_utf8

PEOPLE = Table(
    "people",
    "A table to read.",
    (
        Field("id", "identifier", "Key.", required=True, optional_column=False),
        Field("n", "integer", "A count.", low=0, aliases=("number",)),
        Field("word", "text", "A remark."),
    ),
    key=("id",),
)


def count_by_csv(text: str) -> int:
    """Return the records below the header, by a parser that is not ours; blank lines are no records."""
    return sum(bool(row) for row in csv.reader(io.StringIO(text, newline=""))) - 1


def quote(cell: str) -> str:
    """Return a cell as RFC 4180 writes it."""
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\r\n') else cell


def read(folder: Path, data: bytes | str, name: str = "t.csv") -> TextTable:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_text_table(path)


def refusal(folder: Path, data: bytes | str, name: str = "t.csv") -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(folder, data, name)
    assert str(caught.value).startswith(str(folder / name))
    return caught.value


CELL = st.text(alphabet="ab,\"\n\r ;'=7\u00e9\u00a0", max_size=6)
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8), LINE_ENDS, ENCODINGS, st.booleans())
def test_whatever_is_written_is_read_back_cell_by_cell(
    tmp_path: Path, rows: list[tuple[str, str, str]], end: str, encoding: str, last_end: bool
) -> None:
    text = end.join(",".join(map(quote, row)) for row in [("id", "n", "word"), *rows]) + end * last_end
    table = read(tmp_path, text.encode(encoding))
    assert table.frame.to_numpy().tolist() == [list(row) for row in rows]
    assert table.source.records == table.source.parsed == count_by_csv(text)
    assert not table.problems


ALPHABET = st.sampled_from([*'ab,"\n\r;7 ', "\r\n", "\u00e9", "\x00"])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ALPHABET, min_size=1, max_size=40).map("".join))
def test_any_text_is_refused_or_accounted_for(tmp_path: Path, body: str) -> None:
    text = "id,n,word\n" + body
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    try:
        table = read_text_table(path)
    except FileRefused:
        event("refused")
        return
    rejected = [p for p in table.problems if p.code.startswith(("row_", "file_"))]
    assert len(table.frame) + len(rejected) == table.source.records == table.source.parsed
    if not any(p.code == "row_quotes" for p in rejected):
        assert table.source.records == count_by_csv(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in rejected:
        first_line = problem.original.replace("\r\n", "\n").replace("\r", "\n").split("\n")[0]
        assert lines[int(problem.line) - 1] == first_line


@example([0xF0, 10, 0x41])
@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.sampled_from([10, 0x41, 0x80, 0xA0, 0xBF, 0xC1, 0xC3, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5]), max_size=8)
)
def test_bytes_of_each_line_are_judged_as_python_judges_them(values: list[int]) -> None:
    raw = bytes(values)
    bad = _bad_utf8(np.frombuffer(raw, np.uint8))
    start = 0
    for line in raw.split(b"\n"):
        decodes = line.decode("utf-8", errors="replace").encode() == line
        assert bad[start : start + len(line)].any() != decodes
        start += len(line) + 1


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80))
def test_any_bytes_are_refused_or_accounted_for(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"id,n,word\n1,2,\xc3\xa9\n" + body)
    try:
        rows = open_rows(path, PEOPLE)
    except FileRefused:
        return
    done = rows.finish()
    line = done.ledger.iloc[0]
    assert line["read"] == line["accepted"] + line["quarantined"] == line["independent_count"]
    assert line["quarantined"] == done.quarantine["line"].nunique()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_files_larger_than_a_parser_block_keep_every_row(tmp_path: Path, end: str) -> None:
    rows = [f'{n},{"x" * (n % 97)},"quoted, {n}"' for n in range(40_000)]
    rows[1234] = "short"
    table = read(tmp_path, end.join(["id,n,word", *rows]))
    assert table.source.records == 40_000
    assert [(p.code, p.line) for p in table.problems] == [("row_short", 1236)]
    assert table.frame["id"].iloc[[0, 1234, -1]].tolist() == ["0", "1235", "39999"]
    assert table.line[-1] == 40_001


def test_rows_of_wrong_length_are_told_with_their_line_and_never_padded(tmp_path: Path) -> None:
    table = read(tmp_path, "id,n,word\n1,2\n\n3,4,5,6\n7,8,9\n")
    assert [(p.code, p.line, p.original) for p in table.problems] == [
        ("row_short", 2, "1,2"),
        ("row_long", 4, "3,4,5,6"),
    ]
    assert table.frame.to_numpy().tolist() == [["7", "8", "9"]]


def test_a_first_row_with_one_cell_more_shifts_nothing(tmp_path: Path) -> None:
    table = read(tmp_path, "id,n\na,1,x\nb,2\n")
    assert table.frame.to_numpy().tolist() == [["b", "2"]]


def test_text_stays_text(tmp_path: Path) -> None:
    words = ["007", "1E10", "NA", "null", "TRUE", "None", "2025-01-02", " x ", ""]
    table = read(tmp_path, "id,n\n" + "".join(f"{w},1\n" for w in words))
    assert table.frame["id"].tolist() == words


def test_a_record_over_several_lines_has_the_number_of_its_first(tmp_path: Path) -> None:
    table = read(tmp_path, 'id,n\n"a\nb",1\nc,2,3\n')
    assert table.line.tolist() == [2]
    assert [(p.code, p.line) for p in table.problems] == [("row_long", 4)]


def test_one_undecodable_row_is_quarantined_when_others_show_utf8(tmp_path: Path) -> None:
    table = read(tmp_path, b"id,n\ncaf\xc3\xa9,1\ncaf\xe9,2\n")
    assert [(p.code, p.line) for p in table.problems] == [("row_encoding", 3)]


def test_a_nul_in_a_row_quarantines_it(tmp_path: Path) -> None:
    table = read(tmp_path, b"id,n\na\0b,1\nc,2\n")
    assert [(p.code, p.line) for p in table.problems] == [("file_nul", 2)]


def test_a_quote_left_open_on_the_last_line_costs_that_line(tmp_path: Path) -> None:
    table = read(tmp_path, 'id,n\na,1\nb,"2\n')
    assert [(p.code, p.line) for p in table.problems] == [("row_quotes", 3)]


def test_a_sep_line_is_passed_over_and_noted(tmp_path: Path) -> None:
    table = read(tmp_path, "sep=,\nid,n\na,1\n")
    assert [(p.code, p.line) for p in table.problems] == [("header_spelling", 1)]
    assert table.line.tolist() == [3]


REFUSED = [
    ("empty", b"", "file_empty", "is empty"),
    ("only a mark", b"\xef\xbb\xbf", "file_empty", "holds no record"),
    ("blank lines", b"\n\r\n\n", "file_empty", "holds no record"),
    ("header alone", b"id,n\n", "file_empty", "no data row"),
    ("duplicate header", b"id,n,N\na,1,2\n", "header_duplicate", "column n stands twice"),
    ("utf-16 without mark", "id,n\na,1\n".encode("utf-16-le"), "file_encoding", "UTF-16"),
    ("broken utf-16", b"\xff\xfei\x00d\x00\x00\xd8", "file_encoding", "utf-16-le"),
    ("latin", b"id,n\ncaf\xe9,1\n", "file_encoding", "byte 8"),
    ("padding", b"id,n\na,1\n\0\0\0\0", "file_truncated", "NUL"),
    ("quote over lines", b'id,n\na,"1\nb,2\nc,3\n', "file_quotes", "line 2"),
    ("stray quotes over lines", b'id,n\na,x"1\nb,2\nc,y"3\n', "file_quotes", "line 2"),
    ("giant header", b"x" * 200_000 + b",n\na,1\n", "header_not_found", "line 1"),
]


@pytest.mark.parametrize(("data", "code", "words"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(
    tmp_path: Path, data: bytes, code: str, words: str
) -> None:
    refused = refusal(tmp_path, data)
    assert refused.code == code
    assert words in str(refused)
    assert "\n" not in str(refused)


WRONG_HEADERS = [
    ("semicolons", "id;n;word\na;1;x\n", "file_delimiter", "semicolons"),
    ("tabs", "id\tn\tword\na\t1\tx\n", "file_delimiter", "tabs"),
    ("bars", "id|n\na|1\n", "file_delimiter", "bars"),
    ("titles above", "Survey of people\n\nid,n,word\na,1,x\n", "header_not_found", "line 3"),
    ("no header", "a,1,x\nb,2,y\n", "header_not_found", "expected columns: id, n, word"),
    ("column absent", "n,word\n1,x\n", "header_missing", "has no column id"),
    ("two names for one", "id,n,number\na,1,1\n", "header_duplicate", "both mean n"),
]


@pytest.mark.parametrize(("text", "code", "words"), [r[1:] for r in WRONG_HEADERS], ids=[r[0] for r in WRONG_HEADERS])
def test_a_header_that_does_not_fit_is_refused_with_a_hint(tmp_path: Path, text: str, code: str, words: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(FileRefused, match=words) as caught:
        open_rows(path, PEOPLE)
    assert caught.value.code == code


def test_columns_come_in_any_order_case_and_alias(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(" Word ,NUMBER,id\nx,3,a\n")
    done = open_rows(path, PEOPLE).finish()
    assert done.frame.to_dict("list") == {"id": ["a"], "n": [3], "word": ["x"]}
    assert done.notes["code"].tolist() == ["header_spelling", "header_spelling"]


def test_unknown_columns_are_dropped_and_personal_ones_unread(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,colour,Contact_Phone\na,red,01632 960123\nb,blue\n")
    rows = open_rows(path, PEOPLE, also=("colour",))
    assert rows.also.to_dict("list") == {"colour": ["red"]}
    done = rows.finish()
    assert dict(zip(done.notes["column"], done.notes["code"], strict=True)) == {
        "colour": "header_unknown",
        "contact_phone": "personal_column",
    }
    assert done.ledger["dropped_columns"].item() == 2
    assert done.ledger["flagged_rows"].item() == 0
    # The short record may hold a personal cell, so its text is withheld too.
    assert done.quarantine["original"].tolist() == [""]
    assert "960123" not in done.notes.to_csv() + done.quarantine.to_csv() + done.frame.to_csv()


def test_gzip_is_unpacked_and_named(tmp_path: Path) -> None:
    packed = gzip.compress(b"id,n\na,1\n") + gzip.compress(b"b,2\n")
    table = read(tmp_path, packed, "t.csv.GZ")
    assert (len(table.frame), table.source.format) == (2, "csv.gz")


def test_gzip_that_is_cut_or_none_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(b"id,n\n" + b"a,1\n" * 1000)
    assert refusal(tmp_path, packed[:-20], "t.csv.gz").code == "file_truncated"
    assert refusal(tmp_path, b"id,n\na,1\n", "t.csv.gz").code == "file_unreadable"


def test_a_gzip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"id,n\n" + b"a" * 3_000_000))
    with pytest.raises(FileRefused, match="unpacks to more than") as caught:
        read_text_table(path, limits=Limits(unpack_floor_bytes=100_000))
    assert caught.value.code == "file_too_large"


def test_limits_on_bytes_rows_and_columns_hold(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,n\na,1\nb,2\n")
    for limits in (Limits(file_bytes=5), Limits(rows=1), Limits(columns=1)):
        with pytest.raises(FileRefused, match="at most") as caught:
            read_text_table(path, limits=limits)
        assert caught.value.code == "file_too_large"
    assert len(read_text_table(path, limits=Limits(rows=2, columns=2)).frame) == 2


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="does not exist"):
        read_text_table(tmp_path / "none.csv")
    with pytest.raises(FileRefused, match="is a folder"):
        read_text_table(tmp_path)


def test_reading_twice_is_equal_and_changes_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,n\nb,x\na,1\na,2\n")
    before = path.read_bytes()
    first, second = (open_rows(path, PEOPLE).finish() for _ in range(2))
    assert first.frame.equals(second.frame)
    assert first.quarantine.to_csv() == second.quarantine.to_csv()
    assert path.read_bytes() == before
