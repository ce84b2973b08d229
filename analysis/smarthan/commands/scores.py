"""`smarthan score`: problems, gates, ranking and robustness of an appraisal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.commands.checks import describe_problem, records
from smarthan.commands.outcome import Outcome

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal, Simulation


def score_appraisal(path: Path, *, draws: int, seed: int) -> Outcome:
    """Score an appraisal and say how robust the ranking is.

    Parameters
    ----------
    path : Path
        The folder or workbook of the appraisal.
    draws : int
        Draws of the simulation.
    seed : int

    Returns
    -------
    Outcome

    Raises
    ------
    AppraisalError
        When the appraisal is unusable: every problem, with file and line.
    """
    from smarthan.analysis import read_appraisal

    appraisal = read_appraisal(path)
    simulation = appraisal.simulate(draws, seed=seed)
    return Outcome(_describe(appraisal, simulation), _document(appraisal, simulation))


def _document(appraisal: Appraisal, simulation: Simulation) -> dict[str, Any]:
    stated = [weights.assessor for weights in appraisal.weight_sets if weights.weights is not None]
    decision = simulation.value_of_information().decide()
    return {
        "id": appraisal.id,
        "title": appraisal.title,
        "status": appraisal.status,
        "synthetic": appraisal.synthetic,
        "problems": records(appraisal.problems()),
        "gates": records(appraisal.gates()),
        "scores": {name: records(appraisal.score(name).table) for name in stated},
        "dominance": records(appraisal.dominance()),
        "switching_values": records(appraisal.switching_values()),
        "simulation": {
            "draws": simulation.draws,
            "seed": simulation.seed,
            "rank_acceptability": records(simulation.rank_acceptability()),
            "confidence": records(simulation.confidence()),
            "pairwise": records(simulation.pairwise()),
        },
        "decision": {
            "verdict": decision.verdict,
            "shortlist": list(decision.shortlist),
            "trial": decision.trial,
            "buildings": decision.buildings,
            "reasons": list(decision.reasons),
        },
    }


def _describe(appraisal: Appraisal, simulation: Simulation) -> str:
    first = simulation.confidence().set_index("option")["first_share"]
    lines = [f"{appraisal.title} [{appraisal.status}{', SYNTHETIC' if appraisal.synthetic else ''}]"]
    problems = appraisal.problems()
    lines += [f"  {describe_problem(row)}" for row in problems.itertuples()]
    score = appraisal.score()
    lines += ["", f"  {'rank':>4} {'score':>6} {'first':>6}  option ({appraisal.weights_of(None)[0]} weights)"]
    for row in score.table.itertuples():
        rank = "out" if row.gate == "no" else str(row.rank)
        share = f"{first[row.option]:.0%}" if row.option in first.index else "-"
        reason = f"  [{row.gate_reason}]" if row.gate_reason else ""
        lines.append(f"  {rank:>4} {row.total:>6.1f} {share:>6}  {row.label}{reason}")
    lines += [
        "",
        f"first: share of {simulation.draws:,} draws (seed {simulation.seed}) in which the option comes first",
    ]
    from smarthan.findings.consultation import reasons_in_words

    decision = simulation.value_of_information().decide()
    lines += [
        "",
        f"Verdict: {decision.verdict}",
        *(f"  - {reason}" for reason in reasons_in_words(appraisal, decision)),
    ]
    return "\n".join(lines)
