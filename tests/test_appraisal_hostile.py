"""Hostile and broken appraisals: one clear refusal, never a traceback, never an answer from half a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from tests.test_appraisal import EXAMPLE, REGISTER, ROW, SCORES, TOML, WEIGHTS, change

from smarthan.analysis import AppraisalError, copy_appraisal, read_appraisal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "appraisal"))


def refuse(path: Path) -> pd.DataFrame:
    with pytest.raises(AppraisalError) as caught:
        read_appraisal(path)
    return caught.value.problems.query("severity == 'error'").reset_index(drop=True)


TOML_TEXTS: dict[str, tuple[str, str, str]] = {
    "empty": ("", "key_missing", "is missing"),
    "no toml": ("<html>", "toml_syntax", "not valid TOML"),
    "nested": ("a = " + "[" * 3000 + "]" * 3000, "toml_syntax", "nested too deeply"),
    "endless digits": ("a = " + "9" * 5000, "toml_syntax", "cannot be read"),
    "options are a word": ('options = "none"', "key_type", "a [list]"),
    "options are numbers": ("options = [1, 2]", "key_type", "a {table}"),
}
TOML_CHANGES: dict[str, tuple[str, str, str, str]] = {
    "nan in a range": ("range = [0, 120]", "range = [nan, 120]", "number_not_finite", "finite"),
    "inf in a value": ("[[-10, 0], [0, 40]", "[[-10, 0], [0, inf]", "number_not_finite", "finite"),
    "a number of 400 digits": ("range = [0, 120]", "range = [0, " + "9" * 400 + "]", "value_range", "or less"),
    "a range of nothing": ("range = [0, 120]", "range = [0, 1e-300]", "range_reversed", "too narrow"),
    "a range of three": ("range = [0, 120]", "range = [0, 60, 120]", "range_missing", "no range of two"),
    "a boolean as a number": ("premises     = 1300000", "premises     = true", "key_type", "a number"),
    "key twice": ('baseline  = "zb24"', 'baseline  = "zb24"\nbaseline = "tp"', "toml_syntax", "line|column"),
    "a trial without end": ("max_buildings = 200", "max_buildings = 999999999", "value_range", "or less"),
    "a label of another type": ('label = "Ethernet"', "label = 5", "key_type", "text in"),
    "no better": ('unit = "GBP", better = "low", range = [0, 120]', 'unit = "GBP", range = [0, 120]', "better_missing",
                  "which end"),
    "a value that is a word": ('range = [0, 120], value = "linear"', 'range = [0, 120], value = "log"', "value_points",
                               "linear"),
    "a trial of money": ('criterion = "reach_flat"', 'criterion = "capex"', "trial_criterion", "no share"),
    "no such trial option": ('options = ["zb868", "dual"', 'options = ["zb868", "dul"', "id_unknown", "Nearest: dual"),
    "an unknown status": ('status    = "draft"', 'status    = "final"', "value_not_allowed", "draft, agreed"),
}  # fmt: skip


@pytest.mark.parametrize("name", TOML_TEXTS)
def test_a_structure_that_is_none(folder: Path, name: str) -> None:
    text, code, words = TOML_TEXTS[name]
    (folder / TOML).write_text(text)
    problems = refuse(folder)
    assert code in set(problems["code"])
    assert problems["message"].str.contains(words, regex=False).any()
    assert set(problems["file"]) == {TOML}


@pytest.mark.parametrize("name", TOML_CHANGES)
def test_one_faulty_key_is_told_once_and_hides_nothing(folder: Path, name: str) -> None:
    old, new, code, words = TOML_CHANGES[name]
    change(folder, TOML, old, new)
    change(folder, SCORES, "zb868,maturity,panel,field", "zb868,maturity,panel,prodct")
    problems = refuse(folder)
    told = problems[problems["file"].eq(TOML)]
    assert told["code"].tolist() == [code]
    assert told["message"].str.contains(words).all()
    if code != "toml_syntax":
        assert "level_unknown" in set(problems["code"])
        assert set(problems["code"]) <= {code, "level_unknown", "weight_no_swing"}


def test_faults_of_many_keys_and_rows_come_together(folder: Path) -> None:
    change(folder, TOML, "premises     = 1300000", "premises     = 0")
    change(folder, TOML, 'status    = "draft"', 'status    = "final"')
    change(folder, TOML, '{id = "minor", value = 70', '{id = "minor", value = "70"')
    change(folder, WEIGHTS, "panel,power,15,", "panel,power,-15,")
    change(folder, REGISTER, "E14,Gate", "E13,Gate")
    problems = refuse(folder)
    assert {"value_range", "value_not_allowed", "key_type", "weight_negative", "id_twice"} <= set(problems["code"])
    assert "level_unknown" not in set(problems["code"])  # words of a faulty scale cannot be judged


@pytest.mark.parametrize("name", [SCORES, WEIGHTS, REGISTER])
def test_tables_of_another_encoding_are_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_text().replace("a", "\xe4").encode("cp1252"))
    problems = refuse(folder)
    assert problems.loc[problems["file"].eq(name), "code"].tolist() == ["file_encoding"]


def test_a_structure_of_another_encoding_or_size_is_refused(folder: Path) -> None:
    text = (folder / TOML).read_text()
    (folder / TOML).write_bytes(text.replace("invented", "\xe4").encode("cp1252"))
    assert refuse(folder)["code"].tolist() == ["file_encoding"]
    (folder / TOML).write_text(text + "#" * (1 << 20))
    assert refuse(folder)["code"].tolist() == ["file_too_large"]
    (folder / TOML).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_appraisal(folder).id == "wired-han-phase3-example"


@pytest.mark.parametrize(
    "cell", ["1" * 400, "0x10", "1_000", "\u0661\u0662", "\u221246", "46,0", "(46)", "46%", "true"]
)
def test_what_is_no_plain_number_is_refused(folder: Path, cell: str) -> None:
    change(folder, SCORES, ROW, ROW.replace(",46,", f',"{cell}",'))
    problems = refuse(folder)
    assert problems["code"].tolist() == ["number_format"]
    assert len(problems.loc[0, "message"]) < 200


def test_a_message_is_bounded_and_the_table_has_all(folder: Path) -> None:
    text = (folder / SCORES).read_text().splitlines()
    rows = [line.replace("zb24,", "zb42,", 1) for line in text[1:]]
    (folder / SCORES).write_text("\n".join([text[0], *rows * 5]) + "\n")
    with pytest.raises(AppraisalError) as caught:
        read_appraisal(folder)
    assert str(caught.value).count("\n") == 51
    assert "more, in .problems" in str(caught.value)
    assert len(caught.value.problems) > 500


def test_an_unknown_level_called_none_survives_or_is_told(folder: Path) -> None:
    change(folder, TOML, '{id = "none", value = 100', '{id = "None", value = 100')
    scores = (folder / SCORES).read_text().replace(",disruption,panel,none,", ",disruption,panel,None,")
    (folder / SCORES).write_text(scores)
    appraisal = read_appraisal(folder)
    assert appraisal.matrix().loc["zb24", "disruption"] == "None"
    assert read_appraisal(copy_appraisal(folder, folder / "mine.xlsx")) == appraisal


def test_a_gate_and_a_swing_are_no_numbers(folder: Path) -> None:
    change(folder, SCORES, "zb24,app,panel,yes,", "zb24,app,panel,yes,5")
    change(folder, WEIGHTS, "panel,power,15,", "panel,power,1e13,")
    problems = refuse(folder)
    assert problems[["code", "criterion"]].values.tolist() == [["level_unknown", "app"], ["weight_nan", "power"]]


def test_counts_are_of_shares(folder: Path) -> None:
    change(folder, SCORES, "zb24,capex,panel,,14,,,,,", "zb24,capex,panel,,,,,,20,10")
    problems = refuse(folder)
    assert problems["code"].tolist() == ["counts"]
    assert "a share from 0 to 1, but capex is measured in GBP" in problems.loc[0, "message"]


def test_a_published_appraisal_without_faults_is_read(folder: Path) -> None:
    change(folder, SCORES, "lpwan,reach_flat,panel,,,,,,,,,,,", "lpwan,reach_flat,panel,,,,,,,,,E11,low,")
    change(folder, TOML, 'status    = "draft"', 'status    = "published"')
    assert "evidence_missing" not in set(read_appraisal(folder).problems()["code"])
    change(folder, SCORES, "lpwan,reach_flat,panel,,,,,,,,,E11,low,", "lpwan,reach_flat,panel,,,,,,,,,,low,")
    assert refuse(folder)[["code", "option"]].values.tolist() == [["evidence_missing", "lpwan"]]


def test_warnings_name_their_line(folder: Path) -> None:
    change(folder, REGISTER, "2013-04-25", "2003-04-25")
    change(folder, WEIGHTS, "panel,power,15,,,,,\n", "")
    change(folder, SCORES, ROW, ROW.replace("E04", ""))
    problems = read_appraisal(folder).problems().set_index("code")
    assert problems.loc["evidence_old", "line"] == 13
    assert problems.loc["weight_unlisted", "line"] == 2
    assert problems.loc["evidence_missing", ["line", "option", "criterion"]].tolist() == [89, "bbplc", "capex"]


def test_an_id_that_stands_twice_is_told_at_the_second(folder: Path) -> None:
    change(folder, TOML, '{id = "eth",', '{id = "tp",')
    problems = refuse(folder)
    line = (
        (folder / TOML)
        .read_text()
        .splitlines()
        .index(next(text for text in (folder / TOML).read_text().splitlines() if 'label = "Ethernet"' in text))
    )
    assert problems.loc[problems["code"].eq("id_twice"), "line"].tolist() == [line + 1]
