"""A file of named arrays with a header, memory-mapped and read with the standard library alone."""

from __future__ import annotations

import mmap
import os

from .header import read_header, write_header

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

MAGIC = b"SMHARRAY"
ALIGNMENT = 64  # bytes; a cache line
# struct codes by the names numpy uses
_CODES: dict[str, Literal["B", "H", "I", "i", "q"]] = {
    "uint8": "B",
    "uint16": "H",
    "uint32": "I",
    "int32": "i",
    "int64": "q",
}


class ArrayFile:
    """Named arrays in one buffer.

    Attributes
    ----------
    header : dict
        What the writer said of them.
    """

    def __init__(self, buffer: mmap.mmap | bytes | memoryview, name: object = "index") -> None:
        self._view = memoryview(buffer)
        self._name = name
        self._typed: dict[str, memoryview] = {}
        start = len(MAGIC) + 8
        if len(self._view) < start or bytes(self._view[: len(MAGIC)]) != MAGIC:
            raise ValueError(f"{name}: not an index of smarthan; delete it, it is made again from the Parquet file")
        length = int.from_bytes(self._view[len(MAGIC) : start], "little")
        text = bytes(self._view[start : start + length])
        self._base = -(-(start + length) // ALIGNMENT) * ALIGNMENT
        try:
            self.header: dict[str, Any] = read_header(text.decode("ascii"))
            self._arrays: dict[str, tuple[str, int, int]] = {k: tuple(v) for k, v in self.header.pop("arrays").items()}
            size = self.header.pop("bytes")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise self._cut_short() from None
        if len(self._view) < self._base + size:
            raise self._cut_short()

    @classmethod
    def map(cls, path: str | os.PathLike[str]) -> ArrayFile:
        """Map a file into memory; nothing but the header is read now.

        Raises
        ------
        FileNotFoundError
            When it is not there.
        ValueError
            When it is not such a file, or is cut short.
        """
        with open(path, "rb") as stream:
            if os.fstat(stream.fileno()).st_size == 0:
                raise ValueError(f"{path}: empty; delete it, it is made again from the Parquet file")
            return cls(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ), path)

    def raw(self, name: str) -> memoryview:
        """Return the bytes of one array."""
        _, offset, size = self._arrays[name]
        return self._view[self._base + offset : self._base + offset + size]

    def dtype(self, name: str) -> str:
        """Return the numpy name of one array's element type."""
        return self._arrays[name][0]

    def __contains__(self, name: object) -> bool:
        return name in self._arrays

    def __getitem__(self, name: str) -> memoryview:
        if name not in self._typed:
            codes: Any = _CODES
            self._typed[name] = self.raw(name).cast(codes[self.dtype(name)])
        return self._typed[name]

    def _cut_short(self) -> ValueError:
        return ValueError(f"{self._name}: the index is cut short; delete it, it is made again from the Parquet file")


def pack_arrays(header: dict[str, Any], arrays: dict[str, Any]) -> bytes:
    """Return the bytes of an `ArrayFile`.

    Parameters
    ----------
    header : dict
        As `header.write_header` takes it.
    arrays : dict of str to numpy array
        uint8, uint16, uint32, int32 or int64, one dimension, little-endian.

    Examples
    --------
    >>> import numpy as np
    >>> file = ArrayFile(pack_arrays({"of": "squares"}, {"n": np.array([0, 1, 4], dtype="uint16")}))
    >>> file.header["of"], file["n"][2]
    ('squares', 4)
    """
    places, parts, offset = {}, [], 0
    for name, array in arrays.items():
        data = array.tobytes()
        places[name] = [str(array.dtype), offset, len(data)]
        padded = -(-len(data) // ALIGNMENT) * ALIGNMENT
        parts.append(data.ljust(padded, b"\0"))
        offset += padded
    text = write_header({**header, "arrays": places, "bytes": offset}).encode("ascii")
    start = len(MAGIC) + 8 + len(text)
    head = MAGIC + len(text).to_bytes(8, "little") + text + b"\0" * (-start % ALIGNMENT)
    return head + b"".join(parts)
