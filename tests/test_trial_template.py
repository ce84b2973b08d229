"""The blank workbook: drop-downs and ranges from the declaration, nothing hidden, and filled in it reads back."""

import datetime as dt
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET  # our own files alone are parsed here

import pytest
import xlsxwriter

from smarthan.tables import Field, Table
from smarthan.trial_data import TRIAL_TABLES, read_trial, template, write_template
from smarthan.trial_data.template_notes import say_notes

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DAY = dt.date(2026, 6, 30)
each_table = pytest.mark.parametrize("name", TRIAL_TABLES)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_template(tmp_path_factory.mktemp("template") / "blank.xlsx")


def part(book: Path, name: str) -> str:
    with zipfile.ZipFile(book) as packed:
        return packed.read(name).decode()


def sheet_of(book: Path, name: str) -> ET.Element:
    names = re.findall(r'<sheet name="([^"]*)"', part(book, "xl/workbook.xml"))
    return ET.fromstring(part(book, f"xl/worksheets/sheet{names.index(name) + 1}.xml"))


def rules_of(book: Path, name: str) -> list[ET.Element]:
    return list(sheet_of(book, name).iter(f"{SHEET}dataValidation"))


def test_a_sheet_a_table_after_the_notes_and_none_for_identity(blank: Path) -> None:
    names = re.findall(r'<sheet name="([^"]*)"', part(blank, "xl/workbook.xml"))
    assert names == ["notes", *TRIAL_TABLES]


@each_table
def test_header_in_row_one_frozen_with_each_column_typed_and_explained(blank: Path, name: str) -> None:
    sheet, table = sheet_of(blank, name), TRIAL_TABLES[name]
    strings = re.findall(r"<t[^>]*>([^<]*)</t>", part(blank, "xl/sharedStrings.xml"))
    cells = [cell for row in sheet.iter(f"{SHEET}row") for cell in row]
    assert [strings[int(cell.findtext(f"{SHEET}v") or "")] for cell in cells] == table.names
    assert {cell.get("r", "")[-1] for cell in cells} == {"1"}
    assert next(sheet.iter(f"{SHEET}pane")).get("state") == "frozen"
    rules = rules_of(blank, name)
    assert len(rules) == len(table.fields)
    for field, rule in zip(table.fields, rules, strict=True):
        assert rule.get("promptTitle") == (f"{field.name} (required)" if field.required else field.name)
        assert (rule.get("prompt") or "").startswith(field.about[:-1][:240])
        assert len(rule.get("prompt") or "") <= 255
        assert len(rule.get("error") or "") <= 255
        if field.kind == "category":
            assert rule.findtext(f"{SHEET}formula1") == f'"{",".join(field.allowed)}"'
        if field.low is not None and field.high is not None:
            bounds = [float(rule.findtext(f"{SHEET}formula{n}") or "") for n in (1, 2)]
            assert bounds == [field.low, field.high]


def test_nothing_is_hidden_merged_named_or_commented(blank: Path) -> None:
    with zipfile.ZipFile(blank) as packed:
        for name in packed.namelist():
            assert not re.search("comments|vbaProject|externalLink|drawing|pivot", name)
            text = packed.read(name).decode()
            for mark in ('hidden="1"', 'state="hidden"', "<definedName", "<mergeCell ", "<f>", "<hyperlink"):
                assert mark not in text, (name, mark)
    assert "UPRN" in " ".join(words for _, words in say_notes())


def test_the_same_declaration_gives_the_same_bytes(blank: Path, tmp_path: Path) -> None:
    assert write_template(tmp_path / "again.xlsx").read_bytes() == blank.read_bytes()


def test_a_survey_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_text("a survey")
    with pytest.raises(FileExistsError, match="a survey may stand in it"):
        write_template(path)
    assert path.read_text() == "a survey"
    assert write_template(path, replace=True).stat().st_size > 10_000
    with pytest.raises(ValueError, match=r"let it end in \.xlsx"):
        write_template(tmp_path / "mine.csv")


def test_words_too_long_for_a_rule_stand_on_a_sheet_that_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = tuple(f"a_rather_long_word_{number:02d}" for number in range(20))
    table = Table("odd", "A table.", (Field("n", "integer", "A count."), Field("w", "category", "A.", allowed=words)))
    monkeypatch.setattr(template, "TRIAL_TABLES", {"odd": table})
    book = write_template(tmp_path / "odd.xlsx")
    assert rules_of(book, "odd")[1].findtext(f"{SHEET}formula1") == "lists!$A$2:$A$21"
    assert len(list(sheet_of(book, "lists").iter(f"{SHEET}row"))) == 21


def fill(blank: Path, path: Path, rows: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the template again with rows in it, as a person would type them: numbers, dates, words, text."""
    add = template._add_table

    def add_filled(book: xlsxwriter.Workbook, formats: dict, table: Table, places: dict) -> None:
        add(book, formats, table, places)
        sheet = book.get_worksheet_by_name(table.name)
        lines = rows.get(table.name, "").splitlines()
        for number, line in enumerate(lines[1:], start=1):
            for name, cell in zip(lines[0].split(","), line.split(","), strict=True):
                column, kind = table.names.index(name), table.by_name[name].kind
                form = formats[template._FORMS.get(kind, "text")]
                if cell and kind in ("integer", "number"):
                    sheet.write_number(number, column, float(cell), form)
                elif cell and kind == "date":
                    sheet.write_datetime(number, column, dt.datetime.fromisoformat(cell), form)
                elif cell:
                    sheet.write_string(number, column, cell, form)

    monkeypatch.setattr(template, "_add_table", add_filled)
    shutil.copy(blank, path)
    return write_template(path, replace=True)


def test_a_filled_template_reads_like_the_csv_files(
    blank: Path,
    tmp_path: Path,
    small_trial: dict[str, str],
    write_small_trial: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from_files = read_trial(write_small_trial(), day=DAY)
    filled = fill(blank, tmp_path / "filled.xlsx", small_trial, monkeypatch)
    from_book = read_trial(filled, day=DAY)
    assert from_book.quarantine.empty
    assert from_book.notes[["table", "code"]].to_numpy().tolist() == [
        ["wiring", "table_empty"],
        ["noise", "table_empty"],
    ]
    assert all(from_book[name].equals(from_files[name]) for name in TRIAL_TABLES)


def test_rows_of_a_workbook_are_mended_by_sheet_and_row(
    blank: Path, tmp_path: Path, small_trial: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {**small_trial, "locations": small_trial["locations"].replace("L4,B2,D2,ihd", "L4,B2,D2,idh")}
    filled = fill(blank, tmp_path / "filled.xlsx", wrong, monkeypatch)
    files = read_trial(filled, day=DAY).write_quarantine(tmp_path / "mend")
    text = files[0].read_text()
    assert "filled.xlsx!locations,5,,category_unknown" in text
    files[0].write_text(text.replace(",idh,", ",ihd,"))
    trial = read_trial(filled, day=DAY, mended=tmp_path / "mend")
    assert trial.quarantine.empty
    mended = trial.notes[trial.notes["code"].eq("cell_mended")]
    assert mended[["line", "original"]].to_numpy().tolist() == [["locations!D5", "idh"]]
