"""The top of the record: what was asked, what the answer is, the options, and how each meets the must-haves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.analysis.simulation.expected import LEADERS_DIFFER

from .conditions import Conditions
from .markup import Block, Heading, Items, Table, Text
from .results import Results
from .summary import SummaryTable
from .words import STATUSES, VERDICTS, day, labels_of, listed, name_parts, percent, say_target, with_error

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal


@dataclass(frozen=True)
class Section:
    """A section of the page: its id, its heading, and what stands in it."""

    id: str
    title: str
    blocks: tuple[Block, ...]


def absent(what: str, call: str) -> Text:
    """Return the sentence for a result that was not given: it is said to be absent, never left out in silence."""
    return Text(
        f"{what} was not given to this record. To show it here, give the result of {call} to audit().", "absent"
    )


def answer_section(appraisal: Appraisal, results: Results) -> Section:
    """Return the question, the verdict with its reasons, and how sure the lead is."""
    return Section("answer", "The question and the answer", tuple(_answer(appraisal, results)))


def _answer(appraisal: Appraisal, results: Results) -> Iterator[Block]:
    labels = labels_of(appraisal)
    yield Text(f"The question: {appraisal.decision}", "lead")
    if not results.decisions:
        yield absent("A decision", "simulation.value_of_information().decide()")
    for decision in results.decisions:
        names = listed(labels[option] for option in decision.shortlist)
        what = "Shortlist" if decision.verdict == "shortlist" else "The list of least regret so far"
        yield Text(f"{VERDICTS[decision.verdict]}. {what}: {names}.", "verdict")
        yield Text("Why, step by step:")
        yield Items([name_parts(appraisal, reason) for reason in decision.reasons], ordered=True)
    told = [*_say_sureness(results, labels), *_say_switch(appraisal, labels), *_say_learning(results, labels)]
    if told:
        yield Text("How sure that is, and what would change it:")
        yield Items(told)
    agreed = appraisal.agreed
    when = f" on {day(agreed.on)}" if agreed and agreed.on else ""
    who = f" by {agreed.by}" if agreed and agreed.by else ""
    minute = f" (minute {agreed.minute})" if agreed and agreed.minute else ""
    stated = f" The file states that they were agreed{when}{who}{minute}." if agreed else ""
    yield Text(f"Status: {appraisal.status}. {STATUSES[appraisal.status]}.{stated}")


def _say_sureness(results: Results, labels: dict[str, str]) -> Iterator[str]:
    simulation = results.simulation
    if simulation is None:
        return
    best = simulation.confidence().sort_values("first_share", ascending=False, kind="stable").iloc[0]
    share = with_error(float(best["first_share"]), float(best["first_se"]))
    yield f"{labels[best['option']]} comes first in {share} of {simulation.draws:,} draws of scores and weights."
    answers = simulation.disagreement().answers
    changing = [
        f"{row.who.replace('_', ' ')} ({labels[row.leader]})" for row in answers[answers["changes"]].itertuples()
    ]
    yield (
        f"In expected points, at the mean weights, {labels[answers.attrs['leader']]} leads; "
        + (f"another leads for {listed(changing)}." if changing else "nobody's weights or scores alone change that.")
        + f" {LEADERS_DIFFER}"
    )


def _say_switch(appraisal: Appraisal, labels: dict[str, str]) -> Iterator[str]:
    """Say which single weight is nearest to changing the leader."""
    running = sum(state.answer != "no" for state in appraisal.gate_states.values())
    if running < 2 or not any(each.weights for each in appraisal.weight_sets):
        return
    table = appraisal.switching_values()
    moves = [
        (abs(weight - row.weight), row.label, row.weight, weight, labels[str(option)])
        for row in table.itertuples()
        for weight, option in ((row.below_weight, row.below_option), (row.above_weight, row.above_option))
        if pd.notna(weight)
    ]
    name = table.attrs["weights"].replace("_", " ")
    says = f"At the best estimates, by the weights of {name}, {labels[table.attrs['leader']]} leads"
    if not moves:
        yield f"{says}; no weight of one criterion alone changes the leader."
        return
    _, label, now, needed, leader = min(moves, key=lambda move: move[0])
    yield (
        f"{says}; nearest to a switch: {label} at a weight of {percent(needed)} instead of {percent(now)} lets "
        f"{leader} lead."
    )


def _say_learning(results: Results, labels: dict[str, str]) -> Iterator[str]:
    for information in results.information[:1]:
        top = information.useful.head(3)
        names = [say_target(row.option, row.criterion, labels) for row in top.itertuples()]
        yield f"Most worth knowing: {listed(names)}." if names else "No single piece of information would change it."


def summary_section(summary: SummaryTable) -> Section:
    """Return the appraisal summary table."""
    name = summary.weights_name.replace("_", " ")
    return Section(
        "summary",
        "Appraisal summary table",
        (
            Text(
                "Best score first. Cost and scores are best estimates; a total is weighted value on the agreed scales, "
                f"0 to 100, by the weights of {name}. Its interval says how far the doubt about scores reaches at "
                "those weights; "
                "how often an option comes first counts every draw of scores and weights. Main doubt is the score that "
                "moves the total most, with its standard deviation in points of the total."
            ),
            Table("summary-table", summary.wide(), f"Appraisal summary table: best estimates, weights of {name}"),
            Table(
                "performance",
                summary.performance(),
                "Performance matrix: each option's best estimate on each criterion, in its unit",
            ),
        ),
    )


def conditions_section(conditions: Conditions, appraisal: Appraisal) -> Section:
    """Return, for each option not on the shortlist, the least change that would bring it to the lead or the list."""
    labels = labels_of(appraisal)
    held = listed(labels[option] for option in conditions.shortlist)
    blocks: list[Block] = [
        Text(
            f"On the shortlist: {held}. For each other option, the least change of one weight, of one score, or of the "
            "fewest scores within what was stated of them, at the best estimates and the weights of "
            f"{conditions.weights_name.replace('_', ' ')}. To join the shortlist means here: level with the last of as "
            "many first options as it holds."
        )
    ]
    far = conditions.distances().drop(columns="option")
    if len(far):
        headings = {"label": "Option", "shortlist": "Points short of the shortlist", "lead": "Points short of the lead"}
        formats, bars = {"shortlist": ".2f", "lead": ".2f"}, {"lead": max(float(far["lead"].max()), 1e-9)}
        blocks.append(Table("distances", far, "How far each option is, at the best estimates", headings, formats, bars))
    for option, rows in conditions.table.groupby("option", sort=False):
        shown = rows[["goal", "way", "possible", "says"]].rename(columns={"goal": "to"})
        blocks += [
            Heading(labels[str(option)]),
            Table(
                f"true-{option}",
                shown,
                f"What it would take: {labels[str(option)]}",
                headings={"to": "To", "way": "By", "possible": "Possible", "says": "What it takes"},
            ),
        ]
    if len(blocks) == 1:
        blocks.append(Text("Every option is on the shortlist."))
    return Section("true", "What would have to be true", tuple(blocks))


def options_section(appraisal: Appraisal) -> Section:
    """Return the options and how each stands at each gate, gates kept apart from everything that is weighed."""
    labels = labels_of(appraisal)
    options = pd.DataFrame(
        [
            (
                labels[o.id],
                o.id,
                o.family,
                "yes" if o.id == appraisal.baseline else "no",
                appraisal.gate_states[o.id].answer,
            )
            for o in appraisal.options
        ],
        columns=["option", "id", "family", "baseline", "gates"],
    )
    headings = {
        "option": "Option",
        "id": "Id",
        "family": "Family",
        "baseline": "Do-minimum",
        "gates": "Passes all gates",
    }
    blocks: list[Block] = [Table("options", options, "The options looked at", headings=headings)]
    table = appraisal.gates()
    if not len(table):
        blocks.append(Text("The appraisal states no must-haves."))
        return Section("options", "Options and must-haves", tuple(blocks))
    answers = {"yes": "passes", "no": "fails", "unknown": "not known"}
    wide = table.assign(answer=table["answer"].map(answers)).pivot(index="option", columns="gate", values="answer")
    wide = wide.loc[[o.id for o in appraisal.options], [g.id for g in appraisal.gates]].rename(columns=labels)
    wide = wide.rename(index=labels).reset_index().rename(columns={"option": "Option"}).rename_axis(columns=None)
    open_ = table[table["answer"].ne("yes")]
    open_ = open_.assign(option=open_["option"].map(labels), gate=open_["gate"].map(labels))
    blocks += [
        Text(
            "A must-have is never traded against anything and never weighed. An option that fails one for certain is "
            "out, "
            "and stays in every table; one whose answer is not known is ranked, and the chance counts in the draws. "
            "Who "
            "answered, and on what evidence, stands under every score."
        ),
        Table("gates", wide, "Each option at each must-have"),
        Table(
            "gates-open",
            open_[["option", "gate", "answer", "chance", "assessors", "evidence", "note"]],
            "Must-haves that are failed or not known",
            headings=_GATE_HEADINGS,
            formats={"chance": ".2f"},
            missing="none",
        )
        if len(open_)
        else Text("Every option passes every must-have."),
    ]
    return Section("options", "Options and must-haves", tuple(blocks))


_GATE_HEADINGS = {
    "option": "Option",
    "gate": "Must-have",
    "answer": "Answer",
    "chance": "Chance of passing",
    "assessors": "Said by",
    "evidence": "Evidence",
    "note": "Note",
}
