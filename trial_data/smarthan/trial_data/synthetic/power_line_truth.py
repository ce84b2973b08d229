"""True power-line links: attenuation, noise and what each wired path has over the SNR it needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .constants import CROSS_PHASE_MEAN_DB, CROSS_PHASE_SD_DB, NOISE_MIX, PowerLine
from .geometry import Wires


@dataclass(frozen=True)
class MainsNoise:
    """Noise of each dwelling's mains: the position of its class in `NOISE_MIX`, and its level over background [dB]."""

    kind: np.ndarray
    excess_db: np.ndarray


@dataclass(frozen=True)
class WiredLink:
    """True attenuation and signal to noise ratio of each dwelling's wired path [dB], in daytime."""

    attenuation_db: np.ndarray
    snr_db: np.ndarray


def draw_noise(dwellings: int, rng: np.random.Generator) -> MainsNoise:
    """Return a noise class for each dwelling, one for all technologies because the appliances are the same.

    Parameters
    ----------
    dwellings : int
        How many [count].
    rng : Generator
        Source of randomness.

    Returns
    -------
    MainsNoise
    """
    kind = rng.choice(len(NOISE_MIX), dwellings, p=[share for share, _ in NOISE_MIX.values()])
    return MainsNoise(kind, np.array([level for _, level in NOISE_MIX.values()])[kind])


def draw_cross_phase(same_phase: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the step in attenuation between phases [dB], at least 0, and 0 on the same phase."""
    step = np.maximum(rng.normal(CROSS_PHASE_MEAN_DB, CROSS_PHASE_SD_DB, len(same_phase)), 0.0)
    return np.where(same_phase, 0.0, step)


def draw_link(
    line: PowerLine,
    wires: Wires,
    cross_db: np.ndarray,
    noise: MainsNoise,
    building: np.ndarray,
    *,
    rng: np.random.Generator,
) -> WiredLink:
    """Return the true link of each dwelling for one technology.

    Parameters
    ----------
    line : PowerLine
        The technology's constants.
    wires : Wires
        Length [m] and devices on the way.
    cross_db : ndarray of float
        From `draw_cross_phase` [dB].
    noise : MainsNoise
        From `draw_noise`.
    building : ndarray of int
        Position of each dwelling's building, which shares a deviation.
    rng : Generator
        Source of randomness.

    Returns
    -------
    WiredLink

    Notes
    -----
    attenuation = a0 + a1 length + cross-phase step + devices + deviations: an assumption, not a law.
    """
    shared = rng.normal(0.0, line.building_sd_db, building.max(initial=-1) + 1)[building]
    attenuation = (
        line.fixed_db
        + line.per_metre_db * wires.wire_length_m
        + cross_db
        + line.rcd_db * wires.through_rcd
        + line.sub_main_db * wires.through_sub_main
        + shared
        + rng.normal(0.0, line.path_sd_db, len(building))
    )
    attenuation = np.maximum(attenuation, 0.0)
    return WiredLink(attenuation, line.level_db - attenuation - noise.excess_db)


def find_excess(line: PowerLine, link: WiredLink) -> np.ndarray:
    """Return by how much each path's SNR exceeds what the technology needs [dB]; at least 0 is success."""
    return np.asarray(link.snr_db - line.required_snr_db)
