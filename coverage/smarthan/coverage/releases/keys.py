"""The keys of rows on their way in: postcodes and UPRNs in canonical form, or the row in quarantine."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smarthan.coverage.lookup.statuses import describe_format
from smarthan.coverage.postcodes.parsing import parse_postcodes
from smarthan.coverage.postcodes.rules import Postcode
from smarthan.tables import RULES, Rows
from smarthan.tables.cells import Coded, spread_typed


def read_postcode_keys(rows: Rows) -> None:
    """Put the postcodes of rows into canonical form; quarantine a row whose postcode is not a whole geographic one.

    A cell that already broke a rule as text is not told of twice.
    """
    readable = rows.frame["postcode"].notna().to_numpy()
    cells = rows.text.coded("postcode")
    words = cells.words
    parsed = parse_postcodes(words)
    geographic = parsed["kind"].eq("GEOGRAPHIC").to_numpy()
    bad = ~geographic & words.str.strip().ne("").to_numpy(bool)
    if bad.any():
        _reject_postcodes(rows, parsed, cells, bad, readable)
    canonical = parsed["postcode"].where(geographic) if not geographic.all() else parsed["postcode"]
    changed = cells.spread(geographic & (parsed["postcode"] != words).to_numpy(bool)) & rows.alive
    rows.repair(changed, "key_spelling", "postcode", "'{value}' was put into canonical form")
    rows.frame["postcode"] = spread_typed(canonical, cells.codes)


def _reject_postcodes(rows: Rows, parsed: pd.DataFrame, cells: Coded, bad: np.ndarray, readable: np.ndarray) -> None:
    """Quarantine once for each distinct fault, so that each message says what was found."""
    used = parsed[bad].fillna({"problem": "", "position": 0})
    for (kind, problem, position), same in used.groupby(
        ["kind", "problem", "position"], observed=True, dropna=False
    ).groups.items():
        found = Postcode(None, str(kind), problem=str(problem) or None, position=int(position) or None)
        mask = np.zeros(len(parsed), dtype=np.bool_)
        mask[same] = True
        rows.reject(cells.spread(mask) & readable, _code(found), "postcode", f"'{{value}}': {_words(found)}")


def _code(found: Postcode) -> str:
    if found.kind == "EMPTY":
        return "sentinel"
    name = {"PARTIAL": "partial", "NON_GEOGRAPHIC": "non_geographic", "OUTSIDE_GB": "outside_gb"}.get(found.kind)
    code = f"postcode_{name or found.problem}"
    return code if code in RULES else "postcode_unusable"


def _words(found: Postcode) -> str:
    if found.kind == "EMPTY":
        return "a word for missing where a postcode is expected"
    if found.kind == "PARTIAL":
        return f"only the {found.problem}, not a whole postcode"
    return describe_format(found)


def read_uprn_keys(rows: Rows) -> None:
    """Put the UPRNs of rows into canonical form; quarantine a row whose UPRN is not one."""
    readable = rows.frame["uprn"].notna().to_numpy()
    cells = rows.text.coded("uprn")
    words = cells.words
    trimmed = words.str.strip()
    if trimmed.eq("").all():
        return
    number = trimmed.str.lstrip("0").where(trimmed.str.fullmatch("[0-9]{1,12}"), "")
    good = number.ne("").to_numpy(bool)
    wrong = cells.spread(~good & trimmed.ne("").to_numpy(bool)) & readable
    rows.reject(wrong, "uprn_format", "uprn", "'{value}' is not 1 to 12 digits, or is zero")
    canonical = number.where(good)
    rows.frame["uprn"] = spread_typed(canonical, cells.codes)
    spelt = cells.spread(good & number.ne(words).to_numpy(bool)) & rows.alive
    rows.repair(spelt, "key_spelling", "uprn", "'{value}' was put into canonical form")
