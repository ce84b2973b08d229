"""The keys of rows on their way in: postcodes and UPRNs in canonical form, or the row in quarantine."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smarthan.coverage.lookup.statuses import describe_format
from smarthan.coverage.postcodes.parsing import parse_postcodes
from smarthan.coverage.postcodes.rules import Postcode
from smarthan.tables import RULES, Rows


def read_postcode_keys(rows: Rows) -> None:
    """Put the postcodes of rows into canonical form; quarantine a row whose postcode is not a whole geographic one."""
    text = rows.text["postcode"]
    codes, distinct = pd.factorize(text)
    parsed = parse_postcodes(pd.Series(distinct, dtype="str"))
    kind = parsed["kind"].to_numpy(dtype=object)[codes]
    blank = text.str.strip().eq("").to_numpy(bool)
    bad = (kind != "GEOGRAPHIC") & ~blank & rows.alive
    if bad.any():
        _reject_postcodes(rows, parsed, codes, bad)
    canonical = parsed["postcode"].where(parsed["kind"].eq("GEOGRAPHIC")).take(codes).set_axis(text.index)
    rows.frame["postcode"] = canonical
    changed = canonical.notna().to_numpy() & (canonical != text).fillna(False).to_numpy(bool) & rows.alive
    rows.repair(changed, "key_spelling", "postcode", "'{value}' was put into canonical form")


def _reject_postcodes(rows: Rows, parsed: pd.DataFrame, codes: np.ndarray, bad: np.ndarray) -> None:
    """Quarantine once for each distinct fault, so that each message says what was found."""
    used = parsed.iloc[np.unique(codes[bad])]
    for (kind, problem, position), same in used.fillna({"problem": "", "position": 0}).groupby(
        ["kind", "problem", "position"], observed=True, dropna=False
    ):
        found = Postcode(None, str(kind), problem=str(problem) or None, position=int(position) or None)
        rows.reject(bad & np.isin(codes, same.index), _code(found), "postcode", f"'{{value}}': {_words(found)}")


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
    text = rows.text["uprn"]
    trimmed = text.str.strip()
    if trimmed.eq("").all():
        rows.frame["uprn"] = pd.Series(pd.NA, index=text.index, dtype="str")
        return
    digits = trimmed.str.fullmatch("[0-9]{1,12}")
    number = trimmed.str.lstrip("0").where(digits)
    good = (digits & number.ne("")).fillna(False).to_numpy(bool)
    wrong = ~good & trimmed.ne("").to_numpy(bool) & rows.alive
    rows.reject(wrong, "uprn_format", "uprn", "'{value}' is not 1 to 12 digits, or is zero")
    rows.frame["uprn"] = number.where(good)
    spelt = good & number.ne(text).fillna(False).to_numpy(bool) & rows.alive
    rows.repair(spelt, "key_spelling", "uprn", "'{value}' was put into canonical form")
