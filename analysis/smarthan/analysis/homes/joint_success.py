"""Which technologies reach the same homes: the share of each combination of success and failure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from .home_reach import Reach
from .home_weights import weigh_homes
from .reach_rows import ALL, select_homes
from .reach_steps import check_order

MOST_TECHNOLOGIES = 4  # 16 combinations: more are not read


def joint_reach(reach: Reach, technologies: Sequence[str], *, level: float = 0.95) -> pd.DataFrame:
    """Return the share of premises reached by each combination of some technologies, all of them first, none last.

    Parameters
    ----------
    reach : Reach
        From `reach`.
    technologies : sequence of str
        1 to 4 of them.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        pattern (one character a technology, 1 reached, 0 not), one boolean column a technology, share (adds to 1 over
        the rows), lower, upper, method, premises, n, n_psu, homes (of the sample with that pattern). National, over
        the stock that some home stands for. `attrs["undetermined"]` counts the homes that answered and were not
        measured with all of them; the others of their stratum stand for them.

    Raises
    ------
    ValueError
        A technology that the reach does not hold, one stated twice, more than 4, or no home measured with all.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> from smarthan.analysis import housing_stock, reach
    >>> joint = joint_reach(reach(sample_trial(), housing_stock(), ["zigbee_2g4", "nb_plc"]), ["zigbee_2g4", "nb_plc"])
    >>> joint["pattern"].tolist(), round(float(joint["share"].sum()), 9)
    (['11', '10', '01', '00'], 1.0)
    """
    names = list(technologies)
    known = _find_measured(reach, names)
    homes = reach.sample.homes
    own = homes[names].eq(True).fillna(False).astype("int8").astype("str").agg("".join, axis=1)
    patterns = ["".join(marks) for marks in product("10", repeat=len(names))]
    flagged = homes.assign(**{_flag(pattern): own.eq(pattern) for pattern in patterns})
    design = weigh_homes(replace(reach.sample, homes=flagged), known, adjust=reach.adjust == "poststratify")
    national = select_homes(homes, ALL, ALL)
    size = float(design.weights.to_numpy()[national[known]].sum())
    rows = []
    for pattern in patterns:
        share = design.domain(national[known]).proportion(_flag(pattern))
        lower, upper = share.interval(level)
        rows.append(
            {
                "pattern": pattern,
                **{name: mark == "1" for name, mark in zip(names, pattern, strict=True)},
                "share": share.value,
                "lower": lower,
                "upper": upper,
                "method": "none" if np.isnan(lower) else share.method,
                "premises": share.value * size,
                "n": share.n,
                "n_psu": share.n_psu,
                "homes": int((known & national & own.eq(pattern).to_numpy()).sum()),
            }
        )
    answer = pd.DataFrame(rows)
    answer.attrs.update(synthetic=reach.synthetic, undetermined=int((homes["responded"] & ~known).sum()))
    return answer


def _find_measured(reach: Reach, names: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return which homes were measured with all of some technologies."""
    check_order(reach, names, what="technologies")
    if len(names) > MOST_TECHNOLOGIES:
        many = 2 ** len(names)
        raise ValueError(f"technologies: {len(names)} make {many} combinations; give {MOST_TECHNOLOGIES} or fewer")
    known = reach.sample.homes[list(names)].notna().all(axis=1).to_numpy(dtype=bool)
    if not known.any():
        raise ValueError(f"no home has a known outcome for {', '.join(names)}; measure them in the same homes")
    return np.asarray(known)


def _flag(pattern: str) -> str:
    return f"(pattern {pattern})"
