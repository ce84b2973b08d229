"""Responses to DUIS 12.1, one file or a folder of them, as rows on their way into a coverage matrix."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from smarthan.coverage.releases.columns import CSP_REGIONS, MATRIX
from smarthan.tables import LIMITS, FileRefused, Limits
from smarthan.tables.accounting import Source
from smarthan.tables.findings import Problem

from .documents import SYNTHETIC_WORD
from .facets import ELEMENTS, FACETS, FLAT_REGIONS, UPRN_DIGITS, XML_BLANKS, FacetBreach, read_time
from .filing import FiledRows
from .grammar import RESPONSE
from .parsing import BLOCK, Document, parse_document
from .rules import LARGEST_BYTES

SHOWN = 5  # refused files told one by one


@dataclass
class _Gathered:
    """What all files hold, by column."""

    cells: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in ELEMENTS})
    file: list[int] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    faults: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    too_long: list[tuple[str, int]] = field(default_factory=list)
    notes: list[tuple[int, Problem]] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)
    codes: Counter[str] = field(default_factory=Counter)
    synthetic: bool = False
    words: dict[str, str] = field(default_factory=dict)


def holds_documents(path: str | os.PathLike[str]) -> bool:
    """Return whether a path is a `.xml` file, or a folder with one in it."""
    place = Path(path)
    if os.path.isdir(place):  # noqa: PTH112 (a Path raises on a name too long)
        return any(name.lower().endswith(".xml") for name in os.listdir(place))
    return place.name.lower().endswith(".xml")


def open_duis_rows(path: str | os.PathLike[str], *, limits: Limits = LIMITS) -> tuple[FiledRows, dict[str, Any]]:
    """Read responses to Request WAN Matrix into the working rows of the matrix.

    Parameters
    ----------
    path : path
        One `.xml` file, or a folder whose `.xml` files are read in the order of their names.
    limits : Limits
        What the files may cost together.

    Returns
    -------
    tuple of (FiledRows, dict)
        The rows, and the facts of the release: source DUIS_12_1, as_of the (latest) date of ResponseDateTime,
        schema_version, complete false, synthetic where a document says so.

    Raises
    ------
    FileRefused
        When any file cannot be used, all of them named; or when no file holds a matrix.
    """
    place = Path(path)
    files = _list_files(place) if os.path.isdir(place) else [place]  # noqa: PTH112 (as above)
    found = _Gathered()
    refused: list[FileRefused] = []
    for file in files:
        try:
            _add_file(found, file, path if len(files) == 1 and file == place else file.name)
        except FileRefused as error:
            refused.append(error)
        if len(found.line) > limits.rows:
            raise FileRefused(path, "file_too_large", f"holds more than {limits.rows:,} rows, the most that are read")
    if refused:
        raise refused[0] if files == [place] else _refuse_folder(path, len(files), refused)
    if not found.line:
        codes = ", ".join(f"{code} x {count:,}" for code, count in sorted(found.codes.items()))
        raise FileRefused(path, "file_empty", f"no response in it holds a matrix (response codes: {codes})")
    return _to_rows(path, found), _facts(found)


def _list_files(folder: Path) -> list[Path]:
    inside = folder.resolve()
    files = []
    for name in sorted(os.listdir(folder)):
        if not name.lower().endswith(".xml"):
            continue
        file = folder / name
        if file.is_symlink() and not file.resolve().is_relative_to(inside):
            raise FileRefused(file, "file_unreadable", "is a link out of its folder; put the file itself there")
        files.append(file)
    return files


def _refuse_folder(path: object, total: int, refused: list[FileRefused]) -> FileRefused:
    shown = "; ".join(str(error) for error in refused[:SHOWN])
    more = f"; and {len(refused) - SHOWN:,} more" if len(refused) > SHOWN else ""
    codes = {error.code for error in refused}
    words = f"{len(refused):,} of {total:,} files cannot be used; mend them or take them out: {shown}{more}"
    return FileRefused(path, codes.pop() if len(codes) == 1 else "file_unreadable", words)


def _add_file(found: _Gathered, file: Path, name: object) -> None:
    digest = hashlib.sha256()
    size = _check_file(file, name)
    try:
        document = parse_document(_blocks(file, digest), name)
    except OSError as error:
        raise FileRefused(name, "file_unreadable", f"cannot be read: {error.strerror}") from None
    if document.root is not RESPONSE:
        raise FileRefused(name, "duis_service", "is a request, which holds no coverage; give the response to it")
    day = _read_day(document, name)
    count = len(document.rows)
    source = Source(str(file), digest.hexdigest(), size, "duis", document.encoding, document.counted, count)
    found.sources.append(source)
    found.days.append(day)
    found.versions.add(document.schema_version)
    found.codes[document.header["ResponseCode"]] += 1
    found.synthetic |= any(note.startswith(SYNTHETIC_WORD) for note in document.notes)
    _add_rows(found, document)


def _check_file(file: Path, name: object) -> int:
    try:
        facts = file.stat()
    except FileNotFoundError:
        raise FileRefused(name, "file_missing", "does not exist; check the path") from None
    except OSError as error:
        raise FileRefused(name, "file_unreadable", f"cannot be opened: {error.strerror}") from None
    if not stat.S_ISREG(facts.st_mode):
        raise FileRefused(name, "file_unreadable", "is no ordinary file")
    if facts.st_size > LARGEST_BYTES:
        message = f"has {facts.st_size:,} bytes; at most {LARGEST_BYTES:,} are read of one response"
        raise FileRefused(name, "file_too_large", message)
    return facts.st_size


def _blocks(file: Path, digest: Any) -> Iterator[bytes]:
    with open(file, "rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            yield block


def _read_day(document: Document, name: object) -> str:
    text, line = document.header["ResponseDateTime"], document.header_lines["ResponseDateTime"]
    try:
        return read_time(text)
    except FacetBreach as breach:
        words = str(breach).replace("{value}", text[:64])
        raise FileRefused(name, "xml_structure", f"line {line}: ResponseDateTime: {words}") from None


def _add_rows(found: _Gathered, document: Document) -> None:
    number = len(found.sources) - 1
    if not document.has_matrix:
        code = document.header["ResponseCode"]
        line = document.header_lines["ResponseCode"]
        words = f"the response holds no matrix; its code is {code[:64]}"
        found.notes.append((number, Problem("no_matrix", line, "region_code", code, words)))
    for row in document.rows:
        at = len(found.line)
        found.file.append(number)
        found.line.append(row.line)
        values = {**document.key.values, **row.values}
        for column, cells in found.cells.items():
            text = values.get(column, "")
            cells.append(found.words.setdefault(text, text))
        for fault in (*document.key.faults, *row.faults):
            found.faults.setdefault((fault.code, fault.column, fault.message), []).append(at)
            if fault.code == "cell_too_long":
                found.too_long.append((fault.column, at))
        region = values.get("csp_region")
        if document.flat and region in CSP_REGIONS and region not in FLAT_REGIONS:
            words = f"'{{value}}' is not a region of the flat shape: {', '.join(FLAT_REGIONS)}"
            found.faults.setdefault(("category_unknown", "csp_region", words), []).append(at)


def _facts(found: _Gathered) -> dict[str, Any]:
    first, last = min(found.days), max(found.days)
    facts: dict[str, Any] = {"source": "DUIS_12_1", "as_of": last, "complete": False, "synthetic": found.synthetic}
    versions = ", ".join(sorted(found.versions - {""}))
    if versions:
        facts["schema_version"] = versions
    if first != last:
        facts["note"] = f"Responses of {first} to {last}; the release is dated by the latest."
    return facts


def _to_rows(path: str | os.PathLike[str], found: _Gathered) -> FiledRows:
    text = pd.DataFrame({name: pd.Series(cells, dtype="str") for name, cells in found.cells.items()})
    typed, breaches = _hold_facets(text)
    for column, at in found.too_long:
        typed.loc[at, column] = ""
    rows = _place_rows(_whole_source(path, found), found, typed)
    # Problems show what stands in the file; the rules of every format read a UPRN as text, so that one goes back after.
    rows.text = rows.text.having({str(name): text[name] for name in text})
    for (code, column, message), numbers in found.faults.items():
        rows.reject(np.isin(np.arange(len(text)), numbers), code, column, message)
    for column, code, message, mask in breaches:
        # What the rules of every format refuse is told by them; here only what XML refuses beyond that.
        rows.reject(mask & rows.frame[column].notna().to_numpy(bool), code, column, message)
    dropped = (text["anticipated"].str.strip(XML_BLANKS) != typed["anticipated"]).to_numpy(bool) & rows.alive
    rows.repair(dropped, "date_zone", "anticipated", "'{value}' was read as a date without its zone")
    respelt = (text["uprn"] != typed["uprn"]).to_numpy(bool) & rows.alive
    rows.repair(respelt, "key_spelling", "uprn", "'{value}' was put into canonical form")
    rows.text = rows.text.having({"uprn": typed["uprn"]})
    return rows


def _place_rows(source: Source, found: _Gathered, typed: pd.DataFrame) -> FiledRows:
    """Return the typed rows, each at its place: place 0 is the whole, then the rows, then what was noted of files."""
    count = len(typed)
    notes = [Problem(p.code, k, p.column, p.original, p.message) for k, (_, p) in enumerate(found.notes, count + 1)]
    rows = FiledRows.from_text(MATRIX, source, typed, np.arange(1, count + 1), notes)
    assert isinstance(rows, FiledRows)
    rows.files = found.sources
    rows.place_file = np.array([0, *found.file, *(number for number, _ in found.notes)], dtype=np.int64)
    rows.place_line = np.array([0, *found.line, *(p.line for _, p in found.notes)], dtype=np.int64)
    return rows


def _whole_source(path: str | os.PathLike[str], found: _Gathered) -> Source:
    """The account of all files together; the hash of a folder is that of its `sha256sum` lines in name order."""
    sources = found.sources
    if len(sources) == 1 and sources[0].file == str(Path(path)):
        return sources[0]
    lines = "".join(f"{source.sha256}  {Path(source.file).name}\n" for source in sources)
    return Source(
        file=os.fspath(path),
        sha256=hashlib.sha256(lines.encode()).hexdigest(),
        size=sum(source.size for source in sources),
        format="duis",
        encoding="",
        records=sum(source.records for source in sources),
        parsed=len(found.line),
    )


def _hold_facets(text: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, str, str, np.ndarray]]]:
    """Return the cells in normal form, and column, code, message and mask of those outside their facet."""
    typed, breaches = {}, []
    for column in text:
        codes, distinct = pd.factorize(text[column])
        normal = []
        wrong: dict[tuple[str, str], list[int]] = {}
        for number, word in enumerate(distinct):
            try:
                normal.append(_normal(column, word))
            except FacetBreach as breach:
                normal.append(word)
                wrong.setdefault((breach.code, str(breach)), []).append(number)
        typed[column] = pd.Series(normal, dtype="str").take(codes).set_axis(text.index)
        breaches += [(column, code, words, np.isin(codes, numbers)) for (code, words), numbers in wrong.items()]
    return pd.DataFrame(typed), breaches


def _normal(column: str, word: str) -> str:
    if word == "":
        return word
    normal = FACETS[column](word)
    if column == "uprn" and len(word) <= UPRN_DIGITS and word.isdigit():
        return word  # leading zeros alone are put right, and counted, by the rules of every format
    return normal
