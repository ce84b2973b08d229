"""All that is true of each dwelling, as one wide table: geometry, levels, links, and which technologies reach it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import pandas as pd

from . import power_line_truth, radio_truth
from .constants import POWER_LINES, RadioBand
from .geometry import RADIO_ROLES, WIRED_ROLE, Paths, Wires, draw_paths, draw_wires
from .population import Dwellings, Stratum

# Reached by either of these is what the programme calls the standard home area network.
DUAL_BAND = ("zigbee_2g4", "zigbee_sub")
EITHER = "either"


def describe_world(
    stratum: Stratum, dwellings: Dwellings, bands: Mapping[str, RadioBand], rng: np.random.Generator
) -> pd.DataFrame:
    """Return the truth about each dwelling of a run of buildings.

    Parameters
    ----------
    stratum : Stratum
        Where the buildings belong.
    dwellings : Dwellings
        The run.
    bands : mapping of str to RadioBand
        Radio technologies.
    rng : Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        One row a dwelling. Columns: building, floor_no, meter_floor, storeys, dwellings_n, noise_kind; for each role
        `ROLE.distance_m` and so on; `TECHNOLOGY.ROLE.dbm` for radio; `TECHNOLOGY.attenuation_db` and `.snr_db` for
        power line; `reached.TECHNOLOGY` for each technology and for `either`.
    """
    columns: dict[str, np.ndarray] = {
        "building": dwellings.building,
        "floor_no": dwellings.floor_no,
        "meter_floor": dwellings.meter_floor,
        "storeys": dwellings.storeys[dwellings.building],
        "dwellings_n": dwellings.dwellings_n[dwellings.building],
    }
    paths = draw_paths(stratum.profile, dwellings.floors, rng)
    wires = draw_wires(stratum.profile, paths[WIRED_ROLE], rng)
    for role, path in paths.items():
        columns |= {f"{role}.{field.name}": getattr(path, field.name) for field in fields(path)}
    columns |= {f"{WIRED_ROLE}.{name}": values for name, values in vars(wires).items()}
    columns |= _find_radio(dwellings, paths, bands, rng)
    columns |= _find_wired(dwellings, wires, rng)
    columns[f"reached.{EITHER}"] = np.logical_or.reduce([columns[f"reached.{name}"] for name in DUAL_BAND])
    return pd.DataFrame(columns)


def _find_radio(
    dwellings: Dwellings, paths: Mapping[str, Paths], bands: Mapping[str, RadioBand], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    deviations = radio_truth.draw_deviations(dwellings.building, len(dwellings.dwellings_n), rng)
    columns: dict[str, np.ndarray] = {}
    for name, band in bands.items():
        levels = {role: radio_truth.find_received(band, paths[role], role, deviations) for role in RADIO_ROLES}
        columns |= {f"{name}.{role}.dbm": level for role, level in levels.items()}
        columns[f"reached.{name}"] = np.logical_and.reduce(
            [radio_truth.find_excess(band, level) >= 0 for level in levels.values()]
        )
    return columns


def _find_wired(dwellings: Dwellings, wires: Wires, rng: np.random.Generator) -> dict[str, np.ndarray]:
    noise = power_line_truth.draw_noise(len(dwellings.building), rng)
    cross = power_line_truth.draw_cross_phase(wires.same_phase, rng)
    columns = {"noise_kind": noise.kind}
    for name, line in POWER_LINES.items():
        link = power_line_truth.draw_link(line, wires, cross, noise, dwellings.building, rng=rng)
        columns |= {f"{name}.{part}": values for part, values in vars(link).items()}
        columns[f"reached.{name}"] = power_line_truth.find_excess(line, link) >= 0
    return columns
