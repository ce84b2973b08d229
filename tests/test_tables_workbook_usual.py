"""Rows taken apart at once: the same tables as cell by cell through expat, whatever stands in them and however cut."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.test_tables_workbook import CELLS, HEADER, TABLE
from tests.workbook_files import Raw, Rows, number, pack, parts_of, sheet_xml, text

from smarthan.tables import FileRefused, TableRead
from smarthan.tables.workbook import SheetEntry, Workbook, archive, opening, pieces
from smarthan.tables.workbook.counting import count_rows
from smarthan.tables.workbook.header import Header
from smarthan.tables.workbook.sheet import SheetReader
from smarthan.tables.workbook.usual import take_apart

ROW = '<row r="9" hidden="1" spans="1:2"><c r="A9" t="str"><v>z</v></c><c r="B9"><v>4</v></c></row>'
STRANGE = {
    "comment": f"<!-- {ROW.replace('9', '8')} -->{ROW}",
    "data": f"{ROW.replace('<v>z</v>', '<v><![CDATA[z]]></v>')}",
    "instruction": f"<?x {ROW.replace('9', '8')} ?>{ROW}",
    "comment in a row": ROW.replace("</row>", "<!--</row>--></row>"),
    "comment in a cell": ROW.replace("<v>4", "<v><!--5-->4"),
    "entity": ROW.replace("z", "&#122;"),
    "formula": ROW.replace("<v>4", "<f>2+2</f><v>4"),
    "pieces": ROW.replace('t="str"><v>z</v>', 't="inlineStr"><is><r><t>z</t></r></is>'),
    "blanks": ROW.replace("><", ">\n<"),
    "without places": ROW.replace(' r="A9"', "").replace(' r="B9"', ""),
    "order of attributes": ROW.replace('r="A9" t="str"', 't="str" r="A9"'),
    "single quotes": ROW.replace('"', "'"),
    "elsewhere": f'<row xmlns="urn:x" r="8"><c r="A8"><v>1</v></c></row>{ROW}',
}


class Book:
    """A workbook with one sheet, made of its XML."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "t.xlsx"

    def open(self, xml: str) -> tuple[Workbook, SheetEntry]:
        self.path.write_bytes(pack(parts_of({"T": xml})))
        book = opening_of(self.path)
        found = book.find("t")
        assert found is not None
        return book, found

    def read(self, xml: str) -> TableRead:
        return opening.open_sheet(*self.open(xml), TABLE).finish()


def opening_of(path: Path) -> Workbook:
    from smarthan.tables.workbook import open_workbook

    return open_workbook(path)


def both(book: Book, xml: str, monkeypatch: pytest.MonkeyPatch) -> tuple[TableRead, TableRead]:
    """Return the sheet read in pieces of a few bytes, and read by expat alone."""
    with monkeypatch.context() as changed:
        changed.setattr(archive, "BLOCK", 97)
        changed.setattr(pieces, "_AT_ONCE", 200)
        quick = book.read(xml)
    with monkeypatch.context() as changed:
        changed.setattr(pieces, "take_apart", lambda block: None)
        slow = book.read(xml)
    return quick, slow


def assert_equal(left: TableRead, right: TableRead) -> None:
    for name in ("frame", "quarantine", "notes", "ledger"):
        a, b = getattr(left, name), getattr(right, name)
        pd.testing.assert_frame_equal(a, b, check_categorical=False, obj=name)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=9), min_size=1, max_size=12))
def test_both_ways_give_the_same_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: Rows) -> None:
    rows = [["first", 1], *rows]
    assert_equal(*both(Book(tmp_path), sheet_xml([HEADER, *rows]), monkeypatch))


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_what_is_not_in_the_usual_form_is_read_by_expat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strange: str
) -> None:
    assert strange == ROW or take_apart(strange.encode()) is None
    rows: Rows = [["a", 1], ["b", 2]]
    after = '<row r="10"><c r="A10" t="str"><v>c</v></c></row><row r="11" ht="3"/>'
    xml = sheet_xml([HEADER, *rows]).replace("</sheetData>", f"{strange}{after}</sheetData>")
    quick, slow = both(Book(tmp_path), xml, monkeypatch)
    assert_equal(quick, slow)
    assert quick.frame["id"].tolist() == ["a", "b", "z", "c"]


@pytest.mark.parametrize(
    ("change", "usual"),
    [
        (("</sheetData>", "</sheetData>"), True),
        (("<sheetData>", "<!--<sheetData>--><sheetData>"), False),
        (("<sheetData>", "<sheetData >"), False),
        (('<row r="3">', '<!-- --><row r="3">'), False),
        (('<row r="1">', '<!-- --><row r="1">'), False),
        (("</sheetData>", '<row r="7"/></sheetData>'), True),
        (("</sheetData>", "<!-- --></sheetData>"), False),
        (("</sheetData>", "</sheetData >"), False),
        (("<worksheet", '<?xml version="1.0" encoding="UTF-8"?><worksheet'), True),
        (("<worksheet", '<?xml version="1.0" encoding="ISO-8859-1"?><worksheet'), False),
    ],
    ids=[
        *("plain", "comment before", "blank in the tag", "comment between", "comment before the header"),
        *("last row empty", "comment after", "blank in the end tag", "utf-8", "latin-1"),
    ],
)
def test_the_rows_are_counted_on_the_bytes_only_where_all_are_in_the_usual_form(
    tmp_path: Path, change: tuple[str, str], usual: bool
) -> None:
    rows: Rows = [["a", 1], ["b", number(3, 2)], [Raw('<c r="{r}" s="1"/>')], [text("c")]]
    book, entry = Book(tmp_path).open(sheet_xml([HEADER, *rows]).replace(*change))
    header = Header("t", TABLE, (), book)
    reader = SheetReader(book.archive, entry.part, book.limits, book.strings, header.choose)
    reader.read()
    assert reader.is_usual == usual
    assert len(reader.rows) == 3
    assert count_rows(book.archive, entry.part, book.limits) == 4
    if usual:
        assert count_rows(book.archive, entry.part, book.limits, reader.begins_at) == 4


@pytest.mark.parametrize(
    "row",
    [
        '<row r="3" r="3"><c r="A3"><v>1</v></c></row>',
        '<row r="3" x:y="3"><c r="A3"><v>1</v></c></row>',
        '<row r="3"><c r="A3" t="str"><v>a]]>b</v></c></row>',
        '<row r="3"><c r="A3"><v>1</t></is></c></row>',
        '<row r="3"><row r="4"><c r="A4"><v>1</v></c></row></row>',
        '<row r="3"><c r="A4"><v>1</v></c></row>',
        '<row r="3"><c r="B3"><v>1</v></c><c r="A3"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="3"><c r="A3" t="s"><v>7</v></c></row>',
        '<row r="3"><c r="AAAA3"><v>1</v></c></row>',
    ],
)
def test_what_fits_the_form_and_is_no_sheet_is_refused_all_the_same(tmp_path: Path, row: str) -> None:
    xml = sheet_xml([HEADER, ["a", 1]]).replace("</sheetData>", f"{row}</sheetData>")
    with pytest.raises(FileRefused, match="save the workbook again") as caught:
        Book(tmp_path).read(xml)
    assert caught.value.code == "zip_invalid"
