"""Personal data in free text: withheld from the tables, and shown nowhere."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from smarthan.tables import clip

from .workset import Mask, Workset

# A GB postcode, a United Kingdom telephone number (national or +44), an e-mail address.
# Each is searched in a time that grows with the length of the cell, whatever stands in it.
_POSTCODE = r"\b[A-Za-z]{1,2}[0-9][A-Za-z0-9]?\s{0,3}[0-9][ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2}\b"
_PHONE = r"(?<![\w.])(?:\+44\s?\(?0?\)?|\(?0)[1-9](?:[\s\-()]{0,2}[0-9]){8,9}(?!\w)"
_EMAIL = r"[\w.+-]@[\w-]{1,63}\.\w"
PERSONAL = re.compile(f"{_POSTCODE}|{_PHONE}|{_EMAIL}")


def withhold_personal_text(work: Workset) -> None:
    """Empty free-text cells that hold a postcode, telephone number or e-mail address."""
    for rows in work.rows.values():
        for declared in rows.table.fields:
            if declared.kind == "text" and declared.name != "sha256":
                coded = rows.text.coded(declared.name)
                held = coded.spread(_holds_personal(coded.words))
                rows.empty(held, "personal_text", declared.name, "the text held personal data and was withheld")


def withhold_from_account(problems: pd.DataFrame) -> pd.DataFrame:
    """Return a quarantine or notes table in which no original text holds personal data."""
    held = _holds_personal(problems["original"])
    if not held.any():
        return problems
    # The same few texts stand in many lines: each pair of them is looked at once.
    pairs = problems.loc[held, ["message", "original"]].astype("str")
    once = pairs.drop_duplicates()
    shown = {
        (message, original): message.replace(clip(original), "(withheld)")
        for message, original in once.itertuples(index=False)
    }
    messages = problems["message"].astype("str")
    messages[held] = [shown[pair] for pair in pairs.itertuples(index=False, name=None)]
    originals = problems["original"].astype("str").mask(held, "")
    return problems.assign(original=originals.astype("category"), message=messages.astype("category"))


def _holds_personal(cells: pd.Series) -> Mask:
    codes, words = pd.factorize(cells)
    found = [PERSONAL.search(word) is not None for word in words]
    # One place more, for the -1 of a missing cell.
    return np.asarray(np.array([*found, False])[codes], dtype=np.bool_)
