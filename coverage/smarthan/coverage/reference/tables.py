"""The GB postcode reference: every live postcode, the terminated ones, the local authority districts."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .sheet import read_checked, read_sheet


def postcode_reference() -> pd.DataFrame:
    """Return every live postcode of Great Britain with its place.

    Returns
    -------
    DataFrame
        One row a postcode, sorted by it: postcode; easting, northing ([m], EPSG:27700, Int32, missing where there is
        no location); pq (positional quality, 10 best to 60, 90 = no location); country (E, S, W); lad25cd;
        area, outward, sector; lad and region (names). `attrs` holds vintage, source, licence (three lines to show
        with whatever is made of it) and synthetic (False).

    Raises
    ------
    FileNotFoundError, ValueError
        When the data or its sheet is absent, or when its hash is not the one on the sheet.

    Notes
    -----
    1,743,449 rows in the shipped edition. It is a snapshot: a new postcode is absent until the reference is built
    again, and a postcode that once was terminated may be live again. Read once a process, about 0.5 s.

    References
    ----------
    OS Code-Point Open; ONS Postcode Directory; both Open Government Licence v3.

    Examples
    --------
    >>> live = postcode_reference()
    >>> live.loc[live["postcode"] == "SW1A 1AA", ["sector", "lad", "region"]].values.tolist()
    [['SW1A 1', 'City of Westminster', 'London']]
    """
    return _read_live().copy(deep=False)


def terminated_postcodes() -> pd.DataFrame:
    """Return the postcodes of Great Britain that are no longer live.

    Returns
    -------
    DataFrame
        postcode, doterm (month of termination as YYYYMM, Int32; missing where it is not known), sorted by postcode.
        `attrs` as in `postcode_reference`.

    Raises
    ------
    FileNotFoundError, ValueError
        As in `postcode_reference`.

    Examples
    --------
    >>> ended = terminated_postcodes()
    >>> bool(ended["postcode"].isin(postcode_reference()["postcode"]).any())
    False
    """
    return _read_terminated().copy(deep=False)


def lad_table() -> pd.DataFrame:
    """Return the local authority districts: lad25cd, name, region_code, region, country.

    Returns
    -------
    DataFrame
        350 rows in the shipped edition, sorted by code, all text; region is one of the nine English statistical
        regions, Scotland or Wales; country is E, S or W. `attrs` as in `postcode_reference`.

    Raises
    ------
    FileNotFoundError, ValueError
        As in `postcode_reference`.

    Examples
    --------
    >>> lads = lad_table()
    >>> lads.loc[lads["name"] == "Gwynedd", "region"].item()
    'Wales'
    """
    return _read_lads().copy(deep=False)


@cache
def _read_live() -> pd.DataFrame:
    table = _read_parquet("postcodes.parquet")
    table = table.append_column("area", _encode(_area_of(table["postcode"])))
    table = table.append_column("outward", _encode(pc.utf8_slice_codeunits(table["postcode"], 0, -4)))
    table = table.append_column("sector", _encode(pc.utf8_slice_codeunits(table["postcode"], 0, -2)))
    frame = table.to_pandas(types_mapper={pa.int32(): pd.Int32Dtype()}.get)
    lads = _read_lads().set_index("lad25cd")
    frame["lad"] = _rename(frame["lad25cd"], lads["name"])
    frame["region"] = _rename(frame["lad25cd"], lads["region"])
    return _label(frame)


@cache
def _read_terminated() -> pd.DataFrame:
    return _label(_read_parquet("terminated.parquet").to_pandas(types_mapper={pa.int32(): pd.Int32Dtype()}.get))


@cache
def _read_lads() -> pd.DataFrame:
    return _label(pd.read_csv(io.BytesIO(read_checked("lad.csv")), dtype="str", keep_default_na=False))


def _rename(codes: pd.Series, names: pd.Series) -> pd.Categorical:
    """Return the names of a category of codes; several codes may share a name."""
    numbers, labels = pd.factorize(names.reindex(codes.cat.categories), sort=True)
    of_row = np.append(numbers, -1)[codes.cat.codes.to_numpy()]  # code -1, missing, takes the last entry: missing
    return pd.Categorical.from_codes(of_row, categories=labels)


def _read_parquet(name: str) -> pa.Table:
    return pq.read_table(pa.BufferReader(read_checked(name))).replace_schema_metadata()


def _area_of(postcode: pa.ChunkedArray) -> pa.ChunkedArray:
    two = pc.ascii_is_alpha(pc.utf8_slice_codeunits(postcode, 1, 2))
    return pc.if_else(two, pc.utf8_slice_codeunits(postcode, 0, 2), pc.utf8_slice_codeunits(postcode, 0, 1))


def _encode(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.dictionary_encode(texts).unify_dictionaries()


def _label(frame: pd.DataFrame) -> pd.DataFrame:
    sheet: dict[str, Any] = read_sheet()
    frame.attrs = {name: sheet[name] for name in ("vintage", "source", "licence", "synthetic")}
    return frame
