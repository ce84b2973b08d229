"""Boundaries of the areas of Great Britain, made from where its postcodes stand."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from smarthan.coverage.cache import cache_folder, keep_folder
from smarthan.coverage.reference.sheet import DATA, read_checked
from smarthan.coverage.reference.sheet import SHEET as POSTCODES_SHEET

from .boundary_file import FOLDER, LAND, SHEET, read_boundaries, write_boundaries
from .levels import find_level

if TYPE_CHECKING:
    import geopandas as gpd


def boundaries(level: str) -> gpd.GeoDataFrame:
    """Return approximate boundaries of the areas of Great Britain.

    Parameters
    ----------
    level : {"area", "outward", "sector", "lad", "region", "country"}
        "lad" stands for local authority districts.

    Returns
    -------
    GeoDataFrame
        EPSG:27700 [m], one row an area, sorted by code: code, name (the code itself where the area has no other),
        geometry (polygons), n_postcodes (live postcodes, with a location or without). Neighbours share their edges and
        none overlaps. `attrs` holds `label` and `licence` (a sentence and three lines to show under every map),
        `without_polygon` (code to number of postcodes, for areas that own no point), vintage, level and synthetic.

    Raises
    ------
    ValueError
        When there is no such level, or a shipped file is not the one its sheet describes.
    FileNotFoundError
        When a shipped file or its sheet is absent.
    OSError
        When the cache folder cannot be written to (sectors only); set SMARTHAN_CACHE to one that can.

    Notes
    -----
    Each spot belongs to its nearest postcode: an approximation that follows no official line and crosses hills and
    lochs. Where several areas share a point one of them owns it, so that 99.0 % (outward) to 100 % (country) of
    postcodes lie inside their own polygon. Use codes for statistics and polygons for maps. All levels but sectors ship
    with the package; sectors (10,599 polygons) are made in the user's cache folder on first use, which takes about
    30 s and 2.5 GB of memory.

    References
    ----------
    OS Code-Point Open; ONS Postcode Directory (Open Government Licence v3); coast from Natural Earth (public domain).

    Examples
    --------
    >>> regions = boundaries("region")
    >>> regions["name"].tolist()[:2], regions.crs.to_epsg(), len(regions)
    (['North East', 'North West'], 27700, 11)
    >>> regions.attrs["label"][:11]
    'approximate'
    """
    return _read_level(find_level(level).name).copy()


def is_at_hand(level: str) -> bool:
    """Return whether `boundaries(level)` only has to read a file; otherwise it takes about half a minute."""
    return find_level(level).shipped or _sector_file().is_file()


@cache
def _read_level(name: str) -> gpd.GeoDataFrame:
    if find_level(name).shipped:
        return read_boundaries(read_checked(f"{name}.parquet", FOLDER, SHEET))
    keep_folder(_sector_file().parent, _make_sectors)
    return read_boundaries(_sector_file().read_bytes())


def _sector_file() -> Path:
    return cache_folder() / f"sectors-{_sector_edition()}" / "sector.parquet"


@cache
def _sector_edition() -> str:
    """Hash what sectors are made from: the postcodes, the land and the code."""
    here = Path(__file__).parent
    makers = [here / name for name in ("levels.py", "making.py", "points.py", "zones.py")]
    digest = hashlib.sha256()
    for path in (DATA / POSTCODES_SHEET, FOLDER / SHEET, *makers):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _make_sectors(folder: Path) -> None:
    from .making import make_boundaries

    land = read_boundaries(read_checked(LAND, FOLDER, SHEET))["geometry"].item()
    write_boundaries(make_boundaries(["sector"], land)["sector"], folder / "sector.parquet")
