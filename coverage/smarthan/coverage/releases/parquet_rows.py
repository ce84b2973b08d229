"""The rows of a release as Parquet: written with its facts, read back typed as they were."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .columns import CSP_REGIONS, LIKELIHOODS, LOCATION_KINDS, WAN_GROUPS
from .facts import METADATA_KEY
from .opening import ReleaseDamaged
from .release import Release

if TYPE_CHECKING:
    import mmap

ROW_GROUP = 131_072
_WORDS = {"location_kind": LOCATION_KINDS, "csp_region": CSP_REGIONS, "wan_group": WAN_GROUPS}


def pack_rows(rows: pd.DataFrame, release: Release) -> bytes:
    """Return the bytes of `matrix.parquet`, the same for the same rows and facts."""
    table = pa.Table.from_pandas(rows, preserve_index=False)
    at = table.column_names.index("anticipated")
    table = table.set_column(at, "anticipated", table["anticipated"].cast(pa.date32()))
    facts = json.dumps(release.to_dict(), sort_keys=True).encode()
    stream = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata({METADATA_KEY: facts}), stream, compression="zstd", row_group_size=ROW_GROUP
    )
    return stream.getvalue()


def read_rows(source: Path | mmap.mmap) -> pd.DataFrame:
    """Read the rows of a release folder's Parquet file, typed as they were saved."""
    table = pq.read_table(source if isinstance(source, Path) else pa.py_buffer(source)).replace_schema_metadata()
    types: dict[Any, Any] = {pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype()}
    rows = table.to_pandas(types_mapper=types.get)
    for name, words in {**_WORDS, "likelihood": LIKELIHOODS}.items():
        rows[name] = rows[name].cat.set_categories(list(words), ordered=name == "likelihood")
    for name in ("region_code", "wan_technology", "auxiliary"):
        rows[name] = rows[name].cat.rename_categories(rows[name].cat.categories.astype("str"))
    rows["anticipated"] = rows["anticipated"].astype("datetime64[us]")
    return rows


def read_release_facts(path: Path) -> Release:
    """Return the facts of the release that a release folder's Parquet file states.

    Raises
    ------
    ReleaseDamaged
        When it states none.
    """
    facts = (pq.read_schema(path).metadata or {}).get(METADATA_KEY)
    if facts is None:
        raise ReleaseDamaged(f"{path}: states no release; take the release from its source again")
    return Release.from_dict(json.loads(facts))
