"""What is wrong with an appraisal: gathered over all its files, each with its place and its mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

import pandas as pd

from smarthan.tables.workbook.places import row_of

COLUMNS = ["severity", "code", "file", "line", "option", "criterion", "message"]
TOLD = 50  # errors that a message lists; the table has all of them (ours)

Place = int | str | None  # a physical line, a cell of a workbook such as `scores!E57`, or nothing to point at


@dataclass(frozen=True)
class AppraisalProblem:
    """One thing wrong: an `error` makes the appraisal unusable, a `warning` makes its answer weaker.

    `line` is the physical line in `file`, or, where the file is a workbook, the cell: `scores!E57`.
    """

    severity: Literal["error", "warning"]
    code: str
    file: str
    message: str
    line: Place = None
    option: str = ""
    criterion: str = ""

    def describe(self) -> str:
        """Return the problem as one sentence that starts with its place."""
        place = f"{self.file}{say_place(self.line)}"
        about = ", ".join(part for part in (self.option, self.criterion) if part)
        return f"{place}{f' ({about})' if about else ''}: {self.message} [{self.code}]"


class AppraisalError(ValueError):
    """An appraisal cannot be used.

    Attributes
    ----------
    problems : DataFrame
        Every error and warning found in all its files: severity, code, file, line, option, criterion, message. Of a
        workbook, `line` is the cell, as in `scores!E57`.
    """

    def __init__(self, path: object, problems: Sequence[AppraisalProblem]) -> None:
        self.path, self.problems = str(path), tabulate_problems(problems)
        errors = [p for p in problems if p.severity == "error"]
        count = f"{len(errors)} error{'s' if len(errors) != 1 else ''}"
        lines = [f"  {problem.describe()}" for problem in errors[:TOLD]]
        rest = [f"  ... and {len(errors) - TOLD:,} more, in .problems"] if len(errors) > TOLD else []
        super().__init__("\n".join([f"{path}: {count} in the appraisal", *lines, *rest]))


def say_place(line: Place) -> str:
    """Return how a message names a place after the name of its file.

    Examples
    --------
    >>> say_place(57), say_place("scores!E57"), say_place(None)
    (' line 57', ' scores!E57', '')
    """
    if line is None or line == "":
        return ""
    return f" {line}" if isinstance(line, str) else f" line {line}"


def tabulate_problems(problems: Sequence[AppraisalProblem]) -> pd.DataFrame:
    """Return problems as a table, errors first, then by file and line; `line` is text where it names cells.

    Examples
    --------
    >>> tabulate_problems([AppraisalProblem("warning", "evidence_missing", "scores.csv", "names no evidence", 3)]).line
    0    3
    Name: line, dtype: Int64
    """
    ordered = sorted(problems, key=_order)
    rows = [[getattr(p, name) for name in COLUMNS] for p in ordered]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    cells = any(isinstance(problem.line, str) for problem in problems)
    return frame.astype({name: "Int64" if name == "line" and not cells else "str" for name in COLUMNS})


def _order(problem: AppraisalProblem) -> tuple[bool, str, str, int, str, str]:
    line = problem.line or 0
    sheet, row = (line.split("!")[0], row_of(line)) if isinstance(line, str) else ("", line)
    return problem.severity != "error", problem.file, sheet, row, problem.code, problem.message


def suggest(word: str, known: Sequence[str]) -> str:
    """Return the end of a message about an unknown word: the nearest known one, or all of them.

    Examples
    --------
    >>> suggest("productt", ["field", "product"]), suggest("x", ["field", "product"])
    ('Nearest: product', 'Known: field, product')
    """
    nearest = get_close_matches(word, list(known), 1)
    return f"Nearest: {nearest[0]}" if nearest else f"Known: {', '.join(known) or 'none'}"
