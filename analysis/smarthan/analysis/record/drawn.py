"""How sure the ranking is: rank acceptability with its standard errors, pairs, weights that suit each option."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from .markup import Block, Heading, Table, Text
from .results import Results
from .statement import Section, absent
from .words import labels_of

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.simulation.runs import Simulation

_WAYS = {
    "all": "each stated set of weights equally often",
    "simplex": "all weights alike likely",
    "ordinal": "all weights alike likely that keep the stated order",
    "interval": "all weights alike likely within the stated bounds",
}


def simulation_section(appraisal: Appraisal, results: Results) -> Section:
    """Return the simulations given."""
    blocks: list[Block] = []
    if not results.simulations:
        blocks.append(absent("A simulation", "appraisal.simulate()"))
    for place, simulation in enumerate(results.simulations, 1):
        blocks += _describe(simulation, place)
    return Section("simulation", "How sure the ranking is", tuple(blocks))


def say_weights(weights: str) -> str:
    """Return in words where drawn weights came from.

    Examples
    --------
    >>> say_weights("all"), say_weights("consumer_body")
    ('each stated set of weights equally often', 'the weights of consumer body')
    """
    way, _, who = weights.partition(":")
    if way in _WAYS:
        return f"{_WAYS[way]}{f' ({who})' if who else ''}"
    return f"the weights of {weights.replace('_', ' ')}"


def _describe(simulation: Simulation, place: int) -> Iterator[Block]:
    labels = labels_of(simulation.appraisal)
    drawn = f"{simulation.draws:,} draws, {say_weights(simulation.weights)}"
    yield Heading(f"Simulation {place}: {drawn}, seed {simulation.seed}")
    yield Text(
        "Scores are drawn from what was stated of them, weights as said above; an option that fails a must-have in a "
        "draw "
        "takes the last places of that draw. Method: SMAA-2 (Lahdelma and Salminen 2001). Each figure is a share of "
        "draws, "
        "with its standard error in brackets, both in per cent."
    )
    yield _ranks_table(simulation, labels, place)
    yield _first_table(simulation, labels, place)
    if len(simulation.options) > 1:
        yield _pairs_table(simulation, labels, place)
    if len(simulation.clipped):
        yield _clipped_table(simulation, labels, place)


def _ranks_table(simulation: Simulation, labels: dict[str, str], place: int) -> Table:
    table = simulation.rank_acceptability()
    table["words"] = [_share(s, e) for s, e in zip(table["share"], table["se"], strict=True)]
    wide = table.pivot(index="option", columns="rank", values="words")
    first = table[table["rank"].eq(1)].sort_values("share", ascending=False, kind="stable")["option"]
    wide = wide.loc[first].rename(index=labels, columns=lambda rank: f"Rank {rank}").reset_index()
    wide = wide.rename(columns={"option": "Option"}).rename_axis(columns=None)
    return Table(f"ranks-{place}", wide, "Rank acceptability, per cent of draws (standard error)")


def _share(share: float, error: float) -> str:
    return f"{100 * share:.1f} ({100 * error:.2f})" if share > 0 else "0"


def _first_table(simulation: Simulation, labels: dict[str, str], place: int) -> Table:
    table = simulation.confidence().sort_values("first_share", ascending=False, kind="stable")
    central = simulation.central_weights().dropna(subset="weight")
    mean = dict(zip(simulation.criteria, simulation.weight_moments()[0], strict=True))
    central = central.assign(above=central["weight"] - central["criterion"].map(mean))
    suits = {str(option): _suiting(rows, labels) for option, rows in central.groupby("option")}
    frame = pd.DataFrame(
        {
            "option": table["option"].map(labels),
            "first": table["first_share"],
            "first_se": table["first_se"],
            "confidence": table["confidence"],
            "se": table["se"],
            "suits": [suits.get(option, "") for option in table["option"]],
        }
    )
    headings = {
        "option": "Option",
        "first": "First",
        "first_se": "Standard error",
        "confidence": "First at the weights that suit it",
        "se": "Its standard error",
        "suits": "Weights that suit it give more to",
    }
    formats = {"first": ".1%", "first_se": ".2%", "confidence": ".1%", "se": ".2%"}
    caption = "How often first, and at the mean weights of the draws in which it is first (central weights)"
    return Table(
        f"first-{place}", frame, caption, headings=headings, formats=formats, bars={"first": 1.0}, missing="never first"
    )


def _suiting(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    top = rows.nlargest(2, "above")
    return ", ".join(
        f"{labels[c]} (+{100 * a:.1f})" for c, a in zip(top["criterion"], top["above"], strict=True) if a > 5e-4
    )


def _pairs_table(simulation: Simulation, labels: dict[str, str], place: int) -> Table:
    pairs = simulation.pairwise()
    pairs["words"] = [_share(s, e) for s, e in zip(pairs["share"], pairs["se"], strict=True)]
    wide = pairs.pivot(index="option", columns="over", values="words").reindex(simulation.options)[simulation.options]
    wide = wide.rename(index=labels, columns=labels).reset_index().rename(columns={"option": "Option"})
    caption = "How often the row's option scores above the column's, per cent of draws (standard error)"
    return Table(f"pairs-{place}", wide.rename_axis(columns=None), caption, missing="itself")


def _clipped_table(simulation: Simulation, labels: dict[str, str], place: int) -> Table:
    table = simulation.clipped
    shown = table.assign(option=table["option"].map(labels), criterion=table["criterion"].map(labels))
    headings = {"option": "Option", "criterion": "Criterion", "share": "Share of draws"}
    caption = "Scores of which some draws fell outside the agreed range and counted at its end"
    return Table(f"clipped-{place}", shown, caption, headings=headings, formats={"share": ".2%"})
