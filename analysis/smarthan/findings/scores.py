"""How the candidates score: gates, ranking, contributions, weights, in tables with their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.finding import Finding, count, listed, mark

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal, Score

# In the order of marks: a cross for a failure.
_ANSWERS = {"yes": "passes", "no": "fails", "unknown": "not known"}
GATE_WORDS = {words: words for words in _ANSWERS.values()}


def criteria_of(appraisal: Appraisal) -> Finding:
    """Return what is weighed: one row a criterion, with its agreed scale and the swing it is given.

    Parameters
    ----------
    appraisal : Appraisal

    Returns
    -------
    Finding
        A table: group, criterion, scale, and one column of weights (0 to 1) for each stated weight set.
    """
    sets = stated_sets(appraisal)
    stated = {name: appraisal.weights_of(name)[1] for name in sets}
    table = pd.DataFrame(
        {
            "group": [criterion.group.replace("/", ": ") for criterion in appraisal.criteria],
            "criterion": [criterion.label for criterion in appraisal.criteria],
            "scale": [_scale(criterion) for criterion in appraisal.criteria],
            **{name: stated[name] for name in sets},
        }
    )
    heaviest = table.loc[table[sets[0]].idxmax(), "criterion"]
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "criteria_and_weights",
        f"{len(table)} criteria, fixed scales; heaviest: {heaviest}",
        f"Weight of each criterion (adds to 1) by who stated it; scales agreed beforehand; {appraisal.title}",
        "",
        appraisal_source(appraisal),
        n=f"{len(table)} criteria, {len(sets)} sets of weights.",
        method="Swing weights: points for the step from worst to best of the agreed scale, divided by their sum.",
        headings={"group": "Group", "criterion": "Criterion", "scale": "Agreed scale"}
        | {name: _words(name) for name in sets},
        formats=dict.fromkeys(sets, ".3f"),
    )


def _scale(criterion: object) -> str:
    levels = getattr(criterion, "levels", ())
    if levels:
        return f"words: {levels[0].id} (0) to {levels[-1].id} (100)"
    low, high, unit = getattr(criterion, "low", 0.0), getattr(criterion, "high", 0.0), getattr(criterion, "unit", "")
    worst, best = (low, high) if getattr(criterion, "better", "") == "high" else (high, low)
    return f"{worst:g} (0) to {best:g} (100) {unit}"


def gates_of(appraisal: Appraisal) -> Finding:
    """Return how each option stands at each gate: a must-have is never traded.

    Parameters
    ----------
    appraisal : Appraisal

    Returns
    -------
    Finding
        Long table: option, gate, verdict (passes, not known, fails), chance of passing.
    """
    gates = appraisal.gates()
    table = pd.DataFrame(
        {
            "option": gates["label"],
            "gate": gates["gate_label"],
            "verdict": gates["answer"].astype("str").map(_ANSWERS),
            "chance": gates["chance"],
        }
    )
    failing = table.loc[table["verdict"].eq("fails"), "option"].unique().tolist()
    unknown = table.loc[table["verdict"].eq("not known"), "option"].unique().tolist()
    total = table["option"].nunique()
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "gates",
        f"{len(failing)} of {total} options fail a must-have",
        f"Verdict at each gate, {total} options; {appraisal.title}",
        f"A table of options against {table['gate'].nunique()} gates. Failing: {listed(failing)}. Not known at some "
        "gate: "
        f"{listed(unknown)}. All other options pass every gate.",
        appraisal_source(appraisal),
        n=f"{total} options, {table['gate'].nunique()} gates; {len(unknown)} options have a gate that is not known.",
        notes=("An option that fails keeps its place in every table and has no rank.",),
        headings={"option": "Option", "gate": "Gate", "verdict": "Verdict", "chance": "Chance of passing"},
        formats={"chance": ".2f"},
    )


def ranking_of(appraisal: Appraisal) -> Finding:
    """Return totals and ranks under every stated set of weights.

    Parameters
    ----------
    appraisal : Appraisal

    Returns
    -------
    Finding
        A table: option, then total and rank for each set; options in the order of the first set.
    """
    sets = stated_sets(appraisal)
    scores = {name: appraisal.score(name).table.set_index("option") for name in sets}
    first = scores[sets[0]]
    columns: dict[str, object] = {"option": first["label"].tolist()}
    for name, table in scores.items():
        ranks = table["rank"].reindex(first.index)
        columns[f"{name}_total"] = table["total"].reindex(first.index).to_numpy()
        columns[f"{name}_rank"] = [str(rank) if pd.notna(rank) else "out" for rank in ranks]
    table = pd.DataFrame(columns)
    leaders = {name: scores[name].loc[scores[name]["rank"].eq(1), "label"].tolist() for name in sets}
    distinct = list(dict.fromkeys(label for names in leaders.values() for label in names))
    title = (
        f"{distinct[0]} leads for all"
        if len(distinct) == 1
        else f"{len(distinct)} different leaders in {len(sets)} sets of weights"
    )
    headings = {"option": "Option"}
    for name in sets:
        headings |= {f"{name}_total": f"{_words(name)}: score", f"{name}_rank": f"{_words(name)}: rank"}
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "ranking",
        title,
        f"Score from 0 to 100 at the best estimates, and rank, by who stated the weights; {appraisal.title}",
        "",
        appraisal_source(appraisal),
        n=f"{len(table)} options; 'out' marks an option that fails a gate.",
        method="Additive value on fixed agreed scales: a score does not depend on which other options are listed.",
        headings=headings,
        formats={f"{name}_total": ".1f" for name in sets},
    )


def contributions_of(appraisal: Appraisal, weights: str | None = None) -> Finding:
    """Return what each group of criteria adds to each option's score, best option first.

    Parameters
    ----------
    appraisal : Appraisal
    weights : str, optional
        The set of weights; the appraisal's own first choice if not given.

    Returns
    -------
    Finding
        Long table: option, group (top level), points.
    """
    score = appraisal.score(weights)
    ranked = score.table[score.table["rank"].notna()].sort_values("rank")
    parts = score.contributions()
    parts = parts.assign(group=parts["group"].str.split("/").str[0])
    summed = parts.groupby(["option", "group"], sort=False, observed=True, dropna=False)["contribution"].sum()
    points = summed.unstack().reindex(ranked["option"])
    table = points.reset_index().melt("option", var_name="group", value_name="points")
    table["option"] = table["option"].map(ranked.set_index("option")["label"])
    first, second = ranked.iloc[0], ranked.iloc[1]
    lead = first["total"] - second["total"]
    strongest = points.iloc[0].idxmax()
    set_name = _words(appraisal.weights_of(weights)[0])
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "contributions",
        f"{first['label']} leads by {lead:.1f} points",
        f"Points that each group of criteria adds to the score (0 to 100), weights of {set_name}",
        f"Stacked bars, one an option, best first. {first['label']} has {first['total']:.1f} points, {second['label']} "
        f"{second['total']:.1f}, the last ranked, {ranked.iloc[-1]['label']}, {ranked.iloc[-1]['total']:.1f}. For "
        "the leader "
        f"{strongest} adds most, {points.iloc[0].max():.1f} points.",
        appraisal_source(appraisal),
        n=f"{len(ranked)} ranked options; {_out_words(score)} not ranked.",
        method="Contribution = weight x value; contributions add up to the score.",
        headings={"option": "Option", "group": "Group", "points": "Points"},
        formats={"points": ".1f"},
    )


def _out_words(score: Score) -> str:
    out = score.table.loc[score.table["rank"].isna(), "label"].tolist()
    return f"{listed(out)}" if out else "none is"


def stated_sets(appraisal: Appraisal) -> list[str]:
    """Return the names of the sets whose weights are stated as single numbers, in the file's order."""
    return [weights.assessor for weights in appraisal.weight_sets if weights.weights is not None]


def answer_scores(appraisal: Appraisal) -> str:
    """Return the notebook's answer: who leads, by how much, and who is out.

    Parameters
    ----------
    appraisal : Appraisal

    Returns
    -------
    str
    """
    table = appraisal.score().table
    ranked = table[table["rank"].notna()].sort_values("rank")
    out = table[table["rank"].isna()]
    dominated = ranked.loc[ranked["dominated_by"].astype("str").str.len().gt(0), "label"].tolist()
    leaders = "\n".join(f"- {row.label}: {row.total:.1f}" for row in ranked.head(4).itertuples())
    lines = [
        f"On the weights of {_words(appraisal.weights_of(None)[0])}, **{ranked.iloc[0]['label']}** scores highest, "
        "ahead of "
        f"{ranked.iloc[1]['label']} by {ranked.iloc[0]['total'] - ranked.iloc[1]['total']:.1f} points of 100. The "
        "first four:",
        leaders,
        f"Out at a gate: {listed(out['label'])}. Never better than another option, and worse on some criterion: "
        f"{listed(dominated)}.",
        f"{count(len(appraisal.judgements))} judgements stand behind these figures; each can be read in the "
        "appraisal's files.",
    ]
    return "\n\n".join(lines)


def appraisal_source(appraisal: Appraisal) -> str:
    made = "Synthetic, invented appraisal" if appraisal.synthetic else "Appraisal"
    return f"{made} '{appraisal.id}', status {appraisal.status}, as of {appraisal.as_of:%-d %B %Y}."


def option_labels(appraisal: Appraisal) -> dict[str, str]:
    """Return the words for each option, by its identifier."""
    return {option.id: option.label for option in appraisal.options}


def _words(name: str) -> str:
    return name.replace("_", " ")
