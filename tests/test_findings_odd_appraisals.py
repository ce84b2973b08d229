"""Odd appraisals: every finding can be shown as chart or table, or says in words what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tests.small_appraisal import PLAIN, write_appraisal

from smarthan import charts, findings
from smarthan.analysis import Appraisal, sample_appraisal
from smarthan.charts.bundle import Facts, check_facts
from smarthan.findings.consultation import verdict_in_words

Shown = tuple[Any, Callable[..., Any] | None]


def small(rows: tuple[str, ...] = PLAIN, **how: Any) -> Appraisal:
    with TemporaryDirectory() as folder:
        return write_appraisal(Path(folder), rows, **how)


def certain() -> Appraisal:
    rows = [f"{o},{c},panel,,{best},{best},{best}" for o, c, best in
            (("one", "cost", 20), ("one", "reach", 0.6), ("two", "cost", 50), ("two", "reach", 0.9))]  # fmt: skip
    return small(tuple(rows))


def without_reach() -> Appraisal:
    return small(("one,cost,panel,,20,10,40", "one,reach,panel", "two,cost,panel,,50,30,60", "two,reach,panel"))


def gated(answer: str) -> Appraisal:
    chance = ",,,,,,,0.4" if answer == "unknown" else ""
    return small((*PLAIN, "one,safe,panel,yes", f"two,safe,panel,{answer}{chance}"), gates=["safe"])


def with_words() -> Appraisal:
    rows = ("one,cost,a,,20,10,40", "one,cost,b,,80,70,90", "one,calm,panel,loud", "two,cost,a,,50,30,60",
            "two,calm,panel,quiet")  # fmt: skip
    weights = {"panel": [60, 40], "other": [10, 90]}
    return small(rows, criteria=("cost", "calm"), weights=weights)


def same_twice() -> Appraisal:
    return small(tuple(row.replace("two,", "x,").replace("one,", "two,").replace("x,", "one,")
                       for row in PLAIN[:2]) + PLAIN[:2])  # fmt: skip


def one_weighs_all() -> Appraisal:
    return small(weights={"panel": [100, 0]})


def many() -> Appraisal:
    """The demonstration with eight groups, and options of one label."""
    found = sample_appraisal()
    criteria = tuple(replace(c, group=f"Group {n % 8}") for n, c in enumerate(found.criteria))
    options = tuple(replace(o, label="A label that is given to each and every one of them") for o in found.options)
    return replace(found, criteria=criteria, options=options)


SMALL: dict[str, Callable[[], Appraisal]] = {
    "two options, two criteria, one set, no gate, money or trial": small,
    "nothing is uncertain": certain,
    "nobody has a score on one criterion": without_reach,
    "every must-have is passed": lambda: gated("yes"),
    "one option alone is left": lambda: gated("no"),
    "a must-have is not known": lambda: gated("unknown"),
    "a word scale and two assessors": with_words,
    "two options that are the same": same_twice,
    "one criterion has all the weight": one_weighs_all,
}
LARGE: dict[str, Callable[[], Appraisal]] = {
    "no criterion in money": lambda: replace(sample_appraisal(), money=None),
    "no trial": lambda: replace(sample_appraisal(), trials=(), max_regret=0.1, max_shortlist=1),
    "one set of weights": lambda: replace(sample_appraisal(), weight_sets=sample_appraisal().weight_sets[:1]),
    "eight groups and one label for all": many,
    "a trial is the verdict": lambda: replace(sample_appraisal(), max_regret=0.2, max_shortlist=2),
}
CASES = SMALL | LARGE
# What is odd in a large one shows here; the other findings are those of any other appraisal, and slow to draw.
TOUCHED = {
    "no criterion in money": ["evpi_of", "curve_of", "reasons_of"],
    "no trial": ["curve_of", "reasons_of", "trace_of"],
    "one set of weights": ["criteria_of", "ranking_of", "acceptability_of", "central_weights_of", "facts_of",
                           "leaders_of", "weight_map_of", "evpi_of"],
    "eight groups and one label for all": ["matrix_of", "contributions_of", "weight_lines_of", "swings_of", "trace_of"],
    "a trial is the verdict": ["curve_of", "reasons_of", "trace_of"],
}  # fmt: skip
DRAWN: dict[str, Callable[..., Any]] = {
    "gates_of": charts.draw_status_matrix,
    "matrix_of": charts.draw_performance_matrix,
    "contributions_of": charts.draw_contributions,
    "acceptability_of": charts.draw_rank_acceptability,
    "facts_of": charts.draw_stacked,
    "swings_of": charts.draw_tornado,
    "weight_lines_of": charts.draw_weight_lines,
    "weight_map_of": charts.draw_weight_map,
    "information_of": charts.draw_information,
    "curve_of": charts.draw_net_benefit,
}
FROM = {  # what each finding is made from, beside the appraisal
    "": ["gates_of", "matrix_of", "criteria_of", "contributions_of", "ranking_of", "dominance_of", "switches_of",
         "swings_of", "weight_lines_of", "weight_map_of"],
    "simulation": ["acceptability_of", "confidence_of", "central_weights_of", "facts_of", "leaders_of", "assessors_of",
                   "shortlist_of", "information_of", "dissent_of", "crosscheck_of"],
    "information": ["evpi_of"],
    "decision": ["curve_of", "reasons_of"],
    "simulation decision": ["trace_of"],
}  # fmt: skip
each_case = pytest.mark.parametrize("name", CASES)


@cache
def case(name: str) -> Appraisal:
    return CASES[name]()


@cache
def made_of(name: str) -> dict[str, Any]:
    simulation = case(name).simulate(4096, seed=1)
    information = simulation.value_of_information()
    return {"simulation": simulation, "information": information, "decision": information.decide()}


@cache
def shown_of(name: str) -> list[Shown]:
    """The findings of a case, each with its chart."""
    shown: list[Shown] = []
    for needs, functions in FROM.items():
        for function in functions:
            if function in TOUCHED.get(name, [function]):
                found = getattr(findings, function)(case(name), *(made_of(name)[need] for need in needs.split()))
                parts = found if isinstance(found, list) else [found]
                shown += [(part, DRAWN.get(function)) for part in parts]
    return shown


def problems_of(found: Any, draw: Callable[..., Any] | None) -> list[str]:
    """What a reader would stumble over: rules of words, tables and drawings."""
    if found.missing:
        return [] if found.title and found.missing.endswith(".") else ["it does not say what is missing in a sentence"]
    said = found.caption if draw else {**found.table_caption, "alt": ""}
    words = {name: said[name] for name in ("name", "title", "subtitle", "alt", "source", "n", "method")}
    facts = Facts("chart" if draw else "table", **words, notes=tuple(said["notes"]), level=2, synthetic=True)
    problems = check_facts(facts, found.table)
    return [*problems, *charts.find_chart_problems(draw(found.table, **found.drawn))] if draw else problems


@each_case
def test_every_finding_can_be_shown_or_says_what_is_missing(name: str) -> None:
    shown = shown_of(name)
    assert {found.name: wrong for found, draw in shown if (wrong := problems_of(found, draw))} == {}
    names = [found.name for found, _ in shown]
    assert len(set(names)) == len(names)


@each_case
def test_the_answers_are_sentences(name: str) -> None:
    appraisal = case(name)
    simulation = made_of(name)["simulation"]
    for answer in (findings.answer_scores(appraisal), findings.answer_robustness(appraisal, simulation)):
        assert answer.startswith(("**", "On the weights", "At the best estimates"))
        assert answer.rstrip().endswith(".")
        assert "nan" not in answer.lower().split()


def missing_of(name: str) -> dict[str, str]:
    return {found.name: found.missing for found, _ in shown_of(name) if found.missing}


def test_two_options_say_what_cannot_be_shown() -> None:
    assert missing_of("two options, two criteria, one set, no gate, money or trial") == {
        "gates": "The appraisal names no gate, so no option can be out for want of a must-have.",
        "dominance": "Of the 2 options in the running each scores better than any other on some criterion.",
        "central_weights": "Only one set of weights is stated, so every draw has the same weights.",
        "assessors": "Each score was judged by one person, so that no disagreement on facts can show.",
        "weight_map": "It takes a third criterion with some weight: two weights that add to 1 are one line.",
        "trial_worth": "The appraisal names no trial, so that its worth cannot be said; trials go into appraisal.toml.",
    }


def test_what_is_certain_moves_nothing() -> None:
    missing = missing_of("nothing is uncertain")
    assert missing["tornado"].startswith("Every score of the two leaders is stated without a range")
    assert missing["facts_against_values"].startswith("No score has a range and all weights are the same")
    assert missing["information_by_cell"].startswith("No range is stated")


def test_a_criterion_without_any_score_is_named() -> None:
    finding = findings.matrix_of(case("nobody has a score on one criterion"))[0]
    assert "No option has a score on Reach: it adds the same to all and tells none apart." in finding.notes
    assert finding.n == "4 cells, 2 without a score: Option one on Reach and Option two on Reach."
    assert finding.table.loc[finding.table["missing"], "points"].tolist() == [50.0, 50.0]


def test_one_option_left_has_nothing_that_could_switch() -> None:
    appraisal = case("one option alone is left")
    assert (
        findings.switches_of(appraisal).missing
        == "Only one option is left after the must-haves; a lead needs a second option."
    )
    assert findings.contributions_of(appraisal).title == "Option one alone is ranked"
    assert "fails a must-have" in findings.gates_of(appraisal).title


def test_must_haves_that_all_pass_are_said_to() -> None:
    assert findings.gates_of(case("every must-have is passed")).title == "All 2 options pass every must-have"
    assert findings.gates_of(case("a must-have is not known")).title == "No option fails a must-have; 1 is not known"


def test_without_money_no_cost_is_weighed_and_it_is_said() -> None:
    appraisal = case("no criterion in money")
    information, decision = (
        made_of("no criterion in money")["information"],
        made_of("no criterion in money")["decision"],
    )
    assert "the appraisal names no criterion in money" in findings.evpi_of(appraisal, information).notes[0]
    assert "gbp_million" not in findings.evpi_of(appraisal, information).table
    curve = findings.curve_of(appraisal, decision)
    assert curve.headings["median"] == "Median, points"
    assert "no cost is weighed" in curve.method
    # 0.9 points of regret are allowed, so that a trial has to win back 0.45 for the median set.
    assert curve.drawn["chosen"] is None
    assert curve.table["median"].max() < 0.45
    assert curve.title == "No size of the trial wins back enough"


def test_more_groups_than_colours_are_drawn_together_and_still_add_up() -> None:
    appraisal = case("eight groups and one label for all")
    table = findings.contributions_of(appraisal).table
    assert table["group"].nunique() == 6
    assert "Other groups" in set(table["group"])
    totals = appraisal.score().table.query("gate != 'no'")["total"]
    assert table["points"].sum() == pytest.approx(totals.sum())


def test_labels_that_are_the_same_are_told_apart() -> None:
    table = findings.matrix_of(case("eight groups and one label for all"))[0].table
    assert table["option"].nunique() == 12
    assert table["option"].iloc[0].endswith("(zb24)")


def test_one_set_of_weights_cannot_disagree() -> None:
    appraisal = case("one set of weights")
    facts = findings.facts_of(appraisal, made_of("one set of weights")["simulation"])
    assert facts.title == "100% of doubt about the lead is about facts"
    assert "One set of weights alone is stated" in facts.notes[0]


def test_a_trial_as_verdict_names_the_rows_it_would_measure() -> None:
    appraisal = case("a trial is the verdict")
    decision = made_of("a trial is the verdict")["decision"]
    rows = findings.trace_of(appraisal, made_of("a trial is the verdict")["simulation"], decision).table
    measured = rows.loc[rows["reason"].eq("Measured by the trial of working links in flats"), "row"]
    assert measured.tolist() == [f"scores.csv line {line}" for line in (19, 36, 68, 85)]
    assert findings.curve_of(appraisal, decision).drawn["chosen"] == decision.buildings


def test_dominance_that_rests_on_a_missing_score_is_said_to() -> None:
    found = findings.dominance_of(case("nobody has a score on one criterion"))
    assert found.title == "Never better as far as scores are known: Option two"
    assert found.table["rests_on"].tolist() == ["no score on Reach"]
    assert (
        findings.dominance_of(sample_appraisal()).title == "Never the better choice, whatever the weights: Coax (MoCA)"
    )


def test_another_verdict_than_a_shortlist_does_not_call_its_options_one() -> None:
    made = made_of("a trial is the verdict")
    words = verdict_in_words(case("a trial is the verdict"), made["decision"])
    assert words.startswith("Run a technology trial before consulting: Working links in flats, ")
    assert words.endswith("buildings; least regret so far: ZigBee 868 MHz and Narrowband PLC (G3 or PRIME)")
    rows = findings.trace_of(case("a trial is the verdict"), made["simulation"], made["decision"]).table
    assert not rows["reason"].str.contains(" listed: ").any()


def test_numbers_of_one_are_in_the_singular() -> None:
    alone = "two options, two criteria, one set, no gate, money or trial"
    said = " ".join(f"{found.title} {found.n}" for name in (alone, "one set of weights") for found, _ in shown_of(name))
    assert not re.search(r"\b1 (options|sets|lists|ways|sizes|judgements|comparisons)\b", said)
    assert "1 set of weights" in findings.criteria_of(case(alone)).n
