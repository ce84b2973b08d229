"""Claims as ratios of medians from one run, and whether they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.running import Outcome


@dataclass(frozen=True)
class Gate:
    """One claim: how many times better than the best of others, or how much of it at most.

    Attributes
    ----------
    claim : str
        In words.
    ours : str
        Name of the contender that makes it.
    others : tuple of str
        Names of those it is held against; the best that is present counts. None named: the figure itself is held
        against `need`, in s or MB.
    need : float
        The ratio to reach.
    stretch : float, optional
        The ratio to hope for.
    measure : str
        `wall`, `cpu` or `extra_mb`.
    at_most : bool
        False: their median over ours is at least `need`. True: ours over theirs is at most `need`.
    """

    claim: str
    ours: str
    others: tuple[str, ...]
    need: float
    stretch: float | None = None
    measure: str = "wall"
    at_most: bool = False


@dataclass(frozen=True)
class Verdict:
    """A gate, judged; `ratio` and `met` are None when a contender it needs is absent.

    `rounds` holds the ratio of each round: how far it swung in this run.
    """

    job: str
    gate: Gate
    ratio: float | None
    against: str = ""
    rounds: tuple[float, ...] = ()

    @property
    def met(self) -> bool | None:
        """Whether the claim holds."""
        return None if self.ratio is None else self._reaches(self.gate.need)

    @property
    def stretched(self) -> bool:
        """Whether even the ratio hoped for is reached."""
        return self.ratio is not None and self.gate.stretch is not None and self._reaches(self.gate.stretch)

    def _reaches(self, wanted: float) -> bool:
        ratio = self.ratio or 0.0
        return ratio <= wanted if self.gate.at_most else ratio >= wanted


def judge(job: str, gate: Gate, outcomes: Mapping[str, Outcome]) -> Verdict:
    """Return whether a claim holds in one run."""
    ours = outcomes[gate.ours].median(gate.measure)
    medians = {name: outcomes[name].median(gate.measure) for name in gate.others}
    theirs = {name: value for name, value in medians.items() if value is not None}
    if ours is not None and not gate.others:
        return Verdict(job, gate, ours, "", tuple(outcomes[gate.ours].values(gate.measure)))
    if ours is None or not theirs:
        return Verdict(job, gate, None)
    best = min(theirs, key=lambda name: theirs[name])
    pairs = zip(outcomes[gate.ours].values(gate.measure), outcomes[best].values(gate.measure), strict=False)
    rounds = tuple(_divide(one, other, gate) for one, other in pairs)
    return Verdict(job, gate, _divide(ours, theirs[best], gate), best, rounds)


def _divide(ours: float, theirs: float, gate: Gate) -> float:
    small = 1e-9  # a job that needs no extra memory at all
    return ours / max(theirs, small) if gate.at_most else theirs / max(ours, small)
