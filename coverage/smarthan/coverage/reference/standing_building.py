"""Turning the postcode reference into a table by direct address."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pandas as pd

from smarthan.coverage.index.building import address_postcodes
from smarthan.coverage.index.packing import pack_arrays
from smarthan.coverage.postcodes.addressing import UNITS
from smarthan.coverage.postcodes.faults import WHOLE
from smarthan.coverage.postcodes.fixed_text import fix_width
from smarthan.files import write_whole

from .standing import FIRST_MONTH
from .tables import postcode_reference, terminated_postcodes


def build_standing(path: Path) -> bytes:
    """Return the bytes of a `StandingTable` over the shipped reference, and keep them in a file where that is allowed.

    Parameters
    ----------
    path : Path
        Where to keep them. A folder that cannot be written to is no error: the next process builds them again.
    """
    live, ended = postcode_reference(), terminated_postcodes()
    # Newport's old NPT codes have none of the six shapes: they are answered BAD_FORMAT and have no address.
    ended = ended[ended["postcode"].str.fullmatch(WHOLE.pattern)]
    postcodes = np.concatenate([fix_width(live["postcode"]), fix_width(ended["postcode"])])
    tables, cells = address_postcodes(postcodes)
    standing = np.zeros(len(tables["sector_text"]) // 6 * UNITS, dtype=np.uint16)
    standing[cells[len(live) :]] = _termination_values(ended["doterm"])
    standing[cells[: len(live)]] = 1
    del tables["sector_text"]
    data = pack_arrays({"vintage": live.attrs["vintage"]}, {**tables, "standing": standing})
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_whole(path) as stream:
            stream.write(data)
    return data


def _termination_values(doterm: pd.Series) -> np.ndarray:
    months = doterm.fillna(0).to_numpy(np.int64)
    known = FIRST_MONTH + (months // 100 - 1970) * 12 + months % 100 - 1
    return np.where((months > 0) & (known >= FIRST_MONTH), known, FIRST_MONTH - 1)
