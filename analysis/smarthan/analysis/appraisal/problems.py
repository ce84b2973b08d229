"""What is wrong with an appraisal: gathered over all its files, each with its place and its mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

import pandas as pd

COLUMNS = ["severity", "code", "file", "line", "option", "criterion", "message"]


@dataclass(frozen=True)
class AppraisalProblem:
    """One thing wrong: an `error` makes the appraisal unusable, a `warning` makes its answer weaker."""

    severity: Literal["error", "warning"]
    code: str
    file: str
    message: str
    line: int | None = None
    option: str = ""
    criterion: str = ""

    def describe(self) -> str:
        """Return the problem as one sentence that starts with its place."""
        place = f"{self.file} line {self.line}" if self.line else self.file
        about = ", ".join(part for part in (self.option, self.criterion) if part)
        return f"{place}{f' ({about})' if about else ''}: {self.message} [{self.code}]"


class AppraisalError(ValueError):
    """An appraisal cannot be used.

    Attributes
    ----------
    problems : DataFrame
        Every error and warning found in all its files: severity, code, file, line, option, criterion, message.
    """

    def __init__(self, path: object, problems: Sequence[AppraisalProblem]) -> None:
        self.path, self.problems = str(path), tabulate_problems(problems)
        errors = [p for p in problems if p.severity == "error"]
        count = f"{len(errors)} error{'s' if len(errors) != 1 else ''}"
        super().__init__("\n".join([f"{path}: {count} in the appraisal", *(f"  {p.describe()}" for p in errors)]))


def tabulate_problems(problems: Sequence[AppraisalProblem]) -> pd.DataFrame:
    """Return problems as a table, errors first, then by file and line.

    Examples
    --------
    >>> tabulate_problems([AppraisalProblem("warning", "evidence_missing", "scores.csv", "names no evidence", 3)]).line
    0    3
    Name: line, dtype: Int64
    """
    ordered = sorted(problems, key=lambda p: (p.severity != "error", p.file, p.line or 0, p.code, p.message))
    rows = [[getattr(p, name) for name in COLUMNS] for p in ordered]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    text = {name: "str" for name in COLUMNS if name != "line"}
    return frame.astype({**text, "line": "Int64"})


def suggest(word: str, known: Sequence[str]) -> str:
    """Return the end of a message about an unknown word: the nearest known one, or all of them.

    Examples
    --------
    >>> suggest("productt", ["field", "product"]), suggest("x", ["field", "product"])
    ('Nearest: product', 'Known: field, product')
    """
    nearest = get_close_matches(word, list(known), 1)
    return f"Nearest: {nearest[0]}" if nearest else f"Known: {', '.join(known) or 'none'}"
