"""The guide to the appraisal tells the truth: its files are written, its commands run in order, its codes are all."""

from __future__ import annotations

import ast
import doctest
import re
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.pages import ROOT, read_page, run_command
from tests.provider_forms import fill

from smarthan.analysis import read_appraisal
from smarthan.tables import RULES

GUIDE = "docs/appraisal.md"
PAGE = read_page(GUIDE)
BLOCKS = re.findall(r"```(\w+) ?(\S*)\n(.*?)```", PAGE, flags=re.DOTALL)
SOURCES = sorted((ROOT / "analysis/smarthan/analysis/appraisal").glob("*.py"))


def send_back(folder: Path) -> None:
    """Fill the form in as the guide has it: three claims, one of them impossible."""
    folder.mkdir()
    claims: dict[tuple[str, str], dict[str, Any]] = {
        ("lower", "reach"): {"n": 80, "k": 76},
        ("lower", "maturity"): {"level": "product"},
        ("wire", "cost"): {"best": 400},
    }
    appraisal = read_appraisal("shared.xlsx")
    fill(folder / "acme.xlsx", appraisal, claims=claims, answers={}, documents=(), only=("lower", "wire"))


def accept(file: Path) -> None:
    claims = pd.read_csv(file, dtype="str", keep_default_na=False)
    claims.assign(state="accepted", reviewer="panel").to_csv(file, index=False)


def test_the_guide_runs_from_end_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    printed, compared = "", 0
    for number, (kind, name, text) in enumerate(BLOCKS):
        if kind == "csv":
            (tmp_path / name).write_text(text, encoding="utf-8")
        elif kind == "sh":
            if "responses" in text:
                send_back(tmp_path / "returned") if "--out" in text else accept(tmp_path / "answers/claims.csv")
            assert run_command(shlex.split(text)) in (0, 1, 2)
            captured = capsys.readouterr()
            assert not captured.err
            printed = captured.out
        elif kind == "text":
            assert [line.rstrip() for line in printed.splitlines()] == text.splitlines()
            compared += 1
        else:
            test = doctest.DocTestParser().get_doctest(text, {}, f"block {number}", GUIDE, 0)
            runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
            assert runner.run(test).failed == 0, capsys.readouterr().out
            capsys.readouterr()
    assert compared == 6
    taken = read_appraisal("second")
    assert {one.criterion for one in taken.judgements if one.assessor == "acme"} == {"reach", "maturity"}


# The codes of the guide: every word between backticks that is one.
NO_CODE = {"smarthan", "as_of", "draft"}
LISTED = set(re.findall(r"`([a-z_]+)`", PAGE[PAGE.index("## The messages") :])) - NO_CODE


def words_of(paths: Iterable[Path]) -> set[str]:
    """Return every text that stands in the sources by itself."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    return {
        n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }


def noted_directly() -> set[str]:
    """Return the codes that stand as the first argument of a call that notes a fault."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", "") in {"error", "warn", "fault"}
                and node.args
            ):
                first = node.args[0]
                found |= {first.value} if isinstance(first, ast.Constant) and isinstance(first.value, str) else set()
    return found


def test_every_code_that_is_raised_is_in_the_guide() -> None:
    assert noted_directly() - set(RULES) - LISTED == set()


def test_every_code_of_the_guide_is_raised() -> None:
    assert LISTED - words_of([*SOURCES, ROOT / "coverage/smarthan/settings.py"]) - set(RULES) == set()
