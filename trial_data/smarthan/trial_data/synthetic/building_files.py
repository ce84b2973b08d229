"""The files of the stock surveyed: frame, buildings, dwellings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smarthan.trial_data.declared import BUILDINGS, DWELLINGS, FRAME

from .constants import REFERENCE_DAY, STOREY_HEIGHT_M
from .survey import Survey
from .text_cells import blank_some, draw_words, lay_table, number_ids, show_decimals

HOUSES = ("detached", "semi", "terrace", "bungalow")
# How often each word is found, houses first, then blocks: assumed, illustrative.
WORDS: dict[str, tuple[dict[str, float], dict[str, float]]] = {
    "built_band": (
        {"pre1919": 0.2, "1919_44": 0.17, "1945_64": 0.2, "1965_80": 0.2, "1981_2002": 0.14, "post2002": 0.09},
        {"pre1919": 0.15, "1919_44": 0.1, "1945_64": 0.2, "1965_80": 0.25, "1981_2002": 0.15, "post2002": 0.15},
    ),
    "wall_type": (
        {"solid_brick": 0.3, "cavity_brick": 0.55, "stone": 0.08, "timber_frame": 0.05, "other": 0.02},
        {"solid_brick": 0.25, "cavity_brick": 0.3, "insitu_concrete": 0.2, "precast_panel": 0.15, "steel_frame": 0.1},
    ),
    "floor_type": (
        {"timber": 0.9, "beam_block": 0.1},
        {"timber": 0.2, "beam_block": 0.2, "insitu_concrete": 0.5, "composite_deck": 0.1},
    ),
    "foil_insulation": ({"y": 0.15, "n": 0.85}, {"y": 0.1, "n": 0.9}),
    "low_e_glazing": ({"y": 0.3, "n": 0.7}, {"y": 0.3, "n": 0.7}),
    "metal_cladding": ({"y": 0.01, "n": 0.99}, {"y": 0.08, "n": 0.92}),
    "landlord_supply": ({"n": 1.0}, {"y": 0.9, "n": 0.1}),
    "rural_outbuildings": ({"y": 0.06, "n": 0.94}, {"n": 1.0}),
    "riser": ({"none": 1.0}, {"elec": 0.4, "shared": 0.3, "none": 0.25, "gas": 0.05}),
    "incoming_phases": ({"1": 0.98, "3": 0.02}, {"1": 0.1, "3": 0.9}),
    "earthing": ({"TN-C-S": 0.6, "TN-S": 0.3, "TT": 0.1}, {"TN-C-S": 0.5, "TN-S": 0.4, "mixed": 0.1}),
}


def lay_frame(survey: Survey) -> pd.DataFrame:
    """Return the sampling frame as text."""
    strata = survey.strata
    return lay_table(
        FRAME,
        {
            "stratum_id": strata["stratum_id"].to_numpy(),
            "archetype": strata["archetype"].to_numpy(),
            "meter_class": strata["meter_class"].to_numpy(),
            "n_buildings": show_decimals(strata["n_buildings"].to_numpy(), 0),
            "n_premises": show_decimals(strata["n_premises"].to_numpy(), 0),
            "source": "synthetic population",
            "ref_date": REFERENCE_DAY,
            "certainty": np.where(strata["n_sampled"] >= strata["n_buildings"], "y", "n").astype(object),
        },
    )


def lay_buildings(survey: Survey, rng: np.random.Generator) -> pd.DataFrame:
    """Return the sampled buildings as text, some descriptive cells blank or `u`."""
    frame = survey.buildings
    n = len(frame)
    house = frame["archetype"].isin(HOUSES).to_numpy()
    words = {
        name: blank_some(np.where(house, draw_words(first, n, rng), draw_words(second, n, rng)).astype(object), rng)
        for name, (first, second) in WORDS.items()
    }
    shape = _draw_shape(frame, rng)
    return lay_table(
        BUILDINGS,
        {
            "building_id": number_ids("B", np.arange(n)),
            **{name: frame[name].to_numpy() for name in ("stratum_id", "archetype", "region")},
            **{name: show_decimals(frame[name].to_numpy(), 0) for name in ("storeys", "basements", "dwellings_n")},
            **words,
            **{name: blank_some(show_decimals(values, 2), rng) for name, values in shape.items()},
            "lift_cores": show_decimals(np.where(frame["storeys"] > 5, 1 + (frame["dwellings_n"] > 40), 0), 0),
            "density_band": show_decimals(rng.integers(1, 11, n), 0),
            "occupancy_band": show_decimals(np.clip(np.ceil(np.log2(frame["dwellings_n"] + 1)), 1, 10), 0),
        },
    )


def lay_dwellings(survey: Survey, rng: np.random.Generator) -> pd.DataFrame:
    """Return the sampled dwellings as text; those that did not take part are known by floor and weight only."""
    frame = survey.dwellings
    n = len(frame)
    took_part = frame["outcome"].isin(["complete", "partial"]).to_numpy()
    bedrooms = rng.integers(1, 5, n)
    area = np.clip(22.0 * bedrooms + rng.normal(25.0, 10.0, n), 18.0, 300.0)
    seen = {
        "bedrooms": show_decimals(bedrooms, 0),
        "floor_area_m2": show_decimals(area, 1),
        "supplier_class": draw_words({"large": 0.85, "small": 0.15}, n, rng),
    }
    return lay_table(
        DWELLINGS,
        {
            "dwelling_id": number_ids("D", np.arange(n)),
            "building_id": number_ids("B", frame["building"].to_numpy()),
            "floor_no": show_decimals(frame["floor_no"].to_numpy(), 0),
            **{name: np.where(took_part, blank_some(cells, rng), "").astype(object) for name, cells in seen.items()},
            "outcome": frame["outcome"].to_numpy(),
            **{name: show_decimals(frame[name].to_numpy(), 10) for name in ("p_incl_1", "p_incl_2")},
        },
    )


def _draw_shape(frame: pd.DataFrame, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the sizes of rectangular buildings that hold about 75 m2 a dwelling and floor, blocks being longer."""
    n = len(frame)
    dwellings_a_floor = np.maximum(frame["dwellings_n"].to_numpy() / frame["storeys"].to_numpy(), 0.6)
    footprint = 75.0 * dwellings_a_floor * np.exp(rng.normal(0.0, 0.2, n))
    aspect = rng.uniform(1.1, 2.5, n)
    length, width = np.sqrt(footprint * aspect), np.sqrt(footprint / aspect)
    return {
        "footprint_m2": length * width,
        "length_2d_m": length,
        "height_m": STOREY_HEIGHT_M * frame["storeys"].to_numpy() + rng.uniform(0.5, 2.5, n),
        "circularity": np.pi * length * width / (length + width) ** 2,
    }
