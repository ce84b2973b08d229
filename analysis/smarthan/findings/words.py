"""Codes of the tables in a reader's words."""

from __future__ import annotations

ARCHETYPES = {
    "detached": "Detached",
    "semi": "Semi-detached",
    "terrace": "Terraced",
    "bungalow": "Bungalow",
    "flat_converted": "Converted flat",
    "flat_low": "Low flat (up to 5 storeys)",
    "flat_mid": "Middle flat (6 to 10)",
    "flat_high": "High flat (11 or more)",
    "mixed_use": "Mixed use",
    "non_domestic": "Non-domestic",
    "ALL": "All homes",
}
METER_PLACES = {
    "in_dwelling": "meter in the home",
    "external_box": "external box",
    "porch": "meter in the porch",
    "communal_floor_cupboard": "cupboard on the floor",
    "riser": "meter in a riser",
    "meter_room_ground": "ground meter room",
    "meter_room_basement": "basement meter room",
    "outbuilding": "outbuilding",
}
TECHNOLOGIES = {
    "zigbee_2g4": "ZigBee 2.4 GHz",
    "zigbee_sub": "ZigBee 868 MHz",
    "wmbus": "Wireless M-Bus",
    "nb_plc": "Narrowband power line",
    "bb_plc": "Broadband power line",
    "ghn": "G.hn",
    "wifi": "Wi-Fi",
    "mbus": "Wired M-Bus",
    "rs485": "RS-485",
    "ethernet": "Ethernet",
    "moca": "Coax (MoCA)",
    "lpwan": "LPWAN",
}
METHODS = {
    "korn_graubard": "Korn-Graubard",
    "logit": "logit (t)",
    "logit_t": "logit (t)",
    "linear": "linear (t)",
    "wilson": "Wilson",
    "exact_clusters": "exact, by cluster",
}
BUILT = {
    "pre1919": "before 1919",
    "1919_44": "1919 to 1944",
    "1945_64": "1945 to 1964",
    "1965_80": "1965 to 1980",
    "1981_2002": "1981 to 2002",
    "post2002": "after 2002",
}
MOUNTS = {
    "intimate": "On the meter (intimate)",
    "hotshoe": "Hot shoe",
    "flying_lead": "Flying lead",
    "separate": "Separate",
    "not known": "Not known",
}
# Items of the trial whose codes do not read as words by themselves.
ITEMS = {
    "antenna_gain_dbi": "antenna gain",
    "attenuation_db": "attenuation",
    "band_hi_hz": "upper end of the band",
    "band_lo_hz": "lower end of the band",
    "built_band": "period of building",
    "cal_offset_db": "calibration offset",
    "cal_valid_days": "validity of the calibration",
    "circuits_n": "number of circuits",
    "cu_type": "type of consumer unit",
    "duration_s": "duration",
    "end_utc": "end of the visit",
    "floor_area_m2": "floor area",
    "floor_no": "floor",
    "footprint_m2": "footprint",
    "freq_hz": "frequency",
    "height_m": "height",
    "length_2d_m": "length on the plan",
    "low_e_glazing": "low-emissivity glazing",
    "meter_class": "place of the meter",
    "nearest_sub_main_m": "distance to the nearest sub-main",
    "noise_sources": "sources of noise",
    "p10": "noise, 10th percentile",
    "p50": "noise, median",
    "p90": "noise, 90th percentile",
    "packets_ok": "packets received",
    "rcd_n": "number of RCDs",
    "repeat_no": "number of the repeat",
    "ring_radial": "ring or radial circuit",
    "rssi_ceiling_dbm": "highest level that can be read",
    "rssi_dbm": "signal level",
    "rssi_floor_dbm": "lowest level that can be read",
    "rssi_status": "status of the signal level",
    "rssi_step_db": "step of the level",
    "rssi_tolerance_db": "tolerance of the level",
    "sensitivity_dbm": "sensitivity",
    "snr_db": "signal-to-noise ratio",
    "start_utc": "start of the visit",
    "through_rcbo": "through an RCBO",
    "through_rcd": "through an RCD",
    "through_spd": "through a surge protector",
    "tx_power_dbm": "transmit power",
    "wire_length_m": "length of wire",
    "x_m": "position across",
    "y_m": "position along",
    "year_band": "period of the wiring",
    "z_m": "height in the building",
}
WALLS = {
    "solid_brick": "Solid brick",
    "cavity_brick": "Cavity brick",
}


def item(code: str) -> str:
    """Return an item of the trial in words, with a capital.

    Examples
    --------
    >>> item("rssi_floor_dbm"), item("foil_insulation")
    ('Lowest level that can be read', 'Foil insulation')
    """
    words = ITEMS.get(code, code.replace("_", " "))
    return words[:1].upper() + words[1:]


def building_type(archetype: str, meter_class: str) -> str:
    """Return an archetype and its meter's place in words.

    Examples
    --------
    >>> building_type("flat_high", "riser"), building_type("semi", "ALL")
    ('High flat (11 or more): meter in a riser', 'Semi-detached')
    """
    kind = ARCHETYPES.get(archetype, archetype)
    return kind if meter_class == "ALL" else f"{kind}: {METER_PLACES.get(meter_class, meter_class)}"
