"""A trial that was read: accepted tables and the account of every row."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.tables import FileRefused
from smarthan.tables.findings import stack_problems

from .declared import TRIAL_TABLES
from .rules.codes import explain

if TYPE_CHECKING:
    from .mending.set_aside import SetAside

# Flags on these tables are about evidence; a flagged stratum or dwelling is a fact of the sample, not a doubtful row.
EVIDENCE_TABLES = ("visits", "locations", "paths", "noise", "measurements")


class TrialRefused(ValueError):
    """A trial cannot be used: nothing of it was accepted.

    Attributes
    ----------
    path : str
        The folder as the caller named it.
    problems : tuple of FileRefused
        Every reason, one a file or missing file.
    """

    def __init__(self, path: object, problems: list[FileRefused]) -> None:
        from .rules.personal_keys import withhold_refusal

        problems = [withhold_refusal(problem) for problem in problems]
        self.path, self.problems = str(path), tuple(problems)
        if len(problems) == 1:
            super().__init__(str(problems[0]))
        else:
            lines = "".join(f"\n  {problem}" for problem in problems)
            super().__init__(f"{path}: the trial cannot be read for {len(problems)} reasons:{lines}")


@dataclass(frozen=True)
class Trial:
    """A building characterisation trial, with every row accounted for.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Accepted rows of the eleven tables, typed as declared; an optional table not delivered has no row.
        `frame.attrs` holds "table" and "synthetic".
    quarantine : DataFrame
        One line a breach: table, file, line, key, column, code, severity, original, message, suggestion.
    ledger : DataFrame
        One line a file and pass: read, accepted, quarantined, nulled, flagged, repaired, hash, counts per code. Pass 1
        is the delivery as it came; pass 2, there when rows were mended, says of the rows handed back how many were
        read, accepted and are still in quarantine, how many others `returned` because what they refer to was mended,
        and how many were `lost` (accepted before, in quarantine now). Accepted in the end = accepted in pass 1 and 2
        + returned - lost.
    notes : DataFrame
        As quarantine, for cells emptied, rows flagged and spellings repaired.
    synthetic : bool
        Whether any mark of synthetic data was found.
    set_aside : mapping of str to SetAside
        The rows in quarantine as they stood, personal text withheld; `write_quarantine` writes them.
    """

    tables: dict[str, pd.DataFrame]
    quarantine: pd.DataFrame
    ledger: pd.DataFrame
    notes: pd.DataFrame
    synthetic: bool = False
    set_aside: Mapping[str, SetAside] = field(default_factory=dict, repr=False, compare=False)

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return one table by its name.

        Raises
        ------
        KeyError
            When there is no table of that name.
        """
        if table not in self.tables:
            raise KeyError(f"a trial has no table '{table}'; it has {', '.join(self.tables)}")
        return self.tables[table]

    def summary(self) -> pd.DataFrame:
        """Return the account in brief, as it stands after the last pass: one line a table, with a total.

        Returns
        -------
        DataFrame
            table, read, accepted, quarantined, nulled_cells, flagged_rows, repaired_cells [counts].
        """
        columns = ["read", "accepted", "quarantined", "nulled_cells", "flagged_rows", "repaired_cells"]
        counts = _close_passes(self.ledger)[["table", *columns]].astype(dict.fromkeys(columns, "int64"))
        total = pd.DataFrame([{"table": "all tables", **counts[columns].sum().to_dict()}])
        return pd.concat([counts, total], ignore_index=True)

    def write_quarantine(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write the rows in quarantine to a new folder, to be mended by hand and read again.

        Parameters
        ----------
        folder : path
            A new or empty folder; `read_trial(path, mended=folder)` reads it after the editing.

        Returns
        -------
        list of Path
            One CSV file for each table with a row in quarantine.

        Raises
        ------
        ValueError
            When the folder holds something already.

        See Also
        --------
        smarthan.trial_data.mending.quarantine_files.write_quarantine : what stands in the files.
        """
        from .mending.quarantine_files import write_quarantine

        return write_quarantine(self, folder)

    def findings(self) -> pd.DataFrame:
        """Return what was found, most frequent first: one line a table, rule code and severity.

        Returns
        -------
        DataFrame
            table, code, severity, lines [count], about (what the rule says), example (the first message).
        """
        everything = stack_problems([self.quarantine, self.notes])
        groups = everything.groupby(["table", "code", "severity"], observed=True, dropna=False, sort=True)
        found = groups.agg(lines=("message", "size"), example=("message", "first")).reset_index()
        found.insert(4, "about", found["code"].map(explain))
        return found.sort_values(["lines", "table", "code"], ascending=[False, True, True]).reset_index(drop=True)

    def without_flagged(self) -> Trial:
        """Return the trial without its flagged evidence, and without what refers to it.

        Returns
        -------
        Trial
            Flagged rows of visits, locations, paths, noise and measurements are left out; strata, buildings and
            dwellings stay, for they are the sample. The account is that of the whole trial.
        """
        tables = dict(self.tables)
        flags = self.notes[self.notes["severity"].eq("flag")]
        for name in EVIDENCE_TABLES:
            frame, declared = tables[name], TRIAL_TABLES[name]
            flagged = flags.loc[flags["table"].eq(name) & flags["key"].ne(""), "key"]
            keep = ~frame[declared.key[0]].isin(flagged)
            for parent in declared.parents:
                known = tables[parent.table][parent.key]
                keep &= frame[parent.column].isin(known) | frame[parent.column].isna()
            tables[name] = frame[keep].reset_index(drop=True)
        return replace(self, tables=tables)

    def _repr_html_(self) -> str:
        mark = " (synthetic)" if self.synthetic else ""
        return f"<p><strong>Building characterisation trial{html.escape(mark)}</strong></p>" + self.summary().to_html(
            index=False, border=0, escape=True
        )


def _close_passes(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return one line a table: the delivery as it stands after the last pass."""
    first = ledger[ledger["pass"].eq(1)].set_index("table")
    second = ledger[ledger["pass"].eq(2)].set_index("table").reindex(first.index)
    if not ledger["pass"].eq(2).any():
        return first.reset_index()
    gained = second["accepted"] + second["returned"] - second["lost"]
    closed = second.assign(
        read=first["read"], accepted=first["accepted"] + gained, quarantined=first["quarantined"] - gained
    )
    return closed.reset_index()
