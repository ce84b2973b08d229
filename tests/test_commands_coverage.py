"""`smarthan coverage diff` and `rollup`: what they print, write and refuse."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from smarthan.commands.differences import compare_releases
from smarthan.commands.opened import check_target, open_release
from smarthan.commands.outcome import Refused
from smarthan.commands.rollups import roll_release_up
from smarthan.coverage import read_matrix

HEADER = "postcode,csp_region,available,anticipated,wan_technology,likelihood,premises,premises_available\n"
BEFORE = HEADER + (
    "M1 1AE,North,true,,Cellular,High,20,20\nM1 1AF,North,false,2026-12-31,Cellular,Low,10,0\n"
    "SW1A 1AA,South,true,,Cellular,High,5,5\nLL57 2DP,Unknown,false,,None stated,,9,0\n"
)
AFTER = (
    HEADER
    + "M1 1AE,North,true,,Cellular,High,20,20\nM1 1AF,North,true,,Cellular,Low,10,10\nbad,North,true,,4G,High,1,1\n"
)


@pytest.fixture
def releases(tmp_path: Path) -> tuple[str, str]:
    for name, text, day in (("before", BEFORE, "2026-11-02"), ("after", AFTER, "2027-02-01")):
        (tmp_path / f"{name}.csv").write_text(text)
        (tmp_path / f"{name}.csv.release.toml").write_text(f'release_id = "{name}"\nas_of = "{day}"\n')
    return str(tmp_path / "before.csv"), str(tmp_path / "after.csv")


def test_diff_tells_and_counts(releases: tuple[str, str]) -> None:
    outcome = compare_releases(*releases, by="area")
    assert outcome.code == 1  # a row stands in quarantine
    assert "1 of 3 rows are in quarantine" in outcome.notes[0]
    document = json.loads(outcome.render("json"))
    counts = {row["change"]: row["locations"] for row in document["changes"]}
    assert (counts["gained"], counts["removed"], counts["added"]) == (1, 2, 0)
    assert [(row["area"], row["net"]) for row in document["net"]] == [("M", 10), ("SW", -5)]
    assert "gained" in outcome.text
    assert "postcodes removed, " in outcome.text
    assert "Covered premises by area: 2 of 2 changed" in outcome.text


def test_diff_writes_the_changed_locations(releases: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "changed.csv"
    outcome = compare_releases(*releases, out=out)
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert [row["postcode"] for row in rows] == ["LL57 2DP", "M1 1AF", "SW1A 1AA"]
    assert rows[1]["changes"] == "gained; planned_to_covered"
    assert rows[1]["anticipated_before"] == "2026-12-31"
    assert rows[1]["technology_before"] == "Cellular"
    assert outcome.text.endswith(f"3 changed locations -> {out}")


def test_releases_of_a_store_are_named_by_id(releases: tuple[str, str], tmp_path: Path) -> None:
    for path in map(Path, releases):
        read_matrix(path).matrix.save(tmp_path / "store" / "releases" / path.stem)
    outcome = compare_releases("before", "after", store=tmp_path / "store")
    assert "Changes from before (2026-11-02) to after (2027-02-01)" in outcome.text
    assert outcome.code == 0
    with pytest.raises(Refused, match="holds no release 'other'; it holds after, before"):
        compare_releases("before", "other", store=tmp_path / "store")


def test_what_is_not_there_is_refused_by_name(releases: tuple[str, str]) -> None:
    with pytest.raises(Refused, match="nowhere: does not exist"):
        compare_releases(releases[0], "nowhere")


@pytest.mark.parametrize(
    ("name", "words"), [("x.txt", "must end in .csv"), ("no/x.csv", "make it first"), ("folder.csv", "is a folder")]
)
def test_a_target_that_cannot_be_written_is_refused_first(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(Refused, match=words):
        check_target(tmp_path / name)
    assert not (tmp_path / "x.txt").exists()


def test_rollup_in_three_forms(releases: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "areas.csv"
    outcome = roll_release_up("area,likelihood", matrix=releases[0], out=out)
    document = json.loads(outcome.render("json"))
    assert document["by"] == ["area", "likelihood"]
    assert [(row["area"], row["weight"]) for row in document["rows"]] == [("LL", 0), ("M", 20), ("M", 10), ("SW", 5)]
    assert document["rows"][0]["share_covered"] is None
    assert "M · High" in outcome.text
    assert "1 locations are in no number above: all their rows are of CSP region Unknown (1)" in outcome.text
    assert "not known:" not in outcome.text
    table = pd.read_csv(out)
    assert table["release_id"].unique().tolist() == ["before"]
    printed = roll_release_up("area", matrix=releases[0], form="csv").text
    assert printed.splitlines()[0].startswith("area,locations,basis,weight,covered")
    assert len(printed.splitlines()) == 4


# A postcode well formed that no reference holds, as a withdrawn one is.
WITHDRAWN = "M1 9ZZ,North,true,,Cellular,High,7,7\n"


def test_what_the_reference_does_not_place_is_told_apart(releases: tuple[str, str]) -> None:
    with Path(releases[0]).open("a") as file:
        file.write(WITHDRAWN)
    rolled = roll_release_up("region", matrix=releases[0]).text
    assert "\nnot known: locations that today's postcode reference does not place" in rolled
    compared = compare_releases(*releases, by="region").text
    assert "  not known: in no region of today's postcode reference" in compared
    assert "not known: in no" not in compare_releases(*releases, by="area").text


def test_the_day_asked_moves_plans(releases: tuple[str, str]) -> None:
    import datetime as dt

    row = roll_release_up("area", matrix=releases[0], as_of=dt.date(2027, 1, 1)).document
    assert isinstance(row, dict)
    assert (row["asked_on"], row["rows"][1]["overdue"]) == ("2027-01-01", 10)


def test_long_tables_are_cut_on_a_terminal_only(tmp_path: Path) -> None:
    letters = "ABDEFGHJLN"
    rows = [f"M1 {digit}A{letter},North,true,,4G,High,1,1\n" for digit in range(1, 6) for letter in letters]
    rows += [f"M{number} 1AA,North,true,,4G,High,1,1\n" for number in range(2, 60)]
    (tmp_path / "m.csv").write_text(HEADER + "".join(rows))
    outcome = roll_release_up("sector", matrix=tmp_path / "m.csv")
    assert "... and 23 more" in outcome.text
    assert isinstance(outcome.document, dict)
    assert len(outcome.document["rows"]) == 63


def test_a_clean_release_is_code_0(releases: tuple[str, str]) -> None:
    assert open_release(releases[0]).code == 0


def test_the_command_line_reaches_both(releases: tuple[str, str]) -> None:
    smarthan = str(Path(sys.executable).with_name("smarthan"))
    told = subprocess.run(
        [smarthan, "coverage", "diff", *releases, "--format", "json"], capture_output=True, text=True, check=False
    )
    assert (told.returncode, json.loads(told.stdout)["after"]["release_id"]) == (1, "after")
    command = [smarthan, "coverage", "rollup", "--by", "planet", "--matrix", releases[0]]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "'planet' is not one of area" in told.stderr
    assert told.stdout == ""
