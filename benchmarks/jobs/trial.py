"""A building trial of any size: made, then read beside a naive pandas reading of the same files."""

from __future__ import annotations

from harness.contenders import Process
from harness.gates import Gate
from harness.running import Job
from scene import Scene

OURS, NAIVE = "smarthan.read_trial", "pandas, naive"
STRATA, REPEATS = 8, 3
ROUNDS = 3
GATES = (
    Gate("reading a trial, wall time of a naive reading", OURS, (NAIVE,), 2.0, 1.0, at_most=True),
    Gate("reading a trial, memory of a naive reading", OURS, (NAIVE,), 1.0, measure="extra_mb", at_most=True),
)
NOTES = (
    "The naive reading guesses types and checks keys, references, four ranges and listed words: no account, no places,"
    " no rule across rows. On a clean trial both keep every row.",
)


def trial_reading(scene: Scene, buildings: int) -> Job:
    """Return the job of reading a clean trial of so many buildings."""
    folder = scene.trial(max(1, buildings // STRATA), REPEATS)
    contenders = (Process(OURS, "contenders.with_trial:ReadTrial"), Process(NAIVE, "contenders.with_trial:ReadNaively"))
    title = f"A trial of {buildings:,} buildings read"
    task = {"folder": str(folder)}
    return Job(f"trial-{buildings}", title, contenders, task, gates=GATES, notes=NOTES, rounds=ROUNDS)


def trial_making(scene: Scene, buildings: int) -> Job:
    """Return the job of making a trial of so many buildings, errors included."""
    arguments = {"seed": 1, "buildings_per_stratum": max(1, buildings // STRATA), "repeats": REPEATS}
    contenders = (Process("smarthan.make_trial", "contenders.with_trial:MakeTrial"),)
    title = f"A trial of {buildings:,} buildings made, {REPEATS} readings of each path and technology"
    return Job(f"trial-making-{buildings}", title, contenders, {"arguments": arguments}, rounds=ROUNDS)
