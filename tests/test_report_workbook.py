"""The workbook, read as the zip of XML that it is."""

import datetime as dt
import re
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smarthan.charts.tabular import csv_text, number_columns
from smarthan.report import ReportRefused
from smarthan.report.figures import Shown
from smarthan.report.workbook import write_workbook
from smarthan.report.workbook_rules import find_workbook_problems

FRAME = pd.DataFrame(
    {
        "type": ["Flat", "=1+1", "http://a.example"],
        "reach_share": [0.5, None, 0.25],
        "premises": [1200, 8, 3],
        "status": ["planned", "not answered", ""],
    }
)
WORDS = {"title": "Networks", "organisation": "A body", "as_of": dt.date(2026, 11, 2)}


def _shown(number: int = 1, **changes: Any) -> Shown:
    facts = {
        "kind": "table", "name": f"reach_{number}", "title": "Reach by type", "subtitle": "Homes, 2026", "alt": "",
        "source": "Trial", "n": "812 homes", "method": "", "notes": [], "synthetic": True, "columns": list(FRAME),
        "number_columns": number_columns(FRAME), "headings": {"type": "Type of home"}, "formats": {}, **changes,
    }  # fmt: skip
    return Shown("table", number, "01_a", facts, csv_text(FRAME), "", b"")


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    path = tmp_path_factory.mktemp("book") / "tables.xlsx"
    write_workbook([_shown(1), _shown(2)], path, **WORDS)  # type: ignore[arg-type]
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def test_one_table_a_sheet_at_column_a_with_unique_named_heads(parts: dict[str, str]) -> None:
    tables = [text for name, text in parts.items() if name.startswith("xl/tables/") and "reach" in text]
    assert len(tables) == 2
    for text in tables:
        assert re.search(r' ref="A\d+:', text)
        assert re.findall(r'<tableColumn [^>]*name="([^"]*)"', text) == [
            "Type of home",
            "Reach share",
            "Premises",
            "Status",
        ]
    names = {re.search(r'displayName="([^"]*)"', text)[1] for text in tables}  # type: ignore[index]
    assert names == {"table_reach_1", "table_reach_2"}


def test_nothing_runs_and_nothing_hides(parts: dict[str, str]) -> None:
    sheets = "".join(text for name, text in parts.items() if name.startswith("xl/worksheets/sheet"))
    assert "<f>" not in sheets
    assert 'hidden="1"' not in sheets
    assert 'state="hidden"' not in parts["xl/workbook.xml"]
    assert not [text for name, text in parts.items() if name.endswith(".rels") and "a.example" in text]


def test_cover_contents_and_document_information(parts: dict[str, str]) -> None:
    names = re.findall(r'<sheet name="([^"]*)"', parts["xl/workbook.xml"])
    assert names == ["Cover", "Contents", "Table 1", "Table 2"]
    assert "<dc:title>Networks</dc:title>" in parts["docProps/core.xml"]
    assert "<dc:creator>A body</dc:creator>" in parts["docProps/core.xml"]
    assert "2026-11-02T00:00:00Z" in parts["docProps/core.xml"]


def test_missing_cells_are_marked_and_states_stand_in_words(parts: dict[str, str]) -> None:
    strings = parts["xl/sharedStrings.xml"]
    for words in ("[x]", "[x] means not available.", "not answered", "Synthetic data", "(synthetic data)"):
        assert words in strings
    assert "0.0%" in parts["xl/styles.xml"]


def test_no_cell_of_a_table_is_empty(parts: dict[str, str]) -> None:
    # the sheet of table 1: every cell between its heads and its last row has a value
    sheet = next(text for name, text in parts.items() if name.startswith("xl/worksheets/sheet3"))
    reference = re.search(r' ref="A(\d+):D(\d+)"', parts["xl/tables/table2.xml"])
    assert reference is not None
    first, last = int(reference[1]), int(reference[2])
    for row in range(first, last + 1):
        for column in "ABCD":
            assert re.search(rf'<c r="{column}{row}"[^>]*><v>', sheet), f"{column}{row}"


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook([_shown()], tmp_path / name, **WORDS)  # type: ignore[arg-type]
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]


def test_a_hidden_sheet_and_a_blank_head_are_found(tmp_path: Path) -> None:
    path, spoilt = tmp_path / "good.xlsx", tmp_path / "spoilt.xlsx"
    write_workbook([_shown()], path, **WORDS)  # type: ignore[arg-type]
    assert find_workbook_problems(path) == []
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(spoilt, "w") as bad:
        for name in good.namelist():
            text = good.read(name)
            text = text.replace(b'<sheet name="Contents"', b'<sheet name="Contents" state="hidden"')
            bad.writestr(name, text.replace(b'name="Premises"', b'name=" "'))
    problems = " ".join(find_workbook_problems(spoilt))
    assert 'state="hidden"' in problems
    assert "blank or repeated column heading" in problems


SPOILT = [
    ("xl/sharedStrings.xml", "<t>not answered</t>", "<t>..</t>", "hold symbols alone (..)"),
    ("xl/sharedStrings.xml", "<t>not answered</t>", "<t>none [note 1]</t>", "[note 1] is used and not explained"),
    ("xl/sharedStrings.xml", "<t>not answered</t>", "<t> </t>", "1 cells of its table are empty, D"),
    ("xl/workbook.xml", "<workbookView ", '<workbookView activeTab="2" ', "open on its first sheet"),
    ("xl/workbook.xml", "</sheets>", '</sheets><definedName name="x">1</definedName>', "<definedName"),
    ("xl/workbook.xml", '"Cover"', '"Table 1"', "two sheets have one name"),
    ("xl/styles.xml", "</fills>", "<fill><patternFill/></fill></fills>", "filled with colour"),
    ("docProps/core.xml", "<dc:title>Networks</dc:title>", "", "hold no title"),
    ("xl/tables/table2.xml", 'ref="A', 'ref="B', "does not start in column A"),
    ("xl/tables/table2.xml", 'displayName="table_reach_1"', 'displayName="Table1"', "no meaningful name"),
    ("xl/worksheets/sheet3.xml", 'r="A1"', 'r="B1"', "its first cell holds no title"),
    ("xl/worksheets/_rels/sheet3.xml.rels", "../tables/table2.xml", "../gone.xml", "holds 0 marked tables"),
    ("xl/worksheets/sheet3.xml", "<sheetData>", '<mergeCell ref="A1:B1"/><sheetData>', "<mergeCell"),
]


@pytest.mark.parametrize(("part", "old", "new", "words"), SPOILT, ids=[words for *_, words in SPOILT])
def test_each_rule_of_the_checklist_is_held(tmp_path: Path, part: str, old: str, new: str, words: str) -> None:
    path, spoilt = tmp_path / "good.xlsx", tmp_path / "spoilt.xlsx"
    write_workbook([_shown()], path, **WORDS)  # type: ignore[arg-type]
    assert find_workbook_problems(path) == []
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(spoilt, "w") as bad:
        for name in good.namelist():
            text = good.read(name).decode()
            if name == part:
                assert old in text
                text = text.replace(old, new, 1)
            bad.writestr(name, text)
    assert words in " ".join(find_workbook_problems(spoilt))


def test_a_workbook_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportRefused, match="no chart and no table"):
        write_workbook([], tmp_path / "t.xlsx", **WORDS)  # type: ignore[arg-type]
