"""Whether a further trial is needed to know the reach, and of which buildings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from smarthan.findings.disclosed import is_hidden, say_hidden, tell_hidden
from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.reach import evidence_of
from smarthan.findings.reach_types import reach_source

if TYPE_CHECKING:
    from smarthan.analysis import Reach

_OPEN = "not enough evidence"


def needs_of(reach: Reach, technologies: Sequence[str], criterion: float) -> Finding:
    """Return how many further buildings of each type would settle what the trial leaves open.

    Parameters
    ----------
    reach : Reach
    technologies : sequence of str
        Codes of the technologies to judge.
    criterion : float
        The wanted share, 0 to 1.

    Returns
    -------
    Finding
        A table: building type, further buildings (one building serves all technologies, so the most that any needs),
        the technology that decides, questions open, and those of which no feasible number would do.
    """
    evidence = evidence_of(reach, technologies, criterion)
    rows = [_need(str(name), part) for name, part in evidence.table.groupby("building_type", sort=False)]
    table = tell_hidden(pd.DataFrame(rows).astype({"further": "Float64", "open": "Int64", "no_feasible": "Int64"}))
    table = table.sort_values("further", ascending=False, kind="stable", na_position="last")
    shown = table[~is_hidden(table)]
    total, settled, left = (int(shown[name].sum()) for name in ("further", "open", "no_feasible"))
    return Finding(
        mark(table, synthetic=reach.synthetic),
        "further_buildings",
        _say_headline(total, settled - left, settled),
        f"Further surveyed buildings that would tell whether at least {percent(criterion, 0)} are reached, by type",
        _say_bars(shown) + say_hidden(table, "building_type"),
        reach_source(reach),
        n=f"{count(settled)} of {count((~is_hidden(evidence.table)).sum())} questions are open; of {count(left)} of "
        "them no feasible number of buildings would do.",
        method="The smallest number whose interval, with share and design effect as now, would no longer hold the "
        "criterion; up to five times the present number counts as feasible. It assumes that the estimate is right.",
        notes=(
            "One building serves all technologies, so each bar is the most that any of them needs. With a share close "
            "to the criterion no trial of a reasonable size settles it.",
            *evidence.notes[1:],
        ),
        disclosure=evidence.disclosure,
        headings={
            "building_type": "Building type",
            "further": "Further buildings",
            "decided_by": "Decided by",
            "open": "Questions open",
            "no_feasible": "Of which no feasible number",
        },
        formats={"further": ",.0f"},
    )


def answer_needs(reach: Reach, technologies: Sequence[str], criterion: float) -> str:
    """Return in words whether the evidence is sufficient, and what a further trial would have to survey.

    Parameters
    ----------
    reach : Reach
    technologies : sequence of str
    criterion : float
        As in `needs_of`.

    Returns
    -------
    str
    """
    evidence, needs = evidence_of(reach, technologies, criterion).table, needs_of(reach, technologies, criterion).table
    judged = evidence[~is_hidden(evidence)]
    needs = needs[~is_hidden(needs)]
    unsure = int(needs["open"].sum())
    if judged.empty:
        return "**Is the evidence sufficient?** Too few homes of any type were surveyed to say."
    if not unsure:
        return f"**Is the evidence sufficient?** Yes: all {len(judged)} questions of type and technology are settled."
    first = needs[needs["further"].gt(0).fillna(False)].head(3)
    where = listed(f"{row.building_type.lower()} ({row.further:.0f})" for row in first.itertuples())
    never = int(needs["no_feasible"].sum())
    asked = (
        f"**Is the evidence sufficient?** Not for {unsure} of {len(judged)} questions of type and technology (at least "
        f"{percent(criterion, 0)} reached?)."
    )
    if never == unsure:
        return f"{asked} No feasible number of further buildings would settle any of them."
    return (
        f"{asked} A further trial of about {count(needs['further'].sum())} buildings would "
        f"settle {unsure - never} of them, most of it in {where}; {never} lie so close to the criterion that no "
        "feasible number would."
    )


def _need(name: str, rows: pd.DataFrame) -> dict[str, Any]:
    """Return what one building type needs."""
    hidden = is_hidden(rows)
    if hidden.all():
        return {"building_type": name, "further": np.nan, "decided_by": pd.NA, "open": pd.NA, "no_feasible": pd.NA,
                "status": "suppressed"}  # fmt: skip
    unsure = rows[~hidden & rows["verdict"].eq(_OPEN).to_numpy(dtype=bool, na_value=False)]
    needed = unsure["buildings_needed"].astype("Float64")
    known = needed.dropna()
    most = unsure.loc[known.idxmax(), "technology"] if len(known) else "none"
    further = float(known.max()) if len(known) else 0.0 if unsure.empty else np.nan
    return {"building_type": name, "further": further, "decided_by": most, "open": len(unsure),
            "no_feasible": int(needed.isna().sum()), "status": "shown"}  # fmt: skip


def _say_headline(total: int, settled: int, unsure: int) -> str:
    if not unsure:
        return "The evidence settles every question that may be shown"
    if not settled:
        return f"No feasible trial settles the {unsure} open questions"
    return f"{count(total)} further buildings would settle {settled} of {unsure} questions"


def _say_bars(shown: pd.DataFrame) -> str:
    said = [
        f"{row.building_type.lower()} {'no feasible number' if pd.isna(row.further) else f'{row.further:.0f}'}"
        for row in shown.itertuples()
        if pd.isna(row.further) or row.further > 0
    ]
    settled = int(shown["further"].eq(0).fillna(False).sum())
    return f"Bars, one a building type: {listed(said)}. {settled} types need no further building."
