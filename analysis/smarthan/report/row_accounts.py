"""How many rows of each input were read and how many set aside, taken from the table that a notebook shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from .figures import Shown

COUNTED = ("read", "accepted", "quarantined")


def count_rows(shown: Sequence[Shown]) -> dict[str, dict[str, int]]:
    """Return input to its rows read, accepted and quarantined, from every table shown that holds those columns.

    Parameters
    ----------
    shown : sequence of Shown
        The tables of the pack; `open_inputs(...).sources` is such a table.

    Returns
    -------
    dict of str to dict of str to int
        Inputs without counts are left out: not counted is not nought.
    """
    counts: dict[str, dict[str, int]] = {}
    for item in shown:
        if item.kind == "table" and {"input", *COUNTED} <= set(item.facts["columns"]):
            for row in csv.DictReader(io.StringIO(item.csv)):
                if all(row[name] for name in COUNTED):
                    counts[row["input"]] = {name: int(float(row[name])) for name in COUNTED}
    return counts


def describe_set_aside(counts: Mapping[str, Mapping[str, int]]) -> str:
    """Return a sentence on the rows in quarantine, or nothing when there are none.

    Examples
    --------
    >>> describe_set_aside({"trial": {"read": 1200, "accepted": 1194, "quarantined": 6}})
    'Rows set aside because they broke a rule, and left out of every figure: 6 of 1,200 in trial.'
    >>> describe_set_aside({"trial": {"read": 1200, "accepted": 1200, "quarantined": 0}})
    ''
    """
    said = [f"{c['quarantined']:,} of {c['read']:,} in {name}" for name, c in counts.items() if c["quarantined"]]
    return f"Rows set aside because they broke a rule, and left out of every figure: {', '.join(said)}." if said else ""
