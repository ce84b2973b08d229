"""Tables being broken on purpose, and the account of what was broken."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

# A consequence, never asked for: it follows from errors on paths.
FOLLOWS = "parent_rejected"


@dataclass
class Damage:
    """Tables being broken, and the account of it; rows are used once."""

    tables: dict[str, pd.DataFrame]
    rng: np.random.Generator
    counts: dict[str, int]
    exact: bool
    used: dict[str, set[int]] = field(default_factory=dict)
    lines: dict[str, dict[int, str]] = field(default_factory=dict)
    entries: list[tuple[str, int, str, str]] = field(default_factory=list)

    def take(self, table: str, allowed: pd.Series, count: int, code: str) -> list[int]:
        """Return rows that may carry an error and have none yet, and mark them as used."""
        used = self.used.setdefault(table, set())
        mask = allowed.to_numpy(dtype=np.bool_, copy=True)
        mask[list(used)] = False
        free = np.flatnonzero(mask)
        if self.exact and len(free) < count:
            raise ValueError(
                f"errors: {count} of {code} asked for, but only {len(free)} rows of {table} can carry it;"
                " ask for fewer or sample more buildings"
            )
        rows = sorted(self.rng.choice(free, min(count, len(free)), replace=False).tolist()) if len(free) else []
        used.update(rows)
        return rows

    def note(self, table: str, row: int, column: str, code: str) -> None:
        """Add a line to the manifest; the header is line 1."""
        self.entries.append((f"{table}.csv", row + 2, column, code))

    def count(self, code: str) -> int:
        """Return how many errors of a code are asked for."""
        return self.counts.get(code, 0)

    def reserve(self, table: str, rows: np.ndarray) -> None:
        """Keep rows free of any other error."""
        self.used.setdefault(table, set()).update(rows.tolist())

    def is_free(self, table: str) -> np.ndarray:
        """Return which rows of a table have no error yet."""
        free = np.ones(len(self.tables[table]), dtype=np.bool_)
        free[list(self.used.get(table, ()))] = False
        return free

    def lack(self, code: str, found: int, what: str) -> None:
        """Refuse when fewer places than asked for can carry an error and the count was asked for by name."""
        if self.exact and found < self.count(code):
            raise ValueError(
                f"errors: {self.count(code)} of {code} asked for, but only {found} {what} can carry it;"
                " ask for fewer or sample more buildings"
            )

    def follow_paths(self, rows: list[int], *, rejected: bool) -> None:
        """Keep the measurements of broken paths free of other errors, and note those that go with them."""
        paths, readings = self.tables["paths"], self.tables["measurements"]
        children = np.flatnonzero(readings["path_id"].isin(paths.loc[rows, "path_id"]).to_numpy())
        self.reserve("measurements", children)
        if rejected:
            for row in children.tolist():
                self.note("measurements", row, "path_id", FOLLOWS)
