"""Hostile and broken trial workbooks with a manifest of what must become of each: `python -m tests.corpus_xlsx OUT`.

Every workbook is the small trial of `conftest.py` with one thing wrong (or odd and yet right). The same call writes the
same bytes. A crash found later becomes a case here.
"""

import json
import struct
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.workbook_files import (
    DAY,
    MAIN,
    MOMENT,
    PLAIN_ZEROS,
    Cell,
    Raw,
    Rows,
    day_number,
    formula,
    number,
    pack,
    parts_of,
    sheet_xml,
    small_parts,
    small_tables,
    text,
    typed_rows,
)

Outcome = Literal["accept", "quarantine", "refuse"]
GOOD = 18  # rows of the small trial
SPARE = {
    "measurements": "M4,P1,T1,I1,zigbee_2g4,2440000000,-61,observed,1000,998,2025-03-03T09:20:00Z",
    "surveyors": "V2,Survey Co,2025-01-06",
    "instruments": "I2,Maker B,-91,-10,1,-101,2025-01-10,365",
}
SHEET = {table: f"xl/worksheets/sheet{n}.xml" for n, table in enumerate(small_tables(), 1)}


@dataclass(frozen=True)
class Case:
    """One workbook and what must become of it.

    Attributes
    ----------
    id, family, input : str
        Name, class of faults, file name.
    outcome : str
        accept, quarantine, refuse.
    codes : tuple of str
        Rule codes that must be told: those of quarantined rows exactly, notes at least, a refusal's the one.
    places : tuple of str
        Cells that the quarantine must name.
    quarantined : int
        Rows set aside; the rows accepted are those of the small trial, equal in every cell.
    data : bytes
        The file.
    """

    id: str
    family: str
    input: str
    outcome: Outcome
    codes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    quarantined: int = 0
    data: bytes = field(default=b"", repr=False)

    def facts(self) -> dict[str, Any]:
        """Return the manifest entry."""
        return {name: value for name, value in asdict(self).items() if name != "data"}


def refused(name: str, family: str, data: bytes, code: str, end: str = ".xlsx") -> Case:
    """A workbook of which nothing is accepted."""
    return Case(name, family, f"{name}{end}", "refuse", (code,), data=data)


def kept(name: str, family: str, data: bytes, *codes: str, end: str = ".xlsx") -> Case:
    """A workbook of which every row is accepted."""
    return Case(name, family, f"{name}{end}", "accept", codes, data=data)


def spoilt(name: str, table: str, column: str, cell: Cell, *codes: str, after: str = "", place: str = "") -> Case:
    """A workbook with one more row, a cell of which is wrong."""
    rows = small_tables()[table]
    header = [str(c) for c in rows[0]]
    row = typed_rows(table, f"{','.join(header)}\n{SPARE[table]}\n")[1]
    at = header.index(column)
    row[at] = cell
    content = sheet_xml([*rows, row], after=after.replace("{n}", str(len(rows) + 1)))
    where = place or f"{table}!{chr(65 + at)}{len(rows) + 1}"
    return Case(name, "cells", f"{name}.xlsx", "quarantine", codes, (where,), 1, pack(small_parts({table: content})))


def with_rows(name: str, table: str, rows: Rows, *codes: str, bad: int = 1, after: str = "") -> Case:
    """A workbook with further rows, all of which are set aside."""
    content = sheet_xml([*small_tables()[table], *rows], after=after)
    return Case(name, "rows", f"{name}.xlsx", "quarantine", codes, (), bad, pack(small_parts({table: content})))


def edited(table: str, old: str, new: str) -> dict[str, str]:
    """Return the parts of the small trial with a piece of a sheet's XML replaced."""
    parts = small_parts()
    assert old in parts[SHEET[table]], old
    return parts | {SHEET[table]: parts[SHEET[table]].replace(old, new)}


def not_workbooks() -> Iterator[Case]:
    """Files that are no workbook, or no whole one."""
    whole = pack(small_parts())
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    for name, data, code in (
        ("empty", b"", "file_empty"),
        ("csv", b"stratum_id,archetype\nS1,semi\n", "file_unreadable"),
        ("html", b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>", "file_unreadable"),
        ("xml", b'<?xml version="1.0"?><Workbook/>', "file_unreadable"),
        ("pdf", b"%PDF-1.7\n", "file_unreadable"),
        ("noise", bytes(range(256)) * 4, "file_unreadable"),
        ("ole_xls", ole + "Workbook".encode("utf-16-le"), "file_unreadable"),
        ("ole_encrypted", ole + "EncryptedPackage".encode("utf-16-le"), "zip_encrypted"),
        ("cut_half", whole[: len(whole) // 2], "file_truncated"),
        ("cut_last_byte", whole[:-1], "file_truncated"),
        ("cut_front", whole[100:], "file_unreadable"),
        ("mark_alone", b"PK\x03\x04", "file_truncated"),
        ("zip_of_csv", pack({"frame.csv": "a,b\n1,2\n"}), "zip_invalid"),
        ("ods", pack({"mimetype": "application/vnd.oasis", "content.xml": "<x/>"}), "file_unreadable"),
        (
            "xlsb",
            pack({"[Content_Types].xml": "<x/>", "_rels/.rels": "<x/>", "xl/workbook.bin": "x"}),
            "file_unreadable",
        ),
        ("no_book", pack({"[Content_Types].xml": "<x/>", "_rels/.rels": "<x/>"}), "zip_invalid"),
    ):
        yield refused(name, "kind", data, code)
    yield refused("old", "kind", ole + "Workbook".encode("utf-16-le"), "file_unreadable", ".xls")
    yield refused("open", "kind", pack({"mimetype": "a", "content.xml": "<x/>"}), "file_unreadable", ".ods")


def archives() -> Iterator[Case]:
    """Archives that lie, expand or hold what is never followed."""
    parts = small_parts()
    sheet = SHEET["frame"]
    empty = sheet_xml([])
    yield refused("member_twice", "archive", _quietly(parts, (sheet, empty)), "zip_duplicate")
    yield refused("member_twice_but_for_case", "archive", pack(parts, (sheet.upper(), empty)), "zip_duplicate")
    blown = parts[sheet].replace("<sheetData>", "<sheetData>" + " " * 60_000_000)
    yield refused("expands", "archive", pack(parts | {sheet: blown}), "zip_size")
    yield refused("expands_unused", "archive", pack(parts, ("xl/media/a.png", bytes(60_000_000))), "zip_size")
    yield refused("promises_much", "archive", _promise(pack(parts), 0xF0000000), "zip_size")
    yield refused("promises_little", "archive", _promise(pack(parts), 100), "zip_invalid")
    yield refused("directory", "archive", pack(parts, *((f"a{n:05}{'x' * 80}", "") for n in range(9000))), "zip_size")
    whole = bytearray(pack(parts, method=zipfile.ZIP_STORED))
    at = whole.find(b"Census 2011")
    whole[at] ^= 1
    yield refused("bit_flip", "archive", bytes(whole), "zip_invalid")
    yield refused("password", "archive", _flag_encrypted(pack(parts)), "zip_encrypted")
    yield refused("bzip2", "archive", pack(parts, method=zipfile.ZIP_BZIP2), "zip_invalid")
    bomb = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    doctype = f'<!DOCTYPE x [<!ENTITY a "ha">{bomb}]>'
    yield refused("entity_bomb", "archive", pack(parts | {sheet: doctype + parts[sheet]}), "xml_doctype")
    far = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'
    yield refused(
        "entity_file", "archive", pack(parts | {"xl/workbook.xml": far + parts["xl/workbook.xml"]}), "xml_doctype"
    )
    yield refused("doctype_unused", "archive", pack(parts, ("docProps/app.xml", f"{far}<x/>")), "xml_doctype")
    yield refused("no_sheet_part", "archive", pack({k: v for k, v in parts.items() if k != sheet}), "zip_invalid")
    yield refused(
        "no_main_part", "archive", pack({k: v for k, v in parts.items() if k != "xl/workbook.xml"}), "zip_invalid"
    )
    relations = "xl/_rels/workbook.xml.rels"
    away = parts[relations].replace("worksheets/sheet1.xml", "../../../../etc/passwd")
    yield refused("target_outside", "archive", pack(parts | {relations: away}), "zip_invalid")
    yield kept("macro", "archive", pack(parts, ("xl/vbaProject.bin", b"\xd0\xcf")), "zip_macro", end=".xlsm")
    link = ("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    yield kept("external", "archive", pack(parts, link), "zip_external")
    yield kept("path_up", "archive", pack(parts, ("../../evil.xml", "<x/>")), "zip_path")
    yield kept("path_absolute", "archive", pack(parts, ("/etc/evil", "x")), "zip_path")
    absolute = parts[relations].replace('Target="worksheets', 'Target="/xl/worksheets')
    yield kept("target_absolute", "archive", pack(parts | {relations: absolute}))


def _quietly(parts: Mapping[str, str], *more: tuple[str, str]) -> bytes:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of the very thing that is wanted
        return pack(parts, *more)


def _promise(data: bytes, size: int) -> bytes:
    """Return an archive whose directory gives another size for its last member."""
    at = data.rfind(b"PK\x01\x02")
    return data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]


def _flag_encrypted(data: bytes) -> bytes:
    at = data.rfind(b"PK\x01\x02")
    return data[: at + 8] + struct.pack("<H", 1) + data[at + 10 :]


def markup() -> Iterator[Case]:
    """Sheets whose XML is broken, hostile, or odd and yet right."""
    head = '<row r="1">'
    for name, old, new, code in (
        ("ill_formed", "</sheetData>", "</sheetdata>", "zip_invalid"),
        ("cut_part", "</sheetData></worksheet>", "", "zip_invalid"),
        ("deep", "<sheetData>", "<a>" * 5000 + "</a>" * 5000 + "<sheetData>", "zip_size"),
        ("attributes", head, "<row " + "".join(f'a{n}="1" ' for n in range(100)) + 'r="1">', "zip_size"),
        ("giant_tag", head, f'<row note="{"x" * 3_000_000}" r="1">', "zip_size"),
        ("giant_comment", "<sheetData>", f"<!--{'x' * 3_000_000}--><sheetData>", "zip_size"),
        ("row_twice", '<row r="2">', '<row r="1">', "zip_invalid"),
        ("row_not_a_number", '<row r="2">', '<row r="two">', "zip_invalid"),
        ("cell_twice", 'r="B2"', 'r="A2"', "zip_invalid"),
        ("cell_elsewhere", 'r="B2"', 'r="B3"', "zip_invalid"),
        ("cell_nowhere", 'r="B2"', 'r="$$2"', "zip_invalid"),
        ("value_outside", "</row>", "<v>5</v></row>", "zip_invalid"),
        ("row_in_row", head, f"{head}<row><c/></row>", "zip_invalid"),
        ("control", "Census 2011", "Census \x01", "zip_invalid"),
        ("entity", "Census 2011", "&census;", "zip_invalid"),
        ("bad_merge", "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:?"/></mergeCells>', "zip_invalid"),
        ("string_beyond", text("Census 2011").replace("{r}", "F2"), '<c r="F2" t="s"><v>7</v></c>', "zip_invalid"),
        ("string_before", text("Census 2011").replace("{r}", "F2"), '<c r="F2" t="s"><v>-1</v></c>', "zip_invalid"),
        ("no_rows", "<worksheet", "<chartsheet", "zip_invalid"),
    ):
        parts = edited("frame", old, new)
        if name == "no_rows":
            parts[SHEET["frame"]] = parts[SHEET["frame"]].replace("</worksheet", "</chartsheet")
        yield refused(name, "markup", pack(parts), code)
    sheet = SHEET["frame"]
    plain = small_parts()[sheet]
    yield refused(
        "encoding",
        "markup",
        pack(small_parts() | {sheet: f'<?xml version="1.0" encoding="x-9"?>{plain}'}),
        "zip_invalid",
    )
    yield refused(
        "multibyte",
        "markup",
        pack(small_parts() | {sheet: f'<?xml version="1.0" encoding="gb18030"?>{plain}'}),
        "zip_invalid",
    )
    prefixed = plain.replace("<", "<m:").replace("<m:/", "</m:").replace("xmlns=", "xmlns:m=")
    unnamed = plain
    for place in ("A1", "B1", "C1", "D1", "E1", "F1", "G1", "H1", "A2", "B2", "C2", "D2", "E2", "F2", "G2", "H2"):
        unnamed = unnamed.replace(f' r="{place}"', "")
    strict = plain.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    for name, content in (
        ("prefix", prefixed),
        ("no_references", unnamed.replace('<row r="1">', "<row>").replace('<row r="2">', "<row>")),
        ("strict", strict),
        ("comment", plain.replace("Census 2011", "Census<!-- no --> 2011")),
        ("cdata", plain.replace("Census 2011", "<![CDATA[Census]]> 2011")),
        ("indented", plain.replace("<c ", "\n    <c ").replace("<row", "\n  <row")),
        ("phonetic", plain.replace("</t></is>", "</t><rPh sb='0' eb='1'><t>kana</t></rPh></is>")),
        (
            "rich",
            plain.replace("Census 2011", "Census</t></is></c>", 0).replace(
                '<is><t xml:space="preserve">Census 2011</t></is>',
                "<is><r><t>Census</t></r><r><rPr><b/></rPr><t> 2011</t></r></is>",
            ),
        ),
        (
            "styled_blanks",
            plain.replace(
                "</sheetData>",
                "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 900)) + "</sheetData>",
            ),
        ),
        ("blank_above", sheet_xml(small_tables()["frame"], first=5)),
    ):
        yield kept(name, "markup", pack(small_parts({"frame": content})))
    wide = f'<?xml version="1.0" encoding="UTF-16"?>{plain}'.encode("utf-16")
    yield kept("utf16", "markup", pack({**small_parts(), sheet: wide}))


def sheets() -> Iterator[Case]:
    """Sheets missing, hidden, named oddly; headers that are none."""
    tables = small_tables()
    xml = {table: sheet_xml(rows) for table, rows in tables.items()}
    without = {name: content for name, content in xml.items() if name != "paths"}
    yield refused("sheet_missing", "sheets", pack(parts_of(without)), "sheet_missing")
    yield refused("sheet_misnamed", "sheets", pack(parts_of({**without, "Pfade": xml["paths"]})), "sheet_missing")
    yield refused("sheet_ambiguous", "sheets", pack(parts_of({**xml, " PATHS": xml["paths"]})), "sheet_ambiguous")
    odd = {f" {name.upper()} ": content for name, content in xml.items()}
    yield kept("sheet_spelling", "sheets", pack(parts_of(odd)))
    hidden = parts_of(xml, states={"frame": "hidden", "paths": "veryHidden"})
    yield kept("sheet_hidden", "sheets", pack(hidden), "sheet_hidden")
    yield kept("row_hidden", "sheets", pack(edited("frame", '<row r="2">', '<row r="2" hidden="1">')), "sheet_hidden")
    cols = edited("frame", "<sheetData>", '<cols><col min="2" max="4" hidden="1"/></cols><sheetData>')
    yield kept("column_hidden", "sheets", pack(cols), "sheet_hidden")
    notes = sheet_xml([["Notes: do not read"], ["=1+1"]])
    yield kept("sheet_more", "sheets", pack(parts_of({"Read me": notes, **xml})), "sheet_unknown")
    many = {f"Sheet {n}": notes for n in range(300)}
    yield kept("sheets_many", "sheets", pack(parts_of({**xml, **many})), "sheet_unknown")
    who = sheet_xml([["building_id", "address"], ["B1", "1 CANARY STREET"]])
    yield kept("sheet_identity", "sheets", pack(parts_of({**xml, "Identity": who})), "sheet_identity")
    later = {t: sheet_xml([[_later(cell) for cell in row] for row in rows]) for t, rows in tables.items()}
    yield kept("from_1904", "sheets", pack(parts_of(later, properties='<workbookPr date1904="1"/>')))
    header = tables["frame"][0]
    odd_headers: tuple[tuple[str, Rows, str, str], ...] = (
        ("title", [["Survey of 2025"], *tables["frame"]], "", "header_not_found"),
        (
            "title_merged",
            [["Survey"], [None], *tables["frame"]],
            '<mergeCells><mergeCell ref="A1:H1"/></mergeCells>',
            "header_not_found",
        ),
        ("header_merged", tables["frame"], '<mergeCells><mergeCell ref="F1:G1"/></mergeCells>', "header_not_found"),
        ("header_two_rows", tables["frame"], '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>', "header_not_found"),
        ("header_none", tables["frame"][1:] * 30, "", "header_not_found"),
        ("header_none_short", tables["frame"][1:], "", "header_not_found"),
        ("header_twice", [[*header, "Source "], *tables["frame"][1:]], "", "header_duplicate"),
        ("header_short", [header[1:], tables["frame"][1][1:]], "", "header_missing"),
        ("sheet_empty", [], "", "file_empty"),
        ("header_alone", [header], "", "file_empty"),
        ("columns_many", [[*header, *(f"c{n}" for n in range(600))], *tables["frame"][1:]], "", "file_too_large"),
    )
    for name, rows, after, code in odd_headers:
        yield refused(name, "sheets", pack(small_parts({"frame": sheet_xml(rows, after=after)})), code)
    swapped = [[*reversed(row)] for row in tables["frame"]]
    yield kept("columns_swapped", "sheets", pack(small_parts({"frame": sheet_xml(swapped)})))
    extra = [[*header[:3], "remark", *header[3:]], *([*row[:3], "x", *row[3:]] for row in tables["frame"][1:])]
    yield kept("column_extra", "sheets", pack(small_parts({"frame": sheet_xml(extra)})), "header_unknown")
    named = [[*header, "occupier_name"], *([*row, "CANARY"] for row in tables["frame"][1:])]
    yield kept("column_personal", "sheets", pack(small_parts({"frame": sheet_xml(named)})), "personal_column")
    far = [[*header, *[None] * 900, "far"], *tables["frame"][1:]]
    yield kept("header_far", "sheets", pack(small_parts({"frame": sheet_xml(far)})), "header_unknown")


def _later(cell: Cell) -> Cell:
    """Return a day as it is counted from 1904."""
    if isinstance(cell, Raw) and f's="{DAY}"' in cell:
        start = cell.index("<v>") + 3
        return Raw(f"{cell[:start]}{int(cell[start : cell.index('</v>')]) - 1462}</v></c>")
    return cell


def cells() -> Iterator[Case]:
    """Cells whose kind is not what their column declares."""
    day = day_number("2025-01-06")
    true = Raw('<c r="{r}" t="b"><v>1</v></c>')
    link = '<hyperlinks><hyperlink ref="A{n}" r:id="rId9"/></hyperlinks>'
    yield spoilt("id_number", "surveyors", "surveyor_id", 7, "id_mangled")
    yield spoilt("id_zeros", "surveyors", "surveyor_id", number(7, PLAIN_ZEROS), "id_mangled")
    yield spoilt("id_large", "surveyors", "surveyor_id", number("1E5"), "id_mangled")
    yield spoilt("id_date", "surveyors", "surveyor_id", number(day, DAY), "id_mangled")
    yield spoilt("id_zero_date", "surveyors", "surveyor_id", number(0, DAY), "id_mangled")
    yield spoilt("id_true", "surveyors", "surveyor_id", true, "cell_type")
    yield spoilt("id_formula", "surveyors", "surveyor_id", formula('"V"&2', "V2", "str"), "cell_formula")
    yield spoilt("id_formula_text", "surveyors", "surveyor_id", "=V2", "cell_formula")
    yield spoilt("id_link", "surveyors", "surveyor_id", "V2", "cell_formula", after=link)
    yield spoilt("id_error", "surveyors", "surveyor_id", Raw('<c r="{r}" t="e"><v>#N/A</v></c>'), "cell_error")
    yield spoilt("id_nul", "surveyors", "surveyor_id", "V_x0000_2", "file_nul", "id_format")
    yield spoilt("id_hidden_character", "surveyors", "surveyor_id", "V\u200b2", "id_format")
    yield spoilt("text_true", "surveyors", "org", true, "cell_type")
    yield spoilt("text_date", "surveyors", "org", number(day, DAY), "cell_type")
    yield spoilt("text_iso_date", "surveyors", "org", Raw('<c r="{r}" t="d"><v>2025-01-06</v></c>'), "cell_type")
    yield spoilt("text_dressed", "surveyors", "org", number(7, PLAIN_ZEROS), "cell_type")
    yield spoilt("text_formula", "surveyors", "org", formula("A1", "Survey Co", "str"), "cell_formula")
    yield spoilt("text_long", "surveyors", "org", "x" * 40_000, "cell_too_long")
    yield spoilt(
        "text_vast", "surveyors", "org", "".join(str(n * 7919 % 1_000_003) for n in range(1_500_000)), "cell_too_long"
    )
    yield spoilt("date_serial", "surveyors", "training_date", day, "cell_type", "date_format")
    yield spoilt("date_zero", "surveyors", "training_date", number(0, DAY), "cell_type", "date_format")
    yield spoilt("date_leap_1900", "surveyors", "training_date", number(60, DAY), "cell_type", "date_format")
    yield spoilt("date_far", "surveyors", "training_date", number(2_958_466, DAY), "cell_type", "date_format")
    yield spoilt("date_time", "surveyors", "training_date", number(day + 0.5, MOMENT), "date_format")
    yield spoilt("date_true", "surveyors", "training_date", true, "date_format")
    yield spoilt("date_british", "surveyors", "training_date", "03/04/2025", "date_ambiguous")
    yield spoilt("date_formula", "surveyors", "training_date", formula("TODAY()", day), "cell_formula", "date_format")
    yield spoilt("time_no_zone", "measurements", "start_utc", number(day + 60.5, MOMENT), "time_zone")
    yield spoilt("word_true", "measurements", "technology", true, "cell_type", "category_unknown")
    yield spoilt(
        "word_formula", "measurements", "technology", formula("A1", "wifi", "str"), "cell_formula", "category_unknown"
    )
    yield spoilt("number_true", "measurements", "packets_sent", true, "number_format")
    yield spoilt("number_date", "measurements", "packets_sent", number(day, DAY), "number_format")
    yield spoilt("number_text_unit", "measurements", "packets_sent", "1000 pk", "unit_in_cell")
    yield spoilt("number_fraction", "measurements", "packets_sent", 1000.5, "number_format")
    yield spoilt("number_infinite", "measurements", "packets_sent", number("1e400"), "number_format")
    yield spoilt("number_nan", "measurements", "packets_sent", number("NaN"), "sentinel")
    yield spoilt(
        "number_error", "measurements", "packets_sent", Raw('<c r="{r}" t="e"><v>#DIV/0!</v></c>'), "cell_error"
    )
    yield spoilt("formula_no_value", "measurements", "packets_sent", formula("A1*2"), "cell_formula", "number_format")
    yield spoilt("formula_error", "measurements", "packets_sent", formula("1/0", "#DIV/0!", "e"), "cell_error")
    yield spoilt(
        "formula_blank", "measurements", "packets_sent", formula('""', "", "str"), "cell_formula", "number_format"
    )
    yield spoilt("type_unknown", "measurements", "packets_sent", Raw('<c r="{r}" t="zz"><v>5000</v></c>'), "cell_type")
    spread = Raw('<c r="{r}" t="str"><f t="array" ref="A3:B3">X</f><v>V2</v></c>')
    yield spoilt("array_over_ids", "surveyors", "org", spread, "cell_formula", place="surveyors!A3")
    computed = small_tables()["measurements"]
    computed[1][5] = formula("2440*10^6", 2440000000)
    yield kept("formula_value", "cells", pack(small_parts({"measurements": sheet_xml(computed)})), "formula_value")
    shared = edited("frame", text("Census 2011").replace("{r}", "F2"), '<c r="F2" t="str"><v>Census 2011</v></c>')
    yield kept("text_of_str", "cells", pack(shared))
    long = edited("frame", "<v>1000</v>", "<v>1000.0000000000000</v>")
    yield kept("number_long", "cells", pack(long))


def rows() -> Iterator[Case]:
    """Rows that are no rows of the table."""
    blank: Rows = [[None]]
    yield with_rows("units", "surveyors", [["[text]", "[text]", "[date]"]], "date_format")
    total: Rows = [*blank, ["Total", None, None]]
    yield with_rows("summary", "surveyors", total, "required_missing")
    far = Raw('<c r="XFD{n}" t="inlineStr"><is><t>x</t></is></c>')
    parts = edited("surveyors", "</sheetData>", f'<row r="1048576">{far.replace("{n}", "1048576")}</row></sheetData>')
    codes = ("required_missing", "row_long")
    yield Case("stray_corner", "rows", "stray_corner.xlsx", "quarantine", codes, (), 1, pack(parts))
    parts = edited("surveyors", "</sheetData>", '<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>')
    codes = ("id_mangled", "required_missing")
    yield Case("stray_below", "rows", "stray_below.xlsx", "quarantine", codes, (), 1, pack(parts))
    beyond = '<row r="2000000"><c r="A2000000" t="inlineStr"><is><t>V9</t></is></c></row></sheetData>'
    codes = ("required_missing", "row_far")
    data = pack(edited("surveyors", "</sheetData>", beyond))
    yield Case("beyond_sheet", "rows", "beyond_sheet.xlsx", "quarantine", codes, (), 1, data)
    spare = typed_rows("surveyors", "surveyor_id,org,training_date\nV2,Survey Co,2025-01-06\n")[1]
    yield with_rows("cell_right", "surveyors", [[*spare, None, "see me"]], "row_long")
    merge = '<mergeCells><mergeCell ref="B3:C3"/></mergeCells>'
    yield with_rows("merged", "surveyors", [["V2", "Survey Co", None]], "cell_merged", after=merge)
    yield with_rows("duplicate", "surveyors", [small_tables()["surveyors"][1]], "duplicate")
    yield with_rows("formula_blanks", "surveyors", [[formula('""', "", "str")] * 3], "cell_formula", "date_format")


FAMILIES = (not_workbooks, archives, markup, sheets, cells, rows)


def all_cases() -> list[Case]:
    """Return every case."""
    found = [case for family in FAMILIES for case in family()]
    assert len({case.id for case in found}) == len(found)
    return found


def write_corpus(folder: Path) -> list[Case]:
    """Write every workbook and the manifest."""
    folder.mkdir(parents=True)
    found = all_cases()
    for case in found:
        (folder / case.input).write_bytes(case.data)
    (folder / "manifest.json").write_text(json.dumps([case.facts() for case in found], indent=1), encoding="utf-8")
    return found


if __name__ == "__main__":
    write_corpus(Path(sys.argv[1]))
