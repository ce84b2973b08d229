"""Every number the synthetic trial assumes, each with its source or the word "assumed".

The trial is illustrative: no figure here describes the stock of Great Britain as measured. Docs list them in
docs/assumptions.md.
"""

from __future__ import annotations

from dataclasses import dataclass

PROTOCOL = "SYNTHETIC-1"
ID_PREFIX = "SYN-"


@dataclass(frozen=True)
class StratumProfile:
    """What the buildings of one stratum (archetype x meter class) are like.

    Attributes
    ----------
    archetype, meter_class : str
        The stratum.
    share : float
        Share of premises in the default stock; 0 when only a stock of the user's own can call for it.
    dwellings_mean : float
        Mean dwellings a building; `dwellings_least` is the fewest.
    floors_mean, walls_mean : float
        Means of the Poisson counts of floors and walls between hub and display.
    median_m : float
        Median distance from hub to display on one floor [m].
    response : float
        Probability that a sampled dwelling takes part.
    storeys : tuple of int
        Fewest and most storeys.
    meter_level : {"own", "ground", "basement"}
        Where the meter stands: on (or near) the dwelling's floor, on the ground floor, or below it.
    same_phase, sub_main : float
        Probability that hub and socket share a phase; that a sub-main lies between.
    """

    archetype: str
    meter_class: str
    share: float
    dwellings_mean: float
    dwellings_least: int
    floors_mean: float
    walls_mean: float
    median_m: float
    response: float
    storeys: tuple[int, int]
    meter_level: str
    same_phase: float
    sub_main: float


# Shares to response: trial design, section 6, where shares follow the type margins of the 2011 stock, and bungalows and
# the split of flats are illustrative. Fewest dwellings, storeys and the two power-line columns are assumed.
PROFILES: tuple[StratumProfile, ...] = (
    StratumProfile("detached", "in_dwelling", 0.19, 1, 1, 0.0, 1.6, 8.0, 0.80, (2, 3), "own", 0.98, 0.02),
    StratumProfile("semi", "in_dwelling", 0.26, 1, 1, 0.0, 1.8, 7.0, 0.80, (2, 3), "own", 0.99, 0.01),
    StratumProfile("terrace", "in_dwelling", 0.245, 1, 1, 0.0, 2.0, 6.5, 0.80, (2, 3), "own", 0.99, 0.01),
    StratumProfile("bungalow", "in_dwelling", 0.08, 1, 1, 0.0, 1.8, 7.5, 0.80, (1, 1), "own", 0.99, 0.02),
    StratumProfile(
        "flat_converted", "communal_floor_cupboard", 0.045, 3, 2, 1.0, 2.5, 8.0, 0.70, (2, 5), "ground", 0.85, 0.20
    ),
    StratumProfile("flat_low", "meter_room_ground", 0.13, 9, 2, 1.2, 3.0, 12.0, 0.70, (2, 5), "ground", 0.75, 0.50),
    StratumProfile("flat_high", "riser", 0.02, 50, 12, 0.2, 2.5, 9.0, 0.60, (11, 22), "own", 0.75, 0.60),
    StratumProfile(
        "flat_high", "meter_room_basement", 0.03, 50, 12, 6.0, 3.5, 25.0, 0.55, (11, 22), "basement", 0.60, 0.90
    ),
    # Assumed altogether: reached only through a stock that names them.
    StratumProfile("flat_mid", "riser", 0.0, 24, 6, 0.2, 2.5, 9.0, 0.65, (6, 10), "own", 0.75, 0.60),
    StratumProfile("flat_mid", "meter_room_ground", 0.0, 24, 6, 3.0, 3.0, 18.0, 0.65, (6, 10), "ground", 0.70, 0.70),
    StratumProfile(
        "mixed_use", "communal_floor_cupboard", 0.0, 4, 2, 1.0, 2.5, 9.0, 0.60, (2, 5), "ground", 0.75, 0.40
    ),
)

DISTANCE_LOG_SD = 0.45  # trial design, section 6
METRES_PER_FLOOR = 3.0  # added to the distance for each floor crossed: trial design, section 6
STOREY_HEIGHT_M = 2.8  # the rule `floors_z` divides by it: trial design, section 4
LEAST_DISTANCE_M = 1.0  # trial design, section 6; the multi-wall model starts there (section 7)
HUB_TO_METER_M = (1.0, 1.5)  # the test hub stands beside the electricity meter: assumed
GAS_METER_NEARNESS = 0.4  # distance and walls to the gas meter, as a share of those to the display: assumed
LIGHT_WALL_SHARE = 0.1  # of the walls crossed; the rest are heavy: assumed
METAL_SHARE = 0.08  # of display and gas paths with metal in the way: assumed


@dataclass(frozen=True)
class RadioBand:
    """A radio link at one frequency: multi-wall loss (COST 231) and link budget.

    `exponent`, `wall_db` (a heavy wall), `floor_db`, `b`, `tx_dbm`, `sensitivity_dbm` and `fade_margin_db` are the
    constants of the trial design, section 6; `light_db` is a light wall, `metal_db` metal in the way.
    """

    frequency_mhz: float
    exponent: float
    wall_db: float
    light_db: float
    floor_db: float
    tx_dbm: float
    sensitivity_dbm: float
    b: float = 0.46  # Lee, Integrated Wireless Propagation Models, 2014, 5.5.1
    metal_db: float = 8.0  # assumed
    fade_margin_db: float = 10.0  # assumption of the trial design, section 9 (low 6, high 15)


# 2440 and 868 MHz: trial design, section 6. Light walls: COST 231 (3.4 dB at 1800 MHz, 1.9 dB at 900 MHz).
RADIO_BANDS: dict[str, RadioBand] = {
    "zigbee_2g4": RadioBand(2440.0, 3.3, 6.9, 3.4, 18.3, tx_dbm=8.0, sensitivity_dbm=-97.0),
    "zigbee_sub": RadioBand(868.0, 2.8, 2.8, 1.9, 11.0, tx_dbm=13.0, sensitivity_dbm=-103.0, metal_db=4.0),
    # Power within 5 to 13.9 dBm and usable level down to -107 dBm: trial design, section 9; the values are assumed.
    "wmbus": RadioBand(868.95, 2.8, 2.8, 1.9, 11.0, tx_dbm=10.0, sensitivity_dbm=-104.0, metal_db=4.0),
    # An indoor access point at a low rate: assumed.
    "wifi": RadioBand(2437.0, 3.3, 6.9, 3.4, 18.3, tx_dbm=17.0, sensitivity_dbm=-91.0),
}
# Technologies on one side of 1 GHz share the building's and the path's deviation: the walls are the same.
SPLIT_MHZ = 1000.0
BUILDING_SD_DB = 4.0  # trial design, section 6
BAND_CORRELATION = 0.65  # of the building's deviation between the bands; trial design, section 6 (0.6 to 0.7)
PATH_SD_DB = 5.0  # trial design, section 6


@dataclass(frozen=True)
class PowerLine:
    """A power-line link from meter to socket; attenuation is linear in wire length.

    There is no true dB per metre (trial design, section 8): every value is assumed. `required_snr_db` is met or not.
    """

    band_hz: tuple[float, float]
    level_db: float  # signal over background noise before any attenuation
    fixed_db: float
    per_metre_db: float
    rcd_db: float
    sub_main_db: float
    building_sd_db: float
    path_sd_db: float
    required_snr_db: float


POWER_LINES: dict[str, PowerLine] = {
    "nb_plc": PowerLine((35.9e3, 90.6e3), 50.0, 8.0, 0.25, 1.5, 5.0, 6.0, 7.0, 10.0),
    "bb_plc": PowerLine((2e6, 28e6), 58.0, 12.0, 0.60, 3.0, 9.0, 6.0, 7.0, 10.0),
}
CROSS_PHASE_MEAN_DB = 15.0  # unverified in the trial design, section 6
CROSS_PHASE_SD_DB = 8.0  # unverified in the trial design, section 6
WIRE_DETOUR = 1.4  # wire length over straight distance: assumed
WIRE_EXTRA_M = 3.0  # drop to the consumer unit and up again: assumed
RCD_SHARE = 0.8  # wired paths through a residual-current device: assumed
# Noise class of the mains in a dwelling: share, and decibels above background. Assumed.
NOISE_MIX: dict[str, tuple[float, float]] = {
    "background": (0.45, 0.0),
    "narrowband": (0.15, 3.0),
    "sync_50": (0.15, 4.0),
    "sync_100": (0.15, 6.0),
    "async_impulsive": (0.10, 10.0),
}
# Noise by hour of the visit, about the daytime mean [dB]: seen in the recorded SNR, not part of the truth. Assumed.
HOURLY_NOISE_DB: dict[int, float] = {9: 0.5, 10: 0.0, 11: -0.5, 12: 0.5, 13: 0.0, 14: -0.5, 15: -0.5, 16: 0.5}

PACKETS_SENT = 1000  # at least 100 are asked for by the success rule (trial design, section 9); 1000 sharpens it
PER_LIMIT = 0.01  # trial design, section 9
PACKET_SCALE_DB = 1.0  # width of the logistic curve of packet success against margin: assumed

# Instruments. Floor and step after the AT86RF231 data sheet as cited in the trial design, section 9 (-91 dBm, +-5 dB),
# read through its 1 dB energy-detection register; the others are assumed. The floor is not the sensitivity.
RSSI_FLOOR_DBM: dict[str, float] = {"zigbee_2g4": -91.0, "zigbee_sub": -98.0, "wmbus": -100.0, "wifi": -88.0}
RSSI_CEILING_DBM = -10.0
RSSI_STEP_DB = 1.0
RSSI_TOLERANCE_DB = 5.0
INSTRUMENTS_PER_KIND = 4  # assumed
CAL_OFFSETS_DB = (-2.0, -1.0, 0.0, 1.0, 2.0)  # assumed
CAL_RESIDUAL_SD_DB = 0.7  # what calibration leaves: assumed
SURVEYOR_SD_DB = 0.8  # how a surveyor holds the instrument: assumed
READING_SD_DB = 1.0  # one reading: assumed
SNR_READING_SD_DB = 1.0  # assumed

NONRESPONSE_SPLIT: dict[str, float] = {
    "refusal": 0.45,
    "no_contact": 0.3,
    "no_access": 0.2,
    "withdrawn": 0.05,
}  # assumed
BLOCK_ACCESS = 0.92  # of sampled buildings with shared entrances that let the surveyor in: assumed
NMAR_LOGIT = (
    0.8  # how much likelier (log odds) a dwelling reached at 2.4 GHz takes part when nonresponse="nmar": assumed
)
PARTIAL_SHARE = 0.04  # of responding dwellings, where one technology was not measured: assumed
PACKETS_MISSING = 0.04  # of radio readings, whose packets were not counted: assumed
RSSI_MISSING = 0.02  # of radio readings, whose level was not recorded: assumed
ITEM_MISSING = 0.02  # of descriptive cells: assumed
UNKNOWN_SHARE = 0.03  # of descriptive words that are `u`: assumed

FIRST_DAY = "2025-03-03"  # a Monday; assumed
REFERENCE_DAY = "2025-01-01"  # the frame's; assumed
VISIT_HOURS = (9, 12, 15)  # visits start within 20 minutes of these: assumed
VISITS_PER_SURVEYOR = 120  # at most; 40 working days: assumed
LEAST_SURVEYORS = 8  # assumed

# Households with at least one usual resident, 2011. England and Wales: ONS, Census 2011 table QS402EW (OGL v3).
# Scotland: Scottish House Condition Survey 2011, Key Findings table 2, dwellings in thousands.
# They place a default building in a region; a stock of the user's own that names regions replaces them.
REGION_HOUSEHOLDS: dict[str, int] = {
    "North East": 1_129_935,
    "North West": 3_009_549,
    "Yorkshire and The Humber": 2_224_059,
    "East Midlands": 1_895_604,
    "West Midlands": 2_294_909,
    "East of England": 2_423_035,
    "London": 3_266_173,
    "South East": 3_555_463,
    "South West": 2_264_641,
    "Wales": 1_302_676,
    "Scotland": 2_366_000,
}
