"""The trial's reach beside the reach that was scored, and what would follow if it took its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from smarthan.findings.disclosed import Disclosed, disclose, is_hidden
from smarthan.findings.finding import Finding, listed, mark
from smarthan.findings.reach_types import SHARES, disclose_types
from smarthan.findings.rows import ranked_of, rows_in_words, score_in_words
from smarthan.findings.scores import appraisal_source, criterion_labels, option_labels, set_words
from smarthan.findings.words import METHODS

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal, Reach
    from smarthan.analysis.appraisal.parts import Criterion, Judgement


def measured_of(appraisal: Appraisal, reached: Reach, criteria: Mapping[str, str]) -> Finding:
    """Return the reach measured in the trial beside the reach that the appraisal scored, cell by cell.

    Parameters
    ----------
    appraisal : Appraisal
    reached : Reach
    criteria : mapping of str to str
        Criterion of the appraisal to the building types it is about, such as "flat_low, flat_high".

    Returns
    -------
    Finding
        A table: option, criterion, scored (as given) with the range stated, estimate, lower, upper (measured, shares, 0
        to 1), method, homes, buildings, against (whether range and interval overlap), row.
    """
    types = _sampled(appraisal, reached, criteria)
    rows = _measure(appraisal, reached, types)
    if rows.empty:
        return _nothing(appraisal, reached, criteria, types)
    done = _disclose(appraisal, reached, types, rows)
    shown = done.table.drop(columns=["option_id", "criterion_id"])
    off = int(shown["against"].isin(["scored lower", "scored higher"]).sum())
    return Finding(
        mark(shown, synthetic=appraisal.synthetic or reached.synthetic),
        "reach_scored_and_measured",
        f"{off} of {len(shown)} scores of reach do not meet what the trial measured",
        "Share of homes reached: as the appraisal scored it with its range, and as the building trial measured it with "
        "its 95% interval",
        "",
        f"{appraisal_source(appraisal)} Reach: building trial.",
        n=f"{len(shown)} scores of options that name a trial technology.",
        method=f"Share of homes that any of an option's technologies reaches, weighted to the stock. Interval: "
        f"{listed(dict.fromkeys(rows['method']))}; the sampling unit is the "
        "building. Stated range: as written in the row; of counts the 5 and 95% points.",
        notes=(_say_fed(appraisal, reached, types, done), _say_types(criteria, types), done.note),
        headings={
            "option": "Option",
            "criterion": "Criterion",
            "scored": "Scored",
            "scored_low": "Stated from",
            "scored_high": "Stated to",
            "estimate": "Measured",
            "lower": "Lower",
            "upper": "Upper",
            "method": "Interval",
            "n": "Homes",
            "n_psu": "Buildings",
            "against": "Range against interval",
            "row": "Row of the score",
        },
        formats=dict.fromkeys((*SHARES, "scored_low", "scored_high"), ".1%") | dict.fromkeys(("n", "n_psu"), ",.0f"),
        disclosure=done.record,
    )


def _sampled(appraisal: Appraisal, reached: Reach, criteria: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the criteria that the appraisal holds with those of their building types that the trial sampled."""
    known = {one.id for one in appraisal.criteria if not one.levels and one.low >= 0 and one.high <= 1}
    sampled = set(reached.table["archetype"])
    named = {name: [part.strip() for part in types.split(",")] for name, types in criteria.items() if name in known}
    kept = {name: [one for one in types if one in sampled] for name, types in named.items()}
    return {name: types for name, types in kept.items() if types}


def _measure(appraisal: Appraisal, reached: Reach, types: Mapping[str, list[str]]) -> pd.DataFrame:
    from smarthan.analysis.homes.any_technology import estimate_any

    options, names = option_labels(appraisal), criterion_labels(appraisal)
    by_id = {one.id: one for one in appraisal.criteria}
    rows: list[dict[str, Any]] = []
    for option in appraisal.options:
        tried = [name for name in option.trial if name in reached.technologies]
        if not tried or len(tried) < len(option.trial):
            continue
        for criterion, kinds in types.items():
            found = estimate_any(reached, tried, kinds)
            if pd.isna(found.value):
                continue
            low, high = found.interval(0.95)
            cell = appraisal.cells[option.id, criterion]
            least, most = _stated_range(appraisal, cell, by_id[criterion])
            rows.append(
                {
                    "option": options[option.id],
                    "criterion": names[criterion],
                    "scored": score_in_words(cell, by_id[criterion]) or "no score",
                    "scored_low": least,
                    "scored_high": most,
                    "estimate": found.value,
                    "lower": low,
                    "upper": high,
                    "method": METHODS.get(found.method, found.method),
                    "n": found.n,
                    "n_psu": found.n_psu,
                    "against": _against((least, most), (low, high)),
                    "row": rows_in_words(appraisal, cell),
                    "option_id": option.id,
                    "criterion_id": criterion,
                }
            )
    return pd.DataFrame(rows)


def _stated_range(appraisal: Appraisal, judgements: Sequence[Judgement], criterion: Criterion) -> tuple[float, float]:
    """Return the least and the greatest share that the judgements of a cell allow."""
    from smarthan.analysis.appraisal.judgements import point_estimate
    from smarthan.analysis.simulation.uncertainty import stated_limits

    ends = [
        stated_limits(one, criterion, appraisal.spread, None if one.is_missing else point_estimate(one))
        for one in judgements
    ]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _against(stated: tuple[float, float], measured: tuple[float, float]) -> str:
    """Say how a stated range stands to a measured interval.

    Examples
    --------
    >>> _against((0.6, 0.9), (0.85, 0.95)), _against((0.6, 0.8), (0.85, 0.95)), _against((0.9, 1.0), (0.5, 0.6))
    ('they overlap', 'scored lower', 'scored higher')
    """
    if any(pd.isna(end) for end in measured):
        return "no interval"
    if stated[1] < measured[0]:
        return "scored lower"
    return "scored higher" if stated[0] > measured[1] else "they overlap"


def _disclose(appraisal: Appraisal, reached: Reach, types: Mapping[str, list[str]], rows: pd.DataFrame) -> Disclosed:
    """Hide what is small, and any share of several types of which the pack hides one: it would follow from the sum."""
    tried = {one.id: one.trial for one in appraisal.options}
    by_type = disclose_types(reached, list(reached.technologies)).table
    secret = by_type[is_hidden(by_type)]
    pairs = set(zip(secret["technology"], secret["archetype"], strict=True))
    hidden = [
        any((name, kind) in pairs for name in tried[o] for kind in types[c])
        for o, c in zip(rows["option_id"], rows["criterion_id"], strict=True)
    ]
    return disclose(
        rows, dims=["criterion"], count="n", contributors=["n_psu"], shares=["estimate"],
        values=[*SHARES, "method", "n", "n_psu", "against"], rounded=["n", "n_psu"], coarse=SHARES, by="option",
        hidden=pd.Series(hidden, index=rows.index),
    )  # fmt: skip


def _say_fed(appraisal: Appraisal, reached: Reach, types: Mapping[str, list[str]], done: Disclosed) -> str:
    """Say who would lead if the trial's rows took the place of those scored."""
    if is_hidden(done.table).any():
        return "What follows from the trial's reach is not worked out, because some of it may not be told."
    now, then = (ranked_of(one.score().table).head(2) for one in (appraisal, feed(appraisal, reached, types)))
    name = set_words(appraisal.weights_of(None)[0])
    if len(then) < 2:
        return "One option alone is ranked, so that no reach could change the order."
    leads = [
        f"{two['label'].iloc[0]} leads by {two['total'].iloc[0] - two['total'].iloc[1]:.1f} points"
        for two in (now, then)
    ]
    return (
        f"If the trial's rows took their place, {leads[1]} (weights of {name}, best estimates); as scored, {leads[0]}. "
        "The appraisal keeps its own scores until its owner takes these up."
    )


def feed(appraisal: Appraisal, reached: Reach, types: Mapping[str, list[str]]) -> Appraisal:
    """Return an appraisal in which the trial's rows take the place of the scores they measure.

    Parameters
    ----------
    appraisal : Appraisal
    reached : Reach
    types : mapping of str to list of str
        Criterion to its building types.

    Returns
    -------
    Appraisal
        A copy; rows that the trial cannot score stay as they are.
    """
    from smarthan.analysis.appraisal.parts import Judgement

    rows = reached.to_scores(appraisal, types).scores
    rows = rows[rows["n"].ne("")]
    named = ["option", "criterion", "assessor", "evidence", "confidence", "note"]
    fed = [
        Judgement(**{name: row[name] for name in named}, dist="beta", n=float(row["n"]), k=float(row["k"]))
        for row in rows.to_dict("records")
    ]
    taken = {(one.option, one.criterion) for one in fed}
    kept = [one for one in appraisal.judgements if (one.option, one.criterion) not in taken]
    return replace(appraisal, judgements=(*kept, *fed))


def _say_types(criteria: Mapping[str, str], types: Mapping[str, list[str]]) -> str:
    absent = sorted(
        {part.strip() for name in types for part in criteria[name].split(",")} - {t for k in types.values() for t in k}
    )
    said = "; ".join(f"{name}: {', '.join(kinds)}" for name, kinds in types.items())
    return f"Building types taken together: {said.replace('_', ' ')}." + (
        f" Not sampled by the trial: {listed(absent).replace('_', ' ')}." if absent else ""
    )


def _nothing(
    appraisal: Appraisal, reached: Reach, criteria: Mapping[str, str], types: Mapping[str, list[str]]
) -> Finding:
    named = listed(criteria) if criteria else "none"
    why = (
        f"none of the criteria named ({named}) is a share of homes in this appraisal with a type that the trial sampled"
        if not types
        else f"no option names technologies that were all tried ({listed(reached.technologies)})"
    )
    return Finding(
        mark(pd.DataFrame(), synthetic=appraisal.synthetic),
        "reach_scored_and_measured",
        "The trial's reach stands beside no score",
        "",
        "",
        appraisal_source(appraisal),
        missing=f"There is nothing to compare: {why}.",
    )
