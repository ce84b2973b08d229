"""What only some rows have, spread over all rows of a release: UPRNs, addresses, further information."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from smarthan.coverage.index.locations import Locations

Ints = npt.NDArray[np.int64]


def has(located: Locations, name: str) -> bool:
    """Return whether any row of the release has a UPRN ("uprn"), an address ("address") or information ("info")."""
    return name in located.mapped.arrays


def spread_uprns(located: Locations) -> Ints:
    """Return the UPRN of each row, 0 for none."""
    own = np.zeros(len(located.row_class), dtype=np.int64)
    if has(located, "uprn"):
        own[located.column("uprn_row")] = located.column("uprn")
    return own


def spread_texts(located: Locations, name: str, known: dict[str, int]) -> npt.NDArray[np.int32]:
    """Return the number of each row's text, 0 for none.

    Parameters
    ----------
    located : Locations
    name : str
        address or info.
    known : dict of str to int
        The numbers given so far, from 1; new texts are added, so that one dictionary numbers two releases alike.
    """
    own = np.zeros(len(located.row_class), dtype=np.int32)
    if has(located, name):
        words = [located.mapped.text(name, number) for number in range(len(located.column(f"{name}_end")) - 1)]
        table = np.array([known.setdefault(word, len(known) + 1) for word in words], dtype=np.int32)
        own[located.column(f"{name}_row")] = table[located.column(name)]
    return own
