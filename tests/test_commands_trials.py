"""`smarthan check trial` and `smarthan trial`: what they say, write, refuse, and their exit codes."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from smarthan.commands.outcome import Refused
from smarthan.commands.trial_checks import LISTED, check_trial, tell_of_waiting
from smarthan.commands.trials import make_template, write_synthetic

Write = Callable[..., Path]
SMARTHAN = Path(sys.executable).with_name("smarthan")
DAY = "2026-06-30"


@pytest.fixture
def faulty(write_small_trial: Write) -> Path:
    return write_small_trial(paths=("CH-IHD,2.9", "CH-IHD,far"), visits=("complete,1.0\nT2", "complete, 1.0\nT2"))


@pytest.fixture
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("beside")


def test_a_clean_trial_says_that_it_can_be_used(write_small_trial: Write) -> None:
    outcome = check_trial(write_small_trial(), day=DAY)
    assert outcome.code == 0
    assert "18 rows read = 18 accepted + 0 quarantined" in outcome.text
    assert outcome.text.endswith("Nothing is in quarantine. The trial can be used.")
    assert "SYNTHETIC" not in outcome.text


def test_flags_alone_are_exit_code_0_and_are_told(write_small_trial: Write) -> None:
    outcome = check_trial(write_small_trial(paths=("CH-IHD,2.9", "CH-IHD,29")), day=DAY)
    assert outcome.code == 0
    assert "distance_xyz: 1 x the distance differs from the coordinates by more than 20 %" in outcome.text
    assert outcome.text.endswith("The trial can be used; look at its flags first.")


def test_what_is_wrong_is_told_by_code_with_an_example_and_what_to_do(faulty: Path) -> None:
    outcome = check_trial(faulty, day=DAY)
    assert outcome.code == 1
    for words in (
        "18 rows read = 15 accepted + 3 quarantined",
        "paths                    2           1           1           0           0           0",
        "number_format: 1 x the cell is not a plain number",
        "such as paths.csv: line 3, column distance_m: 'far' is not a plain number",
        "parent_rejected: 2 x the row it refers to is in quarantine",
        f"Mend by hand: smarthan check trial {faulty} --quarantine to_mend",
    ):
        assert words in outcome.text


def test_the_document_holds_the_same_facts_bounded(faulty: Path, beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarthan.commands.trial_checks.LISTED", 2)
    document = check_trial(faulty, day=DAY, rejects=beside / "bad.csv").document
    assert isinstance(document, dict)
    assert json.loads(json.dumps(document)) == document
    assert (document["read"], document["accepted"], document["quarantined"]) == (18, 15, 3)
    assert document["codes"] == {"number_format": 1, "parent_rejected": 2}
    assert [line["line"] for line in document["quarantine_lines"]] == [3, 3]
    assert document["quarantine_lines_left_out"] == 1
    assert document["day"] == DAY
    assert document["ledger"][0]["pass"] == 1
    assert (beside / "bad.csv").read_text().count("\n") == 4
    assert LISTED == 1_000


def test_mended_rows_are_read_and_both_passes_are_told(faulty: Path, beside: Path) -> None:
    mend = beside / "mend"
    written = check_trial(faulty, day=DAY, quarantine=mend)
    assert written.code == 1
    assert f"In {mend} edit the cells of paths.csv, measurements.csv;" in written.text
    (mend / "measurements.csv").unlink()
    unmended = check_trial(faulty, day=DAY, mended=mend)
    assert "Handed back: 1 rows read = 0 now accepted + 1 still quarantined" in unmended.text
    assert f"Go on mending in {mend}" in unmended.text
    text = (mend / "paths.csv").read_text()
    (mend / "paths.csv").write_text(text.replace(",far,", ",2.9,"))
    outcome = check_trial(faulty, day=DAY, mended=mend)
    assert outcome.code == 0
    assert "18 rows read = 18 accepted + 0 quarantined" in outcome.text
    assert "Handed back: 1 rows read = 1 now accepted + 0 still quarantined" in outcome.text
    assert "2 further rows came back with them" in outcome.text
    assert "cell_mended: 1 x a person changed the cell" in outcome.text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"day": "30/06/2026"}, "--as-of 30/06/2026: is not a day"),
        ({"quarantine": "inside"}, "lies in the trial's folder"),
        ({"quarantine": "full"}, "holds something already"),
        ({"quarantine": "no/such"}, "does not exist; make it first"),
        ({"rejects": "no/such.csv"}, "does not exist; make it first"),
        ({"rejects": "paths"}, "is the input itself, or a file of it"),
    ],
    ids=lambda part: "-".join(part.values()) if isinstance(part, dict) else "",
)
def test_targets_are_refused_before_anything_is_read(
    faulty: Path, beside: Path, options: dict[str, str], words: str
) -> None:
    (beside / "full").mkdir()
    (beside / "full" / "paths.csv").write_text("")
    places = {"inside": faulty / "mend", "paths": faulty / "paths.csv"}
    given = {name: value if name == "day" else places.get(value, beside / value) for name, value in options.items()}
    with pytest.raises(Refused, match=words):
        check_trial(faulty, **given)  # type: ignore[arg-type]


def test_a_long_reading_says_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarthan.commands.trial_checks._PATIENCE_S", 0.01)
    said: list[str] = []
    with tell_of_waiting(said.append, lambda: "reading x"):
        time.sleep(0.3)
    assert said == ["reading x ... 0 s"]


def test_a_quick_reading_says_nothing() -> None:
    said: list[str] = []
    with tell_of_waiting(said.append, lambda: "reading x"):
        pass
    assert said == []


def test_the_blank_workbook_is_written_once(tmp_path: Path) -> None:
    outcome = make_template(tmp_path / "blank.xlsx")
    assert "smarthan check trial" in outcome.text
    with pytest.raises(Refused, match="give --force to write over it"):
        make_template(tmp_path / "blank.xlsx")
    make_template(tmp_path / "blank.xlsx", force=True)
    with pytest.raises(Refused, match="make it first"):
        make_template(tmp_path / "no" / "blank.xlsx")


def test_a_synthetic_trial_of_a_chosen_size_says_so(tmp_path: Path) -> None:
    manifest = tmp_path / "faults.csv"
    outcome = write_synthetic(tmp_path / "t", seed=2, buildings=17, dwellings=2, errors=True, manifest=manifest)
    assert "a SYNTHETIC trial of 24 buildings" in outcome.text
    document = outcome.document
    assert isinstance(document, dict)
    assert document["errors"] == manifest.read_text().count("\n") - 1
    assert (tmp_path / "t" / "buildings.csv").read_text().count("\n") == 25
    for folder, words in ((tmp_path / "t", "holds something already"), (tmp_path / "no" / "t", "make it first")):
        with pytest.raises(Refused, match=words):
            write_synthetic(folder, seed=2, buildings=8, dwellings=1, errors=False, manifest=None)
    with pytest.raises(Refused, match="--manifest"):
        write_synthetic(tmp_path / "u", seed=2, buildings=8, dwellings=1, errors=False, manifest=tmp_path / "no" / "m")
    assert not (tmp_path / "u").exists()


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SMARTHAN, *arguments], capture_output=True, text=True, cwd=cwd, check=False)


def test_the_commands_from_the_outside(beside: Path) -> None:
    made = run("trial", "template", "blank.xlsx", "--format", "json", cwd=beside)
    assert (made.returncode, json.loads(made.stdout)["sheets"][0]) == (0, "notes")
    blank = run("check", "trial", "blank.xlsx", cwd=beside)
    assert blank.returncode == 2
    assert "has a header and no data row" in blank.stderr
    odd = run("check", "coverage", "x.csv", "--mended", "m", cwd=beside)
    assert (odd.returncode, odd.stdout) == (2, "")
    assert "--mended belongs to check trial" in odd.stderr
