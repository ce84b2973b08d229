"""A building trial made, read by us, and read the naive way: pandas and a handful of checks."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from smarthan.trial_data import TRIAL_TABLES, Trial, Truth, make_trial, read_trial

DAY = dt.date(2025, 12, 31)
RANGES = {"rssi_dbm": (-140, 0), "tx_power_dbm": (-30, 30), "snr_db": (-30, 100), "attenuation_db": (0, 150)}
Tables = dict[str, pd.DataFrame]


class MakeTrial:
    """`make_trial`: population, sample, readings, errors, files."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.arguments, self.scratch = task["arguments"], tempfile.TemporaryDirectory()

    def run(self) -> Truth:
        """Make it."""
        return make_trial(self.scratch.name, **self.arguments)

    def reduce(self, truth: Truth) -> int:
        """Return the number of errors planted."""
        return len(truth.errors)


class ReadTrial:
    """`read_trial`: every cell typed and judged, some sixty rules, every row accounted for."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.folder = task["folder"]

    def run(self) -> Trial:
        """Read it."""
        return read_trial(self.folder, day=DAY)

    def reduce(self, trial: Trial) -> dict[str, int]:
        """Return the number of rows accepted in each table."""
        return {name: len(trial[name]) for name in TRIAL_TABLES}


class ReadNaively:
    """`read_csv` with guessed types, then keys, references, four ranges and the listed words."""

    version = pd.__version__

    def __init__(self, task: dict[str, Any]) -> None:
        self.folder = Path(task["folder"])

    def run(self) -> Tables:
        """Read it."""
        tables = {name: pd.read_csv(self.folder / f"{name}.csv", low_memory=False) for name in TRIAL_TABLES}
        for name, declared in TRIAL_TABLES.items():
            frame = tables[name]
            keep = frame[declared.key[0]].notna() & ~frame[declared.key[0]].duplicated(keep=False)
            for parent in declared.parents:
                keep &= frame[parent.column].isna() | frame[parent.column].isin(tables[parent.table][parent.key])
            for field in declared.fields:
                if field.kind == "category":
                    keep &= frame[field.name].isna() | frame[field.name].astype("str").isin(field.allowed)
            tables[name] = frame[keep & _lies_within(frame)]
        return tables

    def reduce(self, tables: Tables) -> dict[str, int]:
        """Return the number of rows kept in each table."""
        return {name: len(frame) for name, frame in tables.items()}


def _lies_within(frame: pd.DataFrame) -> pd.Series:
    keep = pd.Series(True, index=frame.index)
    for column, (low, high) in RANGES.items():
        if column in frame:
            keep &= frame[column].isna() | frame[column].between(low, high)
    return keep
