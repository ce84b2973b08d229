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
_REBUILD = "re-install smarthan, or build the reference again with `python -m smarthan.coverage.build reference`"


@cache
def read_sheet(folder: Path = DATA) -> dict[str, Any]:
    """Return the sheet of the postcode reference: source, vintage, licence, who made it, and each file's hash.

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

    path = folder / SHEET
    if not path.is_file():
        raise FileNotFoundError(f"{path}: the data sheet is absent, so nothing beside it is loaded; {_REBUILD}")
    return tomllib.loads(path.read_text("utf-8"))


def read_checked(name: str, folder: Path = DATA) -> bytes:
    """Return the bytes of one package data file, once they agree with the sheet.

    Parameters
    ----------
    name : str
        File name as the sheet lists it, such as "postcodes.parquet".
    folder : Path, optional
        Folder that holds the file and the sheet; by default the package data.

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
    listed = read_sheet(folder)["files"].get(name)
    path = folder / name
    if listed is None:
        raise ValueError(f"{path}: the data sheet {SHEET} does not list this file; {_REBUILD}")
    if not path.is_file():
        raise FileNotFoundError(f"{path}: listed in {SHEET} but absent; {_REBUILD}")
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != listed["sha256"]:
        raise ValueError(f"{path}: sha256 is {found[:12]}..., the sheet says {listed['sha256'][:12]}...; {_REBUILD}")
    return data
