"""OS Code-Point Open: the official zip, read unchanged."""

from __future__ import annotations

import io
import os
import re
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

# Doc/Code-Point_Open_Column_Headers.csv of the zip: postcode, quality, easting, northing, country, NHS region, NHS
# authority, county, district, ward.
_COLUMNS = {
    "PC": pa.large_string(),
    "PQ": pa.int8(),
    "EA": pa.int32(),
    "NO": pa.int32(),
    "CY": pa.string(),
    "RH": pa.string(),
    "LH": pa.string(),
    "CC": pa.string(),
    "DC": pa.string(),
    "WC": pa.string(),
}
_KEPT = ("PC", "PQ", "EA", "NO", "CY", "CC")
_COUNTRIES = {"E92000001": "E", "S92000003": "S", "W92000004": "W"}
_NO_LOCATION = 90  # PQ of a postcode without a coordinate; the file writes 0, 0 there

_SHEETS = ("DIS", "LBO", "MTD", "UTA")  # districts, London boroughs, metropolitan districts, unitary authorities
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class CodePoint:
    """What the zip holds.

    Attributes
    ----------
    postcodes : DataFrame
        postcode, easting, northing [m, EPSG:27700; missing without a location], pq, country (E, S, W), county
        (code), sorted by postcode.
    lad_names : dict of str to str
        Local authority code to name, as Doc/Codelist.xlsx has them, without the words for the kind of authority
        and without the Welsh half of a pair.
    version : str
        Such as "2025.2.0".
    copyright_date : str
        YYYY-MM-DD.
    """

    postcodes: pd.DataFrame
    lad_names: dict[str, str]
    version: str
    copyright_date: str


def read_code_point(path: str | os.PathLike[str]) -> CodePoint:
    """Read the official `codepo_gb.zip` of OS Code-Point Open, as downloaded.

    Parameters
    ----------
    path : path
        The zip file (CSV edition).

    Returns
    -------
    CodePoint

    Raises
    ------
    OSError
        When the file cannot be opened.
    ValueError
        When it is no Code-Point Open zip, when an area's rows differ in number from what Doc/metadata.txt states,
        or when a postcode stands there twice.

    Notes
    -----
    Quality 90 means no location: easting and northing are missing there, never 0.

    References
    ----------
    Ordnance Survey, OS Code-Point Open, Doc/readme.txt and Doc/metadata.txt in the zip.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            metadata = archive.read("Doc/metadata.txt").decode("ascii")
            table = _read_areas(archive, _stated_rows(metadata))
            names = _read_lad_names(archive.read("Doc/Codelist.xlsx"))
    except (zipfile.BadZipFile, KeyError) as error:
        raise ValueError(f"{path}: not the Code-Point Open zip (CSV edition) as issued: {error}") from error
    return CodePoint(_tidy(table, path), names, *_edition(metadata, path))


def _edition(metadata: str, path: object) -> tuple[str, str]:
    version = re.search(r"^DATASET VERSION NUMBER: *(\S+)", metadata, re.MULTILINE)
    day = re.search(r"^COPYRIGHT DATE: *([0-9]{4})([0-9]{2})([0-9]{2})", metadata, re.MULTILINE)
    if not (version and day):
        raise ValueError(f"{path}: Doc/metadata.txt states no version number or no copyright date")
    return version[1], "-".join(day.groups())


def _stated_rows(metadata: str) -> dict[str, int]:
    return {area: int(rows) for area, rows in re.findall(r"^ *([A-Z]{1,2})\t([0-9]+)\s*$", metadata, re.MULTILINE)}


def _read_areas(archive: zipfile.ZipFile, stated: dict[str, int]) -> pa.Table:
    """Read every area's file and hold its rows against the number stated."""
    members = {name[9:-4].upper(): name for name in archive.namelist() if re.fullmatch(r"Data/CSV/[a-z]+\.csv", name)}
    tables = {area: _read_area(archive.read(name)) for area, name in sorted(members.items())}
    wrong = [
        f"{area} {tables[area].num_rows if area in tables else 'no file'} (stated {stated.get(area, 'nothing')})"
        for area in sorted(tables.keys() | stated.keys())
        if area not in tables or stated.get(area) != tables[area].num_rows
    ]
    if wrong:
        raise ValueError(
            f"{archive.filename}: rows differ from Doc/metadata.txt in {', '.join(wrong[:5])}; fetch it again"
        )
    return pa.concat_tables(tables.values())


def _read_area(data: bytes) -> pa.Table:
    return pacsv.read_csv(
        io.BytesIO(data),
        read_options=pacsv.ReadOptions(column_names=list(_COLUMNS), encoding="utf8"),
        convert_options=pacsv.ConvertOptions(column_types=_COLUMNS, include_columns=list(_KEPT), null_values=[]),
    )


def _tidy(table: pa.Table, path: object) -> pd.DataFrame:
    """Bring the three paddings of PC to one form, and take 0, 0 for what it is: no location."""
    packed = pc.replace_substring(table["PC"], " ", "")
    outward, inward = pc.utf8_slice_codeunits(packed, 0, -3), pc.utf8_slice_codeunits(packed, -3)
    postcode = pc.binary_join_element_wise(outward, inward, pa.scalar(" ", pa.large_string()))
    frame = pd.DataFrame(
        {
            "postcode": pd.Series(postcode.to_pandas(), dtype="str"),
            "easting": pd.array(table["EA"].to_numpy(), dtype="Int32"),
            "northing": pd.array(table["NO"].to_numpy(), dtype="Int32"),
            "pq": table["PQ"].to_numpy(),
            "country": pd.Series(table["CY"].to_pandas().map(_COUNTRIES), dtype="str"),
            "county": pd.Series(table["CC"].to_pandas(), dtype="str"),
        }
    )
    frame.loc[frame["pq"] == _NO_LOCATION, ["easting", "northing"]] = pd.NA
    if frame["country"].isna().any() or frame["postcode"].duplicated().any():
        raise ValueError(f"{path}: an unknown country (CY), or a postcode twice; known are {sorted(_COUNTRIES)}")
    return frame.sort_values("postcode", ignore_index=True)


def _read_lad_names(workbook: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        shared = ["".join(item.itertext()) for item in _xml(parts, "xl/sharedStrings.xml")]
        targets = {link.get("Id"): link.get("Target") for link in _xml(parts, "xl/_rels/workbook.xml.rels")}
        sheets = {
            s.get("name"): targets[s.get(_RELATION)] for s in _xml(parts, "xl/workbook.xml").iter(f"{_MAIN}sheet")
        }
        rows = [pair for name in _SHEETS for pair in _sheet_pairs(_xml(parts, f"xl/{sheets[name]}"), shared)]
    return {code: _plain_name(name) for name, code in rows if re.fullmatch("[ESW][0-9]{8}", code)}


def _xml(parts: zipfile.ZipFile, name: str) -> ET.Element:
    data = parts.read(name)
    if b"<!DOCTYPE" in data:
        raise ValueError(f"Doc/Codelist.xlsx: {name} holds a document type definition, which no workbook needs")
    return ET.fromstring(data)  # noqa: S314 - entities need a DOCTYPE, refused above


def _sheet_pairs(sheet: ET.Element, shared: list[str]) -> list[tuple[str, str]]:
    """Return the first two cells of each row, which hold a name and its code."""
    cells = ([cell.findtext(f"{_MAIN}v") or "" for cell in row] for row in sheet.iter(f"{_MAIN}row"))
    return [(shared[int(row[0])], shared[int(row[1])]) for row in cells if len(row) > 1 and row[0] and row[1]]


def _plain_name(name: str) -> str:
    """Drop the words for the kind of authority, and of a Welsh pair of names keep the English one, as ONS does."""
    plain = re.sub(r"( \(B\)| District| London Boro)+$", "", name.strip()).rpartition(" - ")[2]
    return plain[:1].upper() + plain[1:]
