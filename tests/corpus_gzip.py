"""Compressed files: whole, in members, cut, damaged, a bomb."""

import gzip
from collections.abc import Iterator

from tests.corpus_case import CLEAN, HEADER, Case, kept, pack, refused

WHOLE = CLEAN.encode()
PACKED = pack(WHOLE)


def gzips() -> Iterator[Case]:
    """Compressed files that are whole, and ones with more behind."""
    yield kept("gzip", "gzip", PACKED, end=".csv.gz")
    yield kept("gzip-members", "gzip", pack(WHOLE[:200]) + pack(WHOLE[200:]), end=".csv.gz")
    yield kept("gzip-empty-members", "gzip", pack(b"") * 20_000 + PACKED, end=".csv.gz")


def gzips_damaged() -> Iterator[Case]:
    """Compressed files that are cut, damaged, or not compressed at all."""
    for share in (3, 50, 95, 99):
        yield refused(
            f"gzip-cut-at-{share}", "gzip", PACKED[: len(PACKED) * share // 100], "file_truncated", end=".csv.gz"
        )
    yield refused("gzip-cut-after-mark", "gzip", PACKED[:2], "file_truncated", end=".csv.gz")
    yield refused("gzip-trailing-text", "gzip", PACKED + b"and some more", "file_unreadable", end=".csv.gz")
    yield refused("gzip-trailing-zeros", "gzip", PACKED + bytes(100), "file_unreadable", end=".csv.gz")
    yield refused("gzip-not", "gzip", WHOLE, "file_unreadable", end=".csv.gz")
    yield refused("gzip-empty", "gzip", b"", "file_empty", end=".csv.gz")
    yield refused("gzip-of-nothing", "gzip", pack(b""), "file_empty", end=".csv.gz")
    yield refused("gzip-twice", "gzip", pack(PACKED), "file_encoding", end=".csv.gz")
    for place in (15, len(PACKED) // 2, len(PACKED) - 6):
        spoilt = bytearray(PACKED)
        spoilt[place] ^= 0x55
        yield refused(f"gzip-damaged-at-{place}", "gzip", bytes(spoilt), "file_unreadable", end=".csv.gz")
    bomb = gzip.compress(HEADER.encode() + b"\n" + b"0" * 100_000_000, compresslevel=9, mtime=0)
    yield refused("gzip-bomb", "gzip", bomb, "file_too_large", end=".csv.gz")
