"""Within which limits each option's total lies, for one set of weights, when the scores are drawn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.scoring.values import Floats

from .draws import DrawModel, stream_chunks, total_by_set

if TYPE_CHECKING:
    from .runs import Simulation

_MOST_DRAWS = 32_768  # assumed: keeps the 5 and 95 % points to about 0.05 points, and 12 options in 3 MB
LEVELS = (0.05, 0.95)


def total_limits(simulation: Simulation, weights: Floats) -> pd.DataFrame:
    """Return the 5 and 95 % points of each option's total when it passes its gates, and its mean.

    Parameters
    ----------
    simulation : Simulation
        Its first 32,768 draws of scores are used.
    weights : ndarray of float, shape (criteria,)
        Adding to 1.

    Returns
    -------
    DataFrame
        option, mean, low, high [points].
    """
    draws = min(simulation.draws, _MOST_DRAWS)
    work = partial(_total, simulation.model, weights, simulation.seed)
    totals = np.concatenate(list(stream_chunks(draws, simulation.threads, work)), axis=1)
    low, high = np.quantile(totals, LEVELS, axis=1)
    return simulation.label({"option": simulation.options, "mean": totals.mean(axis=1), "low": low, "high": high})


def _total(model: DrawModel, weights: Floats, seed: int, chunk: int, size: int) -> Floats:
    totals, _ = total_by_set(model, seed, chunk, weights[None, :])
    return np.asarray(totals[0, :, :size])
