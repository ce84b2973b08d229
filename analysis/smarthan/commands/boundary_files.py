"""`smarthan coverage boundaries`: write the boundaries of one level to a file for a map program."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.commands.outcome import Outcome, Refused
from smarthan.files import write_whole

if TYPE_CHECKING:
    import geopandas as gpd

FORMATS = (".gpkg", ".geojson", ".parquet")
# A GeoPackage holds the time at which it was written; a fixed one keeps equal boundaries equal byte for byte.
_FIXED_TIME = "2025-01-01T00:00:00Z"


def write_boundary_file(level: str, out: Path, *, say: Callable[[str], None] | None = None) -> Outcome:
    """Write the boundaries of a level as GeoPackage, GeoJSON or GeoParquet.

    Parameters
    ----------
    level : str
        area, outward, sector, lad, region or country.
    out : Path
        A name that ends in .gpkg, .geojson or .parquet. GeoJSON is written in longitude and latitude (EPSG:4326), as
        its standard asks; the others in EPSG:27700.
    say : function of str, optional
        Told when the boundaries have to be made first.

    Returns
    -------
    Outcome

    Raises
    ------
    Refused
        When the name has another ending, or its folder does not exist.
    ValueError
        When there is no such level.
    """
    from smarthan.coverage import boundaries
    from smarthan.coverage.geography.polygons import is_at_hand

    if out.suffix.casefold() not in FORMATS:
        raise Refused(f"--out {out}: the name must end in {', '.join(FORMATS)}")
    if not out.resolve().parent.is_dir():
        raise Refused(f"--out {out}: the folder {out.parent} does not exist; make it first")
    if not is_at_hand(level) and say is not None:
        say(f"Making the boundaries of {level}s: about half a minute and 2.5 GB of memory, once.")
    frame = boundaries(level)
    grid = "EPSG:4326" if out.suffix.casefold() == ".geojson" else "EPSG:27700"
    with write_whole(out) as stream:
        stream.write(_encode(frame, out.suffix.casefold()))
    return _report(level, out, frame, grid)


def _encode(frame: gpd.GeoDataFrame, suffix: str) -> bytes:
    if suffix == ".geojson":
        return _encode_geojson(frame)
    if suffix == ".gpkg":
        return _encode_geopackage(frame)
    from smarthan.coverage.geography.boundary_file import encode_boundaries

    return encode_boundaries(frame)


def _encode_geojson(frame: gpd.GeoDataFrame) -> bytes:
    """Return RFC 7946 GeoJSON with label and licence as foreign members, which readers pass over."""
    document: dict[str, Any] = json.loads(_encode_with_gdal(frame.to_crs(4326), "GeoJSON", RFC7946="YES"))
    about = {name: frame.attrs[name] for name in ("label", "licence", "vintage", "without_polygon", "synthetic")}
    head = {"type": document["type"], "name": frame.attrs["level"], **about}
    return json.dumps(head | {"features": document["features"]}, ensure_ascii=False, separators=(",", ":")).encode()


def _encode_geopackage(frame: gpd.GeoDataFrame) -> bytes:
    import pyogrio

    said = {
        "LABEL": frame.attrs["label"],
        "LICENCE": "; ".join(frame.attrs["licence"]),
        "VINTAGE": frame.attrs["vintage"],
    }
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_TIME})
    try:
        return _encode_with_gdal(
            frame,
            "GPKG",
            layer=frame.attrs["level"],
            layer_metadata=said,
            layer_options={"DESCRIPTION": f"{said['LABEL']}. {said['LICENCE']}", "IDENTIFIER": frame.attrs["level"]},
        )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _encode_with_gdal(frame: gpd.GeoDataFrame, driver: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    frame.to_file(stream, driver=driver, engine="pyogrio", **options)
    return stream.getvalue()


def _report(level: str, out: Path, frame: gpd.GeoDataFrame, grid: str) -> Outcome:
    said, without = frame.attrs, frame.attrs["without_polygon"]
    document = {
        "level": level,
        "out": str(out),
        "crs": grid,
        "areas": len(frame),
        **{name: said[name] for name in ("label", "licence", "vintage", "without_polygon", "synthetic")},
    }
    lines = [f"{len(frame):,} areas ({level}) in {grid} -> {out}", f"  {said['label']}"]
    if without:
        held = f"{len(without):,} codes with {sum(without.values()):,} postcodes"
        lines.append(f"  without a polygon, since others own all their points: {held}")
    return Outcome("\n".join([*lines, *(f"  {line}" for line in said["licence"])]), document)
