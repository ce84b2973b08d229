"""The homes there are: the shipped stock of 2011, or the user's own, in the building types of the trial."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from smarthan.tables import Field, FileRefused, Table, clip, open_rows
from smarthan.trial_data.declared.words import ARCHETYPES, METER_CLASSES, REGIONS

from .census_tables import CensusRead, find_census, read_census

# A stock holds homes that no trial samples; they are kept, so that "no evidence" is counted.
STOCK_ARCHETYPES = (*ARCHETYPES, "caravan")
STOCK_COLUMNS = ["archetype", "meter_class", "region", "lad", "premises", "source", "year", "dwelling_type"]

_ARCHETYPE = Field("archetype", "category", "Building type of the trial.", allowed=STOCK_ARCHETYPES)
_METER_CLASS = Field("meter_class", "category", "Where the meter stands.", allowed=METER_CLASSES)
_DWELLING_TYPE = Field("dwelling_type", "text", "Dwelling type of the census or survey.", max_length=100)

STOCK = Table(
    "stock",
    "One row a kind of home: how many premises there are.",
    (
        _DWELLING_TYPE,
        _ARCHETYPE,
        _METER_CLASS,
        Field("region", "category", "Region or country.", allowed=REGIONS),
        Field("lad", "text", "Local authority district, as of 2025.", max_length=100),
        Field("premises", "number", "Premises of this kind.", required=True, low=0, high=1e9, optional_column=False),
        Field("unit", "text", "What was counted, and how it was rounded."),
        Field("year", "integer", "Year the count is for.", required=True, low=1900, high=2100, optional_column=False),
        Field("source", "text", "Where the count comes from.", required=True, optional_column=False),
    ),
)
MAPPING = Table(
    "stock_mapping",
    "One row a pair: which share of a dwelling type is which building type of the trial.",
    (
        Field("dwelling_type", "text", "Dwelling type of the stock.", required=True, optional_column=False),
        Field(
            "archetype",
            "category",
            "Building type of the trial.",
            required=True,
            allowed=STOCK_ARCHETYPES,
            optional_column=False,
        ),
        _METER_CLASS,
        Field("share", "number", "Share of the type.", required=True, low=0, high=1, optional_column=False),
        Field("status", "text", "published, or assumed."),
        Field("note", "text", "Why."),
    ),
)


def housing_stock(*, mapping: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Return the housing stock of Great Britain in 2011, split into the trial's building types.

    Parameters
    ----------
    mapping : path, optional
        CSV file that splits dwelling types into building types: dwelling_type, archetype, meter_class, share; the
        shares of a type add to 1. The one shipped is a stated, illustrative assumption: give your own.

    Returns
    -------
    DataFrame
        archetype, meter_class, region, lad (missing), premises [households; Scotland: dwellings], source, year,
        dwelling_type. One row a region, dwelling type and part of it. `attrs["synthetic"]` is False.

    Notes
    -----
    25.7 million: households with a usual resident in England and Wales, dwellings rounded to thousands in Scotland. The
    stock is not today's: state the year on every figure made from it. The sources hold no bungalows, storeys or meter
    places; those come from the mapping alone.

    References
    ----------
    Census 2011 table QS402EW (ONS, Open Government Licence v3). Scottish House Condition Survey 2011, Key Findings,
    table 2 (Crown copyright).

    Examples
    --------
    >>> stock = housing_stock()
    >>> round(stock["premises"].sum()), stock["year"].unique().tolist()
    (25732044, [2011])
    """
    data = files("smarthan.analysis") / "data" / "stock_2011.csv"
    return read_stock(Path(str(data)), mapping=mapping)


def read_stock(path: str | os.PathLike[str], *, mapping: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Read a housing stock table of the user's own, or a census table as downloaded.

    Parameters
    ----------
    path : path
        CSV with the columns premises, year, source and either archetype (the trial's words) or dwelling_type (split by
        the mapping); optionally meter_class, region and lad. Or Census 2011 table QS402EW from Nomis, or its successor
        TS044 of 2021 from Nomis (one row an area) or ONS (one row an area and type), by region or by district.
    mapping : path, optional
        As for `housing_stock`.

    Returns
    -------
    DataFrame
        As `housing_stock`; meter_class, region or lad is all missing where the file has none. For a census table,
        `attrs["rows"]` is the account of its rows: read, used, left_out, areas, areas_now.

    Raises
    ------
    FileRefused
        A row that cannot be used, a kind of home stated twice, or a type without mapping. A stock is refused whole:
        with rows left out its totals would be false. For a census table also types that do not add to their total,
        areas of several levels, or codes that nobody knows.

    Notes
    -----
    Districts of a census that were joined since stand under their successor of 2025, so that they fit a coverage
    release. Rows that count the rural or urban part of an area are left out. The tables are of England and Wales.

    References
    ----------
    ONS, Census 2011 table QS402EW and Census 2021 table TS044 (Open Government Licence v3).

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "stock.csv"
    ...     _ = path.write_text("archetype,premises,year,source\\nsemi,300,2026,own\\nflat_low,100,2026,own\\n")
    ...     stock = read_stock(path)
    >>> stock["premises"].tolist(), stock["archetype"].tolist()
    ([300.0, 100.0], ['semi', 'flat_low'])
    """
    census = find_census(path)
    if census is not None:
        return _as_stock(path, read_census(path, census), mapping)
    frame = _read_whole(path, STOCK)
    named = [name for name in ("archetype", "dwelling_type") if frame[name].notna().any()]
    if "archetype" not in named and "dwelling_type" not in named:
        raise FileRefused(path, "header_missing", "names no archetype and no dwelling_type; one of them is needed")
    for name in (*named, "meter_class", "region", "lad"):
        _check_all_or_none(path, frame, name)
    _check_unique(path, frame, [*named, "meter_class", "region", "lad", "year"])
    if "archetype" not in named:
        frame = _split_types(path, frame, read_mapping(mapping))
    if not frame["premises"].sum() > 0:
        raise FileRefused(path, "value_range", "adds to no premises at all")
    stock = frame.assign(archetype=frame["archetype"].astype("str"))[STOCK_COLUMNS].reset_index(drop=True)
    stock.attrs["synthetic"] = bool(frame["source"].str.contains("synthetic", case=False).any())
    return stock


def _as_stock(path: object, read: CensusRead, mapping: str | os.PathLike[str] | None) -> pd.DataFrame:
    """Return a census table in the building types of the trial."""
    split = _split_types(path, read.frame, read_mapping(mapping))
    stock = split.assign(archetype=split["archetype"].astype("str"))[STOCK_COLUMNS].reset_index(drop=True)
    if not stock["premises"].sum() > 0:
        raise FileRefused(path, "value_range", "adds to no premises at all")
    stock.attrs.update(synthetic=False, rows=read.rows)
    return stock


def read_mapping(path: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Read the split of dwelling types into the trial's building types; the shipped one when no path is given.

    Returns
    -------
    DataFrame
        dwelling_type, archetype, meter_class, share, status, note.

    Raises
    ------
    FileRefused
        A row that cannot be used, or shares of a type that do not add to 1.

    Examples
    --------
    >>> read_mapping().query("dwelling_type == 'semi'")["share"].tolist()
    [0.86, 0.14]
    """
    source = Path(str(files("smarthan.analysis") / "data" / "stock_mapping.csv")) if path is None else path
    frame = _read_whole(source, MAPPING)
    _check_unique(source, frame, ["dwelling_type", "archetype", "meter_class"])
    _check_all_or_none(source, frame, "meter_class")
    sums = frame.groupby("dwelling_type", observed=True)["share"].sum()
    off = sums[(sums - 1).abs() > 1e-9]
    if len(off):
        raise FileRefused(source, "value_range", f"the shares of {clip(off.index[0])} add to {off.iloc[0]:g}, not to 1")
    return frame


def _read_whole(path: str | os.PathLike[str], table: Table) -> pd.DataFrame:
    read = open_rows(path, table).finish()
    if len(read.quarantine):
        first = read.quarantine.iloc[0]
        more = "" if len(read.quarantine) == 1 else f" (and {len(read.quarantine) - 1} more)"
        raise FileRefused(
            path,
            str(first["code"]),
            f"line {first['line']}: {first['message']}{more}; every row must be usable: mend it",
        )
    return read.frame


def _check_all_or_none(path: object, frame: pd.DataFrame, name: str) -> None:
    empty = int(frame[name].isna().sum())
    if 0 < empty < len(frame):
        raise FileRefused(path, "required_missing", f"column {name} is empty in {empty} rows; fill all of it or none")


def _check_unique(path: object, frame: pd.DataFrame, keys: Sequence[str]) -> None:
    twice = frame[frame.duplicated(list(keys), keep=False)]
    if len(twice):
        shown = ", ".join(clip(cell) for cell in twice.iloc[0][list(keys)] if pd.notna(cell))
        raise FileRefused(path, "duplicate_conflict", f"{shown} stands {len(twice)} times; add the rows up or drop one")


def _split_types(path: object, frame: pd.DataFrame, mapping: pd.DataFrame) -> pd.DataFrame:
    unknown = sorted(set(frame["dwelling_type"]) - set(mapping["dwelling_type"]))
    if unknown:
        raise FileRefused(
            path,
            "category_unknown",
            f"dwelling_type {', '.join(map(clip, unknown))} is not in the mapping; add it",
        )
    positions = mapping.groupby("dwelling_type", observed=True).indices
    parts = [positions[kind] for kind in frame["dwelling_type"]]
    pairs = mapping.iloc[np.concatenate(parts)].reset_index(drop=True)
    homes = frame.iloc[np.repeat(np.arange(len(frame)), [len(part) for part in parts])].reset_index(drop=True)
    return homes.assign(
        archetype=pairs["archetype"], meter_class=pairs["meter_class"], premises=homes["premises"] * pairs["share"]
    )
