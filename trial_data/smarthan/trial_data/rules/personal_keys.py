"""Personal data where an identifier belongs, and in what is said of a file that cannot be used: shown nowhere."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.tables import RULES, FileRefused

from .privacy import PERSONAL
from .workset import Workset


def reject_personal_keys(work: Workset) -> None:
    """Quarantine rows whose identifier is a postcode, telephone number or e-mail address: a key cannot be emptied."""
    for rows in work.rows.values():
        for declared in rows.table.fields:
            if declared.kind == "identifier":
                coded = rows.text.coded(declared.name)
                held = coded.spread(_tell_identity(coded.words))
                message = f"{declared.name} holds personal data; give an identifier made for the trial"
                rows.reject(held, "personal_text", declared.name, message)


def withhold_keys(problems: pd.DataFrame) -> pd.DataFrame:
    """Return a quarantine or notes table in which no key is personal."""
    keys = problems["key"].astype("category")
    held = _tell_identity(pd.Series(keys.cat.categories, dtype="str"))
    if not held.any():
        return problems
    shown = keys.astype("str").mask(held[keys.cat.codes], "(withheld)")
    return problems.assign(key=shown.astype("category"))


def withhold_refusal(refused: FileRefused, *, always: bool = False) -> FileRefused:
    """Return a refusal that shows nothing of its file where what it shows is (or, always, may be) personal."""
    if not always and not PERSONAL.search(str(refused).removeprefix(refused.path)):
        return refused
    return FileRefused(refused.path, refused.code, f"{RULES[refused.code].about}; what stands there is withheld")


def _tell_identity(words: pd.Series) -> npt.NDArray[np.bool_]:
    """Return which identifiers are personal: B12AB may be made for a trial, B1 2AB is a postcode."""
    found = words.str.contains(r"[@+\s]", regex=True).to_numpy(dtype=np.bool_, na_value=False, copy=True)
    at = np.flatnonzero(found)
    found[at] = [PERSONAL.search(word) is not None for word in words.iloc[at]]
    return found
