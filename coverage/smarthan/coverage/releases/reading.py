"""Reading a release of the coverage matrix: every row accepted, or in quarantine with its place and reason."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.coverage.duis.gathering import holds_documents, open_duis_rows
from smarthan.coverage.matrix import CoverageMatrix
from smarthan.tables import LIMITS, FileRefused, Limits, Rows, TableRead, open_rows
from smarthan.tables.accounting import number_groups

from .columns import INSTALLS, LOCATION_KINDS, MATRIX, SUCCESS_CODE, WAN_GROUPS
from .facts import ESCAPED_KEY, planning_range, read_metadata, read_sidecar, settle_release
from .keys import read_postcode_keys, read_uprn_keys
from .parquet_text import open_parquet_rows
from .release import Release
from .systematic import check_systematic
from .technologies import Technologies, read_technologies

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class MatrixRead:
    """A release that was read, with its account.

    Attributes
    ----------
    matrix : CoverageMatrix
        The accepted rows.
    quarantine : DataFrame
        One line a rule broken by a row: table, file, line, key, column, code, severity, original, message, suggestion.
    ledger : DataFrame
        One line: what was read, accepted and quarantined, with counts per code.
    notes : DataFrame
        As `quarantine`, for flags and repairs: those rows were accepted.
    """

    matrix: CoverageMatrix
    quarantine: pd.DataFrame
    ledger: pd.DataFrame
    notes: pd.DataFrame


def read_matrix(
    path: str | os.PathLike[str],
    *,
    as_of: dt.date | str | None = None,
    release_id: str | None = None,
    facts: Mapping[str, Any] | None = None,
    technologies: str | os.PathLike[str] | None = None,
    limits: Limits = LIMITS,
) -> MatrixRead:
    """Read a release of the coverage matrix.

    Parameters
    ----------
    path : path
        A `.csv`, `.csv.gz` or `.parquet` file; columns as in `releases.columns.MATRIX`, or by their DUIS names. Or
        responses to DUIS 12.1: one `.xml` file, or a folder of them, in either shape.
    as_of : date or str, optional
        The day the release describes, where the file does not say or says it wrongly.
    release_id : str, optional
        Its identifier; by default `<stem>-<first 8 of sha256>`.
    facts : mapping, optional
        Further facts of the release (source, published, licence, note, complete, synthetic ...). All of these override
        `<file>.release.toml` beside a CSV file, and the metadata `smarthan.release` of a Parquet file.
    technologies : path, optional
        A mapping of technologies to groups, in place of the shipped technologies.toml.
    limits : Limits
        What the file may cost.

    Returns
    -------
    MatrixRead

    Raises
    ------
    FileRefused
        When the file as a whole cannot be used, or no row of it; the message says why and what to do.

    Notes
    -----
    Keys are put into canonical form before duplicates are sought. A location stated twice in disagreement loses both
    rows: neither wins. A missing value stays missing; a postcode is never corrected.

    Examples
    --------
    >>> import tempfile
    >>> header = "postcode,csp_region,available,wan_technology\\n"
    >>> text = header + "LL572DG,Central,true,Cellular\\nLL57,Central,true,Cellular\\n"
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "matrix.csv"
    ...     _ = path.write_text(text)
    ...     read = read_matrix(path, as_of="2026-11-02")
    >>> read.matrix.rows["postcode"].tolist(), read.quarantine["code"].tolist()
    (['LL57 2DG'], ['postcode_partial'])
    """
    rows, found = _open_file(path, limits)
    given = {**(facts or {}), "as_of": as_of or (facts or {}).get("as_of"), "release_id": release_id}
    given = {name: value for name, value in given.items() if value is not None}
    accepted = rows.source.records
    release = settle_release(path, found, given, sha256=rows.source.sha256, row_count=accepted)
    mapping = read_technologies() if technologies is None else read_technologies(technologies)
    _apply_rules(rows, release, mapping)
    check_systematic(path, rows)
    done = rows.finish()
    if done.frame.empty:
        most = "".join(f"{said}. " for said in done.notes.loc[done.notes["code"].eq("file_systematic"), "message"])
        raise FileRefused(path, "file_empty", f"no row can be used. {most}{_first_faults(done.quarantine, path)}")
    release = release.with_facts(row_count=len(done.frame))
    matrix = CoverageMatrix(_finish_columns(done.frame, release), release)
    return MatrixRead(matrix, done.quarantine, done.ledger, done.notes)


def _first_faults(quarantine: pd.DataFrame, path: object, most: int = 5) -> str:
    shown = [
        f"{'' if row.file == str(path) else f'{Path(row.file).name} '}line {row.line}: {row.message} ({row.code})"
        for row in quarantine.head(most).itertuples()
    ]
    rest = len(quarantine) - len(shown)
    return "; ".join(shown) + (f"; and {rest:,} more" if rest > 0 else "")


def read_installs(path: str | os.PathLike[str], *, limits: Limits = LIMITS) -> TableRead:
    """Read install reports (8.14.1 and 8.14.2) from CSV or Parquet.

    Parameters
    ----------
    path : path
        A file with the columns of `smarthan.coverage.releases.columns.INSTALLS`.
    limits : Limits
        What the file may cost.

    Returns
    -------
    TableRead
        frame, quarantine, notes, ledger. A row without a usable postcode or UPRN is in quarantine.

    Raises
    ------
    FileRefused
        When the file as a whole cannot be used.
    """
    parquet = _is_parquet(path)
    rows = open_parquet_rows(path, INSTALLS, limits=limits)[0] if parquet else open_rows(path, INSTALLS, limits=limits)
    read_postcode_keys(rows)
    read_uprn_keys(rows)
    no_key = rows.frame["postcode"].isna() & rows.frame["uprn"].isna()
    rows.reject(no_key & rows.alive, "no_key", "postcode", "the row has neither a postcode nor a UPRN")
    rows.reject_duplicates()
    return rows.finish()


def _open_file(path: str | os.PathLike[str], limits: Limits) -> tuple[Rows, dict[str, Any]]:
    beside = read_sidecar(Path(path))
    escaped = beside.pop(ESCAPED_KEY, False)
    if holds_documents(path):
        found, said = open_duis_rows(path, limits=limits)
        return found, {**said, **beside}
    name = os.fspath(path).lower()
    if name.endswith((".xlsx", ".xls")):
        raise FileRefused(path, "file_unreadable", "is a workbook; save the sheet as CSV (UTF-8) and give that")
    if _is_parquet(path):
        rows, metadata = open_parquet_rows(path, MATRIX, limits=limits)
        return rows, {**read_metadata(path, metadata), **beside}
    return open_rows(path, MATRIX, limits=limits, escaped=escaped), beside


def _is_parquet(path: str | os.PathLike[str]) -> bool:
    return os.fspath(path).lower().endswith((".parquet", ".pq"))


def _apply_rules(rows: Rows, release: Release, mapping: Technologies) -> None:
    read_postcode_keys(rows)
    read_uprn_keys(rows)
    _name_locations(rows)
    frame = rows.frame
    code = frame["region_code"].cat.add_categories(
        [SUCCESS_CODE] if SUCCESS_CODE not in frame["region_code"].cat.categories else []
    )
    frame["region_code"] = code.fillna(SUCCESS_CODE)
    _check_coverage(rows)
    _check_dates(rows, release)
    _check_premises(rows)
    _group_technologies(rows, mapping)
    _check_uprn_postcodes(rows)
    rows.reject_duplicates(["location", "csp_region"], shown="location and csp_region")


def _check_uprn_postcodes(rows: Rows) -> None:
    """One premises has one postcode: of rows that disagree, none wins."""
    pairs = rows.frame.loc[rows.alive, ["uprn", "postcode"]].dropna(subset="uprn").drop_duplicates()
    torn = pairs.loc[pairs["uprn"].duplicated(), "uprn"]
    if len(torn):
        message = "{value} stands under more than one postcode"
        rows.reject(rows.frame["uprn"].isin(torn).to_numpy() & rows.alive, "uprn_postcodes", "uprn", message)


def _name_locations(rows: Rows) -> None:
    """Add location_kind, by which keys are present, and location: equal numbers for rows of one location."""
    frame = rows.frame
    has_uprn, has_postcode = frame["uprn"].notna().to_numpy(), frame["postcode"].notna().to_numpy()
    has_address = frame["address_identifier"].notna().to_numpy() & has_postcode & ~has_uprn
    codes = np.select([has_uprn, has_address], [np.int8(1), np.int8(2)], np.int8(0))
    frame["location_kind"] = pd.Categorical.from_codes(codes, categories=list(LOCATION_KINDS))
    frame["location"] = _number_locations(frame, rows.alive, has_uprn | has_address)
    unkeyed = _is_blank(rows, "postcode") & _is_blank(rows, "uprn")
    rows.reject(unkeyed, "no_key", "postcode", "the row has neither a postcode nor a UPRN")


def _number_locations(frame: pd.DataFrame, alive: Mask, narrow: Mask) -> pd.Series:
    """Return one number a row in use: of its postcode, of its address within it, or of its UPRN in any postcode."""
    postcodes = frame["postcode"] if alive.all() else frame.loc[alive, "postcode"]
    number = np.zeros(len(frame), dtype=np.int64)
    number[alive] = _number_in_order(postcodes)
    narrower = np.flatnonzero(narrow & alive)
    if len(narrower):
        few = frame.loc[narrower, ["uprn", "address_identifier", "postcode"]]
        few.loc[few["uprn"].notna(), ["address_identifier", "postcode"]] = None
        number[narrower] = len(number) + number_groups(few, list(few))
    return pd.Series(number, index=frame.index, copy=False)


def _number_in_order(column: pd.Series) -> np.ndarray:
    """Return equal numbers for equal cells; a sorted column needs no table of its words."""
    words = pa.chunked_array(pa.array(column)).combine_chunks()
    if len(words) > 1 and not words.null_count and pc.all(pc.less_equal(words[:-1], words[1:])).as_py():
        return np.concatenate([[0], np.cumsum(pc.not_equal(words[:-1], words[1:]).to_numpy(zero_copy_only=False))])
    return np.asarray(pd.factorize(column)[0], dtype=np.int64)


def _is_blank(rows: Rows, column: str) -> Mask:
    """Return which cells are empty, as against cells that could not be read."""
    cells = rows.text.coded(column)
    return cells.spread(cells.words.str.strip().eq("").to_numpy(bool))


def _check_coverage(rows: Rows) -> None:
    frame = rows.frame
    codes = frame["region_code"].cat
    error = np.array([word.startswith("E") for word in codes.categories], dtype=np.bool_)[codes.codes]
    unsaid = _is_blank(rows, "available") & ~error
    rows.reject(unsaid, "available_null", "available", "is empty, and region_code names no error")
    nameless = _is_blank(rows, "wan_technology") & ~error
    covered = frame["available"].fillna(False).to_numpy(bool)
    rows.reject(nameless & covered, "available_without_technology", "wan_technology", "is empty on a covered row")
    rows.reject(
        nameless & ~covered, "required_missing", "wan_technology", "is empty; it is required even if not covered"
    )
    dated = covered & frame["anticipated"].notna().to_numpy() & rows.alive
    rows.flag(dated, "available_with_date", "anticipated", "{value} stands on a row that is already covered; kept")


def _check_dates(rows: Rows, release: Release) -> None:
    if release.as_of is None:
        return
    low, high = (np.datetime64(day) for day in planning_range(release.as_of))
    days = rows.frame["anticipated"]
    outside = (days.notna() & ~days.between(low, high)).to_numpy()
    rows.reject(
        outside,
        "date_range",
        "anticipated",
        f"{{value}} lies outside {low} to {high}, for a release of {release.as_of}",
    )


def _check_premises(rows: Rows) -> None:
    frame = rows.frame
    if frame["premises_available"].isna().all():
        return
    total, reached = (
        frame["premises"].fillna(-1).to_numpy(np.int64),
        frame["premises_available"].fillna(-1).to_numpy(np.int64),
    )
    message = "{value} premises are covered, more than there are"
    rows.reject((total >= 0) & (reached > total), "premises_order", "premises_available", message)
    covered = frame["available"].fillna(False).to_numpy(bool)
    odd = (covered & (reached == 0) & (total > 0)) | (~covered & (reached == total) & (total > 0))
    rows.flag(
        odd & rows.alive, "available_premises", "premises_available", "{value} contradicts the row's coverage; kept"
    )


def _group_technologies(rows: Rows, mapping: Technologies) -> None:
    frame = rows.frame
    technology = frame["wan_technology"]
    words = technology.cat.categories
    groups = pd.Series(
        [mapping.groups.get(word.strip().casefold(), "OTHER") for word in words], index=words, dtype="str"
    )
    codes = np.array([WAN_GROUPS.index(group) for group in groups], dtype=np.int8)
    of_row = np.append(codes, -1)[technology.cat.codes.to_numpy()]
    frame["wan_group"] = pd.Categorical.from_codes(of_row, categories=list(WAN_GROUPS))
    unmapped = [word for word in words if word.strip().casefold() not in mapping.groups]
    if unmapped:
        strange = technology.isin(unmapped).to_numpy() & rows.alive
        rows.flag(strange, "technology_unmapped", "wan_technology", "'{value}' is in no group; read as OTHER")
    allowed = {region: {WAN_GROUPS.index(name) for name in names} for region, names in mapping.regions.items()}
    regions = frame["csp_region"].cat
    table = np.array(
        [[r not in allowed or g in allowed[r] for g in range(len(WAN_GROUPS))] for r in regions.categories]
    )
    known = (of_row >= 0) & (of_row != WAN_GROUPS.index("OTHER")) & (regions.codes.to_numpy() >= 0) & rows.alive
    unexpected = known & ~table[regions.codes, of_row]
    rows.flag(unexpected, "region_technology", "wan_technology", "'{value}' is not expected in this region; kept")


def _finish_columns(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    count = len(frame)
    frame.insert(0, "release_id", pd.Categorical.from_codes(np.zeros(count, np.int8), categories=[release.release_id]))
    for name in ("premises", "premises_available"):
        frame[name] = frame[name].astype("Int32")
    for name in ("region_code", "wan_technology", "auxiliary"):
        words = frame[name].cat.remove_unused_categories().cat
        frame[name] = words.rename_categories(words.categories.astype("str"))
    return frame.drop(columns="location")
