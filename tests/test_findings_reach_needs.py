"""Whether a further trial is needed: what is open, what would settle it, and of which buildings."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from smarthan.charts import draw_bars, find_chart_problems
from smarthan.charts.bundle import Facts, check_facts
from smarthan.findings import needs_of
from smarthan.findings.disclosed import is_hidden
from smarthan.findings.reach_needs import answer_needs

OPEN = "insufficient_evidence"
TECHNOLOGIES = ["zigbee_2g4", "zigbee_sub"]
TYPES = [("semi", "in_dwelling"), ("terrace", "in_dwelling"), ("flat_high", "riser")]


def judged(monkeypatch: pytest.MonkeyPatch, verdicts: list[str], needed: list[Any], n: list[int] | None = None) -> Any:
    """Return a reach of three types by two technologies, with verdicts as given."""
    cells = [(name, *kind) for name in TECHNOLOGIES for kind in TYPES]
    counts = n or [60] * 6
    sums = [sum(counts[:3]), sum(counts[3:])]
    keys = [*cells, *((name, "ALL", "ALL") for name in TECHNOLOGIES)]
    table = pd.DataFrame(keys, columns=["technology", "archetype", "meter_class"]).assign(
        estimate=0.9, lower=0.8, upper=0.97, model_estimate=0.9, method="logit", n=[*counts, *sums],
        n_psu=[*counts, *sums],
    )  # fmt: skip
    told = table.assign(verdict=[*verdicts, "fail", "fail"], note="")
    told["buildings_needed"] = pd.array([*needed, 0, 0], dtype="Int64")
    monkeypatch.setattr("smarthan.analysis.evidence_sufficiency", lambda reach, criterion: told)
    return SimpleNamespace(table=table, technologies=tuple(TECHNOLOGIES), synthetic=True, notes=())


def test_a_type_needs_the_most_that_any_technology_does(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = judged(monkeypatch, [OPEN, OPEN, "fail", OPEN, "pass", "pass"], [40, 12, 0, 130, 0, 0])
    finding = needs_of(reached, TECHNOLOGIES, 0.95)
    table = finding.table.set_index("building_type")
    assert table["further"].tolist() == [130, 12, 0]
    assert table.loc["Semi-detached: meter in the home", "decided_by"] == "ZigBee 868 MHz"
    assert table["open"].tolist() == [2, 1, 0]
    assert finding.title == "142 further buildings would settle 3 of 3 questions"
    said = finding.caption
    words = {name: said[name] for name in ("name", "title", "subtitle", "alt", "source", "n", "method")}
    facts = Facts(kind="chart", notes=tuple(said["notes"]), level=2, synthetic=True, **words)
    assert list(check_facts(facts, finding.table)) == []
    assert find_chart_problems(draw_bars(finding.table, label="building_type", value="further")) == []
    answer = answer_needs(reached, TECHNOLOGIES, 0.95)
    assert "Not for 3 of 6 questions" in answer
    assert "about 142 buildings would settle 3 of them" in answer
    assert "semi-detached: meter in the home (130)" in answer


def test_what_no_feasible_number_settles_is_not_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = judged(monkeypatch, [OPEN, OPEN, "fail", OPEN, "pass", "pass"], [None, None, 0, 20, 0, 0])
    finding = needs_of(reached, TECHNOLOGIES, 0.95)
    table = finding.table.set_index("building_type")
    assert table.loc["Semi-detached: meter in the home", ["further", "no_feasible"]].tolist() == [20, 1]
    assert pd.isna(table.loc["Terraced: meter in the home", "further"])
    assert finding.title == "20 further buildings would settle 1 of 3 questions"
    assert "terraced: meter in the home no feasible number" in finding.alt
    assert "2 lie so close to the criterion" in answer_needs(reached, TECHNOLOGIES, 0.95)


def test_nothing_feasible_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = judged(monkeypatch, [OPEN, "fail", "fail", "fail", "pass", "pass"], [None, 0, 0, 0, 0, 0])
    assert needs_of(reached, TECHNOLOGIES, 0.95).title == "No feasible trial settles the 1 open questions"
    assert "No feasible number of further buildings" in answer_needs(reached, TECHNOLOGIES, 0.95)


def test_nothing_open_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = judged(monkeypatch, ["fail"] * 3 + ["pass"] * 3, [0] * 6)
    finding = needs_of(reached, TECHNOLOGIES, 0.95)
    assert finding.title == "The evidence settles every question that may be shown"
    assert finding.table["further"].tolist() == [0, 0, 0]
    assert "Yes: all 6 questions" in answer_needs(reached, TECHNOLOGIES, 0.95)


def test_a_hidden_type_is_hidden_here_too(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = judged(monkeypatch, [OPEN] * 6, [40] * 6, n=[60, 60, 4, 60, 60, 4])
    table = needs_of(reached, TECHNOLOGIES, 0.95).table
    assert is_hidden(table).sum() == 2
    assert table.loc[is_hidden(table), ["further", "open", "no_feasible", "decided_by"]].isna().all(axis=None)


def test_a_trial_of_which_nothing_may_be_shown_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = judged(monkeypatch, [OPEN] * 6, [40] * 6, n=[4] * 6)
    assert "Too few homes of any type" in answer_needs(reached, TECHNOLOGIES, 0.95)
