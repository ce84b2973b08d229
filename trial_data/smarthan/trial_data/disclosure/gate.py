"""The gate that nothing personal passes: one check, for every writer."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from smarthan.trial_data.declared import IDENTITY
from smarthan.trial_data.rules.privacy import PERSONAL


class PersonalDataRefused(ValueError):
    """A table holds personal data and goes nowhere; the message names columns, never their content.

    Attributes
    ----------
    columns : tuple of str
        The columns that hold it.
    """

    def __init__(self, what: str, columns: Collection[str]) -> None:
        self.columns = tuple(columns)
        named = ", ".join(self.columns) or "a column joined from identity"
        super().__init__(f"{what}: {named} is personal data and is never written; drop it before you publish")


def refuse_personal(frame: pd.DataFrame, *, what: str = "table") -> None:
    """Refuse a table that holds personal data, under whatever name.

    Parameters
    ----------
    frame : DataFrame
    what : str
        What the message calls it.

    Returns
    -------
    None
        When nothing personal was found.

    Raises
    ------
    PersonalDataRefused
        When a column has the name of a personal column of `identity`; when `frame.attrs["personal"]` names columns of
        the table, or is True (any table joined with `identity`, whatever its columns are called now); when a cell of
        words holds a postcode, telephone number or e-mail address.

    Examples
    --------
    >>> refuse_personal(pd.DataFrame({"Postcode": ["x"]}))
    Traceback (most recent call last):
    smarthan.trial_data.disclosure.gate.PersonalDataRefused: table: Postcode is personal data and is never written; drop
    it before you publish
    """
    declared = {field.name for field in IDENTITY.fields if field.personal}
    found = [str(name) for name in frame.columns if str(name).strip().casefold() in declared]
    tag = frame.attrs.get("personal", False)
    if tag is True or (not isinstance(tag, bool) and tag is not None):
        tagged = [] if tag is True else [str(name) for name in tag if name in frame.columns]
        if tag is True or tagged:
            raise PersonalDataRefused(what, dict.fromkeys([*found, *tagged]))
    found += [str(name) for name in frame.columns if str(name) not in found and _looks_personal(frame[name])]
    if found:
        raise PersonalDataRefused(what, found)


def _looks_personal(column: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        return False
    return any(PERSONAL.search(str(cell)) for cell in column.dropna().unique())
