"""Running a job: every contender in turn, round after round, all of them held to the same answer."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from harness.contenders import Absent, Contender
from harness.gates import Gate
from harness.measures import Measure

ROUNDS = 9


@dataclass(frozen=True)
class Job:
    """What is measured.

    Attributes
    ----------
    name, title : str
        For the command line and for people.
    contenders : tuple of Contender
        The first one is ours: ratios are to it, or to the next one where it is absent.
    task : dict
        What each persistent contender is made from.
    small : dict, optional
        A small task of the same kind, done once by each before it loads the task itself.
    gates : tuple of Gate
        The claims.
    unit : str
        Of times in the table: "s", "ms" or "us".
    notes : tuple of str
        What a reader must know to judge the figures.
    rounds : int
        At most so many, for jobs of minutes.
    """

    name: str
    title: str
    contenders: tuple[Contender, ...]
    task: dict[str, Any] = field(default_factory=dict)
    small: dict[str, Any] | None = None
    gates: tuple[Gate, ...] = ()
    unit: str = "s"
    notes: tuple[str, ...] = ()
    rounds: int = 10**6


@dataclass
class Outcome:
    """What one contender did.

    Attributes
    ----------
    version : str
        Of its library.
    absent : str
        Why it did not take part; empty when it did.
    measures : list of Measure
        One a round.
    result : object
        What came out, None when it answers nothing.
    """

    name: str
    version: str = ""
    absent: str = ""
    measures: list[Measure] = field(default_factory=list)
    result: Any = None
    agrees: bool = True

    def median(self, what: str = "wall") -> float | None:
        """Return the median of `wall`, `cpu`, `peak_mb` or `extra_mb` over the rounds."""
        values = self.values(what)
        return statistics.median(values) if values else None

    def values(self, what: str = "wall") -> list[float]:
        """Return what each round took, in their order; nothing where the system does not tell."""
        values = self._extra() if what == "extra_mb" else [getattr(one, what) for one in self.measures]
        return [value for value in values if value is not None]

    def _extra(self) -> list[float]:
        """Peak memory of each round above the lowest level seen: a level may still hold what loading left behind."""
        levels = [one.level_mb for one in self.measures if one.level_mb is not None]
        return [one.peak_mb - min(levels) for one in self.measures if one.peak_mb is not None]


def run_job(job: Job, rounds: int, say: Callable[[str], None]) -> list[Outcome]:
    """Run all contenders in turn; return what each did, in their order."""
    outcomes = {contender.name: Outcome(contender.name) for contender in job.contenders}
    present: list[Contender] = []
    try:
        for contender in job.contenders:
            say(f"{job.name}: starting {contender.name}")
            if _start(contender, job, outcomes[contender.name]):
                present.append(contender)
        for number in range(min(rounds, job.rounds)):
            say(f"{job.name}: round {number + 1}")
            for contender in present:
                outcomes[contender.name].measures.append(contender.once()[0])
        for contender in present:
            _check_again(contender, outcomes[contender.name])
    finally:
        for contender in job.contenders:
            contender.stop()
    _compare(list(outcomes.values()))
    return list(outcomes.values())


def _start(contender: Contender, job: Job, outcome: Outcome) -> bool:
    """Start a contender and let it do the job once, unmeasured, for its answer."""
    try:
        outcome.version = contender.start(job.task, job.small)
    except Absent as reason:
        outcome.absent = str(reason)
        return False
    outcome.result = contender.once(reduce=True)[1]
    return True


def _check_again(contender: Contender, outcome: Outcome) -> None:
    """The last answer must be the first: a quick run that went wrong is no run."""
    outcome.agrees = contender.once(reduce=True)[1] == outcome.result


def _compare(outcomes: list[Outcome]) -> None:
    """All that answer must agree with the first that does."""
    answered = [outcome for outcome in outcomes if outcome.result is not None]
    for outcome in answered[1:]:
        outcome.agrees = outcome.agrees and outcome.result == answered[0].result
