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

import numpy as np
import numpy.typing as npt

from smarthan.tables.problems import FileRefused

_LF, _CR, _QUOTE, _COMMA, _NUL = 10, 13, 34, 44, 0
_VALID_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True)
class Limits:
    """What one input may cost. Ours; give another instance to a reader to change them."""

    file_bytes: int = 2 << 30
    rows: int = 20_000_000
    columns: int = 512
    unpack_ratio: int = 100  # a plain table packs about 15 to 1
    unpack_floor_bytes: int = 64 << 20


LIMITS = Limits()


@dataclass(frozen=True)
class Scan:
    """Where each record of a CSV file stands.

    Attributes
    ----------
    data : bytes
        The file's bytes, decompressed, without a byte-order mark, as UTF-8.
    start, end : int64 arrays
        Byte offsets of each non-blank record, its line end left out. The first one is the header.
    line : int64 array
        Physical line (1-based) on which each record starts.
    cells : int64 array
        Number of cells in each record.
    faults : dict of str to bool array
        Per rule code, which records break it: row_quotes, row_encoding, file_nul.
    encoding : str
        What the bytes were before.
    multiline : bool
        Whether any quoted cell holds a line break.
    """

    data: bytes
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    line: npt.NDArray[np.int64]
    cells: npt.NDArray[np.int64]
    faults: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict)
    encoding: str = "utf-8"
    multiline: bool = False

    def record(self, number: int) -> str:
        """Return the text of one record, undecodable bytes shown as the replacement character."""
        return self.data[self.start[number] : self.end[number]].decode("utf-8", errors="replace")


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
    budget = min(limits.file_bytes, max(limits.unpack_floor_bytes, limits.unpack_ratio * len(packed)))
    parts: list[bytes] = []
    total = 0
    try:
        while packed:
            stream = zlib.decompressobj(wbits=31)
            parts.append(stream.decompress(packed, budget + 1 - total))
            total += len(parts[-1])
            if stream.unconsumed_tail or total > budget:
                raise FileRefused(path, "file_too_large", f"unpacks to more than {budget:,} bytes")
            if not stream.eof:
                raise FileRefused(path, "file_truncated", "the gzip data is cut short; fetch the file again")
            packed = stream.unused_data
    except zlib.error:
        raise FileRefused(path, "file_unreadable", "is named .gz but is not gzip data") from None
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
    if not data.strip(b"\r\n"):
        raise FileRefused(path, "file_empty", "holds no record; a header and at least one row are needed")
    if data.rstrip(b"\r\n").endswith(b"\0"):
        raise FileRefused(path, "file_truncated", "ends in NUL bytes: the copy is damaged; fetch the file again")
    raw = np.frombuffer(data, dtype=np.uint8)
    ends = _line_ends(raw)
    quotes = np.flatnonzero(raw == _QUOTE)
    last_line_quote_open = _check_parity(path, quotes, ends)
    outside = ends[np.searchsorted(quotes, ends) % 2 == 0]
    start, end = _records(raw, outside, len(data))
    scan = Scan(
        data=data,
        start=start,
        end=end,
        line=np.searchsorted(ends, start, side="left") + 1,
        cells=_count_cells(raw, quotes, start, end),
        encoding=encoding,
        multiline=bool(len(outside) < len(ends)),
    )
    if len(start) > limits.rows + 1:
        raise FileRefused(path, "file_too_large", f"has {len(start) - 1:,} rows; at most {limits.rows:,} are read")
    scan.faults["row_quotes"] = _misplaced_quotes(path, scan, raw, quotes, ends)
    if last_line_quote_open:
        scan.faults["row_quotes"][-1] = True
    scan.faults["row_encoding"] = _undecodable(path, scan)
    scan.faults["file_nul"] = _marked(np.flatnonzero(raw == _NUL), start, end)
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
    if head.count(0) * 3 > len(head):
        raise FileRefused(path, "file_encoding", "looks like UTF-16 without a byte-order mark; save it as UTF-8")
    return data, "utf-8"


def _line_ends(raw: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    breaks = np.flatnonzero((raw == _LF) | (raw == _CR))
    last = len(raw) - 1
    pair = (raw[breaks] == _CR) & (raw[np.minimum(breaks + 1, last)] == _LF) & (breaks < last)
    return breaks[~pair]


def _check_parity(path: object, quotes: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> bool:
    """Return whether the last quote stays open within the last line; refuse a file where it swallows lines."""
    if len(quotes) % 2 == 0:
        return False
    following = ends[ends > quotes[-1]]
    if len(following) <= 1:
        return True
    line = int(np.searchsorted(ends, quotes[-1])) + 1
    raise FileRefused(path, "file_quotes", f"line {line}: a quote opens and never closes; mend that line")


def _records(
    raw: npt.NDArray[np.uint8], outside: npt.NDArray[np.int64], size: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    start = np.concatenate([[0], outside + 1]).astype(np.int64)
    end = np.concatenate([outside, [size]]).astype(np.int64)
    before = np.maximum(end - 1, 0)
    crlf = (end > start) & (end < size) & (raw[before] == _CR) & (raw[np.minimum(end, size - 1)] == _LF)
    end = end - crlf
    tail_break = (end == size) & (end > start) & np.isin(raw[before], (_LF, _CR))
    end = end - tail_break
    kept = end > start
    return start[kept], end[kept]


def _count_cells(
    raw: npt.NDArray[np.uint8],
    quotes: npt.NDArray[np.int64],
    start: npt.NDArray[np.int64],
    end: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    commas = np.flatnonzero(raw == _COMMA)
    if len(quotes):
        commas = commas[np.searchsorted(quotes, commas) % 2 == 0]
    return np.searchsorted(commas, end) - np.searchsorted(commas, start) + 1


def _misplaced_quotes(
    path: object,
    scan: Scan,
    raw: npt.NDArray[np.uint8],
    quotes: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """Mark records where a quote opens inside a cell or closes before its end."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = raw[np.maximum(opening - 1, 0)]
    bad_open = opening[(opening > 0) & ~np.isin(before, (_COMMA, _LF, _CR, _QUOTE))]
    after = raw[np.minimum(closing + 1, len(raw) - 1)]
    bad_close = closing[(closing < len(raw) - 1) & ~np.isin(after, (_COMMA, _LF, _CR, _QUOTE))]
    bad = np.sort(np.concatenate([bad_open, bad_close]))
    marked = _marked(bad, scan.start, scan.end)
    if marked.any() and scan.multiline:
        broken = marked & (np.searchsorted(ends, scan.end) > np.searchsorted(ends, scan.start))
        if broken.any():
            line = int(scan.line[np.flatnonzero(broken)[0]])
            raise FileRefused(path, "file_quotes", f"line {line}: a stray quote swallows further lines; mend it")
    return marked


def _undecodable(path: object, scan: Scan) -> npt.NDArray[np.bool_]:
    try:
        scan.data.decode("utf-8")
        return np.zeros(len(scan.start), dtype=np.bool_)
    except UnicodeDecodeError as error:
        first = error.start
    if _VALID_MULTIBYTE.search(scan.data) is None:
        raise FileRefused(
            path, "file_encoding", f"byte {first} is not UTF-8 and no other character is: save the file as UTF-8"
        )
    raw = np.frombuffer(scan.data, dtype=np.uint8)
    suspects = _marked(np.flatnonzero(raw >= 0x80), scan.start, scan.end)
    for number in np.flatnonzero(suspects):
        suspects[number] = not _decodes(scan.data[scan.start[number] : scan.end[number]])
    return suspects


def _decodes(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _marked(
    positions: npt.NDArray[np.int64], start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Return which records hold any of the byte positions."""
    return np.searchsorted(positions, end) > np.searchsorted(positions, start)
