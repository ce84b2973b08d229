"""Where people differ: over facts, over values, over must-haves; and who by themselves would change the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.analysis.simulation.dissent import find_split_gates
from smarthan.analysis.simulation.expected import LEADERS_DIFFER

from .markup import Block, Heading, Table, Text
from .results import Results
from .statement import Section, absent
from .words import labels_of, listed

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.simulation.disagreement import Disagreement

_HOWS = {"weights": "by its weights", "alone": "if its scores stood alone", "left out": "if its scores were left out"}
_CRITERIA = 8  # rows shown of the criteria whose weights decide


def dissent_section(appraisal: Appraisal, results: Results) -> Section:
    """Return where assessors and groups differ, and who would change the answer."""
    return Section("dissent", "Where people differ", tuple(_dissent(appraisal, results)))


def _dissent(appraisal: Appraisal, results: Results) -> Iterator[Block]:
    labels = labels_of(appraisal)
    simulation = results.simulation
    if simulation is None:
        yield absent("A simulation, on which the split between facts and values rests,", "appraisal.simulate()")
    else:
        yield from _differences(simulation.disagreement(), labels)
    split = find_split_gates(appraisal.gates(), appraisal.cells)
    yield Heading("Must-haves that assessors answer differently")
    if not len(split):
        yield Text("None: wherever several people answered, they answered alike.")
        return
    shown = split.assign(option=split["option"].map(labels), gate=split["gate"].map(labels))
    headings = {"option": "Option", "gate": "Must-have", "said": "What each says"}
    yield Table("split-gates", shown, "Must-haves that assessors answer differently", headings=headings)


def _differences(found: Disagreement, labels: dict[str, str]) -> Iterator[Block]:
    leader = labels[found.answers.attrs["leader"]]
    changing = found.answers[found.answers["changes"]]
    told = [f"{_say(row.who)} ({_HOWS[str(row.how)]}: {labels[str(row.leader)]})" for row in changing.itertuples()]
    yield Text(
        f"At the mean of the weights, with everybody's scores and at expected points, {leader} leads. "
        + (f"Who would change that: {listed(told)}." if told else "Nobody by themselves would change that.")
        + f" {LEADERS_DIFFER}"
    )
    yield _answers_table(found, labels)
    yield _ranks_table(found, labels)
    yield Heading("Facts against values")
    yield Text(
        "More evidence can settle doubt about facts; differences of value are for people. The variance of each "
        "option's "
        "points, and of the gap between the leader and its rival, splits exactly into the two."
    )
    yield _variance_table(found, labels)
    yield _decisive_table(found, labels)
    yield Heading("Scores that several people gave")
    if len(found.assessors):
        yield _assessors_table(found, labels)
    else:
        yield Text("None: each score was given by one assessor.")


def _say(name: object) -> str:
    return str(name).replace("_", " ")


def _answers_table(found: Disagreement, labels: dict[str, str]) -> Table:
    answers = found.answers
    frame = pd.DataFrame(
        {
            "who": answers["who"].map(_say),
            "how": answers["how"].map(_HOWS),
            "leader": answers["leader"].map(labels),
            "lead": answers["lead"],
            "changes": answers["changes"],
        }
    )
    headings = {
        "who": "Who",
        "how": "How",
        "leader": "Then leads",
        "lead": "Lead, expected points",
        "changes": "Changes the answer",
    }
    return Table("answers", frame, "Who would change the answer", headings=headings, formats={"lead": ".2f"})


def _ranks_table(found: Disagreement, labels: dict[str, str]) -> Table:
    ranks = found.ranks
    wide = ranks.pivot(index="option", columns="weight_set", values="rank")
    wide = wide.loc[list(dict.fromkeys(ranks["option"])), list(dict.fromkeys(ranks["weight_set"]))]
    wide = wide.rename(index=labels, columns=_say).reset_index().rename(columns={"option": "Option"})
    caption = "Rank of each option by each group's weights, at expected points with must-haves counted"
    return Table("group-ranks", wide.rename_axis(columns=None), caption)


def _variance_table(found: Disagreement, labels: dict[str, str]) -> Table:
    frame = found.variance.assign(subject=[_say_subject(each, labels) for each in found.variance["subject"]])
    headings = {
        "subject": "Of",
        "facts": "Facts, points squared",
        "values": "Values, points squared",
        "facts_share": "Share that evidence could settle",
    }
    formats = {"facts": ".2f", "values": ".2f", "facts_share": ".0%"}
    bars = {"facts_share": 1.0}
    return Table(
        "variance", frame, "Doubt about facts and difference of values", headings, formats, bars, "no doubt at all"
    )


def _say_subject(subject: str, labels: dict[str, str]) -> str:
    if not subject.startswith("gap: "):
        return labels[subject]
    first, second = subject.removeprefix("gap: ").split(" over ")
    return f"The gap: {labels[first]} over {labels[second]}"


def _decisive_table(found: Disagreement, labels: dict[str, str]) -> Table:
    table = found.gap_by_criterion.head(_CRITERIA)
    shown = table.assign(criterion=table["criterion"].map(labels))
    headings = {"criterion": "Criterion", "values": "Adds, points squared"}
    caption = "Criteria whose weights make the most of the difference of values in that gap"
    return Table("decisive", shown, caption, headings=headings, formats={"values": ".2f"})


def _assessors_table(found: Disagreement, labels: dict[str, str]) -> Table:
    table = found.assessors
    shown = table.assign(option=table["option"].map(labels), criterion=table["criterion"].map(labels))
    shown = shown.drop(columns="assessors")
    headings = {
        "option": "Option",
        "criterion": "Criterion",
        "said": "What each says",
        "least": "Least points",
        "most": "Most points",
        "spread": "Spread, points",
    }
    formats = dict.fromkeys(("least", "most", "spread"), ".1f")
    return Table("assessors", shown, "Scores of one cell by several people, widest spread first", headings, formats)
