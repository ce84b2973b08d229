"""What a release holds in each sector and each outward code, summed once for all of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from smarthan.coverage.index.locations import Ints, Locations
from smarthan.coverage.lookup.states import STATES
from smarthan.coverage.postcodes.addressing import UNITS, outward_cell, sector_number


class PartSums:
    """Postcodes and weight by state of every sector and outward code of a release on a day.

    Locations whose only rows are of no region count as postcodes and have no weight, as in a roll-up.
    """

    def __init__(self, located: Locations) -> None:
        self._arrays = located.mapped.arrays
        here = slice(0, located.n_postcodes)
        sector = np.flatnonzero(located.column("unit")) // UNITS
        used = (located.region_bits[here] & ~np.uint8(located.no_region_bits)) > 0
        weight = located.weight_by_state[here]
        size = int(located.column("sector_id").max(initial=0)) + 1
        of_outward = located.column("sector_id").reshape(-1, 10)
        self._postcodes = np.bincount(sector, minlength=size)
        sums = [np.bincount(sector[used], weight[used, k], minlength=size) for k in range(len(STATES))]
        self._weight = np.stack(sums, axis=1)
        self._outward_postcodes = self._postcodes[of_outward].sum(axis=1)
        self._outward_weight = self._weight[of_outward].sum(axis=1)

    def sum_parts(self, parts: list[str]) -> tuple[Ints, npt.NDArray[np.float64]]:
        """Return the postcodes, and the weight by state, of outward codes and sectors; 0 where the release has none."""
        outward_id, sector_id = self._arrays["outward_id"], self._arrays["sector_id"]
        is_sector = np.array([" " in part for part in parts], dtype=bool)
        number = np.array(
            [
                sector_number(outward_id, sector_id, part) if " " in part else outward_id[outward_cell(part)]
                for part in parts
            ],
            dtype=np.int64,
        )
        sector, outward = np.where(is_sector, number, 0), np.where(is_sector, 0, number)
        postcodes = np.where(is_sector, self._postcodes[sector], self._outward_postcodes[outward])
        weight = np.where(is_sector[:, None], self._weight[sector], self._outward_weight[outward])
        return postcodes, weight


def part_sums(located: Locations) -> PartSums:
    """Return the sums of a release on a day, worked out once."""
    kept: PartSums | None = located.__dict__.get("_part_sums")
    if kept is None:
        kept = located.__dict__["_part_sums"] = PartSums(located)
    return kept
