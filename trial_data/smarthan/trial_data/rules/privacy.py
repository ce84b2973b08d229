"""Personal data in free text: withheld from the tables, and shown nowhere."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.tables import clip

from .workset import Mask, Workset

# A GB postcode, a United Kingdom telephone number (national or +44), an e-mail address.
# Each is searched in a time that grows with the length of the cell, whatever stands in it.
_POSTCODE = r"\b[A-Za-z]{1,2}[0-9][A-Za-z0-9]?\s{0,3}[0-9][ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2}\b"
_PHONE = r"(?<![\w.])(?:\+44\s?\(?0?\)?|\(?0)[1-9](?:[\s\-()]{0,2}[0-9]){8,9}(?!\w)"
_EMAIL = r"[\w.+-]@[\w-]{1,63}\.\w"
PERSONAL = re.compile(f"{_POSTCODE}|{_PHONE}|{_EMAIL}")
# Without one of these (a postcode's last three characters, nine digits, an @) a text is none of them.
_MAY_BE = r"[0-9][A-Za-z]{2}|@|[0-9](?:[^0-9]{0,8}[0-9]){8}"


def withhold_personal_text(work: Workset) -> None:
    """Empty free-text cells that hold a postcode, telephone number or e-mail address."""
    for rows in work.rows.values():
        for declared in rows.table.fields:
            if declared.kind == "text" and declared.name != "sha256":
                coded = rows.text.coded(declared.name)
                held = coded.spread(holds_personal(coded.words))
                rows.empty(held, "personal_text", declared.name, "the text held personal data and was withheld")


def withhold_from_account(problems: pd.DataFrame) -> pd.DataFrame:
    """Return a quarantine or notes table in which no original text holds personal data."""
    held = holds_personal(problems["original"])
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


def holds_personal(cells: pd.Series) -> Mask:
    """Return which cells hold a postcode, telephone number or e-mail address; each text is searched once."""
    codes, words = pd.factorize(cells)
    found = np.zeros(len(words) + 1, dtype=np.bool_)  # one place more, for the -1 of a missing cell
    texts = pa.array(words, pa.large_string())
    at = np.flatnonzero(pc.match_substring_regex(texts, _MAY_BE).to_numpy(zero_copy_only=False))
    found[at] = [PERSONAL.search(word) is not None for word in texts.take(pa.array(at)).to_pylist()]
    return found[codes]
