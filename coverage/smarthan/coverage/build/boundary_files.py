"""The files of the boundaries that ship, and the data sheet beside them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.coverage.geography.boundary_file import FOLDER, LAND, SHEET, write_boundaries
from smarthan.coverage.geography.levels import LABEL, LEVELS
from smarthan.coverage.geography.making import BRITISH_GRID, code_postcodes, make_boundaries
from smarthan.coverage.geography.points import Points
from smarthan.coverage.reference.sheet import read_sheet
from smarthan.files import sha256_of

from .coast import PACKAGE, fetch_land, make_land
from .sheets import write_sheet

if TYPE_CHECKING:
    import geopandas as gpd


def build_boundaries(land: str | os.PathLike[str] | None = None, out: str | os.PathLike[str] = FOLDER) -> Path:
    """Build the boundaries that ship with the package, and the land that those of sectors are cut to.

    Parameters
    ----------
    land : path, optional
        `land-10m.json` of the npm package world-atlas 2.0.2; without it, npm fetches the package.
    out : path
        Folder for a Parquet file a level, land.parquet and the sheet boundaries.toml.

    Returns
    -------
    Path
        The sheet, which is written last: nothing is loaded that it does not list with its hash.

    Raises
    ------
    OSError, ValueError
        When the land cannot be fetched or read, or is not what it should be.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        source = Path(land) if land is not None else fetch_land(work)
        ground = make_land(source, Points(code_postcodes()).xy)
        land_sha256 = sha256_of(source)
    rows = {LAND: write_boundaries(_frame_land(ground), folder / LAND)}
    made = make_boundaries([level.name for level in LEVELS.values() if level.shipped], ground)
    for name, frame in made.items():
        rows[f"{name}.parquet"] = write_boundaries(frame, folder / f"{name}.parquet")
    return write_sheet(folder / SHEET, rows, _about(land_sha256))


def _frame_land(ground: Any) -> gpd.GeoDataFrame:
    import geopandas as gpd

    live = code_postcodes()
    table = {"code": ["GB"], "name": ["Great Britain"], "geometry": [ground], "n_postcodes": [len(live)]}
    frame = gpd.GeoDataFrame(table, crs=BRITISH_GRID)
    frame.attrs = {"label": LABEL, "licence": list(live.attrs["licence"]), "synthetic": False}
    return frame


def _about(land_sha256: str) -> dict[str, object]:
    reference = read_sheet()
    return {
        "title": "Boundaries of Great Britain derived from its postcodes",
        "label": LABEL,
        "source": f"{reference['source'].split(';')[0]}; ONS Postcode Directory; coast: Natural Earth 4.1, 1:10m land",
        "vintage": reference["vintage"],
        "made_by": "python -m smarthan.coverage.build boundaries",
        "synthetic": False,
        "licence_name": "Open Government Licence v3.0; the coast is in the public domain",
        "licence": reference["licence"],
        "land_package": f"npm {PACKAGE} (ISC licence), land-10m.json",
        "land_sha256": land_sha256,
        "postcodes_sha256": reference["files"]["postcodes.parquet"]["sha256"],
    }
