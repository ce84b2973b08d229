"""The smallest shortlist that loses little, whoever's weights turn out to be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.record.displays import Display, Displayed, mark_table

from .regret_sums import RegretSums, Subset, sum_regrets

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal

    from .runs import Simulation

_SURELY = 0.99  # candidate-scoring rules, section 4: above in this share of draws, for all weight sets


@dataclass(frozen=True, repr=False)
class Shortlist(Displayed):
    """A shortlist and how it was found.

    Attributes
    ----------
    options : tuple of str
        The smallest list that meets `max_regret` for every weight set (ties: least worst regret); where none does,
        the list of least worst regret within `max_size`.
    meets : bool
        Whether it meets `max_regret`.
    worst_regret, se : float [points]
        What is lost on average by choosing from the list only, for the weight set that loses most.
    max_regret : float [points]
    max_size : int
    table : DataFrame
        Every list looked at: options, size, worst_regret, se, worst_set, least_chance (that the best is in it),
        meets; by size, then worst regret.
    by_set : DataFrame
        The chosen list under each weight set: weight_set, regret, se, chance.
    dominated : DataFrame
        Options left out because another is above them in 99 % of the draws for all weight sets: option, over, share.
    """

    options: tuple[str, ...]
    meets: bool
    worst_regret: float
    se: float
    max_regret: float
    max_size: int
    table: pd.DataFrame
    by_set: pd.DataFrame
    dominated: pd.DataFrame

    def display(self) -> Display:
        """Return the list and its regret by weight set, for a notebook or a terminal."""
        word = "meets" if self.meets else "does not meet"
        regret = f"worst regret {self.worst_regret:.2f} points, which {word} {self.max_regret:g}"
        table = mark_table(self.by_set, "Regret by weight set", decimals=3)
        synthetic = bool(self.table.attrs.get("synthetic"))
        return Display(f"Shortlist {', '.join(self.options)}: {regret}", [table], synthetic=synthetic)


def find_shortlist(simulation: Simulation, max_regret: float | None, max_size: int | None) -> Shortlist:
    """Find the shortlist of a simulation; see `Simulation.shortlist`."""
    regret, size = _read_limits(simulation.appraisal, max_regret, max_size)
    alone = regret_sums_of(simulation, 1)
    beaten = _find_beaten(alone)
    among = tuple(place for place in range(len(simulation.options)) if place not in beaten)
    size = min(size, len(among))
    sums = alone if size == 1 else regret_sums_of(simulation, size, among)
    kept = [place for place, subset in enumerate(sums.subsets) if not beaten.keys() & set(subset)]
    table = _tabulate(simulation, sums, kept, regret)
    chosen = _choose(table)
    column = kept[int(table["place"].iloc[chosen])]
    row = table.iloc[chosen]
    return Shortlist(
        options=tuple(simulation.options[place] for place in sums.subsets[column]),
        meets=bool(row["meets"]),
        worst_regret=float(row["worst_regret"]),
        se=float(row["se"]),
        max_regret=regret,
        max_size=size,
        table=table.drop(columns="place"),
        by_set=_tabulate_sets(simulation, sums, column),
        dominated=_tabulate_beaten(simulation, alone, beaten),
    )


def regret_sums_of(simulation: Simulation, largest: int, among: Subset | None = None) -> RegretSums:
    """Return the regret sums of a simulation for its stated weight sets; the pass over the draws is made once.

    Raises
    ------
    ValueError
        When there is no stated weight set to judge by, or there would be too many shortlists.
    """
    if not len(simulation.source.sets):
        raise ValueError("no weight set states single weights, and regret is judged set by set; add one to weights.csv")
    found = simulation.regrets.get((largest, among))
    if found is None:
        found = simulation.regrets[largest, among] = sum_regrets(
            simulation.model,
            simulation.source.sets,
            largest=largest,
            among=among,
            draws=simulation.draws,
            seed=simulation.seed,
            threads=simulation.threads,
        )
    return found


def _read_limits(appraisal: Appraisal, max_regret: float | None, max_size: int | None) -> tuple[float, int]:
    regret = appraisal.max_regret if max_regret is None else max_regret
    size = appraisal.max_shortlist if max_size is None else max_size
    if regret is None or size is None:
        absent = "max_regret" if regret is None else "max_shortlist"
        raise ValueError(f"{appraisal.id} states no {absent}; add it to appraisal.toml or give it here")
    if not np.isfinite(regret) or regret < 0 or size < 1:
        raise ValueError(f"max_regret is {regret}, max_size {size}; they must be 0 or more and 1 or more")
    return float(regret), int(size)


def _find_beaten(sums: RegretSums) -> dict[int, int]:
    """Return options that another is almost surely above, and that other; never both of a pair."""
    share = sums.above / sums.draws
    return {int(b): int(share[:, b].argmax()) for b in np.flatnonzero(share.max(axis=0) >= _SURELY)}


def _tabulate(simulation: Simulation, sums: RegretSums, kept: list[int], limit: float) -> pd.DataFrame:
    mean, error = sums.mean()[:, kept], sums.error()[:, kept]
    worst = mean.argmax(axis=0)
    places = np.arange(len(kept))
    frame = pd.DataFrame(
        {
            "options": [_name(simulation, sums.subsets[place]) for place in kept],
            "size": [len(sums.subsets[place]) for place in kept],
            "worst_regret": mean[worst, places],
            "se": error[worst, places],
            "worst_set": [simulation.source.set_names[row] for row in worst],
            "least_chance": (sums.hits[:, kept] / sums.draws).min(axis=0),
            "meets": mean[worst, places] <= limit,
            "place": places,
        }
    ).astype({"options": "str", "worst_set": "str"})
    frame = frame.sort_values(["size", "worst_regret"], kind="stable", ignore_index=True)
    return simulation.appraisal.stamp(frame)


def _name(simulation: Simulation, subset: Subset) -> str:
    return ", ".join(simulation.options[place] for place in subset)


def _choose(table: pd.DataFrame) -> int:
    meets = np.flatnonzero(table["meets"].to_numpy(dtype=bool))
    return int(meets[0]) if len(meets) else int(table["worst_regret"].to_numpy().argmin())


def _tabulate_sets(simulation: Simulation, sums: RegretSums, column: int) -> pd.DataFrame:
    return simulation.label(
        {
            "weight_set": list(simulation.source.set_names),
            "regret": sums.mean()[:, column],
            "se": sums.error()[:, column],
            "chance": sums.hits[:, column] / sums.draws,
        }
    )


def _tabulate_beaten(simulation: Simulation, sums: RegretSums, beaten: dict[int, int]) -> pd.DataFrame:
    names = simulation.options
    share = [sums.above[over, under] / sums.draws for under, over in beaten.items()]
    columns = {"option": [names[under] for under in beaten], "over": [names[over] for over in beaten.values()]}
    return simulation.label({**columns, "share": share})
