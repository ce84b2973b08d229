"""The account of rows that came from many files: one ledger line a file, each problem at its own file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.tables import Rows, TableRead
from smarthan.tables.accounting import LEDGER_COLUMNS, Source
from smarthan.tables.findings import as_text

Ints = npt.NDArray[np.int64]


def _none() -> Ints:
    return np.zeros(0, np.int64)


@dataclass
class FiledRows(Rows):
    """Rows of several files under the rules of one table, so that duplicates are found across files.

    `line` numbers places from 1, not lines: rows first, then what was noted of a file. `finish` puts file and line
    back; place 0 is the input as a whole.

    Attributes
    ----------
    files : sequence of Source
        One a file, in the order they were read.
    place_file, place_line : int array
        File number and physical line of each place; of place 0, the first file and line 0.
    """

    files: Sequence[Source] = ()
    place_file: Ints = field(default_factory=_none)
    place_line: Ints = field(default_factory=_none)

    def finish(self) -> TableRead:
        """Close the account of every file.

        Raises
        ------
        AssertionError
            When the counts of a file do not add up: a fault of this program, never of the data.
        """
        whole = super().finish()
        ledger = self._file_ledger(pd.concat([as_text(whole.quarantine), as_text(whole.notes)], ignore_index=True))
        return TableRead(whole.frame, self._put_back(whole.quarantine), self._put_back(whole.notes), ledger)

    def _put_back(self, problems: pd.DataFrame) -> pd.DataFrame:
        at = problems["line"].to_numpy(np.int64)
        number, line = self.place_file[at], self.place_line[at]
        # What concerns the input as a whole goes under its own name.
        names = list(dict.fromkeys([*(source.file for source in self.files), self.source.file]))
        of_file = np.where(at > 0, number, names.index(self.source.file))
        named = pd.Categorical.from_codes(of_file, categories=pd.Index(names, dtype="str")).remove_unused_categories()
        order = np.lexsort([line, number])
        return problems.assign(file=named, line=line).iloc[order].reset_index(drop=True)

    def _file_ledger(self, problems: pd.DataFrame) -> pd.DataFrame:
        accepted, quarantined = self._close_accounts()
        place = problems["line"].to_numpy(np.int64)
        if len(self.files) > 1:  # what concerns the folder stands on no file's line
            place, problems = place[place > 0], problems[place > 0]
        severity = problems["severity"].to_numpy(object)
        flagged = np.unique(place[severity == "flag"])
        kept = ("file", "sha256", "size", "format", "encoding", "parsed", "records")
        said = ("file", "sha256", "bytes", "format", "encoding", "read", "independent_count")
        ledger = {
            "table": self.table.name,
            **{to: [getattr(source, of) for source in self.files] for of, to in zip(kept, said, strict=True)},
            "accepted": accepted,
            "quarantined": quarantined,
            "nulled_cells": self._count(place[severity == "null"]),
            "flagged_rows": self._count(flagged[(flagged > 0) & (flagged <= len(self.alive))]),
            "repaired_cells": self._count(place[severity == "repair"]),
            "dropped_columns": 0,
            "codes": self._codes(place, problems["code"]),
        }
        return pd.DataFrame(ledger)[LEDGER_COLUMNS]

    def _close_accounts(self) -> tuple[Ints, Ints]:
        """Return the rows accepted and quarantined of each file, held against its own two counts."""
        row_file = self.place_file[1 : len(self.alive) + 1]
        accepted = np.bincount(row_file[self.alive], minlength=len(self.files))
        quarantined = np.bincount(row_file[~self.alive], minlength=len(self.files))
        for source, good, bad in zip(self.files, accepted, quarantined, strict=True):
            if not source.records == source.parsed == good + bad:
                raise AssertionError(f"{source.file}: {source.records} records, {good} + {bad}")
        return accepted, quarantined

    def _count(self, places: Ints) -> Ints:
        """Return how many of the places lie in each file."""
        return np.bincount(self.place_file[places], minlength=len(self.files))

    def _codes(self, place: Ints, codes: pd.Series) -> list[str]:
        """Return the codes of each file with their counts, as a ledger says them."""
        words: list[list[str]] = [[] for _ in self.files]
        found = Counter(zip(self.place_file[place].tolist(), codes.tolist(), strict=True))
        for (number, code), count in sorted(found.items()):
            words[number].append(f"{code} {count}")
        return ["; ".join(parts) for parts in words]
