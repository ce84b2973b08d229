"""What the record says in words: numbers without clutter, scores with their units, ranges, swings, verdicts."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from smarthan.analysis.appraisal.judgements import best_score, point_estimate
from smarthan.analysis.simulation.dissent import say_judgement

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.appraisal.parts import Criterion, Judgement

VERDICTS = {
    "shortlist": "Consult on the shortlist",
    "trial": "Run a technology trial before consulting",
    "not_worth_it": "The evidence is thin, but no trial is worth its cost",
    "consult": "Consult on the weights: people differ on what matters",
    "desk_evidence": "Gather desk evidence on the widest gaps first",
}
_BARE = ("count", "ratio")
_TIMES = ("minute", "hour", "day", "month", "year")
STATUSES = {
    "draft": "Draft: weights and ranges may still change",
    "agreed": "Agreed: weights and ranges are frozen",
    "published": "Published: weights and ranges are frozen, and every score names its evidence",
}
SHAPES = {
    "pert": "PERT, least to greatest",
    "triangular": "triangular, least to greatest",
    "uniform": "uniform, least to greatest",
    "normal": "normal, 5 and 95 % points",
    "beta": "beta, by its counts",
}


def plain(number: float) -> str:
    """Return a number as people write it.

    Examples
    --------
    >>> plain(0.7682926), plain(1300000), plain(-4.0), plain(-0.0), plain(20.5)
    ('0.7683', '1,300,000', '-4', '0', '20.5')
    """
    rounded = float(f"{number:.4g}") + 0.0
    return f"{number:,.0f}" if abs(rounded) >= 10_000 else f"{rounded:g}"


def percent(share: float) -> str:
    """Return a share from 0 to 1 as a percentage that never rounds to nothing or to everything.

    Examples
    --------
    >>> percent(0.3289), percent(0.00004), percent(0.99996), percent(0.0)
    ('32.9%', 'under 0.1%', 'over 99.9%', '0%')
    """
    if share in (0, 1):
        return f"{share:.0%}"
    return "under 0.1%" if share < 0.0005 else "over 99.9%" if share > 0.9995 else f"{share:.1%}"


def with_error(share: float, error: float) -> str:
    """Return a share of draws with its standard error, both in per cent.

    Examples
    --------
    >>> with_error(0.3289, 0.00147), with_error(0.0, 0.0)
    ('32.9% (standard error 0.15%)', '0%')
    """
    return percent(share) + (f" (standard error {max(error, 0.0001):.2%})" if share not in (0, 1) else "")


def day(date: dt.date | None) -> str:
    """Return a date as 30 June 2013, or nothing."""
    return f"{date.day} {date:%B %Y}" if date else ""


def spell(name: str) -> str:
    """Return a name made for files as words: `building_work` as building work."""
    return name.replace("_", " ")


def listed(words: Iterable[str]) -> str:
    """Return words as a list in a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', 'none')
    """
    items = list(words)
    if len(items) < 2:
        return items[0] if items else "none"
    return f"{', '.join(items[:-1])} and {items[-1]}"


def with_unit(number: float, unit: str) -> str:
    """Return a number with its unit: a share as a percentage, a count or ratio bare, a time in the plural.

    Examples
    --------
    >>> with_unit(20.5, "GBP"), with_unit(0.7683, "share"), with_unit(3.0, "count"), with_unit(1.0, "month")
    ('20.5 GBP', '76.83%', '3', '1 month')
    """
    if unit == "share":
        return f"{plain(100 * number)}%"
    if unit in _BARE:
        return plain(number)
    return f"{plain(number)} {unit}{'s' if unit in _TIMES and number != 1 else ''}".strip()


def labels_of(appraisal: Appraisal) -> dict[str, str]:
    """Return the words for each option, criterion and gate, by its id; labels that are alike name the id too."""
    parts = (*appraisal.options, *appraisal.criteria, *appraisal.gates)
    times = Counter(part.label for part in parts)
    return {part.id: part.label if times[part.label] == 1 else f"{part.label} ({part.id})" for part in parts}


def name_parts(appraisal: Appraisal, words: str) -> str:
    """Return a sentence with the labels of options and criteria in place of their ids."""
    kept = {option.id for option in appraisal.options} | {each.id for each in appraisal.criteria if "_" in each.id}
    labels = {name: label for name, label in labels_of(appraisal).items() if name in kept}
    return re.sub(r"\b(" + "|".join(map(re.escape, labels)) + r")\b", lambda found: labels[found[0]], words)


def say_score(one: Judgement, criterion: Criterion | None) -> str:
    """Return one judgement with its unit and what it says of its doubt; `criterion` None for a gate."""
    said = say_judgement(one)
    if criterion is None or criterion.levels or one.is_missing:
        return spell(said)
    if one.best is None:
        return f"{said} = {with_unit(point_estimate(one), criterion.unit)}"
    span = ""
    if one.low is not None and one.high is not None:
        span = f" ({with_unit(one.low, criterion.unit)} to {with_unit(one.high, criterion.unit)})"
    return f"{with_unit(one.best, criterion.unit)}{span}"


def say_cell(appraisal: Appraisal, option: str, criterion: Criterion) -> str:
    """Return a cell at its best estimate with its unit: the mean of several assessors, or words."""
    score = best_score(appraisal.cells[option, criterion.id], criterion)
    if score is None or score != score:
        return "no score"
    return spell(score) if isinstance(score, str) else with_unit(score, criterion.unit)


def say_range(criterion: Criterion) -> str:
    """Return the swing of a criterion: from the worst of its agreed range to the best."""
    if criterion.levels:
        return f"from {spell(criterion.levels[0].id)} to {spell(criterion.levels[-1].id)}"
    worst, best = (
        (criterion.low, criterion.high) if criterion.ys[0] < criterion.ys[-1] else (criterion.high, criterion.low)
    )
    return f"from {with_unit(worst, criterion.unit)} to {with_unit(best, criterion.unit)}"


def say_value(criterion: Criterion) -> str:
    """Return how scores become points."""
    if criterion.levels:
        return "; ".join(f"{spell(level.id)}: {plain(level.value)}" for level in criterion.levels)
    points = "; ".join(f"{plain(x)}: {plain(y)}" for x, y in zip(criterion.xs, criterion.ys, strict=True))
    return f"straight line through {points}"


def say_target(option: object, criterion: object, labels: dict[str, str]) -> str:
    """Return in words what could be learnt, `*` standing for all of a kind."""
    if option == "*":
        return f"{labels[str(criterion)]}, all options"
    if criterion == "*":
        return f"everything about {labels[str(option)]}"
    return f"{labels[str(criterion)]} of {labels[str(option)]}"
