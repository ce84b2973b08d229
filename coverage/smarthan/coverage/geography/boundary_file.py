"""One level of boundaries as a GeoParquet file that carries its own label, licence and gaps."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from smarthan.coverage.reference.sheet import DATA
from smarthan.files import write_whole

if TYPE_CHECKING:
    import geopandas as gpd

FOLDER = DATA / "boundaries"
SHEET = "boundaries.toml"
LAND = "land.parquet"
_ABOUT = b"smarthan.boundaries"


def write_boundaries(frame: gpd.GeoDataFrame, path: Path) -> int:
    """Write boundaries as GeoParquet, whole or not at all, and return the number of rows."""
    data = encode_boundaries(frame)
    with write_whole(path) as stream:
        stream.write(data)
    return len(frame)


def encode_boundaries(frame: gpd.GeoDataFrame) -> bytes:
    """Return boundaries as the bytes of a GeoParquet file; equal tables give equal bytes.

    Parameters
    ----------
    frame : GeoDataFrame
        code, name, geometry, n_postcodes; its `attrs` are kept in the file's metadata.
    """
    plain, packed = io.BytesIO(), io.BytesIO()
    frame.to_parquet(plain, index=False)
    table = pq.read_table(plain)
    words = {b"geo": table.schema.metadata[b"geo"], _ABOUT: json.dumps(frame.attrs, ensure_ascii=False).encode()}
    pq.write_table(table.replace_schema_metadata(words), packed, compression="zstd", compression_level=19)
    return packed.getvalue()


def read_boundaries(data: bytes) -> gpd.GeoDataFrame:
    """Return the boundaries of a file that `write_boundaries` wrote, `attrs` and all."""
    import geopandas as gpd

    frame = gpd.read_parquet(io.BytesIO(data))
    attrs: dict[str, Any] = json.loads(pq.read_schema(io.BytesIO(data)).metadata[_ABOUT])
    frame.attrs = attrs
    return frame
