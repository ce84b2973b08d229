"""Workbooks written by hand, byte for byte the same each time, so that a test can put anything at all into one."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from tests.conftest import SMALL_TRIAL

from smarthan.tables.workbook.places import column_letters
from smarthan.trial_data import TRIAL_TABLES

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DAY, PLAIN_ZEROS, MOMENT = 1, 2, 3  # styles: yyyy-mm-dd, 000, yyyy-mm-dd hh:mm
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="000"/><numFmt numFmtId="166" formatCode="yyyy-mm-dd hh:mm"/></numFmts>'
    '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/>'
    '<xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>'
)
EPOCH = 25_569  # 1970-01-01 in days of the 1900 system


class Raw(str):
    """The XML of a cell, `{r}` standing for its place."""


Cell = str | int | float | Raw | None
Rows = list[list[Cell]]


def text(value: str) -> Raw:
    """Return a cell of text."""
    return Raw(f'<c r="{{r}}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>')


def number(value: object, style: int = 0) -> Raw:
    """Return a cell of a number."""
    return Raw(f'<c r="{{r}}" s="{style}"><v>{value}</v></c>')


def formula(words: str, value: object = None, kind: str = "n") -> Raw:
    """Return a cell of a formula, with its last value where there is one."""
    held = "" if value is None else f"<v>{value}</v>"
    return Raw(f'<c r="{{r}}" t="{kind}"><f>{escape(words)}</f>{held}</c>')


def day_number(iso: str) -> int:
    """Return the day number of an ISO date in the 1900 system."""
    import datetime as dt

    return (dt.date.fromisoformat(iso) - dt.date(1970, 1, 1)).days + EPOCH


def typed(table: str, name: str, cell: str) -> Cell:
    """Return what a person's spreadsheet holds for the cell of a CSV file."""
    field = TRIAL_TABLES[table].by_name.get(name)
    if not cell:
        return None
    if field is not None and field.kind in ("number", "integer") and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell):
        return float(cell) if "." in cell else int(cell)
    if field is not None and field.kind == "date" and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        return number(day_number(cell), DAY)
    return cell


def small_tables() -> dict[str, Rows]:
    """Return the small trial as typed cells, the header first."""
    return {table: typed_rows(table, content) for table, content in SMALL_TRIAL.items()}


def typed_rows(table: str, content: str) -> Rows:
    """Return the text of a CSV file as typed cells, the header first."""
    header, *rows = csv.reader(io.StringIO(content, newline=""))
    return [
        list(header),
        *([typed(table, name, cell) for name, cell in zip(header, row, strict=False)] for row in rows),
    ]


def sheet_xml(rows: Sequence[Sequence[Cell]], before: str = "", after: str = "", first: int = 1) -> str:
    """Return the XML of a sheet: rows from row `first` on, elements before and after them."""
    body = "".join(
        f'<row r="{at}">{"".join(_cell(cell, f"{column_letters(n)}{at}") for n, cell in enumerate(row, 1))}</row>'
        for at, row in enumerate(rows, first)
        if any(cell is not None for cell in row)
    )
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheetData>{body}</sheetData>{after}</worksheet>'


def _cell(cell: Cell, place: str) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        cell = number(cell)
    return (cell if isinstance(cell, Raw) else text(cell)).replace("{r}", place)


def parts_of(sheets: Mapping[str, str], *, states: Mapping[str, str] = {}, properties: str = "") -> dict[str, str]:
    """Return the parts of a workbook by member name, from the XML of each sheet by its name."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" state="{states.get(name, "visible")}" r:id="rId{n}"/>'
        for n, name in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    styles = f'<Relationship Id="rIdS" Type="{OFFICE}/styles" Target="styles.xml"/>'
    top = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{listed}</sheets></workbook>'
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{top}</Relationships>',
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}{styles}</Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": content for n, content in enumerate(sheets.values(), 1)},
    }


def pack(parts: Mapping[str, str | bytes], *more: tuple[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the bytes of an archive; `more` may name a member again."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in (*parts.items(), *more):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = method
            archive.writestr(entry, content)
    return buffer.getvalue()


def small_parts(changes: Mapping[str, str] = {}, **options: object) -> dict[str, str]:
    """Return the parts of the small trial as a workbook, with the XML of some sheets replaced or added."""
    sheets = {table: sheet_xml(rows) for table, rows in small_tables().items()} | dict(changes)
    return parts_of(sheets, **options)  # type: ignore[arg-type]
