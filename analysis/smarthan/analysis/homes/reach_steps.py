"""What each further technology adds: the share of homes newly reached, and those still without."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from .home_reach import Reach
from .home_weights import HomeSample, weigh_homes
from .reach_rows import ALL, select_homes

RESIDUAL = "residual"


def marginal_reach(reach: Reach, order: Sequence[str], *, level: float = 0.95) -> pd.DataFrame:
    """Return the share of premises that each technology reaches and none before it did; the residual last.

    Parameters
    ----------
    reach : Reach
        From `reach`.
    order : sequence of str
        Technologies in the order in which they would be offered.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        step, technology, share (adds to 1 over the rows), lower, upper, method, cumulative, premises, n, n_psu.
        National, over the stock that some home stands for. `attrs["undetermined"]` counts the homes that answered but
        whose step cannot be known (an earlier technology was not measured); the others of their stratum stand for them.

    Raises
    ------
    ValueError
        A technology that the reach does not hold, one stated twice, or no home whose step is known.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> from smarthan.analysis import housing_stock, reach
    >>> steps = marginal_reach(reach(sample_trial(), housing_stock()), ["zigbee_2g4", "zigbee_sub"])
    >>> steps["technology"].tolist(), round(float(steps["share"].sum()), 9)
    (['zigbee_2g4', 'zigbee_sub', 'residual'], 1.0)
    """
    check_order(reach, order)
    steps = [*order, RESIDUAL]
    step = _find_step(reach.sample.homes, order)
    known = step >= 0
    if not known.any():
        raise ValueError(f"no home has a known outcome for {', '.join(order)}; measure them in the same homes")
    homes = reach.sample.homes.assign(**{_flag(i): step == i for i in range(len(steps))})
    sample = HomeSample(homes, reach.sample.strata_premises, reach.sample.stock_premises, reach.sample.missing_premises)
    design = weigh_homes(sample, known, adjust=reach.adjust == "poststratify")
    national = select_homes(homes[known], ALL, ALL)
    size = float(design.weights.to_numpy()[national].sum())
    rows = []
    for i, name in enumerate(steps):
        share = design.domain(national).proportion(_flag(i))
        lower, upper = share.interval(level)
        method = "none" if np.isnan(lower) else share.method
        rows.append((i + 1, name, share.value, lower, upper, method, share.value * size, share.n, share.n_psu))
    columns = ["step", "technology", "share", "lower", "upper", "method", "premises", "n", "n_psu"]
    answer = pd.DataFrame(rows, columns=columns)
    answer.insert(6, "cumulative", answer["share"].cumsum().where(answer["technology"] != RESIDUAL, 1.0))
    answer.attrs.update(synthetic=reach.synthetic, undetermined=int((homes["responded"] & ~known).sum()))
    return answer


def _flag(step: int) -> str:
    return f"(step {step})"


def check_order(reach: Reach, order: Sequence[str], *, what: str = "order") -> None:
    """Refuse technologies that a reach does not hold, none, or one that stands twice.

    Raises
    ------
    ValueError
        Naming the argument `what` and what the reach holds.
    """
    unknown = [name for name in order if name not in reach.technologies]
    if unknown or not order:
        found = f"'{unknown[0]}' is not one of them" if unknown else "none was given"
        raise ValueError(f"{what}: {found}; the reach holds {', '.join(reach.technologies)}")
    if len(set(order)) < len(order):
        raise ValueError(f"{what}: a technology stands twice; name each once")


def _find_step(homes: pd.DataFrame, order: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the first technology that reaches each home, their number if none does, -1 where that is unknown."""
    step = np.full(len(homes), len(order), dtype=np.int64)
    for i in reversed(range(len(order))):
        outcome = homes[order[i]]
        step[outcome.eq(True).fillna(False).to_numpy(dtype=bool)] = i
        step[outcome.isna().to_numpy()] = -1
    return step
