"""Writing a release of the coverage matrix: CSV, Parquet, or responses to DUIS 12.1, each to be read back unchanged."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.files import write_whole

from .columns import MATRIX
from .facts import ESCAPED_KEY, METADATA_KEY

if TYPE_CHECKING:
    import pyarrow as pa

    from smarthan.coverage.duis.documents import Shape
    from smarthan.coverage.matrix import CoverageMatrix

ROW_GROUP = 131_072
_PACKING = 6  # gzip level: 9 takes five times as long for 2 % less
_FORMULA = r"^'*[=+\-@\t\r]"


def write_matrix(matrix: CoverageMatrix, path: str | os.PathLike[str], *, shape: Shape = "list") -> Path:
    """Write a release so that `read_matrix` gives the same rows and the same facts back.

    Parameters
    ----------
    matrix : CoverageMatrix
        The release.
    path : path
        Its name says the format. `.csv`, `.csv.gz`: the columns of the data model. `.parquet`: the same, sorted by
        postcode, zstd, 131,072 rows a group, the facts under the metadata key `smarthan.release`. `.xml`: one response
        to DUIS 12.1, for a matrix of one location. A name without suffix: a new folder of such responses, one a
        location, numbered in the order of the matrix.
    shape : {"list", "flat"}
        For DUIS: the list of V5.3a and V5.4, or the flat shape of V5.0 and V5.1.

    Returns
    -------
    Path
        The file or folder written. Beside all but Parquet stands `<path>.release.toml` with the facts of the release.

    Raises
    ------
    ValueError
        When the name says no format, the matrix has no row, or the format cannot carry a value: the message says
        which. Nothing is written then.
    FileExistsError
        When the folder exists.
    OSError
        When it cannot be written; nothing is left behind.

    Warns
    -----
    UserWarning
        When DUIS has no place for something (premises counts; the postcode of a UPRN row): it is left out.

    Notes
    -----
    Text that a spreadsheet would run (a start with `= + - @`, tab or carriage return) gets an apostrophe in CSV, and
    the facts beside the file say so (`escaped_formulas`), so that reading takes exactly that apostrophe off again:
    `auxiliary` and `info` come back verbatim. In a technology, a response code or an address such a start is no free
    text: in a matrix made by hand the row is written, and quarantined (`cell_formula`) when it is read back. The sha256
    of the release is that of the file read, so it differs from format to format.

    Examples
    --------
    >>> import tempfile
    >>> from smarthan.coverage import read_matrix
    >>> text = "postcode,csp_region,available,wan_technology\\nLL57 2DG,Central,true,Cellular\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     source = Path(folder) / "matrix.csv"
    ...     _ = source.write_text(text)
    ...     matrix = read_matrix(source, as_of="2026-11-02").matrix
    ...     again = read_matrix(write_matrix(matrix, Path(folder) / "matrix.parquet")).matrix
    >>> again.rows.equals(matrix.rows), again.release.as_of == matrix.release.as_of
    (True, True)
    """
    target = Path(path)
    if matrix.rows.empty:
        raise ValueError(f"{target}: the matrix has no row, so there is nothing to write")
    name = target.name.lower()
    if name.endswith((".csv", ".csv.gz")):
        _write_csv(matrix, target)
    elif name.endswith((".parquet", ".pq")):
        _write_parquet(matrix, target)
    elif name.endswith(".xml"):
        _write_response(matrix, target, shape)
    elif not target.suffix:
        _write_responses(matrix, target, shape)
    else:
        raise ValueError(f"{target}: write .csv, .csv.gz, .parquet, .xml, or a folder (a name without a dot) for DUIS")
    return target


def _beside(target: Path) -> Path:
    return target.with_name(f"{target.name}.release.toml")


@contextmanager
def _with_facts(matrix: CoverageMatrix, target: Path, **also: bool) -> Iterator[None]:
    """Take the old facts away, let the data be written, then write the new ones: never data under other facts."""
    facts = {**_facts(matrix), **also}
    _beside(target).unlink(missing_ok=True)
    yield
    with write_whole(_beside(target), "w") as stream:
        stream.write("".join(f"{name} = {_toml(value)}\n" for name, value in facts.items()))


def _facts(matrix: CoverageMatrix) -> dict[str, Any]:
    said = matrix.release.to_dict()
    return {name: value for name, value in said.items() if value is not None and name not in ("sha256", "row_count")}


def _toml(value: str | bool) -> str:
    # JSON's escapes are TOML's too, but for U+007F, which JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _columns(matrix: CoverageMatrix) -> pa.Table:
    """Return the declared columns; what is derived on reading is left out."""
    import pyarrow as pa

    table = pa.Table.from_pandas(matrix.rows[MATRIX.names], preserve_index=False)
    at = table.column_names.index("anticipated")
    return table.set_column(at, "anticipated", table["anticipated"].cast(pa.date32()))


def _write_parquet(matrix: CoverageMatrix, target: Path) -> None:
    import pyarrow.parquet as pq

    facts = json.dumps(matrix.release.to_dict(), ensure_ascii=False, sort_keys=True)
    table = _columns(matrix).replace_schema_metadata({METADATA_KEY: facts.encode()})
    plain = ("postcode", "uprn")
    # Facts beside a Parquet file would override those within.
    _beside(target).unlink(missing_ok=True)
    with write_whole(target) as stream:
        pq.write_table(
            table,
            stream,
            compression="zstd",
            row_group_size=ROW_GROUP,
            use_dictionary=[name for name in table.column_names if name not in plain],
            column_encoding=dict.fromkeys(plain, "DELTA_BYTE_ARRAY"),
        )


def _write_csv(matrix: CoverageMatrix, target: Path) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    table = _columns(matrix)
    cells, escaped = zip(*(_as_cells(name, table[name]) for name in table.column_names), strict=True)
    lines = pc.binary_join_element_wise(*cells, pa.scalar(",", pa.large_string()))
    header = pa.array([",".join(table.column_names)], pa.large_string())
    data = _join_lines(pa.concat_arrays([header, lines, pa.array([""], pa.large_string())]))
    facts = {ESCAPED_KEY: True} if any(escaped) else {}
    with _with_facts(matrix, target, **facts), write_whole(target) as stream:
        stream.write(gzip.compress(data, _PACKING, mtime=0) if target.name.lower().endswith(".gz") else data)


def _join_lines(lines: pa.Array) -> pa.Buffer:
    import pyarrow as pa
    import pyarrow.compute as pc

    one = pa.LargeListArray.from_arrays(pa.array([0, len(lines)], pa.int64()), lines)
    return pc.binary_join(one, pa.scalar("\n", pa.large_string()))[0].as_buffer()


def _as_cells(name: str, column: pa.ChunkedArray) -> tuple[pa.Array, bool]:
    """Return a column as CSV cells, '' where missing, and whether any was kept from being a formula."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pa.concat_arrays(column.unify_dictionaries().chunks)
    if pa.types.is_dictionary(whole.type):
        words, escaped = _as_text(name, whole.dictionary.cast(pa.large_string()))
        return pc.fill_null(words.take(whole.indices), ""), escaped
    text = pc.fill_null(whole.cast(pa.large_string()), "")
    return _as_text(name, text) if name in _TEXTS else (text, False)


def _as_text(name: str, words: pa.Array) -> tuple[pa.Array, bool]:
    """Return text cells kept from being formulas, and quoted where they must be (RFC 4180)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pc.any(pc.match_substring(words, "\0")).as_py():
        raise ValueError(f"column {name} holds a NUL character, which CSV cannot carry; write Parquet")
    risky = pc.match_substring_regex(words, _FORMULA)
    escaped = bool(pc.any(risky).as_py())
    if escaped:
        words = pc.replace_substring_regex(words, _FORMULA, r"'\0")
    special = pc.match_substring_regex(words, '[",\r\n]')
    if pc.any(special).as_py():
        mark, nothing = pa.scalar('"', pa.large_string()), pa.scalar("", pa.large_string())
        doubled = pc.replace_substring(words, '"', '""')
        words = pc.if_else(special, pc.binary_join_element_wise(mark, doubled, mark, nothing), words)
    return words, escaped


_TEXTS = tuple(field.name for field in MATRIX.fields if field.kind in ("text", "category"))


def _warn_left_out(matrix: CoverageMatrix, target: Path) -> None:
    from smarthan.coverage.duis.splitting import find_left_out

    left_out = find_left_out(matrix.rows)
    if left_out:
        words = f"{target}: DUIS 12.1 has no place for {', '.join(left_out)}: left out; CSV and Parquet keep all"
        warnings.warn(words, UserWarning, stacklevel=4)


def _write_response(matrix: CoverageMatrix, target: Path, shape: Shape) -> None:
    from smarthan.coverage.duis.composing import compose_response
    from smarthan.coverage.duis.splitting import split_responses

    responses = [response for _, response in split_responses(matrix, shape=shape)]
    if len(responses) > 1:
        raise ValueError(
            f"{target}: one response holds one location, the matrix has {len(responses):,}; name a folder (no suffix)"
        )
    _warn_left_out(matrix, target)
    with _with_facts(matrix, target), write_whole(target) as stream:
        stream.write(compose_response(responses[0]))


def _write_responses(matrix: CoverageMatrix, target: Path, shape: Shape) -> None:
    from smarthan.coverage.duis.composing import compose_response
    from smarthan.coverage.duis.splitting import split_responses

    if target.exists():
        raise FileExistsError(f"{target}: exists already; name a new folder")
    width = len(str(len(matrix.rows)))
    with _new_folder(target) as partial:
        for number, (name, response) in enumerate(split_responses(matrix, shape=shape), start=1):
            (partial / f"{number:0{width}d}-{name}.xml").write_bytes(compose_response(response))
        _warn_left_out(matrix, target)
        with _with_facts(matrix, target):
            # One call brings thousands of small files to the disk; one fsync each would take minutes.
            os.sync()
            partial.rename(target)


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """Give a temporary sibling; what is left of it on leaving is removed."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    partial.mkdir()
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)
