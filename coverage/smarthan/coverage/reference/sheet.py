"""The data sheet of the package data: no sheet, no load.

Standard library only: the cold look-up asks it for the outward codes.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data"
SHEET = "postcodes.toml"
_REBUILD = "re-install smarthan, or build the file again with `python -m smarthan.coverage.build {job}`"


@cache
def read_sheet(folder: Path = DATA, name: str = SHEET) -> dict[str, Any]:
    """Return a data sheet, by default that of the postcodes: source, vintage, licence, who made it, each file's hash.

    Raises
    ------
    FileNotFoundError
        When there is no sheet.

    Examples
    --------
    >>> read_sheet()["synthetic"]
    False
    """
    import tomllib

    path = folder / name
    if not path.is_file():
        raise FileNotFoundError(f"{path}: the data sheet is absent, so nothing beside it is loaded; {_advise(name)}")
    return tomllib.loads(path.read_text("utf-8"))


@cache
def read_outward_codes() -> frozenset[str]:
    """Return the outward codes that hold a live postcode.

    Raises
    ------
    FileNotFoundError, ValueError
        As `read_checked`.
    """
    return frozenset(read_checked("outward.txt").decode("ascii").split())


def read_checked(name: str, folder: Path = DATA, sheet: str = SHEET) -> bytes:
    """Return the bytes of one package data file, once they agree with the sheet.

    Parameters
    ----------
    name : str
        File name as the sheet lists it, such as "postcodes.parquet".
    folder : Path, optional
        Folder that holds the file and the sheet; by default the package data.
    sheet : str, optional
        File name of the sheet.

    Raises
    ------
    FileNotFoundError
        When the sheet or the file is absent.
    ValueError
        When the sheet does not list the file or the file's hash is another.

    Examples
    --------
    >>> read_checked("outward.txt")[:5]
    b'AB10\\n'
    """
    listed = read_sheet(folder, sheet)["files"].get(name)
    path = folder / name
    if listed is None:
        raise ValueError(f"{path}: the data sheet {sheet} does not list this file; {_advise(sheet)}")
    if not path.is_file():
        raise FileNotFoundError(f"{path}: listed in {sheet} but absent; {_advise(sheet)}")
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != listed["sha256"]:
        raise ValueError(
            f"{path}: sha256 is {found[:12]}..., the sheet says {listed['sha256'][:12]}...; {_advise(sheet)}"
        )
    return data


def _advise(sheet: str) -> str:
    return _REBUILD.format(job="reference" if sheet == SHEET else Path(sheet).stem)
