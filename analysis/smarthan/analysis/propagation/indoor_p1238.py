"""Indoor loss by Recommendation ITU-R P.1238, which needs no floor plan: editions to -8, and -11."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .path_loss import Floats, PathLoss, as_numbers, judge, require

EDITIONS = ("8", "11")


class _Row(NamedTuple):
    """N and floor losses of one environment; `floors` holds the loss of 1, 2 and 3 floors or (first, each further)."""

    slope: float
    first: float | None = None
    further: float = 0.0
    listed: tuple[float, ...] = ()
    verified: bool = True


# P.1238 to edition 8 as tabled by Wikipedia, "ITU model for indoor attenuation"; the row of 1.8 to 2 GHz also in
# nsnam/ns-3-dev-git, itu-r-1238-propagation-loss-model.cc. The row of 2.4 GHz is unverified.
_BANDS: dict[str, tuple[float, float, dict[str, _Row]]] = {
    "900 MHz": (900, 900, {"office": _Row(33, listed=(9, 19, 24)), "commercial": _Row(20)}),
    "1.2-1.3 GHz": (1200, 1300, {"office": _Row(32), "commercial": _Row(22)}),
    "1.8-2 GHz": (
        1800,
        2000,
        {"residential": _Row(28, 4, 4), "office": _Row(30, 15, 4), "commercial": _Row(22, 6, 3)},
    ),
    "2.4 GHz": (
        2400,
        2400,
        {"residential": _Row(28, listed=(10,), verified=False), "office": _Row(30, listed=(14,), verified=False)},
    ),
    "4 GHz": (4000, 4000, {"office": _Row(28), "commercial": _Row(22)}),
    "5.2 GHz": (5200, 5200, {"residential": _Row(30), "office": _Row(31, listed=(16,))}),
}
BANDS = tuple(_BANDS)


class _Site(NamedTuple):
    """Coefficients and ranges of one environment of edition 11: a, b, g, sigma; MHz; metres."""

    a: float
    b: float
    g: float
    sigma: float
    f_low: float
    f_high: float
    d_low: float
    d_high: float


_SITES = {
    "office_los": _Site(1.46, 34.62, 2.03, 3.76, 300, 83500, 2, 27),
    "office_nlos": _Site(2.46, 29.53, 2.38, 5.04, 300, 82000, 4, 30),
    "corridor_los": _Site(1.63, 28.12, 2.25, 4.07, 300, 83500, 2, 160),
    "corridor_nlos": _Site(2.77, 29.27, 2.48, 7.63, 625, 83500, 4, 94),
    "industrial_los": _Site(2.31, 24.52, 2.06, 2.69, 625, 70280, 2, 101),
    "industrial_nlos": _Site(3.79, 21.01, 1.34, 9.05, 625, 70280, 5, 108),
}
ENVIRONMENTS = {"8": ("residential", "office", "commercial"), "11": tuple(_SITES)}


def indoor_loss_p1238(
    frequency_mhz: npt.ArrayLike,
    distance_m: npt.ArrayLike,
    *,
    environment: str,
    floors: npt.ArrayLike = 0,
    edition: str = "8",
    band: str | None = None,
) -> PathLoss:
    """Return indoor loss by the site-general model of ITU-R P.1238.

    Parameters
    ----------
    frequency_mhz, distance_m : array_like
        Frequency [MHz] (also for edition 11, whose formula is in GHz) and distance [m], above 0.
    environment : str
        residential, office or commercial for edition "8"; office_los, office_nlos, corridor_los, corridor_nlos,
        industrial_los or industrial_nlos for "11", which has no residential row.
    floors : array_like
        Whole floors between the ends, 0 or more; edition "11" knows none.
    edition : {"8", "11"}
        The form of the editions to -8, or that of -11.
    band : str, optional
        Row of edition "8": 900 MHz, 1.2-1.3 GHz, 1.8-2 GHz, 2.4 GHz, 4 GHz, 5.2 GHz. By default, for each link, the
        nearest that has the environment.

    Returns
    -------
    PathLoss
        Not valid: a row more than 10 % away in frequency, a row that is unverified (2.4 GHz), floors beyond those
        listed, 1 m and less, or for "11" outside the listed frequencies and distances. `sigma_db` for "11" only.

    Raises
    ------
    ValueError
        An unknown edition, environment or band, floors that are not whole or that the edition does not know.

    Notes
    -----
    "8": L = 20 log10 f_MHz + N log10 d + Lf(n) - 28. There is no residential row at 900 MHz: residential at 868 MHz
    takes the row of 1.8 to 2 GHz and is flagged. "11": L = 10 a log10 d + b + 10 g log10 f_GHz, shadowing N(0, sigma).

    References
    ----------
    Recommendations ITU-R P.1238-8 and P.1238-11.

    Examples
    --------
    >>> loss = indoor_loss_p1238(2400, 12, environment="office_nlos", edition="11")
    >>> round(float(loss.loss_db), 4), bool(loss.valid)
    (65.1269, True)
    >>> indoor_loss_p1238(868, 10, environment="residential", floors=1).notes
    ('the nearest row of the table lies more than 10 % away in frequency',)
    """
    require(edition in EDITIONS, f"edition '{edition}' is not one of {', '.join(EDITIONS)}")
    known = ENVIRONMENTS[edition]
    require(environment in known, f"environment '{environment}' is not one of {', '.join(known)} (edition {edition})")
    f, d, n = as_numbers(frequency_mhz=frequency_mhz, distance_m=distance_m, floors=floors)
    require(f > 0, "frequency_mhz must be above 0; give MHz, not Hz or GHz")
    require(d > 0, "distance_m must be above 0")
    require((n >= 0) & (n == np.round(n)), "floors must be whole numbers, 0 or more")
    if edition == "11":
        require(n == 0, "floors: edition 11 has no floor term; take multi_wall_loss or edition 8")
        require(band is None, "band: edition 11 has one formula for all frequencies; leave it out")
        return _by_site(_SITES[environment], f, d)
    return _by_row(environment, f, d, n, band)


def _by_site(site: _Site, f: Floats, d: Floats) -> PathLoss:
    loss = 10 * site.a * np.log10(d) + site.b + 10 * site.g * np.log10(f / 1000)
    return judge(
        loss,
        site.sigma,
        [
            ((f >= site.f_low) & (f <= site.f_high), f"frequencies outside {site.f_low:g} to {site.f_high:g} MHz"),
            ((d >= site.d_low) & (d <= site.d_high), f"distances outside {site.d_low:g} to {site.d_high:g} m"),
        ],
    )


def _by_row(environment: str, f: Floats, d: Floats, n: Floats, band: str | None) -> PathLoss:
    names = [name for name, (_, _, rows) in _BANDS.items() if environment in rows]
    plain = {_plain(name): name for name in names}
    require(
        band is None or _plain(band) in plain,
        f"band '{band}' has no row for {environment}; those that do: {', '.join(names)}",
    )
    away = np.stack([_distance(f, *_BANDS[name][:2]) for name in names])
    chosen = away.argmin(axis=0) if band is None else np.full(f.shape, names.index(plain[_plain(band)]))
    loss, listed, verified = np.empty(f.shape), np.ones(f.shape, dtype=bool), np.ones(f.shape, dtype=bool)
    for at, name in enumerate(names):
        here = chosen == at
        row = _BANDS[name][2][environment]
        through, known = _floor_loss(row, n[here])
        loss[here] = 20 * np.log10(f[here]) + row.slope * np.log10(d[here]) + through - 28
        listed[here], verified[here] = known, row.verified
    near = np.take_along_axis(away, chosen[None], axis=0)[0] <= 0.1
    return judge(
        loss,
        np.nan,
        [
            (near, "the nearest row of the table lies more than 10 % away in frequency"),
            (verified, "the row of 2.4 GHz is unverified"),
            (listed, "the table lists no loss for so many floors: the last one listed, or none, was taken"),
            (d > 1, "distances of 1 m and less lie outside the model"),
        ],
    )


def _plain(band: str) -> str:
    """Return a band's name without blanks and GHz, which people write in several ways."""
    return band.casefold().replace(" ", "").removesuffix("ghz")


def _distance(f: Floats, low: float, high: float) -> Floats:
    """Return how far frequencies lie from a band, as a share of its nearer edge."""
    return np.where(f < low, (low - f) / low, np.where(f > high, (f - high) / high, 0.0))


def _floor_loss(row: _Row, n: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the loss through n floors, and whether the table has it."""
    if row.first is not None:
        return np.where(n > 0, row.first + row.further * (n - 1), 0.0), n <= 3
    table = np.array([0.0, *row.listed])
    return table[np.minimum(n, len(row.listed)).astype(np.int64)], n <= len(row.listed)
