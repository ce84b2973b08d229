"""`smarthan score`: problems, gates, ranking, contributions, robustness and verdict of an appraisal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from smarthan.commands.checks import SHOWN, describe_problem, records
from smarthan.commands.outcome import Outcome
from smarthan.tables import clip

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal, Decision, Score, Simulation, ValueOfInformation

_WIDEST = 500  # characters of a line; no line of ours is longer
_NAMED = 3  # options whose contributions, and things to learn, the text shows; the document holds all


def score_appraisal(path: Path, *, draws: int, seed: int, weights: str | None = None) -> Outcome:
    """Score an appraisal and say how robust the ranking is, and what to do next.

    Parameters
    ----------
    path : Path
        The appraisal: its folder, or one workbook.
    draws : int
        Draws of the simulation, which takes every stated set of weights equally often.
    seed : int
    weights : str, optional
        Whose weights the ranking uses; None takes `panel`, else the first set.

    Returns
    -------
    Outcome

    Raises
    ------
    AppraisalError
        When the appraisal is unusable: every problem, with file and line.
    ValueError
        When there is no such set of weights.
    """
    from smarthan.analysis import read_appraisal

    appraisal = read_appraisal(path)
    score = appraisal.score(weights)
    simulation = appraisal.simulate(draws, seed=seed)
    information = simulation.value_of_information()
    decision, notes = _decide(appraisal, information)
    lines = _describe(appraisal, score, simulation, information, decision)
    text = "\n".join(clip(line, _WIDEST) for line in lines)  # a label of a file may hold what a terminal obeys
    return Outcome(text, _document(appraisal, score, simulation, information, decision), notes)


def _decide(appraisal: Appraisal, information: ValueOfInformation) -> tuple[Decision | None, tuple[str, ...]]:
    absent = [name for name in ("max_regret", "max_shortlist") if getattr(appraisal, name) is None]
    if absent:
        return None, (f"no verdict: appraisal.toml states no {' and no '.join(absent)}; add it",)
    return information.decide(), ()


def _document(
    appraisal: Appraisal,
    score: Score,
    simulation: Simulation,
    information: ValueOfInformation,
    decision: Decision | None,
) -> dict[str, Any]:
    name = score.weights_name
    stated = [weights.assessor for weights in appraisal.weight_sets if weights.weights is not None]
    results = [simulation, *([decision] if decision else [])]
    needed = appraisal.what_would_have_to_be_true(*results, weights=name)
    return {
        "id": appraisal.id,
        "title": appraisal.title,
        "status": appraisal.status,
        "synthetic": appraisal.synthetic,
        "as_of": appraisal.as_of.isoformat(),
        "files": [{"name": each.name, "sha256": each.sha256, "bytes": each.size} for each in appraisal.sources],
        "problems": records(appraisal.problems()),
        "gates": records(appraisal.gates()),
        "weights": name,
        "scores": {each: records(appraisal.score(each).table) for each in dict.fromkeys([name, *stated])},
        "contributions": records(score.contributions()),
        "dominance": records(appraisal.dominance()),
        **_sensitivity(appraisal, name),
        "simulation": _simulation(simulation),
        "disagreement": _disagreement(simulation),
        "information": {"evpi": records(information.evpi), "table": records(information.table)},
        "decision": _decision(decision) if decision else None,
        "what_would_have_to_be_true": records(needed.table),
    }


def _sensitivity(appraisal: Appraisal, name: str) -> dict[str, Any]:
    """Return what another weight or score would do; empty tables where one option is left and nothing can switch."""
    if _count_running(appraisal) < 2:
        return {"switching_values": [], "tornado": []}
    return {
        "switching_values": records(appraisal.switching_values(name)),
        "tornado": records(appraisal.tornado(name)),
    }


def _count_running(appraisal: Appraisal) -> int:
    return sum(state.answer != "no" for state in appraisal.gate_states.values())


def _simulation(simulation: Simulation) -> dict[str, Any]:
    return {
        "draws": simulation.draws,
        "seed": simulation.seed,
        "weights": simulation.weights,
        "rank_acceptability": records(simulation.rank_acceptability()),
        "confidence": records(simulation.confidence()),
        "central_weights": records(simulation.central_weights()),
        "pairwise": records(simulation.pairwise()),
        "clipped": records(simulation.clipped),
    }


def _disagreement(simulation: Simulation) -> dict[str, Any]:
    found = simulation.disagreement()
    names = ("variance", "gap_by_criterion", "ranks", "assessors", "answers")
    return {name: records(getattr(found, name)) for name in names}


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "verdict": decision.verdict,
        "shortlist": list(decision.shortlist),
        "trial": decision.trial,
        "buildings": decision.buildings,
        "reasons": list(decision.reasons),
        "worst_regret": decision.regrets.worst_regret,
        "worst_regret_se": decision.regrets.se,
        "max_regret": decision.regrets.max_regret,
        "by_set": records(decision.regrets.by_set),
        "curve": records(decision.curve),
    }


def _describe(
    appraisal: Appraisal,
    score: Score,
    simulation: Simulation,
    information: ValueOfInformation,
    decision: Decision | None,
) -> Iterator[str]:
    yield f"{appraisal.title} [{appraisal.status}{', SYNTHETIC' if appraisal.synthetic else ''}]"
    yield from _tell_problems(appraisal.problems())
    yield from _tell_gates(appraisal)
    yield from _tell_ranking(score, simulation)
    yield from _tell_contributions(appraisal, score)
    yield from _tell_robustness(appraisal, score, simulation, information)
    if decision is not None:
        yield from _tell_verdict(appraisal, decision)


def _tell_problems(problems: pd.DataFrame) -> Iterator[str]:
    if len(problems):
        yield ""
        yield f"Problems: {len(problems)}"
        yield from (f"  {describe_problem(row)}" for row in problems.head(SHOWN).itertuples())
        if len(problems) > SHOWN:
            yield f"  ... and {len(problems) - SHOWN} more: smarthan check appraisal, or --format json"


def _tell_gates(appraisal: Appraisal) -> Iterator[str]:
    labels = {option.id: option.label for option in appraisal.options}
    told = [(labels[o], s) for o, s in appraisal.gate_states.items() if s.answer != "yes"]
    yield ""
    yield f"Must-haves: {len(appraisal.gates)}, never traded{'' if told else '; every option passes each'}"
    yield from (f"  {'out' if s.answer == 'no' else 'open':>4}  {label}: {s.reason}" for label, s in told)


def _tell_ranking(score: Score, simulation: Simulation) -> Iterator[str]:
    first = simulation.confidence().set_index("option")
    yield ""
    head = f"Ranking at the best estimates, by the weights of {score.weights_name}"
    yield f"{head} (points of 100; share of draws first, with its error)"
    yield f"  {'rank':>4} {'points':>6} {'first':>6} {'error':>6}  option"
    for row in score.table.itertuples():
        rank = "out" if row.gate == "no" else str(row.rank)
        share, error = "-", "-"
        if row.option in first.index:
            found = first.loc[row.option]
            share, error = f"{found['first_share']:.1%}", f"{found['first_se']:.2%}"
        notes = f"  [dominated by {row.dominated_by}]" if row.dominated_by else ""
        yield f"  {rank:>4} {row.total:>6.1f} {share:>6} {error:>6}  {row.label} ({row.option}){notes}"
    yield f"  {simulation.draws:,} draws, seed {simulation.seed}, each stated set of weights equally often"


def _tell_contributions(appraisal: Appraisal, score: Score) -> Iterator[str]:
    """Tell what each top group of criteria adds to the first options' points."""
    parts = score.contributions()
    parts = parts.assign(group=parts["group"].str.split("/").str[0].where(parts["group"].ne(""), parts["criterion"]))
    names = score.table.loc[score.table["rank"].notna(), "option"].head(_NAMED).tolist()
    wide = parts.pivot_table(index="group", columns="option", values="contribution", aggfunc="sum", sort=False)[names]
    width = max(len("points"), *(len(str(group)) for group in wide.index))
    yield ""
    yield f"Contributions in points, the first {len(names)} options"
    yield f"  {'':<{width}} {' '.join(f'{name:>8}' for name in names)}"
    for group, row in wide.iterrows():
        yield f"  {group:<{width}} {' '.join(f'{value:>8.1f}' for value in row)}"
    yield f"  {'points':<{width}} {' '.join(f'{value:>8.1f}' for value in wide.sum())}"


def _tell_robustness(
    appraisal: Appraisal, score: Score, simulation: Simulation, information: ValueOfInformation
) -> Iterator[str]:
    from smarthan.analysis.record.words import labels_of, say_target
    from smarthan.analysis.simulation.expected import LEADERS_DIFFER

    found, labels = simulation.disagreement(), labels_of(appraisal)
    gap = found.variance.iloc[-1]
    yield ""
    yield "Robustness"
    if _count_running(appraisal) > 1:
        table = appraisal.switching_values(score.weights_name)
        leader, second = (labels[table.attrs[place]] for place in ("leader", "second"))
        lead = f"  at the best estimates {leader} leads {second} by {table.attrs['gap']:.2f} points"
        switching = table[["below_weight", "above_weight"]].notna().any(axis=1)
        yield f"{lead}; the weight of {switching.sum()} of {len(table)} criteria alone could change the leader"
    if pd.notna(gap["facts_share"]):
        yield f"  {_say_gap(str(gap['subject']), labels)}: {_say_facts(float(gap['facts_share']))}"
    changing = found.answers[found.answers["changes"]]
    told = ", ".join(f"{row.who} ({row.how}): {labels[str(row.leader)]}" for row in changing.itertuples())
    leader = labels[found.answers.attrs["leader"]]
    yield f"  in expected points, at the mean weights, {leader} leads; another leads for {told or 'nobody'}"
    yield f"  {LEADERS_DIFFER}"
    top = information.useful.head(_NAMED)
    cells = ", ".join(f"{say_target(row.option, row.criterion, labels)} ({row.median:.2f})" for row in top.itertuples())
    yield f"  most worth knowing, in points: {cells or 'nothing would change the choice'}"


def _say_gap(subject: str, labels: dict[str, str]) -> str:
    first, _, second = subject.removeprefix("gap: ").partition(" over ")
    return f"gap: {labels[first]} over {labels[second]}" if second else labels[first]


def _say_facts(share: float) -> str:
    """Return how much of a doubt is about facts, without a rest where nothing is left to show."""
    from smarthan.analysis.record.words import percent

    if share in (0, 1):
        return f"all of the doubt is about {'facts' if share else 'values'}"
    return f"{percent(share)} of the doubt is about facts, the rest about values"


def _tell_verdict(appraisal: Appraisal, decision: Decision) -> Iterator[str]:
    from smarthan.findings.consultation import reasons_in_words

    yield ""
    yield f"Verdict: {decision.verdict}"
    yield from (f"  - {reason}" for reason in reasons_in_words(appraisal, decision))
