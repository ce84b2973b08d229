"""Coverage by place: maps by area, and the not-spots, in tables with their words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.coverage import MAP_BREAKS, WITHOUT, attribution, coverage_source, shares_of
from smarthan.findings.finding import Finding, count, listed, mark, percent

if TYPE_CHECKING:
    from smarthan.coverage import CoverageMatrix

SPOT_CELL_M = 3_000  # side of a square of the not-spot map [m]
SPOT_CLASSES = ("1 to 9 without", "10 to 99", "100 or more")
SPOT_BREAKS = (10, 100)
_WITHIN_M = 1_000.0
_CAVEAT = "Distances are straight lines between postcodes and say nothing of radio."
_HEADINGS = {"share": "Covered", "premises": "Premises", "without": "Without", "unanswered": "Not answered"}
_FORMATS = {"share": ".1%", **dict.fromkeys(("premises", "without", "unanswered"), ",.0f")}


def outward_map_of(matrix: CoverageMatrix) -> Finding:
    """Return the covered share of premises by outward code, for a map of postcode districts.

    Parameters
    ----------
    matrix : CoverageMatrix

    Returns
    -------
    Finding
        A table: outward, share covered (0 to 1; missing where there are no premises), premises, premises without
        coverage, premises not answered, lowest share first. Draw it with `draw_area_map` and `boundaries("outward")`.
    """
    return _map_of(matrix, "outward", "outward_map", "Outward code", "outward codes")


def lad_map_of(matrix: CoverageMatrix) -> Finding:
    """Return the covered share of premises by local authority district, for a map.

    Parameters
    ----------
    matrix : CoverageMatrix

    Returns
    -------
    Finding
        A table: lad (name), share covered (0 to 1; missing where there are no premises), premises, premises without
        coverage, premises not answered, lowest share first. Draw it with `draw_area_map`, `boundaries("lad")` and
        `shape_key="name"`.
    """
    return _map_of(matrix, "lad", "lad_map", "District", "local authority districts")


def _map_of(matrix: CoverageMatrix, level: str, name: str, heading: str, plural: str) -> Finding:
    from smarthan.coverage import boundaries

    rolled = matrix.rollup(level)
    rolled = rolled[rolled[level].astype("str").ne("not known")]
    table = shares_of(rolled, level).astype({level: "str"})
    table["share"] = table["share"].where(table["premises"].gt(0))
    table = table.sort_values(["share", level], ignore_index=True)
    basis = str(rolled["basis"].iloc[0])
    poor, good = table["share"].lt(MAP_BREAKS[0]), table["share"].ge(MAP_BREAKS[-1])
    said = boundaries(level).attrs
    return Finding(
        mark(table, synthetic=matrix.release.synthetic),
        name,
        f"{count(good.sum())} of {count(len(table))} {plural} reach {percent(MAP_BREAKS[-1], 0)}",
        f"Covered share of {basis} by {plural[:-1]}, Great Britain",
        f"A map of {count(len(table))} {plural}. Covered shares run from {percent(table['share'].min())} in "
        f"{table[level].iloc[0]} to {percent(table['share'].max())}. In {count(good.sum())} at least "
        f"{percent(MAP_BREAKS[-1], 0)} of {basis} are covered, in {count(poor.sum())} under "
        f"{percent(MAP_BREAKS[0], 0)}.",
        coverage_source(matrix),
        n=f"{count(table['premises'].sum())} {basis}, {count(table['without'].sum())} of them without coverage, "
        f"{count(table['unanswered'].sum())} not answered.",
        method=WITHOUT,
        notes=(_label(said["label"]), *_name_undrawn(table, level, said["without_polygon"], basis), *said["licence"]),
        headings={level: heading, **_HEADINGS},
        formats=_FORMATS,
    )


def _label(label: str) -> str:
    return f"Boundaries are {label}."


def _name_undrawn(table: pd.DataFrame, level: str, without: Mapping[str, int], basis: str) -> tuple[str, ...]:
    """Return a line that names the areas that have no polygon, with their weight."""
    undrawn = table[table[level].isin(list(without))].sort_values(level)
    if undrawn.empty:
        return ()
    named = listed(f"{row[level]} ({count(row['premises'])})" for _, row in undrawn.iterrows())
    return (f"Not drawn, since others own all their points, with their {basis}: {named}.",)


def not_spots_of(matrix: CoverageMatrix, *, most: int = 15) -> Finding:
    """Return the largest not-spots: clusters of postcodes without coverage.

    Parameters
    ----------
    matrix : CoverageMatrix
    most : int
        How many to keep.

    Returns
    -------
    Finding
        A table: not-spot (rank), district, region, premises without coverage, postcodes, how far across [km], the
        nearest covered postcode and its distance [m].
    """
    from smarthan.coverage import not_spots

    spots = not_spots(matrix, within_m=_WITHIN_M)
    weight, basis = _weight(spots)
    table = (
        spots.assign(across_km=spots["across_m"] / 1000)
        .head(most)[["not_spot", "lad", "region", weight, "postcodes", "across_km", "nearest_covered", "nearest_m"]]
        .loc[:, lambda frame: ~frame.columns.duplicated()]
    )
    held = int(spots[weight].head(most).sum())
    return Finding(
        mark(table, synthetic=matrix.release.synthetic),
        "not_spots",
        f"{count(len(spots))} not-spots; the largest {count(len(table))} hold {count(held)} {basis}",
        f"The {count(len(table))} not-spots with most {basis} without coverage",
        "",
        coverage_source(matrix),
        n=f"{count(spots[weight].sum())} {basis} without coverage in {count(len(spots))} not-spots. {_left_out(spots)}",
        method=f"Postcodes without coverage at most {_WITHIN_M / 1000:g} km from each other, or linked through others, "
        f"are one not-spot. {WITHOUT}",
        notes=(_CAVEAT, *attribution()),
        headings={
            "not_spot": "Not-spot",
            "lad": "District",
            "region": "Region",
            "premises": "Premises without",
            "postcodes": "Postcodes",
            "across_km": "Across, km",
            "nearest_covered": "Nearest covered",
            "nearest_m": "Distance to it, m",
        },
        formats={"premises": ",.0f", "postcodes": ",.0f", "across_km": ".1f", "nearest_m": ",.0f"},
    )


def not_spot_map_of(matrix: CoverageMatrix) -> Finding:
    """Return the premises without coverage in squares of 3 km, for a map of not-spots.

    Parameters
    ----------
    matrix : CoverageMatrix

    Returns
    -------
    Finding
        A table: easting, northing (south-west corner, EPSG:27700 [m]), without (premises, or postcodes when the release
        states none; missing where no number is known), postcodes. Draw it
        with `draw_grid_map`, `cell_m=SPOT_CELL_M` and `land=boundaries("country")`.
    """
    from smarthan.coverage import boundaries, not_spot_cells

    cells = not_spot_cells(matrix, cell_m=SPOT_CELL_M)
    weight, basis = _weight(cells)
    without = cells[weight]
    many = without.ge(SPOT_BREAKS[-1]).fillna(False).astype(bool)
    table = cells[["easting", "northing"]].assign(without=without, postcodes=cells["postcodes"])
    said = boundaries("country").attrs
    return Finding(
        mark(table, synthetic=matrix.release.synthetic),
        "not_spot_map",
        f"{count(without.sum())} {basis} without coverage stand in {count(len(cells))} squares",
        f"{basis.capitalize()} without WAN coverage in squares of {SPOT_CELL_M / 1000:g} km, Great Britain",
        f"A map with {count(len(cells))} squares in which {basis} are without coverage. {count(many.sum())} of them "
        f"hold {SPOT_BREAKS[-1]} or more, together {count(without[many].sum())} of {count(without.sum())}.",
        coverage_source(matrix),
        n=f"{count(cells['postcodes'].sum())} postcodes without coverage, in whole or in part. {_left_out(cells)}",
        method=WITHOUT,
        notes=("The outline is approximate: coast from Natural Earth.", *said["licence"]),
        headings={
            "easting": "Easting, m",
            "northing": "Northing, m",
            "without": f"{basis.capitalize()} without",
            "postcodes": "Postcodes",
        },
        formats={"without": ",.0f", "postcodes": ",.0f", "easting": ".0f", "northing": ".0f"},
    )


def _weight(table: pd.DataFrame) -> tuple[str, str]:
    """Return the column that counts what is without coverage, and what it counts."""
    return ("premises", "premises") if table["premises"].notna().any() else ("postcodes", "postcodes")


def _left_out(table: pd.DataFrame) -> str:
    """Say what no not-spot holds, so that the figures can be added up to those of the roll-ups."""
    told = []
    for name, words in (("without_location", "without a place"), ("not_answered", "that were not answered")):
        held = table.attrs[name]
        weight = "" if held["premises"] is None else f", premises {count(held['premises'])}"
        told.append(f"locations {words} ({count(held['locations'])}{weight})")
    return f"Left out: {listed(told)}."
