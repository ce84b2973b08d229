"""The one way of a trial's table into the pack: small cells hidden, counts rounded, shares as coarse as printed.

Every table by group goes through `disclose`. What is shown of the whole trial goes through `coarsen` or stands as it
is, each time with a comment that says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from smarthan.trial_data import Published

TOTAL = "ALL"
# Decimals of a published share (0 to 1): as printed. More of them would tell the counts behind it (51 / 62).
SHARE_DECIMALS = 3
HIDDEN, SHOWN = "suppressed", "shown"


@dataclass(frozen=True)
class Disclosed:
    """A table that may be published, and what was done to it.

    Attributes
    ----------
    table : DataFrame
        The rows given, in their order; `status` {shown, suppressed} where anything is hidden, and only then.
    record : dict
        method, threshold, small_group, base, cells, cells_suppressed, narrowest_interval, verdict.
    """

    table: pd.DataFrame
    record: dict[str, Any]

    @property
    def note(self) -> str:
        """What a reader is told under the table."""
        few, cells, hidden = self.record["threshold"], self.record["cells"], self.record["cells_suppressed"]
        rule = f"Disclosure control: {hidden} of {cells} cells suppressed"
        narrowest = self.record["narrowest_interval"]
        width = "" if narrowest is None else f", each known to no better than a range of {narrowest:.0f}"
        return (
            f"{rule}{width}. Suppressed is a cell of fewer than {few} buildings or homes, one of 0% or 100% of fewer "
            f"than {self.record['small_group']}, and what these could be worked out from. Counts are rounded to the "
            f"nearest {self.record['base']} and need not add up."
        )

    def said(self, column: str) -> str:
        """Return a sentence that names the rows hidden, for an alternative text; nothing when none is."""
        return say_hidden(self.table, column)


def disclose(
    table: pd.DataFrame,
    *,
    dims: Sequence[str],
    count: str,
    contributors: Sequence[str] = (),
    shares: Sequence[str] = (),
    values: Sequence[str] | None = None,
    rounded: Sequence[str] = (),
    coarse: Sequence[str] = (),
    by: str | None = None,
    hidden: pd.Series | None = None,
) -> Disclosed:
    """Pass a table of cells through disclosure control.

    Parameters
    ----------
    table : DataFrame
        One row a cell; totals carry "ALL" in a dimension.
    dims, count, contributors, shares, values
        As `smarthan.trial_data.suppress` takes them.
    rounded : sequence of str
        Columns of counts to round to the base in what is shown.
    coarse : sequence of str
        Columns of shares to round to three decimals.
    by : str, optional
        A column of tables that stand apart (technologies, characteristics): each is judged by itself.

    hidden : Series of bool, optional
        Rows that another table of the pack hides, and so this one too.

    Returns
    -------
    Disclosed

    Raises
    ------
    PublicationRefused
        When a hidden cell could be worked out.
    """
    if values is None:
        values = [name for name in table.columns if name not in (*dims, by)]
    if hidden is not None and hidden.any():
        emptied = {name: table[name].astype("Float64").mask(hidden) for name in [count, *contributors, *shares]}
        table = table.assign(**emptied, status=hidden.map({True: "secondary", False: SHOWN}))
    parts = [table] if by is None else [part for _, part in table.groupby(by, sort=False, observed=True)]
    options: dict[str, Any] = {"contributors": list(contributors), "shares": list(shares), "values": values}
    done = [_publish(part, dims=dims, count=count, total=TOTAL, **options) for part in parts if len(part)]
    shown = pd.concat([part.table for part in done]) if done else table.assign(status=SHOWN)
    shown = coarsen(shown.loc[table.index], rounded=rounded, coarse=coarse)
    shown.attrs = dict(table.attrs)
    return Disclosed(tell_hidden(shown), _join_records([part.record for part in done]))


def coarsen(table: pd.DataFrame, *, rounded: Sequence[str] = (), coarse: Sequence[str] = ()) -> pd.DataFrame:
    """Return a table with counts rounded to the base and shares to three decimals."""
    from smarthan.trial_data import round_counts

    result = table.copy()
    if rounded:
        keyed = table[list(rounded)].reset_index(drop=True).rename_axis("row").reset_index()
        numbers = round_counts(keyed, dims=["row"], count=list(rounded))
        for name in rounded:
            result[name] = pd.Series(numbers[name].array, index=table.index)
    for name in coarse:
        result[name] = table[name].astype("float64").round(SHARE_DECIMALS)
    return result


def blunt(table: pd.DataFrame, shares: Mapping[str, str]) -> pd.DataFrame:
    """Return a table whose plain shares, a count over a count, do not undo the rounding of the counts beside them.

    Parameters
    ----------
    table : DataFrame
        With counts as they are shown: rounded.
    shares : mapping of str to str
        Column of a share (0 to 1) to the column of the rounded count that it is of.

    Returns
    -------
    DataFrame
        Each share with the decimals that `share_decimals` allows beside its count.
    """
    result = table.copy()
    for share, of in shares.items():
        pairs = zip(table[share].astype("float64"), table[of].astype("Float64"), strict=True)
        result[share] = [
            one if pd.isna(n) or pd.isna(one) else round(one, share_decimals(one, int(n))) for one, n in pairs
        ]
    return result


def share_decimals(share: float, count: int) -> int:
    """Return how many decimals a share may have beside a count rounded to the base: at most three.

    So few that two or more of the counts behind the rounded one give the share: then it does not tell which it is.

    Examples
    --------
    >>> share_decimals(11 / 12, 10), share_decimals(49 / 60, 60), share_decimals(0.8554, 2070)
    (1, 2, 3)
    """
    return next((places for places in range(SHARE_DECIMALS, 0, -1) if len(_counts_behind(share, count, places)) > 1), 0)


def _counts_behind(share: float, count: int, places: int) -> list[int]:
    """Return the counts that a rounded one stands for and of which a share with so many decimals can be."""
    from smarthan.trial_data.disclosure.defaults import RULES

    reach, shown = RULES.base // 2, round(share, places)
    near = range(max(count - reach, 1), count + reach + 1)
    return [n for n in near if abs(round(shown * n) / n - shown) <= 0.5 * 10**-places + 1e-12]


def record_rounding(cells: int) -> dict[str, Any]:
    """Return the record of a table of whole-trial counts that was rounded and in which nothing had to be hidden."""
    return {**_rules(), "method": "round", "cells": cells, "cells_suppressed": 0, "narrowest_interval": None}


def record_exception(reason: str) -> dict[str, Any]:
    """Return the record of a table that stands as it is, with the reason why it may."""
    return {"method": "none", "reason": reason}


def tell_hidden(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without its statuses when nothing is hidden."""
    return table if table["status"].eq(HIDDEN).any() else table.drop(columns="status")


def is_hidden(table: pd.DataFrame) -> np.ndarray:
    """Return which rows of a table were hidden."""
    if "status" not in table:
        return np.zeros(len(table), dtype=bool)
    return table["status"].eq(HIDDEN).to_numpy()


def say_hidden(table: pd.DataFrame, column: str) -> str:
    """Return a sentence that names the rows hidden; nothing when none is.

    Examples
    --------
    >>> say_hidden(pd.DataFrame({"type": ["House", "Flat"], "status": ["shown", "suppressed"]}), "type")
    ' Suppressed: flat.'
    """
    from smarthan.findings.finding import listed

    names = table.loc[is_hidden(table), column].astype("str").drop_duplicates().str.lower()
    return f" Suppressed: {listed(names)}." if len(names) else ""


def _publish(table: pd.DataFrame, **options: Any) -> Published:
    from smarthan.trial_data import PublicationRefused, publish

    done = publish(table, **options)
    if done.verdict == "fail":
        raise PublicationRefused(done.reasons)
    return done


def _rules() -> dict[str, Any]:
    from smarthan.trial_data.disclosure.defaults import RULES

    return {"threshold": RULES.threshold, "small_group": RULES.small_group, "base": RULES.base}


def _join_records(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    narrow = [one["narrowest_interval"] for one in records if one["narrowest_interval"] is not None]
    return {
        **_rules(),
        "method": "suppress and round",
        "cells": sum(one["cells"] for one in records),
        "cells_suppressed": sum(one["cells_suppressed"] for one in records),
        "narrowest_interval": min(narrow, default=None),
        "verdict": "review" if any(one["cells_suppressed"] for one in records) else "pass",
    }
