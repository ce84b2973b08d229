"""The multi-wall model of COST 231: the one whose parameters a trial can estimate."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .path_loss import Floats, PathLoss, as_numbers, judge, require

FREE_SPACE_DB = -27.55  # 20 log10(4 pi / c) for metres and MHz
FLOORS_COVERED = 4  # ours: the term was fitted to few storeys


def free_space_loss(frequency_mhz: npt.ArrayLike, distance_m: npt.ArrayLike) -> PathLoss:
    """Return the loss between two points with nothing between them.

    Parameters
    ----------
    frequency_mhz, distance_m : array_like
        Frequency [MHz] and distance [m], above 0.

    Returns
    -------
    PathLoss
        20 log10 d + 20 log10 f - 27.55 [dB].

    Raises
    ------
    ValueError
        A frequency or distance that is not above 0.

    References
    ----------
    Recommendation ITU-R P.525.

    Examples
    --------
    >>> round(float(free_space_loss(868, 10).loss_db), 2)
    51.22
    """
    f, d = as_numbers(frequency_mhz=frequency_mhz, distance_m=distance_m)
    _require_positive(f, d)
    return judge(20 * np.log10(d) + 20 * np.log10(f) + FREE_SPACE_DB, np.nan, [])


def multi_wall_loss(
    frequency_mhz: npt.ArrayLike,
    distance_m: npt.ArrayLike,
    *,
    walls_light: npt.ArrayLike = 0,
    walls_heavy: npt.ArrayLike = 0,
    floors: npt.ArrayLike = 0,
    light_db: npt.ArrayLike = 3.4,
    heavy_db: npt.ArrayLike = 6.9,
    floor_db: npt.ArrayLike = 18.3,
    b: npt.ArrayLike = 0.46,
    exponent: npt.ArrayLike = 2.0,
    constant_db: npt.ArrayLike = 0.0,
) -> PathLoss:
    """Return the loss through walls and floors by the multi-wall model.

    Parameters
    ----------
    frequency_mhz, distance_m : array_like
        Frequency [MHz] and distance between the ends [m], above 0.
    walls_light, walls_heavy, floors : array_like
        How many light walls (plasterboard, thin), heavy walls (brick, concrete, load-bearing) and floors are crossed.
    light_db, heavy_db, floor_db : array_like
        Loss of one of each [dB]. Published: light 1.9 (900 MHz) and 3.4 (1800 MHz), heavy 6.9 (1800 MHz), floor 14.8
        (900 MHz) and 18.3 (1800 MHz); the defaults are those of 1800 MHz.
    b : array_like
        Bends the floor term. The value that makes its exponent 1 gives Keenan and Motley's model.
    exponent : array_like
        n of the distance term 10 n log10 d; 2 in COST 231.
    constant_db : array_like
        Added loss [dB], as fitted.

    Returns
    -------
    PathLoss
        Valid from 1 m, at 800 to 2500 MHz, through at most 4 floors (the last is our own choice).

    Raises
    ------
    ValueError
        A frequency or distance not above 0, or a count below 0.

    Notes
    -----
    L = 20 log10 f - 27.55 + 10 n log10 d + Lc + Lw1 k1 + Lw2 k2 + Lf k^((k + 2)/(k + 1) - b); no floor, no floor term.

    References
    ----------
    COST 231, *Digital mobile radio towards future generation systems*, as given by Lee (2014), *Integrated Wireless
    Propagation Models*, section 5.5.1.

    Examples
    --------
    >>> loss = multi_wall_loss(868, 8, walls_light=2, floors=1, light_db=1.9, floor_db=14.8)
    >>> round(float(loss.loss_db), 4), bool(loss.valid)
    (67.8822, True)
    """
    f, d, light, heavy, k = as_numbers(
        frequency_mhz=frequency_mhz,
        distance_m=distance_m,
        walls_light=walls_light,
        walls_heavy=walls_heavy,
        floors=floors,
    )
    _require_positive(f, d)
    require((light >= 0) & (heavy >= 0) & (k >= 0), "walls_light, walls_heavy and floors must be 0 or more")
    slope, constant = np.asarray(exponent, dtype=np.float64), np.asarray(constant_db, dtype=np.float64)
    through_walls = np.asarray(light_db) * light + np.asarray(heavy_db) * heavy
    through_floors = np.asarray(floor_db) * floor_factor(k, b)
    loss = 20 * np.log10(f) + FREE_SPACE_DB + 10 * slope * np.log10(d) + constant + through_walls + through_floors
    return judge(
        np.asarray(loss, dtype=np.float64),
        np.nan,
        [
            (d >= 1, "distances below 1 m lie outside the model"),
            ((f >= 800) & (f <= 2500), "frequencies outside 800 to 2500 MHz lie outside the model's measurements"),
            (k <= FLOORS_COVERED, f"more than {FLOORS_COVERED} floors: the floor term is an extrapolation"),
        ],
    )


def floor_factor(floors: npt.ArrayLike, b: npt.ArrayLike = 0.46) -> Floats:
    """Return how many times the loss of one floor several floors cost: k^((k + 2)/(k + 1) - b), 0 for none.

    Examples
    --------
    >>> (18.3 * floor_factor([0, 1, 2, 3, 4])).round(1).tolist()
    [0.0, 18.3, 33.5, 43.6, 51.0]
    """
    k = np.asarray(floors, dtype=np.float64)
    power = (k + 2) / (k + 1) - np.asarray(b, dtype=np.float64)
    return np.where(k > 0, np.maximum(k, 1e-300) ** power, 0.0)


def _require_positive(frequency: Floats, distance: Floats) -> None:
    require(frequency > 0, "frequency_mhz must be above 0; give MHz, not Hz or GHz")
    require(distance > 0, "distance_m must be above 0")
