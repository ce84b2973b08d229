"""From a survey team's folder to a trial: files found, rows typed, rules applied, every row accounted for."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
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
from .mending.passes import judge
from .rules.instrument_words import check_words, list_words
from .rules.order import apply_rules
from .rules.personal_keys import withhold_keys
from .rules.privacy import withhold_from_account
from .rules.whole_files import refuse_damaged
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
    instrument_words: Mapping[str, Mapping[str, str]] | None = None,
    mended: str | os.PathLike[str] | None = None,
    limits: Limits = LIMITS,
    progress: Callable[[int, int, str], None] | None = None,
) -> Trial:
    """Read a building characterisation trial from a folder of CSV files, or from a workbook.

    Parameters
    ----------
    path : path
        A folder with one `<table>.csv` or `<table>.csv.gz` for each table, or an `.xlsx` or `.xlsm` workbook with one
        sheet for each. wiring and noise may be absent. A file `identity.csv` or a sheet `identity` is never opened:
        `smarthan.trial_data.read_identity` reads such a file or sheet apart.
    day : date, optional
        The day asked: nothing may be dated after it. Today (UTC) when not given; give it for results that can be
        repeated on another day.
    begins : date
        First day of fieldwork: no visit or reading may be dated before it.
    instrument_words : mapping of str to mapping of str to str, optional
        Protocol version to the words that its instruments show in place of a level, and what each means, such as
        {"2.1": {"saturated": "at_ceiling", ">90": "at_floor"}}. The level is emptied and `rssi_status` says the rest.
        A word that the protocol of the visit does not explain quarantines its row.
    mended : path, optional
        A folder that `Trial.write_quarantine` wrote and a person edited: its rows take the places of the quarantined
        ones, and every rule runs again on the whole. The files of the delivery stay as they are.
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
        When a table is missing, a file cannot be used, no row of a required table is acceptable, or a mended row has
        no place. All reasons are gathered and told at once.

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
    words = check_words(instrument_words)
    asked = day or dt.datetime.now(dt.UTC).date()
    judged = judge(
        _open_tables(delivery, list_words(words), limits, progress),
        lambda rows: apply_rules(Workset(rows, begins, asked, words)),
        delivery.name,
        mended,
    )
    finished = judged.finished
    _refuse_empty(delivery, finished)
    synthetic = delivery.says_synthetic() or _looks_synthetic(finished)
    notes = [_withheld(read.notes) for read in finished.values()]
    return Trial(
        tables=_labelled_tables(finished, synthetic),
        quarantine=stack_problems([_withheld(read.quarantine) for read in finished.values()]),
        ledger=judged.ledger,
        notes=stack_problems([*notes, _systematic(finished), delivery.notes(), _blank_tables(delivery, finished)]),
        synthetic=synthetic,
        set_aside=judged.set_aside,
    )


def _open_tables(
    delivery: Delivery, words: list[str], limits: Limits, progress: Callable[[int, int, str], None] | None
) -> dict[str, Rows]:
    rows: dict[str, Rows] = {}
    problems = []
    for done, name in enumerate(delivery.tables):
        if progress is not None:
            progress(done, len(delivery.tables), name)
        table = _as_read(TRIAL_TABLES[name], words)
        try:
            rows[name] = delivery.open(table, _flat_columns(table), limits)
            refuse_damaged(delivery.name(rows[name].source.file), rows[name])
        except FileRefused as refused:
            # A blank sheet of the template is as good as none, where the table may be absent.
            if name not in OPTIONAL_TABLES or refused.code != "file_empty":
                problems.append(refused)
    if problems:
        raise TrialRefused(delivery.path, problems)
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


def _refuse_empty(delivery: Delivery, finished: dict[str, TableRead]) -> None:
    problems = []
    for name in REQUIRED_TABLES:
        read = finished[name]
        if read.frame.empty:
            line = read.ledger.iloc[0]
            first = _withheld(read.quarantine.head(1)).iloc[0]
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
            lines = lines if same.all() else lines[same]
            if lines.dtype.kind not in "iu":  # a sheet's places name cells; a row breaks a rule once
                lines = lines.astype("str").str.replace(_LETTERS, "!", regex=True)
            n = 1 + np.count_nonzero(lines.to_numpy()[1:] != lines.to_numpy()[:-1])  # in the order of its lines
            if 2 * n > count:
                message = f"{n:,} of {count:,} rows break {code}: a column may be shifted, swapped or in another form"
                notes.append(note(name, read.ledger["file"].iloc[0], "file_systematic", message))
    return pd.DataFrame(notes)


def _blank_tables(delivery: Delivery, finished: dict[str, TableRead]) -> pd.DataFrame:
    blank = [name for name in delivery.tables if name not in finished]
    message = "holds no row; read as if it had not been delivered"
    return pd.DataFrame([note(name, delivery.tables[name], "table_empty", message) for name in blank])


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
