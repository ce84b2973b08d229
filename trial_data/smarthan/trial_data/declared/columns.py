"""Kinds of column that the trial's tables share, so that each is worded once.

`breach` follows one rule: a number out of range in a key, a design column (what the sample was drawn with) or a
geometry column (metres, storeys, floors, walls) quarantines the row; any other is emptied and the row stays.
"""

from __future__ import annotations

from typing import Literal

from smarthan.tables.fields import Field

Breach = Literal["row", "null"]

# Codes that instruments, spreadsheets and netCDF (its default fill value) write for "missing".
SENTINELS = ("-999", "-9999", "9.97e36", "N/A", "null")
# An idle receiver reports 0 dBm; a signed byte that was never set reads 127.
RSSI_SENTINELS = (*SENTINELS, "0", "127")
# The smallest length and duration taken as above zero [m, s].
ABOVE_ZERO = 0.001


def id_column(name: str, about: str, *, required: bool = True) -> Field:
    """Declare an identifier: opaque text, never a number."""
    return Field(
        name,
        "identifier",
        about,
        required=required,
        optional_column=not required,
        max_length=64,
    )


def word_column(
    name: str,
    about: str,
    allowed: tuple[str, ...],
    *,
    required: bool = False,
    quasi: bool = False,
) -> Field:
    """Declare a column that holds one of the listed words."""
    return Field(
        name,
        "category",
        about,
        allowed=allowed,
        required=required,
        optional_column=not required,
        quasi=quasi,
    )


def text_column(name: str, about: str, *, required: bool = False, personal: bool = False) -> Field:
    """Declare free text."""
    return Field(
        name,
        "text",
        about,
        required=required,
        optional_column=not required,
        personal=personal,
    )


def time_column(name: str, about: str, *, kind: Literal["date", "datetime"], required: bool = False) -> Field:
    """Declare an ISO date, or a UTC time with Z."""
    return Field(name, kind, about, required=required, optional_column=not required)


def count_column(
    name: str,
    about: str,
    *,
    low: float | None = 0,
    high: float | None = None,
    unit: str = "",
    required: bool = False,
    quasi: bool = False,
    breach: Breach = "null",
) -> Field:
    """Declare a whole number."""
    return Field(
        name,
        "integer",
        about,
        unit=unit,
        low=low,
        high=high,
        required=required,
        optional_column=not required,
        quasi=quasi,
        breach=breach,
        sentinels=SENTINELS,
    )


def number_column(
    name: str,
    about: str,
    *,
    unit: str,
    low: float | None = None,
    high: float | None = None,
    required: bool = False,
    breach: Breach = "null",
    personal: bool = False,
) -> Field:
    """Declare a measured or designed number with its unit."""
    return Field(
        name,
        "number",
        about,
        unit=unit,
        low=low,
        high=high,
        required=required,
        optional_column=not required,
        breach=breach,
        sentinels=RSSI_SENTINELS if name == "rssi_dbm" else SENTINELS,
        personal=personal,
    )
