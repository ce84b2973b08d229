"""The edition of the postcode reference, which every answer quotes.

The data sheet is TOML, and a reader of TOML takes longer to load than a look-up takes; its one line is read as text.
Every cold look-up does so: nothing is imported here that a bare Python has not loaded.
"""

from __future__ import annotations

import os

_SHEET = os.path.join(os.path.dirname(__file__), "data", "postcodes.toml")
_KEY = 'vintage = "'
_read: list[str] = []


def read_vintage() -> str:
    """Return the edition of the postcode reference, as its data sheet states it.

    Raises
    ------
    FileNotFoundError
        When there is no sheet.
    ValueError
        When the sheet states none.

    Examples
    --------
    >>> "Code-Point Open" in read_vintage()
    True
    """
    if not _read:
        _read.append(_find_vintage())
    return _read[0]


def _find_vintage() -> str:
    with open(_SHEET, encoding="utf-8") as stream:
        for line in stream:
            if line.startswith(_KEY):
                return line[len(_KEY) :].rstrip()[:-1]
    raise ValueError(f"{_SHEET}: states no vintage; re-install smarthan")
