"""Short ASCII text as fixed-width bytes, so that numpy can compare, sort and cut it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

WIDTH = 8  # a canonical postcode has at most eight characters


def fix_width(postcodes: pd.Series) -> npt.NDArray[np.bytes_]:
    """Return canonical postcodes as eight bytes each, padded with NUL; empty where missing.

    Parameters
    ----------
    postcodes : Series of str
        ASCII, at most eight characters.

    Examples
    --------
    >>> fix_width(pd.Series(["M1 1AA", None], dtype="str")).tolist()
    [b'M1 1AA', b'']
    """
    text = pc.fill_null(pa.array(postcodes, type=pa.large_string(), from_pandas=True), "")
    padded = pc.ascii_rpad(text, width=WIDTH, padding="\0")
    if isinstance(padded, pa.ChunkedArray):
        padded = pa.concat_arrays(padded.chunks) if padded.num_chunks else pa.array([], pa.large_string())
    start = padded.offset * WIDTH
    return np.frombuffer(padded.buffers()[2] or b"", dtype="S8", count=len(padded), offset=start)


def sort_key(fixed: npt.NDArray[np.bytes_]) -> npt.NDArray[np.uint64]:
    """Return numbers in the same order as the texts; missing ones come last."""
    number = np.ascontiguousarray(fixed).view(">u8").astype(np.uint64)
    return np.where(number == 0, np.iinfo(np.uint64).max, number)
