"""From a survey team's folder to a trial: files found, rows typed, rules applied, every row accounted for."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
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
)
from smarthan.tables.findings import stack_problems

from .declared import BUILDINGS, DWELLINGS, OPTIONAL_TABLES, REQUIRED_TABLES, TRIAL_TABLES
from .delivery import Delivery, find_delivery, note
from .rules.order import apply_rules
from .rules.privacy import withhold_from_account
from .rules.workset import Workset
from .trial import Trial, TrialRefused

# No fieldwork of the programme came before the slides that announced it (DECC, SDAG meeting, December 2012).
TRIAL_BEGINS = dt.date(2013, 1, 1)
SYNTHETIC_PREFIX = "SYN-"
SYNTHETIC_PROTOCOL = "SYNTHETIC-1"
_LETTERS = r"![A-Z]+(?=[0-9]+$)"
_SYSTEMATIC_ROWS = 20  # fewer rows than this tell nothing about a column: assumed


def read_trial(
    path: str | os.PathLike[str],
    *,
    day: dt.date | None = None,
    begins: dt.date = TRIAL_BEGINS,
    limits: Limits = LIMITS,
    progress: Callable[[int, int, str], None] | None = None,
) -> Trial:
    """Read a building characterisation trial from a folder of CSV files, or from a workbook.

    Parameters
    ----------
    path : path
        A folder with one `<table>.csv` or `<table>.csv.gz` for each table, or an `.xlsx` or `.xlsm` workbook with one
        sheet for each. wiring and noise may be absent. A file `identity.csv` or a sheet `identity` is never opened:
        `smarthan.trial_data.read_identity` reads such a file apart.
    day : date, optional
        The day asked: nothing may be dated after it. Today (UTC) when not given; give it for results that can be
        repeated on another day.
    begins : date
        First day of fieldwork: no visit or reading may be dated before it.
    limits : Limits
        What one CSV file may cost; for a workbook see `smarthan.tables.workbook.WorkbookLimits`.
    progress : callable, optional
        Is told how many tables are read, of how many, and which comes next.

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
    delivery = find_delivery(Path(path))
    work = Workset(_open_tables(delivery, limits, progress), begins, day or dt.datetime.now(dt.UTC).date())
    apply_rules(work)
    finished = {name: rows.finish() for name, rows in work.rows.items()}
    _refuse_empty(delivery, finished)
    synthetic = delivery.says_synthetic() or _looks_synthetic(finished)
    notes = [withhold_from_account(read.notes) for read in finished.values()]
    return Trial(
        tables=_labelled_tables(finished, synthetic),
        quarantine=stack_problems([withhold_from_account(read.quarantine) for read in finished.values()]),
        ledger=pd.concat([read.ledger for read in finished.values()], ignore_index=True),
        notes=stack_problems([*notes, _systematic(finished), delivery.notes()]),
        synthetic=synthetic,
    )


def _open_tables(
    delivery: Delivery, limits: Limits, progress: Callable[[int, int, str], None] | None
) -> dict[str, Rows]:
    rows: dict[str, Rows] = {}
    problems = []
    for done, name in enumerate(delivery.tables):
        if progress is not None:
            progress(done, len(delivery.tables), name)
        table = _as_read(TRIAL_TABLES[name])
        try:
            rows[name] = delivery.open(table, _flat_columns(table), limits)
        except FileRefused as refused:
            problems.append(refused)
    if problems:
        raise TrialRefused(delivery.path, problems)
    return rows


def _as_read(table: Table) -> Table:
    """Return the table as its cells are first typed: the rule of the lost sign goes before that of the range."""
    fields = tuple(replace(f, high=None) if f.name == "rssi_dbm" else f for f in table.fields)
    return replace(table, fields=fields)


def _flat_columns(table: Table) -> list[str]:
    """Return the columns of building and dwelling that a flat (joined) upload may repeat in this table."""
    owners = [owner for owner in (BUILDINGS, DWELLINGS) if owner.key[0] in table.names and owner.name != table.name]
    return [name for owner in owners for name in owner.names if name not in table.names]


def _refuse_empty(delivery: Delivery, finished: dict[str, TableRead]) -> None:
    problems = []
    for name in REQUIRED_TABLES:
        read = finished[name]
        if read.frame.empty:
            line = read.ledger.iloc[0]
            first = withhold_from_account(read.quarantine.head(1)).iloc[0]
            place = f"{'cell' if isinstance(first['line'], str) else 'line'} {first['line']}"
            message = f"none of its {line['read']:,} rows can be accepted ({line['codes']}); the first: {place}"
            column = f", column {first['column']}" if first["column"] else ""
            problems.append(
                FileRefused(
                    delivery.name(line["file"]), "file_empty", f"{message}{column}: {first['message']}; mend the file"
                )
            )
    if problems:
        raise TrialRefused(delivery.path, problems)


def _systematic(finished: dict[str, TableRead]) -> pd.DataFrame:
    """Return a note for each table of which more than half the rows break one rule."""
    notes = []
    for name, read in finished.items():
        count = int(read.ledger["read"].iloc[0])
        told = read.quarantine["code"].value_counts().sort_index()
        for code in told.index[2 * told > count] if count >= _SYSTEMATIC_ROWS else []:
            same, lines = read.quarantine["code"].eq(code).to_numpy(), read.quarantine["line"]
            in_sheet = lines.dtype.kind not in "iu"
            if in_sheet:  # a row breaks a rule once, however many of its cells do
                lines = lines.str.replace(_LETTERS, "!", regex=True)
            places = lines.to_numpy() if same.all() else lines.to_numpy()[same]
            n = 1 + np.count_nonzero(places[1:] != places[:-1])  # a quarantine is in the order of its lines
            if 2 * n > count:
                message = f"{n:,} of {count:,} rows break {code}: a column may be shifted, swapped or in another form"
                file = read.ledger["file"].iloc[0]
                notes.append(note(name, file, "file_systematic", message, place="" if in_sheet else 0))
    return pd.DataFrame(notes)


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
