"""Areas of a census as areas of today: regions by code, districts by the one that took them over."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from smarthan.coverage import lad_table
from smarthan.tables import Field, FileRefused, Table, clip, open_rows

CHANGES = Table(
    "lad_changes",
    "One row a former district or code: what took its place.",
    (
        Field("code", "text", "Former code.", required=True, optional_column=False),
        Field("name", "text", "Its name.", required=True, optional_column=False),
        Field("successor", "text", "Code of 2025.", required=True, optional_column=False),
        Field("from_year", "integer", "Since when.", required=True, low=2009, high=2100, optional_column=False),
    ),
    key=("code",),
)
_DISTRICT = r"(?:E0[6-9]|W06|S12)\d{6}"
_LEVELS = {"E12": "region", "W92": "region", "S92": "region", "E92": "country", "K04": "country", "K03": "country"}


def name_areas(path: object, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the region and, for districts, the district of today of each area of a census table.

    Parameters
    ----------
    path : path
        Named in errors.
    areas : DataFrame
        code and area (name), one row an area.

    Returns
    -------
    DataFrame
        code, region, lad (missing for regions).

    Raises
    ------
    FileRefused
        Areas of several levels, of a level that is no region or district, or a district that nobody knows.

    Notes
    -----
    Districts that were joined since go to their successor whole. Every change since 2009 joined whole districts.

    Examples
    --------
    >>> name_areas("f.csv", pd.DataFrame({"code": ["E07000028"], "area": ["Carlisle"]})).values.tolist()
    [['E07000028', 'North West', 'Cumberland']]
    """
    code = areas["code"].astype("str")
    district = code.str.fullmatch(_DISTRICT)
    level = pd.Series(np.where(district, "district", code.str.slice(stop=3).map(_LEVELS).fillna("other")), code.index)
    _check_level(path, areas, level)
    lads = lad_table()
    if level.iloc[0] == "region":
        region = code.map(lads.drop_duplicates("region_code").set_index("region_code")["region"])
        return pd.DataFrame(
            {"code": code, "region": region.astype("str"), "lad": pd.Series(None, code.index, dtype="str")}
        )
    today = code.map(_successors()).fillna(code)
    known = lads.set_index("lad25cd").reindex(today)
    strange = known["name"].isna().to_numpy()
    if strange.any():
        shown = ", ".join(f"{clip(row.area)} ({clip(row.code)})" for row in areas[strange].head(3).itertuples())
        raise FileRefused(path, "category_unknown", f"{shown}: no district of Great Britain has this code; mend it")
    return pd.DataFrame({"code": code, "region": known["region"].to_numpy(), "lad": known["name"].to_numpy()})


def _check_level(path: object, areas: pd.DataFrame, level: pd.Series) -> None:
    advice = "download the table by local authority district, or by region"
    if level.isin(["other", "country"]).any() and level.nunique() == 1:
        first = areas.iloc[0]
        raise FileRefused(
            path,
            "category_unknown",
            f"{clip(first['area'])} ({clip(first['code'])}) is no region or district; {advice}",
        )
    if level.nunique() > 1:
        counts = ", ".join(f"{count} {name}" for name, count in level.value_counts().items())
        raise FileRefused(
            path,
            "duplicate_conflict",
            f"holds areas of several levels ({counts}): households would count twice; {advice}",
        )


@cache
def _successors() -> dict[str, str]:
    source = Path(str(files("smarthan.analysis") / "data" / "lad_changes.csv"))
    frame = open_rows(source, CHANGES).finish().frame
    return dict(zip(frame["code"].astype("str"), frame["successor"].astype("str"), strict=True))
