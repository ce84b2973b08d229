"""The three lists on the command line, and their blank workbook."""

import json
from pathlib import Path

import pytest

from smarthan.analysis import (
    evidence_sufficiency,
    housing_stock,
    reach,
    sample_register,
    write_demonstration_appraisal,
    write_demonstration_registers,
)
from smarthan.cli import main
from smarthan.trial_data import sample_trial


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    said = capsys.readouterr()
    return left.value.code, said.out, said.err


@pytest.mark.parametrize("kind", ["register", "comments", "responses"])
def test_the_demonstration_checks_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    write_demonstration_registers(tmp_path)
    code, out, _ = run(capsys, "check", kind, str(tmp_path), "--format", "json")
    document = json.loads(out)
    assert (code, document["quarantined"]) == (0, 0)
    assert document["read"] == document["accepted"] > 40


def test_a_faulty_row_gives_one_and_goes_to_the_rejects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_demonstration_registers(tmp_path)
    with (tmp_path / "register.csv").open("a") as stream:
        stream.write("SYN-999,worry,t,a,project,2026-01-01,,open,,low,,,,true\n")
    rejects = tmp_path / "faulty.csv"
    code, out, _ = run(capsys, "check", "register", str(tmp_path), "--as-of", "2026-11-02", "--rejects", str(rejects))
    assert code == 1
    assert "49 rows read = 48 accepted + 1 quarantined" in out
    assert "'worry' is not one of gap, issue, risk" in rejects.read_text()
    assert "as of 2026-11-02, SYNTHETIC; " in out


def test_links_are_held_against_an_appraisal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_demonstration_registers(tmp_path)
    write_demonstration_appraisal(tmp_path / "appraisal")
    text = (tmp_path / "register.csv").read_text()
    (tmp_path / "register.csv").write_text(text.replace("criterion:capex", "criterion:capexx"))
    code, out, _ = run(capsys, "check", "register", str(tmp_path), "--appraisal", str(tmp_path / "appraisal"))
    assert code == 0
    assert "links to criterion 'capexx', which does not exist" in out


def test_options_belong_to_their_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check", "comments", str(tmp_path), "--as-of", "2026-11-02")[0] == 2
    code, _, err = run(capsys, "check", "comments", str(tmp_path), "--appraisal", str(tmp_path))
    assert code == 2
    assert "--appraisal belongs to check register and check responses" in err


def test_nothing_there_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", "register", str(tmp_path))
    assert (code, out) == (2, "")
    assert "holds no register.csv" in err


def test_the_blank_workbook_is_written_once_and_read_as_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "lists.xlsx"
    assert run(capsys, "register", "template", str(file))[0] == 0
    code, _, err = run(capsys, "register", "template", str(file))
    assert code == 2
    assert "add --force" in err
    assert run(capsys, "register", "template", str(file), "--force")[0] == 0
    code, _, err = run(capsys, "check", "register", str(file))
    assert code == 2
    assert "file_empty" in err
    assert run(capsys, "register", "template", str(tmp_path / "lists.csv"))[0] == 2


def test_open_entries_stand_beside_the_evidence_and_lower_no_verdict() -> None:
    register = sample_register()
    reached = reach(sample_trial(), housing_stock(), ["zigbee_2g4"])
    plain, beside = evidence_sufficiency(reached), evidence_sufficiency(reached, register=register)
    assert beside.drop(columns="open_entries").equals(plain)
    linked = register.open_on("building_type")
    shown = beside.set_index(["technology", "archetype", "meter_class"])["open_entries"]
    for (_, archetype, _), text in shown.items():
        assert all(entry in text.split("; ") for entry in linked.get(archetype, ()))
    assert shown.str.len().gt(0).any()
