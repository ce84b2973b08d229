"""What each technology needs to work: the reference table, and what has been published about reach."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import pandas as pd

from smarthan.tables import Field, FileRefused, Table, open_rows
from smarthan.trial_data.declared.words import TECHNOLOGIES

STATUSES = ("published", "datasheet", "assumed", "unverified")

TECHNOLOGY_TABLE = Table(
    "technologies",
    "One row a technology and quantity: low, typical, high, and where they come from.",
    (
        Field("technology", "category", "The technology.", required=True, allowed=TECHNOLOGIES, optional_column=False),
        Field("quantity", "text", "What is stated.", required=True, optional_column=False),
        Field("low", "number", "Low end.", low=-1e12, high=1e12),
        Field("typical", "number", "Value used.", low=-1e12, high=1e12, optional_column=False),
        Field("high", "number", "High end.", low=-1e12, high=1e12),
        Field("unit", "text", "Unit of the three values.", required=True, optional_column=False),
        Field("source", "text", "Where the values come from.", required=True, optional_column=False),
        Field("status", "category", "How sure that is.", required=True, allowed=STATUSES, optional_column=False),
    ),
    key=("technology", "quantity"),
)
PUBLISHED_REACH = Table(
    "reach_published",
    "One row a figure that was published for the share of premises reached.",
    (
        Field("technology", "text", "Technologies joined by +: reached by any.", required=True),
        Field("share", "number", "Share of premises.", required=True, low=0, high=1),
        Field("date", "date", "Day of publication."),
        Field("source", "text", "Where it was published.", required=True),
        Field("status", "category", "How sure that is.", required=True, allowed=STATUSES),
    ),
)


def technologies(path: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Return the reference table of the technologies, or read the user's own in the same form.

    Parameters
    ----------
    path : path, optional
        CSV with technology, quantity, low, typical, high, unit, source, status. Without it, the shipped table.

    Returns
    -------
    DataFrame
        Radio technologies have sensitivity_dbm and fade_margin_db, wired ones required_snr_db; all have
        per_limit_share and packets_least. Values marked assumed or unverified are to be shown as such.

    Raises
    ------
    FileRefused
        A row that cannot be used, or a quantity stated twice.

    Examples
    --------
    >>> table = technologies()
    >>> table.query("technology == 'zigbee_sub' and quantity == 'sensitivity_dbm'")["typical"].tolist()
    [-103.0]
    """
    source = _shipped("technologies.csv") if path is None else path
    rows = open_rows(source, TECHNOLOGY_TABLE)
    rows.reject_duplicates()
    read = rows.finish()
    if len(read.quarantine):
        first = read.quarantine.iloc[0]
        raise FileRefused(source, str(first["code"]), f"line {first['line']}: {first['message']}; mend it")
    return read.frame


def published_reach() -> pd.DataFrame:
    """Return what has been published about reach; draw only rows whose status is `published`.

    Returns
    -------
    DataFrame
        technology (several joined by +), share [0 to 1], date, source, status.

    Examples
    --------
    >>> published_reach().query("status == 'published'")["share"].tolist()
    [0.7, 0.95]
    """
    return open_rows(_shipped("reach_published.csv"), PUBLISHED_REACH).finish().frame


def choose_limits(table: pd.DataFrame) -> pd.DataFrame:
    """Return the typical values that decide success: one row a technology, one column a quantity.

    Raises
    ------
    ValueError
        A technology with neither a sensitivity and fade margin nor a required SNR.

    Examples
    --------
    >>> choose_limits(technologies()).loc["bb_plc", "required_snr_db"]
    np.float64(10.0)
    """
    wide = table.astype({"technology": "str"}).pivot(index="technology", columns="quantity", values="typical")
    limits = wide.reindex(columns=["sensitivity_dbm", "fade_margin_db", "required_snr_db", *_PACKET_RULE])
    radio = limits["sensitivity_dbm"].notna() & limits["fade_margin_db"].notna()
    wanting = limits.index[~(radio | limits["required_snr_db"].notna()) | limits[_PACKET_RULE].isna().any(axis=1)]
    if len(wanting):
        raise ValueError(
            f"technologies: {wanting[0]} needs per_limit_share, packets_least and either sensitivity_dbm with "
            "fade_margin_db (radio) or required_snr_db (wires)"
        )
    return limits.assign(is_radio=radio)


_PACKET_RULE = ["per_limit_share", "packets_least"]


def _shipped(name: str) -> Path:
    return Path(str(files("smarthan.analysis") / "data" / name))
