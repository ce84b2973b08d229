"""What the postcode reference says of postcodes that a release does not hold, for many at once."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from smarthan.coverage.index.locations import Ints
from smarthan.coverage.postcodes.locating import ABSENT, Addresses, locate, make_addresses
from smarthan.coverage.reference.standing import open_standing, read_cell

from . import statuses as st
from .answer_table import STATUS, WHOLE, AnswerTable

_NO_POSTCODE = np.iinfo(np.uint16).max  # no cell of the reference holds it


def answer_absent(table: AnswerTable, standing: Ints) -> Ints:
    """Return the answers for cells of the reference: withdrawn, live and absent, or unknown to it."""
    distinct, at = np.unique(standing, return_inverse=True)
    status = np.array([st.UNKNOWN_POSTCODE, st.NOT_IN_MATRIX, st.TERMINATED])[np.minimum(distinct, 2)]
    words = [_absent_words(str(name), int(cell)) for name, cell in zip(status, distinct, strict=True)]
    first = table.add(len(words), status=[STATUS[str(s)] for s in status], key=WHOLE, words=words)
    return first + at.astype(np.int64)


def read_standing(texts: pa.Array, *, engine: str) -> Ints:
    """Return the reference's cell of each text; all are well-formed postcodes, in any spelling that `locate` reads."""
    cells, _ = locate(pa.chunked_array([texts]), _reference_addresses(), engine=engine)
    return cells.astype(np.int64)


def _absent_words(status: str, cell: int) -> str:
    if status != st.TERMINATED:
        return st.WORDS[status]
    standing = read_cell(cell)
    return st.describe_termination(standing.year, standing.month)


@cache
def _reference_addresses() -> Addresses:
    arrays = open_standing().arrays
    held = np.frombuffer(arrays.raw("standing"), dtype=np.uint16).copy()
    held[:4] = _NO_POSTCODE
    held[ABSENT] = 0
    outward, sector = (np.frombuffer(arrays.raw(name), dtype=np.uint16) for name in ("outward_id", "sector_id"))
    return make_addresses(outward, sector, held)
