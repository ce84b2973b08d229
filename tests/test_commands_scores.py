"""`smarthan score` and `smarthan appraisal audit`: what they say, the one document they give, and what they refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.tiny_appraisal import write_small

from smarthan.cli import main
from smarthan.commands.records import audit_appraisal
from smarthan.commands.scores import _say_facts, score_appraisal

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
        "Ranking at the best estimates, by the weights of one",
        "80.0",
        "1,000 draws, seed 0",
        "Contributions in points, the first 3 options",
        "at the best estimates Option A leads Option B by 2.50 points",
        "leads; another leads for one (weights): Option A, y (alone): Option A",
        "Verdict: consult",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1.0, "all of the doubt is about facts"),
        (0.0, "all of the doubt is about values"),
        (0.9996, "over 99.9% of the doubt is about facts, the rest about values"),
    ],
)
def test_a_share_near_the_whole_is_worded(share: float, words: str) -> None:
    assert _say_facts(share) == words


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
    assert re.findall(r"([\w ]+) was not given to this record", page) == ["A register"]
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


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Run a command of the command line in this process; return its exit code, stdout and stderr."""
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    told = capsys.readouterr()
    return int(str(left.value.code)), told.out, told.err


def test_the_command_line_gives_one_document(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "audit.html"
    code, told, notes = run(capsys, "appraisal", "audit", folder, "--out", out, "--draws", 200, "--format", "json")
    assert (code, notes) == (0, "")
    assert json.loads(told)["page"] == str(out)
    code, told, notes = run(capsys, "score", folder, "--draws", 200, "--weights", "mean", "--format", "json")
    assert (code, notes) == (0, "")
    assert json.loads(told)["weights"] == "mean"


def test_the_command_line_refuses_without_an_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, notes = run(capsys, "score", folder, "--weights", "nobody")
    assert (code, told) == (2, "")
    assert "there is no set 'nobody'" in notes


def test_many_problems_are_counted_and_none_are_not_mentioned(tmp_path: Path) -> None:
    copies = "".join(f"E{place},Old,claim,2001-01-01,x,high,x\n" for place in range(10, 40))
    old, recent = "E2,An old claim,claim,2010-01-01,claim.pdf,low,a maker\n", "E2,A claim,claim,2019-01-01,c,high,a\n"
    text = score_appraisal(write_small(tmp_path / "small", (old, recent + copies)), draws=200, seed=0).text
    assert "... and 11 more" in text
    clean = write_small(tmp_path / "clean", (old, recent), ("b,cost,y,,50,45,90,,,,,,,quoted <b>\n", ""))
    assert "Problems" not in score_appraisal(clean, draws=200, seed=0).text
