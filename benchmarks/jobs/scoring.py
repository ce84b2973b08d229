"""Scoring under doubt: SMAA on given draws and end to end, beside three packages, and the worth of every cell."""

from __future__ import annotations

from harness.contenders import Process
from harness.gates import Gate
from harness.running import Job

GIVEN, AT_ONCE, DRAWN = "smarthan.smaa", "numpy, all at once", "Appraisal.simulate"
LONGER, DOUBTED = "the same, ten times the draws", "the same, all 192 cells uncertain"
PACKAGES = {"pymcdm": "Pymcdm", "scikit-criteria": "ScikitCriteria", "pyDecision": "PyDecision"}
DRAWS = 100_000
ROUNDS = 5
NOTES = (
    "Time is that of one draw; 6 us are .6 s for 100,000. Twelve options, sixteen criteria, a third of the cells"
    " uncertain, weights alike from all that add to 1.",
    "The packages score one table at a time and give no share of draws; each is called once a draw for a weighted sum,"
    " on the first 1,000 draws. All must rank the options alike in each of these.",
    "pyDecision divides by the best of those listed: a thirteenth option at 100 makes its scale the agreed one. It"
    " brings some ninety packages along, clients of language models among them, and takes seconds to import.",
)


def scoring_given(draws: int = DRAWS) -> Job:
    """Return the job of ranking on given draws."""
    contenders = (_ours(GIVEN, "OnGiven"), _ours(AT_ONCE, "AtOnce"), *_packages())
    gates = (
        Gate("SMAA on given draws, times the fastest package", GIVEN, tuple(PACKAGES), 50, 200),
        Gate("SMAA on given draws, times numpy all at once", GIVEN, (AT_ONCE,), 1.5, 3),
    )
    title = f"Ranks, central weights, confidence and pairs of {draws:,} given draws"
    return Job("scoring-given", title, contenders, {"draws": draws}, None, gates, "us", NOTES, ROUNDS)


def scoring_drawn(draws: int = DRAWS) -> Job:
    """Return the job of drawing and ranking, beside packages that only rank."""
    ours = (
        _ours(DRAWN, "EndToEnd"),
        Process(LONGER, "contenders.with_scoring:EndToEnd", {"times": 10}),
    )
    gates = (
        Gate("SMAA end to end, times the fastest package, which does not draw", DRAWN, tuple(PACKAGES), 10, 20),
        Gate("SMAA end to end, seconds a draw", DRAWN, (), 6e-6, at_most=True),
        Gate("SMAA end to end, extra MB", DRAWN, (), 20, measure="extra_mb", at_most=True),
        Gate("SMAA end to end, extra MB at ten times the draws", LONGER, (), 20, measure="extra_mb", at_most=True),
    )
    title = f"{draws:,} draws made and ranked"
    return Job("scoring-drawn", title, (*ours, *_packages()), {"draws": draws}, None, gates, "us", NOTES, ROUNDS)


def scoring_cells(draws: int = DRAWS) -> Job:
    """Return the job of valuing what each cell alone could tell."""
    name = "Simulation.value_of_information"
    gates = (Gate("every cell's EVPPI, seconds", name, (), 0.1, at_most=True),)
    note = "For each of three sets of weights; computed from the cells' distributions, with no regression and no draws."
    title = "What each of 192 cells alone is worth"
    return Job("scoring-cells", title, (_ours(name, "EveryCell"),), {"draws": draws}, None, gates, "ms", (note,))


def _ours(name: str, kind: str) -> Process:
    return Process(name, f"contenders.with_scoring:{kind}")


def _packages() -> tuple[Process, ...]:
    return tuple(Process(name, f"contenders.with_scoring:{kind}") for name, kind in PACKAGES.items())
