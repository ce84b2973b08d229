"""The census tables of accommodation type, as downloaded: QS402EW of 2011, TS044 of 2021."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pandas as pd

from smarthan.tables import Field, FileRefused, Table, clip, join, open_rows, read_text_table

from .districts import name_areas

_VALUE = "; measures: Value"
_COUNT = {"low": 0, "high": 1e8}
# 2021 counts are perturbed cell by cell, so that parts and totals may differ a little; those of 2011 add up exactly.
PERTURBED_SHARE, PERTURBED_LEAST = 0.001, 10


def _count(name: str, about: str, *headings: str) -> Field:
    aliases = tuple(spelling for heading in headings for spelling in (heading + _VALUE, heading))
    return Field(name, "integer", about, required=True, aliases=aliases, optional_column=False, **_COUNT)  # type: ignore[arg-type]


_AREA = (
    Field("area", "text", "Name of the area.", required=True, aliases=("geography",), optional_column=False),
    Field("code", "text", "Code.", required=True, aliases=("geography code",), optional_column=False, max_length=9),
)
_DATE = Field("year", "integer", "Census year.", aliases=("date",), low=2001, high=2100)
_HOUSE = "Dwelling Type: Unshared dwelling: Whole house or bungalow: "
_FLAT = "Dwelling Type: Unshared dwelling: Flat, maisonette or apartment: "
_TYPE = "Accommodation type: "

QS402EW = Table(
    "census_qs402ew",
    "One row an area: households by accommodation type, Census 2011.",
    (
        *_AREA,
        _DATE,
        Field("rural_urban", "text", "Which part of the area is counted.", aliases=("rural urban",)),
        _count("total", "All households.", "Dwelling Type: All categories: Accommodation type"),
        _count("detached", "Detached houses.", _HOUSE + "Detached"),
        _count("semi", "Semi-detached houses.", _HOUSE + "Semi-detached"),
        _count("terraced", "Terraced houses.", _HOUSE + "Terraced (including end-terrace)"),
        _count("flat_purpose_built", "Flats in blocks.", _FLAT + "Purpose-built block of flats or tenement"),
        _count(
            "flat_converted_or_shared",
            "Flats in houses.",
            _FLAT + "Part of a converted or shared house (including bed-sits)",
        ),
        _count("flat_commercial", "Flats over shops.", _FLAT + "In commercial building"),
        _count(
            "caravan",
            "Caravans and the like.",
            "Dwelling Type: Unshared dwelling: Caravan or other mobile or temporary structure",
        ),
        _count("shared_dwelling", "Shared dwellings.", "Dwelling Type: Shared dwelling"),
    ),
)
_KINDS_2021 = {
    "detached": "Detached",
    "semi": "Semi-detached",
    "terraced": "Terraced",
    "flat_purpose_built": "In a purpose-built block of flats or tenement",
    "flat_converted_or_shared": "Part of a converted or shared house, including bedsits",
    "flat_converted_other": "Part of another converted building, for example, former school, church or warehouse",
    "flat_commercial": "In a commercial building, for example, in an office building, hotel or over a shop",
    "caravan": "A caravan or other mobile or temporary structure",
}
TS044 = Table(
    "census_ts044",
    "One row an area: households by accommodation type, Census 2021 (Nomis).",
    (
        *_AREA,
        _DATE,
        _count("total", "All households.", _TYPE + "Total: All households"),
        *(_count(name, words, _TYPE + words) for name, words in _KINDS_2021.items()),
    ),
)
_LEVELS = ("Lower tier local authorities", "Regions", "Countries")
_CATEGORY = "Accommodation type (8 categories)"
TS044_LONG = Table(
    "census_ts044_long",
    "One row an area and accommodation type: households, Census 2021 (ONS, filtered).",
    (
        Field("area", "text", "Name.", required=True, aliases=_LEVELS, optional_column=False),
        Field(
            "code",
            "text",
            "Code.",
            required=True,
            aliases=tuple(f"{level} Code" for level in _LEVELS),
            optional_column=False,
            max_length=9,
        ),
        Field("kind", "text", "Type in words.", required=True, aliases=(_CATEGORY,), optional_column=False),
        Field("premises", "integer", "Households.", required=True, aliases=("Observation",), optional_column=False),
    ),
    key=("code", "kind"),
)


@dataclass(frozen=True)
class CensusRead:
    """A census table as a stock by dwelling type, and the account of its rows.

    Attributes
    ----------
    frame : DataFrame
        dwelling_type, region, lad (missing for a table by region), premises, unit, year, source.
    rows : dict
        read, used, left_out (rows of a rural or urban part: its households are in the row of the whole), areas (of the
        file), areas_now (after districts were joined into their successors).
    """

    frame: pd.DataFrame
    rows: dict[str, int]


def find_census(path: str | os.PathLike[str]) -> Table | None:
    """Return which census table a file is, None for another.

    Raises
    ------
    FileRefused
        A file that cannot be read, or a census table as shown on screen, with lines above its header.
    """
    names = [str(name).casefold() for name in read_text_table(path).frame.columns]
    if any(name.startswith("dwelling type: ") for name in names):
        return QS402EW
    if _CATEGORY.casefold() in names:
        return TS044_LONG
    if any(name.startswith(_TYPE.casefold()) for name in names):
        return TS044
    if names and names[0].startswith(("qs402", "ts044")):
        raise FileRefused(
            path,
            "header_not_found",
            "lines stand above the header; take 'Download the entire table for all areas' (Nomis) or delete them",
        )
    return None


def read_census(path: str | os.PathLike[str], table: Table) -> CensusRead:
    """Read one of the census tables as a stock by dwelling type.

    Parameters
    ----------
    path : path
        CSV as downloaded, by region or by local authority district.
    table : Table
        From `find_census`.

    Returns
    -------
    CensusRead

    Raises
    ------
    FileRefused
        A row that cannot be used, types that do not add to their total, an area twice, areas of several levels (their
        households would count twice), or of a level that is no region or district.
    """
    read = open_rows(path, table).finish()
    if len(read.quarantine):
        first = read.quarantine.iloc[0]
        raise FileRefused(
            path, str(first["code"]), f"line {first['line']}: {first['message']}; every row must be usable"
        )
    whole = _whole_areas(path, read.frame)
    long = _stack_long(path, whole) if table is TS044_LONG else _stack_wide(path, whole, table)
    areas = long[["code", "area"]].drop_duplicates("code")
    named = name_areas(path, areas)
    spread = join(long, named, "code").frame
    year = int(whole["year"].dropna().iloc[0]) if "year" in whole and whole["year"].notna().any() else _year(table)
    name = "QS402EW" if table is QS402EW else "TS044"
    keys = ["region", "lad", "dwelling_type"]
    sums = spread.groupby(keys, sort=False, dropna=False, observed=True)["premises"].sum().reset_index()
    frame = sums.assign(
        premises=sums["premises"].astype("float64"),
        unit="households",
        year=year,
        source=f"Census {year} table {name} (ONS; Open Government Licence v3)",
    )
    rows = {
        "read": len(read.frame),
        "used": len(whole),
        "left_out": len(read.frame) - len(whole),
        "areas": len(areas),
        "areas_now": len(named[["region", "lad"]].drop_duplicates()),
    }
    return CensusRead(frame, rows)


def _year(table: Table) -> int:
    return 2011 if table is QS402EW else 2021


def _whole_areas(path: object, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that count whole areas, not their rural or urban parts."""
    if "rural_urban" in frame and frame["rural_urban"].notna().any():
        frame = frame[frame["rural_urban"].str.casefold().eq("total").fillna(False)]
    if frame.empty:
        raise FileRefused(path, "required_missing", "no row counts a whole area ('Total' under Rural Urban)")
    keys = [name for name in ("code", "kind") if name in frame]
    twice = frame[frame.duplicated(keys)]
    if len(twice):
        shown = f"{clip(twice.iloc[0]['area'])} ({clip(twice.iloc[0]['code'])})"
        raise FileRefused(path, "duplicate_conflict", f"{shown} stands twice; its households would count twice")
    return frame.reset_index(drop=True)


def _stack_wide(path: object, frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return one row an area and type, after the types were held against their total."""
    kinds = [f.name for f in table.fields if f.kind == "integer" and f.name not in ("year", "total")]
    total, parts = frame["total"].astype("int64"), frame[kinds].astype("int64").sum(axis=1)
    allowed = (total * PERTURBED_SHARE).clip(lower=PERTURBED_LEAST) if table is TS044 else total * 0
    off = frame[(parts - total).abs() > allowed]
    if len(off):
        at = off.index[0]
        raise FileRefused(
            path,
            "value_range",
            f"{clip(off.iloc[0]['area'])}: the types add to {parts[at]:,}, all households are {total[at]:,}; mend it",
        )
    long = frame.melt(["code", "area"], kinds, "dwelling_type", "premises")
    return long.assign(premises=long["premises"].astype("int64"))


def _stack_long(path: object, frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row an area and type; every area has every type."""
    words = {kind.casefold(): name for name, kind in _KINDS_2021.items()}
    counts = frame["premises"].astype("int64")
    frame = frame[~(frame["kind"].str.casefold().eq("does not apply") & counts.eq(0))]
    names = frame["kind"].str.casefold().map(words)
    if names.isna().any():
        shown = clip(frame.loc[names.isna(), "kind"].iloc[0])
        raise FileRefused(path, "category_unknown", f"'{shown}' is none of the eight accommodation types; take TS044")
    if (frame["premises"] < 0).any():
        raise FileRefused(path, "value_range", "a number of households is negative; mend the row")
    sizes = frame.groupby("code")["kind"].size()
    if (sizes < len(words)).any():
        code = sizes.index[sizes < len(words)][0]
        raise FileRefused(path, "required_missing", f"{clip(code)} has {sizes[code]} of the {len(words)} types")
    return frame[["code", "area"]].assign(dwelling_type=names, premises=frame["premises"].astype("int64"))
