"""A made-up terrain over Great Britain: where radio would lie in shadow.

No elevation data ship with this project. Valleys are the zero lines of smooth random fields, which wind and branch as
glens do; they count where the land is known to be high and where few postcodes are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CELL_M = 1_000.0
SHAPE = (1_260, 700)  # km north, km east: holds every location in the reference

# Rough centres of the uplands: easting, northing, radius [km], ruggedness 0 to 1. Assumed, read off a map.
_UPLANDS = (
    (215, 830, 75, 1.0),  # north-west Highlands
    (300, 790, 55, 0.9),  # Cairngorms and Grampians
    (195, 710, 40, 0.85),  # Argyll
    (140, 850, 35, 0.7),  # Skye and the Minch
    (440, 1150, 40, 0.5),  # Shetland
    (300, 610, 45, 0.6),  # Southern Uplands
    (245, 580, 25, 0.6),  # Galloway
    (395, 615, 25, 0.6),  # Cheviot
    (330, 510, 25, 0.9),  # Lake District
    (380, 530, 30, 0.7),  # North Pennines
    (390, 475, 28, 0.7),  # Yorkshire Dales
    (460, 495, 22, 0.5),  # North York Moors
    (412, 380, 25, 0.65),  # Peak District
    (265, 350, 28, 0.95),  # Snowdonia
    (280, 270, 38, 0.85),  # Cambrian Mountains
    (300, 215, 28, 0.7),  # Brecon Beacons and the Valleys
    (335, 290, 22, 0.5),  # Shropshire Hills
    (400, 215, 22, 0.3),  # Cotswolds
    (280, 140, 18, 0.55),  # Exmoor
    (265, 75, 18, 0.5),  # Dartmoor
)
_GLEN_BEARING = 40.0  # [degrees from north] Highland glens run north-east to south-west; assumed for all
_GLEN_STRETCH = 2.0  # how much longer than wide; assumed


def shadow_depth(easting: Floats, northing: Floats, *, rng: np.random.Generator) -> Floats:
    """Return how deep each place lies in radio shadow, on a made-up terrain.

    Parameters
    ----------
    easting, northing : array
        [m], EPSG:27700, one place a postcode: their density tells towns from hills. No missing values.
    rng : Generator
        Draws the terrain; equal draws give equal terrain whatever the places are.

    Returns
    -------
    array of float
        Unitless, larger is deeper; smooth over about 2 km. Only the order and the spacing mean something.

    Notes
    -----
    Synthetic by design. It is a picture of terrain shadow, not a propagation model, and says nothing of a real place.

    Examples
    --------
    >>> places = np.array([250_000.0, 250_000.0]), np.array([800_000.0, 800_010.0])
    >>> near, by = shadow_depth(*places, rng=np.random.default_rng(1))
    >>> bool(abs(near - by) < 0.05)
    True
    """
    from scipy.ndimage import map_coordinates

    remote = _measure_remoteness(easting, northing)
    valleys = _cut_valleys(_draw_noise(rng, 16.0), 0.35) + 0.6 * _cut_valleys(_draw_noise(rng, 7.0), 0.3)
    swell = _draw_noise(rng, 60.0, stretch=1.0)
    rugged = np.clip(0.12 + _raise_uplands() + 0.25 * remote + 0.08 * swell, 0.05, None)
    field = rugged * valleys * (0.35 + remote) + 0.3 * remote + 0.05 * _draw_noise(rng, 3.5, stretch=1.0)
    at = np.stack([northing / CELL_M - 0.5, easting / CELL_M - 0.5])
    return np.asarray(map_coordinates(field, at, order=1, mode="nearest"), dtype=np.float64)


def _draw_noise(rng: np.random.Generator, wavelength_km: float, *, stretch: float = _GLEN_STRETCH) -> Floats:
    """A smooth random field of one wavelength, mean 0, standard deviation 1, drawn out along the glens."""
    white = rng.standard_normal(SHAPE)
    north = np.fft.fftfreq(SHAPE[0])[:, None]
    east = np.fft.rfftfreq(SHAPE[1])[None, :]
    bearing = np.deg2rad(_GLEN_BEARING)
    along = (north * np.cos(bearing) + east * np.sin(bearing)) * stretch
    across = east * np.cos(bearing) - north * np.sin(bearing)
    octaves = np.log2(np.maximum(np.hypot(along, across) * wavelength_km, 1e-6))
    field = np.fft.irfft2(np.fft.rfft2(white) * np.exp(-((octaves / 0.7) ** 2)), s=SHAPE)
    return np.asarray(field / field.std())


def _cut_valleys(noise: Floats, width: float) -> Floats:
    """Near 1 on the zero lines of a field, near 0 away from them."""
    return np.exp(-((noise / width) ** 2))


def _measure_remoteness(easting: Floats, northing: Floats) -> Floats:
    """Return 0 where postcodes are as dense as in a town, 1 where there are next to none, smooth over about 4 km."""
    rows = np.clip((northing / CELL_M).astype(np.int64), 0, SHAPE[0] - 1)
    columns = np.clip((easting / CELL_M).astype(np.int64), 0, SHAPE[1] - 1)
    counts = np.bincount(rows * SHAPE[1] + columns, minlength=SHAPE[0] * SHAPE[1]).reshape(SHAPE).astype(np.float64)
    density = np.maximum(_smooth(counts, 4.0), 1e-3)  # postcodes a square kilometre
    return np.clip((1.3 - np.log10(density)) / 2.6, 0.0, 1.0)  # 20 a square kilometre to 1 in 20; assumed


def _smooth(field: Floats, radius_km: float) -> Floats:
    north = np.fft.fftfreq(SHAPE[0])[:, None]
    east = np.fft.rfftfreq(SHAPE[1])[None, :]
    kernel = np.exp(-2 * (np.pi * radius_km) ** 2 * (north**2 + east**2))
    return np.asarray(np.fft.irfft2(np.fft.rfft2(field) * kernel, s=SHAPE))


def _raise_uplands() -> Floats:
    """Return ruggedness from the table of uplands, 0 in the plains."""
    north = np.arange(SHAPE[0])[:, None] + 0.5
    east = np.arange(SHAPE[1])[None, :] + 0.5
    height = np.zeros(SHAPE)
    for centre_east, centre_north, radius, rugged in _UPLANDS:
        distance = ((east - centre_east) ** 2 + (north - centre_north) ** 2) / radius**2
        np.maximum(height, rugged * np.exp(-distance), out=height)
    return height
