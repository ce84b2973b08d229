"""The commands about appraisals: templates, both forms, the request, and what was answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.pages import run_command
from tests.provider_forms import WHO, fill

from smarthan.analysis import read_appraisal, sample_appraisal, write_demonstration_appraisal


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(line: str) -> object:
    return run_command(["smarthan", *line.split()])


def test_a_template_is_read_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("mine", "mine.xlsx"):
        assert run(f"appraisal template {path}") == 0
        assert run(f"check appraisal {path}") == 0
        assert f"{path}: 0 errors, 0 warnings\nUsable." in capsys.readouterr().out
        assert run(f"appraisal template {path}") == 2
        assert "--force to write over it" in capsys.readouterr().err
        assert run(f"appraisal template {path} --force") == 0
    assert read_appraisal("mine") == read_appraisal("mine.xlsx")
    assert read_appraisal("mine").status == "draft"
    assert run("appraisal template none/mine") == 2
    assert "the folder none does not exist" in capsys.readouterr().err


def test_the_template_states_all_that_an_appraisal_may_state() -> None:
    run("appraisal template mine")
    appraisal = read_appraisal("mine")
    said = {kind for one in appraisal.judgements for kind in ("n", "low", "level", "p") if getattr(one, kind)}
    assert said == {"n", "low", "level", "p"}
    assert any(one.is_missing for one in appraisal.judgements)
    assert appraisal.simulate(512).value_of_information().decide().verdict


def test_problems_of_a_workbook_are_told_by_cell(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("appraisal template mine") == 0
    scores = here / "mine" / "scores.csv"
    scores.write_text(scores.read_text().replace(",18,15,25,", ",180,15,250,"))
    assert run("appraisal copy mine mine.xlsx") == 0
    capsys.readouterr()
    assert run("check appraisal mine") == 2
    assert "error: scores.csv line 8 (lower, cost): 180 GBP is outside" in capsys.readouterr().out
    assert run("check appraisal mine.xlsx") == 2
    assert "error: mine.xlsx scores!E8 (lower, cost): 180 GBP is outside" in capsys.readouterr().out
    assert run("check appraisal mine.xlsx --format json") == 2
    told = json.loads(capsys.readouterr().out)
    assert (told["usable"], told["errors"], told["problems"][0]["line"]) == (False, 1, "scores!E8")
    assert run("check appraisal mine.xlsx --rejects faults.csv") == 2
    assert pd.read_csv("faults.csv")["code"].tolist() == ["score_outside"]
    assert run("score mine.xlsx") == 2
    assert "scores!E8" in capsys.readouterr().err


def test_an_appraisal_is_never_copied_over_itself(capsys: pytest.CaptureFixture[str]) -> None:
    run("appraisal template mine")
    assert run("appraisal copy mine mine --force") == 2
    assert "is the input itself" in capsys.readouterr().err
    assert run("appraisal copy mine mine.xlsx") == 0
    assert run("appraisal copy mine.xlsx back") == 0
    assert read_appraisal("back") == read_appraisal("mine")


def test_a_request_is_written_and_its_answers_are_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_demonstration_appraisal("demo")
    assert run("appraisal request form.xlsx --appraisal demo --option zb868 --option dual") == 0
    assert "2 options, 20 criteria and must-haves each" in capsys.readouterr().out
    assert run("appraisal request form.xlsx --force --format json") == 0
    assert json.loads(capsys.readouterr().out)["synthetic"] is True
    (here / "returned").mkdir()
    fill(here / "returned" / "acme.xlsx", sample_appraisal())
    assert run("appraisal responses returned --appraisal demo --out answers") == 0
    assert "5 claims wait for a review" in capsys.readouterr().out
    claims = pd.read_csv("answers/claims.csv", dtype="str", keep_default_na=False)
    claims.assign(state="accepted", reviewer="panel").to_csv("reviewed.csv", index=False)
    assert run("appraisal responses returned --appraisal demo --reviews reviewed.csv --into second.xlsx") == 0
    assert "5 accepted claims stand in second.xlsx" in capsys.readouterr().out
    assert "acme" in {one.assessor for one in read_appraisal("second.xlsx").judgements}
    assert run("appraisal responses returned --appraisal demo --reviews reviewed.csv --format json") == 0
    assert json.loads(capsys.readouterr().out)["summary"][0]["accepted"] == 5
    assert run("appraisal responses returned --appraisal demo --reviews reviewed.csv") == 0
    assert "5 claims are accepted: add --into" in capsys.readouterr().out


def test_what_was_set_aside_gives_code_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_demonstration_appraisal("demo")
    (here / "returned").mkdir()
    many: dict[tuple[str, str], dict[str, Any]] = {
        (option.id, "capex"): {"best": 500} for option in sample_appraisal().options
    }
    many |= {(option.id, "maturity"): {"level": "prodct"} for option in sample_appraisal().options}
    fill(here / "returned" / "acme.xlsx", sample_appraisal(), claims=many)
    assert run("appraisal responses returned --appraisal demo") == 1
    told = capsys.readouterr().out
    assert "acme.xlsx: claims!G10: 500 is outside the agreed range 0 to 120 GBP (score_outside)" in told
    assert "... and 4 more" in told
    fill(here / "returned" / "acme.xlsx", sample_appraisal(), who={**WHO, "provider": "x y"})
    assert run("appraisal responses returned/acme.xlsx --appraisal demo") == 2
    fill(here / "returned" / "beta.xlsx", sample_appraisal())
    assert run("appraisal responses returned --appraisal demo") == 1
    assert "acme.xlsx: none of it counts" in capsys.readouterr().out
    assert run("appraisal responses returned --appraisal demo --out demo") == 2
    assert run("appraisal responses returned --appraisal demo --out none/x") == 2
    assert "--out none/x: the folder none does not exist" in capsys.readouterr().err
