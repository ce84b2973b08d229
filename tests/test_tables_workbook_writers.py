"""The shapes of XML that Excel and LibreOffice write, each read as what its user saw."""

from pathlib import Path

import pytest
from tests.test_tables_workbook import TABLE
from tests.workbook_files import MAIN, OFFICE, pack, parts_of

from smarthan.tables import TableRead
from smarthan.tables.workbook import open_sheet, open_workbook

X14AC = 'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
SHARED = (
    f'<sst xmlns="{MAIN}" count="4" uniqueCount="4"><si><t>id</t></si><si><t xml:space="preserve"> note </t></si>'
    '<si><r><rPr><b/></rPr><t xml:space="preserve">a </t></r><r><t>word</t></r></si>'
    '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si><si><t>day</t></si></sst>'
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="165" formatCode="[$-809]dd\\ mmmm\\ yyyy;@"/>'
    '<numFmt numFmtId="170" formatCode="yyyy\\-mm\\-dd"/></numFmts><cellXfs count="4"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1" xfId="0"/><xf numFmtId="165" applyNumberFormat="1"/>'
    '<xf numFmtId="170" applyNumberFormat="true"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
ROWS = (
    '<row r="1" spans="1:3" x14ac:dyDescent="0.25"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
    '<c r="C1" t="s"><v>4</v></c></row>'
    '<row r="2" spans="1:3" ht="15" customHeight="1" x14ac:dyDescent="0.25">'
    '<c r="A2" t="inlineStr"><is><t>one</t></is></c>'
    '<c r="B2" t="s"><v>2</v></c><c r="C2" s="1"><v>45719</v></c></row>'
    '<row r="3"><c r="A3" t="str"><v>two</v></c><c r="B3" t="s"><v>3</v></c><c r="C3" s="2"><v>45719</v></c></row>'
    '<row r="4"><c r="A4" t="inlineStr"><is><r><t>thr</t></r><r><t>ee</t></r></is></c>'
    '<c r="C4" s="3"><v>45719</v></c></row>'
    '<row r="5"><c r="A5" t="inlineStr"><is><t>four</t></is></c><c r="C5" s="4"><v>45719</v></c></row>'
)
SHEET = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" {X14AC}>'
    '<dimension ref="A1:C5"/><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/>'
    f'<cols><col min="1" max="3" width="9"/></cols><sheetData>{ROWS}</sheetData><pageMargins left="0.7"/></worksheet>'
)


def parts(target: str) -> dict[str, str]:
    """Return a workbook of that sheet, the targets of its relations below a folder."""
    made = parts_of({"T": SHEET})
    relations = made["xl/_rels/workbook.xml.rels"].replace('Target="', f'Target="{target}')
    shared = f'<Relationship Id="rId9" Type="{OFFICE}/sharedStrings" Target="{target}sharedStrings.xml"/>'
    made["xl/_rels/workbook.xml.rels"] = relations.replace("</Relationships>", f"{shared}</Relationships>")
    return made | {"xl/styles.xml": STYLES, "xl/sharedStrings.xml": SHARED}


def strict(made: dict[str, str]) -> dict[str, str]:
    """Return a workbook in the strict namespaces."""
    spaces = {MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main"}
    spaces[OFFICE] = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    for old, new in spaces.items():
        made = {name: content.replace(old, new) for name, content in made.items()}
    return made


def read(folder: Path, made: dict[str, str]) -> TableRead:
    """Return its sheet read."""
    (folder / "t.xlsx").write_bytes(pack(made))
    book = open_workbook(folder / "t.xlsx")
    sheet = book.find("t")
    assert sheet is not None
    return open_sheet(book, sheet, TABLE).finish()


@pytest.mark.parametrize(
    "made",
    [parts(""), parts("/xl/"), parts("./"), parts("../xl/"), strict(parts(""))],
    ids=["relative", "absolute", "dot", "up and down", "strict"],
)
def test_what_excel_and_libreoffice_write_is_read_as_it_is_shown(tmp_path: Path, made: dict[str, str]) -> None:
    found = read(tmp_path, made)
    assert found.quarantine.empty, found.quarantine.to_csv()
    assert found.frame["id"].tolist() == ["one", "two", "three", "four"]
    assert found.frame["note"].fillna("").tolist() == ["a word", "東京", "", ""]
    assert found.frame["day"].dt.strftime("%F").tolist() == ["2025-03-03"] * 4
