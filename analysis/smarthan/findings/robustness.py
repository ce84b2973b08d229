"""How robust the ranking is: rank acceptability, the weights that suit each option, the shortlist of little regret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.finding import Finding, count, headline, listed, mark, percent, several
from smarthan.findings.scores import appraisal_source, criterion_labels, option_labels, set_words

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal, Simulation

# As many columns as the chart of ranks holds readably; further ranks share the last.
RANKS_IN_A_CHART = 12
_HARDLY_EVER = 0.005  # share of draws that is printed as 0%


def acceptability_of(appraisal: Appraisal, simulation: Simulation) -> Finding:
    """Return how often each option takes each rank when scores and weights vary within what was stated.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation

    Returns
    -------
    Finding
        Wide table: option, then one column a rank ("1", "2", ...), shares from 0 to 1, likeliest winner first.
    """
    raw = simulation.rank_acceptability()
    wide = raw.pivot(index="option", columns="rank", values="share")
    wide = wide.sort_values(list(wide.columns), ascending=False)
    wide = _fold_ranks(wide.set_axis([str(rank) for rank in wide.columns], axis=1))
    ranks = list(wide.columns)
    first_se = raw[raw["rank"].eq(1)].set_index("option")["se"]
    table = wide.reset_index().assign(first_se=first_se.reindex(wide.index).to_numpy())
    table["option"] = table["option"].map(option_labels(appraisal))
    best = percent(table["1"].iloc[0], 0)
    leaders = listed(f"{o} in {percent(s, 0)}" for o, s in zip(table["option"][:3], table["1"][:3], strict=True))
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "rank_acceptability",
        headline(
            f"{table['option'].iloc[0]} is first in {best} of draws", f"The likeliest leader wins {best} of draws"
        ),
        f"Per cent of {count(simulation.draws)} simulated appraisals in which an option takes each rank; scores and "
        f"weights vary together; as of {appraisal.as_of:%-d %B %Y}",
        f"A table of {len(table)} options by {len(ranks)} ranks, per cent of draws in each cell. First: {leaders}. "
        f"Last ranked most often: {table.loc[table[ranks[-1]].idxmax(), 'option']}.",
        appraisal_source(appraisal),
        n=f"{count(simulation.draws)} draws, seed {simulation.seed}; weights: {_source_of_weights(simulation)}.",
        method="Stochastic multicriteria acceptability analysis (SMAA-2, Lahdelma and Salminen 2001); Monte Carlo "
        f"standard error at most {raw['se'].max():.4f}.",
        notes=(_say_out(appraisal, simulation),),
        headings={"option": "Option"}
        | {rank: f"Rank {rank}" for rank in ranks}
        | {"first_se": "Standard error of rank 1"},
        formats=dict.fromkeys(ranks, ".1%") | {"first_se": ".2%"},
        drawn={"option": "option", "ranks": ranks, "axis_label": "Rank (1 is best)"},
    )


def _fold_ranks(wide: pd.DataFrame) -> pd.DataFrame:
    """Return at most twelve columns of ranks, the last of them for all ranks from there on."""
    if wide.shape[1] <= RANKS_IN_A_CHART:
        return wide
    kept = wide.iloc[:, : RANKS_IN_A_CHART - 1]
    return kept.assign(**{f"{RANKS_IN_A_CHART}+": wide.iloc[:, RANKS_IN_A_CHART - 1 :].sum(axis=1).clip(upper=1)})


def _source_of_weights(simulation: Simulation) -> str:
    if simulation.weights != "all":
        return simulation.weights
    names = [set_words(name) for name in simulation.source.set_names]
    return f"{listed(names)} equally often" if len(names) > 1 else f"the one set stated, of {listed(names)}"


def _say_out(appraisal: Appraisal, simulation: Simulation) -> str:
    labels = option_labels(appraisal)
    out = [labels[one.id] for one in appraisal.options if one.id not in simulation.options]
    unknown = [labels[one] for one in simulation.options if appraisal.gate_states[one].answer == "unknown"]
    said = f"Left out, for it fails a must-have: {listed(out)}." if out else "No option is left out."
    return f"{said} Last in the draws in which a must-have not known fails: {listed(unknown)}." if unknown else said


def central_weights_of(appraisal: Appraisal, simulation: Simulation, *, most: int = 5) -> Finding:
    """Return what weights make each option first: the mean weights of the draws that it wins.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation
    most : int
        How many options to show, those that win most draws.

    Returns
    -------
    Finding
        A table: criterion, the mean weight of all draws, and one column an option (identifier) that is ever first.
    """
    first = simulation.confidence().sort_values("first_share", ascending=False, kind="stable")
    shown = first.loc[first["first_share"].gt(0), "option"].head(most).tolist()
    central = simulation.central_weights().pivot(index="criterion", columns="option", values="weight")
    names = criterion_labels(appraisal)
    table = pd.DataFrame({"criterion": list(names.values()), "all_draws": simulation.weight_moments()[0]})
    for option in shown:
        table[option] = central[option].reindex(list(names)).to_numpy()
    labels = option_labels(appraisal)
    one_set = len(simulation.source.sets) == 1 and simulation.weights == "all"
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "central_weights",
        f"The weights that suit each option: {listed(labels[option] for option in shown)}",
        "Mean weights of the draws in which an option comes first, beside the mean of all draws",
        "",
        appraisal_source(appraisal),
        n=f"{count(simulation.draws)} draws, seed {simulation.seed}; options never first have no such weights.",
        method="Central weights of SMAA-2.",
        headings={"criterion": "Criterion", "all_draws": "All draws"} | {o: labels[o] for o in shown},
        formats=dict.fromkeys(["all_draws", *shown], ".1%"),
        missing="Only one set of weights is stated, so every draw has the same weights." if one_set else "",
    )


def confidence_of(appraisal: Appraisal, simulation: Simulation) -> Finding:
    """Return how often each option comes first, in all draws and with the weights that suit it best.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation

    Returns
    -------
    Finding
        A table: option, first_share, first_se, confidence, se (shares, 0 to 1), most often first on top.
    """
    table = simulation.confidence().sort_values("first_share", ascending=False, kind="stable", ignore_index=True)
    table["option"] = table["option"].map(option_labels(appraisal))
    weak = table.loc[table["confidence"].lt(0.5), "option"].tolist()
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "confidence_factors",
        f"{several(len(weak), 'option')} first in under half of draws, even with weights that suit"
        if weak
        else "Each option that is ever first is mostly first with its weights",
        "Share of draws in which an option comes first: in all draws, and with its central weights in all of them",
        "",
        appraisal_source(appraisal),
        n=f"{count(simulation.draws)} draws, seed {simulation.seed}.",
        method="Confidence factor of SMAA-2: a low one says that the scores are too uncertain to choose this option, "
        "whatever the weights; the title counts those under 50%. Standard errors are of the Monte Carlo draws.",
        headings={
            "option": "Option",
            "first_share": "First in all draws",
            "first_se": "Standard error",
            "confidence": "First with its central weights",
            "se": "Its standard error",
        },
        formats=dict.fromkeys(("first_share", "confidence"), ".1%") | dict.fromkeys(("first_se", "se"), ".2%"),
    )


def shortlist_of(appraisal: Appraisal, simulation: Simulation) -> Finding:
    """Return what choosing from the shortlist would cost on average, under each set of weights.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation

    Returns
    -------
    Finding
        A table: who stated the weights, regret [points] with its standard error, chance that the best option is listed.
    """
    found = simulation.shortlist()
    labels = option_labels(appraisal)
    table = found.by_set[["weight_set", "regret", "se", "chance"]].copy()
    table["weight_set"] = table["weight_set"].map(set_words)
    names = listed(labels[option] for option in found.options)
    lists = several(len(found.table), "list")
    kept = "keeps regret within" if found.meets else "does not keep regret within"
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "shortlist",
        f"A shortlist of {len(found.options)} {kept} {found.max_regret:g} points: {names}",
        "Mean loss from choosing on the shortlist only, instead of the best of all options, by who stated the weights",
        "",
        appraisal_source(appraisal),
        n=f"{count(simulation.draws)} draws, seed {simulation.seed}; {lists} looked at.",
        method=f"The smallest list of at most {several(found.max_size, 'option')} whose mean regret is at most "
        f"{found.max_regret:g} points "
        "under every set of weights; with its Monte Carlo standard error.",
        headings={
            "weight_set": "Weights of",
            "regret": "Mean regret, points",
            "se": "Standard error",
            "chance": "Best option is listed",
        },
        formats={"regret": ".2f", "se": ".3f", "chance": ".0%"},
    )


def answer_robustness(appraisal: Appraisal, simulation: Simulation) -> str:
    """Return the notebook's answer: how sure the lead is, and what would change it.

    Parameters
    ----------
    appraisal : Appraisal
    simulation : Simulation

    Returns
    -------
    str
    """
    from smarthan.findings.doubt import dissent_of, facts_of
    from smarthan.findings.switching import swings_of
    from smarthan.findings.weighing import weight_lines_of

    first = simulation.confidence().sort_values("first_share", ascending=False, kind="stable")
    exact = [one.title for one in (swings_of(appraisal), weight_lines_of(appraisal)) if not one.missing]
    facts, dissent = facts_of(appraisal, simulation), dissent_of(appraisal, simulation)
    return "\n\n".join(
        [
            _say_first(first, option_labels(appraisal), simulation),
            f"{facts.missing or facts.title + '. ' + facts.notes[0]} In expected points: "
            f"{dissent.title[:1].lower()}{dissent.title[1:]}. {dissent.notes[0]}",
            *([f"At the best estimates: {'; '.join(exact)}."] if exact else []),
            _say_use(first),
        ]
    )


def _say_first(first: pd.DataFrame, labels: dict[str, str], simulation: Simulation) -> str:
    top = first.iloc[0]
    rivals = [f"{labels[row.option]} in {percent(row.first_share, 0)}" for row in first.iloc[1:4].itertuples()]
    never = first.loc[first["first_share"].lt(_HARDLY_EVER), "option"].map(labels).tolist()
    sure = "a majority" if top["first_share"] > 0.5 else "no majority"
    said = (
        f"**{labels[top['option']]}** comes first in {percent(top['first_share'], 0)} of {count(simulation.draws)} "
        f"draws (standard error {percent(top['first_se'])}): {sure}."
    )
    said += f" Next: {listed(rivals)}." if rivals else " No other option is left after the must-haves."
    return said + (f" Hardly ever first, whatever is believed of what was stated: {listed(never)}." if never else "")


def _say_use(first: pd.DataFrame) -> str:
    if len(first) < 2:
        return "With one option in the running there is no order that could be more or less robust."
    if first["first_share"].iloc[0] <= 0.5:
        return "The ranking therefore supports a shortlist, not a single winner."
    return "The leader keeps its place in most of what was stated as possible."
