"""What a claim must be: asked for, in the unit asked, one of the words or within the agreed range, and in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from smarthan.analysis.appraisal.problems import suggest
from smarthan.tables import Rows

from .form import GATE_WORDS, ask_criterion

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.appraisal.parts import Criterion

GIVEN = ("level", "best", "low", "high", "n", "k")  # a row with one of these is a claim
_Fault = tuple[str, str, str]


@dataclass(frozen=True)
class Asked:
    """What the form asks about: options, must-haves and criteria by id, and the unit of each."""

    appraisal: Appraisal

    @property
    def options(self) -> list[str]:
        """Ids of the options."""
        return [option.id for option in self.appraisal.options]

    @property
    def gates(self) -> list[str]:
        """Ids of the must-haves."""
        return [gate.id for gate in self.appraisal.gates]

    @property
    def criteria(self) -> dict[str, Criterion]:
        """Criteria by id."""
        return {criterion.id: criterion for criterion in self.appraisal.criteria}

    @property
    def units(self) -> dict[str, str]:
        """The unit of each must-have and criterion, as the form has it."""
        words = dict.fromkeys(self.gates, "word")
        return words | {name: ask_criterion(criterion)["unit"] for name, criterion in self.criteria.items()}


def is_claim(rows: Rows) -> np.ndarray:
    """Return which rows hold a claim, sound or not, and not only the question."""
    return np.any([rows.text[name].str.strip().ne("").to_numpy(dtype=bool) for name in GIVEN], axis=0)


def judge_claims(rows: Rows, asked: Asked, documents: Mapping[str, bool]) -> None:
    """Quarantine claims that cannot be used, each under every rule it breaks.

    Parameters
    ----------
    rows : Rows
        The sheet `claims`.
    asked : Asked
    documents : mapping of str to bool
        The documents named in the form, and whether their own row was accepted.
    """
    claims = is_claim(rows)
    found: dict[_Fault, list[int]] = {}
    columns = {name: rows.frame[name].astype("object").where(rows.frame[name].notna(), None) for name in rows.frame}
    for at in range(len(claims)):
        row = {name: column.iloc[at] for name, column in columns.items()}
        if not rows.alive[at]:
            continue
        faults = _find_claim_faults(row, asked) if claims[at] else _find_question_faults(row, asked)
        for fault in (*faults, *_find_document_faults(row["document"], documents)):
            found.setdefault(fault, []).append(at)
    for (code, column, message), places in found.items():
        rows.reject(np.isin(np.arange(len(claims)), places), code, column, message)
    undocumented = claims & rows.alive & rows.frame["document"].isna().to_numpy()
    rows.flag(undocumented, "claim_undocumented", "document", "names no document; it rests on the form alone")


def _find_question_faults(row: Mapping[str, Any], asked: Asked) -> Iterator[_Fault]:
    if row["option"] not in asked.options:
        hint = suggest(str(row["option"]), asked.options)
        yield "claim_unasked", "option", f"'{{value}}' is not an option of the appraisal. {hint}"
    if row["criterion"] not in asked.units:
        hint = suggest(str(row["criterion"]), list(asked.units))
        yield "claim_unasked", "criterion", f"'{{value}}' is neither a criterion nor a must-have. {hint}"


def _find_claim_faults(row: Mapping[str, Any], asked: Asked) -> Iterator[_Fault]:
    unasked = list(_find_question_faults(row, asked))
    yield from unasked
    name = row["criterion"]
    if name not in asked.units:
        return
    if row["unit"] is not None and row["unit"].strip() != asked.units[name]:
        yield "unit_changed", "unit", f"was asked in '{{value}}'; {name} is in {asked.units[name]} now. Ask again"
        return
    numbers = [column for column in GIVEN[1:] if row[column] is not None]
    words = list(GATE_WORDS) if name in asked.gates else [level.id for level in asked.criteria[name].levels]
    if words:
        yield from _find_word_faults(row["level"], numbers, words)
    elif row["level"] is not None:
        yield "level_unknown", "level", f"'{{value}}' is a word, but a number in {asked.units[name]} is asked"
    elif row["n"] is not None or row["k"] is not None:
        yield from _find_count_faults(row, numbers, asked.criteria[name])
    else:
        yield from _find_figure_faults(row, asked.criteria[name])


def _find_word_faults(level: str | None, numbers: list[str], words: list[str]) -> Iterator[_Fault]:
    if numbers:
        yield "level_unknown", numbers[0], f"{{value}} is a number, but a word is asked: {', '.join(words)}"
    if level is not None and level not in words:
        yield "level_unknown", "level", f"'{{value}}' is not one of {', '.join(words)}. {suggest(level, words)}"


def _find_count_faults(row: Mapping[str, Any], numbers: list[str], criterion: Criterion) -> Iterator[_Fault]:
    if numbers != ["n", "k"]:
        yield "counts", "n", "n and k belong together and stand without best, low and high"
    elif row["k"] > row["n"]:
        yield "counts", "k", f"k {row['k']} is above n {row['n']}: more worked than were tested"
    elif criterion.low < 0 or criterion.high > 1:
        yield "counts", "n", f"counts give a share from 0 to 1, but {criterion.id} is asked in {criterion.unit}"


def _find_figure_faults(row: Mapping[str, Any], criterion: Criterion) -> Iterator[_Fault]:
    low, best, high = row["low"], row["best"], row["high"]
    if best is None:
        yield "order", "best", "low and high alone are no claim; give best too"
        return
    if (low is None) != (high is None):
        yield "order", "low" if low is None else "high", "low and high belong together; give both or neither"
    elif low is not None and not low <= best <= high:
        yield "order", "best", f"best {best:g} does not lie from low {low:g} to high {high:g}"
    if not criterion.low <= best <= criterion.high:
        span = f"{criterion.low:g} to {criterion.high:g} {criterion.unit}".strip()
        yield "score_outside", "best", f"{{value}} is outside the agreed range {span}"


def _find_document_faults(document: str | None, documents: Mapping[str, bool]) -> Iterator[_Fault]:
    if document is None or documents.get(document):
        return
    if document in documents:
        yield "parent_rejected", "document", "the document '{value}' is in quarantine itself"
    else:
        yield "document_unknown", "document", "'{value}' is not on the sheet documents. Add it there, or leave it empty"
