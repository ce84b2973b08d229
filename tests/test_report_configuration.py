"""report.toml: checked as a whole before anything is done."""

import datetime as dt
from pathlib import Path

import pytest

from smarthan.report import ReportRefused
from smarthan.report.configuration import read_configuration
from smarthan.report.kinds import KINDS

PACK = '[pack]\nname = "demo"\ntitle = "A title"\norganisation = "A body"\nas_of = 2026-11-02\n'


def _write(folder: Path, text: str) -> Path:
    (folder / "matrix.csv").write_text("postcode\n")
    file = folder / "report.toml"
    file.write_text(text)
    return file


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    text = '[inputs]\nmatrix = "matrix.csv"\n[[notebook]]\nname = "01_a"\nparameters = {seed = 2}\nfast = {draws = 5}\n'
    found = read_configuration(_write(tmp_path, PACK + text))
    assert (found.title, found.as_of, found.inputs) == ("A title", dt.date(2026, 11, 2), {"matrix": "matrix.csv"})
    assert found.notebooks[0].parameters == {"seed": 2}
    assert found.path("matrix") == tmp_path / "matrix.csv"
    with pytest.raises(KeyError, match="names no input 'trial'"):
        found.path("trial")


def test_the_folder_stands_for_its_file(tmp_path: Path) -> None:
    _write(tmp_path, PACK)
    assert read_configuration(tmp_path).name == "demo"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PACK + '[inputs]\nmatrx = "matrix.csv"\n', 'key "inputs.matrx" is not known. Nearest: matrix'),
        (PACK + '[inputs]\nmatrix = "../matrix.csv"\n', "inside the folder"),
        (PACK + '[inputs]\nmatrix = "/etc/passwd"\n', "inside the folder"),
        (PACK + '[inputs]\nmatrix = "other.csv"\n', "there is no file or folder 'other.csv'"),
        (PACK.replace('"demo"', '"De mo"'), "lower case letters"),
        (PACK.replace("2026-11-02", '"2026-11-02"'), "must be a date"),
        (PACK + '[[notebook]]\nname = "a"\n[[notebook]]\nname = "a"\n', "stands twice"),
        ("[pack", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ReportRefused, match=r"report\.toml") as refused:
        read_configuration(_write(tmp_path, text))
    assert words in str(refused.value)


def test_a_link_out_of_the_folder_is_refused_and_one_within_is_not(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.csv").write_text("x\n")
    file = _write(tmp_path / "in", PACK + '[inputs]\nmatrix = "link.csv"\n')
    (tmp_path / "in" / "link.csv").symlink_to(tmp_path / "in" / "matrix.csv")
    assert read_configuration(file).inputs == {"matrix": "link.csv"}
    (tmp_path / "in" / "link.csv").unlink()
    (tmp_path / "in" / "link.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(ReportRefused, match="leads out of the folder"):
        read_configuration(file)


def test_titles_and_shared_parameters_are_read_and_words_are_one_line(tmp_path: Path) -> None:
    text = PACK + 'audience = "us"\n[report.coverage]\ntitle = "Cover"\n[parameters]\nseed = 3\n'
    found = read_configuration(_write(tmp_path, text))
    assert [found.title_of(KINDS[name]) for name in ("consultation", "coverage")] == ["A title", "Cover"]
    assert found.title_of(KINDS["characterisation"]).startswith("Building characterisation")
    assert (found.audience_of(KINDS["coverage"]), found.parameters) == ("us", {"seed": 3})
    text = (
        PACK.replace("A title", "A\\ntitle")
        + f'[report.coverage]\ntitle = "{"x" * 301}"\n[report.other]\ntitle = "y"\n'
    )
    with pytest.raises(ReportRefused, match=r'key "report\.other" is not known'):
        read_configuration(_write(tmp_path, text))
    with pytest.raises(ReportRefused) as refused:
        read_configuration(_write(tmp_path, text.split("[report.other]")[0]))
    assert len(refused.value.problems) == 2
    assert "report.coverage.title has 301 characters; give one line" in str(refused.value)


def test_everything_wrong_is_said_at_once_and_a_missing_file_too(tmp_path: Path) -> None:
    text = PACK.replace('"demo"', '"De mo"') + '[inputs]\nmatrix = "x.csv"\ntrial = "../t"\n'
    with pytest.raises(ReportRefused) as refused:
        read_configuration(_write(tmp_path, text))
    assert len(refused.value.problems) == 3
    with pytest.raises(ReportRefused, match="cannot be read"):
        read_configuration(tmp_path / "none.toml")
