"""What the instruments recorded of the truth: measurements and mains noise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
from .fieldwork_files import KINDS, Fieldwork, number_instruments
from .geometry import RADIO_ROLES, ROLES, WIRED_ROLE
from .place_files import keep_respondents, number_locations, number_paths
from .survey import Survey
from .text_cells import lay_table, number_ids, pick_words, show_decimals, show_times

# Carrier of the test channel [Hz], within each technology's band: assumed.
CARRIER_HZ = {"zigbee_2g4": 2.440e9, "zigbee_sub": 868.3e6, "wmbus": 868.95e6, "wifi": 2.437e9}
# What the background of mains noise is like in each power-line band [dBuV]: assumed.
BACKGROUND_DBUV = {"nb_plc": 55.0, "bb_plc": 35.0}
# A status by number; from NOT_HEARD on there is no level.
STATUSES = ("observed", "at_floor", "at_ceiling", "not_heard", "not_recorded", "")
OBSERVED, AT_FLOOR, AT_CEILING, NOT_HEARD, NOT_RECORDED, NO_STATUS = range(len(STATUSES))
DOORS = ("open", "closed", "mixed", "u")


@dataclass(frozen=True)
class Link:
    """One technology over one role's path: the kind of instrument it takes, and the cells that all readings share."""

    technology: str
    role: str
    instrument: str
    cells: dict[str, str]


@dataclass(frozen=True)
class Rows:
    """Which link, repeat, dwelling and building (their numbers) each reading is of."""

    links: list[Link]
    place: np.ndarray
    repeat: np.ndarray
    dwelling: np.ndarray
    building: np.ndarray


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
    survey: Survey,
    fieldwork: Fieldwork,
    bands: Mapping[str, RadioBand],
    rng: np.random.Generator,
    *,
    repeats: int = 1,
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
    repeats : int
        Readings of each path with each technology [count], one after another.

    Returns
    -------
    DataFrame
        Text, columns as declared. A partial dwelling lacks one technology altogether.
    """
    here = keep_respondents(survey)
    technologies = (*bands, *POWER_LINES)
    skipped = np.where(here["outcome"] == "partial", rng.integers(0, len(technologies), len(here)), -1)
    links = list(_list_links(bands))
    readings = [_read_radio(here, fieldwork, bands, link, rng, repeats) for link in links if link.technology in bands]
    readings += [_read_wired(here, fieldwork, link, rng, repeats) for link in links if link.technology in POWER_LINES]
    measured = skipped[:, None] != np.array([technologies.index(link.technology) for link in links])
    dwelling, place, repeat = np.nonzero(np.broadcast_to(measured[:, :, None], (*measured.shape, repeats)))
    at = (dwelling, place, repeat)
    shown = {name: np.stack([one[name] for one in readings], axis=1)[at] for name in readings[0]}
    rows = Rows(links, place, repeat, here.index.to_numpy()[dwelling], here["building"].to_numpy()[dwelling])
    return _lay_rows(rows, shown, fieldwork, rng)


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


def _list_links(bands: Mapping[str, RadioBand]) -> Iterator[Link]:
    for name, band in bands.items():
        for role in RADIO_ROLES:
            cells = {"freq_hz": f"{CARRIER_HZ[name]:.0f}", "tx_power_dbm": f"{band.tx_dbm:.1f}"}
            yield Link(name, role, name, cells)
    for name, line in POWER_LINES.items():
        edges = {"band_lo_hz": f"{line.band_hz[0]:.0f}", "band_hi_hz": f"{line.band_hz[1]:.0f}"}
        yield Link(name, WIRED_ROLE, "power_line", edges)


def _read_radio(
    here: pd.DataFrame,
    fieldwork: Fieldwork,
    bands: Mapping[str, RadioBand],
    link: Link,
    rng: np.random.Generator,
    repeats: int,
) -> dict[str, np.ndarray]:
    """Return what is written down of one radio link, dwellings x repeats."""
    surveyor = fieldwork.surveyor[here["building"].to_numpy()]
    row, unit = KINDS.index(link.technology), surveyor % fieldwork.offset_db.shape[1]
    shift = fieldwork.surveyor_db[surveyor] + fieldwork.residual_db[row, unit] - fieldwork.offset_db[row, unit]
    level = here[f"{link.technology}.{link.role}.dbm"].to_numpy()
    excess = radio_truth.find_excess(bands[link.technology], level)
    packets = draw_packets(_repeated(excess, repeats), rng)
    seen = _repeated(level + shift, repeats) + rng.normal(0.0, READING_SD_DB, packets.shape)
    return _record_level(seen, packets, RSSI_FLOOR_DBM[link.technology], rng)


def _repeated(values: np.ndarray, repeats: int) -> np.ndarray:
    return np.repeat(values[:, None], repeats, axis=1)


def _record_level(
    level_dbm: np.ndarray, packets: np.ndarray, floor_dbm: float, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return what is written down of a level and of packets, censored at the instrument's floor and ceiling."""
    steps = np.round((level_dbm - floor_dbm) / RSSI_STEP_DB)
    highest = (RSSI_CEILING_DBM - floor_dbm) / RSSI_STEP_DB
    status = np.where(steps <= 0, AT_FLOOR, np.where(steps >= highest, AT_CEILING, OBSERVED))
    chance = rng.random(level_dbm.shape)
    not_counted = chance < PACKETS_MISSING
    # Packets without a level and a level without packets exclude one another, so that success is always known.
    status = np.where((chance >= 1.0 - RSSI_MISSING), NOT_RECORDED, status)
    status = np.where(packets == 0, NOT_HEARD, status).astype(np.int8)
    shown = floor_dbm + RSSI_STEP_DB * np.clip(steps, 0.0, highest)
    nothing = np.full(level_dbm.shape, np.nan)
    return {
        "rssi_dbm": np.where(status >= NOT_HEARD, np.nan, shown),
        "rssi_status": status,
        "packets_sent": np.where(not_counted, np.nan, PACKETS_SENT),
        "packets_ok": np.where(not_counted, np.nan, packets),
        "snr_db": nothing,
        "attenuation_db": nothing,
    }


def _read_wired(
    here: pd.DataFrame, fieldwork: Fieldwork, link: Link, rng: np.random.Generator, repeats: int
) -> dict[str, np.ndarray]:
    """Return what is written down of one wired link, dwellings x repeats."""
    line = POWER_LINES[link.technology]
    snr = here[f"{link.technology}.snr_db"].to_numpy()
    packets = draw_packets(_repeated(snr - line.required_snr_db, repeats), rng)
    seen = _repeated(snr - _find_hourly_noise(here, fieldwork), repeats)
    seen = seen + rng.normal(0.0, SNR_READING_SD_DB, packets.shape)
    attenuation = _repeated(here[f"{link.technology}.attenuation_db"].to_numpy(), repeats)
    attenuation = attenuation + rng.normal(0.0, SNR_READING_SD_DB, packets.shape)
    return {
        "rssi_dbm": np.full(packets.shape, np.nan),
        "rssi_status": np.full(packets.shape, NO_STATUS, dtype=np.int8),
        "packets_sent": np.full(packets.shape, float(PACKETS_SENT)),
        "packets_ok": packets,
        "snr_db": np.clip(seen, -30.0, 100.0),
        "attenuation_db": np.clip(attenuation, 0.0, 150.0),
    }


def _find_hourly_noise(here: pd.DataFrame, fieldwork: Fieldwork) -> np.ndarray:
    start = fieldwork.start[here["building"].to_numpy()]
    hour = (start - start.astype("datetime64[D]")).astype("timedelta64[h]").astype(int)
    return np.array([HOURLY_NOISE_DB[value] for value in hour.tolist()])


def _find_excess_noise(here: pd.DataFrame, fieldwork: Fieldwork) -> np.ndarray:
    levels = np.array([level for _, level in NOISE_MIX.values()])
    return np.asarray(levels[here["noise_kind"].to_numpy()] + _find_hourly_noise(here, fieldwork))


def _lay_rows(
    rows: Rows, shown: Mapping[str, np.ndarray], fieldwork: Fieldwork, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the rows as text: ids, what was read, time spread over the visit, and what all readings share."""
    n, building = len(rows.place), rows.building
    sizes = np.bincount(building, minlength=len(fieldwork.start))
    starts = np.cumsum(sizes) - sizes
    share = (np.arange(n) - starts[building] + 0.5) / np.maximum(sizes[building], 1)
    into_visit = (share * fieldwork.minutes[building] * 60).astype("timedelta64[s]")
    kinds = np.array([number_instruments(link.instrument, np.zeros(1, dtype=np.int64))[0] for link in rows.links])
    unit = fieldwork.surveyor[building] % fieldwork.offset_db.shape[1]
    roles = np.array([number_paths(np.zeros(1, dtype=np.int64), link.role)[0] for link in rows.links])
    decimals = {"rssi_dbm": 1, "packets_sent": 0, "packets_ok": 0, "snr_db": 1, "attenuation_db": 1}
    fixed = ("freq_hz", "band_lo_hz", "band_hi_hz", "tx_power_dbm")
    return lay_table(
        MEASUREMENTS,
        {
            "measurement_id": number_ids("M", np.arange(n)),
            "path_id": number_ids("P", number_paths(rows.dwelling, ROLES[0]) + roles[rows.place]),
            "visit_id": number_ids("T", building),
            "instrument_id": number_ids("I", kinds[rows.place] + unit),
            "technology": pick_words([link.technology for link in rows.links], rows.place),
            **{name: pick_words([link.cells.get(name, "") for link in rows.links], rows.place) for name in fixed},
            **{name: show_decimals(shown[name], places) for name, places in decimals.items()},
            "rssi_status": pick_words(STATUSES, shown["rssi_status"]),
            "start_utc": show_times(fieldwork.start[building] + into_visit),
            "duration_s": show_decimals(rng.uniform(20.0, 60.0, n), 1),
            "door_state": pick_words(DOORS, rng.choice(len(DOORS), n, p=[0.2, 0.6, 0.15, 0.05])),
            "repeat_no": show_decimals(rows.repeat + 1, 0),
        },
    )
