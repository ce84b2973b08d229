"""A release as a folder: matrix.parquet, its index, its facts, its account, and the hashes that vouch for them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.coverage.index.mapped import MappedMatrix
from smarthan.files import sha256_of

from .release import Release

if TYPE_CHECKING:
    import pandas as pd

    from smarthan.coverage.matrix import CoverageMatrix

PARQUET, INDEX, MANIFEST, LEDGER, QUARANTINE, HASHES = (
    *("matrix.parquet", "matrix.idx", "manifest.json", "ledger.json", "quarantine.csv", "SHA256"),
)
HASHED = (PARQUET, INDEX)
ROW_GROUP = 131_072


class ReleaseDamaged(ValueError):
    """A release folder is not what was saved."""


def save_release(matrix: CoverageMatrix, folder: Path, read: Any = None) -> Path:
    """Write a release folder, whole or not at all; see `CoverageMatrix.save`."""
    if folder.exists():
        raise FileExistsError(f"{folder}: exists already; a release is never overwritten, name another folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _folder_whole(folder) as partial:
        write_release(matrix, partial, read)
    return folder


def write_release(matrix: CoverageMatrix, folder: Path, read: Any = None) -> None:
    """Write the files of a release into an empty folder."""
    from smarthan.coverage.index.building import build_index
    from smarthan.files import write_csv
    from smarthan.tables import empty_ledger, empty_problems

    _write_parquet(matrix, folder / PARQUET)
    hashes = {PARQUET: sha256_of(folder / PARQUET)}
    (folder / INDEX).write_bytes(build_index(matrix.rows, matrix.release, source_sha256=hashes[PARQUET]))
    hashes[INDEX] = sha256_of(folder / INDEX)
    ledger = empty_ledger() if read is None else read.ledger
    _write_json(folder / MANIFEST, {"release": matrix.release.to_dict(), "files": hashes})
    _write_json(folder / LEDGER, json.loads(ledger.to_json(orient="records")))
    write_csv(empty_problems() if read is None else read.quarantine, folder / QUARANTINE)
    (folder / HASHES).write_text("".join(f"{hashes[name]}  {name}\n" for name in HASHED), "ascii")


def open_release(folder: str | os.PathLike[str], *, verify: bool) -> MappedMatrix:
    """Map the index of a release folder.

    Parameters
    ----------
    folder : path
        Written by `save_release`.
    verify : bool
        Hash the files (about 30 ms); otherwise only their presence and the index's own parentage are checked.

    Raises
    ------
    ReleaseDamaged
        When a file is absent or is not the one that was saved.
    """
    place = Path(folder)
    expected = _read_hashes(place)
    for name in HASHED:
        if not (place / name).is_file():
            raise ReleaseDamaged(f"{place}: {name} is absent; take the release from its source again")
        if verify and sha256_of(place / name) != expected[name]:
            raise ReleaseDamaged(
                f"{place}: {name} is not the file that was saved; take the release from its source again"
            )
    try:
        mapped = MappedMatrix.map(place / INDEX)
    except ValueError as error:
        raise ReleaseDamaged(str(error)) from None
    if mapped.source_sha256 != expected[PARQUET]:
        raise ReleaseDamaged(
            f"{place}: {INDEX} was made from another {PARQUET}; take the release from its source again"
        )
    return mapped


def read_rows(folder: Path, release: Release) -> pd.DataFrame:
    """Read the rows of a release folder, typed as they were saved."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    from .columns import CSP_REGIONS, LIKELIHOODS, LOCATION_KINDS, WAN_GROUPS

    table = pq.read_table(folder / PARQUET).replace_schema_metadata()
    types = {pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype()}
    rows = table.to_pandas(types_mapper=types.get)
    lists = {"location_kind": LOCATION_KINDS, "csp_region": CSP_REGIONS, "wan_group": WAN_GROUPS}
    for name, words in {**lists, "likelihood": LIKELIHOODS}.items():
        rows[name] = rows[name].cat.set_categories(list(words), ordered=name == "likelihood")
    for name in ("region_code", "wan_technology", "auxiliary"):
        rows[name] = rows[name].cat.rename_categories(rows[name].cat.categories.astype("str"))
    rows["anticipated"] = rows["anticipated"].astype("datetime64[us]")
    return rows


def _write_parquet(matrix: CoverageMatrix, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from .facts import METADATA_KEY

    table = pa.Table.from_pandas(matrix.rows, preserve_index=False)
    at = table.column_names.index("anticipated")
    table = table.set_column(at, "anticipated", table["anticipated"].cast(pa.date32()))
    facts = json.dumps(matrix.release.to_dict(), sort_keys=True).encode()
    table = table.replace_schema_metadata({METADATA_KEY: facts})
    pq.write_table(table, path, compression="zstd", row_group_size=ROW_GROUP)


def _write_json(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", "utf-8")


def _read_hashes(folder: Path) -> dict[str, str]:
    path = folder / HASHES
    if not path.is_file():
        raise ReleaseDamaged(
            f"{folder}: no {HASHES} in it, so it is no whole release folder; give one that `save` wrote"
        )
    lines = [line.split() for line in path.read_text("ascii", errors="replace").splitlines()]
    hashes = {line[1]: line[0] for line in lines if len(line) == 2}
    absent = [name for name in HASHED if name not in hashes]
    if absent:
        raise ReleaseDamaged(f"{path}: does not list {', '.join(absent)}; take the release from its source again")
    return hashes


@contextmanager
def _folder_whole(folder: Path) -> Iterator[Path]:
    """Give a temporary sibling that becomes the folder once all in it is on disk."""
    partial = folder.with_name(f".tmp-{folder.name}-{os.getpid()}")
    partial.mkdir()
    try:
        yield partial
        for path in partial.iterdir():
            _sync(path)
        _sync(partial)
        partial.rename(folder)
        _sync(folder.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
