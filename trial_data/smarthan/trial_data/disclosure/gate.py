"""What no table of the trial may hold when it leaves: personal data, known by tag, by name or by the look of a cell."""

from __future__ import annotations

import pandas as pd

from smarthan.personal import PersonalRefused, refuse_personal
from smarthan.trial_data.declared import IDENTITY
from smarthan.trial_data.rules.privacy import PERSONAL

PERSONAL_NAMES = frozenset(field.name for field in IDENTITY.fields if field.personal)


def check_impersonal(frame: pd.DataFrame, *, what: str = "table") -> None:
    """Refuse a table that holds personal data, under whatever name.

    Parameters
    ----------
    frame : DataFrame
    what : str
        What the message calls it.

    Raises
    ------
    PersonalRefused
        When `smarthan.personal.refuse_personal` does (a tag, or a value seen in identity); when a column has the name
        of a personal column of identity; when a cell of words holds a postcode, telephone number or e-mail address.
        The message names columns, never their content.

    Examples
    --------
    >>> check_impersonal(pd.DataFrame({"Postcode": ["x"]}))
    Traceback (most recent call last):
    smarthan.personal.PersonalRefused: table: Postcode is personal data and is never written; drop it first
    """
    refuse_personal(frame, to=what)
    named = [str(name) for name in frame.columns if str(name).strip().casefold() in PERSONAL_NAMES]
    found = named or [str(name) for name in frame.columns if _looks_personal(frame[name])]
    if found:
        raise PersonalRefused(f"{what}: {', '.join(found)} is personal data and is never written; drop it first")


def _looks_personal(column: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        return False
    return any(PERSONAL.search(str(cell)) for cell in column.dropna().unique())
