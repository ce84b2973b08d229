"""A synthetic release of the coverage matrix over every real postcode, as one Parquet file."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from smarthan.coverage.reference.tables import postcode_reference
from smarthan.files import write_whole

from .rows import make_rows

_ROW_GROUP = 131_072
_SCHEMA = pa.schema(
    [
        ("postcode", pa.large_string()),
        ("address_identifier", pa.dictionary(pa.int16(), pa.string())),
        ("uprn", pa.large_string()),
        ("csp_region", pa.dictionary(pa.int8(), pa.string())),
        ("region_code", pa.dictionary(pa.int8(), pa.string())),
        ("available", pa.bool_()),
        ("anticipated", pa.date32()),
        ("wan_technology", pa.dictionary(pa.int8(), pa.string())),
        ("likelihood", pa.dictionary(pa.int8(), pa.string())),
        ("auxiliary", pa.dictionary(pa.int8(), pa.string())),
        ("info", pa.dictionary(pa.int8(), pa.string())),
        ("premises", pa.int32()),
        ("premises_available", pa.int32()),
    ]
)
NOTE = "Synthetic demonstration data on real postcodes: it says nothing about the coverage of any real place."


def make_release(
    path: str | os.PathLike[str],
    *,
    seed: int = 1,
    as_of: dt.date = dt.date(2026, 11, 2),
    postcodes: pd.DataFrame | None = None,
) -> Path:
    """Write a synthetic coverage release as Parquet, the same bytes for the same arguments.

    Parameters
    ----------
    path : path
        The file to write; let its name say "synthetic".
    seed : int, default 1
        Draws the terrain, the premises, the plans.
    as_of : date, default 2026-11-02
        The day the release describes.
    postcodes : DataFrame, optional
        A part of `postcode_reference()` (the same columns) for a smaller release; by default all of it.

    Returns
    -------
    Path
        The file. Its metadata key `smarthan.release` states release_id, source SYNTHETIC, dates, licence, note and
        `synthetic` true.

    Raises
    ------
    OSError
        When the file cannot be written.
    ValueError
        When `postcodes` has no row.

    Notes
    -----
    Regions follow the local authority, for the sample only: Scotland, North East, North West and Yorkshire are North;
    Wales, the Midlands and East of England are Central; the rest is South. Gaps lie in made-up valleys. Calibrated by
    synthetic premises to 99.5 % covered in North and over 99.25 % in Great Britain (PAC HC 103 para 12). Every case
    of the answers is in it: two generations, border pairs, planned, overdue, errors, Unknown, SMETS1, UPRN rows,
    postcodes covered in part, auxiliary equipment. A few live postcodes (1 in 4,359) are left out, as are those
    that are newer than a release.

    Examples
    --------
    >>> import tempfile
    >>> few = postcode_reference().query("area == 'ZE'")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = make_release(Path(folder) / "synthetic.parquet", postcodes=few)
    ...     json.loads(pq.read_schema(made).metadata[b"smarthan.release"])["source"]
    'SYNTHETIC'
    """
    live = postcode_reference() if postcodes is None else postcodes
    if live.empty:
        raise ValueError("postcodes: no row; give a part of postcode_reference() or leave it out for all of it")
    rows = make_rows(live.reset_index(drop=True), as_of=as_of, seed=seed)
    table = _to_arrow(rows)
    release = _describe(table.num_rows, seed=seed, as_of=as_of, licence=live.attrs.get("licence", []))
    with write_whole(path) as stream:
        pq.write_table(
            table.replace_schema_metadata(
                {"smarthan.release": json.dumps(release, ensure_ascii=False, sort_keys=True)}
            ),
            stream,
            compression="zstd",
            row_group_size=_ROW_GROUP,
            use_dictionary=[name for name in table.column_names if name not in ("postcode", "uprn")],
            column_encoding={"postcode": "DELTA_BYTE_ARRAY", "uprn": "DELTA_BYTE_ARRAY"},
        )
    return Path(path)


def _to_arrow(rows: pd.DataFrame) -> pa.Table:
    """Sort by a total key and convert, postcode rows before the UPRN rows under them."""
    keys = rows.assign(region=rows["csp_region"].cat.codes, unit=rows["uprn"].fillna(""))
    order = keys.sort_values(["place", "unit", "region"], kind="stable").index
    return pa.Table.from_pandas(rows.loc[order, _SCHEMA.names], schema=_SCHEMA, preserve_index=False)


def _describe(row_count: int, *, seed: int, as_of: dt.date, licence: list[str]) -> dict[str, object]:
    return {
        "release_id": f"synthetic-{as_of.isoformat()}-seed{seed}",
        "source": "SYNTHETIC",
        "as_of": as_of.isoformat(),
        "published": as_of.isoformat(),
        "licence": "; ".join(["Postcodes: Open Government Licence v3.0", *licence]),
        "note": f"{NOTE} Made by smarthan.coverage.demonstration.make_release, seed {seed}.",
        "complete": True,
        "synthetic": True,
        "row_count": row_count,
    }
