"""Weights with the swing each states, the weighted totals, and how far weights and scores may move: without chance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.analysis.scoring.scores import Score

from .markup import Block, Heading, Table, Text
from .results import Results
from .statement import Section, absent
from .words import labels_of, plain, say_range, say_value, spell

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal

_KINDS = {"swing": "swing points", "rank": "rank", "weight": "direct weight", "interval": "least and greatest weight"}
_CELLS = 12  # rows of the tornado shown; the rest moves the lead less


def weights_section(appraisal: Appraisal) -> Section:
    """Return the criteria with their agreed scales, and each set of weights with the swing that each weight states."""
    labels = labels_of(appraisal)
    scales = [
        (
            labels[c.id],
            c.group,
            c.unit or "word",
            say_range(c),
            say_value(c),
            " ".join(f"{spell(e.id)}: {e.means}." for e in c.levels if e.means),
        )
        for c in appraisal.criteria
    ]
    columns = ["criterion", "group", "unit", "swing", "points", "means"]
    blocks: list[Block] = [
        Text(
            "A weight is the worth of a swing: of going from the worst to the best of the criterion's agreed range, "
            "compared "
            "with the same swing of the others. It says nothing without its range."
        ),
        Table(
            "criteria",
            pd.DataFrame(scales, columns=columns),
            "Criteria, their agreed ranges and how scores become points (0 worst, 100 best)",
            headings=dict(
                zip(
                    columns,
                    ("Criterion", "Group", "Unit", "Swing, worst to best", "Points", "What the words mean"),
                    strict=True,
                )
            ),
            missing="none",
        ),
    ]
    blocks += [_weights_table(appraisal, at, labels) for at in range(len(appraisal.weight_sets))]
    return Section("weights", "Weights and their swings", tuple(blocks))


def _weights_table(appraisal: Appraisal, at: int, labels: dict[str, str]) -> Table:
    each = appraisal.weight_sets[at]
    criteria = {criterion.id: criterion for criterion in appraisal.criteria}
    shares = dict(zip(criteria, each.weights or (), strict=False))
    rows = []
    for row in each.rows:
        swing = say_range(criteria[row.node]) if row.node in criteria else "of the group among its siblings"
        stated = " to ".join(map(plain, row.stated))
        rows.append((labels.get(row.node, row.node), swing, stated, shares.get(row.node), row.note, row.line))
    frame = pd.DataFrame(rows, columns=["criterion", "swing", "stated", "weight", "note", "line"])
    frame["weight"] = frame["weight"].astype("float64")
    name = each.assessor.replace("_", " ")
    return Table(
        f"weights-{at + 1}",
        frame,
        f"Weights of {name}, stated as {_KINDS[each.kind]}",
        headings={
            "criterion": "Criterion",
            "swing": "Swing, worst to best",
            "stated": _KINDS[each.kind].capitalize(),
            "weight": "Weight",
            "note": "Reason",
            "line": "Line or row of the weights",
        },
        formats={"weight": ".2%"},
        bars={"weight": max(each.weights or (1.0,))},
        missing="none",
    )


def totals_section(appraisal: Appraisal, results: Results) -> Section:
    """Return totals by weight set, the contributions of each score given, dominance, switching values, the tornado."""
    return Section("totals", "Weighted scores", tuple(_totals(appraisal, results)))


def _totals(appraisal: Appraisal, results: Results) -> Iterator[Block]:
    labels = labels_of(appraisal)
    sets = [each.assessor for each in appraisal.weight_sets if each.weights is not None]
    if sets:
        yield _totals_table(appraisal, sets, labels)
    yield Heading("What each criterion adds")
    if not results.scores:
        yield absent("A score", "appraisal.score()")
    for place, score in enumerate(results.scores, 1):
        yield _contribution_table(score, labels, place)
    yield Heading("Dominance")
    yield _dominance_block(appraisal, labels)
    running = sum(state.answer != "no" for state in appraisal.gate_states.values())
    yield Heading("Switching values")
    if running < 2 or not sets:
        yield Text("Fewer than two options pass the must-haves, or no single weights are stated: nothing can switch.")
        return
    yield from _switching_blocks(appraisal, labels)


def _totals_table(appraisal: Appraisal, sets: list[str], labels: dict[str, str]) -> Table:
    tables = {name: appraisal.score(name).table.set_index("option") for name in sets}
    first = tables[sets[0]]
    columns: dict[str, object] = {"Option": [labels[o] for o in first.index]}
    for name, table in tables.items():
        ranks = table["rank"].reindex(first.index)
        words = name.replace("_", " ")
        columns[f"{words}: points"] = table["total"].reindex(first.index).to_numpy()
        columns[f"{words}: rank"] = [str(rank) if pd.notna(rank) else "out" for rank in ranks]
    columns["Dominated by"] = [", ".join(labels[o] for o in text.split(", ") if o) for text in first["dominated_by"]]
    frame = pd.DataFrame(columns)
    points = [name for name in frame if name.endswith(": points")]
    caption = "Totals (0 to 100 points) and ranks at the best estimates, by who stated the weights"
    return Table("totals-table", frame, caption, formats=dict.fromkeys(points, ".3f"), missing="no option")


def _contribution_table(score: Score, labels: dict[str, str], place: int) -> Table:
    parts = score.contributions()
    wide = parts.pivot(index="criterion", columns="option", values="contribution")
    order = score.table["option"].tolist()
    wide = wide.loc[score.weights.index, order].rename(columns=labels, index=labels).reset_index()
    wide = wide.rename(columns={"criterion": "Criterion"}).rename_axis(columns=None)
    wide.insert(1, "Weight", score.weights.to_numpy())
    total = pd.DataFrame([["Total", 1.0, *score.table["total"]]], columns=wide.columns)
    frame = pd.concat([wide, total], ignore_index=True)
    formats = dict.fromkeys(frame.columns[2:], ".2f") | {"Weight": ".2%"}
    caption = f"Contributions in points, weight times value, by the weights of {score.weights_name.replace('_', ' ')}"
    return Table(f"contributions-{place}", frame, caption, formats=formats)


def _dominance_block(appraisal: Appraisal, labels: dict[str, str]) -> Block:
    pairs = appraisal.dominance()
    if not len(pairs):
        return Text("No option in the running dominates another, and no two are alike on every criterion.")
    shown = pairs.assign(option=pairs["option"].map(labels), over=pairs["over"].map(labels))
    caption = "Options at least as good on every criterion and better on one, whatever the weights; and equal ones"
    shown = shown[["option", "relation", "over"]]
    return Table(
        "dominance", shown, caption, headings={"option": "Option", "relation": "Relation", "over": "To option"}
    )


def _switching_blocks(appraisal: Appraisal, labels: dict[str, str]) -> Iterator[Block]:
    table = appraisal.switching_values()
    name, leader, second = (table.attrs[key] for key in ("weights", "leader", "second"))
    yield Text(
        f"At the best estimates, by the weights of {name.replace('_', ' ')}, {labels[leader]} leads "
        f"{labels[second]} by {table.attrs['gap']:.3f} points. One weight moves at a time, the others keep their "
        "proportions; one score of the leader moves at a time until the two are level. Exact, without chance."
    )
    shown = pd.DataFrame(
        {
            "Criterion": table["label"],
            "Weight now": table["weight"],
            "Leader changes below": _say_switch(table, "below", labels),
            "Leader changes above": _say_switch(table, "above", labels),
            "Leader's score now": [_say_number(each) for each in table["leader_score"]],
            "Level at score": [_say_number(each) for each in table["switch_score"]],
            "Unit": table["unit"],
        }
    )
    formats = {"Weight now": ".2%"}
    yield Table("switching", shown, "Switching values of the leader", formats=formats, missing="no score")
    yield _tornado_table(appraisal, labels)


def _say_switch(table: pd.DataFrame, side: str, labels: dict[str, str]) -> list[str]:
    pairs = zip(table[f"{side}_weight"], table[f"{side}_option"], strict=True)
    return [f"{w:.2%}: {labels[str(o)]}" if pd.notna(w) else "no weight changes it" for w, o in pairs]


def _say_number(value: object) -> str:
    if isinstance(value, float):
        return plain(value) if value == value else "no score"
    return str(value) if value is not None else "no score"


def _tornado_table(appraisal: Appraisal, labels: dict[str, str]) -> Table:
    table = appraisal.tornado().head(_CELLS)
    shown = table.assign(option=table["option"].map(labels), criterion=table["criterion"].map(labels))
    caption = (
        f"Lead over the second ({table.attrs['lead']:.3f} points) with one score at its low or high end, widest first"
    )
    headings = {
        "option": "Option",
        "criterion": "Criterion",
        "lead_at_low": "Lead at its low end",
        "lead_at_high": "Lead at its high end",
        "swing": "Width",
    }
    formats = dict.fromkeys(("lead_at_low", "lead_at_high", "swing"), ".2f")
    bars = {"swing": float(table["swing"].max()) or 1.0}
    return Table("tornado", shown, caption, headings=headings, formats=formats, bars=bars)
