"""`smarthan score` and `smarthan appraisal audit`: what they say, the one document they give, and what they refuse."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.tiny_appraisal import write_small

from smarthan.commands.records import audit_appraisal
from smarthan.commands.scores import score_appraisal

SMARTHAN = Path(sys.executable).with_name("smarthan")
KEYS = {
    *(
        "id",
        "title",
        "status",
        "synthetic",
        "as_of",
        "files",
        "problems",
        "gates",
        "weights",
        "scores",
        "contributions",
    ),
    *("dominance", "switching_values", "tornado", "simulation", "disagreement", "information", "decision"),
    "what_would_have_to_be_true",
}
INTERVALS = "assessor,criterion,low,high\nband,cost,0.2,0.6\nband,reach,0.2,0.6\nband,ease,0.1,0.4\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small")


def test_the_text_tells_each_step(folder: Path) -> None:
    text = score_appraisal(folder, draws=1_000, seed=0).text
    for words in (
        "Small & <simple> [draft, SYNTHETIC]",
        "Problems: 3",
        "Must-haves: 1, never traded",
        "  open  Option B: Is safe: not known (chance 0.75)",
        "Ranking by the weights of one",
        "80.0",
        "1,000 draws, seed 0",
        "Contributions in points, the first 3 options",
        "a leads b by 2.50 points",
        "another leads for one (weights): a, y (alone): a",
        "Verdict: consult",
    ):
        assert words in text, words


def test_the_document_holds_the_same_as_json(folder: Path) -> None:
    outcome = score_appraisal(folder, draws=1_000, seed=3, weights="two")
    document = json.loads(outcome.render("json"))
    assert set(document) == KEYS
    assert document["weights"] == "two"
    assert set(document["scores"]) == {"two", "one"}
    assert document["scores"]["two"][0] | {"total": 85.0} == document["scores"]["two"][0]
    assert document["simulation"]["seed"] == 3
    assert document["decision"]["verdict"] == "consult"
    added = sum(row["contribution"] for row in document["contributions"] if row["option"] == "b")
    assert added == pytest.approx(85)
    assert document["files"][0]["name"] == "appraisal.toml"


def test_without_a_limit_there_is_no_verdict_and_a_note_says_so(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "small", ("max_regret = 0.5\n", ""))
    outcome = score_appraisal(folder, draws=500, seed=0)
    assert "Verdict" not in outcome.text
    assert outcome.notes == ("no verdict: appraisal.toml states no max_regret; add it",)
    assert json.loads(outcome.render("json"))["decision"] is None


def test_one_option_left_can_still_be_scored(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "small", ("b,safe,x,yes", "b,safe,x,no"), ("c,safe,x,yes", "c,safe,x,no"))
    outcome = score_appraisal(folder, draws=500, seed=0)
    assert "out" in outcome.text
    assert json.loads(outcome.render("json"))["switching_values"] == []


def test_what_a_terminal_would_obey_is_shown_as_text(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "small", ('label = "Option A"', 'label = "\\u001b[31mRed"'))
    text = score_appraisal(folder, draws=500, seed=0).text
    assert "\x1b" not in text
    assert "\\x1b[31mRed" in text


def test_the_record_is_written_with_all_results(folder: Path, tmp_path: Path) -> None:
    outcome = audit_appraisal(folder, tmp_path / "audit.html", draws=500, seed=0)
    page = (tmp_path / "audit.html").read_text(encoding="utf-8")
    assert "was not given to this record" not in page
    assert "SYNTHETIC record of small [draft]" in outcome.text
    document = json.loads(outcome.render("json"))
    assert document["changes"] == []
    assert not document["agreed"]
    again = audit_appraisal(folder, tmp_path / "audit.html", draws=500, seed=0)
    assert again.document == outcome.document


def test_a_change_since_it_was_agreed_is_a_note(tmp_path: Path) -> None:
    agreed = ('status = "draft"', 'status = "agreed"')
    audit_appraisal(write_small(tmp_path / "1", agreed), tmp_path / "a.html", draws=200, seed=0)
    changed = write_small(tmp_path / "2", agreed, ("one,cost,100", "one,cost,90"))
    outcome = audit_appraisal(changed, tmp_path / "b.html", draws=200, seed=0, since=tmp_path / "a.html")
    assert outcome.notes == ("changed after it was agreed: weights / one / stated / cost: 100 became 90",)
    assert json.loads(outcome.render("json"))["changes"] == ["weights / one / stated / cost: 100 became 90"]


def test_what_cannot_be_had_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_small(tmp_path / "1", ("max_regret = 0.5\n", ""))
    assert "holds no decision" in audit_appraisal(folder, tmp_path / "1.html", draws=200, seed=0).notes[0]
    folder = write_small(tmp_path / "2")
    (folder / "weights.csv").write_text(INTERVALS, encoding="utf-8")
    assert "intervals only" in audit_appraisal(folder, tmp_path / "2.html", draws=200, seed=0).notes[0]

    def refuse(*_: object) -> None:
        raise ImportError("needs pymcdm: pip install 'smarthan[crosscheck]'")

    monkeypatch.setattr("smarthan.analysis.cross_check", refuse, raising=False)
    notes = audit_appraisal(write_small(tmp_path / "3"), tmp_path / "3.html", draws=200, seed=0).notes
    assert notes == ("without a cross-check: needs pymcdm: pip install 'smarthan[crosscheck]'",)


def test_the_commands_run_from_a_shell(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "audit.html"
    done = subprocess.run(
        [SMARTHAN, "appraisal", "audit", folder, "--out", out, "--draws", "200", "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["page"] == str(out)
    assert done.stderr == ""
    done = subprocess.run(
        [SMARTHAN, "score", folder, "--weights", "nobody"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "there is no set 'nobody'" in done.stderr
    assert done.stdout == ""
