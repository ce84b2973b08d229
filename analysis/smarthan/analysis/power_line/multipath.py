"""The multipath model of a power line: echoes of given gain and length, each weakened by its way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from smarthan.analysis.propagation.path_loss import require

Complexes = npt.NDArray[np.complex128]


def plc_multipath(
    frequency_hz: npt.ArrayLike,
    *,
    gains: npt.ArrayLike,
    lengths_m: npt.ArrayLike,
    a0: float,
    a1: float,
    k: float = 1.0,
    velocity_m_per_s: float = 1.5e8,
) -> Complexes:
    """Return the transfer function of a sum of paths.

    Parameters
    ----------
    frequency_hz : array_like
        Frequencies [Hz], above 0.
    gains, lengths_m : array_like, shape (paths,)
        Weighting factor of each path (its reflections and transmissions) and its length [m].
    a0 : float
        Constant attenuation [1/m].
    a1 : float
        Attenuation that grows with f^k [s^k/m].
    k : float
        Usually .5 to 1.
    velocity_m_per_s : float
        Phase velocity [m/s]; 1.5e8 is unverified against the paper.

    Returns
    -------
    complex array, shape of `frequency_hz`
        H(f); 20 log10 ``|H|`` is the gain [dB].

    Raises
    ------
    ValueError
        No path, gains and lengths of different number, a frequency not above 0, a negative length or attenuation.

    Notes
    -----
    H(f) = sum g_i exp(-(a0 + a1 f^k) d_i) exp(-j 2 pi f d_i / v). The published sets of paths are of outdoor cables:
    wiring in homes needs many more paths.

    References
    ----------
    Zimmermann and Dostert (2002), "A multipath model for the powerline channel", *IEEE Transactions on Communications*
    50(4):553-559, doi:10.1109/26.996069.

    Examples
    --------
    >>> paths = dict(gains=[0.64, 0.38, -0.15, 0.05], lengths_m=[200, 222.4, 244.8, 267.5], a0=0, a1=7.8e-10)
    >>> (20 * np.log10(np.abs(plc_multipath([5e5, 1e7], **paths)))).round(3).tolist()
    [-1.574, -28.086]
    """
    f = np.asarray(frequency_hz, dtype=np.float64)
    g, d = np.atleast_1d(np.asarray(gains, dtype=np.float64)), np.atleast_1d(np.asarray(lengths_m, dtype=np.float64))
    require(np.isfinite(f) & (f > 0), "frequency_hz must be above 0")
    paired = g.ndim == 1 and g.shape == d.shape and g.size > 0
    require(paired, f"{g.size} gains and {d.size} lengths: each path has one of both")
    require(np.isfinite(g) & np.isfinite(d) & (d >= 0), "gains must be finite and lengths_m 0 or more")
    require(a0 >= 0 and a1 >= 0 and velocity_m_per_s > 0, "a0 and a1 must be 0 or more, velocity_m_per_s above 0")
    wave = (a0 + a1 * f**k) + 2j * np.pi * f / velocity_m_per_s
    return np.asarray((g * np.exp(-wave[..., None] * d)).sum(axis=-1))
