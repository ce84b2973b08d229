"""True radio margins: what each path of each dwelling has over its fade margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from .constants import BAND_CORRELATION, BUILDING_SD_DB, PATH_SD_DB, RADIO_BANDS, SPLIT_MHZ, RadioBand
from .geometry import RADIO_ROLES, Paths


@dataclass(frozen=True)
class Deviations:
    """What makes buildings and paths differ from the model [dB], for the bands below and above 1 GHz.

    Attributes
    ----------
    building : dict of bool to ndarray
        Key: below 1 GHz or not. One value a dwelling, shared within its building.
    path : dict of (bool, str) to ndarray
        Key: below 1 GHz or not, role. One value a dwelling.
    """

    building: dict[bool, np.ndarray]
    path: dict[tuple[bool, str], np.ndarray]


def choose_bands(radio: Mapping[str, Mapping[str, float]] | None) -> dict[str, RadioBand]:
    """Return the radio technologies with the caller's constants in place of the default ones.

    Parameters
    ----------
    radio : mapping of str to mapping of str to float, or None
        Technology to the constants to replace, such as {"zigbee_2g4": {"exponent": 3.0, "wall_db": 4.4}}.

    Returns
    -------
    dict of str to RadioBand

    Raises
    ------
    ValueError
        When a technology or a constant is not known; the message names those that are.

    Examples
    --------
    >>> choose_bands({"zigbee_2g4": {"exponent": 3.0}})["zigbee_2g4"].exponent
    3.0
    """
    bands = dict(RADIO_BANDS)
    known = [field.name for field in fields(RadioBand)]
    for technology, changes in (radio or {}).items():
        if technology not in bands:
            raise ValueError(f"radio: {technology!r} is not one of {', '.join(bands)}")
        if unknown := [name for name in changes if name not in known]:
            raise ValueError(f"radio[{technology!r}]: {unknown[0]!r} is not one of {', '.join(known)}")
        if bad := [name for name, value in changes.items() if not np.isfinite(value)]:
            raise ValueError(f"radio[{technology!r}]: {bad[0]} is {changes[bad[0]]}; it must be a finite number")
        bands[technology] = replace(bands[technology], **changes)
    return bands


def draw_deviations(building: np.ndarray, buildings: int, rng: np.random.Generator) -> Deviations:
    """Return the deviations of buildings (correlated between the bands) and of paths.

    Parameters
    ----------
    building : ndarray of int
        Position of each dwelling's building.
    buildings : int
        How many buildings there are [count].
    rng : Generator
        Source of randomness.

    Returns
    -------
    Deviations
    """
    first = rng.normal(0.0, 1.0, buildings)
    second = BAND_CORRELATION * first + np.sqrt(1.0 - BAND_CORRELATION**2) * rng.normal(0.0, 1.0, buildings)
    return Deviations(
        {False: BUILDING_SD_DB * first[building], True: BUILDING_SD_DB * second[building]},
        {(low, role): rng.normal(0.0, PATH_SD_DB, len(building)) for low in (False, True) for role in RADIO_ROLES},
    )


def find_loss(band: RadioBand, path: Paths) -> np.ndarray:
    """Return the multi-wall path loss (COST 231) [dB] without deviations.

    Parameters
    ----------
    band : RadioBand
        Frequency [MHz] and loss constants.
    path : Paths
        Distance [m], walls, floors and metal.

    Returns
    -------
    ndarray of float
        Loss [dB], one a path.

    Notes
    -----
    The floor term is `floor_db` x k^((k + 2)/(k + 1) - b) for k floors, 0 at k = 0. Stated for 1 m and more.

    References
    ----------
    COST Action 231 final report, 1999, chapter 4.7; b: Lee, Integrated Wireless Propagation Models, 2014, 5.5.1.
    """
    k = np.arange(int(path.floors.max(initial=0)) + 1, dtype=float)
    floor_term = np.where(k > 0, k ** ((k + 2.0) / (k + 1.0) - band.b), 0.0)[path.floors]
    return np.asarray(
        20.0 * np.log10(band.frequency_mhz)
        - 27.55
        + 10.0 * band.exponent * path.log_distance
        + band.wall_db * path.walls_heavy
        + band.light_db * path.walls_light
        + band.floor_db * floor_term
        + band.metal_db * path.metal
    )


def find_received(band: RadioBand, path: Paths, role: str, deviations: Deviations) -> np.ndarray:
    """Return the true received level of each dwelling's path [dBm].

    Parameters
    ----------
    band : RadioBand
        The technology.
    path : Paths
        The paths of one role.
    role : str
        That role.
    deviations : Deviations
        From `draw_deviations`.

    Returns
    -------
    ndarray of float
        Level [dBm], one a dwelling.
    """
    low = band.frequency_mhz < SPLIT_MHZ
    return np.asarray(band.tx_dbm - find_loss(band, path) - deviations.building[low] - deviations.path[low, role])


def find_excess(band: RadioBand, received_dbm: np.ndarray) -> np.ndarray:
    """Return what a level has over sensitivity plus fade margin [dB]; 0 or more is success."""
    return np.asarray(received_dbm - band.sensitivity_dbm - band.fade_margin_db)
