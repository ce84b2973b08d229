"""Loss into a building by Recommendation ITU-R P.2109: the WAN on its way to the hub, outbuildings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from .path_loss import PathLoss, as_numbers, judge, require

# r, s, t, u, v, w, x, y, z of Recommendation ITU-R P.2109-2, table 1.
_COEFFICIENTS = {
    "traditional": (12.64, 3.72, 0.96, 9.6, 2.0, 9.1, -3.0, 4.5, -2.0),
    "thermally_efficient": (28.19, -3.00, 8.48, 13.5, 3.8, 27.8, -2.9, 9.4, -2.1),
}
_ELEVATION_DB_PER_DEG = 0.212
_FLOOR_DB = -3.0


def building_entry_loss_p2109(
    frequency_mhz: npt.ArrayLike,
    probability: npt.ArrayLike,
    *,
    building: str,
    elevation_deg: npt.ArrayLike = 0,
) -> PathLoss:
    """Return the building entry loss that is not exceeded with a probability.

    Parameters
    ----------
    frequency_mhz : array_like
        Frequency [MHz], above 0; valid from 80 MHz to 100 GHz.
    probability : array_like
        Share of places within buildings at which the loss is not exceeded, above 0 and below 1; .5 is the median.
    building : {"traditional", "thermally_efficient"}
        The latter has metallised glass or foil-backed panels.
    elevation_deg : array_like
        Elevation of the path at the facade [degrees], -90 to 90.

    Returns
    -------
    PathLoss
        The distribution itself is in the loss, so `sigma_db` is NaN.

    Raises
    ------
    ValueError
        An unknown building, a probability of 0 or 1 or beyond, an elevation out of range.

    Notes
    -----
    With l = log10 f_GHz and q the normal quantile of the probability: mu1 = r + s l + t l^2 + .212 ``|elevation|``,
    s1 = u + v l, mu2 = w + x l, s2 = y + z l; loss = 10 log10(10^((q s1 + mu1)/10) + 10^((q s2 + mu2)/10) + 10^-.3).

    References
    ----------
    Recommendation ITU-R P.2109-2.

    Examples
    --------
    >>> building_entry_loss_p2109([868, 2400], 0.5, building="traditional").loss_db.round(2).tolist()
    [14.22, 15.19]
    """
    require(building in _COEFFICIENTS, f"building '{building}' is not one of {', '.join(_COEFFICIENTS)}")
    mhz, p, elevation = as_numbers(frequency_mhz=frequency_mhz, probability=probability, elevation_deg=elevation_deg)
    require(mhz > 0, "frequency_mhz must be above 0; give MHz, not Hz or GHz")
    require((p > 0) & (p < 1), "probability must lie above 0 and below 1; .5 is the median")
    require(np.abs(elevation) <= 90, "elevation_deg must lie from -90 to 90")
    r, s, t, u, v, w, x, y, z = _COEFFICIENTS[building]
    log_f, quantile = np.log10(mhz / 1000), ndtri(p)
    direct = quantile * (u + v * log_f) + r + s * log_f + t * log_f**2 + _ELEVATION_DB_PER_DEG * np.abs(elevation)
    scattered = quantile * (y + z * log_f) + w + x * log_f
    loss = 10 * np.log10(10 ** (direct / 10) + 10 ** (scattered / 10) + 10 ** (_FLOOR_DB / 10))
    return judge(loss, np.nan, [((mhz >= 80) & (mhz <= 100_000), "frequencies outside 80 MHz to 100 GHz")])
