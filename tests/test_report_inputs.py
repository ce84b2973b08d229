"""What notebooks read: opened by name when asked for, and honest about being synthetic."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pandas as pd
import pytest

from smarthan.report import ReportRefused, open_inputs

TOML = '[pack]\nname = "demo"\ntitle = "T"\norganisation = "O"\nas_of = 2026-11-02\n[inputs]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "report.toml").write_text(TOML + 'matrix = "m.csv"\ninstalls = "installs.csv"\ntrial = "trial"\n')
    (tmp_path / "m.csv").write_text("postcode\n")
    (tmp_path / "installs.csv").write_text("postcode,outcome\nAB1 0AA,007\n")
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "frame.csv").write_text("a\n")
    return tmp_path


def _pretend(monkeypatch: pytest.MonkeyPatch, name: str, **functions: object) -> None:
    room = ModuleType(name)
    for function, value in functions.items():
        setattr(room, function, value)
    monkeypatch.setitem(sys.modules, name, room)


def test_each_input_is_read_once_and_only_when_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    ledger = pd.DataFrame({"read": [5, 4], "accepted": [4, 4], "quarantined": [1, 0]})

    installs = SimpleNamespace(ledger=ledger.iloc[:1])

    def read_release(path: Path, *, keep: bool) -> SimpleNamespace:
        asked.append(path)
        return SimpleNamespace(matrix="the matrix", ledger=ledger)

    _pretend(monkeypatch, "smarthan.report.opened", read_release=read_release)
    _pretend(monkeypatch, "smarthan.coverage", read_installs=lambda path: installs)
    _pretend(monkeypatch, "smarthan.trial_data", read_trial=lambda path: SimpleNamespace(ledger=ledger.iloc[1:]))
    inputs = open_inputs(folder)
    assert asked == []
    assert (inputs.matrix, inputs.matrix) == ("the matrix", "the matrix")
    assert asked == [folder / "m.csv"]
    rows = inputs.sources
    assert rows["input"].tolist() == ["matrix", "installs", "trial"]
    assert rows["read"].tolist() == [9, 5, 4]
    assert rows["accepted"].tolist() == [8, 4, 4]
    assert rows["quarantined"].tolist() == [1, 1, 0]


def test_a_file_that_says_synthetic_is_heard(folder: Path) -> None:
    inputs = open_inputs(folder)
    assert not inputs.synthetic
    (folder / "trial" / "synthetic-note.txt").write_text("")
    assert inputs.synthetic
    assert "matrix, installs, trial" in repr(inputs)


def test_an_input_that_is_not_named_and_a_folder_that_is_not_there(folder: Path) -> None:
    with pytest.raises(KeyError, match="names no input 'appraisal'"):
        open_inputs(folder).configuration.path("appraisal")
    with pytest.raises(ReportRefused, match="there is no such folder"):
        open_inputs(folder / "none")
