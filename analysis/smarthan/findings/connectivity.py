"""WAN and HAN together by area, in a table with its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.coverage import coverage_source
from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.words import METHODS, TECHNOLOGIES

if TYPE_CHECKING:
    from smarthan.analysis import Connectivity
    from smarthan.coverage import CoverageMatrix

BOTH_CLASSES = ("Under 50% have both", "50% to 80%", "80% to 90%", "90% to 95%", "95% or more")
BOTH_BREAKS = (0.5, 0.8, 0.9, 0.95)
_PLURALS = {"country": "countries", "region": "regions and countries", "lad": "local authority districts"}
_ALL = "ALL"


def connectivity_map_of(found: Connectivity, matrix: CoverageMatrix) -> Finding:
    """Return the share of premises with both WAN and HAN by area, for a map.

    Parameters
    ----------
    found : Connectivity
        From `connectivity`.
    matrix : CoverageMatrix
        The release it was made from, for the source line.

    Returns
    -------
    Finding
        A table: area (name), both, lower, upper, least, most, wan_only, han_only, neither (shares, 0 to 1; missing
        where they cannot be told), premises, lowest share of both first. Draw it with `draw_area_map`,
        `boundaries(found.by)` and `shape_key="name"`.
    """
    from smarthan.coverage import boundaries

    shapes = boundaries(found.by)
    table = _by_area(found)
    if found.by == "country":
        table["area"] = table["area"].map(shapes.set_index("code")["name"])
    told = int(table["both"].notna().sum())
    han = listed(TECHNOLOGIES.get(code, code) for code in found.technologies)
    states = found.table[found.table[found.by].eq(_ALL)].set_index("state")
    methods = sorted({METHODS.get(name, name) for name in found.areas["method"]} - {"none", "sum of areas"})
    said = shapes.attrs
    return Finding(
        mark(table, synthetic=found.synthetic),
        "connectivity_map",
        f"{percent(1 - states.loc['both', 'share'])} of premises lack WAN, HAN or both",
        f"Share of premises with both WAN and HAN ({han}) by area, Great Britain",
        _describe(table, states.loc["both"], _PLURALS[found.by]),
        f"{coverage_source(matrix).removesuffix('; own calculation.')}; building trial, weighted to each area's "
        "housing stock; own calculation.",
        n=f"{count(table.loc[table['both'].notna(), 'premises'].sum())} premises in {count(told)} areas with a figure; "
        f"the HAN share rests on {count(found.areas['n'].max())} homes, {count(found.areas['n_psu'].max())} buildings.",
        method=f"95% interval of the HAN share carried over ({listed(methods)}); the building is the sampling unit. "
        "Least and most hold whatever the dependence between WAN and HAN.",
        notes=(*found.notes, f"Boundaries are {said['label']}.", *said["licence"]),
        headings=_HEADINGS,
        formats=_FORMATS,
    )


def _describe(table: pd.DataFrame, whole: pd.Series, plural: str) -> str:
    """Return what the map shows, in words."""
    told = table[table["both"].notna()]
    first, last = told.iloc[0], told.iloc[-1]
    below = int(told["both"].lt(BOTH_BREAKS[-1]).sum())
    return (
        f"A map of {count(len(table))} {plural}, {count(len(told))} of them with a figure. Shares with both run from "
        f"{percent(first['both'])} in {first['area']} to {percent(last['both'])} in {last['area']}; {count(below)} lie "
        f"under {percent(BOTH_BREAKS[-1], 0)}. In all {percent(whole['share'])} ({percent(whole['lower'])} to "
        f"{percent(whole['upper'])}) have both."
    )


_HEADINGS = {
    "area": "Area",
    "both": "Both",
    "lower": "Lower",
    "upper": "Upper",
    "least": "Least",
    "most": "Most",
    "wan_only": "WAN only",
    "han_only": "HAN only",
    "neither": "Neither",
    "premises": "Premises",
}
_FORMATS = {**dict.fromkeys(list(_HEADINGS)[1:-1], ".1%"), "premises": ",.0f"}


def _by_area(found: Connectivity) -> pd.DataFrame:
    """Return one row an area: the share of both with its limits and bounds, then the other states."""
    rows = found.table[found.table[found.by].ne(_ALL)]
    both = rows[rows["state"].eq("both")].set_index(found.by)
    shares = rows.pivot(index=found.by, columns="state", values="share").reindex(both.index)
    sizes = found.areas.set_index(found.by)["premises"].reindex(both.index)
    table = both[["share", "lower", "upper", "least", "most"]].rename(columns={"share": "both"})
    table = table.join(shares[["wan_only", "han_only", "neither"]]).assign(premises=sizes)
    return table.rename_axis("area").reset_index().sort_values(["both", "area"], ignore_index=True)
