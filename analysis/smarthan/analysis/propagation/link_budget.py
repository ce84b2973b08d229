"""What is left of a signal: link margins, for one link and for each technology of the reference table."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.analysis.homes.technology_table import technologies

from .path_loss import Floats, as_numbers

_NEEDED = ("tx_power_dbm", "sensitivity_dbm", "fade_margin_db")


def link_margin(
    *,
    tx_power_dbm: npt.ArrayLike,
    loss_db: npt.ArrayLike,
    sensitivity_dbm: npt.ArrayLike,
    tx_gain_dbi: npt.ArrayLike = 0,
    rx_gain_dbi: npt.ArrayLike = 0,
    extra_loss_db: npt.ArrayLike = 0,
) -> Floats:
    """Return by how much the received level lies above the sensitivity.

    Parameters
    ----------
    tx_power_dbm, sensitivity_dbm : array_like
        Transmit power and receiver sensitivity [dBm]. The sensitivity is not the lowest level an instrument reports.
    loss_db : array_like or PathLoss
        Path loss [dB].
    tx_gain_dbi, rx_gain_dbi, extra_loss_db : array_like
        Antenna gains [dBi] and further losses [dB].

    Returns
    -------
    float array
        Margin [dB]; below 0 the link fails on average, and it should exceed the fade margin.

    Raises
    ------
    ValueError
        An argument that is no finite number.

    Examples
    --------
    >>> float(link_margin(tx_power_dbm=8, loss_db=85, sensitivity_dbm=-97))
    20.0
    """
    power, loss, sensitivity, transmit, receive, extra = as_numbers(
        tx_power_dbm=tx_power_dbm,
        loss_db=np.asarray(loss_db, dtype=np.float64),
        sensitivity_dbm=sensitivity_dbm,
        tx_gain_dbi=tx_gain_dbi,
        rx_gain_dbi=rx_gain_dbi,
        extra_loss_db=extra_loss_db,
    )
    return np.asarray(power + transmit + receive - loss - extra - sensitivity)


def link_budgets(loss_db: float, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the margin of every radio technology over one loss, with its low, typical and high budget.

    Parameters
    ----------
    loss_db : float
        Path loss [dB].
    table : DataFrame, optional
        As `technologies()`, the default.

    Returns
    -------
    DataFrame
        technology, low_db, typical_db, high_db (margin left after the fade margin; low takes the least power, the worst
        sensitivity and the widest fade margin; a missing end takes the typical value), status (the least sure of the
        values used), source.

    Examples
    --------
    >>> link_budgets(85.0).set_index("technology").loc["zigbee_2g4", ["low_db", "typical_db", "high_db"]].tolist()
    [-15.0, 10.0, 23.5]
    """
    known = technologies() if table is None else table
    known = known[known["quantity"].isin(_NEEDED)].astype({"technology": "str", "status": "str"})
    groups = known.groupby("technology", sort=False)
    rows = (_budget(name, part.set_index("quantity"), loss_db) for name, part in groups)
    return pd.DataFrame([row for row in rows if row is not None])


def _budget(name: object, part: pd.DataFrame, loss_db: float) -> dict[str, object] | None:
    if not set(_NEEDED) <= set(part.index):
        return None
    ends = part[["low", "typical", "high"]].astype("float64")
    ends["low"], ends["high"] = ends["low"].fillna(ends["typical"]), ends["high"].fillna(ends["typical"])
    weak, strong = ends.loc["sensitivity_dbm"].max(), ends.loc["sensitivity_dbm"].min()
    typical = ends["typical"]
    power, fade = ends.loc["tx_power_dbm"], ends.loc["fade_margin_db"]
    used = part.loc[list(_NEEDED)]
    order = ("unverified", "assumed", "datasheet", "published")
    return {
        "technology": name,
        "low_db": power["low"] - weak - fade["high"] - loss_db,
        "typical_db": typical["tx_power_dbm"] - typical["sensitivity_dbm"] - typical["fade_margin_db"] - loss_db,
        "high_db": power["high"] - strong - fade["low"] - loss_db,
        "status": min(used["status"], key=order.index),
        "source": "; ".join(dict.fromkeys(used["source"])),
    }
