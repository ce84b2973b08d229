"""Words a trial's columns may hold, and what each technology is: the vocabulary of the declared tables.

Sources: the project's trial design (the Energy UK characterisation report has no public copy, so the lists are our own
design). `u` always means "looked for and unknown"; an empty cell means "missing".
"""

from __future__ import annotations

from typing import Literal

YES_NO = ("y", "n")
YES_NO_UNKNOWN = ("y", "n", "u")
PHASES = ("1", "3", "u")

# flat_low: at most 5 storeys; flat_mid: 6 to 10; flat_high: 11 or more.
ARCHETYPES = (
    "detached",
    "semi",
    "terrace",
    "bungalow",
    "flat_converted",
    "flat_low",
    "flat_mid",
    "flat_high",
    "mixed_use",
    "non_domestic",
)
BUILT_BANDS = ("pre1919", "1919_44", "1945_64", "1965_80", "1981_2002", "post2002", "u")
WALL_TYPES = (
    "solid_brick",
    "cavity_brick",
    "block",
    "insitu_concrete",
    "precast_panel",
    "timber_frame",
    "steel_frame",
    "stone",
    "other",
    "u",
)
FLOOR_TYPES = ("timber", "beam_block", "insitu_concrete", "composite_deck", "u")
RISERS = ("none", "elec", "shared", "gas", "u")
EARTHINGS = ("TN-S", "TN-C-S", "TT", "mixed", "u")
# The rows of Census 2011 table QS402EW (ONS) and the Scottish House Condition Survey 2011.
REGIONS = (
    "North East",
    "North West",
    "Yorkshire and The Humber",
    "East Midlands",
    "West Midlands",
    "East of England",
    "London",
    "South East",
    "South West",
    "Wales",
    "Scotland",
)
OUTCOMES = (
    "complete",
    "partial",
    "refusal",
    "no_access",
    "no_contact",
    "ineligible",
    "withdrawn",
)
SUPPLIER_CLASSES = ("large", "small", "u")

LOCATION_KINDS = (
    "elec_meter",
    "gas_meter",
    "comms_hub",
    "ihd",
    "cad",
    "ppmid",
    "router",
    "plc_point",
)
# A location of one of these kinds must state its meter_class.
METERED_KINDS = ("elec_meter", "gas_meter", "comms_hub")
METER_CLASSES = (
    "in_dwelling",
    "external_box",
    "porch",
    "communal_floor_cupboard",
    "riser",
    "meter_room_ground",
    "meter_room_basement",
    "outbuilding",
)
ENCLOSURES = ("none", "plastic", "wood", "steel", "concrete", "u")
MOUNTS = ("intimate", "hotshoe", "flying_lead", "separate", "u")
# EM-DW is the wired path: from the meter position to a socket in the dwelling.
ROLES = ("CH-IHD", "CH-GM", "CH-EM", "CH-CAD", "CH-PPMID", "EM-DW")

TECHNOLOGIES = (
    "zigbee_2g4",
    "zigbee_sub",
    "wmbus",
    "nb_plc",
    "bb_plc",
    "ghn",
    "wifi",
    "mbus",
    "rs485",
    "ethernet",
    "moca",
    "lpwan",
)
# A measurement of one of these must state its rssi_status.
RADIO_TECHNOLOGIES = ("zigbee_2g4", "zigbee_sub", "wmbus", "wifi", "lpwan")
RSSI_STATUSES = ("observed", "at_floor", "at_ceiling", "not_heard", "not_recorded")
DOOR_STATES = ("open", "closed", "mixed", "u")

CABLES = ("VIR", "PVC_TE", "SWA", "MICC", "busbar", "u")
RING_RADIAL = ("ring", "radial", "mixed", "u")
NOISE_SOURCES = (
    "smps",
    "led",
    "lift",
    "pv",
    "ev",
    "dimmer",
    "landlord_lighting",
    "motor",
    "other",
)
DETECTORS = ("peak", "qp", "avg")
NOISE_UNITS = ("dbuv", "dbm_per_hz")
NOISE_CLASSES = ("background", "narrowband", "sync_50", "sync_100", "async_impulsive")

BandStatus = Literal["published", "assumed"]

# Where a technology may be measured [Hz], one or more bands each; none for baseband wiring, which has no carrier.
# "assumed" marks the limits for which no page was at hand: they stand in docs/assumptions.md.
BANDS_HZ: dict[str, tuple[tuple[float, float], ...]] = {
    "zigbee_2g4": ((2_400e6, 2_483.5e6),),  # IEEE 802.15.4 O-QPSK, channels 11 to 26
    "zigbee_sub": (
        (863e6, 876e6),
        (915e6, 921e6),
    ),  # Ofcom 27 Jun 2013 (870-876, 915-921); 863-870 assumed
    "wmbus": (
        (169.4e6, 169.475e6),
        (433.05e6, 434.79e6),
        (868e6, 870e6),
    ),  # EN 13757-4 modes, assumed
    "nb_plc": ((3e3, 535e3),),  # ITU-T G.9901: CENELEC 3-148.5 kHz and 148.5-535 kHz above
    "bb_plc": ((1.6065e6, 30e6),),  # EN 50561-1
    "ghn": ((2e6, 200e6),),  # ITU-T G.9960 over power line, phone line and coax, assumed
    "wifi": ((2_400e6, 2_483.5e6), (5_150e6, 5_850e6), (5_925e6, 6_425e6)),  # assumed
    "mbus": (),
    "rs485": (),
    "ethernet": (),
    "moca": ((400e6, 1_675e6),),  # assumed
    "lpwan": (
        (169.4e6, 169.475e6),
        (433.05e6, 434.79e6),
        (863e6, 876e6),
        (915e6, 921e6),
    ),  # assumed
}
BAND_STATUS: dict[str, BandStatus] = {
    name: "assumed" if name in ("zigbee_sub", "wmbus", "ghn", "wifi", "moca", "lpwan") else "published"
    for name in TECHNOLOGIES
}
