"""One workbook instead of a folder: the same appraisal, the same problems, each at its cell."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.test_appraisal import EXAMPLE, FAULTS, REGISTER, ROW, SCORES, TOML, WEIGHTS, change

from smarthan.analysis import AppraisalError, copy_appraisal, read_appraisal, sample_appraisal
from smarthan.analysis.appraisal.copying import table_text, toml_text
from smarthan.analysis.appraisal.draft import AppraisalDraft
from smarthan.analysis.appraisal.folder import FolderSource
from smarthan.analysis.appraisal.keys import TABLES
from smarthan.analysis.appraisal.reading import open_draft
from smarthan.analysis.appraisal.sheets import PAIR_ABOUT, PAIRS, SHEETS

Fill = Callable[[dict[str, list[list[Any]]]], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "appraisal"))


def refuse(path: Path) -> pd.DataFrame:
    with pytest.raises(AppraisalError) as caught:
        read_appraisal(path)
    return caught.value.problems.query("severity == 'error'").reset_index(drop=True)


def sheets_of(path: Path) -> dict[str, list[list[Any]]]:
    """Return the cells of an appraisal's workbook, as a person would type them: numbers as numbers."""
    draft = open_draft(path)
    from smarthan.analysis.appraisal.copying import _plan

    cells: dict[str, list[list[Any]]] = {}
    for name, table in SHEETS.items():
        rows = [[row.get(column, "") for column in table.names] for row in _plan(draft, name).rows]
        cells[name] = [list(table.names), *rows]
    return cells


def write_book(path: Path, cells: dict[str, list[list[Any]]]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": True, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in cells.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(number, column, dt.datetime.combine(cell, dt.time()), day)
                    elif cell != "":
                        sheet.write(number, column, cell)
    return path


def test_every_key_and_column_is_explained() -> None:
    assert set(PAIR_ABOUT) == set(PAIRS)
    assert all(field.about.endswith(".") for table in SHEETS.values() for field in table.fields)


def test_the_example_is_the_same_in_a_workbook(tmp_path: Path) -> None:
    book = copy_appraisal(EXAMPLE, tmp_path / "example.xlsx")
    from_folder, from_book = read_appraisal(EXAMPLE), read_appraisal(book)
    assert from_book == from_folder
    assert from_book.score().table.equals(from_folder.score().table)
    counts = [each.simulate(4096, seed=7).rank_acceptability() for each in (from_folder, from_book)]
    pd.testing.assert_frame_equal(*counts)
    problems = from_book.problems()
    assert problems["code"].tolist() == from_folder.problems()["code"].tolist()
    assert set(problems["file"]) == {"example.xlsx"}


def test_a_workbook_typed_by_hand_is_read(folder: Path, tmp_path: Path) -> None:
    cells = sheets_of(folder)
    for row in cells["evidence"][1:]:
        row[3] = dt.date.fromisoformat(row[3])
    pairs = {row[0]: row for row in cells["appraisal"]}
    pairs["as_of"][1], pairs["synthetic"][1] = dt.date(2013, 6, 30), True
    cells["My notes"] = [["anything"]]
    read = read_appraisal(write_book(tmp_path / "mine.xlsx", cells))
    assert read == read_appraisal(folder)
    assert "sheet_unknown" in set(read.problems()["code"])
    assert "My notes" in set(read.problems()["line"])


def test_back_in_a_folder_it_is_the_same_again(tmp_path: Path) -> None:
    book = copy_appraisal(EXAMPLE, tmp_path / "example.xlsx")
    back = copy_appraisal(book, tmp_path / "back")
    assert read_appraisal(back) == read_appraisal(EXAMPLE)
    with pytest.raises(FileExistsError, match=r"holds appraisal\.toml, scores\.csv"):
        copy_appraisal(book, tmp_path / "back")
    with pytest.raises(FileExistsError, match="is there already"):
        copy_appraisal(back, book)
    assert copy_appraisal(EXAMPLE, book, replace=True) == book


CELLS = {
    "score_outside": "scores!E89",
    "order": "scores!FG",
    "weight_negative": "weights!C8",
    "level_unknown": "scores!D",
    "gate_p": "scores!K",
    "date_format": "evidence!D",
    "range_reversed": "criteria!A6",
    "baseline_missing": "appraisal",
    "scale_ends": "scales!A",
    "key_type": "appraisal!B",
}


# The rules are the same ones, only where they find a cell differs: a few of each sheet are enough.
SAMPLED = (*CELLS, "id_unknown", "duplicate", "value_points", "key_unknown", "money_criterion", "evidence_unknown")
ONE_OF_EACH = {fault[3]: fault[:3] for fault in FAULTS if fault[3] in SAMPLED}


@pytest.mark.parametrize("code", ONE_OF_EACH)
def test_each_fault_is_told_of_a_workbook_too(folder: Path, tmp_path: Path, code: str) -> None:
    file, old, new = ONE_OF_EACH[code]
    change(folder, file, old, new)
    told = refuse(folder)
    problems = refuse(copy_appraisal(folder, tmp_path / "faulty.xlsx"))
    about = ["code", "option", "criterion"]
    assert sorted(problems[about].values.tolist()) == sorted(told[about].values.tolist()), problems.to_string()
    place = problems.loc[problems["code"] == code, "line"].iloc[0]
    assert place.split("!")[0] in SHEETS
    if code in CELLS:
        sheet, _, cell = CELLS[code].partition("!")
        assert place.startswith(sheet)
        assert not cell or place.split("!")[1][0] in cell.rstrip("0123456789")


def test_the_cell_itself_is_named(folder: Path, tmp_path: Path) -> None:
    change(folder, SCORES, ROW, ROW.replace(",46,", ",460,").replace(",60,", ",600,"))
    change(folder, WEIGHTS, "panel,power,15,", "panel,power,-15,")
    change(folder, REGISTER, "E14,Gate", "E13,Gate")
    change(folder, TOML, 'better = "low", range = [0, 240]', 'better = "low", range = [240, 0]')
    problems = refuse(copy_appraisal(folder, tmp_path / "faulty.xlsx")).set_index("code")
    assert problems.loc["score_outside", "line"] == "scores!E89"
    assert problems.loc["weight_negative", "line"] == "weights!C8"
    assert problems.loc["id_twice", "line"] == "evidence!A15"
    assert problems.loc["range_reversed", "line"] == "criteria!A7"
    with pytest.raises(AppraisalError, match=r"faulty.xlsx scores!E89 \(bbplc, capex\): 460 GBP is outside"):
        read_appraisal(tmp_path / "faulty.xlsx")


def set_pair(cells: dict[str, list[list[Any]]], key: str, value: Any) -> None:
    next(row for row in cells["appraisal"] if row[0] == key)[1] = value


def drop(name: str) -> Fill:
    return lambda cells: cells.pop(name)


def put(name: str, row: int, column: int, value: Any) -> Fill:
    return lambda cells: cells[name][row].__setitem__(column, value)


BOOK_FAULTS: dict[str, tuple[Fill, str, str, str]] = {
    **{
        f"no sheet {name}": (drop(name), "sheet_missing", name, f"no sheet {name}; found")
        for name in ("appraisal", "options", "criteria", "scores", "weights", "evidence")
    },
    "formula in an id": (put("scores", 1, 0, "=options!A2"), "cell_formula", "scores!A2", "formula"),
    "formula in the structure": (put("criteria", 5, 5, "=1+1"), "cell_formula", "criteria", "range_low: a cell is a"),
    "formula as a value": (put("appraisal", 8, 1, "=1+1"), "cell_formula", "appraisal", "write its value"),
    "number as an id": (put("options", 1, 0, 24), "id_mangled", "options!A2", "leading zeros"),
    "truth as a word": (put("scores", 194, 3, True), "cell_type", "scores!D195", "true or false"),
    "day as a word": (put("scores", 194, 3, dt.date(2013, 1, 1)), "cell_type", "scores!D195", "is a date"),
    "serial as a day": (put("evidence", 1, 3, 41334), "cell_type", "evidence!D2", "bare number"),
    "error cell": (put("scores", 3, 4, "#DIV/0!"), "cell_error", "scores!E4", "restore the value"),
    "unknown column": (put("criteria", 0, 8, "scael"), "key_unknown", "criteria!I1", "Nearest: scale"),
    "no header": (put("scores", 0, 1, "criteron"), "header_missing", "scores!A1", "no column criterion"),
    "key twice": (
        lambda cells: cells["appraisal"].append(["title", "again"]), "key_twice", "appraisal!B", "keep one of the rows",
    ),
    "value without key": (
        lambda cells: cells["appraisal"].append(["", "lost"]), "required_missing", "appraisal!A", "names no key",
    ),
    "word without scale": (
        lambda cells: cells["scales"].append(["", "x", 5, ""]), "required_missing", "scales!A", "names no scale",
    ),
    "half a range": (put("criteria", 1, 6, ""), "range_missing", "criteria!A2", "low and high end"),
    "points not written so": (put("criteria", 3, 7, "0-0, 50-100"), "value_points", "criteria!A4", "0:0; 60:100"),
    "empty sheet": (lambda cells: cells.update(weights=[[]]), "file_empty", "weights", "sheet is empty"),
    "header alone": (lambda cells: cells.update(options=cells["options"][:1]), "file_empty", "options", "no data row"),
    "text beside the table": (lambda cells: cells["scores"][1].append("x"), "row_long", "scores!A2", "right of"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOOK_FAULTS)
def test_faults_that_only_a_workbook_has(folder: Path, tmp_path: Path, name: str) -> None:
    fill, code, place, words = BOOK_FAULTS[name]
    cells = sheets_of(folder)
    fill(cells)
    problems = refuse(write_book(tmp_path / "mine.xlsx", cells))
    told = problems[problems["code"].eq(code) & problems["line"].str.startswith(place)]
    assert len(told) == 1, problems.to_string()
    assert words in told["message"].item()
    # A formula without a last value counts as 0; an option under another name is one that nobody has scored.
    if name not in ("formula as a value", "number as an id", "header alone", "half a range"):
        assert len(problems) == 1, problems.to_string()


def test_sheets_that_may_be_left_out(folder: Path, tmp_path: Path) -> None:
    cells = sheets_of(folder)
    gates = {row[0] for row in cells.pop("gates")[1:]}
    cells["trials"] = [SHEETS["trials"].names]
    cells["scores"] = [row for row in cells["scores"] if row[1] not in gates]
    read = read_appraisal(write_book(tmp_path / "mine.xlsx", cells))
    assert len(read.gates) == 0
    assert read.trials == ()


def test_the_last_value_of_a_formula_counts_among_numbers_and_is_told(folder: Path, tmp_path: Path) -> None:
    cells = sheets_of(folder)
    cells["scores"][3][4] = "=-2-2"
    path = tmp_path / "mine.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsxwriter.worksheet.Worksheet, "_write_formula", _with_value(-4))
        write_book(path, cells)
    read = read_appraisal(path)
    assert read == read_appraisal(folder)
    assert "formula_value" in set(read.problems()["code"])


def _with_value(value: float) -> Any:
    plain = xlsxwriter.worksheet.Worksheet._write_formula
    return lambda self, row, col, formula, form=None, _=0: plain(self, row, col, formula, form, value)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0 old", b"<html>"], ids=repr)
def test_what_is_no_workbook_is_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(data)
    problems = refuse(path)
    assert problems["file"].tolist() == ["mine.xlsx"]
    assert problems["line"].tolist() == [""]


def test_a_workbook_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AppraisalError, match=r"none.xlsx: does not exist; check the path \[file_missing\]"):
        read_appraisal(tmp_path / "none.xlsx")


def test_what_cannot_be_copied_is_refused(folder: Path, tmp_path: Path) -> None:
    change(folder, TOML, '{id = "eth",   label = "Ethernet"', '{id = "eth", trial = ["a;b"], label = "Ethernet"')
    with pytest.raises(ValueError, match="holds a ;"):
        copy_appraisal(folder, tmp_path / "mine.xlsx")
    change(folder, TOML, 'trial = ["a;b"], ', "")
    change(folder, TOML, 'label = "Ethernet"', f'label = "{"x" * 40_000}"')
    with pytest.raises(ValueError, match="a cell holds 32,767"):
        copy_appraisal(folder, tmp_path / "mine.xlsx")
    (folder / SCORES).unlink()
    with pytest.raises(AppraisalError, match="file_missing"):
        copy_appraisal(folder, tmp_path / "mine.xlsx")
    assert not list(tmp_path.glob("*.xlsx"))


def test_text_that_a_spreadsheet_would_run_is_escaped_in_a_folder(folder: Path, tmp_path: Path) -> None:
    change(folder, SCORES, '"60 dwellings tested, 33 linked"', "=1+1")
    change(folder, SCORES, "no evidence: counted as missing", "@SUM(A1)")
    book = copy_appraisal(folder, tmp_path / "mine.xlsx")
    assert read_appraisal(book) == read_appraisal(folder)
    text = (copy_appraisal(book, tmp_path / "back") / SCORES).read_text()
    assert ",'=1+1\n" in text
    assert ",'@SUM(A1)\n" in text
    assert "zb24,margin,panel,,-4," in text


# Texts that a cell and a TOML string both hold; ids are ids.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=";\0\x0b\x0c"), max_size=20).map(str.strip)
labels = words.filter(bool)
numbers = st.floats(-1e6, 1e6).map(lambda x: x + 0.0)


@st.composite
def appraisals(draw: st.DrawFn) -> AppraisalDraft:
    """Return an appraisal as text: options, gates, criteria of every kind, scores of every kind, weights."""
    options = [{"id": f"o{n}", "label": draw(labels)} for n in range(draw(st.integers(2, 4)))]
    gates = [{"id": f"g{n}", "label": draw(labels)} for n in range(draw(st.integers(0, 2)))]
    ranges = draw(st.lists(st.tuples(numbers, st.floats(0.001, 1e6)), min_size=1, max_size=3))
    criteria: list[dict[str, Any]] = [
        {"id": f"c{n}", "label": draw(labels), "unit": draw(words), "better": draw(st.sampled_from(["high", "low"])),
         "range": [low, low + width], "value": "linear"}
        for n, (low, width) in enumerate(ranges)
    ]  # fmt: skip
    criteria[0]["group"] = draw(words.filter(lambda text: "/" not in text))
    low, high = criteria[-1]["range"]
    ends = [0.0, 100.0] if criteria[-1]["better"] == "high" else [100.0, 0.0]
    criteria[-1]["value"] = [[low, ends[0]], [(low + high) / 2, draw(st.floats(0, 100))], [high, ends[1]]]
    criteria += [{"id": "share", "label": "Share", "better": "high", "range": [0, 1]}]
    criteria += [{"id": "word", "label": "Word", "scale": "quality"}]
    levels = [
        {"id": "poor", "value": 0},
        {"id": "None", "value": 37.5, "means": draw(words)},
        {"id": "good", "value": 100},
    ]
    values = {
        "format": "smarthan-appraisal/1", "id": "made", "title": draw(labels), "status": "draft",
        "synthetic": draw(st.booleans()), "decision": draw(labels), "baseline": "o0",
        "as_of": draw(st.dates(dt.date(1890, 1, 1))), "max_regret": draw(st.floats(0, 100)),
        "options": options, "gates": gates, "criteria": criteria, "scales": {"quality": levels},
        "agreed": {"by": draw(words)}, "confidence": {"high": draw(st.floats(0, 1))},
    }  # fmt: skip
    rows = [_score(draw, option, criterion) for option in options for criterion in criteria]
    rows += [
        {"option": o["id"], "criterion": g["id"], "assessor": "panel", "level": "yes"} for o in options for g in gates
    ]
    weights = [
        {"assessor": "panel", "criterion": c["id"], "swing": repr(draw(st.floats(0.01, 100))), "note": draw(words)}
        for c in criteria
    ]
    day = draw(st.dates(dt.date(1890, 1, 1), dt.date(2100, 1, 1)))
    evidence = [{"id": "E1", "title": draw(labels), "kind": "claim", "date": str(day), "quality": "low"}]
    tables = {"scores": rows, "weights": weights, "evidence": evidence}
    return AppraisalDraft(
        FolderSource(Path()), values, values, {name: list(enumerate(tables[name], 2)) for name in tables}
    )


def _score(draw: st.DrawFn, option: dict[str, Any], criterion: dict[str, Any]) -> dict[str, str]:
    row = {"option": option["id"], "criterion": criterion["id"], "assessor": draw(labels), "evidence": "E1"}
    if draw(st.booleans()):
        return row | {"note": draw(words)}
    if "scale" in criterion:
        return row | {"level": draw(st.sampled_from(["poor", "None", "good"]))}
    if criterion["id"] == "share":
        n = draw(st.integers(1, 500))
        return row | {"n": str(n), "k": str(draw(st.integers(0, n)))}
    low, high = criterion["range"]
    three = sorted(low + (high - low) * draw(st.floats(0, 1)) for _ in range(3))
    ends = dict(zip(("low", "best", "high"), (repr(min(max(x, low), high)) for x in three), strict=True))
    return row | ends | {"confidence": draw(st.sampled_from(["", "high", "low"]))}


# An example takes a third of a second, so that shrinking a failure would take minutes.
_PHASES = [Phase.explicit, Phase.reuse, Phase.generate]


@settings(max_examples=5, deadline=None, phases=_PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(draft=appraisals())
def test_a_folder_and_its_workbook_are_one_appraisal(
    draft: AppraisalDraft, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("made")
    (folder / TOML).write_text(toml_text(draft.written), encoding="utf-8", newline="")
    for name in TABLES:
        (folder / f"{name}.csv").write_text(table_text(draft, name), encoding="utf-8", newline="")
    from_folder = read_appraisal(folder)
    from_book = read_appraisal(copy_appraisal(folder, folder / "made.xlsx"))
    for part in fields(from_folder):
        if part.compare:
            assert getattr(from_book, part.name) == getattr(from_folder, part.name), part.name
    assert from_book == from_folder
    assert from_book.problems()["code"].tolist() == from_folder.problems()["code"].tolist()
    pd.testing.assert_frame_equal(from_book.score().table, from_folder.score().table)
    first, second = (each.simulate(200, seed=3).rank_acceptability() for each in (from_folder, from_book))
    pd.testing.assert_frame_equal(first, second)


def test_the_sample_appraisal_has_no_line_in_its_equality() -> None:
    assert sample_appraisal() == sample_appraisal()
