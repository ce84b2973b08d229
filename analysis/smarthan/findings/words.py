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
WALLS = {
    "solid_brick": "Solid brick",
    "cavity_brick": "Cavity brick",
}


def building_type(archetype: str, meter_class: str) -> str:
    """Return an archetype and its meter's place in words.

    Examples
    --------
    >>> building_type("flat_high", "riser"), building_type("semi", "ALL")
    ('High flat (11 or more): meter in a riser', 'Semi-detached')
    """
    kind = ARCHETYPES.get(archetype, archetype)
    return kind if meter_class == "ALL" else f"{kind}: {METER_PLACES.get(meter_class, meter_class)}"
