"""Where a figure comes from: the rows of an appraisal's files, in a reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.finding import listed

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal
    from smarthan.analysis.appraisal.parts import Criterion, Judgement

SCORES, WEIGHTS = "scores.csv", "weights.csv"


def rows_in_words(appraisal: Appraisal, judgements: Sequence[Judgement]) -> str:
    """Return the lines of scores.csv, or the rows of a workbook's sheet, that hold some judgements.

    Examples
    --------
    >>> from smarthan.analysis import sample_appraisal
    >>> appraisal = sample_appraisal()
    >>> [rows_in_words(appraisal, appraisal.cells["zb868", name]) for name in ("margin", "capex")]
    ['scores.csv line 20', 'scores.csv lines 22 and 23']
    """
    return lines_in_words(appraisal, SCORES, [one.line for one in judgements])


def lines_in_words(appraisal: Appraisal, file: str, lines: Sequence[int]) -> str:
    """Return lines of one of the appraisal's tables by the file that holds it."""
    books = [one.name for one in appraisal.sources if one.name.endswith(".xlsx")]
    where, unit = (f"{books[0]} sheet {file.removesuffix('.csv')}", "row") if books else (file, "line")
    return f"{where} {unit}{'s' if len(lines) > 1 else ''} {listed(map(str, sorted(lines)))}"


def score_in_words(judgements: Sequence[Judgement], criterion: Criterion) -> str | None:
    """Return a cell's score as people gave it: a number, counts, a word; None where there is none.

    Examples
    --------
    >>> from smarthan.analysis import sample_appraisal
    >>> appraisal = sample_appraisal()
    >>> by_id = {criterion.id: criterion for criterion in appraisal.criteria}
    >>> [score_in_words(appraisal.cells["zb868", name], by_id[name]) for name in ("reach_flat", "capex", "hub_fit")]
    ['31 of 40', 'mean 20.5', 'plug in']
    """
    from smarthan.analysis.appraisal.judgements import best_score

    scored = [one for one in judgements if not one.is_missing]
    if not scored:
        return None
    if criterion.levels:
        return " or ".join(dict.fromkeys(one.level.replace("_", " ") for one in scored))
    if len(scored) == 1 and scored[0].n is not None:
        return f"{scored[0].k:g} of {scored[0].n:g}"
    return f"{'mean ' if len(scored) > 1 else ''}{float(str(best_score(judgements, criterion))):.4g}"


def evidence_in_words(appraisal: Appraisal, judgements: Sequence[Judgement]) -> str:
    """Return the evidence behind some judgements by its titles and ids; in words where none is named."""
    titles = {one.id: f"{one.title} [{one.id}]" for one in appraisal.evidence}
    names = dict.fromkeys(one.evidence for one in judgements if one.evidence)
    return "; ".join(titles.get(name, name) for name in names) or "none named"


def said_of(judgements: Sequence[Judgement], name: str) -> str:
    """Return the distinct words of one column of scores.csv, in the order of the rows."""
    return ", ".join(dict.fromkeys(getattr(one, name) for one in judgements if getattr(one, name)))


def cell_in_words(appraisal: Appraisal, option: str, criterion: str) -> str:
    """Return an option and a criterion, or a gate, by their labels."""
    options = {one.id: one.label for one in appraisal.options}
    criteria = {one.id: one.label for one in (*appraisal.criteria, *appraisal.gates)}
    parts = [options.get(option, ""), criteria.get(criterion, "")]
    return ": ".join(part for part in parts if part)


def ranked_of(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a score's table that have a rank, best first."""
    return table[table["rank"].notna()].sort_values("rank", kind="stable")
