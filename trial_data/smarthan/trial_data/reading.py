"""From a survey team's folder to a trial: files found, rows typed, rules applied, every row accounted for."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from smarthan.tables import (
    LIMITS,
    FileRefused,
    Limits,
    Rows,
    Table,
    TableRead,
    clip,
    empty_problems,
    open_rows,
)
from smarthan.tables.findings import stack_problems

from .declared import BUILDINGS, DWELLINGS, OPTIONAL_TABLES, REQUIRED_TABLES, TRIAL_TABLES
from .rules.instrument_words import check_words, list_words
from .rules.order import apply_rules
from .rules.personal_keys import withhold_keys
from .rules.privacy import withhold_from_account
from .rules.whole_files import refuse_damaged
from .rules.workset import Workset
from .trial import Trial, TrialRefused

# No fieldwork of the programme came before the slides that announced it (DECC, SDAG meeting, December 2012).
TRIAL_BEGINS = dt.date(2013, 1, 1)
SYNTHETIC_FILE = "synthetic.json"
SYNTHETIC_PREFIX = "SYN-"
SYNTHETIC_PROTOCOL = "SYNTHETIC-1"
_SYSTEMATIC_ROWS = 20  # fewer rows than this tell nothing about a column: assumed


def read_trial(
    path: str | os.PathLike[str],
    *,
    day: dt.date | None = None,
    begins: dt.date = TRIAL_BEGINS,
    instrument_words: Mapping[str, Mapping[str, str]] | None = None,
    limits: Limits = LIMITS,
) -> Trial:
    """Read a building characterisation trial from a folder of CSV files.

    Parameters
    ----------
    path : path
        A folder with one `<table>.csv` or `<table>.csv.gz` for each table. wiring and noise may be absent. A file
        `identity.csv` is never opened: `smarthan.trial_data.read_identity` reads it apart.
    day : date, optional
        The day asked: nothing may be dated after it. Today (UTC) when not given; give it for results that can be
        repeated on another day.
    begins : date
        First day of fieldwork: no visit or reading may be dated before it.
    instrument_words : mapping of str to mapping of str to str, optional
        Protocol version to the words that its instruments show in place of a level, and what each means, such as
        {"2.1": {"saturated": "at_ceiling", ">90": "at_floor"}}. The level is emptied and `rssi_status` says the rest.
        A word that the protocol of the visit does not explain quarantines its row.
    limits : Limits
        What one file may cost.

    Returns
    -------
    Trial
        tables, quarantine, ledger, notes, synthetic.

    Raises
    ------
    TrialRefused
        When a table is missing, a file cannot be used, or no row of a required table is acceptable. All reasons are
        gathered and told at once.

    Notes
    -----
    read = accepted + quarantined in each file. A row is quarantined whole; a cell may be emptied (severity null) and
    its original is kept in the notes; only case and outer blanks of listed words, identifiers and column names are
    ever repaired, and each repair is listed. A level that a rule emptied leaves its `rssi_status` as it was.

    Examples
    --------
    >>> read_trial("no_such_folder")
    Traceback (most recent call last):
    smarthan.trial_data.trial.TrialRefused: no_such_folder: does not exist; check the path (file_missing)
    """
    folder = Path(path)
    files = _find_files(folder)
    words = check_words(instrument_words)
    tables = _open_tables(folder, files, list_words(words), limits)
    work = Workset(tables, begins, day or dt.datetime.now(dt.UTC).date(), words)
    apply_rules(work)
    finished = {name: rows.finish() for name, rows in work.rows.items()}
    _refuse_empty(folder, finished)
    synthetic = (folder / SYNTHETIC_FILE).exists() or _looks_synthetic(finished)
    notes = [_withheld(read.notes) for read in finished.values()]
    return Trial(
        tables=_labelled_tables(finished, synthetic),
        quarantine=stack_problems([_withheld(read.quarantine) for read in finished.values()]),
        ledger=pd.concat([read.ledger for read in finished.values()], ignore_index=True),
        notes=stack_problems([*notes, _systematic(finished), _unknown_files(folder, files)]),
        synthetic=synthetic,
    )


def _find_files(folder: Path) -> dict[str, Path]:
    """Return the file of each table that is there, and refuse a folder that lacks a required one."""
    if not folder.is_dir():
        raise TrialRefused(folder, [_not_a_folder(folder)])
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    found: dict[str, Path] = {}
    problems = []
    for table in TRIAL_TABLES:
        fits = [name for name in names if name.strip().casefold() in (f"{table}.csv", f"{table}.csv.gz")]
        if len(fits) > 1:
            problems.append(FileRefused(folder, "file_ambiguous", f"{' and '.join(fits)} hold one table; keep one"))
        elif fits:
            found[table] = folder / fits[0]
    if missing := [f"{table}.csv" for table in REQUIRED_TABLES if table not in found]:
        present = ", ".join(clip(name) for name in names[:20]) or "no file"
        message = f"has no file {', '.join(missing)}; found {present}. A trial needs one CSV file a table"
        problems.append(FileRefused(folder, "file_missing", message))
    if problems:
        raise TrialRefused(folder, problems)
    return found


def _not_a_folder(path: Path) -> FileRefused:
    if not path.exists():
        return FileRefused(path, "file_missing", "does not exist; check the path")
    if path.suffix.casefold() in (".xlsx", ".xlsm", ".xls"):
        message = "is a workbook; workbooks are not read yet: save each sheet as <sheet>.csv in one folder and give it"
        return FileRefused(path, "file_unreadable", message)
    return FileRefused(path, "file_unreadable", "is a file; give the folder that holds the trial's CSV files")


def _open_tables(folder: Path, files: dict[str, Path], words: list[str], limits: Limits) -> dict[str, Rows]:
    rows: dict[str, Rows] = {}
    problems = []
    for name, path in files.items():
        table = _as_read(TRIAL_TABLES[name], words)
        try:
            rows[name] = open_rows(path, table, also=_flat_columns(table), limits=limits)
            refuse_damaged(path, rows[name])
        except FileRefused as refused:
            problems.append(refused)
        else:
            # The name alone: the same trial in another folder gives the same account.
            rows[name].source = replace(rows[name].source, file=path.name)
    if problems:
        raise TrialRefused(folder, problems)
    return rows


def _as_read(table: Table, words: list[str]) -> Table:
    """Return the table as its cells are first typed.

    The rule of the lost sign goes before that of the range, and instruments' words stand for no level.
    """
    fields = tuple(
        replace(f, high=None, sentinels=(*f.sentinels, *words)) if f.name == "rssi_dbm" else f for f in table.fields
    )
    return replace(table, fields=fields)


def _flat_columns(table: Table) -> list[str]:
    """Return the columns of building and dwelling that a flat (joined) upload may repeat in this table."""
    owners = [owner for owner in (BUILDINGS, DWELLINGS) if owner.key[0] in table.names and owner.name != table.name]
    return [name for owner in owners for name in owner.names if name not in table.names]


def _refuse_empty(folder: Path, finished: dict[str, TableRead]) -> None:
    problems = []
    for name in REQUIRED_TABLES:
        read = finished[name]
        if read.frame.empty:
            line = read.ledger.iloc[0]
            first = _withheld(read.quarantine.head(1)).iloc[0]
            message = (
                f"none of its {line['read']:,} rows can be accepted ({line['codes']}); the first: line {first['line']}"
            )
            column = f", column {first['column']}" if first["column"] else ""
            problems.append(
                FileRefused(
                    folder / line["file"], "file_empty", f"{message}{column}: {first['message']}; mend the file"
                )
            )
    if problems:
        raise TrialRefused(folder, problems)


def _systematic(finished: dict[str, TableRead]) -> pd.DataFrame:
    """Return a note for each table of which more than half the rows break one rule."""
    notes = []
    for name, read in finished.items():
        count = int(read.ledger["read"].iloc[0])
        told = read.quarantine["code"].value_counts().sort_index()
        for code in told.index[2 * told > count] if count >= _SYSTEMATIC_ROWS else []:
            same, lines = read.quarantine["code"].eq(code).to_numpy(), read.quarantine["line"].to_numpy()
            lines = lines if same.all() else lines[same]
            n = 1 + np.count_nonzero(lines[1:] != lines[:-1])  # a quarantine is in the order of its lines
            if 2 * n > count:
                message = f"{n:,} of {count:,} rows break {code}: a column may be shifted, swapped or in another form"
                notes.append(_note(name, read.ledger["file"].iloc[0], "file_systematic", message))
    return pd.DataFrame(notes)


def _unknown_files(folder: Path, files: dict[str, Path]) -> pd.DataFrame:
    known = {path.name for path in files.values()}
    others = sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.name.casefold().endswith((".csv", ".csv.gz"))
        and entry.name not in known
        and not entry.name.casefold().startswith("identity.")
    )
    message = f"is no table of a trial and was not read; tables: {', '.join(TRIAL_TABLES)}"
    return pd.DataFrame([_note("", clip(name), "file_unknown", f"{clip(name)} {message}") for name in others])


def _note(table: str, file: str, code: str, message: str) -> dict[str, object]:
    return {**dict.fromkeys(empty_problems().columns, ""), "table": table, "file": file, "line": 0, "code": code} | {
        "severity": "flag",
        "message": message,
    }


def _withheld(problems: pd.DataFrame) -> pd.DataFrame:
    return withhold_keys(withhold_from_account(problems))


def _looks_synthetic(finished: dict[str, TableRead]) -> bool:
    if finished["visits"].frame["protocol_version"].eq(SYNTHETIC_PROTOCOL).any():
        return True
    keys = [read.frame[TRIAL_TABLES[name].key[0]] for name, read in finished.items()]
    return any(bool(key.str.startswith(SYNTHETIC_PREFIX).any()) for key in keys)


def _labelled_tables(finished: dict[str, TableRead], synthetic: bool) -> dict[str, pd.DataFrame]:
    tables = {}
    for name, table in TRIAL_TABLES.items():
        frame = table.empty() if name in OPTIONAL_TABLES and name not in finished else finished[name].frame
        frame.attrs.update({"table": name, "synthetic": synthetic})
        tables[name] = frame
    return tables
