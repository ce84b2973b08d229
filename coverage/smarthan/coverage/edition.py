"""Which edition of the demonstration this code makes: a short mark of what it is made from."""

from __future__ import annotations

import os

_HERE = os.path.dirname(__file__)


def _mark_makers(*makers: str) -> str:
    """Mark the contents of files and of the modules in folders: a change of any makes a new edition.

    A checksum, not a hash: every cold look-up reckons it, and hashlib alone would take longer.
    """
    import zlib

    sum_, size = 0, 0
    for maker in makers:
        path = os.path.join(_HERE, maker)
        inside = sorted(name for name in os.listdir(path) if name.endswith(".py")) if os.path.isdir(path) else [""]
        for name in inside:
            with open(os.path.join(path, name) if name else path, "rb") as stream:
                data = stream.read()
            sum_, size = zlib.crc32(data, sum_), size + len(data)
    return f"{sum_:08x}{size:x}"


# The release file is made by the generator from the postcodes; the releases in the store are made from that file.
FILE_EDITION = _mark_makers("data/postcodes.toml", "demonstration")
EDITION = _mark_makers("data/postcodes.toml", "demonstration", "index", "releases/parquet_rows.py")
