"""What lies between the ends of each path: distance, walls, floors, metal, wire."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .constants import (
    DISTANCE_LOG_SD,
    GAS_METER_NEARNESS,
    HUB_TO_METER_M,
    LEAST_DISTANCE_M,
    LIGHT_WALL_SHARE,
    METAL_SHARE,
    METRES_PER_FLOOR,
    RCD_SHARE,
    WIRE_DETOUR,
    WIRE_EXTRA_M,
    StratumProfile,
)

RADIO_ROLES = ("CH-IHD", "CH-GM", "CH-EM")
WIRED_ROLE = "EM-DW"
ROLES = (*RADIO_ROLES, WIRED_ROLE)


@dataclass(frozen=True)
class Paths:
    """One path a dwelling, of one role; arrays are a dwelling long."""

    distance_m: np.ndarray
    walls_light: np.ndarray
    walls_heavy: np.ndarray
    floors: np.ndarray
    metal: np.ndarray

    @cached_property
    def log_distance(self) -> np.ndarray:
        """Decimal logarithm of the distance in metres: each technology needs it."""
        return np.asarray(np.log10(self.distance_m))


@dataclass(frozen=True)
class Wires:
    """The wired path of each dwelling, meter to socket."""

    wire_length_m: np.ndarray
    same_phase: np.ndarray
    through_rcd: np.ndarray
    through_sub_main: np.ndarray


def draw_paths(profile: StratumProfile, floors: np.ndarray, rng: np.random.Generator) -> dict[str, Paths]:
    """Return the four paths of each dwelling by role.

    Parameters
    ----------
    profile : StratumProfile
        The stratum's geometry.
    floors : ndarray of int
        Floors between meter and dwelling [floors], one a dwelling.
    rng : Generator
        Source of randomness.

    Returns
    -------
    dict of str to Paths
        CH-IHD and EM-DW cross all floors; CH-GM and CH-EM stay beside the electricity meter.
    """
    level = np.zeros(len(floors), dtype=np.int64)
    return {
        "CH-IHD": _draw_path(profile, floors, 1.0, rng),
        "CH-GM": _draw_path(profile, level, GAS_METER_NEARNESS, rng),
        "CH-EM": Paths(
            rng.uniform(*HUB_TO_METER_M, len(floors)), level, level, level, np.zeros(len(floors), dtype=bool)
        ),
        WIRED_ROLE: _draw_path(profile, floors, 1.0, rng),
    }


def draw_wires(profile: StratumProfile, path: Paths, rng: np.random.Generator) -> Wires:
    """Return the wiring along each dwelling's wired path.

    Parameters
    ----------
    profile : StratumProfile
        The stratum's probabilities.
    path : Paths
        The paths of role EM-DW.
    rng : Generator
        Source of randomness.

    Returns
    -------
    Wires
        Wire is never shorter than the straight distance.
    """
    n = len(path.distance_m)
    detour = 1.0 + (WIRE_DETOUR - 1.0) * rng.gamma(4.0, 0.25, n)
    return Wires(
        path.distance_m * detour + WIRE_EXTRA_M,
        rng.random(n) < profile.same_phase,
        rng.random(n) < RCD_SHARE,
        rng.random(n) < profile.sub_main,
    )


def _draw_path(profile: StratumProfile, floors: np.ndarray, nearness: float, rng: np.random.Generator) -> Paths:
    n = len(floors)
    level_m = nearness * profile.median_m * np.exp(rng.normal(0.0, DISTANCE_LOG_SD, n))
    walls = rng.poisson(nearness * profile.walls_mean, n)
    light = rng.binomial(walls, LIGHT_WALL_SHARE)
    return Paths(
        np.maximum(level_m + METRES_PER_FLOOR * floors, LEAST_DISTANCE_M),
        light,
        walls - light,
        floors,
        rng.random(n) < METAL_SHARE,
    )
