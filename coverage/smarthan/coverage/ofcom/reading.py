"""Reading Ofcom's mobile coverage by local authority, with every row accounted for."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.tables import LIMITS, Field, FileRefused, Limits, Rows, Table, TextTable, clip, read_text_table, register
from smarthan.tables.accounting import Problem

from .archive import is_zip, read_member
from .families import PATTERN, Family, Header, compile_pattern, find_families

register("laua_format", "row", "the code of the area is not a letter and eight digits")
register("operator_shares", "row", "the shares by number of operators do not add to 100")
register("operator_columns", "flag", "a family of columns lacks a number of operators or has one twice")

SOURCE = "Ofcom, Connected Nations, mobile coverage by local authority"
LICENCE = "Contains information licensed by the Office of Communications"  # to confirm on download
# Assumed: shares printed with many decimals may still miss 100 by this much.
LEAST_TOLERANCE = 0.01
_DISTINCT = 200

_AREA = (
    Field("laua", "identifier", "Code of the local authority.", required=True, optional_column=False),
    Field("laua_name", "text", "Name of the local authority, as Ofcom writes it."),
    Field("prem_count", "integer", "Premises in the local authority.", low=0),
)
_COLUMNS = ("laua", "laua_name", "prem_count", "tech", "basis", "place", "operators", "percent", "at_least_one")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OfcomRead:
    """Ofcom's file that was read, with its account.

    Attributes
    ----------
    frame : DataFrame
        One row an area, technology, basis, place and number of operators; see `read_ofcom_mobile`.
    quarantine : DataFrame
        One line a rule broken by a row: table, file, line, key, column, code, severity, original, message, suggestion.
    ledger : DataFrame
        One line: rows read, accepted and quarantined, with counts per code.
    notes : DataFrame
        As `quarantine`, for flags and repairs.
    """

    frame: pd.DataFrame
    quarantine: pd.DataFrame
    ledger: pd.DataFrame
    notes: pd.DataFrame


def read_ofcom_mobile(path: str | os.PathLike[str], *, pattern: str = PATTERN, limits: Limits = LIMITS) -> OfcomRead:
    """Read Ofcom's Connected Nations file of mobile coverage by local authority.

    Parameters
    ----------
    path : path
        The zip archive as downloaded (`<yyyymm>_mobile_coverage_r01.zip`), which must hold one CSV file with `laua` in
        its name, or that CSV file: UTF-8, with or without a byte order mark.
    pattern : str
        Regular expression for the columns of shares, with the groups tech, basis, place and operators (a digit, or
        `None` for 0 and `All` for the largest).
    limits : Limits
        What the file may cost.

    Returns
    -------
    OfcomRead
        `frame`: laua, laua_name, prem_count, tech (such as 4G or 5G_high_confidence), basis (prem: share of premises;
        geo: share of ground), place (out, in), operators (how many reach it, exactly), percent (0 to 100) and
        at_least_one (percent reached by one operator or more: 100 less the share of none), sorted by laua, then as in
        the file. `attrs`: source, licence, period (from the file's name).

    Raises
    ------
    FileRefused
        When the file as a whole cannot be used, or no row of it; the message says why and what to do.
    ValueError
        When the pattern cannot be used.

    Notes
    -----
    Ofcom leaves a cell blank for 0: a blank is 0 where another cell of its family has a number, and a family wholly
    blank is no data (missing, never 0). A row is quarantined when its code is not a letter and eight digits (totals and
    remarks stand below the table) or when a family does not add to 100 within rounding. The file covers the United
    Kingdom. Shares are of premises and never counts: weigh areas by prem_count.

    References
    ----------
    Ofcom, Connected Nations, data downloads. Column names as public loaders of the file have them; no official schema
    was found.

    Examples
    --------
    >>> import tempfile
    >>> header = "laua,laua_name,prem_count,4G_prem_out_0,4G_prem_out_1,4G_prem_out_2\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "202409_mobile_laua_r01.csv"
    ...     _ = path.write_text(header + "W06000002,Gwynedd,60000,2.5,,97.5\\nTotal,,60000,2.5,,97.5\\n")
    ...     read = read_ofcom_mobile(path)
    >>> read.frame[["operators", "percent", "at_least_one"]].values.tolist()
    [[0.0, 2.5, 97.5], [1.0, 0.0, 97.5], [2.0, 97.5, 97.5]]
    >>> read.quarantine["code"].tolist(), read.frame.attrs["period"]
    (['laua_format'], '2024-09')
    """
    compiled = compile_pattern(pattern)
    text, member = _read_text(path, limits)
    header = _read_header(path, text, compiled)
    table = Table("ofcom_mobile", "Mobile coverage by local authority.", (*_AREA, *_declare(header)), key=("laua",))
    rows = Rows.from_text(table, text.source, *_name_columns(text, header))
    shares = [_read_shares(rows, family) for family in header.families]
    good = re.compile(r"[A-Z][0-9]{8}").fullmatch
    wrong = ~rows.frame["laua"].fillna("").map(lambda code: good(code) is not None).to_numpy(bool)
    rows.reject(wrong & rows.alive, "laua_format", "laua", "'{value}' is not a code such as E06000001; row left out")
    rows.reject_duplicates(["laua"])
    kept = np.flatnonzero(rows.alive)
    done = rows.finish()
    if done.frame.empty:
        first = done.quarantine.iloc[0]
        raise FileRefused(path, "file_empty", f"no row can be used, the first because: {first['message']}")
    frame = _make_tidy(done.frame, header.families, [values[kept] for values in shares])
    frame.attrs = {"source": SOURCE, "licence": [LICENCE], "period": _find_period(path, member)}
    return OfcomRead(frame, done.quarantine, done.ledger, done.notes)


def _read_text(path: str | os.PathLike[str], limits: Limits) -> tuple[TextTable, str]:
    """Return the cells as text, and the name of the CSV file they stood in."""
    if not is_zip(path):
        return read_text_table(path, limits=limits), Path(path).name
    member, data = read_member(path, "laua", limits=limits)
    text = read_text_table(path, data=data, limits=limits)
    source = dataclasses.replace(text.source, file=f"{os.fspath(path)}: {clip(member)}", format="zip")
    return dataclasses.replace(text, source=source), member


def _read_header(path: object, text: TextTable, pattern: re.Pattern[str]) -> Header:
    names = list(text.frame.columns)
    if "laua" not in [name.casefold() for name in names]:
        shown = ", ".join(clip(name) for name in names[:8])
        raise FileRefused(path, "header_missing", f"has no column laua; it has {shown}. Give the file by authority")
    header = find_families(names, pattern)
    if not header.families:
        reason = f"; {clip(header.faults[0][0])} {header.faults[0][1]}" if header.faults else ""
        raise FileRefused(
            path, "header_missing", f"has no whole family of columns such as 4G_prem_out_0 to 4G_prem_out_4{reason}"
        )
    return header


def _declare(header: Header) -> list[Field]:
    about = "Share reached by exactly so many operators."
    return [
        Field(name, "number", about, unit="%", low=0, high=100) for family in header.families for name in family.columns
    ]


def _name_columns(text: TextTable, header: Header) -> tuple[pd.DataFrame, npt.NDArray[np.int64], Sequence[Problem]]:
    """Return the declared columns by their names, with a note for each column left out."""
    declared = {field.name for field in _AREA}
    named = {name: name.casefold() for name in text.frame.columns if name.casefold() in declared}
    shares = [name for family in header.families for name in family.columns]
    line = max(1, int(text.line[0]) - 1) if len(text.line) else 1
    notes = [
        Problem("operator_columns", line, name, name, f"its family {fault}; left out") for name, fault in header.faults
    ]
    notes += [
        Problem("header_unknown", line, name, name, f"column '{clip(name)}' is not known; left out")
        for name in text.frame.columns
        if name not in named and name not in shares
    ]
    frame = text.frame[[*named, *shares]].rename(columns=named)
    return frame, text.line, [*text.problems, *notes]


def _read_shares(rows: Rows, family: Family) -> Floats:
    """Return the shares of a family, one row an area: blank is 0 unless all are blank. Refuse those that miss 100."""
    columns = list(family.columns)
    shares = rows.frame[columns].to_numpy(np.float64, na_value=np.nan)
    said = ~np.isnan(shares)
    shares = np.where(said | ~said.any(axis=1, keepdims=True), shares, 0.0)
    total = shares.sum(axis=1)
    text = pd.DataFrame({name: rows.text[name] for name in columns})
    wrong = said.any(axis=1) & (np.abs(total - 100) > _tolerances(text)) & rows.alive
    _reject_sums(rows, family, total.round(2), wrong)
    return shares


def _reject_sums(rows: Rows, family: Family, total: Floats, wrong: npt.NDArray[np.bool_]) -> None:
    name = f"{family.tech}_{family.basis}_{family.place}"
    found = np.unique(total[wrong])
    if len(found) > _DISTINCT:  # a damaged file: one message for all, lest the messages take longer than the file
        rows.reject(wrong, "operator_shares", family.columns[0], f"{name}: the shares do not add to 100")
        return
    for value in found:
        message = f"{name}: the shares add to {value:g}, not to 100"
        rows.reject(wrong & (total == value), "operator_shares", family.columns[0], message)


def _tolerances(text: pd.DataFrame) -> Floats:
    """Return how far rounding alone can take the sum of each row from 100: half of the last digit for each cell."""
    decimals = pd.concat([text[name].str.partition(".")[2].str.len() for name in text], axis=1).max(axis=1)
    rounding = 0.5 * text.shape[1] * 10.0 ** -decimals.to_numpy(np.float64)
    return np.maximum(rounding, LEAST_TOLERANCE) + 1e-9


def _make_tidy(areas: pd.DataFrame, families: Sequence[Family], shares: Sequence[Floats]) -> pd.DataFrame:
    parts = []
    for number, (family, values) in enumerate(zip(families, shares, strict=True)):
        count = len(family.columns)
        part = areas[["laua", "laua_name", "prem_count"]].loc[areas.index.repeat(count)].reset_index(drop=True)
        part = part.assign(tech=family.tech, basis=family.basis, place=family.place)
        part["operators"] = np.tile(np.arange(count), len(areas))
        part["percent"] = values.reshape(-1)
        part["at_least_one"] = np.repeat((100 - values[:, 0]).clip(0, 100), count)
        parts.append(part.assign(_family=number))
    tidy = pd.concat(parts).sort_values(["laua", "_family", "operators"], kind="stable", ignore_index=True)
    return tidy[list(_COLUMNS)]


def _find_period(path: str | os.PathLike[str], member: str) -> str | None:
    """Return the month of the data, as YYYY-MM, from the name of the file or of the archive."""
    for name in (Path(member).name, Path(path).name):
        found = re.match(r"(20[0-9]{2})(0[1-9]|1[0-2])(?![0-9])", name)
        if found:
            return f"{found[1]}-{found[2]}"
    return None
