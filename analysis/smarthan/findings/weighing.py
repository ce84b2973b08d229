"""Who leads where when weights move: one criterion at a time, and the two on whose weights people differ most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.findings.finding import Finding, headline, listed, mark, percent
from smarthan.findings.scores import appraisal_source, criterion_labels, option_labels, set_words, stated_sets
from smarthan.findings.switching import count_running, nothing_switches

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal

# As many leaders as colours can tell apart; those that lead over least of the weights are drawn together.
LEADERS_IN_A_CHART = 6
OTHERS = "Other options"


def weight_lines_of(appraisal: Appraisal, weights: str | None = None) -> Finding:
    """Return who leads at every weight that each criterion could have, the other weights keeping their proportions.

    Parameters
    ----------
    appraisal : Appraisal
    weights : str, optional
        The set of weights; the appraisal's own first choice if not given.

    Returns
    -------
    Finding
        Long table: criterion, leader, low, high (ends of the stretch of weights, 0 to 1), now, says, shown_as.
    """
    from smarthan.analysis.scoring.weight_space import lead_stretches

    if count_running(appraisal) < 2:
        return nothing_switches(appraisal, "weight_lines")
    name, shares = appraisal.weights_of(weights)
    running = _running(appraisal)
    labels, criteria = option_labels(appraisal), criterion_labels(appraisal)
    rows = []
    for place, criterion in enumerate(appraisal.criteria):
        for one in lead_stretches(appraisal.best_values[running], shares, place):
            leader = labels[appraisal.options[running[one.option]].id]
            rows.append((criteria[criterion.id], leader, one.low, one.high, float(shares[place])))
    table = pd.DataFrame(rows, columns=["criterion", "leader", "low", "high", "now"])
    table["says"] = [_nearest(table[table["criterion"].eq(one)]) for one in table["criterion"]]
    now = _leader_now(appraisal, weights)
    table["shown_as"] = _fold(table, now)
    safe = table.groupby("criterion", observed=True)["leader"].nunique().eq(1).sum()
    total = table["criterion"].nunique()
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "weight_lines",
        f"{total - safe} of {len(criteria)} weights can change the leader alone",
        f"Leader at every weight a criterion could have, one at a time; weights of {set_words(name)}, at the best "
        "estimates",
        _lines_alt(table, now),
        appraisal_source(appraisal),
        n=f"{len(running)} options in the running, {len(criteria)} criteria.",
        method="Exact: scores are straight lines in a weight. The other weights keep their proportions. A triangle "
        "marks the weight now.",
        notes=_say_whole(total, len(criteria)),
        headings={
            "criterion": "Criterion",
            "leader": "Leader",
            "low": "From weight",
            "high": "To weight",
            "now": "Weight now",
            "says": "Nearest change",
            "shown_as": "Drawn as",
        },
        formats=dict.fromkeys(("low", "high", "now"), ".2%"),
        drawn={
            "criterion": "criterion",
            "leader": "shown_as",
            "low": "low",
            "high": "high",
            "now": "now",
            "words": "says",
            "leaders": _order(table, now),
            "axis_label": "Weight of the criterion",
        },
        missing="" if total else "One criterion has all the weight, so no other weight can give way to it.",
    )


def _running(appraisal: Appraisal) -> list[int]:
    return [p for p, option in enumerate(appraisal.options) if appraisal.gate_states[option.id].answer != "no"]


def _leader_now(appraisal: Appraisal, weights: str | None) -> str:
    return option_labels(appraisal)[appraisal.score(weights).leader]


def _nearest(stretches: pd.DataFrame) -> str:
    """Say at which weights, nearest to the weight now on either side, the leader changes."""
    now = stretches["now"].iloc[0]
    # Equal neighbours are one stretch, so every inner end is a change.
    ends = stretches["low"].iloc[1:].to_numpy()
    below, above = ends[ends <= now], ends[ends > now]
    sides = [percent(end) for end in (*below[-1:], *above[:1])]
    return f"{percent(now)} now; changes at {' and '.join(sides)}" if sides else f"{percent(now)} now; never changes"


def _fold(table: pd.DataFrame, now: str) -> pd.Series:
    """Return the leaders with all but the six widest, the leader now among them, taken together."""
    width = (table["high"] - table["low"]).groupby(table["leader"], observed=True).sum()
    if len(width) <= LEADERS_IN_A_CHART:
        order = width.sort_values(ascending=False).index
    else:
        others = width.drop(now, errors="ignore").nlargest(LEADERS_IN_A_CHART - 2).index
        order = pd.Index([*(name for name in [now] if name in width.index), *others])
    return table["leader"].where(table["leader"].isin(order), OTHERS)


def _order(table: pd.DataFrame, now: str) -> list[str]:
    """Return the leaders in the order of the key: the one now first, the others taken together last."""
    names = table["shown_as"].drop_duplicates().tolist()
    return sorted(names, key=lambda name: (name == OTHERS, name != now))


def _lines_alt(table: pd.DataFrame, now: str) -> str:
    if table.empty:
        return ""
    said = table.drop_duplicates("criterion")
    turning = said[~said["says"].str.endswith("never changes")]
    kept = said.loc[said["says"].str.endswith("never changes"), "criterion"]
    turns = "; ".join(f"{row.criterion} {row.says}" for row in turning.itertuples())
    return (
        f"A strip for each criterion over its weight from 0 to 100%, divided by who leads; {now} leads now. "
        + (f"{turns}. " if turns else "No strip is divided: the same option leads at every weight. ")
        + (f"No weight changes the leader on {listed(kept)}." if turns and len(kept) else "")
    ).strip()


def _say_whole(shown: int, total: int) -> tuple[str, ...]:
    return () if shown == total else ("A criterion that has all the weight now has no strip.",)


def weight_map_of(appraisal: Appraisal, pair: tuple[str, str] | None = None, weights: str | None = None) -> Finding:
    """Return who leads for every pair of weights of two criteria, the other weights keeping their proportions.

    Parameters
    ----------
    appraisal : Appraisal
    pair : tuple of str, optional
        Identifiers of two criteria; by default those on whose weights the sets differ most, else the two heaviest.
    weights : str, optional

    Returns
    -------
    Finding
        Long table: leader, first, second (the two weights at a corner of its region, 0 to 1).

    Raises
    ------
    ValueError
        When the pair does not name two different criteria.
    """
    from smarthan.analysis.scoring.weight_space import lead_regions

    if count_running(appraisal) < 2:
        return nothing_switches(appraisal, "weight_map")
    name, shares = appraisal.weights_of(weights)
    first, second = _find_pair(appraisal, shares) if pair is None else _read_pair(appraisal, pair)
    running, labels = _running(appraisal), option_labels(appraisal)
    regions = lead_regions(appraisal.best_values[running], shares, first, second) if first != second else []
    parts = [
        pd.DataFrame(
            {"leader": labels[appraisal.options[running[one.option]].id]} | dict(zip("xy", one.corners.T, strict=True))
        )
        for one in regions
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["leader", "x", "y"])
    table = table.rename(columns={"x": "first", "y": "second"})
    words = [list(criterion_labels(appraisal).values())[place] for place in (first, second)]
    leaders = table["leader"].unique().tolist()
    missing = "" if regions else "It takes a third criterion with some weight: two weights that add to 1 are one line."
    if len(leaders) > LEADERS_IN_A_CHART:
        missing = f"{len(leaders)} options lead somewhere, more than can be told apart; the data of the strips has all."
    return Finding(
        mark(table, synthetic=appraisal.synthetic),
        "weight_map",
        headline(
            f"{_leader_now(appraisal, weights)} leads now; {len(leaders)} lead somewhere",
            f"{len(leaders)} options lead for some pair of weights",
        )
        if regions
        else "Two weights have no map of their own",
        f"Leader for every pair of weights of {words[0]} and {words[1]}; weights of {set_words(name)}, at the best "
        "estimates",
        _map_alt(table, words, (float(shares[first]), float(shares[second]))),
        appraisal_source(appraisal),
        n=f"{len(running)} options in the running.",
        method="Exact regions at the best estimates; the other weights keep their proportions among themselves.",
        notes=("Weights above the slanted edge would add to more than 100%.",),
        headings={"leader": "Leader", "first": words[0], "second": words[1]},
        formats=dict.fromkeys(("first", "second"), ".2%"),
        drawn={
            "leader": "leader",
            "x": "first",
            "y": "second",
            "now": (float(shares[first]), float(shares[second])),
            "now_label": f"Weights of {set_words(name)}",
            "x_label": f"Weight of {words[0]}",
            "y_label": f"Weight of {words[1]}",
        },
        missing=missing,
    )


def _find_pair(appraisal: Appraisal, shares: np.ndarray) -> tuple[int, int]:
    """Return the two criteria on whose weights the stated sets differ most; with one set, the two heaviest."""
    stated = np.array([appraisal.weights_of(one)[1] for one in stated_sets(appraisal)])
    spread = np.ptp(stated, axis=0)
    order = np.lexsort((-shares, -spread)) if spread.any() else np.argsort(-shares, kind="stable")
    return int(order[0]), int(order[1 if len(order) > 1 else 0])


def _read_pair(appraisal: Appraisal, pair: tuple[str, str]) -> tuple[int, int]:
    ids = [criterion.id for criterion in appraisal.criteria]
    if len(pair) != 2 or pair[0] == pair[1] or not set(pair) <= set(ids):
        raise ValueError(f"pair is {pair!r}; it takes two different criteria of {', '.join(ids)}")
    return ids.index(pair[0]), ids.index(pair[1])


def _map_alt(table: pd.DataFrame, words: list[str], now: tuple[float, float]) -> str:
    if table.empty:
        return ""
    ends = table.groupby("leader", sort=False, observed=True)[["first", "second"]].agg(["min", "max"])
    said = "; ".join(
        f"{leader} where {words[0]} weighs {percent(row['first', 'min'], 0)} to {percent(row['first', 'max'], 0)} and "
        f"{words[1]} {percent(row['second', 'min'], 0)} to {percent(row['second', 'max'], 0)}"
        for leader, row in ends.iterrows()
    )
    return (
        f"A triangle of pairs of weights, divided into {len(ends)} regions by who leads, within the limits of: {said}. "
        f"The weights now are {percent(now[0])} and {percent(now[1])}."
    )
