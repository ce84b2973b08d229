"""How the candidates score: gates, ranking, contributions, weights, in tables with their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.finding import Finding, count, headline, listed, mark, percent, several
from smarthan.findings.rows import ranked_of, rows_in_words

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal, Score

# In the order of marks: a cross for a failure.
GATE_ANSWERS = {"yes": "passes", "no": "fails", "unknown": "not known"}
GATE_WORDS = {words: words for words in GATE_ANSWERS.values()}
# As many groups as a stacked bar can tell apart; the least of more are drawn together.
GROUPS_IN_A_CHART = 6


def criteria_of(appraisal: Appraisal) -> Finding:
    """Return what is weighed: one row a criterion, with its agreed scale and the swing it is given.

    Parameters
    ----------
    appraisal : Appraisal

    Returns
    -------
    Finding
        A table: group, criterion, scale (its swing), and one column of weights (0 to 1) for each stated weight set.
    """
    sets = stated_sets(appraisal)
    table = pd.DataFrame(
        {
            "group": [criterion.group.replace("/", ": ") or "none" for criterion in appraisal.criteria],
            "criterion": list(criterion_labels(appraisal).values()),
            "scale": [_scale(criterion) for criterion in appraisal.criteria],
            **{name: appraisal.weights_of(name)[1] for name in sets},
        }
    )
    heaviest = table.loc[table[sets[0]].idxmax(), "criterion"]
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "criteria_and_weights",
        f"{len(table)} criteria, fixed scales; heaviest for {set_words(sets[0])}: {heaviest}",
        "Share of all weight that the step from the worst to the best end of each agreed scale is given, by who stated "
        f"it; {appraisal.title}",
        "",
        appraisal_source(appraisal),
        n=f"{len(table)} criteria, {several(len(sets), 'set')} of weights.",
        method=_weighing(appraisal),
        notes=_say_disputed(table, sets),
        headings={"group": "Group", "criterion": "Criterion", "scale": "From the worst (0) to the best (100)"}
        | {name: set_words(name) for name in sets},
        formats=dict.fromkeys(sets, ".1%"),
    )


_KINDS = {
    "swing": "swing weights: points for the step from worst to best of the agreed scale, divided by their sum",
    "rank": "weights from an order of importance (rank-order centroid)",
    "weight": "weights stated as shares",
}


def _weighing(appraisal: Appraisal) -> str:
    """Say how the weights were stated, kind by kind."""
    by_kind: dict[str, list[str]] = {}
    for one in appraisal.weight_sets:
        if one.weights is not None:
            by_kind.setdefault(_KINDS.get(one.kind, one.kind), []).append(set_words(one.assessor))
    said = "; ".join(f"{kind} ({listed(names)})" for kind, names in by_kind.items())
    return f"{said[:1].upper()}{said[1:]}."


def _say_disputed(table: pd.DataFrame, sets: list[str]) -> tuple[str, ...]:
    """Name the criterion on whose weight the sets differ most."""
    spread = table[sets].max(axis=1) - table[sets].min(axis=1)
    if len(sets) < 2 or spread.max() <= 0:
        return ()
    row = table.loc[spread.idxmax()]
    ends = row[sets].astype("float64")
    return (
        f"Most disputed weight: {row['criterion']}, from {percent(ends.min())} ({set_words(str(ends.idxmin()))}) to "
        f"{percent(ends.max())} ({set_words(str(ends.idxmax()))}).",
    )


def _scale(criterion: object) -> str:
    from smarthan.analysis.record.words import with_unit

    levels = getattr(criterion, "levels", ())
    if levels:
        return f"words: {levels[0].id} (0) to {levels[-1].id} (100)".replace("_", " ")
    low, high, unit = getattr(criterion, "low", 0.0), getattr(criterion, "high", 0.0), getattr(criterion, "unit", "")
    worst, best = (low, high) if getattr(criterion, "better", "") == "high" else (high, low)
    bent = "" if getattr(criterion, "is_linear", True) else ", not in proportion"
    return f"{with_unit(worst, unit)} (0) to {with_unit(best, unit)} (100){bent}"


def gates_of(appraisal: Appraisal) -> Finding:
    """Return how each option stands at each gate: a must-have is never traded.

    Parameters
    ----------
    appraisal : Appraisal

    Returns
    -------
    Finding
        Long table: option, gate, verdict (passes, not known, fails), chance of passing, note, row.
    """
    gates = appraisal.gates()
    table = pd.DataFrame(
        {
            "option": gates["option"].map(option_labels(appraisal)),
            "gate": gates["gate_label"],
            "verdict": gates["answer"].astype("str").map(GATE_ANSWERS),
            "chance": gates["chance"],
            "note": gates["note"].astype("str").where(gates["note"].astype("str").ne(""), "none"),
            "row": [
                rows_in_words(appraisal, appraisal.cells[option, gate])
                for option, gate in zip(gates["option"], gates["gate"], strict=True)
            ],
        }
    )
    failing = table.loc[table["verdict"].eq("fails"), "option"].unique().tolist()
    unknown = table.loc[table["verdict"].eq("not known"), "option"].unique().tolist()
    total = len(appraisal.options)
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "gates",
        _gates_title(len(failing), len(unknown), total) if len(table) else "No must-have is stated",
        f"Verdict at each gate, {total} options; as of {appraisal.as_of:%-d %B %Y}; {appraisal.title}",
        f"A table of {total} options against {table['gate'].nunique()} gates. Failing: {listed(failing)}. Not known at "
        f"some gate: {listed(unknown)}. All other options pass every gate.",
        appraisal_source(appraisal),
        n=f"{total} options, {table['gate'].nunique()} gates; {len(unknown)} options have a gate that is not known.",
        notes=("An option that fails keeps its place in every table and has no rank.",),
        headings={
            "option": "Option",
            "gate": "Gate",
            "verdict": "Verdict",
            "chance": "Chance of passing",
            "note": "Note",
            "row": "Row",
        },
        formats={"chance": ".2f"},
        drawn={"row": "option", "column": "gate", "status": "verdict", "words": GATE_WORDS},
        missing="" if len(table) else "The appraisal names no gate, so no option can be out for want of a must-have.",
    )


def _gates_title(failing: int, unknown: int, total: int) -> str:
    if failing:
        return f"{failing} of {total} options {'fails' if failing == 1 else 'fail'} a must-have"
    if unknown:
        return f"No option fails a must-have; {unknown} {'is' if unknown == 1 else 'are'} not known"
    return f"All {total} options pass every must-have"


def ranking_of(appraisal: Appraisal) -> Finding:
    """Return totals and ranks under every stated set of weights.

    Parameters
    ----------
    appraisal : Appraisal

    Returns
    -------
    Finding
        A table: option, then total and rank for each set, and the weight on cells without a score; options in the
        order of the first set.
    """
    sets = stated_sets(appraisal)
    scores = {name: appraisal.score(name).table.set_index("option") for name in sets}
    first = scores[sets[0]]
    columns: dict[str, object] = {"option": [option_labels(appraisal)[option] for option in first.index]}
    for name, table in scores.items():
        ranks = table["rank"].reindex(first.index)
        columns[f"{name}_total"] = table["total"].reindex(first.index).to_numpy()
        columns[f"{name}_rank"] = [str(rank) if pd.notna(rank) else "out" for rank in ranks]
    columns["no_score"] = first["missing_weight"].to_numpy()
    table = pd.DataFrame(columns)
    leaders = {name: scores[name].loc[scores[name]["rank"].eq(1), "label"].tolist() for name in sets}
    distinct = list(dict.fromkeys(label for names in leaders.values() for label in names))
    headings = {"option": "Option"}
    for name in sets:
        headings |= {"no_score": f"Weight without a score ({set_words(sets[0])})"}
        headings |= {f"{name}_total": f"{set_words(name)}: score", f"{name}_rank": f"{set_words(name)}: rank"}
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "ranking",
        _ranking_title(distinct, sets),
        f"Score from 0 to 100 at the best estimates, and rank, by who stated the weights; {appraisal.title}",
        "",
        appraisal_source(appraisal),
        n=f"{len(table)} options; 'out' marks an option that fails a gate.",
        method="Additive value on fixed agreed scales: a score does not depend on which other options are listed.",
        notes=(
            "A cell without a score counts the mean of its agreed range; the last column says how much rests on it.",
        ),
        headings=headings,
        formats={f"{name}_total": ".1f" for name in sets} | {"no_score": ".1%"},
    )


def _ranking_title(leaders: list[str], sets: list[str]) -> str:
    if not leaders:
        return "No option passes the must-haves"
    if len(leaders) == 1:
        return f"{leaders[0]} leads" + (" for every set of weights" if len(sets) > 1 else "")
    if len(sets) == 1:
        return f"{listed(leaders)} lead with the same score"
    return f"{len(leaders)} different leaders in {len(sets)} sets of weights: {listed(leaders)}"


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
        Long table: option, group (top level, at most six), points.
    """
    score = appraisal.score(weights)
    ranked = ranked_of(score.table)
    parts = score.contributions()
    parts = parts.assign(group=parts["group"].str.split("/").str[0].replace("", "no group"))
    summed = parts.groupby(["option", "group"], sort=False, observed=True, dropna=False)["contribution"].sum()
    points = _fold_groups(summed.unstack().reindex(ranked["option"]))
    table = points.reset_index().melt("option", var_name="group", value_name="points")
    table["option"] = table["option"].map(option_labels(appraisal))
    set_name = set_words(score.weights_name)
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "contributions",
        _lead_title(ranked),
        f"Points that each group of criteria adds to the score (0 to 100) at the best estimates, "
        f"weights of {set_name}; as of "
        f"{appraisal.as_of:%-d %B %Y}",
        _contributions_alt(ranked, points),
        appraisal_source(appraisal),
        n=f"{several(len(ranked), 'ranked option')}; {_out_words(score)}.",
        method="Contribution = weight x value at the best estimates; contributions add up to the score.",
        headings={"option": "Option", "group": "Group", "points": "Points"},
        formats={"points": ".1f"},
        drawn={"option": "option", "group": "group", "contribution": "points"},
        missing="" if len(ranked) else "Every option fails a must-have, so none has a rank.",
    )


def _fold_groups(points: pd.DataFrame) -> pd.DataFrame:
    """Return at most six columns: beyond that the groups of least points, taken together as other groups."""
    if points.shape[1] <= GROUPS_IN_A_CHART:
        return points
    kept = points.sum().nlargest(GROUPS_IN_A_CHART - 1).index
    rest = points.loc[:, ~points.columns.isin(kept)].sum(axis=1)
    return points.loc[:, points.columns.isin(kept)].assign(**{"Other groups": rest})


def _lead_title(ranked: pd.DataFrame) -> str:
    if len(ranked) < 2:
        return headline(*(f"{label} alone is ranked" for label in ranked["label"]), "One option alone is ranked")
    lead = ranked["total"].iloc[0] - ranked["total"].iloc[1]
    if f"{lead:.1f}" == "0.0":
        return headline(
            f"{ranked['label'].iloc[0]} and {ranked['label'].iloc[1]} lead level", "The first two are level"
        )
    return headline(f"{ranked['label'].iloc[0]} leads by {lead:.1f} points", f"The leader is {lead:.1f} points ahead")


def _contributions_alt(ranked: pd.DataFrame, points: pd.DataFrame) -> str:
    if ranked.empty:
        return ""
    totals = listed(f"{label} {total:.1f}" for label, total in zip(ranked["label"], ranked["total"], strict=True))
    first = points.iloc[0].sort_values(ascending=False)
    groups = listed(f"{group} {added:.1f}" for group, added in first.items())
    return f"Stacked bars, one an option, best first, in points: {totals}. The leader's points by group: {groups}."


def _out_words(score: Score) -> str:
    out = score.table.loc[score.table["rank"].isna(), "label"].tolist()
    return f"out at a must-have: {listed(out)}" if out else "none is out at a must-have"


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
    score = appraisal.score()
    table, labels = score.table, option_labels(appraisal)
    ranked, out = ranked_of(table), table[table["rank"].isna()]
    if ranked.empty:
        return "**No option passes the must-haves**, so none is scored for the ranking; each failure stands above."
    leaders = "\n".join(f"- {row.label}: {row.total:.1f}" for row in ranked.head(4).itertuples())
    gone = sum(one.is_missing for one in appraisal.judgements)
    return "\n\n".join(
        [
            _say_lead(ranked, set_words(score.weights_name)),
            leaders,
            f"{_say_sets(appraisal, labels)} {_say_closest(appraisal)}",
            f"Out at a must-have: {listed(out['label'])}. {_say_dominated(appraisal)}",
            f"{count(len(appraisal.judgements))} judgements stand behind these figures, {gone} of them an empty score "
            "stated on purpose; the data under the matrix names the row of each.",
        ]
    )


def _say_lead(ranked: pd.DataFrame, by: str) -> str:
    if len(ranked) == 1:
        return f"**{ranked['label'].iloc[0]}** alone is ranked, with {ranked['total'].iloc[0]:.1f} points of 100."
    lead = ranked["total"].iloc[0] - ranked["total"].iloc[1]
    return (
        f"At the best estimates and the weights of {by}, **{ranked['label'].iloc[0]}** scores highest, ahead of "
        f"{ranked['label'].iloc[1]} by {lead:.1f} points of 100. The best:"
    )


def _say_dominated(appraisal: Appraisal) -> str:
    from smarthan.findings.performance import dominance_of

    found = dominance_of(appraisal)
    return found.missing or f"{found.title}."


def _say_closest(appraisal: Appraisal) -> str:
    from smarthan.findings.switching import switches_of

    switches = switches_of(appraisal)
    return switches.missing or f"{switches.title}."


def _say_sets(appraisal: Appraisal, labels: dict[str, str]) -> str:
    """Say who leads for each set of weights."""
    sets = stated_sets(appraisal)
    led = {name: appraisal.score(name).leader for name in sets}
    if len(sets) == 1:
        return f"Only one set of weights is stated, that of {set_words(sets[0])}: nobody else's values were asked for."
    if len(set(led.values())) == 1:
        return f"At the best estimates the same option leads for every one of the {len(sets)} sets of weights."
    said = listed(f"{labels[option]} for {set_words(name)}" for name, option in led.items())
    return f"At the best estimates the leader depends on whose weights count: {said}."


def appraisal_source(appraisal: Appraisal) -> str:
    made = "Synthetic, invented appraisal" if appraisal.synthetic else "Appraisal"
    return f"{made} '{appraisal.id}', status {appraisal.status}, as of {appraisal.as_of:%-d %B %Y}."


def option_labels(appraisal: Appraisal) -> dict[str, str]:
    """Return the words for each option, by its identifier; a label that stands twice is followed by the identifier."""
    return _unique({option.id: option.label for option in appraisal.options})


def criterion_labels(appraisal: Appraisal) -> dict[str, str]:
    """Return the words for each criterion, by its identifier, told apart as those of the options."""
    return _unique({criterion.id: criterion.label for criterion in appraisal.criteria})


def _unique(labels: dict[str, str]) -> dict[str, str]:
    all_of = list(labels.values())
    return {name: f"{label} ({name})" if all_of.count(label) > 1 else label for name, label in labels.items()}


def set_words(name: str) -> str:
    """Return the name of a weight set in words."""
    return name.replace("_", " ")
