"""The byte-level look at a CSV file before any parser sees it.

Stock readers lose or shift rows without a word: a first row with one cell too many becomes an index, a short row is
padded, one stray quote swallows the rest. So the records, their cells and their physical lines are counted here, on
the bytes, and the parser gets only records that are whole.
"""

from __future__ import annotations

import os
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from smarthan.tables.problems import FileRefused

if TYPE_CHECKING:
    import pyarrow as pa

_LF, _CR, _QUOTE, _COMMA, _NUL = 10, 13, 34, 44, 0
_GZIP_MARK = b"\x1f\x8b"
_STEP = 1 << 20  # elements worked on at a time, where the whole would cost 8 bytes for each
Offsets = npt.NDArray[np.signedinteger]
_VALID_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True)
class Limits:
    """What one input may cost. Ours; give another instance to a reader to change them."""

    file_bytes: int = 2 << 30
    rows: int = 20_000_000
    columns: int = 512
    unpack_ratio: int = 100  # a plain table packs about 15 to 1
    unpack_floor_bytes: int = 64 << 20
    rows_per_byte: int = 8  # Parquet; a real release has one row in two bytes
    rows_floor: int = 1_000_000


LIMITS = Limits()


@dataclass(frozen=True)
class Scan:
    """Where each record of a CSV file stands.

    Attributes
    ----------
    data : bytes
        The file's bytes, decompressed, without a byte-order mark, as UTF-8.
    start, end : integer arrays
        Byte offsets of each non-blank record, its line end left out. The first one is the header.
    line : integer array
        Physical line (1-based) on which each record starts.
    cells : integer array
        Number of cells in each record.
    lines : int
        Physical lines of the file, blank ones included.
    faults : dict of str to bool array
        Per rule code, which records break it: row_quotes, row_encoding, file_nul.
    encoding : str
        What the bytes were before.
    multiline : bool
        Whether any quoted cell holds a line break.
    """

    data: bytes
    start: Offsets
    end: Offsets
    line: Offsets
    cells: Offsets
    lines: int
    faults: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict)
    encoding: str = "utf-8"
    multiline: bool = False

    def record(self, number: int) -> str:
        """Return the text of one record, undecodable bytes shown as the replacement character."""
        return self.data[self.start[number] : self.end[number]].decode("utf-8", errors="replace")

    def records(self, numbers: Offsets) -> pa.DictionaryArray:
        """Return the text of many records, in file order, each text kept once; undecodable bytes as in `record`."""
        import pyarrow as pa

        parts = [self._coded(numbers[at : at + _STEP]) for at in range(0, len(numbers), _STEP)]
        coded = pa.chunked_array(parts, pa.dictionary(pa.int32(), pa.large_binary())).combine_chunks()
        words = coded.dictionary
        if self.faults["row_encoding"][numbers].any():
            words = pa.array([word.decode("utf-8", errors="replace") for word in words.to_pylist()], pa.large_string())
        return pa.DictionaryArray.from_arrays(coded.indices, words.cast(pa.large_string()))

    def _coded(self, numbers: Offsets) -> pa.DictionaryArray:
        import pyarrow as pa

        start, end = self.start[numbers].astype(np.int64), self.end[numbers].astype(np.int64)
        offsets = np.zeros(len(numbers) + 1, dtype=np.int64)
        np.cumsum(end - start, out=offsets[1:])
        low, high = int(start[0]), int(end[-1])
        mark = np.zeros(high - low + 1, dtype=np.int8)
        mark[start - low], mark[end - low] = 1, -1
        inside = np.cumsum(mark[:-1], dtype=np.int8).view(np.bool_)
        kept = np.frombuffer(self.data, dtype=np.uint8)[low:high][inside]
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(kept)]
        return pa.Array.from_buffers(pa.large_binary(), len(numbers), buffers).dictionary_encode()


def read_bytes(path: str | os.PathLike[str], limits: Limits = LIMITS) -> bytes:
    """Return a file's bytes, unpacked if its name ends in `.gz`, within the limits.

    Raises
    ------
    FileRefused
        `file_missing`, `file_unreadable`, `file_too_large`, `file_truncated` or `file_empty`.
    """
    source = Path(path)
    if source.is_dir():
        raise FileRefused(path, "file_unreadable", "is a folder; give the file")
    try:
        size = source.stat().st_size
        if size > limits.file_bytes:
            raise FileRefused(path, "file_too_large", f"has {size:,} bytes; at most {limits.file_bytes:,} are read")
        data = source.read_bytes()
    except FileNotFoundError:
        raise FileRefused(path, "file_missing", "does not exist; check the path") from None
    except OSError as error:
        raise FileRefused(path, "file_unreadable", f"cannot be opened: {error.strerror}") from None
    if is_gzip(path):
        data = _unpack(path, data, limits)
    if not data:
        raise FileRefused(path, "file_empty", "is empty; a header and at least one row are needed")
    return data


def is_gzip(path: str | os.PathLike[str]) -> bool:
    """Return whether a file's name says that it is compressed."""
    return Path(path).suffix.casefold() == ".gz"


def _unpack(path: object, packed: bytes, limits: Limits) -> bytes:
    """Unpack one gzip member after another; the reach of each step grows only within a member, so many are cheap."""
    budget = min(limits.file_bytes, max(limits.unpack_floor_bytes, limits.unpack_ratio * len(packed)))
    parts: list[bytes] = []
    total = at = 0
    while at < len(packed):
        if packed[at : at + 2] != _GZIP_MARK:
            word = "holds other data after the gzip data" if at else "is named .gz but is not gzip data"
            raise FileRefused(path, "file_unreadable", f"{word}; fetch the file again")
        stream, step = zlib.decompressobj(wbits=31), 512
        while not stream.eof:
            if at >= len(packed):
                raise FileRefused(path, "file_truncated", "the gzip data is cut short; fetch the file again")
            try:
                parts.append(stream.decompress(packed[at : at + step], budget + 1 - total))
            except zlib.error:
                raise FileRefused(path, "file_unreadable", "its gzip data is damaged; fetch the file again") from None
            total += len(parts[-1])
            if total > budget:
                raise FileRefused(path, "file_too_large", f"unpacks to more than {budget:,} bytes")
            at += min(step, len(packed) - at) - len(stream.unused_data)
            step = min(2 * step, 1 << 20)
    return b"".join(parts)


def scan_csv(path: str | os.PathLike[str], *, data: bytes | None = None, limits: Limits = LIMITS) -> Scan:
    """Find the records of a CSV file (RFC 4180, comma, UTF-8) without parsing a cell.

    Parameters
    ----------
    path : path
        A `.csv` or `.csv.gz` file. LF, CRLF, CR and mixtures are line ends; UTF-16 with a mark is decoded.
    data : bytes, optional
        The text itself, where it was read out of an archive; then `path` only names it.
    limits : Limits
        What the file may cost.

    Returns
    -------
    Scan

    Raises
    ------
    FileRefused
        When the file as a whole cannot be used.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "t.csv"
    ...     _ = path.write_text('a,b\\n1,"x\\ny"\\n\\n2,z\\n')
    ...     scan = scan_csv(path)
    >>> scan.line.tolist(), scan.cells.tolist()
    ([1, 2, 5], [2, 2, 2])
    """
    data, encoding = _as_utf8(path, read_bytes(path, limits) if data is None else data)
    tail = data[-_STEP:].rstrip(b"\r\n") or data.rstrip(b"\r\n")  # no copy of a whole file that ends as files do
    if not tail:
        raise FileRefused(path, "file_empty", "holds no record; a header and at least one row are needed")
    if tail.endswith(b"\0"):
        raise FileRefused(path, "file_truncated", "ends in NUL bytes: the copy is damaged; fetch the file again")
    raw = np.frombuffer(data, dtype=np.uint8)
    ends = _line_ends(raw)
    quotes = _find_bytes(raw, _QUOTE)
    last_line_quote_open = _stays_open(path, quotes, ends)
    outside = _outside(ends, quotes)
    start, end = _records(raw, outside)
    if len(start) > limits.rows + 1:
        raise FileRefused(path, "file_too_large", f"has {len(start) - 1:,} rows; at most {limits.rows:,} are read")
    scan = Scan(
        data=data,
        start=start,
        end=end,
        line=_count_before(ends, start) + 1,
        cells=_count_cells(raw, quotes, start, end),
        lines=len(ends) + (len(raw) > 0 and raw[-1] not in (_LF, _CR)),
        encoding=encoding,
        multiline=len(outside) < len(ends),
    )
    scan.faults["row_quotes"] = _misplaced_quotes(path, scan, raw, quotes, ends)
    if last_line_quote_open:
        scan.faults["row_quotes"][-1] = True
    del quotes
    scan.faults["row_encoding"] = _undecodable(path, scan)
    scan.faults["file_nul"] = _marked(_find_bytes(raw, _NUL), start, end)
    return scan


def _as_utf8(path: object, data: bytes) -> tuple[bytes, str]:
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:], "utf-8-sig"
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            try:
                return data[2:].decode(name).encode("utf-8"), name
            except UnicodeDecodeError:
                raise FileRefused(path, "file_encoding", f"starts as {name} but is not; save it as UTF-8") from None
    head = data[:4096]
    # NUL has a rule of its own; other control characters do not stand in text.
    control = sum(head.count(code) for code in (*range(1, 9), *range(14, 32)))
    if control > 8 and control * 20 > len(head):
        raise FileRefused(path, "file_encoding", "holds binary data, not text; save the table as CSV (UTF-8)")
    if data.rstrip(b"\0")[:4096].count(0) * 3 > len(head):
        raise FileRefused(path, "file_encoding", "looks like UTF-16 without a byte-order mark; save it as UTF-8")
    return data, "utf-8"


def positions_of(mask: npt.NDArray[np.bool_]) -> Offsets:
    """Return where a mask is true, in half the memory wherever the file is under 2 GiB."""
    kind = np.int32 if len(mask) < np.iinfo(np.int32).max else np.int64
    found: Offsets = np.empty(np.count_nonzero(mask), dtype=kind)
    filled = 0
    for at in range(0, len(mask), _STEP):
        part = np.flatnonzero(mask[at : at + _STEP])
        found[filled : filled + len(part)] = part + at
        filled += len(part)
    return found


def _find_bytes(raw: npt.NDArray[np.uint8], *values: int) -> Offsets:
    """Return where one of some bytes stands, with no mask as long as the file."""
    kind = np.int32 if len(raw) < np.iinfo(np.int32).max else np.int64
    found = [np.zeros(0, dtype=kind)]
    for at in range(0, len(raw), _STEP):
        part = raw[at : at + _STEP]
        here = np.flatnonzero(part == values[0] if len(values) == 1 else np.isin(part, values))
        if len(here):
            found.append((here + at).astype(kind))
    return np.concatenate(found)


def _outside(positions: Offsets, quotes: Offsets) -> Offsets:
    """Return which of the sorted positions stand in no quoted cell: after an even number of quotes."""
    if not len(quotes):
        return positions
    kept = [positions[:0]]
    for at in range(0, len(positions), _STEP):
        part = positions[at : at + _STEP]
        low, high = np.searchsorted(quotes, part[[0, -1]])
        inside = np.searchsorted(quotes, part) & 1 if high > low else np.full(len(part), low & 1)
        kept.append(part[inside == 0])
    return np.concatenate(kept)


def _count_before(positions: Offsets, places: Offsets) -> Offsets:
    """Return how many of the sorted positions lie before each place."""
    count = np.empty_like(places)
    for at in range(0, len(places), _STEP):
        count[at : at + _STEP] = np.searchsorted(positions, places[at : at + _STEP])
    return count


def _line_ends(raw: npt.NDArray[np.uint8]) -> Offsets:
    breaks = _find_bytes(raw, _LF, _CR)
    last = len(raw) - 1
    pair = (raw[breaks] == _CR) & (raw[np.minimum(breaks + 1, last)] == _LF) & (breaks < last)
    return breaks[~pair] if pair.any() else breaks


def _stays_open(path: object, quotes: Offsets, ends: Offsets) -> bool:
    """Return whether the last quote stays open within the last line; refuse a file where it swallows lines."""
    if len(quotes) % 2 == 0:
        return False
    before = int(np.searchsorted(ends, quotes[-1]))
    if len(ends) - before <= 1:
        return True
    raise FileRefused(path, "file_quotes", f"line {before + 1}: a quote opens and never closes; mend that line")


def _records(raw: npt.NDArray[np.uint8], outside: Offsets) -> tuple[Offsets, Offsets]:
    size = len(raw)
    start = np.concatenate([[0], outside + 1]).astype(outside.dtype)
    end = np.concatenate([outside, [size]]).astype(outside.dtype)
    before = np.maximum(end - 1, 0)
    crlf = (end > start) & (end < size) & (raw[before] == _CR) & (raw[np.minimum(end, size - 1)] == _LF)
    end -= crlf
    end -= (end == size) & (end > start) & np.isin(raw[before], (_LF, _CR))
    kept = end > start
    return (start, end) if kept.all() else (start[kept], end[kept])


def _count_cells(raw: npt.NDArray[np.uint8], quotes: Offsets, start: Offsets, end: Offsets) -> Offsets:
    commas = _outside(_find_bytes(raw, _COMMA), quotes)
    count = _count_before(commas, end)
    count -= _count_before(commas, start)
    count += 1
    return count


def _misplaced_quotes(
    path: object, scan: Scan, raw: npt.NDArray[np.uint8], quotes: Offsets, ends: Offsets
) -> npt.NDArray[np.bool_]:
    """Mark records where a quote opens inside a cell or closes before its end."""
    beside = np.zeros(256, dtype=np.bool_)
    beside[[_COMMA, _LF, _CR, _QUOTE]] = True
    opening, closing = quotes[::2], quotes[1::2]
    inside = (opening > 0) & ~beside[raw[np.maximum(opening - 1, 0)]]
    early = (closing < len(raw) - 1) & ~beside[raw[np.minimum(closing + 1, len(raw) - 1)]]
    bad = np.sort(np.concatenate([opening[inside], closing[early]]))
    marked = _marked(bad, scan.start, scan.end)
    if marked.any() and scan.multiline:
        broken = marked & (np.searchsorted(ends, scan.end) > np.searchsorted(ends, scan.start))
        if broken.any():
            line = int(scan.line[np.flatnonzero(broken)[0]])
            raise FileRefused(path, "file_quotes", f"line {line}: a stray quote swallows further lines; mend it")
    return marked


def _undecodable(path: object, scan: Scan) -> npt.NDArray[np.bool_]:
    try:
        if not scan.data.isascii():
            scan.data.decode("utf-8")
        return np.zeros(len(scan.start), dtype=np.bool_)
    except UnicodeDecodeError as error:
        first = error.start
    if _VALID_MULTIBYTE.search(scan.data) is None:
        raise FileRefused(
            path, "file_encoding", f"byte {first} is not UTF-8 and no other character is: save the file as UTF-8"
        )
    bad = _bad_utf8(np.frombuffer(scan.data, dtype=np.uint8))
    return _marked(positions_of(bad), scan.start, scan.end)


def _bad_utf8(raw: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Mark bytes that are no part of UTF-8, or that begin a character which does not end (RFC 3629, section 4)."""
    raw = np.append(raw, np.uint8(_LF))  # whatever the last character lacks is missed there
    leads = [(raw >= low) & (raw <= high) for low, high in ((0xC2, 0xF4), (0xE0, 0xF4), (0xF0, 0xF4))]
    expected = np.zeros(len(raw), dtype=np.bool_)
    for reach, lead in enumerate(leads, start=1):
        expected[reach:] |= lead[:-reach]
    following = (raw & 0xC0) == 0x80
    bad = ((raw >= 0x80) & ~following & ~leads[0]) | (following & ~expected)
    for reach, lead in enumerate(leads, start=1):
        bad[:-reach] |= lead[:-reach] & ~following[reach:]  # told of the byte that began it, not of another line's
        bad[-reach:] |= lead[-reach:]
    bad[1:] |= following[1:] & (raw[:-1] < 0x80)  # what stood between ended the character that was expected
    for first, low, high in ((0xE0, 0xA0, 0xBF), (0xED, 0x80, 0x9F), (0xF0, 0x90, 0xBF), (0xF4, 0x80, 0x8F)):
        bad[:-1] |= (raw[:-1] == first) & ((raw[1:] < low) | (raw[1:] > high))
    return bad[:-1]


def _marked(positions: Offsets, start: Offsets, end: Offsets) -> npt.NDArray[np.bool_]:
    """Return which records hold any of the byte positions."""
    if not len(positions):
        return np.zeros(len(start), dtype=np.bool_)
    return _count_before(positions, end) > _count_before(positions, start)
