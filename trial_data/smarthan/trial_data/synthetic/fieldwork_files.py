"""Who went where, when, with what: visits, surveyors, instruments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from smarthan.trial_data.declared import INSTRUMENTS, SURVEYORS, VISITS

from .constants import (
    CAL_OFFSETS_DB,
    CAL_RESIDUAL_SD_DB,
    FIRST_DAY,
    INSTRUMENTS_PER_KIND,
    LEAST_SURVEYORS,
    PROTOCOL,
    RADIO_BANDS,
    RSSI_CEILING_DBM,
    RSSI_FLOOR_DBM,
    RSSI_STEP_DB,
    RSSI_TOLERANCE_DB,
    SURVEYOR_SD_DB,
    VISIT_HOURS,
    VISITS_PER_SURVEYOR,
    RadioBand,
)
from .survey import Survey
from .text_cells import lay_table, number_ids, show_decimals, show_times

# Power-line analysers follow the radio instruments.
KINDS = (*RADIO_BANDS, "power_line")
# The last surveyor makes few visits: when errors are asked for, it is this one who invents readings.
FABRICATOR_VISITS = 4


@dataclass(frozen=True)
class Fieldwork:
    """How the survey was worked.

    Attributes
    ----------
    surveyors : int
        How many; numbered from 0, the last being the one who may fabricate.
    surveyor : ndarray of int
        Who visited, one a building.
    start, minutes : ndarray
        Arrival (datetime64[s], UTC) and length [min], one a building.
    surveyor_db : ndarray of float
        What each surveyor adds to a level [dB].
    offset_db, residual_db : ndarray of float, kinds x instruments
        Calibration offset as stated, and what it leaves [dB].
    """

    surveyors: int
    surveyor: np.ndarray
    start: np.ndarray
    minutes: np.ndarray
    surveyor_db: np.ndarray
    offset_db: np.ndarray
    residual_db: np.ndarray


def plan_fieldwork(buildings: int, rng: np.random.Generator) -> Fieldwork:
    """Return who visits which building and when: three visits a working day each, never two at once.

    Parameters
    ----------
    buildings : int
        Buildings to visit [count].
    rng : Generator
        Source of randomness.

    Returns
    -------
    Fieldwork
    """
    regular = max(LEAST_SURVEYORS - 1, -(-buildings // VISITS_PER_SURVEYOR))
    few = min(FABRICATOR_VISITS, buildings)
    place = rng.permutation(buildings)  # place of each building in the order of visits
    late = place >= buildings - few
    surveyor = np.where(late, regular, place % regular)
    slot = np.where(late, place - (buildings - few), place // regular)
    day = np.busday_offset(FIRST_DAY, slot // len(VISIT_HOURS), roll="forward").astype("datetime64[s]")
    minute = 60 * np.array(VISIT_HOURS)[slot % len(VISIT_HOURS)] + rng.integers(0, 20, buildings)
    shape = (len(KINDS), INSTRUMENTS_PER_KIND)
    return Fieldwork(
        regular + 1,
        surveyor,
        day + minute.astype("timedelta64[m]"),
        rng.integers(60, 120, buildings),
        rng.normal(0.0, SURVEYOR_SD_DB, regular + 1),
        rng.choice(CAL_OFFSETS_DB, shape),
        rng.normal(0.0, CAL_RESIDUAL_SD_DB, shape),
    )


def number_instruments(kind: str, surveyor: np.ndarray) -> np.ndarray:
    """Return the number of the instrument of a kind that each surveyor carries."""
    return KINDS.index(kind) * INSTRUMENTS_PER_KIND + surveyor % INSTRUMENTS_PER_KIND


def lay_visits(survey: Survey, fieldwork: Fieldwork, rng: np.random.Generator) -> pd.DataFrame:
    """Return one visit a sampled building as text."""
    n = len(survey.buildings)
    end = fieldwork.start + fieldwork.minutes.astype("timedelta64[m]")
    return lay_table(
        VISITS,
        {
            "visit_id": number_ids("T", np.arange(n)),
            "building_id": number_ids("B", np.arange(n)),
            "surveyor_id": number_ids("V", fieldwork.surveyor),
            "date": np.datetime_as_string(fieldwork.start, unit="D").astype(object),
            "start_utc": show_times(fieldwork.start),
            "end_utc": show_times(end),
            "outcome": _find_outcomes(survey),
            "protocol_version": PROTOCOL,
            "weather": rng.choice(np.array(["dry", "rain", "overcast"], dtype=object), n),
        },
    )


def lay_surveyors(fieldwork: Fieldwork) -> pd.DataFrame:
    """Return the surveyors' pseudonyms as text."""
    n = fieldwork.surveyors
    return lay_table(
        SURVEYORS,
        {
            "surveyor_id": number_ids("V", np.arange(n)),
            "org": np.where(np.arange(n) % 2 == 0, "Synthetic Surveys A", "Synthetic Surveys B").astype(object),
            "training_date": "2025-02-03",
        },
    )


def lay_instruments(fieldwork: Fieldwork, bands: Mapping[str, RadioBand]) -> pd.DataFrame:
    """Return the instruments as text; the reporting floor is not the sensitivity."""
    tables = []
    for row, kind in enumerate(KINDS):
        n = INSTRUMENTS_PER_KIND
        cells: dict[str, Any] = {
            "instrument_id": number_ids("I", row * n + np.arange(n)),
            "model": f"synthetic {kind} tester",
            "cal_date": "2025-01-20",
            "cal_valid_days": "365",
        }
        if kind in bands:
            cells |= {
                "rssi_floor_dbm": f"{RSSI_FLOOR_DBM[kind]:.1f}",
                "rssi_ceiling_dbm": f"{RSSI_CEILING_DBM:.1f}",
                "rssi_step_db": f"{RSSI_STEP_DB:.1f}",
                "rssi_tolerance_db": f"{RSSI_TOLERANCE_DB:.1f}",
                "sensitivity_dbm": f"{bands[kind].sensitivity_dbm:.1f}",
                "cal_offset_db": show_decimals(fieldwork.offset_db[row], 1),
                "antenna_gain_dbi": "0.0",
            }
        tables.append(lay_table(INSTRUMENTS, cells))
    return pd.concat(tables, ignore_index=True)


def _find_outcomes(survey: Survey) -> np.ndarray:
    """Return how each building's visit ended: as its best dwelling did."""
    order = ("complete", "partial", "withdrawn", "refusal", "no_access", "no_contact")
    rank = survey.dwellings["outcome"].map({word: place for place, word in enumerate(order)}).to_numpy()
    best = np.full(len(survey.buildings), len(order) - 1)
    np.minimum.at(best, survey.dwellings["building"].to_numpy(), rank)
    return np.array(order, dtype=object)[best]
