"""The one checked TOML loader: everything wrong in a settings file is told at once, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarthan.settings import Key, SettingsError, load_toml, read_toml

MODEL = {
    "title": Key("text", required=True),
    "draws": Key("integer", low=1),
    "share": Key("number", low=0, high=1),
    "on": Key("date"),
    "fast": Key("boolean"),
    "mode": Key("text", allowed=("draft", "final")),
    "value": Key(("text", "list")),
    "options": Key("list", items=Key("table", keys={"id": Key("text", required=True), "label": Key("text")})),
    "scales": Key("table", items=Key("list")),
    "pair": Key("list", items=Key("number")),
}


def load(folder: Path, text: str | bytes) -> dict[str, object]:
    path = folder / "a.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_toml(path, MODEL)


def refuse(folder: Path, text: str | bytes) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load(folder, text)
    return caught.value


def test_a_good_file_comes_back_as_it_stands(tmp_path: Path) -> None:
    text = 'title = "T"\nshare = 1\non = 2013-06-30\nvalue = [[1, 2]]\n[scales]\nmaturity = []\n'
    values = load(tmp_path, "\ufeff" + text)
    assert (values["title"], values["share"], values["scales"]) == ("T", 1, {"maturity": []})


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        pytest.param('title = "T"\ntitel = 1', "key_unknown", 2, "Nearest: title", id="unknown key"),
        pytest.param("draws = 3", "key_missing", None, '"title" is missing', id="missing key"),
        pytest.param('title = " "', "key_blank", 1, "empty", id="blank required text"),
        pytest.param('title = "T"\ndraws = true', "key_type", 2, "True (boolean)", id="boolean is no number"),
        pytest.param('title = "T"\ndraws = 2.5', "key_type", 2, "a whole number", id="fraction is no integer"),
        pytest.param("title = 2013-06-30", "key_type", 1, 'text in "quotes"', id="date is no text"),
        pytest.param('title = "T"\non = "2013-06-30"', "key_type", 2, "without quotes", id="text is no date"),
        pytest.param('title = "T"\non = 2013-06-30T10:00:00', "key_type", 2, "(time)", id="time is no date"),
        pytest.param('title = "T"\nshare = nan', "number_not_finite", 2, "nan", id="nan"),
        pytest.param('title = "T"\nshare = 1e400', "number_not_finite", 2, "inf", id="overflow"),
        pytest.param('title = "T"\npair = [1, inf]', "number_not_finite", 2, "pair[1]", id="inf in a list"),
        pytest.param('title = "T"\nshare = 1.1', "value_range", 2, "1 or less", id="above the range"),
        pytest.param('title = "T"\ndraws = 0', "value_range", 2, "1 or more", id="below the range"),
        pytest.param('title = "T"\nmode = "x"', "value_not_allowed", 2, "draft, final", id="word not allowed"),
        pytest.param('title = "T"\ntitle = "U"\n', "toml_syntax", 2, "column", id="key twice"),
        pytest.param('title = "T"\nfast = yes', "toml_syntax", 2, "not valid TOML", id="yes is not TOML"),
        pytest.param("draws = " + "9" * 5000, "toml_syntax", None, "cannot be read", id="huge integer"),
        pytest.param("a = " + "[" * 20000, "toml_syntax", None, "nested", id="nested brackets"),
        pytest.param('title = "caf\xe9"'.encode("cp1252"), "file_encoding", 1, "UTF-8", id="cp1252"),
        pytest.param("title = 'T'".encode("utf-16"), "file_encoding", 1, "UTF-8", id="utf-16"),
        pytest.param(b"#" * (1024 * 1024 + 1), "file_too_large", None, "1024 KiB", id="too large"),
        pytest.param("title = 'T'\n" + ".".join("a" * 5000) + " = 1", "key_unknown", 2, "not known", id="deep"),
    ],
)
def test_each_fault_has_its_code_line_and_words(
    tmp_path: Path, text: str | bytes, code: str, line: int | None, words: str
) -> None:
    (problem,) = refuse(tmp_path, text).problems
    assert (problem.code, problem.line) == (code, line)
    assert words in problem.message


def test_all_problems_are_told_together(tmp_path: Path) -> None:
    text = 'titel = "T"\nshare = "half"\noptions = [\n  {id = "a", lable = "A"},\n  {label = "B"},\n]\n'
    error = refuse(tmp_path, text)
    assert [p.code for p in error.problems] == ["key_unknown", "key_type", "key_unknown", "key_missing", "key_missing"]
    assert [p.line for p in error.problems][:3] == [1, 2, 4]
    assert "options[0].lable" in str(error)
    assert str(error).count("\n") == 4


def test_an_entry_of_a_list_is_found_by_its_id(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('options = [\n {id = "a", label = "A"},\n {id = "b", label = "B"},\n]\n')
    toml = read_toml(path)
    assert (toml.line_of("label", "b"), toml.line_of("label"), toml.line_of("options")) == (3, None, 1)


@pytest.mark.parametrize(("name", "code"), [("none.toml", "file_missing"), (".", "file_unreadable")])
def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(SettingsError, match="cannot be read") as caught:
        load_toml(tmp_path / name, MODEL)
    assert caught.value.problems[0].code == code
