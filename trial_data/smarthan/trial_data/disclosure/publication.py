"""The one way by which a table of the trial leaves the house: checked, recorded, written."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from smarthan.files import write_whole
from smarthan.trial_data.declared import TRIAL_TABLES

from .anonymity import KAnonymity
from .cells import WORD, require_columns
from .defaults import RULES
from .gate import check_impersonal
from .rounding import round_counts
from .suppression import Suppressed, suppress
from .writing import write_words

_IDENTIFIERS = {f.name for table in TRIAL_TABLES.values() for f in table.fields if f.kind == "identifier"}


class PublicationRefused(ValueError):
    """A table is not safe to publish; `.reasons` says why."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("not published: " + "; ".join(reasons))


@dataclass(frozen=True)
class Published:
    """A table that passed disclosure control, and the record of that.

    Attributes
    ----------
    table : DataFrame
        Numbers are numbers, hidden ones missing; `status` {shown, suppressed} where cells were judged. Which hidden
        cells are primary is not told.
    verdict : {"pass", "review", "fail"}
        pass: every rule held as the table came. review: something was hidden, rounded, coarsened or left out, or could
        not be checked: a person decides. fail: a hidden cell can be worked out, or an unsafe one is shown; such a table
        is never written.
    reasons : tuple of str
        Why it is not a pass.
    record : dict
        What was done: verdict, reasons, method, dims, count, threshold, protection, dominance, base or k, cells,
        cells_suppressed, narrowest_interval (None when nothing is hidden or nothing bounds it), columns, rows,
        synthetic.
    """

    table: pd.DataFrame
    verdict: str
    reasons: tuple[str, ...]
    record: dict[str, Any]

    def printed(self) -> pd.DataFrame:
        """Return the table as a reader sees it: the word "suppressed" in hidden cells, and no column of statuses."""
        return print_words(self.table)


def publish(
    table: pd.DataFrame | Suppressed | KAnonymity,
    *,
    dims: Sequence[str] | None = None,
    count: str | None = None,
    method: str = "suppress",
    to: str | os.PathLike[str] | None = None,
    base: int = RULES.base,
    df: str | None = None,
    **options: Any,
) -> Published:
    """Pass a table through disclosure control, record what was done, and write it if a path is given.

    Parameters
    ----------
    table : DataFrame, Suppressed or KAnonymity
        A table of cells, one already suppressed, or records made k-anonymous.
    dims, count
        As `suppress` takes them. A plain table without them cannot be checked for small cells: the verdict is review.
    method : {"suppress", "round", "check"}
        What is done with a plain table: hide its unsafe cells, round its counts, or only judge it.
    to : path, optional
        A `.csv`, `.csv.gz` or `.xlsx` file; beside it `<name>.disclosure.json` holds the record.
    base : int
        Rounding base [count].
    df : str, optional
        The column of residual degrees of freedom of a table of models: fewer than 10 fail it, since such a model fits
        so closely that it tells of its records [count].
    **options
        Further arguments of `suppress` (contributors, largest, threshold, protection, earlier, ...).

    Returns
    -------
    Published

    Raises
    ------
    PersonalRefused
        When the table holds personal data, under whatever name.
    PublicationRefused
        When `to` is given and the verdict is fail; nothing is written.
    ValueError
        When the method or the kind of file is not known, or the table is not as `suppress` needs it.
    KeyError
        When a column is not there.
    TypeError
        When an option is not one of `suppress`.

    Notes
    -----
    Suppression alone never gives a pass: whoever publishes looks at what is left. A synthetic table says so in the file
    (a column `synthetic`) and in the record. The record holds no figure of a hidden cell; `Suppressed.audit` does, and
    stays in the house.

    Examples
    --------
    >>> homes = pd.DataFrame({"place": ["indoors", "riser", "basement", "Total"], "homes": [120, 41, 4, 165]})
    >>> done = publish(homes, dims=["place"], count="homes")
    >>> done.verdict, done.record["cells_suppressed"], done.record["narrowest_interval"]
    ('review', 2, 45.0)
    >>> done.printed()["homes"].tolist()
    [120, 'suppressed', 'suppressed', 165]
    """
    if method not in ("suppress", "round", "check"):
        raise ValueError(f"method: {method!r} is not one of suppress, round, check")
    given = table if isinstance(table, pd.DataFrame) else _frame_of(table)
    check_impersonal(given, what="table")
    saturated = 0 if df is None else _count_saturated(given, df)
    if isinstance(table, KAnonymity):
        done = _publish_records(table)
    elif isinstance(table, Suppressed):
        done = _publish_suppressed(table, options.get("total", "Total"))
    elif dims is None or count is None:
        reason = "no dims and count were given: nobody checked the table for small cells"
        done = _published(table, ["review"], [reason], {"method": "none"})
    elif method == "round":
        rounded = round_counts(table, dims=dims, count=count, base=base, **options)
        reason = f"counts were rounded to multiples of {base}; look at what is left"
        done = _published(rounded, ["review"], [reason], {"method": "round", "base": base})
    else:
        safe = suppress(table, dims=dims, count=count, **options)
        done = _publish_suppressed(safe, options.get("total", "Total"))
        if method == "check":
            done = _judge_only(table, done)
    if saturated:
        reason = f"{saturated} models have fewer than {RULES.degrees_of_freedom} residual degrees of freedom"
        done = _published(done.table, ["fail"], [*done.reasons, reason], done.record)
    if to is not None:
        _write(done, Path(to))
    return done


def print_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the word "suppressed" in the emptied cells of hidden rows, without its statuses."""
    if "status" not in table.columns:
        return table.copy()
    hidden = table["status"].ne("shown").to_numpy()
    printed = table.drop(columns="status")
    for name in printed.columns:
        emptied = hidden & printed[name].isna().to_numpy()
        if emptied.any():
            printed[name] = printed[name].astype("object").mask(emptied, WORD)
    return printed


def _frame_of(table: Suppressed | KAnonymity) -> pd.DataFrame:
    return table.frame if isinstance(table, KAnonymity) else table.table


def _count_saturated(table: pd.DataFrame, df: str) -> int:
    require_columns("table", table, [df])
    return int(pd.to_numeric(table[df], errors="coerce").lt(RULES.degrees_of_freedom).sum())


def _publish_suppressed(safe: Suppressed, total: str) -> Published:
    table, hidden = safe.table.copy(), safe.table["status"].ne("shown")
    table["status"] = pd.array(np.where(hidden, WORD, "shown"), dtype="str")
    rules = table.attrs.pop("disclosure")
    verdicts, reasons = [], []
    absent = _count_absent(table, rules["dims"], total)
    if absent:
        verdicts.append("review")
        reasons.append(f"{absent} combinations have no row, which says that they are 0; add those that could occur")
    if hidden.any():
        verdicts.append("review")
        reasons.append(f"{int(hidden.sum())} of {len(table)} cells are suppressed; look at what is left")
    exposed = int((~safe.audit["is_protected"]).sum())
    if exposed:
        verdicts.append("fail")
        reasons.append(f"{exposed} suppressed cells can be worked out from what is already published")
    if safe.endangered:
        verdicts.append("fail")
        reasons.append(f"{len(safe.endangered)} cells hidden in what is already published could be worked out with it")
    narrowest = safe.narrowest
    facts = {
        **rules,
        "protection": float(safe.audit["protection"].iloc[0]) if len(safe.audit) else None,
        "cells": len(table),
        "cells_suppressed": int(hidden.sum()),
        "narrowest_interval": narrowest if np.isfinite(narrowest) else None,
    }
    return _published(table, verdicts, reasons, facts)


def _count_absent(table: pd.DataFrame, dims: list[str], total: str) -> int:
    """Return how many combinations of the labels that occur have no row, where the table goes down to combinations."""
    inner = table.loc[table[dims].astype("str").ne(total).all(axis="columns"), dims].astype("str")
    if inner.empty:
        return 0
    labels = [int(table[dim].astype("str").mask(lambda column: column.eq(total)).nunique()) for dim in dims]
    return math.prod(labels) - len(inner)


def _judge_only(table: pd.DataFrame, done: Published) -> Published:
    """Return the table as it came with the verdict on it: any cell that would be hidden fails it."""
    hidden = done.record["cells_suppressed"]
    if not hidden:
        return done
    reason = f"{hidden} of {done.record['cells']} cells are unsafe to show; suppress or round them"
    return _published(table, ["fail"], [reason], {**done.record, "cells_suppressed": 0, "narrowest_interval": None})


def _publish_records(done: KAnonymity) -> Published:
    reasons = []
    if len(done.steps):
        reasons.append(f"records were coarsened in {len(done.steps)} steps, {done.suppressed_rows} left out")
    if keys := [str(name) for name in done.frame.columns if name in _IDENTIFIERS]:
        reasons.append(f"{', '.join(keys)} lets tables be joined, which say more together; drop what is not needed")
    if done.smallest_diversity == 1:
        reasons.append("in some class every record has the same sensitive value")
    facts = {"method": "k_anonymity", "k": done.smallest_class, "rows_suppressed": done.suppressed_rows}
    few = done.smallest_class < RULES.k
    if few:
        reasons.append(f"the smallest class has {done.smallest_class} records; {RULES.k} are needed")
    return _published(done.frame, ["fail"] if few else ["review"] if reasons else [], reasons, facts)


def _published(table: pd.DataFrame, verdicts: list[str], reasons: list[str], facts: dict[str, Any]) -> Published:
    verdict = "fail" if "fail" in verdicts else "review" if verdicts else "pass"
    record = {
        **facts,
        "verdict": verdict,
        "reasons": list(reasons),
        "rows": len(table),
        "columns": [str(name) for name in table.columns if name != "status"],
        "synthetic": bool(table.attrs.get("synthetic", False)),
    }
    return Published(table, verdict, tuple(reasons), record)


def _write(done: Published, path: Path) -> None:
    if done.verdict == "fail":
        raise PublicationRefused(done.reasons)
    printed = done.printed()
    if done.record["synthetic"]:
        printed["synthetic"] = True
    write_words(printed, path)
    with write_whole(path.with_name(f"{path.name}.disclosure.json"), "w") as stream:
        stream.write(json.dumps(done.record, indent=1, sort_keys=True) + "\n")
