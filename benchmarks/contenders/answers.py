"""What came out of a bulk look-up, in a form that all contenders share."""

from __future__ import annotations

import hashlib
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from attributes import ATTRIBUTES

# Blanks around or inside the postcodes of a portfolio: all that `smarthan` takes for one, less two rare ones.
BLANKS = " \t\r\n\u00a0"


def digest(table: pa.Table) -> dict[str, Any]:
    """Return the number of rows, how many were found, and a hash of each attribute in the order of the rows.

    Parameters
    ----------
    table : pyarrow.Table
        The `ATTRIBUTES`: words as text or dictionaries, null where there is none.
    """
    hashes = {name: _hash_words(table[name]) for name in ATTRIBUTES}
    return {"rows": len(table), "found": len(table) - table["state"].null_count, **hashes}


def _hash_words(column: pa.ChunkedArray) -> str:
    """Hash the words as their places in the list of all words that occur, whatever dictionary they came with."""
    words = sorted({word for word in column.unique().to_pylist() if word is not None})
    listed = pa.array(words, pa.string())
    codes = []
    for chunk in column.chunks:
        encoded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        places = pc.fill_null(pc.index_in(encoded.dictionary.cast(pa.string()), listed), -1)
        codes.append(pc.fill_null(places.take(encoded.indices), -1).cast(pa.int16()))
    return _hash(pa.chunked_array(codes, pa.int16())) + " " + hashlib.sha256("|".join(words).encode()).hexdigest()[:8]


def _hash(column: pa.ChunkedArray) -> str:
    found = hashlib.sha256()
    for chunk in column.chunks:
        found.update(chunk.to_numpy())
    return found.hexdigest()[:16]
