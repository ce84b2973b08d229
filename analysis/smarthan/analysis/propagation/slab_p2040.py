"""Loss through a slab of building material by Recommendation ITU-R P.2040."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .path_loss import PathLoss, as_numbers, judge, require

LIGHT_M_PER_S = 299_792_458.0
_CONDUCTION = 17.98  # 1 / (2 pi epsilon_0) in GHz metres per siemens: imaginary part of the permittivity


class _Material(NamedTuple):
    """Permittivity A f^B, conductivity C f^D [S/m], f in GHz, and the frequencies they hold for [GHz]."""

    a: float
    b: float
    c: float
    d: float
    low: float
    high: float


# ITU-R P.2040, table 3, as in sionna-rt 2.2.0, radio_materials/itu.py (Apache-2.0).
MATERIALS = {
    "concrete": _Material(5.24, 0, 0.0462, 0.7822, 1, 100),
    "brick": _Material(3.91, 0, 0.0238, 0.16, 1, 40),
    "plasterboard": _Material(2.73, 0, 0.0085, 0.9395, 1, 100),
    "wood": _Material(1.99, 0, 0.0047, 1.0718, 0.001, 100),
    "glass": _Material(6.31, 0, 0.0036, 1.3394, 0.1, 100),
    "ceiling_board": _Material(1.48, 0, 0.0011, 1.075, 1, 100),
    "chipboard": _Material(2.58, 0, 0.0217, 0.78, 1, 100),
    "plywood": _Material(2.71, 0, 0.33, 0, 1, 40),
    "marble": _Material(7.074, 0, 0.0055, 0.9262, 1, 60),
    "metal": _Material(1, 0, 1e7, 0, 1, 100),
}


def slab_loss_p2040(
    material: str,
    thickness_m: npt.ArrayLike,
    frequency_mhz: npt.ArrayLike,
    *,
    angle_deg: npt.ArrayLike = 0,
    polarisation: str = "te",
) -> PathLoss:
    """Return the loss of a plane wave through one homogeneous slab.

    Parameters
    ----------
    material : str
        concrete, brick, plasterboard, wood, glass, ceiling_board, chipboard, plywood, marble or metal.
    thickness_m, frequency_mhz : array_like
        Thickness [m], 0 or more; frequency [MHz], above 0.
    angle_deg : array_like
        From the normal [degrees], 0 to below 90.
    polarisation : {"te", "tm"}
        Electric field across or in the plane of incidence.

    Returns
    -------
    PathLoss
        Reflections within the slab counted. Valid in the material's range of frequencies: 868 MHz lies below the 1 GHz
        at which that of concrete, brick, plasterboard and chipboard starts. A real wall has layers and holes.

    Raises
    ------
    ValueError
        An unknown material or polarisation, a negative thickness, an angle out of range.

    Notes
    -----
    eta = A f^B - j 17.98 C f^D / f; s = sqrt(eta - sin^2 t); R_te = (cos t - s)/(cos t + s),
    R_tm = (eta cos t - s)/(eta cos t + s); q = 2 pi thickness s / wavelength; T = (1 - R^2) e^-jq / (1 - R^2 e^-2jq);
    loss = -20 log10 ``|T|``.

    References
    ----------
    Recommendation ITU-R P.2040, table 3 and section 2.2.2.

    Examples
    --------
    >>> loss = slab_loss_p2040("concrete", 0.15, 3500)
    >>> round(float(loss.loss_db), 4), bool(loss.valid)
    (14.5686, True)
    >>> slab_loss_p2040("brick", 0.1, 868).notes
    ('brick is measured from 1 to 40 GHz only',)
    """
    require(material in MATERIALS, f"material '{material}' is not one of {', '.join(MATERIALS)}")
    require(polarisation in ("te", "tm"), f"polarisation '{polarisation}' is not te or tm")
    thickness, mhz, degrees = as_numbers(thickness_m=thickness_m, frequency_mhz=frequency_mhz, angle_deg=angle_deg)
    require(thickness >= 0, "thickness_m must be 0 or more")
    require(mhz > 0, "frequency_mhz must be above 0; give MHz, not Hz or GHz")
    require((degrees >= 0) & (degrees < 90), "angle_deg is counted from the normal: 0 to below 90")
    known, ghz, angle = MATERIALS[material], mhz / 1000, np.deg2rad(degrees)
    eta = known.a * ghz**known.b - 1j * _CONDUCTION * known.c * ghz**known.d / ghz
    s = np.sqrt(eta - np.sin(angle) ** 2)
    front = eta * np.cos(angle) if polarisation == "tm" else np.cos(angle)
    reflected = (front - s) / (front + s)
    loss = _slab(reflected, 2 * np.pi * thickness * ghz * 1e9 / LIGHT_M_PER_S * s)
    fits = (ghz >= known.low) & (ghz <= known.high)
    return judge(loss, np.nan, [(fits, f"{material} is measured from {known.low:g} to {known.high:g} GHz only")])


def _slab(reflected: Any, q: Any) -> npt.NDArray[np.float64]:
    """Return -20 log10 |T|, the decay of thick slabs taken apart so that metal gives a number and not infinity."""
    square = reflected**2
    left = np.abs((1 - square) / (1 - square * np.exp(-2j * q)))
    decay = -20 * np.log10(np.e) * np.imag(q)
    return np.asarray(-20 * np.log10(left) + decay, dtype=np.float64)
