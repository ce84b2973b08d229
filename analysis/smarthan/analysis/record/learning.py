"""What information would change the answer: perfect and partial information, the trials, the decision's tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .markup import Block, Heading, Table, Text
from .results import Results
from .statement import Section, absent
from .words import labels_of, listed, say_target

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.worth.decisions import Decision
    from smarthan.analysis.worth.value_of_information import ValueOfInformation

_ROWS = 25  # of what could be learnt
_LISTS = 4  # shortlists shown of each size
_NEAR_BEST = 0.95  # the smallest number within 5 % of the best: candidate-scoring rules, section 8


def information_section(appraisal: Appraisal, results: Results) -> Section:
    """Return what knowing more would be worth, and the tables behind each decision."""
    return Section("information", "What information would change the answer", tuple(_information(appraisal, results)))


def _information(appraisal: Appraisal, results: Results) -> Iterator[Block]:
    labels = labels_of(appraisal)
    if not results.information:
        yield absent("A value of information", "simulation.value_of_information()")
    for place, information in enumerate(results.information, 1):
        yield from _worth(information, labels, place)
    if not results.decisions:
        yield absent("A decision", "simulation.value_of_information().decide()")
    for place, decision in enumerate(results.decisions, 1):
        yield from _rule(appraisal, decision, place)


def _worth(information: ValueOfInformation, labels: dict[str, str], place: int) -> Iterator[Block]:
    top = information.useful
    names = [say_target(row.option, row.criterion, labels) for row in top.head(3).itertuples()]
    yield Text(
        "Knowing a score changes the answer only where it could make another option the best. Weights are values and "
        "are "
        f"never learnt, so each figure stands for one group's weights. Most worth knowing: {listed(names)}. "
        f"{len(information.table) - len(top)} of {len(information.table)} could not change the choice of any group."
    )
    evpi = information.evpi.assign(weight_set=information.evpi["weight_set"].str.replace("_", " "))
    headings = {"weight_set": "Weights of", "value": "Points", "se": "Standard error"}
    caption = "Expected value of knowing every score and must-have"
    yield Table(f"evpi-{place}", evpi, caption, headings=headings, formats={"value": ".2f", "se": ".3f"})
    shown = top.head(_ROWS)
    frame = pd.DataFrame({"learn": [say_target(r.option, r.criterion, labels) for r in shown.itertuples()]})
    frame = frame.assign(**{name: shown[name].to_numpy() for name in ("least", "median", "most")})
    headings = {"learn": "To learn", "least": "Least of the groups", "median": "Median", "most": "Most of the groups"}
    caption = f"Expected value of learning one thing, in points: the {len(frame)} most worth knowing. No sampling error"
    formats = dict.fromkeys(("least", "median", "most"), ".3f")
    bars = {"median": float(shown["median"].max()) if len(shown) else 1.0}
    if len(frame):
        yield Table(f"evppi-{place}", frame, caption, headings=headings, formats=formats, bars=bars)


def _rule(appraisal: Appraisal, decision: Decision, place: int) -> Iterator[Block]:
    found, labels = decision.regrets, labels_of(appraisal)
    yield Heading("Behind the decision: shortlists and their regret")
    yield Text(
        f"Regret is what is lost on average by choosing later from the list only. Allowed: {found.max_regret:g} "
        "points for "
        f"every group's weights, on a list of at most {found.max_size}. {len(found.table)} lists were looked at."
    )
    table = found.table.groupby("size", sort=True).head(_LISTS)  # by size, then worst regret, as the rule reads them
    frame = pd.DataFrame(
        {
            "options": [", ".join(labels[name] for name in text.split(", ")) for text in table["options"]],
            "worst_regret": table["worst_regret"].to_numpy(),
            "se": table["se"].to_numpy(),
            "worst_set": table["worst_set"].str.replace("_", " ").to_numpy(),
            "least_chance": table["least_chance"].to_numpy(),
            "meets": table["meets"].to_numpy(),
        }
    )
    headings = {
        "options": "List",
        "worst_regret": "Worst regret, points",
        "se": "Standard error",
        "worst_set": "By the weights of",
        "least_chance": "Least chance to hold the best",
        "meets": "Within what is allowed",
    }
    formats = {"worst_regret": ".2f", "se": ".3f", "least_chance": ".0%"}
    yield Table(
        f"lists-{place}",
        frame,
        "The lists of least worst regret of each size, the smallest first",
        headings=headings,
        formats=formats,
    )
    by_set = found.by_set.assign(weight_set=found.by_set["weight_set"].str.replace("_", " "))
    headings = {
        "weight_set": "Weights of",
        "regret": "Regret, points",
        "se": "Standard error",
        "chance": "Best is on it",
    }
    formats = {"regret": ".2f", "se": ".3f", "chance": ".0%"}
    yield Table(f"chosen-{place}", by_set, "The chosen list, group by group", headings=headings, formats=formats)
    if len(decision.curve):
        yield _trials_table(appraisal, decision, place)


def _trials_table(appraisal: Appraisal, decision: Decision, place: int) -> Table:
    """Return each trial at the number of buildings that the rule would take, by net benefit or by points."""
    priced = bool(decision.curve["enbs_gbp"].notna().all())
    value = "enbs_gbp" if priced else "evsi"
    names = {trial.id: trial.label for trial in appraisal.trials}
    rows = []
    for trial, curve in decision.curve.groupby("trial", sort=False):
        wide = curve.pivot(index="buildings", columns="weight_set", values=value)
        median = wide.median(axis=1)
        near = median >= _NEAR_BEST * median.max() if median.max() > 0 else median == median.max()
        number = int(median.index[int(np.argmax(near.to_numpy()))])
        points = curve[curve["buildings"] == number]["evsi"].median()
        money = float(median.loc[number]) / 1e6 if priced else np.nan
        against = [str(name).replace("_", " ") for name, net in wide.loc[number].items() if net < 0]
        rows.append((names.get(str(trial), str(trial)), number, points, money, ", ".join(against)))
    frame = pd.DataFrame(rows, columns=["trial", "buildings", "points", "net", "against"])
    headings = {
        "trial": "Trial",
        "buildings": "Buildings",
        "points": "Worth, points (median group)",
        "net": "Net of its cost, million GBP (median group)",
        "against": "Costs more than it tells by the weights of",
    }
    caption = "What each trial on offer would be worth, at the smallest number of buildings within 5 % of the best"
    frame["net"] = [f"{net:,.2f}" if net == net else "no price is stated" for net in frame["net"]]
    return Table(f"trials-{place}", frame, caption, headings, {"points": ".2f"}, missing="nobody")
