"""What the instruments recorded of the truth: measurements and mains noise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from smarthan.trial_data.declared import MEASUREMENTS, NOISE

from . import radio_truth
from .constants import (
    HOURLY_NOISE_DB,
    NOISE_MIX,
    PACKET_SCALE_DB,
    PACKETS_MISSING,
    PACKETS_SENT,
    PER_LIMIT,
    POWER_LINES,
    READING_SD_DB,
    RSSI_CEILING_DBM,
    RSSI_FLOOR_DBM,
    RSSI_MISSING,
    RSSI_STEP_DB,
    SNR_READING_SD_DB,
    RadioBand,
)
from .fieldwork_files import KINDS, Fieldwork, number_instruments, show_times
from .geometry import RADIO_ROLES, WIRED_ROLE
from .place_files import keep_respondents, number_locations, number_paths
from .survey import Survey
from .text_cells import lay_table, number_ids, show_decimals

# Carrier of the test channel [Hz], within each technology's band: assumed.
CARRIER_HZ = {"zigbee_2g4": 2.440e9, "zigbee_sub": 868.3e6, "wmbus": 868.95e6, "wifi": 2.437e9}
# What the background of mains noise is like in each power-line band [dBuV]: assumed.
BACKGROUND_DBUV = {"nb_plc": 55.0, "bb_plc": 35.0}


def draw_packets(excess_db: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return how many of `PACKETS_SENT` packets arrive, given what a link has over the success limit.

    Parameters
    ----------
    excess_db : ndarray of float
        True margin over fade margin, or SNR over the SNR needed [dB]; at least 0 is a true success.
    rng : Generator
        Source of randomness.

    Returns
    -------
    ndarray of int
        Packets received [count].

    Notes
    -----
    The chance of one packet is logistic in `excess_db`, placed so that a link exactly at the limit passes the packet
    rule (at most 1 % lost) half of the time. One decibel to either side it passes or fails with probability above
    0.99, so the recorded success differs from the true one only for links within about 1 dB of the limit.
    """
    # A Poisson count is at most L in half of the cases when its mean is near L + 2/3.
    lost_at_limit = (PER_LIMIT * PACKETS_SENT + 2.0 / 3.0) / PACKETS_SENT
    centre = np.log((1.0 - lost_at_limit) / lost_at_limit)
    chance = 1.0 / (1.0 + np.exp(-np.clip(excess_db / PACKET_SCALE_DB + centre, -700.0, 700.0)))
    return rng.binomial(PACKETS_SENT, chance)


def lay_measurements(
    survey: Survey, fieldwork: Fieldwork, bands: Mapping[str, RadioBand], rng: np.random.Generator
) -> pd.DataFrame:
    """Return the measurements of the responding dwellings as text, in the order in which they were taken.

    Parameters
    ----------
    survey : Survey
        Sample and truth.
    fieldwork : Fieldwork
        Surveyors, times, instruments.
    bands : mapping of str to RadioBand
        Radio technologies measured.
    rng : Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        Text, columns as declared. A partial dwelling lacks one technology altogether.
    """
    here = keep_respondents(survey)
    technologies = (*bands, *POWER_LINES)
    skipped = np.where(here["outcome"] == "partial", rng.integers(0, len(technologies), len(here)), -1)
    blocks = list(_read_radio(here, fieldwork, bands, rng)) + list(_read_wired(here, fieldwork, rng))
    rows = pd.concat(
        [
            block.assign(dwelling=here.index, building=here["building"].to_numpy(), place=place)[
                skipped != technologies.index(block["technology"].iloc[0] if len(block) else technologies[0])
            ]
            for place, block in enumerate(blocks)
        ]
    ).sort_values(["dwelling", "place"], ignore_index=True)
    return _number_rows(rows, fieldwork, rng)


def lay_noise(survey: Survey, fieldwork: Fieldwork, rng: np.random.Generator) -> pd.DataFrame:
    """Return a noise recording in each power-line band at the meter of each responding dwelling, as text."""
    here = keep_respondents(survey)
    n = len(here)
    building = here["building"].to_numpy()
    tables = []
    for row, (technology, line) in enumerate(POWER_LINES.items()):
        middle = BACKGROUND_DBUV[technology] + _find_excess_noise(here, fieldwork) + rng.normal(0.0, 2.0, n)
        spread = rng.uniform(2.0, 6.0, n)
        cells = {
            "noise_id": number_ids("N", here.index.to_numpy() * len(POWER_LINES) + row),
            "location_id": number_locations(here.index.to_numpy(), "elec_meter"),
            "visit_id": number_ids("T", building),
            "band_lo_hz": f"{line.band_hz[0]:.0f}",
            "band_hi_hz": f"{line.band_hz[1]:.0f}",
            "rbw_hz": "200" if technology == "nb_plc" else "9000",  # CISPR 16-1-1 bands A and B
            "detector": "avg",
            "unit": "dbuv",
            "p10": show_decimals(middle - spread, 1),
            "p50": show_decimals(middle, 1),
            "p90": show_decimals(middle + 1.5 * spread, 1),
            "class": np.array(list(NOISE_MIX), dtype=object)[here["noise_kind"].to_numpy()],
        }
        tables.append(lay_table(NOISE, cells))
    return pd.concat(tables).sort_values("noise_id", ignore_index=True)


def _read_radio(
    here: pd.DataFrame, fieldwork: Fieldwork, bands: Mapping[str, RadioBand], rng: np.random.Generator
) -> Iterator[pd.DataFrame]:
    surveyor = fieldwork.surveyor[here["building"].to_numpy()]
    for technology, band in bands.items():
        row = KINDS.index(technology)
        unit = surveyor % fieldwork.offset_db.shape[1]
        shift = fieldwork.surveyor_db[surveyor] + fieldwork.residual_db[row, unit] - fieldwork.offset_db[row, unit]
        for role in RADIO_ROLES:
            level = here[f"{technology}.{role}.dbm"].to_numpy()
            packets = draw_packets(radio_truth.find_excess(band, level), rng)
            seen = level + shift + rng.normal(0.0, READING_SD_DB, len(here))
            yield pd.DataFrame(
                {
                    "path_id": number_paths(here.index.to_numpy(), role),
                    "instrument_id": number_instruments(technology, surveyor),
                    "technology": technology,
                    "freq_hz": f"{CARRIER_HZ[technology]:.0f}",
                    "tx_power_dbm": f"{band.tx_dbm:.1f}",
                    **_record_level(seen, packets, RSSI_FLOOR_DBM[technology], rng),
                },
                dtype="str",
            )


def _record_level(
    level_dbm: np.ndarray, packets: np.ndarray, floor_dbm: float, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return what is written down of a level and of packets, censored at the instrument's floor and ceiling."""
    steps = np.round((level_dbm - floor_dbm) / RSSI_STEP_DB)
    highest = (RSSI_CEILING_DBM - floor_dbm) / RSSI_STEP_DB
    status = np.where(steps <= 0, "at_floor", np.where(steps >= highest, "at_ceiling", "observed")).astype(object)
    chance = rng.random(len(level_dbm))
    not_counted = chance < PACKETS_MISSING
    # Packets without a level and a level without packets exclude one another, so that success is always known.
    status = np.where((chance >= 1.0 - RSSI_MISSING), "not_recorded", status)
    status = np.where(packets == 0, "not_heard", status)
    shown = floor_dbm + RSSI_STEP_DB * np.clip(steps, 0.0, highest)
    return {
        "rssi_dbm": np.where(np.isin(status, ["not_heard", "not_recorded"]), "", show_decimals(shown, 1)),
        "rssi_status": status,
        "packets_sent": np.where(not_counted, "", str(PACKETS_SENT)),
        "packets_ok": np.where(not_counted, "", show_decimals(packets, 0)),
    }


def _read_wired(here: pd.DataFrame, fieldwork: Fieldwork, rng: np.random.Generator) -> Iterator[pd.DataFrame]:
    surveyor = fieldwork.surveyor[here["building"].to_numpy()]
    for technology, line in POWER_LINES.items():
        snr = here[f"{technology}.snr_db"].to_numpy()
        packets = draw_packets(snr - line.required_snr_db, rng)
        seen = snr - _find_hourly_noise(here, fieldwork) + rng.normal(0.0, SNR_READING_SD_DB, len(here))
        attenuation = here[f"{technology}.attenuation_db"].to_numpy() + rng.normal(0.0, SNR_READING_SD_DB, len(here))
        yield pd.DataFrame(
            {
                "path_id": number_paths(here.index.to_numpy(), WIRED_ROLE),
                "instrument_id": number_instruments("power_line", surveyor),
                "technology": technology,
                "band_lo_hz": f"{line.band_hz[0]:.0f}",
                "band_hi_hz": f"{line.band_hz[1]:.0f}",
                "snr_db": show_decimals(np.clip(seen, -30.0, 100.0), 1),
                "attenuation_db": show_decimals(np.clip(attenuation, 0.0, 150.0), 1),
                "packets_sent": str(PACKETS_SENT),
                "packets_ok": show_decimals(packets, 0),
            },
            dtype="str",
        )


def _find_hourly_noise(here: pd.DataFrame, fieldwork: Fieldwork) -> np.ndarray:
    start = fieldwork.start[here["building"].to_numpy()]
    hour = (start - start.astype("datetime64[D]")).astype("timedelta64[h]").astype(int)
    return np.array([HOURLY_NOISE_DB[value] for value in hour.tolist()])


def _find_excess_noise(here: pd.DataFrame, fieldwork: Fieldwork) -> np.ndarray:
    levels = np.array([level for _, level in NOISE_MIX.values()])
    return np.asarray(levels[here["noise_kind"].to_numpy()] + _find_hourly_noise(here, fieldwork))


def _number_rows(rows: pd.DataFrame, fieldwork: Fieldwork, rng: np.random.Generator) -> pd.DataFrame:
    """Return the rows with id, visit, time spread over the visit, and the columns that all readings share."""
    n = len(rows)
    building = rows["building"].to_numpy()
    sizes = np.bincount(building, minlength=len(fieldwork.start))
    starts = np.cumsum(sizes) - sizes
    share = (np.arange(n) - starts[building] + 0.5) / np.maximum(sizes[building], 1)
    into_visit = (share * fieldwork.minutes[building] * 60).astype("timedelta64[s]")
    own = rows.drop(columns=["dwelling", "building", "place"]).fillna("")
    return lay_table(
        MEASUREMENTS,
        {
            **{name: own[name].to_numpy() for name in own.columns},
            "measurement_id": number_ids("M", np.arange(n)),
            "visit_id": number_ids("T", building),
            "start_utc": show_times(fieldwork.start[building] + into_visit),
            "duration_s": show_decimals(rng.uniform(20.0, 60.0, n), 1),
            "door_state": rng.choice(
                np.array(["open", "closed", "mixed", "u"], dtype=object), n, p=[0.2, 0.6, 0.15, 0.05]
            ),
            "repeat_no": "1",
        },
    )
