"""Gates: must-haves that are never traded against anything, and stay visible when they are failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from .parts import Gate, Judgement, Option

COLUMNS = ["option", "label", "gate", "gate_label", "answer", "chance", "assessors", "evidence", "note"]


@dataclass(frozen=True)
class GateState:
    """How one option stands at all gates: `yes`, `no` or `unknown`, its chance of passing all, and why in words."""

    answer: str
    chance: float
    reason: str
    chances: Mapping[str, float]


class Gates(tuple[Gate, ...]):
    """The gates of an appraisal. As a tuple it lists them; called, it gives the table of who passes."""

    table: pd.DataFrame

    @classmethod
    def of(cls, gates: Iterable[Gate], table: pd.DataFrame) -> Gates:
        """Return gates together with their table of answers."""
        made = cls(gates)
        made.table = table
        return made

    def __call__(self) -> pd.DataFrame:
        """Return one row for each option and gate: answer, chance of passing, evidence, note."""
        return self.table.copy()


def answer_gate(judgements: Sequence[Judgement]) -> tuple[str, float]:
    """Return the answer to one gate, and the chance [0 to 1] that it is passed.

    Several assessors: one `no` is a no, because a must-have is not a matter of majority; else the chance is the mean
    of theirs, a yes counting 1.

    Examples
    --------
    >>> answer_gate([Judgement("a", "safe", "x", "yes"), Judgement("a", "safe", "y", "unknown", p=0.5)])
    ('unknown', 0.75)
    """
    if any(one.level == "no" for one in judgements):
        return "no", 0.0
    chances = [1.0 if one.level == "yes" or one.p is None else one.p for one in judgements]
    chance = sum(chances) / len(chances)
    return ("yes", 1.0) if chance == 1 else ("unknown", chance)


def tabulate_gates(
    options: Sequence[Option], gates: Sequence[Gate], cells: Mapping[tuple[str, str], Sequence[Judgement]]
) -> pd.DataFrame:
    """Return one row for each option and gate."""
    rows = []
    for option in options:
        for gate in gates:
            judged = cells[option.id, gate.id]
            said = [", ".join(dict.fromkeys(getattr(j, name) for j in judged if getattr(j, name))) for name in _SAID]
            rows.append([option.id, option.label, gate.id, gate.label, *answer_gate(judged), *said])
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({name: "float64" if name == "chance" else "str" for name in COLUMNS})


_SAID = ("assessor", "evidence", "note")


def judge_gates(options: Sequence[Option], table: pd.DataFrame) -> dict[str, GateState]:
    """Return how each option stands at all gates together."""
    states = {}
    for option in options:
        rows = table[table["option"] == option.id]
        chances = {str(gate): float(p) for gate, p in zip(rows["gate"], rows["chance"], strict=True)}
        failed = rows[rows["answer"] == "no"]
        open_ = rows[rows["answer"] == "unknown"]
        total = 1.0
        for chance in chances.values():
            total *= chance
        answer = "no" if len(failed) else "unknown" if len(open_) else "yes"
        states[option.id] = GateState(answer, total, _describe(failed if len(failed) else open_), chances)
    return states


def _describe(rows: pd.DataFrame) -> str:
    words = []
    for gate, answer, chance, note in zip(
        rows["gate_label"], rows["answer"], rows["chance"], rows["note"], strict=True
    ):
        said = "fails" if answer == "no" else f"not known (chance {chance:g})"
        words.append(f"{gate}: {said}{f', {note}' if note else ''}")
    return "; ".join(words)
