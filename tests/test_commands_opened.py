"""An input is read, never written over."""

import datetime as dt
import re
from pathlib import Path

import pytest

from smarthan.cli import main
from smarthan.commands.checks import check_coverage
from smarthan.commands.opened import check_target
from smarthan.commands.outcome import Refused

COVERAGE_COMMANDS = ("publish", "releases", "diff", "rollup", "boundaries")
RELEASE = "postcode,csp_region,available,wan_technology\nSW1A 1AA,South,true,Cellular\nX,South,true,Cellular\n"


def test_an_input_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(RELEASE)
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    for target in (path, link):
        with pytest.raises(Refused, match="is the input itself"):
            check_coverage(path, rejects=target)
        with pytest.raises(Refused, match="is the input itself"):
            check_target(target, inputs=[path])
    with pytest.raises(Refused, match="or a file of it"):
        check_target(path, inputs=[tmp_path])
    assert path.read_text() == RELEASE


PLANNED = """\
postcode,csp_region,available,anticipated,wan_technology
SW1A 1AA,south,true,,Cellular
SW1A 1AB,South,false,2199-12-31,Cellular
X,South,true,,Cellular
"""


def test_the_day_of_an_undated_release_judges_its_planned_dates(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(PLANNED)
    undated, dated = check_coverage(path), check_coverage(path, as_of=dt.date(2026, 11, 2))
    assert isinstance(undated.document, dict)
    assert isinstance(dated.document, dict)
    assert (undated.document["codes"], undated.document["as_of"]) == ({"postcode_length": 1}, None)
    assert dated.document["codes"] == {"date_range": 1, "postcode_length": 1}
    assert dated.document["as_of"] == "2026-11-02"
    assert "It states no day" in undated.text
    assert "It states no day" not in dated.text
    (fault,) = [line for line in dated.document["quarantine_lines"] if line["code"] == "date_range"]
    assert (fault["line"], fault["column"], fault["original"]) == (3, "anticipated", "2199-12-31")
    assert {(line["line"], line["code"]) for line in dated.document["note_lines"]} >= {(2, "category_spelling")}
    assert "m.csv: line 2, column csp_region: 'south' was read as the listed word" in dated.text


def test_a_document_lists_a_thousand_lines_and_counts_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    rows = [f"SW1A {n % 10}A{letter},south,true,Cellular\n" for n in range(10) for letter in "ABDEFGHJLN"]
    path.write_text("postcode,csp_region,available,wan_technology\n" + "".join(rows) + "X,South,true,4G\n" * 1_200)
    document = check_coverage(path).document
    assert isinstance(document, dict)
    assert (len(document["quarantine_lines"]), document["quarantine_lines_left_out"]) == (1_000, 200)
    assert (len(document["note_lines"]), document["note_lines_left_out"]) == (sum(document["notes"].values()), 0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            ["check", "appraisal", "here", "--as-of", "2026-11-02"],
            "--as-of 2026-11-02: belongs to check coverage and check trial",
        ),
        (["check", "coverage", "m.csv", "--as-of", "2.11.2026"], "--as-of: '2.11.2026' is not a day; write it as"),
        (["coverage", "rollup", "--by", "area", "--as-of", "2026-02-30"], "--as-of: '2026-02-30' is not a day"),
        (["coverage", "publish", "m.csv", "--as-of", "soon"], "--as-of: 'soon' is not a day"),
    ],
)
def test_a_day_that_is_none_is_told(given: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(given)
    assert left.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("command", [["check"], ["score"], ["report"], *(["coverage", n] for n in COVERAGE_COMMANDS)])
def test_help_names_what_to_write_not_how_it_is_read(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    shown = capsys.readouterr().out
    assert re.findall("<%Y|int range|--no-|--[a-z-]+ +<str>", shown) == []


def test_a_new_file_beside_the_input_is_welcome(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(RELEASE)
    check_target(tmp_path / "out.csv", inputs=[path, tmp_path])
    assert check_coverage(path, rejects=tmp_path / "rejects.csv").code == 1
