"""The transfer function of house wiring from its parts: lines, branches and loads in cascade."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from smarthan.analysis.propagation.path_loss import require

Complexes = npt.NDArray[np.complex128]
Floats = npt.NDArray[np.float64]
PerMetre = float | Callable[[Floats], npt.ArrayLike]


class Abcd(NamedTuple):
    """A two-port: V1 = A V2 + B I2, I1 = C V2 + D I2; each an array over frequency."""

    a: Complexes
    b: Complexes
    c: Complexes
    d: Complexes

    def then(self, after: Abcd) -> Abcd:
        """Return this two-port followed by another."""
        return Abcd(
            self.a * after.a + self.b * after.c,
            self.a * after.b + self.b * after.d,
            self.c * after.a + self.d * after.c,
            self.c * after.b + self.d * after.d,
        )


@dataclass(frozen=True)
class Line:
    """A length of cable.

    Attributes
    ----------
    length_m : float
        Length [m].
    r, l, g, c : float or function of frequency [Hz]
        Resistance [ohm/m], inductance [H/m], conductance [S/m] and capacitance [F/m] of the loop.
    """

    length_m: float
    r: PerMetre
    l: PerMetre  # noqa: E741 - the letter that every book uses
    g: PerMetre
    c: PerMetre

    def abcd(self, frequency_hz: Floats) -> Abcd:
        """Return its two-port."""
        characteristic, way = self._wave(frequency_hz)
        return Abcd(np.cosh(way), characteristic * np.sinh(way), np.sinh(way) / characteristic, np.cosh(way))

    def input_impedance(self, frequency_hz: Floats, load_ohm: complex) -> Complexes:
        """Return what stands at its near end when a load stands at the far one [ohm]; infinite is open."""
        characteristic, way = self._wave(frequency_hz)
        if np.isinf(load_ohm):
            return np.asarray(characteristic / np.tanh(way))
        near, far = np.cosh(way), np.sinh(way)  # not their ratio: at a quarter wave that is infinite
        return np.asarray(
            characteristic * (load_ohm * near + characteristic * far) / (characteristic * near + load_ohm * far)
        )

    def _wave(self, frequency_hz: Floats) -> tuple[Complexes, Complexes]:
        """Return the characteristic impedance [ohm] and the propagation constant times the length."""
        require(self.length_m >= 0, f"length_m {self.length_m:g} must be 0 or more")
        r, inductance, g, c = (_at(value, frequency_hz) for value in (self.r, self.l, self.g, self.c))
        require((r >= 0) & (inductance > 0) & (g >= 0) & (c > 0), "r and g must be 0 or more, l and c above 0")
        omega = 2j * np.pi * frequency_hz
        # The root of each factor, not of the product: the product's principal root changes sign beyond 90 degrees.
        series: Complexes = np.sqrt(r + omega * inductance)
        shunt: Complexes = np.sqrt(g + omega * c)
        return series / shunt, series * shunt * self.length_m


@dataclass(frozen=True)
class Branch:
    """A line that leads off, with what stands at its end [ohm]; infinite is an open socket."""

    line: Line
    load_ohm: complex = np.inf

    def abcd(self, frequency_hz: Floats) -> Abcd:
        """Return its two-port: an impedance across the line."""
        return _across(self.line.input_impedance(frequency_hz, self.load_ohm))


@dataclass(frozen=True)
class Shunt:
    """An appliance across the line [ohm]."""

    ohm: complex

    def abcd(self, frequency_hz: Floats) -> Abcd:
        """Return its two-port."""
        require(self.ohm != 0, "a shunt of 0 ohm shorts the line: nothing passes")
        return _across(np.full(frequency_hz.shape, self.ohm, dtype=np.complex128))


Segment = Line | Branch | Shunt


def plc_transfer_function(
    frequency_hz: npt.ArrayLike,
    segments: Sequence[Segment],
    *,
    source_ohm: complex = 50.0,
    load_ohm: complex = 50.0,
    insertion: bool = False,
) -> Complexes:
    """Return the transfer function of a line with branches and loads, from source to load.

    Parameters
    ----------
    frequency_hz : array_like
        Frequencies [Hz], above 0.
    segments : sequence of Line, Branch or Shunt
        In the order from source to load.
    source_ohm, load_ohm : complex
        Impedances at the ends [ohm].
    insertion : bool
        Compare with source and load joined directly: multiplies by (Zs + Zl)/Zl.

    Returns
    -------
    complex array, shape of `frequency_hz`
        Voltage at the load over that of the source; a matched lossless line has ``|H|`` = 1/2.

    Raises
    ------
    ValueError
        No segment, a frequency not above 0, per-metre values without meaning, a shunt or load of 0 ohm.

    Notes
    -----
    Lines have gamma = sqrt((R + jwL)(G + jwC)) and Zc = sqrt((R + jwL)/(G + jwC)); branches and shunts stand across
    the line; the two-ports are multiplied and H = Zl/(A Zl + B + Zs (C Zl + D)).

    References
    ----------
    Ferreira, Lampe, Newbury and Swart (2010), *Power Line Communications*, doi:10.1002/9780470661291, chapter 2.

    Examples
    --------
    >>> cable = Line(20, r=0, l=0.6e-6, g=0, c=60e-12)
    >>> plc_transfer_function(1e6, [cable]).round(6)
    np.complex128(0.288451-0.338592j)
    """
    f = np.asarray(frequency_hz, dtype=np.float64)
    require(np.isfinite(f) & (f > 0), "frequency_hz must be above 0")
    require(len(segments) > 0, "segments: give at least one Line, Branch or Shunt")
    require(load_ohm != 0, "load_ohm must not be 0: nothing can be heard across a short circuit")
    whole = reduce(Abcd.then, (segment.abcd(f) for segment in segments))
    response = load_ohm / (whole.a * load_ohm + whole.b + source_ohm * (whole.c * load_ohm + whole.d))
    return np.asarray(response * (source_ohm + load_ohm) / load_ohm if insertion else response)[()]


def _at(value: PerMetre, frequency_hz: Floats) -> Floats:
    given: Any = value(frequency_hz) if callable(value) else value
    return np.broadcast_to(np.asarray(given, dtype=np.float64), frequency_hz.shape)


def _across(impedance: Complexes) -> Abcd:
    one, none = np.ones_like(impedance), np.zeros_like(impedance)
    return Abcd(one, none, 1 / impedance, one)
