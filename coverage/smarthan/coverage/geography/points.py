"""The distinct points of the live postcodes, and which area owns each of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]

# Eastings in Great Britain have at most six digits, so one number holds both coordinates.
_NORTH = 1_000_000


@dataclass(frozen=True)
class Points:
    """Where the live postcodes stand; several may share a point, and some have none.

    Attributes
    ----------
    postcodes : DataFrame
        `postcode_reference()`.
    """

    postcodes: pd.DataFrame

    @cached_property
    def located(self) -> npt.NDArray[np.bool_]:
        """Which postcodes have a coordinate."""
        return self.postcodes["easting"].notna().to_numpy(dtype=bool)

    @cached_property
    def xy(self) -> npt.NDArray[np.float64]:
        """Easting and northing [m] of each distinct point, from south to north, then west to east."""
        return np.column_stack([self._packed[0] % _NORTH, self._packed[0] // _NORTH]).astype(np.float64)

    @property
    def of_postcode(self) -> Ints:
        """The point of each located postcode: a row of `xy`."""
        return self._packed[1]

    def owners(self, column: str) -> Ints:
        """Return which category of a column owns each point.

        Parameters
        ----------
        column : str
            A category column of the postcodes whose categories stand in alphabetical order, such as "sector".

        Returns
        -------
        int array
            A category code for each point. Of several areas at one point, that with most postcodes there owns it; of
            equals the one that stands at fewer points, which has most need of it; then the first by alphabet.
        """
        codes = self.postcodes[column].cat.codes.to_numpy()[self.located].astype(np.int64)
        pairs, postcodes = np.unique(self.of_postcode * _NORTH + codes, return_counts=True)
        point, code = np.divmod(pairs, _NORTH)
        points = np.bincount(code)[code]
        order = np.lexsort((code, points, -postcodes, point))
        return code[order][np.append(True, np.diff(point) > 0)]

    @cached_property
    def _packed(self) -> tuple[Ints, Ints]:
        east, north = (self.postcodes.loc[self.located, name].to_numpy(np.int64) for name in ("easting", "northing"))
        packed, of_postcode = np.unique(north * _NORTH + east, return_inverse=True)
        return packed, of_postcode
