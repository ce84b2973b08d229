"""WAN and HAN together by area, in tables with their words.

The HAN shares of an area are those of building types weighted to its stock, by no group of the trial's homes, so that
nothing of few homes can be worked out from them; types of few are dealt with where reach is shown.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.coverage import coverage_source
from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.reach_types import nearest, round_homes
from smarthan.findings.words import METHODS, TECHNOLOGIES

if TYPE_CHECKING:
    from smarthan.analysis import Connectivity
    from smarthan.coverage import CoverageMatrix

STATES = {"both": "Both", "wan_only": "WAN only", "han_only": "HAN only", "neither": "Neither"}
MOST_CLASSES = 5
# Widths of classes that read well, in shares.
_WIDTHS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
_PLURALS = {"country": "countries", "region": "regions and countries", "lad": "local authority districts"}
_ALL = "ALL"
_ENDS = ("lower", "upper", "least", "most")
_COUNTRIES = {"E": "England", "W": "Wales", "S": "Scotland"}


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
        f"the HAN share rests on about {count(nearest(found.areas['n'].max()))} homes in "
        f"{count(nearest(found.areas['n_psu'].max()))} buildings.",
        method=f"95% interval of the HAN share carried over ({listed(methods)}); the building is the sampling unit. "
        "Least and most hold whatever the dependence between WAN and HAN.",
        notes=(
            *_in_words(found.notes),
            "The map's classes are of equal width over the range of these shares.",
            f"Boundaries are {said['label']}.",
            *said["licence"],
        ),
        headings=_HEADINGS,
        formats=_FORMATS,
    )


def classes_of(shares: pd.Series) -> dict[str, tuple[str, ...] | tuple[float, ...]]:
    """Return classes of equal width over the range of some shares, for the key of a map.

    Parameters
    ----------
    shares : Series
        Shares, 0 to 1; missing ones are left out.

    Returns
    -------
    dict
        classes (words, 2 to 5 of them) and breaks (shares), as `draw_area_map` takes them.

    Raises
    ------
    ValueError
        When no share is known.

    Examples
    --------
    >>> classes_of(pd.Series([0.912, 0.955, None]))["classes"]
    ('Under 92%', '92% to 93%', '93% to 94%', '94% to 95%', '95% or more')
    >>> classes_of(pd.Series([0.5]))
    {'classes': ('Under 50%', '50% or more'), 'breaks': (0.5,)}
    """
    known = shares.dropna().astype("float64")
    if known.empty:
        raise ValueError("shares: none is known, so there are no classes; say in words what is missing")
    low, high = float(known.min()), float(known.max())
    breaks = next(found for width in _WIDTHS if len(found := _list_breaks(low, high, width)) < MOST_CLASSES)
    decimals = 0 if all(abs(at * 100 - round(at * 100)) < 1e-9 for at in breaks) else 1
    words = [f"{100 * at:.{decimals}f}%" for at in breaks]
    middle = [f"{one} to {other}" for one, other in itertools.pairwise(words)]
    return {"classes": (f"Under {words[0]}", *middle, f"{words[-1]} or more"), "breaks": tuple(breaks)}


def _list_breaks(low: float, high: float, width: float) -> list[float]:
    """Return the multiples of a width between two shares; the one at or under the lower where there is none."""
    first, last = math.floor(low / width + 1e-9) + 1, math.floor(high / width + 1e-9)
    return [round(place * width, 9) for place in range(first, last + 1)] or [round((first - 1) * width, 9)]


def states_of(found: Connectivity, matrix: CoverageMatrix) -> Finding:
    """Return the premises that lack a link, by area and by what they have: WAN alone, HAN alone, neither.

    Parameters
    ----------
    found : Connectivity
        From `connectivity`.
    matrix : CoverageMatrix
        The release it was made from, for the source line.

    Returns
    -------
    Finding
        Long table: area, what its premises have, share with its limits and the bounds that hold whatever the dependence
        [per cent], premises. Largest share without both first, all areas last; those without a figure are named.
    """
    order = _by_area(found)
    silent = order.loc[order["both"].isna(), "area"].tolist()
    areas = [*order.loc[order["both"].notna(), "area"], _ALL]
    rows = found.table[found.table["state"].ne("both")].copy()
    if found.by == "country":
        rows[found.by] = rows[found.by].map(lambda code: _COUNTRIES.get(code, code))
    rows = rows.set_index([found.by, "state"]).loc[[(area, state) for area in areas for state in list(STATES)[1:]]]
    table = pd.DataFrame(
        {
            "area": ["All areas" if area == _ALL else area for area, _ in rows.index],
            "state": [STATES[state] for _, state in rows.index],
            **{f"{name}_pct": (100 * rows[name]).round(2).to_numpy() for name in ("share", *_ENDS)},
            "premises": rows["premises"].round(-2).to_numpy(),
        }
    )
    whole = found.table[found.table[found.by].eq(_ALL)].set_index("state")
    lacking = order.dropna(subset="both").iloc[0]
    beside, every = connectivity_map_of(found, matrix), whole["share"]
    return Finding(
        mark(table, synthetic=found.synthetic),
        "connectivity_states",
        f"{percent(whole.loc['wan_only', 'share'])} have only WAN, {percent(whole.loc['han_only', 'share'])} only HAN",
        "Per cent of premises that lack WAN, HAN or both, by area and by what they have, Great Britain",
        f"Stacked bars, one for each of {len(areas) - 1} {_PLURALS[found.by]} and one for all. Longest: "
        f"{lacking['area']}, {percent(1 - lacking['both'])}; in all {percent(1 - every['both'])}; neither have "
        f"{percent(every['neither'])} of premises.",
        beside.source,
        n=beside.n,
        method=beside.method,
        notes=(*_in_words(found.notes), *([f"Without a figure: {listed(silent)}."] if silent else [])),
        headings={
            "area": "Area",
            "state": "Premises with",
            "share_pct": "Share, %",
            **{f"{name}_pct": f"{_HEADINGS[name]}, %" for name in _ENDS},
            "premises": "Premises",
        },
        formats={**dict.fromkeys((f"{name}_pct" for name in ("share", *_ENDS)), ".2f"), "premises": ",.0f"},
    )


def answer_connectivity(found: Connectivity) -> str:
    """Return the notebook's answer: how many homes have both links, and what holds whatever their dependence.

    Parameters
    ----------
    found : Connectivity

    Returns
    -------
    str
    """
    whole = found.table[found.table[found.by].eq(_ALL)].set_index("state")
    both = whole.loc["both"]
    low, high = _widest(found)
    han = listed(TECHNOLOGIES.get(code, code) for code in found.technologies)
    lines = [
        f"- {STATES[state]}: {percent(row['share'])}, about {count(row['premises'] / 1000)} thousand premises"
        for state, row in whole.loc[list(STATES)[1:]].iterrows()
    ]
    return "\n\n".join(
        [
            f"**{percent(both['share'])}** of premises have both WAN and HAN (95% interval {percent(both['lower'])} to "
            f"{percent(both['upper'])}), if the two are independent within an area. "
            f"HAN: any of {han} reaches the home.",
            f"At the estimated reach, whatever their dependence, the share lies from {percent(both['least'])} to "
            f"{percent(both['most'])}; with the sampling error of the reach too, from {percent(low)} to "
            f"{percent(high)}.",
            "\n".join(lines),
            "Only premises measured for both would tell which of these holds; the trial or a sample of installs can "
            "be joined for that.",
        ]
    )


def _widest(found: Connectivity) -> tuple[float, float]:
    """Return the shares of both between which all lies: any dependence, and the ends of the interval of the reach.

    Fréchet's bounds in each area, the lower with the lower end of its HAN share and the upper with the upper.
    """
    areas = found.areas[found.areas[found.by].ne(_ALL)].set_index(found.by)
    areas = areas[areas["wan"].notna() & areas["han"].notna()]
    known = found.table.groupby(found.by)["premises"].sum().reindex(areas.index)
    least = (areas["wan"] + areas["han_lower"] - 1).clip(lower=0)
    most = areas["wan"].clip(upper=areas["han_upper"])
    return float((least * known).sum() / known.sum()), float((most * known).sum() / known.sum())


def _in_words(notes: Sequence[str]) -> list[str]:
    """Return notes with technologies in a reader's words and without the names of columns."""
    said = [re.sub(r" \((wan|han)_unknown\)", "", note) for note in round_homes(notes)]
    return [re.sub("|".join(TECHNOLOGIES), lambda code: TECHNOLOGIES[code[0]], note) for note in said]


def _describe(table: pd.DataFrame, whole: pd.Series, plural: str) -> str:
    """Return what the map shows, in words."""
    told = table[table["both"].notna()]
    first, last = told.iloc[0], told.iloc[-1]
    return (
        f"A map of {count(len(table))} {plural}, {count(len(told))} of them with a figure. Shares with both run from "
        f"{percent(first['both'])} in {first['area']} to {percent(last['both'])} in {last['area']}. In all "
        f"{percent(whole['share'])} ({percent(whole['lower'])} to "
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
