"""Parquet files damaged, cut, or under another's name."""

from collections.abc import Iterator

import numpy as np
from tests.corpus_case import GOOD, Case, pack, refused, text_of
from tests.corpus_parquet import WHOLE, bad


def misnamed_parquets() -> Iterator[Case]:
    """Other formats under the name, marks without a file, the file under another name."""
    for name, data, code in (
        ("head-mark", b"PARX" + WHOLE[4:], "file_unreadable"),
        ("tail-mark", WHOLE[:-4] + b"PARE", "file_unreadable"),
        ("is-csv", text_of(*GOOD).encode(), "file_unreadable"),
        ("is-gzip", pack(WHOLE), "file_unreadable"),
        ("is-zip", b"PK\x03\x04" + bytes(100), "file_unreadable"),
        ("is-empty", b"", "file_unreadable"),
        ("marks-only", b"PAR1PAR1", "file_unreadable"),
        ("marks-and-zeros", b"PAR1" + bytes(100) + b"PAR1", "file_unreadable"),
        ("marks-and-ones", b"PAR1" + b"\xff" * 100 + b"PAR1", "file_unreadable"),
    ):
        yield bad(name, data, code)
    yield refused("csv-is-parquet", "parquet", WHOLE, "file_encoding")


def cut_parquets() -> Iterator[Case]:
    """The file cut at every twentieth."""
    for share in range(5, 100, 5):
        yield bad(f"cut-at-{share:02d}", WHOLE[: len(WHOLE) * share // 100], "file_unreadable")


def flips() -> Iterator[Case]:
    """One bit turned: in the pages, where reading fails or not, and in the footer, which no reader checks."""
    footer = len(WHOLE) - 8 - int.from_bytes(WHOLE[-8:-4], "little")
    generator = np.random.default_rng(1)
    for part, low, high, count in (("pages", 4, footer, 16), ("footer", footer, len(WHOLE) - 8, 24)):
        for place in sorted(generator.choice(np.arange(low, high), count, replace=False).tolist()):
            spoilt = bytearray(WHOLE)
            spoilt[place] ^= 1 << int(generator.integers(8))
            name = f"parquet-{part}-bit-{place:05d}"
            yield Case(name, "parquet", f"{name}.parquet", "any", data=bytes(spoilt))
