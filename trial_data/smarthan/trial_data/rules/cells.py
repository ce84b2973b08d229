"""Rules across the columns of one row: needed together, in order, within their dates, identifiers intact."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.trial_data.declared.words import METERED_KINDS, RADIO_TECHNOLOGIES

from .workset import Mask, Workset, is_blank

# (table, column, fieldwork or not): fieldwork dates also lie after the trial began.
_DATES = (
    ("visits", "date", True),
    ("visits", "start_utc", True),
    ("visits", "end_utc", True),
    ("measurements", "start_utc", True),
    ("surveyors", "training_date", False),
    ("instruments", "cal_date", False),
    ("frame", "ref_date", False),
)
# (table, lower, upper, what to say): the lower column never exceeds the upper one.
_ORDERED = (
    ("frame", "n_buildings", "n_premises", "value_range"),
    ("measurements", "band_lo_hz", "band_hi_hz", "value_range"),
    ("noise", "band_lo_hz", "band_hi_hz", "value_range"),
    ("noise", "p10", "p50", "value_range"),
    ("noise", "p50", "p90", "value_range"),
    ("visits", "start_utc", "end_utc", "date_range"),
)


def require_by_kind(work: Workset) -> None:
    """Quarantine rows that lack a cell their kind needs."""
    locations, readings = work.rows["locations"], work.rows["measurements"]
    metered = locations.frame["kind"].isin(METERED_KINDS) & is_blank(locations, "meter_class")
    locations.reject(metered, "required_missing", "meter_class", "meter_class is empty; meters and hubs need it")
    radio = readings.frame["technology"].isin(RADIO_TECHNOLOGIES) & is_blank(readings, "rssi_status")
    radio &= readings.frame["rssi_status"].isna()  # what an instrument's word means counts as given
    readings.reject(radio, "required_missing", "rssi_status", "rssi_status is empty; a radio reading needs it")
    if "wiring" in work.rows:
        wiring = work.rows["wiring"]
        homeless = is_blank(wiring, "building_id") & is_blank(wiring, "dwelling_id")
        wiring.reject(
            homeless, "required_missing", "building_id", "building_id and dwelling_id are both empty; give one"
        )


def check_weights(work: Workset) -> None:
    """Quarantine dwellings whose inclusion probabilities are none: outside (0, 1]."""
    dwellings = work.rows["dwellings"]
    for column in ("p_incl_1", "p_incl_2"):
        share = dwellings.frame[column]
        outside = share.notna() & ~(share.gt(0) & share.le(1))
        dwellings.reject(outside, "weight_range", column, "'{value}' is not a probability above 0 and at most 1")


def check_order(work: Workset) -> None:
    """Quarantine rows whose lower value exceeds their upper one."""
    for table, low, high, code in _ORDERED:
        if table in work.rows:
            frame = work.rows[table].frame
            swapped = frame[low].gt(frame[high]).fillna(False)
            work.rows[table].reject(swapped, code, high, f"{high} '{{value}}' is below {low}")


def check_packets(work: Workset) -> None:
    """Quarantine readings whose packet counts are impossible."""
    readings = work.rows["measurements"]
    sent, arrived = readings.frame["packets_sent"], readings.frame["packets_ok"]
    impossible = (arrived.gt(sent) | arrived.lt(0) | sent.lt(0)).fillna(False)
    message = "packets_ok '{value}' is negative or above packets_sent, or packets_sent is negative"
    readings.reject(impossible, "packets_order", "packets_ok", message)


def check_dates(work: Workset) -> None:
    """Quarantine rows dated before the trial began or after the day asked."""
    after = pd.Timestamp(work.day) + pd.Timedelta(days=1)
    before = pd.Timestamp(work.begins)
    for table, column, fieldwork in _DATES:
        rows = work.rows[table]
        when = rows.frame[column]
        if isinstance(when.dtype, pd.DatetimeTZDtype):
            when = when.dt.tz_localize(None)
        late = when.ge(after)
        rows.reject(late, "date_range", column, f"'{{value}}' lies after {work.day.isoformat()}, the day asked")
        if fieldwork:
            early = when.lt(before)
            message = f"'{{value}}' lies before {work.begins.isoformat()}, when the trial began"
            rows.reject(early, "date_range", column, message)


def check_leading_zeros(work: Workset) -> None:
    """Quarantine rows whose numeric identifier is shorter than others of its column that start with 0."""
    for rows in work.rows.values():
        for column in [f.name for f in rows.table.fields if f.kind == "identifier"]:
            coded = rows.text.coded(column)
            cut = coded.spread(_lost_zeros(coded.words))
            if cut.any():
                message = "'{value}' has lost its leading zeros; restore the identifier"
                rows.reject(cut, "id_mangled", column, message)


def _lost_zeros(words: pd.Series) -> Mask:
    """Return which words are numbers shorter than the one width of those that start with 0."""
    cut = np.zeros(len(words), dtype=np.bool_)
    numeric = pc.match_substring_regex(pa.chunked_array(pa.array(words)), r"^\s*[0-9]+\s*$").to_numpy()
    digits = np.flatnonzero(numeric)
    ids = words.iloc[digits].str.strip()
    width = ids.str.len().to_numpy()
    padded = width[ids.str.startswith("0").to_numpy(dtype=np.bool_)]
    # Only a column of one fixed width tells that a shorter number is a cut one.
    if len(set(padded.tolist())) == 1 and width.max() == padded[0]:
        cut[digits] = width < padded[0]
    return cut
