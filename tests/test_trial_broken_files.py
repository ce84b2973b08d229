"""Trials broken at random, as files: never a crash, every row accounted for, no accepted cell changed unsaid."""

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from smarthan.tables import Field
from smarthan.trial_data import TRIAL_TABLES, Trial, TrialRefused, make_trial, read_trial

DAY = dt.date(2025, 12, 31)
Records = list[list[str]]  # header first

ODD_CELLS = (
    *("", " ", "x", "-1", "0", "127", "9", "1e5", "1E+05", "3,5", "42 dB", "-999", "N/A", "#DIV/0!", "=1+1", "+44"),
    *("03/04/2025", "2025-03-04", "2025-03-04T10:00:00", "2025-03-04T10:00:00+01:00", "2099-01-01T00:00:00Z", "Open"),
    *("y", "U", " n ", "saturated", 'say "so"', "a,b", "a\nb", "call 01632 960123", "SYN-B0000001", "SYN-L0000002"),
    *("SYN-V0000001", "\u00e9\u4e2d", "\u200bSYN-B0000001", "x" * 33_000, "1.50", "1.5000000001", "nan", "Infinity"),
)
TABLES = st.sampled_from(list(TRIAL_TABLES))
PLACE = st.tuples(TABLES, st.integers(0, 10**6), st.integers(0, 10**6))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Records]:
    folder = tmp_path_factory.mktemp("whole")
    make_trial(folder, seed=4, buildings_per_stratum=2, size_premises=1_000, dwellings_per_building=1, errors=False)
    return {name: list(csv.reader(io.StringIO((folder / f"{name}.csv").read_text("utf-8")))) for name in TRIAL_TABLES}


def replace_cell(records: Records, row: int, column: int, cell: str) -> None:
    at = 1 + row % (len(records) - 1)
    if records[at]:
        records[at][column % len(records[at])] = cell


def cut_row(records: Records, row: int, column: int, cell: str) -> None:
    at = 1 + row % (len(records) - 1)
    records[at] = records[at][: 1 + column % len(records[at])]


def repeat_row(records: Records, row: int, column: int, cell: str) -> None:
    again = list(records[1 + row % (len(records) - 1)])
    records.insert(1 + column % len(records), again)


def drop_row(records: Records, row: int, column: int, cell: str) -> None:
    if len(records) > 2:
        del records[1 + row % (len(records) - 1)]


def shuffle_rows(records: Records, row: int, column: int, cell: str) -> None:
    order = np.random.default_rng(row).permutation(len(records) - 1) + 1
    records[1:] = [records[at] for at in order]


def swap_columns(records: Records, row: int, column: int, cell: str) -> None:
    a, b = row % len(records[0]), column % len(records[0])
    for record in records:
        if max(a, b) < len(record):
            record[a], record[b] = record[b], record[a]


def swap_names(records: Records, row: int, column: int, cell: str) -> None:
    swap_columns(records[:1], row, column, cell)


def rename_column(records: Records, row: int, column: int, cell: str) -> None:
    records[0][column % len(records[0])] = cell[:40]


def drop_column(records: Records, row: int, column: int, cell: str) -> None:
    at = column % len(records[0])
    for record in records:
        if at < len(record) > 1:
            del record[at]


Change = Callable[[Records, int, int, str], None]
CHANGES: list[Change] = [
    *(replace_cell, replace_cell, replace_cell, replace_cell, cut_row, repeat_row, drop_row, shuffle_rows),
    *(swap_columns, swap_names, rename_column, drop_column),
]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(PLACE, st.sampled_from(CHANGES), st.sampled_from(ODD_CELLS)), min_size=1, max_size=12))
def test_a_broken_trial_is_accounted_for_and_what_is_accepted_is_what_was_written(
    whole: dict[str, Records], changes: list[tuple[tuple[str, int, int], Change, str]]
) -> None:
    trial = {name: [list(record) for record in records] for name, records in whole.items()}
    for (table, row, column), change, cell in changes:
        change(trial[table], row, column, cell)
    texts = {name: write_csv(records) for name, records in trial.items()}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            (Path(folder) / f"{name}.csv").write_bytes(text.encode())
        try:
            read = read_trial(folder, day=DAY)
        except TrialRefused:
            event("refused")
            return
    event("read")
    for name, text in texts.items():
        check_table(read, name, text)


def write_csv(records: Records) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(records)
    return stream.getvalue()


def check_table(trial: Trial, name: str, text: str) -> None:
    """Hold the account and every accepted cell against the file, read by Python's own reader."""
    header, *rows = (list(row) for row in csv.reader(io.StringIO(text, newline="")) if row)
    lines = start_lines(text)[1:]
    account = trial.ledger.set_index("table").loc[name]
    out = set(trial.quarantine.loc[trial.quarantine["table"].eq(name), "line"].astype(int))
    assert len(rows) == len(lines) == account["read"] == account["accepted"] + account["quarantined"]
    assert account["quarantined"] == len(out)
    assert account["accepted"] == len(trial[name])
    kept = [(line, row) for line, row in zip(lines, rows, strict=True) if line not in out]
    notes = trial.notes[trial.notes["table"].eq(name) & trial.notes["severity"].isin(["null", "repair"])]
    changed = set(zip(notes["line"].astype(int), notes["column"], strict=True))
    columns = {cell.strip().casefold(): place for place, cell in enumerate(header)}
    for field in TRIAL_TABLES[name].fields:
        values = trial[name][field.name].tolist()
        for (line, row), value in zip(kept, values, strict=True):
            cell = row[columns[field.name]] if field.name in columns else ""
            assert (line, field.name) in changed or shows(field, value, cell), (name, line, field.name, cell, value)


def start_lines(text: str) -> list[int]:
    """Return the physical line on which each record that is not blank starts."""
    reader = csv.reader(io.StringIO(text, newline=""))
    found, before = [], 0
    for row in reader:
        if row:
            found.append(before + 1)
        before = reader.line_num
    return found


def shows(field: Field, value: object, cell: str) -> bool:
    """Return whether a typed value says just what the cell says."""
    if pd.isna(value):
        return not cell.strip()
    if field.kind in ("date", "datetime"):
        return bool(pd.Timestamp(cell.strip()) == value)
    if field.kind in ("number", "integer"):
        return float(cell) == float(str(value))
    if field.kind == "words":
        return {word.strip() for word in cell.split(";")} == set(str(value).split(";"))
    return cell == value


def test_reading_twice_gives_the_same_account(whole: dict[str, Records], tmp_path: Path) -> None:
    make_trial(tmp_path, seed=6, buildings_per_stratum=3, size_premises=1_000)
    first, second = read_trial(tmp_path, day=DAY), read_trial(tmp_path, day=DAY)
    for one, other in ((first.quarantine, second.quarantine), (first.notes, second.notes)):
        pd.testing.assert_frame_equal(one, other)
    for name in TRIAL_TABLES:
        pd.testing.assert_frame_equal(first[name], second[name])
