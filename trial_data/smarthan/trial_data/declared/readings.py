"""What instruments said: instruments, measurements, noise."""

from __future__ import annotations

from smarthan.tables.fields import Field, Parent, Table

from .columns import (
    ABOVE_ZERO,
    count_column,
    id_column,
    number_column,
    text_column,
    time_column,
    word_column,
)
from .words import (
    DETECTORS,
    DOOR_STATES,
    NOISE_CLASSES,
    NOISE_UNITS,
    RSSI_STATUSES,
    TECHNOLOGIES,
)

INSTRUMENTS = Table(
    "instruments",
    "One row a measuring instrument, with the limits that decide what its readings mean.",
    (
        id_column("instrument_id", "Identifier of the instrument."),
        text_column("model", "Maker and model.", required=True),
        number_column("rssi_floor_dbm", "Lowest signal level that it can report.", unit="dBm"),
        number_column("rssi_ceiling_dbm", "Highest signal level that it can report.", unit="dBm"),
        number_column("rssi_step_db", "Step in which it reports signal levels.", unit="dB", low=0),
        number_column(
            "rssi_tolerance_db",
            "Stated accuracy of a signal level, plus or minus.",
            unit="dB",
            low=0,
        ),
        number_column(
            "sensitivity_dbm",
            "Lowest level at which it still decodes packets; this is not the reporting floor.",
            unit="dBm",
        ),
        time_column("cal_date", "Day of the last calibration.", kind="date", required=True),
        count_column(
            "cal_valid_days",
            "Days for which a calibration holds; 365 when empty.",
            unit="days",
        ),
        number_column("cal_offset_db", "Correction to add to its signal levels.", unit="dB"),
        number_column("antenna_gain_dbi", "Gain of its antenna.", unit="dBi"),
    ),
    key=("instrument_id",),
)

MEASUREMENTS = Table(
    "measurements",
    "One row a reading: one path, technology, instrument and repeat.",
    (
        id_column("measurement_id", "Identifier of the reading."),
        id_column("path_id", "Path that was measured."),
        id_column("visit_id", "Visit during which it was taken."),
        id_column("instrument_id", "Instrument it was taken with."),
        word_column("technology", "Technology that was measured.", TECHNOLOGIES, required=True),
        number_column(
            "freq_hz",
            "Carrier frequency; within the technology's band.",
            unit="Hz",
            low=0,
        ),
        number_column(
            "band_lo_hz",
            "Lower edge of the band measured, where there is no one carrier.",
            unit="Hz",
            low=0,
        ),
        number_column(
            "band_hi_hz",
            "Upper edge of the band measured, where there is no one carrier.",
            unit="Hz",
            low=0,
        ),
        number_column("tx_power_dbm", "Power sent.", unit="dBm", low=-30, high=30),
        number_column(
            "rssi_dbm",
            "Received signal level as reported.",
            unit="dBm",
            low=-140,
            high=0,
        ),
        word_column(
            "rssi_status",
            "Whether the level was observed, lies at the instrument's floor or ceiling, nothing was heard, or no level"
            " was recorded; required for radio.",
            RSSI_STATUSES,
        ),
        number_column("noise_dbm", "Noise level.", unit="dBm", low=-150, high=0),
        number_column("snr_db", "Signal to noise ratio.", unit="dB", low=-30, high=100),
        number_column("attenuation_db", "Attenuation of the path.", unit="dB", low=0, high=150),
        # No low: `packets_order` is their rule, and it covers negative counts.
        count_column("packets_sent", "Packets sent.", low=None, unit="packets", breach="row"),
        count_column(
            "packets_ok",
            "Packets received without error, at most those sent.",
            low=None,
            unit="packets",
            breach="row",
        ),
        number_column("rate_bps", "Data rate reached.", unit="bit/s", low=0),
        number_column("latency_ms", "Time from sending to arrival.", unit="ms", low=0),
        time_column(
            "start_utc",
            "Start of the reading, in UTC with Z.",
            kind="datetime",
            required=True,
        ),
        number_column("duration_s", "Length of the reading.", unit="s", low=ABOVE_ZERO),
        word_column("door_state", "Whether doors on the path were open.", DOOR_STATES),
        count_column("repeat_no", "Number of the repeat, from 1.", low=1),
    ),
    key=("measurement_id",),
    parents=(
        Parent("path_id", "paths", "path_id"),
        Parent("visit_id", "visits", "visit_id"),
        Parent("instrument_id", "instruments", "instrument_id"),
    ),
)

NOISE = Table(
    "noise",
    "One row a noise recording in one band at one location.",
    (
        id_column("noise_id", "Identifier of the recording."),
        id_column("location_id", "Location of the recording."),
        id_column("visit_id", "Visit during which it was taken."),
        number_column(
            "band_lo_hz",
            "Lower edge of the band.",
            unit="Hz",
            low=0,
            required=True,
            breach="row",
        ),
        number_column(
            "band_hi_hz",
            "Upper edge of the band.",
            unit="Hz",
            low=0,
            required=True,
            breach="row",
        ),
        number_column(
            "rbw_hz",
            "Resolution bandwidth.",
            unit="Hz",
            low=ABOVE_ZERO,
            required=True,
            breach="row",
        ),
        word_column(
            "detector",
            "Detector: peak, quasi-peak or average.",
            DETECTORS,
            required=True,
        ),
        word_column("unit", "Unit of the three quantiles.", NOISE_UNITS, required=True),
        number_column("p10", "Level not exceeded for 10 % of the time.", unit="as column unit"),
        number_column(
            "p50",
            "Level not exceeded for half of the time; at least p10.",
            unit="as column unit",
        ),
        number_column(
            "p90",
            "Level not exceeded for 90 % of the time; at least p50.",
            unit="as column unit",
        ),
        word_column("class", "Kind of noise.", NOISE_CLASSES),
        text_column("file", "Name of the raw trace."),
        Field(
            "sha256",
            "text",
            "SHA-256 of the raw trace, 64 hexadecimal digits.",
            max_length=64,
        ),
    ),
    key=("noise_id",),
    parents=(
        Parent("location_id", "locations", "location_id"),
        Parent("visit_id", "visits", "visit_id"),
    ),
)
