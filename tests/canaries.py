"""Unlikely strings planted in every personal place, and the search for them in everything that came out."""

from __future__ import annotations

import base64
import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

# One for each column of identity; nobody lives at any of them.
IDENTITY = {
    "uprn": "998765430121",
    "mpan": "9987654321987",
    "address": "17 Quokkaby Mews",
    "postcode": "ZZ98 7QZ",
    "latitude": "50.918273",
    "longitude": "-4.564738",
    "contact": "Ottoline Zwischenberg",
}
# Columns that a survey team adds and that look personal: dropped unread.
EXTRA = {
    "occupier_name": "Quillfeather Ozymandson",
    "E-mail": "planted.column@canary.example",
    "Telephone": "07700 900461",
    "postcode": "ZZ97 6QZ",
}
# What people write where it does not belong.
WRITTEN = {
    "a postcode in free text": "ZZ96 5QZ",
    "a telephone number in free text": "07700 900462",
    "an address for mail in free text": "planted.text@canary.example",
    "a postcode where a number belongs": "ZZ95 4QZ",
    "a telephone number where a word belongs": "+44 7700 900463",
    "an address for mail where an identifier belongs": "planted.key@canary.example",
    "a postcode in a cell too many": "ZZ94 3QZ",
    "a postcode in a row that is quarantined for another reason": "ZZ93 2QZ",
}
ALL = [*IDENTITY.values(), *EXTRA.values(), *WRITTEN.values()]


def plant(folder: Path) -> None:
    """Plant the strings in the raw files of a trial, and an identity file beside them."""
    dwellings = _read(folder, "dwellings")
    row = {"building_id": "", "dwelling_id": dwellings["dwelling_id"].iloc[0], **IDENTITY}
    pd.DataFrame([row]).to_csv(folder / "identity.csv", index=False)
    _write(folder, "dwellings", dwellings.assign(**EXTRA))
    written = iter(WRITTEN.values())
    visits = _read(folder, "visits")
    for place, table, column in ((0, "visits", "weather"), (1, "visits", "weather"), (2, "visits", "weather")):
        visits.loc[place, column] = f"dry, said {next(written)} to the {table}"
    buildings = _read(folder, "buildings")
    buildings.loc[0, "storeys"], buildings.loc[1, "wall_type"] = next(written), next(written)
    buildings.loc[2, "building_id"] = next(written)
    _write(folder, "buildings", buildings)
    surveyors = (folder / "surveyors.csv").read_text(encoding="utf-8")
    (folder / "surveyors.csv").write_text(f"{surveyors}SYN-V999,Survey Co,2025-01-06,{next(written)}\n", "utf-8")
    visits.loc[3, "weather"], visits.loc[3, "date"] = f"near {next(written)}", "3/4/2025"
    _write(folder, "visits", visits)


def _read(folder: Path, table: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)


def _write(folder: Path, table: str, frame: pd.DataFrame) -> None:
    frame.to_csv(folder / f"{table}.csv", index=False, lineterminator="\n")


def find_canaries(data: bytes) -> set[str]:
    """Return the planted strings in some bytes: in any case and spacing, zipped, in base64, in two bytes a letter."""
    found = set()
    for layer in _unpack(data):
        for encoding in ("utf-8", "utf-16-le"):
            text = _fold(layer.decode(encoding, "ignore"))
            found |= {canary for canary in ALL if _fold(canary) in text}
    return found


def find_in_folder(folder: Path) -> dict[str, set[str]]:
    """Return the planted strings in the files of a folder, by file; names of files and folders are searched too."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        here = find_canaries(name.encode()) | (find_canaries(path.read_bytes()) if path.is_file() else set())
        if here:
            found[name] = here
    return found


def _fold(text: str) -> str:
    return re.sub(r"[\s\u00a0]|&#160;|&nbsp;", "", text).casefold()


def _unpack(data: bytes) -> Iterator[bytes]:
    yield data
    if data[:2] == b"\x1f\x8b":
        yield from _unpack(gzip.decompress(data))
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield name.encode()
                yield from _unpack(packed.read(name))
    if data[:4] == b"\x89PNG":
        from PIL import Image

        with Image.open(io.BytesIO(data)) as picture:
            yield repr(picture.info).encode()
    if data[:4] == b"PAR1":
        yield pd.read_parquet(io.BytesIO(data)).to_csv().encode()
    for piece in re.findall(rb"[A-Za-z0-9+/]{200,}={0,2}", data):
        yield from _unpack(base64.b64decode(piece[: len(piece) // 4 * 4]))
