"""Files on disk: hashed, written whole or not at all, free of live formulas."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# CWE-1236: a spreadsheet runs a cell that starts with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def sha256_of(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file's bytes as 64 hexadecimal digits.

    Raises
    ------
    OSError
        When the file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "empty"
    ...     _ = path.write_bytes(b"")
    ...     sha256_of(path)[:8]
    'e3b0c442'
    """
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextlib.contextmanager
def write_whole(path: str | os.PathLike[str], mode: str = "wb") -> Iterator[IO[Any]]:
    """Open a file for writing that appears under its name only when it is complete and on disk.

    The bytes go to a temporary sibling, are fsynced, then renamed over `path`: a reader never sees half a file and
    a failed run never replaces a good one.

    Parameters
    ----------
    path : path
        Where the finished file shall stand. Its folder must exist.
    mode : {"wb", "w"}
        Binary, or UTF-8 text with LF line ends.

    Yields
    ------
    file object

    Raises
    ------
    OSError
        When the folder cannot be written to; nothing is left behind.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with write_whole(Path(folder) / "note.txt", "w") as stream:
    ...         _ = stream.write("done")
    ...     os.listdir(folder)
    ['note.txt']
    """
    target = Path(path)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    encoding, newline = (None, None) if "b" in mode else ("utf-8", "\n")
    try:
        with open(partial, mode, encoding=encoding, newline=newline) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def escape_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose text cells cannot start a spreadsheet formula: such cells get a leading apostrophe.

    Columns of numbers, dates and booleans are left alone, so -5 stays -5.

    Examples
    --------
    >>> import pandas as pd
    >>> escape_formulas(pd.DataFrame({"note": ["=1+1", "fine"], "value": [-5, 2]})).values.tolist()
    [["'=1+1", -5], ['fine', 2]]
    """
    import pandas as pd

    safe = frame.copy()
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            column = column.astype("str")
        if pd.api.types.is_string_dtype(column.dtype):
            risky = column.str.startswith(FORMULA_STARTS, na=False)
            if risky.any():
                safe[name] = column.where(~risky, "'" + column)
    return safe


def write_csv(frame: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a table as UTF-8 CSV with LF line ends, whole or not at all, with formulas escaped.

    Parameters
    ----------
    frame : DataFrame
        The index is not written. Missing cells become empty.
    path : path
        A name that ends in `.gz` is compressed, with no time stamp inside, so that equal tables give equal bytes.

    Returns
    -------
    Path
        The path written.

    Raises
    ------
    OSError
        When the file cannot be written.
    PersonalRefused
        When the table holds personal data; nothing is written.

    Examples
    --------
    >>> import tempfile, pandas as pd
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_csv(pd.DataFrame({"a": ["=1", "b"]}), Path(folder) / "t.csv").read_text()
    "a\\n'=1\\nb\\n"
    """
    import csv
    import gzip

    from smarthan.personal import refuse_personal

    refuse_personal(frame, to=path)
    escaped = escape_formulas(frame)
    text = escaped.to_csv(index=False, lineterminator="\n")
    if "\r" in text:  # a carriage return alone in a cell is not quoted by itself, and would begin a row when read
        text = escaped.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    data = text.encode("utf-8")
    target = Path(path)
    with write_whole(target) as stream:
        stream.write(gzip.compress(data, mtime=0) if target.suffix == ".gz" else data)
    return target
